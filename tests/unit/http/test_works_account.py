"""Rules 18, 19, 22 and 23 through the API: one account, what binds in it, what ends it."""

from datetime import timedelta
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


def received(actors: Actors, **given: Any) -> int:
    """A contract whose reception is notified today; its number."""
    contract = actors.register(**given)
    actors.receive_works(contract)
    return contract


# Rule 18


def test_rule_18_a_second_final_draft_is_refused_and_names_the_first(actors: Actors) -> None:
    received(actors)
    final = actors.deposit("titulaire", "A7")
    assert str(final) in actors.deposit_refused("titulaire", "A7")


def test_rule_18_two_files_never_hold_two_accounts_before_the_reception_either(actors: Actors) -> None:
    contract = actors.register()
    early = actors.deposit("titulaire", "A7")
    assert str(early) in actors.deposit_refused("titulaire", "A7")
    actors.wait(2)
    actors.receive_works(contract)
    again = actors.deposit("titulaire", "A7")
    assert actors.file_number(again) == actors.file_number(early)
    assert actors.paper(early)["statutFactureTravaux"] == "ABANDONNEE"


def test_rule_18_a_second_general_account_is_refused_unless_the_first_was(actors: Actors) -> None:
    received(actors)
    final = actors.deposit("titulaire", "A7")
    account = actors.deposit("MOA", "A20", final)
    assert str(account) in actors.deposit_refused("MOA", "A20")
    assert str(account) in actors.deposit_refused("MOE", "A17")
    claim = {"motifs": "Sujétions imprévues", "montantReclame": 5000.0}
    actors.do("titulaire", "refuser", account, codeMotif="RECLAMATION", reclamation=claim)
    actors.deposit("MOA", "A20")


def test_rule_18_a_draft_of_the_moe_that_waits_is_the_one_that_the_moa_goes_on_from(actors: Actors) -> None:
    received(actors)
    final = actors.deposit("titulaire", "A7")
    general = actors.deposit("MOE", "A17", final)
    assert str(general) in actors.deposit_refused("MOA", "A20")
    assert str(general) in actors.deposit_refused("MOE", "A17")
    actors.deposit("MOA", "A20", general)


def test_rule_18_after_the_final_account_nothing_of_an_account_is_taken(actors: Actors) -> None:
    received(actors)
    account = actors.deposit("MOA", "A20", actors.deposit("titulaire", "A7"))
    signed = actors.deposit("titulaire", "A8", account)
    for who, frame in (("titulaire", "A7"), ("MOE", "A17"), ("MOA", "A20")):
        assert str(account) in actors.deposit_refused(who, frame) or str(signed) in actors.deposit_refused(who, frame)


def test_rule_18_after_a_tacit_account_neither_an_account_nor_a_draft_is_taken(actors: Actors) -> None:
    received(actors)
    final = actors.deposit("titulaire", "A7")
    actors.wait(35, final)
    tacit = actors.deposit("titulaire", "A22", final)
    actors.wait(14, final)
    definitive = actors.deposit("titulaire", "A23", tacit)
    assert str(definitive) in actors.deposit_refused("MOA", "A20")
    assert actors.deposit_refused("titulaire", "A7")
    assert actors.deposit_refused("titulaire", "A22", tacit)


# Rule 19


def test_rule_19_a_signed_account_has_the_amount_of_its_general_account(actors: Actors) -> None:
    received(actors)
    account = actors.deposit("MOA", "A20", actors.deposit("titulaire", "A7"), gross=100000.0, depassementConfirme=True)
    said = actors.deposit_refused("titulaire", "A8", account, gross=150000.0)
    assert "100 000,00 €" in said
    assert "150 000,00 €" in said
    reserves = {"motifs": "Poste 3", "montantReclame": 50000.0}
    signed = actors.deposit("titulaire", "A8", account, gross=100000.0, reserves=reserves)
    assert actors.paper(signed)["montantsTotaux"]["montantTtcTotal"] == 100000.0


def test_rule_19_a_tacit_account_has_the_amount_of_its_final_draft(actors: Actors) -> None:
    received(actors)
    final = actors.deposit("titulaire", "A7", gross=240000.0)
    actors.wait(35, final)
    said = actors.deposit_refused("titulaire", "A22", final, gross=999999.0)
    assert "240 000,00 €" in said
    assert "999 999,00 €" in said
    tacit = actors.deposit("titulaire", "A22", final, gross=240000.0)
    actors.wait(14, final)
    for who, frame in (("titulaire", "A23"), ("MOE", "A24"), ("MOA", "A25")):
        assert "240 000,00 €" in actors.deposit_refused(who, frame, tacit, gross=300000.0)
    actors.deposit("titulaire", "A23", tacit, gross=240000.0)


def test_rule_19_the_account_that_silence_accepted_is_paid_as_it_was_notified(actors: Actors) -> None:
    received(actors)
    account = actors.deposit("MOA", "A20", actors.deposit("titulaire", "A7"), gross=1000.0)
    actors.wait(35, account)
    assert "1 000,00 €" in actors.deposit_refused("MOA", "A25", account, gross=400.0)
    definitive = actors.deposit("MOA", "A25", account, gross=1000.0)
    assert actors.paper(definitive)["montantsTotaux"]["montantTtcTotal"] == 1000.0


def test_rule_19_each_writes_its_own_amount_up_to_the_general_account(actors: Actors) -> None:
    received(actors)
    final = actors.deposit("titulaire", "A7", gross=3000.0)
    general = actors.deposit("MOE", "A17", final, gross=2000.0)
    account = actors.deposit("MOA", "A20", general, gross=2500.0, depassementConfirme=True)
    amounts = [actors.paper(paper)["montantsTotaux"]["montantTtcTotal"] for paper in (final, general, account)]
    assert amounts == [3000.0, 2000.0, 2500.0]


# Rule 22


def test_rule_22_nothing_but_a_general_account_stops_an_a22(actors: Actors) -> None:
    received(actors)
    final = actors.deposit("titulaire", "A7")
    actors.wait(35, final)
    tacit = actors.deposit("titulaire", "A22", final)
    for operation, more in (
        ("refuser", {"codeMotif": "DOUBLON"}),
        ("refuser", {"codeMotif": "MAUVAISE_MOA"}),
        ("demander/recyclage", {"commentaire": "autre lot"}),
        ("suspendre/demander/completer/factureTravaux", {"commentaire": "métré"}),
    ):
        assert "12.4.4" in actors.do_refused("MOA", operation, tacit, **more)
    assert actors.owed() == {"MOA": ["REPONSE_TACITE"]}
    actors.do("MOA", "prendre/en/compte", tacit)
    actors.wait(14, tacit)
    assert actors.owed() == {who: ["DECOMPTE_TACITE"] for who in ("titulaire", "MOE", "MOA")}


def test_rule_22_the_moe_does_not_refuse_a_final_draft_and_a_complement_stops_nothing(actors: Actors) -> None:
    received(actors)
    final = actors.deposit("titulaire", "A7")
    for motive in ("DOUBLON", "HORS_MARCHE", "MAUVAISE_MOE"):
        assert "12.3.3" in actors.do_refused("MOE", "refuser", final, codeMotif=motive)
    assert actors.do_refused("MOE", "demander/recyclage", final, commentaire="autre lot")
    actors.do("MOE", "suspendre/demander/completer/factureTravaux", final, commentaire="métré")
    actors.wait(35, final)
    actors.deposit("titulaire", "A22", final)


def test_rule_22_refusing_the_moes_draft_does_not_stop_the_thirty_days(actors: Actors) -> None:
    received(actors)
    final = actors.deposit("titulaire", "A7")
    general = actors.deposit("MOE", "A17", final)
    actors.do("MOA", "refuser", general, codeMotif="MAUVAIS_CADRE", commentaire="refaire")
    assert actors.owed() == {"MOE": ["REEMISSION"], "MOA": ["DECOMPTE_GENERAL"]}
    actors.wait(35, final)
    actors.deposit("titulaire", "A22", final)


def test_rule_22_an_account_that_silence_accepted_is_undone_by_no_act(actors: Actors) -> None:
    received(actors)
    account = actors.deposit("MOA", "A20", actors.deposit("titulaire", "A7"))
    assert "12.4.5" in actors.do_refused("titulaire", "demander/recyclage", account, commentaire="x")
    actors.wait(35, account)
    claim = {"motifs": "Poste 3", "montantReclame": 50000.0}
    said = actors.do_refused("titulaire", "refuser", account, codeMotif="RECLAMATION", reclamation=claim)
    assert "réputé accepté" in said
    assert actors.owed() == {"MOA": ["DECOMPTE_ACCEPTE"]}


def test_rule_22_no_tacit_account_without_a_recorded_reception(actors: Actors) -> None:
    actors.register()
    final = actors.deposit("titulaire", "A7")
    assert "437983" in actors.paper(final)["avertissements"][0]
    actors.wait(50, final)
    assert "réception" in actors.deposit_refused("titulaire", "A22", final)


def test_rule_22_a_draft_from_before_the_reception_starts_nothing_and_is_notified_again(actors: Actors) -> None:
    contract = actors.register()
    early = actors.deposit("titulaire", "A7")
    actors.wait(3)
    actors.receive_works(contract)
    actors.wait(40, early)
    said = actors.deposit_refused("titulaire", "A22", early)
    assert "Notifiez de nouveau" in said
    final = actors.deposit("titulaire", "A7")
    actors.wait(35, final)
    actors.deposit("titulaire", "A22", final)


def test_rule_22_no_message_gives_a_date_that_is_past(actors: Actors, at: Clock) -> None:
    received(actors)
    final = actors.deposit("titulaire", "A7")
    said = actors.deposit_refused("titulaire", "A22", final)
    assert f"{at.now + timedelta(days=30):%d/%m/%Y} inclus" in said


# Rule 23


def test_rule_23_a_validated_statement_that_the_payer_rejects_is_issued_again_on_the_same_delay(
    actors: Actors,
) -> None:
    actors.register()
    monthly = actors.deposit("titulaire", "A4")
    statement = actors.deposit("MOE", "A15", monthly)
    validated = actors.deposit("MOA", "A19", statement)
    before = actors.delay(monthly)["fin"]
    actors.pay(validated, "REJETEE", reason="RIB faux")
    assert actors.owed() == {"MOA": ["REEMISSION"]}
    actors.wait(2)
    again = actors.deposit("MOA", "A19", idPieceRemplacee=validated)
    assert actors.owed() == {}
    assert actors.delay(monthly)["fin"] == before
    actors.pay(again, "MANDATEE", "MISE_EN_PAIEMENT")
    assert actors.delay(monthly)["payeLe"]


def test_rule_23_a_refused_account_has_its_admitted_sums_paid_then_what_is_agreed_of_the_claim(
    actors: Actors,
) -> None:
    received(actors)
    account = actors.deposit("MOA", "A20", actors.deposit("titulaire", "A7"), gross=10000.0)
    claim = {"motifs": "Poste 3", "montantReclame": 5000.0}
    actors.do("titulaire", "refuser", account, codeMotif="RECLAMATION", reclamation=claim)
    assert actors.owed() == {"MOA": ["REPONSE_A_LA_RECLAMATION", "SOMMES_ADMISES"]}
    assert "10 000,00 €" in actors.deposit_refused("MOA", "A19", account, gross=10001.0)
    admitted = actors.deposit("MOA", "A19", account, gross=10000.0)
    assert actors.owed() == {"MOA": ["REPONSE_A_LA_RECLAMATION"]}
    assert "5 000,00 €" in actors.act_refused(
        "MOA", "REPONDRE_RECLAMATION", account, commentaire="oui", montantAccepte=6000
    )
    actors.act("MOA", "REPONDRE_RECLAMATION", account, commentaire="pour moitié", montantAccepte=2500)
    assert actors.owed() == {"MOA": ["SOMMES_ADMISES"]}
    assert "2 500,00 €" in actors.deposit_refused("MOA", "A19", account, gross=2501.0)
    complement = actors.deposit("MOA", "A19", account, gross=2500.0)
    assert actors.owed() == {}
    assert actors.deposit_refused("MOA", "A19", account, gross=1.0)
    for paper in (admitted, complement):
        actors.pay(paper, "MANDATEE", "MISE_EN_PAIEMENT")
    assert "payées" in actors.deposit_refused("MOA", "A20", gross=10000.0)


def test_rule_23_reserves_that_are_agreed_to_in_part_are_paid_by_a_complement(actors: Actors) -> None:
    received(actors)
    account = actors.deposit("MOA", "A20", actors.deposit("titulaire", "A7"))
    reserves = {"motifs": "Poste 3", "montantReclame": 50000.0}
    signed = actors.deposit("titulaire", "A8", account, reserves=reserves)
    claimed = {"motifs": "Poste 3", "montantReclame": 50000}
    for reader in ("titulaire", "MOE", "MOA", "payeur"):
        assert actors.paper(signed, reader)["reclamation"] == claimed
    actors.act("MOA", "REPONDRE_RECLAMATION", signed, commentaire="en partie", montantAccepte=20000)
    granted = {"montantAccorde": 20000, "accordeLe": "2026-11-23"}
    assert actors.paper(signed, "titulaire")["reclamation"] == claimed | granted
    said = [one["texte"] for one in actors.file(signed)["chronologie"] if one["nature"] == "REPONSE_RECLAMATION"]
    assert said == ["en partie. Accordé : 20 000,00 € TTC sur 50 000,00 €."]
    assert actors.owed() == {"MOA": ["SOMMES_ADMISES"]}
    actors.deposit("MOA", "A19", signed, gross=20000.0)
    assert actors.owed() == {}


def test_rule_23_without_a_ccag_the_moa_does_not_wait_for_the_moe(actors: Actors) -> None:
    actors.register(ccag="AUCUN")
    monthly = actors.deposit("titulaire", "A4")
    assert actors.owed() == {"MOE": ["ETAT_ACOMPTE"], "MOA": ["ETAT_ACOMPTE_VALIDE"]}
    actors.deposit("MOA", "A19", monthly)
    assert actors.owed() == {}


def test_rule_23_the_account_is_drawn_up_ex_officio_once_the_formal_notice_ran_out(actors: Actors) -> None:
    contract = actors.register(delais=[{"delai": "PROJET_DECOMPTE_FINAL", "jours": 5}])
    actors.receive_works(contract)
    notice = f"{CONTRACTS}/{contract}/mise-en-demeure"
    assert "écoulé" in actors.refusal("MOE", notice, {"texte": "Sous quinze jours."})
    actors.wait(8)
    assert "demeure" in actors.deposit_refused("MOE", "A17")
    actors.call("MOE", notice, {"texte": "Sous dix jours.", "delaiJours": 10})
    assert "demeure" in actors.deposit_refused("MOE", "A17")
    actors.wait(13)
    general = actors.deposit("MOE", "A17")
    assert actors.owed() == {"MOA": ["DECOMPTE_GENERAL"]}
    actors.wait(40, general)
    said = " ".join(event["texte"] for event in actors.file(general)["chronologie"])
    assert "A22" not in said, "an account drawn up without the contractor opens no tacit route"
    account = actors.deposit("MOA", "A20", general)
    actors.deposit("titulaire", "A8", account)


def test_rule_23_what_an_abandoned_statement_leaves_is_owed_again(actors: Actors) -> None:
    actors.register()
    monthly = actors.deposit("titulaire", "A4")
    statement = actors.deposit("MOE", "A15", monthly)
    actors.do("MOA", "refuser", statement, codeMotif="MAUVAIS_CADRE", commentaire="refaire")
    actors.act("MOE", "ABANDONNER", statement)
    assert actors.owed() == {"MOE": ["ETAT_ACOMPTE"]}
    actors.deposit("MOE", "A15", monthly)


def test_rule_17_the_balance_is_a_part_of_whoever_presents_the_account_unless_the_mandataire_shares_it(
    actors: Actors,
) -> None:
    contract = actors.register(group=True)
    actors.receive_works(contract)
    draft = actors.deposit("titulaire", "A7")
    whole = [{"identifiant": SIRET["titulaire"], "montantTtc": 12000}]
    assert "ne se répartit pas" in actors.deposit_refused("MOA", "A20", draft, listeParts=whole)
    account = actors.deposit("MOA", "A20", draft)
    shares = [
        {"identifiant": SIRET["titulaire"], "montantTtc": 9000},
        {"identifiant": SIRET["cotraitant"], "montantTtc": 3000},
    ]
    signed = actors.deposit("titulaire", "A8", account, listeParts=shares)
    seen = [(part["nature"], part["montantTTC"]) for part in actors.paper(signed, "payeur")["listeParts"]]
    assert seen == [("TITULAIRE", 9000), ("COTRAITANT", 3000)]
    actors.pay(signed, "MANDATEE")
    for who in ("cotraitant", "titulaire"):
        assert "payeLe" not in actors.delay(signed)
        actors.act("payeur", "PAYER_PART", signed, identifiantCreancier=SIRET[who])
    assert actors.delay(signed)["payeLe"] == "2026-11-23"
    assert actors.paper(signed, "cotraitant")["statutFactureTravaux"] == "MISE_EN_PAIEMENT"


def test_rule_17_a_complement_of_the_account_is_a_payment_of_its_own(actors: Actors) -> None:
    received(actors)
    account = actors.deposit("MOA", "A20", actors.deposit("titulaire", "A7"))
    signed = actors.deposit("titulaire", "A8", account, reserves={"motifs": "Poste 3", "montantReclame": 5000})
    assert [part["montantTTC"] for part in actors.paper(signed, "payeur")["listeParts"]] == [12000]
    actors.pay(signed, "MANDATEE", "MISE_EN_PAIEMENT")
    actors.act("MOA", "REPONDRE_RECLAMATION", signed, commentaire="oui", montantAccepte=5000)
    complement = actors.deposit("MOA", "A19", signed, gross=5000.0)
    parts = actors.paper(complement, "payeur")["listeParts"]
    assert [(part["montantTTC"], part["idPiece"]) for part in parts] == [(5000, complement)]
    assert actors.delay(signed)["payeLe"] == "2026-11-23"
    assert "payeLe" not in actors.delay(complement)
