"""A flux in the ledger: moved by one at a time, finished chunk by chunk, found by the watch when it is late."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from botocore.exceptions import ClientError
from chorale.domain.deposits.flux import Flux
from chorale.domain.findings import RankOutcome, RankReport
from chorale.domain.statuses import FluxState
from chorale.stores import due, transactions
from chorale.stores.deposits import flux as store
from chorale.stores.deposits.flux import FluxChanged

from tests.aws import Hub
from tests.cast import NOW, flux, later

HOUR = timedelta(hours=1)


def _due_before(moment: datetime) -> list[str]:
    rows = list(due.before(moment, NOW - timedelta(days=3)))
    assert {kind for kind, _ in rows} <= {store.KIND}
    return [owner for _, owner in rows]


def _received(announced: Flux) -> Flux:
    return replace(announced, state=FluxState.RECEIVED, version_id="v1", object_key="incoming/x", sha256="ab" * 32)


def test_a_flux_is_read_back_as_it_was_written(hub: Hub) -> None:
    store.create(flux(), NOW + HOUR)
    assert store.get(flux().number) == flux()


def test_an_unknown_flux_is_nothing(hub: Hub) -> None:
    assert store.get("CPP0011100000000000000009") is None


@pytest.mark.parametrize("number", ["x" * 3000, "é" * 1500])
def test_a_number_longer_than_any_key_is_nothing_too(hub: Hub, number: str) -> None:
    assert store.get(number) is None


def test_a_flux_is_created_once(hub: Hub) -> None:
    store.create(flux(), NOW)
    with pytest.raises(FluxChanged):
        store.create(flux(), NOW)


def test_moving_a_flux_gives_it_the_next_version(hub: Hub) -> None:
    store.create(flux(), NOW)
    moved = store.replace_head(flux(), _received(flux()), NOW + HOUR)
    assert moved.version == 2
    assert store.get(flux().number) == moved


def test_of_two_who_read_the_same_flux_one_moves_it_and_the_other_is_told(hub: Hub) -> None:
    store.create(flux(), NOW)
    first = store.replace_head(flux(), _received(flux()), NOW)
    with pytest.raises(FluxChanged):
        store.replace_head(flux(), replace(flux(), state=FluxState.REJECTED), None)
    assert store.get(flux().number) == first


def test_a_flux_that_does_not_exist_is_not_moved_into_being(hub: Hub) -> None:
    with pytest.raises(FluxChanged):
        store.replace_head(flux(), _received(flux()), NOW)
    assert hub.is_empty()


# The verdict


def test_the_verdict_and_its_event_are_written_together(hub: Hub) -> None:
    store.create(flux(), NOW)
    store.decide(flux(), replace(flux(), state=FluxState.REJECTED, report_key="reports/x.json"), NOW)
    decided = store.get(flux().number)
    assert decided is not None
    assert (decided.state, decided.version) == (FluxState.REJECTED, 2)
    event = hub.rows()[f"FLUX#{flux().number}", "EVT#000002"]
    assert event["event"]["type"] == "FluxDecided"
    assert (event["event"]["source"], event["event"]["target"]) == ("EXPECTED", "REJECTED")
    assert "pending_pk" in event


def test_a_verdict_that_comes_too_late_writes_nothing(hub: Hub) -> None:
    store.create(flux(), NOW)
    store.decide(flux(), replace(flux(), state=FluxState.INTEGRATED), NOW)
    before = hub.rows()
    with pytest.raises(FluxChanged):
        store.decide(flux(), replace(flux(), state=FluxState.FAILED), later(hours=1))
    assert hub.rows() == before


def test_a_decided_flux_is_no_longer_due(hub: Hub) -> None:
    store.create(flux(), NOW)
    store.decide(flux(), replace(flux(), state=FluxState.REJECTED), NOW)
    assert _due_before(later(hours=2)) == []


# Chunks


def test_chunks_add_up_whatever_their_order(hub: Hub) -> None:
    store.create(flux(chunks=3), NOW)
    assert store.finish_chunk(flux().number, 2).chunks_done == {2}
    assert store.finish_chunk(flux().number, 1).chunks_done == {1, 2}
    assert store.finish_chunk(flux().number, 3).chunks_done == {1, 2, 3}


def test_finishing_a_chunk_twice_counts_once(hub: Hub) -> None:
    store.create(flux(chunks=2), NOW)
    once = store.finish_chunk(flux().number, 1)
    assert store.finish_chunk(flux().number, 1) == once
    assert store.get(flux().number) == once


def test_finished_chunks_survive_the_moves_of_the_flux(hub: Hub) -> None:
    store.create(flux(chunks=2), NOW)
    half_done = store.finish_chunk(flux().number, 1)
    moved = store.replace_head(half_done, replace(half_done, state=FluxState.TO_RETRY), NOW)
    assert moved.chunks_done == {1}
    assert store.get(flux().number) == moved


def test_a_move_that_did_not_see_a_finished_chunk_is_refused(hub: Hub) -> None:
    """Otherwise it would write the head without the chunk, and the flux would never end."""
    store.create(flux(chunks=2), NOW)
    store.finish_chunk(flux().number, 1)
    with pytest.raises(FluxChanged):
        store.replace_head(flux(chunks=2), flux(chunks=2, state=FluxState.TO_RETRY), NOW)


def test_a_chunk_of_an_unknown_flux_creates_nothing(hub: Hub) -> None:
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        store.finish_chunk(flux().number, 1)
    assert hub.is_empty()


# Ranks


def _refused(rank: int) -> RankReport:
    return RankReport(rank, f"{rank}.xml", RankOutcome.REFUSED, invoice_number=f"F-{rank}")


def _write(reports: Iterable[RankReport], number: str = flux().number) -> None:
    for report in reports:
        assert store.write_refused(number, report) == report


def test_ranks_are_read_in_the_order_of_the_file(hub: Hub) -> None:
    _write(_refused(rank) for rank in (10_000, 2, 30, 1, 100))
    assert [report.rank for report in store.ranks(flux().number)] == [1, 2, 30, 100, 10_000]


def test_writing_refused_ranks_again_changes_nothing(hub: Hub) -> None:
    reports = [_refused(rank) for rank in range(1, 61)]
    _write(reports)
    before = hub.rows()
    _write(reports)
    assert hub.rows() == before
    assert store.ranks(flux().number) == reports


def test_a_run_that_refuses_leaves_what_another_run_integrated(hub: Hub) -> None:
    """Two runs of one flux at once: the second would file it a third time if the row said that it was refused."""
    integrated = RankReport(1, "1.xml", RankOutcome.INTEGRATED, 1_000_000, "F-1")
    transactions.write([store.rank_put(flux().number, integrated)])
    assert store.write_refused(flux().number, _refused(1)) == integrated
    assert store.ranks(flux().number) == [integrated]


def test_the_ranks_of_one_chunk_can_be_read_alone(hub: Hub) -> None:
    _write(_refused(rank) for rank in range(1, 61))
    assert [report.rank for report in store.ranks(flux().number, 26, 50)] == list(range(26, 51))


def test_another_flux_has_ranks_of_its_own(hub: Hub) -> None:
    _write([_refused(1)], flux(1).number)
    assert store.ranks(flux(2).number) == []


# The watch


def test_the_watch_finds_what_is_due_and_nothing_else(hub: Hub) -> None:
    dues = {1: NOW - timedelta(minutes=1), 2: NOW - timedelta(hours=30), 3: NOW + timedelta(minutes=1)}
    for sequence, moment in dues.items():
        store.create(flux(sequence), moment)
    assert sorted(_due_before(NOW)) == [flux(1).number, flux(2).number]


def test_every_flux_is_found_whatever_its_shard(hub: Hub) -> None:
    numbers = [flux(sequence).number for sequence in range(1, 25)]
    for sequence in range(1, 25):
        store.create(flux(sequence), NOW)
    assert sorted(_due_before(later(seconds=1))) == numbers
    assert len({key for row in hub.rows().values() for key in [row["due_pk"]]}) == 8


def test_a_flux_that_moves_is_due_at_its_new_time_only(hub: Hub) -> None:
    store.create(flux(), NOW)
    store.replace_head(flux(), _received(flux()), NOW + 3 * HOUR)
    assert _due_before(later(hours=1)) == []
    assert _due_before(later(hours=4)) == [flux().number]


def test_a_watch_that_stood_still_for_weeks_finds_what_fell_due_meanwhile(hub: Hub) -> None:
    store.create(flux(), NOW - timedelta(days=20))
    assert list(due.before(NOW, NOW - timedelta(days=3))) == []
    assert list(due.before(NOW, NOW - timedelta(days=21))) == [("FLUX", flux().number)]
