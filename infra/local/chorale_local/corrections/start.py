"""Start the local platform with our corrections. Run by the platform's own Python, as a script."""

import contextlib
import importlib
import os
import signal
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path

PINNED = "1.5.33"
CORRECTIONS = (
    "post_checksum", "log_wait", "scaling_number", "loopback_is_secure", "sqs_batch_actions",
    "error_names", "failed_callback", "timeout_path", "same_start", "nested_transforms", "shared_layers",
    "own_packages", "kept_state",
)  # fmt: skip
STOP_AT_MOST = 10.0
"""Seconds that the platform has to write its state when whoever started it is gone."""


def end_with_parent() -> None:
    """Stop when the standard input ends: whoever started the platform holds its other end, and died."""
    while sys.stdin.buffer.read(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_AT_MOST)
    end_group()


def end_group() -> None:
    """Kill the processes of functions, and this one: it leads their group."""
    with contextlib.suppress(OSError):
        if os.getpgrp() == os.getpid():
            os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


def main() -> None:
    """Apply every correction, then serve; refuses any version but the one that the corrections are written for."""
    found = version("ministack")
    if found != PINNED:
        sys.exit(f"The corrections are written for ministack {PINNED}, not {found}: check them, then change the pin.")
    # The package is not installed here, so that functions cannot import it.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    for name in CORRECTIONS:
        importlib.import_module(f"chorale_local.corrections.{name}").apply()
    sys.path.pop(0)
    from ministack import app

    threading.Thread(target=end_with_parent, daemon=True, name="parent").start()
    sys.argv = ["ministack"]
    app.main()
    end_group()


if __name__ == "__main__":
    main()
