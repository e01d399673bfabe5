"""A code of a closed list, read from what a caller writes."""

from enum import StrEnum
from typing import TypeVar

from chorale.domain.errors import InvalidRequest

Kind = TypeVar("Kind", bound=StrEnum)


def one_of(kind: type[Kind], code: str, field: str) -> Kind:
    """The member of ``kind`` that ``code`` names, whatever the case; raises InvalidRequest that names ``field``."""
    try:
        return kind(code.upper())
    except ValueError:
        raise InvalidRequest(f"{field} : {code} est inconnu. Valeurs : {', '.join(kind)}.", field) from None
