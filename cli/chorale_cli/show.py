"""chorale show: one invoice whole, for its recipient or its supplier."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chorale.domain.frames import Frame
from chorale.domain.units import unit_words
from rich.table import Table

from chorale_cli.arguments import add_json, positive
from chorale_cli.connection import DEMO_RECIPIENT, add_connection, connect
from chorale_cli.exits import DONE
from chorale_cli.french import amount, counted, day, moment, number, percent
from chorale_cli.inbox import status_label
from chorale_cli.screen import escape, show, show_json

if TYPE_CHECKING:
    from chorale_cli.client import HubClient

AS_RECIPIENT = "/cpro/factures/v1/consulter/recipiendaire"
AS_SUPPLIER = "/cpro/factures/v1/consulter/fournisseur"
HISTORY = "/cpro/factures/v1/consulter/historique"
ROWS_AT_ONCE = 500
"""Lines, rates and attachments that one call asks for."""
PAGINGS = {
    AS_RECIPIENT: ("rechercheLignePoste", "rechercheligneTvaRecap", "recherchePj"),
    AS_SUPPLIER: ("getpLignesPoste", "getpLigneRecapTva", "getpListePiecesJointes"),
}
"""Operation -> names of the pages of its lines, of its VAT breakdown and of its attachments."""
ZERO, CENT = Decimal(0), Decimal("0.01")
PAYMENT_MODES = {
    "ESPECE": "espèces",
    "CHEQUE": "chèque",
    "VIREMENT": "virement",
    "PRELEVEMENT": "prélèvement",
    "REPORT": "report",
    "AUTRE": "autre",
}
DESCRIPTION = """\
Lire une facture : en-tête, lignes, TVA, pièces jointes, historique. Son
destinataire et son fournisseur le peuvent.
"""
EPILOG = """\
exemple :
  chorale show 1000042

Code de sortie : 0 la facture est montrée, 1 le hub a refusé, 2 elle n'a pas pu
être lue.
"""


def declare(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    parser.add_argument(
        "id", type=positive, metavar="ID", help="identifiant de la facture, que donne « chorale inbox »"
    )
    add_json(parser, "la facture et son historique, avec les noms de l'API")
    add_connection(parser, DEMO_RECIPIENT)


def run(arguments: Namespace) -> int:
    """Show the invoice."""
    hub = connect(arguments)
    invoice = read_invoice(hub, arguments.id)
    history = hub.call(HISTORY, {"idFacture": arguments.id})["historiquesDesStatuts"]["histoStatut"]
    if arguments.as_json:
        show_json({"facture": invoice, "historique": history}, indent=2)
        return DONE
    for block in _blocks(invoice, history):
        show(*block, "")
    return DONE


def read_invoice(hub: "HubClient", invoice_id: int) -> dict[str, Any]:
    """An invoice with all its lines, as the side of the account may read it; raises HubError."""
    from chorale_cli.client import HubRefusal

    try:
        return _read(hub, AS_RECIPIENT, invoice_id)
    except HubRefusal as refusal:
        try:
            return _read(hub, AS_SUPPLIER, invoice_id)
        except HubRefusal:
            raise refusal from None


def _read(hub: "HubClient", path: str, invoice_id: int) -> dict[str, Any]:
    lines, taxes, files = PAGINGS[path]
    asked = {
        taxes: {"nbResultatsParPageListeListeRecapitulatifTVA": ROWS_AT_ONCE},
        files: {"nbResultatsParPageListePieceJointe": ROWS_AT_ONCE},
    }

    def page(rank: int) -> dict[str, Any]:
        of_lines = {"pageResultatDemandeeLignesPoste": rank, "nbResultatsParPageLignesPoste": ROWS_AT_ONCE}
        answer = hub.call(path, {"identifiantFactureCPP": invoice_id, **asked, lines: of_lines})
        invoice: dict[str, Any] = answer["facture"]
        return invoice

    invoice = page(1)
    given = invoice["lignesDePoste"]
    for rank in range(2, given["pagesLignesPoste"] + 1):
        given["lignePoste"] += page(rank)["lignesDePoste"]["lignePoste"]
    return invoice


Block = tuple[Any, ...]


def _blocks(invoice: dict[str, Any], history: list[dict[str, Any]]) -> Iterator[Block]:
    currency = invoice["references"]["codeDeviseFacture"]
    kind = "Avoir" if invoice["references"]["typeFacture"] == "AVOIR" else "Facture"
    yield (
        f"{kind} [bold]{escape(invoice['numeroFacture'])}[/bold]  {status_label(invoice['statutFacture'])} "
        f"[dim]({invoice['statutFacture']})[/dim]",
        _header(invoice),
    )
    lines = invoice["lignesDePoste"]["lignePoste"]
    if lines:
        yield _lines(lines, currency)
    yield _totals(invoice, currency)
    if untold := list(_untold(invoice)):
        yield (*untold, f"Le détail est dans les pages : chorale download {invoice['identifiantFactureCPP']}")
    files = invoice["listeDesPiecesJointes"]["pieceJointe"]
    if files:
        yield _files(files)
    yield _history(history)


def _header(invoice: dict[str, Any]) -> Table:
    references, supplier, recipient = (invoice[part] for part in ("references", "fournisseur", "destinataire"))
    service = [recipient.get("codeServiceExecutant"), recipient.get("libelleServiceExecutant")]
    mode = references.get("modePaiement")
    iban = supplier.get("coordBancairesFournisseurCompteBancaire")
    frame = invoice["cadreDeFacturation"]
    facts = (
        ("identifiant", str(invoice["identifiantFactureCPP"])),
        ("fournisseur", f"{supplier['designationFournisseur']} ({supplier['codeFournisseur']})"),
        ("destinataire", f"{recipient['libelleDestinataire']} ({recipient['codeDestinataire']})"),
        ("service", " - ".join(filter(None, service))),
        ("engagement", references.get("numeroBonCommande")),
        ("marché", references.get("numeroMarche")),
        ("facture d'origine", references.get("numeroFactureOrigine")),
        ("cadre", _frame(frame["codeCadreFacturation"])),
        ("valideur", frame.get("raisonSocialeValideur1")),
        ("émise le", day(references["dateFacture"])),
        ("déposée le", day(references["dateDepot"])),
        ("échéance", day(references["dateEcheancePaiement"]) if references.get("dateEcheancePaiement") else ""),
        ("paiement", " ".join(filter(None, [PAYMENT_MODES.get(mode, mode) if mode else "", iban]))),
        ("bénéficiaire", _payee(supplier.get("affactureur") or {})),
        ("exonération de TVA", references.get("libelleMotifExonerationTva")),
        ("mandat", references.get("numeroDpMandat")),
        ("commentaire", invoice.get("commentaire")),
    )
    table = Table(box=None, pad_edge=True, show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts:
        if value:
            table.add_row(name, escape(value))
    return table


def _frame(code: str) -> str:
    """``A1 - Facture du fournisseur``; the code alone of one that is not known here."""
    known = Frame._value2member_map_.get(code)
    return f"{known.short} - {known.label}" if isinstance(known, Frame) else code


def _payee(payee: dict[str, Any]) -> str:
    """Who is paid in place of the supplier."""
    parts = (payee.get("affactureurRaisonSociale"), payee.get("affactureurCode"))
    return " - ".join(part for part in parts if part)


def _lines(lines: list[dict[str, Any]], currency: str) -> Block:
    table = Table(box=None, pad_edge=True, header_style="dim")
    table.add_column("n°", justify="right", no_wrap=True)
    table.add_column("désignation", overflow="fold")
    reduced = any(line.get("lignePosteMontantRemiseHT") for line in lines)
    for heading in ("quantité", "prix HT", *(["remise HT"] if reduced else []), "TVA", f"total HT ({currency})"):
        table.add_column(heading, justify="right", no_wrap=True)
    for line in lines:
        quantity, unit = line.get("lignePosteQuantite"), line.get("lignePosteUniteLibelle")
        price = line.get("lignePosteMontantUnitaireHT")
        table.add_row(
            str(line["lignePosteNumero"]),
            escape(line["lignePosteDenomination"]),
            " ".join(filter(None, [_said(quantity, number), escape(unit_words(unit, quantity)) if unit else ""])),
            _price(price) if price is not None else "",
            *([amount(-line["lignePosteMontantRemiseHT"]) if line.get("lignePosteMontantRemiseHT") else ""][:reduced]),
            _said(line.get("lignePosteTauxTvaManuel"), percent),
            _said(line.get("lignePosteMontantHtApresRemise"), amount),
        )
    return (f"[dim]{counted(len(lines), 'ligne')}[/dim]", table)


def _untold(invoice: dict[str, Any]) -> Iterator[str]:
    """What a reader cannot add up again from the answer of the hub, which does not have all that makes a total."""
    lines, total = invoice["lignesDePoste"]["lignePoste"], invoice["montantTotal"]
    others = [str(line["lignePosteNumero"]) for line in lines if not _adds_up(line)]
    if others:
        said = f"Lignes {', '.join(others)}" if len(others) > 1 else f"Ligne {others[0]}"
        yield (
            f"{said} : le total n'est pas quantité × prix - remise (prix pour plusieurs unités, frais) ; le hub ne "
            "détaille pas ces lignes."
        )
    if lines and _net_of(lines) != total["montantHtTotal"]:
        yield "Remises et frais du document : le hub n'en donne que la somme."
    if _left(total):
        yield "Déjà payé et arrondi : le hub n'en donne que la somme."


def _adds_up(line: dict[str, Any]) -> bool:
    """Whether a line comes to its quantity times its price less its discount, as far as it has them."""
    quantity, price = line.get("lignePosteQuantite"), line.get("lignePosteMontantUnitaireHT")
    net = line.get("lignePosteMontantHtApresRemise")
    if quantity is None or price is None or net is None:
        return True
    expected = Decimal(quantity) * Decimal(price) - Decimal(line.get("lignePosteMontantRemiseHT") or 0)
    return abs(expected - Decimal(net)) < CENT


def _net_of(lines: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(line["lignePosteMontantHtApresRemise"] or 0) for line in lines), ZERO)


def _left(total: dict[str, Any]) -> Decimal:
    """What is to pay beside the total with tax: less what was paid before, and a rounding."""
    if total.get("montantRemiseGlobaleTTC"):
        return ZERO
    return Decimal(total["montantAPayer"]) - Decimal(total["montantTtcTotal"])


def _said(value: Any, write: Any) -> str:
    return write(value) if value is not None else ""


def _price(value: Any) -> str:
    """To the cent at least; a price may have more digits."""
    return max(amount(value), number(value), key=len)


def _totals(invoice: dict[str, Any], currency: str) -> Block:
    total = invoice["montantTotal"]
    table = Table(box=None, pad_edge=True, show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    lines = invoice["lignesDePoste"]["lignePoste"]
    if lines and (net := _net_of(lines)) != total["montantHtTotal"]:
        table.add_row("total des lignes HT", amount(net, currency))
        table.add_row("remises et frais du document", amount(total["montantHtTotal"] - net, currency))
    table.add_row("total HT", amount(total["montantHtTotal"], currency))
    rates = invoice["recapitulatifDeTva"]["ligneTva"]
    for rate in rates if len(rates) > 1 else ():
        base = amount(rate["ligneTvaMontantBaseHtParTaux"], currency)
        name = f"TVA {_said(rate.get('ligneTvaTauxManuel'), percent)} sur {base}"
        table.add_row(name, amount(rate["ligneTvaMontantTvaParTaux"], currency))
    table.add_row("TVA", amount(total["montantTVA"], currency))
    if total.get("montantRemiseGlobaleTTC"):
        name = " : ".join(filter(None, ["remise", escape(total.get("motifRemiseGlobaleTTC") or "")]))
        table.add_row(name, amount(-total["montantRemiseGlobaleTTC"], currency))
    table.add_row("total TTC", amount(total["montantTtcTotal"], currency))
    if left := _left(total):
        table.add_row("déjà payé, arrondi", amount(left, currency))
    table.add_row("à payer", f"[bold]{amount(total['montantAPayer'], currency)}[/bold]")
    return (table,)


def _files(files: list[dict[str, Any]]) -> Block:
    table = Table(box=None, pad_edge=True, show_header=False)
    for file in files:
        table.add_row(
            f"[dim]{file.get('pieceJointeId') or ''}[/dim]",
            escape(file["pieceJointeDesignation"]),
            file.get("pieceJointeExtension") or "",
            f"[dim]{escape(file.get('pieceJointeTypeLibelle') or '')}[/dim]",
        )
    return (f"[dim]{counted(len(files), 'pièce jointe', 'pièces jointes')}[/dim]", table)


def _history(history: list[dict[str, Any]]) -> Block:
    table = Table(box=None, pad_edge=True, show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for step in sorted(history, key=lambda step: step["histoStatutId"]):
        by = "" if step["histoStatutUtilisateurNom"] == "SYSTEME" else step["histoStatutUtilisateurNom"]
        table.add_row(
            moment(step["histoStatutDatePassage"]),
            status_label(step["histoStatutCode"]),
            escape("\n".join(filter(None, [by, step.get("histoStatutCommentaire")]))),
        )
    return ("[dim]historique[/dim]", table)
