"""Files of the kept state: lines that are on disk or not there at all, snapshots that are written or said not to be."""

import contextlib
import json
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ministack.core import persistence

Line = list[Any]

logger = logging.getLogger("chorale")


class Journal:
    """Lines that are on disk when ``flush`` returns, in the order in which they were noted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._noted: list[Line] = []
        self._file: int | None = None
        self.lock = threading.RLock()
        """Held while several lines are made that belong together: they get on disk together."""

    def note(self, *line: Any) -> None:
        """Remember a line for the next flush."""
        with self.lock:
            self._noted.append(list(line))

    def flush(self) -> None:
        """Write what was noted, as one line: whoever reads finds all of it or nothing.

        Raises OSError when there is no room: nothing is written then, and the next flush tries all of it again.
        """
        with self.lock:
            if not self._noted:
                return
            text = json.dumps(self._noted, default=persistence._json_default) + "\n"
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            before, left = os.fstat(self._file).st_size, text.encode()
            try:
                while left:
                    left = left[os.write(self._file, left) :]
            except OSError:
                # The next line would join what was written of this one.
                os.ftruncate(self._file, before)
                raise
            self._noted = []

    def begin_anew(self) -> None:
        """Forget what is written: a snapshot has it."""
        with self.lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None
            self._path.unlink(missing_ok=True)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._path.stat().st_size if self._path.exists() else 0

    def read(self) -> Iterator[Line]:
        """The lines, oldest first. What a kill cut off at the end was acknowledged to nobody: it is removed."""
        if not self._path.exists():
            return
        whole = 0
        with self._path.open("r+b") as written:
            for text in written:
                if not text.endswith(b"\n"):
                    logger.warning("the journal ends in the middle of a line: what it was for was not acknowledged")
                    written.truncate(whole)
                    return
                whole += len(text)
                try:
                    lines = json.loads(text, object_hook=persistence._json_object_hook)
                except ValueError:
                    logger.exception("a line of the journal cannot be read: the others are")
                    continue
                yield from lines


def save(name: str, state: Any) -> None:
    """Write the snapshot of a service. Raises OSError when it was not written: the platform itself only logs that."""
    path = Path(persistence.STATE_DIR) / f"{name}.json"
    before = _version(path)
    persistence.save_state(name, state)
    if _version(path) == before:
        raise OSError(f"the state of {name} could not be written to {path}")


def _version(path: Path) -> tuple[int, int] | None:
    """Which file it is: a snapshot is written beside it, then takes its place."""
    with contextlib.suppress(FileNotFoundError):
        found = path.stat()
        return found.st_ino, found.st_mtime_ns
    return None
