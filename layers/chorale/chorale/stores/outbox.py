"""Events that wait in the ledger until the bus has them."""

import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from chorale.domain.events import Event
from chorale.runtime.codec import plain, restore
from chorale.runtime.settings import settings
from chorale.stores import keys
from chorale.stores.aws import client, from_item, to_item

SOURCE = "chorale.ledger"
ENTRIES_PER_PUT = 10
"""PutEvents takes at most ten entries."""


def event_item(owner_pk: str, event: Event) -> dict[str, Any]:
    """The row of ``event``, beside the object it tells of; pending until the bus has taken it."""
    shard = zlib.crc32(event.id.encode()) % keys.PENDING_SHARDS
    return to_item(
        {
            "pk": owner_pk,
            "sk": keys.event(event.version),
            "event": plain(event),
            "pending_pk": keys.pending_index(shard),
            "pending_sk": keys.due_order(event.at, event.id),
        }
    )


def event_put(owner_pk: str, event: Event) -> dict[str, Any]:
    """The same as an entry of a transaction; an event that is already there is left alone."""
    return {
        "Put": {
            "TableName": settings().ledger_table,
            "Item": event_item(owner_pk, event),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }


def from_row(item: dict[str, Any]) -> tuple[dict[str, str], Event]:
    """Key and event of an outbox row as DynamoDB gives it."""
    values = from_item(item)
    return {"pk": values["pk"], "sk": values["sk"]}, restore(Event, values["event"])


def publish(rows: Sequence[tuple[dict[str, str], Event]]) -> list[dict[str, str]]:
    """Put events on the bus and mark those that it took; return the keys of those that it refused."""
    failed: list[dict[str, str]] = []
    for start in range(0, len(rows), ENTRIES_PER_PUT):
        batch = rows[start : start + ENTRIES_PER_PUT]
        answer = client("events").put_events(Entries=[_entry(event) for _, event in batch])
        for (key, _), result in zip(batch, answer["Entries"], strict=True):
            if "ErrorCode" in result:
                failed.append(key)
            else:
                _mark_sent(key)
    return failed


def _entry(event: Event) -> dict[str, Any]:
    detail = plain(event) | {"id": event.id}
    return {
        "EventBusName": settings().event_bus,
        "Source": SOURCE,
        "DetailType": event.type.value,
        "Time": event.at,
        "Detail": json.dumps(detail, default=str),
    }


def _mark_sent(key: dict[str, str]) -> None:
    client("dynamodb").update_item(
        TableName=settings().ledger_table,
        Key=to_item(dict(key)),
        UpdateExpression="REMOVE pending_pk, pending_sk",
        ConditionExpression="attribute_exists(pk)",
    )


def pending_before(moment: datetime) -> Iterator[tuple[dict[str, str], Event]]:
    """Events that still wait and were written before ``moment``, oldest first in each shard."""
    paginator = client("dynamodb").get_paginator("query")
    for shard in range(keys.PENDING_SHARDS):
        pages = paginator.paginate(
            TableName=settings().ledger_table,
            IndexName="pending_events",
            KeyConditionExpression="pending_pk = :pk AND pending_sk < :before",
            ExpressionAttributeValues=to_item({":pk": keys.pending_index(shard), ":before": keys.sortable(moment)}),
        )
        for page in pages:
            yield from map(from_row, page["Items"])
