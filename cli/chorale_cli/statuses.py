"""Statuses as a person writes them: by their codes or by their French labels."""

import difflib
import textwrap
import unicodedata
from collections.abc import Iterable

from chorale.domain.statuses import STATUS_LABELS, Status

LINE = 76
"""Columns of a list of codes."""


def _key(text: str) -> str:
    """Capitals without accents; whatever stands between words is ``_``."""
    bare = (letter for letter in unicodedata.normalize("NFKD", text.upper()) if not unicodedata.combining(letter))
    return "_".join("".join(letter if letter.isalnum() else " " for letter in bare).split())


_STATUSES = {_key(label): status for status, label in STATUS_LABELS.items()} | {
    status.value: status for status in Status
}


def status_of(text: str) -> Status | None:
    """The status that a code or a label means, any case, with or without accents."""
    return _STATUSES.get(_key(text))


def near_status(text: str, among: Iterable[Status]) -> str:
    """``, peut-être X ?``, the code that is written most like ``text``, or whose label is; nothing when none is."""
    known = list(among)
    near = difflib.get_close_matches(_key(text), [key for key, status in _STATUSES.items() if status in known], 1)
    return f", peut-être {_STATUSES[near[0]].value} ?" if near else ""


def listed_codes(statuses: Iterable[Status]) -> str:
    """Their codes, on lines that a terminal has room for."""
    return textwrap.fill(", ".join(statuses), LINE, initial_indent="  ", subsequent_indent="  ")
