"""A code of a closed list, read from what a caller writes; and what to write instead of one that is none."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from chorale.domain.errors import InvalidRequest

LISTED_AT_MOST = 25
"""Values that a refusal names; of longer lists it names the nearest, and says where the list is."""

Kind = TypeVar("Kind", bound=StrEnum)


def one_of(kind: type[Kind], code: str, field: str) -> Kind:
    """The member of ``kind`` that ``code`` names, whatever the case; raises InvalidRequest that names ``field``."""
    try:
        return kind(code.upper())
    except ValueError:
        raise InvalidRequest(f"{field} : {code} est inconnu{instead(code, kind)}", field) from None


def instead(code: str, known: Iterable[str], what: str = "Valeurs", at_most: int = LISTED_AT_MOST) -> str:
    """The end of a sentence that says that ``code`` is none of ``known``: the nearest of them, and the list if short.

    ``what`` is what the values are called (French, a plural).
    """
    # Only a refusal needs it.
    from difflib import get_close_matches

    spelt = {one.lower(): one for one in known}
    near = get_close_matches(code.lower(), spelt, 1)
    guess = f" : vouliez-vous dire {spelt[near[0]]} ?" if near else "."
    if len(spelt) <= at_most:
        return f"{guess} {what} : {', '.join(spelt.values())}."
    return guess if near else f"{guess} La documentation (/docs) les donne."
