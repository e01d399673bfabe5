"""Every call to AWS on the way from deposit to counter, so that one more does not slip in: each is time and money."""

from collections.abc import Callable
from typing import Any

import pytest
from chorale.domain.events import Event
from chorale.domain.invoices.criteria import InvoiceCriteria
from chorale.domain.paging import PageRequest
from chorale.domain.statuses import Status
from chorale.runtime.codec import restore
from chorale.stores import aws
from chorale.stores.access import accounts
from chorale.usecases.access.authenticate import authenticate, issue_token
from chorale.usecases.deposits import integrate_flux as integration
from chorale.usecases.deposits.deposit import open_deposit
from chorale.usecases.deposits.integrate_flux import integrate_flux
from chorale.usecases.deposits.read_report import read_report
from chorale.usecases.deposits.receive_flux import receive_flux
from chorale.usecases.exchange.relay_events import relay
from chorale.usecases.invoices.change_status import process_received
from chorale.usecases.invoices.consult_invoice import consult_received
from chorale.usecases.invoices.count_indicators import count
from chorale.usecases.invoices.search_invoices import search_issued, search_received

from tests.aws import Hub
from tests.cast import NOW, OTHER_RECIPIENT, RECIPIENT, SUPPLIER, actor, fill_directory, later, ubl
from tests.integration.crashes.faults import Calls, watched
from tests.pipeline import INTEGRATION, UBL, deposit, receive, settle, tar_gz


@pytest.fixture
def warm(hub: Hub) -> Hub:
    """A hub that has worked before: numbers are reserved."""
    fill_directory()
    settle(hub, ubl("F-0"))
    hub.published()
    return hub


def _calls(act: Callable[[], Any]) -> list[str]:
    with watched(Calls()) as calls:
        act()
    return calls.made


DEPOSIT_INLINE = ["dynamodb:PutItem", "s3:PutObject"]
RECEIVE = ["dynamodb:GetItem", "s3:GetObject", "dynamodb:PutItem", "sqs:SendMessage"]
READ_FLUX = ["dynamodb:GetItem", "s3:GetObject"]
FILE_INVOICE = ["dynamodb:BatchGetItem", "s3:PutObject", "dynamodb:TransactWriteItems"]
FILE_INVOICE_TO_A_SERVICE = ["dynamodb:BatchGetItem", *FILE_INVOICE]
VERDICT = ["s3:PutObject", "dynamodb:TransactWriteItems"]


def test_from_deposit_to_verdict_thirteen_calls_for_an_ordinary_invoice(warm: Hub) -> None:
    deposited = []
    assert _calls(lambda: deposited.append(deposit(ubl("F-1")))) == DEPOSIT_INLINE
    [flux] = deposited
    version = warm.version_of(f"incoming/{flux.number}")
    assert _calls(lambda: receive_flux(f"incoming/{flux.number}", version, later(seconds=1))) == RECEIVE
    integrated = _calls(lambda: integrate_flux(flux.number, None, INTEGRATION))
    assert integrated == READ_FLUX + FILE_INVOICE + VERDICT
    assert len(DEPOSIT_INLINE + RECEIVE + integrated) == 13


def _received(hub: Hub, content: bytes, name: str = "f.xml") -> str:
    flux = deposit(content, name)
    receive(hub, flux)
    hub.messages()
    return flux.number


def test_a_service_or_a_commitment_takes_one_call_more(warm: Hub) -> None:
    number = _received(warm, ubl("F-1", recipient=OTHER_RECIPIENT, service="SERVICE_DEST_SERV_OBL", commitment="EJ-1"))
    made = _calls(lambda: integrate_flux(number, None, INTEGRATION))
    assert made == READ_FLUX + FILE_INVOICE_TO_A_SERVICE + VERDICT


def test_a_refused_invoice(warm: Hub) -> None:
    number = _received(warm, b"<Invoice/>")
    made = _calls(lambda: integrate_flux(number, None, INTEGRATION))
    assert made == [*READ_FLUX, "dynamodb:PutItem", *VERDICT]


def test_numbers_are_reserved_by_the_hundred(hub: Hub) -> None:
    fill_directory()
    assert _calls(lambda: deposit(ubl())) == ["dynamodb:UpdateItem", *DEPOSIT_INLINE]
    assert _calls(lambda: deposit(ubl())) == DEPOSIT_INLINE


def test_several_invoices_in_one_file_share_the_calls_of_the_file(warm: Hub) -> None:
    number = _received(warm, tar_gz({f"{rank}.xml": ubl(f"F-{rank}") for rank in range(1, 4)}), "lot.tar.gz")
    made = _calls(lambda: integrate_flux(number, None, INTEGRATION))
    assert made == READ_FLUX + FILE_INVOICE * 3 + VERDICT


def test_a_rerun_finds_its_own_work_without_asking_for_it(warm: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    number = _received(warm, ubl("F-1"))
    with monkeypatch.context() as died:
        died.setattr(integration, "write_verdict", lambda *_: None)
        integrate_flux(number, None, INTEGRATION)
    assert _calls(lambda: integrate_flux(number, None, INTEGRATION)) == READ_FLUX + FILE_INVOICE + VERDICT


def test_a_large_file_is_laid_out_and_then_integrated_by_chunks(warm: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integration, "RANKS_PER_CHUNK", 2)
    number = _received(warm, tar_gz({f"{rank}.xml": ubl(f"F-{rank}") for rank in range(1, 5)}), "lot.tar.gz")
    split = _calls(lambda: integrate_flux(number, None, INTEGRATION))
    assert split == [*READ_FLUX, *["s3:PutObject"] * 4, "dynamodb:PutItem", "sqs:SendMessageBatch"]
    chunk = ["dynamodb:GetItem", *["s3:GetObject"] * 2, *FILE_INVOICE * 2, "dynamodb:UpdateItem"]
    assert _calls(lambda: integrate_flux(number, 1, INTEGRATION)) == chunk
    last = _calls(lambda: integrate_flux(number, 2, INTEGRATION))
    assert last == [*chunk, "dynamodb:Query", *VERDICT]


def test_opening_a_presigned_deposit_makes_one_call(warm: Hub) -> None:
    made = _calls(lambda: open_deposit(actor(SUPPLIER), "f.xml", 10, "ab" * 32, UBL, NOW))
    assert made == ["dynamodb:PutItem"]


def test_what_follows_an_integration(warm: Hub) -> None:
    settle(warm, ubl("F-1"))
    rows = [aws.to_item(row) for row in warm.rows().values() if "pending_pk" in row]
    assert len(rows) == 4
    assert _calls(lambda: relay(rows)) == ["events:PutEvents", *["dynamodb:UpdateItem"] * 4]
    events = [restore(Event, sent["detail"]) for sent in warm.published()]
    assert _calls(lambda: count(events, NOW)) == ["dynamodb:TransactWriteItems"]


def test_reading_and_treating(warm: Hub) -> None:
    report = settle(warm, ubl("F-1"))
    invoice_id = report.ranks[0].invoice_id or 0
    by_flux = InvoiceCriteria(flux_number=report.flux_number)
    supplier, recipient = actor(SUPPLIER), actor(RECIPIENT)
    acts: list[tuple[Callable[[], Any], list[str]]] = [
        (lambda: read_report(supplier, report.flux_number), ["dynamodb:GetItem", "s3:GetObject"]),
        (lambda: search_issued(supplier, by_flux, PageRequest()), ["dynamodb:Query"]),
        (lambda: search_received(recipient, InvoiceCriteria(), PageRequest()), ["dynamodb:Query"]),
        (lambda: consult_received(recipient, invoice_id), ["dynamodb:Query"]),
        (
            lambda: process_received(recipient, invoice_id, Status.SERVICE_FAIT, "", "", NOW),
            ["dynamodb:GetItem", "dynamodb:TransactWriteItems"],
        ),
    ]
    for act, expected in acts:
        assert _calls(act) == expected


def test_a_request_is_authenticated_by_one_call_a_minute(hub: Hub) -> None:
    accounts.write_application("app", "secret")
    accounts.write_technical_account(accounts.TechnicalAccount("login", accounts.hashed("password"), {}))
    tokens: list[str] = []
    made = _calls(lambda: tokens.append(issue_token([("app", "secret")], NOW).value))
    wrong_ones = ["dynamodb:GetItem"] * 2
    assert made == [*wrong_ones, "dynamodb:GetItem", "secretsmanager:GetSecretValue"]
    header = "bG9naW46cGFzc3dvcmQ="
    assert _calls(lambda: authenticate(tokens[0], header, NOW)) == ["dynamodb:GetItem", *wrong_ones]
    assert _calls(lambda: authenticate(tokens[0], header, later(seconds=59))) == []
    assert _calls(lambda: authenticate(tokens[0], header, later(seconds=60))) == ["dynamodb:GetItem"]
