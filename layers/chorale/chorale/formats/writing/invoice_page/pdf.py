"""An invoice as pages that a person reads: what ``view`` says, drawn on A4."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import zip_longest
from typing import Any

from fpdf.enums import AssociatedFileRelationship, VAlign
from fpdf.fonts import FontFace

from chorale.domain.french_numbers import money
from chorale.domain.invoices.invoice import Invoice, LineKind
from chorale.formats.writing.invoice_page.rows import Amount, LineView
from chorale.formats.writing.invoice_page.view import InvoiceView, view_of
from chorale.formats.writing.pdf_metadata import packet
from chorale.formats.writing.pdf_page import ACCENT, FONT, GREY, HEADINGS, PALE, Page, Ruled
from chorale.formats.writing.words import text_of
from chorale.formats.writing.works_pages import add_statement

CELL_AT_MOST, NARROW_AT_MOST = 600, 20
"""Characters of a wide cell, and of a narrow one."""
CELL_LINES_AT_MOST = 12
PIECES_AT_MOST = 25
"""Rows over which one long text goes; the data beside the pages has the rest."""
ROWS_AT_MOST = 1_200
"""Rows of the table of lines after which long texts are cut: a page is asked for and waited for."""
SHORT_AT_MOST = 26
"""Characters of a reference that shares its row with another."""
TAX_ROW, ROOM_FOR_HEADING = 5.8, 14.0
"""Millimetres of a row of the VAT breakdown, and of the title above it."""
TAX_ROWS_TOGETHER = 20
FOOT_AT_MOST = 90
"""Characters at the foot of a page, beside its number."""
NAME_AT_MOST = 200
"""Characters of the name of a row of totals."""
ADDRESS_AT_MOST = 150
"""Characters of one line of an address."""
BREAKABLE = re.compile(r"[ \n\f\v]+")
"""Spaces at which a line may end: no-break spaces hold numbers and their units together."""
COMPLIANCE = "PDF/A-3B"
SOURCE_NAME = "facture.xml"
MADE_FROM_DATA = (
    f"Pages établies par la plateforme à partir des données déposées ({SOURCE_NAME}, jointes à ce PDF), qui seules "
    "font foi."
)
CUT = "… (suite dans le fichier de données joint)"
ROOM_FOR_TOTALS = 6.4
"""Millimetres that a row of totals takes, with some to spare."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A file that the PDF carries."""

    name: str
    content: bytes
    mime_type: str
    relationship: AssociatedFileRelationship
    description: str


def render_invoice(
    invoice: Invoice, beside: Sequence[Beside], described: str = "", closing: str = "", sent_on: str = ""
) -> bytes:
    """``invoice`` as the bytes of a PDF/A-3b that carries the files ``beside``; the same input makes the same pages.

    ``described`` is what the XMP packet says beside title, supplier and day; ``closing`` is a sentence at the end of
    the pages, ``sent_on`` says under the parties to whom the invoice was sent on.
    """
    view = view_of(invoice)
    made_at = datetime.combine(invoice.issue_date, time(), UTC)
    foot = " · ".join(part for part in (view.title, invoice.supplier.name) if part)
    page = Page(_flat(view.title), _flat(foot, FOOT_AT_MOST), made_at, enforce_compliance=COMPLIANCE)
    for file in beside:
        page.embed_file(
            bytes=file.content,
            basename=file.name,
            mime_type=file.mime_type,
            associated_file_relationship=file.relationship.value,
            modification_date=made_at,
            desc=file.description,
        )
    page.set_xmp_metadata(packet(_flat(view.title), _flat(invoice.supplier.name), made_at, described))
    _heading(page, view, invoice)
    _parties(page, view)
    if sent_on:
        page.write_line(sent_on, size=9, bold=True, colour=ACCENT)
        page.ln(2)
    _references(page, view)
    if view.lines:
        _lines(page, view)
    if view.taxes:
        _taxes(page, view)
    _totals(page, view)
    if invoice.works:
        add_statement(page, invoice.works)
    if view.payment:
        page.section("Paiement")
        _fields(page, view.payment)
    if view.remarks:
        page.section("Mentions")
        _fields(page, view.remarks)
    if view.files:
        page.section("Pièces jointes")
        _fields(page, view.files, widths=(70, 104))
    if closing:
        page.ln(5)
        page.write_line(closing, size=8, colour=GREY)
    return bytes(page.output())


def pages_of(invoice: Invoice, data: bytes, sent_on: str = "") -> bytes:
    """The PDF of an invoice that was deposited as ``data`` (XML), which it carries; ``sent_on`` as render_invoice."""
    source = Beside(SOURCE_NAME, data, "text/xml", AssociatedFileRelationship.SOURCE, "Données déposées")
    return render_invoice(invoice, (source,), closing=MADE_FROM_DATA, sent_on=sent_on)


# Texts that fit


def _plain(text: str) -> str:
    return text_of(text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")


def _flat(text: str, most: int = ADDRESS_AT_MOST) -> str:
    """``text`` on one line."""
    flat = BREAKABLE.sub(" ", _plain(text)).strip()
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"


def _pieces(text: str) -> Iterator[str]:
    """``text`` in pieces that a row can hold each: a row does not go over to the next page."""
    pieces: list[list[str]] = [[]]
    for line in _plain(text).strip().split("\n"):
        for part in _wrapped(line):
            held = pieces[-1]
            if held and (len(held) == CELL_LINES_AT_MOST or sum(map(len, held)) + len(part) > CELL_AT_MOST):
                pieces.append([])
            pieces[-1].append(part)
    yield from ("\n".join(piece) for piece in pieces[:PIECES_AT_MOST])
    if len(pieces) > PIECES_AT_MOST:
        yield CUT


def _wrapped(line: str) -> Iterator[str]:
    """``line`` in parts of a cell's length at most, cut at a space where there is one."""
    while len(line) > CELL_AT_MOST:
        end = line.rfind(" ", 0, CELL_AT_MOST) + 1 or CELL_AT_MOST
        yield line[:end].rstrip()
        line = line[end:]
    yield line


# Parts of the page


def _heading(page: Page, view: InvoiceView, invoice: Invoice) -> None:
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 10)
    due = f", à payer le {invoice.due_date:%d/%m/%Y}" if invoice.due_date and view.payable > 0 else ""
    with page.table(**_plain_table((114, 60)), line_height=8, v_align=VAlign.M) as table:
        row = table.row()
        row.cell(_flat(view.title), style=FontFace(size_pt=21, emphasis="BOLD", color=ACCENT), align="LEFT")
        row.cell(
            money(view.payable, view.currency),
            style=FontFace(size_pt=17, emphasis="BOLD", fill_color=PALE),
            align="CENTER",
        )
        row = table.row()
        row.cell(view.subtitle, style=FontFace(size_pt=11, color=GREY), align="LEFT", v_align=VAlign.T)
        row.cell(
            f"{view.totals[-1].name}{due}",
            style=FontFace(size_pt=9, color=GREY, fill_color=PALE),
            align="CENTER",
        )
    page.ln(4)


def _plain_table(widths: tuple[float, ...]) -> dict[str, Any]:
    """A table without heading or rules."""
    return {"first_row_as_headings": False, "borders_layout": "NONE", "col_widths": widths}


def _parties(page: Page, view: InvoiceView) -> None:
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 10)
    with page.table(**_plain_table((84, 6, 84)), line_height=5, text_align="LEFT", v_align=VAlign.T) as table:
        heads = table.row()
        for name in ("FOURNISSEUR", "", "DESTINATAIRE"):
            heads.cell(name, style=FontFace(color=GREY, size_pt=8))
        supplier, buyer = ([_flat(line) for line in lines if line.strip()] for lines in (view.supplier, view.buyer))
        names = table.row()
        for first in (supplier[:1], [], buyer[:1]):
            names.cell("".join(first), style=FontFace(emphasis="BOLD", size_pt=11))
        row = table.row()
        for lines in (supplier[1:], [], buyer[1:]):
            row.cell("\n".join(lines))


def _references(page: Page, view: InvoiceView) -> None:
    """Short ones two by two, then those that need the width of the page."""
    page.ln(4)
    fields = [(name, _flat(value, CELL_AT_MOST)) for name, value in view.references]
    short = [(name, value) for name, value in fields if len(value) <= SHORT_AT_MOST]
    half = (len(short) + 1) // 2
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 9.5)
    label = FontFace(color=GREY)
    with page.table(**_plain_table((38, 52, 38, 46)), line_height=5, text_align="LEFT", v_align=VAlign.T) as table:
        for left, right in zip_longest(short[:half], short[half:], fillvalue=("", "")):
            row = table.row()
            for name, value in (left, right):
                row.cell(name, style=label)
                row.cell(value)
    _fields(page, ((name, value) for name, value in fields if len(value) > SHORT_AT_MOST), (38, 136))


def _fields(page: Page, fields: Iterable[tuple[str, str]], widths: tuple[float, float] = (46, 128)) -> None:
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 9.5)
    with page.table(**_plain_table(widths), line_height=5, text_align="LEFT", v_align=VAlign.T) as table:
        for name, value in fields:
            for place, piece in enumerate(_pieces(value)):
                row = table.row()
                row.cell("" if place else _flat(name), style=FontFace(color=GREY))
                row.cell(piece)


SPANNED = 2
"""Rows of a line that stay on one page."""
LINE_WIDTHS = (11, 76, 26, 20, 14, 27)
LINE_ALIGNMENT = ("LEFT", "LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT")


def _lines(page: Page, view: InvoiceView) -> None:
    page.section("Lignes")
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 9)
    rules = Ruled()
    with page.table(
        col_widths=LINE_WIDTHS,
        line_height=4.2,
        borders_layout=rules,
        headings_style=HEADINGS,
        text_align=LINE_ALIGNMENT,
        v_align=VAlign.T,
        padding=(0.6, 1, 0.6, 1),
    ) as table:
        heading = table.row()
        for name in ("N°", "Désignation", "Quantité", "Prix unit. HT", "TVA", "Montant HT"):
            heading.cell(name)
        for line in view.lines:
            _line(table, line, view.currency, rules)
        if view.hidden:
            row = table.row()
            row.cell(
                f"{view.hidden} autres lignes sont dans le fichier de données joint à ce PDF.",
                colspan=5, align="LEFT", style=FontFace(color=GREY),
            )  # fmt: skip
            row.cell(money(view.hidden_net, view.currency))


def _line(table: Any, line: LineView, currency: str, rules: Ruled) -> None:
    """The rows of one line: its name and figures, then what is told of it in smaller letters."""
    named = FontFace(emphasis="BOLD") if line.kind is LineKind.GROUP else FontFace()
    if line.kind is LineKind.INFORMATION:
        named = FontFace(color=GREY)
    first, *more = _pieces(line.name)
    texts = [(first, named), *((piece, named) for piece in more)]
    texts += [(piece, FontFace(color=GREY, size_pt=8)) for piece in _pieces("\n".join(line.details)) if piece]
    if len(table.rows) > ROWS_AT_MOST and len(texts) > SPANNED:
        texts = [*texts[:SPANNED], (CUT, FontFace(color=GREY, size_pt=8))]
    for place, (text, style) in enumerate(texts):
        row = table.row()
        figures = ("", "", "", "")
        if place == 0:
            net = money(line.net, currency) if line.net is not None else ""
            figures = (line.quantity, line.price, line.rate, net)
        if place == 0:
            # What spans two rows keeps them on one page.
            row.cell(_flat(line.number, NARROW_AT_MOST), rowspan=min(SPANNED, len(texts)))
        elif place > 1:
            row.cell("")
        row.cell(text, style=style)
        for value in figures:
            row.cell(_flat(value, 2 * NARROW_AT_MOST))
        if place < len(texts) - 1:
            rules.open_rows.add(len(table.rows) - 1)
    if len(texts) == SPANNED:
        rules.spanned_rows.add(len(table.rows) - SPANNED)


def _taxes(page: Page, view: InvoiceView) -> None:
    rows = 1 + sum(len(list(_pieces(tax.name))) for tax in view.taxes)
    # A breakdown of ordinary size is read at one glance: it is not torn between two pages.
    page.section("TVA", ROOM_FOR_HEADING + rows * TAX_ROW if rows <= TAX_ROWS_TOGETHER else 0)
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 9)
    with page.table(
        col_widths=(90, 20, 32, 32),
        line_height=4.8,
        borders_layout=Ruled(),
        headings_style=HEADINGS,
        text_align=("LEFT", "RIGHT", "RIGHT", "RIGHT"),
        padding=(0.4, 1, 0.4, 1),
    ) as table:
        heading = table.row()
        for name in ("Catégorie", "Taux", "Base HT", "TVA"):
            heading.cell(name)
        for tax in view.taxes:
            first, *more = _pieces(tax.name)
            row = table.row()
            row.cell(first)
            row.cell(tax.rate)
            row.cell(money(tax.base, view.currency) if tax.base is not None else "")
            row.cell(money(tax.amount, view.currency))
            for piece in more:
                row = table.row()
                row.cell(piece, colspan=4, align="LEFT")
    if view.taxes_note:
        page.write_line(view.taxes_note, size=9, colour=GREY)


def _totals(page: Page, view: InvoiceView) -> None:
    page.ln(4)
    if page.will_page_break(ROOM_FOR_TOTALS * len(view.totals)):
        page.add_page()
    page.set_text_color(0, 0, 0)
    page.set_font(FONT, "", 10)
    last = view.totals[-1]
    with page.table(
        **_plain_table((82, 34)),
        width=116,
        align="RIGHT",
        line_height=5.4,
        text_align="RIGHT",
        padding=(0.3, 2, 0.3, 2),
    ) as table:
        for one in view.totals:
            row = table.row()
            style = _total_style(one, one is last)
            row.cell(_flat(one.name, NAME_AT_MOST), style=style)
            row.cell(money(one.value, view.currency), style=style)


def _total_style(one: Amount, is_last: bool) -> FontFace:
    if is_last:
        return FontFace(emphasis="BOLD", fill_color=PALE, size_pt=12)
    return FontFace(emphasis="BOLD") if one.strong else FontFace()
