"""What API Gateway is made from: which paths there are, whom to call, and what to answer by itself.

Nothing else: CloudFormation takes an included definition of 450 KB at most, and the messages are described from code
(``chorale.apidoc.openapi``). Without security schemes: the gateway would take them for keys and authorizers of its own,
and the functions authenticate.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from chorale.apidoc.manual import TOO_FAST, TOO_LARGE, UNANSWERED
from chorale.apidoc.openapi import apis
from chorale.http.edge.answers import UNKNOWN_PATH
from chorale.http.edge.api import Operation
from chorale.http.edge.headers import ALWAYS

INVOKE = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${%s}/invocations"
STACKS: Mapping[str, str] = {
    "ApiTokenFunction": "Access",
    "ApiDepositFunction": "Deposits",
    "ApiInvoicesFunction": "Invoices",
    "ApiProcessFunction": "Invoices",
    "ApiWorksFunction": "Works",
    "ApiDirectoryFunction": "Directory",
    "ApiStructuresFunction": "Directory",
    "ApiWebhooksFunction": "Directory",
    "ApiDocsFunction": "Documentation",
}
"""Function -> the stack of its capability, whose output of the function's name is its ARN."""


def deployed_document() -> dict[str, Any]:
    """The definition that the template includes: valid OpenAPI, with integrations and the gateway's own answers."""
    paths: dict[str, dict[str, Any]] = {}
    for logical_id, api in apis():
        for operation in api.doors():
            paths.setdefault(operation.path, {})[operation.method.lower()] = _routed(operation, logical_id)
    return {
        "openapi": "3.0.1",
        "info": {"title": "Chorale", "version": "1"},
        "paths": paths,
        "x-amazon-apigateway-gateway-responses": gateway_responses(),
    }


def _routed(operation: Operation, logical_id: str) -> dict[str, Any]:
    names = re.findall(r"{(\w+)}", operation.path)
    parameters = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    return {
        "operationId": operation.name,
        **({"parameters": parameters} if parameters else {}),
        "responses": {"200": {"description": "What the function answers."}},
        "x-amazon-apigateway-integration": integration(logical_id),
    }


def integration(logical_id: str) -> dict[str, Any]:
    """The call of the function with this logical id in the template of its capability."""
    return {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "passthroughBehavior": "when_no_match",
        "uri": {"Fn::Sub": INVOKE % f"{STACKS[logical_id]}.Outputs.{logical_id}"},
    }


def gateway_responses() -> dict[str, Any]:
    """What API Gateway answers by itself, in the form of ours. The two defaults keep the gateway's own status."""
    again = {"Retry-After": "'1'"}
    return {
        "DEFAULT_4XX": _response(400, "$context.error.messageString"),
        "DEFAULT_5XX": _response(500, _quoted(UNANSWERED)),
        "MISSING_AUTHENTICATION_TOKEN": {"statusCode": 403} | _response(403, _quoted(UNKNOWN_PATH)),
        "REQUEST_TOO_LARGE": {"statusCode": 413} | _response(413, _quoted(TOO_LARGE)),
        "THROTTLED": {"statusCode": 429} | _response(429, _quoted(TOO_FAST), again),
        "QUOTA_EXCEEDED": {"statusCode": 429} | _response(429, _quoted(TOO_FAST), again),
    }


def _quoted(message: str) -> str:
    return json.dumps(message, ensure_ascii=False)


def _response(code: int, message: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """``message`` is a JSON text, or a variable of the gateway that is one."""
    named = {
        "Content-Type": "'application/json;charset=utf-8'",
        "x-correlationid": "context.requestId",
        **{name: f"'{value}'" for name, value in ALWAYS.items()},
        **(headers or {}),
    }
    return {
        "responseParameters": {f"gatewayresponse.header.{name}": value for name, value in named.items()},
        "responseTemplates": {"application/json": f'{{"codeRetour":{code},"libelle":{message}}}'},
    }
