"""Values as clients really write them: what is understood, what is refused and how it is said."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

import pytest
from chorale.domain.errors import InvalidRequest
from chorale.wire.base.models import Ask, Part, read, to_json
from chorale.wire.base.values import (
    Amount,
    AskedAmount,
    AskedDay,
    Base64,
    Day,
    Flag,
    Instant,
    Integer,
    Minute,
    Several,
    Since,
    Text,
    Until,
)
from hypothesis import given
from hypothesis import strategies as st


class Everything(Ask):
    """One field of each kind."""

    text: Text = "none"
    number: Integer = -1
    amount: AskedAmount = Decimal(-1)
    flag: Flag = False
    file: Base64 = ""
    day: AskedDay = date(1970, 1, 1)
    since: Since = datetime(1970, 1, 1, tzinfo=UTC)
    until: Until = datetime(1970, 1, 1, tzinfo=UTC)
    several: Annotated[tuple[Integer, ...], Several] = ()


def _read(name: str, value: Any) -> Any:
    return getattr(read(Everything, to_json({name: value}).encode()), name)


UNDERSTOOD: list[tuple[str, Any, Any]] = [
    ("text", "  abc ", "abc"),
    ("text", 12, "12"),
    ("text", Decimal("1.50"), "1.50"),
    ("text", "", "none"),
    ("text", None, "none"),
    ("number", "12", 12),
    ("number", " 12 ", 12),
    ("number", 12.0, 12),
    ("number", "-3", -3),
    ("number", 2**63 - 1, 2**63 - 1),
    ("number", "", -1),
    ("number", None, -1),
    ("amount", "12,50", Decimal("12.50")),
    ("amount", Decimal("0.1"), Decimal("0.1")),
    ("amount", 3, Decimal(3)),
    ("flag", True, True),
    ("flag", "true", True),
    ("flag", "TRUE", True),
    ("flag", 1, True),
    ("flag", "OUI", True),
    ("flag", "non", False),
    ("file", " PGEvPg== ", "PGEvPg=="),
    ("flag", "false", False),
    ("flag", 0, False),
    ("flag", "", False),
    ("flag", None, False),
    ("day", "2026-11-23", date(2026, 11, 23)),
    ("day", "23/11/2026", date(2026, 11, 23)),
    ("day", "2026-11-23T10:00:00", date(2026, 11, 23)),
    ("day", "2026-11-23T23:30:00Z", date(2026, 11, 24)),
    ("day", "2026-11-23T10:00:00.000+0100", date(2026, 11, 23)),
    ("day", "23/11/2026 10:00", date(2026, 11, 23)),
    ("since", "2026-11-23", datetime(2026, 11, 22, 23, tzinfo=UTC)),
    ("until", "2026-11-23", datetime(2026, 11, 23, 22, 59, 59, 999999, tzinfo=UTC)),
    ("since", "2026-11-23T10:00:00Z", datetime(2026, 11, 23, 10, tzinfo=UTC)),
    ("until", "2026-07-01 10:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
    ("day", "0001-01-01T00:00:00Z", date(1000, 1, 1)),
    ("day", "9999-12-31T23:59:59-11:00", date(9999, 12, 31)),
    ("since", "0001-01-01", datetime(1000, 1, 1, tzinfo=UTC)),
    ("until", "9999-12-31", datetime(9999, 12, 31, tzinfo=UTC)),
    ("several", [1, "2", None, ""], (1, 2)),
    ("several", 7, (7,)),
    ("several", [], ()),
    ("several", None, ()),
]


@pytest.mark.parametrize(("name", "value", "meaning"), UNDERSTOOD, ids=str)
def test_what_clients_write_is_understood(name: str, value: Any, meaning: Any) -> None:
    assert _read(name, value) == meaning


REFUSED: list[tuple[str, Any, str]] = [
    ("text", [], "text : un texte est attendu, reçu : []"),
    ("text", {"a": 1}, "text : un texte est attendu"),
    ("text", True, "text : un texte est attendu, reçu : true"),
    ("file", 12, "file : un texte en base64 est attendu, reçu : 12"),
    ("file", Decimal("1.50"), "file : un texte en base64 est attendu, reçu : 1.5"),
    ("file", False, "file : un texte en base64 est attendu, reçu : false"),
    ("file", ["PGEvPg=="], 'file : un texte en base64 est attendu, reçu : ["PGEvPg=="]'),
    ("number", "abc", "number : un nombre entier est attendu, reçu : abc"),
    ("number", 1.5, "number : un nombre entier est attendu"),
    ("number", True, "number : un nombre entier est attendu"),
    ("number", 2**63, "number : un nombre entier est attendu"),
    ("number", "NaN", "number : un nombre entier est attendu"),
    ("number", "1e999999999", "number : un nombre entier est attendu"),
    ("amount", "abc", "amount : un montant est attendu"),
    ("amount", "1e999999999", "amount : un montant est attendu"),
    ("amount", "Infinity", "amount : un montant est attendu"),
    ("amount", [], "amount : un montant est attendu"),
    ("flag", "peut-être", "flag : un booléen (true ou false) est attendu"),
    ("flag", {}, "flag : un booléen"),
    ("day", "2026-13-01", "day : une date (AAAA-MM-JJ) est attendue, reçu : 2026-13-01"),
    ("day", "x" * 1000, "day : une date"),
    ("day", 12, "day : une date"),
    ("several", ["x"], "several.0 : un nombre entier est attendu"),
    ("several", {}, "several.0 : un nombre entier"),
]


@pytest.mark.parametrize(("name", "value", "message"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_cannot_be_understood_is_named(name: str, value: Any, message: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        _read(name, value)

    assert message in refused.value.message
    assert len(refused.value.message) < 200


def understood_or_told(reading: Callable[[], object]) -> bool:
    """Whether ``reading`` gives something, or a refusal in a whole sentence."""
    try:
        reading()
    except InvalidRequest as refused:
        return refused.message.endswith(".")
    return True


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(name=st.sampled_from(sorted(Everything.model_fields)), value=json_values)
def test_any_value_is_understood_or_refused_clearly(name: str, value: Any) -> None:
    assert understood_or_told(lambda: _read(name, value))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_clearly(body: bytes) -> None:
    assert understood_or_told(lambda: read(Everything, body))


class Given(Part):
    """One field of each kind that answers hold."""

    day: Day
    minute: Minute
    instant: Instant
    amount: Amount | None


def test_each_kind_of_date_has_the_one_form_that_every_client_parses() -> None:
    moment = datetime(2026, 7, 1, 22, 5, 59, 123456, tzinfo=UTC)

    written = Given(day=date(2026, 7, 1), minute=moment, instant=moment, amount=None).model_dump(by_alias=True)

    assert written == {
        "day": "2026-07-01",
        "minute": "2026-07-02 00:05",
        "instant": "2026-07-01T22:05:59.123Z",
        "amount": None,
    }


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**13), max_value=10**13))
def test_money_keeps_every_digit(amount: Decimal) -> None:
    assert json.loads(to_json([amount]), parse_float=Decimal, parse_int=Decimal) == [amount]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("0.10"), "0.10"),
        (Decimal("-0.000001"), "-0.000001"),
        (Decimal("9999999999999.999999"), "9999999999999.999999"),
        ("été", '"été"'),
        ("12.5", '"12.5"'),
    ],
)
def test_numbers_and_letters_are_written_as_they_are(value: Any, written: str) -> None:
    assert to_json(value) == written


def test_what_does_not_belong_in_an_answer_is_a_fault_of_ours() -> None:
    with pytest.raises(TypeError, match="object does not belong"):
        to_json({"a": object()})
