"""The payment delay and its interest (rules 4 and 5 of the works chain; CCP R2192-10 to -36)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from chorale.domain.dates import paris_day
from chorale.domain.errors import ActImpossible
from chorale.domain.interest import ECB_RATES, interest, rate_for
from chorale.domain.payment_clock import (
    ClockKind,
    PayerKind,
    interrupt_clock,
    pay_clock,
    resume_clock,
    start_clock,
)
from hypothesis import given
from hypothesis import strategies as st

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def later(days: int) -> datetime:
    """``days`` after the start."""
    return START + timedelta(days=days)


def clock(kind: PayerKind = PayerKind.GENERAL):
    """A clock of a progress payment."""
    return start_clock(ClockKind.PROGRESS, kind, START)


@pytest.mark.parametrize(
    ("interrupted", "resumed", "due"),
    [
        # 25 days were left: the new period has 30.
        (5, 20, date(2026, 3, 22) + timedelta(days=30)),
        (29, 40, date(2026, 4, 11) + timedelta(days=30)),
    ],
)
def test_rule_4_a_new_period_of_thirty_days_opens(interrupted: int, resumed: int, due: date) -> None:
    running = resume_clock(interrupt_clock(clock(), later(interrupted), "x", ("y",)), later(resumed))
    assert running.due_on == due


def test_rule_4_or_what_was_left_at_notification_if_more() -> None:
    running = resume_clock(interrupt_clock(clock(PayerKind.UNDERTAKING), later(10), "x", ("y",)), later(20))
    assert running.due_on == paris_day(later(20)) + timedelta(days=50)


def test_rule_4_once_only_and_not_after_payment() -> None:
    stopped = interrupt_clock(clock(), later(1), "x", ("y",))
    assert stopped.due_on is None
    with pytest.raises(ActImpossible):
        interrupt_clock(stopped, later(2), "x", ("y",))
    with pytest.raises(ActImpossible):
        interrupt_clock(resume_clock(stopped, later(2)), later(3), "x", ("y",))
    with pytest.raises(ActImpossible):
        interrupt_clock(pay_clock(clock(), later(2)), later(3), "x", ("y",))
    with pytest.raises(ActImpossible):
        resume_clock(clock(), later(1))


def test_a_payment_counts_once() -> None:
    paid = pay_clock(clock(), later(3))
    assert pay_clock(paid, later(9)).paid_at == later(3)


@given(kind=st.sampled_from(PayerKind), stopped=st.integers(0, 100), pause=st.integers(0, 100))
def test_an_interruption_never_shortens_the_delay(kind: PayerKind, stopped: int, pause: int) -> None:
    before = clock(kind).due_on
    running = resume_clock(interrupt_clock(clock(kind), later(stopped), "x", ("y",)), later(stopped + pause))
    assert before is not None
    assert running.due_on is not None
    if stopped <= kind.days:
        assert running.due_on >= before
    assert (running.due_on - paris_day(later(stopped + pause))).days >= 30


def test_interest_runs_from_the_day_after_to_the_payment_included() -> None:
    owed = interest(Decimal("12000.00"), date(2025, 7, 10), date(2025, 7, 20))
    assert owed is not None
    assert (owed.days, owed.rate, owed.flat_sum) == (10, Decimal("10.15"), Decimal(40))
    assert owed.amount == Decimal("33.37"), "12 000 x 10.15 % x 10 / 365"
    assert owed.rate_is_known


@pytest.mark.parametrize("until", [date(2025, 7, 10), date(2025, 7, 9)])
def test_nothing_is_owed_on_time(until: date) -> None:
    assert interest(Decimal(12000), date(2025, 7, 10), until) is None


def test_the_rate_is_that_of_the_half_year_in_which_interest_begins() -> None:
    assert rate_for(date(2024, 6, 30))[0] == Decimal("12.50")
    assert rate_for(date(2024, 7, 1))[0] == Decimal("12.25")


def test_an_unknown_half_year_takes_the_last_known_one_and_says_so() -> None:
    last = max(ECB_RATES)
    rate, known = rate_for(last + timedelta(days=400))
    assert (rate, known) == (Decimal(ECB_RATES[last]) + 8, False)


def test_the_table_has_every_half_year_without_a_gap() -> None:
    starts = sorted(ECB_RATES)
    assert starts == [
        date(year, month, 1) for year in range(starts[0].year, starts[-1].year + 1) for month in (1, 7)
        if date(year, month, 1) <= starts[-1]
    ]  # fmt: skip
