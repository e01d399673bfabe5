"""Count invoices per structure and status, from events."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from chorale.domain.events import Event, EventType
from chorale.stores import views

ISSUED = "ISSUED"
RECEIVED = "RECEIVED"


def changes_of(event: Event) -> Mapping[views.Change, int]:
    """What one event adds to and takes from the counters of both parties."""
    steps: Counter[views.Change] = Counter()
    if event.type is EventType.INVOICE_STATUS_CHANGED:
        for structure_id, part in ((event.supplier_id, ISSUED), (event.recipient_id, RECEIVED)):
            if structure_id is None:
                continue
            steps[structure_id, part, event.target] += 1
            if event.source:
                steps[structure_id, part, event.source] -= 1
    return steps


def count(events: Sequence[Event], now: datetime) -> int:
    """Count a batch of events, each once however often it comes; return how many were new."""
    changes = {event.id: steps for event in events if (steps := changes_of(event))}
    return views.count_once(changes, now) if changes else 0
