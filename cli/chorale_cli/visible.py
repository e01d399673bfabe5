"""Texts of others, such that what is read is what is there.

Names of members, findings and labels come from suppliers and hubs: an escape sequence in one could move the cursor,
colour a refusal green or turn the direction of what follows. They are shown as notations instead. No rich here: the
help does without it.
"""

import json
import re
from typing import Any

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What a terminal obeys or does not show: controls other than tab and line feed, marks and turns of the writing
direction, line ends of Unicode, halves of characters (domain/texts.py refuses most of them in a deposit)."""


def visible(text: str) -> str:
    r"""``text`` with each unseen character as ``\x1b`` or ``\u202e``."""
    return UNSEEN.sub(lambda found: _notation(found[0]), text)


def json_text(value: Any, *, indent: int | None = None) -> str:
    """``value`` as JSON that reads as it is stored: letters as they are, unseen characters escaped."""
    # C0 is escaped already; what stands between values is seen.
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False, indent=indent))


def _notation(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"


def without_password(url: str) -> str:
    """``url`` as it may be shown: without the user and the password that may stand before the host."""
    return re.sub(r"^([a-z][a-z0-9+.-]*://|//)?.*@", r"\1", url, flags=re.IGNORECASE | re.DOTALL)
