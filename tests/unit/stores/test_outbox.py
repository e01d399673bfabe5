"""Events wait in the ledger until the bus has taken them."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from chorale.domain.events import Event
from chorale.stores import aws, outbox

from tests.aws import Hub
from tests.cast import NOW, event_of, later, summary


def _write(count: int) -> list[Event]:
    events = [event_of(summary(1_000_000 + index), at=NOW + timedelta(seconds=index)) for index in range(count)]
    for event in events:
        item = outbox.event_item(f"INV#{event.object_id}", event)
        aws.client("dynamodb").put_item(TableName="Ledger", Item=item)
    return events


def _rows(hub: Hub) -> list[tuple[dict[str, str], Event]]:
    return [outbox.from_row(aws.to_item(row)) for row in hub.rows().values()]


def _pending(hub: Hub) -> list[str]:
    return sorted(row["event"]["object_id"] for row in hub.rows().values() if "pending_pk" in row)


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Object ids of the events that the bus refuses, one by one."""
    refused: set[str] = set()
    bus = aws.client("events")
    put_events = bus.put_events

    def put(Entries: Sequence[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - boto3's own spelling
        taken = [entry for entry in Entries if json.loads(entry["Detail"])["object_id"] not in refused]
        results = iter(put_events(Entries=taken)["Entries"] if taken else [])
        answers = [next(results) if entry in taken else {"ErrorCode": "ThrottlingException"} for entry in Entries]
        return {"FailedEntryCount": len(Entries) - len(taken), "Entries": answers}

    monkeypatch.setattr(bus, "put_events", put)
    return refused


def test_an_event_is_no_longer_pending_once_the_bus_has_it(hub: Hub) -> None:
    _write(3)
    assert len(_pending(hub)) == 3
    assert outbox.publish(_rows(hub)) == []
    assert _pending(hub) == []
    assert len(hub.rows()) == 3, "the event itself stays in the ledger"


def test_what_the_bus_receives(hub: Hub) -> None:
    [event] = _write(1)
    outbox.publish(_rows(hub))
    [received] = hub.published()
    assert received["source"] == "chorale.ledger"
    assert received["detail-type"] == "InvoiceStatusChanged"
    assert received["detail"] == {
        "id": event.id,
        "type": "InvoiceStatusChanged",
        "object_id": "1000000",
        "version": 3,
        "target": "MISE_A_DISPOSITION",
        "at": "2026-11-23T09:30:00+00:00",
        "supplier_id": 10007,
        "recipient_id": 10008,
    }


def test_more_events_than_one_put_takes_all_leave(hub: Hub) -> None:
    events = _write(23)
    assert outbox.publish(_rows(hub)) == []
    assert sorted(sent["detail"]["id"] for sent in hub.published()) == sorted(event.id for event in events)


def test_what_the_bus_refuses_stays_pending_and_is_named(hub: Hub, refusing: set[str]) -> None:
    _write(12)
    refusing.update({"1000002", "1000011"})
    failed = outbox.publish(_rows(hub))
    assert {key["pk"] for key in failed} == {"INV#1000002", "INV#1000011"}
    assert _pending(hub) == ["1000002", "1000011"]
    assert len(hub.published()) == 10


def test_what_waits_is_found_by_age_and_oldest_first_in_each_shard(hub: Hub) -> None:
    events = _write(20)
    waiting = [event for _, event in outbox.pending_before(NOW + timedelta(seconds=15))]
    assert sorted(event.id for event in waiting) == sorted(event.id for event in events[:15])
    shards = {row["event"]["object_id"]: row["pending_pk"] for row in hub.rows().values()}
    for shard in set(shards.values()):
        times = [event.at for event in waiting if shards[event.object_id] == shard]
        assert times == sorted(times)


def test_events_spread_over_the_shards(hub: Hub) -> None:
    _write(40)
    assert len({row["pending_pk"] for row in hub.rows().values()}) == 4


def test_an_event_that_was_sent_is_not_found_again(hub: Hub) -> None:
    _write(2)
    outbox.publish(_rows(hub))
    assert list(outbox.pending_before(later(days=1))) == []
