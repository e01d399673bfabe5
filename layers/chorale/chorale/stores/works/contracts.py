"""Works contracts: one row each, and one row per member by which it is found."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chorale.domain.events import Event, EventType
from chorale.domain.once import Once
from chorale.domain.works.contract import WorksContract
from chorale.runtime.codec import plain, restore
from chorale.runtime.settings import settings
from chorale.stores import keys, members, once, outbox, transactions
from chorale.stores.aws import client, from_item, to_item

NUMBER = "MARCHE"
"""Kind of number of which a MOA has no two alike."""


class ContractExists(Exception):
    """The MOA already has a contract with this number; ``contract_id`` is its id."""

    def __init__(self, contract_id: int) -> None:
        super().__init__(str(contract_id))
        self.contract_id = contract_id


class ContractChanged(Exception):
    """Somebody else changed the contract first."""


@dataclass(frozen=True, slots=True)
class Move:
    """Billing files that have not followed an amendment of their contract yet."""

    contract_id: int
    version: int
    """Of the contract with the amendment."""
    before: WorksContract
    files: frozenset[int]


@dataclass(frozen=True, slots=True)
class Made:
    """Which contract a request registered."""

    contract_id: int


def _item(contract: WorksContract) -> dict[str, Any]:
    key = keys.works_contract(contract.id)
    return to_item(key | {"id": contract.id, "version": contract.version, "contract": plain(contract)})


def _member_items(contract: WorksContract) -> Iterator[dict[str, Any]]:
    for structure_id in sorted(contract.members):
        yield to_item(
            keys.works_contract(contract.id, keys.works_member(structure_id))
            | {
                "id": contract.id,
                "member_pk": keys.contracts_index(structure_id),
                "member_sk": keys.contract_order(contract.number, contract.id),
            }
        )


def create(contract: WorksContract, at: datetime, request: Once | None = None) -> None:
    """Write a new contract with the rows by which its members find it, and tell them; raises ContractExists.

    Its number is taken once the MOA has accepted it. Raises MadeMeanwhile when ``request`` has made one.
    """
    items = (_item(contract), *_member_items(contract))
    entries = [{"Put": {"TableName": settings().ledger_table, "Item": item}} for item in items]
    written = [*_number(contract), *entries, _told(contract, at)]
    try:
        once.write(written, request, Made(contract.id), at)
    except transactions.TransactionRefused as refused:
        raise _reason(refused) from refused


def accept(before: WorksContract, after: WorksContract, at: datetime) -> None:
    """Write a contract whose delegation the MOA accepts: its number is taken. Raises as ``create`` and ``change``."""
    _write([*_number(after), *changes(before, after, at)])


def amend(before: WorksContract, after: WorksContract, files: Set[int], at: datetime) -> None:
    """Write ``after`` where the contract still is as ``before``, with the billing files that are to follow.

    Raises ContractChanged.
    """
    row = keys.works_contract(before.id, keys.works_move(before.version + 1)) | {
        "id": before.id,
        "version": before.version + 1,
        "before": plain(before),
        "files": set(files),
    }
    put = {"Put": {"TableName": settings().ledger_table, "Item": to_item(row)}}
    _write([*changes(before, after, at), *([put] if files else [])])


def moves(contract_id: int) -> list[Move]:
    """The moves that are not done, earliest amendment first; read consistently."""
    paginator = client("dynamodb").get_paginator("query")
    pages = paginator.paginate(
        TableName=settings().ledger_table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :move)",
        FilterExpression="attribute_exists(files)",
        ExpressionAttributeValues=to_item({":pk": keys.works_contract(contract_id)["pk"], ":move": keys.MOVE_PREFIX}),
        ConsistentRead=True,
    )
    return [
        Move(
            contract_id,
            int(row["version"]),
            restore(WorksContract, row["before"]),
            frozenset(int(file_id) for file_id in row["files"]),
        )
        for page in pages
        for row in map(from_item, page["Items"])
    ]


def followed(move: Move, file_id: int) -> dict[str, Any]:
    """The entry by which a file has followed; it is refused if another run was faster.

    A set without members does not exist in DynamoDB: with the last file the move is done, and what the contract was
    before it stays.
    """
    return {
        "Update": {
            "TableName": settings().ledger_table,
            "Key": to_item(dict(keys.works_contract(move.contract_id, keys.works_move(move.version)))),
            "UpdateExpression": "DELETE files :one",
            "ConditionExpression": "contains(files, :file)",
            "ExpressionAttributeValues": to_item({":one": {file_id}, ":file": file_id}),
        }
    }


def change(before: WorksContract, after: WorksContract, at: datetime) -> None:
    """Write ``after`` where the contract still is as ``before``; raises ContractChanged."""
    _write(changes(before, after, at))


def changes(before: WorksContract, after: WorksContract, at: datetime) -> list[dict[str, Any]]:
    """The entries that write ``after``, with the rows of members who come or go, and tell everybody."""
    kept = replace(after, version=before.version + 1)
    gone = before.members - after.members
    table = settings().ledger_table
    return [
        change_entry(before, kept),
        *({"Put": {"TableName": table, "Item": item}} for item in _member_items(kept)),
        *(members.unlisted(keys.works_contract(kept.id, keys.works_member(one))) for one in sorted(gone)),
        _told(kept, at),
    ]


def _number(contract: WorksContract) -> list[dict[str, Any]]:
    if not contract.delegation_accepted:
        return []
    number = keys.uniqueness(contract.owner.id, NUMBER, contract.number) | {"id": contract.id}
    return [
        {
            "Put": {
                "TableName": settings().ledger_table,
                "Item": to_item(number),
                "ConditionExpression": "attribute_not_exists(pk)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }
    ]


def _told(contract: WorksContract, at: datetime) -> dict[str, Any]:
    """The event that tells the parties of a contract, which they may object to (rule 15)."""
    event = Event(
        EventType.WORKS_CONTRACT_CHANGED,
        str(contract.id),
        contract.version,
        "" if contract.version == 1 else "INSCRIT",
        "INSCRIT" if contract.delegation_accepted else "A_ACCEPTER",
        at,
        members=tuple(sorted(contract.members)),
    )
    return outbox.event_put(keys.works_contract(contract.id)["pk"], event)


def _write(entries: Sequence[dict[str, Any]]) -> None:
    try:
        transactions.write(entries)
    except transactions.TransactionRefused as refused:
        raise _reason(refused) from refused


def _reason(refused: transactions.TransactionRefused) -> ContractExists | ContractChanged:
    taken = [row for row in refused.items.values() if "contract" not in row and "id" in row]
    return ContractExists(int(taken[0]["id"])) if taken else ContractChanged()


def change_entry(before: WorksContract, after: WorksContract) -> dict[str, Any]:
    """An entry of a transaction that writes ``after`` where the contract still is as ``before``."""
    item = _item(replace(after, version=before.version + 1))
    return {
        "Put": {
            "TableName": settings().ledger_table,
            "Item": item,
            "ConditionExpression": "version = :read",
            "ExpressionAttributeValues": to_item({":read": before.version}),
        }
    }


def get(contract_id: int) -> WorksContract | None:
    """One contract, read consistently."""
    answer = client("dynamodb").get_item(
        TableName=settings().ledger_table,
        Key=to_item(dict(keys.works_contract(contract_id))),
        ConsistentRead=True,
    )
    return restore(WorksContract, from_item(answer["Item"])["contract"]) if "Item" in answer else None


def known(contract_id: int) -> WorksContract:
    """A contract that is known to exist."""
    contract = get(contract_id)
    assert contract is not None
    return contract


def of_member(structure_id: int) -> list[WorksContract]:
    """The contracts of which a structure is a party, by number."""
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=settings().ledger_table,
            IndexName="by_member",
            KeyConditionExpression="member_pk = :pk",
            ExpressionAttributeValues=to_item({":pk": keys.contracts_index(structure_id)}),
        )
    )
    found = (get(int(from_item(item)["id"])) for page in pages for item in page["Items"])
    return [contract for contract in found if contract is not None]
