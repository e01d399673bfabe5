"""chorale ops lag: since when what waits has waited."""

from argparse import ArgumentParser, Namespace
from datetime import timedelta

from chorale.domain.deposits.backlog import waits_since

from chorale_cli.exits import DONE
from chorale_cli.ops.french import ago, seconds, state_label
from chorale_cli.ops.stack import Stack
from chorale_cli.screen import escape, show, show_json


def declare(parser: ArgumentParser) -> None:
    """There is nothing to choose."""
    parser.description = (
        "Dire l'âge du plus ancien message de chaque file, du plus ancien événement à\n"
        "transmettre et du plus ancien flux sans verdict."
    )


def run(arguments: Namespace, stack: Stack) -> int:
    """Show the ages."""
    from chorale.runtime import clock
    from chorale.usecases.operations.look import read_backlog

    now = clock.now()
    backlog = read_backlog(stack.queues, now)
    # An empty queue is not late; one that is not measured is unknown.
    ages: dict[str, timedelta | None] = {
        queue.name: queue.oldest if queue.waiting or queue.in_work else timedelta()
        for queue in backlog.queues
        if queue.name in {known.name for known in stack.queues if known.source}
    }
    oldest = backlog.flux[0] if backlog.flux else None
    flux_age = now - waits_since(oldest) if oldest else timedelta()
    if arguments.as_json:
        show_json(
            {
                "files": {name: seconds(age) for name, age in ages.items()},
                "evenement": seconds(backlog.oldest_unsent or timedelta()),
                "flux": seconds(flux_age),
                "numeroFluxDepot": oldest.number if oldest else None,
            },
            indent=2,
        )
        return DONE
    for name, age in ages.items():
        show(f"{name:<14}{ago(age)}")
    show(f"{'événement':<14}{ago(backlog.oldest_unsent or timedelta())}")
    about = f"  {escape(oldest.number)}, {state_label(oldest.state)}" if oldest else ""
    show(f"{'flux':<14}{ago(flux_age)}{about}")
    return DONE
