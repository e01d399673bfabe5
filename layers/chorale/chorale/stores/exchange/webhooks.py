"""Webhooks of the structures, in the directory; and which calls were made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from chorale.domain.exchange.webhooks import Webhook, rest_after
from chorale.domain.once import Once
from chorale.runtime.codec import plain, restore
from chorale.runtime.settings import settings
from chorale.stores import keys, once, transactions
from chorale.stores.aws import client, error_code, from_item, to_item

CALL_KEPT = timedelta(days=30)
"""How long a call that succeeded is remembered: longer than any queue keeps a message."""


CALLS_AT_ONCE = 2
"""Calls of one webhook that run at the same time: a slow server holds no more of the workers."""
TURN = timedelta(seconds=60)
"""How long a turn lasts that nobody gave back: as long as the function that takes it may run."""
TURNS = tuple(f"turn_{place}" for place in range(CALLS_AT_ONCE))


@dataclass(frozen=True, slots=True)
class Made:
    """Which webhook a request made."""

    structure_id: int
    webhook_id: str


class RegisteredMeanwhile(RuntimeError):
    """Another webhook of the structure was registered since they were counted: count again."""


def _read(item: dict[str, Any]) -> Webhook:
    row = from_item(item)
    return restore(Webhook, row["webhook"] | {name: row[name] for name in ("failures", "rests_until") if name in row})


def registrations(structure_id: int) -> int:
    """How many webhooks were ever registered for a structure, read consistently: read before they are counted."""
    answer = client("dynamodb").get_item(
        TableName=settings().directory_table,
        Key=to_item(dict(keys.registrations(structure_id))),
        ConsistentRead=True,
    )
    return int(from_item(answer["Item"])["registered"]) if "Item" in answer else 0


def create(webhook: Webhook, counted_at: int, request: Once | None = None) -> None:
    """Write a new webhook, if none was registered for its structure since ``registrations`` gave ``counted_at``.

    Raises RegisteredMeanwhile otherwise, MadeMeanwhile when ``request`` has made one.
    """
    values = plain(webhook)
    values.pop("failures")
    table = settings().directory_table
    row = keys.webhook(webhook.structure_id, webhook.id) | {"webhook": values, "failures": 0}
    counted = keys.registrations(webhook.structure_id) | {"registered": counted_at + 1}
    entries: list[dict[str, Any]] = [
        {"Put": {"TableName": table, "Item": to_item(row), "ConditionExpression": "attribute_not_exists(pk)"}},
        {
            "Put": {
                "TableName": table,
                "Item": to_item(counted),
                "ConditionExpression": "attribute_not_exists(pk) OR registered = :counted",
                "ExpressionAttributeValues": to_item({":counted": counted_at}),
            }
        },
    ]
    try:
        once.write(entries, request, Made(webhook.structure_id, webhook.id), webhook.created_at)
    except transactions.TransactionRefused as refused:
        raise RegisteredMeanwhile from refused


def get(structure_id: int, webhook_id: str) -> Webhook | None:
    """One webhook of a structure."""
    key = keys.webhook(structure_id, webhook_id)
    answer = client("dynamodb").get_item(TableName=settings().directory_table, Key=to_item(dict(key)))
    return _read(answer["Item"]) if "Item" in answer else None


def of_structure(structure_id: int) -> list[Webhook]:
    """The webhooks of a structure, in the order of their ids."""
    paginator = client("dynamodb").get_paginator("query")
    pages = paginator.paginate(
        TableName=settings().directory_table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues=to_item({":pk": keys.webhook(structure_id, "")["pk"]}),
        ConsistentRead=True,
    )
    return [_read(item) for page in pages for item in page["Items"]]


def of_structures(structure_ids: Iterable[int]) -> list[Webhook]:
    """The webhooks of several structures."""
    return [webhook for structure_id in structure_ids for webhook in of_structure(structure_id)]


def delete(structure_id: int, webhook_id: str) -> None:
    """Delete a webhook; one that does not exist is left alone."""
    client("dynamodb").delete_item(
        TableName=settings().directory_table, Key=to_item(dict(keys.webhook(structure_id, webhook_id)))
    )


def note_failure(webhook: Webhook, now: datetime) -> Webhook:
    """Count one more failed call in a row; after several the webhook is suspended for a while. Gives it as it is now.

    One that was deleted meanwhile is left alone.
    """
    counted = _change(webhook, "ADD failures :one", {":one": 1})
    if counted is None or not (rest := rest_after(counted.failures)):
        return counted or webhook
    until = {":until": (now + rest).isoformat()}
    return _change(counted, "SET rests_until = :until", until) or counted


def wake(webhook: Webhook) -> None:
    """The webhook works, or its owner says so: its failures are forgotten."""
    if webhook.failures or webhook.rests_until:
        _change(webhook, "SET failures = :none REMOVE rests_until", {":none": 0})


def take_turn(webhook: Webhook, now: datetime) -> str | None:
    """The right to call the webhook now, by its name; None while enough others have it."""
    values = {":now": now.isoformat(), ":until": (now + TURN).isoformat()}
    for turn in TURNS:
        free = f"(attribute_not_exists({turn}) OR {turn} <= :now)"
        if _change(webhook, f"SET {turn} = :until", values, free):
            return turn
    return None


def give_back(webhook: Webhook, turn: str) -> None:
    """Let another call have the turn."""
    _change(webhook, f"REMOVE {turn}", {})


def _change(webhook: Webhook, expression: str, values: Mapping[str, object], condition: str = "") -> Webhook | None:
    """The webhook after the change; None when it was deleted meanwhile or ``condition`` does not hold."""
    exists = "attribute_exists(pk)"
    try:
        answer = client("dynamodb").update_item(
            TableName=settings().directory_table,
            Key=to_item(dict(keys.webhook(webhook.structure_id, webhook.id))),
            UpdateExpression=expression,
            ConditionExpression=f"{exists} AND {condition}" if condition else exists,
            ReturnValues="ALL_NEW",
            **({"ExpressionAttributeValues": to_item(dict(values))} if values else {}),
        )
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        return None
    return _read(answer["Attributes"])


def was_told(webhook: Webhook, event_id: str) -> bool:
    """Whether the call for an event succeeded before."""
    key = keys.applied_event(webhook.id, event_id)
    return "Item" in client("dynamodb").get_item(TableName=settings().views_table, Key=to_item(dict(key)))


def note_told(webhook: Webhook, event_id: str, now: datetime) -> None:
    """Remember a call that succeeded."""
    row = keys.applied_event(webhook.id, event_id) | {"expires_at": int((now + CALL_KEPT).timestamp())}
    client("dynamodb").put_item(TableName=settings().views_table, Item=to_item(row))
