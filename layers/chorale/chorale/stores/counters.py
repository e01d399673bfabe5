"""Numbers that are never given twice: reserved in blocks, kept by the container, gaps allowed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from chorale.runtime.settings import settings
from chorale.stores import keys
from chorale.stores.aws import client, to_item, to_value

BLOCK = 100
OBJECTS = "OBJECT"
"""One number space for invoices and works papers: the public API mixes their ids."""
FLUX = "FLUX"
WORKS_FILES = "WORKS_FILE"
CONTRACTS = "CONTRACT"
ATTACHMENTS = "ATTACHMENT"
STRUCTURES = "STRUCTURE"
KEYED = "KEYED"
"""Numbers of invoices that the platform numbers itself."""

FIRST = {
    OBJECTS: 1_000_000,
    FLUX: 1,
    KEYED: 1,
    WORKS_FILES: 300_000_000,
    CONTRACTS: 400_000_000,
    ATTACHMENTS: 500_000_000,
    STRUCTURES: 200_000_000,
}
"""Where each space starts: distinct, so that an id taken for another shows at once."""
LARGEST = 2**31 - 1
"""Ids fit 31 bits: clients decode them as signed 32-bit integers."""
NO_IDS = (FLUX, KEYED)
"""Spaces whose numbers travel as texts."""


@dataclass
class _Block:
    next: int
    end: int


_blocks: dict[str, _Block] = {}


class NumbersExhausted(RuntimeError):
    """A number space has reached 31 bits."""


def next_number(kind: str) -> int:
    """A number of the space ``kind`` that nobody has had; one call to the table per hundred numbers."""
    block = _blocks.get(kind)
    if block is None or block.next >= block.end:
        block = _reserve(kind)
        _blocks[kind] = block
    number = block.next
    block.next += 1
    return number


@contextmanager
def numbered_from(first: Mapping[str, int]) -> Iterator[None]:
    """Give numbers from ``first`` on, by kind, instead of the hub's own: what is written has numbers known before."""
    held = dict(_blocks)
    _blocks.update({kind: _Block(number, number + BLOCK) for kind, number in first.items()})
    try:
        yield
    finally:
        _blocks.clear()
        _blocks.update(held)


def _reserve(kind: str) -> _Block:
    answer = client("dynamodb").update_item(
        TableName=settings().ledger_table,
        Key=to_item(keys.counter(kind)),
        UpdateExpression="ADD given :block",
        ExpressionAttributeValues={":block": to_value(BLOCK)},
        ReturnValues="UPDATED_NEW",
    )
    end = FIRST[kind] + int(answer["Attributes"]["given"]["N"])
    if kind not in NO_IDS and end > LARGEST:
        raise NumbersExhausted(f"the number space {kind} has reached 31 bits")
    return _Block(end - BLOCK, end)


def forget_blocks() -> None:
    """Give up the numbers that this process holds (tests and restores)."""
    _blocks.clear()
