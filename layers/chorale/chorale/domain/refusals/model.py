"""The form of an entry of the catalogue."""

from dataclasses import dataclass

from chorale.domain.findings import Severity


@dataclass(frozen=True, slots=True)
class Entry:
    """One code. All texts are French: they are printed for who received the message."""

    code: str
    when: str
    """When the code comes."""
    change: str
    """What to do about it."""
    example: str
    source: str
    """Where the rule comes from, publicly, or that it is this hub's own."""
    severity: Severity = Severity.ERROR
