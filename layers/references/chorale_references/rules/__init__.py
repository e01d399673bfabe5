"""The official business rules, as Python.

    rule_set = rules.load("EN16931-UBL")
    fired = rule_set.check(root)            # or rules.Document(root), shared by several rule sets

RULE_SETS describes what there is. Documents must be valid against their schema first: the rules rely on it.
"""

import json
from functools import cache
from pathlib import Path

from .document import Document
from .engine import Fired, RuleEngineError, RuleSet, RuleSetInfo

__all__ = ["RULE_SETS", "Document", "Fired", "RuleEngineError", "RuleSet", "RuleSetInfo", "load"]


def _catalogue() -> dict[str, RuleSetInfo]:
    listed = json.loads((Path(__file__).parent / "sets" / "catalogue.json").read_text(encoding="utf-8"))
    return {entry["id"]: RuleSetInfo(**entry) for entry in listed}


RULE_SETS: dict[str, RuleSetInfo] = _catalogue()


@cache
def load(rule_set_id: str) -> RuleSet:
    """The rule set of that id, imported at first use; an unknown id raises KeyError."""
    return RuleSet(RULE_SETS[rule_set_id])
