"""Calls of webhooks that did not succeed at once: when they are made again, and when the owner has to ask for it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chorale.domain.events import Event

RETRIED_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
"""How long after a failed call the next one comes: together nearly three days."""
GIVEN_UP_AFTER = timedelta(days=3)
"""Age at which a call that did not succeed is no longer made by itself."""
KEPT_FOR_RESEND = timedelta(days=30)
"""How long its owner can have it made again."""


class CallState(StrEnum):
    """What becomes of a call that did not succeed at once."""

    WAITING = "EN_ATTENTE"
    FAILED = "ECHEC"


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """What one webhook is to be told, and how far that has come."""

    webhook_id: str
    structure_id: int
    event: Event
    first_at: datetime
    """Since when it is tried."""
    next_at: datetime
    """When it is made again; for one that was given up, when it is forgotten."""
    attempts: int = 0
    reason: str = ""
    """Why the last attempt failed."""
    state: CallState = CallState.WAITING

    def is_too_old(self, now: datetime) -> bool:
        """Whether it is no longer made by itself."""
        return now - self.first_at >= GIVEN_UP_AFTER

    def failed(self, reason: str, now: datetime) -> "WebhookCall":
        """The call after one more attempt that failed."""
        tried = replace(self, attempts=self.attempts + 1, reason=reason)
        if tried.attempts > len(RETRIED_AFTER) or tried.is_too_old(now):
            return tried.given_up(now)
        return replace(tried, next_at=now + RETRIED_AFTER[self.attempts])

    def put_off(self, until: datetime) -> "WebhookCall":
        """The call, not tried before ``until`` because its receiver rests; that is no attempt."""
        return replace(self, next_at=min(until, self.first_at + GIVEN_UP_AFTER))

    def given_up(self, now: datetime) -> "WebhookCall":
        """The call, kept for its owner."""
        return replace(self, state=CallState.FAILED, next_at=now + KEPT_FOR_RESEND)

    def sent_again(self, now: datetime) -> "WebhookCall":
        """The call as if it had never been made: its owner asks for it."""
        return replace(self, state=CallState.WAITING, first_at=now, next_at=now, attempts=0)
