"""The ``chorale`` command: its commands are the rows of a table, each a module that is loaded when it is called.

The module of a command has ``declare(parser)``, which adds its arguments, and ``run(arguments) -> int``, which does it
and returns the exit code.
"""

import io
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module, metadata

from chorale_cli.arguments import Parser
from chorale_cli.connection import DEMO_RECIPIENT, DEMO_SUPPLIER
from chorale_cli.exits import DONE, INTERRUPTED, UNDETERMINED, Failure, of_the_system
from chorale_cli.visible import json_text, visible


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table: ``summary`` (French) is its line in the help."""

    name: str
    module: str
    summary: str


COMMANDS = (
    Command("validate", "chorale_cli.validate", "vérifier des factures, sans rien envoyer"),
    Command("deposit", "chorale_cli.deposit", "déposer des factures et dire ce qu'elles deviennent"),
    Command("report", "chorale_cli.report", "lire le compte rendu d'un dépôt"),
    Command("inbox", "chorale_cli.inbox", "lister les factures reçues"),
    Command("show", "chorale_cli.show", "lire une facture : en-tête, lignes, pièces, historique"),
    Command("download", "chorale_cli.download", "télécharger des factures"),
    Command("treat", "chorale_cli.treat", "donner son statut suivant à une facture reçue"),
    Command("explain", "chorale_cli.explain", "expliquer un code d'un compte rendu"),
    Command("structure", "chorale_cli.structure", "ajouter ou lister les structures du hub local"),
    Command("ops", "chorale_cli.ops.command", "exploiter une pile déployée : état, reprises, premiers accès"),
    Command("rules", "chorale_cli.rules", "imprimer les règles appliquées (docs/validation.md)"),
)

DESCRIPTION = "Chorale : vérifier, déposer, suivre, recevoir et traiter des factures."
EPILOG = f"""\
compte par défaut, sur le hub local seulement (make run) :
  deposit, report                celui du fournisseur, {DEMO_SUPPLIER}
  inbox, show, download, treat   celui du destinataire, {DEMO_RECIPIENT}
  Un autre : --account SIRET. Ailleurs, --account, --password, --client-id et
  --client-secret sont à donner (ou CHORALE_ACCOUNT, ...).

codes de sortie :
  0    tout est conforme, intégré ou fait
  1    au moins une facture est non conforme ou refusée, ou le hub a refusé
  2    pas de verdict : commande mal écrite, fichier illisible, hub injoignable,
       accès refusé
  130  interrompu (Ctrl-C)

Chaque commande a son aide : chorale deposit --help
"""


def parser_for(name: str = "") -> Parser:
    """The parser of the whole command line; only the command ``name`` is loaded and knows its arguments."""
    parser = Parser(prog="chorale", description=DESCRIPTION, epilog=EPILOG)
    parser.add_argument(
        "--version", action="version", version=f"chorale {metadata.version('chorale')}", help="afficher la version"
    )
    commands = parser.add_subparsers(title="commandes", metavar="COMMANDE", dest="command", required=True)
    for command in COMMANDS:
        added = commands.add_parser(command.name, help=command.summary)
        if command.name == name:
            module = import_module(command.module)
            module.declare(added)
            added.set_defaults(run=module.run)
    return parser


def main(given: Sequence[str] | None = None) -> int:
    """Entry point of the installed command; returns the exit code."""
    words = list(sys.argv[1:] if given is None else given)
    if sys.stderr is None:  # a shell can close it, and a complaint must not crash for want of a reader
        sys.stderr = io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that has no € shows a question mark rather than nothing at all.
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    try:
        if sys.stdout is None:
            sys.stdout = sys.stderr
            raise Failure("la sortie standard est fermée")
        code = _done(words)
        sys.stdout.flush()
    except Failure as failure:
        return _failed(words, failure)
    except KeyboardInterrupt:
        sys.stderr.write("Interrompu.\n")
        return INTERRUPTED
    except BrokenPipeError:
        # Who reads our output has enough of it.
        _write_no_more()
        return DONE
    except OSError as error:
        return _failed(words, of_the_system(error))
    except Exception as error:  # noqa: BLE001 - nobody above can say it to a person
        # Its text may quote what was given, passwords too: only its kind is said.
        return _failed(
            words, Failure(f"erreur inattendue ({type(error).__name__}) : signalez-la à qui exploite le hub")
        )
    return code


def _done(words: list[str]) -> int:
    parser = parser_for(_command(words))
    if not words:
        parser.print_help()
        return UNDETERMINED
    arguments = parser.parse_args(words)
    code: int = arguments.run(arguments)
    return code


def _command(words: list[str]) -> str:
    return next((word for word in words if not word.startswith("-")), "")


def _failed(words: list[str], failure: Failure) -> int:
    """Say why nothing more is done, as JSON where it was asked for; returns the exit code."""
    said = visible(f"chorale {_command(words)}".rstrip() + f" : {failure}\n")
    try:
        if "--json" in words:
            sys.stdout.write(json_text(failure.to_json()) + "\n")
        else:
            sys.stderr.write(said)
        sys.stdout.flush()
    except OSError:
        _write_no_more()
        if "--json" in words:
            sys.stderr.write(said)
    return failure.exit_code


def _write_no_more() -> None:
    """Let the interpreter not try, and fail, to write at its end what could not be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
