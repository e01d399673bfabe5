"""Amounts in what a person reads are French, by one function."""

import ast
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from chorale.domain.french_numbers import euros, money

SOURCES = Path(__file__).parents[3] / "layers" / "chorale" / "chorale"
SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("1234.56", "1 234,56 €"),
        ("0", "0,00 €"),
        ("-0.001", "0,00 €"),
        ("-1234567.8", "-1 234 567,80 €"),
        ("999999999999.99", "999 999 999 999,99 €"),
        ("5E+3", "5 000,00 €"),
    ],
)
def test_euros_are_written_as_a_french_reader_writes_them(amount: str, said: str) -> None:
    assert euros(Decimal(amount)) == said.replace(" ", SPACE)


def test_another_currency_keeps_its_code_where_it_has_no_sign() -> None:
    assert money(Decimal("12.5"), "CHF") == f"12,50{SPACE}CHF"


WRITTEN_FOR_MACHINES = {"formats/writing/words.py", "formats/writing/certificate.py", "domain/french_numbers.py"}
"""Amounts of files and of fingerprints."""


def test_no_sentence_writes_an_amount_by_itself() -> None:
    """An f-string that writes euros, or cents after a point, in the code of what people read."""
    found = []
    for path in SOURCES.rglob("*.py"):
        name = path.relative_to(SOURCES).as_posix()
        if name in WRITTEN_FOR_MACHINES:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and _writes_an_amount(node):
                found.append(f"{name}:{node.lineno}")
    assert not found


def _writes_an_amount(sentence: ast.JoinedStr) -> bool:
    parts = sentence.values
    in_euros = any(
        isinstance(part, ast.Constant) and str(part.value).startswith((" EUR", " €"))
        for before, part in pairwise(parts)
        if isinstance(before, ast.FormattedValue)
    )
    words = any(isinstance(part, ast.Constant) and any(map(str.isalpha, str(part.value))) for part in parts)
    cents = any(
        isinstance(part, ast.FormattedValue) and part.format_spec is not None and ".2f" in ast.unparse(part.format_spec)
        for part in parts
    )
    return in_euros or (cents and words)
