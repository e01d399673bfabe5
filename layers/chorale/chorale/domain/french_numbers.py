"""Amounts as a French reader writes them: the one way for everything that a person reads, in answers and on pages.

A decimal comma, no-break spaces between thousands, signs of currencies. JSON and files have numbers of their own.
"""

from decimal import Decimal

SPACE = "\u00a0"
CURRENCY_SIGNS = {"EUR": "€"}


def money(amount: Decimal, currency: str) -> str:
    """``1 234,50 €``: to the cent, with the sign of the currency or its code."""
    return f"{grouped(f'{amount:.2f}')}{SPACE}{CURRENCY_SIGNS.get(currency, currency)}"


def euros(amount: Decimal) -> str:
    """``1 234,50 €``."""
    return money(amount, "EUR")


def grouped(digits: str) -> str:
    """Digits with a decimal point as a reader writes them; zero has no sign."""
    whole, _, cents = digits.partition(".")
    sign, figures = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if sign and not figures.strip("0") and not cents.strip("0"):
        sign = ""
    return f"{sign}{int(figures):,}".replace(",", SPACE) + (f",{cents}" if cents else "")
