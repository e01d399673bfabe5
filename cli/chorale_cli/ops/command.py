"""chorale ops: its actions are the rows of a table, each a module with ``declare`` and ``run``, as the commands are.

An action runs where the variables of a function of the stack are set, so that it uses what functions use.
"""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from importlib import import_module

from chorale_cli.arguments import Parser, add_json
from chorale_cli.ops.stack import add_stack, at_the_stack

DESCRIPTION = """\
Exploiter une pile déployée : voir ce qui attend, reprendre, vérifier, ouvrir
les premiers accès. Région et identifiants : ceux des outils d'AWS.
"""
EPILOG = """\
exemples :
  chorale ops status --stack chorale-production
  chorale ops redrive integration --stack chorale-production --dry-run
  chorale ops status --to http://127.0.0.1:8000

Code de sortie : 0 rien à faire ou fait, 1 un exploitant est attendu ou l'action
a été refusée, 2 rien n'a pu être lu.
"""


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the table: ``summary`` (French) is its line in the help."""

    name: str
    module: str
    summary: str
    json: str
    """What ``--json`` writes."""


ACTIONS = (
    Action("status", "chorale_cli.ops.status", "tout sur un écran : flux, files, alarmes", "tout l'état"),
    Action("lag", "chorale_cli.ops.lag", "depuis quand attend ce qui attend", "les âges, en secondes"),
    Action("redrive", "chorale_cli.ops.redrive", "rendre à sa file ce qui a été abandonné", "le nombre de messages"),
    Action("replay", "chorale_cli.ops.replay", "reprendre un flux qui n'avance plus", "son état, ce qui est fait"),
    Action("verify-archive", "chorale_cli.ops.verify", "vérifier les documents gardés", "ce qui manque"),
    Action("register-application", "chorale_cli.ops.application", "inscrire une application", "ses identifiants"),
    Action("register-account", "chorale_cli.ops.account", "inscrire un compte technique", "ses identifiants"),
)  # fmt: skip


def declare(parser: ArgumentParser) -> None:
    """Add the actions."""
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    actions = parser.add_subparsers(
        title="actions", metavar="ACTION", dest="action", required=True, parser_class=Parser
    )
    for action in ACTIONS:
        added = actions.add_parser(action.name, help=action.summary)
        module = import_module(action.module)
        module.declare(added)
        add_json(added, action.json)
        add_stack(added)
        added.set_defaults(act=module.run)


def run(arguments: Namespace) -> int:
    """Do it at the stack; returns the exit code."""
    with at_the_stack(arguments) as stack:
        code: int = arguments.act(arguments, stack)
    return code
