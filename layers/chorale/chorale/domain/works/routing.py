"""Where a paper goes next: to its validators, then to its addressee, and what clocks start there."""

from dataclasses import replace
from datetime import date, datetime, time

from chorale.domain.dates import PARIS, utc
from chorale.domain.frames import Frame
from chorale.domain.statuses import Status
from chorale.domain.works.accounts import GENERAL
from chorale.domain.works.chain import FINAL_ACCOUNTS, Addressee, Chain
from chorale.domain.works.contract import CONTRACTOR_ROLES, WorksContract
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.identity import second_validator
from chorale.domain.works.papers import SYSTEM, Paper
from chorale.domain.works.payment_clock import ClockKind, PaymentClock, start_clock

AT_MOA_INSTEAD = {
    Status.A_ASSOCIER_MOE: Status.A_ASSOCIER_MOA,
    Status.MISE_A_DISPOSITION_MOE: Status.MISE_A_DISPOSITION_MOA,
}
"""Where a paper for the MOE lands when there is none in the tool, or when the MOE passed it on."""


def deposited(paper: Paper, contract: WorksContract, at: datetime, by: str) -> Paper:
    """A new paper on its way: to its validator, else to its addressee."""
    paper = paper.at(Status.DEPOSEE, at, by)
    if paper.step.validation is not None:
        return replace(paper, available_at=at).at(Status.A_VALIDER_1, at, SYSTEM)
    return landed(paper, at)


def after_validation(paper: Paper, contract: WorksContract, at: datetime) -> Paper:
    """A paper whose validator agreed: to the second validator if it needs one, else to its addressee."""
    second = second_validator(contract, paper.frame, paper.validator) if paper.validator else None
    if paper.second_validator is None and second is not None:
        paper = replace(paper, second_validator=second, available_at=at)
        return paper.at(Status.A_VALIDER_2, at, SYSTEM)
    return landed(replace(paper, agreed_at=at), at)


def landed(paper: Paper, at: datetime) -> Paper:
    """``paper`` at its addressee, with the receipts that its arrival stamps.

    A final draft reaches MOE and MOA at once and stamps both receipts (rule 6).
    """
    arrival = paper.step.arrival
    if paper.step.lands is Addressee.MOE and paper.addressee is Addressee.MOA:
        arrival = AT_MOA_INSTEAD[arrival]
    paper = replace(paper, available_at=at)
    both = paper.frame in (Frame.A7, Frame.A14)
    if paper.addressee is Addressee.MOE or (both and paper.moe):
        paper = replace(paper, moe_received_at=at)
    if paper.addressee is Addressee.MOA or both or paper.frame is Frame.A10:
        paper = replace(paper, moa_received_at=at)
    return paper.at(arrival, at, SYSTEM)


def waiting_again(file: BillingFile, given_up: Paper, at: datetime) -> BillingFile:
    """``file`` once ``given_up`` is no more: the paper before it is with its addressee again (rule 23).

    Its receipts and the day since when it waits stay what they were: giving up gives nobody new days.
    """
    previous = file.paper(given_up.previous_id) if given_up.previous_id else None
    if previous is None or previous.status is not Status.ASSOCIEE or given_up.step.previous_becomes is None:
        return file
    arrival = previous.step.arrival
    if previous.step.lands is Addressee.MOE and previous.addressee is Addressee.MOA:
        arrival = AT_MOA_INSTEAD[arrival]
    return file.with_paper(previous.at(arrival, at, SYSTEM, f"La pièce {given_up.number} est abandonnée"))


def no_longer_admitted(file: BillingFile, withdrawn: Paper) -> BillingFile:
    """``file`` without what a withdrawn payment admitted; its payer reads what it rested on no more (rules 16, 20)."""
    for one in file.papers:
        if any(part.rests_on == one.id for part in withdrawn.parts) and one.id != withdrawn.id:
            file = file.with_paper(replace(one, admitted=None))
    seen = file.paper(withdrawn.previous_id) if withdrawn.previous_id else None
    while seen is not None:
        file = file.with_paper(replace(seen, shown_to_payer=None))
        seen = file.paper(seen.previous_id) if seen.previous_id else None
    return file


def with_clocks(file: BillingFile, paper: Paper, contract: WorksContract, declared: date | None = None) -> BillingFile:
    """``file`` with the payment clock that the arrival of ``paper`` starts, or starts again (rule 5).

    Progress: the notice that the A4/A13 is available to the right MOE (CCP R2192-12, R2192-15); a file opened by a
    later paper takes the declared day, else its own. Balance: receipt of the signed account (R2192-16); tacit: the day
    after the ten days. Revision of the prices of the balance: its notification (CCAG Travaux 12.4.2). Sous-traitant:
    receipt of the agreement by the MOA, or day fifteen (R2192-22, R2192-23).
    """
    previous = file.paper(paper.previous_id) if paper.previous_id else None
    if previous is not None and paper.step.lands is Addressee.MOA:
        file = reaches_moa(file, previous, contract, paper.available_at)
    kind, start = _clock_of(file, paper)
    later = not contract.delay_from_moe and paper.addressee is Addressee.MOE and paper.frame is not Frame.A10
    if kind is None or later:
        return file
    if declared is not None and kind is ClockKind.PROGRESS and paper.frame not in (Frame.A4, Frame.A13):
        start = utc(datetime.combine(declared, time(12), PARIS))
    before = file.clock_of(paper.id) or _clock_of_duplicate(file, paper)
    first = before.first_started_at if before else None
    if before and kind is before.kind and not of_the_creditor(paper, contract):
        # The request is the same: issuing one's own paper again gives no new delay (rule 20).
        start = before.started_at
    return file.with_clock(paper.id, start_clock(kind, days_to_pay(contract, paper), start, first))


def reaches_moa(file: BillingFile, paper: Paper, contract: WorksContract, at: datetime) -> BillingFile:
    """``file`` once the MOA has a progress request: where the contract says so, its payment delay starts then.

    CCP R2192-12: the delay starts with the MOE's receipt only if the contract says it.
    """
    if contract.delay_from_moe or paper.frame not in (Frame.A4, Frame.A13) or file.clock_of(paper.id) is not None:
        return file
    return file.with_clock(paper.id, start_clock(ClockKind.PROGRESS, days_to_pay(contract, paper), at))


def of_the_creditor(paper: Paper, contract: WorksContract) -> bool:
    """Whether the paper is the request of who is to be paid: only that one starts a new delay when issued again."""
    return bool(contract.roles_of(paper.depositor.id) & frozenset(CONTRACTOR_ROLES))


def days_to_pay(contract: WorksContract, paper: Paper) -> int:
    """Length of the payment delay of ``paper``, in days.

    That of the payer or a shorter one of the contract (CCP R2192-10, -11); thirty for every payer for an account that
    was signed with reserves, and for what is admitted of one that was refused (CCAG Travaux 12.4.3). What is paid of a
    claim and the revision of prices are payments like any other.
    """
    refused = paper.frame is Frame.A19 and paper.previous_frame in GENERAL and not paper.on_claim
    days = contract.days_to_pay
    return min(days, OF_A_CONTESTED_ACCOUNT) if paper.claim is not None or refused else days


OF_A_CONTESTED_ACCOUNT = 30
"""Days (CCAG Travaux 12.4.3)."""


def with_ended_clocks(file: BillingFile, at: datetime) -> BillingFile:
    """``file`` with the clocks ended whose paper was abandoned, refused for good or replaced: no interest (rule 20)."""
    for one in file.clocks:
        paper = file.paper(one.paper_id)
        if paper is None or paper.status not in ENDS_ITS_CLOCK:
            continue
        if one.clock.paid_at is None and one.clock.ended_at is None:
            file = file.with_clock(one.paper_id, replace(one.clock, ended_at=at))
    return file


ENDS_ITS_CLOCK = frozenset({
    Status.REFUSEE_1, Status.REFUSEE_2, Status.REFUSEE_MOE, Status.REFUSEE_MOA, Status.ABANDONNEE,
    Status.DUPLIQUE_APRES_REFUS, Status.REMPLACEE_PAR_A22,
})  # fmt: skip


Start = tuple[ClockKind | None, datetime]


def _clock_of(file: BillingFile, paper: Paper) -> Start:
    if paper.step.chain is Chain.FINAL:
        return _balance(file, paper)
    started = paper.previous_id is None
    if paper.frame is Frame.A10:
        return (ClockKind.SOUS_TRAITANT if paper.agreed_at else None), paper.agreed_at or paper.available_at
    if paper.frame in (Frame.A4, Frame.A13):
        started = paper.status in (Status.A_ASSOCIER_MOE, Status.A_ASSOCIER_MOA)
    return (ClockKind.PROGRESS if started else None), paper.available_at


def _balance(file: BillingFile, paper: Paper) -> Start:
    granted = _granted_at(file, paper)
    if paper.frame is Frame.A19 and paper.previous_frame in GENERAL:
        return ClockKind.BALANCE, _claimed_at(file, paper)
    if paper.frame is Frame.A19:
        return ClockKind.BALANCE if granted else ClockKind.REVISION, granted or paper.available_at
    if paper.frame is Frame.A8:
        return ClockKind.BALANCE, paper.available_at
    if paper.frame in FINAL_ACCOUNTS:
        return ClockKind.BALANCE, _end_of_silence(file, paper)
    return None, paper.available_at


def _claimed_at(file: BillingFile, paper: Paper) -> datetime:
    """For a payment on a refused account: when its refusal was notified, or when more of the claim was agreed to."""
    account = file.paper(paper.previous_id or 0)
    assert account is not None
    granted = account.claim.granted_at if account.claim else None
    earlier = any(one.previous_id == account.id and one.id != paper.id for one in file.papers if one.frame is Frame.A19)
    return granted if granted and earlier else account.status_at


def _granted_at(file: BillingFile, paper: Paper) -> datetime | None:
    """When the claim was agreed to whose complement a further A19 on a signed account is; None for a revision."""
    account = file.paper(paper.previous_id or 0)
    return account.claim.granted_at if account and account.claim and paper.on_claim else None


def _end_of_silence(file: BillingFile, paper: Paper) -> datetime:
    """When the account became final by silence: at the end of the last day of the delay."""
    lapsed = [task.lapsed_at for task in file.tasks if task.paper_id == paper.previous_id and task.lapsed_at]
    return max(lapsed, default=paper.deposited_at)


def _clock_of_duplicate(file: BillingFile, paper: Paper) -> PaymentClock | None:
    return file.clock_of(paper.duplicate_of) if paper.duplicate_of else None


def clock_behind(file: BillingFile, paper: Paper) -> tuple[int, PaymentClock] | None:
    """The payment clock that runs for ``paper``: its own, else that of the papers before it."""
    seen: Paper | None = paper
    for _ in range(len(file.papers) + 1):
        if seen is None:
            return None
        clock = file.clock_of(seen.id)
        if clock is not None:
            return seen.id, clock
        seen = file.paper(seen.previous_id) if seen.previous_id else None
    return None
