"""Read what became of a deposit: the depositor alone does."""

import io

import pypdf
import pytest
from chorale.domain.errors import FluxNotFound
from chorale.domain.statuses import FluxState
from chorale.usecases.deposits.read_report import label, read_report, report_json, report_pdf

from tests.aws import Hub
from tests.cast import OTHER_SUPPLIER, RECIPIENT, SUPPLIER, actor, stranger, ubl
from tests.pipeline import deposit, receive, settle


def test_before_the_verdict_there_is_a_state_and_no_report(cast: Hub) -> None:
    flux = deposit(ubl())
    assert read_report(actor(SUPPLIER), flux.number) == (flux, None)
    receive(cast, flux)
    found, report = read_report(actor(SUPPLIER), flux.number)
    assert (found.state, report) == (FluxState.RECEIVED, None)


def test_after_the_verdict_the_report_says_everything(cast: Hub) -> None:
    written = settle(cast, b"<Invoice/>")
    flux, report = read_report(actor(SUPPLIER), written.flux_number)
    assert flux.state is FluxState.REJECTED
    assert report == written
    assert report.ranks[0].findings[0].message


@pytest.mark.parametrize("by", [stranger(), actor(OTHER_SUPPLIER), actor(RECIPIENT)])
def test_anothers_flux_is_answered_as_one_that_does_not_exist(cast: Hub, by: object) -> None:
    flux = deposit(ubl())
    with pytest.raises(FluxNotFound) as of_another:
        read_report(by, flux.number)  # type: ignore[arg-type]
    with pytest.raises(FluxNotFound) as unknown:
        read_report(by, "CPP0011100000000000999999")  # type: ignore[arg-type]
    assert of_another.value.message.replace(flux.number, "") == unknown.value.message.replace(
        "CPP0011100000000000999999", ""
    )


@pytest.mark.parametrize("number", ["", "x", "x" * 3000, "../..", "CPP0011100000000000000001"])
def test_an_unknown_number_of_any_shape(cast: Hub, number: str) -> None:
    with pytest.raises(FluxNotFound):
        read_report(actor(SUPPLIER), number)


def test_the_report_in_its_three_forms(cast: Hub) -> None:
    written = settle(cast, b"<Invoice/>")
    flux, report = read_report(actor(SUPPLIER), written.flux_number)
    assert report is not None
    text = pypdf.PdfReader(io.BytesIO(report_pdf(flux, report))).pages[0].extract_text()
    assert f"{SUPPLIER.name} ({SUPPLIER.identifier}), compte {actor(SUPPLIER).login}" in text.replace("\n", " ")
    assert report_json(report)["flux_number"] == report.flux_number
    assert label(report.ranks[0].findings)
