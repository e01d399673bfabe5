"""Where a paper goes next: to its validators, then to its addressee, and what clocks start there."""

from dataclasses import replace
from datetime import date, datetime, time

from chorale.domain.dates import PARIS, utc
from chorale.domain.filing import StructureRef
from chorale.domain.frames import Frame
from chorale.domain.payment_clock import ClockKind, PaymentClock, start_clock
from chorale.domain.statuses import Status
from chorale.domain.works.chain import FINAL_ACCOUNTS, Addressee
from chorale.domain.works.contract import PartyRole, WorksContract
from chorale.domain.works.file import BillingFile
from chorale.domain.works.papers import SYSTEM, Paper

AT_MOA_INSTEAD = {
    Status.A_ASSOCIER_MOE: Status.A_ASSOCIER_MOA,
    Status.MISE_A_DISPOSITION_MOE: Status.MISE_A_DISPOSITION_MOA,
}
"""Where a paper for the MOE lands when there is none in the tool, or when the MOE passed it on."""


def first_validator(contract: WorksContract, frame: Frame, depositor_id: int) -> StructureRef | None:
    """Who validates first: whoever the sous-traitant works for, or the mandataire for a cotraitant (rules 1 and 9)."""
    if frame is Frame.A10:
        party = contract.sous_traitant(depositor_id)
        chiefs = contract.with_role(PartyRole.TITULAIRE, PartyRole.MANDATAIRE, PartyRole.COTRAITANT)
        found = (chief.structure for chief in chiefs if party and chief.structure.id == party.works_for)
        return next(found, contract.presenter)
    return contract.presenter


def second_validator(contract: WorksContract, paper: Paper) -> StructureRef | None:
    """The mandataire, for the request of a cotraitant's sous-traitant; nobody for the others (rule 1)."""
    if paper.frame is not Frame.A10 or paper.validator is None:
        return None
    is_cotraitant = PartyRole.COTRAITANT in contract.roles_of(paper.validator.id)
    return contract.presenter if is_cotraitant and contract.presenter.id != paper.validator.id else None


def deposited(paper: Paper, contract: WorksContract, at: datetime, by: str) -> Paper:
    """A new paper on its way: to its validator, else to its addressee."""
    paper = paper.at(Status.DEPOSEE, at, by)
    if paper.step.validation is not None:
        return replace(paper, available_at=at).at(Status.A_VALIDER_1, at, SYSTEM)
    return landed(paper, at)


def after_validation(paper: Paper, contract: WorksContract, at: datetime) -> Paper:
    """A paper whose validator agreed: to the second validator if it needs one, else to its addressee."""
    if paper.second_validator is None and (second := second_validator(contract, paper)):
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


def with_clocks(file: BillingFile, paper: Paper, contract: WorksContract, declared: date | None = None) -> BillingFile:
    """``file`` with the payment clock that the arrival of ``paper`` starts, or starts again (rule 5).

    Progress: the notice that the A4/A13 is available to the right MOE (CCP R2192-12, R2192-15); a file opened by a
    later paper takes the declared day, else its own. Balance: receipt of the signed account (R2192-16); tacit: the day
    after the ten days. Revision of the prices of the balance: its notification (CCAG Travaux 12.4.2). Sous-traitant:
    receipt of the agreement by the MOA, or day fifteen (R2192-22, R2192-23).
    """
    kind, start = _clock_of(file, paper)
    if kind is None:
        return file
    if declared is not None and kind is ClockKind.PROGRESS and paper.frame not in (Frame.A4, Frame.A13):
        start = utc(datetime.combine(declared, time(12), PARIS))
    before = file.clock_of(paper.id) or _clock_of_duplicate(file, paper)
    first = before.first_started_at if before else None
    return file.with_clock(paper.id, start_clock(kind, contract.payer_kind, start, first))


def _clock_of(file: BillingFile, paper: Paper) -> tuple[ClockKind | None, datetime]:
    if paper.frame is Frame.A10:
        return (ClockKind.SOUS_TRAITANT, paper.agreed_at) if paper.agreed_at else (None, paper.available_at)
    if paper.frame in (Frame.A4, Frame.A13):
        is_there = paper.status in (Status.A_ASSOCIER_MOE, Status.A_ASSOCIER_MOA)
        return ClockKind.PROGRESS if is_there else None, paper.available_at
    if paper.frame in (Frame.A5, Frame.A15, Frame.A19, Frame.A6, Frame.A16) and paper.previous_id is None:
        return ClockKind.PROGRESS, paper.available_at
    if paper.frame is Frame.A8 or paper.previous_frame in FINAL_ACCOUNTS:
        return ClockKind.BALANCE if paper.frame is Frame.A8 else ClockKind.REVISION, paper.available_at
    if paper.frame in (Frame.A23, Frame.A24, Frame.A25):
        return ClockKind.BALANCE, _end_of_silence(file, paper)
    return None, paper.available_at


def _end_of_silence(file: BillingFile, paper: Paper) -> datetime:
    """When the account became final by silence; a deadline is the midnight that begins the day after."""
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
