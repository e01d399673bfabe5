"""State that may be lost: the simulated clock, and how far the watch has come."""

from datetime import datetime, timedelta

from chorale.runtime import clock
from chorale.runtime.settings import settings
from chorale.stores import keys
from chorale.stores.aws import client, from_item, to_item

FIRST_LOOK = timedelta(days=40)
"""How far back the first sweep of the watch looks: longer than any deadline whose silence has an effect."""


def refresh_clock() -> None:
    """Set this process's clock to the hub's; does nothing where the clock is not simulated."""
    if not settings().simulated_clock:
        return
    answer = client("dynamodb").get_item(TableName=settings().technical_table, Key=to_item(dict(keys.CLOCK)))
    row = from_item(answer["Item"]) if "Item" in answer else {}
    clock.move(timedelta(seconds=int(row.get("offset_seconds", 0))))


def swept_until(now: datetime) -> datetime:
    """Until when an earlier sweep has settled everything; never later than ``now``."""
    answer = client("dynamodb").get_item(TableName=settings().technical_table, Key=to_item(dict(keys.SWEPT)))
    if "Item" not in answer:
        return now - FIRST_LOOK
    return min(datetime.fromisoformat(from_item(answer["Item"])["until"]), now)


def set_swept(until: datetime) -> None:
    """Note that all that was due before ``until`` is settled."""
    item = to_item(dict(keys.SWEPT) | {"until": until.isoformat()})
    client("dynamodb").put_item(TableName=settings().technical_table, Item=item)
