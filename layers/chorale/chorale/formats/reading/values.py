"""Amounts and dates from their text."""

import re
from datetime import date
from decimal import Decimal

from chorale.formats.reading.document import Value

_DECIMAL = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:Z|[+-]\d{2}:\d{2})?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")


def amount(text: str) -> Decimal | None:
    """An amount written as XML Schema does (no exponent, no spaces); None when it is not one."""
    return Decimal(text) if text and _DECIMAL.fullmatch(text) else None


def day(value: Value) -> date | None:
    """A calendar day: ISO in UBL, eight digits (format 102) in CII; None when there is no such day."""
    if not value.text:
        return None
    found = (_COMPACT_DATE if value.attribute("format") == "102" else _ISO_DATE).fullmatch(value.text)
    if not found:
        return None
    try:
        return date(int(found.group(1)), int(found.group(2)), int(found.group(3)))
    except ValueError:
        return None
