"""Public holidays of metropolitan France, against the eleven days of the code du travail (L3133-1)."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from chorale.runtime.calendar import is_public_holiday
from hypothesis import given
from hypothesis import strategies as st

YEARS = range(2020, 2036)
FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
AFTER_EASTER = (1, 39, 50)
"""Easter Monday, Ascension, Whit Monday."""


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    century, of_century = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    shift = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def holidays_of(year: int) -> set[date]:
    """The eleven days of L3133-1."""
    days = {date(year, month, day) for month, day in FIXED}
    return days | {easter(year) + timedelta(days=after) for after in AFTER_EASTER}


@pytest.mark.parametrize(
    ("year", "day"),
    [(2020, "2020-04-12"), (2024, "2024-03-31"), (2026, "2026-04-05"), (2027, "2027-03-28"), (2035, "2035-03-25")],
)
def test_the_easter_that_the_years_are_held_against_is_right(year: int, day: str) -> None:
    assert easter(year).isoformat() == day


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_a_year_is_told_right(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    assert {day for day in days if day.year == year and is_public_holiday(day)} == holidays_of(year)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_any_day_is_a_holiday_if_the_code_du_travail_says_so(day: date) -> None:
    assert is_public_holiday(day) is (day in holidays_of(day.year))


@pytest.mark.parametrize(
    ("day", "name"),
    [(easter(2026) - timedelta(days=2), "Good Friday"), (date(2026, 12, 26), "Saint Stephen's day")],
)
def test_days_that_only_alsace_and_moselle_keep_are_not_counted(day: date, name: str) -> None:
    assert not is_public_holiday(day), name


def test_ascension_on_the_first_of_may_is_one_holiday() -> None:
    assert len(holidays_of(2008)) == 10
    days = [date(2008, 1, 1) + timedelta(days=n) for n in range(366)]
    assert {day for day in days if is_public_holiday(day)} == holidays_of(2008)


def test_the_calendar_is_loaded_when_a_day_is_asked_for() -> None:
    program = (
        "import sys, datetime; from chorale.runtime.calendar import is_public_holiday\n"
        "assert 'holidays' not in sys.modules\n"
        "assert is_public_holiday(datetime.date(2026, 7, 14))\n"
        "assert 'holidays' in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
