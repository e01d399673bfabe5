"""What Chorale adds for machines: requests sent again, quotas, a check without deposit, statuses by the hundred."""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from chorale.domain.deposits.flux import RANKS_PER_CHUNK
from chorale.domain.invoices.bulk import AT_MOST
from chorale.domain.invoices.invoice import DocumentKind
from chorale.domain.statuses import Status
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.deposits.deposit import deposit_inline

from tests.aws import Hub
from tests.cast import NOW, OTHER_RECIPIENT, RECIPIENT, STATE, SUPPLIER, ubl
from tests.pipeline import tar_gz
from tests.unit.http.calling import CHECK, DEPOTS, FLUX, LIFE_CYCLE, STATUSES, TREAT, Caller, Clock, Keep

DEPOSIT = {"fichierFlux": "PGEvPg==", "nomFichier": "a.xml", "syntaxeFlux": "IN_DP_E1_UBL_INVOICE"}


def _again(caller: Caller, key: str, path: str = FLUX, body: Mapping[str, object] | None = None):
    caller.headers["Idempotency-Key"] = key
    return caller.raw("POST", path, json.dumps(DEPOSIT if body is None else body).encode())


# Idempotency-Key


def test_a_deposit_sent_again_with_its_key_is_one_deposit(supplier: Caller, world: Hub) -> None:
    first, second = _again(supplier, "k-1"), _again(supplier, "k-1")

    assert first.json_body["codeRetour"] == 0
    assert second.json_body == first.json_body
    assert len(world.objects("chorale-deposit")) == 1


def test_without_a_key_or_with_another_each_request_is_a_deposit(supplier: Caller) -> None:
    numbers = {supplier.post(FLUX, DEPOSIT)["numeroFluxDepot"] for _ in range(2)}
    numbers |= {_again(supplier, key).json_body["numeroFluxDepot"] for key in ("k-1", "k-2")}

    assert len(numbers) == 4


def test_the_same_key_with_another_body_is_refused(supplier: Caller, world: Hub) -> None:
    _again(supplier, "k-1")

    answer = _again(supplier, "k-1", body=DEPOSIT | {"nomFichier": "b.xml"})

    assert answer.status_code == 422
    assert answer.json_body["codeRetour"] == 422
    assert "nouvelle clé" in answer.json_body["libelle"]
    assert len(world.objects("chorale-deposit")) == 1


def test_a_key_is_of_one_account_and_one_operation(supplier: Caller, world: Hub) -> None:
    announced = {"nomFichier": "a.xml", "taille": 4, "sha256": "0" * 64, "syntaxeFlux": "IN_DP_E1_UBL_INVOICE"}

    answers = [_again(supplier, "k"), _again(supplier, "k", DEPOTS, announced), _again(Caller(RECIPIENT), "k")]

    assert [answer.json_body["codeRetour"] for answer in answers] == [0, 0, 0]
    assert len({answer.json_body["numeroFluxDepot"] for answer in answers}) == 3


def test_a_refusal_is_not_kept(supplier: Caller) -> None:
    refused = _again(supplier, "k-1", body={"nomFichier": "a.xml"})
    done = _again(supplier, "k-1")

    assert refused.json_body["codeRetour"] != 0
    assert done.json_body["codeRetour"] == 0


def test_an_act_sent_again_gives_the_first_answer_although_the_status_has_moved(recipient: Caller, keep: Keep) -> None:
    keep()
    act = {"idFacture": 1_000_000, "nouveauStatut": "SERVICE_FAIT"}
    first = _again(recipient, "k-1", TREAT, act)
    recipient.headers.pop("Idempotency-Key")
    recipient.post(TREAT, {"idFacture": 1_000_000, "nouveauStatut": "MISE_EN_PAIEMENT"})

    assert _again(recipient, "k-1", TREAT, act).json_body == first.json_body
    now = invoices.get(1_000_000)
    assert now is not None
    assert now.status is Status.MISE_EN_PAIEMENT


def test_while_the_first_request_runs_the_second_is_told_to_wait(
    supplier: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chorale.http.factures import deposits

    answers: list[Any] = []

    def slow(*arguments: Any) -> object:
        if not answers:
            answers.append(None)
            answers[0] = _again(Caller(SUPPLIER), "k-1")
        return deposit(*arguments)

    deposit = deposit_inline
    monkeypatch.setattr(deposits, "deposit_inline", slow)

    assert _again(supplier, "k-1").json_body["codeRetour"] == 0
    assert answers[0].status_code == 409
    assert "en cours" in answers[0].json_body["libelle"]


def test_a_key_has_a_length_that_can_be_kept(supplier: Caller) -> None:
    assert _again(supplier, "k" * 255).json_body["codeRetour"] == 0
    assert "255" in _again(supplier, "k" * 256).json_body["libelle"]


# Quotas


def test_beyond_its_quota_an_application_is_told_when_to_come_back(
    supplier: Caller, recipient: Caller, at: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLS_PER_MINUTE", "3")
    at.set(NOW + timedelta(seconds=20))
    # Both accounts call through the same application.
    used = [caller.raw("POST", STATUSES, b"{}").status_code for caller in (supplier, recipient, supplier)]

    refused = supplier.raw("POST", STATUSES, b"{}")

    assert used == [200, 200, 200]
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "40"
    assert "3 appels par minute" in refused.json_body["libelle"]
    at.set(NOW + timedelta(seconds=60))
    assert supplier.raw("POST", STATUSES, b"{}").status_code == 200


def test_without_a_setting_there_is_no_quota(supplier: Caller, world: Hub) -> None:
    supplier.raw("POST", STATUSES, b"{}")

    assert not [key for key in world.rows("Technical") if key[0].startswith("QUOTA#")]


# A check without deposit


def _check(caller: Caller, content: bytes, name: str = "facture.xml") -> dict[str, Any]:
    body = DEPOSIT | {"fichierFlux": base64.b64encode(content).decode(), "nomFichier": name}
    return caller.post(CHECK, body)


def test_a_good_invoice_would_be_integrated_and_nothing_is_kept(supplier: Caller, world: Hub) -> None:
    answer = _check(supplier, ubl())

    assert (answer["conforme"], answer["etat"]) == (True, "IN_INTEGRE")
    [rank] = answer["rapport"]["ranks"]
    assert (rank["outcome"], rank["invoice_number"]) == ("INTEGREE", "F-1")
    assert "invoice_id" not in rank
    assert world.is_empty()


def test_a_bad_invoice_gets_the_findings_of_a_report(supplier: Caller, world: Hub) -> None:
    answer = _check(supplier, ubl(recipient=OTHER_RECIPIENT))

    assert (answer["conforme"], answer["etat"]) == (False, "IN_REJETE")
    [rank] = answer["rapport"]["ranks"]
    assert rank["outcome"] == "REFUSEE"
    assert all(finding["code"] and finding["message"] for finding in rank["findings"])
    assert world.is_empty()


def test_a_number_that_is_taken_is_found(supplier: Caller, keep: Keep) -> None:
    keep()

    [rank] = _check(supplier, ubl("F-1"))["rapport"]["ranks"]

    assert "CHO-NUMERO-DOUBLON" in [finding["code"] for finding in rank["findings"]]


def test_a_number_that_is_twice_in_the_file_is_found(supplier: Caller) -> None:
    answer = _check(supplier, tar_gz({"a.xml": ubl("F-1"), "b.xml": ubl("F-1")}), "lot.tar.gz")

    assert [rank["outcome"] for rank in answer["rapport"]["ranks"]] == ["INTEGREE", "REFUSEE"]
    assert answer["etat"] == "IN_INTEGRE_PARTIEL"


def test_a_file_that_cannot_be_read_gets_its_findings(supplier: Caller) -> None:
    answer = _check(supplier, b"not an archive", "lot.tar.gz")

    assert answer["conforme"] is False
    assert answer["rapport"]["findings"]


def test_a_large_batch_is_for_a_deposit(supplier: Caller) -> None:
    many = tar_gz({f"{rank}.xml": b"<Invoice/>" for rank in range(RANKS_PER_CHUNK + 1)})

    assert str(RANKS_PER_CHUNK) in _check(supplier, many, "lot.tar.gz")["libelle"]


# Statuses


def test_statuses_are_read_by_id_and_by_number(supplier: Caller, keep: Keep) -> None:
    keep()
    keep(1_000_001, "F-2", status=Status.SUSPENDUE, status_reason="Bon de commande manquant")
    keep(1_000_002, "F-2", kind=DocumentKind.CREDIT_NOTE)

    answer = supplier.post(STATUSES, {"identifiantsFactureCPP": [1_000_000, 7], "numerosFacture": ["F-2", "F-9"]})

    seen = {row["identifiantFactureCPP"]: (row["numeroFacture"], row["statut"]) for row in answer["listeStatuts"]}
    assert seen == {
        1_000_000: ("F-1", "MISE_A_DISPOSITION"),
        1_000_001: ("F-2", "SUSPENDUE"),
        1_000_002: ("F-2", "MISE_A_DISPOSITION"),
    }
    assert (answer["identifiantsInconnus"], answer["numerosInconnus"]) == ([7], ["F-9"])
    assert "Bon de commande manquant" in [row.get("motif") for row in answer["listeStatuts"]]


def test_a_recipient_knows_what_it_received_and_a_stranger_nothing(recipient: Caller, keep: Keep) -> None:
    keep()
    keep(1_000_001, "F-2", status=Status.DEPOSEE)
    asked = {"identifiantsFactureCPP": [1_000_000, 1_000_001]}

    assert recipient.post(STATUSES, asked)["identifiantsInconnus"] == [1_000_001]
    assert Caller(STATE).post(STATUSES, asked)["identifiantsInconnus"] == [1_000_000, 1_000_001]


@pytest.mark.parametrize("count", [0, AT_MOST + 1])
def test_nothing_and_too_much_are_refused(supplier: Caller, count: int) -> None:
    answer = supplier.post(STATUSES, {"identifiantsFactureCPP": list(range(1, count + 1))})

    assert answer["codeRetour"] == 20010
    assert str(AT_MOST) in answer["libelle"]


# Life-cycle files


def test_the_life_cycle_of_a_deposit_is_downloaded_by_its_depositor(
    supplier: Caller, recipient: Caller, keep: Keep
) -> None:
    number = supplier.post(FLUX, DEPOSIT)["numeroFluxDepot"]
    nothing_yet = supplier.post(LIFE_CYCLE, {"numeroFluxDepot": number})
    keep(flux_number=number)

    answer = supplier.post(LIFE_CYCLE, {"numeroFluxDepot": number})

    assert nothing_yet["codeRetour"] == 20010
    assert answer["nomFichier"].startswith("FEN1201A_CHORALE_20261123")
    assert b"<IdFacture>F-1</IdFacture>" in base64.b64decode(answer["fichierResultat"])
    assert recipient.post(LIFE_CYCLE, {"numeroFluxDepot": number})["codeRetour"] == 20000
