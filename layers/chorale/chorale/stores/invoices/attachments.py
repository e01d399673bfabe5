"""Files that wait to be attached, and the rows by which they are attached."""

from collections.abc import Iterable, Sequence
from typing import Any

from chorale.domain.invoices.attachments import AttachedFile, StoredFile
from chorale.domain.invoices.invoice import Attachment
from chorale.domain.once import Once
from chorale.runtime.codec import plain, restore
from chorale.runtime.settings import settings
from chorale.stores import keys, once, transactions
from chorale.stores.aws import client, from_item, to_item

POINTED_AT_ONCE = 50
"""Files inside one document whose rows are written with it: a transaction takes a hundred entries."""
OWNERS_AT_MOST = 100
"""Objects with the same file that are looked at."""
LAST_ENTRIES = transactions.ENTRIES_AT_MOST - 1
"""Rows of the transaction that makes a file known: one place is for the request."""


def write(file: StoredFile, request: Once | None = None) -> None:
    """Write a stored file, new or changed: its own row last, after those by which its account and structures find it.

    Raises MadeMeanwhile when ``request`` has stored one.
    """
    partitions = [
        keys.stored_by_account(file.login),
        *(keys.stored_for_structure(structure_id) for structure_id in file.structures),
    ]
    order = keys.stored_order(file.id)
    rows = [*({"pk": partition, "sk": order} for partition in partitions), keys.stored_file(file.id)]
    entries = [_put(row, {"file": plain(file)}) for row in rows]
    first, rest = entries[:-LAST_ENTRIES], entries[-LAST_ENTRIES:]
    for start in range(0, len(first), transactions.ENTRIES_AT_MOST):
        transactions.write(first[start : start + transactions.ENTRIES_AT_MOST])
    # With the file's own row: what the request is said to have made is there.
    once.write(rest, request, file, file.stored_at)


def get(file_id: int) -> StoredFile | None:
    """One stored file, read consistently, whoever stored it and however long ago."""
    answer = client("dynamodb").get_item(
        TableName=settings().ledger_table, Key=to_item(dict(keys.stored_file(file_id))), ConsistentRead=True
    )
    return restore(StoredFile, from_item(answer["Item"])["file"]) if "Item" in answer else None


def by_account(login: str) -> list[StoredFile]:
    """The files that an account stored, latest first."""
    return _listed(keys.stored_by_account(login))


def for_structure(structure_id: int) -> list[StoredFile]:
    """The files that were stored for a structure, latest first."""
    return _listed(keys.stored_for_structure(structure_id))


def attaching(invoice_id: int, files: Iterable[AttachedFile]) -> list[dict[str, Any]]:
    """The entries of a transaction that attach ``files`` to an invoice or a works paper, and by which it is found."""
    owner = keys.invoice(invoice_id)["pk"]
    return [
        entry
        for file in files
        for entry in (
            _put({"pk": owner, "sk": keys.attachment(file.id)}, {"attachment": plain(file)}),
            _owned(file.id, invoice_id),
        )
    ]


def pointing(invoice_id: int, files: Sequence[Attachment]) -> list[dict[str, Any]]:
    """The entries of a transaction by which the first ``files`` inside the document of an invoice are found."""
    return [_owned(file.id, invoice_id) for file in files[:POINTED_AT_ONCE] if file.id]


def point_beforehand(invoice_id: int, files: Sequence[Attachment]) -> None:
    """Write the same of those that the transaction has no room for: they lead nowhere until the invoice is there."""
    _write([_owned(file.id, invoice_id) for file in files[POINTED_AT_ONCE:] if file.id])


def owners(file_id: int) -> list[int]:
    """The invoices and works papers in which a file is, the first ones."""
    answer = client("dynamodb").query(
        TableName=settings().ledger_table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :owners)",
        ExpressionAttributeValues=to_item({":pk": keys.stored_file(file_id)["pk"], ":owners": keys.OWNER_PREFIX}),
        Limit=OWNERS_AT_MOST,
    )
    return [int(from_item(item)["invoice"]) for item in answer["Items"]]


def _owned(file_id: int, invoice_id: int) -> dict[str, Any]:
    return _put(keys.file_owner(file_id, invoice_id), {"invoice": invoice_id})


def _write(entries: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(entries), transactions.ENTRIES_AT_MOST):
        transactions.write(entries[start : start + transactions.ENTRIES_AT_MOST])


def _listed(partition: str) -> list[StoredFile]:
    paginator = client("dynamodb").get_paginator("query")
    pages = paginator.paginate(
        TableName=settings().ledger_table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues=to_item({":pk": partition}),
        ScanIndexForward=False,
    )
    return [restore(StoredFile, from_item(item)["file"]) for page in pages for item in page["Items"]]


def _put(key: keys.Key, values: dict[str, Any]) -> dict[str, Any]:
    return {"Put": {"TableName": settings().ledger_table, "Item": to_item(key | values)}}
