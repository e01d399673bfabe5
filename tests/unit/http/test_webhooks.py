"""Webhooks on the API: registered, listed without their secret, deleted; their failed calls sent again."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from chorale.domain.dates import instant
from chorale.domain.exchange.webhook_calls import WebhookCall
from chorale.domain.exchange.webhooks import PER_STRUCTURE
from chorale.stores.exchange import webhook_calls, webhooks
from chorale.usecases.exchange.webhooks import register

from tests.aws import Hub
from tests.cast import NOW, OTHER_SUPPLIER, RECIPIENT, SUPPLIER, actor, event_of, summary
from tests.unit.http.calling import WEBHOOKS, Caller

URL = {"url": "https://erp.exemple.fr/chorale"}


def _delete(caller: Caller, webhook_id: str) -> dict[str, object]:
    content: dict[str, object] = caller.raw("DELETE", f"{WEBHOOKS}/{webhook_id}").json_body
    return content


def test_a_webhook_is_registered_listed_and_deleted(supplier: Caller) -> None:
    made = supplier.post(WEBHOOKS, URL)

    assert len(made["secret"]) >= 40
    assert made["webhook"]["idStructure"] == SUPPLIER.id
    assert made["webhook"]["types"] == ["dossier.travaux", "facture.statut", "flux.verdict", "marche.travaux"]
    listed = supplier.get(WEBHOOKS)
    assert listed["listeWebhooks"] == [made["webhook"]]
    assert made["secret"] not in str(listed)
    assert _delete(supplier, made["webhook"]["id"])["codeRetour"] == 0
    assert supplier.get(WEBHOOKS)["listeWebhooks"] == []


def test_another_accounts_webhook_is_not_seen_and_not_deleted(supplier: Caller, recipient: Caller) -> None:
    made = supplier.post(WEBHOOKS, URL)["webhook"]

    assert recipient.get(WEBHOOKS)["listeWebhooks"] == []
    assert _delete(recipient, made["id"])["codeRetour"] == 20010
    assert len(supplier.get(WEBHOOKS)["listeWebhooks"]) == 1


REFUSED = {
    "an address inside": ({"url": "https://169.254.169.254/"}, 20010, "publique"),
    "no address": ({}, 20010, "url"),
    "without TLS": ({"url": "http://exemple.fr/"}, 20010, "https"),
    "a type that is none": (URL | {"types": ["tout"]}, 20010, "facture.statut"),
    "another's structure": (URL | {"idStructure": RECIPIENT.id}, 20001, "GDP_MSG_11.005"),
}


@pytest.mark.parametrize(("body", "code", "said"), REFUSED.values(), ids=REFUSED)
def test_a_webhook_is_refused(supplier: Caller, body: dict[str, object], code: int, said: str) -> None:
    answer = supplier.post(WEBHOOKS, body)

    assert answer["codeRetour"] == code
    assert said in answer["libelle"]


def test_a_structure_has_a_few_webhooks_and_no_more(supplier: Caller) -> None:
    for _ in range(PER_STRUCTURE):
        assert supplier.post(WEBHOOKS, URL)["codeRetour"] == 0

    assert str(PER_STRUCTURE) in supplier.post(WEBHOOKS, URL)["libelle"]
    assert Caller(OTHER_SUPPLIER).post(WEBHOOKS, URL)["codeRetour"] == 0


def test_registrations_that_meet_do_not_pass_the_limit_together(
    supplier: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(PER_STRUCTURE - 1):
        supplier.post(WEBHOOKS, URL)
    count = webhooks.of_structure
    late: list[str] = []

    def counted_before_another_registers(structure_id: int):
        found = count(structure_id)
        if not late:
            late.append("done")
            register(actor(SUPPLIER), URL["url"], None, (), NOW)
        return found

    monkeypatch.setattr(webhooks, "of_structure", counted_before_another_registers)

    assert str(PER_STRUCTURE) in supplier.post(WEBHOOKS, URL)["libelle"]
    assert len(count(SUPPLIER.id)) == PER_STRUCTURE


def test_a_registration_sent_again_with_its_key_shows_its_own_webhook_and_secret(supplier: Caller) -> None:
    supplier.headers["Idempotency-Key"] = "un"
    first = supplier.post(WEBHOOKS, URL)
    again = supplier.post(WEBHOOKS, URL)
    supplier.headers["Idempotency-Key"] = "deux"
    other = supplier.post(WEBHOOKS, URL)

    assert (again["webhook"], again["secret"]) == (first["webhook"], first["secret"])
    assert other["secret"] != first["secret"]
    assert len(webhooks.of_structure(SUPPLIER.id)) == 2


def test_the_key_of_another_registration_is_refused_and_that_of_a_deleted_webhook_shows_none(supplier: Caller) -> None:
    supplier.headers["Idempotency-Key"] = "un"
    first = supplier.post(WEBHOOKS, URL)

    body = json.dumps(URL | {"types": ["flux.verdict"]}).encode()
    assert supplier.raw("POST", WEBHOOKS, body).status_code == 422
    _delete(supplier, first["webhook"]["id"])
    again = supplier.post(WEBHOOKS, URL)
    assert again["codeRetour"] == 20010
    assert "secret" not in again


def _failed(caller: Caller) -> tuple[str, str]:
    """A webhook with one call that was given up; its id and that of the event."""
    hook = caller.post(WEBHOOKS, URL)["webhook"]
    event = event_of(summary())
    call = WebhookCall(hook["id"], SUPPLIER.id, event, NOW, NOW).failed("HTTP 500", NOW).given_up(NOW)
    webhook_calls.keep(call, NOW)
    return hook["id"], event.id


@pytest.mark.parametrize("named", [True, False], ids=["named", "all of them"])
def test_failed_calls_are_listed_and_sent_again(supplier: Caller, world: Hub, named: bool) -> None:
    hook, event = _failed(supplier)

    [shown] = supplier.get(f"{WEBHOOKS}/{hook}/appels")["listeAppels"]
    assert shown.pop("date")
    assert shown == {
        "idEvenement": event, "type": "facture.statut", "etat": "ECHEC", "essais": 1, "motif": "HTTP 500",
    }  # fmt: skip
    asked = supplier.post(f"{WEBHOOKS}/{hook}/appels", {"evenements": [event]} if named else {})

    assert asked["nombreAppels"] == 1
    assert [call["webhook"] for call in world.calls()] == [hook]
    assert supplier.get(f"{WEBHOOKS}/{hook}/appels")["listeAppels"][0]["etat"] == "EN_ATTENTE"


def _waiting(caller: Caller, hook: str, version: int, since: timedelta, attempts: int) -> None:
    """A call of ``hook`` that failed and waits for its next attempt, or whose time has come without one."""
    call = WebhookCall(hook, SUPPLIER.id, replace(event_of(summary()), version=version), NOW - since, NOW - since)
    for _ in range(attempts):
        call = call.failed("HTTP 500", NOW - since)
    webhook_calls.keep(call, NOW)


def test_without_names_those_that_wait_are_sent_at_once_too(supplier: Caller, world: Hub) -> None:
    hook, _ = _failed(supplier)
    _waiting(supplier, hook, 12, timedelta(), 4)
    _waiting(supplier, hook, 13, timedelta(hours=2), 4)

    assert supplier.post(f"{WEBHOOKS}/{hook}/appels", {})["nombreAppels"] == 3

    assert sorted(call["event"]["version"] for call in world.calls()) == [3, 12, 13]
    listed = supplier.get(f"{WEBHOOKS}/{hook}/appels")["listeAppels"]
    assert {(call["etat"], call["essais"], call["prochainEssai"]) for call in listed} == {
        ("EN_ATTENTE", 0, instant(NOW)),
    }  # fmt: skip


def test_a_call_that_is_not_there_is_not_sent_again(supplier: Caller, world: Hub) -> None:
    hook, _ = _failed(supplier)

    answer = supplier.post(f"{WEBHOOKS}/{hook}/appels", {"evenements": ["InvoiceStatusChanged#7#1"]})

    assert answer["codeRetour"] == 20010
    assert world.calls() == []


def test_calls_of_another_accounts_webhook_are_neither_seen_nor_sent_again(
    supplier: Caller, recipient: Caller, world: Hub
) -> None:
    hook, event = _failed(supplier)

    assert recipient.get(f"{WEBHOOKS}/{hook}/appels")["codeRetour"] == 20010
    assert recipient.post(f"{WEBHOOKS}/{hook}/appels", {"evenements": [event]})["codeRetour"] == 20010
    assert world.calls() == []
