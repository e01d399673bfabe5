"""Times are UTC inside; days are days of Paris where the law or a person counts them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
EARLIEST, LATEST = datetime(1000, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
"""What criteria are held within: clients send the years 1 and 9999 for a period without end; sums overflow there."""


def paris_day(moment: datetime) -> date:
    """The day in Paris at ``moment`` (an aware time)."""
    return moment.astimezone(PARIS).date()


def utc(moment: datetime) -> datetime:
    """``moment`` (an aware time) in UTC."""
    return moment.astimezone(UTC)


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, which one client demands and all others take."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def within_calendar(moment: datetime) -> datetime:
    """``moment`` (an aware time) in UTC, moved into ``EARLIEST`` to ``LATEST``."""
    try:
        return min(max(moment.astimezone(UTC), EARLIEST), LATEST)
    except OverflowError:
        # The hours of its zone carry it over the first or the last year of the calendar.
        return EARLIEST if moment.year <= EARLIEST.year else LATEST


def first_moment(day: date) -> datetime:
    """When ``day`` begins in Paris, in UTC."""
    return within_calendar(datetime.combine(day, time(), PARIS))


def last_moment(day: date) -> datetime:
    """When the day after ``day`` begins in Paris, in UTC."""
    return first_moment(day + timedelta(days=1)) if day < LATEST.date() else LATEST
