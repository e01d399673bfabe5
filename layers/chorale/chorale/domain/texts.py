"""Free texts: what no person writes on purpose, and what makes another person read something else than is there."""

import re

UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Control characters other than tab and line ends, turns of the writing direction, halves of characters."""

TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Turns of the writing direction alone."""


def turns_direction(text: str) -> bool:
    """Whether ``text`` makes a person read something else than is there."""
    return not text.isprintable() and bool(TURNS.search(text))


def unseen_character(text: str) -> str:
    """The first character of ``text`` that must not be in a free text, as ``U+XXXX``; empty when there is none."""
    if text.isprintable():  # the quick answer for megabytes of base64
        return ""
    found = UNSEEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""
