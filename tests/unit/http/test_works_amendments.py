"""Rule 27 through the API: contracts live, and what is open moves to the new holder."""

from typing import Any

import pytest

from tests.aws import Hub
from tests.unit.http.calling import CONTRACTS, Clock
from tests.unit.http.works_actors import SIRET, Actors, write_actors


@pytest.fixture
def actors(world: Hub, at: Clock) -> Actors:
    """The actors of a contract, none of which is registered yet."""
    write_actors()
    return Actors(at)


def amend(actors: Actors, contract: int, kind: str, who: str, **more: Any) -> dict[str, Any]:
    body = {"nature": kind, "identifiant": SIRET[who], "dateEffet": "2026-11-23", **more}
    answer: dict[str, Any] = actors.call("MOA", f"{CONTRACTS}/{contract}/avenants", body)["marche"]
    return answer


def test_rule_27_a_sous_traitant_is_added_in_the_third_month_and_ended(actors: Actors) -> None:
    contract = actors.register()
    assert "n'existe pas" in actors.deposit_refused("cotraitant", "A10")
    made = amend(actors, contract, "SOUS_TRAITANT", "cotraitant", montantSousTraite=9000)
    assert made["avenants"][0]["texte"].startswith("Acte spécial de Demo Cotraitant")
    assert made["avenants"][0]["auteur"]["identifiant"] == SIRET["MOA"]
    for reader in ("MOA", "cotraitant"):
        shown = actors.call(reader, f"/chorale/v1/marches/{contract}")["marche"]["listeIntervenants"]
        assert [
            one.get("montantSousTraite") for one in shown if one["structure"]["identifiant"] == SIRET["cotraitant"]
        ] == [9000]
    request = actors.deposit("cotraitant", "A10", gross=1200.0)
    assert actors.owed() == {"titulaire": ["VALIDATION_1"]}
    amend(actors, contract, "FIN_SOUS_TRAITANT", "cotraitant")
    assert "paiement direct" in actors.deposit_refused("cotraitant", "A10", gross=1200.0)
    actors.act("titulaire", "VALIDER", request)


def test_rule_27_another_moe_has_the_open_papers_and_reads_the_earlier_ones(actors: Actors) -> None:
    contract = actors.register()
    first = actors.deposit("titulaire", "A4")
    statement = actors.deposit("MOE", "A15", first)
    waiting = actors.deposit("titulaire", "A4")
    actors.do("MOA", "suspendre/demander/completer/factureTravaux", statement, commentaire="métré")
    amend(actors, contract, "MOE", "étranger")
    assert actors.owed() == {"étranger": ["COMPLEMENT", "ETAT_ACOMPTE"]}
    for paper in (first, statement, waiting):
        assert actors.paper(paper, "étranger")
    assert "n'existe pas" in actors.do_refused("MOE", "consulter", waiting)
    actors.do("étranger", "completer", statement, commentaire="métré joint")
    actors.deposit("MOA", "A19", statement)
    actors.deposit("étranger", "A15", waiting)
    assert actors.deposit_refused("MOE", "A15")


def test_rule_27_a_cotraitant_takes_the_mandataires_place(actors: Actors) -> None:
    contract = actors.register(group=True)
    own = actors.deposit("cotraitant", "A13")
    assert actors.owed() == {"titulaire": ["VISA"]}
    actors.act("titulaire", "VALIDER", own)
    amend(actors, contract, "MANDATAIRE", "cotraitant")
    assert "mandataire" in actors.deposit_refused("titulaire", "A4").lower()
    actors.deposit("cotraitant", "A4")


def test_rule_27_the_payer_is_replaced_for_the_papers_to_come(actors: Actors) -> None:
    contract = actors.register()
    amend(actors, contract, "SERVICE_FINANCIER", "public")
    statement = actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4"))
    validated = actors.deposit("MOA", "A19", statement)
    assert actors.paper(validated)["destinataire"]["identifiant"] == SIRET["public"]


@pytest.mark.parametrize(
    ("who", "change", "says"),
    [
        ("titulaire", {}, "MOA"),
        ("MOA", {"dateEffet": "2026-11-24"}, "aujourd'hui"),
        ("MOA", {"nature": "ROI"}, "ROI"),
        ("MOA", {"identifiant": SIRET["titulaire"]}, SIRET["titulaire"]),
        ("étranger", {}, "n'existe pas"),
    ],
)
def test_rule_27_an_amendment_that_cannot_be_is_refused(
    actors: Actors, who: str, change: dict[str, Any], says: str
) -> None:
    contract = actors.register()
    body = {"nature": "MOE", "identifiant": SIRET["étranger"], "dateEffet": "2026-11-23"} | change
    assert says in actors.refusal(who, f"{CONTRACTS}/{contract}/avenants", body)


# The amount of the contract


OVER = "Les demandes sur ce marché"


def test_rule_27_a_request_beyond_the_amount_of_the_contract_is_told_of_it(actors: Actors) -> None:
    contract = actors.register(montantMarche=30000)
    assert actors.call("MOE", f"{CONTRACTS}/{contract}")["marche"]["montantMarche"] == 30000.0
    first = actors.deposit("titulaire", "A4")
    assert actors.paper(first)["avertissements"] == []
    actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", first, gross=11000.0), gross=11000.0)
    second = actors.deposit("titulaire", "A4", gross=19000.0)
    assert actors.paper(second)["avertissements"] == [], "what is admitted counts, not what was asked"
    over = actors.paper(actors.deposit("titulaire", "A4", gross=0.06))
    assert over["avertissements"] == [f"{OVER} font 30 000,06 € TTC, son montant est 30 000,00 € TTC."]


def test_rule_27_the_amount_is_amended_with_its_reason_and_the_next_request_is_measured_by_it(actors: Actors) -> None:
    contract = actors.register(montantMarche=10000)
    path = f"{CONTRACTS}/{contract}/avenants"
    body = {"nature": "MONTANT", "dateEffet": "2026-11-23", "montantMarche": 24000, "texte": "Fondations renforcées"}
    assert OVER in actors.paper(actors.deposit("titulaire", "A4"))["avertissements"][0]
    amended = actors.call("MOA", path, body)["marche"]
    assert amended["montantMarche"] == 24000.0
    [line] = amended["avenants"]
    assert line["texte"] == "Montant du marché : 24 000,00 € TTC (avant : 10 000,00 €). Fondations renforcées"
    assert (line["auteur"]["identifiant"], line["dateEffet"]) == (SIRET["MOA"], "2026-11-23")
    assert actors.paper(actors.deposit("titulaire", "A4"))["avertissements"] == []
    lowered = body | {"montantMarche": 23000, "texte": "Poste 4 supprimé"}
    actors.call("MOA", path, lowered)
    assert "23 000,00 €" in actors.paper(actors.deposit("titulaire", "A4", gross=1.2))["avertissements"][0]


@pytest.mark.parametrize(
    ("who", "change", "says"),
    [
        ("MOA", {"montantMarche": 10000}, "déjà"),
        ("MOA", {"montantMarche": 0}, "zéro"),
        ("MOA", {"montantMarche": 10000.005}, "centimes"),
        ("MOA", {"texte": " "}, "pourquoi"),
        ("MOA", {"dateEffet": "2026-11-24"}, "aujourd'hui"),
        ("MOE", {}, "MOA"),
        ("titulaire", {}, "MOA"),
    ],
)
def test_rule_27_an_amount_is_amended_by_the_moa_for_a_reason_and_not_for_later(
    actors: Actors, who: str, change: dict[str, Any], says: str
) -> None:
    contract = actors.register(montantMarche=10000)
    body = {"nature": "MONTANT", "dateEffet": "2026-11-23", "montantMarche": 12000, "texte": "Motif"} | change
    assert says in actors.refusal(who, f"{CONTRACTS}/{contract}/avenants", body)


def test_rule_27_a_sous_traitant_is_not_told_the_sums_of_the_contract(actors: Actors) -> None:
    contract = actors.register(montantMarche=1000)
    request = actors.deposit("sous-traitant", "A10", gross=1200.0)
    assert actors.paper(request, "sous-traitant")["avertissements"] == [f"{OVER} dépassent son montant."]
    assert "montantMarche" not in actors.call("sous-traitant", f"{CONTRACTS}/{contract}")["marche"]


def test_rule_27_the_reserves_of_a_reception_and_their_lifting_are_kept_and_stop_no_delay(actors: Actors) -> None:
    contract = actors.register()
    path = f"{CONTRACTS}/{contract}/avenants"
    reserves = {"nature": "RECEPTION_AVEC_RESERVES", "dateEffet": "2026-11-23", "texte": "Étanchéité du lot 2"}
    assert "réception" in actors.refusal("MOA", path, reserves)
    actors.receive_works(contract)
    assert "Dites" in actors.refusal("MOA", path, reserves | {"texte": " "})
    actors.call("MOA", path, reserves)
    assert actors.owed() == {"titulaire": ["PROJET_DECOMPTE_FINAL"]}
    lifted = actors.call("MOA", path, reserves | {"nature": "LEVEE_DES_RESERVES"})["marche"]
    assert [one["texte"] for one in lifted["avenants"]] == [
        "Réception avec réserves : Étanchéité du lot 2",
        "Réserves levées : Étanchéité du lot 2",
    ]
