"""Search of invoices: each criterion alone, and all of them together."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from chorale.domain.frames import Frame
from chorale.domain.invoices.criteria import CHECKS, Between, InvoiceCriteria, matches
from chorale.domain.invoices.invoice import DocumentKind
from chorale.domain.invoices.payment_requests import WORKS_PAPERS, PaymentRequest, WorksPaper, payment_request_of
from chorale.domain.invoices.recorded import InvoiceSummary, ServiceRef, StructureRef
from chorale.domain.statuses import Status
from hypothesis import given
from hypothesis import strategies as st

ROW = InvoiceSummary(
    id=1_000_001,
    number="F-2026/001",
    kind=DocumentKind.INVOICE,
    frame=Frame.A1,
    status=Status.MISE_A_DISPOSITION,
    status_at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
    version=3,
    issue_date=date(2026, 11, 2),
    deposited_at=datetime(2026, 11, 2, 23, 30, tzinfo=UTC),  # the 3rd in Paris
    currency="EUR",
    net=Decimal("100.00"),
    vat=Decimal("20.00"),
    gross=Decimal("120.00"),
    payable=Decimal("110.00"),
    supplier=StructureRef(10001, "99000001000019", "Demo Titulaire"),
    recipient=StructureRef(10008, "12345678200051", "Destinataire sans contrainte"),
    service=ServiceRef(20001, "VOIRIE", "Voirie"),
    commitment="EJ-1",
    contract="M-2026-7",
    flux_number="CPP0011100000000000000001",
    rank=1,
    deposit_mode="UPLOAD_API",
    size=4321,
    validator=StructureRef(10002, "99000002800011", "Demo Mandataire"),
    origin_number="F-0",
    mandate_number="M-7",
    supplier_service=ServiceRef(20009, "AGENCE", "Agence"),
)

DAY = date(2026, 11, 3)
MOMENT = ROW.status_at

CRITERIA: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"number": "2026"}, {"number": "2025"}),
    ({"number": "f-2026/001"}, {"number": "F-2026/0011"}),
    ({"flux_number": ROW.flux_number}, {"flux_number": "CPP0011100000000000000002"}),
    ({"deposited": Between(DAY, DAY)}, {"deposited": Between(date(2026, 11, 2), date(2026, 11, 2))}),
    ({"issued": Between(date(2026, 11, 2), None)}, {"issued": Between(None, date(2026, 11, 1))}),
    ({"status_changed": Between(MOMENT, MOMENT)}, {"status_changed": Between(MOMENT + timedelta(seconds=1), None)}),
    ({"kinds": frozenset({DocumentKind.INVOICE})}, {"kinds": frozenset({DocumentKind.CREDIT_NOTE})}),
    (
        {"statuses": frozenset({Status.MISE_A_DISPOSITION, Status.REJETEE})},
        {"statuses": frozenset({Status.REJETEE})},
    ),
    ({"frame": Frame.A1}, {"frame": Frame.A2}),
    ({"suppliers": frozenset({10001, 5})}, {"suppliers": frozenset({5})}),
    ({"recipients": frozenset({10008})}, {"recipients": frozenset({10001})}),
    ({"services": frozenset({20001})}, {"services": frozenset({20002})}),
    ({"net": Between(Decimal(100), Decimal(100))}, {"net": Between(Decimal("100.01"), None)}),
    ({"gross": Between(None, Decimal(120))}, {"gross": Between(None, Decimal("119.99"))}),
    ({"payable": Between(Decimal(110), None)}, {"payable": Between(Decimal(111), Decimal(200))}),
    ({"contract": "M-2026-7"}, {"contract": "M-2026"}),
    ({"commitment": "EJ-1"}, {"commitment": "EJ-"}),
    ({"downloaded": False}, {"downloaded": True}),
    ({"supplier_sirens": frozenset({"990000010"})}, {"supplier_sirens": frozenset({"99000001000019"})}),
    ({"recipient_sirens": frozenset({"123456782"})}, {"recipient_sirens": frozenset({"990000010"})}),
    (
        {"recipient_names": frozenset({"Mairie", "sans CONTRAÎNTE"})},
        {"recipient_names": frozenset({"Mairie", "Destinataire avec"})},
    ),
    ({"validators": frozenset({10002})}, {"validators": frozenset({10001})}),
    ({"supplier_services": frozenset({20009})}, {"supplier_services": frozenset({20001})}),
    ({"origin_number": "F-0"}, {"origin_number": "F-"}),
    ({"mandate_number": "M-7"}, {"mandate_number": "M-"}),
    ({"deposit_mode": "UPLOAD_API"}, {"deposit_mode": "EDI"}),
    (
        {"payment_requests": frozenset({PaymentRequest.INVOICE})},
        {"payment_requests": frozenset({PaymentRequest.WORKS})},
    ),
    ({"rejection_handled": False}, {"rejection_handled": True}),
]
NAMES = [f"{'+'.join(yes)}: {index}" for index, (yes, _) in enumerate(CRITERIA)]


@pytest.mark.parametrize(("answered", "not_answered"), CRITERIA, ids=NAMES)
def test_each_criterion_alone(answered: dict[str, Any], not_answered: dict[str, Any]) -> None:
    assert matches(ROW, InvoiceCriteria(**answered))
    assert not matches(ROW, InvoiceCriteria(**not_answered))


def test_every_check_of_the_table_is_exercised_above_or_below() -> None:
    asked = {name for answered, _ in CRITERIA for name in answered} | {"nothing_matches", "works_papers"}
    assert asked == set(InvoiceCriteria.__dataclass_fields__)
    assert len(CHECKS) == len(asked)


def test_no_criterion_asks_nothing() -> None:
    assert matches(ROW, InvoiceCriteria())


def test_a_kind_of_document_that_this_search_never_holds_finds_nothing() -> None:
    assert not matches(ROW, InvoiceCriteria(nothing_matches=True))


def test_a_works_paper_is_found_by_its_kind() -> None:
    statement = replace(ROW, frame=Frame.A19)
    for asked in (
        {"works_papers": frozenset({WorksPaper.ETAT_ACOMPTE_VALIDE})},
        {"payment_requests": frozenset({PaymentRequest.WORKS})},
    ):
        assert matches(statement, InvoiceCriteria(**asked))
        assert not matches(ROW, InvoiceCriteria(**asked))
    assert not matches(statement, InvoiceCriteria(works_papers=frozenset({WorksPaper.ETAT_ACOMPTE})))


@pytest.mark.parametrize("frame", Frame)
def test_every_frame_makes_one_kind_of_payment_request(frame: Frame) -> None:
    expected = {
        "A1": "FACTURE",
        "A2": "FACTURE",
        "A3": "MEMOIRE_JUSTICE",
        "A9": "FACTURE",
        "A12": "FACTURE",
        "A21": "DEMANDE_REMBOURSEMENT",
    }.get(frame.short, "FACTURE_TRAVAUX")
    assert payment_request_of(frame).value == expected
    assert (frame in WORKS_PAPERS) is (expected == "FACTURE_TRAVAUX")


def test_an_invoice_without_validator_or_agency_is_not_found_by_them() -> None:
    bare = replace(ROW, validator=None, supplier_service=None)
    assert not matches(bare, InvoiceCriteria(validators=frozenset({10002})))
    assert not matches(bare, InvoiceCriteria(supplier_services=frozenset({20009})))


def test_an_invoice_without_service_is_not_found_by_service() -> None:
    assert not matches(replace(ROW, service=None), InvoiceCriteria(services=frozenset({20001})))


@given(st.sets(st.integers(min_value=0, max_value=len(CRITERIA) - 1), min_size=1), st.booleans())
def test_all_criteria_must_hold(chosen: set[int], one_fails: bool) -> None:
    asked: dict[str, Any] = {}
    for index in chosen:
        asked |= CRITERIA[index][0]
    if one_fails:
        asked |= CRITERIA[min(chosen)][1]
    assert matches(ROW, InvoiceCriteria(**asked)) is not one_fails


amounts = st.decimals(min_value=-(10**6), max_value=10**6, places=6)
ends = st.none() | amounts


@given(ends, ends, amounts)
def test_a_range_includes_both_its_ends(low: Decimal | None, high: Decimal | None, value: Decimal) -> None:
    inside = (low is None or low <= value) and (high is None or value <= high)
    assert Between(low, high).holds(value) is inside
    if low is not None and (high is None or low <= high):
        assert Between(low, high).holds(low)


@given(st.dates(), st.dates(), st.dates())
def test_a_range_of_days_holds_what_is_between(low: date, high: date, day: date) -> None:
    assert Between(low, high).holds(day) is (low <= day <= high)


@given(st.integers(min_value=0, max_value=24 * 60 - 1))
def test_every_minute_of_a_paris_day_is_deposited_that_day(minute: int) -> None:
    """The longest day of the year in Paris has 25 hours; an ordinary winter day starts at 23:00 UTC the day before."""
    deposited_at = datetime(2026, 11, 2, 23, 0, tzinfo=UTC) + timedelta(minutes=minute)
    row = replace(ROW, deposited_at=deposited_at)
    assert matches(row, InvoiceCriteria(deposited=Between(DAY, DAY)))
    assert not matches(row, InvoiceCriteria(deposited=Between(None, DAY - timedelta(days=1))))
    assert not matches(row, InvoiceCriteria(deposited=Between(DAY + timedelta(days=1), None)))
