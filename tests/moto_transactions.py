"""Transactions of moto without a copy of every row.

moto copies the tables of a transaction, in case it fails: the more a test keeps, the longer each write takes. Here the
rows that the transaction names are kept instead, and put back when it fails.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

Rows = list[tuple[Table, DynamoType, DynamoType | None, Any]]
"""Table, keys and row (None: there is none) of what a transaction names."""
_with_copies = DynamoDBBackend.transact_write_items


@contextmanager
def cheap_transactions() -> Iterator[None]:
    """Within it, what a transaction costs depends on what it writes alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DynamoDBBackend, "transact_write_items", _transact)
        yield


def _transact(backend: Any, transact_items: list[dict[str, Any]]) -> None:
    operations = [next(iter(item.values())) for item in transact_items]
    tables = {table.name: table for op in operations if (table := backend.tables.get(op.get("TableName")))}
    rows = [row for op in operations if op.get("TableName") in tables for row in _row(tables[op["TableName"]], op)]
    streamed = [(table.stream_shard, len(table.stream_shard.items)) for table in tables.values() if table.stream_shard]
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Table, "__deepcopy__", lambda table, _memo: table, raising=False)
            _with_copies(backend, transact_items)
    except Exception:
        _put_back(rows)
        for shard, length in streamed:
            del shard.items[length:]
        raise


def _row(table: Table, operation: dict[str, Any]) -> Iterator[tuple[Table, DynamoType, DynamoType | None, Any]]:
    key = operation.get("Key") or operation.get("Item") or {}
    if table.hash_key_attr not in key:
        return  # moto refuses it before anything is written
    of_hash = DynamoType(key[table.hash_key_attr])
    of_range = DynamoType(key[table.range_key_attr]) if table.range_key_attr in key else None
    held: Any = table.items.get(of_hash)
    if of_range is not None and held is not None:
        held = held.get(of_range)
    yield table, of_hash, of_range, copy.deepcopy(held)


def _put_back(rows: Rows) -> None:
    for table, of_hash, of_range, held in rows:
        place: Any = table.items if of_range is None else table.items[of_hash]
        key = of_hash if of_range is None else of_range
        if held is None:
            place.pop(key, None)
        else:
            place[key] = held
