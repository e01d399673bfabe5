"""The local tools that wait: for the hub's own work, never for others."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from chorale.stores import aws, counters
from chorale.stores.deposits import flux as flux_store
from chorale_local import local_tools
from chorale_local.places import ROOT
from chorale_local.stack import read_template

from tests.aws import TABLES, Hub
from tests.cast import NOW, flux

PLATFORM: Any = SimpleNamespace(client=aws.client, environment={})
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


def test_numbers_that_were_given_are_not_given_again_after_a_reset(hub: Hub, monkeypatch):
    outputs = {**{f"{name}Table": name for name in TABLES.values()},
               "DepositBucket": "chorale-deposit", "DocumentBucket": "chorale-documents"}  # fmt: skip
    monkeypatch.setattr(local_tools, "seed_stack", lambda *_: None)
    first = counters.next_number(counters.OBJECTS)
    flux_store.create(flux(), NOW)

    local_tools.reset(PLATFORM, outputs, {})
    # A worker that started meanwhile, as after a crash of the platform.
    counters.forget_blocks()

    assert hub.is_empty()
    assert counters.next_number(counters.OBJECTS) == first + counters.BLOCK
