"""Numbers, dates and strings by the rules of XPath 2.0."""

import math
from decimal import Decimal

import pytest
from chorale_references.rules import values
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("text", ["1", "-1.50", "+.5", " 7. ", "00012"])
def test_decimals_are_read_as_xml_schema_writes_them(text: str) -> None:
    assert values.to_decimal(text) == Decimal(text.strip())


@pytest.mark.parametrize("text", ["", "1e3", "NaN", "1_000", "٣", "1,5", "--1", "INF", "0x1"])
def test_what_python_would_read_but_xml_schema_not_is_refused(text: str) -> None:
    with pytest.raises(values.XPathError):
        values.to_decimal(text)


@pytest.mark.parametrize(("text", "value"), [("1e3", 1000.0), ("INF", math.inf), ("-INF", -math.inf), (" 2 ", 2.0)])
def test_doubles_have_exponents_and_infinity(text: str, value: float) -> None:
    assert values.to_double(text) == value


@pytest.mark.parametrize(
    ("value", "rounded"), [("2.5", "3"), ("-2.5", "-2"), ("2.4999", "2"), ("-2.51", "-3"), ("7", "7")]
)
def test_half_rounds_up(value: str, rounded: str) -> None:
    assert values.round_decimal(Decimal(value)) == Decimal(rounded)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("2024-02-29", "2024-03-01"),
        ("1999-12-31", "2000-01-01"),
        ("2024-01-15+02:00", "2024-01-15Z"),
        ("9999-12-31", "10000-01-01"),
    ],
)
def test_dates_come_in_the_order_of_the_calendar_and_zones(left: str, right: str) -> None:
    assert (values.to_date(left) or 0) < (values.to_date(right) or 0)


@pytest.mark.parametrize("text", ["2023-02-29", "2024-13-01", "2024-1-1", "20240101", "2024-01-01T00:00:00", ""])
def test_dates_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(values.XPathError):
        values.to_date(text)


def test_division_of_decimals_keeps_eighteen_places() -> None:
    assert values.divide(Decimal(1), Decimal(3)) == Decimal("0.333333333333333333")
    assert values.divide(Decimal("12345"), 100) == Decimal("123.45")


def test_division_by_zero_is_an_error_for_decimals_and_infinity_for_doubles() -> None:
    with pytest.raises(values.XPathError, match="FOAR0001"):
        values.divide(Decimal(1), Decimal(0))
    assert values.divide(1.0, 0.0) == math.inf


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("1.50"), "1.5"), (Decimal("100"), "100"), (3, "3"), (2.0, "2"), (None, "")]
)
def test_numbers_are_written_without_needless_zeros(value: float | Decimal | None, text: str) -> None:
    assert values.string_of(value) == text


@given(st.text())
def test_normalised_text_has_no_spaces_at_its_ends_nor_two_in_a_row(text: str) -> None:
    found = str(values.normalize(text))
    assert "  " not in found
    assert found == found.strip(" \t\r\n")
    assert values.normalize(found) == found


@given(st.text(alphabet="ab.", max_size=8))
def test_places_is_the_length_after_the_first_dot(text: str) -> None:
    assert values.places(text) == len(values.after(text, "."))


def test_the_caches_are_bounded() -> None:
    cache = values.Cache(str.upper)
    for number in range(60_000):
        assert cache[str(number)] == str(number)
    assert len(cache) <= 50_000
    assert cache["x" * 1000] == "X" * 1000
    assert "x" * 1000 not in cache
