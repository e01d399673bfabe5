"""Any value of a dataclass of the domain, from its type hints."""

import dataclasses
import types
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from chorale.domain.invoices.invoice import DepositMode
from hypothesis import strategies as st

AMOUNTS = st.decimals(min_value=Decimal("-9999999999999.999999"), max_value=Decimal("9999999999999.999999"), places=6)
"""decimal(19,6), as the public platform keeps amounts."""
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: st.integers(min_value=0, max_value=2**31 - 1),
    bool: st.booleans(),
    Decimal: AMOUNTS,
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
}
BY_FIELD: dict[str, st.SearchStrategy[Any]] = {"deposit_mode": st.sampled_from([mode.value for mode in DepositMode])}


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of type ``kind``."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return st.one_of(*(anything(argument) for argument in arguments))
    if origin is tuple:
        return st.lists(anything(arguments[0]), max_size=3).map(tuple)
    if origin is frozenset:
        return st.frozensets(anything(arguments[0]), max_size=3)
    if origin is dict:
        return st.dictionaries(anything(arguments[0]), anything(arguments[1]), max_size=3)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        hinted = {field.name: hints[field.name] for field in dataclasses.fields(kind)}
        return st.builds(kind, **{name: BY_FIELD.get(name, anything(hint)) for name, hint in hinted.items()})
    if kind is types.NoneType:
        return st.none()
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    return SIMPLE[kind]
