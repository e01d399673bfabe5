"""Papers that the actor may see, its worklist, and a whole file as one timeline."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

from chorale.domain.access.rights import Actor, Deed, can, demand, structures_for
from chorale.domain.paging import Page, PageRequest, cut
from chorale.domain.works.bank_accounts import file_with_accounts
from chorale.domain.works.chain import Chain
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.figures import WorksAccount
from chorale.domain.works.lists import PaperEntry, PapersCriteria, TaskEntry, TasksCriteria, meets, task_meets
from chorale.domain.works.papers import Paper
from chorale.domain.works.reading import contract_shown, file_shown, may_read, reads_every_paper, shown
from chorale.domain.works.silence import run_clock
from chorale.stores.works import contracts
from chorale.stores.works import dossiers as works
from chorale.usecases.access.authors import as_seen_by
from chorale.usecases.works.reach import RULES, account_file, reach_contract, reach_paper, unknown_file

ROWS_AT_MOST = 10_000
"""Rows that one search reads."""


def search_papers(actor: Actor, criteria: PapersCriteria, page: PageRequest) -> Page[PaperEntry]:
    """The papers that the actor may see and that meet ``criteria``, latest deposit first. Raises Forbidden."""
    held: dict[int, WorksContract] = {}
    seen = (_entry_shown(entry, actor.structures, held) for entry in _visible(actor, criteria))
    found = (entry for entry in seen if entry is not None and meets(entry, criteria, actor.structures))
    if criteria.owed is not None:
        owed = {entry.task.paper_id for entry in _owed(structures_for(actor, Deed.READ_WORKS), criteria.owed)}
        found = (entry for entry in found if entry.paper.id in owed)
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


def _entry_shown(entry: PaperEntry, structures: frozenset[int], held: dict[int, WorksContract]) -> PaperEntry | None:
    """A row of a list with what the actor may see of its paper; ``held`` are the contracts that were read already."""
    contract = held.get(entry.contract_id) or contracts.known(entry.contract_id)
    held[entry.contract_id] = contract
    paper = shown(entry.paper, structures, contract)
    return replace(entry, paper=paper) if paper is not None else None


def open_tasks(
    actor: Actor,
    structure_id: int | None,
    page: PageRequest,
    with_paper: bool = False,
    criteria: TasksCriteria | None = None,
) -> Page[TaskEntry]:
    """What the actor's structures, or one of them, owe: soonest first, what nothing ends last.

    ``with_paper``: only what is owed on a paper.
    """
    structures = structures_for(actor, Deed.READ_WORKS)
    if structure_id is not None:
        structures = tuple(one for one in structures if one == structure_id)
    ordered = sorted(
        (one for one in _owed(structures, criteria) if one.paper is not None or not with_paper),
        key=lambda one: (one.task.due is None, one.task.due or one.task.opened_at, one.file_id, one.task.n),
    )
    return _page(ordered, page)


def _owed(structures: Sequence[int], criteria: TasksCriteria | None) -> list[TaskEntry]:
    """What the structures owe, each task once."""
    found = {
        (entry.file_id, entry.task.n): entry
        for one in structures
        for entry in islice(works.tasks_of(one, 0), ROWS_AT_MOST)
        if criteria is None or task_meets(entry, criteria)
    }
    return list(found.values())


T = TypeVar("T")


def _page(found: Iterable[T], page: PageRequest) -> Page[T]:
    rows = list(islice(found, ROWS_AT_MOST + 1))
    return cut(rows[:ROWS_AT_MOST], page, len(rows) > ROWS_AT_MOST)


def consult_paper(actor: Actor, paper_id: int, now: datetime) -> tuple[Paper, BillingFile, WorksContract]:
    """A paper that the actor may see, its file as the clock has it now, and its contract.

    What the clock changes is shown, not written: the watch and the machine write it.
    """
    reached = reach_paper(actor, paper_id, Deed.READ_WORKS)
    seen = _shown(run_clock(reached.file, reached.contract, now, RULES), reached.structures, reached.contract)
    file = _without_logins(actor, seen, reached.contract)
    paper = file.paper(paper_id)
    assert paper is not None
    return paper, file, reached.contract


def consult_file(actor: Actor, file_id: int, now: datetime) -> tuple[BillingFile, WorksContract, BillingFile | None]:
    """The same for a whole file; raises PaperNotFound or Forbidden.

    With the file of the contract's account for a file of the month: what may be deposited depends on it (rule 18).
    """
    file = works.get(file_id)
    contract = contracts.get(file.contract_id) if file else None
    if file is None or contract is None:
        raise unknown_file(file_id)
    mine = {one for one in actor.structures if _sees_something(file, one, contract)}
    if not mine:
        raise unknown_file(file_id)
    allowed = tuple(sorted(one for one in mine if can(actor, Deed.READ_WORKS, one)))
    if not allowed:
        demand(actor, Deed.READ_WORKS, min(mine))
    account = account_file(contract, now) if file.chain is Chain.PROGRESS else None
    seen = _shown(run_clock(file, contract, now, RULES), allowed, contract)
    return _without_logins(actor, seen, contract), contract, account


def _shown(file: BillingFile, structures: Sequence[int], contract: WorksContract) -> BillingFile:
    """``file`` as the structures see it, with the accounts to which parts are paid where they may know them."""
    return file_with_accounts(file_shown(file, structures, contract), contract, structures)


def _without_logins(actor: Actor, file: BillingFile, contract: WorksContract) -> BillingFile:
    """``file`` with authors as the actor may know them: no login of another party."""
    parties = [*(party.structure for party in contract.parties), contract.payer]
    author = as_seen_by(actor, {party.id: party.name for party in parties})
    return replace(
        file,
        papers=tuple(
            replace(paper, history=tuple(replace(line, by=author(line.by)) for line in paper.history))
            for paper in file.papers
        ),
        notes=tuple(replace(note, by=author(note.by)) for note in file.notes),
    )


def _sees_something(file: BillingFile, structure_id: int, contract: WorksContract) -> bool:
    if reads_every_paper(contract, structure_id):
        return True
    return any(may_read(paper, structure_id, contract) for paper in file.papers)


def consult_account(actor: Actor, contract_id: int) -> tuple[WorksContract, WorksAccount]:
    """A contract and its account, its months and its balance, as far as the actor may read them (rule 29).

    Raises PaperNotFound or Forbidden.
    """
    contract, structures = reach_contract(actor, contract_id, Deed.READ_WORKS)
    found = {
        entry.paper.id: entry.paper
        for one in structures
        for entry in islice(works.papers_of(one, None, None, 0), ROWS_AT_MOST)
        if entry.contract_id == contract.id
    }
    account = WorksAccount.of(one for paper in found.values() if (one := shown(paper, structures, contract)))
    return contract_shown(contract, structures), account
