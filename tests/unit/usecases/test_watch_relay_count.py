"""What runs on its own: the hourly watch, the relay of events, the counters."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from chorale.domain.deposits.flux import Flux
from chorale.domain.events import Event, EventType
from chorale.domain.findings import RankOutcome, RankReport
from chorale.domain.statuses import FluxState
from chorale.runtime.codec import restore
from chorale.stores import aws, due, objects, outbox
from chorale.stores.deposits import flux as flux_store
from chorale.stores.invoices.views import counts
from chorale.usecases import watch_deadlines as module
from chorale.usecases.deposits import integrate_flux as integration
from chorale.usecases.deposits.deposit import open_deposit
from chorale.usecases.deposits.integrate_flux import integrate_flux
from chorale.usecases.deposits.verdict import write_verdict
from chorale.usecases.exchange.relay_events import RESEND_AFTER, EventsRefused, relay, resend_pending
from chorale.usecases.invoices.count_indicators import changes_of, count
from chorale.usecases.watch_deadlines import watch

from tests.aws import BUCKETS, Hub
from tests.cast import NOW, RECIPIENT, SUPPLIER, actor, event_of, later, summary, ubl
from tests.pipeline import INTEGRATION, UBL, deposit, now_of, receive, report_of, tar_gz, work

NOTHING = dict.fromkeys((*module.COUNTED, "events_resent"), 0)


def _announced() -> Flux:
    return open_deposit(actor(SUPPLIER), "f.xml", 10, "ab" * 32, UBL, NOW).flux


def _pending(hub: Hub) -> int:
    return sum("pending_pk" in row for row in hub.rows().values())


# The watch: files that never came


def test_a_file_that_has_not_come_within_the_hour_is_rejected(cast: Hub) -> None:
    flux = _announced()
    assert watch(later(minutes=59)) == NOTHING
    assert watch(later(minutes=61)) == NOTHING | {"never_received": 1}
    assert now_of(flux).state is FluxState.REJECTED
    report = report_of(flux)
    assert [finding.code for finding in report.findings] == ["CHO-FICHIER-NON-RECU"]
    assert report.ranks == ()


def test_the_watch_settles_a_flux_once(cast: Hub) -> None:
    _announced()
    watch(later(hours=2))
    before = cast.rows()
    assert watch(later(hours=2, minutes=1))["never_received"] == 0
    assert cast.rows() == before


def test_a_file_that_comes_after_the_rejection_is_ignored(cast: Hub) -> None:
    flux = _announced()
    watch(later(hours=2))
    aws.client("s3").put_object(Bucket=BUCKETS["DEPOSIT_BUCKET"], Key=f"incoming/{flux.number}", Body=ubl())
    receive(cast, flux, later(hours=3))
    assert now_of(flux).state is FluxState.REJECTED
    assert cast.messages() == []


def test_a_file_that_came_and_was_not_noticed_is_received_by_the_watch(cast: Hub) -> None:
    """The backlog of the reception is longer than an hour, or its message was lost."""
    flux = deposit(ubl())
    assert watch(later(hours=2)) == NOTHING | {"received_late": 1}
    work(cast, later(hours=2, minutes=1))
    assert now_of(flux).state is FluxState.INTEGRATED
    receive(cast, flux, later(hours=3))
    assert now_of(flux).state is FluxState.INTEGRATED


def test_a_file_on_its_way_is_left_alone(cast: Hub) -> None:
    flux = deposit(ubl())
    receive(cast, flux, later(minutes=59))
    assert watch(later(minutes=61)) == NOTHING
    assert now_of(flux).state is FluxState.RECEIVED


# The watch: integrations that stopped


def test_an_integration_that_stopped_before_any_invoice_is_incidented(cast: Hub) -> None:
    flux = deposit(ubl())
    receive(cast, flux)
    assert watch(later(hours=1)) == NOTHING
    _given_up_by_the_queue(cast)
    assert watch(later(hours=3)) == NOTHING | {"stopped": 1}
    assert now_of(flux).state is FluxState.FAILED
    assert now_of(flux).state.public_code == "IN_INCIDENTE"
    assert [finding.code for finding in report_of(flux).findings] == ["CHO-INCIDENT"]


def _given_up_by_the_queue(hub: Hub) -> None:
    """After three tries a message is among the dead letters: nobody works on it any more."""
    assert hub.messages()


def test_a_backlog_makes_nothing_fail(cast: Hub) -> None:
    flux = deposit(ubl())
    receive(cast, flux)
    for hours in (3, 6, 9):
        assert watch(later(hours=hours)) == NOTHING | {"waiting": 1}
    work(cast, later(hours=10))
    assert now_of(flux).state is FluxState.INTEGRATED


def test_a_flux_that_no_queue_can_hold_any_more_is_given_up_however_long_the_backlog(cast: Hub) -> None:
    flux = deposit(ubl())
    receive(cast, flux)
    assert watch(later(days=4, minutes=1))["stopped"] == 1
    assert now_of(flux).state is FluxState.FAILED


def test_who_integrates_late_puts_the_flux_off_before_it_files_anything(
    cast: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watch has read the flux; a late run then files the invoice, and has not come to the verdict yet."""
    flux = deposit(ubl())
    receive(cast, flux)
    cast.messages()
    ranks = flux_store.ranks
    begun: list[Any] = []

    def slow(*_: Any) -> None:
        raise ConnectionError("has not come to the verdict yet")

    def overtaken(number: str, *places: int) -> list[RankReport]:
        found = ranks(number, *places)
        if not begun:
            begun.append(number)
            monkeypatch.setattr(integration, "write_verdict", slow)
            with pytest.raises(ConnectionError):
                integrate_flux(number, None, later(hours=3))
            monkeypatch.setattr(integration, "write_verdict", write_verdict)
        return found

    monkeypatch.setattr(flux_store, "ranks", overtaken)
    assert watch(later(hours=3))["stopped"] == 0
    assert begun
    assert not now_of(flux).state.is_verdict
    integrate_flux(flux.number, None, later(hours=3, minutes=30))
    assert now_of(flux).state is FluxState.INTEGRATED


@pytest.mark.parametrize("when", [timedelta(hours=3), timedelta(days=4, minutes=1)])
def test_a_flux_that_a_late_run_put_off_is_not_given_up_by_a_watch_that_had_listed_it(
    cast: Hub, monkeypatch: pytest.MonkeyPatch, when: timedelta
) -> None:
    flux = deposit(ubl())
    receive(cast, flux)
    cast.messages()
    at = NOW + when
    listed = [list(due.before(at, NOW))]
    assert ("FLUX", flux.number) in listed[0]
    monkeypatch.setattr(due, "before", lambda *_: listed.pop() if listed else [])
    get_incoming = objects.get_incoming
    done: dict[str, int] = {}

    def meanwhile(*given: Any) -> bytes:
        """The late run has put the flux off and reads its file: now the watch comes to what it listed before."""
        done.update(watch(at))
        return get_incoming(*given)

    monkeypatch.setattr(objects, "get_incoming", meanwhile)
    integrate_flux(flux.number, None, at)

    assert done["stopped"] == 0
    assert now_of(flux).state is FluxState.INTEGRATED


@pytest.fixture
def half_done(cast: Hub, monkeypatch: pytest.MonkeyPatch) -> Flux:
    """Seven invoices by chunks of three; the second chunk died."""
    monkeypatch.setattr(integration, "RANKS_PER_CHUNK", 3)
    flux = deposit(tar_gz({f"{rank}.xml": ubl(f"F-{rank}") for rank in range(1, 8)}), "lot.tar.gz")
    receive(cast, flux)
    cast.messages()
    integrate_flux(flux.number, None, INTEGRATION)
    cast.messages()
    integrate_flux(flux.number, 1, INTEGRATION)
    integrate_flux(flux.number, 3, INTEGRATION)
    return flux


def test_an_integration_of_which_a_part_is_done_is_put_aside_and_asked_for_again(cast: Hub, half_done: Flux) -> None:
    assert watch(later(hours=3)) | {"events_resent": 0} == NOTHING | {"postponed": 1}
    aside = now_of(half_done)
    assert aside.state.public_code == "IN_EN_ATTENTE_RETRAITEMENT_CPP"
    assert aside.chunks_done == {1, 3}
    work(cast, later(hours=3))
    done = now_of(half_done)
    assert (done.state, done.integrated) == (FluxState.INTEGRATED, 7)


def test_it_is_asked_for_every_two_hours_until_somebody_mends_it(cast: Hub, half_done: Flux) -> None:
    asked = []
    for hour in range(3, 11):
        watch(later(hours=hour, minutes=hour))
        asked.append(len(cast.messages()))
    assert asked == [1, 0, 1, 0, 1, 0, 1, 0]
    assert now_of(half_done).state_at == later(hours=3, minutes=3), "since when it is aside"


def test_chunks_that_are_still_queued_find_their_way_after_the_flux_was_put_aside(cast: Hub, half_done: Flux) -> None:
    watch(later(hours=3))
    cast.messages()
    integrate_flux(half_done.number, 2, later(hours=3))
    assert now_of(half_done).state is FluxState.INTEGRATED


def test_one_flux_that_cannot_be_settled_does_not_keep_the_others_waiting(
    cast: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    fluxes = [_announced() for _ in range(3)]
    settle = module.settle

    def fail_on_the_first(flux: Flux, now: Any) -> str:
        if flux.number == fluxes[0].number:
            raise ConnectionError("broken")
        return settle(flux, now)

    monkeypatch.setattr(module, "settle", fail_on_the_first)
    with pytest.raises(ExceptionGroup, match="1 deadlines could not be settled"):
        watch(later(hours=2))
    assert [now_of(flux).state.is_verdict for flux in fluxes] == [False, True, True]


def test_a_flux_that_moves_meanwhile_is_left_to_itself(cast: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    flux = deposit(ubl())

    def received_meanwhile(*given: Any) -> None:
        monkeypatch.setattr(module, "write_verdict", write_verdict)
        receive(cast, flux, later(hours=2))
        write_verdict(*given)

    monkeypatch.setattr(module, "write_verdict", received_meanwhile)
    assert watch(later(hours=2))["never_received"] == 0
    assert now_of(flux).state is FluxState.RECEIVED
    work(cast, later(hours=2))
    assert now_of(flux).state is FluxState.INTEGRATED


def test_refused_ranks_alone_do_not_make_a_part(cast: Hub) -> None:
    flux = deposit(ubl())
    receive(cast, flux)
    flux_store.write_refused(flux.number, RankReport(1, "f.xml", RankOutcome.REFUSED))
    _given_up_by_the_queue(cast)
    assert watch(later(hours=3))["stopped"] == 1
    assert report_of(flux).counts["refused"] == 1


# Events: the relay and the watch that follows it


def _write_events(number: int, at: timedelta = timedelta()) -> list[dict[str, Any]]:
    rows = [outbox.event_item(f"INV#{n}", event_of(summary(1_000_000 + n), at=NOW + at)) for n in range(number)]
    for row in rows:
        aws.client("dynamodb").put_item(TableName="Ledger", Item=row)
    return rows


def test_events_leave_for_the_bus_and_are_no_longer_pending(hub: Hub) -> None:
    relay(_write_events(12))
    assert len(hub.published()) == 12
    assert _pending(hub) == 0


def test_when_the_bus_takes_only_some_the_others_stay_pending_and_the_record_is_tried_again(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = _write_events(3)
    put_events = aws.client("events").put_events

    def refuse_the_last(Entries: Sequence[Any]) -> dict[str, Any]:  # noqa: N803 - boto3's own spelling
        taken = put_events(Entries=Entries[:-1])["Entries"]
        return {"FailedEntryCount": 1, "Entries": [*taken, {"ErrorCode": "InternalFailure"}]}

    with monkeypatch.context() as broken, pytest.raises(EventsRefused, match="1 of 3"):
        broken.setattr(aws.client("events"), "put_events", refuse_the_last)
        relay(rows)
    assert _pending(hub) == 1
    relay(rows)
    assert _pending(hub) == 0


def test_what_is_pending_for_five_minutes_is_sent_again(hub: Hub) -> None:
    assert timedelta(minutes=5) == RESEND_AFTER
    _write_events(3)
    assert resend_pending(later(minutes=4, seconds=59)) == 0
    assert resend_pending(later(minutes=5, seconds=1)) == 3
    assert resend_pending(later(minutes=6)) == 0
    assert len(hub.published()) == 3


def test_the_watch_sends_pending_events_again(hub: Hub) -> None:
    _write_events(2)
    assert watch(later(hours=1)) == NOTHING | {"events_resent": 2}


# Counters


def _event(source: str, target: str, version: int = 3) -> Event:
    return replace(event_of(summary(version=version), source), target=target)


def test_a_new_invoice_counts_for_both_parties() -> None:
    assert changes_of(_event("", "MISE_A_DISPOSITION")) == {
        (SUPPLIER.id, "ISSUED", "MISE_A_DISPOSITION"): 1,
        (RECIPIENT.id, "RECEIVED", "MISE_A_DISPOSITION"): 1,
    }


def test_a_change_of_status_moves_it_from_one_counter_to_the_other() -> None:
    assert changes_of(_event("MISE_A_DISPOSITION", "MANDATEE")) == {
        (SUPPLIER.id, "ISSUED", "MISE_A_DISPOSITION"): -1,
        (SUPPLIER.id, "ISSUED", "MANDATEE"): 1,
        (RECIPIENT.id, "RECEIVED", "MISE_A_DISPOSITION"): -1,
        (RECIPIENT.id, "RECEIVED", "MANDATEE"): 1,
    }


def test_the_verdict_on_a_flux_counts_nothing(hub: Hub) -> None:
    decided = Event(EventType.FLUX_DECIDED, "CPP1", 2, "RECEIVED", "INTEGRATED", NOW)
    assert changes_of(decided) == {}
    assert count([decided], NOW) == 0


def test_events_count_once_in_whatever_order_they_come(hub: Hub) -> None:
    arrives = _event("", "MISE_A_DISPOSITION", 3)
    leaves = _event("MISE_A_DISPOSITION", "SUSPENDUE", 4)
    assert count([leaves], NOW) == 1
    assert count([arrives, leaves, arrives], NOW) == 1
    assert count([arrives, leaves], NOW) == 0
    assert {key: number for key, number in counts(RECIPIENT.id).items() if number} == {("RECEIVED", "SUSPENDUE"): 1}


def test_from_deposit_to_counter(cast: Hub) -> None:
    flux = deposit(tar_gz({f"{rank}.xml": ubl(f"F-{rank}") for rank in range(1, 4)}), "lot.tar.gz")
    receive(cast, flux)
    work(cast)
    relay([aws.to_item(row) for row in cast.rows().values() if "event" in row])
    details = [sent["detail"] for sent in cast.published() if sent["detail-type"] == "InvoiceStatusChanged"]
    assert count([restore(Event, detail) for detail in details], NOW) == 3
    assert counts(SUPPLIER.id) == {("ISSUED", "MISE_A_DISPOSITION"): 3}
