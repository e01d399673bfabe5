"""Files that wait to be attached, and the rows by which they are attached."""

from collections.abc import Iterable
from typing import Any

from chorale.domain.attachments import AttachedFile, StoredFile
from chorale.runtime.codec import plain, restore
from chorale.runtime.settings import settings
from chorale.stores import keys, transactions
from chorale.stores.aws import client, from_item, to_item


def create(file: StoredFile) -> None:
    """Write a stored file: its own row last, after those by which its account and structures find it."""
    partitions = [
        keys.stored_by_account(file.login),
        *(keys.stored_for_structure(structure_id) for structure_id in file.structures),
    ]
    order = keys.stored_order(file.id)
    rows = [*({"pk": partition, "sk": order} for partition in partitions), keys.stored_file(file.id)]
    entries = [_put(row, {"file": plain(file)}) for row in rows]
    for start in range(0, len(entries), transactions.ENTRIES_AT_MOST):
        transactions.write(entries[start : start + transactions.ENTRIES_AT_MOST])


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


def attaching(owner_pk: str, files: Iterable[AttachedFile]) -> list[dict[str, Any]]:
    """The entries of a transaction that attach ``files`` to the object whose partition is ``owner_pk``."""
    return [_put({"pk": owner_pk, "sk": keys.attachment(file.id)}, {"attachment": plain(file)}) for file in files]


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
