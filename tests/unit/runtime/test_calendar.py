"""French public holidays, against their definition."""

from datetime import date, timedelta

import pytest
from chorale.runtime.calendar import is_public_holiday

FIXED = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
"""Code du travail L3133-1: month and day."""
AFTER_EASTER = (1, 39, 50)
"""Easter Monday, Ascension, Whit Monday: days after Easter Sunday."""


def easter(year: int) -> date:
    """Easter Sunday (Meeus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@pytest.mark.parametrize("year", range(2015, 2041))
def test_a_year_has_its_eleven_holidays_and_no_other(year: int) -> None:
    expected = {date(year, month, day) for month, day in FIXED}
    expected |= {easter(year) + timedelta(days=days) for days in AFTER_EASTER}
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    assert {day for day in days if day.year == year and is_public_holiday(day)} == expected
