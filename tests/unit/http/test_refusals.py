"""When something goes wrong: the answer keeps its form, and the logs keep no personal data."""

import json
from typing import Any

import pytest
from chorale.domain.errors import ChoraleError, TooManyRequests
from chorale.http.edge import answers
from chorale.http.factures import invoices
from chorale.runtime import settings
from chorale.stores import technical
from chorale.usecases.invoices import search_invoices
from chorale.wire.base import errors

from tests.unit.http.calling import ISSUED, Caller


def _fails(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_given: Any) -> None:
        raise error

    monkeypatch.setattr(invoices, "search_issued", fail)


def test_an_unexpected_error_is_an_envelope_with_the_number_to_give(
    supplier: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _fails(monkeypatch, RuntimeError("la facture de Mme Dupont"))

    answer = supplier.raw("POST", ISSUED, b'{"numeroFacture": "Dupont"}')

    assert answer.status_code == 500
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json_body["codeRetour"] == 500
    assert answer.headers["x-correlationid"] in answer.json_body["libelle"]
    [logged] = caplog.records
    assert logged.__dict__["error_type"] == "RuntimeError"
    assert any("test_refusals" in frame for frame in logged.__dict__["stack"])
    assert "Dupont" not in str(logged.__dict__)


def test_too_many_requests_says_when_to_come_back(supplier: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    _fails(monkeypatch, TooManyRequests("Trop de requêtes.", 3))

    answer = supplier.raw("POST", ISSUED, b"{}")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert answer.json_body["codeRetour"] == 429


def test_an_error_of_the_clock_is_answered_too(supplier: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError

    monkeypatch.setenv("SIMULATED_CLOCK", "true")
    monkeypatch.setattr(technical, "refresh_clock", fail)

    assert supplier.raw("POST", ISSUED, b"{}").status_code == 500


def test_the_clock_is_read_once_where_it_can_be_moved(supplier: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr(technical, "refresh_clock", lambda: read.append(1))

    supplier.post(ISSUED, {})
    assert read == []
    monkeypatch.setenv("SIMULATED_CLOCK", "true")
    assert settings.settings().simulated_clock
    supplier.post(ISSUED, {})
    assert read == [1]


def test_a_method_that_the_path_does_not_have_is_refused_in_our_form(supplier: Caller) -> None:
    event = {
        "requestContext": {"resourcePath": ISSUED, "httpMethod": "PUT", "requestId": "r-1"},
        "headers": supplier.headers,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": None,
    }

    answer = invoices.api(event, None)

    assert answer["statusCode"] == 405
    assert json.loads(answer["body"])["codeRetour"] == 405
    assert answer["headers"]["x-correlationid"] == "r-1"


def test_the_gateways_id_is_the_correlation_id() -> None:
    event = {
        "requestContext": {"resourcePath": ISSUED, "httpMethod": "POST", "requestId": "abc"},
        "headers": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": "eyJhIjoxfQ==",
        "isBase64Encoded": True,
    }

    answer = invoices.api(event, None)

    assert (answer["statusCode"], answer["headers"]["x-correlationid"]) == (400, "abc")


def test_every_refusal_of_the_domain_has_a_row_in_the_table() -> None:
    def kinds(kind: type[ChoraleError]) -> set[type[ChoraleError]]:
        return {kind, *(deeper for child in kind.__subclasses__() for deeper in kinds(child))}

    declared = {kind for kind in kinds(ChoraleError) if kind.__module__ in ("chorale.domain.errors", errors.__name__)}
    assert declared - {ChoraleError} == set(errors.REFUSALS)


def test_an_answer_above_the_limit_of_a_function_asks_for_smaller_pages(
    supplier: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "fits", lambda _body: False)
    with pytest.raises(errors.AnswerTooLarge, match="pages plus petites"):
        answers.json_answer({"codeRetour": 0})
    monkeypatch.undo()

    assert answers.fits("x" * errors.PAYLOAD_LIMIT)
    assert not answers.fits("x" * (errors.PAYLOAD_LIMIT + 1))
    assert not answers.fits('"' * (errors.PAYLOAD_LIMIT // 2 + 1))
    assert not answers.fits("é" * (errors.PAYLOAD_LIMIT // 2 + 1))


def test_the_use_case_is_called_with_what_was_asked(supplier: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def spy(actor: Any, criteria: Any, page: Any) -> Any:
        seen.append((actor.login, criteria.number, page.size))
        return search_invoices.search_issued(actor, criteria, page)

    monkeypatch.setattr(invoices, "search_issued", spy)
    body = {"numeroFacture": "F", "rechercheFactureParFournisseur": {"nbResultatsParPage": "25"}}
    supplier.post(ISSUED, body)

    assert seen == [("TECH_1_99000007700018@cpro.fr", "F", 25)]
