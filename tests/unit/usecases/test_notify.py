"""Webhooks are told of what their account may read: signed, once, again after a failure, never of more."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import SplitResult

import pytest
from chorale.domain.access.rights import Actor, Right
from chorale.domain.events import Event, EventType
from chorale.domain.exchange.webhook_calls import (
    GIVEN_UP_AFTER,
    KEPT_FOR_RESEND,
    RETRIED_AFTER,
    CallState,
    WebhookCall,
)
from chorale.domain.exchange.webhooks import RESTS_AFTER, SIGNATURE_HEADER, Webhook, signature
from chorale.runtime.codec import restore
from chorale.stores import aws
from chorale.stores.access import accounts
from chorale.stores.deposits import flux as flux_store
from chorale.stores.exchange import web, webhook_calls, webhooks
from chorale.usecases.exchange.call_webhooks import ask_calls, call_webhook
from chorale.usecases.exchange.webhooks import register, registered, send_again, unanswered, unregister
from chorale.usecases.watch_deadlines import watch

from tests.aws import Hub
from tests.cast import NOW, OTHER_SUPPLIER, RECIPIENT, STATE, SUPPLIER, actor, event_of, flux, later, summary


class Receiver:
    """A server of a client: keeps what it is sent, answers with ``status``."""

    def __init__(self) -> None:
        self.status = 204
        self.calls: list[tuple[dict[str, str], bytes]] = []
        kept = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                kept.calls.append((dict(self.headers), body))
                self.send_response(kept.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing on the terminal."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/recu?de=chorale"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        """No longer there."""
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A server on this machine, which may be called here."""
    monkeypatch.setenv("LOCAL_WEBHOOKS", "true")
    made = Receiver()
    yield made
    made.close()


def _account(of: Actor, **changes: object) -> None:
    kept = accounts.TechnicalAccount(of.login, accounts.hashed("x"), dict(of.rights))
    accounts.write_technical_account(replace(kept, **changes))  # type: ignore[arg-type]


def _hook(receiver: Receiver, of: Actor | None = None, *types: str) -> Webhook:
    holder = of or actor(SUPPLIER)
    _account(holder)
    return register(holder, receiver.url, None, types, NOW)


MADE_AVAILABLE = event_of(summary())


def make_calls(hub: Hub, now: datetime) -> int:
    """Make the calls that are asked for now; how many took theirs."""
    return sum(
        call_webhook(
            asked["structure"], asked["webhook"], restore(Event, asked["event"]), asked.get("postponed", 0), now
        )
        for asked in hub.calls()
    )


def notify(hub: Hub, event: Event, now: datetime) -> int:
    """Tell of an event and make the calls; how many took theirs."""
    ask_calls(event)
    return make_calls(hub, now)


def retry(hub: Hub, event: Event, hook: Webhook, now: datetime) -> bool:
    """The message of a call comes again, which the queue holds back until its time."""
    return call_webhook(hook.structure_id, hook.id, event, 0, now)


def test_a_supplier_is_told_of_the_status_of_its_invoice(hub: Hub, receiver: Receiver) -> None:
    hook = _hook(receiver)

    assert notify(hub, MADE_AVAILABLE, NOW) == 1

    [(headers, body)] = receiver.calls
    assert json.loads(body) == {
        "id": MADE_AVAILABLE.id,
        "type": "facture.statut",
        "date": "2026-11-23T09:30:00.000Z",
        "idStructure": SUPPLIER.id,
        "version": 3,
        "statut": "MISE_A_DISPOSITION",
        "statutPrecedent": None,
        "identifiantFactureCPP": 1_000_000,
    }
    assert headers[SIGNATURE_HEADER] == signature(hook.secret, NOW, body)


def test_each_party_is_told_and_nobody_else(hub: Hub, receiver: Receiver) -> None:
    for structure in (SUPPLIER, RECIPIENT, STATE):
        _hook(receiver, actor(structure))

    assert notify(hub, MADE_AVAILABLE, NOW) == 2
    assert {json.loads(body)["idStructure"] for _, body in receiver.calls} == {SUPPLIER.id, RECIPIENT.id}


def test_an_account_is_told_what_it_may_read_and_no_more(hub: Hub, receiver: Receiver) -> None:
    _hook(receiver, actor(SUPPLIER, Right.RECEIVED))

    assert notify(hub, MADE_AVAILABLE, NOW) == 0


def test_an_account_that_was_closed_is_told_nothing(hub: Hub, receiver: Receiver) -> None:
    _hook(receiver)
    _account(actor(SUPPLIER), active=False)

    assert notify(hub, MADE_AVAILABLE, NOW) == 0


def test_a_depositor_is_told_of_the_verdict_on_its_deposit(hub: Hub, receiver: Receiver) -> None:
    deposited = flux()
    flux_store.create(deposited, NOW)
    _hook(receiver)
    colleague = Actor("TECH_2@cpro.fr", "app", dict(actor(SUPPLIER).rights))
    _hook(receiver, colleague)
    decided = Event(EventType.FLUX_DECIDED, deposited.number, 3, "RECEIVED", "INTEGRATED", NOW)

    assert notify(hub, decided, NOW) == 1

    said = json.loads(receiver.calls[0][1])
    assert (said["type"], said["numeroFluxDepot"], said["statut"]) == ("flux.verdict", deposited.number, "IN_INTEGRE")
    assert said["statutPrecedent"] == "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP"
    assert said["date"] == "2026-11-23T09:30:00.000Z"


def test_only_the_types_that_were_asked_for_are_told(hub: Hub, receiver: Receiver) -> None:
    _hook(receiver, None, "flux.verdict")

    assert notify(hub, MADE_AVAILABLE, NOW) == 0


def test_an_event_that_comes_twice_is_told_once(hub: Hub, receiver: Receiver) -> None:
    _hook(receiver)

    assert [notify(hub, MADE_AVAILABLE, NOW) for _ in range(2)] == [1, 0]
    assert len(receiver.calls) == 1


@pytest.mark.parametrize("status", [500, 404, 302])
def test_a_call_that_fails_is_made_again_and_the_others_are_not(hub: Hub, receiver: Receiver, status: int) -> None:
    down = Receiver()
    down.status = status
    _hook(receiver)
    hook = _hook(down, actor(RECIPIENT))

    assert notify(hub, MADE_AVAILABLE, NOW) == 1
    down.status = 200
    assert retry(hub, MADE_AVAILABLE, hook, later(minutes=1))

    assert (len(receiver.calls), len(down.calls)) == (1, 2)
    assert registered(actor(RECIPIENT))[0].failures == 0
    assert unanswered(actor(RECIPIENT), hook.id) == []
    down.close()


class Dripping:
    """A server that sends ``first``, then ``drop`` over and over: no single read of it lasts."""

    def __init__(self, first: bytes, drop: bytes) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}/"
        self.done = threading.Event()
        threading.Thread(target=self._serve, args=(first, drop), daemon=True).start()

    def _serve(self, first: bytes, drop: bytes) -> None:
        connection, _ = self.listening.accept()
        try:
            connection.sendall(first)
            while not self.done.wait(0.02):
                connection.sendall(drop)
        except OSError:
            self.done.set()
        connection.close()


DRIPS = {
    "in its status line": (b"HTTP/1.1 2", b"0"),
    "in its headers": (b"HTTP/1.1 204 No Content\r\n", b"X: y\r\n"),
    "in its body": (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"."),
    "in a body without end": (b"HTTP/1.1 200 OK\r\n\r\n", b"."),
    "with one interim answer after the other": (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize(("first", "drop"), DRIPS.values(), ids=DRIPS)
def test_a_server_that_drips_is_cut_and_its_call_has_failed(
    hub: Hub, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, first: bytes, drop: bytes
) -> None:
    monkeypatch.setattr(web, "BUDGET", 0.3)
    dripping = Dripping(first, drop)
    _account(actor(SUPPLIER))
    hook = register(actor(SUPPLIER), dripping.url, None, (), NOW)

    assert notify(hub, MADE_AVAILABLE, NOW) == 0

    assert registered(actor(SUPPLIER))[0].failures == 1
    [kept] = unanswered(actor(SUPPLIER), hook.id)
    assert (kept.attempts, kept.reason, kept.next_at) == (1, web.TOO_SLOW, NOW + RETRIED_AFTER[0])
    # The server notices that it speaks to nobody.
    assert dripping.done.wait(10)
    dripping.listening.close()


def test_a_server_that_fails_again_and_again_rests_longer_and_longer_and_is_then_tried_again(
    hub: Hub, receiver: Receiver
) -> None:
    hook = _hook(receiver)
    receiver.status = 500
    for version in range(RESTS_AFTER):
        notify(hub, replace(MADE_AVAILABLE, version=version + 1), NOW)
    [kept] = registered(actor(SUPPLIER))
    assert kept.rests_until == later(minutes=1)

    waits = replace(MADE_AVAILABLE, version=9)
    notify(hub, waits, NOW)
    assert len(receiver.calls) == RESTS_AFTER, "nothing is sent to a server that rests"

    retry(hub, waits, hook, later(minutes=1))
    [kept] = registered(actor(SUPPLIER))
    assert kept.rests_until == later(minutes=3)

    receiver.status = 200
    assert retry(hub, waits, hook, later(minutes=5))
    [kept] = registered(actor(SUPPLIER))
    assert (kept.failures, kept.rests(later(minutes=5))) == (0, False)


def test_a_server_that_rests_keeps_no_other_waiting(hub: Hub, receiver: Receiver) -> None:
    down = Receiver()
    down.status = 500
    _hook(down, actor(RECIPIENT))
    _hook(receiver)
    for version in range(10):
        assert notify(hub, replace(MADE_AVAILABLE, version=version + 1), NOW) == 1

    assert (len(receiver.calls), len(down.calls)) == (10, RESTS_AFTER)
    down.close()


def test_a_slow_server_is_called_by_few_workers_at_once_and_its_other_calls_come_later(
    hub: Hub, receiver: Receiver
) -> None:
    hook = _hook(receiver)
    turns = [webhooks.take_turn(hook, NOW) for _ in range(webhooks.CALLS_AT_ONCE)]
    assert None not in turns

    assert notify(hub, MADE_AVAILABLE, NOW) == 0
    assert receiver.calls == []
    assert registered(actor(SUPPLIER))[0].failures == 0, "to wait for one's turn is no failure"

    webhooks.give_back(hook, str(turns[0]))
    assert retry(hub, MADE_AVAILABLE, hook, NOW)


def test_a_turn_that_nobody_gave_back_ends_by_itself(hub: Hub, receiver: Receiver) -> None:
    hook = _hook(receiver)
    for _ in range(webhooks.CALLS_AT_ONCE):
        webhooks.take_turn(hook, NOW)

    assert retry(hub, MADE_AVAILABLE, hook, NOW + webhooks.TURN)


def test_retries_are_spread_over_three_days_then_the_call_waits_for_its_owner(hub: Hub, receiver: Receiver) -> None:
    hook = _hook(receiver)
    receiver.status = 500
    notify(hub, MADE_AVAILABLE, NOW)
    at: list[timedelta] = []
    while (kept := unanswered(actor(SUPPLIER), hook.id)[0]).state is CallState.WAITING:
        at.append(kept.next_at - NOW)
        retry(hub, MADE_AVAILABLE, hook, kept.next_at)

    assert timedelta(days=2.5) < at[-1] <= GIVEN_UP_AFTER
    assert at == sorted(at)
    assert len(receiver.calls) > RESTS_AFTER
    assert (kept.reason, kept.event) == ("HTTP 500", MADE_AVAILABLE)

    receiver.status = 200
    assert not retry(hub, MADE_AVAILABLE, hook, later(days=4)), "nobody asked for it"
    assert send_again(actor(SUPPLIER), hook.id, [], later(days=4)) == 1
    assert make_calls(hub, later(days=4)) == 1
    assert unanswered(actor(SUPPLIER), hook.id) == []


def test_the_watch_asks_for_calls_whose_time_has_come_and_forgets_those_that_were_left(
    hub: Hub, receiver: Receiver
) -> None:
    hook = _hook(receiver)
    receiver.status = 500
    notify(hub, MADE_AVAILABLE, NOW)
    assert watch(later(minutes=30))["webhook_calls_due"] == 0, "its message is on its way"

    # The message was lost.
    assert watch(later(hours=2))["webhook_calls_due"] == 1
    assert make_calls(hub, later(hours=2)) == 0
    [kept] = unanswered(actor(SUPPLIER), hook.id)
    assert kept.attempts == 2

    webhook_calls.keep(kept.given_up(NOW), NOW)
    assert watch(NOW + KEPT_FOR_RESEND + timedelta(hours=1))["webhook_calls_forgotten"] == 1
    assert unanswered(actor(SUPPLIER), hook.id) == []


@pytest.mark.parametrize(
    ("wait", "delays"), [(0, [0]), (0.2, [1]), (59.9, [60]), (899.5, [900]), (900, [900]), (900.1, []), (3600, [])]
)
def test_a_message_never_comes_before_its_time_and_what_waits_for_long_is_left_to_the_watch(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, wait: float, delays: list[int]
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(aws.client("sqs"), "send_message", lambda **asked: sent.append(asked["DelaySeconds"]))
    call = WebhookCall("0123", SUPPLIER.id, MADE_AVAILABLE, NOW, NOW + timedelta(seconds=wait))

    webhook_calls.ask_again(call, NOW)

    assert sent == delays


def test_what_may_no_longer_be_read_is_not_told_by_a_retry(hub: Hub, receiver: Receiver) -> None:
    hook = _hook(receiver)
    receiver.status = 500
    notify(hub, MADE_AVAILABLE, NOW)
    receiver.status = 200
    _account(actor(SUPPLIER), active=False)

    assert not retry(hub, MADE_AVAILABLE, hook, later(minutes=1))
    assert len(receiver.calls) == 1
    assert unanswered(actor(SUPPLIER), hook.id) == []


def test_a_name_that_leads_inside_is_not_called(hub: Hub, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    _hook(receiver)
    monkeypatch.setenv("LOCAL_WEBHOOKS", "false")
    inside = Webhook(
        "b", RECIPIENT.id, actor(RECIPIENT).login, "https://exemple.test/", "s", frozenset({"facture.statut"}), NOW
    )
    _account(actor(RECIPIENT))
    webhooks.create(inside, 0)
    found = [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", ("169.254.169.254", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    connected: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *given: connected.append(given))
    webhooks.delete(SUPPLIER.id, registered(actor(SUPPLIER))[0].id)

    assert notify(hub, MADE_AVAILABLE, NOW) == 0

    assert connected == []
    assert receiver.calls == []


def test_the_address_that_was_checked_is_the_one_that_is_called(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([[(0, 0, 0, "", ("93.184.215.14", 443))], [(0, 0, 0, "", ("127.0.0.1", 443))]])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: next(answers))
    called: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], _timeout: float) -> None:
        called.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)

    with pytest.raises(web.CallFailed):
        web.post(SplitResult("https", "exemple.test", "/", "", ""), b"{}", {}, local=False)
    assert called == [("93.184.215.14", 443)]


def test_the_secret_is_not_in_what_is_listed_and_a_webhook_is_of_its_account(hub: Hub, receiver: Receiver) -> None:
    hook = _hook(receiver)
    colleague = Actor("TECH_2@cpro.fr", "app", dict(actor(SUPPLIER).rights))

    assert registered(colleague) == []
    unregister(actor(SUPPLIER), hook.id)
    assert registered(actor(SUPPLIER)) == []
    assert notify(hub, MADE_AVAILABLE, NOW) == 0
    assert OTHER_SUPPLIER.id not in actor(SUPPLIER).structures
