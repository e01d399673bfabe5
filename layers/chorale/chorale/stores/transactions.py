"""Transactions of the tables: all of it or nothing, and who stood in the way."""

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

from chorale.stores import batches
from chorale.stores.aws import client, error_code, from_item

CONFLICT = "TransactionConflict"
CONDITION = "ConditionalCheckFailed"
ENTRIES_AT_MOST = 100
"""Rows that one transaction takes."""
TRIES = 5
FIRST_PAUSE = 0.02
"""Seconds before the second try; doubled each time, with jitter."""


class TransactionRefused(Exception):
    """A condition did not hold: nothing was written.

    ``failed`` are the positions of the entries whose condition failed; ``items`` the rows that stood in the way, where
    the entry asked for them.
    """

    def __init__(self, reasons: Sequence[dict[str, Any]]) -> None:
        self.failed = tuple(place for place, reason in enumerate(reasons) if reason.get("Code") == CONDITION)
        self.items = {place: from_item(reason["Item"]) for place, reason in enumerate(reasons) if reason.get("Item")}
        super().__init__(f"conditions failed at {self.failed}")


def write(entries: Sequence[dict[str, Any]]) -> None:
    """Write ``entries`` (Put, Update, ...) in one transaction; raises TransactionRefused when a condition fails.

    Another transaction on the same rows at the same moment is waited for: the rows then say who won.
    """
    for attempt in range(TRIES):
        try:
            client("dynamodb").transact_write_items(TransactItems=list(entries))
        except ClientError as error:
            if error_code(error) != "TransactionCanceledException":
                raise
            reasons = error.response.get("CancellationReasons", [])
            codes = {reason.get("Code") for reason in reasons}
            if CONDITION in codes:
                raise TransactionRefused(reasons) from error
            if CONFLICT not in codes or attempt == TRIES - 1:
                raise
            batches.pause(attempt, FIRST_PAUSE)
        else:
            return
