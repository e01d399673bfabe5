"""chorale deposit: send files to a hub and say what became of them."""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chorale_cli.arguments import add_json, positive
from chorale_cli.connection import DEMO_SUPPLIER, add_connection, connect
from chorale_cli.exits import DONE, UNDETERMINED, Failure
from chorale_cli.french import counted, some
from chorale_cli.inputs import check_they_exist
from chorale_cli.packing import shipment_of
from chorale_cli.progress import Tell, progress
from chorale_cli.report import exit_code, show_report, summary
from chorale_cli.screen import complain, escape, show, show_json
from chorale_cli.syntaxes import add_syntax

if TYPE_CHECKING:
    from chorale_cli.client import HubClient

PATIENCE = 60
"""Seconds for which a verdict is awaited unless told otherwise."""
DESCRIPTION = """\
Déposer des factures et attendre leur verdict. Chaque fichier ou archive est
un dépôt ; un dossier est déposé en une archive de ses factures. La syntaxe
est reconnue au contenu : UBL 2.1, CII, CPP ou Factur-X.
"""
EPILOG = """\
exemples :
  chorale deposit facture.xml lot.tar.gz
  chorale deposit factures-de-novembre/
  chorale deposit --to https://hub.example.fr facture.pdf

Code de sortie : 0 tout est intégré, 1 une facture au moins est refusée, 2 un
dépôt n'a pas pu se faire ou n'a pas encore de verdict. Avec --no-wait, 0 veut
dire que tout est reçu.
"""


@dataclass(slots=True)
class Sent:
    """A file and what became of it: a report, or a failure that says why there is none."""

    shown: str
    number: str = ""
    report: dict[str, Any] | None = None
    failure: Failure | None = None
    syntax: str = ""
    left_aside: tuple[str, ...] = ()
    """Files of a folder that were not sent."""
    refused_here: bool = False
    """Whether nothing was sent: it is no deposit, and its failure says why."""

    @property
    def exit_code(self) -> int:
        """That of this deposit."""
        if self.failure:
            return self.failure.exit_code
        return exit_code(self.report) if self.report else DONE

    @property
    def trouble(self) -> str:
        """Why it has no report, for a person."""
        return f"refusé avant l'envoi : {self.failure}" if self.refused_here else str(self.failure)


def declare(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    parser.add_argument(
        "paths", nargs="+", metavar="FICHIER", help="factures, archives (tar.gz, zip), dossiers ; - : l'entrée standard"
    )
    add_syntax(parser, "syntaxe à annoncer au lieu de celle qui est reconnue")
    parser.add_argument("--no-wait", action="store_false", dest="wait", help="ne pas attendre le verdict")
    parser.add_argument(
        "--patience", type=positive, default=PATIENCE, metavar="SECONDES",
        help="durée d'attente du verdict (par défaut : %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--upload", action="store_true", help="envoyer par adresse présignée, comme le sont les grands fichiers"
    )
    add_json(parser, "un objet par dépôt, un par ligne, dans l'ordre donné")
    add_connection(parser, DEMO_SUPPLIER)


def run(arguments: Namespace) -> int:
    """Deposit the files; the exit code is that of the worst."""
    check_they_exist(arguments.paths)
    hub = connect(arguments)
    sent: list[Sent] = []
    try:
        with progress() as tell:
            for word in arguments.paths:
                sent.append(_send(hub, word, arguments, tell))
            if arguments.wait:
                for one in sent:
                    _follow(hub, one, arguments.patience, tell)
        _write(sent, arguments.as_json)
    except BaseException:  # interrupted, no place to write, a fault of ours: what the hub has received is known
        for one in sent:
            complain(f"{one.shown} : {f'reçu sous le numéro {one.number}' if one.number else one.trouble}")
        raise
    return max(one.exit_code for one in sent)


def _send(hub: "HubClient", word: str, arguments: Namespace, tell: Tell) -> Sent:
    tell(f"{word} : envoi")
    try:
        shipment = shipment_of(word, arguments.syntax)
    except Failure as failure:
        return Sent(word, failure=failure, refused_here=True)
    try:
        number = hub.deposit(Path(shipment.file_name), shipment.syntax.value, shipment.content, upload=arguments.upload)
    except Failure as failure:
        return Sent(word, failure=failure)
    return Sent(shipment.shown, number, None, None, shipment.syntax.value, shipment.left_aside)


def _follow(hub: "HubClient", one: Sent, patience: float, tell: Tell) -> None:
    if not one.number:
        return
    tell(f"{one.shown} : {one.number}, attente du verdict")
    try:
        one.report = hub.wait(one.number, patience)
    except Failure as failure:
        one.failure = failure


def _left_aside(one: Sent) -> str:
    names = one.left_aside
    return f"{one.shown} : {counted(len(names), 'fichier')} hors du dépôt, sans facture {one.syntax} : {some(names)}"


def _write(sent: list[Sent], as_json: bool) -> None:
    if as_json:
        for one in sent:
            show_json(_json(one))
        return
    for one in sent:
        if one.left_aside:
            complain(_left_aside(one))
        if one.report:
            show_report(one.report)
        elif one.number and not one.failure:
            show(f"[bold]{one.number}[/bold]  reçu  [dim]{escape(one.shown)}[/dim]")
        if one.failure:
            complain(f"{one.shown} : {one.trouble}")
        elif one.report and len(sent) > 1:
            show("")
    if len(sent) > 1:
        show(_total(sent))


def _json(one: Sent) -> dict[str, Any]:
    known: dict[str, Any] = {
        "file": one.shown,
        "leftAside": list(one.left_aside),
        "numeroFluxDepot": one.number or None,
    }
    return known | (one.failure.to_json() if one.failure else one.report or {})


def _total(sent: list[Sent]) -> str:
    """``3 dépôts, 12 factures : 11 intégrées, 1 refusée ; 1 dépôt sans verdict ; 1 refusé avant l'envoi``."""
    made = [one for one in sent if not one.refused_here]
    failed = sum(one.exit_code == UNDETERMINED or one.failure is not None for one in made)
    reports = [one.report for one in made if one.report]
    said = counted(len(made), "dépôt")
    if reports:
        integrated, refused = (sum(report[key] for report in reports) for key in ("integrees", "refusees"))
        said += f", {summary(integrated, refused)}"
    elif failed < len(made):
        said += f" : {counted(len(made) - failed, 'reçu')}"
    said += f" ; {counted(failed, 'dépôt')} sans verdict" if failed else ""
    refused = len(sent) - len(made)
    return said + (f" ; {counted(refused, 'refusé')} avant l'envoi" if refused else "")
