"""The verdict on a flux, and the identity of an event."""

from datetime import UTC, datetime

import pytest
from chorale.domain.errors import ActImpossible, ChoraleError, InvalidRequest, TooManyRequests
from chorale.domain.events import Event, EventType
from chorale.domain.findings import Finding, Severity, is_refused, verdict_state


@pytest.mark.parametrize(
    ("integrated", "refused", "state"),
    [
        (1, 0, "INTEGRATED"),
        (500, 0, "INTEGRATED"),
        (1, 1, "PARTLY_INTEGRATED"),
        (1, 499, "PARTLY_INTEGRATED"),
        (0, 1, "REJECTED"),
        (0, 500, "REJECTED"),
        (0, 0, "REJECTED"),
    ],
)
def test_the_verdict_follows_from_what_became_of_the_invoices(integrated: int, refused: int, state: str) -> None:
    assert verdict_state(integrated, refused).value == state


@pytest.mark.parametrize(
    ("severities", "refused"),
    [([], False), (["warning", "information"], False), (["error"], True), (["warning", "error"], True)],
)
def test_one_error_refuses_and_nothing_else_does(severities: list[str], refused: bool) -> None:
    findings = [Finding("CHO-X", Severity(severity), "CHORALE", "Un constat.") for severity in severities]
    assert is_refused(findings) is refused


def test_the_same_change_always_has_the_same_event_id() -> None:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    first = Event(EventType.INVOICE_STATUS_CHANGED, "1000001", 3, "", "MISE_A_DISPOSITION", at, 1, 2)
    again = Event(EventType.INVOICE_STATUS_CHANGED, "1000001", 3, "", "MISE_A_DISPOSITION", at.replace(hour=5), 1, 2)
    assert first.id == again.id == "InvoiceStatusChanged#1000001#3"


def test_every_error_has_a_code_of_its_own() -> None:
    def family(kind: type[ChoraleError]) -> list[type[ChoraleError]]:
        return [kind, *(found for child in kind.__subclasses__() for found in family(child))]

    declared = [kind for kind in family(ChoraleError) if kind.__module__ == "chorale.domain.errors"]
    codes = [kind.code for kind in declared]
    assert len(set(codes)) == len(codes)
    assert all(code.startswith("CHO-") for code in codes)


def test_errors_carry_what_the_answer_needs() -> None:
    assert ActImpossible("Impossible.", "REJETEE").status == "REJETEE"
    assert InvalidRequest("Faux.", "motif").field == "motif"
    assert TooManyRequests("Trop.", 3).retry_after == 3
    assert InvalidRequest("Faux.").message == "Faux."
