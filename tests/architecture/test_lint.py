"""What will be deployed is checked before it is: the translated templates by cfn-lint, state machines by statelint."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from cfnlint.api import lint
from statelint.linter import Linter  # type: ignore[import-untyped]

from tests.architecture.cloudformation import ROOT, of_type, stack_of, stacks, template_files
from tests.architecture.translation import translated

TEMPLATES = template_files()
WORKFLOWS = sorted((ROOT / "infra" / "workflows").glob("*.asl.*"))
every_template = pytest.mark.parametrize("path", TEMPLATES, ids=[path.name for path in TEMPLATES])


def findings(template: str) -> list[str]:
    """What cfn-lint says, errors and warnings, for the region of samconfig.toml."""
    return [f"{match.rule.id} {match.message} at {match.path}" for match in lint(template, regions=["eu-west-3"])]


@every_template
def test_the_template_as_written_is_sound(path: Path) -> None:
    assert findings(path.read_text(encoding="utf-8")) == []


@every_template
def test_the_template_as_deployed_is_sound(path: Path) -> None:
    assert findings(json.dumps(translated(path), default=str)) == []


@pytest.mark.parametrize(
    ("stack", "break_it", "rule"),
    [
        ("Deposits", lambda resources: resources["FluxIntegrateFunction"]["Properties"].update(Timeout=1500), "E3717"),
        ("Works", lambda resources: resources["ApiWorksFunction"]["Properties"].update(MemorySize=99999), "E3034"),
        ("", lambda resources: resources["Api"]["Properties"].update(NoSuchThing=1), "E3002"),
        ("", lambda resources: resources.pop("Documentation"), "E1019"),
    ],
)
def test_the_linter_sees_what_is_wrong_in_a_translated_template(stack: str, break_it: Any, rule: str) -> None:
    template = translated(dict(zip(stacks(), TEMPLATES, strict=True))[stack])
    break_it(template["Resources"])
    assert any(found.startswith(rule) for found in findings(json.dumps(template, default=str)))


def statelint(definition: dict[str, Any]) -> list[str]:
    """What statelint says of a state machine."""
    said: list[str] = Linter.validate(definition)
    return said


def test_every_workflow_passes_statelint() -> None:
    said = {path.name: statelint(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in WORKFLOWS}
    assert {name: problems for name, problems in said.items() if problems} == {}


def test_statelint_sees_a_state_that_leads_nowhere() -> None:
    assert statelint({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}})


def test_every_workflow_is_deployed_and_every_deployed_one_is_a_workflow_file() -> None:
    folders = dict(zip(stacks(), (path.parent for path in TEMPLATES), strict=True))
    used = {
        (folders[stack_of(name)] / machine["Properties"]["DefinitionUri"]).resolve()
        for name, machine in of_type("AWS::Serverless::StateMachine").items()
    }
    assert used == set(WORKFLOWS)
