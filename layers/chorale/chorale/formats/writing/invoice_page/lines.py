"""The lines of an invoice, as its pages show them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from chorale.domain.countries import COUNTRIES
from chorale.domain.french_numbers import money
from chorale.domain.invoices.invoice import Adjustment, Line, LineKind
from chorale.domain.units import unit_words
from chorale.formats.writing.french_numbers import number, price
from chorale.formats.writing.invoice_page.parties import period_words
from chorale.formats.writing.invoice_page.rows import ZERO, LineView

SHORT_CATEGORIES = {"E": "Exonéré", "O": "Hors TVA", "AE": "Autoliq.", "K": "Intracom.", "G": "Export", "Z": "0\u00a0%"}


def sum_of(lines: Sequence[Line]) -> Decimal:
    """What the lines that count add up to, without tax."""
    return sum((line.net or ZERO for line in lines if line.counts), ZERO)


def line_view(line: Line, currency: str) -> LineView:
    """One row of the table of lines."""
    unit = unit_words(line.unit, line.quantity)
    quantity = f"{number(line.quantity)} {unit}".strip() if line.quantity is not None else ""
    return LineView(
        number=line.identifier,
        name=line.name,
        details=tuple(_line_details(line, currency)),
        quantity=quantity,
        price=_unit_price(line),
        rate=rate_words(line.tax_rate, line.tax_category),
        net=line.net if line.counts else None,
        kind=line.kind,
    )


def _unit_price(line: Line) -> str:
    if line.unit_price is None:
        return ""
    per = line.price_quantity
    told = f" pour\u00a0{number(per)}" if per and per != 1 else ""
    return f"{price(line.unit_price)}{told}"


def rate_words(rate: Decimal | None, category: str) -> str:
    """``20 %``, or the category in short where there is no rate."""
    if category in SHORT_CATEGORIES and not rate:
        return SHORT_CATEGORIES[category]
    return f"{number(rate)}\u00a0%" if rate is not None else ""


def _line_details(line: Line, currency: str) -> Iterator[str]:
    if line.description and line.description != line.name:
        yield line.description
    if line.note:
        yield line.note
    told = [
        (f"Réf. {line.reference}" if line.reference and line.reference != line.name else ""),
        (f"Réf. acheteur {line.buyer_reference}" if line.buyer_reference else ""),
        (f"Code article {line.standard_reference}" if line.standard_reference else ""),
        (f"Ligne de commande {line.order_line}" if line.order_line else ""),
        (f"Imputation {line.accounting_reference}" if line.accounting_reference else ""),
        (f"Origine : {COUNTRIES.get(line.origin, line.origin)}" if line.origin else ""),
    ]
    if any(told):
        yield " · ".join(part for part in told if part)
    yield from (f"{one.name} : {one.value}" for one in line.attributes)
    if line.period:
        yield f"Période : {period_words(line.period)}"
    if line.gross_price is not None and line.price_discount:
        yield f"Prix brut {price(line.gross_price)}, remise {price(line.price_discount)} par unité"
    for one in line.adjustments or _plain_allowance(line):
        yield f"{adjustment_words(one)} : {money(one.signed, currency)}"
    if line.kind is LineKind.GROUP and line.net is not None:
        yield f"Sous-total de ce groupe, compris dans ses lignes : {money(line.net, currency)}"
    if line.kind is LineKind.INFORMATION and line.net:
        yield f"Pour information, non compté : {money(line.net, currency)}"


def _plain_allowance(line: Line) -> tuple[Adjustment, ...]:
    return (Adjustment(line.allowance),) if line.allowance else ()


def adjustment_words(one: Adjustment) -> str:
    """A discount or a charge in words, with its percentage and base."""
    name = "Frais" if one.is_charge else "Remise"
    # A reason that says itself what it is stands alone.
    told = one.reason if name.casefold() in one.reason.casefold() else f"{name} : {one.reason}" if one.reason else name
    if one.percent is None:
        return told
    base = f" de {price(one.base)}" if one.base is not None else ""
    return f"{told} ({number(one.percent)}\u00a0%{base})"
