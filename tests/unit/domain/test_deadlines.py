"""The law's days: how they are counted, and what each deadline is under each CCAG."""

from datetime import UTC, date, datetime, timedelta

import pytest
from chorale.domain.dates import PARIS, paris_day
from chorale.domain.deadlines import (
    BY_CCAG,
    LAW,
    Ccag,
    DayCount,
    DeadlineKind,
    Silence,
    deadline,
    end_of_days,
    row_for,
)
from chorale.runtime.calendar import is_public_holiday
from hypothesis import given
from hypothesis import strategies as st

K = DeadlineKind


def nothing(_day: date) -> bool:
    """No holiday at all."""
    return False


def at(text: str) -> datetime:
    """A moment of Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "days", "counted", "ends"),
    [
        ("2026-03-02T09:00", 15, DayCount.CCP, "2026-03-18T00:00"),
        ("2026-03-02T23:59", 15, DayCount.CCP, "2026-03-18T00:00"),
        ("2026-03-02T00:00", 15, DayCount.CCP, "2026-03-18T00:00"),
        # The last day is Saturday 7 March: the law's days do not move, a CCAG's end on Monday.
        ("2026-02-28T09:00", 7, DayCount.CCP, "2026-03-08T00:00"),
        ("2026-02-28T09:00", 7, DayCount.CCAG, "2026-03-10T00:00"),
        # Friday 1 May is a holiday, then comes a week-end: Monday 4 May.
        ("2026-04-24T09:00", 7, DayCount.CCAG, "2026-05-05T00:00"),
        # Easter Monday.
        ("2026-03-30T09:00", 7, DayCount.CCAG, "2026-04-08T00:00"),
        # The nights when clocks change last 23 and 25 hours.
        ("2026-03-27T12:00", 2, DayCount.CCP, "2026-03-30T00:00"),
        ("2026-10-23T12:00", 2, DayCount.CCP, "2026-10-26T00:00"),
    ],
)
def test_days_are_counted_from_the_next_one_to_the_end_of_the_last(
    start: str, days: int, counted: DayCount, ends: str
) -> None:
    assert end_of_days(at(start), days, counted, is_public_holiday) == at(ends)


DAYS = {
    Ccag.CCAG_2021: {K.MOE_PROGRESS: 7, K.OBJECTION: 30, K.FINAL_PROJECT: 30, K.GENERAL_ACCOUNT: 30,
                     K.CONTRACTOR_ANSWER: 30, K.CLAIM_ANSWER: 30, K.TACIT_MOA: 10},
    Ccag.CCAG_2009_2014: {K.MOE_PROGRESS: 7, K.OBJECTION: 30, K.FINAL_PROJECT: 30, K.GENERAL_ACCOUNT: 30,
                          K.CONTRACTOR_ANSWER: 30, K.CLAIM_ANSWER: 30, K.TACIT_MOA: 10},
    Ccag.CCAG_2009: {K.MOE_PROGRESS: 7, K.OBJECTION: 30, K.FINAL_PROJECT: 45, K.GENERAL_ACCOUNT: 40,
                     K.CONTRACTOR_ANSWER: 45, K.CLAIM_ANSWER: 45},
    Ccag.NONE: {},
}  # fmt: skip


@pytest.mark.parametrize("ccag", Ccag)
@pytest.mark.parametrize("kind", DeadlineKind)
def test_each_deadline_is_what_the_contracts_terms_say(kind: DeadlineKind, ccag: Ccag) -> None:
    row = row_for(kind, ccag)
    law = {K.SOUS_TRAITANT_VALIDATION: 15, K.SECOND_VALIDATION: 15}
    assert (row.days if row else None) == (DAYS[ccag] | law).get(kind)
    if row is not None:
        assert row.article
        assert row.starts
        assert row.silence.sentence
        assert list(row.reminders) == sorted(row.reminders, reverse=True)
        assert all(row.days is not None and days < row.days for days in row.reminders)
        assert row.counted is (DayCount.CCP if kind in LAW else DayCount.CCAG)


def test_silence_never_validates_for_the_moe_the_moa_or_a_mandataire() -> None:
    for ccag in Ccag:
        for kind in (K.MOE_PROGRESS, K.MOA_PROGRESS, K.VISA):
            row = row_for(kind, ccag)
            assert row is None or row.silence in (Silence.ALERTS, Silence.NONE)


def test_a_contract_may_set_other_days_but_not_the_laws() -> None:
    start = at("2026-03-02T09:00")
    longer = deadline(K.GENERAL_ACCOUNT, Ccag.CCAG_2021, {"DECOMPTE_GENERAL": 40}, start, nothing)
    assert longer == end_of_days(start, 40, DayCount.CCAG, nothing)
    same = deadline(K.SOUS_TRAITANT_VALIDATION, Ccag.CCAG_2021, {"VALIDATION_SOUS_TRAITANT": 40}, start, nothing)
    assert same == end_of_days(start, 15, DayCount.CCP, nothing)


@pytest.mark.parametrize("kind", [K.VISA, K.MOA_PROGRESS, K.TACIT_PAPER, K.GENERAL_PROJECT])
def test_what_has_no_end_of_its_own_has_none(kind: DeadlineKind) -> None:
    assert deadline(kind, Ccag.CCAG_2021, {}, at("2026-03-02T09:00"), nothing) is None


def test_only_a_ccag_that_knows_it_has_the_tacit_account() -> None:
    assert [ccag for ccag in Ccag if K.TACIT_MOA in BY_CCAG[ccag]] == [Ccag.CCAG_2021, Ccag.CCAG_2009_2014]


@given(
    start=st.datetimes(datetime(2015, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    days=st.integers(1, 120),
    counted=st.sampled_from(DayCount),
)
def test_a_deadline_is_a_midnight_of_paris_and_never_too_short(start: datetime, days: int, counted: DayCount) -> None:
    end = end_of_days(start, days, counted, is_public_holiday)
    there = end.astimezone(PARIS)
    assert (there.hour, there.minute, there.second, there.microsecond) == (0, 0, 0, 0)
    last = paris_day(end) - timedelta(days=1)
    assert (last - paris_day(start)).days >= days
    if counted is DayCount.CCAG:
        assert last.weekday() < 5
        assert not is_public_holiday(last)
        assert (last - paris_day(start)).days <= days + 5
    else:
        assert (last - paris_day(start)).days == days
