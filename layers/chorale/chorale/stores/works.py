"""Billing files: one row that holds the whole, the rows by which papers and tasks are found, and what leaves with them.

The file is written in one transaction with what follows from it, on the condition that nobody else changed it: the
loser of a race reads again. Tasks have a row of their own too, because the state machines wait on it (``waits``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chorale.domain.attachments import AttachedFile
from chorale.domain.events import Event, EventType
from chorale.domain.statuses import Status
from chorale.domain.works.file import BillingFile
from chorale.domain.works.lists import PaperEntry, TaskEntry
from chorale.domain.works.papers import Paper
from chorale.runtime.codec import packed, plain, restore, unpacked
from chorale.runtime.settings import settings
from chorale.stores import attachments, due, keys, outbox, transactions
from chorale.stores.aws import client, from_item, to_item

KIND = "WORKS_FILE"
FREES_ITS_NUMBER = frozenset({Status.REFUSEE_1, Status.REFUSEE_2, Status.REFUSEE_MOE, Status.REFUSEE_MOA,
                              Status.ABANDONNEE, Status.DUPLIQUE_APRES_REFUS})  # fmt: skip
"""After these the depositor issues the paper again: its number may be used once more."""
NUMBERS = "TRAVAUX"
"""Kind of number of which a depositor has no two alike."""


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


@dataclass(frozen=True, slots=True)
class Change:
    """One file before and after; ``extra`` are entries of other stores that go into the same transaction."""

    before: BillingFile | None
    after: BillingFile
    members: frozenset[int]
    """Structures of the contract: they may see every paper of the file."""
    extra: tuple[dict[str, Any], ...] = ()


def _table() -> str:
    return settings().ledger_table


def _put(values: dict[str, Any]) -> dict[str, Any]:
    return {"Put": {"TableName": _table(), "Item": to_item(values)}}


def _delete(key: keys.Key) -> dict[str, Any]:
    return {"Delete": {"TableName": _table(), "Key": to_item(dict(key))}}


def seen_by(paper: Paper, members: frozenset[int]) -> frozenset[int]:
    """Structures that may see ``paper``: those of the contract, and those whom the paper names."""
    named = (paper.depositor, paper.moe, paper.moa, paper.payer, paper.validator, paper.second_validator)
    return members | {reference.id for reference in named if reference is not None}


def attaching(paper_id: int, files: Sequence[AttachedFile]) -> tuple[dict[str, Any], ...]:
    """The entries that attach ``files`` to a paper."""
    return tuple(attachments.attaching(keys.invoice(paper_id)["pk"], files))


def save(changes: Sequence[Change], at: datetime) -> tuple[BillingFile, ...]:
    """Write files after an act, all or none; return them with their new versions.

    Raises FileChanged when one is no longer as it was read, PaperNumberTaken for a number that the depositor has used.
    """
    entries: list[dict[str, Any]] = []
    numbers: dict[int, Paper] = {}
    saved: list[BillingFile] = []
    for change in changes:
        after = replace(change.after, version=(change.before.version if change.before else 0) + 1)
        saved.append(after)
        entries.append(_head(change.before, after))
        for paper in _new_papers(change):
            numbers[len(entries)] = paper
            entries.append(_number(paper))
        entries += _paper_entries(change, after)
        entries += _task_entries(change, after)
        entries.append(outbox.event_put(keys.works_file(after.id)["pk"], _event(change, after, at)))
        entries += change.extra
    try:
        transactions.write(entries)
    except transactions.TransactionRefused as refused:
        for place in refused.failed:
            if place in numbers:
                raise PaperNumberTaken(_holder(refused.items.get(place, {}))) from refused
        raise FileChanged from refused
    return tuple(saved)


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


def _number(paper: Paper) -> dict[str, Any]:
    key = keys.uniqueness(paper.depositor.id, NUMBERS, paper.number)
    brought_by = {"flux_number": paper.flux_number, "rank": paper.rank} if paper.flux_number else {}
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


def _paper_entries(change: Change, after: BillingFile) -> Iterator[dict[str, Any]]:
    reissued = {paper.duplicate_of for paper in after.papers}
    new_numbers = {paper.number for paper in _new_papers(change)}
    for paper in after.papers:
        old = change.before.paper(paper.id) if change.before else None
        if old == paper:
            continue
        entry = PaperEntry(after.id, after.contract_id, after.contract_number, replace(paper, history=()))
        yield _put(keys.invoice(paper.id, keys.PAPER) | {"id": paper.id, "entry": plain(entry)})
        seen, saw = seen_by(paper, change.members), seen_by(old, change.members) if old else frozenset()
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
            yield _delete(keys.invoice(paper.id, keys.works_member(structure_id)))
        freed = paper.status in FREES_ITS_NUMBER and (old is None or old.status not in FREES_ITS_NUMBER)
        if freed and paper.number not in new_numbers and paper.id not in reissued:
            yield {
                "Update": {
                    "TableName": _table(),
                    "Key": to_item(dict(keys.uniqueness(paper.depositor.id, NUMBERS, paper.number))),
                    "UpdateExpression": "SET freed = :yes",
                    "ExpressionAttributeValues": to_item({":yes": True}),
                }
            }


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
                    yield _delete(key)
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
        members=tuple(sorted(change.members)),
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


PAPERS_AT_ONCE = 100
"""Rows that one BatchGetItem takes."""


def papers_of(structure_id: int, since: datetime | None, until: datetime | None, first: int) -> Iterator[PaperEntry]:
    """The papers that a structure may see, latest deposit first."""
    after, before = keys.sortable(since) if since else "0", keys.sortable(until) if until else "~"
    ids: list[int] = []
    for row in _query(keys.papers_index(structure_id), True, first, after, before):
        ids.append(int(row["id"]))
        if len(ids) == PAPERS_AT_ONCE:
            yield from _entries(ids)
            ids = []
    yield from _entries(ids)


def _entries(ids: Sequence[int]) -> list[PaperEntry]:
    table, found = _table(), dict[int, PaperEntry]()
    asked = [to_item(dict(keys.invoice(paper_id, keys.PAPER))) for paper_id in ids]
    while asked:
        answer = client("dynamodb").batch_get_item(RequestItems={table: {"Keys": asked}})
        for row in map(from_item, answer["Responses"].get(table, [])):
            found[int(row["id"])] = restore(PaperEntry, row["entry"])
        asked = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
    return [found[paper_id] for paper_id in ids if paper_id in found]


def tasks_of(structure_id: int, first: int) -> Iterator[TaskEntry]:
    """What a structure owes, soonest first."""
    for row in _query(keys.tasks_index(structure_id), False, first, "0", "~"):
        yield restore(TaskEntry, row["summary"])


# What the state machines wait on


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
    """Take a token off a task's row, unless another execution waits there by now."""
    client("dynamodb").update_item(
        TableName=_table(),
        Key=to_item(dict(keys.works_file(file_id, keys.task(number)))),
        UpdateExpression="REMOVE task_token",
        ConditionExpression="task_token = :token",
        ExpressionAttributeValues=to_item({":token": token}),
    )
