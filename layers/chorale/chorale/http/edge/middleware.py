"""What surrounds every route: headers of every answer, correlation id, refusals, clock, authentication."""

import uuid
from collections.abc import Callable

from chalice.app import Request, Response

from chorale.http.edge.answers import Failed, NoToken, chalice_refusal, refusal
from chorale.http.edge.headers import ALWAYS
from chorale.runtime import clock
from chorale.runtime.logging import logger
from chorale.runtime.settings import settings

CORRELATION = "x-correlationid"
ACTOR = "chorale.actor"
"""Where the authenticated actor is kept during a request."""

Next = Callable[[Request], Response]


def correlation_id(request: Request) -> str:
    """The gateway's id of this request, which is also in its logs."""
    return str(
        request.context.setdefault("requestId", "") or request.context.setdefault("chorale.id", str(uuid.uuid4()))
    )


def correlated(request: Request, get_response: Next) -> Response:
    """Put the correlation id on the logs and on the answer, with what every answer says."""
    identifier = correlation_id(request)
    logger.set_correlation_id(identifier)
    response = get_response(request)
    response.headers |= {CORRELATION: identifier, **ALWAYS}
    return response


def refusals_answered(request: Request, get_response: Next) -> Response:
    """Turn whatever was raised into an answer."""
    try:
        response = get_response(request)
    except Failed as failed:
        return refusal(failed.error, correlation_id(request))
    except Exception as error:  # noqa: BLE001 - nobody above can answer in the form that clients parse
        return refusal(error, correlation_id(request))
    # Our own bodies are texts: anything else comes from the framework.
    return chalice_refusal(response) if isinstance(response.body, dict) else response


def clocked(request: Request, get_response: Next) -> Response:
    """Read the hub's clock once, where it can be moved."""
    if settings().simulated_clock:
        from chorale.stores.technical import refresh_clock

        refresh_clock()
    return get_response(request)


def source_address(request: Request) -> str:
    """The address that the gateway saw: a header could say anything."""
    return str(request.context.get("identity", {}).get("sourceIp", ""))


def authenticate_caller(request: Request) -> None:
    """Keep the actor behind the request; raises NoToken, BadToken, BadAccount or TooManyRequests."""
    from chorale.stores.access.quotas import take
    from chorale.usecases.access.authenticate import authenticate

    scheme, _, token = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NoToken
    account = request.headers.get("cpro-account", "").strip()
    actor = authenticate(token.strip(), account, clock.now(), source_address(request))
    take(actor.application, clock.now())
    request.context[ACTOR] = actor
