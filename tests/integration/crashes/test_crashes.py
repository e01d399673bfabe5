"""Stopped before or after any call to AWS and run again, each use case ends as if nothing had happened.

The process dies at the call: what the container remembered is gone, what AWS had taken is there. Then the same message
or request comes again. Nothing is lost, nothing half written, nothing done twice; only numbers may have gaps.
"""

from typing import Any

import pytest
from chorale.stores import keys, outbox
from chorale.usecases import integrate_flux

from tests.aws import forget_everything, fresh_hub
from tests.integration.crashes.faults import Calls, Crash, every_point, watched
from tests.integration.crashes.outcome import differences, outcome
from tests.integration.crashes.scenarios import SCENARIOS, Scenario, ready


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, environment: None) -> None:
    """Chunks of two invoices, puts of two events, indexes of one shard: the same calls, fewer times."""
    monkeypatch.setattr(integrate_flux, "RANKS_PER_CHUNK", 2)
    monkeypatch.setattr(outbox, "ENTRIES_PER_PUT", 2)
    monkeypatch.setattr(keys, "DUE_SHARDS", 1)
    monkeypatch.setattr(keys, "PENDING_SHARDS", 1)


def uninterrupted(scenario: Scenario) -> tuple[list[str], dict[str, Any]]:
    with fresh_hub() as hub:
        run = ready(hub, scenario)
        forget_everything()
        with watched(Calls()) as calls:
            run()
        return calls.made, outcome(hub)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_crash_at_any_call_followed_by_a_rerun_changes_nothing(scenario: Scenario) -> None:
    made, expected = uninterrupted(scenario)
    for place, moment in every_point(len(made)):
        with fresh_hub() as hub:
            run = ready(hub, scenario)
            forget_everything()
            with watched(Calls(place, moment)), pytest.raises(Crash):
                run()
            forget_everything()
            run()
            wrong = differences(outcome(hub), expected)
            assert wrong == [], f"crash {moment} call {place}, {made[place]}"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_run_twice_without_a_crash_changes_nothing_either(scenario: Scenario) -> None:
    """Queues deliver a message at least once."""
    _, expected = uninterrupted(scenario)
    with fresh_hub() as hub:
        run = ready(hub, scenario)
        run()
        run()
        assert differences(outcome(hub), expected) == []
