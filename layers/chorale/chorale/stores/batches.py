"""Rows read and written many at a time; what DynamoDB left undone is asked for again, later each time.

A batch answers that it did a part of it when the table is busy: asking at once for the rest keeps it busy
(AWS, "Error handling with DynamoDB": exponential backoff).
"""

import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

from chorale.stores.aws import client, from_item, to_item
from chorale.stores.keys import Key

READ_AT_ONCE = 100
"""Rows that one BatchGetItem takes."""
WRITE_AT_ONCE = 25
"""Rows that one BatchWriteItem takes."""
TRIES = 8
"""Asked so often without any row done, a batch is given up: about six seconds."""
FIRST_PAUSE = 0.05
"""Seconds before the second try; doubled each time, with jitter."""


class BatchUnfinished(RuntimeError):
    """The table did not take the rest of a batch: the caller's own work is tried again."""


def pause(attempt: int, first: float = FIRST_PAUSE) -> None:
    """Wait after the ``attempt`` that failed (counted from 0): twice as long each time, half of it by chance."""
    time.sleep(first * 2**attempt * (0.5 + random.random()))  # noqa: S311 - jitter, not a secret


def read(table: str, wanted: Sequence[Key], *, consistent: bool = False) -> Iterator[dict[str, Any]]:
    """The rows with the keys ``wanted``, each once and in any order; those that do not exist are left out.

    Raises BatchUnfinished.
    """
    for start in range(0, len(wanted), READ_AT_ONCE):
        asked = [to_item(dict(key)) for key in wanted[start : start + READ_AT_ONCE]]
        attempt = 0
        while asked:
            answer = client("dynamodb").batch_get_item(
                RequestItems={table: {"Keys": asked, "ConsistentRead": consistent}}
            )
            yield from map(from_item, answer["Responses"].get(table, []))
            left = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
            attempt = _next_attempt(attempt, asked, left)
            asked = left


def write(table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Put ``rows``, no two with one key; raises BatchUnfinished when a part of them could not be."""
    for start in range(0, len(rows), WRITE_AT_ONCE):
        asked = [{"PutRequest": {"Item": to_item(row)}} for row in rows[start : start + WRITE_AT_ONCE]]
        attempt = 0
        while asked:
            answer = client("dynamodb").batch_write_item(RequestItems={table: asked})
            left = answer.get("UnprocessedItems", {}).get(table, [])
            attempt = _next_attempt(attempt, asked, left)
            asked = left


def _next_attempt(attempt: int, asked: Sequence[Any], left: Sequence[Any]) -> int:
    """Wait before what is ``left`` is asked for again; what gets on begins with short pauses again."""
    if not left:
        return 0
    if len(left) < len(asked):
        attempt = 0
    if attempt == TRIES - 1:
        raise BatchUnfinished(f"{len(left)} rows of a batch were not done")
    pause(attempt)
    return attempt + 1
