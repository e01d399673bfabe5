"""A billing file (dossier de facturation): the papers of one payment, what is owed on them, and its payment clocks."""

from dataclasses import dataclass, replace
from datetime import datetime

from chorale.domain.frames import Frame
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.works.chain import Addressee, Chain
from chorale.domain.works.papers import Paper
from chorale.domain.works.payment_clock import PaymentClock
from chorale.domain.works.tasks import Task, TaskKind


@dataclass(frozen=True, slots=True)
class FileClock:
    """The payment clock that one paper started."""

    paper_id: int
    clock: PaymentClock


@dataclass(frozen=True, slots=True)
class Note:
    """Something said or noticed that changes no status: an objection, an alert, a formal notice."""

    at: datetime
    by: str
    kind: str
    text: str
    paper_id: int | None = None
    author: StructureRef | None = None
    until: datetime | None = None
    """For a formal notice: the midnight that ends its period."""


@dataclass(frozen=True, slots=True)
class BillingFile:
    """One billing file, whole. Every change makes the next ``version``."""

    id: int
    contract_id: int
    contract_number: str
    chain: Chain
    opened_at: datetime
    papers: tuple[Paper, ...] = ()
    """In the order of their deposit."""
    tasks: tuple[Task, ...] = ()
    clocks: tuple[FileClock, ...] = ()
    notes: tuple[Note, ...] = ()
    cycle: int = 1
    version: int = 0
    """0 for a file that was never written."""
    clock_starts: datetime | None = None
    """For a final file: when the reception was notified to the contractor (rule 6)."""
    members: tuple[int, ...] = ()
    """Structures that may see the file: the parties of the contract, and those whom a paper names."""

    def paper(self, paper_id: int) -> Paper | None:
        """The paper with this id."""
        return next((paper for paper in self.papers if paper.id == paper_id), None)

    def with_paper(self, paper: Paper) -> "BillingFile":
        """The file with ``paper`` in the place of its former state, or at the end."""
        if self.paper(paper.id) is None:
            return replace(self, papers=(*self.papers, paper))
        return replace(self, papers=tuple(paper if one.id == paper.id else one for one in self.papers))

    def with_task(self, task: Task) -> "BillingFile":
        """The file with ``task`` in the place of its former state, or at the end."""
        if all(one.n != task.n for one in self.tasks):
            return replace(self, tasks=(*self.tasks, task))
        return replace(self, tasks=tuple(task if one.n == task.n else one for one in self.tasks))

    def with_note(self, note: Note) -> "BillingFile":
        """The file with one more note."""
        return replace(self, notes=(*self.notes, note))

    def with_clock(self, paper_id: int, clock: PaymentClock) -> "BillingFile":
        """The file with ``clock`` as the one that ``paper_id`` started."""
        kept = tuple(one for one in self.clocks if one.paper_id != paper_id)
        return replace(self, clocks=(*kept, FileClock(paper_id, clock)))

    def clock_of(self, paper_id: int) -> PaymentClock | None:
        """The payment clock that a paper started."""
        return next((one.clock for one in self.clocks if one.paper_id == paper_id), None)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """What is owed, soonest first; what nothing ends comes last."""
        far = (1, 0.0)
        return tuple(
            sorted(
                (task for task in self.tasks if task.is_open),
                key=lambda task: ((0, task.due.timestamp()) if task.due else far, task.n),
            )
        )

    def task(self, n: int) -> Task | None:
        """Task number ``n``."""
        return next((task for task in self.tasks if task.n == n), None)

    def tasks_on(self, paper_id: int | None, kind: TaskKind) -> tuple[Task, ...]:
        """Every task of ``kind`` on a paper, settled ones too, in the order of their opening."""
        return tuple(task for task in self.tasks if task.kind is kind and task.paper_id == paper_id)

    def last(self, *frames: Frame) -> Paper | None:
        """The latest paper of one of ``frames``."""
        return next((paper for paper in reversed(self.papers) if paper.frame in frames), None)

    @property
    def has_reached_payer(self) -> bool:
        """Whether a paper has gone to the financial service."""
        return any(paper.addressee is Addressee.PAYER for paper in self.papers)

    @property
    def wakes_at(self) -> datetime | None:
        """When the clock next does something to the file; None for never."""
        moments = [task.wakes_at for task in self.tasks]
        return min((moment for moment in moments if moment), default=None)
