"""Days are days of Paris: what a person there calls today."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from chorale.domain.dates import paris_day, utc
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        # Winter: Paris is an hour ahead.
        ("2026-01-14T22:59:59+00:00", date(2026, 1, 14)),
        ("2026-01-14T23:00:00+00:00", date(2026, 1, 15)),
        # Summer: two hours.
        ("2026-07-14T21:59:59+00:00", date(2026, 7, 14)),
        ("2026-07-14T22:00:00+00:00", date(2026, 7, 15)),
        # The night that has no two o'clock (29 March 2026), and the one that has it twice (25 October 2026).
        ("2026-03-28T22:59:59+00:00", date(2026, 3, 28)),
        ("2026-03-28T23:00:00+00:00", date(2026, 3, 29)),
        ("2026-03-29T21:59:59+00:00", date(2026, 3, 29)),
        ("2026-03-29T22:00:00+00:00", date(2026, 3, 30)),
        ("2026-10-24T22:00:00+00:00", date(2026, 10, 25)),
        ("2026-10-25T00:30:00+00:00", date(2026, 10, 25)),
        ("2026-10-25T01:30:00+00:00", date(2026, 10, 25)),
        ("2026-10-25T22:59:59+00:00", date(2026, 10, 25)),
        ("2026-10-25T23:00:00+00:00", date(2026, 10, 26)),
        # The new year comes to Paris first.
        ("2026-12-31T23:00:00+00:00", date(2027, 1, 1)),
        # Whatever the zone the moment is told in.
        ("2026-01-15T08:00:00+14:00", date(2026, 1, 14)),
    ],
)
def test_the_day_in_paris(moment: str, day: date) -> None:
    assert paris_day(datetime.fromisoformat(moment)) == day


@given(st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2090, 1, 1)))
def test_the_day_in_paris_is_that_of_utc_or_the_next(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC)
    assert paris_day(moment) - moment.date() in (timedelta(0), timedelta(days=1))


def test_a_moment_told_in_another_zone_is_the_same_moment_in_utc() -> None:
    moment = datetime(2026, 7, 14, 12, 0, tzinfo=timezone(timedelta(hours=-4)))
    assert utc(moment) == moment
    assert utc(moment).isoformat() == "2026-07-14T16:00:00+00:00"
