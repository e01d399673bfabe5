"""The routes, the committed OpenAPI file and the template tell the same story."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from chorale.http.gateway import gateway_responses
from chorale.http.openapi import FUNCTIONS, apis, deployed_document, public_document
from openapi_spec_validator import validate

from tests.aws import _Template

ROOT = Path(__file__).parents[2]
DEFINITION = ROOT / "infra" / "api" / "openapi.yaml"
FOLDERS = {
    "ApiTokenFunction": "api_token",
    "ApiDepositFunction": "api_deposit",
    "ApiInvoicesFunction": "api_invoices",
    "ApiProcessFunction": "api_process",
    "ApiWorksFunction": "api_works",
    "ApiDirectoryFunction": "api_directory",
    "ApiDocsFunction": "api_docs",
}


def _resources() -> dict[str, Any]:
    read: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text(encoding="utf-8"), Loader=_Template)
    resources: dict[str, Any] = read["Resources"]
    return resources


def test_the_committed_definition_is_the_one_that_the_routes_make() -> None:
    committed = yaml.safe_load(DEFINITION.read_text(encoding="utf-8"))

    assert committed == deployed_document(), "run make openapi"


def test_the_description_is_valid_openapi() -> None:
    validate(public_document())


def test_the_gateway_is_told_of_no_key_or_authorizer_of_its_own() -> None:
    """It would ask for API keys where the description says security: the functions authenticate."""
    deployed = deployed_document()

    assert "securitySchemes" not in deployed["components"]
    assert not any("security" in operation for methods in deployed["paths"].values() for operation in methods.values())
    assert set(public_document()["components"]["securitySchemes"]) == {"jeton", "compte"}


def test_every_function_of_the_api_has_its_folder_its_doorway_and_its_permission() -> None:
    resources = _resources()
    woken = {name for name in resources if name.startswith("Api") and name.endswith("Function")}
    permissions = {
        entry["Properties"]["FunctionName"]
        for entry in resources.values()
        if entry["Type"] == "AWS::Lambda::Permission" and entry["Properties"]["Principal"] == "apigateway.amazonaws.com"
    }

    assert woken == set(FUNCTIONS) == set(FOLDERS) == permissions
    for name, folder in FOLDERS.items():
        assert resources[name]["Properties"]["CodeUri"] == f"functions/{folder}"
        doorway = (ROOT / "functions" / folder / "app.py").read_text(encoding="utf-8")
        assert f"from chorale.http.routes.{FUNCTIONS[name]} import api" in doorway


def test_every_route_calls_the_function_that_has_it() -> None:
    paths = deployed_document()["paths"]

    for name, api in apis():
        for operation in api.operations():
            integration = paths[operation.path][operation.method.lower()]["x-amazon-apigateway-integration"]
            assert f"${{{name}.Arn}}" in integration["uri"]["Fn::Sub"]
            assert integration["type"] == "aws_proxy"
    declared = {(path, method.upper()) for path, methods in paths.items() for method in methods}
    routed = {(operation.path, operation.method) for _, api in apis() for operation in api.operations()}
    assert declared == routed


def test_every_route_of_the_framework_is_declared() -> None:
    """A route that went around the declaration would be neither described nor guarded."""
    for _, api in apis():
        assert {(method, path) for path, methods in api.routes.items() for method in methods} == set(api.table)


def test_operation_ids_are_unique() -> None:
    names = [operation.name for _, api in apis() for operation in api.operations()]

    assert len(names) == len(set(names))


def test_the_gateways_own_answers_are_json_with_a_content_type() -> None:
    answers = gateway_responses()

    assert {"DEFAULT_4XX", "DEFAULT_5XX", "REQUEST_TOO_LARGE", "THROTTLED"} <= set(answers)
    for answer in answers.values():
        text = answer["responseTemplates"]["application/json"].replace("$context.error.messageString", '"x"')
        assert set(json.loads(text)) == {"codeRetour", "libelle"}
        assert "gatewayresponse.header.Content-Type" in answer["responseParameters"]
    assert answers["MISSING_AUTHENTICATION_TOKEN"]["statusCode"] == 403
    assert "/chorale/v1/depots" in answers["REQUEST_TOO_LARGE"]["responseTemplates"]["application/json"]
    assert answers["THROTTLED"]["responseParameters"]["gatewayresponse.header.Retry-After"] == "'1'"


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("token", {"pydantic", "lxml", "fpdf", "pypdf", "yaml"}),
        ("docs", {"pydantic", "boto3", "lxml", "fpdf", "pypdf", "yaml"}),
        ("deposits", {"lxml", "fpdf", "pypdf", "yaml", "chorale.wire.factures_search"}),
        ("invoices", {"lxml", "fpdf", "pypdf", "yaml", "chorale.wire.structures"}),
        ("processing", {"lxml", "fpdf", "pypdf", "yaml", "chorale.wire.factures_search"}),
        ("directory", {"lxml", "fpdf", "pypdf", "yaml", "chorale.wire.factures_search"}),
    ],
)
def test_a_function_loads_only_what_it_needs(module: str, unwanted: set[str]) -> None:
    program = f"import sys; import chorale.http.routes.{module}; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert not unwanted & set(loaded)
