"""French sentences for official rules.

The frequent ones are written by hand (official_rules.json), many differ by a name or by a VAT category only. No rule is
told by its English text: a test goes through all of them.
"""

import json
import re
from functools import cache
from pathlib import Path

from chorale.formats.judging.messages.families import family_sentence
from chorale.formats.judging.messages.french_rules import french_text
from chorale.formats.judging.messages.vat_categories import vat_category_sentence

_ID = re.compile(r"^\s*(?:\[(?P<bracketed>[^\]]+)\]|BR-FR-[\w/-]+)\s*[-:]?\s*")
_BRACKETED = re.compile(r"\[(BR-[A-Z0-9-]+)\]")
_UNTOLD = "La règle officielle {rule_id} n'est pas respectée à cet endroit : corrigez-le."
"""For a rule of a later version of the official files, until it has a sentence: its text goes with the English one."""
_FRENCH_RULES = "BR-FR-"
"""Rules whose official text is French already."""


@cache
def _written() -> dict[str, dict[str, str]]:
    text = (Path(__file__).parent / "official_rules.json").read_text(encoding="utf-8")
    read: dict[str, dict[str, str]] = json.loads(text)
    return read


def named_rule(official: str) -> str:
    """The id between brackets in an official text; empty when there is none."""
    found = _BRACKETED.search(official)
    return found[1] if found else ""


def sentence(rule_id: str, official: str, test: str = "") -> tuple[str, str]:
    """What to change, in French, and what is expected (maybe empty), for an official rule that fired.

    ``official`` is its English text, which may begin with its id, and ``test`` its XPath.
    """
    named = _ID.match(official)
    bare = official[named.end() :] if named else official.strip()
    # Factur-X numbers its rules and names the rule of EN 16931 that each one is in its text.
    for known in (rule_id, (named and named["bracketed"]) or ""):
        written = _written().get(known)
        if written:
            return written["message"], written.get("expected", "")
        of_category = vat_category_sentence(known)
        if of_category:
            return of_category, ""
    if rule_id.startswith(_FRENCH_RULES):
        return french_text(official), ""
    return family_sentence(bare, test) or _UNTOLD.format(rule_id=rule_id), ""


def written_rules() -> tuple[str, ...]:
    """Ids of the rules that have a sentence of their own."""
    return tuple(_written())
