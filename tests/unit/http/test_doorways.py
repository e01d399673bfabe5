"""The doorways of the functions, woken by an event of the REST API."""

import importlib.util
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.aws import Hub
from tests.unit.http.calling import routes

FUNCTIONS = Path(__file__).parents[3] / "functions"
CONTEXT = SimpleNamespace(
    function_name="chorale-api", memory_limit_in_mb=512, invoked_function_arn="arn:aws:lambda:x", aws_request_id="1"
)
ROUTE_OF = {
    "api_token": ("POST", "/api/oauth/token", 400),
    "api_deposit": ("POST", "/cpro/factures/v1/deposer/flux", 400),
    "api_invoices": ("GET", "/chorale/v1/depots/{numero}", 400),
    "api_process": ("POST", "/cpro/factures/v1/traiter/recue", 400),
    "api_works": ("POST", "/cpro/facturesTravaux/v1/consulter", 400),
    "api_directory": ("POST", "/cpro/structures/v1/rechercher", 400),
    "api_structures": ("PATCH", "/cpro/organisations/v1/structures/{uuid}/parametres-edi", 400),
    "api_webhooks": ("GET", "/chorale/v1/webhooks", 400),
    "api_docs": ("GET", "/cpro/transverses/v1/health-check", 200),
}


def _handler(function: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"{function}_app", FUNCTIONS / function / "app.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


@pytest.mark.parametrize(("function", "route"), ROUTE_OF.items())
def test_a_function_answers_its_routes(hub: Hub, function: str, route: tuple[str, str, int]) -> None:
    method, path, status = route
    assert (method, path) in {(operation.method, operation.path) for _, operation in routes()}
    event = {
        "requestContext": {"resourcePath": path, "httpMethod": method, "requestId": "id-1"},
        "headers": {"Accept": "*/*"},
        "multiValueQueryStringParameters": None,
        "pathParameters": {"numero": "CPP"} if "{" in path else None,
        "stageVariables": None,
        "body": None,
        "isBase64Encoded": False,
    }

    answer = _handler(function)(event, CONTEXT)

    assert answer["statusCode"] == status
    assert answer["headers"]["x-correlationid"] == "id-1"
    assert answer["headers"]["Content-Type"].startswith("application/json")
    assert json.loads(answer["body"])
