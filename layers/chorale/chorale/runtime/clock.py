"""The clock of the hub: real time, plus an offset where the template allows a simulated clock."""

from datetime import UTC, datetime, timedelta

_offset = timedelta()


def now() -> datetime:
    """The current time of the hub, aware, in UTC."""
    return datetime.now(UTC) + _offset


def offset() -> timedelta:
    """How far the hub's clock is ahead of real time."""
    return _offset


def move(offset: timedelta) -> None:
    """Set how far the hub's clock is ahead of real time, for this process."""
    global _offset  # noqa: PLW0603 - one clock per process is the point
    _offset = offset
