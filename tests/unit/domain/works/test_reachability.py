"""Rule 23, generated: in every state of a dossier somebody can go on, nobody else decides, nothing is paid twice.

Each case walks the states of one kind of dossier; ``reachable`` says how.
"""

from collections.abc import Callable
from decimal import Decimal

import pytest
from chorale.domain.errors import ChoraleError
from chorale.domain.frames import Frame
from chorale.domain.statuses import Status
from chorale.domain.works.accounts import GENERAL, is_current
from chorale.domain.works.admission import ACCOUNT_IS_DEFINITIVE, definitive_since
from chorale.domain.works.chain import FINAL_ACCOUNTS, WORKS_FRAMES, Addressee, Chain, next_frames
from chorale.domain.works.deadlines import Ccag
from chorale.domain.works.paper_acts import possible_acts
from chorale.domain.works.possibilities import acts_on
from chorale.domain.works.tasks import Task, TaskKind

from .reachable import ACTORS, State, asked, offered, refused, walk
from .works_site import COTRAITANT, FINANCE, MOA, MOE, SOUS_TRAITANT, STRANGER, TITULAIRE, Site, contract

DEPTH, STATES = 7, 500
BY_THE_CONTRACT = {TaskKind.ETABLISSEMENT_D_OFFICE, TaskKind.PROJET_DECOMPTE_FINAL}
"""Owed before any paper: a deposit that opens the account, or a formal notice, settles it."""
BY_AN_ACT_OF_ITS_OWN = {
    TaskKind.FOURNIR_LES_PIECES, TaskKind.CONSTATER_LES_PIECES, TaskKind.REPONSE_A_LA_RECLAMATION, TaskKind.REEMISSION,
    TaskKind.COMPLEMENT,
}  # fmt: skip
"""Settled by an act that changes no status of the paper, by issuing it again, or in the received invoices."""
SUSPENDED_TOO = {TaskKind.COMPLEMENT}


def _month() -> Site:
    site = Site(contract())
    site.deposit(Frame.A4, TITULAIRE)
    return site


def _request() -> Site:
    site = Site(contract(group=True, works_for=COTRAITANT))
    site.deposit(Frame.A10, SOUS_TRAITANT, gross="1200")
    return site


def _joined() -> Site:
    site = Site(contract())
    request = site.deposit(Frame.A10, SOUS_TRAITANT, gross="1200")
    site.do("agree", request, TITULAIRE)
    site.deposit(Frame.A4, TITULAIRE, attached=(request,))
    return site


def _without_ccag() -> Site:
    site = Site(contract(ccag=Ccag.NONE))
    site.deposit(Frame.A4, TITULAIRE)
    return site


def _end() -> Site:
    site = Site(contract())
    site.receive_works()
    return site


def _account() -> Site:
    site = _end()
    site.deposit(Frame.A20, MOA, site.deposit(Frame.A7, TITULAIRE))
    return site


def _tacit() -> Site:
    site = _end()
    final = site.deposit(Frame.A7, TITULAIRE)
    site.wait(33)
    site.deposit(Frame.A22, TITULAIRE, final)
    return site


def _month_and_account() -> Site:
    """Months at every step beside an account that waits for its signature."""
    site = Site(contract(agreed_frames=frozenset({Frame.A16, Frame.A6})))
    site.deposit(Frame.A4, TITULAIRE)
    site.deposit(Frame.A15, MOE, site.deposit(Frame.A4, TITULAIRE))
    site.do("agree", site.deposit(Frame.A10, SOUS_TRAITANT, gross="1200"), TITULAIRE)
    site.receive_works()
    site.deposit(Frame.A20, MOA, site.deposit(Frame.A7, TITULAIRE))
    return site


STARTS: dict[str, Callable[[], Site]] = {
    "a month": _month, "a request": _request, "a month with a request": _joined, "no CCAG": _without_ccag,
    "months beside an account": _month_and_account,
    "the end": _end, "an account": _account, "a tacit account": _tacit,
}  # fmt: skip


@pytest.fixture(scope="module")
def reached() -> dict[str, list[State]]:
    """The states of each kind of dossier."""
    return {name: list(walk(start(), DEPTH, STATES)) for name, start in STARTS.items()}


@pytest.mark.parametrize("kind", STARTS)
def test_rule_23_in_every_state_somebody_owes_something_and_can_do_it_or_it_is_an_end(
    reached: dict[str, list[State]], kind: str
) -> None:
    assert len(reached[kind]) > 10
    for state in reached[kind]:
        for file in state.site.files.values():
            for task in file.open_tasks:
                assert can_be_done(state, task), (state.moves, task.kind)
            if not file.open_tasks:
                left = [paper for paper in file.papers if not is_end(paper.status, paper.step.lands, state, paper.id)]
                assert not left, (state.moves, [(paper.frame.name, paper.status.value) for paper in left])


def can_be_done(state: State, task: Task) -> bool:
    """Whether one of the owners of ``task`` may do something that settles it.

    Beside a definitive account nothing more is ordered of a month: its depositor gives the paper up.
    """
    if task.paper_id is None:
        return task.kind in BY_THE_CONTRACT
    if task.kind in BY_AN_ACT_OF_ITS_OWN or task.kind is TaskKind.DECOMPTE_GENERAL:
        return bool(task.owners)
    paper, file = state.site.paper(task.paper_id), state.site.file_of(task.paper_id)
    for owner in task.owners:
        if any(not one.reason for one in acts_on(file, paper, [owner.id])):
            return True
        if any(not one.reason for one in offered(state.site, paper, owner)):
            return True
    account = state.site.account
    if file.chain is Chain.PROGRESS and account is not None and definitive_since(account) is not None:
        return any(not one.reason for one in acts_on(file, paper, [paper.depositor.id]))
    return False


ENDS = frozenset({
    Status.ABANDONNEE, Status.DUPLIQUE_APRES_REFUS, Status.REMPLACEE_PAR_A22, Status.ASSOCIEE, Status.MISE_EN_PAIEMENT,
    Status.REFUSEE_FOURNISSEUR,
})  # fmt: skip


def is_end(status: Status, lands: Addressee, state: State, paper_id: int) -> bool:
    """Whether nothing is owed on a paper by law, or the payer has it."""
    joined = state.site.paper(paper_id).attached_to is not None
    return status in ENDS or lands is Addressee.PAYER or joined


@pytest.mark.parametrize("kind", STARTS)
def test_rule_14_nobody_but_a_party_of_the_contract_ever_decides(reached: dict[str, list[State]], kind: str) -> None:
    for state in reached[kind]:
        for paper in state.papers:
            assert not possible_acts(paper, STRANGER.id), state.moves
            assert not possible_acts(paper, FINANCE.id), state.moves
            named = {one.id for one in (paper.moe, paper.moa, paper.validator, paper.second_validator) if one}
            assert named <= {party.structure.id for party in state.site.contract.parties}


@pytest.mark.parametrize("kind", STARTS)
def test_rule_18_there_is_one_account_at_most(reached: dict[str, list[State]], kind: str) -> None:
    for state in reached[kind]:
        for frames in ((Frame.A7,), (Frame.A17,), GENERAL, (Frame.A22,), FINAL_ACCOUNTS):
            current = [paper for paper in state.papers if paper.frame in frames and is_current(paper)]
            assert len(current) <= 1, (state.moves, [paper.number for paper in current])


@pytest.mark.parametrize("kind", STARTS)
def test_rule_17_what_reaches_the_payer_for_a_request_never_exceeds_what_was_admitted(
    reached: dict[str, list[State]], kind: str
) -> None:
    for state in reached[kind]:
        payments = [paper for paper in state.papers if paper.step.lands is Addressee.PAYER and is_current(paper)]
        for request in state.papers:
            paid = [part.amount for one in payments for part in one.parts if part.rests_on == request.id]
            admitted = request.accepted if request.frame is Frame.A10 else request.amounts.gross
            if request not in payments and paid:
                assert sum(paid, Decimal(0)) <= (admitted or Decimal(0)), state.moves
        account = sum((one.amounts.gross for one in payments if one.step.chain.value == "SOLDE"), Decimal(0))
        asked = [paper.amounts.gross for paper in state.papers if paper.frame in (*GENERAL, Frame.A22)]
        granted = [paper.claim.granted for paper in state.papers if paper.claim and paper.claim.granted]
        assert account <= max(asked, default=Decimal(0)) + sum(granted, Decimal(0)), state.moves


@pytest.mark.parametrize("kind", STARTS)
def test_rule_20_every_clock_is_paid_ended_or_waits_for_somebody(reached: dict[str, list[State]], kind: str) -> None:
    for state in reached[kind]:
        for file in state.site.files.values():
            for one in file.clocks:
                paper = state.site.paper(one.paper_id)
                over = one.clock.paid_at is not None or one.clock.ended_at is not None
                at_payer = paper.admitted is not None or paper.step.lands is Addressee.PAYER
                assert over or at_payer or file.open_tasks or paper.attached_to is not None, state.moves


@pytest.mark.parametrize("kind", STARTS)
def test_what_the_tables_do_not_allow_the_code_refuses(reached: dict[str, list[State]], kind: str) -> None:
    for state in reached[kind][:: max(1, len(reached[kind]) // 25)]:
        for name, move in refused(state):
            with pytest.raises(ChoraleError):
                move(state.site)
                pytest.fail(f"{name} was done after {state.moves}")


@pytest.mark.parametrize("kind", STARTS)
def test_rule_30_what_is_offered_is_taken_and_what_is_not_is_refused_with_the_reason_that_was_given(
    reached: dict[str, list[State]], kind: str
) -> None:
    states = reached[kind][:: max(1, len(reached[kind]) // 40)]
    taken = 0
    for state in states:
        for paper in state.papers:
            for who in ACTORS:
                said = {one.frame: one.reason for one in offered(state.site, paper, who)}
                party = who.id in {one.structure.id for one in state.site.contract.parties}
                assert set(said) == (set(next_frames(paper.frame)) if party else set())
                for frame, reason in said.items():
                    assert asked(state.site, paper, who, frame) == reason, (state.moves, who.name, frame)
                    taken += not reason
    assert taken, "nothing was offered at all"


@pytest.mark.parametrize("kind", STARTS)
def test_rule_30_a_paper_that_is_not_in_the_list_is_refused(reached: dict[str, list[State]], kind: str) -> None:
    for state in reached[kind][:: max(1, len(reached[kind]) // 8)]:
        for paper in state.papers:
            for frame in WORKS_FRAMES - set(next_frames(paper.frame)):
                for who in ACTORS:
                    assert asked(state.site, paper, who, frame), (state.moves, who.name, frame)


def test_rule_30_a_definitive_account_closes_the_months_in_the_list_too(reached: dict[str, list[State]]) -> None:
    """The walk meets months at every step beside an account that is definitive, signed or by silence."""
    closed = [
        one
        for state in reached["months beside an account"]
        if state.site.account is not None and definitive_since(state.site.account) is not None
        for paper in state.papers
        if Frame.A4 in (paper.frame, paper.previous_frame)
        for who in (MOE, MOA, TITULAIRE)
        for one in offered(state.site, paper, who)
    ]
    assert any(ACCOUNT_IS_DEFINITIVE in one.reason for one in closed)
    assert all(one.reason for one in closed)
