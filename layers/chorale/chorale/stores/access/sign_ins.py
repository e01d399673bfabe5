"""Wrong secrets, counted by who gave them: what is kept is a digest of source and account, and numbers."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from chorale.domain.access.sign_ins import FORGOTTEN_AFTER, FREE_FOR_ACCOUNT, FREE_FOR_SOURCE, wait_after
from chorale.runtime.settings import settings
from chorale.stores import keys
from chorale.stores.aws import client, error_code, from_item, to_item


def _counts(account: str, source: str) -> tuple[tuple[keys.Key, int], ...]:
    return (
        (keys.sign_ins(_digest(source, account)), FREE_FOR_ACCOUNT),
        (keys.sign_ins(_digest(source)), FREE_FOR_SOURCE),
    )


def _digest(*names: str) -> str:
    return hashlib.sha256("\n".join(names).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a source did lately: until when it waits, and whether it gave a wrong secret for this very account."""

    waits: timedelta
    failed: bool


def standing(account: str, source: str, now: datetime) -> Standing:
    """How long ``source`` must wait until a secret that it gives for ``account`` is looked at."""
    longest, failed = timedelta(), False
    for key, free in _counts(account, source):
        answer = client("dynamodb").get_item(
            TableName=settings().technical_table, Key=to_item(dict(key)), ConsistentRead=True
        )
        row = from_item(answer["Item"]) if "Item" in answer else None
        if row and int(row["expires_at"]) > now.timestamp():
            until = datetime.fromisoformat(row["last_at"]) + wait_after(int(row["failures"]), free)
            longest = max(longest, until - now)
            failed |= free == FREE_FOR_ACCOUNT and int(row["failures"]) > 0
    return Standing(longest, failed)


def note_failure(account: str, source: str, now: datetime) -> None:
    """Count one wrong secret."""
    for key, _ in _counts(account, source):
        values = {":last_at": now.isoformat(), ":expires_at": int((now + FORGOTTEN_AFTER).timestamp()), ":one": 1}
        kept = "SET last_at = :last_at, expires_at = :expires_at"
        try:
            _update(key, f"{kept} ADD failures :one", "expires_at > :now", values | {":now": int(now.timestamp())})
        except ClientError as error:
            if error_code(error) != "ConditionalCheckFailedException":
                raise
            # The first one, or the first after all was forgotten.
            _update(key, f"{kept}, failures = :one", "", values)


def forgive(account: str, source: str) -> None:
    """The right secret came: what ``source`` gave wrong for ``account`` is forgotten, not what it gave for others."""
    key, _ = _counts(account, source)[0]
    _update(key, "SET failures = :none", "", {":none": 0})


def _update(key: keys.Key, expression: str, condition: str, values: dict[str, object]) -> None:
    client("dynamodb").update_item(
        TableName=settings().technical_table,
        Key=to_item(dict(key)),
        UpdateExpression=expression,
        ExpressionAttributeValues=to_item(values),
        **({"ConditionExpression": condition} if condition else {}),
    )
