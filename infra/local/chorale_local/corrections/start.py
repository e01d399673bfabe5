"""Start the local platform with our corrections. Run by the platform's own Python, as a script."""

import importlib
import sys
from importlib.metadata import version
from pathlib import Path

PINNED = "1.5.33"
CORRECTIONS = (
    "post_checksum", "log_wait", "scaling_number", "loopback_is_secure", "sqs_batch_actions",
    "error_names", "failed_callback", "timeout_path", "same_start",
)  # fmt: skip


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

    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    main()
