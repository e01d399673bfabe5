"""Webhooks are told of what their account may read: signed, once, again after a failure, never of more."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from chorale.domain.events import Event, EventType
from chorale.domain.rights import Actor, Right
from chorale.domain.webhooks import FAILURES_AT_MOST, SIGNATURE_HEADER, Webhook, signature
from chorale.stores import accounts, web, webhooks
from chorale.stores import flux as flux_store
from chorale.usecases.notify import NotAllTold, notify
from chorale.usecases.webhooks import register, registered, unregister

from tests.aws import Hub
from tests.cast import NOW, OTHER_SUPPLIER, RECIPIENT, STATE, SUPPLIER, actor, event_of, flux, summary


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


@pytest.fixture
def receiver(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A server on this machine, which may be called here."""
    monkeypatch.setenv("LOCAL_WEBHOOKS", "true")
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def _account(of: Actor, **changes: object) -> None:
    kept = accounts.TechnicalAccount(of.login, accounts.hashed("x"), dict(of.rights))
    accounts.write_technical_account(replace(kept, **changes))  # type: ignore[arg-type]


def _hook(receiver: Receiver, of: Actor | None = None, *types: str) -> Webhook:
    holder = of or actor(SUPPLIER)
    _account(holder)
    return register(holder, receiver.url, None, types, NOW)


MADE_AVAILABLE = event_of(summary())


def test_a_supplier_is_told_of_the_status_of_its_invoice(receiver: Receiver) -> None:
    hook = _hook(receiver)

    assert notify(MADE_AVAILABLE, NOW) == 1

    [(headers, body)] = receiver.calls
    assert json.loads(body) == {
        "id": MADE_AVAILABLE.id,
        "type": "facture.statut",
        "date": NOW.isoformat(),
        "idStructure": SUPPLIER.id,
        "version": 3,
        "statut": "MISE_A_DISPOSITION",
        "statutPrecedent": None,
        "identifiantFactureCPP": 1_000_000,
    }
    assert headers[SIGNATURE_HEADER] == signature(hook.secret, NOW, body)


def test_each_party_is_told_and_nobody_else(receiver: Receiver) -> None:
    for structure in (SUPPLIER, RECIPIENT, STATE):
        _hook(receiver, actor(structure))

    assert notify(MADE_AVAILABLE, NOW) == 2
    assert {json.loads(body)["idStructure"] for _, body in receiver.calls} == {SUPPLIER.id, RECIPIENT.id}


def test_an_account_is_told_what_it_may_read_and_no_more(receiver: Receiver) -> None:
    _hook(receiver, actor(SUPPLIER, Right.RECEIVED))

    assert notify(MADE_AVAILABLE, NOW) == 0


def test_an_account_that_was_closed_is_told_nothing(receiver: Receiver) -> None:
    _hook(receiver)
    _account(actor(SUPPLIER), active=False)

    assert notify(MADE_AVAILABLE, NOW) == 0


def test_a_depositor_is_told_of_the_verdict_on_its_deposit(receiver: Receiver) -> None:
    deposited = flux()
    flux_store.create(deposited, NOW)
    _hook(receiver)
    colleague = Actor("TECH_2@cpro.fr", "app", dict(actor(SUPPLIER).rights))
    _hook(receiver, colleague)
    decided = Event(EventType.FLUX_DECIDED, deposited.number, 3, "RECEIVED", "INTEGRATED", NOW)

    assert notify(decided, NOW) == 1

    said = json.loads(receiver.calls[0][1])
    assert (said["type"], said["numeroFluxDepot"], said["statut"]) == ("flux.verdict", deposited.number, "INTEGRATED")


def test_only_the_types_that_were_asked_for_are_told(receiver: Receiver) -> None:
    _hook(receiver, None, "flux.verdict")

    assert notify(MADE_AVAILABLE, NOW) == 0


def test_an_event_that_comes_twice_is_told_once(receiver: Receiver) -> None:
    _hook(receiver)

    assert [notify(MADE_AVAILABLE, NOW) for _ in range(2)] == [1, 0]
    assert len(receiver.calls) == 1


@pytest.mark.parametrize("status", [500, 404, 302])
def test_a_call_that_fails_is_made_again_and_the_others_are_not(receiver: Receiver, status: int) -> None:
    down = Receiver()
    down.status = status
    _hook(receiver)
    _hook(down, actor(RECIPIENT))

    with pytest.raises(NotAllTold):
        notify(MADE_AVAILABLE, NOW)
    down.status = 200
    assert notify(MADE_AVAILABLE, NOW) == 1

    assert (len(receiver.calls), len(down.calls)) == (1, 2)
    assert registered(actor(RECIPIENT))[0].failures == 0
    down.server.shutdown()
    down.server.server_close()


def test_a_server_that_is_away_is_a_failure_and_in_the_end_the_webhook_is_suspended(
    hub: Hub, receiver: Receiver
) -> None:
    hook = _hook(receiver)
    receiver.server.shutdown()
    receiver.server.server_close()
    for version in range(FAILURES_AT_MOST):
        with pytest.raises(NotAllTold):
            notify(replace(MADE_AVAILABLE, version=version + 1), NOW)

    assert notify(MADE_AVAILABLE, NOW) == 0
    [kept] = registered(actor(SUPPLIER))
    assert (kept.id, kept.suspended) == (hook.id, True)


def test_a_name_that_leads_inside_is_not_called(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    _hook(receiver)
    monkeypatch.setenv("LOCAL_WEBHOOKS", "false")
    inside = Webhook(
        "b", RECIPIENT.id, actor(RECIPIENT).login, "https://exemple.test/", "s", frozenset({"facture.statut"}), NOW
    )
    _account(actor(RECIPIENT))
    webhooks.create(inside)
    found = [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", ("169.254.169.254", 443))]
    monkeypatch.setattr(web.socket, "getaddrinfo", lambda *_, **__: found)
    connected: list[object] = []
    monkeypatch.setattr(web.socket, "create_connection", lambda *given: connected.append(given))
    webhooks.delete(SUPPLIER.id, registered(actor(SUPPLIER))[0].id)

    with pytest.raises(NotAllTold):
        notify(MADE_AVAILABLE, NOW)

    assert connected == []
    assert receiver.calls == []


def test_the_address_that_was_checked_is_the_one_that_is_called(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([[(0, 0, 0, "", ("93.184.215.14", 443))], [(0, 0, 0, "", ("127.0.0.1", 443))]])
    monkeypatch.setattr(web.socket, "getaddrinfo", lambda *_, **__: next(answers))
    called: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], _timeout: float) -> None:
        called.append(address)
        raise OSError

    monkeypatch.setattr(web.socket, "create_connection", connect)

    with pytest.raises(web.CallFailed):
        web.post(web.SplitResult("https", "exemple.test", "/", "", ""), b"{}", {}, local=False)
    assert called == [("93.184.215.14", 443)]


def test_the_secret_is_not_in_what_is_listed_and_a_webhook_is_of_its_account(receiver: Receiver) -> None:
    hook = _hook(receiver)
    colleague = Actor("TECH_2@cpro.fr", "app", dict(actor(SUPPLIER).rights))

    assert registered(colleague) == []
    unregister(actor(SUPPLIER), hook.id)
    assert registered(actor(SUPPLIER)) == []
    assert notify(MADE_AVAILABLE, NOW) == 0
    assert OTHER_SUPPLIER.id not in actor(SUPPLIER).structures
