"""Quantities, prices and sizes as a French reader writes them; amounts are in ``domain.french_numbers``."""

from decimal import Decimal

from chorale.domain.french_numbers import SPACE, grouped
from chorale.formats.writing.words import number_of

_KILO = 1000
_SIZES = ("o", "Ko", "Mo")


def number(value: Decimal) -> str:
    """A quantity or a rate with its own digits: ``1 234,5``."""
    return grouped(number_of(value))


def price(value: Decimal) -> str:
    """To the cent at least; a price may have more digits than its currency."""
    return number(value) if value != round(value, 2) else grouped(f"{value:.2f}")


def size(octets: int) -> str:
    """A size given in bytes: ``24 Ko``."""
    value = Decimal(octets)
    for unit in _SIZES[:-1]:
        if value < _KILO:
            return f"{number(value)}{SPACE}{unit}"
        value = (value / _KILO).quantize(Decimal("0.1") if value < 10 * _KILO else Decimal(1))
    return f"{number(value)}{SPACE}{_SIZES[-1]}"
