"""The official rule sets over a document: what fired, as findings a supplier can act on."""

import re
from collections.abc import Iterable
from typing import Any

from chorale.domain.findings import Severity
from chorale.formats.notes import Note, note

_TERM = re.compile(r"\bB[TG]-\d{1,3}\b")
_LIGHTER = {"fatal": Severity.ERROR, "error": Severity.ERROR, "warning": Severity.WARNING}
_ORDER = (Severity.INFORMATION, Severity.WARNING, Severity.ERROR)


class EngineFailed(Exception):
    """A rule could not be worked out: the document is neither valid nor invalid."""

    def __init__(self, rule_set: str, reason: str) -> None:
        super().__init__(f"{rule_set}: {reason}")
        self.rule_set = rule_set
        self.reason = reason


def official_notes(root: Any, chosen: Iterable[tuple[str, Severity]]) -> list[Note]:
    """What the chosen rule sets find below ``root``, which is valid against its schema.

    Raises EngineFailed when the rules themselves fail on the document.
    """
    from chorale_references import rules

    document = rules.Document(root)
    notes = []
    for rule_set, weight in chosen:
        try:
            fired = rules.load(rule_set).check(document)
        except rules.RuleEngineError as error:
            raise EngineFailed(rule_set, str(error)) from error
        notes += [_note(rule_set, weight, one) for one in fired]
    return notes


def known_rule_sets() -> tuple[str, ...]:
    """Ids that may be forced."""
    from chorale_references import rules

    return tuple(rules.RULE_SETS)


def _note(rule_set: str, weight: Severity, fired: Any) -> Note:
    # Their patterns are compiled when something has fired: most documents need none.
    from chorale.formats.messages import sentence

    own = _LIGHTER.get(fired.severity, Severity.INFORMATION)
    severity = min(own, weight, key=_ORDER.index)
    french, expected = sentence(fired.rule_id, fired.text)
    terms = _TERM.search(fired.text)
    return note(
        fired.rule_id,
        severity,
        french,
        fired.text,
        source=rule_set,
        term=terms.group() if terms else "",
        value="" if len(fired.element) else (fired.element.text or "").strip(),
        expected=expected,
        element=fired.element,
    )
