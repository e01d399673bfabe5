"""The routes of one function. A route needs a token and a technical account unless it says that it is public."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPMethod
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from chalice.app import Chalice, Request, Response

from chorale.domain.access.rights import Actor
from chorale.domain.errors import ChoraleError, InvalidRequest
from chorale.domain.once import Once, once
from chorale.http.edge import middleware
from chorale.http.edge.answers import Failed, json_answer
from chorale.runtime import clock
from chorale.wire.base.errors import listed_errors

if TYPE_CHECKING:
    from chorale.wire.base.models import Answer, Ask, Part

AskType = TypeVar("AskType", bound="Ask")
AnswerType = TypeVar("AnswerType", bound="Answer")
ANY_CONTENT_TYPE = ["*/*"]
"""Clients send JSON under several names, or none."""
OURS = "/chorale/"
NO_BODY = {"Content-Type": "text/plain;charset=utf-8"}
"""Headers of the answer to a HEAD."""
BY_CRITERIA = ("/recherche", "/lister/")
"""In the address of what finds things by criteria."""
IDEMPOTENCY_KEY = "Idempotency-Key"
IDEMPOTENCY_KEY_MAX = 255


@dataclass(frozen=True, slots=True)
class Call(Generic[AskType]):
    """One authenticated call: what is asked, by whom, when."""

    ask: AskType
    actor: Actor
    now: datetime
    parameters: Mapping[str, str]
    once: Once | None = None
    """The request by its ``Idempotency-Key``, when it has one and the route takes it."""


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
    keyed: bool = False
    """Whether it takes an ``Idempotency-Key``: what it makes is made once, even where no answer is kept."""

    @property
    def known_only(self) -> bool:
        """Whether a key that nothing reads is refused.

        It is where a misspelt one would find more than was asked for, and in what only our own clients call. Elsewhere
        it is left out, because clients in use send keys of their own.
        """
        return self.path.startswith(OURS) or any(word in self.path for word in BY_CRITERIA)


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
        """What can be asked, in the order in which it was declared: a HEAD is no operation of its own."""
        return (operation for operation in self.table.values() if operation.method != HTTPMethod.HEAD)

    def doors(self) -> Iterator[Operation]:
        """Every route, with the HEAD of each public GET."""
        return iter(self.table.values())

    def business(
        self,
        method: str,
        path: str,
        name: str,
        takes: "type[AskType]",
        gives: "type[AnswerType]",
        *,
        keyed: bool = False,
    ) -> Callable[[Callable[[Call[AskType]], "AnswerType"]], Callable[[Call[AskType]], "AnswerType"]]:
        """Declare a route that needs a token and an account.

        ``keyed``: it takes an ``Idempotency-Key``, though the function keeps no answers.
        """
        from chorale.wire.base.models import read_request

        def declare(handle: Callable[[Call[AskType]], "AnswerType"]) -> Callable[[Call[AskType]], "AnswerType"]:
            def view(**parameters: str) -> Response:
                request = self._request()
                ask, told = read_request(takes, request_body(request), operation.known_only)
                actor: Actor = request.context[middleware.ACTOR]
                key = _idempotency_key(request) if operation.keyed else ""
                caller = f"{actor.application} {actor.login} {operation.name}"
                body = request_body(request)
                call = Call(ask, actor, clock.now(), parameters, once(caller, key, body) if key else None)

                def answer() -> str:
                    return handle(call).telling(told).to_json()

                kept = key and operation.replayed
                return json_answer(self._kept(caller, key, body, answer) if kept else answer())

            replayed = self.replayed and method == "POST"
            operation = Operation(method, path, name, False, takes, gives, replayed=replayed, keyed=keyed or replayed)
            self._declare(operation, view, _family(handle))
            return handle

        return declare

    def resource(
        self, method: str, path: str, name: str, takes: "type[Ask]", described: Resource
    ) -> Callable[[Callable[[Call[Any]], Any]], Callable[[Call[Any]], Any]]:
        """Declare a route whose answer is the object itself; its refusals are HTTP 400 with a list of errors."""
        from chorale.wire.base.models import content_of, read_request

        def declare(handle: Callable[[Call[Any]], Any]) -> Callable[[Call[Any]], Any]:
            def view(**parameters: str) -> Response:
                request = self._request()
                try:
                    ask, _ = read_request(takes, request_body(request), operation.known_only)
                    given = handle(Call(ask, request.context[middleware.ACTOR], clock.now(), parameters))
                    return json_answer(content_of(given), described.status)
                except ChoraleError as error:
                    return json_answer(listed_errors(_in_names(error, family)), 400)

            family = _family(handle)
            operation = Operation(method, path, name, False, takes, resource=described)
            self._declare(operation, view, family)
            return handle

        return declare

    def public(
        self, method: str, path: str, name: str, schemas: Mapping[str, Any]
    ) -> Callable[[Callable[[Request], Response]], Callable[[Request], Response]]:
        """Declare a route that anybody may call; a GET has its HEAD, for link checkers and monitors."""

        def declare(handle: Callable[[Request], Response]) -> Callable[[Request], Response]:
            operation = Operation(method, path, name, True, schemas=schemas)
            self._declare(operation, lambda: handle(self._request()), _family(handle))
            if method == "GET":
                head = Operation(HTTPMethod.HEAD.value, path, f"{name}Head", True, schemas=schemas)
                self._declare(head, lambda: Response(body="", headers=dict(NO_BODY)), _family(handle))
            return handle

        return declare

    def _kept(self, caller: str, key: str, body: bytes, answer: Callable[[], str]) -> str:
        from chorale.stores.replay import once as kept_once

        return kept_once(caller, key, body, self.lambda_context, answer)

    def _declare(self, operation: Operation, view: Callable[..., Response], family: str) -> None:
        def guarded(**parameters: str) -> Response:
            try:
                return view(**parameters)
            except ChoraleError as error:
                raise Failed(_in_names(error, family)) from error
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


def _family(handle: Callable[..., Any]) -> str:
    """The family of the public API to which a route belongs: the room of ``http`` in which it is declared."""
    return handle.__module__.split(".")[-2]


def _in_names(error: ChoraleError, family: str) -> ChoraleError:
    # Most requests are not refused.
    from chorale.wire.base.names import in_names_of

    return in_names_of(family, error)


def _idempotency_key(request: Request) -> str:
    key: str = request.headers.get(IDEMPOTENCY_KEY, "")
    if len(key) > IDEMPOTENCY_KEY_MAX:
        raise InvalidRequest(f"Idempotency-Key compte {IDEMPOTENCY_KEY_MAX} caractères au plus.", IDEMPOTENCY_KEY)
    return key


def request_body(request: Request) -> bytes:
    """The body as bytes, whatever its content type."""
    raw = request.raw_body
    return raw.encode() if isinstance(raw, str) else raw
