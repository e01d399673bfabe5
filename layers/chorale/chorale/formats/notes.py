"""Findings while they are being made: the element is known, its line and XPath are worked out at the end."""

from dataclasses import dataclass
from typing import Any

from chorale.domain.findings import Finding, Severity
from chorale.formats.limits import VALUE_SHOWN

CHORALE = "CHORALE"


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding and the element (of lxml) that it is about.

    ``missing`` is the path, from that element, of what is not there; ``names`` the rule of EN 16931 that an official
    rule says it is, when its own id is another (Factur-X numbers its rules).
    """

    finding: Finding
    element: Any = None
    missing: str = ""
    names: str = ""


class Refused(Exception):
    """The document cannot be looked at any further; ``notes`` say why."""

    def __init__(self, *notes: PlacedFinding) -> None:
        super().__init__(notes[0].finding.code if notes else "")
        self.notes = notes


def shorten(value: str, length: int = VALUE_SHOWN) -> str:
    """``value`` on one line, cut to a readable length."""
    flat = " ".join(value[: 4 * length].split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"


def note(
    code: str,
    severity: Severity,
    french: str,
    english: str,
    *,
    source: str = CHORALE,
    term: str = "",
    value: str = "",
    expected: str = "",
    line: int | None = None,
    column: int | None = None,
    element: Any = None,
    missing: str = "",
) -> PlacedFinding:
    """A note with all that is known when it is made."""
    finding = Finding(
        code, severity, source, french, english, term=term, line=line, column=column,
        value=shorten(value), expected=shorten(expected, 3 * VALUE_SHOWN),
    )  # fmt: skip
    return PlacedFinding(finding, element, missing)


def refuse(code: str, french: str, english: str, **details: Any) -> Refused:
    """The exception that ends a validation with one error."""
    return Refused(note(code, Severity.ERROR, french, english, **details))
