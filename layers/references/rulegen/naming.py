"""Names of variables in generated code."""

import re


def renumbered(source: str) -> str:
    """The source with its variables numbered from one, so that equal expressions are equal texts."""
    names: dict[str, str] = {}
    return re.sub(r"\b[xv]\d+\b", lambda found: names.setdefault(found[0], f"x{len(names) + 1}"), source)
