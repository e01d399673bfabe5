"""How far a command is: on the standard error, only when that is a terminal, erased before anything else is written."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Tell = Callable[[str], None]


@contextmanager
def progress() -> Iterator[Tell]:
    """Gives a function that shows what is being done; what it showed is gone at the end, whatever happens."""
    if not sys.stderr.isatty():
        yield lambda _doing: None
        return
    from chorale_cli.screen import escape, stderr_console

    with stderr_console().status("") as status:
        yield lambda doing: status.update(escape(doing))
