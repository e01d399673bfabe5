"""The rules behind the chain, one test or more each; the number in the name is the rule's."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from chorale.domain.dates import paris_day
from chorale.domain.errors import ActImpossible, ChoraleError, Forbidden, InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.statuses import Status
from chorale.domain.works.chain import STEPS, WORKS_FRAMES, Step, next_frames, step
from chorale.domain.works.contract import ContractParty, PartyRole, check_contract
from chorale.domain.works.deadlines import Ccag
from chorale.domain.works.deposit import warn_late_request, was_notified
from chorale.domain.works.papers import Claim
from chorale.domain.works.payment_clock import ClockKind, PayerKind
from chorale.domain.works.tasks import TaskKind

from .works_site import COTRAITANT, FINANCE, MOA, MOE, SOUS_TRAITANT, STRANGER, TITULAIRE, Site, contract

F = Frame


@pytest.mark.parametrize("row", STEPS, ids=lambda row: f"{row.code} {row.frame.name}")
def test_every_row_of_the_chain_says_what_it_is(row: Step) -> None:
    assert row.article
    assert row.law in ("C", "H", "I")
    assert row.opens_file or row.follows
    for previous in row.follows:
        assert step(row.frame, previous) is row
        assert row.frame in next_frames(previous)
    assert row.opens_file == (step(row.frame, None) is row) or step(row.frame, None) is not None


def test_every_frame_of_the_works_chain_has_a_row() -> None:
    others = {F.A1, F.A2, F.A3, F.A9, F.A11, F.A12, F.A21}
    assert set(WORKS_FRAMES) == set(Frame) - others


NO_SUCH_STEP = "ne peut pas ouvrir un dossier|ne suit pas une pièce"
NOT_IN_THE_TABLE = [
    (frame, previous)
    for frame in sorted(WORKS_FRAMES)
    for previous in (None, *sorted(WORKS_FRAMES))
    if step(frame, previous) is None
]


@pytest.mark.parametrize(("frame", "previous"), NOT_IN_THE_TABLE)
def test_a_paper_that_the_table_does_not_have_is_refused(frame: Frame, previous: Frame | None) -> None:
    site = Site(contract())
    before = None
    if previous is not None:
        before = site.deposit(F.A15, MOE)
        site.files = {
            file.id: file.with_paper(replace(site.paper(before), frame=previous)) for file in site.files.values()
        }
    with pytest.raises(InvalidRequest, match=NO_SUCH_STEP):
        site.deposit(frame, MOA, before)


def test_rule_1_only_a_sous_traitant_admitted_to_direct_payment_deposits() -> None:
    made = contract()
    parties = tuple(replace(one, direct_payment=False) for one in made.parties)
    with pytest.raises(Forbidden, match="paiement direct"):
        Site(replace(made, parties=parties)).deposit(F.A10, SOUS_TRAITANT)


@pytest.mark.parametrize("amount", [None, Decimal("599.99")])
def test_rule_1_direct_payment_begins_at_600_euros(amount: Decimal | None) -> None:
    made = contract()
    parties = tuple(replace(one, amount=amount) if one.direct_payment else one for one in made.parties)
    with pytest.raises(InvalidRequest, match="600"):
        check_contract(replace(made, parties=parties))


def test_rule_1_a_part_is_accepted_and_the_rest_refused_with_a_motive() -> None:
    site = Site(contract())
    request = site.deposit(F.A10, SOUS_TRAITANT, gross="1200")
    site.do("agree", request, TITULAIRE, Decimal(1000), "Poste 2")
    paper = site.paper(request)
    assert (paper.accepted, paper.refused_reason, paper.status) == (
        Decimal(1000), "Poste 2", Status.MISE_A_DISPOSITION_MOE,
    )  # fmt: skip


def test_rule_1_what_is_neither_accepted_nor_refused_at_day_15_is_accepted() -> None:
    site = Site(contract())
    request = site.deposit(F.A10, SOUS_TRAITANT, gross="1200")
    site.wait(16)
    assert site.paper(request).accepted == Decimal(1200)


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-1), Decimal("1200.01")])
def test_rule_1_an_accepted_amount_is_a_part_of_what_is_asked(amount: Decimal) -> None:
    site = Site(contract())
    request = site.deposit(F.A10, SOUS_TRAITANT, gross="1200")
    with pytest.raises(InvalidRequest):
        site.do("agree", request, TITULAIRE, amount)


def test_rule_1_a_refusal_after_day_15_is_void() -> None:
    site = Site(contract())
    request = site.deposit(F.A10, SOUS_TRAITANT)
    site.now += timedelta(days=16)
    with pytest.raises(ChoraleError):
        site.do("refuse_agreement", request, TITULAIRE, "DOUBLON")


def test_rule_1_an_unattached_request_goes_on_by_itself_with_its_own_clock() -> None:
    site = Site(contract())
    request = site.deposit(F.A10, SOUS_TRAITANT)
    site.do("agree", request, TITULAIRE)
    clock = site.file_of(request).clock_of(request)
    assert clock is not None
    assert clock.started_at == site.now
    site.do("take", request, MOE)
    statement = site.deposit(F.A15, MOE, request)
    site.deposit(F.A19, MOA, statement)
    assert site.worklists() == {}


def test_rule_1_a_request_is_attached_once_and_only_when_it_is_validated() -> None:
    site = Site(contract())
    request = site.deposit(F.A10, SOUS_TRAITANT)
    with pytest.raises(InvalidRequest):
        site.deposit(F.A4, TITULAIRE, attached=(request,))
    site.do("agree", request, TITULAIRE)
    site.deposit(F.A4, TITULAIRE, attached=(request,))
    with pytest.raises(InvalidRequest):
        site.deposit(F.A4, TITULAIRE, attached=(request,))
    with pytest.raises(ActImpossible):
        site.deposit(F.A15, MOE, request)


def test_rule_2_the_silence_of_the_moe_is_a_line_of_history_and_the_payment_runs_on() -> None:
    site = Site(contract())
    monthly = site.deposit(F.A4, TITULAIRE)
    before = site.file_of(monthly).clock_of(monthly)
    site.wait(8)
    assert site.paper(monthly).status is Status.A_ASSOCIER_MOE
    assert site.file_of(monthly).clock_of(monthly) == before
    assert "ALERTE" in site.notes(monthly)


@pytest.mark.parametrize("who", [MOE, MOA])
def test_rule_3_nobody_refuses_for_the_amount(who) -> None:
    site = Site(contract())
    monthly = site.deposit(F.A4, TITULAIRE)
    paper = monthly if who is MOE else site.deposit(F.A15, MOE, monthly)
    for written in ("ERREUR_MONTANT", "Erreur de montant", "9"):
        with pytest.raises(InvalidRequest, match="R2192-34"):
            site.do("refuse", paper, who, written)


def test_rule_3_each_writes_its_own_amount() -> None:
    site = Site(contract())
    monthly = site.deposit(F.A4, TITULAIRE, gross="12000")
    statement = site.deposit(F.A15, MOE, monthly, gross="9000")
    site.do("object_to", statement, TITULAIRE, "le poste 3 est fait")
    site.deposit(F.A19, MOA, statement, gross="9500", excess_confirmed=True)
    assert [paper.amounts.gross for paper in site.file_of(monthly).papers] == [12000, 9000, 9500]


def test_rule_4_the_delay_stops_once_never_by_the_moe_and_not_after_the_order_to_pay() -> None:
    site = Site(contract())
    monthly = site.deposit(F.A4, TITULAIRE)
    with pytest.raises(Forbidden):
        site.do("interrupt_payment", monthly, MOE, "x", ("y",))
    with pytest.raises(InvalidRequest):
        site.do("interrupt_payment", monthly, MOA, "x", ())
    validated = site.deposit(F.A19, MOA, site.deposit(F.A15, MOE, monthly))
    site.pay(validated, Status.MANDATEE)
    with pytest.raises(ActImpossible, match="ordonnancé"):
        site.do("interrupt_payment", validated, FINANCE, "x", ("y",))


def test_rule_4_a_suspension_by_the_payer_is_the_interruption() -> None:
    site = Site(contract())
    monthly = site.deposit(F.A4, TITULAIRE)
    validated = site.deposit(F.A19, MOA, site.deposit(F.A15, MOE, monthly))
    site.pay(validated, Status.SUSPENDUE)
    site.wait(4)
    site.pay(validated, Status.COMPLETEE)
    first = site.file_of(monthly).clock_of(monthly)
    site.pay(validated, Status.SUSPENDUE)
    assert site.file_of(monthly).clock_of(monthly) == first, "once only"


def test_rule_5_a_file_opened_after_the_moe_takes_the_declared_day() -> None:
    site = Site(contract(moe=False))
    declared = date(2026, 2, 20)
    statement = site.deposit(F.A5, TITULAIRE, available_to_moe_on=declared)
    clock = site.file_of(statement).clock_of(statement)
    assert clock is not None
    assert paris_day(clock.started_at) == declared
    other = site.deposit(F.A5, TITULAIRE)
    own = site.file_of(other).clock_of(other)
    assert own is not None
    assert own.started_at == site.now


@pytest.mark.parametrize(
    ("kind", "days"), [(PayerKind.GENERAL, 30), (PayerKind.HEALTH, 50), (PayerKind.UNDERTAKING, 60)]
)
def test_rule_5_the_delay_is_that_of_the_kind_of_payer(kind: PayerKind, days: int) -> None:
    site = Site(contract(payer_kind=kind))
    monthly = site.deposit(F.A4, TITULAIRE)
    clock = site.file_of(monthly).clock_of(monthly)
    assert clock is not None
    assert clock.due_on == paris_day(site.now) + timedelta(days=days)


def test_rule_6_a_final_draft_stamps_two_receipts() -> None:
    site = Site(contract())
    site.receive_works()
    final = site.deposit(F.A7, TITULAIRE)
    first = site.paper(final)
    assert first.moe_received_at == first.moa_received_at == site.now


def test_rule_6_with_a_silent_moe_the_moa_associates_its_account_to_the_final_draft() -> None:
    site = Site(contract())
    site.receive_works()
    final = site.deposit(F.A7, TITULAIRE)
    site.deposit(F.A20, MOA, final)
    assert site.worklists() == {"Titulaire": ["REPONSE_AU_DECOMPTE"]}


def test_rule_6_a_silent_contractor_is_given_notice_only_after_its_delay() -> None:
    site = Site(contract())
    site.receive_works()
    site.wait(35)
    assert site.worklists() == {"Titulaire": ["PROJET_DECOMPTE_FINAL"], "MOE": ["ETABLISSEMENT_D_OFFICE"]}
    site.give_notice(MOE)
    site.wait(18)
    general = site.deposit(F.A17, MOE)
    with pytest.raises(ActImpossible, match="projet de décompte final"):
        site.deposit(F.A22, TITULAIRE, general)


def _expired(**changes) -> tuple[Site, int]:
    site = Site(contract(**changes))
    site.receive_works()
    final = site.deposit(F.A7, TITULAIRE)
    site.wait(33)
    return site, final


def test_rule_7_the_tacit_procedure_needs_a_final_draft_an_expired_delay_and_no_general_account() -> None:
    site, final = _expired()
    with pytest.raises(InvalidRequest, match="copie"):
        site.deposit(F.A22, TITULAIRE, final, copy_to_moe=False)
    general = site.deposit(F.A17, MOE, final)
    tacit = site.deposit(F.A22, TITULAIRE, general)
    assert site.paper(general).status is Status.REMPLACEE_PAR_A22
    assert site.paper(tacit).status is Status.A_ASSOCIER_MOA

    site, final = _expired()
    site.deposit(F.A20, MOA, final)
    with pytest.raises(ChoraleError):
        site.deposit(F.A22, TITULAIRE, final)


@pytest.mark.parametrize("who", [MOE, MOA, SOUS_TRAITANT])
def test_rule_7_nobody_but_the_presenter_starts_the_tacit_procedure(who) -> None:
    site, final = _expired()
    with pytest.raises(Forbidden):
        site.deposit(F.A22, who, final)


def test_rule_7_a_general_account_within_ten_days_ends_it_and_one_after_them_is_refused() -> None:
    site, final = _expired()
    tacit = site.deposit(F.A22, TITULAIRE, final)
    with pytest.raises(InvalidRequest, match="A22"):
        site.deposit(F.A20, MOA)
    site.wait(13)
    with pytest.raises(ActImpossible, match="dix jours"):
        site.deposit(F.A20, MOA, tacit)
    clock_start = max(task.lapsed_at for task in site.file_of(tacit).tasks if task.lapsed_at)
    done = site.deposit(F.A25, MOA, tacit)
    clock = site.file_of(done).clock_of(done)
    assert clock is not None
    assert clock.started_at == clock_start, "from the end of day ten"


def test_rule_8_reserves_without_motives_or_amount_count_as_acceptance() -> None:
    site = Site(contract())
    site.receive_works()
    account = site.deposit(F.A20, MOA, site.deposit(F.A7, TITULAIRE))
    signed = site.deposit(F.A8, TITULAIRE, account, claim=Claim("", Decimal(0)))
    assert site.paper(signed).claim is None
    assert site.paper(signed).warnings


def test_rule_8_reserves_with_motives_are_a_claim_that_the_moa_answers() -> None:
    site = Site(contract())
    site.receive_works()
    account = site.deposit(F.A20, MOA, site.deposit(F.A7, TITULAIRE))
    signed = site.deposit(F.A8, TITULAIRE, account, claim=Claim("sujétions", Decimal(5000)))
    assert site.worklists() == {"MOA": ["REPONSE_A_LA_RECLAMATION"]}
    site.do("answer_claim", signed, MOA, "rejetée pour moitié")
    assert site.worklists() == {}


def test_rule_8_a_late_signature_without_reserves_is_still_taken() -> None:
    site = Site(contract())
    site.receive_works()
    account = site.deposit(F.A20, MOA, site.deposit(F.A7, TITULAIRE))
    site.wait(35)
    site.deposit(F.A8, TITULAIRE, account)
    assert site.worklists() == {}


def test_rule_9_in_a_group_only_the_mandataire_presents_accounts() -> None:
    site = Site(contract(group=True))
    for frame in (F.A4, F.A5, F.A7):
        with pytest.raises(ChoraleError):
            site.deposit(frame, COTRAITANT)
    with pytest.raises(InvalidRequest, match="MANDATAIRE"):
        contract(parties=(*contract().parties, ContractParty(COTRAITANT, PartyRole.COTRAITANT)))


def test_rule_9_silence_is_never_a_visa() -> None:
    site = Site(contract(group=True))
    part = site.deposit(F.A14, COTRAITANT)
    site.wait(400)
    assert site.paper(part).status is Status.A_VALIDER_1
    assert list(site.notes(part)).count("RELANCE") >= 12


@pytest.mark.parametrize("ccag", [Ccag.NONE, Ccag.CCAG_2009])
def test_rule_10_without_a_ccag_that_knows_it_there_is_no_tacit_account(ccag: Ccag) -> None:
    site, final = _expired(ccag=ccag)
    site.wait(30)
    with pytest.raises(ActImpossible, match="CCAG"):
        site.deposit(F.A22, TITULAIRE, final)


def test_rule_10_the_contract_may_set_other_days() -> None:
    site = Site(contract(overrides={"ETAT_ACOMPTE_MOE": 10}))
    monthly = site.deposit(F.A4, TITULAIRE)
    (task,) = site.file_of(monthly).open_tasks
    assert task.due is not None
    assert paris_day(task.due) == date(2026, 3, 13), "the midnight after the tenth day"


def test_rule_11_a_delegated_moa_holds_the_moas_role() -> None:
    made = contract()
    site = Site(replace(made, parties=(*made.parties, ContractParty(STRANGER, PartyRole.MOA_DELEGUEE))))
    statement = site.deposit(F.A15, MOE, site.deposit(F.A4, TITULAIRE))
    assert site.worklists() == {"Fournisseur": ["ETAT_ACOMPTE_VALIDE"]}
    with pytest.raises(Forbidden, match="déléguée"):
        site.deposit(F.A19, MOA, statement)
    site.deposit(F.A19, STRANGER, statement)


@pytest.mark.parametrize(("frame", "by"), [(F.A16, MOE), (F.A6, TITULAIRE)])
def test_w3_the_moas_paper_is_deposited_by_others_only_by_agreement(frame: Frame, by) -> None:
    site = Site(contract())
    with pytest.raises(Forbidden, match="marché"):
        site.deposit(frame, by, site.deposit(F.A15, MOE))
    agreed = Site(contract(agreed_frames=frozenset({frame})))
    done = agreed.deposit(frame, by, agreed.deposit(F.A15, MOE))
    assert agreed.paper(done).status is Status.MISE_A_DISPOSITION


def test_rule_13_amounts_are_those_of_the_period() -> None:
    site = Site(contract())
    with pytest.raises(InvalidRequest):
        site.deposit(F.A10, SOUS_TRAITANT, gross="0")


def test_g_a_request_after_the_general_account_is_warned_of_and_not_blocked() -> None:
    site = Site(contract())
    site.receive_works()
    account = site.deposit(F.A20, MOA, site.deposit(F.A7, TITULAIRE))
    assert was_notified(site.file_of(account))
    late = site.deposit(F.A10, SOUS_TRAITANT)
    warned = warn_late_request(site.file_of(late), late, site.now)
    assert warned.paper(late).warnings  # type: ignore[union-attr]
    assert warned.paper(late).status is Status.A_VALIDER_1  # type: ignore[union-attr]


def test_d1_a_wrong_validator_of_a_wrong_contract_is_corrected_and_the_days_start_again() -> None:
    site = Site(contract(group=True))
    request = site.deposit(F.A10, SOUS_TRAITANT)
    site.wait(10)
    site.do("refuse_agreement", request, TITULAIRE, "MAUVAIS_VALIDEUR")
    site.contract = contract(group=True, works_for=COTRAITANT)
    with pytest.raises(InvalidRequest):
        site.do("name_validator", request, SOUS_TRAITANT, SOUS_TRAITANT)
    site.do("name_validator", request, SOUS_TRAITANT)
    (task,) = site.file_of(request).open_tasks
    assert (task.kind, task.owners) == (TaskKind.VALIDATION_1, (COTRAITANT,))
    assert task.due is not None
    assert (paris_day(task.due) - paris_day(site.now)).days == 16


def test_the_clock_is_the_same_in_one_jump_or_day_by_day_for_every_circuit() -> None:
    def played(step_days: int) -> list[str]:
        site = Site(contract(), datetime(2026, 3, 2, 9, tzinfo=UTC))
        site.receive_works()
        site.deposit(F.A10, SOUS_TRAITANT)
        site.deposit(F.A4, TITULAIRE)
        site.deposit(F.A7, TITULAIRE)
        for _ in range(60 // step_days):
            site.wait(step_days)
        return sorted(
            f"{paper.frame.name} {line.status.value} {line.at}" for file in site.files.values() for paper in file.papers
            for line in paper.history
        ) + sorted(f"{note.kind} {note.at}" for file in site.files.values() for note in file.notes)  # fmt: skip

    assert played(60) == played(1) == played(7 if 60 % 7 == 0 else 6)


def _signed(site: Site) -> int:
    site.receive_works()
    account = site.deposit(F.A20, MOA, site.deposit(F.A7, TITULAIRE))
    return site.deposit(F.A8, TITULAIRE, account)


def test_rule_7_the_moa_notifies_the_revision_of_prices_within_ten_days_of_the_index() -> None:
    site = Site(contract())
    account = _signed(site)
    with pytest.raises(ActImpossible, match="PUBLIER_INDEX"):
        site.deposit(F.A19, MOA, account)
    site.wait(40)
    site.do("announce_index", account, TITULAIRE, paris_day(site.now) - timedelta(days=2))
    assert site.worklists() == {"MOA": ["REVISION_DES_PRIX"]}
    [task] = site.file_of(account).open_tasks
    assert task.due is not None
    assert (paris_day(task.due) - paris_day(site.now)).days in (9, 10, 11), "ten days from the publication, CCAG 3.2"
    site.wait(3)
    revision = site.deposit(F.A19, MOA, account, gross="600")
    assert site.worklists() == {}
    assert site.statuses(revision) == ["DEPOSEE", "MISE_A_DISPOSITION"]
    assert site.paper(account).status is Status.MISE_A_DISPOSITION, "the final account stays what it is"
    clock = site.file_of(revision).clock_of(revision)
    assert clock is not None
    assert (clock.kind, clock.started_at) == (ClockKind.REVISION, site.now), "its own payment delay, from now"


def test_rule_7_a_late_revision_is_owed_still_and_each_index_has_its_own() -> None:
    site = Site(contract())
    account = _signed(site)
    site.do("announce_index", account, MOE, paris_day(site.now))
    site.wait(20)
    assert site.worklists() == {"MOA": ["REVISION_DES_PRIX"]}
    assert "ALERTE" in set(site.notes(account))
    site.deposit(F.A19, MOA, account, gross="600")
    with pytest.raises(ActImpossible):
        site.deposit(F.A19, MOA, account, gross="600")
    site.do("announce_index", account, MOA, paris_day(site.now))
    assert site.worklists() == {"MOA": ["REVISION_DES_PRIX"]}


def test_rule_7_an_index_is_announced_once_on_a_final_account_by_a_party_and_not_before_its_day() -> None:
    site = Site(contract())
    account = _signed(site)
    today = paris_day(site.now)
    with pytest.raises(ActImpossible, match="définitif"):
        site.do("announce_index", site.file_of(account).papers[0].id, MOA, today)
    for who in (SOUS_TRAITANT, FINANCE, STRANGER):
        with pytest.raises(Forbidden):
            site.do("announce_index", account, who, today)
    for day in (None, today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(InvalidRequest, match=r"index|Index"):
            site.do("announce_index", account, MOA, day)
    site.do("announce_index", account, MOA, today)
    with pytest.raises(ActImpossible, match="déjà"):
        site.do("announce_index", account, MOA, today)
    without = Site(contract(ccag=Ccag.NONE))
    with pytest.raises(ActImpossible, match="CCAG"):
        without.do("announce_index", _signed(without), MOA, today)


def test_rule_4_the_order_to_pay_the_balance_does_not_touch_the_delay_of_the_revision() -> None:
    site = Site(contract())
    account = _signed(site)
    site.pay(account, Status.MANDATEE)
    site.do("announce_index", account, MOA, paris_day(site.now))
    revision = site.deposit(F.A19, MOA, account, gross="600")
    with pytest.raises(ActImpossible):
        site.do("interrupt_payment", account, MOA, "manque", ("attestation",))
    site.do("interrupt_payment", revision, MOA, "manque", ("attestation",))
    clock = site.file_of(revision).clock_of(revision)
    assert clock is not None
    assert clock.is_interrupted


def test_rule_24_a_request_that_a_validator_disowned_is_accepted_whole_by_silence() -> None:
    site = Site(contract(group=True, works_for=COTRAITANT))
    request = site.deposit(F.A10, SOUS_TRAITANT, gross="1200")
    site.do("refuse_agreement", request, COTRAITANT, "MAUVAIS_VALIDEUR")
    site.do("name_validator", request, SOUS_TRAITANT)
    site.wait(40)
    assert (site.paper(request).accepted, site.paper(request).refused_reason) == (Decimal(1200), "")


def test_rule_24_the_second_validators_silence_keeps_what_the_first_accepted() -> None:
    site = Site(contract(group=True, works_for=COTRAITANT))
    request = site.deposit(F.A10, SOUS_TRAITANT, gross="1200")
    site.do("agree", request, COTRAITANT, Decimal(1000), "poste 2")
    site.wait(40)
    assert site.paper(request).accepted == Decimal(1000)


def test_rule_23_what_the_payer_rejects_of_a_refused_account_is_issued_again_and_not_paid_twice() -> None:
    site = Site(contract())
    site.receive_works()
    account = site.deposit(F.A20, MOA, site.deposit(F.A7, TITULAIRE))
    site.do("refuse", account, TITULAIRE, "RECLAMATION", "", Claim("poste 3", Decimal(500)))
    admitted = site.deposit(F.A19, MOA, account)
    site.pay(admitted, Status.REJETEE)
    assert site.worklists() == {"MOA": ["REPONSE_A_LA_RECLAMATION", "REEMISSION"]}
    with pytest.raises(ActImpossible, match="idPieceRemplacee"):
        site.deposit(F.A19, MOA, account)
    with pytest.raises(InvalidRequest, match="dépasser"):
        site.deposit(F.A19, MOA, replaces_id=admitted, gross="12001")
    site.deposit(F.A19, MOA, replaces_id=admitted)
