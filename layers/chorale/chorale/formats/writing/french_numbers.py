"""Numbers as a French reader writes them: a decimal comma, no-break spaces between thousands, signs of currencies."""

from decimal import Decimal

from chorale.formats.writing.words import number_of

SPACE = "\u00a0"
CURRENCY_SIGNS = {"EUR": "€"}
_KILO = 1000
_SIZES = ("o", "Ko", "Mo")


def number(value: Decimal) -> str:
    """A quantity or a rate with its own digits: ``1 234,5``."""
    return _grouped(number_of(value))


def price(value: Decimal) -> str:
    """To the cent at least; a price may have more digits than its currency."""
    return number(value) if value != round(value, 2) else _grouped(f"{value:.2f}")


def money(amount: Decimal, currency: str) -> str:
    """``1 234,50 €``: to the cent, with the sign of the currency or its code."""
    return f"{_grouped(f'{amount:.2f}')}{SPACE}{CURRENCY_SIGNS.get(currency, currency)}"


def size(octets: int) -> str:
    """A size given in bytes: ``24 Ko``."""
    value = Decimal(octets)
    for unit in _SIZES[:-1]:
        if value < _KILO:
            return f"{number(value)}{SPACE}{unit}"
        value = (value / _KILO).quantize(Decimal("0.1") if value < 10 * _KILO else Decimal(1))
    return f"{number(value)}{SPACE}{_SIZES[-1]}"


def _grouped(digits: str) -> str:
    whole, _, cents = digits.partition(".")
    sign, figures = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if sign and not figures.strip("0") and not cents.strip("0"):
        sign = ""
    return f"{sign}{int(figures):,}".replace(",", SPACE) + (f",{cents}" if cents else "")
