"""HTTP answers: every one has a Content-Type and a body that says what happened."""

import json
import traceback
import unicodedata
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from chalice.app import ChaliceUnhandledError, Response

from chorale.domain.errors import ChoraleError, NotAuthenticated, ReplayRefused, TooManyRequests
from chorale.runtime.logging import logger
from chorale.wire.base.errors import PAYLOAD_LIMIT, AnswerTooLarge, envelope, technical_envelope

JSON = "application/json;charset=utf-8"
SURELY_FITS = PAYLOAD_LIMIT // 4
"""Characters below which the size of an answer is not worth counting."""
UNKNOWN_PATH = "Adresse inconnue ou méthode non admise : la documentation est à /docs."
REALM = "PISTE"
AUTHENTICATION_ERRORS = {"BadToken": "invalid_token", "BadAccount": "invalid_account"}
"""Name of the refusal -> error code of the challenge."""


class Failed(ChaliceUnhandledError):
    """Carries an error out of a view: the framework hides every other exception from the middleware."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class NoToken(Exception):
    """The request has no ``Authorization: Bearer`` header."""

    message = "En-tête Authorization absent : envoyez « Bearer » et un jeton obtenu à /api/oauth/token."


def fits(body: str) -> bool:
    """Whether a function can give ``body``: the limit counts it as a JSON text inside its own answer."""
    return len(body) < SURELY_FITS or len(body.encode()) + body.count('"') + body.count("\\") <= PAYLOAD_LIMIT


def json_answer(body: str | Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with a JSON body, given as text or as JSON types; raises AnswerTooLarge."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    if not fits(text):
        raise AnswerTooLarge("La réponse dépasse 6 Mo : demandez des pages plus petites (nbResultatsParPage).")
    return Response(body=text, status_code=status, headers={"Content-Type": JSON, **(headers or {})})


def refusal(error: Exception, correlation_id: str) -> Response:
    """The answer to a request that ended in ``error``."""
    if isinstance(error, NoToken):
        challenge = _challenge("invalid_request", error.message)
        described = {"error": "invalid_request", "error_description": error.message}
        return json_answer(technical_envelope(400, error.message, **described), 400, {"WWW-Authenticate": challenge})
    if isinstance(error, NotAuthenticated):
        kind = AUTHENTICATION_ERRORS.get(type(error).__name__, "invalid_token")
        body = {**envelope(error), "error": kind, "error_description": error.message}
        return json_answer(body, 401, {"WWW-Authenticate": _challenge(kind, error.message)})
    if isinstance(error, TooManyRequests):
        return json_answer(envelope(error), 429, {"Retry-After": str(error.retry_after)})
    if isinstance(error, ReplayRefused):
        return json_answer(envelope(error), error.status)
    if isinstance(error, ChoraleError):
        return json_answer(envelope(error))
    # Neither the message of the error nor the request is logged: they may hold personal data.
    logger.error("unexpected error", extra={"error_type": type(error).__name__, "stack": _stack(error.__traceback__)})
    message = f"Erreur interne du service : réessayez, ou donnez ce numéro à l'exploitant : {correlation_id}."
    return json_answer(technical_envelope(500, message), 500)


def chalice_refusal(response: Response) -> Response:
    """An answer of the framework itself (a path or a method that there is not) in the form and language of ours."""
    return json_answer(technical_envelope(response.status_code, UNKNOWN_PATH), response.status_code)


def _challenge(error: str, message: str) -> str:
    # A header is ASCII: the accents are in the body.
    plain = unicodedata.normalize("NFKD", message).encode("ascii", "ignore").decode().replace('"', "'")
    return f'Bearer realm="{REALM}", error="{error}", error_description="{" ".join(plain.split())}"'


def _stack(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
