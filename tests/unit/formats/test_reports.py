"""The integration report in its three forms: short label, complete JSON, PDF for an accountant."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
from chorale.domain.findings import Finding, IntegrationReport, RankOutcome, RankReport, Severity
from chorale.domain.statuses import FluxState
from chorale.formats.writing.labels import LABEL_MAX_LENGTH, short_label
from chorale.formats.writing.report_json import report_from_json, report_to_json
from chorale.formats.writing.report_pdf import ROWS_AT_MOST, render_report

SERVICE = Finding(
    "CHO-SERVICE-INCONNU",
    Severity.ERROR,
    "CHORALE",
    "Le service « ABC » n'existe pas chez le destinataire : reprenez le code de l'annuaire (12,50 €).",
    term="BT-10",
    line=12,
    value="ABC",
    expected="code d'un service actif",
    count=3,
)
DUE_DATE = Finding("BR-CO-25", Severity.WARNING, "EN16931-UBL", "Indiquez la date d'échéance.", term="BT-9")
GOOD = RankReport(1, "a.xml", RankOutcome.INTEGRATED, 1000001, "F-1", "99000007700018", "12345678200028")
BAD = RankReport(2, "b.xml", RankOutcome.REFUSED, None, "F-2", "99000007700018", "12345678200028", (SERVICE, DUE_DATE))
REPORT = IntegrationReport(
    "CPP0011100000000000000042",
    "lot.tar.gz",
    "IN_DP_E1_UBL_INVOICE",
    FluxState.PARTLY_INTEGRATED,
    datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
    datetime(2026, 11, 2, 9, 31, tzinfo=UTC),
    ranks=(GOOD, BAD),
    counts={"total": 2, "integrated": 1, "refused": 1},
)

DEPOSITOR = "Demo Fournisseur (99000007700018), compte TECH_1"


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_json_report_loses_nothing():
    assert report_from_json(report_to_json(REPORT)) == REPORT


def test_the_short_label_names_errors_first_and_fits_the_platforms_limit():
    assert short_label([DUE_DATE, SERVICE]) == f"{SERVICE.code} : {SERVICE.message}"
    assert short_label([DUE_DATE]) == "BR-CO-25 : Indiquez la date d'échéance."
    long = short_label([replace(SERVICE, code=f"CHO-{place}") for place in range(9)])
    assert len(long) <= LABEL_MAX_LENGTH
    assert " | " in long
    assert long.endswith("...")


def test_a_label_of_nothing_is_empty():
    assert short_label([]) == ""


def test_the_pdf_says_the_verdict_the_counts_and_what_to_change():
    text = text_of(render_report(REPORT, DEPOSITOR))

    for words in (
        "Compte rendu d'intégration",
        "Intégré partiellement",
        "CPP0011100000000000000042",
        "lot.tar.gz",
        DEPOSITOR,
        "02/11/2026 à 10:30",
        "2 factures : 1 intégrée, 1 refusée",
        "F-1",
        "À corriger - CHO-SERVICE-INCONNU",
        "« ABC »",
        "12,50 €",
        "donnée BT-10 ; ligne 12 ; lu : ABC ; attendu : code d'un service actif ; relevé 3 fois",
        "Avertissement - BR-CO-25",
    ):
        assert words in text, words


def test_the_pdf_has_a_title_a_language_and_no_script():
    pdf = pypdf.PdfReader(io.BytesIO(render_report(REPORT, DEPOSITOR)))

    assert pdf.metadata is not None
    assert pdf.metadata.title == "Compte rendu d'intégration CPP0011100000000000000042"
    root: Any = pdf.trailer["/Root"]
    assert root["/Lang"] == "fr-FR"
    assert "/OpenAction" not in root or "/S" not in root["/OpenAction"]


@pytest.mark.parametrize("state", list(FluxState))
def test_every_state_has_its_words(state):
    assert state.label in text_of(render_report(replace(REPORT, state=state, ranks=(), findings=(SERVICE,)), DEPOSITOR))


def test_a_long_batch_is_cut_and_says_so():
    many = tuple(replace(GOOD, rank=place, invoice_number=f"N{place}") for place in range(1, ROWS_AT_MOST + 8))

    text = text_of(render_report(replace(REPORT, ranks=many), DEPOSITOR))

    assert f"N{ROWS_AT_MOST}\n" in text or f"N{ROWS_AT_MOST} " in text
    assert f"N{ROWS_AT_MOST + 1}" not in text
    assert "7 autres factures ne sont pas listées ici" in text
