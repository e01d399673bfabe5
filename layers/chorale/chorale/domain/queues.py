"""Queues as an operator sees them: what waits, what is worked on, what was given up."""

from dataclasses import dataclass
from datetime import timedelta

LATE_AFTER = timedelta(minutes=10)
"""Work that waits longer needs an operator: the threshold of the alarms on age."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue and its dead letters, by the names that SQS knows; ``source`` is empty where nothing reads messages."""

    name: str
    source: str
    dead_letters: str


@dataclass(frozen=True, slots=True)
class QueueState:
    """Messages of a queue and of its dead letters; an age is None where it is not known."""

    name: str
    waiting: int
    in_work: int
    oldest: timedelta | None
    given_up: int
    oldest_given_up: timedelta | None

    @property
    def is_late(self) -> bool:
        """Whether the oldest message has waited too long."""
        return self.oldest is not None and self.oldest >= LATE_AFTER

    @property
    def needs_operator(self) -> bool:
        """Whether work was given up or waits too long."""
        return self.given_up > 0 or self.is_late
