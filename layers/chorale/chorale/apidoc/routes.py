"""api_docs: the health-check and the documentation. Needs no permission at all."""

import json
from functools import cache
from typing import Any

from chalice.app import Request, Response

from chorale.http.edge.answers import json_answer
from chorale.http.edge.api import Api

api = Api("api_docs")

AVAILABLE = "L'API CPRO est actuellement disponible et fonctionnel."
"""The public platform's own words, as clients know them."""


@api.public(
    "GET",
    "/cpro/transverses/v1/health-check",
    "healthCheck",
    {
        "responses": {
            "200": {
                "type": "object",
                "required": ["body", "statusCodeValue", "statusCode"],
                "properties": {
                    "body": {"type": "string"},
                    "statusCodeValue": {"type": "integer"},
                    "statusCode": {"type": "string"},
                },
            }
        }
    },
)
def health_check(_request: Request) -> Response:
    """Answer that the service is there."""
    return json_answer({"body": AVAILABLE, "statusCodeValue": 200, "statusCode": "OK"})


@api.public("GET", "/docs/openapi.json", "description", {"responses": {"200": {"type": "object"}}})
def description(_request: Request) -> Response:
    """Give the description of the API to tools."""
    return json_answer(_document())


@api.public("GET", "/docs", "documentation", {"media": "text/html", "responses": {"200": {"type": "string"}}})
def documentation(_request: Request) -> Response:
    """Give the documentation to people."""
    page, policy = _page()
    headers: dict[str, str | list[str]] = {
        "Content-Type": "text/html;charset=utf-8",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
    }
    return Response(body=page, headers=dict(headers))


# Made of the routes of every function: once, when somebody reads it, and not for a health-check.
@cache
def _description() -> dict[str, Any]:
    from chorale.apidoc.openapi import public_document

    return public_document()


@cache
def _document() -> str:
    return json.dumps(_description(), ensure_ascii=False)


@cache
def _page() -> tuple[str, str]:
    from chorale.apidoc.page import content_security_policy, render

    return render(_description()), content_security_policy()
