"""French sentences for official rules: written by hand for the frequent ones, made from the official text otherwise."""

import json
import re
from functools import cache
from pathlib import Path

_ID = re.compile(r"^\s*\[[^\]]+\]\s*-?\s*")


@cache
def _written() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = json.loads(
        (Path(__file__).parent / "official_rules.json").read_text(encoding="utf-8")
    )
    return read


def sentence(rule_id: str, official: str) -> tuple[str, str]:
    """What to change, in French, and what is expected (maybe empty), for an official rule that fired."""
    written = _written().get(rule_id)
    if written:
        return written["message"], written.get("expected", "")
    return f"Règle {rule_id} non respectée : {_ID.sub('', official)}", ""


def written_rules() -> tuple[str, ...]:
    """Ids of the rules that have a sentence of their own."""
    return tuple(_written())
