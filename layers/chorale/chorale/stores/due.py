"""What the watch must look at: rows of the Ledger that say when they are due."""

import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from chorale.runtime.settings import settings
from chorale.stores import keys
from chorale.stores.aws import client, from_item, to_item

COLUMNS = ("due_pk", "due_sk")


def columns(moment: datetime, owner: object) -> dict[str, str]:
    """The two columns of a row that is due at ``moment``; ``owner`` is what the watch will look up."""
    shard = zlib.crc32(str(owner).encode()) % keys.DUE_SHARDS
    return {"due_pk": keys.due_index(moment, shard), "due_sk": keys.due_order(moment, str(owner))}


def before(moment: datetime, since: datetime) -> Iterator[tuple[str, str]]:
    """Kind and owner of the rows due before ``moment``, from the day of ``since`` on, the oldest day first."""
    day = since
    while day.date() <= moment.date():
        for shard in range(keys.DUE_SHARDS):
            for row in _rows(day, shard, moment):
                yield row["kind"], keys.owner_of(row["due_sk"])
        day += timedelta(days=1)


def _rows(day: datetime, shard: int, moment: datetime) -> Iterator[dict[str, Any]]:
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=settings().ledger_table,
            IndexName="due_sweep",
            KeyConditionExpression="due_pk = :pk AND due_sk < :before",
            ExpressionAttributeValues=to_item({":pk": keys.due_index(day, shard), ":before": keys.sortable(moment)}),
        )
    )
    for page in pages:
        yield from map(from_item, page["Items"])
