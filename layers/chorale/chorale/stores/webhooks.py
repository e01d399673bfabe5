"""Webhooks of the structures, in the directory; and which calls were made."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from chorale.domain.webhooks import Webhook
from chorale.runtime.codec import plain, restore
from chorale.runtime.settings import settings
from chorale.stores import keys
from chorale.stores.aws import client, error_code, from_item, to_item

CALL_KEPT = timedelta(days=30)
"""How long a call that succeeded is remembered: longer than any queue keeps a message."""


def _read(item: dict[str, Any]) -> Webhook:
    row = from_item(item)
    return restore(Webhook, row["webhook"] | {"failures": row.get("failures", 0)})


def create(webhook: Webhook) -> None:
    """Write a new webhook."""
    values = plain(webhook)
    values.pop("failures")
    client("dynamodb").put_item(
        TableName=settings().directory_table,
        Item=to_item(keys.webhook(webhook.structure_id, webhook.id) | {"webhook": values, "failures": 0}),
        ConditionExpression="attribute_not_exists(pk)",
    )


def of_structure(structure_id: int) -> list[Webhook]:
    """The webhooks of a structure, in the order of their ids."""
    paginator = client("dynamodb").get_paginator("query")
    pages = paginator.paginate(
        TableName=settings().directory_table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues=to_item({":pk": keys.webhook(structure_id, "")["pk"]}),
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


def note_failure(webhook: Webhook) -> None:
    """Count one more failed call in a row, unless the webhook was deleted meanwhile."""
    _set_failures(webhook, "ADD failures :number", 1)


def note_success(webhook: Webhook) -> None:
    """The webhook works: its failures are forgotten."""
    if webhook.failures:
        _set_failures(webhook, "SET failures = :number", 0)


def _set_failures(webhook: Webhook, expression: str, number: int) -> None:
    try:
        client("dynamodb").update_item(
            TableName=settings().directory_table,
            Key=to_item(dict(keys.webhook(webhook.structure_id, webhook.id))),
            UpdateExpression=expression,
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues=to_item({":number": number}),
        )
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise


def was_told(webhook: Webhook, event_id: str) -> bool:
    """Whether the call for an event succeeded before."""
    key = keys.applied_event(webhook.id, event_id)
    return "Item" in client("dynamodb").get_item(TableName=settings().views_table, Key=to_item(dict(key)))


def note_told(webhook: Webhook, event_id: str, now: datetime) -> None:
    """Remember a call that succeeded."""
    row = keys.applied_event(webhook.id, event_id) | {"expires_at": int((now + CALL_KEPT).timestamp())}
    client("dynamodb").put_item(TableName=settings().views_table, Item=to_item(row))
