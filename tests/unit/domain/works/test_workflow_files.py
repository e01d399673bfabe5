"""The state machines say what the tables say: each kind of task waits in its machine, with a limit and a way out."""

from pathlib import Path

import pytest
from chorale.domain.works.chain import Chain
from chorale.domain.works.tasks import TaskKind

from . import workflow_files
from .workflow_files import FILES, definition, kinds_of, text

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("chain", Chain)
def test_the_file_is_the_one_that_the_tables_make(chain: Chain) -> None:
    written = (ROOT / workflow_files.FOLDER / FILES[chain]).read_text(encoding="utf-8")
    assert written == text(chain), "run python -m tests.unit.domain.works.workflow_files"


def test_every_kind_of_task_has_its_states() -> None:
    assert {kind for chain in Chain for kind in kinds_of(chain)} == set(TaskKind)


@pytest.mark.parametrize("chain", Chain)
def test_no_wait_is_without_a_limit_and_a_way_out(chain: Chain) -> None:
    states = definition(chain)["States"]
    waits = {name: state for name, state in states.items() if "waitForTaskToken" in state.get("Resource", "")}
    assert set(waits) == {f"Wait_{kind.value}" for kind in kinds_of(chain)}
    for name, wait in waits.items():
        assert wait["TimeoutSecondsPath"] == "$.wait.seconds"
        caught = {error for way in wait["Catch"] for error in way["ErrorEquals"]}
        assert {"States.Timeout", "DynamoDb.ConditionalCheckFailedException"} <= caught
        assert {way["Next"] for way in wait["Catch"]} == {name.replace("Wait", "Settle")}


@pytest.mark.parametrize("chain", Chain)
def test_every_state_can_be_reached_and_ends(chain: Chain) -> None:
    machine = definition(chain)
    states, seen, todo = machine["States"], set(), [machine["StartAt"]]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        state = states[name]
        todo += [state[key] for key in ("Next", "Default") if key in state]
        todo += [choice["Next"] for choice in state.get("Choices", ())]
    assert seen == set(states)
