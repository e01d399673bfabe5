"""outbox_relay, count_indicators and watch_deadlines."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chorale.stores import aws, outbox
from chorale.stores.invoices.views import counts
from chorale.usecases.deposits.deposit import open_deposit
from chorale.usecases.exchange.relay_events import EventsRefused
from chorale.usecases.watch_deadlines import COUNTED

from tests.aws import Hub
from tests.cast import NOW, RECIPIENT, SUPPLIER, actor, event_of, later, summary
from tests.pipeline import UBL, now_of
from tests.unit.functions.conftest import Invoke


def _stream(*items: dict[str, Any]) -> dict[str, Any]:
    """A DynamoDB stream event of Lambda: inserts."""
    return {
        "Records": [
            {
                "eventID": str(place),
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "dynamodb": {
                    "Keys": {"pk": item["pk"], "sk": item["sk"]},
                    "NewImage": item,
                    "SequenceNumber": str(place),
                    "StreamViewType": "NEW_AND_OLD_IMAGES",
                },
            }
            for place, item in enumerate(items)
        ]
    }


def _written(count: int) -> list[dict[str, Any]]:
    items = [outbox.event_item(f"INV#{1_000_000 + n}", event_of(summary(1_000_000 + n))) for n in range(count)]
    for item in items:
        aws.client("dynamodb").put_item(TableName="Ledger", Item=item)
    return items


def test_events_of_the_stream_reach_the_bus(hub: Hub, invoke: Invoke) -> None:
    invoke("outbox_relay", _stream(*_written(3)))
    assert sorted(sent["detail"]["object_id"] for sent in hub.published()) == ["1000000", "1000001", "1000002"]
    assert not any("pending_pk" in row for row in hub.rows().values())


def test_a_refusal_by_the_bus_makes_the_stream_try_again(
    hub: Hub, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = _written(1)
    refused = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}
    with monkeypatch.context() as broken, pytest.raises(EventsRefused):
        broken.setattr(aws.client("events"), "put_events", lambda **_: refused)
        invoke("outbox_relay", _stream(*items))
    invoke("outbox_relay", _stream(*items))
    assert len(hub.published()) == 1


def _bus_messages(hub: Hub) -> dict[str, Any]:
    """What the rule of the bus puts on the queue of the counters."""
    return {"Records": [{"messageId": sent["id"], "body": json.dumps(sent)} for sent in hub.published()]}


def test_what_the_relay_sends_is_what_the_counters_read(hub: Hub, invoke: Invoke) -> None:
    invoke("outbox_relay", _stream(*_written(3)))
    event = _bus_messages(hub)
    invoke("count_indicators", event)
    invoke("count_indicators", event)
    assert counts(SUPPLIER.id) == {("ISSUED", "MISE_A_DISPOSITION"): 3}
    assert counts(RECIPIENT.id) == {("RECEIVED", "MISE_A_DISPOSITION"): 3}


def test_a_batch_of_events_that_fails_goes_back_whole_and_is_then_counted_once(
    hub: Hub, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoke("outbox_relay", _stream(*_written(2)))
    event = _bus_messages(hub)

    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "InternalServerError"}}, "TransactWriteItems")

    with monkeypatch.context() as broken, pytest.raises(ClientError):
        broken.setattr(aws.client("dynamodb"), "transact_write_items", refuse)
        invoke("count_indicators", event)
    assert counts(SUPPLIER.id) == {}
    invoke("count_indicators", event)
    assert counts(SUPPLIER.id) == {("ISSUED", "MISE_A_DISPOSITION"): 2}


def test_the_watch_says_what_it_did(hub: Hub, invoke: Invoke) -> None:
    assert invoke("watch_deadlines", {}) == dict.fromkeys((*COUNTED, "events_resent"), 0)


def test_the_watch_keeps_the_simulated_time(hub: Hub, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flux of the day of the tests is long overdue for a watch that lives in the real time of the machine."""
    monkeypatch.setenv("SIMULATED_CLOCK", "true")
    flux = open_deposit(actor(SUPPLIER), "f.xml", 10, "ab" * 32, UBL, NOW).flux

    def set_clock(moment: datetime) -> None:
        ahead = int((moment - datetime.now(UTC)).total_seconds())
        row = {"pk": "CLOCK", "sk": "C", "offset_seconds": ahead}
        aws.client("dynamodb").put_item(TableName="Technical", Item=aws.to_item(row))

    set_clock(later(minutes=50))
    assert invoke("watch_deadlines", {})["never_received"] == 0
    set_clock(later(minutes=70))
    assert invoke("watch_deadlines", {})["never_received"] == 1
    assert now_of(flux).state.is_verdict
