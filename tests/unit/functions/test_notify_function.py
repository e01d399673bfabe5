"""notify is woken by the queue of the bus and by that of the calls: what fails comes back by its message, alone."""

import json

import pytest
from chorale.runtime.codec import plain
from chorale.usecases.exchange import call_webhooks as module

from tests.cast import event_of, summary
from tests.unit.functions.conftest import Invoke


def _messages(*numbers: int) -> dict[str, object]:
    events = [event_of(summary(number, f"F-{number}")) for number in numbers]
    return {
        "Records": [
            {"messageId": event.object_id, "body": json.dumps({"detail": plain(event) | {"id": event.id}})}
            for event in events
        ]
    }


def test_nobody_waits_and_every_message_is_done(invoke: Invoke) -> None:
    assert invoke("notify", _messages(1, 2)) == {"batchItemFailures": []}


def test_an_event_that_could_not_be_fanned_out_comes_back(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = module._waiting

    def fails_for_one(event):
        if event.object_id == "2":
            raise RuntimeError
        return waiting(event)

    monkeypatch.setattr(module, "_waiting", fails_for_one)

    assert invoke("notify", _messages(1, 2, 3)) == {"batchItemFailures": [{"itemIdentifier": "2"}]}


def test_a_call_of_a_webhook_that_is_gone_is_done(invoke: Invoke) -> None:
    event = event_of(summary())
    body = {"structure": 1, "webhook": "0123", "event": plain(event)}

    assert invoke("notify", {"Records": [{"messageId": "1", "body": json.dumps(body)}]}) == {"batchItemFailures": []}
