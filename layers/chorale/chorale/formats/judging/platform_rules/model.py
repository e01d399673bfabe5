"""The form of a platform rule: a row of a table, and what its check reads."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chorale.domain.findings import Severity
from chorale.formats.budget import Budget
from chorale.formats.notes import PlacedFinding, note, shorten
from chorale.formats.reading.attachments import EmbeddedFile
from chorale.formats.reading.document import Reading, Terms, Value

ERROR, WARNING, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION


@dataclass(frozen=True, slots=True)
class Case:
    """One document before the rules. ``deposited_on`` is the day of the deposit in Paris."""

    reading: Reading
    deposited_on: date
    files: tuple[EmbeddedFile, ...] = ()
    has_breakdown: bool = True
    """False for what carries neither VAT categories nor prepayments (Factur-X MINIMUM, the platform's own format)."""
    has_means: bool = True
    """Whether the profile has a place for the means of payment (Factur-X MINIMUM has none)."""
    profile_seen: str = ""
    """What BT-24 says when it is no known claim, and ``nearest_profile`` the known one that it is close to."""
    nearest_profile: str = ""
    is_misspelling: bool = False
    """Whether it is judged as the nearest one."""
    claims_standard: bool = False
    """Whether it claims a profile whose official rules are binding: their tolerances are then those of the totals."""
    mixed: bool = False
    """Whether the document must hold, beside the data, itself as a PDF: a mixed flux (E2), or a works paper."""
    budget: Budget = field(default_factory=Budget)
    """What is left of what reading the document may cost."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that a rule does not accept. ``details`` fill the sentences of the rule."""

    value: str = ""
    element: Any = None
    missing: str = ""
    """Path of what is absent, from ``element``."""
    expected: str = ""
    severity: Severity | None = None
    """In place of the rule's own."""
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the platform. The sentences may use ``{value}``, ``{expected}`` and the details of what was seen."""

    code: str
    severity: Severity
    term: str
    source: str
    """Where the rule comes from, publicly."""
    french: str
    english: str
    expected: str
    check: Callable[[Case], Iterable[Seen]]
    says: tuple[str, ...] = ()
    """Other rules with the same meaning, official or ours: not repeated where this one has spoken."""
    formula: bool = False
    """Whether it works out a formula of the standard, which the official rules of a claimed profile decide on."""

    def note_of(self, seen: Seen) -> PlacedFinding:
        """What this rule says of what its check saw."""
        expected = seen.expected or self.expected
        words = {"value": shorten(seen.value), "expected": expected, **dict(seen.details)}
        return note(
            self.code,
            seen.severity or self.severity,
            self.french.format(**words),
            self.english.format(**words),
            term=self.term,
            value=seen.value,
            expected=expected,
            element=seen.element,
            missing=seen.missing,
        )


def at(value: Value, **more: Any) -> Seen:
    """What was seen at a value."""
    return Seen(value.text, value.element, **more)


def absent(terms: Terms, term: str, **more: Any) -> Seen:
    """A term that should be there; when it is written but empty, its element is the place."""
    value = terms.one(term)
    if value.element is not None:
        return Seen("", value.element, **more)
    element, missing = terms.gap(term)
    return Seen("", element, missing, **more)
