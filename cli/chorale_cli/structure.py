"""``chorale structure``: structures of one's own on the hub of ``make run``."""

import argparse
import os
from typing import Any

import httpx

from chorale_cli.arguments import add_json, nearest
from chorale_cli.exits import DONE, REFUSED, Failure
from chorale_cli.visible import json_text, visible, without_password

DEMO_URL = "http://127.0.0.1:8000"
DESCRIPTION = "Ajouter une structure au hub local (make run), ou lister celles qu'il connaît."
EPILOG = """\
exemple :
  chorale structure add --siret 73282932000074 --name "Commune de Test" \\
      --service CANTINE:"Restauration scolaire" --requires service

Code de sortie : 0 c'est fait, 1 le hub a refusé, 2 aucun hub local ne répond.
"""
REQUIRES = {"none": "rien", "service": "un service", "commitment": "un engagement", "either": "l'un ou l'autre"}
"""Value of the hub -> what a person reads of it."""
REQUIRES_IN_FRENCH = {"aucune": "none", "service": "service", "engagement": "commitment", "l-un-ou-l-autre": "either"}
"""What a person writes -> value of the hub, which is taken too."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    actions = parser.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    added = actions.add_parser("add", help="ajouter une structure, ou la compléter quand son SIRET est connu")
    added.add_argument("--siret", required=True, help="quatorze chiffres, dont la clé")
    added.add_argument("--name", required=True, metavar="NOM", help="sa désignation")
    added.add_argument(
        "--service", action="append", default=[], metavar="CODE:LIBELLÉ", help="un service (plusieurs fois si besoin)"
    )
    added.add_argument(
        "--commitment", action="append", default=[], metavar="NUMÉRO", help="un engagement juridique (de même)"
    )
    listed = ", ".join(f"{word} ({REQUIRES[value]})" for word, value in REQUIRES_IN_FRENCH.items())
    added.add_argument(
        "--requires", type=_requires, metavar="EXIGENCE", help=f"ce qu'une facture doit porter : {listed}"
    )
    added.add_argument(
        "--replace",
        action="store_true",
        help="remplacer le nom de la structure et les libellés de ses services ; sinon d'autres sont refusés",
    )
    kind = added.add_mutually_exclusive_group()
    kind.add_argument("--public", action="store_true", help="une entité publique, qui reçoit des factures")
    kind.add_argument("--private", action="store_true", help="une entreprise, qui en dépose")
    for action, what in (
        (added, "la structure et le compte à utiliser"),
        (actions.add_parser("list", help="lister les structures du hub local"), "les structures"),
    ):
        action.add_argument("--to", metavar="URL", help=f"adresse du hub (sinon CHORALE_URL, ou {DEMO_URL})")
        add_json(action, what)


def run(arguments: argparse.Namespace) -> int:
    """Do it; raises Failure: refused, or no hub."""
    url = (arguments.to or os.environ.get("CHORALE_URL") or DEMO_URL).rstrip("/") + "/_local/structures"
    try:
        if arguments.action == "list":
            answer = httpx.get(url, timeout=60)
        else:
            answer = httpx.post(url, json=_asked(arguments), timeout=60)
        content = answer.json()
    except (httpx.TransportError, httpx.InvalidURL, ValueError) as error:
        raise Failure(
            f"Aucun hub local ne répond à {without_password(url)} : démarrez-le par make run, ou indiquez --to."
        ) from error
    if answer.is_error:
        refusal = Failure(content.get("message", f"Refusé ({answer.status_code})."))
        refusal.exit_code = REFUSED
        raise refusal
    if arguments.as_json:
        print(json_text(content, indent=2))
    elif arguments.action == "list":
        for structure in content:
            print(visible(_line(structure)))
    else:
        print(visible(_told(content)))
    return DONE


def _requires(text: str) -> str:
    given = text.lower()
    value = REQUIRES_IN_FRENCH.get(given, given)
    if value not in REQUIRES:
        near = nearest(given, REQUIRES_IN_FRENCH)
        raise argparse.ArgumentTypeError(f"{text} n'existe pas{near} (au choix : {', '.join(REQUIRES_IN_FRENCH)})")
    return value


def _asked(arguments: argparse.Namespace) -> dict[str, Any]:
    services = [service.partition(":") for service in arguments.service]
    asked: dict[str, Any] = {
        "siret": arguments.siret,
        "name": arguments.name,
        "services": [{"code": code} | ({"label": label} if label else {}) for code, _, label in services],
        "commitments": arguments.commitment,
    }
    if arguments.requires:
        asked["requires"] = arguments.requires
    if arguments.replace:
        asked["replace"] = True
    if arguments.public or arguments.private:
        asked["public"] = arguments.public
    return asked


def _line(structure: dict[str, Any]) -> str:
    codes = ", ".join(service["code"] for service in structure["services"])
    return f"{structure['siret']}  {structure['name']}" + (f"  (services : {codes})" if codes else "")


def _told(structure: dict[str, Any]) -> str:
    services = "".join(f"\n  service           {one['code']} ({one['label']})" for one in structure["services"])
    return f"""{"Structure ajoutée" if structure["created"] else "Structure mise à jour"} : {structure["name"]}
  SIRET             {structure["siret"]}
  identifiant       {structure["id"]}
  nature            {"publique" if structure["public"] else "privée"}
  exige             {REQUIRES[structure["requires"]]}{services}
  compte technique  {structure["account"]} / {structure["password"]}
  dossiers EDI      edi/in/{structure["edi_partner"]}/ et edi/out/{structure["edi_partner"]}/"""
