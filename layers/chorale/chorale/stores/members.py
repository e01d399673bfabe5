"""Rows of the Ledger by which a party finds what is its business: a contract, a paper, a task that it owes."""

from typing import Any

from chorale.runtime.settings import settings
from chorale.stores.aws import to_item
from chorale.stores.keys import Key


def unlisted(key: Key) -> dict[str, Any]:
    """The entry after which the party does not find it any more.

    The row leaves the index and stays without it: no function may delete what stands beside a history.
    """
    return {
        "Update": {
            "TableName": settings().ledger_table,
            "Key": to_item(dict(key)),
            "UpdateExpression": "REMOVE member_pk, member_sk, summary",
        }
    }
