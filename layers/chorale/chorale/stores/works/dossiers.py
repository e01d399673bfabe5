"""Billing files: one row that holds the whole, the rows by which papers and tasks are found, and what leaves with them.

The file is written in one transaction with what follows from it, on the condition that nobody else changed it: the
loser of a race reads again. Tasks have a row of their own too, because the state machine waits on it (``waits``).
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from chorale.domain.events import Event, EventType
from chorale.domain.frames import Frame
from chorale.domain.invoices.attachments import AttachedFile
from chorale.domain.invoices.invoice import DocumentKind
from chorale.domain.statuses import Status
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.flux_papers import is_of_the_seller
from chorale.domain.works.lists import PaperEntry, TaskEntry
from chorale.domain.works.papers import Paper
from chorale.domain.works.reading import readers, told_of
from chorale.runtime.codec import packed, plain, restore, unpacked
from chorale.runtime.settings import settings
from chorale.stores import batches, due, keys, members, outbox, transactions
from chorale.stores.aws import client, error_code, from_item, to_item
from chorale.stores.invoices import attachments

KIND = "WORKS_FILE"
FREES_ITS_NUMBER = frozenset({Status.REFUSEE_1, Status.REFUSEE_2, Status.REFUSEE_MOE, Status.REFUSEE_MOA,
                              Status.ABANDONNEE, Status.DUPLIQUE_APRES_REFUS, Status.REJETEE})  # fmt: skip
"""After these the depositor issues the paper again: its number may be used once more."""
NUMBERS = "TRAVAUX"
"""Kind of number of which a depositor has no two alike."""
NUMBERS_OF_INVOICES = DocumentKind.INVOICE.value
"""The kind that a contractor's papers share with its invoices: one series by every door (CGI ann. II 242 nonies A)."""


class FileChanged(Exception):
    """Somebody else changed the file first: nothing was written, read it again."""


class PaperNumberTaken(Exception):
    """The depositor already has a paper with this number: ``holder``."""

    def __init__(self, holder: "NumberHolder") -> None:
        super().__init__(str(holder.paper_id))
        self.holder = holder


@dataclass(frozen=True, slots=True)
class NumberHolder:
    """The paper that has a number, and the flux and rank that brought it, if one did."""

    paper_id: int
    flux_number: str = ""
    rank: int = 0
    freed: bool = False
    """Whether the number may be used again."""
    is_invoice: bool = False
    """Whether an ordinary invoice has it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One file before and after; ``extra`` are entries of other stores that go into the same transaction."""

    before: BillingFile | None
    after: BillingFile
    contract: WorksContract
    """The contract of the file: it says who may see which paper (rule 16)."""
    extra: tuple[dict[str, Any], ...] = ()
    was: WorksContract | None = None
    """The contract before, where the change amends it: who reads which paper is written anew."""


def _table() -> str:
    return settings().ledger_table


def _put(values: dict[str, Any]) -> dict[str, Any]:
    return {"Put": {"TableName": _table(), "Item": to_item(values)}}


def attaching(paper_id: int, files: Sequence[AttachedFile]) -> tuple[dict[str, Any], ...]:
    """The entries that attach ``files`` to a paper."""
    return tuple(attachments.attaching(paper_id, files))


def unchanged(file: BillingFile) -> dict[str, Any]:
    """The entry that lets a transaction be written only while ``file`` is as it was read: what was decided rests on it.

    It goes into a change of another file; ``save`` raises FileChanged when it does not hold.
    """
    return {
        "ConditionCheck": {
            "TableName": _table(),
            "Key": to_item(dict(keys.works_file(file.id))),
            "ConditionExpression": "version = :read",
            "ExpressionAttributeValues": to_item({":read": file.version}),
        }
    }


def save(changes: Sequence[Change], at: datetime) -> tuple[BillingFile, ...]:
    """Write files after an act, all or none; return them with their new versions.

    Raises FileChanged when one is no longer as it was read, PaperNumberTaken for a number that the depositor has used.
    """
    entries: list[dict[str, Any]] = []
    numbers: dict[int, str] = {}
    set_free: set[int] = set()
    saved: list[BillingFile] = []
    for change in changes:
        after = replace(change.after, version=(change.before.version if change.before else 0) + 1)
        saved.append(after)
        entries.append(_head(change.before, after))
        for paper in _new_papers(change):
            for kind in number_kinds(paper.frame):
                numbers[len(entries)] = kind
                entries.append(_number(paper, kind))
        entries += _paper_entries(change, after)
        freed = _freed_numbers(change, after)
        set_free |= set(range(len(entries), len(entries) + len(freed)))
        entries += freed
        entries += _task_entries(change, after)
        entries.append(outbox.event_put(keys.works_file(after.id)["pk"], _event(change, after, at)))
        entries += change.extra
    try:
        _write(entries, set_free)
    except transactions.TransactionRefused as refused:
        # A paper's own number comes first: where an invoice alone has it, it is the second that fails.
        for place in sorted(refused.failed):
            if place in numbers:
                holder = _holder(refused.items.get(place, {}))
                taken = replace(holder, is_invoice=numbers[place] != NUMBERS)
                raise PaperNumberTaken(taken) from refused
        raise FileChanged from refused
    return tuple(saved)


def _write(entries: Sequence[dict[str, Any]], set_free: Set[int]) -> None:
    """Write ``entries`` in one transaction, those at the places ``set_free`` only where the paper has the number.

    A number that another took is lost for good, so that what was refused for it alone is written without it.
    """
    try:
        transactions.write(entries)
    except transactions.TransactionRefused as refused:
        lost = set(refused.failed)
        if not lost or not lost <= set_free:
            raise
        kept = [place for place in range(len(entries)) if place not in lost]
        _write([entries[place] for place in kept], {new for new, place in enumerate(kept) if place in set_free})


def _head(before: BillingFile | None, after: BillingFile) -> dict[str, Any]:
    values: dict[str, Any] = keys.works_file(after.id) | {
        "kind": KIND,
        "id": after.id,
        "version": after.version,
        "contract_id": after.contract_id,
        "file": packed(after),
    }
    if after.wakes_at:
        values |= due.columns(after.wakes_at, after.id)
    put = _put(values)
    if before is None:
        put["Put"]["ConditionExpression"] = "attribute_not_exists(pk)"
    else:
        put["Put"]["ConditionExpression"] = "version = :read"
        put["Put"]["ExpressionAttributeValues"] = to_item({":read": before.version})
    return put


def _new_papers(change: Change) -> list[Paper]:
    return [paper for paper in change.after.papers if change.before is None or change.before.paper(paper.id) is None]


def number_kinds(frame: Frame) -> tuple[str, ...]:
    """The kinds of number that a paper of ``frame`` takes: a contractor's is one of its invoices' too."""
    return (NUMBERS, NUMBERS_OF_INVOICES) if is_of_the_seller(frame) else (NUMBERS,)


def _number(paper: Paper, kind: str) -> dict[str, Any]:
    key = keys.uniqueness(paper.depositor.id, kind, paper.number)
    brought_by = {"flux_number": paper.flux_number, "rank": paper.rank}
    put = _put(key | {"id": paper.id} | brought_by)
    put["Put"] |= {
        "ConditionExpression": "attribute_not_exists(pk) OR freed = :yes OR id = :id OR id = :replaced",
        "ExpressionAttributeValues": to_item(
            {":yes": True, ":id": paper.id, ":replaced": paper.duplicate_of or paper.id}
        ),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return put


def _holder(row: dict[str, Any]) -> NumberHolder:
    return NumberHolder(
        int(row.get("id", 0)), row.get("flux_number", ""), int(row.get("rank", 0)), bool(row.get("freed"))
    )


def number_holder(depositor_id: int, number: str) -> NumberHolder | None:
    """The paper of a depositor that has, or had last, a number; read consistently."""
    key = keys.uniqueness(depositor_id, NUMBERS, number)
    if not keys.fits(key):
        return None
    answer = client("dynamodb").get_item(TableName=_table(), Key=to_item(dict(key)), ConsistentRead=True)
    return _holder(from_item(answer["Item"])) if "Item" in answer else None


def _freed_numbers(change: Change, after: BillingFile) -> list[dict[str, Any]]:
    """The numbers that papers give back: each only if the paper still has it."""
    reissued = {paper.duplicate_of for paper in after.papers}
    new_numbers = {paper.number for paper in _new_papers(change)}
    entries = []
    for paper in after.papers:
        old = change.before.paper(paper.id) if change.before else None
        freed = paper.status in FREES_ITS_NUMBER and (old is None or old.status not in FREES_ITS_NUMBER)
        if freed and paper.number not in new_numbers and paper.id not in reissued:
            entries += [_freed_number(paper, kind) for kind in number_kinds(paper.frame)]
    return entries


def _freed_number(paper: Paper, kind: str) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": _table(),
            "Key": to_item(dict(keys.uniqueness(paper.depositor.id, kind, paper.number))),
            "UpdateExpression": "SET freed = :yes",
            "ConditionExpression": "id = :id",
            "ExpressionAttributeValues": to_item({":yes": True, ":id": paper.id}),
        }
    }


def _paper_entries(change: Change, after: BillingFile) -> Iterator[dict[str, Any]]:
    for paper in after.papers:
        old = change.before.paper(paper.id) if change.before else None
        if old == paper and change.was is None:
            continue
        entry = PaperEntry(after.id, after.contract_id, after.contract_number, replace(paper, history=()))
        yield _put(keys.invoice(paper.id, keys.PAPER) | {"id": paper.id, "entry": plain(entry)})
        seen = readers(paper, change.contract)
        saw = readers(old, change.was or change.contract) if old else frozenset()
        for structure_id in sorted(seen - saw):
            yield _put(
                keys.invoice(paper.id, keys.works_member(structure_id))
                | {
                    "id": paper.id,
                    "member_pk": keys.papers_index(structure_id),
                    "member_sk": keys.deposit_order(paper.deposited_at, paper.id),
                }
            )
        for structure_id in sorted(saw - seen):
            yield members.unlisted(keys.invoice(paper.id, keys.works_member(structure_id)))


def _task_entries(change: Change, after: BillingFile) -> Iterator[dict[str, Any]]:
    for task in after.tasks:
        old = change.before.task(task.n) if change.before else None
        if old == task:
            continue
        yield {
            "Update": {
                "TableName": _table(),
                "Key": to_item(dict(keys.works_file(after.id, keys.task(task.n)))),
                "UpdateExpression": "SET n = :n, task_state = :state, attempt = :attempt",
                "ExpressionAttributeValues": to_item(
                    {":n": task.n, ":state": task.state.value, ":attempt": task.attempt}
                ),
            }
        }
        for owner in task.owners:
            key = keys.works_file(after.id, keys.task_owner(task.n, owner.id))
            if not task.is_open:
                if old is not None and old.is_open:
                    yield members.unlisted(key)
                continue
            paper = after.paper(task.paper_id) if task.paper_id else None
            entry = TaskEntry(
                after.id, after.contract_id, after.contract_number, task, replace(paper, history=()) if paper else None
            )
            yield _put(
                key
                | {
                    "id": after.id,
                    "member_pk": keys.tasks_index(owner.id),
                    "member_sk": keys.task_order(task.due, after.id, task.n),
                    "summary": plain(entry),
                }
            )


def _event(change: Change, after: BillingFile, at: datetime) -> Event:
    before = change.before
    needs_execution = before is None or before.cycle != after.cycle or (after.open_tasks and not before.open_tasks)
    return Event(
        EventType.WORKS_FILE_CHANGED,
        str(after.id),
        after.version,
        "" if before is None else "OUVERT",
        "OUVERT" if after.open_tasks else "SANS_TACHE",
        at,
        cycle=after.cycle if needs_execution else None,
        members=tuple(sorted(told_of(before, after, change.contract))),
    )


def get(file_id: int) -> BillingFile | None:
    """One billing file, whole, read consistently."""
    answer = client("dynamodb").get_item(
        TableName=_table(), Key=to_item(dict(keys.works_file(file_id))), ConsistentRead=True
    )
    if "Item" not in answer:
        return None
    return unpacked(BillingFile, from_item(answer["Item"])["file"])


def entry(paper_id: int) -> PaperEntry | None:
    """A paper as lists show it."""
    answer = client("dynamodb").get_item(
        TableName=_table(), Key=to_item(dict(keys.invoice(paper_id, keys.PAPER))), ConsistentRead=True
    )
    return restore(PaperEntry, from_item(answer["Item"])["entry"]) if "Item" in answer else None


def file_of(paper_id: int) -> int:
    """The number of the file that holds a paper that is known to exist."""
    found = entry(paper_id)
    assert found is not None
    return found.file_id


def _query(partition: str, latest_first: bool, first: int | None, since: str, until: str) -> Iterator[dict[str, Any]]:
    request: dict[str, Any] = {
        "TableName": _table(),
        "IndexName": "by_member",
        "KeyConditionExpression": "member_pk = :pk AND member_sk BETWEEN :since AND :until",
        "ExpressionAttributeValues": to_item({":pk": partition, ":since": since, ":until": until}),
        "ScanIndexForward": not latest_first,
    }
    if first:
        request["Limit"] = first
    while True:
        answer = client("dynamodb").query(**request)
        yield from map(from_item, answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        request.pop("Limit", None)
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def papers_of(structure_id: int, since: datetime | None, until: datetime | None, first: int) -> Iterator[PaperEntry]:
    """The papers that a structure may see, latest deposit first."""
    after, before = keys.sortable(since) if since else "0", keys.sortable(until) if until else "~"
    ids: list[int] = []
    for row in _query(keys.papers_index(structure_id), True, first, after, before):
        ids.append(int(row["id"]))
        if len(ids) == batches.READ_AT_ONCE:
            yield from _entries(ids)
            ids = []
    yield from _entries(ids)


def _entries(ids: Sequence[int]) -> list[PaperEntry]:
    rows = batches.read(_table(), [keys.invoice(paper_id, keys.PAPER) for paper_id in ids])
    found = {int(row["id"]): restore(PaperEntry, row["entry"]) for row in rows}
    return [found[paper_id] for paper_id in ids if paper_id in found]


def tasks_of(structure_id: int, first: int) -> Iterator[TaskEntry]:
    """What a structure owes, soonest first."""
    for row in _query(keys.tasks_index(structure_id), False, first, "0", "~"):
        yield restore(TaskEntry, row["summary"])


# What the state machine waits on


def tokens(file_id: int) -> list[tuple[int, str, str]]:
    """Number, state and token of the tasks of a file on which an execution waits."""
    answer = client("dynamodb").query(
        TableName=_table(),
        KeyConditionExpression="pk = :pk AND begins_with(sk, :task)",
        ExpressionAttributeValues=to_item({":pk": keys.works_file(file_id)["pk"], ":task": keys.TASK_PREFIX}),
        ConsistentRead=True,
    )
    rows = map(from_item, answer["Items"])
    return [(int(row["n"]), row["task_state"], row["task_token"]) for row in rows if row.get("task_token")]


def forget_token(file_id: int, number: int, token: str) -> None:
    """Take a token off a task's row, unless it is gone, or another execution waits there by now."""
    try:
        client("dynamodb").update_item(
            TableName=_table(),
            Key=to_item(dict(keys.works_file(file_id, keys.task(number)))),
            UpdateExpression="REMOVE task_token",
            ConditionExpression="task_token = :token",
            ExpressionAttributeValues=to_item({":token": token}),
        )
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
