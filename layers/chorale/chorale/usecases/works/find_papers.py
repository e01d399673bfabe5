"""Papers that the actor may see, its worklist, and a whole file as one timeline."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

from chorale.domain.filing import HistoryLine
from chorale.domain.frames import Frame
from chorale.domain.paging import Page, PageRequest, cut
from chorale.domain.rights import Actor, Deed, structures_for
from chorale.domain.statuses import Status
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.file import BillingFile, Note
from chorale.domain.works.paper_acts import PaperPart, parts_of
from chorale.domain.works.papers import Paper
from chorale.domain.works.silence import run_clock
from chorale.stores import works
from chorale.usecases.works.reach import RULES, reach_paper

ROWS_AT_MOST = 10_000
"""Rows that one search reads."""


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
    since: datetime | None = None
    until: datetime | None = None


def search_papers(actor: Actor, criteria: PapersCriteria, page: PageRequest) -> Page[works.PaperEntry]:
    """The papers that the actor may see and that meet ``criteria``, latest deposit first. Raises Forbidden."""
    found = (entry for entry in _visible(actor, criteria) if _meets(entry, criteria, actor))
    return _page(found, page)


def _visible(actor: Actor, criteria: PapersCriteria) -> Iterator[works.PaperEntry]:
    structures = structures_for(actor, Deed.READ_WORKS)
    seen: set[int] = set()
    entries = [
        entry
        for structure_id in structures
        for entry in islice(works.papers_of(structure_id, criteria.since, criteria.until, 0), ROWS_AT_MOST)
    ]
    for entry in sorted(entries, key=lambda one: (one.paper.deposited_at, one.paper.id), reverse=True):
        if entry.paper.id not in seen:
            seen.add(entry.paper.id)
            yield entry


def _meets(entry: works.PaperEntry, criteria: PapersCriteria, actor: Actor) -> bool:
    paper = entry.paper
    named = (
        (criteria.depositors, paper.depositor),
        (criteria.moes, paper.moe),
        (criteria.moas, paper.moa),
        (criteria.recipients, paper.payer),
    )
    validators = {one.id for one in (paper.validator, paper.second_validator) if one}
    parts = {part for structure_id in actor.structures for part in parts_of(paper, structure_id)}
    if paper.payer and paper.payer.id in actor.structures:
        parts.add(PaperPart.SYSTEM)
    return (
        (criteria.part is None or criteria.part in parts)
        and (not criteria.frames or paper.frame in criteria.frames)
        and (not criteria.statuses or paper.status in criteria.statuses)
        and (not criteria.number or paper.number == criteria.number)
        and (not criteria.contract_number or entry.contract_number == criteria.contract_number)
        and all(not wanted or (one is not None and one.id in wanted) for wanted, one in named)
        and (not criteria.validators or bool(criteria.validators & validators))
    )


def open_tasks(actor: Actor, structure_id: int | None, page: PageRequest) -> Page[works.TaskEntry]:
    """What the actor's structures, or one of them, owe: soonest first, what nothing ends last."""
    structures = structures_for(actor, Deed.READ_WORKS)
    if structure_id is not None:
        structures = tuple(one for one in structures if one == structure_id)
    found = {
        (entry.file_id, entry.task.n): entry
        for one in structures
        for entry in islice(works.tasks_of(one, 0), ROWS_AT_MOST)
    }
    ordered = sorted(
        found.values(),
        key=lambda one: (one.task.due is None, one.task.due or one.task.opened_at, one.file_id, one.task.n),
    )
    return _page(ordered, page)


T = TypeVar("T")


def _page(found: Iterable[T], page: PageRequest) -> Page[T]:
    rows = list(islice(found, ROWS_AT_MOST + 1))
    return cut(rows[:ROWS_AT_MOST], page, len(rows) > ROWS_AT_MOST)


def consult_paper(actor: Actor, paper_id: int, now: datetime) -> tuple[Paper, BillingFile, WorksContract]:
    """A paper that the actor may see, its file as the clock has it now, and its contract.

    What the clock changes is shown, not written: the watch and the machines write it.
    """
    reached = reach_paper(actor, paper_id, Deed.READ_WORKS)
    file = run_clock(reached.file, reached.contract, now, RULES)
    visible = tuple(
        paper for paper in file.papers if works.seen_by(paper, reached.contract.members) & set(reached.structures)
    )
    paper = file.paper(paper_id)
    assert paper is not None
    return paper, replace(file, papers=visible), reached.contract


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened in a file."""

    at: datetime
    paper: Paper | None
    line: HistoryLine | None = None
    note: Note | None = None


def timeline(file: BillingFile) -> list[TimelineEntry]:
    """Everything that happened in ``file``, in order: the statuses of its papers and its notes."""
    papers = {paper.id: paper for paper in file.papers}
    lines = [TimelineEntry(line.at, paper, line) for paper in file.papers for line in paper.history]
    notes = [
        TimelineEntry(note.at, papers.get(note.paper_id or 0), note=note)
        for note in file.notes
        if note.paper_id is None or note.paper_id in papers
    ]
    return sorted([*lines, *notes], key=lambda one: (one.at, one.line is None))
