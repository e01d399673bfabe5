"""What the pages of an invoice are made of: rows of lines, of VAT and of amounts. Amounts are Decimals."""

from dataclasses import dataclass
from decimal import Decimal

from chorale.domain.invoices.invoice import LineKind

ZERO = Decimal(0)
Fields = tuple[tuple[str, str], ...]
"""Labels with what they say."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A row of amounts; ``strong`` for one that sums up those before it."""

    name: str
    value: Decimal
    strong: bool = False


@dataclass(frozen=True, slots=True)
class LineView:
    """One row of the table of lines; ``net`` is None for what is no part of the total."""

    number: str
    name: str
    details: tuple[str, ...]
    quantity: str
    price: str
    rate: str
    net: Decimal | None
    kind: LineKind = LineKind.DETAIL


@dataclass(frozen=True, slots=True)
class TaxView:
    """One row of the VAT breakdown."""

    name: str
    rate: str
    base: Decimal | None
    amount: Decimal
