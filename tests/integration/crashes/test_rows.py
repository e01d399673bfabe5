"""What each use case does to rows is allowed to every function that runs it, and every permission by row is used."""

from functools import cache

import pytest

from tests.architecture.cloudformation import functions
from tests.architecture.iam import ATTRIBUTES, LEADING_KEYS, allows, table
from tests.architecture.test_permissions import reach
from tests.integration.crashes.acts import Play
from tests.integration.crashes.every_scenario import SCENARIOS
from tests.integration.crashes.faults import watched
from tests.integration.crashes.row_calls import RowCall, RowCalls
from tests.integration.crashes.scenarios import Scenario
from tests.integration.crashes.stage import Stage


@cache
def runners(use_case: str) -> tuple[str, ...]:
    """The functions that come to a use case."""
    module, _, name = f"chorale.usecases.{use_case}".rpartition(".")
    return tuple(function for function in sorted(functions()) if (module, name) in reach(function).nodes)


def refused(function: str, call: RowCall) -> bool:
    """Whether the role of ``function`` refuses a call."""
    context = {LEADING_KEYS: [call.partition], ATTRIBUTES: call.attributes}
    return not allows(function, f"dynamodb:{call.action}", table(call.table), context)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_function_may_do_to_rows_what_its_use_cases_do(stage: Stage, scenario: Scenario) -> None:
    run = Play(stage, scenario).again()
    with watched(RowCalls()) as calls:
        run()
    assert isinstance(calls, RowCalls)
    assert runners(scenario.use_case)
    assert calls.rows
    assert {
        (name, call) for name in runners(scenario.use_case) for call in set(calls.rows) if refused(name, call)
    } == set()
