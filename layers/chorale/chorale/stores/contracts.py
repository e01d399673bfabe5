"""Works contracts: one row each, and one row per member by which it is found."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chorale.domain.works.contract import WorksContract
from chorale.runtime.codec import plain, restore
from chorale.runtime.settings import settings
from chorale.stores import keys, transactions
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


def create(contract: WorksContract) -> None:
    """Write a new contract with the rows by which its members find it; raises ContractExists."""
    table = settings().ledger_table
    number = keys.uniqueness(contract.moa.id, NUMBER, contract.number) | {"id": contract.id}
    entries: list[dict[str, Any]] = [
        {
            "Put": {
                "TableName": table,
                "Item": to_item(number),
                "ConditionExpression": "attribute_not_exists(pk)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        },
        *({"Put": {"TableName": table, "Item": item}} for item in (_item(contract), *_member_items(contract))),
    ]
    try:
        transactions.write(entries)
    except transactions.TransactionRefused as refused:
        raise ContractExists(int(refused.items[0]["id"])) from refused


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


def find(structure_id: int, number: str) -> WorksContract | None:
    """The contract ``number`` of which the structure is a party; the first registered where two MOA share a number."""
    return next((contract for contract in of_member(structure_id) if contract.number == number), None)
