"""api_token: OAuth2 client credentials."""

from chalice.app import Request, Response

from chorale.domain.errors import NotAuthenticated, TooManyFailures
from chorale.http.edge.answers import json_answer
from chorale.http.edge.api import Api, request_body
from chorale.http.edge.middleware import source_address
from chorale.runtime import clock
from chorale.usecases.access.authenticate import issue_token
from chorale.wire.transverses.token import (
    ANSWER_SCHEMA,
    ERROR_SCHEMA,
    REQUEST_SCHEMA,
    TokenRefused,
    token_answer,
    token_ask,
    token_error,
)

api = Api("api_token")

NOT_CACHED = {"Pragma": "no-cache"}
"""With the Cache-Control of every answer, as RFC 6749 (5.1) asks for tokens."""


@api.public(
    "POST",
    "/api/oauth/token",
    "obtenirJeton",
    {
        "request": {"application/x-www-form-urlencoded": REQUEST_SCHEMA},
        "responses": {"200": ANSWER_SCHEMA, "400": ERROR_SCHEMA, "429": ERROR_SCHEMA},
    },
)
def obtenir_jeton(request: Request) -> Response:
    """Give a token to an application that proves itself."""
    try:
        ask = token_ask(request_body(request), request.headers.get("authorization", ""))
        token = issue_token(ask.readings, clock.now(), source_address(request))
    except NotAuthenticated as refused:
        return json_answer(token_error("invalid_client", refused.message), 400, NOT_CACHED)
    except TooManyFailures as refused:
        headers = NOT_CACHED | {"Retry-After": str(refused.retry_after)}
        return json_answer(token_error("slow_down", refused.message), 429, headers)
    except TokenRefused as refused:
        return json_answer(token_error(refused.error, refused.message), 400, NOT_CACHED)
    return json_answer(token_answer(token.value, token.expires_in, ask.scope), headers=NOT_CACHED)
