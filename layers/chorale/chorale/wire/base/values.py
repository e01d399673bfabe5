"""Values as clients really send them, and as all of them can read them.

Input is lenient: numbers and booleans may be texts, days may be written three ways, null and the empty text mean "not
given". Output is strict: each kind of date has the one format that every known client parses.
"""

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from chorale.domain.dates import PARIS, instant, within_calendar
from chorale.domain.texts import unseen_character

INT64 = 2**63
AMOUNT_BOUND = Decimal(10) ** 19
BOOLEANS = {
    "true": True, "1": True, "oui": True, "o": True,
    "false": False, "0": False, "non": False, "n": False,
}  # fmt: skip
FRENCH_DAY = "%d/%m/%Y"
SHOWN_AT_MOST = 40
"""Characters of a wrong value that an error message repeats."""


def wrong(expected: str, value: Any) -> PydanticCustomError:
    """The error for ``value`` where ``expected`` (French, with its article) was expected."""
    shown = value if isinstance(value, str) else _as_json(value)
    shown = shown if len(shown) <= SHOWN_AT_MOST else shown[:SHOWN_AT_MOST] + "…"
    said = f"{expected} est {'attendue' if expected.startswith('une ') else 'attendu'}"
    return PydanticCustomError("wire", "{said}, reçu : {shown}", {"said": said, "shown": shown})


def _as_json(value: Any) -> str:
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False, default=float)


def _text(value: Any) -> str:
    if isinstance(value, str):
        unseen = unseen_character(value)
        if unseen:
            raise wrong("un texte sans caractère de contrôle ni marque de sens d'écriture", unseen)
        return value.strip()
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    raise wrong("un texte", value)


def _base64(value: Any) -> str:
    # A number is made of digits that base64 has too: it would be read as a file of a few bytes.
    if not isinstance(value, str):
        raise wrong("un texte en base64", value)
    return _text(value)


def _integer(value: Any) -> int:
    try:
        if isinstance(value, bool | list | dict):
            raise ValueError
        number = Decimal(str(value).strip())
        # Before int(): a number written 1e999999999 would fill the memory.
        if not -INT64 <= number < INT64 or number != int(number):
            raise ValueError
    except (ValueError, ArithmeticError):
        raise wrong("un nombre entier", value) from None
    return int(number)


def _amount(value: Any) -> Decimal:
    try:
        if isinstance(value, bool | list | dict):
            raise ValueError
        number = Decimal(str(value).strip().replace(",", "."))
        if not -AMOUNT_BOUND < number < AMOUNT_BOUND:
            raise ValueError
    except (ValueError, ArithmeticError):
        raise wrong("un montant", value) from None
    return digits(number)


def digits(number: Decimal) -> Decimal:
    """``number`` in a form that is written by its digits: 1E+3 is the number that every client reads as 1000."""
    return Decimal(f"{number:f}")


def _flag(value: Any) -> bool:
    known = BOOLEANS.get(str(value).strip().lower())
    if known is None:
        raise wrong("un booléen (true ou false)", value)
    return known


def moment_or_day(value: Any) -> datetime | date:
    """A text as an aware moment, or as a day when it has no time; a time without zone is Paris time."""
    text = str(value).strip()
    try:
        if len(text) == len("JJ/MM/AAAA"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            return datetime.strptime(text[: len("JJ/MM/AAAA")], FRENCH_DAY).date()
        except ValueError:
            raise wrong("une date (AAAA-MM-JJ)", value) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=PARIS)


def _day(value: Any) -> date:
    given = moment_or_day(value)
    return within_calendar(given).astimezone(PARIS).date() if isinstance(given, datetime) else given


def _since(value: Any) -> datetime:
    given = moment_or_day(value)
    return within_calendar(given if isinstance(given, datetime) else datetime.combine(given, time.min, PARIS))


def _until(value: Any) -> datetime:
    given = moment_or_day(value)
    return within_calendar(given if isinstance(given, datetime) else datetime.combine(given, time.max, PARIS))


def _list(value: Any) -> list[Any]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if item not in (None, "")]


TEXT = WithJsonSchema({"type": "string"})
INTEGER = WithJsonSchema({"type": "integer", "format": "int64"})

Text = Annotated[str, BeforeValidator(_text), TEXT]
Base64 = Annotated[str, BeforeValidator(_base64), WithJsonSchema({"type": "string", "format": "byte"})]
"""The content of a file."""
Integer = Annotated[int, BeforeValidator(_integer), INTEGER]
AskedAmount = Annotated[Decimal, BeforeValidator(_amount), WithJsonSchema({"type": "number"})]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
AskedDay = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Since = Annotated[datetime, BeforeValidator(_since), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment; a day alone means its beginning in Paris."""
Until = Annotated[datetime, BeforeValidator(_until), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment; a day alone means its end in Paris."""
Several = BeforeValidator(_list)
"""One value where a list is expected is a list of one; empty entries are left out."""


def minute(moment: datetime) -> str:
    """``AAAA-MM-JJ HH:MM`` in Paris."""
    return f"{moment.astimezone(PARIS):%Y-%m-%d %H:%M}"


Day = Annotated[date, PlainSerializer(date.isoformat), WithJsonSchema({"type": "string", "format": "date"})]
Minute = Annotated[
    datetime, PlainSerializer(minute), WithJsonSchema({"type": "string", "description": "AAAA-MM-JJ HH:MM"})
]
Instant = Annotated[datetime, PlainSerializer(instant), WithJsonSchema({"type": "string", "format": "date-time"})]
Amount = Annotated[Decimal, PlainSerializer(digits), WithJsonSchema({"type": "number"})]
"""Money and quantities: written as an exact JSON number."""
