"""The routes of one function. A route needs a token and a technical account unless it says that it is public."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from chalice.app import Chalice, Request, Response

from chorale.domain.errors import ChoraleError, InvalidRequest
from chorale.domain.rights import Actor
from chorale.http import middleware
from chorale.http.answers import Failed, json_answer
from chorale.runtime import clock
from chorale.wire.errors import listed_errors

if TYPE_CHECKING:
    from chorale.wire.models import Answer, Ask, Part

AskType = TypeVar("AskType", bound="Ask")
AnswerType = TypeVar("AnswerType", bound="Answer")
ANY_CONTENT_TYPE = ["*/*"]
"""Clients send JSON under several names, or none."""
IDEMPOTENCY_KEY = "Idempotency-Key"
IDEMPOTENCY_KEY_MAX = 255


@dataclass(frozen=True, slots=True)
class Call(Generic[AskType]):
    """One authenticated call: what is asked, by whom, when."""

    ask: AskType
    actor: Actor
    now: datetime
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Resource:
    """How a route of the newer family answers: one object, a list at the root, or nothing (``gives`` is None)."""

    gives: "type[Part] | None" = None
    many: bool = False
    status: int = 200


@dataclass(frozen=True, slots=True)
class Operation:
    """One route. ``name`` is its operation id; ``schemas`` describes a public route, whose messages are not ours."""

    method: str
    path: str
    name: str
    public: bool
    takes: "type[Ask] | None" = None
    gives: "type[Answer] | None" = None
    schemas: Mapping[str, Any] | None = None
    resource: "Resource | None" = None
    """Given for a route of the newer family: its answer is no envelope."""
    replayed: bool = False
    """Whether the answer is kept for who sends the request again with its ``Idempotency-Key``."""


class Api(Chalice):
    """A Lambda handler: the application object itself takes the events of the REST API."""

    def __init__(self, name: str, *, replayed: bool = False) -> None:
        """``replayed``: its POST routes change something, and take an ``Idempotency-Key``."""
        # Its own log handler would print stack traces with messages; env: it would write to the environment.
        super().__init__(app_name=name, configure_logs=False, env={})
        self.table: dict[tuple[str, str], Operation] = {}
        self.replayed = replayed
        self.register_middleware(middleware.correlated, "http")
        self.register_middleware(middleware.refusals_answered, "http")
        self.register_middleware(middleware.clocked, "http")
        self.register_middleware(self._authenticated, "http")

    def operations(self) -> Iterator[Operation]:
        """The routes, in the order in which they were declared."""
        return iter(self.table.values())

    def business(
        self, method: str, path: str, name: str, takes: "type[AskType]", gives: "type[AnswerType]"
    ) -> Callable[[Callable[[Call[AskType]], "AnswerType"]], Callable[[Call[AskType]], "AnswerType"]]:
        """Declare a route that needs a token and an account."""
        from chorale.wire.models import read

        def declare(handle: Callable[[Call[AskType]], "AnswerType"]) -> Callable[[Call[AskType]], "AnswerType"]:
            def view(**parameters: str) -> Response:
                request = self._request()
                ask = read(takes, request_body(request))
                call = Call(ask, request.context[middleware.ACTOR], clock.now(), parameters)

                def answer() -> str:
                    return handle(call).to_json()

                key = request.headers.get(IDEMPOTENCY_KEY, "") if operation.replayed else ""
                return json_answer(self._once(operation, call, key, answer) if key else answer())

            operation = Operation(method, path, name, False, takes, gives, replayed=self.replayed and method == "POST")
            self._declare(operation, view)
            return handle

        return declare

    def resource(
        self, method: str, path: str, name: str, takes: "type[Ask]", described: Resource
    ) -> Callable[[Callable[[Call[Any]], Any]], Callable[[Call[Any]], Any]]:
        """Declare a route whose answer is the object itself; its refusals are HTTP 400 with a list of errors."""
        from chorale.wire.models import content_of, read

        def declare(handle: Callable[[Call[Any]], Any]) -> Callable[[Call[Any]], Any]:
            def view(**parameters: str) -> Response:
                request = self._request()
                try:
                    ask = read(takes, request_body(request))
                    given = handle(Call(ask, request.context[middleware.ACTOR], clock.now(), parameters))
                    return json_answer(content_of(given), described.status)
                except ChoraleError as error:
                    return json_answer(listed_errors(error), 400)

            self._declare(Operation(method, path, name, False, takes, resource=described), view)
            return handle

        return declare

    def public(
        self, method: str, path: str, name: str, schemas: Mapping[str, Any]
    ) -> Callable[[Callable[[Request], Response]], Callable[[Request], Response]]:
        """Declare a route that anybody may call."""

        def declare(handle: Callable[[Request], Response]) -> Callable[[Request], Response]:
            self._declare(Operation(method, path, name, True, schemas=schemas), lambda: handle(self._request()))
            return handle

        return declare

    def _once(self, operation: Operation, call: Call[Any], key: str, answer: Callable[[], str]) -> str:
        from chorale.stores.replay import once

        if len(key) > IDEMPOTENCY_KEY_MAX:
            raise InvalidRequest(f"Idempotency-Key compte {IDEMPOTENCY_KEY_MAX} caractères au plus.", IDEMPOTENCY_KEY)
        caller = f"{call.actor.application} {call.actor.login} {operation.name}"
        return once(caller, key, request_body(self._request()), self.lambda_context, answer)

    def _declare(self, operation: Operation, view: Callable[..., Response]) -> None:
        def guarded(**parameters: str) -> Response:
            try:
                return view(**parameters)
            except Exception as error:
                raise Failed(error) from error

        self.table[operation.method, operation.path] = operation
        self.route(
            operation.path, methods=[operation.method], name=operation.name, content_types=list(ANY_CONTENT_TYPE)
        )(guarded)

    def _request(self) -> Request:
        if self.current_request is None:
            raise RuntimeError("a view was called outside a request")
        return self.current_request

    def _authenticated(self, request: Request, get_response: Callable[[Request], Response]) -> Response:
        operation = self.table.get((request.method, request.path))
        if operation is None or not operation.public:
            middleware.authenticate_caller(request)
        return get_response(request)


def request_body(request: Request) -> bytes:
    """The body as bytes, whatever its content type."""
    raw = request.raw_body
    return raw.encode() if isinstance(raw, str) else raw
