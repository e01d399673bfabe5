"""Functions that print nothing: the platform waits 50 ms for a first log line after every invocation."""

from ministack.core import lambda_runtime

FIRST_LINE, QUIET, AT_MOST = 0.004, 0.002, 0.25
"""Seconds to wait for a first line, for a further one, and in all."""


def apply() -> None:
    """Wait for log lines a tenth as long."""
    for kind in vars(lambda_runtime).values():
        drain = vars(kind).get("_drain_stderr_bounded") if isinstance(kind, type) else None
        if drain is not None:
            drain.__defaults__ = (FIRST_LINE, QUIET, AT_MOST)
