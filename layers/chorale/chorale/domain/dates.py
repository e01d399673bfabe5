"""Times are UTC inside; days are days of Paris where the law or a person counts them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def paris_day(moment: datetime) -> date:
    """The day in Paris at ``moment`` (an aware time)."""
    return moment.astimezone(PARIS).date()


def utc(moment: datetime) -> datetime:
    """``moment`` (an aware time) in UTC."""
    return moment.astimezone(UTC)
