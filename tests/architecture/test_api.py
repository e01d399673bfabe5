"""The routes, the definition of the gateway, the served description and the template tell the same story."""

import json
import subprocess
import sys
from typing import Any

import pytest
import yaml
from chorale.apidoc.gateway import STACKS, deployed_document, gateway_responses
from chorale.apidoc.openapi import FUNCTIONS, apis, public_document
from openapi_spec_validator import validate

from tests.architecture.cloudformation import ROOT, of_type, source_of, stack_of

DEFINITION = ROOT / "infra" / "api" / "gateway.yaml"
FOLDERS = {
    "ApiTokenFunction": "api_token",
    "ApiDepositFunction": "api_deposit",
    "ApiInvoicesFunction": "api_invoices",
    "ApiProcessFunction": "api_process",
    "ApiWorksFunction": "api_works",
    "ApiDirectoryFunction": "api_directory",
    "ApiStructuresFunction": "api_structures",
    "ApiWebhooksFunction": "api_webhooks",
    "ApiDocsFunction": "api_docs",
}


def test_the_committed_definition_is_the_one_that_the_routes_make() -> None:
    committed = yaml.safe_load(DEFINITION.read_text(encoding="utf-8"))

    assert committed == deployed_document(), "run make generate"


@pytest.mark.parametrize("document", [public_document, deployed_document])
def test_the_description_and_the_definition_are_valid_openapi(document: Any) -> None:
    described = document()
    validate(described)
    assert described["paths"]


def test_the_gateway_is_told_of_paths_and_functions_only() -> None:
    """What else the description says would make the included file larger than CloudFormation takes."""
    deployed = deployed_document()

    assert set(deployed) == {"openapi", "info", "paths", "x-amazon-apigateway-gateway-responses"}
    for methods in deployed["paths"].values():
        for operation in methods.values():
            told = set(operation) - {"parameters"}
            assert told == {"operationId", "responses", "x-amazon-apigateway-integration"}


def test_the_description_has_every_operation_of_the_gateway() -> None:
    addresses = [
        {
            (path, method, operation["operationId"])
            for path, methods in paths.items()
            for method, operation in methods.items()
            if method != "head"
        }
        for paths in (deployed_document()["paths"], public_document()["paths"])
    ]

    assert addresses[0] == addresses[1]


def test_the_gateway_is_told_of_no_key_or_authorizer_of_its_own() -> None:
    """It would ask for API keys where the description says security: the functions authenticate."""
    deployed = deployed_document()

    assert "components" not in deployed
    assert not any("security" in operation for methods in deployed["paths"].values() for operation in methods.values())
    assert set(public_document()["components"]["securitySchemes"]) == {"jeton", "compte"}


def test_every_function_of_the_api_has_its_folder_its_doorway_and_its_permission() -> None:
    woken = {name: entry for name, entry in of_type("AWS::Serverless::Function").items() if name.startswith("Api")}
    permissions = {
        source_of(entry["Properties"]["FunctionName"])[1]
        for entry in of_type("AWS::Lambda::Permission").values()
        if entry["Properties"]["Principal"] == "apigateway.amazonaws.com"
    }

    assert set(woken) == set(FUNCTIONS) == set(FOLDERS) == set(STACKS) == permissions
    for name, folder in FOLDERS.items():
        assert stack_of(name) == STACKS[name]
        assert woken[name]["Properties"]["CodeUri"] == f"../../functions/{folder}"
        doorway = (ROOT / "functions" / folder / "app.py").read_text(encoding="utf-8")
        assert f"from chorale.{FUNCTIONS[name]} import api" in doorway


def test_every_route_calls_the_function_that_has_it() -> None:
    paths = deployed_document()["paths"]

    for name, api in apis():
        for operation in api.doors():
            integration = paths[operation.path][operation.method.lower()]["x-amazon-apigateway-integration"]
            assert f"${{{STACKS[name]}.Outputs.{name}}}" in integration["uri"]["Fn::Sub"]
            assert integration["type"] == "aws_proxy"
    declared = {(path, method.upper()) for path, methods in paths.items() for method in methods}
    routed = {(operation.path, operation.method) for _, api in apis() for operation in api.doors()}
    assert declared == routed


def test_every_route_of_the_framework_is_declared() -> None:
    """A route that went around the declaration would be neither described nor guarded."""
    for _, api in apis():
        assert {(method, path) for path, methods in api.routes.items() for method in methods} == set(api.table)


def test_operation_ids_are_unique() -> None:
    names = [operation.name for _, api in apis() for operation in api.doors()]

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
        ("http.transverses.token", {"pydantic", "lxml", "fpdf", "pypdf", "yaml"}),
        ("apidoc.routes", {"pydantic", "boto3", "lxml", "fpdf", "pypdf", "yaml"}),
        ("http.factures.deposits", {"lxml", "fpdf", "pypdf", "yaml", "chorale.wire.factures.search"}),
        ("http.factures.invoices", {"lxml", "fpdf", "pypdf", "yaml", "chorale.wire.structures.structures"}),
        ("http.factures.processing", {"lxml", "fpdf", "pypdf", "yaml", "chorale.wire.factures.search"}),
        ("http.structures.structures", {"lxml", "fpdf", "pypdf", "yaml", "chorale.wire.factures.search"}),
    ],
)
def test_a_function_loads_only_what_it_needs(module: str, unwanted: set[str]) -> None:
    program = f"import sys; import chorale.{module}; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert not unwanted & set(loaded)
