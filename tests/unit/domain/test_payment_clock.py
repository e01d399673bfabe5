"""The payment delay of works payments: rules 4 (one interruption) and 5 (start and length), CCP R2192-10 to -29."""

from datetime import UTC, date, datetime, timedelta

import pytest
from chorale.domain.dates import paris_day
from chorale.domain.errors import ActImpossible
from chorale.domain.works.payment_clock import (
    ClockKind,
    PayerKind,
    PaymentClock,
    interrupt_clock,
    pay_clock,
    resume_clock,
    start_clock,
)
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
PAYERS = st.sampled_from(PayerKind)
KINDS = st.sampled_from(ClockKind)


def clock(payer: PayerKind = PayerKind.GENERAL, start: datetime = NOON) -> PaymentClock:
    """A progress payment's delay."""
    return start_clock(ClockKind.PROGRESS, payer.days, start)


def after(days: float) -> datetime:
    """A moment some days after the start."""
    return NOON + timedelta(days=days)


# Rule 5: when it starts and how long it is


@pytest.mark.parametrize(
    ("payer", "days", "due_on"),
    [
        (PayerKind.GENERAL, 30, date(2026, 4, 1)),
        (PayerKind.HEALTH, 50, date(2026, 4, 21)),
        (PayerKind.UNDERTAKING, 60, date(2026, 5, 1)),
    ],
)
@pytest.mark.parametrize("kind", ClockKind)
def test_rule_5_the_delay_is_as_long_as_the_kind_of_payer_says(
    payer: PayerKind, days: int, due_on: date, kind: ClockKind
) -> None:
    made = start_clock(kind, payer.days, NOON)
    assert (made.kind, made.days, made.due_on) == (kind, days, due_on)
    assert payer.days == days


def test_rule_5_payment_days_do_not_move_to_a_working_day() -> None:
    assert clock(PayerKind.UNDERTAKING).due_on == date(2026, 5, 1), "a holiday stays the last day"
    assert clock(start=datetime(2026, 3, 6, 11, tzinfo=UTC)).due_on == date(2026, 4, 5), "Easter Sunday too"


@pytest.mark.parametrize(
    ("start", "due_on"),
    [
        # Half past eleven in the evening of the 2nd in Paris, and half past midnight of the 3rd.
        ("2026-03-02T22:30:00+00:00", date(2026, 4, 1)),
        ("2026-03-02T23:30:00+00:00", date(2026, 4, 2)),
        # In summer Paris is two hours ahead; the nights of the changes of time count one day each.
        ("2026-07-01T22:30:00+00:00", date(2026, 8, 1)),
        ("2026-03-28T23:30:00+00:00", date(2026, 4, 28)),
        ("2026-10-24T22:30:00+00:00", date(2026, 11, 24)),
    ],
)
def test_rule_5_the_day_of_the_start_is_a_day_of_paris_and_does_not_count(start: str, due_on: date) -> None:
    assert clock(start=datetime.fromisoformat(start)).due_on == due_on


def test_rule_5_a_paper_sent_again_has_a_new_delay_and_keeps_its_first_day_in_sight() -> None:
    again = start_clock(ClockKind.PROGRESS, PayerKind.GENERAL.days, after(12), NOON)
    assert again.due_on == date(2026, 4, 13)
    assert again.first_started_at == NOON
    assert clock().first_started_at == clock().started_at == NOON


# Rule 4: one interruption


def test_rule_4_an_interrupted_delay_has_no_end_and_keeps_reasons_and_missing_pieces() -> None:
    held = interrupt_clock(clock(), after(10), "pièces manquantes", ("attestation", "RIB"))
    assert held.is_interrupted
    assert held.due_on is None
    assert (held.interrupted_at, held.reason) == (after(10), "pièces manquantes")
    assert held.missing == ("attestation", "RIB")
    assert held.started_at == held.first_started_at == NOON


@pytest.mark.parametrize(
    ("payer", "interrupted_after", "resumed_after", "due_on"),
    [
        # 20 of 30 days were left: a new period of 30 days.
        (PayerKind.GENERAL, 10, 20, date(2026, 4, 21)),
        # 45 of 50 were left, more than 30: these.
        (PayerKind.HEALTH, 5, 15, date(2026, 5, 1)),
        # 55 of 60, and the limit where 30 are left, then 29.
        (PayerKind.UNDERTAKING, 5, 5, date(2026, 5, 1)),
        (PayerKind.UNDERTAKING, 30, 40, date(2026, 5, 11)),
        (PayerKind.UNDERTAKING, 29, 40, date(2026, 5, 12)),
        (PayerKind.UNDERTAKING, 31, 40, date(2026, 5, 11)),
        # On the first day, the whole delay is left.
        (PayerKind.HEALTH, 0, 0, date(2026, 4, 21)),
        # On the last day nothing is left: 30 days.
        (PayerKind.GENERAL, 30, 31, date(2026, 5, 2)),
    ],
)
def test_rule_4_once_all_is_there_thirty_days_run_or_what_was_left_if_more(
    payer: PayerKind, interrupted_after: int, resumed_after: int, due_on: date
) -> None:
    held = interrupt_clock(clock(payer), after(interrupted_after), "motif", ("pièce",))
    running = resume_clock(held, after(resumed_after))
    assert not running.is_interrupted
    assert running.due_on == due_on


def test_rule_4_the_delay_is_interrupted_once_only() -> None:
    held = interrupt_clock(clock(), after(3), "motif", ("pièce",))
    assert clock().can_be_interrupted
    assert not held.can_be_interrupted
    for one in (held, resume_clock(held, after(8))):
        with pytest.raises(ActImpossible, match="déjà été interrompu"):
            interrupt_clock(one, after(9), "encore", ("autre",))


def test_rule_4_what_is_paid_is_not_interrupted() -> None:
    paid = pay_clock(clock(), after(20))
    assert not paid.can_be_interrupted
    with pytest.raises(ActImpossible, match="paiement est fait"):
        interrupt_clock(paid, after(21), "motif", ("pièce",))


def test_rule_4_only_what_is_interrupted_resumes() -> None:
    held = interrupt_clock(clock(), after(3), "motif", ("pièce",))
    for one in (clock(), resume_clock(held, after(8))):
        with pytest.raises(ActImpossible, match="n'est pas interrompu"):
            resume_clock(one, after(9))


def test_the_first_payment_counts() -> None:
    paid = pay_clock(pay_clock(clock(), after(20)), after(25))
    assert paid.paid_at == after(20)
    assert paid.due_on == clock().due_on


@given(KINDS, PAYERS, MOMENTS)
def test_a_delay_that_was_never_interrupted_has_as_many_days_as_its_payer_has(
    kind: ClockKind, payer: PayerKind, start: datetime
) -> None:
    due_on = start_clock(kind, payer.days, start).due_on
    assert due_on is not None
    assert (due_on - paris_day(start)).days == payer.days


@given(PAYERS, MOMENTS, st.integers(0, 60), st.integers(0, 400))
def test_rule_4_no_interruption_shortens_the_delay_or_leaves_less_than_thirty_days(
    payer: PayerKind, start: datetime, interrupted_after: int, then: int
) -> None:
    first = clock(payer, start)
    at = start + timedelta(days=min(interrupted_after, payer.days - 1))
    back = at + timedelta(days=then)
    due_on = resume_clock(interrupt_clock(first, at, "motif", ("pièce",)), back).due_on
    assert due_on is not None
    assert first.due_on is not None
    assert (due_on - paris_day(back)).days >= 30
    assert due_on >= first.due_on


def test_rule_4_a_delay_that_has_run_out_is_not_interrupted_any_more() -> None:
    late = start_clock(ClockKind.PROGRESS, PayerKind.GENERAL.days, datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert not late.has_run_out(datetime(2026, 4, 1, 20, tzinfo=UTC))
    with pytest.raises(ActImpossible, match="intérêts"):
        interrupt_clock(late, datetime(2026, 4, 2, 9, tzinfo=UTC), "trop tard", ("pièce",))
