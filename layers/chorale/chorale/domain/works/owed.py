"""Who owes what on a billing file as it stands: one table, from which tasks are opened and closed.

A task is never opened by hand. After every change the table says what is owed; what is no longer owed is closed, what
is newly owed is opened with its deadline. Each task says whose turn it is, which is what the state machine waits for.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from chorale.domain.dates import PARIS, utc
from chorale.domain.frames import Frame
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.statuses import Status
from chorale.domain.works.accounts import (
    ENDED,
    GENERAL,
    GIVEN_UP,
    account_root,
    follows_reception,
    is_current,
    is_ex_officio,
)
from chorale.domain.works.actors import ChainActor, actor_of
from chorale.domain.works.chain import AT_MOA, AT_MOE, FINAL_ACCOUNTS, STEPS, Addressee, Chain
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.deadlines import DayCount, DeadlineKind, Silence, deadline, end_of_days, last_day, row_for
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.paper_acts import PaperPart
from chorale.domain.works.papers import Paper
from chorale.domain.works.routing import clock_behind, with_ended_clocks
from chorale.domain.works.tasks import REMINDED_EVERY, Task, TaskKind, TaskState

P, S = PaperPart, Status


@dataclass(frozen=True, slots=True)
class Rules:
    """What the domain needs of the world: which days are holidays."""

    is_holiday: Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Owed:
    """One row: on a paper of ``frames`` at one of ``statuses``, ``owners`` owe ``kind``."""

    kind: TaskKind
    frames: frozenset[Frame]
    statuses: frozenset[Status]
    owners: tuple[PaperPart, ...]
    deadline: DeadlineKind | None = None
    addressee: Addressee | None = None
    after_silence_on: TaskKind | None = None
    """Only once this task on the same paper has lapsed."""


CLAIM_ANSWERED = "REPONSE_RECLAMATION"
"""Kind of the note by which the MOA answers a claim."""
FORMAL_NOTICE = "MISE_EN_DEMEURE"
"""Kind of the note by which the contractor is given notice to present its final draft; it says until when."""
PIECES_GIVEN = "PIECES_FOURNIES"
"""Kind of the note by which the creditor gives what the payment waits for."""
INDEX_PUBLISHED = "PUBLICATION_INDEX"
"""Kind of the note that says when the last index of the balance was published."""


def _frames(*frames: Frame) -> frozenset[Frame]:
    return frozenset(frames)


_ALL = frozenset(Frame)
_MOE_HAS = frozenset({*AT_MOE, S.COMPLETEE})
_MOA_HAS = frozenset({*AT_MOA, S.COMPLETEE})
_CONTRACTOR_HAS = frozenset({S.A_ASSOCIER_FOURNISSEUR})
_PROGRESS = _frames(Frame.A4, Frame.A13)
_FINAL_PROJECT = _frames(Frame.A7, Frame.A14)
_ACCOUNT = _frames(Frame.A20, Frame.A18)
_PAYERS = frozenset(row.frame for row in STEPS if row.lands is Addressee.PAYER)
_NOT_ENDED = frozenset(S) - ENDED

OWED: tuple[Owed, ...] = (
    Owed(TaskKind.VALIDATION_1, _frames(Frame.A10), frozenset({S.A_VALIDER_1}), (P.FIRST_VALIDATOR,),
         DeadlineKind.SOUS_TRAITANT_VALIDATION),
    Owed(TaskKind.VALIDATION_2, _frames(Frame.A10), frozenset({S.A_VALIDER_2}), (P.SECOND_VALIDATOR,),
         DeadlineKind.SECOND_VALIDATION),
    Owed(TaskKind.VISA, _frames(Frame.A13, Frame.A14), frozenset({S.A_VALIDER_1}), (P.FIRST_VALIDATOR,),
         DeadlineKind.VISA),
    Owed(TaskKind.PRISE_EN_COMPTE, _frames(Frame.A10), frozenset({S.MISE_A_DISPOSITION_MOE}), (P.MOE,)),
    Owed(TaskKind.RATTACHEMENT, _frames(Frame.A10),
         frozenset({S.PRISE_EN_COMPTE_MOE, S.COMPLETEE, S.MISE_A_DISPOSITION_MOA, S.PRISE_EN_COMPTE_MOA}),
         (P.MOE, P.MOA)),
    Owed(TaskKind.ETAT_ACOMPTE, _PROGRESS, _MOE_HAS, (P.MOE,), DeadlineKind.MOE_PROGRESS, Addressee.MOE),
    Owed(TaskKind.ETAT_ACOMPTE_VALIDE, _PROGRESS, _MOE_HAS, (P.MOA,), DeadlineKind.MOA_PROGRESS, Addressee.MOE,
         TaskKind.ETAT_ACOMPTE),
    Owed(TaskKind.ETAT_ACOMPTE_VALIDE, _PROGRESS | _frames(Frame.A15, Frame.A5), _MOA_HAS, (P.MOA,),
         DeadlineKind.MOA_PROGRESS, Addressee.MOA),
    Owed(TaskKind.PROJET_DECOMPTE_GENERAL, _FINAL_PROJECT, _MOE_HAS, (P.MOE,), DeadlineKind.GENERAL_PROJECT,
         Addressee.MOE),
    Owed(TaskKind.DECOMPTE_GENERAL, _FINAL_PROJECT | _frames(Frame.A17), _NOT_ENDED, (P.MOA,),
         DeadlineKind.GENERAL_ACCOUNT),
    Owed(TaskKind.REPONSE_AU_DECOMPTE, _ACCOUNT, _CONTRACTOR_HAS, (P.CONTRACTOR,), DeadlineKind.CONTRACTOR_ANSWER,
         Addressee.CONTRACTOR),
    Owed(TaskKind.DECOMPTE_ACCEPTE, _ACCOUNT, _CONTRACTOR_HAS, (P.MOA,), None, Addressee.CONTRACTOR,
         TaskKind.REPONSE_AU_DECOMPTE),
    Owed(TaskKind.REPONSE_A_LA_RECLAMATION, _ACCOUNT, frozenset({S.REFUSEE_FOURNISSEUR}), (P.MOA,),
         DeadlineKind.CLAIM_ANSWER),
    Owed(TaskKind.REPONSE_A_LA_RECLAMATION, _frames(Frame.A8), _NOT_ENDED, (P.MOA,), DeadlineKind.CLAIM_ANSWER),
    Owed(TaskKind.SOMMES_ADMISES, _ACCOUNT, frozenset({S.REFUSEE_FOURNISSEUR}), (P.MOA,), DeadlineKind.ADMITTED_SUMS),
    Owed(TaskKind.SOMMES_ADMISES, _frames(Frame.A8), _NOT_ENDED, (P.MOA,), DeadlineKind.ADMITTED_SUMS),
    Owed(TaskKind.REPONSE_TACITE, _frames(Frame.A22), _MOA_HAS, (P.MOA,), DeadlineKind.TACIT_MOA, Addressee.MOA),
    Owed(TaskKind.DECOMPTE_TACITE, _frames(Frame.A22), _MOA_HAS, (P.DEPOSITOR, P.MOE, P.MOA), DeadlineKind.TACIT_PAPER,
         Addressee.MOA, TaskKind.REPONSE_TACITE),
    Owed(TaskKind.COMPLEMENT, _ALL, frozenset({S.A_COMPLETER}), (P.DEPOSITOR,)),
    Owed(TaskKind.COMPLEMENT, _PAYERS, frozenset({S.SUSPENDUE}), (P.DEPOSITOR,)),
    Owed(TaskKind.RECYCLAGE, _ALL, frozenset({S.A_RECYCLER, S.ERREUR_DE_MOE, S.ERREUR_DE_MOA}), (P.DEPOSITOR,)),
    Owed(TaskKind.CORRECTION_VALIDEUR, _ALL,
         frozenset({S.ERREUR_FOURNISSEUR_SUR_VALIDEUR, S.ERREUR_COTRAITANT_SUR_VALIDEUR}), (P.DEPOSITOR,)),
    Owed(TaskKind.REEMISSION, _ALL, frozenset({S.REFUSEE_1, S.REFUSEE_2, S.REFUSEE_MOE, S.REFUSEE_MOA}),
         (P.DEPOSITOR,)),
    Owed(TaskKind.REEMISSION, _PAYERS, frozenset({S.REJETEE}), (P.DEPOSITOR,)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task that the file should have."""

    kind: TaskKind
    paper_id: int | None
    owners: tuple[StructureRef, ...]
    actor: ChainActor
    start: datetime
    deadline: DeadlineKind | None


def has_lapsed(file: BillingFile, kind: TaskKind, paper: Paper) -> bool:
    """Whether the deadline of ``kind`` passed in silence since ``paper`` is where it is."""
    return any(
        task.lapsed_at is not None and task.lapsed_at >= paper.available_at for task in file.tasks_on(paper.id, kind)
    )


def later_receipt(paper: Paper) -> datetime:
    """When the last of MOE and MOA received a final draft: the 30 days start there (CCAG Travaux 12.4.2)."""
    return max(moment for moment in (paper.moe_received_at, paper.moa_received_at, paper.deposited_at) if moment)


def owed(file: BillingFile, contract: WorksContract) -> Iterator[Wanted]:
    """Everything owed on ``file``, in the order of its papers."""
    yield from _before_any_paper(file, contract)
    yield from _price_revision(file)
    yield from _missing_pieces(file, contract)
    for paper in file.papers:
        for row in OWED:
            if _applies(row, file, paper, contract):
                yield _wanted(row, file, paper, contract)


def _applies(row: Owed, file: BillingFile, paper: Paper, contract: WorksContract) -> bool:
    if paper.frame not in row.frames or paper.status not in row.statuses:
        return False
    if row.addressee is not None and paper.addressee is not row.addressee:
        return False
    if row.after_silence_on is not None and not _may_act_instead(row.after_silence_on, file, paper, contract):
        return False
    return row.kind not in ALSO or ALSO[row.kind](file, paper)


def _may_act_instead(kind: TaskKind, file: BillingFile, paper: Paper, contract: WorksContract) -> bool:
    """Whether ``kind`` lapsed in silence; at once when the contract gives it no end (rule 23: no CCAG)."""
    without_term = kind is TaskKind.ETAT_ACOMPTE and row_for(DeadlineKind.MOE_PROGRESS, contract.ccag) is None
    return without_term or has_lapsed(file, kind, paper)


def _general_account_is_owed(file: BillingFile, paper: Paper) -> bool:
    """Rules 18 and 22: by the receipt of one draft, until an account is notified or the tacit route is on."""
    root = account_root(file)
    done = (*GENERAL, Frame.A22, *FINAL_ACCOUNTS)
    notified = any(one.frame in done and one.status not in GIVEN_UP for one in file.papers)
    return root is not None and root.id == paper.id and not notified


def _claim_is_open(_file: BillingFile, paper: Paper) -> bool:
    return paper.claim is not None and paper.claim.granted is None


def admitted_left(file: BillingFile, account: Paper) -> Decimal:
    """What is still to be paid of a refused account or of a claim that was agreed to, with tax; 0 for nothing.

    Of a refused account the admitted sums are at most its amount, and are paid by one A19; what the MOA agrees to of a
    claim comes on top (rule 23; CCAG Travaux 12.4.3, 55.1).
    """
    payments = [one for one in file.papers if one.previous_id == account.id and one.frame is Frame.A19]
    # What the payer rejected is issued again: it is owed by that, not a second time.
    payments = [one for one in payments if is_current(one) or one.status is S.REJETEE]
    of_claim = sum((one.amounts.gross for one in payments if one.on_claim), Decimal(0))
    granted = (account.claim.granted if account.claim else None) or Decimal(0)
    if account.frame in GENERAL and not any(not one.on_claim for one in payments):
        replaced = any(one.frame in GENERAL and one.id > account.id and is_current(one) for one in file.papers)
        return Decimal(0) if replaced else max(account.amounts.gross, Decimal(0))
    return max(granted - of_claim, Decimal(0))


def pays_a_claim(file: BillingFile, account: Paper) -> bool:
    """Whether a further A19 on ``account`` pays what was agreed to of its claim, not its admitted sums."""
    if admitted_left(file, account) <= 0:
        return False
    payments = [one for one in file.papers if one.previous_id == account.id and one.frame is Frame.A19]
    admitted = any(not one.on_claim and (is_current(one) or one.status is S.REJETEE) for one in payments)
    return account.frame not in GENERAL or admitted


ALSO: Mapping[TaskKind, Callable[[BillingFile, Paper], bool]] = {
    TaskKind.RATTACHEMENT: lambda _, paper: paper.attached_to is None,
    TaskKind.DECOMPTE_GENERAL: _general_account_is_owed,
    TaskKind.REPONSE_A_LA_RECLAMATION: _claim_is_open,
    TaskKind.SOMMES_ADMISES: lambda file, paper: paper.claim is not None and admitted_left(file, paper) > 0,
}
"""What else must be true of a paper for a task of this kind."""


def _wanted(row: Owed, file: BillingFile, paper: Paper, contract: WorksContract) -> Wanted:
    start, kind = paper.available_at, row.deadline
    if kind is DeadlineKind.GENERAL_ACCOUNT:
        start = later_receipt(paper)
        if not is_ex_officio(paper) and not follows_reception(paper, contract):
            kind = None
    elif row.kind is TaskKind.REPONSE_A_LA_RECLAMATION:
        start = paper.deposited_at if paper.frame is Frame.A8 else paper.status_at
    elif row.kind is TaskKind.SOMMES_ADMISES:
        start = paper.status_at
        granted = paper.claim.granted_at if paper.claim else None
        if granted is not None and pays_a_claim(file, paper):
            # A payment like any other: thirty, fifty or sixty days, by the kind of payer.
            start, kind = granted, DeadlineKind.COMPLEMENT
    elif row.after_silence_on is not None:
        lapsed = [task.lapsed_at for task in file.tasks_on(paper.id, row.after_silence_on) if task.lapsed_at]
        start = max(lapsed, default=paper.available_at)
    return Wanted(row.kind, paper.id, _owners(row, paper), _actor(row, paper), start, kind)


def _missing_pieces(file: BillingFile, contract: WorksContract) -> Iterator[Wanted]:
    """Rule 26: whoever is to be paid gives what an interrupted payment waits for; MOA or payer says that it is there.

    The payer once it has a paper of this payment: before, it knows nothing of the file.
    """
    for one in file.clocks:
        root, since = file.paper(one.paper_id), one.clock.interrupted_at
        if root is None or since is None or not one.clock.is_interrupted or one.clock.ended_at or one.clock.paid_at:
            continue
        given = pieces_given(file, root.id, since)
        creditor = root.parts[0].creditor if root.parts else contract.presenter
        if given is None:
            yield Wanted(TaskKind.FOURNIR_LES_PIECES, root.id, (creditor,), ChainActor.CONTRACTOR, since, None)
        elif root.moa is not None:
            payers = {paper.payer for paper in file.papers if paper.payer and _rests_on(file, paper, root.id)}
            owners = (root.moa, *sorted(payers, key=lambda payer: payer.id))
            yield Wanted(TaskKind.CONSTATER_LES_PIECES, root.id, owners, ChainActor.MOA, given, None)


def _rests_on(file: BillingFile, paper: Paper, root: int) -> bool:
    """Whether the payment delay of ``paper`` is that of the paper ``root``."""
    found = clock_behind(file, paper)
    return is_current(paper) and found is not None and found[0] == root


def pieces_given(file: BillingFile, paper_id: int, since: datetime) -> datetime | None:
    """When the creditor last gave the missing pieces of an interrupted payment; None as long as it has not."""
    notes = (note for note in file.notes if note.kind == PIECES_GIVEN and note.paper_id == paper_id)
    return max((note.at for note in notes if note.at >= since), default=None)


def _owners(row: Owed, paper: Paper) -> tuple[StructureRef, ...]:
    named = _named(paper)
    owners = (named[part] for part in row.owners)
    return tuple({owner.id: owner for owner in owners if owner is not None}.values())


def _actor(row: Owed, paper: Paper) -> ChainActor:
    """Whose turn it is: of several parts the first that somebody plays."""
    named = _named(paper)
    part = next((part for part in row.owners if named[part] is not None), row.owners[0])
    return actor_of(part, paper.step)


def _named(paper: Paper) -> dict[PaperPart, StructureRef | None]:
    return {
        P.DEPOSITOR: paper.successor or paper.depositor,
        P.FIRST_VALIDATOR: paper.validator,
        P.SECOND_VALIDATOR: paper.second_validator,
        P.MOE: paper.moe,
        P.MOA: paper.moa,
        P.CONTRACTOR: paper.contractor,
    }


def _before_any_paper(file: BillingFile, contract: WorksContract) -> Iterator[Wanted]:
    """The final draft that the contractor owes from the reception on (CCAG Travaux 12.3.2), then the MOE ex officio.

    A draft from before the reception does not count (rule 22).
    """
    if file.chain is not Chain.FINAL or file.clock_starts is None or any(map(_counts(contract), file.papers)):
        return
    yield Wanted(
        TaskKind.PROJET_DECOMPTE_FINAL, None, (contract.presenter,), ChainActor.CONTRACTOR, file.clock_starts,
        DeadlineKind.FINAL_PROJECT,
    )  # fmt: skip
    lapsed = [task.lapsed_at for task in file.tasks_on(None, TaskKind.PROJET_DECOMPTE_FINAL) if task.lapsed_at]
    if lapsed:
        actor = ChainActor.MOE if contract.moe else ChainActor.MOA
        yield Wanted(TaskKind.ETABLISSEMENT_D_OFFICE, None, (contract.moe or contract.moa,), actor, max(lapsed), None)


def _counts(contract: WorksContract) -> Callable[[Paper], bool]:
    def counts(paper: Paper) -> bool:
        if paper.status in GIVEN_UP or (is_ex_officio(paper) and not is_current(paper) and paper.frame not in GENERAL):
            return False
        return is_ex_officio(paper) or follows_reception(paper, contract)

    return counts


def _price_revision(file: BillingFile) -> Iterator[Wanted]:
    """Rule 7: the MOA notifies the revision of prices within ten days of the index (CCAG Travaux 12.4.2).

    One further A19 on the final account for each publication; the days run from the publication.
    """
    for account in file.papers:
        told = [note for note in file.notes if note.kind == INDEX_PUBLISHED and note.paper_id == account.id]
        notified = sum(
            paper.previous_id == account.id and is_current(paper) and not paper.on_claim for paper in file.papers
        )
        if len(told) > notified and account.moa is not None:
            start = told[notified].at
            yield Wanted(
                TaskKind.REVISION_DES_PRIX, account.id, (account.moa,), ChainActor.MOA, start,
                DeadlineKind.PRICE_REVISION,
            )  # fmt: skip


def reconcile(file: BillingFile, contract: WorksContract, at: datetime, rules: Rules) -> BillingFile:
    """``file`` with the tasks that it should have at ``at``: what is no longer owed closed, what is owed open."""
    file = with_ended_clocks(file, at)
    wanted = {(one.kind, one.paper_id): one for one in owed(file, contract)}
    for task in file.tasks:
        if not task.is_open:
            continue
        one = wanted.get((task.kind, task.paper_id))
        if one is None or _due(one, contract, rules) != task.due or one.owners != task.owners:
            file = file.with_task(replace(task, state=TaskState.DECIDED, closed_at=at, remind_at=None))
        else:
            del wanted[task.kind, task.paper_id]
    for one in wanted.values():
        if not _already_lapsed(file, one):
            file = file.with_task(_opened(one, file, contract, at, rules))
    return file


def _already_lapsed(file: BillingFile, one: Wanted) -> bool:
    """Whether silence has settled this very task: a kind whose silence settles it is not asked again."""
    return any(
        task.state is TaskState.LAPSED and task.closed_at is not None and task.closed_at >= one.start
        for task in file.tasks_on(one.paper_id, one.kind)
    )


def _due(one: Wanted, contract: WorksContract, rules: Rules) -> datetime | None:
    if one.deadline is None:
        return None
    if one.deadline is DeadlineKind.COMPLEMENT:
        return end_of_days(one.start, contract.days_to_pay, DayCount.CCP, rules.is_holiday)
    return deadline(one.deadline, contract.ccag, contract.overrides, one.start, rules.is_holiday)


def _opened(one: Wanted, file: BillingFile, contract: WorksContract, at: datetime, rules: Rules) -> Task:
    due = _due(one, contract, rules)
    before = [task for task in file.tasks_on(one.paper_id, one.kind) if task.due == due and task.lapsed_at]
    row = row_for(one.deadline, contract.ccag) if one.deadline else None
    silence = row.silence if row and due else Silence.NONE
    paper = file.paper(one.paper_id) if one.paper_id else None
    if silence is Silence.OPENS_TACIT and paper is not None and is_ex_officio(paper):
        # An account drawn up without the contractor opens no tacit route (rules 6 and 23).
        silence = Silence.LATE
    task = Task(
        n=len(file.tasks) + 1,
        kind=one.kind,
        paper_id=one.paper_id,
        owners=one.owners,
        actor=one.actor,
        opened_at=at,
        silence=silence,
        deadline_kind=one.deadline,
        due=due,
        lapsed_at=before[-1].lapsed_at if before else None,
    )
    return replace(task, remind_at=next_reminder(task, row.reminders if row else (), at))


def next_reminder(task: Task, days_before: tuple[int, ...], after: datetime) -> datetime:
    """When the owners are reminded next: so many days before the last day, then every thirty days.

    J-2 of what can be done until the end of day D is day D-2 in Paris, from its first moment.
    """
    if task.due is not None and task.lapsed_at is None:
        for days in sorted(days_before, reverse=True):
            moment = utc(datetime.combine(last_day(task.due) - timedelta(days=days), time(), PARIS))
            if moment > after:
                return moment
        if task.due > after:
            return task.due + REMINDED_EVERY
    return after + REMINDED_EVERY
