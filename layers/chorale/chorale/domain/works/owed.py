"""Who owes what on a billing file as it stands: one table, from which tasks are opened and closed.

A task is never opened by hand. After every change the table says what is owed; what is no longer owed is closed, what
is newly owed is opened with its deadline. The states of the two machines are the kinds of task of this table.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chorale.domain.deadlines import DeadlineKind, Silence, deadline, row_for
from chorale.domain.filing import StructureRef
from chorale.domain.frames import Frame
from chorale.domain.statuses import Status
from chorale.domain.works.chain import AT_MOA, AT_MOE, Addressee, Chain
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.file import BillingFile
from chorale.domain.works.paper_acts import PaperPart
from chorale.domain.works.papers import Paper
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


INDEX_PUBLISHED = "PUBLICATION_INDEX"
"""Kind of the note that says when the last index of the balance was published."""


def _frames(*frames: Frame) -> frozenset[Frame]:
    return frozenset(frames)


_ALL = frozenset(Frame)
_MOE_HAS = frozenset({*AT_MOE, S.COMPLETEE})
_MOA_HAS = frozenset({*AT_MOA, S.COMPLETEE})
_CONTRACTOR_HAS = frozenset({S.A_ASSOCIER_FOURNISSEUR, S.COMPLETEE})
_PROGRESS = _frames(Frame.A4, Frame.A13)
_FINAL_PROJECT = _frames(Frame.A7, Frame.A14)
_ACCOUNT = _frames(Frame.A20, Frame.A18)
_RECEIVED_BY_MOA = _MOE_HAS | _MOA_HAS | {S.A_COMPLETER}

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
    Owed(TaskKind.DECOMPTE_GENERAL, _FINAL_PROJECT, _RECEIVED_BY_MOA, (P.MOA,), DeadlineKind.GENERAL_ACCOUNT),
    Owed(TaskKind.DECOMPTE_GENERAL, _frames(Frame.A17), _MOA_HAS | {S.A_COMPLETER}, (P.MOA,),
         DeadlineKind.GENERAL_ACCOUNT),
    Owed(TaskKind.REPONSE_AU_DECOMPTE, _ACCOUNT, _CONTRACTOR_HAS, (P.CONTRACTOR,), DeadlineKind.CONTRACTOR_ANSWER,
         Addressee.CONTRACTOR),
    Owed(TaskKind.DECOMPTE_ACCEPTE, _ACCOUNT, _CONTRACTOR_HAS, (P.MOA,), None, Addressee.CONTRACTOR,
         TaskKind.REPONSE_AU_DECOMPTE),
    Owed(TaskKind.REPONSE_A_LA_RECLAMATION, _ACCOUNT, frozenset({S.REFUSEE_FOURNISSEUR}), (P.MOA,),
         DeadlineKind.CLAIM_ANSWER),
    Owed(TaskKind.REPONSE_A_LA_RECLAMATION, _frames(Frame.A8), frozenset(S), (P.MOA,), DeadlineKind.CLAIM_ANSWER),
    Owed(TaskKind.REPONSE_TACITE, _frames(Frame.A22), _MOA_HAS, (P.MOA,), DeadlineKind.TACIT_MOA, Addressee.MOA),
    Owed(TaskKind.DECOMPTE_TACITE, _frames(Frame.A22), _MOA_HAS, (P.DEPOSITOR, P.MOE, P.MOA), DeadlineKind.TACIT_PAPER,
         Addressee.MOA, TaskKind.REPONSE_TACITE),
    Owed(TaskKind.COMPLEMENT, _ALL, frozenset({S.A_COMPLETER}), (P.DEPOSITOR,)),
    Owed(TaskKind.RECYCLAGE, _ALL, frozenset({S.A_RECYCLER, S.ERREUR_DE_MOE, S.ERREUR_DE_MOA}), (P.DEPOSITOR,)),
    Owed(TaskKind.CORRECTION_VALIDEUR, _ALL,
         frozenset({S.ERREUR_FOURNISSEUR_SUR_VALIDEUR, S.ERREUR_COTRAITANT_SUR_VALIDEUR}), (P.DEPOSITOR,)),
    Owed(TaskKind.REEMISSION, _ALL, frozenset({S.REFUSEE_1, S.REFUSEE_2, S.REFUSEE_MOE, S.REFUSEE_MOA}),
         (P.DEPOSITOR,)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task that the file should have."""

    kind: TaskKind
    paper_id: int | None
    owners: tuple[StructureRef, ...]
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


def general_account_root(file: BillingFile, paper: Paper) -> Paper:
    """The paper whose receipt starts the clock of the general account: the final draft behind an A17, else itself."""
    previous = file.paper(paper.previous_id) if paper.previous_id else None
    return previous if previous and previous.frame in _FINAL_PROJECT else paper


def owed(file: BillingFile, contract: WorksContract) -> Iterator[Wanted]:
    """Everything owed on ``file``, in the order of its papers."""
    yield from _before_any_paper(file, contract)
    yield from _price_revision(file)
    for paper in file.papers:
        for row in OWED:
            if _applies(row, file, paper):
                yield _wanted(row, file, paper)


def _applies(row: Owed, file: BillingFile, paper: Paper) -> bool:
    if paper.frame not in row.frames or paper.status not in row.statuses:
        return False
    if row.addressee is not None and paper.addressee is not row.addressee:
        return False
    if row.after_silence_on is not None and not has_lapsed(file, row.after_silence_on, paper):
        return False
    if row.kind is TaskKind.RATTACHEMENT:
        return paper.attached_to is None
    if row.kind is TaskKind.REPONSE_A_LA_RECLAMATION:
        return paper.claim is not None and not any(
            note.kind == CLAIM_ANSWERED and note.paper_id == paper.id for note in file.notes
        )
    return True


def _wanted(row: Owed, file: BillingFile, paper: Paper) -> Wanted:
    about, start = paper.id, paper.available_at
    if row.deadline is DeadlineKind.GENERAL_ACCOUNT:
        root = general_account_root(file, paper)
        about, start = root.id, later_receipt(root)
    elif row.kind is TaskKind.REPONSE_A_LA_RECLAMATION:
        start = paper.deposited_at if paper.frame is Frame.A8 else paper.status_at
    elif row.after_silence_on is not None:
        start = max(task.lapsed_at for task in file.tasks_on(paper.id, row.after_silence_on) if task.lapsed_at)
    return Wanted(row.kind, about, _owners(row, paper), start, row.deadline)


def _owners(row: Owed, paper: Paper) -> tuple[StructureRef, ...]:
    named = {
        P.DEPOSITOR: paper.depositor,
        P.FIRST_VALIDATOR: paper.validator,
        P.SECOND_VALIDATOR: paper.second_validator,
        P.MOE: paper.moe,
        P.MOA: paper.moa,
        P.CONTRACTOR: paper.contractor,
    }
    owners = (named[part] for part in row.owners)
    return tuple({owner.id: owner for owner in owners if owner is not None}.values())


FIRST_OF_FINAL = (Frame.A7, Frame.A14, Frame.A17, Frame.A18, Frame.A20)
DEAD = frozenset({S.ABANDONNEE, S.DUPLIQUE_APRES_REFUS, S.REFUSEE_MOE, S.REFUSEE_MOA, S.REFUSEE_1})


def _before_any_paper(file: BillingFile, contract: WorksContract) -> Iterator[Wanted]:
    """The final draft that the contractor owes from the reception on (CCAG Travaux 12.3.2), then the MOE ex officio."""
    if file.chain is not Chain.FINAL or file.clock_starts is None:
        return
    if any(paper.frame in FIRST_OF_FINAL and paper.status not in DEAD for paper in file.papers):
        return
    yield Wanted(
        TaskKind.PROJET_DECOMPTE_FINAL, None, (contract.presenter,), file.clock_starts, DeadlineKind.FINAL_PROJECT
    )
    lapsed = [task.lapsed_at for task in file.tasks_on(None, TaskKind.PROJET_DECOMPTE_FINAL) if task.lapsed_at]
    if lapsed:
        yield Wanted(TaskKind.ETABLISSEMENT_D_OFFICE, None, (contract.moe or contract.moa,), max(lapsed), None)


def _price_revision(file: BillingFile) -> Iterator[Wanted]:
    """Rule 7: the MOA notifies the revision of prices within ten days of the index (CCAG Travaux 12.4.2).

    One further A19 on the final account for each publication; the days run from the publication.
    """
    for account in file.papers:
        told = [note for note in file.notes if note.kind == INDEX_PUBLISHED and note.paper_id == account.id]
        notified = sum(paper.previous_id == account.id and paper.status not in DEAD for paper in file.papers)
        if len(told) > notified and account.moa is not None:
            start = told[notified].at
            yield Wanted(TaskKind.REVISION_DES_PRIX, account.id, (account.moa,), start, DeadlineKind.PRICE_REVISION)


def reconcile(file: BillingFile, contract: WorksContract, at: datetime, rules: Rules) -> BillingFile:
    """``file`` with the tasks that it should have at ``at``: what is no longer owed closed, what is owed open."""
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
    return deadline(one.deadline, contract.ccag, contract.overrides, one.start, rules.is_holiday)


def _opened(one: Wanted, file: BillingFile, contract: WorksContract, at: datetime, rules: Rules) -> Task:
    due = _due(one, contract, rules)
    before = [task for task in file.tasks_on(one.paper_id, one.kind) if task.due == due and task.lapsed_at]
    row = row_for(one.deadline, contract.ccag) if one.deadline else None
    task = Task(
        n=len(file.tasks) + 1,
        kind=one.kind,
        paper_id=one.paper_id,
        owners=one.owners,
        opened_at=at,
        silence=row.silence if row and due else Silence.NONE,
        deadline_kind=one.deadline,
        due=due,
        lapsed_at=before[-1].lapsed_at if before else None,
    )
    return replace(task, remind_at=next_reminder(task, row.reminders if row else (), at))


def next_reminder(task: Task, days_before: tuple[int, ...], after: datetime) -> datetime:
    """When the owners are reminded next: so many days before the deadline, then every thirty days."""
    if task.due is not None and task.lapsed_at is None:
        for days in sorted(days_before, reverse=True):
            moment = task.due - timedelta(days=days)
            if moment > after:
                return moment
        if task.due > after:
            return task.due + REMINDED_EVERY
    return after + REMINDED_EVERY
