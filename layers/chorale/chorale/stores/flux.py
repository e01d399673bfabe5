"""Deposits and what became of each of their invoices."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from chorale.domain.events import Event, EventType
from chorale.domain.findings import RankReport
from chorale.domain.flux import Flux
from chorale.runtime.codec import packed, plain, restore, unpacked
from chorale.runtime.settings import settings
from chorale.stores import keys, outbox, transactions
from chorale.stores.aws import client, error_code, from_item, to_item, to_value
from chorale.stores.due import columns as due_columns

CONDITION_FAILED = "ConditionalCheckFailedException"
KIND = "FLUX"
RANKS_PER_WRITE = 25
"""BatchWriteItem takes at most 25 rows."""


class FluxChanged(Exception):
    """Somebody else moved the flux first: read it again."""


def _item(flux: Flux, due: datetime | None) -> dict[str, Any]:
    values = keys.flux(flux.number) | {"kind": KIND} | plain(flux)
    values.pop("chunks_done", None)
    if flux.chunks_done:
        values["finished_chunks"] = set(flux.chunks_done)
    if due:
        values |= due_columns(due, flux.number)
    return to_item(values)


def _read(item: dict[str, Any]) -> Flux:
    values = from_item(item)
    # Kept as a DynamoDB set, beside the other columns: adding to it twice changes nothing.
    finished = values.pop("finished_chunks", set())
    return replace(restore(Flux, values), chunks_done=frozenset(int(chunk) for chunk in finished))


def create(flux: Flux, due: datetime) -> None:
    """Write a new flux, to be looked at by the watch at ``due`` if nothing happens before."""
    client("dynamodb").put_item(
        TableName=settings().ledger_table, Item=_item(flux, due), ConditionExpression="attribute_not_exists(pk)"
    )


def get(number: str) -> Flux | None:
    """The flux with this number, read consistently."""
    key = keys.flux(number)
    if not keys.fits(key):
        return None
    answer = client("dynamodb").get_item(TableName=settings().ledger_table, Key=to_item(dict(key)), ConsistentRead=True)
    return _read(answer["Item"]) if "Item" in answer else None


def replace_head(before: Flux, after: Flux, due: datetime | None) -> Flux:
    """Write ``after`` if the flux still is at the version of ``before``; raises FluxChanged otherwise."""
    after = replace(after, version=before.version + 1)
    try:
        client("dynamodb").put_item(
            TableName=settings().ledger_table,
            Item=_item(after, due),
            ConditionExpression="version = :version",
            ExpressionAttributeValues=to_item({":version": before.version}),
        )
    except ClientError as error:
        if error_code(error) == CONDITION_FAILED:
            raise FluxChanged(before.number) from error
        raise
    return after


def decide(before: Flux, after: Flux, at: datetime) -> None:
    """Write the verdict and the event that tells it, in one transaction; raises FluxChanged when too late."""
    after = replace(after, version=before.version + 1)
    told = Event(EventType.FLUX_DECIDED, after.number, after.version, before.state.value, after.state.value, at)
    head = {
        "Put": {
            "TableName": settings().ledger_table,
            "Item": _item(after, None),
            "ConditionExpression": "version = :version",
            "ExpressionAttributeValues": to_item({":version": before.version}),
        }
    }
    try:
        transactions.write([head, outbox.event_put(keys.flux(after.number)["pk"], told)])
    except transactions.TransactionRefused as refused:
        raise FluxChanged(before.number) from refused


def finish_chunk(number: str, chunk: int) -> Flux:
    """Note that a chunk is done (doing so twice changes nothing) and return the flux as it then is."""
    try:
        answer = client("dynamodb").update_item(
            TableName=settings().ledger_table,
            Key=to_item(dict(keys.flux(number))),
            UpdateExpression="ADD finished_chunks :done, version :one",
            ExpressionAttributeValues={
                ":done": {"NS": [str(chunk)]},
                ":chunk": to_value(chunk),
                ":one": to_value(1),
            },
            ConditionExpression="attribute_exists(pk) AND NOT contains(finished_chunks, :chunk)",
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        if error_code(error) == CONDITION_FAILED and "Item" in error.response:
            return _read(error.response["Item"])
        raise
    return _read(answer["Attributes"])


# Ranks


def rank_item(number: str, report: RankReport) -> dict[str, Any]:
    """The row of one invoice of a flux."""
    return to_item(
        keys.flux(number, keys.rank(report.rank)) | {"outcome": report.outcome.value, "report": packed(report)}
    )


def rank_put(number: str, report: RankReport) -> dict[str, Any]:
    """The same as an entry of a transaction."""
    return {"Put": {"TableName": settings().ledger_table, "Item": rank_item(number, report)}}


def write_refused(number: str, reports: Sequence[RankReport]) -> None:
    """Write the rows of refused invoices; writing them again changes nothing."""
    table = settings().ledger_table
    for start in range(0, len(reports), RANKS_PER_WRITE):
        requests = [
            {"PutRequest": {"Item": rank_item(number, report)}} for report in reports[start : start + RANKS_PER_WRITE]
        ]
        while requests:
            answer = client("dynamodb").batch_write_item(RequestItems={table: requests})
            requests = answer.get("UnprocessedItems", {}).get(table, [])


def ranks(number: str, first: int = 1, last: int = keys.LAST_RANK) -> list[RankReport]:
    """What became of the invoices of a flux so far, from rank ``first`` to ``last``, in the order of the file."""
    paginator = client("dynamodb").get_paginator("query")
    pages = paginator.paginate(
        TableName=settings().ledger_table,
        KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues=to_item(
            {":pk": keys.flux(number)["pk"], ":first": keys.rank(first), ":last": keys.rank(last)}
        ),
        ConsistentRead=True,
    )
    rows = (from_item(item) for page in pages for item in page["Items"])
    return [unpacked(RankReport, row["report"]) for row in rows]
