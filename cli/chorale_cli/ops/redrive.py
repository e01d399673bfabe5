"""chorale ops redrive: what was given up goes back to its queue."""

from argparse import ArgumentParser, Namespace

from chorale_cli.exits import DONE, Failure
from chorale_cli.french import counted
from chorale_cli.ops.stack import QUEUES, Stack
from chorale_cli.progress import progress
from chorale_cli.screen import show, show_json


def declare(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.description = (
        "Rendre à sa file ce qui a été abandonné, une fois la cause corrigée. Sans\n"
        "danger : ce qui a été fait n'est pas refait."
    )
    parser.add_argument("queue", metavar="FILE", choices=QUEUES, help=f"la file : {', '.join(QUEUES)}")
    parser.add_argument("--dry-run", action="store_true", help="compter sans rien déplacer")


def run(arguments: Namespace, stack: Stack) -> int:
    """Move them and say how many."""
    from chorale.stores import dead_letters, queue_states

    queue = stack.queue(arguments.queue)
    given_up = queue_states.depth(queue.dead_letters)[0]
    moved = 0
    if given_up and not arguments.dry_run:
        with progress() as tell:
            try:
                moved = dead_letters.move(
                    queue.dead_letters, queue.source, lambda count: tell(f"{queue.name} : {count} sur {given_up}")
                )
            except dead_letters.MoveFailed as failed:
                raise Failure(f"SQS a arrêté le déplacement ({failed}) : relancez la même commande") from failed
    if arguments.as_json:
        show_json({"file": queue.name, "abandonnes": given_up, "rendus": moved})
    elif arguments.dry_run:
        show(f"{queue.name} : {counted(given_up, 'message abandonné', 'messages abandonnés')}, rien n'est déplacé.")
    else:
        show(f"{queue.name} : {counted(moved, 'message rendu', 'messages rendus')} à la file.")
    return DONE
