"""The official rule sets over a document: what fired, as findings a supplier can act on."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from chorale.domain.findings import Severity
from chorale.formats.notes import PlacedFinding, note
from chorale.formats.reading.terms import clark

_TERM = re.compile(r"\bB[TG]-\d{1,3}\b")
_OCCURS = re.compile(r"Element '([\w:]+)' must occur (?:exactly|at least) ")
_ATTRIBUTE = re.compile(r"(?<![/\w:\]])@([\w:]+)")
FOLLOWED = ("CHO-DEVISE-ABSENTE", "CHO-TOTAL-ABSENT")
"""What misses and is in the formula of other rules, which then fail too."""
_LIGHTER = {"fatal": Severity.ERROR, "error": Severity.ERROR, "warning": Severity.WARNING}
_ORDER = (Severity.INFORMATION, Severity.WARNING, Severity.ERROR)


class EngineFailed(Exception):
    """A rule could not be worked out: the document is neither valid nor invalid."""

    def __init__(self, rule_set: str, rule_id: str, reason: str) -> None:
        super().__init__(f"{rule_set}: {rule_id}: {reason}")
        self.rule_set = rule_set
        self.rule_id = rule_id
        self.reason = reason

    @property
    def french(self) -> str:
        """What is wrong with the document, by the code of the XPath error."""
        return next((french for code, french in REASONS if code in self.reason), REASONS[-1][1])


REASONS = (
    ("XPTY0004", "un élément est répété là où un seul est admis"),
    ("FORG0001", "une valeur n'est ni un nombre ni une date"),
    ("FOAR0001", "un montant est divisé par zéro"),
    ("", "une valeur n'a pas la forme attendue"),
)
"""By code of XPath 2.0, the last one for every other."""


def official_notes(
    root: Any, chosen: Iterable[tuple[str, Severity]], told: Iterable[PlacedFinding] = ()
) -> list[PlacedFinding]:
    """What the chosen rule sets find below ``root``, which is valid against its schema.

    An element that is ``told`` as missing already is not told again: neither that it must occur, nor what follows from
    a missing currency or total. Raises EngineFailed when the rules themselves fail on the document.
    """
    from chorale_references import rules

    document = rules.Document(root)
    notes = []
    for rule_set, weight in chosen:
        try:
            fired = rules.load(rule_set).check(document)
        except rules.RuleEngineError as error:
            raise EngineFailed(rule_set, error.rule_id, error.reason) from error
        apart = [one for one in fired if not _OCCURS.search(one.text)]
        kept = [one for one in fired if not _follows(one, told) and not _counts_what_is_told(one, apart)]
        notes += [_note(rule_set, weight, one) for one in kept]
    return notes


def _counts_what_is_told(fired: Any, apart: Iterable[Any]) -> bool:
    """Whether an assertion only counts an element of which another one, as severe, says that it is missing."""
    occurs = _OCCURS.search(fired.text)
    if not occurs or fired.element.find(clark(occurs[1])) is not None:
        return False
    above = {fired.element, *fired.element.iterancestors()}
    return any(one.severity == fired.severity and one.element in above and occurs[1] in one.test for one in apart)


def _follows(fired: Any, told: Iterable[PlacedFinding]) -> bool:
    """Whether an assertion only says again that something is missing, which refuses the document already."""
    for made in told:
        lacking = made.missing.split("/")[0]
        if not lacking or made.finding.severity is not Severity.ERROR:
            continue
        occurs = _OCCURS.search(fired.text)
        if fired.element is made.element and occurs and occurs[1] == lacking:
            return True
        if made.finding.code in FOLLOWED and made.missing.rpartition(":")[2] in fired.test + fired.text:
            return True
    return False


def known_rule_sets() -> tuple[str, ...]:
    """Ids that may be forced."""
    from chorale_references import rules

    return tuple(rules.RULE_SETS)


def _seen(fired: Any) -> str:
    """The value that an assertion is about: the one attribute of the element that it looks at, else its text."""
    attributes = set(_ATTRIBUTE.findall(fired.test))
    if len(attributes) == 1:
        return str(fired.element.get(attributes.pop(), "")).strip()
    return "" if len(fired.element) else (fired.element.text or "").strip()


def _note(rule_set: str, weight: Severity, fired: Any) -> PlacedFinding:
    # Their patterns are compiled when something has fired: most documents need none.
    from chorale.formats.judging.messages import named_rule, sentence

    own = _LIGHTER.get(fired.severity, Severity.INFORMATION)
    severity = min(own, weight, key=_ORDER.index)
    french, expected = sentence(fired.rule_id, fired.text, fired.test)
    terms = _TERM.search(fired.text)
    made = note(
        fired.rule_id,
        severity,
        french,
        fired.text,
        source=rule_set,
        term=terms.group() if terms else "",
        value=_seen(fired),
        expected=expected,
        element=fired.element,
    )
    return replace(made, names=named_rule(fired.text))
