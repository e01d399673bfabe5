"""What the commands write: tables and colours on a terminal, whole texts and no colour into a pipe."""

import sys
from typing import Any

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.text import Text

from chorale_cli.french import as_json
from chorale_cli.visible import json_text, visible

PIPED_WIDTH = 100_000
"""Columns of what is no terminal: nothing is wrapped or cut, a program may look for whole texts."""

__all__ = ["complain", "escape", "show", "show_json", "stderr_console"]


class _Screen(Console):
    """A console on which texts of others are no commands; its own colours are."""

    def render_str(self, text: str, **named: Any) -> Text:
        """A text with its markup, in which what is unseen is a notation."""
        return super().render_str(visible(text), **named)


def show(*blocks: RenderableType) -> None:
    """Write markup texts, tables and grids to the standard output."""
    console = _Screen(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False, emoji=False)
    with console.capture() as captured:
        for block in blocks:
            console.print(block)
    # Cells are padded to the width of their column, which nobody wants at the end of a line.
    sys.stdout.write("".join(line.rstrip() + "\n" for line in captured.get().removesuffix("\n").split("\n")))
    sys.stdout.flush()


def show_json(value: Any, *, indent: int | None = None) -> None:
    """Write one JSON value, amounts as texts; on one line without ``indent``."""
    sys.stdout.write(json_text(as_json(value), indent=indent) + "\n")
    sys.stdout.flush()


def complain(message: str) -> None:
    """Write a message for a person to the standard error."""
    sys.stderr.write(visible(message) + "\n")
    sys.stderr.flush()


def stderr_console() -> Console:
    """Where progress is shown, when it is a terminal."""
    return _Screen(stderr=True, highlight=False, emoji=False)
