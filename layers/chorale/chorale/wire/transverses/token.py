"""The OAuth2 token: a form in, JSON out. No pydantic: a function that only gives tokens starts faster without it."""

import base64
import binascii
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

GRANT = "client_credentials"
DEFAULT_SCOPE = "openid"

REQUEST_SCHEMA = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "enum": [GRANT]},
        "client_id": {"type": "string", "description": "Ici, ou en HTTP Basic."},
        "client_secret": {"type": "string", "description": "Ici, ou en HTTP Basic."},
        "scope": {"type": "string", "description": "Facultatif."},
    },
}
ANSWER_SCHEMA = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in"],
    "properties": {
        "access_token": {"type": "string"},
        "token_type": {"type": "string", "enum": ["Bearer"]},
        "expires_in": {"type": "integer", "description": "Secondes."},
        "scope": {"type": "string"},
    },
}
ERROR_SCHEMA = {
    "type": "object",
    "required": ["error", "error_description"],
    "properties": {
        "error": {
            "type": "string",
            "enum": ["invalid_request", "invalid_client", "unsupported_grant_type", "slow_down"],
        },
        "error_description": {"type": "string"},
    },
}


class TokenRefused(Exception):
    """The request is refused with an error code of RFC 6749; the message is French."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error
        self.message = message


@dataclass(frozen=True, slots=True)
class TokenAsk:
    """Who asks for a token. ``readings``: identifier and secret, in each way that the request can be read."""

    readings: tuple[tuple[str, str], ...]
    scope: str


def token_ask(body: bytes, authorization: str) -> TokenAsk:
    """Read a token request from its form and its ``Authorization`` header; raises TokenRefused."""
    raw = _pairs(body)
    grant = unquote_plus(raw.get("grant_type", ""))
    if not grant:
        raise TokenRefused("invalid_request", "grant_type est obligatoire : client_credentials.")
    if grant != GRANT:
        raise TokenRefused("unsupported_grant_type", f"grant_type {grant} n'est pas pris en charge : {GRANT}.")
    readings = tuple(dict.fromkeys(_from_header(authorization) or _from_form(raw)))
    if not readings:
        raise TokenRefused(
            "invalid_request", "client_id et client_secret sont obligatoires, dans le formulaire ou en HTTP Basic."
        )
    return TokenAsk(readings, unquote_plus(raw.get("scope", "")) or DEFAULT_SCOPE)


def _pairs(body: bytes) -> dict[str, str]:
    text = body.decode("utf-8", "replace").strip()
    return {name: value for name, _, value in (pair.partition("=") for pair in text.split("&"))}


def _from_header(authorization: str) -> list[tuple[str, str]]:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return []
    try:
        identifier, separator, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        separator = ""
    if not separator:
        raise TokenRefused("invalid_request", "L'en-tête Authorization: Basic est illisible.")
    return [(identifier, secret)]


def _from_form(raw: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    # One client writes its form without URL encoding: a secret with + or % is then meant as it stands.
    if raw.get("client_id") and raw.get("client_secret"):
        yield from itertools.product(_both(raw["client_id"]), _both(raw["client_secret"]))


def _both(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((unquote_plus(value), value)))


def token_answer(value: str, expires_in: int, scope: str) -> dict[str, object]:
    """A token as the client reads it."""
    return {"access_token": value, "token_type": "Bearer", "expires_in": expires_in, "scope": scope}


def token_error(error: str, message: str) -> dict[str, object]:
    """A refusal as the client reads it (RFC 6749 5.2)."""
    return {"error": error, "error_description": message}
