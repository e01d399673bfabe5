"""What keeps somebody from being paid by mistake, through the API: each test is a way that was once open."""

import json

import pytest

from tests.aws import Hub
from tests.unit.http.calling import CONTRACTS, PAPERS, READ_RECEIVED, SUBMIT, Clock
from tests.unit.http.test_submit import keyed
from tests.unit.http.works_actors import NUMBER, SIRET, Actors, write_actors
from tests.works import TITULAIRE

HOLDER, GERMAN = "FR7630006000011234567890189", "DE89370400440532013000"


@pytest.fixture
def actors(world: Hub, at: Clock) -> Actors:
    """The actors of a contract, none of which is registered yet."""
    write_actors()
    return Actors(at)


def said(actors: Actors, payment: int) -> str:
    """All that the payer reads of a payment."""
    return json.dumps(actors.call("payeur", READ_RECEIVED, {"idFacture": payment}), ensure_ascii=False)


def certified(actors: Actors) -> int:
    """An A15 of 10800 EUR on an A4 of 12000."""
    return actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4"), gross=10800.0)


def test_rule_3_the_creditors_a6_neither_exceeds_the_a15_nor_comes_without_one(actors: Actors) -> None:
    actors.register(cadresDelegues=["A6"])
    statement = certified(actors)
    assert "ne dépasse pas" in actors.deposit_refused("titulaire", "A6", statement, gross=1200000.0)
    assert "ne peut pas ouvrir un dossier" in actors.deposit_refused("titulaire", "A6", gross=1200000.0)
    validated = actors.deposit("titulaire", "A6", statement, gross=10800.0)
    assert "la MOA ne l'a pas admis" in str(actors.call("payeur", READ_RECEIVED, {"idFacture": validated}))


def test_rule_3_an_order_of_ten_times_what_was_certified_is_confirmed_and_told_to_the_payer(actors: Actors) -> None:
    actors.register()
    statement = certified(actors)
    assert "depassementConfirme" in actors.deposit_refused("MOA", "A19", statement, gross=108000.0)
    validated = actors.deposit("MOA", "A19", statement, gross=108000.0, depassementConfirme=True)
    warnings = actors.paper(validated)["avertissements"]
    assert ["certifié" in one for one in warnings] == [True, False]
    assert "10 800,00 € TTC" in said(actors, validated)


def test_rule_3_an_order_within_what_was_certified_is_not_warned_of(actors: Actors) -> None:
    actors.register()
    assert actors.paper(actors.deposit("MOA", "A19", certified(actors), gross=10800.0))["avertissements"] == []


def test_rule_18_no_progress_payment_after_the_signed_account(actors: Actors) -> None:
    actors.receive_works(actors.register())
    pending = actors.deposit("titulaire", "A4")
    draft = actors.deposit("MOE", "A17", actors.deposit("titulaire", "A7"))
    actors.deposit("titulaire", "A8", actors.deposit("MOA", "A20", draft))
    said = [
        actors.deposit_refused("titulaire", "A4"),
        actors.deposit_refused("MOA", "A19"),
        actors.deposit_refused("MOE", "A15", pending),
        actors.deposit_refused("sous-traitant", "A10", gross=1200.0),
    ]
    sentence = "Le décompte est définitif : seule la révision des prix peut encore être payée"
    assert [sentence in one for one in said] == [True] * 4


def test_rule_28_the_same_situation_asked_twice_is_warned_of(actors: Actors) -> None:
    actors.register()
    month = {"mois": "2026-11", "numeroSituation": 1}
    first, second = (actors.deposit("titulaire", "A4", chiffres=month) for _ in range(2))
    third = actors.deposit("titulaire", "A4", chiffres={"mois": "2026-12", "numeroSituation": 2})
    assert actors.paper(first)["avertissements"] == actors.paper(third)["avertissements"] == []
    (warning,) = actors.paper(second)["avertissements"]
    assert "situation n° 1 (2026-11)" in warning


def test_rule_17_a_part_keeps_the_account_of_its_mandate_and_who_pays_it_is_told(actors: Actors) -> None:
    body = actors.contract_body()
    for party in body["listeIntervenants"]:
        party["iban"] = HOLDER if party["role"] == "TITULAIRE" else ""
    contract = actors.call("MOA", CONTRACTS, body)["marche"]["idMarche"]
    mandated = actors.deposit("MOA", "A19", certified(actors), gross=10800.0)
    waiting = actors.deposit("MOA", "A19", certified(actors), gross=10800.0)
    actors.pay(mandated, "MANDATEE")
    amendment = {"nature": "COMPTE_BANCAIRE", "identifiant": SIRET["titulaire"], "dateEffet": "2026-11-23"}
    actors.call("MOA", f"{CONTRACTS}/{contract}/avenants", amendment | {"iban": GERMAN})
    accounts = [actors.paper(one, "payeur")["listeParts"][0]["iban"] for one in (mandated, waiting)]
    assert accounts == [HOLDER, GERMAN]
    paid = actors.act("payeur", "PAYER_PART", mandated, identifiantCreancier=SIRET["titulaire"])
    assert "le compte de demo titulaire a changé" in str(paid["avertissements"]).lower()
    assert actors.paper(mandated, "payeur")["listeParts"][0]["iban"] == HOLDER
    actors.pay(waiting, "MANDATEE")
    paid = actors.act("payeur", "PAYER_PART", waiting, identifiantCreancier=SIRET["titulaire"])
    assert paid["avertissements"] == []


@pytest.mark.parametrize(("act", "path"), [("PRENDRE_EN_COMPTE", "prendre/en/compte"), ("REFUSER", "refuser")])
def test_an_act_that_has_its_own_operation_is_answered_with_its_path(actors: Actors, act: str, path: str) -> None:
    actors.register()
    monthly = actors.deposit("titulaire", "A4")
    said = actors.refusal("MOE", f"{PAPERS}/{monthly}/actes", {"acte": act})
    assert f"POST /cpro/facturesTravaux/v1/{path}" in said
    assert "inconnu" not in said
    assert "inconnu" in actors.refusal("MOE", f"{PAPERS}/{monthly}/actes", {"acte": "PAYER"})


def test_rule_28_an_ordinary_invoice_that_is_keyed_and_names_the_contract_is_told_as_by_flux(actors: Actors) -> None:
    actors.register()
    for number, told in ((NUMBER, True), ("AUTRE", False)):
        asked = {
            "destinataire.codeDestinataire": SIRET["payeur"],
            "destinataire.codeServiceExecutant": None,
            "fournisseur.idFournisseur": TITULAIRE.id,
            "references.numeroMarche": number,
        }
        answer = actors.call("titulaire", SUBMIT, keyed(**asked))
        assert answer["libelle"].startswith("GCU_MSG_01_000")
        assert ("CHO-MARCHE-DE-TRAVAUX : " in answer["libelle"]) is told
        assert ("projet de décompte" in answer["libelle"]) is told
