"""Stopped before or after any call to AWS and run again, each use case ends as if nothing had happened.

The process dies at the call: what the container remembered is gone, what AWS had taken is there. Or a service fails it:
too busy, or done without an answer. Then the same message or request comes again. Nothing is lost, nothing half
written, nothing done twice; only numbers may have gaps.
"""

import pytest

from tests.aws import forget_everything
from tests.integration.crashes.acts import Play
from tests.integration.crashes.every_scenario import SCENARIOS
from tests.integration.crashes.faults import Calls, Crash, every_failure, every_point, watched
from tests.integration.crashes.outcome import differences
from tests.integration.crashes.scenarios import Scenario
from tests.integration.crashes.stage import Stage
from tests.integration.crashes.traced import entered

every_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=str)


@every_scenario
def test_a_crash_at_any_call_followed_by_a_rerun_changes_nothing(stage: Stage, scenario: Scenario) -> None:
    play = Play(stage, scenario)
    made, expected = play.undisturbed()
    assert made
    for place, moment in play.at(every_point(len(made))):
        run = play.again()
        with watched(Calls(place, moment)), pytest.raises(Crash):
            run()
        forget_everything()
        run()
        wrong = differences(play.outcome(), expected)
        assert wrong == [], f"crash {moment} call {place}, {made[place]}"


@every_scenario
def test_a_service_that_fails_at_any_call_changes_nothing_either(stage: Stage, scenario: Scenario) -> None:
    """The process lives on: what it catches, and what it remembers, may not be wrong afterwards."""
    play = Play(stage, scenario)
    made, expected = play.undisturbed()
    assert made
    for place, moment in play.at(every_failure(made)):
        run = play.again()
        with watched(Calls(place, moment)):
            failed = _fails(run)
        if failed:
            run()
        wrong = differences(play.outcome(), expected)
        assert wrong == [], f"{moment} at call {place}, {made[place]}"


def _fails(run: object) -> bool:
    """Whether ``run`` told its caller, who then asks again."""
    assert callable(run)
    try:
        run()
    except Exception:  # noqa: BLE001 - a queue asks again whatever it was
        return True
    return False


@every_scenario
def test_run_twice_without_a_crash_changes_nothing_either(stage: Stage, scenario: Scenario) -> None:
    """Queues deliver a message at least once."""
    play = Play(stage, scenario)
    _, expected = play.undisturbed()
    run = play.again()
    with entered(scenario.runs) as used:
        run()
    run()
    assert differences(play.outcome(), expected) == []
    assert used, f"{scenario} does not run {scenario.use_case}"
