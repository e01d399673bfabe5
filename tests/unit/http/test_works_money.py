"""Rules 17, 20, 21, 24, 25 and 26 through the API: who is paid what, on which clock, and who is told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.aws import Hub
from tests.unit.http.calling import READ_RECEIVED, Clock
from tests.unit.http.works_actors import SIRET, Actors, write_actors


@pytest.fixture
def actors(world: Hub, at: Clock) -> Actors:
    """The actors of a contract, none of which is registered yet."""
    write_actors()
    return Actors(at)


def accepted(actors: Actors, gross: float = 1200.0) -> int:
    """A sous-traitant's request that the titulaire accepted."""
    request = actors.deposit("sous-traitant", "A10", gross=gross)
    actors.act("titulaire", "VALIDER", request)
    return request


def parts(actors: Actors, paper: int) -> list[tuple[str, str, float, int]]:
    """The parts of a paper: SIRET, kind, amount, request."""
    return [
        (one["creancier"]["identifiant"], one["nature"], one["montantTTC"], one["idPiece"])
        for one in actors.paper(paper)["listeParts"]
    ]


# Rule 17


def test_rule_17_a_joined_request_is_paid_to_the_sous_traitant_and_its_delay_ends_with_it(actors: Actors) -> None:
    actors.register()
    request = accepted(actors)
    monthly = actors.deposit("titulaire", "A4", listeDemandesJointes=[request])
    statement = actors.deposit("MOE", "A15", monthly, gross=11000.0)
    validated = actors.deposit("MOA", "A19", statement, gross=11000.0)
    shares = [
        (SIRET["titulaire"], "TITULAIRE", 9800.0, monthly),
        (SIRET["sous-traitant"], "SOUS_TRAITANT", 1200.0, request),
    ]
    assert parts(actors, validated) == shares
    assert actors.paper(request)["statutFactureTravaux"] == "ASSOCIEE"
    invoice = actors.call("payeur", READ_RECEIVED, {"idFacture": validated})
    assert SIRET["sous-traitant"] in str(invoice)
    actors.pay(validated, "MANDATEE", "MISE_EN_PAIEMENT")
    actors.wait(200, request, monthly)
    for paper in (request, monthly):
        delay = actors.delay(paper)
        assert delay["payeLe"] == "2026-11-23"
        assert "interets" not in delay
    assert actors.owed() == {}


def test_rule_17_an_a19_on_a_request_names_the_sous_traitant_as_creditor(actors: Actors) -> None:
    actors.register()
    request = accepted(actors)
    actors.do("MOE", "prendre/en/compte", request)
    validated = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", request, gross=1200.0), gross=1200.0)
    assert parts(actors, validated) == [(SIRET["sous-traitant"], "SOUS_TRAITANT", 1200.0, request)]
    received = actors.call("payeur", READ_RECEIVED, {"idFacture": validated})
    assert SIRET["sous-traitant"] in str(received)
    assert SIRET["titulaire"] not in str(received)


def test_rule_17_a_cotraitant_is_its_own_creditor(actors: Actors) -> None:
    actors.register(group=True)
    own = actors.deposit("cotraitant", "A13")
    actors.act("titulaire", "VALIDER", own)
    validated = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", own))
    assert parts(actors, validated) == [(SIRET["cotraitant"], "COTRAITANT", 12000.0, own)]
    received = actors.call("payeur", READ_RECEIVED, {"idFacture": validated})
    assert SIRET["cotraitant"] in str(received)
    assert SIRET["titulaire"] not in str(received)


def test_rule_17_an_a19_on_a_request_is_at_most_what_was_accepted(actors: Actors) -> None:
    actors.register()
    request = actors.deposit("sous-traitant", "A10", gross=1200.0)
    actors.act("titulaire", "VALIDER", request, montantAccepte=1000, commentaire="poste 2 non fait")
    actors.do("MOE", "prendre/en/compte", request)
    assert "1 000,00 €" in actors.deposit_refused("MOE", "A15", request, gross=1200.0)
    statement = actors.deposit("MOE", "A15", request, gross=900.0)
    assert "1 000,00 €" in actors.deposit_refused("MOA", "A19", statement, gross=1001.0)
    actors.deposit("MOA", "A19", statement, gross=1000.0, depassementConfirme=True)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([("titulaire", 11000.0)], "demande jointe"),
        ([("titulaire", 11000.0), ("sous-traitant", 1300.0)], "accepté"),
        ([("titulaire", 10000.0), ("sous-traitant", 1200.0)], "somme"),
        ([("titulaire", 10000.0), ("étranger", 1000.0), ("sous-traitant", 0.0)], "entreprise de ce marché"),
        ([("titulaire", 10000.0), ("payeur", 1000.0), ("sous-traitant", 0.0)], "entreprise de ce marché"),
        ([("titulaire", 11500.0), ("titulaire", -500.0), ("sous-traitant", 0.0)], "même créancier"),
    ],
)
def test_rule_17_parts_sum_to_the_total_and_go_to_contractors_alone(
    actors: Actors, given: list[tuple[str, float]], says: str
) -> None:
    actors.register()
    request = accepted(actors)
    statement = actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4", listeDemandesJointes=[request]))
    shares = [{"identifiant": SIRET[who], "montantTTC": amount} for who, amount in given]
    assert says in actors.deposit_refused("MOA", "A19", statement, gross=11000.0, listeParts=shares)
    right = [
        {"identifiant": SIRET["titulaire"], "montantTTC": 10100.0},
        {"identifiant": SIRET["sous-traitant"], "montantTTC": 900.0, "idPiece": request},
    ]
    validated = actors.deposit("MOA", "A19", statement, gross=11000.0, listeParts=right)
    assert [one[2] for one in parts(actors, validated)] == [10100.0, 900.0]


def test_rule_17_direct_payments_above_the_total_need_parts(actors: Actors) -> None:
    actors.register()
    request = accepted(actors, gross=5000.0)
    statement = actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4", listeDemandesJointes=[request]))
    assert "listeParts" in actors.deposit_refused("MOA", "A19", statement, gross=4000.0)


@pytest.mark.parametrize("end", ["refused", "abandoned", "replaced"])
def test_rule_17_a_request_whose_paper_is_no_more_is_free_again_with_its_task(actors: Actors, end: str) -> None:
    actors.register()
    request = accepted(actors)
    actors.do("MOE", "prendre/en/compte", request)
    monthly = actors.deposit("titulaire", "A4", listeDemandesJointes=[request])
    if end == "abandoned":
        actors.act("titulaire", "ABANDONNER", monthly)
    else:
        actors.do("MOE", "refuser", monthly, codeMotif="MAUVAIS_CADRE", commentaire="refaire")
    assert actors.owed()["MOA"] == ["RATTACHEMENT"]
    more: dict[str, Any] = {"idPieceRemplacee": monthly} if end == "replaced" else {}
    again = actors.deposit("titulaire", "A4", listeDemandesJointes=[request], **more)
    validated = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", again))
    assert len(parts(actors, validated)) == 2


def test_rule_17_requests_above_the_acte_special_are_warned_of(actors: Actors) -> None:
    actors.register()
    first = actors.deposit("sous-traitant", "A10", gross=39000.0)
    assert actors.paper(first)["avertissements"] == []
    second = actors.deposit("sous-traitant", "A10", gross=2000.0)
    assert "41 000,00 €" in actors.paper(second)["avertissements"][0]
    assert "40 000,00 €" in actors.paper(second)["avertissements"][0]


# Rule 20


def test_rule_20_a_statement_that_is_issued_again_stays_on_the_delay_of_the_request(actors: Actors) -> None:
    actors.register()
    monthly = actors.deposit("titulaire", "A4")
    statement = actors.deposit("MOE", "A15", monthly)
    actors.wait(17)
    actors.do("MOA", "refuser", statement, codeMotif="MAUVAIS_CADRE", commentaire="refaire")
    again = actors.deposit("MOE", "A15", idPieceRemplacee=statement)
    validated = actors.deposit("MOA", "A19", again)
    actors.wait(15, monthly)
    actors.pay(validated, "MANDATEE", "MISE_EN_PAIEMENT")
    delays = actors.file(monthly)["delaisDePaiement"]
    assert [(one["idFactureTravaux"], one["interets"]["joursDeRetard"]) for one in delays] == [(monthly, 2)]


@pytest.mark.parametrize("end", ["abandoned", "refused", "replaced"])
def test_rule_20_a_paper_that_is_no_more_bears_no_interest(actors: Actors, end: str) -> None:
    actors.register()
    monthly = actors.deposit("titulaire", "A4")
    if end == "abandoned":
        actors.act("titulaire", "ABANDONNER", monthly)
    else:
        actors.do("MOE", "refuser", monthly, codeMotif="MAUVAIS_CADRE", commentaire="refaire")
    if end == "replaced":
        actors.deposit("titulaire", "A4", idPieceRemplacee=monthly)
    actors.wait(100, monthly)
    delay = actors.delay(monthly)
    assert delay["eteintLe"] == "2026-11-23"
    assert "interets" not in delay


def test_rule_20_interest_is_on_what_is_admitted_and_the_rest_is_contested(actors: Actors) -> None:
    actors.register()
    monthly = actors.deposit("titulaire", "A4", gross=36500.0)
    statement = actors.deposit("MOE", "A15", monthly, gross=10000.0)
    actors.wait(40, monthly)
    before = actors.delay(monthly)
    assert (before["montantDu"], before["montantConteste"]) == (36500.0, 0.0)
    actors.deposit("MOA", "A19", statement, gross=10000.0)
    delay = actors.delay(monthly)
    assert (delay["montantDu"], delay["montantConteste"]) == (10000.0, 26500.0)
    assert delay["interets"]["montant"] == pytest.approx(before["interets"]["montant"] * 10000 / 36500, abs=0.01)


@pytest.mark.parametrize("gross", [0.0, -7200.0])
def test_rule_20_nothing_is_owed_for_being_late_with_nothing(actors: Actors, gross: float) -> None:
    actors.register()
    monthly = actors.deposit("titulaire", "A4", gross=gross)
    actors.wait(100, monthly)
    assert "interets" not in actors.delay(monthly)


# Rule 21


def test_rule_21_the_delay_after_a_silence_counts_its_first_day_the_next_day(actors: Actors, at: Clock) -> None:
    actors.register()
    at.set(datetime(2026, 11, 29, 9, 30, tzinfo=UTC))
    request = actors.deposit("sous-traitant", "A10")
    actors.wait(16, request)
    delay = actors.delay(request)
    assert (delay["debut"], delay["fin"]) == ("2026-12-14", "2027-01-13")


def test_rule_21_the_second_validator_has_fifteen_days_from_the_first_ones_last_day(actors: Actors, at: Clock) -> None:
    actors.register(group=True, works_for="cotraitant")
    at.set(datetime(2026, 11, 29, 9, 30, tzinfo=UTC))
    request = actors.deposit("sous-traitant", "A10")
    actors.wait(16, request)
    [task] = actors.file(request)["listeTaches"]
    assert (task["dernierJour"], task["libelleEcheance"]) == ("2026-12-29", "jusqu'au 29 décembre 2026 inclus")


def test_rule_21_the_balance_of_a_tacit_account_is_due_thirty_days_after_the_tenth(actors: Actors, at: Clock) -> None:
    contract = actors.register()
    actors.receive_works(contract)
    final = actors.deposit("titulaire", "A7")
    actors.wait(34, final)
    tacit = actors.deposit("titulaire", "A22", final)
    [task] = actors.file(tacit)["listeTaches"]
    last = date.fromisoformat(task["dernierJour"])
    actors.wait(15, tacit)
    signed = actors.deposit("titulaire", "A23", tacit)
    delay = actors.delay(signed)
    assert (delay["debut"], delay["fin"]) == (str(last), str(last + timedelta(days=30)))


def test_rule_21_the_contract_may_say_that_the_delay_starts_with_the_moa(actors: Actors) -> None:
    actors.register(delaiDepuisMoe=False)
    monthly = actors.deposit("titulaire", "A4")
    assert actors.file(monthly)["delaisDePaiement"] == []
    actors.wait(3, monthly)
    actors.deposit("MOE", "A15", monthly)
    assert actors.delay(monthly)["debut"] == "2026-11-26"


def test_rule_21_a_silent_moe_does_not_keep_that_delay_from_starting(actors: Actors) -> None:
    actors.register(delaiDepuisMoe=False)
    monthly = actors.deposit("titulaire", "A4")
    actors.wait(10, monthly)
    assert actors.delay(monthly)["debut"] == "2026-11-30", "the seventh day"


def test_rule_21_the_contract_may_shorten_the_delay_of_payment_and_never_lengthen_it(actors: Actors) -> None:
    assert "30" in actors.refusal("MOA", "/chorale/v1/marches", actors.contract_body(delaiDePaiement=31))
    actors.register(delaiDePaiement=20)
    monthly = actors.deposit("titulaire", "A4")
    assert actors.delay(monthly)["fin"] == "2026-12-13"


def test_rule_21_an_account_signed_with_reserves_is_due_in_thirty_days_for_every_payer(actors: Actors) -> None:
    contract = actors.register(naturePayeur="ENTREPRISE_PUBLIQUE")
    actors.receive_works(contract)
    account = actors.deposit("MOA", "A20", actors.deposit("titulaire", "A7"))
    reserves = {"motifs": "Poste 3", "montantReclame": 50000.0}
    signed = actors.deposit("titulaire", "A8", account, reserves=reserves)
    assert (actors.delay(signed)["jours"], actors.delay(signed)["fin"]) == (30, "2026-12-23")


# Rule 24


def test_rule_24_a_partial_acceptance_is_one_answer_with_its_motive(actors: Actors) -> None:
    actors.register()
    request = actors.deposit("sous-traitant", "A10", gross=1200.0)
    assert "motif" in actors.act_refused("titulaire", "VALIDER", request, montantAccepte=1000)
    actors.act("titulaire", "VALIDER", request, montantAccepte=1000, commentaire="poste 2 non fait")
    assert actors.do_refused("titulaire", "refuser", request, codeMotif="DOUBLON")
    for who in ("sous-traitant", "MOA"):
        seen = actors.paper(request, who)
        assert (seen["montantsTotaux"]["montantAccepte"], seen["motifRefusValideur"]) == (1000.0, "poste 2 non fait")


def test_rule_24_a_late_refusal_says_that_the_fifteen_days_are_past(actors: Actors) -> None:
    actors.register()
    request = actors.deposit("sous-traitant", "A10")
    actors.wait(16, request)
    said = actors.do_refused("titulaire", "refuser", request, codeMotif="DOUBLON")
    assert "uinze jours passés" in said
    assert "R2193-12" in said


# Rule 25


@pytest.mark.parametrize("written", ["ERREUR_MONTANT", "ERREUR_DE_MONTANT", "Erreur de montant", "9"])
def test_rule_25_no_paper_is_refused_by_anybody_for_its_amount(actors: Actors, written: str) -> None:
    contract = actors.register()
    actors.receive_works(contract)
    account = actors.deposit("MOA", "A20", actors.deposit("titulaire", "A7"))
    claim = {"motifs": "x", "montantReclame": 5.0}
    request = actors.deposit("sous-traitant", "A10")
    monthly = actors.deposit("titulaire", "A4")
    statement = actors.deposit("MOE", "A15")
    for who, paper in (("titulaire", account), ("titulaire", request), ("MOE", monthly), ("MOA", statement)):
        assert "R2192-34" in actors.do_refused(who, "refuser", paper, codeMotif=written, reclamation=claim)


def test_rule_25_an_unknown_motive_is_answered_with_the_list_and_autre_needs_its_text(actors: Actors) -> None:
    actors.register()
    monthly = actors.deposit("titulaire", "A4")
    said = actors.do_refused("MOE", "refuser", monthly, codeMotif="PAS_CONTENT", commentaire="x")
    assert "HORS_MARCHE" in said
    assert "MAUVAIS_CADRE" in said
    assert "texte" in actors.do_refused("MOE", "refuser", monthly, codeMotif="AUTRE", commentaire=" ")
    actors.do("MOE", "refuser", monthly, codeMotif="AUTRE", commentaire="illisible")


# Rule 26


def test_rule_26_a_suspension_by_the_payer_opens_a_completion_for_the_depositor(actors: Actors) -> None:
    actors.register()
    validated = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4")))
    actors.pay(validated, "SUSPENDUE", reason="attestation manquante")
    assert actors.owed() == {"MOA": ["COMPLEMENT"], "titulaire": ["FOURNIR_LES_PIECES"]}


def test_rule_26_the_creditor_gives_what_is_missing_and_the_new_period_counts_from_there(actors: Actors) -> None:
    actors.register()
    monthly = actors.deposit("titulaire", "A4")
    missing = {"commentaire": "Attestation expirée", "piecesManquantes": ["attestation de vigilance"]}
    actors.act("MOA", "INTERROMPRE_PAIEMENT", monthly, **missing)
    assert actors.owed() == {"MOE": ["ETAT_ACOMPTE"], "titulaire": ["FOURNIR_LES_PIECES"]}
    actors.wait(2)
    for who in ("MOE", "MOA"):
        assert "créancier" in actors.act_refused(who, "FOURNIR_PIECES", monthly, commentaire="voici")
    actors.act("titulaire", "FOURNIR_PIECES", monthly, commentaire="Attestation jointe")
    assert actors.owed() == {"MOE": ["ETAT_ACOMPTE"], "MOA": ["CONSTATER_LES_PIECES"]}
    actors.wait(3)
    actors.act("MOA", "REPRENDRE_PAIEMENT", monthly)
    delay = actors.delay(monthly)
    assert (delay["reprisLe"], delay["fin"]) == ("2026-11-25", "2026-12-25")
    assert actors.owed() == {"MOE": ["ETAT_ACOMPTE"]}


def test_rule_26_the_payer_too_says_that_the_pieces_are_there_once_it_has_a_paper(actors: Actors) -> None:
    actors.register()
    monthly = actors.deposit("titulaire", "A4")
    validated = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", monthly))
    missing = {"commentaire": "Attestation expirée", "piecesManquantes": ["attestation de vigilance"]}
    actors.act("payeur", "INTERROMPRE_PAIEMENT", validated, **missing)
    told = [one["texte"] for one in actors.file(monthly)["chronologie"] if one["nature"] == "INTERRUPTION"]
    assert told == ["Délai de paiement interrompu : Attestation expirée. Manquent : attestation de vigilance."]
    actors.act("titulaire", "FOURNIR_PIECES", validated, commentaire="Attestation jointe")
    assert actors.owed() == {"MOA": ["CONSTATER_LES_PIECES"], "payeur": ["CONSTATER_LES_PIECES"]}
    actors.act("payeur", "REPRENDRE_PAIEMENT", validated)
    assert actors.owed() == {}


def test_rule_26_the_moe_is_told_of_an_objection_and_of_the_a22(actors: Actors, world: Hub) -> None:
    contract = actors.register()
    actors.receive_works(contract)
    final = actors.deposit("titulaire", "A7")
    statement = actors.deposit("MOE", "A15")
    actors.act("titulaire", "OBSERVER", statement, commentaire="Le poste 3 est fait")
    actors.wait(34, final)
    tacit = actors.deposit("titulaire", "A22", final)
    moe = 10004
    for paper in (statement, tacit):
        number = str(actors.file_number(paper))
        events = [row["event"] for row in world.rows().values() if row.get("event", {}).get("object_id") == number]
        latest = max(events, key=lambda event: int(event["version"]))
        assert moe in [int(one) for one in latest["members"]]
    assert "COPIE_MOE" in [event["nature"] for event in actors.file(tacit, "MOE")["chronologie"]]
