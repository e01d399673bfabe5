"""Interest for paying late (L2192-13, R2192-31, -32, -36, D2192-35), worked out by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from chorale.domain.works.interest import ECB_RATES, FLAT_SUM, POINTS_ABOVE, interest, rate_for
from hypothesis import given
from hypothesis import strategies as st

AMOUNTS = st.decimals(Decimal("0.01"), Decimal(100_000_000), places=2)
DAYS = st.dates(date(2013, 1, 1), date(2025, 12, 31))
LAST = max(ECB_RATES)


@pytest.mark.parametrize(
    ("amount", "due_on", "until", "days", "rate", "owed"),
    [
        # 12,000 x 10.15 % x 10 / 365: a delay that ended on 10 September 2025, paid on the 20th.
        ("12000", "2025-09-10", "2025-09-20", 10, "10.15", "33.37"),
        # The first day late, and it is the day of the payment.
        ("10000", "2023-03-01", "2023-03-02", 1, "10.50", "2.88"),
        # A whole year, and a leap year, which has a day more of interest but the same divisor.
        ("10000", "2018-12-31", "2019-12-31", 365, "8.00", "800.00"),
        ("10000", "2019-12-31", "2020-12-31", 366, "8.00", "802.19"),
        # 2.28125 x 8 % x 10 / 365 is exactly half a cent, which goes up.
        ("2.28125", "2018-01-31", "2018-02-10", 10, "8.00", "0.01"),
    ],
)
def test_what_is_owed(amount: str, due_on: str, until: str, days: int, rate: str, owed: str) -> None:
    found = interest(Decimal(amount), date.fromisoformat(due_on), date.fromisoformat(until))
    assert found is not None
    assert (found.days, found.rate, found.amount) == (days, Decimal(rate), Decimal(owed))
    assert found.amount.as_tuple().exponent == -2, "euros and cents"
    assert found.flat_sum == FLAT_SUM == Decimal(40)
    assert found.rate_is_known


@pytest.mark.parametrize("until", ["2025-09-10", "2025-09-09", "2024-01-01"])
def test_who_pays_on_the_last_day_or_before_owes_nothing(until: str) -> None:
    assert interest(Decimal(12_000), date(2025, 9, 10), date.fromisoformat(until)) is None


@pytest.mark.parametrize(
    ("due_on", "rate"),
    [("2022-12-30", "8.00"), ("2022-12-31", "10.50"), ("2023-06-29", "10.50"), ("2023-06-30", "12.00")],
)
def test_the_rate_is_that_of_the_half_year_in_which_interest_began_to_run(due_on: str, rate: str) -> None:
    # Interest runs from the day after; later half-years do not change its rate.
    found = interest(Decimal(1_000), date.fromisoformat(due_on), date(2025, 12, 31))
    assert found is not None
    assert found.rate == Decimal(rate)


@pytest.mark.parametrize("start", sorted(ECB_RATES))
def test_each_half_year_has_the_rate_of_its_first_day_plus_eight_points(start: date) -> None:
    end = date(start.year, 6, 30) if start.month == 1 else date(start.year, 12, 31)
    assert rate_for(start) == rate_for(end) == (Decimal(ECB_RATES[start]) + POINTS_ABOVE, True)


def test_the_table_has_every_half_year_from_2013_on() -> None:
    starts = [date(year, month, 1) for year in range(2013, LAST.year + 1) for month in (1, 7)]
    assert sorted(ECB_RATES) == [start for start in starts if start <= LAST]


def test_a_half_year_that_is_not_known_takes_the_last_one_and_says_so() -> None:
    later = date(LAST.year + 2, 3, 1)
    assert rate_for(later) == (rate_for(LAST)[0], False)
    found = interest(Decimal(1_000), later, later + timedelta(days=5))
    assert found is not None
    assert not found.rate_is_known


def test_before_the_table_its_first_rate_is_taken_and_said_to_be_unknown() -> None:
    assert rate_for(date(2012, 12, 31)) == (Decimal("8.75"), False)


@given(AMOUNTS, DAYS, st.integers(1, 2_000))
def test_interest_is_the_formula_to_the_cent(amount: Decimal, due_on: date, late: int) -> None:
    found = interest(amount, due_on, due_on + timedelta(days=late))
    assert found is not None
    exact = amount * found.rate * late / Decimal(36_500)
    assert abs(found.amount - exact) <= Decimal("0.005")
    assert found.days == late


@given(AMOUNTS, DAYS, st.integers(1, 2_000))
def test_waiting_another_day_never_costs_less(amount: Decimal, due_on: date, late: int) -> None:
    one, more = (interest(amount, due_on, due_on + timedelta(days=n)) for n in (late, late + 1))
    assert one is not None
    assert more is not None
    assert more.amount >= one.amount
