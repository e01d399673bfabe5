"""The same message handled by two containers at once: one starts at any call of the other, and runs to its end.

Queues deliver at least once, sometimes twice at the same moment. The slower of the two may fail; its message then comes
again, as the queue would have it. All ends as if the message had come once.
"""

import pytest
from chorale.stores import counters
from chorale.stores import flux as flux_store

from tests.aws import fresh_hub
from tests.integration.crashes.faults import Calls, watched
from tests.integration.crashes.outcome import differences, outcome
from tests.integration.crashes.scenarios import SCENARIOS, Run, Scenario, ready
from tests.integration.crashes.test_crashes import small, uninterrupted

__all__ = ["small"]

MAY_LOSE = (flux_store.FluxChanged,)
"""What a message may fail with when another container was faster: it comes again."""


class Overtaken(Calls):
    """At the call ``crash_at``, another container runs the same message from end to end."""

    other: Run

    def _maybe_crash(self, moment: str) -> None:
        if self.crash_at == len(self.made) - 1 and moment == self.moment:
            self.crash_at = None
            _in_another_container(self.other)


def _in_another_container(run: Run) -> None:
    mine = dict(counters._blocks)
    counters.forget_blocks()
    run()
    counters._blocks.clear()
    counters._blocks.update(mine)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_message_handled_twice_at_once_is_handled_once(scenario: Scenario) -> None:
    made, expected = uninterrupted(scenario)
    for place in range(len(made)):
        with fresh_hub() as hub:
            run = ready(hub, scenario)
            calls = Overtaken(place)
            calls.other = run
            with watched(calls):
                _run_until_done(run)
            # That a flux was put aside twice shows in its version, and nowhere else.
            wrong = [line for line in differences(outcome(hub), expected) if " 'HEAD'] version: " not in line]
            assert wrong == [], f"overtaken before call {place}, {made[place]}"


def _run_until_done(run: Run) -> None:
    try:
        run()
    except MAY_LOSE:
        run()
