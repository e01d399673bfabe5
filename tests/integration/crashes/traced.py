"""Whether a function is run."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any


@contextmanager
def entered(function: Callable[..., Any]) -> Iterator[list[CodeType]]:
    """Note each time that ``function`` is entered inside, under whatever name it was imported."""
    wanted: CodeType = getattr(function, "__code__")  # noqa: B009 - what is callable need not have it
    seen: list[CodeType] = []

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code is wanted:
            seen.append(wanted)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield seen
    finally:
        sys.setprofile(before)
