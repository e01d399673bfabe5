"""Rules 29 and 30 through the API: the figures of the month, what is owed, what may be done, what is withdrawn."""

from typing import Any

import pytest

from tests.aws import Hub
from tests.unit.http.calling import CONTRACTS, READ_RECEIVED, TASKS, TREAT, WORKS, Clock
from tests.unit.http.works_actors import NUMBER, SIRET, Actors, write_actors


@pytest.fixture
def actors(world: Hub, at: Clock) -> Actors:
    """The actors of a contract, none of which is registered yet."""
    write_actors()
    return Actors(at)


def possible(actors: Actors, paper: int, who: str) -> dict[str, Any]:
    """What ``who`` may do with a paper."""
    number = actors.file_number(paper)
    rows = actors.call(who, f"/chorale/v1/dossiers/{number}")["actesPossibles"]
    found: dict[str, Any] = next((row for row in rows if row["idFactureTravaux"] == paper), {})
    return found


def test_rule_30_the_worklist_is_narrowed_by_contract_kind_and_day(actors: Actors) -> None:
    contract = actors.register()
    actors.receive_works(contract)
    actors.deposit("titulaire", "A4")
    actors.deposit("titulaire", "A7")
    counts = {
        1: {"tache": "ETAT_ACOMPTE"},
        2: {"numeroMarche": NUMBER},
        0: {"numeroMarche": "AUTRE"},
    }
    for count, ask in counts.items():
        assert actors.call("MOE", TASKS, ask)["parametresRetour"]["total"] == count
    [task] = actors.call("MOE", TASKS, {"tache": "ETAT_ACOMPTE"})["listeTaches"]
    delays = actors.call("MOE", f"{CONTRACTS}/{contract}")["marche"]["delais"]
    assert [one["reference"] for one in delays if one["delai"] == task["delai"]] == ["CCAG Travaux 12.2.2"]
    assert "reference" not in task
    due = task["dernierJour"]
    assert actors.call("MOE", TASKS, {"echeanceAvant": due})["parametresRetour"]["total"] == 1
    assert actors.call("MOE", TASKS, {"echeanceAvant": "2026-11-24"})["parametresRetour"]["total"] == 0
    assert "ETAT_ACOMPTE" in actors.refusal("MOE", TASKS, {"tache": "DORMIR"})


def test_rule_30_a_file_says_what_each_may_deposit_and_why_not_the_rest(actors: Actors) -> None:
    actors.register()
    monthly = actors.deposit("titulaire", "A4")
    moe, moa = possible(actors, monthly, "MOE"), possible(actors, monthly, "MOA")
    assert moe["piecesADeposer"] == ["A15"]
    assert "PRENDRE_EN_COMPTE" in moe["actes"]
    assert (moa["actes"], moa["piecesADeposer"]) == (["INTERROMPRE_PAIEMENT"], [])
    actors.wait(10, monthly)
    moa = possible(actors, monthly, "MOA")
    assert moa["piecesADeposer"] == ["A19"]
    reasons = {one["nom"]: one["raison"] for one in moa["piecesImpossibles"]}
    assert "MOE" in reasons["A15"]
    assert "MOE" in {one["nom"]: one["raison"] for one in moa["actesImpossibles"]}["REFUSER"]


def test_rule_30_a_file_says_who_may_act_on_a_payment_and_on_what_is_said_of_it(actors: Actors) -> None:
    actors.register()
    monthly = actors.deposit("titulaire", "A4")
    validated = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", monthly))

    def may(who: str, paper: int) -> set[str]:
        return set(possible(actors, paper, who).get("actes", []))

    def why_not(who: str, act: str) -> str:
        rows = possible(actors, validated, who)["actesImpossibles"]
        return str(next(row["raison"] for row in rows if row["nom"] == act))

    assert may("titulaire", validated) == {"OBSERVER"}
    assert may("MOA", validated) == {"ABANDONNER", "INTERROMPRE_PAIEMENT"}
    assert may("payeur", validated) == {"INTERROMPRE_PAIEMENT"}
    assert "MANDATEE" in why_not("payeur", "PAYER_PART")
    actors.act("payeur", "INTERROMPRE_PAIEMENT", validated, commentaire="RIB", piecesManquantes=["RIB"])
    assert "FOURNIR_PIECES" in may("titulaire", monthly)
    assert may("payeur", validated) == {"REPRENDRE_PAIEMENT"}
    actors.act("payeur", "REPRENDRE_PAIEMENT", validated)
    actors.pay(validated, "MANDATEE")
    assert may("payeur", validated) == {"PAYER_PART"}
    assert "service financier" in why_not("titulaire", "PAYER_PART")
    actors.act("payeur", "PAYER_PART", validated, identifiantCreancier=SIRET["titulaire"])
    assert may("payeur", validated) == set()


def test_rule_30_what_may_be_deposited_is_what_a_deposit_takes(actors: Actors) -> None:
    contract = actors.register()
    actors.receive_works(contract)
    final = actors.deposit("titulaire", "A7")
    assert possible(actors, final, "titulaire")["piecesADeposer"] == []
    actors.wait(35, final)
    assert possible(actors, final, "titulaire")["piecesADeposer"] == ["A22"]
    tacit = actors.deposit("titulaire", "A22", final)
    assert set(possible(actors, tacit, "MOA")["piecesADeposer"]) == {"A20"}
    actors.wait(14, tacit)
    assert possible(actors, tacit, "MOA")["piecesADeposer"] == ["A25"]
    assert possible(actors, tacit, "MOE")["piecesADeposer"] == ["A24"]


def test_rule_30_a_depositor_withdraws_its_statement_until_the_moa_acts(actors: Actors) -> None:
    actors.register()
    monthly = actors.deposit("titulaire", "A4")
    statement = actors.deposit("MOE", "A15", monthly)
    actors.act("MOE", "ABANDONNER", statement)
    assert actors.owed() == {"MOE": ["ETAT_ACOMPTE"]}
    again = actors.deposit("MOE", "A15", monthly)
    actors.do("MOA", "prendre/en/compte", again)
    assert actors.act_refused("MOE", "ABANDONNER", again)


def test_rule_30_the_moa_withdraws_its_payment_until_the_payer_acts(actors: Actors) -> None:
    actors.register()
    request = actors.deposit("sous-traitant", "A10", gross=1200.0)
    actors.act("titulaire", "VALIDER", request)
    monthly = actors.deposit("titulaire", "A4", listeDemandesJointes=[request])
    statement = actors.deposit("MOE", "A15", monthly, gross=11000.0)
    before = actors.owed(), actors.paper(request)["statutFactureTravaux"]
    validated = actors.deposit("MOA", "A19", statement, gross=11000.0)
    assert actors.owed() == {}
    for who in ("MOE", "titulaire", "payeur"):
        assert "DEPOSANT" in actors.act_refused(who, "ABANDONNER", validated)
    assert "ABANDONNER" in possible(actors, validated, "MOA")["actes"]
    given_up = actors.act("MOA", "ABANDONNER", validated, commentaire="Montant à revoir")
    assert given_up["statutFactureTravaux"] == "ABANDONNEE"
    assert (actors.owed(), actors.paper(request)["statutFactureTravaux"]) == before
    assert actors.delay(request)["montantDu"] == 1200.0
    received = actors.call("payeur", READ_RECEIVED, {"idFacture": validated})
    assert "ABANDONNEE" in str(received)
    paid = {"idFacture": validated, "nouveauStatut": "MANDATEE"}
    assert "ABANDONNEE" in actors.refusal("payeur", TREAT, paid)
    assert "n'existe pas" in actors.do_refused("payeur", "consulter", monthly), "what it rested on is not the payer's"
    again = actors.deposit("MOA", "A19", statement, gross=10000.0)
    actors.pay(again, "MANDATEE", "MISE_EN_PAIEMENT")
    assert actors.owed() == {}
    assert actors.delay(request)["payeLe"] == "2026-11-23"


def test_rule_30_once_the_payer_has_acted_its_paper_is_not_withdrawn(actors: Actors) -> None:
    actors.register()
    validated = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4")))
    # The file has not followed the payer yet: the invoice itself is asked.
    actors.call("payeur", TREAT, {"idFacture": validated, "nouveauStatut": "SERVICE_FAIT"})
    assert "SERVICE_FAIT" in actors.act_refused("MOA", "ABANDONNER", validated)
    assert actors.paper(validated)["statutFactureTravaux"] == "SERVICE_FAIT"


def test_rule_30_a_payment_that_came_back_is_sent_on_or_withdrawn(actors: Actors) -> None:
    actors.register()
    statement = actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4"))
    validated = actors.deposit("MOA", "A19", statement)
    actors.pay(validated, "A_RECYCLER")
    assert actors.owed() == {"MOA": ["RECYCLAGE"]}
    actors.act("MOA", "ABANDONNER", validated)
    assert actors.owed() == {"MOA": ["ETAT_ACOMPTE_VALIDE"]}
    assert "ABANDONNEE" in str(actors.call("payeur", READ_RECEIVED, {"idFacture": validated}))


def test_rule_30_a_signed_account_is_not_withdrawn(actors: Actors) -> None:
    contract = actors.register()
    actors.receive_works(contract)
    account = actors.deposit("MOA", "A20", actors.deposit("MOE", "A17", actors.deposit("titulaire", "A7")))
    signed = actors.deposit("titulaire", "A8", account)
    assert "MISE_A_DISPOSITION" in actors.act_refused("titulaire", "ABANDONNER", signed)


def found(actors: Actors, who: str, operation: str, **ask: Any) -> list[int]:
    """The papers of a list."""
    answer = actors.answer(who, f"{WORKS}/{operation}", ask)
    assert answer["codeRetour"] in (0, 20007), answer
    return [row["idFactureTravaux"] for row in answer["listeFacturesTravaux"]]


@pytest.mark.parametrize("operation", ["rechercher", "rechercher/atraiter"])
def test_rule_30_the_lists_of_papers_are_narrowed_by_contract_kind_and_day(actors: Actors, operation: str) -> None:
    contract = actors.register()
    actors.receive_works(contract)
    monthly, final = actors.deposit("titulaire", "A4"), actors.deposit("titulaire", "A7")
    tasks = {row["idFactureTravaux"]: row for row in actors.call("MOE", TASKS, {})["listeTaches"]}
    due = tasks[monthly]["dernierJour"]

    def narrowed(**ask: Any) -> set[int]:
        return set(found(actors, "MOE", operation, **ask))

    assert narrowed() == {monthly, final}
    assert narrowed(numeroMarche=NUMBER) == {monthly, final}
    assert narrowed(numeroMarche="AUTRE") == set()
    assert narrowed(cadreFacturation="A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR") == {monthly}
    assert narrowed(tache="ETAT_ACOMPTE") == {monthly}
    assert narrowed(tache=tasks[final]["tache"]) == {final}
    assert narrowed(echeanceAvant=due) == {monthly}
    assert narrowed(echeanceAvant="2026-11-24") == set()
    assert narrowed(tache="ETAT_ACOMPTE", echeanceAvant="2026-11-24") == set()


@pytest.mark.parametrize("operation", ["rechercher", "rechercher/atraiter"])
@pytest.mark.parametrize(
    ("ask", "says"),
    [
        ({"tache": "DORMIR"}, "ETAT_ACOMPTE"),
        ({"cadreFacturation": "A99"}, "A99"),
        ({"listeTypeFactureTravaux": ["POEME"]}, "POEME"),
        ({"echeanceAvant": "demain"}, "echeanceAvant"),
        ({"numeroMarcher": NUMBER}, "numeroMarcher"),
    ],
)
def test_rule_30_a_filter_that_is_not_known_is_refused(
    actors: Actors, operation: str, ask: dict[str, Any], says: str
) -> None:
    assert says in actors.refusal("MOE", f"{WORKS}/{operation}", ask)


def test_rule_30_a_search_by_task_finds_what_the_caller_owes_and_not_what_others_do(actors: Actors) -> None:
    actors.register()
    actors.deposit("titulaire", "A4")
    assert found(actors, "titulaire", "rechercher", tache="ETAT_ACOMPTE") == []


# Rule 29


def test_rule_29_the_figures_of_the_month_go_from_the_a4_to_the_a19(actors: Actors) -> None:
    actors.register()
    figures = {
        "mois": "2026-11", "numeroSituation": 3, "montantCumule": 30000, "montantCumulePrecedent": 20000,
        "montantPeriode": 10000, "retenueGarantie": 500,
    }  # fmt: skip
    monthly = actors.deposit("titulaire", "A4", chiffres=figures)
    statement = actors.deposit("MOE", "A15", monthly)
    validated = actors.deposit("MOA", "A19", statement)
    for paper in (monthly, statement, validated):
        seen = actors.paper(paper)["chiffres"]
        assert (seen["mois"], seen["numeroSituation"], seen["montantPeriode"]) == ("2026-11", 3, 10000.0)


def test_rule_29_who_admits_another_amount_has_figures_that_agree_with_it(actors: Actors) -> None:
    actors.register()
    figures = {"montantCumule": 30000, "montantCumulePrecedent": 20000, "montantPeriode": 10000, "retenueGarantie": 500}
    monthly = actors.deposit("titulaire", "A4", chiffres=figures)
    validated = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", monthly, gross=11400.0), gross=10800.0)
    seen = actors.paper(validated)["chiffres"]
    assert (seen["montantPeriode"], seen["montantCumule"], seen["retenueGarantie"]) == (9000.0, 29000.0, 500.0)
    without = actors.deposit("titulaire", "A4", chiffres={"montantCumule": 30000, "montantPeriode": 10000})
    seen = actors.paper(actors.deposit("MOE", "A15", without, gross=11400.0))["chiffres"]
    assert seen["montantPeriode"] == 9500.0
    assert "montantCumule" not in seen, "what it was before is not known"


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        ({"montantCumule": 30000, "montantCumulePrecedent": 20000, "montantPeriode": 9000}, "30\u00a0000,00"),
        ({"montantPeriode": 9000}, "10\u00a0000,00"),
        ({"mois": "novembre"}, "AAAA-MM"),
        ({"mois": "2026-13"}, "AAAA-MM"),
        ({"numeroSituation": 0}, "1"),
        ({"penalites": -1}, "positif"),
    ],
)
def test_rule_29_figures_that_do_not_agree_are_refused(actors: Actors, figures: dict[str, Any], says: str) -> None:
    actors.register()
    assert says in actors.deposit_refused("titulaire", "A4", chiffres=figures)


def test_rule_29_the_account_of_a_contract_is_a_table_per_creditor(actors: Actors) -> None:
    contract = actors.register()
    request = actors.deposit("sous-traitant", "A10", gross=1200.0)
    actors.act("titulaire", "VALIDER", request)
    monthly = actors.deposit("titulaire", "A4", listeDemandesJointes=[request])
    validated = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", monthly, gross=11000.0), gross=11000.0)
    actors.pay(validated, "MANDATEE", "MISE_EN_PAIEMENT")
    waiting = actors.deposit("titulaire", "A4")
    path = f"/chorale/v1/marches/{contract}/compte"
    account = actors.call("MOA", path)
    rows = {row["idFactureTravaux"]: row for row in account["lignes"]}
    amounts = ("demande", "moe", "moa", "paye")
    assert [rows[request].get(name) for name in amounts] == [1200.0, 1200.0, 1200.0, 1200.0]
    assert [rows[monthly].get(name) for name in amounts] == [10800.0, 9800.0, 9800.0, 9800.0]
    assert [rows[waiting].get(name) for name in amounts] == [12000.0, None, None, None]
    assert (account["totalDemande"], account["totalPaye"]) == (24000.0, 11000.0)
    assert "1200,00;1200,00;1200,00;1200,00" in account["csv"]
    assert [row["idFactureTravaux"] for row in actors.call("sous-traitant", path)["lignes"]] == [request]
    assert "n'existe pas" in actors.refusal("étranger", path)


def test_rule_30_a_file_does_not_offer_what_a_definitive_account_refuses(actors: Actors) -> None:
    contract = actors.register()
    statement = actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4"))
    actors.receive_works(contract)
    account = actors.deposit("MOA", "A20", actors.deposit("titulaire", "A7"))
    assert possible(actors, statement, "MOA")["piecesADeposer"] == ["A19"]
    actors.deposit("titulaire", "A8", account)
    found = possible(actors, statement, "MOA")
    assert found["piecesADeposer"] == []
    reason = next(one["raison"] for one in found["piecesImpossibles"] if one["nom"] == "A19")
    assert "Le décompte est définitif" in reason
    assert reason in actors.deposit_refused("MOA", "A19", statement)
