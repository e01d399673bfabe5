"""chorale inbox: what a recipient has received."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING, Any

from chorale.domain.statuses import STATUS_LABELS, Status
from rich.table import Table

from chorale_cli.arguments import add_json, asked_day, positive
from chorale_cli.connection import DEMO_RECIPIENT, SIRET_LENGTH, add_connection, connect
from chorale_cli.exits import DONE, Failure
from chorale_cli.french import amount, counted, day
from chorale_cli.screen import escape, show, show_json
from chorale_cli.statuses import listed_codes, near_status, status_of

if TYPE_CHECKING:
    from chorale_cli.client import HubClient

RECEIVED = "/cpro/factures/v1/rechercher/recipiendaire"
STRUCTURES = "/cpro/structures/v1/rechercher"
PER_PAGE = 20
ORDINARY, WORKS = "FACTURE", "FACTURE_TRAVAUX"

DESCRIPTION = """\
Lister les factures reçues, la dernière déposée d'abord. Tous les critères
donnés doivent être remplis ; les jours sont ceux de Paris, bornes comprises.
"""
EPILOG = """\
exemples :
  chorale inbox --status MISE_A_DISPOSITION
  chorale inbox --since 01/11/2026 --until 30/11/2026 --supplier 99000007700018
  chorale inbox --json | jq -r '.factures[] | [.idFacture, .montantTTC] | @tsv'

Code de sortie : 0 la liste est faite, même vide, 1 le hub a refusé, 2 elle n'a
pas pu se faire.
"""


def declare(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    parser.add_argument(
        "--status", action="append", type=_status, metavar="STATUT", default=[],
        help="au statut donné, par exemple SERVICE_FAIT ou « Service fait » ; peut être répété",
    )  # fmt: skip
    parser.add_argument("--since", type=asked_day, metavar="JOUR", help="déposées à partir de ce jour (30/11/2026)")
    parser.add_argument("--until", type=asked_day, metavar="JOUR", help="déposées jusqu'à ce jour")
    parser.add_argument("--supplier", metavar="QUI", help="d'un fournisseur : son SIRET, ou des mots de son nom")
    parser.add_argument("--number", metavar="NUMÉRO", help="dont le numéro contient ce texte")
    parser.add_argument("--works", action="store_true", help="les factures de travaux au lieu des autres")
    parser.add_argument("--page", type=positive, default=1, metavar="N", help="page voulue (par défaut : %(default)s)")
    parser.add_argument(
        "--per-page", type=positive, default=PER_PAGE, metavar="N", help="factures par page (par défaut : %(default)s)"
    )
    add_json(parser, "la page, avec les noms de l'API")
    add_connection(parser, DEMO_RECIPIENT)


def run(arguments: Namespace) -> int:
    """List the invoices."""
    if arguments.since and arguments.until and arguments.since > arguments.until:
        raise Failure(f"la période est vide : du {day(arguments.since)} au {day(arguments.until)}")
    hub = connect(arguments)
    found = hub.search(RECEIVED, _criteria(hub, arguments))
    rows = found.get("listeFactures", [])
    pages, total = found.get("pages", 0), found.get("total", 0)
    if arguments.as_json:
        show_json({"factures": rows, "page": arguments.page, "pages": pages, "total": total})
        return DONE
    show(f"[dim]Reçues par {escape(hub.login)}[/dim]")
    if rows:
        show(_table(rows), "")
    show(summary(total, arguments.page, pages))
    return DONE


def _criteria(hub: "HubClient", arguments: Namespace) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "typeDemandePaiement": WORKS if arguments.works else ORDINARY,
        "paramRecherche": {
            "pageResultatDemandee": arguments.page,
            "nbResultatsParPage": arguments.per_page,
            "triColonne": "dateDepot",
            "triSens": "Descendant",
        },
    }
    if arguments.status:
        asked["statutCourant"] = [status.value for status in arguments.status]
    if arguments.since:
        asked["periodeDateDepotDu"] = arguments.since.isoformat()
    if arguments.until:
        asked["periodeDateDepotAu"] = arguments.until.isoformat()
    if arguments.number:
        asked["numeroFacture"] = arguments.number
    if arguments.supplier:
        asked["listeFournisseurs"] = [{"idFournisseur": found} for found in _suppliers(hub, arguments.supplier)]
    return asked


def _suppliers(hub: "HubClient", who: str) -> list[int]:
    """The structures that a SIRET or words of a name mean; raises Failure when there is none."""
    named = "".join(who.split())
    by_number = named.isdigit() and len(named) == SIRET_LENGTH
    criteria = {"identifiantStructure": named} if by_number else {"raisonSocialeStructure": who}
    body = {"structure": criteria, "parametres": {"nbResultatsParPage": 100}}
    structures = hub.search(STRUCTURES, body).get("listeStructures", [])
    if not structures:
        raise Failure(f"aucun fournisseur « {who} » dans l'annuaire : donnez son SIRET (14 chiffres) ou son nom")
    return [structure["idStructureCPP"] for structure in structures]


def _status(text: str) -> Status:
    status = status_of(text)
    if status is None:
        choice = near_status(text, Status) or f". Statuts possibles :\n{listed_codes(Status)}"
        raise ArgumentTypeError(f"le statut {text} n'existe pas{choice}")
    return status


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("id", no_wrap=True)
    table.add_column("facture", overflow="fold")
    table.add_column("fournisseur", overflow="fold")
    table.add_column("déposée", no_wrap=True)
    table.add_column("TTC", justify="right", no_wrap=True)
    table.add_column("statut", overflow="fold")
    for row in rows:
        number = f"{row['numeroFacture']} (avoir)" if row["typeFacture"] == "AVOIR" else row["numeroFacture"]
        table.add_row(
            str(row["idFacture"]),
            escape(number),
            escape(row["designationFournisseur"]),
            day(row["dateDepot"]),
            amount(row["montantTTC"], row["devise"]),
            status_label(row["statut"]),
        )
    return table


def status_label(code: str) -> str:
    """The French label of a status of the API; the code of one that is not known here."""
    return STATUS_LABELS[Status(code)] if code in Status.__members__ else code


def summary(total: int, page: int, pages: int) -> str:
    """How many there are, and how to see the others."""
    if not total:
        return "Aucune facture reçue ne répond à ces critères."
    said = counted(total, "facture")
    if page > pages:
        return f"Il n'y a pas de page {page} : {said} en {counted(pages, 'page')}."
    if pages > 1:
        said += f", page {page} sur {pages}"
    return said + (f" (la suite : --page {page + 1})" if page < pages else "")
