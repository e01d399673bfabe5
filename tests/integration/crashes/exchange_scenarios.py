"""What comes from partners and goes to them, and what accounts and structures keep for themselves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from chorale.domain.access.rights import Actor
from chorale.domain.directory.structures import Structure
from chorale.domain.directory.uuids import STRUCTURES, organisation_uuid
from chorale.domain.errors import (
    ActImpossible,
    AttachmentNotFound,
    InvalidRequest,
    NotSuspended,
)
from chorale.domain.events import Event
from chorale.domain.exchange.webhooks import Webhook
from chorale.domain.invoices.attachments import Wanted
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.once import once
from chorale.domain.statuses import Status
from chorale.formats.writing.cpp_statut import invoice_statuses
from chorale.runtime.codec import restore
from chorale.stores import aws, technical
from chorale.stores.access import accounts
from chorale.stores.exchange import partners, webhook_calls, webhooks
from chorale.usecases.deposits.deposit import deposit_inline, open_deposit
from chorale.usecases.deposits.receive_flux import receive_flux
from chorale.usecases.deposits.settle_scan import settle_scan
from chorale.usecases.directory.directory_file import directory_file
from chorale.usecases.directory.organisations import set_edi
from chorale.usecases.exchange import webhooks as hooks
from chorale.usecases.exchange.call_webhooks import ask_calls, call_webhook
from chorale.usecases.exchange.edi_in import take
from chorale.usecases.exchange.edi_out import tell
from chorale.usecases.exchange.relay_events import relay
from chorale.usecases.invoices.amend_issued import name_validator
from chorale.usecases.invoices.complete_invoice import complete
from chorale.usecases.invoices.read_pdf import read_pdf
from chorale.usecases.invoices.store_file import detach_file, store_file
from chorale.usecases.watch_deadlines import watch

from tests.aws import BUCKETS
from tests.cast import NOW, OTHER_SUPPLIER, RECIPIENT, SUPPLIER, actor, event_of, fill_directory, later, ubl
from tests.integration.crashes.scenarios import (
    MANY_CALLS,
    PUT_TO_VALIDATOR,
    Run,
    Scenario,
    keep,
    pdf,
    refused_once_done,
)
from tests.integration.crashes.stage import Stage
from tests.pipeline import UBL, deposit, receive, settle

FOLDERS = {"SUPP01": SUPPLIER, "RECI01": RECIPIENT}
PERMANENT = once("compte", "une demande", b"{}")
"""A request with an ``Idempotency-Key``."""


def partnered() -> None:
    """The parties, two of which have a folder; accounts that may be told."""
    fill_directory()
    for partner, structure in FOLDERS.items():
        somebody = actor(structure)
        accounts.write_technical_account(accounts.TechnicalAccount(somebody.login, "x", dict(somebody.rights)))
        partners.write(partner, somebody.login)


# Partners


def _drop(stage: Stage, partner: str, name: str, content: bytes) -> Run:
    key = f"edi/in/{partner}/{name}"
    aws.client("s3").put_object(Bucket=BUCKETS["DEPOSIT_BUCKET"], Key=key, Body=content)
    version = stage.hub.version_of(key)
    return lambda: take(key, version, NOW)


def _take_invoices(stage: Stage) -> Run:
    return _drop(stage, "SUPP01", "FSO1100A_1.xml", ubl("F-1"))


def _take_statuses(stage: Stage) -> Run:
    """Two statuses of one invoice, the second of which the first does not follow; one that cannot be given."""
    first, other = keep(), keep(invoice_id=1_000_001, number="F-2", rank=2, status=Status.MISE_EN_PAIEMENT)
    rows = [
        replace(first, status=Status.SERVICE_FAIT),
        replace(first, status=Status.MANDATEE),
        replace(other, status=Status.SUSPENDUE),
    ]
    return _drop(stage, "RECI01", "FEN1201A_1.xml", invoice_statuses(rows, "CHORALE", "X-1", NOW))


def _take_nothing(stage: Stage) -> Run:
    return _drop(stage, "SUPP01", "inconnu.xml", b"<Invoice/>")


def _told_of(stage: Stage, kind: str) -> Event:
    """The event of this type that the bus was given last."""
    relay([aws.to_item(row) for row in stage.rows("Ledger").values() if "pending_pk" in row])
    told = [sent["detail"] for sent in stage.hub.published() if sent["detail-type"] == kind]
    return restore(Event, told[-1])


def _tell(kind: str) -> Any:
    def prepare(stage: Stage) -> Run:
        settle(stage.hub, ubl("F-1"))
        event = _told_of(stage, kind)
        return lambda: tell(event)

    return prepare


# Webhooks


def _hook(by: Actor, structure: Structure = SUPPLIER) -> Webhook:
    row = Webhook("0123", structure.id, by.login, "https://localhost/", "s", frozenset({"facture.statut"}), NOW)
    webhooks.create(row, webhooks.registrations(structure.id))
    return row


def _ask_calls(_stage: Stage) -> Run:
    _hook(actor(SUPPLIER))
    keep()
    event = event_of(keep())
    return lambda: ask_calls(event)


def _call_that_succeeds(_stage: Stage) -> Run:
    """The server takes every call; what it takes twice it knows by the id of the event."""
    row, event = _hook(actor(SUPPLIER)), event_of(keep())
    return lambda: calling(row, event)


def calling(row: Webhook, event: Event, at: Any = NOW) -> bool:
    """A call that its server takes."""
    from chorale.stores.exchange import web

    post, web.post = web.post, lambda *_: None
    try:
        return call_webhook(row.structure_id, row.id, event, 0, at)
    finally:
        web.post = post


def _failed(row: Webhook) -> Event:
    """A call that was given up."""
    event = event_of(keep())
    call_webhook(row.structure_id, row.id, event, 0, NOW)
    kept = webhook_calls.get(row.id, event.id)
    assert kept is not None
    webhook_calls.keep(kept.given_up(later(days=3)), later(days=3))
    return event


def _send_again(stage: Stage) -> Run:
    by = actor(SUPPLIER)
    row = _hook(by)
    event = _failed(row)
    stage.hub.calls()
    return lambda: hooks.send_again(by, row.id, [event.id], later(days=4))


def _watch_calls(stage: Stage) -> Run:
    row = _hook(actor(SUPPLIER))
    call_webhook(row.structure_id, row.id, event_of(keep()), 0, NOW)
    technical.set_swept(NOW)
    return lambda: watch(later(hours=3))


def _unregister(_stage: Stage) -> Run:
    by = actor(SUPPLIER)
    row = _hook(by)
    return refused_once_done(lambda: hooks.unregister(by, row.id), InvalidRequest)


# Files and invoices


def _store(_stage: Stage) -> Run:
    return lambda: store_file(actor(SUPPLIER), "plan.pdf", "PDF", "application/pdf", pdf(), NOW, PERMANENT)


def _read_pdf(_stage: Stage) -> Run:
    return lambda: read_pdf(actor(SUPPLIER), pdf(), "f.pdf", NOW, PERMANENT)


def _detach(_stage: Stage) -> Run:
    file = store_file(actor(SUPPLIER), "plan.pdf", "PDF", "application/pdf", pdf(), NOW)
    return refused_once_done(lambda: detach_file(actor(SUPPLIER), file.id, NOW), AttachmentNotFound)


def _complete(_stage: Stage) -> Run:
    row = keep(status=Status.SUSPENDUE)
    file = store_file(actor(SUPPLIER), "plan.pdf", "PDF", "application/pdf", pdf(), NOW)
    wanted: Sequence[Wanted] = (Wanted(file.id),)
    return refused_once_done(
        lambda: complete(actor(SUPPLIER), row.id, "Le plan", later(days=1), wanted), NotSuspended, ActImpossible
    )


def _name_validator(_stage: Stage) -> Run:
    row: InvoiceSummary = keep(**PUT_TO_VALIDATOR | {"status": Status.ERREUR_FOURNISSEUR_SUR_VALIDEUR})
    named = (OTHER_SUPPLIER.identifier_type.value, OTHER_SUPPLIER.identifier, 0)
    return refused_once_done(lambda: name_validator(actor(SUPPLIER), row.id, *named, later(days=1)), ActImpossible)


def _deposit_inline(_stage: Stage) -> Run:
    return lambda: deposit_inline(actor(SUPPLIER), "f.xml", UBL, ubl("F-1"), False, NOW, PERMANENT)


def _open_deposit(_stage: Stage) -> Run:
    return lambda: open_deposit(actor(SUPPLIER), "f.xml", 10, "ab" * 32, UBL, NOW, False, PERMANENT)


def scanned(act: Run) -> Run:
    """``act`` where an antivirus scans what is uploaded."""

    def run() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("UPLOADS_SCANNED", "true")
            act()

    return run


def _receive_to_be_scanned(stage: Stage) -> Run:
    deposited = deposit(ubl())
    return scanned(lambda: receive(stage.hub, deposited))


def _settle_scan(stage: Stage) -> Run:
    deposited = deposit(ubl())
    scanned(lambda: receive(stage.hub, deposited))()
    key = f"incoming/{deposited.number}"
    version = stage.hub.version_of(key)
    return scanned(lambda: settle_scan(key, version, "NO_THREATS_FOUND", (), later(minutes=1)))


# Structures


def _set_edi(_stage: Stage) -> Run:
    uuid = organisation_uuid(STRUCTURES, SUPPLIER.id)
    return lambda: set_edi(actor(SUPPLIER), uuid, True, True)


def _directory_file(_stage: Stage) -> Run:
    return lambda: directory_file(NOW)


SCENARIOS = [
    Scenario("take a partner's file of invoices", _take_invoices, take, partnered),
    Scenario("take a partner's file of statuses", _take_statuses, take, partnered),
    Scenario("answer a partner's file that cannot be taken", _take_nothing, take, partnered),
    Scenario("tell a partner of a verdict", _tell("FluxDecided"), tell, partnered),
    Scenario("tell a partner of a status", _tell("InvoiceStatusChanged"), tell, partnered),
    Scenario("ask for the calls of an event", _ask_calls, ask_calls, partnered),
    Scenario("call a webhook", _call_that_succeeds, call_webhook, partnered),
    Scenario("have a call made again", _send_again, hooks.send_again, partnered),
    Scenario("watch calls of webhooks", _watch_calls, watch, partnered, MANY_CALLS),
    Scenario("delete a webhook", _unregister, hooks.unregister, partnered),
    Scenario("store a file with a key", _store, store_file),
    Scenario("read a PDF with a key", _read_pdf, read_pdf),
    Scenario("take a file back", _detach, detach_file),
    Scenario("complete a suspended invoice by a file", _complete, complete),
    Scenario("name another validator", _name_validator, name_validator),
    Scenario("deposit a file with a key", _deposit_inline, deposit_inline),
    Scenario("open a deposit with a key", _open_deposit, open_deposit),
    Scenario("receive a file that is scanned", _receive_to_be_scanned, receive_flux),
    Scenario("settle a scan", _settle_scan, settle_scan),
    Scenario("say what a structure exchanges by EDI", _set_edi, set_edi),
    Scenario("make the directory file", _directory_file, directory_file),
]
