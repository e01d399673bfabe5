"""Counters per structure and status: each event counts once, a batch counts whole."""

from collections import Counter

import pytest
from chorale.stores import aws
from chorale.stores.invoices import views
from chorale.stores.invoices.views import count_once, counts

from tests.aws import Hub
from tests.cast import NOW

ARRIVES = {(10001, "ISSUED", "MISE_A_DISPOSITION"): 1, (10008, "RECEIVED", "MISE_A_DISPOSITION"): 1}
LEAVES = {(10008, "RECEIVED", "MISE_A_DISPOSITION"): -1, (10008, "RECEIVED", "SUSPENDUE"): 1}


def test_events_add_up_per_structure_part_and_status(hub: Hub) -> None:
    assert count_once({"e1": ARRIVES, "e2": ARRIVES, "e3": LEAVES}, NOW) == 3
    assert counts(10001) == {("ISSUED", "MISE_A_DISPOSITION"): 2}
    assert counts(10008) == {("RECEIVED", "MISE_A_DISPOSITION"): 1, ("RECEIVED", "SUSPENDUE"): 1}
    assert counts(10007) == {}


def test_an_event_that_comes_again_does_not_count_again(hub: Hub) -> None:
    count_once({"e1": ARRIVES}, NOW)
    assert count_once({"e1": ARRIVES}, NOW) == 0
    assert counts(10001) == {("ISSUED", "MISE_A_DISPOSITION"): 1}


def test_a_batch_that_holds_old_and_new_events_counts_the_new_ones(hub: Hub) -> None:
    count_once({"e1": ARRIVES, "e2": ARRIVES}, NOW)
    assert count_once({"e1": ARRIVES, "e3": ARRIVES, "e2": ARRIVES, "e4": LEAVES}, NOW) == 2
    assert counts(10001) == {("ISSUED", "MISE_A_DISPOSITION"): 3}
    assert counts(10008) == {("RECEIVED", "MISE_A_DISPOSITION"): 2, ("RECEIVED", "SUSPENDUE"): 1}


def test_a_batch_that_cannot_be_written_counts_nothing(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken, pytest.raises(ConnectionError):
        broken.setattr(aws.client("dynamodb"), "transact_write_items", refuse)
        count_once({"e1": ARRIVES}, NOW)
    assert hub.rows("Views") == {}
    assert count_once({"e1": ARRIVES}, NOW) == 1


def test_moves_that_cancel_out_leave_the_counter_alone_and_still_count_as_seen(hub: Hub) -> None:
    forth, back = {(1, "ISSUED", "A"): 1}, {(1, "ISSUED", "A"): -1}
    assert count_once({"e1": forth, "e2": back}, NOW) == 2
    assert counts(1) == {}
    assert count_once({"e1": forth}, NOW) == 0


def test_any_number_of_events_is_counted(hub: Hub) -> None:
    """A transaction takes a hundred rows: a batch may need several."""
    events = {f"e{index}": {(index, "ISSUED", "A"): 1, (index, "ISSUED", "B"): -1} for index in range(40)}
    assert count_once(events, NOW) == 40
    assert count_once(events, NOW) == 0
    assert Counter(row["invoices"] for row in hub.rows("Views").values() if "invoices" in row) == {1: 40, -1: 40}


def test_a_marker_is_forgotten_after_a_month(hub: Hub) -> None:
    count_once({"e1": ARRIVES}, NOW)
    marker = hub.rows("Views")["APPLIED#count#e1", "A"]
    assert marker["expires_at"] - int(NOW.timestamp()) == 30 * 24 * 3600
    assert views.MARKER_LIFE.days == 30
