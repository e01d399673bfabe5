"""Calls to webhooks: the queue of those to be made, and in the ledger those that did not succeed at once."""

import json
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from chorale.domain.events import Event
from chorale.domain.exchange.webhook_calls import CallState, WebhookCall
from chorale.domain.exchange.webhooks import Webhook
from chorale.runtime.codec import plain, restore
from chorale.runtime.settings import settings
from chorale.stores import due, keys
from chorale.stores.aws import client, from_item, to_item
from chorale.stores.queues import MESSAGES_PER_SEND, NotSent

KIND = "WEBHOOK_CALL"
LONGEST_DELAY = timedelta(minutes=15)
"""SQS keeps a message back for no longer; what waits longer is asked for by the watch."""
MISSED_AFTER = timedelta(hours=1)
"""When the watch asks for a call whose message should have come by itself."""


def ask(webhooks: Sequence[Webhook], event: Event) -> None:
    """Queue the call of each of ``webhooks``, a message each; raises NotSent."""
    for start in range(0, len(webhooks), MESSAGES_PER_SEND):
        entries: list[dict[str, Any]] = [
            {"Id": webhook.id, "MessageBody": _body(webhook.structure_id, webhook.id, event)}
            for webhook in webhooks[start : start + MESSAGES_PER_SEND]
        ]
        answer = client("sqs").send_message_batch(QueueUrl=settings().call_queue_url, Entries=entries)
        if answer.get("Failed"):
            raise NotSent(f"{len(answer['Failed'])} calls for {event.id} were not queued")


def ask_again(call: WebhookCall, now: datetime) -> None:
    """Queue a call for its time; one that waits for longer than a message can is left to the watch."""
    delay = max(call.next_at - now, timedelta())
    if delay <= LONGEST_DELAY:
        _send(_body(call.structure_id, call.webhook_id, call.event), delay)


def ask_later(webhook: Webhook, event: Event, postponed: int, delay: timedelta) -> None:
    """Queue a call whose webhook has others in hand; ``postponed`` says how often that happened."""
    _send(_body(webhook.structure_id, webhook.id, event, postponed), delay)


def _send(body: str, delay: timedelta) -> None:
    # Rounded up: a message that comes before its time is taken for an earlier one of the same call.
    seconds = min(math.ceil(delay.total_seconds()), int(LONGEST_DELAY.total_seconds()))
    client("sqs").send_message(QueueUrl=settings().call_queue_url, MessageBody=body, DelaySeconds=seconds)


def _body(structure_id: int, webhook_id: str, event: Event, postponed: int = 0) -> str:
    told = {"structure": structure_id, "webhook": webhook_id, "event": plain(event)}
    return json.dumps(told | ({"postponed": postponed} if postponed else {}))


def keep(call: WebhookCall, now: datetime) -> None:
    """Write how far a call has come."""
    by_message = call.state is CallState.WAITING and call.next_at - now <= LONGEST_DELAY
    row = keys.webhook_call(call.webhook_id, call.event.id) | {"kind": KIND, "call": plain(call)}
    row |= due.columns(
        call.next_at + MISSED_AFTER if by_message else call.next_at, keys.call_owner(call.webhook_id, call.event.id)
    )
    client("dynamodb").put_item(TableName=settings().ledger_table, Item=to_item(row))


def get(webhook_id: str, event_id: str) -> WebhookCall | None:
    """A call that did not succeed at once, read consistently."""
    key = keys.webhook_call(webhook_id, event_id)
    if not keys.fits(key):
        return None
    answer = client("dynamodb").get_item(TableName=settings().ledger_table, Key=to_item(dict(key)), ConsistentRead=True)
    return _read(answer["Item"]) if "Item" in answer else None


def of_owner(owner: str) -> WebhookCall | None:
    """The call that the due index names so."""
    return get(*keys.call_of(owner))


def of_webhook(webhook_id: str, at_most: int) -> list[WebhookCall]:
    """Calls of a webhook that did not succeed at once, ``at_most`` of them, by event id."""
    answer = client("dynamodb").query(
        TableName=settings().ledger_table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues=to_item({":pk": keys.webhook_call(webhook_id, "")["pk"]}),
        ConsistentRead=True,
        Limit=at_most,
    )
    return [_read(item) for item in answer["Items"]]


def forget(webhook_id: str, event_id: str) -> None:
    """The call succeeded, or need not be made any more."""
    client("dynamodb").delete_item(
        TableName=settings().ledger_table, Key=to_item(dict(keys.webhook_call(webhook_id, event_id)))
    )


def _read(item: dict[str, Any]) -> WebhookCall:
    return restore(WebhookCall, from_item(item)["call"])
