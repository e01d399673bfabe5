"""Rules 14 and 15 through the API: who is who is said by the contract, and who may register one."""

import base64
from typing import Any

import pytest

from tests.aws import Hub
from tests.unit.http.calling import CONTRACTS, Clock
from tests.unit.http.works_actors import NUMBER, SIRET, Actors, write_actors


@pytest.fixture
def actors(world: Hub, at: Clock) -> Actors:
    """The actors of a contract, none of which is registered yet."""
    write_actors()
    return Actors(at)


def test_rule_14_a_depositor_never_names_the_validator(actors: Actors) -> None:
    actors.register()
    for name in ("sous-traitant", "étranger", "MOE"):
        said = actors.deposit_refused("sous-traitant", "A10", identifiantValideur=SIRET[name])
        assert SIRET["titulaire"] in said
    request = actors.deposit("sous-traitant", "A10", identifiantValideur=SIRET["titulaire"])
    assert actors.paper(request)["cadreDeFacturation"]["valideur"]["identifiant"] == SIRET["titulaire"]
    assert actors.act_refused("sous-traitant", "VALIDER", request)


def test_rule_14_the_validator_of_a_cotraitants_sous_traitant_is_the_cotraitant_then_the_mandataire(
    actors: Actors,
) -> None:
    actors.register(group=True, works_for="cotraitant")
    request = actors.deposit("sous-traitant", "A10")
    assert actors.owed() == {"cotraitant": ["VALIDATION_1"]}
    actors.act("cotraitant", "VALIDER", request)
    assert actors.owed() == {"titulaire": ["VALIDATION_2"]}


@pytest.mark.parametrize("field", ["identifiantMoe", "identifiantMoa"])
@pytest.mark.parametrize("named", ["étranger", "titulaire", "payeur"])
def test_rule_14_a_titulaire_never_names_the_moe_or_the_moa(actors: Actors, field: str, named: str) -> None:
    contract = actors.register()
    actors.receive_works(contract)
    right = {"identifiantMoe": "MOE", "identifiantMoa": "MOA"}[field]
    for frame in ("A4", "A7"):
        wrong: dict[str, Any] = {field: SIRET[named]}
        good: dict[str, Any] = {field: SIRET[right]}
        assert SIRET[right] in actors.deposit_refused("titulaire", frame, **wrong)
        assert actors.deposit("titulaire", frame, **good)


def test_rule_14_no_stranger_gives_a_tacit_account_behind_the_moas_back(actors: Actors) -> None:
    contract = actors.register()
    actors.receive_works(contract)
    final = actors.deposit("titulaire", "A7", gross=240000.0)
    actors.wait(35, final)
    said = actors.deposit_refused("titulaire", "A22", final, gross=240000.0, identifiantMoa=SIRET["étranger"])
    assert SIRET["MOA"] in said
    actors.deposit("titulaire", "A22", final, gross=240000.0)
    assert actors.owed() == {"MOA": ["REPONSE_TACITE"]}


def test_rule_14_the_payer_is_the_contracts_and_a_recycled_paper_goes_to_it_too(actors: Actors) -> None:
    actors.register()
    statement = actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4"))
    other = {"codeDestinataire": SIRET["public"]}
    assert SIRET["payeur"] in actors.deposit_refused("MOA", "A19", statement, destinataire=other)
    validated = actors.deposit("MOA", "A19", statement)
    actors.pay(validated, "A_RECYCLER", reason="autre service")
    sent = {"identifiantDestinataire": SIRET["public"]}
    assert SIRET["payeur"] in actors.do_refused("MOA", "recycler", validated, **sent)


def test_rule_14_who_says_that_it_is_the_wrong_addressee_gains_no_days(actors: Actors) -> None:
    actors.register()
    request = actors.deposit("sous-traitant", "A10")
    due = actors.file(request)["listeTaches"][0]["dernierJour"]
    actors.wait(3)
    actors.do("titulaire", "refuser", request, codeMotif="MAUVAIS_VALIDEUR")
    actors.wait(3)
    actors.do("sous-traitant", "corriger/valideur", request)
    assert actors.file(request)["listeTaches"][0]["dernierJour"] == due
    monthly = actors.deposit("titulaire", "A4")
    before = actors.delay(monthly)["debut"]
    actors.do("MOE", "refuser", monthly, codeMotif="MAUVAISE_MOE")
    actors.wait(2)
    actors.do("titulaire", "completermoe", monthly)
    assert actors.delay(monthly)["debut"] == before


@pytest.mark.parametrize(
    "both",
    [
        {"identifiant": SIRET["titulaire"], "role": "MOE"},
        {"identifiant": SIRET["sous-traitant"], "role": "MOE"},
        {"identifiant": SIRET["titulaire"], "role": "MOA_DELEGUEE"},
    ],
)
def test_rule_14_no_structure_is_on_both_sides_of_a_contract(actors: Actors, both: dict[str, Any]) -> None:
    body = actors.contract_body(moe=False)
    body["listeIntervenants"].append(both)
    assert both["identifiant"] in actors.refusal("MOA", CONTRACTS, body)
    assert SIRET["titulaire"] in actors.refusal(
        "MOA", CONTRACTS, actors.contract_body() | {"serviceFinancier": SIRET["titulaire"]}
    )


def test_rule_14_moe_moa_and_payer_may_be_one_structure(actors: Actors) -> None:
    body = actors.contract_body(moe=False) | {"serviceFinancier": SIRET["MOA"]}
    body["listeIntervenants"].append({"identifiant": SIRET["MOA"], "role": "MOE"})
    actors.call("MOA", CONTRACTS, body)
    statement = actors.deposit("MOA", "A15", actors.deposit("titulaire", "A4"))
    paid = actors.deposit("MOA", "A19", statement)
    assert actors.paper(paid)["statutFactureTravaux"] == "MISE_A_DISPOSITION"


def test_rule_14_a_named_substitute_of_the_contract_may_be_sent_to(actors: Actors) -> None:
    body = actors.contract_body()
    body["listeIntervenants"].append({"identifiant": SIRET["étranger"], "role": "MOE_SUPPLEANTE"})
    actors.call("MOA", CONTRACTS, body)
    monthly = actors.deposit("titulaire", "A4", identifiantMoe=SIRET["étranger"])
    assert actors.owed() == {"étranger": ["ETAT_ACOMPTE"]}
    actors.deposit("étranger", "A15", monthly)


# Rule 15


def _with_moa(actors: Actors, moa: str, **more: Any) -> dict[str, Any]:
    body = actors.contract_body() | more
    parties = [one for one in body["listeIntervenants"] if one["role"] != "MOA"]
    return body | {"listeIntervenants": [*parties, {"identifiant": SIRET[moa], "role": "MOA"}]}


@pytest.mark.parametrize("who", ["étranger", "public"])
def test_rule_15_only_a_public_structure_with_the_moa_setting_registers(actors: Actors, who: str) -> None:
    assert "avec MOA" in actors.refusal(who, CONTRACTS, _with_moa(actors, who))
    delegated = actors.contract_body()
    delegated["listeIntervenants"].append({"identifiant": SIRET[who], "role": "MOA_DELEGUEE"})
    assert "avec MOA" in actors.refusal(who, CONTRACTS, delegated)
    assert actors.call("MOA", CONTRACTS)["listeMarches"] == []


def test_rule_15_a_delegation_takes_effect_when_the_moa_accepts_it(actors: Actors) -> None:
    body = actors.contract_body()
    body["listeIntervenants"].append({"identifiant": SIRET["autre MOA"], "role": "MOA_DELEGUEE"})
    made = actors.call("autre MOA", CONTRACTS, body)["marche"]
    assert made["etat"] == "DELEGATION_A_ACCEPTER"
    assert "délégation" in actors.deposit_refused("titulaire", "A4")
    mine = actors.register(numeroMarche=NUMBER, group=True)
    assert mine, "a number that a delegate took does not stop the MOA"
    acts = f"{CONTRACTS}/{made['idMarche']}/actes"
    assert "MOA elle-même" in actors.refusal("autre MOA", acts, {"acte": "ACCEPTER_DELEGATION"})
    assert "déjà" in actors.refusal("MOA", acts, {"acte": "ACCEPTER_DELEGATION"})


def test_rule_15_the_delegate_acts_once_it_is_accepted(actors: Actors) -> None:
    body = actors.contract_body()
    body["listeIntervenants"].append({"identifiant": SIRET["autre MOA"], "role": "MOA_DELEGUEE"})
    made = actors.call("autre MOA", CONTRACTS, body)["marche"]
    actors.call("MOA", f"{CONTRACTS}/{made['idMarche']}/actes", {"acte": "ACCEPTER_DELEGATION"})
    statement = actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4"))
    assert actors.owed() == {"autre MOA": ["ETAT_ACOMPTE_VALIDE"]}
    assert "déléguée" in actors.deposit_refused("MOA", "A19", statement)
    actors.deposit("autre MOA", "A19", statement)


def test_rule_15_a_number_finds_only_contracts_of_the_depositor_and_the_moa_chooses_between_several(
    actors: Actors,
) -> None:
    first = actors.register()
    second = actors.call("autre MOA", CONTRACTS, _with_moa(actors, "autre MOA"))["marche"]["idMarche"]
    assert first != second
    said = actors.deposit_refused("titulaire", "A4")
    assert SIRET["MOA"] in said
    assert SIRET["autre MOA"] in said
    monthly = actors.deposit("titulaire", "A4", identifiantMoa=SIRET["autre MOA"])
    assert actors.paper(monthly, "autre MOA")["cadreDeFacturation"]["moa"]["identifiant"] == SIRET["autre MOA"]
    assert actors.deposit("titulaire", "A4", identifiantMoa=SIRET["MOA"])
    for who in ("étranger", "payeur"):
        assert "n'existe pas" in actors.deposit_refused(who, "A4")


def test_rule_15_parties_are_told_of_a_contract_and_may_object_until_the_moa_answers(
    actors: Actors, world: Hub
) -> None:
    contract = actors.register()
    told = [row["event"] for row in world.rows().values() if row.get("event", {}).get("type") == "WorksContractChanged"]
    assert len(told) == 1
    assert len(told[0]["members"]) == 5, "the four parties and the payer"
    acts = f"{CONTRACTS}/{contract}/actes"
    assert actors.refusal("étranger", acts, {"acte": "CONTESTER", "texte": "x"}) == (
        actors.refusal("étranger", f"{CONTRACTS}/400009999/actes", {"acte": "CONTESTER", "texte": "x"}).replace(
            "400009999", str(contract)
        )
    )
    actors.call("titulaire", acts, {"acte": "CONTESTER", "texte": "Nous ne sommes pas partie."})
    assert actors.call("MOA", f"{CONTRACTS}/{contract}")["marche"]["conteste"] is True
    assert "déjà" in actors.refusal("titulaire", acts, {"acte": "CONTESTER", "texte": "encore"})
    assert "MOA" in actors.refusal("MOE", acts, {"acte": "REPONDRE_CONTESTATION", "texte": "si"})
    answered = actors.call("MOA", acts, {"acte": "REPONDRE_CONTESTATION", "texte": "Notifié le 3 mars."})["marche"]
    assert answered["conteste"] is False
    assert answered["contestations"][0]["reponse"] == "Notifié le 3 mars."


def test_rule_15_an_unknown_act_on_a_contract_is_answered_with_the_known_ones(actors: Actors) -> None:
    contract = actors.register()
    assert "CONTESTER" in actors.refusal("MOA", f"{CONTRACTS}/{contract}/actes", {"acte": "DANSER"})


# Rule 28


@pytest.mark.parametrize("gross", [12000.005, 10**12, -(10**12)])
def test_rule_28_an_amount_is_in_euros_and_cents_and_below_a_thousand_billion(actors: Actors, gross: float) -> None:
    actors.register()
    assert "centimes" in actors.deposit_refused("titulaire", "A4", gross=gross)


def test_rule_28_every_amount_of_every_door_is_in_euros_and_cents(actors: Actors) -> None:
    body = actors.contract_body()
    next(one for one in body["listeIntervenants"] if one["role"] == "SOUS_TRAITANT")["montantSousTraite"] = 40000.005
    assert "centimes" in actors.refusal("MOA", CONTRACTS, body)
    contract = actors.register()
    actors.receive_works(contract)
    amendment = {
        "nature": "SOUS_TRAITANT", "identifiant": SIRET["sous-traitant"], "dateEffet": "2026-11-23",
        "montantSousTraite": 55000.001,
    }  # fmt: skip
    assert "centimes" in actors.refusal("MOA", f"{CONTRACTS}/{contract}/avenants", amendment)
    request = actors.deposit("sous-traitant", "A10", gross=1200.0)
    partly = {"montantAccepte": 1000.005, "commentaire": "poste 2"}
    assert "centimes" in actors.act_refused("titulaire", "VALIDER", request, **partly)
    assert "centimes" in actors.deposit_refused("titulaire", "A4", chiffres={"avance": 1.005})
    account = actors.deposit("MOA", "A20", actors.deposit("MOE", "A17", actors.deposit("titulaire", "A7")))
    claim = {"codeMotif": "AUTRE", "commentaire": "non", "reclamation": {"motifs": "m", "montantReclame": 500.005}}
    assert "centimes" in actors.do_refused("titulaire", "refuser", account, **claim)
    actors.do("titulaire", "refuser", account, **claim | {"reclamation": {"motifs": "m", "montantReclame": 500}})
    answer = {"commentaire": "en partie", "montantAccepte": 300.005}
    assert "centimes" in actors.act_refused("MOA", "REPONDRE_RECLAMATION", account, **answer)


def test_rule_28_the_debtor_never_declares_the_day_of_the_moes_receipt_alone(actors: Actors) -> None:
    actors.register(moe=False, dateNotification="2026-09-01")
    day: dict[str, Any] = {"dateMiseADispositionMOE": "2026-11-02"}
    assert "MOA" in actors.deposit_refused("MOA", "A19", **day)
    for other in ("2026-08-31", "2026-11-24"):
        assert "marché" in actors.deposit_refused("titulaire", "A5", dateMiseADispositionMOE=other)
    statement = actors.deposit("titulaire", "A5", **day)
    assert actors.delay(statement)["debut"] == "2026-11-02"


def test_rule_28_a_main_document_opens_as_a_pdf(actors: Actors) -> None:
    actors.register()
    broken = {"nom": "piece.pdf", "contenu": base64.b64encode(b"%PDF-1.7 broken").decode()}
    assert "PDF" in actors.deposit_refused("titulaire", "A4", pieceJointePrincipale=broken)


def test_rule_28_the_reception_and_announcements_are_not_in_the_future(actors: Actors) -> None:
    contract = actors.register()
    tomorrow = {"dateNotificationReception": "2026-11-24"}
    assert "avenir" in actors.refusal("MOA", f"{CONTRACTS}/{contract}/reception", tomorrow)
