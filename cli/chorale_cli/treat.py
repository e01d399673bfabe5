"""chorale treat: give a received invoice its next status."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from chorale.domain.invoices.transitions import TRANSITIONS, Role
from chorale.domain.statuses import Status

from chorale_cli.arguments import add_json, positive
from chorale_cli.connection import DEMO_RECIPIENT, add_connection, connect
from chorale_cli.exits import DONE, Failure
from chorale_cli.french import day
from chorale_cli.inbox import status_label
from chorale_cli.screen import escape, show, show_json
from chorale_cli.statuses import near_status, status_of

TREAT = "/cpro/factures/v1/traiter/recue"
GIVEN = tuple(dict.fromkeys(row.target for row in TRANSITIONS if row.role is Role.RECIPIENT))
"""Statuses that a recipient can give."""
WITH_REASON = frozenset(row.target for row in TRANSITIONS if row.role is Role.RECIPIENT and row.needs_reason)
DESCRIPTION = """\
Donner son statut suivant à une facture reçue. Depuis un statut, tous ne sont
pas possibles : en cas de refus, le hub dit lesquels le sont.
"""
EPILOG_END = """
exemples :
  chorale treat 1000042 SERVICE_FAIT
  chorale treat 1000042 REJETEE --motif "Prestation non commandée"

Code de sortie : 0 le statut est donné, 1 le hub a refusé, 2 il n'a pas pu
être donné.
"""


def declare(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.description, parser.epilog = DESCRIPTION, "statuts :\n" + _listed() + EPILOG_END
    parser.add_argument(
        "id", type=positive, metavar="ID", help="identifiant de la facture, que donne « chorale inbox »"
    )
    parser.add_argument("status", type=_status, metavar="STATUT", help="statut à donner, son code ou son libellé")
    parser.add_argument("--motif", default="", help="raison d'une suspension ou d'un rejet", metavar="TEXTE")
    parser.add_argument("--mandate", default="", help="numéro de mandat, avec MANDATEE", metavar="NUMÉRO")
    add_json(parser, "la réponse du hub")
    add_connection(parser, DEMO_RECIPIENT)


def run(arguments: Namespace) -> int:
    """Give the status."""
    reason = arguments.motif.strip()
    if arguments.status in WITH_REASON and not reason:
        reason = _asked_reason(arguments.status)
    body = {"idFacture": arguments.id, "nouveauStatut": arguments.status.value}
    if reason:
        body["motif"] = reason
    if arguments.mandate:
        body["numeroDPMandat"] = arguments.mandate
    answer = connect(arguments).call(TREAT, body)
    if arguments.as_json:
        show_json(answer)
    else:
        show(
            f"Facture [bold]{escape(answer['numeroFacture'])}[/bold] ({answer['idFacture']}) : "
            f"{status_label(answer['nouveauStatut'])}, le {day(answer['dateTraitement'])}"
        )
    return DONE


def _asked_reason(status: Status) -> str:
    """The reason, asked from a person who sits there; raises Failure without one."""
    reason = ""
    if sys.stdin and sys.stdin.isatty():
        sys.stderr.write(f"Motif ({status.label}) : ")
        sys.stderr.flush()
        reason = sys.stdin.readline().strip()
    if not reason:
        raise Failure(f'le statut {status.value} demande un motif : --motif "..."')
    return reason


def _status(text: str) -> Status:
    status = status_of(text)
    if status not in GIVEN:
        near = near_status(text, GIVEN) or "."
        raise ArgumentTypeError(f"un destinataire ne donne pas le statut {text}{near} Statuts possibles :\n{_listed()}")
    return status


def _listed() -> str:
    width = max(len(status) for status in GIVEN)
    notes = dict.fromkeys(WITH_REASON, " (motif obligatoire)")
    return "\n".join(f"  {status.value:{width}}  {status.label}{notes.get(status, '')}" for status in GIVEN)
