"""The same message handled by two containers at once: one starts at any call of the other, and runs to its end.

Queues deliver at least once, sometimes twice at the same moment. The slower of the two may fail; its message then comes
again, as the queue would have it. All ends as if the message had come once.
"""

import pytest

from tests.integration.crashes.acts import Play
from tests.integration.crashes.every_scenario import SCENARIOS
from tests.integration.crashes.faults import watched
from tests.integration.crashes.outcome import differences
from tests.integration.crashes.overtaken import Overtaken, run_until_done
from tests.integration.crashes.scenarios import Scenario
from tests.integration.crashes.stage import Stage


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_message_handled_twice_at_once_is_handled_once(stage: Stage, scenario: Scenario) -> None:
    play = Play(stage, scenario)
    made, expected = play.undisturbed()
    assert made
    for place, _ in play.at([(place, "overtaken") for place in range(len(made))]):
        run = play.again()
        calls = Overtaken(place)
        calls.other = run
        with watched(calls):
            run_until_done(run)
        # That a flux was put aside twice shows in its version, and nowhere else.
        wrong = [line for line in differences(play.outcome(), expected) if "HEAD version: " not in line]
        assert wrong == [], f"overtaken before call {place}, {made[place]}"
