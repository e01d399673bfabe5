"""Messages that were given up go back to the queue that they were for."""

import time
from collections.abc import Callable

from botocore.exceptions import ClientError

from chorale.stores.aws import client, error_code
from chorale.stores.queue_states import depth, url

PER_SECOND = 10
"""Messages that SQS moves in a second: what the rest bears."""
LOOK_EVERY = 2.0
"""Seconds between two looks at a move."""
AT_ONCE = 10
HIDDEN_FOR = 60
"""Seconds for which a message is hidden while it is moved."""
UNKNOWN = "InvalidAction"
"""What a service answers that does not move messages itself."""


class MoveFailed(RuntimeError):
    """SQS gave the move up; what it moved is moved."""


def move(dead_letters: str, destination: str, tell: Callable[[int], None]) -> int:
    """Move every message from ``dead_letters`` to ``destination`` (names); return how many were moved.

    ``tell`` is called with the number so far. Raises MoveFailed, or ClientError when a move is under way.
    """
    source = _arn(dead_letters)
    try:
        client("sqs").start_message_move_task(
            SourceArn=source, DestinationArn=_arn(destination), MaxNumberOfMessagesPerSecond=PER_SECOND
        )
    except ClientError as error:
        if error_code(error) != UNKNOWN:
            raise
        return _move_one_by_one(dead_letters, destination, tell)
    while True:
        latest = client("sqs").list_message_move_tasks(SourceArn=source, MaxResults=1)["Results"][0]
        moved = int(latest.get("ApproximateNumberOfMessagesMoved", 0))
        tell(moved)
        if latest["Status"] == "COMPLETED":
            return moved
        if latest["Status"] != "RUNNING":
            raise MoveFailed(latest.get("FailureReason") or latest["Status"])
        time.sleep(LOOK_EVERY)


def _move_one_by_one(dead_letters: str, destination: str, tell: Callable[[int], None]) -> int:
    """Each is sent before it is deleted: one that is moved twice is done once, one that is lost is never done."""
    sqs, source, target = client("sqs"), url(dead_letters), url(destination)
    # What fails again meanwhile comes back here: it is not moved a second time.
    to_move, moved = depth(dead_letters)[0], 0
    while moved < to_move:
        messages = sqs.receive_message(
            QueueUrl=source,
            MaxNumberOfMessages=min(AT_ONCE, to_move - moved),
            VisibilityTimeout=HIDDEN_FOR,
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if not messages:
            break
        for message in messages:
            attributes = message.get("MessageAttributes", {})
            sqs.send_message(QueueUrl=target, MessageBody=message["Body"], MessageAttributes=attributes)
            sqs.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])
            moved += 1
            tell(moved)
    return moved


def _arn(name: str) -> str:
    found: str = client("sqs").get_queue_attributes(QueueUrl=url(name), AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    return found
