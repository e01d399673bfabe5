"""An invoice in the ledger: filed whole or not at all, its number kept for ever, its status won by one."""

import random
import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest
from chorale.domain.frames import Frame
from chorale.domain.invoices.invoice import Line
from chorale.domain.invoices.recorded import ActionKind, InvoiceSummary, UserAction
from chorale.domain.statuses import Status
from chorale.stores import aws
from chorale.stores.invoices import recorded as invoices
from chorale.stores.invoices.recorded import NumberTaken, StatusChanged

from tests.aws import Hub, counted_queries
from tests.cast import (
    NOW,
    OTHER_RECIPIENT,
    OTHER_SUPPLIER,
    RECIPIENT,
    SUPPLIER,
    document,
    event_of,
    filed,
    later,
    rank_of,
    reference,
    summary,
)


def _file(row: InvoiceSummary) -> NumberTaken | None:
    return invoices.file_invoice(filed(row), event_of(row), rank_of(row), (row.supplier.id, row.kind.value))


# Filing


def test_an_accepted_invoice_is_written_whole(hub: Hub) -> None:
    assert _file(summary()) is None
    flux = summary().flux_number
    assert set(hub.rows()) == {
        ("UNIQ#10007#FACTURE#F-1", "U"),
        ("INV#1000000", "HEAD"),
        ("INV#1000000", "HEAD#DOC"),
        ("INV#1000000", "HIST#000001"),
        ("INV#1000000", "HIST#000002"),
        ("INV#1000000", "HIST#000003"),
        ("INV#1000000", "EVT#000003"),
        (f"FLUX#{flux}", "RANK#00001"),
    }


def test_an_invoice_is_read_back_whole(hub: Hub) -> None:
    _file(summary())
    assert invoices.get_whole(1_000_000) == filed(summary())
    assert invoices.get(1_000_000) == summary()


def test_an_invoice_of_twenty_thousand_lines_takes_several_rows_and_is_read_back_whole(hub: Hub) -> None:
    """A row of the table takes 400 KB."""
    pick = random.Random(1)
    lines = tuple(
        Line(str(rank), pick.randbytes(12).hex(), Decimal(pick.randint(1, 999)), "C62", Decimal(7), Decimal(7))
        for rank in range(20_000)
    )
    large = replace(filed(summary()), document=document(lines=lines))
    invoices.file_invoice(large, event_of(summary()), rank_of(summary()), (SUPPLIER.id, "FACTURE"))
    parts = [row["document"] for key, row in hub.rows().items() if key[1].startswith("HEAD#DOC")]
    assert len(parts) > 1
    assert all(len(bytes(part)) < 400_000 for part in parts)
    assert invoices.get_whole(1_000_000) == large


def test_an_unknown_invoice_is_nothing(hub: Hub) -> None:
    assert invoices.get(7) is None
    assert invoices.get_whole(7) is None


def test_a_number_already_taken_names_its_first_holder_and_writes_nothing(hub: Hub) -> None:
    _file(summary())
    before = hub.rows()
    second = summary(1_000_001, flux_number="CPP0011100000000000000002", rank=4)
    assert _file(second) == NumberTaken(summary().flux_number, 1, 1_000_000)
    assert hub.rows() == before


def test_a_rerun_finds_its_own_work_and_writes_nothing(hub: Hub) -> None:
    _file(summary())
    before = hub.rows()
    again = _file(summary(1_000_001))
    assert again == NumberTaken(summary().flux_number, 1, 1_000_000), "the same flux and rank: it is its own work"
    assert hub.rows() == before


@pytest.mark.parametrize(
    "other",
    [
        {"supplier": reference(OTHER_SUPPLIER)},
        {"number": "F-1bis"},
    ],
    ids=["another supplier", "another number"],
)
def test_a_number_is_unique_for_its_supplier_only(hub: Hub, other: dict[str, Any]) -> None:
    _file(summary())
    assert _file(replace(summary(1_000_001, rank=2), **other)) is None


def test_a_credit_note_may_carry_the_number_of_an_invoice(hub: Hub) -> None:
    _file(summary())
    note = summary(1_000_001, rank=2)
    assert invoices.file_invoice(filed(note), event_of(note), rank_of(note), (SUPPLIER.id, "AVOIR")) is None


# Changing the status


def _move(row: InvoiceSummary, status: Status, minutes: int = 5) -> InvoiceSummary:
    after = replace(row, status=status, status_at=later(minutes=minutes), status_reason="Un motif")
    return invoices.change_status(row, after, "TECH_1_12345678200051@cpro.fr")


def test_a_change_of_status_writes_head_history_and_event(hub: Hub) -> None:
    _file(summary())
    before = hub.rows()
    after = _move(summary(), Status.SUSPENDUE)
    assert after.version == 4
    whole = invoices.get_whole(after.id)
    assert whole is not None
    assert whole.summary == after
    assert [(line.version, line.status.value) for line in whole.history] == [
        (1, "DEPOSEE"),
        (2, "EN_COURS_ACHEMINEMENT"),
        (3, "MISE_A_DISPOSITION"),
        (4, "SUSPENDUE"),
    ]
    assert (whole.history[-1].by, whole.history[-1].reason) == ("TECH_1_12345678200051@cpro.fr", "Un motif")
    assert whole.document == document(), "the document is left alone"
    added = set(hub.rows()) - set(before)
    assert added == {("INV#1000000", "HIST#000004"), ("INV#1000000", "EVT#000004")}
    event = hub.rows()["INV#1000000", "EVT#000004"]["event"]
    assert (event["source"], event["target"]) == ("MISE_A_DISPOSITION", "SUSPENDUE")


def test_the_loser_of_a_race_gets_the_current_status_and_changes_nothing(hub: Hub) -> None:
    _file(summary())
    winner = _move(summary(), Status.MANDATEE)
    before = hub.rows()
    with pytest.raises(StatusChanged) as lost:
        _move(summary(), Status.REJETEE)
    assert lost.value.current == winner
    assert hub.rows() == before


def test_two_threads_that_read_the_same_invoice_have_one_winner(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    _file(summary())
    # Moto works on a copy of the table during a transaction: unlike AWS, it must be asked one at a time.
    one_at_a_time, ask = threading.Lock(), aws.client("dynamodb").transact_write_items

    def transact(**request: object) -> object:
        with one_at_a_time:
            return ask(**request)

    monkeypatch.setattr(aws.client("dynamodb"), "transact_write_items", transact)
    ready = threading.Barrier(2)
    outcomes: list[object] = []

    def act(status: Status) -> None:
        ready.wait()
        try:
            outcomes.append(_move(summary(), status))
        except StatusChanged as lost:
            outcomes.append(lost)

    racers = [threading.Thread(target=act, args=(status,)) for status in (Status.SUSPENDUE, Status.SERVICE_FAIT)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    [won] = [outcome for outcome in outcomes if isinstance(outcome, InvoiceSummary)]
    [lost] = [outcome for outcome in outcomes if isinstance(outcome, StatusChanged)]
    assert lost.current == won == invoices.get(1_000_000)


def test_a_status_that_came_back_to_the_same_one_is_still_another_version(hub: Hub) -> None:
    _file(summary())
    moved = _move(_move(summary(), Status.SUSPENDUE), Status.MISE_A_DISPOSITION)
    assert moved.status is summary().status
    with pytest.raises(StatusChanged):
        _move(summary(), Status.REJETEE)


# Searching


def _three_days(hub: Hub) -> list[InvoiceSummary]:
    rows = [
        summary(1_000_000 + index, f"F-{index}", rank=index + 1, deposited_at=NOW - timedelta(days=index))
        for index in range(5)
    ]
    for row in rows:
        _file(row)
    return rows


ALWAYS = (None, None)


@pytest.mark.parametrize("first", [1, 2, 4, 5, 6])
def test_a_search_reads_the_latest_deposits_first_however_many_it_fetches_at_once(hub: Hub, first: int) -> None:
    rows = _three_days(hub)
    assert list(invoices.by_supplier(SUPPLIER.id, ALWAYS, first)) == rows
    assert list(invoices.by_recipient(RECIPIENT.id, ALWAYS, first, oldest_first=True)) == rows[::-1]


def test_a_search_fetches_no_more_than_is_looked_at(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = _three_days(hub)
    queries = counted_queries(monkeypatch)
    assert list(islice(invoices.by_supplier(SUPPLIER.id, ALWAYS, 3), 3)) == rows[:3]
    assert [query["Limit"] for query in queries] == [3]


def test_a_search_reads_the_period_only_its_end_left_out(hub: Hub) -> None:
    rows = _three_days(hub)
    since, until = NOW - timedelta(days=3), NOW - timedelta(days=1)
    assert list(invoices.by_recipient(RECIPIENT.id, (since, until), 10)) == rows[2:4]
    assert list(invoices.by_recipient(RECIPIENT.id, (since, None), 10)) == rows[:4]
    assert list(invoices.by_recipient(RECIPIENT.id, (None, until), 10)) == rows[2:]


def test_each_structure_sees_its_own(hub: Hub) -> None:
    _three_days(hub)
    other = summary(1_000_009, "G-1", rank=9, recipient=reference(OTHER_RECIPIENT))
    _file(other)
    assert list(invoices.by_recipient(OTHER_RECIPIENT.id, ALWAYS, 10)) == [other]
    assert list(invoices.by_recipient(OTHER_SUPPLIER.id, ALWAYS, 10)) == []


def test_an_invoice_is_found_by_its_validator_and_not_by_a_recipient_that_does_not_know_of_it(hub: Hub) -> None:
    row = summary(frame=Frame.A9, status=Status.A_VALIDER_1, validator=reference(OTHER_SUPPLIER))
    _file(row)
    assert list(invoices.by_validator(OTHER_SUPPLIER.id, ALWAYS, 10)) == [row]
    assert list(invoices.by_recipient(RECIPIENT.id, ALWAYS, 10)) == []
    delivered = _move(row, Status.MISE_A_DISPOSITION)
    assert list(invoices.by_recipient(RECIPIENT.id, ALWAYS, 10)) == [delivered]


def test_the_invoices_of_a_flux_come_in_the_order_of_the_file(hub: Hub) -> None:
    rows = _three_days(hub)
    assert invoices.by_flux(summary().flux_number) == rows
    assert invoices.by_flux("CPP0011100000000000000777") == []
    assert invoices.by_flux("x" * 3000) == []


def test_a_search_shows_the_status_as_it_now_is(hub: Hub) -> None:
    _file(summary())
    after = _move(summary(), Status.SUSPENDUE)
    assert list(invoices.by_recipient(RECIPIENT.id, ALWAYS, 10)) == [after]
    assert invoices.by_flux(summary().flux_number) == [after]


# Marks


def test_a_mark_is_seen_everywhere_and_survives_the_acts_that_come_after_and_meanwhile(hub: Hub) -> None:
    _file(summary())
    invoices.mark(summary().id, "downloaded", UserAction(ActionKind.DOWNLOADED, NOW, "login"))
    moved = _move(summary(), Status.SUSPENDUE)
    assert moved.downloaded is False, "the act had read the invoice before"
    assert invoices.get(moved.id) == replace(moved, downloaded=True)
    assert list(invoices.by_recipient(RECIPIENT.id, ALWAYS, 10)) == [replace(moved, downloaded=True)]


def test_an_action_is_kept_once_per_account_and_day(hub: Hub) -> None:
    _file(summary())
    for hours, login in ((0, "a"), (1, "a"), (2, "b"), (24, "a")):
        action = UserAction(ActionKind.DOWNLOADED, NOW + timedelta(hours=hours), login)
        invoices.mark(summary().id, "downloaded", action)
    kept = invoices.get_whole(summary().id)
    assert kept is not None
    assert [(action.by, action.at.day) for action in kept.actions] == [("a", 23), ("b", 23), ("a", 24)]
    assert kept.history[-1].version == 3
