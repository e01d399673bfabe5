"""chorale ops verify-archive: every document that the ledger names is kept."""

from argparse import ArgumentParser, Namespace
from datetime import datetime, time

from chorale.domain.dates import PARIS

from chorale_cli.arguments import asked_day
from chorale_cli.exits import DONE, REFUSED
from chorale_cli.french import counted
from chorale_cli.ops.stack import Stack
from chorale_cli.progress import progress
from chorale_cli.screen import escape, show, show_json


def declare(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.description = (
        "Vérifier que chaque facture, pièce et compte rendu que nomme le registre est\n"
        "gardé, avec la taille et l'empreinte qu'il en connaît. Lit tout le registre."
    )
    parser.add_argument(
        "--since", type=asked_day, metavar="JOUR", help="ce qui est déposé depuis ce jour, comme 30/11/2026"
    )


def run(arguments: Namespace, stack: Stack) -> int:
    """List what is missing; 1 when anything is."""
    from chorale.usecases.operations.verify_archive import Fault, verify_archive

    told = {Fault.MISSING: "absent", Fault.SIZE: "autre taille", Fault.DIGEST: "autre empreinte"}
    since = datetime.combine(arguments.since, time(), PARIS) if arguments.since else None
    with progress() as tell:
        looked, faulty = verify_archive(
            since, lambda count: tell(f"{stack.name} : {counted(count, 'document vérifié', 'documents vérifiés')}")
        )
    if arguments.as_json:
        rows = [{"cle": one.document.key, "defaut": one.fault.value} for one in faulty]
        show_json({"verifies": looked, "defauts": rows}, indent=2)
    else:
        for one in faulty:
            show(f"[red]{told[one.fault]}[/red]  {escape(one.document.key)}")
        checked = counted(looked, "document vérifié", "documents vérifiés")
        show(f"{checked}, {counted(len(faulty), 'défaut') if faulty else 'aucun défaut'}.")
    return REFUSED if faulty else DONE
