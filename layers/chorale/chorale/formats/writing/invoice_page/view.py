"""What the pages of an invoice say, before anything is drawn: every amount that makes its total, every legal mention.

The amounts of ``lines`` add up to the first of ``totals``, those of ``totals`` to what is to be paid; where a document
does not add up by itself (rounding, a profile without detail), a row says by how much. What the law wants on an invoice
is in CGI ann. II art. 242 nonies A, and code de commerce art. L441-9 and D441-5; the pages show what the document has.
"""

from dataclasses import dataclass
from decimal import Decimal

from chorale.domain.invoices.invoice import DocumentKind, Invoice
from chorale.formats.writing.invoice_page.lines import line_view, sum_of
from chorale.formats.writing.invoice_page.parties import party_lines, references
from chorale.formats.writing.invoice_page.payment import files, payment, remarks
from chorale.formats.writing.invoice_page.rows import Amount, Fields, LineView, TaxView
from chorale.formats.writing.invoice_page.sums import tax_rows, taxes_note, total_rows

LINES_AT_MOST = 500
"""Lines that the pages show: the data beside them has all."""
TITLES = {DocumentKind.INVOICE: "Facture", DocumentKind.CREDIT_NOTE: "Avoir"}
TYPE_TITLES = {
    "261": "Avoir en autofacturation", "326": "Facture partielle", "383": "Note de débit",
    "384": "Facture rectificative", "386": "Facture d'acompte", "389": "Autofacture", "393": "Facture affacturée",
    "396": "Avoir affacturé", "471": "Autofacture rectificative", "472": "Facture rectificative affacturée",
    "473": "Autofacture affacturée rectificative", "500": "Autofacture d'acompte", "501": "Autofacture affacturée",
    "502": "Avoir en autofacturation affacturée", "503": "Avoir d'acompte", "751": "Facture pour information",
}  # fmt: skip
"""BT-3 (UNTDID 1001) where it says more than invoice or credit note; autofacturation is a legal mention."""


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """The pages, from top to bottom. Amounts are in ``currency``."""

    title: str
    subtitle: str
    currency: str
    supplier: tuple[str, ...]
    buyer: tuple[str, ...]
    references: Fields
    lines: tuple[LineView, ...]
    hidden: int
    hidden_net: Decimal
    """Lines that are left to the data, and what they amount to."""
    taxes: tuple[TaxView, ...]
    taxes_note: str
    totals: tuple[Amount, ...]
    """From the sum of the lines to what is to be paid; each strong one is the sum of the rows since the one before."""
    payable: Decimal
    payment: Fields
    remarks: Fields
    files: Fields


def title_of(invoice: Invoice) -> str:
    """What the invoice is, in words, and its number."""
    return f"{TYPE_TITLES.get(invoice.type_code, TITLES[invoice.kind])} {invoice.number}"


def view_of(invoice: Invoice) -> InvoiceView:
    """Everything that the pages of ``invoice`` say."""
    shown, hidden = invoice.lines[:LINES_AT_MOST], invoice.lines[LINES_AT_MOST:]
    return InvoiceView(
        title=title_of(invoice),
        subtitle=f"du {invoice.issue_date:%d/%m/%Y}",
        currency=invoice.currency,
        supplier=tuple(party_lines(invoice.supplier)),
        buyer=tuple(party_lines(invoice.buyer, invoice.service_code)),
        references=tuple((name, value) for name, value in references(invoice) if value),
        lines=tuple(line_view(line, invoice.currency) for line in shown),
        hidden=len(hidden),
        hidden_net=sum_of(hidden),
        taxes=tuple(tax_rows(invoice)),
        taxes_note=taxes_note(invoice),
        totals=tuple(total_rows(invoice)),
        payable=invoice.totals.payable,
        payment=tuple((name, value) for name, value in payment(invoice) if value),
        remarks=tuple(remarks(invoice)),
        files=tuple(files(invoice)),
    )
