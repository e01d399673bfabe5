"""api_token: OAuth2 client credentials."""

from chalice.app import Request, Response

from chorale.domain.errors import NotAuthenticated
from chorale.http.answers import json_answer
from chorale.http.api import Api, request_body
from chorale.runtime import clock
from chorale.usecases.authenticate import Token, issue_token
from chorale.wire.token import (
    ANSWER_SCHEMA,
    ERROR_SCHEMA,
    REQUEST_SCHEMA,
    TokenRefused,
    token_answer,
    token_ask,
    token_error,
)

api = Api("api_token")

NEVER_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@api.public(
    "POST",
    "/api/oauth/token",
    "obtenirJeton",
    {
        "request": {"application/x-www-form-urlencoded": REQUEST_SCHEMA},
        "responses": {"200": ANSWER_SCHEMA, "400": ERROR_SCHEMA},
    },
)
def obtenir_jeton(request: Request) -> Response:
    """Give a token to an application that proves itself."""
    try:
        ask = token_ask(request_body(request), request.headers.get("authorization", ""))
        token = _issue(ask.readings)
    except TokenRefused as refused:
        return json_answer(token_error(refused.error, refused.message), 400, NEVER_STORED)
    return json_answer(token_answer(token.value, token.expires_in, ask.scope), headers=NEVER_STORED)


def _issue(readings: tuple[tuple[str, str], ...]) -> Token:
    refused = ""
    for identifier, secret in readings:
        try:
            return issue_token(identifier, secret, clock.now())
        except NotAuthenticated as error:
            refused = error.message
    raise TokenRefused("invalid_client", refused)
