"""Who holds a state folder: one hub at a time, found again and stopped from another terminal or after a crash."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from chorale_local.places import SetUpError

STOP_AT_MOST = 30.0
"""Seconds that a hub may take to stop before it is killed."""
LEFT_AT_MOST = 15.0
"""Seconds that the platform of a dead hub may take to write its state before it is killed."""


@dataclass(frozen=True)
class Process:
    """A process that cannot be taken for another: numbers are given again, with another start."""

    pid: int
    started: str

    @staticmethod
    def of(pid: int) -> "Process | None":
        """The process with this number, None when there is none (or it ended and nobody looked at it)."""
        try:
            # Field 22 of stat, counted after the name, which may hold anything.
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
            return None if fields[0] == "Z" else Process(pid, fields[19])
        except FileNotFoundError:
            if Path("/proc/self/stat").exists():
                return None
        asked = subprocess.run(
            ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout.split(maxsplit=1)
        return None if len(asked) < 2 or asked[0].startswith("Z") else Process(pid, asked[1].strip())

    @property
    def is_alive(self) -> bool:
        """Whether this very process still runs."""
        return Process.of(self.pid) == self

    def end(self, seconds: float, *, group: bool = False) -> None:
        """Ask it to stop, wait, then kill it (and the group that it leads)."""
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)
        until = time.monotonic() + seconds
        while self.is_alive and time.monotonic() < until:
            time.sleep(0.05)
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                (os.killpg if group else os.kill)(self.pid, signal.SIGKILL)
            while self.is_alive and time.monotonic() < until + 5:
                time.sleep(0.05)


@dataclass(frozen=True)
class Holder:
    """A hub and its platform, as they wrote it down."""

    hub: Process
    port: int
    platform: Process | None = None


def _note(state: Path) -> Path:
    return state / "hub.json"


def holder(state: Path) -> Holder | None:
    """Who wrote down that it holds the folder, running or not."""
    try:
        read = json.loads(_note(state).read_text(encoding="utf-8"))
        platform = Process(**read["platform"]) if read["platform"] else None
        return Holder(Process(**read["hub"]), read["port"], platform)
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def held(state: Path, port: int) -> Iterator[None]:
    """Hold ``state``. Raises SetUpError when a running hub does; the platform of a dead one is ended first."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("w", encoding="utf-8") as lock:
        try:
            # Given back by the system when this process ends, however it ends.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            known = holder(state)
            where = f" on port {known.port} (process {known.hub.pid})" if known else ""
            raise SetUpError(f"A hub of this folder runs already{where}: stop it with make stop.") from None
        end_platform(state)
        write_down(state, port, None)
        try:
            yield
        finally:
            if is_held_here(state):
                _note(state).unlink(missing_ok=True)


def is_held_here(state: Path) -> bool:
    """Whether this process still is the holder: the folder may have been removed, and taken by another, meanwhile."""
    known = holder(state)
    return known is not None and known.hub.pid == os.getpid()


def write_down(state: Path, port: int, platform_pid: int | None) -> None:
    """Note this process, and its platform, as the holder of ``state``."""
    hub = Process.of(os.getpid())
    platform = Process.of(platform_pid) if platform_pid else None
    content = {"hub": asdict(hub) if hub else None, "port": port, "platform": asdict(platform) if platform else None}
    fresh = _note(state).with_suffix(".part")
    fresh.write_text(json.dumps(content), encoding="utf-8")
    fresh.replace(_note(state))


def end_platform(state: Path) -> None:
    """End what a dead hub left running: it stops by itself, and is killed when it does not."""
    known = holder(state)
    if known and known.platform and known.platform.is_alive:
        known.platform.end(LEFT_AT_MOST, group=True)


def stop(state: Path) -> str:
    """Stop the hub that holds ``state``, and its platform; what was done, in a sentence."""
    known = holder(state)
    if known is None or not known.hub.is_alive:
        end_platform(state)
        return "No hub of this folder runs."
    known.hub.end(STOP_AT_MOST)
    end_platform(state)
    return f"The hub on port {known.port} is stopped."


def remove(state: Path) -> str:
    """Stop the hub, then remove all its data; what was done, in a sentence."""
    said = stop(state)
    freed = size_of(state)
    shutil.rmtree(state, ignore_errors=True)
    return f"{said} Removed {state} ({readable(freed)})."


def size_of(folder: Path) -> int:
    """Bytes of the files below a folder; files that go meanwhile count for nothing."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(path) / name).lstat().st_size
    return total


def readable(size: int) -> str:
    """A size for a person."""
    return f"{size / 1_000_000:,.0f} MB" if size < 1_000_000_000 else f"{size / 1_000_000_000:,.1f} GB"
