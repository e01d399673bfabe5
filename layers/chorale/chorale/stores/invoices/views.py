"""Counters per structure and status, rebuilt from events at will."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from chorale.runtime.settings import settings
from chorale.stores import keys, transactions
from chorale.stores.aws import client, from_item, to_item

CONSUMER = "count"
MARKER_LIFE = timedelta(days=30)
"""How long an applied event is remembered: longer than any queue keeps a message."""

Change = tuple[int, str, str]
"""Structure id, part (``ISSUED`` or ``RECEIVED``), status."""


def count_once(events: Mapping[str, Mapping[Change, int]], now: datetime) -> int:
    """Add up what each event (by id) changes, leaving out those counted before; return how many were counted.

    One transaction holds one marker per event and one addition per counter, so that what it takes of the batch is
    counted whole or not at all.
    """
    return sum(_count_whole(batch, now) for batch in _batches(events))


def _batches(events: Mapping[str, Mapping[Change, int]]) -> Iterator[dict[str, Mapping[Change, int]]]:
    batch: dict[str, Mapping[Change, int]] = {}
    rows = 0
    for event_id, changes in events.items():
        if batch and rows + 1 + len(changes) > transactions.ENTRIES_AT_MOST:
            yield batch
            batch, rows = {}, 0
        batch[event_id] = changes
        rows += 1 + len(changes)
    if batch:
        yield batch


def _count_whole(events: Mapping[str, Mapping[Change, int]], now: datetime) -> int:
    pending = dict(events)
    while pending:
        try:
            transactions.write(_entries(pending, now))
        except transactions.TransactionRefused as refused:
            names = list(pending)
            for place in refused.failed:
                del pending[names[place]]
            continue
        return len(pending)
    return 0


def _entries(events: Mapping[str, Mapping[Change, int]], now: datetime) -> list[dict[str, Any]]:
    table = settings().views_table
    expires_at = int((now + MARKER_LIFE).timestamp())
    markers = [
        {
            "Put": {
                "TableName": table,
                "Item": to_item(keys.applied_event(CONSUMER, event_id) | {"expires_at": expires_at}),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }
        for event_id in events
    ]
    steps: Counter[Change] = Counter()
    for changes in events.values():
        steps.update(changes)
    additions = [
        {
            "Update": {
                "TableName": table,
                "Key": to_item(dict(keys.indicator(*change))),
                "UpdateExpression": "ADD invoices :step",
                "ExpressionAttributeValues": to_item({":step": step}),
            }
        }
        for change, step in steps.items()
        if step
    ]
    return markers + additions


def counts(structure_id: int) -> dict[tuple[str, str], int]:
    """Invoices of a structure by part and status."""
    answer = client("dynamodb").query(
        TableName=settings().views_table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues=to_item({":pk": keys.indicator(structure_id, "", "")["pk"]}),
    )
    rows = map(from_item, answer["Items"])
    return {keys.counted(row): int(row["invoices"]) for row in rows}
