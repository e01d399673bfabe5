"""The circuits of the works papers, as the actors live them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from chorale.domain.dates import paris_day
from chorale.domain.errors import ActImpossible, ChoraleError, Forbidden, InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.statuses import Status
from chorale.domain.works.acts import NewRoute
from chorale.domain.works.contract import ContractParty, PartyRole
from chorale.domain.works.papers import Claim

from .works_site import COTRAITANT, FINANCE, MOA, MOE, SOUS_TRAITANT, STRANGER, TITULAIRE, Site, contract

F = Frame


def test_a_month_of_works_goes_from_the_contractor_to_the_payer() -> None:
    site = Site(contract())
    monthly = site.deposit(F.A4, TITULAIRE)
    assert site.statuses(monthly) == ["DEPOSEE", "A_ASSOCIER_MOE"]
    assert site.worklists() == {"MOE": ["ETAT_ACOMPTE"]}

    site.wait(2)
    site.do("take", monthly, MOE)
    statement = site.deposit(F.A15, MOE, monthly, gross="11000")
    assert site.statuses(monthly)[-2:] == ["PRISE_EN_COMPTE_MOE", "ASSOCIEE"]
    assert site.worklists() == {"MOA": ["ETAT_ACOMPTE_VALIDE"]}

    site.wait(2)
    site.do("take", statement, MOA)
    validated = site.deposit(F.A19, MOA, statement, gross="11000")
    assert site.statuses(statement)[-1] == "ASSOCIEE"
    assert site.statuses(validated) == ["DEPOSEE", "MISE_A_DISPOSITION"]
    assert site.worklists() == {}
    assert site.paper(validated).payer == FINANCE

    clock = site.file_of(monthly).clock_of(monthly)
    assert clock is not None
    assert clock.due_on is not None
    assert clock.due_on.isoformat() == "2026-04-01", "thirty days after the notice to the MOE"
    site.pay(validated, Status.MANDATEE, Status.MISE_EN_PAIEMENT)
    paid = site.file_of(monthly).clock_of(monthly)
    assert paid is not None
    assert paid.paid_at == site.now


def test_a_silent_moe_validates_nothing_and_the_moa_acts() -> None:
    site = Site(contract())
    monthly = site.deposit(F.A4, TITULAIRE)
    with pytest.raises(ActImpossible):
        site.deposit(F.A19, MOA, monthly)
    site.wait(8)
    assert site.statuses(monthly)[-1] == "ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE"
    assert site.paper(monthly).status is Status.A_ASSOCIER_MOE
    assert site.worklists() == {"MOE": ["ETAT_ACOMPTE"], "MOA": ["ETAT_ACOMPTE_VALIDE"]}
    site.deposit(F.A19, MOA, monthly, gross="9000")
    assert site.paper(monthly).status is Status.ASSOCIEE
    assert site.worklists() == {}
    with pytest.raises(ChoraleError):
        site.deposit(F.A15, MOE, monthly)


def test_a_late_statement_of_the_moe_is_taken_as_long_as_the_moa_has_not_acted() -> None:
    site = Site(contract())
    monthly = site.deposit(F.A4, TITULAIRE)
    site.wait(10)
    site.deposit(F.A15, MOE, monthly)
    assert site.worklists() == {"MOA": ["ETAT_ACOMPTE_VALIDE"]}


def test_a_sous_traitant_with_a_silent_titulaire_is_attached_to_the_next_month() -> None:
    site = Site(contract())
    request = site.deposit(F.A10, SOUS_TRAITANT, gross="1200")
    assert site.statuses(request) == ["DEPOSEE", "A_VALIDER_1"]
    assert site.worklists() == {"Titulaire": ["VALIDATION_1"]}
    site.wait(20)
    lines = {line.status.value: line.at for line in site.paper(request).history}
    assert list(lines) == ["DEPOSEE", "A_VALIDER_1", "ABSENCE_VALIDATION_1_HORS_DELAI", "MISE_A_DISPOSITION_MOE"]
    assert paris_day(lines["ABSENCE_VALIDATION_1_HORS_DELAI"]).isoformat() == "2026-03-17", "the end of day fifteen"
    assert site.paper(request).accepted == Decimal(1200)
    assert site.worklists() == {"MOE": ["PRISE_EN_COMPTE"]}
    with pytest.raises(ChoraleError):
        site.do("refuse_agreement", request, TITULAIRE, "AUTRE", "trop tard")
    site.do("take", request, MOE)
    assert site.worklists() == {"MOE": ["RATTACHEMENT"], "MOA": ["RATTACHEMENT"]}
    monthly = site.deposit(F.A4, TITULAIRE, attached=(request,))
    assert site.paper(request).attached_to == monthly
    assert site.worklists() == {"MOE": ["ETAT_ACOMPTE"]}
    clock = site.file_of(request).clock_of(request)
    assert clock is not None
    assert paris_day(clock.started_at).isoformat() == "2026-03-17"


def test_a_sous_traitant_of_a_cotraitant_has_two_validators() -> None:
    site = Site(contract(group=True, works_for=COTRAITANT))
    request = site.deposit(F.A10, SOUS_TRAITANT, gross="1200")
    assert site.worklists() == {"Cotraitant": ["VALIDATION_1"]}
    site.do("agree", request, COTRAITANT)
    assert site.statuses(request)[-2:] == ["VALIDEE_1", "A_VALIDER_2"]
    assert site.worklists() == {"Titulaire": ["VALIDATION_2"]}
    site.do("agree", request, TITULAIRE)
    assert site.statuses(request)[-2:] == ["VALIDEE_2", "MISE_A_DISPOSITION_MOE"]
    assert site.worklists() == {"MOE": ["PRISE_EN_COMPTE"]}


def test_a_mandataire_refuses_and_its_silence_is_no_visa() -> None:
    site = Site(contract(group=True))
    first = site.deposit(F.A13, COTRAITANT)
    site.wait(100)
    assert site.paper(first).status is Status.A_VALIDER_1
    assert "RELANCE" in set(site.notes(first))
    assert site.worklists() == {"Titulaire": ["VISA"]}
    site.do("refuse_agreement", first, TITULAIRE, "DOUBLON", "déjà reçue")
    assert site.paper(first).status is Status.REFUSEE_1
    assert site.worklists() == {"Cotraitant": ["REEMISSION"]}
    again = site.deposit(F.A13, COTRAITANT, replaces_id=first)
    assert site.paper(first).status is Status.DUPLIQUE_APRES_REFUS
    assert site.paper(again).cycle == 2
    site.do("agree", again, TITULAIRE)
    assert site.statuses(again)[-2:] == ["VALIDEE_1", "A_ASSOCIER_MOE"]


def test_the_end_of_a_contract_signed_without_reserves() -> None:
    site = Site(contract())
    site.receive_works()
    assert site.worklists() == {"Titulaire": ["PROJET_DECOMPTE_FINAL"]}
    final = site.deposit(F.A7, TITULAIRE)
    assert site.worklists() == {"MOE": ["PROJET_DECOMPTE_GENERAL"], "MOA": ["DECOMPTE_GENERAL"]}
    general = site.deposit(F.A17, MOE, final)
    assert site.worklists() == {"MOA": ["DECOMPTE_GENERAL"]}
    account = site.deposit(F.A20, MOA, general)
    assert site.worklists() == {"Titulaire": ["REPONSE_AU_DECOMPTE"]}
    site.wait(3)
    signed = site.deposit(F.A8, TITULAIRE, account)
    assert site.statuses(account) == ["DEPOSEE", "A_ASSOCIER_FOURNISSEUR", "ASSOCIEE"]
    assert site.statuses(signed) == ["DEPOSEE", "MISE_A_DISPOSITION"]
    assert site.worklists() == {}
    clock = site.file_of(signed).clock_of(signed)
    assert clock is not None
    assert clock.kind.value == "SOLDE"


def test_the_silence_of_the_contractor_accepts_the_account() -> None:
    site = Site(contract())
    site.receive_works()
    account = site.deposit(F.A20, MOA, site.deposit(F.A7, TITULAIRE))
    with pytest.raises(ActImpossible):
        site.deposit(F.A25, MOA, account)
    site.wait(31)
    assert site.worklists() == {"MOA": ["DECOMPTE_ACCEPTE"]}
    with pytest.raises(ActImpossible):
        site.deposit(F.A8, TITULAIRE, account, claim=Claim("travaux supplémentaires", Decimal(100)))
    site.deposit(F.A25, MOA, account)
    assert site.paper(account).status is Status.ASSOCIEE
    assert site.worklists() == {}


def test_the_tacit_procedure_up_to_the_final_account() -> None:
    site = Site(contract())
    site.receive_works()
    final = site.deposit(F.A7, TITULAIRE)
    with pytest.raises(ActImpossible):
        site.deposit(F.A22, TITULAIRE, final)
    site.wait(32)
    tacit = site.deposit(F.A22, TITULAIRE, final)
    assert site.paper(final).status is Status.REMPLACEE_PAR_A22
    assert site.worklists() == {"MOA": ["REPONSE_TACITE"]}
    with pytest.raises(ActImpossible):
        site.deposit(F.A23, TITULAIRE, tacit)
    site.wait(12)
    assert site.worklists() == {k: ["DECOMPTE_TACITE"] for k in ("Titulaire", "MOE", "MOA")}
    with pytest.raises(ActImpossible):
        site.deposit(F.A20, MOA, tacit)
    done = site.deposit(F.A23, TITULAIRE, tacit)
    assert site.statuses(done)[-1] == "MISE_A_DISPOSITION"
    assert site.worklists() == {}


def test_a_general_account_within_the_ten_days_ends_the_tacit_procedure() -> None:
    site = Site(contract())
    site.receive_works()
    final = site.deposit(F.A7, TITULAIRE)
    site.wait(32)
    tacit = site.deposit(F.A22, TITULAIRE, final)
    site.wait(5)
    account = site.deposit(F.A20, MOA, tacit)
    assert site.paper(tacit).status is Status.ASSOCIEE
    assert site.paper(account).status is Status.A_ASSOCIER_FOURNISSEUR
    assert site.worklists() == {"Titulaire": ["REPONSE_AU_DECOMPTE"]}


def test_a_refused_paper_starts_a_new_cycle_and_keeps_the_first_date() -> None:
    site = Site(contract())
    first = site.deposit(F.A4, TITULAIRE)
    started = site.now
    site.wait(1)
    site.do("refuse", first, MOE, "HORS_MARCHE", "lot 3")
    assert site.worklists() == {"Titulaire": ["REEMISSION"]}
    site.wait(1)
    again = site.deposit(F.A4, TITULAIRE, replaces_id=first)
    clock = site.file_of(again).clock_of(again)
    assert clock is not None
    assert (clock.started_at, clock.first_started_at) == (site.now, started)
    assert site.file_of(again).cycle == 2


def test_a_wrong_moa_is_corrected_and_has_no_hand_any_more() -> None:
    made = contract()
    site = Site(replace(made, parties=(*made.parties, ContractParty(STRANGER, PartyRole.MOA_SUPPLEANTE))))
    monthly = site.deposit(F.A4, TITULAIRE)
    statement = site.deposit(F.A15, MOE, monthly, moa=STRANGER)
    assert site.worklists() == {"Fournisseur": ["ETAT_ACOMPTE_VALIDE"]}
    site.do("refuse", statement, STRANGER, "MAUVAISE_MOA")
    assert site.paper(statement).status is Status.ERREUR_DE_MOA
    assert site.worklists() == {"MOE": ["RECYCLAGE"]}
    with pytest.raises(InvalidRequest, match="MOA"):
        site.do("recycle", statement, MOE, NewRoute(moa=TITULAIRE))
    site.do("recycle", statement, MOE, NewRoute(moa=MOA))
    assert site.statuses(statement)[-2:] == ["DEPOSEE", "A_ASSOCIER_MOA"]
    assert site.worklists() == {"MOA": ["ETAT_ACOMPTE_VALIDE"]}


def test_nobody_refuses_for_the_amount() -> None:
    site = Site(contract())
    monthly = site.deposit(F.A4, TITULAIRE)
    with pytest.raises(InvalidRequest, match="montant"):
        site.do("refuse", monthly, MOE, "ERREUR_MONTANT")


def test_the_payment_delay_is_interrupted_once_and_resumed() -> None:
    site = Site(contract())
    monthly = site.deposit(F.A4, TITULAIRE)
    with pytest.raises(Forbidden):
        site.do("interrupt_payment", monthly, MOE, "pièces manquantes", ("attestation",))
    site.wait(5)
    site.do("interrupt_payment", monthly, MOA, "pièces manquantes", ("attestation",))
    clock = site.file_of(monthly).clock_of(monthly)
    assert clock is not None
    assert clock.due_on is None
    site.wait(10)
    site.do("resume_payment", monthly, MOA)
    clock = site.file_of(monthly).clock_of(monthly)
    assert clock is not None
    assert clock.due_on is not None
    assert (clock.due_on - paris_day(site.now)).days == 30
    with pytest.raises(ActImpossible):
        site.do("interrupt_payment", monthly, MOA, "encore", ("autre",))


def test_without_a_moe_in_the_tool_the_contractor_deposits_the_statement() -> None:
    site = Site(contract(moe=False))
    with pytest.raises(InvalidRequest):
        site.deposit(F.A4, TITULAIRE)
    statement = site.deposit(F.A5, TITULAIRE)
    assert site.worklists() == {"MOA": ["ETAT_ACOMPTE_VALIDE"]}
    site.deposit(F.A19, MOA, statement)
    assert site.worklists() == {}


def test_completion_asked_and_given() -> None:
    site = Site(contract())
    monthly = site.deposit(F.A4, TITULAIRE)
    due = site.file_of(monthly).open_tasks[0].due
    site.do("ask_completion", monthly, MOE, "joindre le PV")
    assert site.worklists() == {"Titulaire": ["COMPLEMENT"]}
    site.wait(1)
    site.do("complete", monthly, TITULAIRE, "le voici", (9,))
    assert site.paper(monthly).status is Status.COMPLETEE
    assert site.worklists() == {"MOE": ["ETAT_ACOMPTE"]}
    assert site.file_of(monthly).open_tasks[0].due == due, "no clock stops for a completion"


def test_sixty_days_at_once_give_each_silence_its_own_date() -> None:
    far, near = Site(contract(group=True, works_for=COTRAITANT)), Site(contract(group=True, works_for=COTRAITANT))
    request = [site.deposit(F.A10, SOUS_TRAITANT) for site in (far, near)]
    far.wait(60)
    for _ in range(60):
        near.wait(1)
    assert far.paper(request[0]).history == near.paper(request[1]).history
    dates = {line.status.value: paris_day(line.at).isoformat() for line in far.paper(request[0]).history}
    assert dates["ABSENCE_VALIDATION_1_HORS_DELAI"] == "2026-03-17"
    assert dates["ABSENCE_VALIDATION_2_HORS_DELAI"] == "2026-04-01"
    assert far.statuses(request[0])[-1] == "MISE_A_DISPOSITION_MOE"
