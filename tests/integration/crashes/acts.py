"""A scenario on a stage: set it, play it undisturbed, play it with something that happens."""

from collections.abc import Iterator
from typing import Any

from tests.integration.crashes import points
from tests.integration.crashes.faults import Calls, Point, watched
from tests.integration.crashes.outcome import differences, outcome
from tests.integration.crashes.scenarios import Run, Scenario
from tests.integration.crashes.stage import Snapshot, Stage


class Play:
    """A scenario that is ready on ``stage``, as often as it is asked for."""

    def __init__(self, stage: Stage, scenario: Scenario) -> None:
        site = stage.prepared(scenario.site.__name__, scenario.site)
        stage.set_back(site)
        self._stage = stage
        self._run = scenario.prepare(stage)
        self._ready: Snapshot = stage.taken()
        self._stride = scenario.stride

    def again(self) -> Run:
        """What the scenario runs, on a hub and in a process that are new for it."""
        self._stage.set_back(self._ready)
        return self._run

    def undisturbed(self) -> tuple[list[str], dict[str, Any]]:
        """The calls that are made when nothing happens, and what is left."""
        run = self.again()
        before = self.outcome()
        with watched(Calls()) as calls:
            run()
        after = self.outcome()
        assert differences(after, before), "the scenario is refused, or does nothing"
        return calls.made, after

    def outcome(self) -> dict[str, Any]:
        """What is left on the stage."""
        return outcome(self._stage)

    def at(self, found: list[Point]) -> Iterator[Point]:
        """The points that are tried, of those that were ``found``: each one, or one in every stride from the last back.

        The last calls are those that write what the others have looked for.
        """
        for point in found[:: -self._stride * points.EVERY]:
            points.TRIED[point[1]] += 1
            yield point
