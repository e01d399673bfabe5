"""Each use case that writes: what is there before, what is run, and run again after a crash."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from chorale.domain.access.rights import Actor
from chorale.domain.errors import ActImpossible, SubmissionRefused
from chorale.domain.events import Event
from chorale.domain.exchange.webhooks import Webhook
from chorale.domain.findings import RankOutcome, RankReport
from chorale.domain.frames import Frame
from chorale.domain.invoices.agreement import Decision
from chorale.domain.invoices.attachments import Wanted
from chorale.domain.invoices.invoice import DocumentKind, TaxRegime
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.invoices.requirements import Route
from chorale.domain.invoices.submission import KeyedTotals, Submission, SubmissionMode
from chorale.domain.once import once
from chorale.domain.statuses import FluxState, Status
from chorale.runtime.codec import restore
from chorale.stores import aws, keys, outbox, technical
from chorale.stores.access import accounts
from chorale.stores.deposits import flux as flux_store
from chorale.stores.exchange import webhooks
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.deposits.integrate_flux import integrate_flux
from chorale.usecases.deposits.receive_flux import receive_flux
from chorale.usecases.deposits.submit_invoice import submit
from chorale.usecases.exchange.call_webhooks import call_webhook, settle_call
from chorale.usecases.exchange.relay_events import relay
from chorale.usecases.exchange.webhooks import register
from chorale.usecases.invoices.amend_issued import handle_rejections, reroute
from chorale.usecases.invoices.change_status import process_received
from chorale.usecases.invoices.count_indicators import count
from chorale.usecases.invoices.decide_agreement import decide
from chorale.usecases.invoices.store_file import store_file
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
from tests.integration.crashes.stage import Stage
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
    prepare: Callable[[Stage], Run]
    runs: Callable[..., Any]
    """The use case."""
    site: Callable[[], None] = fill_directory
    """Makes the hub known to the parties; made once for all scenarios that begin with it."""
    stride: int = 1
    """How many calls lie between two points: for a use case that goes the same way as another one."""

    @property
    def use_case(self) -> str:
        """Its name, as ``writers`` gives it."""
        return f"{self.runs.__module__.removeprefix('chorale.usecases.')}.{self.runs.__name__}"

    def __str__(self) -> str:
        return self.name


def _received(hub: Hub, content: bytes, name: str = "f.xml") -> str:
    deposited = deposit(content, name)
    receive(hub, deposited)
    hub.messages()
    return deposited.number


def _receive(stage: Stage) -> Run:
    deposited = deposit(ubl())
    return lambda: receive(stage.hub, deposited)


def _integrate_one(stage: Stage) -> Run:
    number = _received(stage.hub, ubl(recipient=OTHER_RECIPIENT, service="SERVICE_DEST_SERV_OBL"))
    return lambda: integrate_flux(number, None, INTEGRATION)


def _integrate_refused_file(stage: Stage) -> Run:
    number = _received(stage.hub, b"hello", "note.txt")
    return lambda: integrate_flux(number, None, INTEGRATION)


def _integrate_several(stage: Stage) -> Run:
    settle(stage.hub, ubl("F-0"))
    members = {"ok.xml": ubl("F-1"), "bad.xml": b"<Invoice/>", "again.xml": ubl("F-0"), "twice.xml": ubl("F-1")}
    number = _received(stage.hub, tar_gz(members), "lot.tar.gz")
    return lambda: integrate_flux(number, None, INTEGRATION)


def _large(hub: Hub) -> str:
    members = {"1.xml": ubl("F-1"), "2.xml": b"<Invoice/>", "3.xml": ubl("F-3")}
    return _received(hub, tar_gz(members), "lot.tar.gz")


def _split(stage: Stage) -> Run:
    number = _large(stage.hub)
    return lambda: integrate_flux(number, None, INTEGRATION)


def _chunk(stage: Stage, done_before: tuple[int, ...], chunk: int) -> Run:
    number = _large(stage.hub)
    for ready in (None, *done_before):
        integrate_flux(number, ready, INTEGRATION)
    stage.hub.messages()
    return lambda: integrate_flux(number, chunk, INTEGRATION)


def _process(stage: Stage) -> Run:
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


def keep(**changes: Any) -> InvoiceSummary:
    """An invoice between supplier and recipient, kept as integrated."""
    row = summary(**changes)
    invoices.file_invoice(filed(row), event_of(row), rank_of(row), (row.supplier.id, row.kind.value))
    return row


def refused_once_done(act: Run, *refusals: type[Exception]) -> Run:
    """``act``, for which one of ``refusals`` says that it was done before."""

    def run() -> None:
        with suppress(*refusals):
            act()

    return run


def _agree(_stage: Stage) -> Run:
    row = keep(**PUT_TO_VALIDATOR)
    return refused_once_done(
        lambda: decide(actor(OTHER_SUPPLIER), row.id, Decision.AGREE, "", "", later(days=1)), ActImpossible
    )


def _reject(_stage: Stage) -> Run:
    """The rejection sets the number free in the same transaction."""
    row = keep()
    reason = "Prestation non commandée"
    return refused_once_done(
        lambda: process_received(actor(RECIPIENT), row.id, Status.REJETEE, reason, "", later(days=1)), ActImpossible
    )


@cache
def pdf() -> bytes:
    """The same bytes in every run: a PDF holds the time it was made at."""
    return examples.facturx_pdf(examples.FACTURX.read_bytes())


def _submit(_stage: Stage) -> Run:
    """The supplier sends its request again: the number says that the first one was taken."""
    by = actor(SUPPLIER)
    invoice, plan = (store_file(by, name, "PDF", "application/pdf", pdf(), NOW) for name in ("f.pdf", "plan.pdf"))
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
        main=Wanted(invoice.id),
        attachments=(Wanted(plan.id, "Plan"),),
    )

    def run() -> None:
        try:
            submit(by, given, NOW)
        except SubmissionRefused as refused:
            assert [finding.code for finding in refused.findings] == ["CHO-NUMERO-DOUBLON"]

    return run


def _call_that_fails(_stage: Stage) -> Run:
    """The name leads inside, so that nothing is called: the call is kept, and its next attempt asked for.

    By the call itself, or by the watch when the process died before it had.
    """
    by, event = actor(SUPPLIER), event_of(summary())
    accounts.write_technical_account(accounts.TechnicalAccount(by.login, "x", dict(by.rights)))
    row = Webhook("0123", SUPPLIER.id, by.login, "https://localhost/", "s", frozenset({"facture.statut"}), NOW)
    webhooks.create(row, 0)
    owner = keys.call_owner(row.id, event.id)

    def run() -> None:
        call_webhook(SUPPLIER.id, row.id, event, 0, NOW)
        settle_call(owner, later(hours=2))

    return run


def _register_webhook(_stage: Stage) -> Run:
    request = once("compte", "une demande", b"{}")

    def run() -> None:
        made = register(actor(SUPPLIER), "https://erp.exemple.fr/chorale", None, (), NOW, request)
        assert webhooks.of_structure(SUPPLIER.id) == [made]

    return run


def _reroute(_stage: Stage) -> Run:
    row = keep(status=Status.A_RECYCLER)
    route = Route(OTHER_RECIPIENT.identifier, "SERVICE_DEST_SERV_OBL")
    return refused_once_done(
        lambda: reroute(actor(SUPPLIER), row.id, route, "Service corrigé", later(days=1)), ActImpossible
    )


def _handle_rejections(_stage: Stage) -> Run:
    rows = [keep(invoice_id=1_000_000 + n, number=f"F-{n}", rank=n, status=Status.REJETEE) for n in (1, 2)]
    return lambda: handle_rejections(actor(SUPPLIER), [row.id for row in rows], later(days=1))


def _silences(_stage: Stage) -> Run:
    for n in (1, 2):
        keep(invoice_id=1_000_000 + n, number=f"ST-{n}", rank=n, validation_due=later(days=n), **PUT_TO_VALIDATOR)
    technical.set_swept(NOW)
    return lambda: watch(later(days=3))


def _events(number: int) -> list[dict[str, Any]]:
    rows = [outbox.event_item(f"INV#{n}", event_of(summary(1_000_000 + n))) for n in range(number)]
    for row in rows:
        aws.client("dynamodb").put_item(TableName="Ledger", Item=row)
    return rows


def _relay(_stage: Stage) -> Run:
    rows = _events(3)
    return lambda: relay(rows)


def _count(stage: Stage) -> Run:
    relay(_events(2))
    events = [restore(Event, sent["detail"]) for sent in stage.hub.published()]
    leaves = replace(event_of(summary(version=4), "MISE_A_DISPOSITION"), target="MANDATEE")
    count(events[:1], NOW)
    return lambda: count([*events, leaves], NOW)


def _watch(_stage: Stage) -> Run:
    never_came = flux(1)
    half_done = flux(3, state=FluxState.INTEGRATING, chunks=2, members=3)
    for overdue in (never_came, half_done):
        flux_store.create(overdue, later(hours=1))
    rank = flux_store.rank_item(half_done.number, RankReport(1, "1.xml", RankOutcome.INTEGRATED, 1_000_007, "F-7"))
    aws.client("dynamodb").put_item(TableName="Ledger", Item=rank)
    _events(1)
    technical.set_swept(NOW)
    return lambda: watch(later(hours=3))


def _watch_what_stopped(_stage: Stage) -> Run:
    """By itself: a message to the integration, of whatever flux, has it wait for its turn once more."""
    flux_store.create(flux(2, state=FluxState.RECEIVED), later(hours=1))
    technical.set_swept(NOW)
    return lambda: watch(later(hours=3))


MANY_CALLS = 3
"""Stride of what makes dozens of calls, the most of them to look for what is due."""

SCENARIOS = [
    Scenario("receive a file", _receive, receive_flux),
    Scenario("integrate one invoice", _integrate_one, integrate_flux),
    Scenario("refuse a file", _integrate_refused_file, integrate_flux),
    Scenario("integrate several, some refused", _integrate_several, integrate_flux),
    Scenario("split a large file", _split, integrate_flux),
    Scenario("integrate a chunk", lambda stage: _chunk(stage, (), 1), integrate_flux),
    Scenario("integrate the last chunk", lambda stage: _chunk(stage, (1,), 2), integrate_flux),
    Scenario("treat a received invoice", _process, process_received),
    Scenario("relay events", _relay, relay),
    Scenario("count events", _count, count),
    Scenario("watch deadlines", _watch, watch, stride=MANY_CALLS),
    Scenario("watch a flux that stopped", _watch_what_stopped, watch, stride=MANY_CALLS),
    Scenario("agree to a sub-contractor's invoice", _agree, decide),
    Scenario("reject an invoice, its number set free", _reject, process_received),
    Scenario("submit an invoice as a PDF with a file", _submit, submit),
    Scenario("call a webhook in vain", _call_that_fails, call_webhook),
    Scenario("register a webhook with a key", _register_webhook, register),
    Scenario("send an invoice on to another recipient", _reroute, reroute),
    Scenario("handle rejections", _handle_rejections, handle_rejections),
    Scenario("let two silences take effect", _silences, watch, stride=MANY_CALLS),
]
