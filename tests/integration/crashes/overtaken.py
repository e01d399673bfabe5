"""At one of the calls of a process, another one runs from its beginning to its end."""

from chorale.stores import counters
from chorale.stores.deposits import flux as flux_store
from chorale.stores.works import dossiers as works

from tests.integration.crashes.faults import Calls
from tests.integration.crashes.scenarios import Run

MAY_LOSE = (flux_store.FluxChanged, works.FileChanged)
"""What a message may fail with when another container was faster: it comes again."""


class Overtaken(Calls):
    """Before the call ``crash_at``, another container runs ``other`` from end to end."""

    other: Run

    def die(self) -> None:
        """Nobody dies: somebody else is faster."""
        self.crash_at = None
        mine = dict(counters._blocks)
        counters.forget_blocks()
        self.other()
        counters._blocks.clear()
        counters._blocks.update(mine)


def run_until_done(run: Run) -> None:
    """Run it, and once more when it lost a race."""
    try:
        run()
    except MAY_LOSE:
        run()
