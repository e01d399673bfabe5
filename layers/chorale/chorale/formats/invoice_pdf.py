"""An invoice as pages that a person reads: what the platform shows of data that came without a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal

from fpdf.enums import AssociatedFileRelationship, VAlign
from fpdf.fonts import FontFace

from chorale.domain.invoice import Address, DocumentKind, Invoice, Line, Party, TaxRegime
from chorale.formats.pdf_page import FONT, GREY, PALE, Page
from chorale.formats.writing import number_of, text_of

LINES_AT_MOST = 500
"""Lines that the pages show: the data beside them has all."""
CELL_AT_MOST, NARROW_AT_MOST = 500, 20
"""Characters of a wide cell, and of a narrow one."""
CELL_LINES_AT_MOST = 12
ADDRESS_AT_MOST = 150
"""Characters of one part of an address."""
COMPLIANCE = "PDF/A-3B"
SOURCE_NAME = "facture.xml"
TITLES = {DocumentKind.INVOICE: "Facture", DocumentKind.CREDIT_NOTE: "Avoir"}
REGIMES = {
    TaxRegime.ON_INVOICE: "TVA sur les débits",
    TaxRegime.ON_PAYMENT: "TVA sur les encaissements",
    TaxRegime.EXEMPT: "Exonération de TVA",
    TaxRegime.NONE: "Sans TVA",
}
MEANS = {
    "10": "espèces", "20": "chèque", "30": "virement", "31": "prélèvement", "42": "virement", "48": "carte",
    "49": "prélèvement", "58": "virement", "59": "prélèvement", "97": "compensation",
}  # fmt: skip
CATEGORIES = {
    "S": "Taxé", "Z": "Taux zéro", "E": "Exonéré", "O": "Hors du champ de la TVA", "AE": "Autoliquidation",
    "K": "Livraison intracommunautaire", "G": "Exportation", "L": "IGIC", "M": "IPSI",
}  # fmt: skip
"""UNTDID 5305, as a reader knows them."""
CURRENCY_SIGNS = {"EUR": "€"}


@dataclass(frozen=True, slots=True)
class Beside:
    """A file that the PDF carries."""

    name: str
    content: bytes
    mime_type: str
    relationship: AssociatedFileRelationship
    description: str


def render_invoice(invoice: Invoice, beside: Sequence[Beside], metadata: str = "") -> bytes:
    """``invoice`` as the bytes of a PDF/A-3b that carries the files ``beside``; the same input makes the same pages.

    ``metadata`` is the XMP packet, without its wrapper, where it must say more than the title.
    """
    title = f"{TITLES[invoice.kind]} {invoice.number}"
    made_at = datetime.combine(invoice.issue_date, time(), UTC)
    page = Page(_plain(title), _plain(title), made_at, enforce_compliance=COMPLIANCE)
    for file in beside:
        page.embed_file(
            bytes=file.content,
            basename=file.name,
            mime_type=file.mime_type,
            associated_file_relationship=file.relationship.value,
            modification_date=made_at,
            desc=file.description,
        )
    if metadata:
        page.set_xmp_metadata(metadata)
    _heading(page, invoice, title)
    _parties(page, invoice)
    _references(page, invoice)
    if invoice.lines:
        _lines(page, invoice)
    if invoice.tax_lines:
        _taxes(page, invoice)
    _totals(page, invoice)
    if invoice.note:
        page.section("Commentaire")
        page.write_line(_plain(invoice.note))
    return bytes(page.output())


def pages_of(invoice: Invoice, data: bytes) -> bytes:
    """The PDF of an invoice that was deposited as ``data`` (XML), which it carries."""
    source = Beside(SOURCE_NAME, data, "text/xml", AssociatedFileRelationship.SOURCE, "Données déposées")
    return render_invoice(invoice, (source,))


def _plain(text: str) -> str:
    return text_of(text).replace("\r\n", "\n").replace("\t", " ")


def _short(text: str, most: int = CELL_AT_MOST) -> str:
    """As much of ``text`` as a cell can show: a row does not go over to the next page."""
    kept = "\n".join(_plain(text).split("\n")[:CELL_LINES_AT_MOST])
    return kept if len(kept) <= most else f"{kept[: most - 1]}…"


def _heading(page: Page, invoice: Invoice, title: str) -> None:
    page.write_line(_plain(title), size=20, bold=True)
    page.write_line(f"du {invoice.issue_date:%d/%m/%Y} - {invoice.frame.label}", colour=GREY)
    page.ln(4)


def _parties(page: Page, invoice: Invoice) -> None:
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 10)
    with page.table(
        first_row_as_headings=False, borders_layout="NONE", col_widths=(87, 87), line_height=5, v_align=VAlign.T
    ) as table:
        heads = table.row()
        for name in ("Fournisseur", "Destinataire"):
            heads.cell(name, style=FontFace(color=GREY))
        row = table.row()
        row.cell(_party(invoice.supplier), align="LEFT")
        service = f"Service {invoice.service_code}" if invoice.service_code else ""
        row.cell(_party(invoice.buyer, service), align="LEFT")


def _party(party: Party, more: str = "") -> str:
    vat = f"TVA {party.vat_number}" if party.vat_number else ""
    rows = [party.name, *_address(party.address), f"Identifiant {party.identifier}", vat, more]
    return "\n".join(_short(row.replace("\n", " "), ADDRESS_AT_MOST) for row in rows if row)


def _address(address: Address) -> Iterable[str]:
    yield from (address.line1, address.line2, address.line3)
    yield " ".join(part for part in (address.postcode, address.city, address.country) if part)


def _references(page: Page, invoice: Invoice) -> None:
    rows = [
        ("Engagement juridique", invoice.commitment),
        ("Marché", invoice.contract),
        ("Facture d'origine", invoice.origin_number),
        ("Valideur", invoice.validator),
        ("Échéance", f"{invoice.due_date:%d/%m/%Y}" if invoice.due_date else ""),
        ("Paiement", MEANS.get(invoice.payment_means, "")),
        ("IBAN", invoice.iban),
        ("Régime de TVA", REGIMES[invoice.tax_regime]),
    ]
    page.ln(3)
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 10)
    with page.table(
        first_row_as_headings=False, borders_layout="NONE", col_widths=(40, 134), line_height=5.5, align="LEFT"
    ) as table:
        for name, value in rows:
            if value:
                row = table.row()
                row.cell(name, style=FontFace(color=GREY))
                row.cell(_short(value))


def _lines(page: Page, invoice: Invoice) -> None:
    page.section("Lignes")
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 9)
    with page.table(
        col_widths=(12, 66, 22, 24, 18, 32),
        line_height=5,
        borders_layout="HORIZONTAL_LINES",
        headings_style=FontFace(emphasis="BOLD", fill_color=PALE),
        text_align=("LEFT", "LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT"),
    ) as table:
        heading = table.row()
        for name in ("N°", "Désignation", "Quantité", "Prix HT", "TVA", "Montant HT"):
            heading.cell(name)
        for line in invoice.lines[:LINES_AT_MOST]:
            row = table.row()
            for value in _cells(line, invoice.currency):
                row.cell(value)
    hidden = len(invoice.lines) - LINES_AT_MOST
    if hidden > 0:
        page.write_line(f"{hidden} autres lignes sont dans le fichier de données joint à ce PDF.", size=9, colour=GREY)


def _cells(line: Line, currency: str) -> tuple[str, ...]:
    reference = f"\n{_short(line.reference, 100)}" if line.reference and line.reference != line.name else ""
    allowance = f"\nRemise {money(line.allowance, currency)}" if line.allowance else ""
    unit = _short(line.unit, NARROW_AT_MOST)
    quantity = f"{_number(line.quantity)} {unit}".strip() if line.quantity is not None else ""
    return (
        _short(line.identifier, NARROW_AT_MOST),
        f"{_short(line.name)}{reference}{allowance}",
        quantity,
        _price(line.unit_price) if line.unit_price is not None else "",
        f"{_number(line.tax_rate)} %" if line.tax_rate is not None else "",
        money(line.net, currency) if line.net is not None else "",
    )


def _taxes(page: Page, invoice: Invoice) -> None:
    page.section("TVA")
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 9)
    with page.table(
        col_widths=(78, 24, 36, 36),
        line_height=5,
        borders_layout="HORIZONTAL_LINES",
        headings_style=FontFace(emphasis="BOLD", fill_color=PALE),
        text_align=("LEFT", "RIGHT", "RIGHT", "RIGHT"),
    ) as table:
        heading = table.row()
        for name in ("Catégorie", "Taux", "Base HT", "TVA"):
            heading.cell(name)
        for tax in invoice.tax_lines:
            row = table.row()
            name = CATEGORIES.get(tax.category, tax.category)
            row.cell(_short(f"{name} : {tax.exemption_reason}" if tax.exemption_reason else name))
            row.cell(f"{_number(tax.rate)} %" if tax.rate is not None else "")
            row.cell(money(tax.base, invoice.currency))
            row.cell(money(tax.amount, invoice.currency))


def _totals(page: Page, invoice: Invoice) -> None:
    totals = invoice.totals
    reason = f" ({totals.discount_reason})" if totals.discount_reason else ""
    rows = [
        ("Total HT", totals.net, False),
        ("TVA", totals.vat, False),
        (f"Remise globale{reason}", -totals.discount if totals.discount else None, False),
        ("Total TTC", totals.gross, False),
        ("Déjà payé", -totals.prepaid if totals.prepaid else None, False),
        ("Net à payer", totals.payable, True),
    ]
    page.ln(4)
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 11)
    with page.table(
        first_row_as_headings=False, borders_layout="NONE", col_widths=(138, 36), line_height=6, text_align="RIGHT"
    ) as table:
        for name, value, strong in rows:
            if value is not None:
                style = FontFace(emphasis="BOLD") if strong else None
                row = table.row()
                row.cell(_short(name), style=style)
                row.cell(money(value, invoice.currency), style=style)


def _number(number: Decimal | None) -> str:
    return _grouped(number_of(number or Decimal(0)))


def _grouped(digits: str) -> str:
    """As a French reader writes it: a decimal comma, spaces between thousands."""
    whole, _, cents = digits.partition(".")
    sign, figures = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(figures):,}".replace(",", "\u00a0") + (f",{cents}" if cents else "")


def _price(price: Decimal) -> str:
    """To the cent at least; a price may have more digits than its currency."""
    return _number(price) if price != round(price, 2) else _grouped(f"{price:.2f}")


def money(amount: Decimal, currency: str) -> str:
    """``1 234,50 €``: to the cent, with the sign of the currency or its code."""
    return f"{_grouped(f'{amount:.2f}')}\u00a0{CURRENCY_SIGNS.get(currency, currency)}"
