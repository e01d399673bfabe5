"""The rules of the platform, as one table. They hold whatever standard the document claims."""

from collections.abc import Iterable

from chorale.domain.findings import Severity
from chorale.formats.judging.platform_rules import (
    amounts,
    attachments,
    b2g,
    frames,
    identity,
    notes,
    parties,
    payment,
    references,
    texts,
    works,
)
from chorale.formats.judging.platform_rules.model import Case, Rule
from chorale.formats.notes import PlacedFinding

ORDINARY: tuple[Rule, ...] = (
    *identity.RULES,
    *frames.RULES,
    *works.RULES,
    *parties.RULES,
    *references.RULES,
    *payment.RULES,
    *amounts.RULES,
    *attachments.RULES,
    *texts.RULES,
    *notes.RULES,
)
RULES: tuple[Rule, ...] = (*ORDINARY, *b2g.RULES)
SAYS = {rule.code: rule.says for rule in RULES}
"""What each rule says beside its own code: looked up, because every finding of every document asks."""


def platform_notes(case: Case) -> list[PlacedFinding]:
    """What the platform's rules find in a document; what one rule says of another's meaning is said once."""
    rules = RULES if b2g.follows_reform(case) else ORDINARY
    found = [rule.note_of(seen) for rule in rules for seen in rule.check(case)]
    return unsaid(found, found)


def confirmed(notes: Iterable[PlacedFinding], official: Iterable[PlacedFinding]) -> list[PlacedFinding]:
    """``notes`` without those on a formula that the ``official`` rules, which are binding and have it, find right."""
    made_here = list(notes)
    if not made_here:
        return []
    spoken = {name for made in official for name in (made.finding.code, made.names)}
    silent = {rule.code for rule in RULES if rule.formula and not spoken.intersection(rule.says)}
    return [made for made in made_here if made.finding.code not in silent]


def unsaid(notes: Iterable[PlacedFinding], by: Iterable[PlacedFinding]) -> list[PlacedFinding]:
    """``notes`` whose meaning is not told already ``by`` others, at least as severely."""
    told = said_by(by)
    return [
        made
        for made in notes
        if all(told.get(name, -1) < WEIGHTS.index(made.finding.severity) for name in (made.finding.code, made.names))
    ]


def said_by(notes: Iterable[PlacedFinding]) -> dict[str, int]:
    """By the code of a rule whose meaning is among ``notes``: how severely (place in WEIGHTS)."""
    spoken: dict[str, int] = {}
    for made in notes:
        code, weight = made.finding.code, WEIGHTS.index(made.finding.severity)
        spoken[code] = max(spoken.get(code, -1), weight)
    told: dict[str, int] = {}
    for code, weight in spoken.items():
        for said in SAYS.get(code, ()):
            told[said] = max(told.get(said, -1), weight)
    return told


WEIGHTS = (Severity.INFORMATION, Severity.WARNING, Severity.ERROR)
