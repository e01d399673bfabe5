"""chorale ops register-account: a technical account, and its structure where the directory does not know it."""

from argparse import ArgumentParser, Namespace

from chorale_cli.arguments import asked
from chorale_cli.connection import login_of
from chorale_cli.exits import DONE
from chorale_cli.ops.application import ONCE
from chorale_cli.ops.refusals import refusals_told
from chorale_cli.ops.stack import Stack
from chorale_cli.screen import escape, show, show_json


def _siret(text: str) -> str:
    from chorale.formats.judging.keys import is_siret

    bare = "".join(text.split())
    if not is_siret(bare):
        raise ValueError(text)
    return bare


def declare(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.description = (
        "Inscrire un compte technique, avec tous les droits sur sa structure ; son mot de\n"
        "passe est fait ici et montré une fois."
    )
    parser.add_argument(
        "siret", metavar="SIRET", type=asked(_siret, "un SIRET de quatorze chiffres"), help="sa structure"
    )
    parser.add_argument("--login", metavar="COMPTE", help="son nom (sinon TECH_1_SIRET@cpro.fr)")
    parser.add_argument("--name", metavar="NOM", default="", help="désignation d'une structure à inscrire aussi")
    parser.add_argument("--public", action="store_true", help="cette structure reçoit des factures")
    parser.add_argument("--renew", action="store_true", help="remplacer le mot de passe d'un compte connu")


def run(arguments: Namespace, stack: Stack) -> int:
    """Register it and show its password."""
    from chorale.usecases.operations.let_in import register_account

    login = arguments.login or login_of(arguments.siret)
    with refusals_told(f"le compte {login}"):
        made = register_account(
            arguments.siret, login, arguments.name.strip(), public=arguments.public, renew=arguments.renew
        )
    if arguments.as_json:
        show_json(
            {
                "pile": stack.name,
                "compte": made.login,
                "motDePasse": made.password,
                "idStructureCPP": made.structure.id,
                "structureInscrite": made.structure_is_new,
            }
        )
        return DONE
    new = " (inscrite)" if made.structure_is_new else ""
    show(
        f"structure     {escape(made.structure.identifier)}  {escape(made.structure.name)}{new}",
        f"compte        {escape(made.login)}",
        f"mot de passe  {escape(made.password)}",
        ONCE,
    )
    return DONE
