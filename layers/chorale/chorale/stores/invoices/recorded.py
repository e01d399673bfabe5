"""Invoices of the ledger: one partition each, and the rows that keep their numbers unique."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chorale.domain.dates import paris_day
from chorale.domain.events import Event, EventType
from chorale.domain.findings import RankReport
from chorale.domain.invoices.attachments import AttachedFile
from chorale.domain.invoices.invoice import Invoice
from chorale.domain.invoices.recorded import FiledInvoice, HistoryLine, InvoiceSummary, UserAction
from chorale.domain.invoices.transitions import FREES_ITS_NUMBER
from chorale.domain.once import Once
from chorale.domain.statuses import NOT_YET_DELIVERED
from chorale.runtime.codec import packed, plain, restore, unpacked
from chorale.runtime.settings import settings
from chorale.stores import batches, due, keys, once, outbox, transactions
from chorale.stores.aws import client, from_item, to_item
from chorale.stores.deposits import flux as flux_store
from chorale.stores.invoices import attachments

OVERLAID = ("status", "status_at", "version")
"""Columns that stand beside the summary, because conditions and indexes need them."""
MARKS = ("downloaded", "rejection_handled")
"""Kept apart from the summary: they are set whatever else happens to the invoice at the same moment."""
KIND = "INVOICE"

DOCUMENT_PART = 350_000
"""Bytes of a document in one row, which takes 400 KB at most: a document of 10,000 lines needs two."""


@dataclass(frozen=True, slots=True)
class NumberTaken:
    """The invoice that already holds a number: its flux, rank and id."""

    flux_number: str
    rank: int
    invoice_id: int


class StatusChanged(Exception):
    """Somebody else changed the status first; ``current`` is the invoice as it now is."""

    def __init__(self, current: InvoiceSummary) -> None:
        super().__init__(current.status.value)
        self.current = current


def _head(summary: InvoiceSummary, original_key: str, file_name: str) -> dict[str, Any]:
    return to_item(
        keys.invoice(summary.id)
        | _columns(summary)
        | {
            "kind": KIND,
            "id": summary.id,
            "marks": {name: True for name in MARKS if getattr(summary, name)},
            "original_key": original_key,
            "file_name": file_name,
        }
        | _flux_columns(summary)
    )


def _flux_columns(summary: InvoiceSummary) -> dict[str, Any]:
    if not summary.flux_number:
        return {}
    return {"flux_pk": keys.flux_index(summary.flux_number), "flux_sk": keys.rank_order(summary.rank)}


def _columns(summary: InvoiceSummary) -> dict[str, Any]:
    """What of a head follows from the summary, so that a change of the one is a change of the other."""
    values = plain(summary)
    for name in MARKS:
        values.pop(name)
    order = keys.deposit_order(summary.deposited_at, summary.id)
    columns = {name: values.pop(name) for name in OVERLAID} | {
        "summary": values,
        "supplier_pk": keys.supplier_index(summary.supplier.id),
        "supplier_sk": order,
    }
    if summary.status not in NOT_YET_DELIVERED:
        columns |= {"recipient_pk": keys.recipient_index(summary.recipient.id), "recipient_sk": order}
    if summary.validator:
        columns |= {"validator_pk": keys.validator_index(summary.validator.id), "validator_sk": order}
    if summary.validation_due:
        columns |= due.columns(summary.validation_due, summary.id)
    return columns


RESERVED = {"status": "#status"}
"""Columns that an expression names by an alias: DynamoDB keeps the word for itself."""
SOMETIMES = ("recipient_pk", "recipient_sk", "validator_pk", "validator_sk", *due.COLUMNS)
"""Columns that a head has at some statuses only."""


def _summary(values: dict[str, Any]) -> InvoiceSummary:
    overlaid = {name: values[name] for name in OVERLAID}
    return restore(InvoiceSummary, values["summary"] | overlaid | values.get("marks", {}))


def _history_item(invoice_id: int, line: HistoryLine) -> dict[str, Any]:
    return to_item(keys.invoice(invoice_id, keys.history(line.version)) | {"line": plain(line)})


def _document_items(invoice_id: int, document: Invoice) -> Iterator[dict[str, Any]]:
    data = packed(document)
    for part, start in enumerate(range(0, len(data), DOCUMENT_PART)):
        key = keys.invoice(invoice_id, keys.document(part))
        yield to_item(key | {"document": data[start : start + DOCUMENT_PART]})


def _put(item: dict[str, Any], *, new: bool) -> dict[str, Any]:
    put: dict[str, Any] = {"TableName": settings().ledger_table, "Item": item}
    if new:
        put |= {
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    return {"Put": put}


def file_invoice(
    filed: FiledInvoice, event: Event, rank_report: RankReport, supplier_kind: tuple[int, str]
) -> NumberTaken | None:
    """Write an accepted invoice whole: number, rank, head, document, history and event in one transaction.

    Returns None when it was written, otherwise who holds the number, or what the rank integrated before; the caller
    tells a rerun (same flux and rank) from a duplicate. ``supplier_kind`` is the supplier's id and the kind of document
    that the number is unique for.
    """
    rank_row = flux_store.rank_put(filed.summary.flux_number, rank_report)
    return _write_numbered(filed.summary, supplier_kind, filing_entries(filed, event), rank_row=rank_row)


def file_submitted(
    filed: FiledInvoice,
    event: Event,
    attached: Sequence[AttachedFile],
    request: Once | None = None,
    made: object = None,
) -> NumberTaken | None:
    """The same for an invoice that came with no flux: with it the files ``attached`` to it.

    ``made`` is what ``request`` is answered if it is sent again; raises MadeMeanwhile when it was answered before.
    """
    summary = filed.summary
    files = attachments.attaching(summary.id, attached)
    rows = [*filing_entries(filed, event), *files]
    return _write_numbered(summary, (summary.supplier.id, summary.kind.value), rows, request, made)


def _write_numbered(
    summary: InvoiceSummary,
    supplier_kind: tuple[int, str],
    rows: list[dict[str, Any]],
    request: Once | None = None,
    made: object = None,
    rank_row: dict[str, Any] | None = None,
) -> NumberTaken | None:
    """Write ``rows`` if the number of the invoice is free, and take it; else return who has it.

    With ``rank_row``, that of its flux, it is written if the rank was not integrated before; else that is returned.
    """
    unique = keys.uniqueness(*supplier_kind, summary.number) | {
        "flux_number": summary.flux_number,
        "rank": summary.rank,
        "id": summary.id,
    }
    number = _put(to_item(unique), new=True)
    number["Put"] |= {
        "ConditionExpression": "attribute_not_exists(pk) OR freed = :yes",
        "ExpressionAttributeValues": to_item({":yes": True}),
    }
    entries = [number, *([rank_row] if rank_row else []), *rows]
    try:
        once.write(entries, request, made, summary.deposited_at)
    except transactions.TransactionRefused as refused:
        if rank_row and 1 in refused.items:
            earlier = flux_store.report_in(refused.items[1])
            return NumberTaken(summary.flux_number, summary.rank, earlier.invoice_id or 0)
        if 0 not in refused.items:
            raise
        held = refused.items[0]
        return NumberTaken(held.get("flux_number", ""), int(held["rank"]), int(held["id"]))
    return None


def filing_entries(filed: FiledInvoice, event: Event) -> list[dict[str, Any]]:
    """The entries of a transaction that write an accepted invoice: head, document, history, event, files inside."""
    summary = filed.summary
    return [
        _put(_head(summary, filed.original_key, filed.file_name), new=True),
        *(_put(item, new=False) for item in _document_items(summary.id, filed.document)),
        *(_put(_history_item(summary.id, line), new=True) for line in filed.history),
        outbox.event_put(keys.invoice(summary.id)["pk"], event),
        *attachments.pointing(summary.id, filed.document.attachments),
    ]


def get(invoice_id: int) -> InvoiceSummary | None:
    """The head of one invoice, read consistently."""
    answer = client("dynamodb").get_item(
        TableName=settings().ledger_table, Key=to_item(dict(keys.invoice(invoice_id))), ConsistentRead=True
    )
    return _summary(from_item(answer["Item"])) if "Item" in answer else None


def holder(supplier_id: int, kind: str, number: str) -> NumberTaken | None:
    """The invoice that holds a number of a supplier; None when it is free."""
    key = keys.uniqueness(supplier_id, kind, number)
    if not keys.fits(key):
        return None
    answer = client("dynamodb").get_item(TableName=settings().ledger_table, Key=to_item(dict(key)))
    row = from_item(answer["Item"]) if "Item" in answer else {}
    if not row or row.get("freed"):
        return None
    return NumberTaken(row.get("flux_number", ""), int(row["rank"]), int(row["id"]))


def get_many(invoice_ids: Sequence[int]) -> dict[int, InvoiceSummary]:
    """The heads of invoices, by id; those that do not exist are left out."""
    wanted = [keys.invoice(invoice_id) for invoice_id in dict.fromkeys(invoice_ids)]
    rows = map(_summary, batches.read(settings().ledger_table, wanted, consistent=True))
    return {row.id: row for row in rows}


def get_whole(invoice_id: int) -> FiledInvoice | None:
    """Head, document and history of one invoice, in one query of its partition (events are left out)."""
    paginator = client("dynamodb").get_paginator("query")
    pages = paginator.paginate(
        TableName=settings().ledger_table,
        KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues=to_item(
            {
                ":pk": keys.invoice(invoice_id)["pk"],
                ":first": keys.HEAD,
                ":last": keys.HISTORY_PREFIX + "~",
            }
        ),
        ConsistentRead=True,
    )
    rows = {values["sk"]: values for page in pages for values in map(from_item, page["Items"])}
    head = rows.get(keys.HEAD)
    if head is None:
        return None
    lines = [restore(HistoryLine, row["line"]) for key, row in rows.items() if key.startswith(keys.HISTORY_PREFIX)]
    return FiledInvoice(
        _summary(head),
        unpacked(
            Invoice, b"".join(bytes(rows[key]["document"]) for key in sorted(rows) if key.startswith(keys.DOCUMENT))
        ),
        tuple(sorted(lines, key=lambda line: line.version)),
        head["original_key"],
        head.get("file_name", ""),
        tuple(restore(UserAction, row["action"]) for key, row in rows.items() if key.startswith(keys.ACTION_PREFIX)),
        tuple(
            restore(AttachedFile, row["attachment"])
            for key, row in rows.items()
            if key.startswith(keys.ATTACHMENT_PREFIX)
        ),
    )


def change_status(before: InvoiceSummary, after: InvoiceSummary, by: str) -> InvoiceSummary:
    """Give ``after``'s status in one step; see ``record``."""
    line = HistoryLine(before.version + 1, after.status, after.status_at, by, after.status_reason)
    return record(before, after, (line,))


def record(
    before: InvoiceSummary,
    after: InvoiceSummary,
    lines: Sequence[HistoryLine],
    attached: Sequence[AttachedFile] = (),
) -> InvoiceSummary:
    """Write ``after`` with its new history ``lines`` on the condition that the invoice still is as ``before``.

    Head, history, event and the files ``attached`` are one transaction, and the number is set free by the statuses
    that do so. Raises StatusChanged, with the current head, when another act came first. Returns ``after`` with
    its new version.
    """
    after = replace(after, version=lines[-1].version)
    try:
        transactions.write(recording_entries(before, after, lines, attached))
    except transactions.TransactionRefused as refused:
        if 0 not in refused.items:
            raise
        raise StatusChanged(_summary(refused.items[0])) from refused
    return after


def recording_entries(
    before: InvoiceSummary,
    after: InvoiceSummary,
    lines: Sequence[HistoryLine],
    attached: Sequence[AttachedFile] = (),
) -> list[dict[str, Any]]:
    """The entries of a transaction that write what ``record`` does; the first has its condition."""
    after = replace(after, version=lines[-1].version)
    entries = [
        {"Update": _head_update(before, after)},
        *(_put(_history_item(after.id, line), new=True) for line in lines),
        outbox.event_put(keys.invoice(after.id)["pk"], told(before, after)),
        *attachments.attaching(after.id, attached),
    ]
    if after.status in FREES_ITS_NUMBER and after.works_file_id is None:
        entries.append({"Update": _number_freed(after)})
    return entries


def _head_update(before: InvoiceSummary, after: InvoiceSummary) -> dict[str, Any]:
    columns = _columns(after)
    gone = [name for name in SOMETIMES if name not in columns]
    assignments = ", ".join(f"{RESERVED.get(name, name)} = :{name}" for name in columns)
    removals = f" REMOVE {', '.join(gone)}" if gone else ""
    return {
        "TableName": settings().ledger_table,
        "Key": to_item(dict(keys.invoice(after.id))),
        "UpdateExpression": f"SET {assignments}{removals}",
        "ConditionExpression": "#status = :was AND version = :read",
        "ExpressionAttributeNames": {alias: name for name, alias in RESERVED.items()},
        "ExpressionAttributeValues": to_item(
            {f":{name}": value for name, value in columns.items()}
            | {":was": before.status.value, ":read": before.version}
        ),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def _number_freed(summary: InvoiceSummary) -> dict[str, Any]:
    """Set the number free, which only the invoice that has it can do. That of a works paper is kept with its file."""
    return {
        "TableName": settings().ledger_table,
        "Key": to_item(dict(keys.uniqueness(summary.supplier.id, summary.kind.value, summary.number))),
        "UpdateExpression": "SET freed = :yes",
        "ConditionExpression": "id = :id",
        "ExpressionAttributeValues": to_item({":yes": True, ":id": summary.id}),
    }


def told(before: InvoiceSummary | None, after: InvoiceSummary) -> Event:
    """The event that tells of ``after``; the recipient is in it once it knows of the invoice."""
    known = after.status not in NOT_YET_DELIVERED
    recipient_id = after.recipient.id if known else None
    validator_id = after.validator.id if after.validator else None
    moved, corrected = None, None
    if before:
        moved = before.recipient.id if known and before.recipient.id != after.recipient.id else None
        corrected = before.validator.id if before.validator and before.validator.id != validator_id else None
    return Event(
        EventType.INVOICE_STATUS_CHANGED,
        str(after.id),
        after.version,
        before.status.value if before else "",
        after.status.value,
        after.status_at,
        after.supplier.id,
        recipient_id,
        validator_id,
        moved,
        corrected,
        after.works_file_id,
    )


def mark(invoice_id: int, name: str, action: UserAction) -> None:
    """Set one of the marks of an invoice and keep the action behind it; its status and version stay."""
    update = {
        "TableName": settings().ledger_table,
        "Key": to_item(dict(keys.invoice(invoice_id))),
        "UpdateExpression": "SET marks.#mark = :yes",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeNames": {"#mark": name},
        "ExpressionAttributeValues": to_item({":yes": True}),
    }
    key = keys.invoice(invoice_id, keys.action(paris_day(action.at), action.kind.value, action.by))
    transactions.write([{"Update": update}, _put(to_item(key | {"action": plain(action)}), new=False)])


# Searches


def by_flux(number: str) -> list[InvoiceSummary]:
    """The invoices of one flux, in the order of the file."""
    if not keys.fits(keys.flux(number)):
        return []
    return list(_query("by_flux", "flux_pk = :pk", {":pk": keys.flux_index(number)}, oldest_first=True, first=None))


Period = tuple[datetime | None, datetime | None]
"""From one deposit time to another; None leaves an end open."""


def by_supplier(structure_id: int, period: Period, first: int, oldest_first: bool = False) -> Iterator[InvoiceSummary]:
    """Invoices issued by a structure, latest deposit first unless told; ``first`` at once, more as needed."""
    return _by_deposit("by_supplier", "supplier", keys.supplier_index(structure_id), period, first, oldest_first)


def by_recipient(structure_id: int, period: Period, first: int, oldest_first: bool = False) -> Iterator[InvoiceSummary]:
    """The same for the invoices that a structure received."""
    return _by_deposit("by_recipient", "recipient", keys.recipient_index(structure_id), period, first, oldest_first)


def by_validator(structure_id: int, period: Period, first: int, oldest_first: bool = False) -> Iterator[InvoiceSummary]:
    """The same for the invoices that were put to a structure as validator."""
    return _by_deposit("by_validator", "validator", keys.validator_index(structure_id), period, first, oldest_first)


def _by_deposit(
    index: str, column: str, partition: str, period: Period, first: int, oldest_first: bool
) -> Iterator[InvoiceSummary]:
    since, until = period
    condition = f"{column}_pk = :pk AND {column}_sk BETWEEN :since AND :until"
    values = {
        ":pk": partition,
        ":since": keys.sortable(since) if since else "0",
        ":until": keys.sortable(until) if until else "~",
    }
    return _query(index, condition, values, oldest_first=oldest_first, first=first)


def _query(
    index: str, condition: str, values: dict[str, Any], *, oldest_first: bool, first: int | None
) -> Iterator[InvoiceSummary]:
    request: dict[str, Any] = {
        "TableName": settings().ledger_table,
        "IndexName": index,
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": to_item(values),
        "ScanIndexForward": oldest_first,
    }
    if first:
        request["Limit"] = first
    while True:
        answer = client("dynamodb").query(**request)
        yield from (_summary(from_item(item)) for item in answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        # What comes after is read by the megabyte, the most that one query gives.
        request.pop("Limit", None)
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
