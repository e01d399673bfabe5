"""api_docs: the health-check and the documentation. Needs no permission at all."""

import json
from functools import cache

from chalice.app import Request, Response

from chorale.http.answers import json_answer
from chorale.http.api import Api

api = Api("api_docs")

KEPT_FOR_A_WHILE = {"Cache-Control": "public, max-age=300"}


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
    return json_answer({"body": "L'API est disponible et fonctionnelle.", "statusCodeValue": 200, "statusCode": "OK"})


@api.public("GET", "/docs/openapi.json", "description", {"responses": {"200": {"type": "object"}}})
def description(_request: Request) -> Response:
    """Give the description of the API to tools."""
    return json_answer(_document(), headers=KEPT_FOR_A_WHILE)


@api.public("GET", "/docs", "documentation", {"media": "text/html", "responses": {"200": {"type": "string"}}})
def documentation(_request: Request) -> Response:
    """Give the documentation to people."""
    page, policy = _page()
    headers = {
        "Content-Type": "text/html;charset=utf-8",
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        **KEPT_FOR_A_WHILE,
    }
    return Response(body=page, headers=dict(headers))


# The description is made of the routes of every function: it is loaded when somebody reads it, not for a health-check.
@cache
def _document() -> str:
    from chorale.http.openapi import public_document

    return json.dumps(public_document(), ensure_ascii=False)


@cache
def _page() -> tuple[str, str]:
    from chorale.http.openapi import public_document
    from chorale.http.page import content_security_policy, render

    return render(public_document()), content_security_policy()
