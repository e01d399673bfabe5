"""Calls of an application in the current minute."""

from datetime import datetime, timedelta

from chorale.domain.errors import TooManyRequests
from chorale.runtime.settings import settings
from chorale.stores import keys
from chorale.stores.aws import client, from_item, to_item

MINUTE = timedelta(minutes=1)
KEPT = timedelta(hours=1)
"""How long a count is kept: for who asks what an application did."""


def take(application: str, now: datetime) -> None:
    """Count one call; raises TooManyRequests, with the seconds until the next minute, when the quota is used up.

    One atomic addition per call: every container of every function counts on the same row.
    """
    limit = settings().calls_per_minute
    if not limit:
        return
    minute = now.replace(second=0, microsecond=0)
    answer = client("dynamodb").update_item(
        TableName=settings().technical_table,
        Key=to_item(dict(keys.quota(application, minute))),
        UpdateExpression="ADD calls :one SET expires_at = :expires_at",
        ExpressionAttributeValues=to_item({":one": 1, ":expires_at": int((minute + KEPT).timestamp())}),
        ReturnValues="UPDATED_NEW",
    )
    if int(from_item(answer["Attributes"])["calls"]) > limit:
        seconds = max(1, round((minute + MINUTE - now).total_seconds()))
        raise TooManyRequests(
            f"Quota dépassé : {limit} appels par minute et par application. Réessayez dans {seconds} s.", seconds
        )
