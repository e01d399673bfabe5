"""What leaves is JSON that says what was meant, whatever somebody wrote."""

import json
from decimal import Decimal

import pytest
from chorale.domain.errors import InvalidRequest
from chorale.wire.base.models import Answer, Ask, read, to_json
from chorale.wire.base.values import Amount, AskedAmount, Text
from hypothesis import example, given
from hypothesis import strategies as st


class Comment(Ask):
    """One free text."""

    comment: Text


AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@given(
    st.dictionaries(st.text(), st.one_of(st.text(), AMOUNTS, st.booleans(), st.none(), st.integers(-(2**53), 2**53)))
)
@example({"motif": '"\\u0000-\\u0000"'})
@example({"motif": "\0-\0"})
@example({"motif": "\0" + "12.50" + "\0"})
def test_what_is_read_back_is_what_was_written(content: dict[str, object]) -> None:
    assert json.loads(to_json(content), parse_float=Decimal) == content


def test_an_amount_keeps_its_digits_and_is_a_number() -> None:
    assert to_json({"montant": Decimal("1080.00"), "nom": "Société é"}) == '{"montant":1080.00,"nom":"Société é"}'


@pytest.mark.parametrize("text", ["\0-\0", "a\x1fb", "fdp\u202egpj", "x\x7fy"])
def test_a_free_text_with_an_unseen_character_is_refused_and_the_character_is_named(text: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read(Comment, json.dumps({"comment": text}).encode())
    assert "U+00" in refused.value.message or "U+202E" in refused.value.message


def test_line_ends_and_tabs_are_no_unseen_characters() -> None:
    assert read(Comment, b'{"comment": "un\\n\\tdeux"}').comment == "un\n\tdeux"


class Price(Ask):
    """One amount."""

    price: AskedAmount


class Priced(Answer):
    """One amount."""

    price: Amount


def test_an_amount_is_read_and_written_by_its_digits_whoever_wrote_an_exponent() -> None:
    assert str(read(Price, b'{"price": 1e3}').price) == "1000"
    assert '"price":1000}' in Priced(price=Decimal("1E+3")).to_json()
