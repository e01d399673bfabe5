"""What every answer says in its headers, whoever asks and whatever comes of it."""

from typing import Any

import pytest
from chorale.apidoc.gateway import deployed_document, gateway_responses
from chorale.apidoc.openapi import apis
from chorale.http.edge.api import Api, Operation

from tests.aws import Hub
from tests.unit.http.calling import ISSUED, Caller, routes
from tests.unit.http.test_doorways import CONTEXT

EXPECTED = {
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}


def _called(api: Api, method: str, path: str) -> dict[str, Any]:
    """The answer to a call without token, as API Gateway would get it."""
    event = {
        "requestContext": {"resourcePath": path, "httpMethod": method, "requestId": "id-1"},
        "headers": {"Accept": "*/*"}, "multiValueQueryStringParameters": None, "stageVariables": None, "body": None,
        "pathParameters": {name.strip("{}"): "1" for name in path.split("/") if name.startswith("{")} or None,
        "isBase64Encoded": False,
    }  # fmt: skip
    answer: dict[str, Any] = api(event, CONTEXT)
    return answer


def _said(headers: Any) -> dict[str, str]:
    return {name: headers.get(name) for name in EXPECTED}


@pytest.mark.parametrize("route", routes(), ids=lambda route: f"{route[1].method} {route[1].path}")
def test_every_route_says_that_its_answer_is_not_kept_not_guessed_and_comes_by_tls(
    hub: Hub, route: tuple[Api, Operation]
) -> None:
    api, operation = route
    assert _said(_called(api, operation.method, operation.path)["headers"]) == EXPECTED


@pytest.mark.parametrize("api", [api for _, api in apis()], ids=lambda api: api.app_name)
def test_an_address_that_a_function_does_not_know_says_so_too(hub: Hub, api: Api) -> None:
    answer = _called(api, "GET", "/unknown")
    assert answer["statusCode"] >= 400
    assert _said(answer["headers"]) == EXPECTED


def test_what_an_account_may_read_says_so_too(supplier: Caller) -> None:
    answer = supplier.raw("POST", ISSUED, b"{}")
    assert answer.json_body["codeRetour"] == 0
    assert _said(answer.headers) == EXPECTED


@pytest.mark.parametrize("kind", gateway_responses())
def test_an_answer_of_the_gateway_itself_says_so_too(kind: str) -> None:
    given = deployed_document()["x-amazon-apigateway-gateway-responses"][kind]["responseParameters"]
    assert {name: given[f"gatewayresponse.header.{name}"].strip("'") for name in EXPECTED} == EXPECTED
