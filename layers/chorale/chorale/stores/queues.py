"""Messages between functions."""

import json
from collections.abc import Sequence
from typing import Any

from chorale.runtime.settings import settings
from chorale.stores import queue_states
from chorale.stores.aws import client

MESSAGES_PER_SEND = 10


class NotSent(RuntimeError):
    """The queue refused some messages: the caller's own message is retried."""


def ask_integration(flux_number: str, chunk: int | None = None) -> None:
    """Ask for the integration of a flux, or of one chunk of it."""
    client("sqs").send_message(QueueUrl=settings().integration_queue_url, MessageBody=_body(flux_number, chunk))


def ask_reception(queue: str, key: str, version_id: str) -> None:
    """Ask the queue with this name for the reception of a deposited file, as S3 does when it arrives."""
    told = {"Records": [{"s3": {"object": {"key": key, "versionId": version_id}}}]}
    client("sqs").send_message(QueueUrl=queue_states.url(queue), MessageBody=json.dumps(told))


def ask_chunks(flux_number: str, chunks: Sequence[int]) -> None:
    """Ask for the integration of several chunks; asking twice does no harm."""
    for start in range(0, len(chunks), MESSAGES_PER_SEND):
        entries: list[dict[str, Any]] = [
            {"Id": str(chunk), "MessageBody": _body(flux_number, chunk)}
            for chunk in chunks[start : start + MESSAGES_PER_SEND]
        ]
        answer = client("sqs").send_message_batch(QueueUrl=settings().integration_queue_url, Entries=entries)
        if answer.get("Failed"):
            raise NotSent(f"{len(answer['Failed'])} chunks of {flux_number} were not queued")


def integration_is_busy() -> bool:
    """Whether messages to the integration wait or are being worked on, as far as the queue knows (it may be late)."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = client("sqs").get_queue_attributes(QueueUrl=settings().integration_queue_url, AttributeNames=names)
    return any(int(number) for number in answer["Attributes"].values())


def _body(flux_number: str, chunk: int | None) -> str:
    return json.dumps({"flux": flux_number} | ({} if chunk is None else {"chunk": chunk}))
