"""Messages held by a lease: hidden from other workers for a minute, again and again as long as their worker lives.

A queue hides what a function takes for six times the function's timeout, half an hour where that is five minutes, since
Lambda may hold a message for that long before it calls the function. Who dies at work needs no such time: its lease
ends and another worker takes over. The lease is a courtesy, never a lock: running a message twice changes nothing.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from botocore.exceptions import BotoCoreError, ClientError

from chorale.runtime import batch
from chorale.runtime.logging import logger
from chorale.stores.aws import client

LEASE = 60
"""Seconds for which a message stays hidden after its worker was last seen alive."""
RENEWED_EVERY = 20.0
"""Seconds between two signs of life: two may be lost."""
NEXT_TRY = (60, 1_200)
"""Seconds until a message that failed is tried again: after the first time, after the second. What passes in a minute
costs a minute; what takes longer to mend has twenty before the message is given up."""


def each_message(event: dict[str, Any], context: Any, handle: Callable[[SQSRecord], None]) -> dict[str, Any]:
    """As ``runtime.batch.each_message``, with every message of the event under a lease until all are worked through."""
    messages = [SQSRecord(record) for record in event["Records"]]
    with _held(messages):
        answer = batch.each_message(event, context, handle)
    failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
    for message in messages:
        if message.message_id in failed:
            _hide(message, next_try(_receives(message)))
    return answer


def next_try(receives: int) -> int:
    """Seconds until a message that was received so often and failed is tried again."""
    return NEXT_TRY[min(receives, len(NEXT_TRY)) - 1]


def _receives(message: SQSRecord) -> int:
    return max(1, int(message.attributes.approximate_receive_count or 1))


@contextmanager
def _held(messages: Sequence[SQSRecord]) -> Iterator[None]:
    for message in messages:
        _hide(message, LEASE)
    done = threading.Event()
    beating = threading.Thread(target=_beat, args=(messages, done), daemon=True)
    beating.start()
    try:
        yield
    finally:
        done.set()
        beating.join()


def _beat(messages: Sequence[SQSRecord], done: threading.Event) -> None:
    while not done.wait(RENEWED_EVERY):
        for message in messages:
            _hide(message, LEASE)


def _hide(message: SQSRecord, seconds: int) -> None:
    try:
        client("sqs").change_message_visibility(
            QueueUrl=_queue_url(message.event_source_arn),
            ReceiptHandle=message.receipt_handle,
            VisibilityTimeout=seconds,
        )
    except (ClientError, BotoCoreError) as error:
        logger.warning("a lease was not written", extra={"message_id": message.message_id, "error": str(error)})


@cache
def _queue_url(arn: str) -> str:
    *_, account, name = arn.split(":")
    url: str = client("sqs").get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]
    return url
