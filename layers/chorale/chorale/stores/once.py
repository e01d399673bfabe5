"""What a request with an ``Idempotency-Key`` has made, written in the transaction that makes it.

The answer that ``replay`` keeps is written after the act: a process that dies between the two has done it and not said
so. The row here stands or falls with the act, and whoever sends the request again is answered from it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from chorale.domain.errors import ReplayOfAnother
from chorale.domain.once import Once
from chorale.runtime.codec import plain, restore
from chorale.runtime.settings import settings
from chorale.stores import keys, transactions
from chorale.stores.aws import client, from_item, to_item

KEPT = timedelta(days=1)
"""How long a request is known by its key: longer than any client tries again by itself."""

T = TypeVar("T")


class MadeMeanwhile(Exception):
    """The same request made it at the same moment: read what."""


def made(once: Once | None, kind: type[T], now: datetime) -> T | None:
    """What the request made before; None when it has no key or made nothing.

    Raises ReplayOfAnother when the key came with another body.
    """
    if once is None:
        return None
    answer = client("dynamodb").get_item(
        TableName=settings().technical_table, Key=to_item(dict(keys.once(once.key))), ConsistentRead=True
    )
    row = from_item(answer["Item"]) if "Item" in answer else None
    if row is None or int(row["expires_at"]) <= now.timestamp():
        return None
    if row["body"] != once.body:
        raise ReplayOfAnother(
            "Cette Idempotency-Key a déjà servi avec un autre corps de requête : prenez une nouvelle clé par demande."
        )
    return restore(kind, row["made"])


def write(entries: Sequence[dict[str, Any]], once: Once | None, made: object, now: datetime) -> None:
    """Write ``entries`` in one transaction with the note that the request made ``made``.

    Raises MadeMeanwhile when there is such a note, TransactionRefused for any other condition.
    """
    noted = [_entry(once, made, now)] if once else []
    try:
        transactions.write([*entries, *noted])
    except transactions.TransactionRefused as refused:
        if noted and len(entries) in refused.failed:
            raise MadeMeanwhile from refused
        raise


def _entry(once: Once, made: object, now: datetime) -> dict[str, Any]:
    row = keys.once(once.key) | {
        "body": once.body,
        "made": plain(made),
        "expires_at": int((now + KEPT).timestamp()),
    }
    return {
        "Put": {
            "TableName": settings().technical_table,
            "Item": to_item(row),
            # A row that is too old may stand for days until DynamoDB removes it.
            "ConditionExpression": "attribute_not_exists(pk) OR expires_at <= :now",
            "ExpressionAttributeValues": to_item({":now": int(now.timestamp())}),
        }
    }
