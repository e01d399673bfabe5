"""Webhooks on the API: registered, listed without their secret, deleted."""

import pytest
from chorale.domain.webhooks import PER_STRUCTURE

from tests.cast import OTHER_SUPPLIER, RECIPIENT, SUPPLIER
from tests.unit.http.calling import WEBHOOKS, Caller

URL = {"url": "https://erp.exemple.fr/chorale"}


def _delete(caller: Caller, webhook_id: str) -> dict[str, object]:
    content: dict[str, object] = caller.raw("DELETE", f"{WEBHOOKS}/{webhook_id}").json_body
    return content


def test_a_webhook_is_registered_listed_and_deleted(supplier: Caller) -> None:
    made = supplier.post(WEBHOOKS, URL)

    assert len(made["secret"]) >= 40
    assert made["webhook"]["idStructure"] == SUPPLIER.id
    assert made["webhook"]["types"] == ["dossier.travaux", "facture.statut", "flux.verdict"]
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
