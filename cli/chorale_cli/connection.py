"""Where the hub is and who calls: options of the commands that talk to it, with the demo hub as default."""

import os
import time
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chorale_cli.exits import Failure
from chorale_cli.screen import complain
from chorale_cli.visible import without_password

if TYPE_CHECKING:
    from chorale_cli.client import HubClient

SIRET_LENGTH = 14
DEMO_URL = "http://127.0.0.1:8000"
DEMO_SUPPLIER = "99000007700018"
DEMO_RECIPIENT = "12345678200028"
"""To whom examples/facture-ubl.xml goes."""
SETTINGS = (
    ("account", "CHORALE_ACCOUNT", "COMPTE", "compte technique, ou le SIRET de sa structure"),
    ("password", "CHORALE_PASSWORD", "MOT", "son mot de passe"),
    ("client_id", "CHORALE_CLIENT_ID", "ID", "application (client OAuth2)"),
    ("client_secret", "CHORALE_CLIENT_SECRET", "SECRET", "son secret"),
)
"""Credentials: name, environment variable, what stands for the value in the help, explanation."""
PARTS = {DEMO_SUPPLIER: "le fournisseur", DEMO_RECIPIENT: "le destinataire"}
NOTE = """\
Le hub local (make run) a des identifiants de démonstration par défaut ; le
compte est ici celui de la structure {siret}, {part}."""


def add_connection(parser: ArgumentParser, demo_structure: str) -> None:
    """Add the options; ``demo_structure`` (SIRET) is who calls the local hub when nothing is said."""
    group = parser.add_argument_group("hub et compte", NOTE.format(siret=demo_structure, part=PARTS[demo_structure]))
    group.add_argument("--to", metavar="URL", help=f"adresse du hub (sinon CHORALE_URL, ou {DEMO_URL})")
    for name, variable, metavar, explained in SETTINGS:
        group.add_argument(f"--{name.replace('_', '-')}", metavar=metavar, help=f"{explained} (sinon {variable})")
    parser.set_defaults(demo_structure=demo_structure)


def connect(arguments: Namespace) -> "HubClient":
    """A client for the options and the environment; raises Failure when something is missing."""
    # It loads an HTTP library, which the help does without.
    from chorale_cli.client import HubClient, is_local

    url = arguments.to or os.environ.get("CHORALE_URL") or DEMO_URL
    if not _is_address(url):
        raise Failure(
            f"« {without_password(url)} » n'est pas l'adresse d'un hub : indiquez par exemple --to "
            "https://hub.example.fr"
        )
    demo = {
        "account": arguments.demo_structure,
        "password": "demo-password",
        "client_id": "demo-client",
        "client_secret": "demo-secret",
    }
    given = {
        name: getattr(arguments, name) or os.environ.get(variable) or (demo[name] if is_local(url) else "")
        for name, variable, *_ in SETTINGS
    }
    missing = [f"--{name.replace('_', '-')} (ou {variable})" for name, variable, *_ in SETTINGS if not given[name]]
    if missing:
        raise Failure(f"Pour {without_password(url)}, indiquez {', '.join(missing)}.")
    if given["account"].isdigit() and len(given["account"]) != SIRET_LENGTH:
        raise Failure(f"--account {given['account']} : un SIRET a {SIRET_LENGTH} chiffres ; sinon, donnez le login.")
    login = login_of(given["account"])
    return HubClient(url, given["client_id"], given["client_secret"], login, given["password"], pause=_pause)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket without its other, a port that is no number
        return False


def _pause(seconds: float) -> None:
    """Wait; a person who watches is told of what takes a second or more, which is a quota."""
    if seconds >= 1:
        complain(f"Quota d'appels atteint : nouvel essai dans {seconds:.0f} s.")
    time.sleep(seconds)


def login_of(account: str) -> str:
    """The login of a technical account; that of a structure's first one when only its SIRET is given."""
    return f"TECH_1_{account}@cpro.fr" if account.isdigit() else account
