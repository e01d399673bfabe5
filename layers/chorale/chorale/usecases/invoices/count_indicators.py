"""Count invoices per structure and status, from events."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from chorale.domain.events import Event, EventType
from chorale.domain.statuses import NOT_YET_DELIVERED
from chorale.stores.invoices import views

ISSUED = "ISSUED"
RECEIVED = "RECEIVED"
TO_VALIDATE = "TO_VALIDATE"


def changes_of(event: Event) -> Mapping[views.Change, int]:
    """What one event adds to and takes from the counters of its parties."""
    steps: Counter[views.Change] = Counter()
    if event.type is EventType.INVOICE_STATUS_CHANGED:
        for after, before, part in _structures(event):
            if after is not None:
                steps[after, part, event.target] += 1
            if before is not None and event.source:
                steps[before, part, event.source] -= 1
    return steps


def _structures(event: Event) -> Iterator[tuple[int | None, int | None, str]]:
    """Who holds the invoice after and before the change, and as what."""
    yield event.supplier_id, event.supplier_id, ISSUED
    yield event.validator_id, event.previous_validator_id or event.validator_id, TO_VALIDATE
    # The recipient was not counted while it did not know of the invoice.
    knew = event.source not in NOT_YET_DELIVERED
    yield event.recipient_id, (event.previous_recipient_id or event.recipient_id) if knew else None, RECEIVED


def count(events: Sequence[Event], now: datetime) -> int:
    """Count a batch of events, each once however often it comes; return how many were new."""
    changes = {event.id: steps for event in events if (steps := changes_of(event))}
    return views.count_once(changes, now) if changes else 0
