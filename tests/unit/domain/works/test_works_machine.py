"""The state machine says what the chain's tables say: a unit for each actor, a branch for each answer, nothing else."""

import re

import pytest
from chorale.domain.works.actors import ChainActor, actor_of
from chorale.domain.works.chain import Addressee, steps_of
from chorale.domain.works.owed import OWED, Owed
from chorale.domain.works.paper_acts import PaperPart
from chorale.domain.works.tasks import TaskKind
from chorale.usecases.works.run_machine import AT_PAYER, END, HAND_OVER

from tests.works_machine import CHANGED, DEFINITION, OTHER_WAYS, ROUTE, TIMEOUT, UNITS, Unit, definition, ways

MOST_LINES = 400


def actors_who_owe(row: Owed) -> set[ChainActor]:
    """Whose turn it may be by a row of the table."""
    return {actor_of(part, step) for frame in row.frames for step in steps_of(frame) for part in row.owners}


def test_every_actor_who_can_owe_something_has_a_unit_and_nobody_else_has() -> None:
    assert set().union(*map(actors_who_owe, OWED)) == set(ChainActor) == set(UNITS)
    waits = {name for name, state in definition()["States"].items() if "waitForTaskToken" in state.get("Resource", "")}
    assert waits == {unit.wait for unit in UNITS.values()}


def test_the_branches_are_the_actors_in_the_order_of_the_chain_then_the_ends() -> None:
    route = definition()["States"][ROUTE]
    assert [(branch["StringEquals"], branch["Next"]) for branch in route["Choices"]] == [
        *((actor.value, UNITS[actor].open) for actor in ChainActor),
        (AT_PAYER, "Service financier"),
        (HAND_OVER, "Hand over"),
    ]
    assert {branch["Variable"] for branch in route["Choices"]} == {"$.step.next"}
    assert route["Default"] == "Done"
    assert END not in {branch["StringEquals"] for branch in route["Choices"]}


def test_the_financial_service_is_where_the_chain_ends() -> None:
    assert Addressee.PAYER.value == AT_PAYER
    assert PaperPart.PAYER not in {part for row in OWED for part in row.owners}
    assert definition()["States"]["Service financier"]["Type"] == "Succeed"


def test_there_is_no_way_but_those_of_the_units_and_the_ends() -> None:
    found = ways(definition())
    assert len(found) == len(set(found)), "two ways alike cannot be told apart in a history"
    assert set(found) == OTHER_WAYS.union(*(unit.ways(ROUTE) for unit in UNITS.values()))
    assert {"Read", *(way.target for way in found)} == set(definition()["States"]), "a state that nothing leads to"
    assert definition()["StartAt"] == "Read"


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_every_unit_is_the_same_but_for_its_name(unit: Unit) -> None:
    states, first = definition()["States"], UNITS[ChainActor.CONTRACTOR]
    renamed = dict(zip(unit, first, strict=True))
    for name in unit:
        state, model = dict(states[name]), dict(states[renamed[name]])
        assert renamed.get(state.pop("Next"), ROUTE) == model.pop("Next")
        catch, modelled = state.pop("Catch", []), model.pop("Catch", [])
        assert [renamed[way["Next"]] for way in catch] == [way["Next"] for way in modelled]
        state.pop("Comment", ""), model.pop("Comment", "")
        assert state == model


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_no_wait_is_without_a_limit_and_a_way_out(unit: Unit) -> None:
    wait = definition()["States"][unit.wait]
    assert wait["TimeoutSecondsPath"] == "$.wait.seconds"
    assert {error for way in wait["Catch"] for error in way["ErrorEquals"]} == {TIMEOUT, CHANGED}


def test_every_call_of_a_function_is_tried_again_when_lambda_is_at_fault() -> None:
    calls = [state for state in definition()["States"].values() if state.get("Resource", "").endswith("lambda:invoke")]
    retries = [(call["Parameters"]["FunctionName"], call["Retry"]) for call in calls]
    assert {str(retry) for _, retry in retries} == {str(retries[0][1])}
    assert len(retries) == 2 * len(UNITS) + 2


def test_a_kind_of_task_costs_no_line_of_the_definition() -> None:
    text = DEFINITION.read_text(encoding="utf-8")
    assert not [kind for kind in TaskKind if re.search(rf"\b{kind.value}\b", text)]
    assert text.count("\n") <= MOST_LINES
    assert not re.search(r"^\s*[^#\n]*: [&*]\w", text, re.MULTILINE), "anchors: CloudFormation does not promise them"
