"""The form of a platform rule: a row of a table, and what its check reads."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from chorale.domain.findings import Severity
from chorale.formats.attachments import EmbeddedFile
from chorale.formats.notes import Note, note, shorten
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
    mixed: bool = False
    """Whether the document must hold, beside the data, itself as a PDF: a mixed flux (E2), or a works paper."""


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
    """Official rules with the same meaning: not repeated where this one has spoken."""

    def notes(self, case: Case) -> Iterator[Note]:
        """What this rule finds in a document."""
        for seen in self.check(case):
            expected = seen.expected or self.expected
            words = {"value": shorten(seen.value), "expected": expected, **dict(seen.details)}
            yield note(
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
