"""The local tools that wait: for the hub's own work, never for others."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from chorale.stores import aws
from chorale_local import local_tools
from chorale_local.places import ROOT
from chorale_local.stack import read_template

PLATFORM: Any = SimpleNamespace(client=aws.client)
QUEUES = sorted(
    name
    for path in (ROOT / "infra" / "capabilities").glob("*.yaml")
    for name, resource in read_template(path)["Resources"].items()
    if resource["Type"] == "AWS::SQS::Queue"
)


def test_only_queues_that_the_hub_empties_by_itself_are_awaited():
    awaited = [name for name in QUEUES if local_tools.is_awaited(f"chorale-local-{name}-116BC84D")]

    assert awaited == [
        "CountQueue",
        "EdiQueue",
        "IntegrationQueue",
        "ReceptionQueue",
        "WorksResumeQueue",
        "WorksStartQueue",
    ]


@pytest.mark.parametrize(("queue", "busy"), [("NotifyQueue", False), ("CallQueue", False), ("WorksStartQueue", True)])
def test_a_webhook_that_does_not_answer_is_not_waited_for(hub, monkeypatch, queue, busy):
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    url = aws.client("sqs").create_queue(QueueName=f"chorale-local-{queue}-1")["QueueUrl"]
    aws.client("sqs").send_message(QueueUrl=url, MessageBody="{}")

    assert local_tools._is_busy(PLATFORM) is busy
