"""XPath regular expressions as Python ones. Only what the official files use; anything else stops the build."""

import re

from .errors import BuildError

# In XPath \s is these four characters; in Python it is every Unicode space. \d is any decimal digit in both.
_SPACE = r"[ \t\n\r]"
_ESCAPES = {"d": r"\d", "s": _SPACE, "n": r"\n", "r": r"\r", "t": r"\t"}
_PLAIN = frozenset(".-+*?()[]{}|^$/\\")


def python_pattern(pattern: str) -> str:
    """The same pattern for `re`; raises BuildError on an escape or construct that is not understood."""
    out: list[str] = []
    characters = iter(pattern)
    in_class = False
    for character in characters:
        if character == "\\":
            escaped = next(characters)
            if escaped in _PLAIN:
                out.append("\\" + escaped)
            elif escaped in _ESCAPES and not (in_class and escaped == "s"):
                out.append(_ESCAPES[escaped])
            elif escaped == "s":
                out.append(r" \t\n\r")
            else:
                raise BuildError(f"regular expression {pattern!r}: \\{escaped} is not understood")
        elif character == "$" and not in_class:
            out.append(r"\Z")  # in Python $ also matches before a last line feed
        elif character == "." and not in_class:
            out.append(r"[^\n\r]")
        else:
            in_class = (in_class or character == "[") and character != "]"
            out.append(character)
    translated = "".join(out)
    if "(?" in translated or "[[" in translated or "-[" in translated:
        raise BuildError(f"regular expression {pattern!r} is not understood")
    re.compile(translated)
    return translated


def python_replacement(replacement: str) -> str:
    """A replacement without references to groups; raises BuildError when there is one."""
    if "$" in replacement or "\\" in replacement:
        raise BuildError(f"replacement {replacement!r} is not understood")
    return replacement
