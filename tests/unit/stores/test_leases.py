"""A message is held while its worker lives, a minute longer if it dies, and waits longer each time that it fails."""

import threading
from typing import Any

import pytest
from chorale.stores import aws, leases

from tests.aws import ACCOUNT, INTEGRATION_QUEUE, REGION, Hub

URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{INTEGRATION_QUEUE}"
PATIENCE = 30
"""Seconds after which a test gives up waiting for a sign of life."""


class Died(BaseException):
    """What ends a process where it stands."""


@pytest.fixture
def hidden(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """For how many seconds the message was hidden, each time that it was."""
    leases._queue_url.cache_clear()
    sqs, seen = aws.client("sqs"), list[int]()
    real = sqs.change_message_visibility

    def watched(**asked: Any) -> Any:
        seen.append(asked["VisibilityTimeout"])
        return real(**asked)

    monkeypatch.setattr(sqs, "change_message_visibility", watched)
    return seen


def _taken(receives: int = 1) -> dict[str, Any]:
    """The event of Lambda for a message that waits in the queue."""
    sqs = aws.client("sqs")
    sqs.send_message(QueueUrl=URL, MessageBody="{}")
    (message,) = sqs.receive_message(QueueUrl=URL, VisibilityTimeout=1_800)["Messages"]
    record = {
        "messageId": message["MessageId"], "receiptHandle": message["ReceiptHandle"], "body": "{}",
        "attributes": {"ApproximateReceiveCount": str(receives)}, "messageAttributes": {}, "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{INTEGRATION_QUEUE}", "awsRegion": REGION,
    }  # fmt: skip
    return {"Records": [record]}


def test_a_worker_at_work_renews_its_lease(hidden: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "RENEWED_EVERY", 0.01)
    renewed, before = threading.Event(), leases._hide

    def noticed(message: Any, seconds: int) -> None:
        before(message, seconds)
        if len(hidden) > 3:
            renewed.set()

    monkeypatch.setattr(leases, "_hide", noticed)
    alive: list[bool] = []
    answer = leases.each_message(_taken(), None, lambda _: alive.append(renewed.wait(PATIENCE)))
    assert alive == [True]
    assert answer == {"batchItemFailures": []}
    assert set(hidden) == {leases.LEASE}


def test_the_message_of_a_worker_that_died_is_hidden_for_a_minute_and_not_for_half_an_hour(hidden: list[int]) -> None:
    def die(_: Any) -> None:
        raise Died

    with pytest.raises(Died):
        leases.each_message(_taken(), None, die)
    assert hidden == [leases.LEASE]
    assert leases.LEASE <= 60


@pytest.mark.parametrize(("receives", "wait"), [(1, 60), (2, 1_200), (3, 1_200)])
def test_what_failed_is_tried_again_in_a_minute_and_then_later(hidden: list[int], receives: int, wait: int) -> None:
    def fail(_: Any) -> None:
        raise ValueError("no good")

    answer = leases.each_message(_taken(receives), None, fail)
    assert len(answer["batchItemFailures"]) == 1
    assert hidden == [leases.LEASE, wait]


def test_a_lease_that_cannot_be_written_keeps_nobody_from_working(hidden: list[int]) -> None:
    event = _taken()
    event["Records"][0]["receiptHandle"] = "of nobody"
    done: list[str] = []
    assert leases.each_message(event, None, lambda message: done.append(message.body)) == {"batchItemFailures": []}
    assert done == ["{}"]
