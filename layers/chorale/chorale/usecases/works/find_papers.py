"""Papers that the actor may see, its worklist, and a whole file as one timeline."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

from chorale.domain.paging import Page, PageRequest, cut
from chorale.domain.rights import Actor, Deed, structures_for
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.file import BillingFile
from chorale.domain.works.lists import PaperEntry, PapersCriteria, TaskEntry, meets
from chorale.domain.works.papers import Paper
from chorale.domain.works.silence import run_clock
from chorale.stores import works
from chorale.usecases.works.reach import RULES, reach_paper

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


def open_tasks(actor: Actor, structure_id: int | None, page: PageRequest) -> Page[TaskEntry]:
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
