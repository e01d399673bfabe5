"""The rules of the platform, as one table. They hold whatever standard the document claims."""

from collections.abc import Iterable, Iterator

from chorale.formats.notes import Note
from chorale.formats.platform_rules import amounts, attachments, frames, identity, parties, payment, references, works
from chorale.formats.platform_rules.model import Case, Rule

RULES: tuple[Rule, ...] = (
    *identity.RULES,
    *frames.RULES,
    *works.RULES,
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


def said_by(notes: Iterable[Note]) -> frozenset[str]:
    """Ids of the official rules whose meaning is already among ``notes``."""
    spoken = {made.finding.code for made in notes}
    return frozenset(official for rule in RULES if rule.code in spoken for official in rule.says)
