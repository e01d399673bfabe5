"""Amounts, sizes, dates and plurals as the French write them."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from chorale.domain.dates import PARIS

CURRENCY_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}
SIZES = ((1_000_000_000, "Go"), (1_000_000, "Mo"), (1_000, "Ko"))
"""Bytes from which a size is written with a unit, largest first."""
ASKED_DAYS = ("%d/%m/%Y", "%Y-%m-%d")
"""Forms in which a day may be given."""
NAMED_AT_MOST = 5
"""Names that a sentence lists."""
NO_BREAK = "\u00a0"


def amount(value: Decimal | int, currency: str = "") -> str:
    """``1 080,00 €``: to the cent, with the sign of the currency or its code; spaces do not break."""
    sign = CURRENCY_SIGNS.get(currency, currency)
    return _grouped(f"{Decimal(value):,.2f}") + (f"{NO_BREAK}{sign}" if sign else "")


def number(value: Decimal | int) -> str:
    """A quantity, a price or a rate with its own digits: ``2,5``, ``1 000``."""
    text = f"{Decimal(value):,f}"
    return _grouped(text.rstrip("0").rstrip(".") if "." in text else text)


def percent(value: Decimal | int) -> str:
    """A rate of VAT: ``5,5 %``."""
    return f"{number(value)}{NO_BREAK}%"


def size(count: int) -> str:
    """A number of bytes: ``512 octets``, ``12,3 Ko``, ``1,2 Mo``."""
    for unit, name in SIZES:
        if count >= unit:
            return f"{_grouped(f'{Decimal(count) / unit:,.1f}')}{NO_BREAK}{name}"
    return counted(count, "octet")


def day(value: date | str) -> str:
    """``30/11/2026``; a text is a day as the API writes it (AAAA-MM-JJ)."""
    return f"{date.fromisoformat(value[:10]) if isinstance(value, str) else value:%d/%m/%Y}"


def moment(value: datetime | str) -> str:
    """``30/11/2026 14:05`` in Paris; a text is a moment as the API writes it, in Paris when it has no zone."""
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{read.astimezone(PARIS) if read.tzinfo else read:%d/%m/%Y %H:%M}"


def counted(count: int, one: str, several: str = "") -> str:
    """``1 fichier``, ``60 fichiers``, ``0 fichier``: in French the plural begins at two."""
    return f"{_grouped(f'{count:,}')} {(several or one + 's') if count > 1 else one}"


def some(names: Sequence[str]) -> str:
    """The first few of ``names``; the others are counted."""
    more = len(names) - NAMED_AT_MOST
    return ", ".join(names[:NAMED_AT_MOST]) + (f" et {counted(more, 'autre')}" if more > 0 else "")


def read_day(text: str) -> date:
    """A day that a person wrote, 30/11/2026 or 2026-11-30; raises ValueError."""
    for form in ASKED_DAYS:
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    raise ValueError(text)


def as_json(value: Any, key: str = "") -> Any:
    """JSON values in which every amount is a text, to the cent at least: no machine loses one by reading a float."""
    if isinstance(value, dict):
        return {name: as_json(content, name) for name, content in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(content, key) for content in value]
    if "montant" in key.lower() and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return max(f"{Decimal(value):.2f}", f"{Decimal(value):f}", key=len)
    return f"{value:f}" if isinstance(value, Decimal) else value


def _grouped(english: str) -> str:
    return english.replace(",", NO_BREAK).replace(".", ",")
