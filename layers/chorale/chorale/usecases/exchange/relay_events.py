"""Send the ledger's events to the bus: at once from the stream, and again for those that stayed behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from chorale.runtime.logging import logger
from chorale.stores import outbox

RESEND_AFTER = timedelta(minutes=5)
RESEND_AT_MOST = 1000
"""Events that one run of the watch sends again; the next run takes the rest."""


class EventsRefused(RuntimeError):
    """The bus refused some events: they stay pending and the stream record is tried again."""


def relay(rows: Sequence[dict[str, Any]]) -> None:
    """Send outbox rows (as DynamoDB gives them) to the bus; raises EventsRefused when it took only some.

    Sending twice is harmless: consumers know events by their id.
    """
    failed = outbox.publish([outbox.from_row(row) for row in rows])
    if failed:
        raise EventsRefused(f"{len(failed)} of {len(rows)} events were refused by the bus")


def resend_pending(now: datetime) -> int:
    """Send again what has been pending for five minutes; return how many events were tried."""
    rows = list(islice(outbox.pending_before(now - RESEND_AFTER), RESEND_AT_MOST))
    failed = outbox.publish(rows)
    if failed:
        logger.error("events refused by the bus stay pending", extra={"events": len(failed)})
    return len(rows)
