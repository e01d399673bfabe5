"""What API Gateway needs to know beyond the description of the API: whom to call, and what to answer by itself."""

import json
from collections.abc import Mapping
from typing import Any

from chorale.http.manual import TOO_FAST, TOO_LARGE, UNANSWERED, UNKNOWN_PATH

INVOKE = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${%s.Arn}/invocations"


def integration(logical_id: str) -> dict[str, Any]:
    """The call of the function with this logical id in the template."""
    return {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "passthroughBehavior": "when_no_match",
        "uri": {"Fn::Sub": INVOKE % logical_id},
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
        **(headers or {}),
    }
    return {
        "responseParameters": {f"gatewayresponse.header.{name}": value for name, value in named.items()},
        "responseTemplates": {"application/json": f'{{"codeRetour":{code},"libelle":{message}}}'},
    }
