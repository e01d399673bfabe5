"""What a person would read on an ordinary PDF invoice, by patterns: a help to fill in a form, never more than that."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from chorale.formats.budget import budget_at_once
from chorale.formats.reading.facturx import page_text

PAGES_READ = 5
"""A number or a total further on is seldom the invoice's."""
LONGEST_TEXT = 200_000
"""Characters looked through."""


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What was found; empty or None for what was not."""

    number: str = ""
    issued: date | None = None
    sirets: tuple[str, ...] = ()
    """In the order of the page: usually the supplier's, then the recipient's."""
    commitment: str = ""
    net: Decimal | None = None
    vat: Decimal | None = None
    gross: Decimal | None = None
    payable: Decimal | None = None


_AMOUNT = r"(-?\d{1,3}(?:[ \u00a0\u202f.]?\d{3})*(?:[.,]\d{2}))"
_GAP = r"[^\n\d-]{0,40}"
PATTERNS: Mapping[str, re.Pattern[str]] = {
    "number": re.compile(r"(?:facture|avoir)\s*(?:n°|no|num[ée]ro|nr)?\s*:?\s*([A-Z0-9][A-Z0-9/_.-]{1,19})\b", re.I),
    "issued": re.compile(r"\b(\d{2})[/.-](\d{2})[/.-](\d{4})\b"),
    "sirets": re.compile(r"\b(\d{3}[ \u00a0]?\d{3}[ \u00a0]?\d{3}[ \u00a0]?\d{5})\b"),
    "commitment": re.compile(
        r"(?:engagement(?: juridique)?|bon de commande|commande)\s*(?:n°|no)?\s*:?\s*([A-Z0-9-]{3,50})\b", re.I
    ),
    "net": re.compile(rf"(?:total\s+)?(?:h\.?t\.?|hors taxes?)\b{_GAP}{_AMOUNT}", re.I),
    "vat": re.compile(rf"\b(?:total\s+)?t\.?v\.?a\.?\b[^\n]{{0,40}}?{_AMOUNT}(?![\d ]*%)", re.I),
    "gross": re.compile(rf"(?:total\s+)?(?:t\.?t\.?c\.?|toutes taxes comprises)\b{_GAP}{_AMOUNT}", re.I),
    "payable": re.compile(rf"(?:net\s+)?[àa]\s+payer\b{_GAP}{_AMOUNT}", re.I),
}
"""What is looked for on the page, one line of text after the other."""


def facts_of(content: bytes) -> PdfFacts:
    """What the text of a PDF says; nothing for one that cannot be read or holds active content."""
    try:
        return facts_in(page_text(content, PAGES_READ, budget_at_once())[:LONGEST_TEXT])
    except Exception:  # noqa: BLE001 - a hostile or broken file has nothing to say
        return PdfFacts()


def facts_in(text: str) -> PdfFacts:
    """What ``text`` says."""
    return PdfFacts(
        number=_first("number", text, str, ""),
        issued=_day(text),
        sirets=tuple(dict.fromkeys(re.sub(r"\D", "", found) for found in PATTERNS["sirets"].findall(text)))[:2],
        commitment=_first("commitment", text, str, ""),
        net=_first("net", text, _amount, None),
        vat=_first("vat", text, _amount, None),
        gross=_first("gross", text, _amount, None),
        payable=_first("payable", text, _amount, None),
    )


Value = TypeVar("Value")


def _first(name: str, text: str, read: Callable[[str], Value], nothing: Value) -> Value:
    found = PATTERNS[name].search(text)
    return read(found.group(1)) if found else nothing


def _amount(written: str) -> Decimal | None:
    bare = re.sub(r"[ \u00a0\u202f]", "", written)
    whole, cents = bare[:-3].replace(".", "").replace(",", ""), bare[-2:]
    try:
        return Decimal(f"{whole}.{cents}")
    except InvalidOperation:
        return None


def _day(text: str) -> date | None:
    for day, month, year in PATTERNS["issued"].findall(text):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None
