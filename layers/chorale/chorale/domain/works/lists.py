"""What lists and searches of works papers show, and what they ask for."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from chorale.domain.frames import Frame
from chorale.domain.statuses import Status
from chorale.domain.works.paper_acts import PaperPart, parts_of
from chorale.domain.works.papers import Paper
from chorale.domain.works.tasks import Task


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
    order: str = ""
    """Number of the commitment or order (bon de commande)."""
    flux_number: str = ""
    net: tuple[Decimal | None, Decimal | None] = (None, None)
    """From and to, in euros without tax; None leaves an end open."""
    gross: tuple[Decimal | None, Decimal | None] = (None, None)
    """With tax."""
    status_since: datetime | None = None
    status_until: datetime | None = None
    without_next: bool = False
    """Only papers that nothing follows yet."""
    since: datetime | None = None
    """Time of the deposit."""
    until: datetime | None = None


def meets(entry: PaperEntry, criteria: PapersCriteria, structures: frozenset[int]) -> bool:
    """Whether a paper is what ``criteria`` ask for; ``structures`` are those of who asks."""
    paper = entry.paper
    named = (
        (criteria.depositors, (paper.depositor,)),
        (criteria.moes, (paper.moe,)),
        (criteria.moas, (paper.moa,)),
        (criteria.recipients, (paper.payer,)),
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
        and _within(paper.amounts.net, criteria.net)
        and _within(paper.amounts.gross, criteria.gross)
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


def _within(amount: Decimal, bounds: tuple[Decimal | None, Decimal | None]) -> bool:
    least, most = bounds
    return (least is None or amount >= least) and (most is None or amount <= most)
