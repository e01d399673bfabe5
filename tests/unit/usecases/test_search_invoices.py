"""Search invoices: each account in its own structures, by any criterion, in a total order, within a cap."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from chorale.domain.access.rights import Actor, Right
from chorale.domain.directory.structures import Structure
from chorale.domain.errors import Forbidden, InvalidRequest
from chorale.domain.fields import Field
from chorale.domain.frames import Frame
from chorale.domain.invoices.criteria import Between, InvoiceCriteria, matches
from chorale.domain.invoices.recorded import InvoiceSummary, ServiceRef
from chorale.domain.invoices.worklists import VALIDATOR_WORKLIST
from chorale.domain.paging import Page, PageRequest
from chorale.domain.statuses import Status
from chorale.stores import aws
from chorale.stores.directory import structures as directory
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.invoices import search_invoices as module
from chorale.usecases.invoices.search_invoices import (
    SORT_KEYS,
    of_companies,
    search_issued,
    search_received,
    search_to_validate,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.aws import Hub, counted_queries
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
    rank_of,
    reference,
    stranger,
    summary,
)

EVERYTHING = InvoiceCriteria()
ALL_ROWS = PageRequest(size=1000)


def _file(row: InvoiceSummary) -> InvoiceSummary:
    taken = invoices.file_invoice(filed(row), event_of(row), rank_of(row), (row.supplier.id, row.kind.value))
    assert taken is None
    return row


def _several(count: int, **changes: object) -> list[InvoiceSummary]:
    """Invoices one day apart, the latest first."""
    return [
        _file(summary(1_000_000 + rank, f"F-{rank}", rank=rank, deposited_at=NOW - timedelta(days=rank), **changes))
        for rank in range(1, count + 1)
    ]


def _numbers(page: object) -> list[str]:
    return [row.number for row in page.rows]  # type: ignore[attr-defined]


# Whose invoices


def test_a_supplier_finds_what_it_issued_and_a_recipient_what_it_received(hub: Hub) -> None:
    _several(2)
    assert _numbers(search_issued(actor(SUPPLIER), EVERYTHING, ALL_ROWS)) == ["F-1", "F-2"]
    assert _numbers(search_received(actor(RECIPIENT), EVERYTHING, ALL_ROWS)) == ["F-1", "F-2"]


@pytest.mark.parametrize("by", [actor(OTHER_SUPPLIER), stranger()], ids=["another supplier", "a stranger"])
def test_others_find_nothing(hub: Hub, by: Actor) -> None:
    row = _several(1)[0]
    for criteria in (
        EVERYTHING,
        InvoiceCriteria(number=row.number),
        InvoiceCriteria(flux_number=row.flux_number),
        InvoiceCriteria(suppliers=frozenset({SUPPLIER.id})),
        InvoiceCriteria(recipients=frozenset({RECIPIENT.id})),
    ):
        assert search_issued(by, criteria, ALL_ROWS).total == 0
        assert search_received(by, criteria, ALL_ROWS).total == 0


def test_the_recipient_does_not_find_it_as_issued_nor_the_supplier_as_received(hub: Hub) -> None:
    _several(1)
    assert search_issued(actor(RECIPIENT), EVERYTHING, ALL_ROWS).total == 0
    assert search_received(actor(SUPPLIER), EVERYTHING, ALL_ROWS).total == 0


def test_without_the_right_on_any_structure_the_search_is_refused(hub: Hub) -> None:
    with pytest.raises(Forbidden):
        search_issued(actor(SUPPLIER, Right.RECEIVED), EVERYTHING, ALL_ROWS)
    with pytest.raises(Forbidden):
        search_received(actor(RECIPIENT, Right.ISSUED), EVERYTHING, ALL_ROWS)


def test_an_account_of_two_structures_finds_those_for_which_it_has_the_right(hub: Hub) -> None:
    _several(1)
    other = _file(summary(1_000_009, "G-1", rank=9, supplier=reference(OTHER_SUPPLIER)))
    both = Actor("login", "app", {SUPPLIER.id: frozenset(Right), OTHER_SUPPLIER.id: frozenset(Right)})
    one = Actor("login", "app", {SUPPLIER.id: frozenset(Right), OTHER_SUPPLIER.id: frozenset()})
    assert sorted(_numbers(search_issued(both, EVERYTHING, ALL_ROWS))) == ["F-1", "G-1"]
    assert _numbers(search_issued(one, EVERYTHING, ALL_ROWS)) == ["F-1"]
    assert _numbers(search_issued(one, InvoiceCriteria(flux_number=other.flux_number), ALL_ROWS)) == ["F-1"]


def test_an_invoice_between_two_structures_of_one_account_is_found_once_on_each_side(hub: Hub) -> None:
    _several(1)
    both = Actor("login", "app", {SUPPLIER.id: frozenset(Right), RECIPIENT.id: frozenset(Right)})
    assert search_issued(both, EVERYTHING, ALL_ROWS).total == 1
    assert search_received(both, EVERYTHING, ALL_ROWS).total == 1


# By what


def test_by_flux(hub: Hub) -> None:
    _several(2)
    _file(summary(1_000_009, "G-1", rank=1, flux_number=flux(2).number))
    found = search_issued(actor(SUPPLIER), InvoiceCriteria(flux_number=flux(2).number), ALL_ROWS)
    assert _numbers(found) == ["G-1"]
    assert search_issued(actor(SUPPLIER), InvoiceCriteria(flux_number="x" * 3000), ALL_ROWS).total == 0


def test_by_flux_and_something_else(hub: Hub) -> None:
    rows = _several(3)
    criteria = InvoiceCriteria(flux_number=rows[0].flux_number, number="F-2")
    assert _numbers(search_issued(actor(SUPPLIER), criteria, ALL_ROWS)) == ["F-2"]


def test_by_days_of_paris(hub: Hub) -> None:
    """23:30 in London on the 2nd is the 3rd in Paris."""
    at = NOW.replace(day=2, hour=23, minute=30)
    _file(summary(deposited_at=at))
    third, second = date(2026, 11, 3), date(2026, 11, 2)
    for search, by in ((search_issued, actor(SUPPLIER)), (search_received, actor(RECIPIENT))):
        assert search(by, InvoiceCriteria(deposited=Between(third, third)), ALL_ROWS).total == 1
        assert search(by, InvoiceCriteria(deposited=Between(third, None)), ALL_ROWS).total == 1
        assert search(by, InvoiceCriteria(deposited=Between(None, third)), ALL_ROWS).total == 1
        assert search(by, InvoiceCriteria(deposited=Between(second, second)), ALL_ROWS).total == 0
        assert search(by, InvoiceCriteria(deposited=Between(None, second)), ALL_ROWS).total == 0


def test_by_service_and_status(hub: Hub) -> None:
    rows = _several(2, service=ServiceRef(20001, "VOIRIE", "Voirie"))
    invoices.change_status(rows[0], replace(rows[0], status=Status.SUSPENDUE), "login")
    by, service = actor(RECIPIENT), frozenset({20001})
    suspended = InvoiceCriteria(services=service, statuses=frozenset({Status.SUSPENDUE}))
    assert _numbers(search_received(by, suspended, ALL_ROWS)) == ["F-1"]
    assert search_received(by, InvoiceCriteria(services=frozenset({20002})), ALL_ROWS).total == 0


def test_a_kind_of_document_that_is_never_here_finds_nothing(hub: Hub) -> None:
    _several(1)
    assert search_received(actor(RECIPIENT), InvoiceCriteria(nothing_matches=True), ALL_ROWS).total == 0


def test_the_recipient_named_narrows_a_supplier_search(hub: Hub) -> None:
    _several(1)
    _file(summary(1_000_009, "G-1", rank=9, recipient=reference(OTHER_RECIPIENT)))
    criteria = InvoiceCriteria(recipients=frozenset({OTHER_RECIPIENT.id}))
    assert _numbers(search_issued(actor(SUPPLIER), criteria, ALL_ROWS)) == ["G-1"]


# In which order


@pytest.mark.parametrize("column", [*SORT_KEYS, ""])
@pytest.mark.parametrize("ascending", [True, False])
def test_every_sort_is_total_so_that_pages_neither_overlap_nor_skip(
    monkeypatch: pytest.MonkeyPatch, column: str, ascending: bool
) -> None:
    much_alike = [
        summary(
            1_000_000 + rank,
            f"F-{rank}",
            issue_date=date(2026, 11, 1 + rank % 2),
            service=ServiceRef(rank % 3, f"S{rank % 3}", "Service") if rank % 3 else None,
        )
        for rank in range(1, 8)
    ]
    in_the_index = sorted(much_alike, key=lambda row: (row.deposited_at, row.id), reverse=True)
    monkeypatch.setattr(
        invoices, "by_recipient", lambda _id, _period, _first, oldest: in_the_index[:: -1 if oldest else 1]
    )
    pages = [
        search_received(actor(RECIPIENT), EVERYTHING, PageRequest(number, 2, 100, column, ascending))
        for number in (1, 2, 3, 4)
    ]
    rows = [row for page in pages for row in page.rows]
    key = SORT_KEYS[column or "deposited_at"]
    assert rows == sorted(much_alike, key=lambda row: (key(row), row.id), reverse=not ascending)
    assert {(page.total, page.pages) for page in pages} == {(7, 4)}


def test_the_latest_deposit_comes_first_unless_something_else_is_asked(hub: Hub) -> None:
    _several(3)
    assert _numbers(search_issued(actor(SUPPLIER), EVERYTHING, ALL_ROWS)) == ["F-1", "F-2", "F-3"]
    oldest_first = PageRequest(ascending=True)
    assert _numbers(search_issued(actor(SUPPLIER), EVERYTHING, oldest_first)) == ["F-3", "F-2", "F-1"]


@pytest.mark.parametrize("search", [search_issued, search_received])
def test_a_column_that_does_not_exist_is_an_invalid_request(hub: Hub, search: object) -> None:
    by = actor(SUPPLIER) if search is search_issued else actor(RECIPIENT)
    with pytest.raises(InvalidRequest, match="n'existe pas") as refused:
        search(by, EVERYTHING, PageRequest(sort_column="couleur"))  # type: ignore[operator]
    assert refused.value.field == Field.SORT_COLUMN


# How many


def test_the_maximum_cuts_what_answers_the_criteria_not_what_is_looked_at(hub: Hub) -> None:
    _several(5)
    one = PageRequest(results_maximum=1)
    oldest = search_issued(actor(SUPPLIER), InvoiceCriteria(number="F-5"), one)
    assert (_numbers(oldest), oldest.total, oldest.capped) == (["F-5"], 1, False)


def test_a_result_beyond_the_maximum_is_cut_and_says_so(hub: Hub) -> None:
    _several(5)
    page = search_received(actor(RECIPIENT), EVERYTHING, PageRequest(results_maximum=3))
    assert (_numbers(page), page.total, page.capped) == (["F-1", "F-2", "F-3"], 3, True)
    whole = search_received(actor(RECIPIENT), EVERYTHING, PageRequest(results_maximum=5))
    assert (whole.total, whole.capped) == (5, False)


def test_rows_beyond_the_cap_are_not_looked_at_and_the_answer_says_so(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    _several(5)
    monkeypatch.setattr(module, "RESULTS_CAP", 4)
    page = search_received(actor(RECIPIENT), EVERYTHING, ALL_ROWS)
    assert (page.total, page.capped) == (4, True)
    assert search_received(actor(RECIPIENT), InvoiceCriteria(number="F-5"), ALL_ROWS).capped
    monkeypatch.setattr(module, "RESULTS_CAP", 5)
    assert not search_received(actor(RECIPIENT), EVERYTHING, ALL_ROWS).capped


# How much is read


@pytest.fixture
def many(hub: Hub) -> list[InvoiceSummary]:
    """Three hundred invoices, the latest first, five of them a day."""
    rows = [
        summary(1_000_000 + rank, f"F-{rank}", rank=rank, deposited_at=NOW - timedelta(hours=5 * rank))
        for rank in range(1, 301)
    ]
    # Their heads only, and no transaction: moto copies the whole table for each of those.
    for start in range(0, len(rows), 25):
        puts = [
            {"PutRequest": {"Item": invoices._head(row, "originals/1", "facture.xml")}}
            for row in rows[start : start + 25]
        ]
        aws.client("dynamodb").batch_write_item(RequestItems={"Ledger": puts})
    return rows


@pytest.mark.parametrize("size", [1, 10, 50, 200])
@pytest.mark.parametrize("ascending", [True, False])
def test_a_page_in_the_default_order_costs_one_query_or_two(
    many: list[InvoiceSummary], monkeypatch: pytest.MonkeyPatch, size: int, ascending: bool
) -> None:
    queries = counted_queries(monkeypatch)
    page = search_issued(actor(SUPPLIER), EVERYTHING, PageRequest(1, size, ascending=ascending))
    assert len(queries) <= 2
    expected = many[::-1] if ascending else many
    assert [row.id for row in page.rows] == [row.id for row in expected[:size]]
    assert (page.total, page.capped) == (200, True), "as many as the public platform gives, and it says so"


def test_a_maximum_is_exact_up_to_what_there_is(many: list[InvoiceSummary]) -> None:
    for maximum, total, capped in ((299, 299, True), (300, 300, False), (10_000, 300, False), (999_999, 300, False)):
        page = search_received(actor(RECIPIENT), EVERYTHING, PageRequest(1, 10, maximum))
        assert (page.total, page.capped) == (total, capped)


def test_a_page_larger_than_the_default_maximum_is_filled(many: list[InvoiceSummary]) -> None:
    page = search_received(actor(RECIPIENT), EVERYTHING, PageRequest(1, 1000))
    assert (len(page.rows), page.total, page.capped) == (300, 300, False)


def test_any_other_order_looks_at_the_whole_period_and_gives_the_first(many: list[InvoiceSummary]) -> None:
    page = search_issued(actor(SUPPLIER), EVERYTHING, PageRequest(1, 2, 5, "number", True))
    assert _numbers(page) == sorted(row.number for row in many)[:2]
    assert (page.total, page.capped) == (5, True)


def test_a_rare_criterion_finds_the_oldest_invoice_of_the_period(many: list[InvoiceSummary]) -> None:
    page = search_issued(actor(SUPPLIER), InvoiceCriteria(number="F-300"), PageRequest(1, 10, 5))
    assert (_numbers(page), page.total, page.capped) == (["F-300"], 1, False)


def test_a_flux_is_given_whole(many: list[InvoiceSummary]) -> None:
    page = search_issued(actor(SUPPLIER), InvoiceCriteria(flux_number=many[0].flux_number), PageRequest(1, 10))
    assert (page.total, page.capped) == (300, False)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 2), st.sampled_from(["10.00", "20.00"])), min_size=0, max_size=25
    ),
    size=st.integers(1, 9),
    maximum=st.none() | st.integers(1, 30),
    column=st.sampled_from(["", *SORT_KEYS]),
    ascending=st.booleans(),
    kept=st.none() | st.sampled_from(["10.00", "20.00"]),
)
def test_pages_put_together_are_the_result_no_row_twice_and_none_left_out(
    rows: list[tuple[int, int, str]],
    size: int,
    maximum: int | None,
    column: str,
    ascending: bool,
    kept: str | None,
) -> None:
    made = [
        summary(1_000_000 + place, f"F-{number}", deposited_at=NOW - timedelta(days=day), net=Decimal(net))
        for place, (day, number, net) in enumerate(rows)
    ]
    in_the_index = sorted(made, key=lambda row: (row.deposited_at, row.id), reverse=True)
    criteria = InvoiceCriteria(net=Between(Decimal(kept), Decimal(kept))) if kept else EVERYTHING

    def read(number: int) -> Page[InvoiceSummary]:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(
                invoices, "by_supplier", lambda _id, _period, _first, oldest: in_the_index[:: -1 if oldest else 1]
            )
            return search_issued(actor(SUPPLIER), criteria, PageRequest(number, size, maximum, column, ascending))

    first = read(1)
    pages = [read(number) for number in range(1, first.pages + 2)]
    ids = [row.id for page in pages for row in page.rows]
    answering = [row for row in made if matches(row, criteria)]
    key = SORT_KEYS[column or "deposited_at"]
    whole = [row.id for row in sorted(answering, key=lambda row: (key(row), row.id), reverse=not ascending)]
    assert ids == whole[: maximum or 200]
    assert {page.total for page in pages} == {len(ids)}
    assert {page.capped for page in pages} == {len(whole) > len(ids)}
    assert [row.id for row in read(1).rows] == [row.id for row in first.rows], "the same page when nothing changed"


# Companies


def test_a_company_is_found_by_any_of_its_establishments(hub: Hub) -> None:
    fill_directory()
    directory.write([Structure(10099, SUPPLIER.identifier[:9] + "00091", "Autre agence")], [], [])
    _several(1)
    other = InvoiceCriteria(suppliers=frozenset({10099}))
    assert search_received(actor(RECIPIENT), other, ALL_ROWS).total == 0
    assert search_received(actor(RECIPIENT), of_companies(other, suppliers=True), ALL_ROWS).total == 1
    assert of_companies(other, recipients=True) == other


def test_the_company_of_an_unknown_structure_has_no_invoice(hub: Hub) -> None:
    fill_directory()
    _several(1)
    criteria = of_companies(InvoiceCriteria(suppliers=frozenset({5}), recipients=frozenset({6})), True, True)
    assert search_received(actor(RECIPIENT), criteria, ALL_ROWS).total == 0


# Validators


def test_a_validator_finds_what_was_put_to_it_settled_or_not(hub: Hub) -> None:
    a9 = {"frame": Frame.A9, "validator": reference(OTHER_SUPPLIER)}
    waiting = _file(summary(1_000_001, "F-1", rank=1, status=Status.A_VALIDER_1, **a9))
    settled = _file(summary(1_000_002, "F-2", rank=2, **a9))
    _file(summary(1_000_003, "F-3", rank=3))
    by = actor(OTHER_SUPPLIER)
    assert _numbers(search_to_validate(by, EVERYTHING, ALL_ROWS)) == [settled.number, waiting.number]
    assert _numbers(search_to_validate(by, InvoiceCriteria(statuses=VALIDATOR_WORKLIST), ALL_ROWS)) == [waiting.number]
    assert search_to_validate(actor(SUPPLIER), EVERYTHING, ALL_ROWS).total == 0
    assert search_received(actor(RECIPIENT), EVERYTHING, ALL_ROWS).total == 2
    with pytest.raises(Forbidden):
        search_to_validate(actor(OTHER_SUPPLIER, Right.ISSUED), EVERYTHING, ALL_ROWS)
