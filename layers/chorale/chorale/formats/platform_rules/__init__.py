"""The rules of the platform, as one table. They hold whatever standard the document claims."""

from collections.abc import Iterator

from chorale.formats.notes import Note
from chorale.formats.platform_rules import amounts, attachments, frames, identity, parties, payment, references
from chorale.formats.platform_rules.model import Case, Rule

RULES: tuple[Rule, ...] = (
    *identity.RULES,
    *frames.RULES,
    *parties.RULES,
    *references.RULES,
    *payment.RULES,
    *amounts.RULES,
    *attachments.RULES,
)


def platform_notes(case: Case) -> Iterator[Note]:
    """What the platform's rules find in a document."""
    for rule in RULES:
        yield from rule.notes(case)
