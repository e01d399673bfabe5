"""A batch of queue messages: the failed ones go back, the others are done, and the log says why."""

from typing import Any

from chorale.runtime.batch import each_message


def message(name: str) -> dict[str, Any]:
    return {
        "messageId": name, "receiptHandle": name, "body": name, "attributes": {}, "messageAttributes": {},
        "md5OfBody": "", "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-west-3:1:q",
        "awsRegion": "eu-west-3",
    }  # fmt: skip


def test_only_the_failed_messages_go_back():
    done = []

    def work(record: Any) -> None:
        if record.body == "bad":
            raise ValueError("no good")
        done.append(record.body)

    answer = each_message({"Records": [message("one"), message("bad"), message("two")]}, None, work)

    assert done == ["one", "two"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}


def test_a_whole_failed_batch_goes_back_message_by_message():
    def work(_record: Any) -> None:
        raise ValueError("no good")

    answer = each_message({"Records": [message("one"), message("two")]}, None, work)

    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == ["one", "two"]
