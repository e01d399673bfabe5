"""Papers that the actor may see, its worklist, and a whole file as one timeline."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

from chorale.domain.paging import Page, PageRequest, cut
from chorale.domain.rights import Actor, Deed, can, demand, structures_for
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.file import BillingFile
from chorale.domain.works.lists import PaperEntry, PapersCriteria, TaskEntry, meets
from chorale.domain.works.papers import Paper
from chorale.domain.works.silence import run_clock
from chorale.stores import contracts, works
from chorale.usecases.works.reach import RULES, reach_paper, unknown_file

ROWS_AT_MOST = 10_000
"""Rows that one search reads."""


def search_papers(actor: Actor, criteria: PapersCriteria, page: PageRequest) -> Page[PaperEntry]:
    """The papers that the actor may see and that meet ``criteria``, latest deposit first. Raises Forbidden."""
    found = (entry for entry in _visible(actor, criteria) if meets(entry, criteria, actor.structures))
    return _page(found, page)


def _visible(actor: Actor, criteria: PapersCriteria) -> Iterator[PaperEntry]:
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


def open_tasks(actor: Actor, structure_id: int | None, page: PageRequest, with_paper: bool = False) -> Page[TaskEntry]:
    """What the actor's structures, or one of them, owe: soonest first, what nothing ends last.

    ``with_paper``: only what is owed on a paper.
    """
    structures = structures_for(actor, Deed.READ_WORKS)
    if structure_id is not None:
        structures = tuple(one for one in structures if one == structure_id)
    found = {
        (entry.file_id, entry.task.n): entry
        for one in structures
        for entry in islice(works.tasks_of(one, 0), ROWS_AT_MOST)
        if entry.paper is not None or not with_paper
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
    file = _shown(reached.file, reached.contract, reached.structures, now)
    paper = file.paper(paper_id)
    assert paper is not None
    return paper, file, reached.contract


def consult_file(actor: Actor, file_id: int, now: datetime) -> tuple[BillingFile, WorksContract]:
    """The same for a whole file; raises PaperNotFound or Forbidden."""
    file = works.get(file_id)
    contract = contracts.get(file.contract_id) if file else None
    if file is None or contract is None:
        raise unknown_file(file_id)
    seeing = set(contract.members).union(*(works.seen_by(paper, frozenset()) for paper in file.papers))
    mine = seeing & actor.structures
    if not mine:
        raise unknown_file(file_id)
    allowed = tuple(sorted(one for one in mine if can(actor, Deed.READ_WORKS, one)))
    if not allowed:
        demand(actor, Deed.READ_WORKS, min(mine))
    return _shown(file, contract, allowed, now), contract


def _shown(file: BillingFile, contract: WorksContract, structures: tuple[int, ...], now: datetime) -> BillingFile:
    """``file`` as the clock has it now, with the papers, tasks and notes that the structures may see."""
    file = run_clock(file, contract, now, RULES)
    if contract.members & set(structures):
        return file
    papers = tuple(one for one in file.papers if works.seen_by(one, frozenset()) & set(structures))
    seen = {paper.id for paper in papers}
    return replace(
        file,
        papers=papers,
        tasks=tuple(task for task in file.tasks if task.paper_id in seen),
        notes=tuple(note for note in file.notes if note.paper_id in seen),
        clocks=(),
    )
