"""What lists and searches of works papers show, and what they ask for."""

from dataclasses import dataclass
from datetime import date, datetime

from chorale.domain.frames import Frame
from chorale.domain.invoices.criteria import ANY, Between
from chorale.domain.statuses import Status
from chorale.domain.works.deadlines import last_day
from chorale.domain.works.paper_acts import PaperPart, parts_of
from chorale.domain.works.papers import Paper
from chorale.domain.works.tasks import Task, TaskKind


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """A paper as lists show it, and the file that holds it."""

    file_id: int
    contract_id: int
    contract_number: str
    paper: Paper
    """Without its history."""


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """An open task as worklists show it."""

    file_id: int
    contract_id: int
    contract_number: str
    task: Task
    paper: Paper | None
    """Without its history; None for what is owed before any paper."""


@dataclass(frozen=True, slots=True)
class TasksCriteria:
    """What a worklist is narrowed to (rule 30); an empty criterion asks nothing."""

    contract_number: str = ""
    kind: TaskKind | None = None
    frames: frozenset[Frame] = frozenset()
    """Of the paper on which something is owed."""
    due_by: date | None = None
    """The last day at the latest; what no deadline ends is left out."""


@dataclass(frozen=True, slots=True)
class PapersCriteria:
    """What a search of papers asks for; an empty criterion asks nothing."""

    part: PaperPart | None = None
    """The actor's part: its point of view."""
    frames: frozenset[Frame] = frozenset()
    statuses: frozenset[Status] = frozenset()
    number: str = ""
    contract_number: str = ""
    depositors: frozenset[int] = frozenset()
    moes: frozenset[int] = frozenset()
    moas: frozenset[int] = frozenset()
    validators: frozenset[int] = frozenset()
    recipients: frozenset[int] = frozenset()
    services: frozenset[int] = frozenset()
    """Of the recipient."""
    order: str = ""
    """Number of the commitment or order (bon de commande)."""
    flux_number: str = ""
    net: Between = ANY
    """In euros without tax."""
    gross: Between = ANY
    """With tax."""
    payable: Between = ANY
    """With tax: what was accepted once somebody has, what is asked for until then."""
    status_since: datetime | None = None
    status_until: datetime | None = None
    without_next: bool = False
    """Only papers that nothing follows yet."""
    since: datetime | None = None
    """Time of the deposit."""
    until: datetime | None = None
    owed: TasksCriteria | None = None
    """Only papers on which who asks owes such a task; None for all."""


def task_meets(entry: TaskEntry, criteria: TasksCriteria) -> bool:
    """Whether a task is what ``criteria`` ask for."""
    due = entry.task.due
    return (
        criteria.contract_number in ("", entry.contract_number)
        and criteria.kind in (None, entry.task.kind)
        and (not criteria.frames or (entry.paper is not None and entry.paper.frame in criteria.frames))
        and (criteria.due_by is None or (due is not None and last_day(due) <= criteria.due_by))
    )


def meets(entry: PaperEntry, criteria: PapersCriteria, structures: frozenset[int]) -> bool:
    """Whether a paper is what ``criteria`` ask for; ``structures`` are those of who asks."""
    paper = entry.paper
    named = (
        (criteria.depositors, (paper.depositor,)),
        (criteria.moes, (paper.moe,)),
        (criteria.moas, (paper.moa,)),
        (criteria.recipients, (paper.payer,)),
        (criteria.services, (paper.payer_service,)),
        (criteria.validators, (paper.validator, paper.second_validator)),
    )
    texts = (
        (criteria.number, paper.number),
        (criteria.contract_number, entry.contract_number),
        (criteria.order, paper.commitment),
        (criteria.flux_number, paper.flux_number),
    )
    return (
        _plays(criteria.part, paper, structures)
        and (not criteria.frames or paper.frame in criteria.frames)
        and (not criteria.statuses or paper.status in criteria.statuses)
        and all(not wanted or wanted == found for wanted, found in texts)
        and all(not wanted or any(one and one.id in wanted for one in found) for wanted, found in named)
        and criteria.net.holds(paper.amounts.net)
        and criteria.gross.holds(paper.amounts.gross)
        and criteria.payable.holds(paper.amounts.gross if paper.accepted is None else paper.accepted)
        and (criteria.status_since is None or paper.status_at >= criteria.status_since)
        and (criteria.status_until is None or paper.status_at <= criteria.status_until)
        and not (criteria.without_next and paper.status in FOLLOWED)
    )


FOLLOWED = frozenset({Status.ASSOCIEE, Status.REMPLACEE_PAR_A22, Status.DUPLIQUE_APRES_REFUS})
"""Statuses of a paper that another one follows."""


def _plays(part: PaperPart | None, paper: Paper, structures: frozenset[int]) -> bool:
    if part is None:
        return True
    if part is PaperPart.PAYER:
        return paper.payer is not None and paper.payer.id in structures
    return any(part in parts_of(paper, structure_id) for structure_id in structures)
