"""VAT and totals of an invoice, as its pages show them: what is shown adds up to what is to be paid."""

from collections.abc import Iterator
from decimal import Decimal

from chorale.domain.french_numbers import money
from chorale.domain.invoices.invoice import Adjustment, DocumentKind, Invoice, TaxLine
from chorale.domain.invoices.reference_lists import VAT_EXEMPTIONS
from chorale.formats.writing.french_numbers import number
from chorale.formats.writing.invoice_page.lines import adjustment_words, rate_words, sum_of
from chorale.formats.writing.invoice_page.rows import ZERO, Amount, TaxView

NET = {DocumentKind.INVOICE: "Net à payer", DocumentKind.CREDIT_NOTE: "Net de l'avoir"}
CATEGORIES = {
    "S": "Taxé", "Z": "Taux zéro", "E": "Exonéré", "O": "Hors du champ de la TVA", "AE": "Autoliquidation",
    "K": "Livraison intracommunautaire", "G": "Exportation", "L": "IGIC", "M": "IPSI",
}  # fmt: skip
"""UNTDID 5305, as a reader knows them."""
GAP = "Écart d'arrondi du document"


def tax_rows(invoice: Invoice) -> Iterator[TaxView]:
    """The rows of the VAT breakdown; a last one where they do not add up to the total."""
    total = ZERO
    for tax in invoice.tax_lines:
        total += tax.amount
        yield TaxView(
            _tax_name(tax), f"{number(tax.rate)}\u00a0%" if tax.rate is not None else "", tax.base, tax.amount
        )
    if invoice.tax_lines and total != invoice.totals.vat:
        yield TaxView(GAP, "", None, invoice.totals.vat - total)


def _tax_name(tax: TaxLine) -> str:
    name = CATEGORIES.get(tax.category, tax.category)
    reason = tax.exemption_reason or VAT_EXEMPTIONS.get(tax.exemption_code.upper(), tax.exemption_code)
    return f"{name} : {reason}" if reason and reason.casefold() != name.casefold() else name


def taxes_note(invoice: Invoice) -> str:
    """The VAT in the accounting currency, where it is another."""
    amount = invoice.totals.vat_in_accounting_currency
    return f"Total de la TVA en devise comptable : {money(amount, invoice.tax_currency)}" if amount is not None else ""


def total_rows(invoice: Invoice) -> Iterator[Amount]:
    """From the sum of the lines to what is to be paid."""
    totals, adjustments = invoice.totals, tuple(_document_adjustments(invoice))
    lines = sum_of(invoice.lines) if invoice.lines else totals.lines
    if lines is not None and (adjustments or lines != totals.net):
        yield Amount("Total des lignes HT", lines)
        yield from adjustments
        yield from _gap(totals.net - lines - sum((one.value for one in adjustments), ZERO))
    yield Amount("Total HT", totals.net, strong=True)
    yield Amount("TVA", totals.vat)
    if totals.discount:
        reason = f" ({totals.discount_reason})" if totals.discount_reason else ""
        yield Amount(f"Remise globale{reason}", -totals.discount)
    yield from _gap(totals.gross - totals.net - totals.vat + totals.discount)
    yield Amount("Total TTC", totals.gross, strong=True)
    if totals.prepaid:
        yield Amount("Déjà payé", -totals.prepaid)
    if totals.rounding:
        yield Amount("Arrondi", totals.rounding)
    yield from _gap(totals.payable - totals.gross + totals.prepaid - totals.rounding)
    yield Amount(NET[invoice.kind], totals.payable, strong=True)


def _document_adjustments(invoice: Invoice) -> Iterator[Amount]:
    if invoice.adjustments:
        for one in invoice.adjustments:
            yield Amount(adjustment_words(one) + _taxed(one), one.signed)
        return
    if invoice.totals.allowances:
        yield Amount("Remises", -invoice.totals.allowances)
    if invoice.totals.charges:
        yield Amount("Frais", invoice.totals.charges)


def _taxed(one: Adjustment) -> str:
    rate = rate_words(one.tax_rate, one.tax_category)
    return f", TVA {rate}" if rate else ""


def _gap(difference: Decimal) -> Iterator[Amount]:
    if difference:
        yield Amount(GAP, difference)
