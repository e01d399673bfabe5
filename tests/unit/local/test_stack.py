"""What a kept stack must have been made from, and what is said of one that cannot be used."""

import contextlib
import shutil
from pathlib import Path

import botocore.session
import pytest
from chorale_local import stack
from chorale_local.places import ROOT, TEMPLATE, SetUpError


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the templates and of what they refer to, the code excepted."""
    shutil.copytree(ROOT / "infra", tmp_path / "infra", ignore=shutil.ignore_patterns("local", "__pycache__"))
    shutil.copy(ROOT / "template.yaml", tmp_path)
    monkeypatch.setattr(stack, "ROOT", tmp_path)
    monkeypatch.setattr(stack, "TEMPLATE", tmp_path / "template.yaml")
    return tmp_path


@pytest.mark.parametrize(
    "changed",
    [
        "template.yaml",
        "infra/data.yaml",
        "infra/capabilities/webhooks.yaml",
        "infra/api/gateway.yaml",
        "infra/workflows/works.asl.yaml",
    ],
)
def test_a_changed_template_definition_of_routes_or_state_machine_is_another_infrastructure(project, changed):
    before = stack.infrastructure()
    with (project / changed).open("a", encoding="utf-8") as file:
        file.write("# changed\n")

    assert stack.infrastructure() != before


def test_other_parameters_are_another_infrastructure(project, monkeypatch):
    before = stack.infrastructure()
    monkeypatch.setitem(stack.PARAMETERS, "CallsPerMinute", "7")

    assert stack.infrastructure() != before


def test_a_page_beside_the_templates_is_no_infrastructure(project):
    before = stack.infrastructure()
    (project / "infra" / "decisions.md").write_text("changed", encoding="utf-8")

    assert stack.infrastructure() == before


def test_every_function_is_named_after_its_folder_which_is_how_changed_code_finds_it():
    functions = {
        Path(function["Properties"]["CodeUri"]).name: function["Properties"]["FunctionName"]["Fn::Sub"]
        for template in (TEMPLATE, *(ROOT / "infra" / "capabilities").glob("*.yaml"))
        for function in stack.read_template(template)["Resources"].values()
        if function["Type"] == "AWS::Serverless::Function"
    }

    assert functions
    for folder, name in functions.items():
        assert name.split("}-")[1] == folder.replace("_", "-")


@pytest.mark.parametrize("status", ["UPDATE_ROLLBACK_FAILED", "CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE"])
def test_a_stack_that_an_earlier_start_left_broken_is_said_with_the_way_out(status):
    with pytest.raises(SetUpError, match=f"left the stack {status}.*make reset"):
        stack.demand_whole(status)


def test_a_whole_stack_is_used_and_no_other_of_all_that_cloudformation_knows():
    known = botocore.session.get_session().get_service_model("cloudformation").shape_for("StackStatus").enum
    used = set()
    for status in known:
        with contextlib.suppress(SetUpError):
            stack.demand_whole(status)
            used.add(status)

    assert used == {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
