"""Uploads that an antivirus scans: the flux says so, goes on with the answer, and nothing is lost by its silence."""

import json
from typing import Any

import pytest
from chorale.domain.deposits.flux import ANALYSED_AT_MOST, Flux
from chorale.domain.statuses import FluxState
from chorale.stores import aws, objects
from chorale.usecases.deposits.integrate_flux import integrate_flux
from chorale.usecases.deposits.read_report import read_report
from chorale.usecases.deposits.settle_scan import settle_scan
from chorale.usecases.watch_deadlines import watch
from chorale.wire.transverses.reports import deposit_answer

from tests.aws import BUCKETS, Hub
from tests.cast import SUPPLIER, actor, later, ubl
from tests.pipeline import deposit, now_of, receive, report_of, work
from tests.samples.hostile import eicar

EICAR = "EICAR-Test-File"
ANSWERED = later(minutes=2)
TOO_LATE = later(seconds=ANALYSED_AT_MOST.total_seconds() + 60)


@pytest.fixture
def scanned(cast: Hub, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub whose deposit bucket is scanned."""
    monkeypatch.setenv("UPLOADS_SCANNED", "true")
    return cast


def _answer(hub: Hub, flux: Flux, status: str, *threats: str) -> None:
    key = f"incoming/{flux.number}"
    settle_scan(key, hub.version_of(key), status, threats, ANSWERED)


def _tag(flux: Flux, status: str) -> None:
    key = f"incoming/{flux.number}"
    tags = [{"Key": objects.SCAN_TAG, "Value": status}, {"Key": "another", "Value": "x"}]
    aws.client("s3").put_object_tagging(Bucket=BUCKETS["DEPOSIT_BUCKET"], Key=key, Tagging={"TagSet": tags})


def _waiting(hub: Hub, content: bytes) -> Flux:
    flux = deposit(content)
    receive(hub, flux)
    return now_of(flux)


def test_meanwhile_the_flux_says_that_it_is_being_analysed_and_nothing_of_it_is_read(scanned: Hub) -> None:
    flux = _waiting(scanned, ubl("F-1"))
    assert flux.state is FluxState.ANALYSING
    read, report = read_report(actor(SUPPLIER), flux.number)
    assert report is None
    told: dict[str, Any] = json.loads(deposit_answer(read, None).to_json())
    assert (told["etatLibelle"], told["etat"]) == ("En cours d'analyse", "IN_EN_COURS_TRAITEMENT_CPP")
    assert told["rapport"] is None
    assert scanned.messages() == []
    integrate_flux(flux.number, None, ANSWERED)
    assert now_of(flux) == flux


def test_a_clean_file_goes_on_to_its_integration(scanned: Hub) -> None:
    flux = _waiting(scanned, ubl("F-1"))
    _answer(scanned, flux, "NO_THREATS_FOUND")
    assert work(scanned, ANSWERED) == 1
    assert now_of(flux).state is FluxState.INTEGRATED


def test_the_test_virus_is_refused_by_its_name_and_nothing_is_filed(scanned: Hub) -> None:
    flux = _waiting(scanned, eicar())
    _answer(scanned, flux, "THREATS_FOUND", EICAR)
    work(scanned, ANSWERED)
    assert now_of(flux).state is FluxState.REJECTED
    [finding] = report_of(flux).findings
    assert (finding.code, finding.value) == ("CHO-VIRUS", EICAR)
    assert not [key for key in scanned.rows() if key[0].startswith("INV#")]


def test_a_threat_without_a_name_is_a_threat(scanned: Hub) -> None:
    flux = _waiting(scanned, ubl("F-1"))
    _answer(scanned, flux, "THREATS_FOUND")
    work(scanned, ANSWERED)
    assert now_of(flux).state is FluxState.REJECTED


def test_an_answer_that_comes_before_the_news_of_the_file_is_not_lost(scanned: Hub) -> None:
    flux = deposit(ubl("F-1"))
    _answer(scanned, flux, "NO_THREATS_FOUND")
    receive(scanned, flux)
    work(scanned, ANSWERED)
    assert now_of(flux).state is FluxState.INTEGRATED


def test_the_same_answer_again_changes_nothing_but_asks_for_the_integration_again(scanned: Hub) -> None:
    flux = _waiting(scanned, ubl("F-1"))
    _answer(scanned, flux, "NO_THREATS_FOUND")
    before = scanned.rows()
    _answer(scanned, flux, "NO_THREATS_FOUND")
    assert scanned.rows() == before
    assert scanned.messages() == [{"flux": flux.number}] * 2


def test_the_answer_on_another_version_or_on_nothing_changes_nothing(scanned: Hub) -> None:
    flux = _waiting(scanned, ubl("F-1"))
    objects.put_incoming(flux.number, ubl("F-2"))
    _answer(scanned, flux, "NO_THREATS_FOUND")
    settle_scan("incoming/CPP0011100000000000099999", "v", "NO_THREATS_FOUND", (), ANSWERED)
    assert now_of(flux) == flux
    assert scanned.messages() == []


@pytest.mark.parametrize("status", ["UNSUPPORTED", "ACCESS_DENIED", "FAILED", "SOMETHING_NEW", ""])
def test_a_scan_without_answer_is_settled_by_the_watch_and_the_file_stays(scanned: Hub, status: str) -> None:
    flux = _waiting(scanned, ubl("F-1"))
    if status:
        _answer(scanned, flux, status)
    assert now_of(flux).state is FluxState.ANALYSING
    assert watch(TOO_LATE)["not_scanned"] == 1
    assert now_of(flux).state is FluxState.FAILED
    assert [finding.code for finding in report_of(flux).findings] == ["CHO-ANALYSE"]
    assert scanned.objects(BUCKETS["DEPOSIT_BUCKET"])[f"incoming/{flux.number}"] == ubl("F-1")


@pytest.mark.parametrize(
    ("status", "verdict"), [("NO_THREATS_FOUND", FluxState.INTEGRATED), ("THREATS_FOUND", FluxState.REJECTED)]
)
def test_an_answer_that_was_lost_is_read_from_the_tag_by_the_watch(
    scanned: Hub, status: str, verdict: FluxState
) -> None:
    flux = _waiting(scanned, ubl("F-1"))
    _tag(flux, status)
    assert watch(TOO_LATE)["scanned_late"] == 1
    work(scanned, TOO_LATE)
    assert now_of(flux).state is verdict


def test_without_such_an_antivirus_nothing_waits(cast: Hub) -> None:
    flux = _waiting(cast, ubl("F-1"))
    assert flux.state is FluxState.RECEIVED
    assert cast.messages() == [{"flux": flux.number}]
