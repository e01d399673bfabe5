"""Each use case that writes: what is there before, what is run, and run again after a crash."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chorale.domain.errors import ActImpossible
from chorale.domain.events import Event
from chorale.domain.findings import RankOutcome, RankReport
from chorale.domain.rights import Actor
from chorale.domain.statuses import FluxState, Status
from chorale.runtime.codec import restore
from chorale.stores import aws, invoices, outbox
from chorale.stores import flux as flux_store
from chorale.usecases.change_status import process_received
from chorale.usecases.count_indicators import count
from chorale.usecases.integrate_flux import integrate_flux
from chorale.usecases.relay_events import relay
from chorale.usecases.watch_deadlines import watch

from tests.aws import Hub
from tests.cast import (
    NOW,
    OTHER_RECIPIENT,
    RECIPIENT,
    actor,
    event_of,
    filed,
    fill_directory,
    flux,
    later,
    rank_of,
    summary,
    ubl,
)
from tests.pipeline import INTEGRATION, deposit, receive, settle, tar_gz

Run = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Scenario:
    """``prepare`` makes the hub ready and gives what is to be run, and run again with the same arguments."""

    name: str
    prepare: Callable[[Hub], Run]

    def __str__(self) -> str:
        return self.name


def _received(hub: Hub, content: bytes, name: str = "f.xml") -> str:
    deposited = deposit(content, name)
    receive(hub, deposited)
    hub.messages()
    return deposited.number


def _receive(hub: Hub) -> Run:
    deposited = deposit(ubl())
    return lambda: receive(hub, deposited)


def _integrate_one(hub: Hub) -> Run:
    number = _received(hub, ubl(recipient=OTHER_RECIPIENT, service="SERVICE_DEST_SERV_OBL"))
    return lambda: integrate_flux(number, None, INTEGRATION)


def _integrate_refused_file(hub: Hub) -> Run:
    number = _received(hub, b"hello", "note.txt")
    return lambda: integrate_flux(number, None, INTEGRATION)


def _integrate_several(hub: Hub) -> Run:
    settle(hub, ubl("F-0"))
    members = {"ok.xml": ubl("F-1"), "bad.xml": b"<Invoice/>", "again.xml": ubl("F-0"), "twice.xml": ubl("F-1")}
    number = _received(hub, tar_gz(members), "lot.tar.gz")
    return lambda: integrate_flux(number, None, INTEGRATION)


def _large(hub: Hub) -> str:
    members = {"1.xml": ubl("F-1"), "2.xml": b"<Invoice/>", "3.xml": ubl("F-3")}
    return _received(hub, tar_gz(members), "lot.tar.gz")


def _split(hub: Hub) -> Run:
    number = _large(hub)
    return lambda: integrate_flux(number, None, INTEGRATION)


def _chunk(hub: Hub, done_before: tuple[int, ...], chunk: int) -> Run:
    number = _large(hub)
    for ready in (None, *done_before):
        integrate_flux(number, ready, INTEGRATION)
    hub.messages()
    return lambda: integrate_flux(number, chunk, INTEGRATION)


def _process(hub: Hub) -> Run:
    row = summary()
    invoices.file_invoice(filed(row), event_of(row), rank_of(row), (row.supplier.id, row.kind.value))
    by: Actor = actor(RECIPIENT)

    def run() -> None:
        try:
            process_received(by, row.id, Status.SUSPENDUE, "Il manque une pièce", "", later(minutes=5))
        except ActImpossible as already:
            # After a crash that followed the write, the refusal says that the act was done.
            assert already.status == "SUSPENDUE"

    return run


def _events(number: int) -> list[dict[str, Any]]:
    rows = [outbox.event_item(f"INV#{n}", event_of(summary(1_000_000 + n))) for n in range(number)]
    for row in rows:
        aws.client("dynamodb").put_item(TableName="Ledger", Item=row)
    return rows


def _relay(_hub: Hub) -> Run:
    rows = _events(3)
    return lambda: relay(rows)


def _count(hub: Hub) -> Run:
    relay(_events(2))
    events = [restore(Event, sent["detail"]) for sent in hub.published()]
    leaves = replace(event_of(summary(version=4), "MISE_A_DISPOSITION"), target="MANDATEE")
    count(events[:1], NOW)
    return lambda: count([*events, leaves], NOW)


def _watch(_hub: Hub) -> Run:
    never_came = flux(1)
    stopped = flux(2, state=FluxState.RECEIVED)
    half_done = flux(3, state=FluxState.INTEGRATING, chunks=2, members=3)
    for overdue in (never_came, stopped, half_done):
        flux_store.create(overdue, later(hours=1))
    rank = flux_store.rank_item(half_done.number, RankReport(1, "1.xml", RankOutcome.INTEGRATED, 1_000_007, "F-7"))
    aws.client("dynamodb").put_item(TableName="Ledger", Item=rank)
    _events(1)
    return lambda: watch(later(hours=3))


SCENARIOS = [
    Scenario("receive a file", _receive),
    Scenario("integrate one invoice", _integrate_one),
    Scenario("refuse a file", _integrate_refused_file),
    Scenario("integrate several, some refused", _integrate_several),
    Scenario("split a large file", _split),
    Scenario("integrate a chunk", lambda hub: _chunk(hub, (), 1)),
    Scenario("integrate the last chunk", lambda hub: _chunk(hub, (1,), 2)),
    Scenario("treat a received invoice", _process),
    Scenario("relay events", _relay),
    Scenario("count events", _count),
    Scenario("watch deadlines", _watch),
]


def ready(hub: Hub, scenario: Scenario) -> Run:
    """What ``scenario`` runs, on a hub that knows the parties."""
    fill_directory()
    return scenario.prepare(hub)
