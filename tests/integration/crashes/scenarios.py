"""Each use case that writes: what is there before, what is run, and run again after a crash."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from chorale.domain.attachments import Wanted
from chorale.domain.errors import ActImpossible, SubmissionRefused
from chorale.domain.events import Event
from chorale.domain.filing import InvoiceSummary
from chorale.domain.findings import RankOutcome, RankReport
from chorale.domain.frames import Frame
from chorale.domain.invoice import DocumentKind, TaxRegime
from chorale.domain.requirements import Route
from chorale.domain.rights import Actor
from chorale.domain.statuses import FluxState, Status
from chorale.domain.submission import KeyedTotals, Submission, SubmissionMode
from chorale.domain.validation import Decision
from chorale.runtime.codec import restore
from chorale.stores import aws, invoices, outbox
from chorale.stores import flux as flux_store
from chorale.usecases.amend_issued import handle_rejections, reroute
from chorale.usecases.change_status import process_received
from chorale.usecases.count_indicators import count
from chorale.usecases.decide_validation import decide
from chorale.usecases.integrate_flux import integrate_flux
from chorale.usecases.relay_events import relay
from chorale.usecases.store_file import store_file
from chorale.usecases.submit_invoice import submit
from chorale.usecases.watch_deadlines import watch
from chorale_local import examples

from tests.aws import Hub
from tests.cast import (
    NOW,
    OTHER_RECIPIENT,
    OTHER_SUPPLIER,
    RECIPIENT,
    SUPPLIER,
    actor,
    event_of,
    filed,
    fill_directory,
    flux,
    later,
    rank_of,
    reference,
    summary,
    ubl,
)
from tests.pipeline import INTEGRATION, deposit, receive, settle, tar_gz

Run = Callable[[], Any]


PUT_TO_VALIDATOR: dict[str, Any] = {
    "frame": Frame.A9,
    "status": Status.A_VALIDER_1,
    "validator": reference(OTHER_SUPPLIER),
}


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


def _file(**changes: object) -> InvoiceSummary:
    row = summary(**changes)
    invoices.file_invoice(filed(row), event_of(row), rank_of(row), (row.supplier.id, row.kind.value))
    return row


def _unless_done(act: Run) -> Run:
    """``act``, for which a refusal says that it was done before."""

    def run() -> None:
        with suppress(ActImpossible):
            act()

    return run


def _agree(_hub: Hub) -> Run:
    row = _file(**PUT_TO_VALIDATOR)
    return _unless_done(lambda: decide(actor(OTHER_SUPPLIER), row.id, Decision.AGREE, "", "", later(days=1)))


def _reject(_hub: Hub) -> Run:
    """The rejection sets the number free in the same transaction."""
    row = _file()
    reason = "Prestation non commandée"
    return _unless_done(lambda: process_received(actor(RECIPIENT), row.id, Status.REJETEE, reason, "", later(days=1)))


@cache
def _pdf() -> bytes:
    """The same bytes in every run: a PDF holds the time it was made at."""
    return examples.facturx_pdf(examples.FACTURX.read_bytes())


def _submit(_hub: Hub) -> Run:
    """The supplier sends its request again: the number says that the first one was taken."""
    by = actor(SUPPLIER)
    pdf, plan = (store_file(by, name, "PDF", "application/pdf", _pdf(), NOW) for name in ("f.pdf", "plan.pdf"))
    given = Submission(
        SubmissionMode.PDF,
        SUPPLIER.id,
        RECIPIENT.identifier,
        Frame.A1,
        DocumentKind.INVOICE,
        TaxRegime.ON_INVOICE,
        "EUR",
        "VIREMENT",
        KeyedTotals(Decimal(100), Decimal(20), Decimal(120)),
        number="F-1",
        issue_date=NOW.date(),
        main=Wanted(pdf.id),
        attachments=(Wanted(plan.id, "Plan"),),
    )

    def run() -> None:
        try:
            submit(by, given, NOW)
        except SubmissionRefused as refused:
            assert [finding.code for finding in refused.findings] == ["CHO-NUMERO-DOUBLON"]

    return run


def _reroute(_hub: Hub) -> Run:
    row = _file(status=Status.A_RECYCLER)
    route = Route(OTHER_RECIPIENT.identifier, "SERVICE_DEST_SERV_OBL")
    return _unless_done(lambda: reroute(actor(SUPPLIER), row.id, route, "Service corrigé", later(days=1)))


def _handle_rejections(_hub: Hub) -> Run:
    rows = [_file(invoice_id=1_000_000 + n, number=f"F-{n}", rank=n, status=Status.REJETEE) for n in (1, 2)]
    return lambda: handle_rejections(actor(SUPPLIER), [row.id for row in rows], later(days=1))


def _silences(_hub: Hub) -> Run:
    for n in (1, 2):
        _file(invoice_id=1_000_000 + n, number=f"ST-{n}", rank=n, validation_due=later(days=n), **PUT_TO_VALIDATOR)
    return lambda: watch(later(days=30))


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
    Scenario("agree to a sub-contractor's invoice", _agree),
    Scenario("reject an invoice, its number set free", _reject),
    Scenario("submit an invoice as a PDF with a file", _submit),
    Scenario("send an invoice on to another recipient", _reroute),
    Scenario("handle rejections", _handle_rejections),
    Scenario("let two silences take effect", _silences),
]


def ready(hub: Hub, scenario: Scenario) -> Run:
    """What ``scenario`` runs, on a hub that knows the parties."""
    fill_directory()
    return scenario.prepare(hub)
