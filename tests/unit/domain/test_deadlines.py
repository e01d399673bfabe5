"""The deadlines of the works chain: the table, and how days are counted in Paris (rule 10)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from chorale.domain.dates import PARIS, paris_day
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.works.actors import ChainActor
from chorale.domain.works.deadlines import (
    BY_CCAG,
    LAW,
    SILENCES,
    Ccag,
    DayCount,
    DeadlineKind,
    DeadlineRow,
    Silence,
    deadline,
    end_of_days,
    row_for,
)
from chorale.domain.works.owed import next_reminder
from chorale.domain.works.payment_clock import PAYMENT_DAYS
from chorale.domain.works.tasks import Task, TaskKind
from chorale.runtime.calendar import is_public_holiday
from hypothesis import given
from hypothesis import strategies as st

K, S = DeadlineKind, Silence
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
TACIT = (Ccag.CCAG_2021, Ccag.CCAG_2009_2014)
ROWS = [(ccag, kind, row) for ccag in Ccag for kind in K if (row := row_for(kind, ccag))]


def no_holiday(_day: date) -> bool:
    """A country without holidays."""
    return False


def last_day(start: str, days: int, counted: DayCount) -> str:
    """The last day, in Paris, on which something can be done."""
    end = end_of_days(datetime.fromisoformat(start), days, counted, is_public_holiday)
    return (paris_day(end) - timedelta(days=1)).isoformat()


# The table


@pytest.mark.parametrize(
    ("ccag", "kind", "days", "silence", "article"),
    [
        (Ccag.CCAG_2021, K.MOE_PROGRESS, 7, S.ALERTS, "12.2.2"),
        (Ccag.CCAG_2021, K.OBJECTION, 30, S.NONE, "12.2.2"),
        (Ccag.CCAG_2021, K.PRICE_REVISION, 10, S.LATE, "12.4.2"),
        (Ccag.CCAG_2021, K.FINAL_PROJECT, 30, S.FORMAL_NOTICE, "12.3.2"),
        (Ccag.CCAG_2021, K.GENERAL_PROJECT, None, S.NONE, "12.4.1"),
        (Ccag.CCAG_2021, K.GENERAL_ACCOUNT, 30, S.OPENS_TACIT, "12.4.2"),
        (Ccag.CCAG_2021, K.CONTRACTOR_ANSWER, 30, S.DEEMED_ACCEPTED, "12.4.3"),
        (Ccag.CCAG_2021, K.CLAIM_ANSWER, 30, S.REJECTS, "55.1"),
        (Ccag.CCAG_2021, K.TACIT_MOA, 10, S.TACIT_ACCOUNT, "12.4.4"),
        (Ccag.CCAG_2009_2014, K.MOE_PROGRESS, 7, S.ALERTS, "13.2.2"),
        (Ccag.CCAG_2009_2014, K.FINAL_PROJECT, 30, S.FORMAL_NOTICE, "13.3.2"),
        (Ccag.CCAG_2009_2014, K.GENERAL_ACCOUNT, 30, S.OPENS_TACIT, "13.4.2"),
        (Ccag.CCAG_2009_2014, K.CONTRACTOR_ANSWER, 30, S.DEEMED_ACCEPTED, "13.4.3"),
        (Ccag.CCAG_2009_2014, K.CLAIM_ANSWER, 30, S.REJECTS, "50.1"),
        (Ccag.CCAG_2009_2014, K.TACIT_MOA, 10, S.TACIT_ACCOUNT, "13.4.4"),
        (Ccag.CCAG_2009, K.MOE_PROGRESS, 7, S.ALERTS, "13.2.2"),
        (Ccag.CCAG_2009, K.FINAL_PROJECT, 45, S.FORMAL_NOTICE, "13.3.2"),
        (Ccag.CCAG_2009, K.GENERAL_ACCOUNT, 40, S.LATE, "13.4.2"),
        (Ccag.CCAG_2009, K.CONTRACTOR_ANSWER, 45, S.DEEMED_ACCEPTED, "13.4.3"),
        (Ccag.CCAG_2009, K.CLAIM_ANSWER, 45, S.REJECTS, "50.1"),
    ],
)
def test_rule_10_each_version_of_the_ccag_has_its_days(
    ccag: Ccag, kind: DeadlineKind, days: int | None, silence: Silence, article: str
) -> None:
    row = row_for(kind, ccag)
    assert row is not None
    assert (row.days, row.silence, row.counted) == (days, silence, DayCount.CCAG)
    assert article in row.article


@pytest.mark.parametrize("ccag", Ccag)
@pytest.mark.parametrize(
    ("kind", "days", "silence"),
    [
        (K.SOUS_TRAITANT_VALIDATION, 15, S.ACCEPTS),
        (K.SECOND_VALIDATION, 15, S.ACCEPTS),
        (K.VISA, None, S.NONE),
        (K.MOA_PROGRESS, None, S.NONE),
        (K.TACIT_PAPER, None, S.NONE),
    ],
)
def test_rule_10_what_the_law_sets_is_the_same_whatever_the_ccag(
    ccag: Ccag, kind: DeadlineKind, days: int | None, silence: Silence
) -> None:
    row = row_for(kind, ccag)
    assert row is not None
    assert (row.days, row.silence, row.counted) == (days, silence, DayCount.CCP)


def test_rule_10_without_a_tacit_procedure_in_its_ccag_a_contract_has_no_tacit_account() -> None:
    for ccag in Ccag:
        silences = {row.silence for row in BY_CCAG[ccag].values()}
        assert (S.TACIT_ACCOUNT in silences) is (S.OPENS_TACIT in silences) is (ccag in TACIT)
        assert (row_for(K.TACIT_MOA, ccag) is not None) is (ccag in TACIT)


def test_rule_10_without_a_ccag_only_the_law_counts() -> None:
    assert {kind for kind in K if row_for(kind, Ccag.NONE)} == set(LAW)


def test_rule_9_the_silence_of_a_mandataire_is_never_a_visa() -> None:
    for ccag in Ccag:
        assert deadline(K.VISA, ccag, {}, datetime(2026, 3, 2, tzinfo=UTC), no_holiday) is None
    accepting = {kind for _, kind, row in ROWS if row.silence is S.ACCEPTS}
    assert accepting == {K.SOUS_TRAITANT_VALIDATION, K.SECOND_VALIDATION}, "tacit validation is for sous-traitants"


def test_rule_2_the_silence_of_the_moe_validates_nothing() -> None:
    assert {row.silence for _, kind, row in ROWS if kind is K.MOE_PROGRESS} == {S.ALERTS}


def test_every_kind_of_deadline_is_in_the_table_once() -> None:
    assert set(LAW) | set(BY_CCAG[Ccag.CCAG_2021]) == set(K)
    for rows in BY_CCAG.values():
        assert not set(LAW) & set(rows)


@pytest.mark.parametrize(("ccag", "kind", "row"), ROWS)
def test_every_row_says_where_it_comes_from_and_reminds_before_its_end(
    ccag: Ccag, kind: DeadlineKind, row: DeadlineRow
) -> None:
    assert row.starts
    assert row.article.startswith(("CCP R2", "CCAG Travaux 1", "CCAG Travaux 5")), (ccag, kind)
    assert list(row.reminders) == sorted(row.reminders, reverse=True)
    days = min(PAYMENT_DAYS.values()) if kind is K.COMPLEMENT else row.days
    assert all(days is not None and 0 < before < days for before in row.reminders)
    if row.silence is not S.NONE:
        assert row.days is not None, "silence takes effect at a moment"
        assert row.reminders, "who loses by silence is reminded"


def test_every_effect_of_silence_is_a_french_sentence_and_is_used() -> None:
    assert set(SILENCES) == set(S) == {row.silence for _, _, row in ROWS}
    for silence in S:
        assert silence.sentence.endswith(".")


# Counting days


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        # Monday 2 March 2026: seven days end on the next Monday.
        ("2026-03-02T11:00:00+00:00", 7, "2026-03-09"),
        # The day of the event does not count, be it at one minute past midnight or at one minute to midnight in Paris.
        ("2026-03-01T23:01:00+00:00", 7, "2026-03-09"),
        ("2026-03-02T22:59:00+00:00", 7, "2026-03-09"),
        ("2026-03-02T23:00:00+00:00", 7, "2026-03-10"),
        # Saturday, Sunday: Monday. Friday stays.
        ("2026-03-06T11:00:00+00:00", 7, "2026-03-13"),
        ("2026-03-07T11:00:00+00:00", 7, "2026-03-16"),
        ("2026-03-08T11:00:00+00:00", 7, "2026-03-16"),
        # Holy Saturday, Easter Sunday and Monday 2026: Tuesday 7 April.
        ("2026-03-28T11:00:00+00:00", 7, "2026-04-07"),
        ("2026-03-30T11:00:00+00:00", 7, "2026-04-07"),
        # Friday 1 May and the weekend: Monday 4. Friday 8 May: Monday 11.
        ("2026-04-24T11:00:00+00:00", 7, "2026-05-04"),
        ("2026-05-01T11:00:00+00:00", 7, "2026-05-11"),
        # Ascension, a Thursday: Friday, which is a working day.
        ("2026-05-07T11:00:00+00:00", 7, "2026-05-15"),
        # The holidays on the way count as any day.
        ("2026-04-20T11:00:00+00:00", 30, "2026-05-20"),
        # Christmas on a Friday, New Year's Day on the next one.
        ("2026-12-18T11:00:00+00:00", 7, "2026-12-28"),
        ("2026-12-02T11:00:00+00:00", 30, "2027-01-04"),
        # 29 February.
        ("2028-01-30T11:00:00+00:00", 30, "2028-02-29"),
    ],
)
def test_rule_10_days_of_a_ccag_end_on_a_working_day(start: str, days: int, last: str) -> None:
    assert last_day(start, days, DayCount.CCAG) == last


@pytest.mark.parametrize(
    ("start", "last"),
    [
        ("2026-03-06T11:00:00+00:00", "2026-03-21"),
        ("2026-03-21T11:00:00+00:00", "2026-04-05"),
        ("2026-04-16T11:00:00+00:00", "2026-05-01"),
    ],
)
def test_rule_10_the_fifteen_days_of_the_law_do_not_move(start: str, last: str) -> None:
    assert last_day(start, 15, DayCount.CCP) == last


@pytest.mark.parametrize(
    ("start", "end"),
    [
        # Winter, summer: midnight in Paris.
        ("2026-01-05T09:00:00+00:00", "2026-01-20T23:00:00+00:00"),
        ("2026-07-06T09:00:00+00:00", "2026-07-21T22:00:00+00:00"),
        # Over the nights of 29 March and 25 October: an hour less, an hour more.
        ("2026-03-20T09:00:00+00:00", "2026-04-04T22:00:00+00:00"),
        ("2026-10-16T09:00:00+00:00", "2026-10-31T23:00:00+00:00"),
        # To the midnight that begins, and to that which ends, the day of the change.
        ("2026-03-13T09:00:00+00:00", "2026-03-28T23:00:00+00:00"),
        ("2026-03-14T09:00:00+00:00", "2026-03-29T22:00:00+00:00"),
        ("2026-10-09T09:00:00+00:00", "2026-10-24T22:00:00+00:00"),
        ("2026-10-10T09:00:00+00:00", "2026-10-25T23:00:00+00:00"),
    ],
)
def test_a_deadline_is_the_midnight_of_paris_that_ends_its_last_day(start: str, end: str) -> None:
    found = deadline(K.SOUS_TRAITANT_VALIDATION, Ccag.CCAG_2021, {}, datetime.fromisoformat(start), is_public_holiday)
    assert found is not None
    assert found.isoformat() == end


@pytest.mark.parametrize(("ccag", "kind", "row"), [one for one in ROWS if one[2].days is not None])
def test_a_deadline_is_that_of_its_row(ccag: Ccag, kind: DeadlineKind, row: DeadlineRow) -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert row.days is not None
    expected = end_of_days(start, row.days, row.counted, is_public_holiday)
    assert deadline(kind, ccag, {}, start, is_public_holiday) == expected


@pytest.mark.parametrize(
    ("ccag", "kind"), [(ccag, kind) for ccag in Ccag for kind in K if not (row := row_for(kind, ccag)) or not row.days]
)
def test_what_has_no_days_has_no_end(ccag: Ccag, kind: DeadlineKind) -> None:
    assert deadline(kind, ccag, {kind.value: 5}, datetime(2026, 3, 2, tzinfo=UTC), no_holiday) is None


# The contract's own terms


def test_rule_10_the_ccap_sets_its_own_days() -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    own = deadline(K.GENERAL_ACCOUNT, Ccag.CCAG_2021, {"DECOMPTE_GENERAL": 45}, start, is_public_holiday)
    assert own == end_of_days(start, 45, DayCount.CCAG, is_public_holiday)
    other = deadline(K.GENERAL_ACCOUNT, Ccag.CCAG_2021, {"PROJET_DECOMPTE_FINAL": 45}, start, is_public_holiday)
    assert other == end_of_days(start, 30, DayCount.CCAG, is_public_holiday)


@pytest.mark.parametrize("kind", [K.SOUS_TRAITANT_VALIDATION, K.SECOND_VALIDATION])
def test_rule_10_no_ccap_changes_the_fifteen_days_of_the_law(kind: DeadlineKind) -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    found = deadline(kind, Ccag.CCAG_2021, {kind.value: 90}, start, is_public_holiday)
    assert found == end_of_days(start, 15, DayCount.CCP, is_public_holiday)


# Whatever the moment


@given(MOMENTS, st.integers(1, 90), st.sampled_from(DayCount))
def test_every_deadline_is_a_midnight_in_paris_told_in_utc(start: datetime, days: int, counted: DayCount) -> None:
    end = end_of_days(start, days, counted, is_public_holiday)
    assert end.utcoffset() == timedelta(0)
    assert end.astimezone(PARIS).time() == time()


@given(MOMENTS, st.integers(1, 90))
def test_days_of_the_law_are_exactly_as_many_as_it_says(start: datetime, days: int) -> None:
    end = end_of_days(start, days, DayCount.CCP, is_public_holiday)
    assert (paris_day(end) - paris_day(start)).days == days + 1


@given(MOMENTS, st.integers(1, 90))
def test_days_of_a_ccag_end_on_the_first_working_day_from_the_last_one_on(start: datetime, days: int) -> None:
    plain = paris_day(start) + timedelta(days=days)
    last = paris_day(end_of_days(start, days, DayCount.CCAG, is_public_holiday)) - timedelta(days=1)
    assert last.weekday() < 5
    assert not is_public_holiday(last)
    passed = [plain + timedelta(days=n) for n in range((last - plain).days)]
    assert all(day.weekday() >= 5 or is_public_holiday(day) for day in passed)
    assert len(passed) <= 4


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=30)), st.integers(1, 90), st.sampled_from(DayCount))
def test_what_starts_later_never_ends_sooner(start: datetime, more: timedelta, days: int, counted: DayCount) -> None:
    first, second = (end_of_days(at, days, counted, is_public_holiday) for at in (start, start + more))
    assert first <= second


@given(MOMENTS)
def test_the_hour_of_the_day_changes_nothing(start: datetime) -> None:
    morning = datetime.combine(paris_day(start), time(), PARIS)
    assert end_of_days(start, 10, DayCount.CCAG, no_holiday) == end_of_days(morning, 10, DayCount.CCAG, no_holiday)


def task_of(due: datetime) -> Task:
    """A task that can be done until ``due``."""
    owner = StructureRef(1, "99000001000019", "Demo")
    opened = due - timedelta(days=40)
    return Task(1, TaskKind.ETAT_ACOMPTE, 1, (owner,), ChainActor.MOE, opened, Silence.ALERTS, due=due)


@pytest.mark.parametrize(
    ("last", "days", "reminded"),
    [
        (date(2026, 12, 10), 2, date(2026, 12, 8)),
        (date(2026, 12, 10), 10, date(2026, 11, 30)),
        # Clocks go back on 25 October 2026 and forward on 29 March 2026, in Paris.
        (date(2026, 10, 26), 2, date(2026, 10, 24)),
        (date(2026, 3, 30), 2, date(2026, 3, 28)),
        (date(2027, 1, 1), 2, date(2026, 12, 30)),
    ],
)
def test_a_reminder_two_days_before_is_of_the_second_day_before_the_last_one_in_paris(
    last: date, days: int, reminded: date
) -> None:
    due = datetime.combine(last + timedelta(days=1), time(), PARIS).astimezone(UTC)
    moment = next_reminder(task_of(due), (days,), due - timedelta(days=30))
    assert moment is not None
    assert moment.astimezone(PARIS) == datetime.combine(reminded, time(), PARIS)


def test_a_reminder_whose_day_has_begun_is_not_told_a_second_time() -> None:
    due = datetime.combine(date(2026, 12, 11), time(), PARIS).astimezone(UTC)
    first = next_reminder(task_of(due), (5, 2), due - timedelta(days=30))
    assert first is not None
    second = next_reminder(task_of(due), (5, 2), first)
    assert second is not None
    assert [paris_day(one) for one in (first, second)] == [date(2026, 12, 5), date(2026, 12, 8)]
    assert next_reminder(task_of(due), (5, 2), second) == due + timedelta(days=30)
