"""What is kept comes back as it was: nothing rounded, nothing lost, nothing invented."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from chorale.domain.deposits.flux import Flux
from chorale.domain.directory.structures import Service, Structure
from chorale.domain.events import Event
from chorale.domain.findings import Finding, IntegrationReport, RankReport
from chorale.domain.invoices.invoice import Invoice, Line, TaxLine
from chorale.domain.invoices.recorded import FiledInvoice, HistoryLine, InvoiceSummary
from chorale.runtime.codec import packed, plain, restore, unpacked
from chorale.stores.aws import from_item, to_item
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import document, summary
from tests.strategies import anything

KEPT = [Invoice, InvoiceSummary, FiledInvoice, HistoryLine, Flux, Event, RankReport, Finding, Structure, Service]
quick = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@pytest.mark.parametrize("kind", [*KEPT, IntegrationReport])
@quick
@given(data=st.data())
def test_a_value_comes_back_from_plain_values_and_from_packed_bytes(kind: type, data: st.DataObject) -> None:
    value = data.draw(anything(kind))
    assert restore(kind, plain(value)) == value
    assert unpacked(kind, packed(value)) == value


@pytest.mark.parametrize("kind", KEPT)
@quick
@given(data=st.data())
def test_a_value_comes_back_from_a_column_of_a_table(kind: type, data: st.DataObject) -> None:
    value = data.draw(anything(kind))
    assert restore(kind, from_item(to_item({"column": plain(value)}))["column"]) == value


@pytest.mark.parametrize("kind", [Flux, Event])
@quick
@given(data=st.data())
def test_a_flux_and_an_event_come_back_when_each_field_is_a_column(kind: type, data: st.DataObject) -> None:
    value = data.draw(anything(kind))
    assert restore(kind, from_item(to_item(plain(value)))) == value


@pytest.mark.parametrize("amount", ["0.10", "1234567890123.456789", "-0.000001", "1E+3", "0"])
def test_an_amount_is_not_rounded(amount: str) -> None:
    line = Line("1", "Chose", Decimal(amount), "C62", None, None)
    assert restore(Line, plain(line)).quantity == Decimal(amount)
    assert str(unpacked(Line, packed(line)).quantity) == amount, "packed text keeps even the zeros that were written"


def test_a_rate_that_is_absent_stays_absent_and_zero_stays_zero() -> None:
    absent, zero = TaxLine("E", None, Decimal(1), Decimal(0)), TaxLine("Z", Decimal(0), Decimal(1), Decimal(0))
    assert restore(TaxLine, plain(absent)) == absent
    assert restore(TaxLine, plain(zero)) == zero


def test_times_are_kept_in_utc_whatever_the_zone_they_came_in() -> None:
    noon_in_new_york = datetime(2026, 7, 14, 12, 0, tzinfo=timezone(timedelta(hours=-4)))
    assert plain(noon_in_new_york) == "2026-07-14T16:00:00+00:00"
    assert restore(datetime, plain(noon_in_new_york)) == noon_in_new_york


def test_what_is_empty_is_not_written() -> None:
    kept = plain(document())
    assert not {"due_date", "note", "lines", "attachments"} & set(kept)


def test_a_row_written_by_an_older_version_takes_the_defaults_of_new_fields() -> None:
    kept = plain(summary())
    del kept["rejection_handled"], kept["downloaded"]
    assert restore(InvoiceSummary, kept) == summary()


def test_a_row_written_by_a_newer_version_is_read_without_its_unknown_fields() -> None:
    assert restore(InvoiceSummary, plain(summary()) | {"a_field_of_tomorrow": "x"}) == summary()


def test_packing_the_same_value_gives_the_same_bytes() -> None:
    assert packed(document()) == packed(document())


def test_empty_texts_and_absent_values_make_no_column_so_that_sparse_indexes_stay_sparse() -> None:
    assert set(to_item({"pk": "a", "due_pk": None, "note": "", "size": 0, "signed": False})) == {"pk", "size", "signed"}
