"""State that may be lost: the simulated clock."""

from datetime import timedelta

from chorale.runtime import clock
from chorale.runtime.settings import settings
from chorale.stores import keys
from chorale.stores.aws import client, from_item, to_item


def refresh_clock() -> None:
    """Set this process's clock to the hub's; does nothing where the clock is not simulated."""
    if not settings().simulated_clock:
        return
    answer = client("dynamodb").get_item(TableName=settings().technical_table, Key=to_item(dict(keys.CLOCK)))
    row = from_item(answer["Item"]) if "Item" in answer else {}
    clock.move(timedelta(seconds=int(row.get("offset_seconds", 0))))
