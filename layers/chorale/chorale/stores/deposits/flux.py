"""Deposits and what became of each of their invoices."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from chorale.domain.deposits.flux import Flux
from chorale.domain.events import Event, EventType
from chorale.domain.findings import RankOutcome, RankReport
from chorale.domain.once import Once
from chorale.domain.statuses import FluxState
from chorale.runtime.codec import packed, plain, restore, unpacked
from chorale.runtime.settings import settings
from chorale.stores import batches, keys, once, outbox, transactions
from chorale.stores.aws import client, error_code, from_item, to_item, to_value
from chorale.stores.due import before as due_before
from chorale.stores.due import columns as due_columns

CONDITION_FAILED = "ConditionalCheckFailedException"
KIND = "FLUX"


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
    return _restored(from_item(item))


def _restored(values: dict[str, Any]) -> Flux:
    # Kept as a DynamoDB set, beside the other columns: adding to it twice changes nothing.
    finished = values.pop("finished_chunks", set())
    return replace(restore(Flux, values), chunks_done=frozenset(int(chunk) for chunk in finished))


def create(flux: Flux, due: datetime, request: Once | None = None) -> None:
    """Write a new flux, to be looked at by the watch at ``due`` if nothing happens before.

    Raises MadeMeanwhile when ``request`` has made one, and FluxChanged when there is one with its number.
    """
    new: dict[str, Any] = {
        "TableName": settings().ledger_table,
        "Item": _item(flux, due),
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    if request is None:
        try:
            client("dynamodb").put_item(**new)
        except ClientError as error:
            if error_code(error) == CONDITION_FAILED:
                raise FluxChanged(flux.number) from error
            raise
    else:
        once.write([{"Put": new}], request, flux.number, flux.deposited_at)


def made_by(request: Once | None, now: datetime) -> Flux | None:
    """The flux that ``request`` made before; raises ReplayOfAnother."""
    number = once.made(request, str, now)
    return get(number) if number else None


def get(number: str) -> Flux | None:
    """The flux with this number, read consistently."""
    key = keys.flux(number)
    if not keys.fits(key):
        return None
    answer = client("dynamodb").get_item(TableName=settings().ledger_table, Key=to_item(dict(key)), ConsistentRead=True)
    return _read(answer["Item"]) if "Item" in answer else None


def get_overdue(number: str, now: datetime) -> Flux | None:
    """The flux with this number if it is still due at ``now``, read consistently; None when it was put off or decided.

    Who was told by the index that it is due may be late: whoever puts a flux off does so before it files anything.
    """
    key = keys.flux(number)
    answer = client("dynamodb").get_item(TableName=settings().ledger_table, Key=to_item(dict(key)), ConsistentRead=True)
    due = from_item(answer["Item"]).get("due_sk", "") if "Item" in answer else ""
    return _read(answer["Item"]) if due and due < keys.sortable(now) else None


def undecided(until: datetime, since: datetime) -> Iterator[Flux]:
    """Every flux without a verdict that the watch must look at before ``until``, from the day of ``since`` on."""
    numbers = [owner for kind, owner in due_before(until, since) if kind == KIND]
    for row in batches.read(settings().ledger_table, [keys.flux(number) for number in numbers], consistent=True):
        flux = _restored(row)
        # The index may be late.
        if not flux.state.is_verdict:
            yield flux


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


def put_off(number: str, due: datetime) -> Flux:
    """Let the watch look at a flux again at ``due`` only; who decides from what it read before must read again.

    Raises FluxChanged when the flux has its verdict.
    """
    verdicts = {f":verdict{place}": state.value for place, state in enumerate(s for s in FluxState if s.is_verdict)}
    names = due_columns(due, number)
    try:
        answer = client("dynamodb").update_item(
            TableName=settings().ledger_table,
            Key=to_item(dict(keys.flux(number))),
            UpdateExpression=f"SET {', '.join(f'{name} = :{name}' for name in names)} ADD version :one",
            ConditionExpression=f"attribute_exists(pk) AND NOT #state IN ({', '.join(verdicts)})",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues=to_item(
                {f":{name}": value for name, value in names.items()} | verdicts | {":one": 1}
            ),
            ReturnValues="ALL_NEW",
        )
    except ClientError as error:
        if error_code(error) == CONDITION_FAILED:
            raise FluxChanged(number) from error
        raise
    return _read(answer["Attributes"])


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


def _unless_integrated(number: str, report: RankReport) -> dict[str, Any]:
    """A Put of the row, refused when the rank was integrated before.

    The number of what a rank integrated may have been set free since, taken by others and set free again: only the
    rank's own row says that it is done.
    """
    return {
        "TableName": settings().ledger_table,
        "Item": rank_item(number, report),
        "ConditionExpression": "attribute_not_exists(pk) OR outcome <> :integrated",
        "ExpressionAttributeValues": to_item({":integrated": RankOutcome.INTEGRATED.value}),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def rank_put(number: str, report: RankReport) -> dict[str, Any]:
    """The same as an entry of the transaction that files the invoice; it fails when the rank was integrated before."""
    return {"Put": _unless_integrated(number, report)}


def report_in(row: Mapping[str, Any]) -> RankReport:
    """The report that a row of a rank holds."""
    report: RankReport = unpacked(RankReport, row["report"])
    return report


def write_refused(number: str, report: RankReport) -> RankReport:
    """Write the row of a refused invoice and return it, or what the rank integrated before: that stays."""
    try:
        client("dynamodb").put_item(**_unless_integrated(number, report))
    except ClientError as error:
        if error_code(error) == CONDITION_FAILED and "Item" in error.response:
            return report_in(from_item(error.response["Item"]))
        raise
    return report


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
    return [report_in(row) for row in rows]
