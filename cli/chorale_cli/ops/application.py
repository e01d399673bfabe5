"""chorale ops register-application: an application may ask for tokens."""

from argparse import ArgumentParser, Namespace

from chorale_cli.exits import DONE
from chorale_cli.ops.refusals import refusals_told
from chorale_cli.ops.stack import Stack
from chorale_cli.screen import escape, show, show_json

ONCE = "[dim]Notez-le : il n'est montré qu'une fois, la pile n'en garde que l'empreinte.[/dim]"


def declare(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.description = "Inscrire une application (client OAuth2) ; son secret est montré une fois."
    parser.add_argument("client_id", metavar="APPLICATION", help="son identifiant (client_id)")
    parser.add_argument("--renew", action="store_true", help="remplacer le secret d'une application connue")


def run(arguments: Namespace, stack: Stack) -> int:
    """Register it and show its secret."""
    from chorale.usecases.operations.let_in import register_application

    with refusals_told(f"l'application {arguments.client_id}"):
        secret = register_application(arguments.client_id, renew=arguments.renew)
    if arguments.as_json:
        show_json({"pile": stack.name, "clientId": arguments.client_id, "clientSecret": secret})
    else:
        show(f"application  {escape(arguments.client_id)}", f"secret       {escape(secret)}", ONCE)
    return DONE
