"""Domain dataclasses as plain values (for DynamoDB and JSON) and back, from their type hints alone."""

import dataclasses
import gzip
import json
import types
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def plain(value: Any) -> Any:  # noqa: PLR0911 - one line per kind of value
    """``value`` with dataclasses as dicts, enums as their values, times and days as ISO texts.

    Fields that hold None or nothing are left out; Decimal stays Decimal.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ((field.name, plain(getattr(value, field.name))) for field in dataclasses.fields(value))
        return {name: item for name, item in fields if item is not None and item not in ("", [])}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset | set):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    return value


def restore(kind: type[T], value: Any) -> T:
    """The inverse of ``plain`` for a value of type ``kind``; absent fields take their defaults."""
    hint: Any = kind
    restored: T = _reader(hint)(value)
    return restored


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:  # noqa: PLR0911 - one line per kind of type
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        inner = _reader(next(argument for argument in arguments if argument is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin in (tuple, frozenset):
        item = _reader(arguments[0])
        return lambda value: origin(item(entry) for entry in value)
    if origin is dict:
        entry = _reader(arguments[1])
        return lambda value: {name: entry(item) for name, item in value.items()}
    if dataclasses.is_dataclass(kind):
        return _dataclass_reader(kind)
    if kind is datetime:
        return datetime.fromisoformat
    if kind is date:
        return date.fromisoformat
    if kind is Decimal:
        return lambda value: Decimal(str(value))
    if kind in (int, bool):
        return kind  # type: ignore[no-any-return]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return lambda value: value


def _dataclass_reader(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in dataclasses.fields(kind)}
    # An absent text or sequence was empty: plain() leaves those out even where the field has no default.
    blanks = {
        field.name: "" if hints[field.name] is str else ()
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
        and (hints[field.name] is str or get_origin(hints[field.name]) is tuple)
    }
    optional = {
        field.name
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and type(None) in get_args(hints[field.name])
    }

    def read(value: Any) -> Any:
        given = {name: reader(value[name]) for name, reader in readers.items() if name in value}
        return kind(**(blanks | dict.fromkeys(optional) | given))

    return read


def packed(value: Any) -> bytes:
    """``plain(value)`` as compressed JSON; Decimal is written as text, so that nothing is rounded."""
    return gzip.compress(json.dumps(plain(value), default=str, ensure_ascii=False).encode(), compresslevel=6, mtime=0)


def unpacked(kind: type[T], data: Any) -> T:
    """The inverse of ``packed`` for a value of type ``kind``."""
    return restore(kind, json.loads(gzip.decompress(bytes(data))))
