"""Syntaxes of deposit, and the flux number that carries their interface."""

import pytest
from chorale.domain.syntaxes import KNOWN_SYNTAXES, SYNTAX_ROWS, DocumentForm, Syntax, flux_number
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("syntax", "interface", "code", "forms"),
    [
        ("IN_DP_E1_UBL_INVOICE", "1100", "FSO1100A", {"UBL_INVOICE", "UBL_CREDIT_NOTE"}),
        ("IN_DP_E1_CII_16B", "1106", "FSO1106A", {"CII"}),
        ("IN_DP_E2_CII_FACTURX", "1117", "FSO1117A", {"PDF"}),
    ],
)
def test_each_syntax_has_its_interface_and_takes_its_forms(
    syntax: str, interface: str, code: str, forms: set[str]
) -> None:
    row = SYNTAX_ROWS[Syntax(syntax)]
    assert (row.interface, row.interface_code) == (interface, code)
    assert row.forms == {DocumentForm(form) for form in forms}


def test_what_is_taken_is_a_part_of_what_is_known() -> None:
    assert set(SYNTAX_ROWS) == set(Syntax)
    assert {syntax.value for syntax in Syntax} < KNOWN_SYNTAXES
    assert len(KNOWN_SYNTAXES) == 13


def test_a_flux_number_reads_as_those_of_the_public_platform() -> None:
    assert flux_number(Syntax.FACTURX, 425903) == "CPP0011117000000000425903"


@given(st.sampled_from(Syntax), st.integers(min_value=1, max_value=10**15 - 1))
def test_a_flux_number_is_25_characters_and_keeps_its_sequence(syntax: Syntax, sequence: int) -> None:
    number = flux_number(syntax, sequence)
    assert len(number) == 25
    assert number[:10] == f"CPP001{SYNTAX_ROWS[syntax].interface}"
    assert int(number[10:]) == sequence
