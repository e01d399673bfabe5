"""Small words of the writers: texts that XML 1.0 and a page can hold, amounts, rates and days."""

import re
from datetime import date
from decimal import Decimal

_NOT_A_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text_of(written: str) -> str:
    """``written`` without the characters that XML 1.0 has no place for (production Char)."""
    return _NOT_A_CHARACTER.sub("", written)


def amount_of(amount: Decimal) -> str:
    """An amount of money, to the cent."""
    return f"{amount:.2f}"


def number_of(number: Decimal) -> str:
    """A quantity, a price or a rate, with its own digits and no exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def compact_day(day: date) -> str:
    """AAAAMMJJ (UN/CEFACT format 102)."""
    return f"{day:%Y%m%d}"
