"""The hub's one port: the deployed API at ``/``, with the size limits of AWS, and local tools under ``/_local/``."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from chorale_local import addresses, local_tools
from chorale_local.access import Access
from chorale_local.behaviour import Behaviour, Fault, Rule
from chorale_local.emulator import Emulator
from chorale_local.places import API_DEFINITION
from chorale_local.refused import Refused

GATEWAY_BODY_LIMIT = 10 * 1024 * 1024
"""Bytes of a request body that API Gateway takes."""
EVENT_LIMIT = 6 * 1024 * 1024
"""Bytes of the event that a function takes, and of the answer that it gives: the body as JSON text, and around it."""
ENVELOPE = 4096
"""Bytes of an event around the body: headers, path, context."""
TIMEOUT = 29.0
"""Seconds after which API Gateway gives up on a function."""
HOP_BY_HOP = frozenset(
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailers",
        "transfer-encoding", "upgrade", "host", "content-length", "content-encoding", "accept-encoding",
    }
)  # fmt: skip
OBJECTS = "/_s3"
"""Below it, presigned addresses: files go through the hub's port and name like everything else."""
FILE_HEADERS = frozenset(
    {
        "accept", "accept-encoding", "content-type", "if-match", "if-modified-since", "if-none-match",
        "if-unmodified-since", "origin", "range",
    }
)  # fmt: skip
"""Of a request for a file: the platform would take another header for an order to another service."""
FORM_LIMIT = 128 * 1024 * 1024
"""Bytes of the form of an upload: the largest deposit, and the fields around it."""
ABORT = "chorale.abort"
"""In the scope of a request: ends its connection without an answer."""
ABORTED_AFTER = 0.05
"""Seconds after which the server knows that a connection is gone."""
UNKNOWN_PATH = "MissingAuthenticationTokenException"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@dataclass(frozen=True)
class GatewayResponse:
    """An answer that API Gateway gives itself: status, headers, body."""

    status: int
    headers: Mapping[str, str]
    body: str


def read_definition(definition: Path) -> dict[str, Any]:
    """The API definition as plain values."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read: dict[str, Any] = yaml.load(definition.read_text(encoding="utf-8"), loader)  # a safe loader, in C if possible
    return read


def gateway_responses(definition: Mapping[str, Any]) -> dict[str, GatewayResponse]:
    """The gateway's own answers as the API definition declares them, by their AWS name."""
    declared = definition.get("x-amazon-apigateway-gateway-responses", {})
    return {name: _gateway_response(entry) for name, entry in declared.items()}


def operation_names() -> dict[tuple[str, str], str]:
    """Names of the operations, by method and path."""
    # All routes and models: read when somebody asks for a fault.
    from chorale.apidoc.openapi import apis

    return {(operation.method, operation.path): operation.name for _, api in apis() for operation in api.operations()}


def _gateway_response(entry: dict[str, Any]) -> GatewayResponse:
    parameters = entry.get("responseParameters", {})
    prefix = "gatewayresponse.header."
    headers = {name.removeprefix(prefix): str(value).strip("'") for name, value in parameters.items()}
    body = entry.get("responseTemplates", {}).get("application/json", '{"message":$context.error.messageString}')
    return GatewayResponse(int(entry.get("statusCode", 500)), {"Content-Type": "application/json"} | headers, body)


class Front:
    """What answers on the hub's port."""

    def __init__(self, emulator: Emulator, outputs: Mapping[str, str], access: Access) -> None:
        self._emulator = emulator
        self._outputs = outputs
        self._access = access
        self._answers = gateway_responses(read_definition(API_DEFINITION))
        self._behaviour = Behaviour(operation_names)
        self._api = httpx.URL(f"{emulator.endpoint}/{outputs['ApiStage']}")
        self._client = httpx.AsyncClient(
            headers={"Host": f"{outputs['ApiId']}.execute-api.localhost"},
            timeout=TIMEOUT,
            limits=httpx.Limits(max_connections=32),
        )
        self._files = httpx.AsyncClient(headers={"Accept-Encoding": "identity"}, timeout=TIMEOUT)
        self._buckets = (outputs["DepositBucket"], outputs["DocumentBucket"])

    async def api(self, request: Request) -> Response:
        """An operation of the API, through the gateway of the platform, or what a rule makes of it."""
        if addresses.segments(request.scope["raw_path"]) is None:
            return self._unknown_path()
        body = await _limited_body(request)
        if body is None or _event_size(body) > EVENT_LIMIT:
            return self._own_answer("REQUEST_TOO_LARGE", 413, "Request Too Long")
        rule = self._behaviour.of(request.method, request.url.path)
        if rule is None:
            return await self._forwarded(request, body)
        answer = await self._forwarded(request, body) if rule.executed or rule.fault is Fault.SLOW else None
        return await self._harmed(request, rule, answer)

    async def _forwarded(self, request: Request, body: bytes) -> Response:
        # As bytes: a client may write an accent in any of them, and no encoding is agreed on.
        headers = [(name, value) for name, value in request.headers.raw if name.decode("latin-1") not in HOP_BY_HOP]
        query = request.scope["query_string"]
        # As it was sent: a decoded path is another one.
        asked = self._api.raw_path + request.scope["raw_path"] + (query and b"?" + query)
        try:
            address = self._api.copy_with(raw_path=asked)
        except (httpx.InvalidURL, UnicodeError):
            return self._unknown_path()
        try:
            answer = await self._client.request(request.method, address, content=body, headers=headers)
        except httpx.TimeoutException:
            return self._own_answer("INTEGRATION_TIMEOUT", 504, "Endpoint request timed out")
        except httpx.TransportError:
            # The platform died, and is started again.
            return self._own_answer("INTEGRATION_FAILURE", 503, "Service Unavailable")
        if answer.headers.get("x-amzn-errortype") == UNKNOWN_PATH:
            # The platform does not take the gateway's answers from the API definition.
            return self._unknown_path()
        if len(answer.content) > EVENT_LIMIT:
            return self._own_answer("INTEGRATION_FAILURE", 502, "Internal server error")
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP}
        return Response(self._with_public_addresses(request, answer), answer.status_code, kept)

    def _unknown_path(self) -> Response:
        return self._own_answer("MISSING_AUTHENTICATION_TOKEN", 403, "Missing Authentication Token")

    def _with_public_addresses(self, request: Request, answer: httpx.Response) -> bytes:
        """The body, with presigned addresses at the name and port that the caller used for the hub."""
        if "json" not in answer.headers.get("content-type", ""):
            return answer.content
        here = f"{request.url.scheme}://{request.url.netloc}{OBJECTS}/"
        return answer.content.replace(f"{self._emulator.endpoint}/".encode(), here.encode())

    async def _harmed(self, request: Request, rule: Rule, answer: Response | None) -> Response:
        if rule.fault is Fault.QUOTA:
            return _quota_answer(rule.seconds)
        if rule.fault is Fault.ERROR:
            return self._own_answer("INTEGRATION_FAILURE", rule.status, "Internal server error", exact=True)
        if rule.fault is Fault.CUT:
            request.scope[ABORT]()
            await asyncio.sleep(ABORTED_AFTER)
        await asyncio.sleep(rule.seconds)
        if answer is not None and rule.fault is Fault.SLOW:
            return answer
        # After a cut, it goes nowhere.
        return self._own_answer("INTEGRATION_TIMEOUT", 504, "Endpoint request timed out")

    def _own_answer(self, name: str, status: int, message: str, *, exact: bool = False) -> Response:
        """An answer of the gateway itself; ``exact`` when its status is asked for, whatever the definition says."""
        default = self._answers.get("DEFAULT_4XX" if status < 500 else "DEFAULT_5XX")
        undeclared = GatewayResponse(status, {}, '{"message":$context.error.messageString}')
        declared = self._answers.get(name) or default or undeclared
        text = declared.body.replace("$context.error.messageString", json.dumps(message))
        text = text.replace("$context.error.message", message)
        request_id = str(uuid.uuid4())
        headers = {
            key: request_id if value == "context.requestId" else value for key, value in declared.headers.items()
        }
        return Response(text, status if exact or name not in self._answers else declared.status, headers)

    async def file(self, request: Request) -> Response:
        """An upload or a download that a function signed, of the hub's two buckets, as S3 takes it; nothing else."""
        raw: bytes = request.scope["raw_path"]
        path = addresses.segments(raw)
        if path is None or f"/{path[0]}" != OBJECTS or path[1] not in self._buckets:
            return _said("Only files of the hub are served here.", 403)
        body = b""
        if request.method == "POST" and not any(path[2:]) and not request.url.query:
            sent_body = await _limited_body(request, FORM_LIMIT)
            if sent_body is None:
                return _said(f"A form has at most {FORM_LIMIT} bytes.", 413)
            body = sent_body
            signed = addresses.is_signed_form(request.headers.get("content-type", ""), body)
        else:
            asked = request.query_params.multi_items()
            signed = request.method in ("GET", "HEAD") and addresses.is_signed_address(asked)
        if not signed:
            return _said("Only presigned addresses are served here.", 403)
        sent = self._files.build_request(
            request.method,
            f"{self._emulator.endpoint}/{raw.decode('ascii').split('/', 2)[2]}"
            + (f"?{request.url.query}" if request.url.query else ""),
            content=body,
            headers={name: request.headers[name] for name in FILE_HEADERS & set(request.headers)},
        )
        try:
            answer = await self._files.send(sent, stream=True)
        except httpx.TransportError:
            return self._own_answer("INTEGRATION_FAILURE", 503, "Service Unavailable")
        dropped = HOP_BY_HOP - {"content-length", "content-encoding"}
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in dropped}
        if kept.get("access-control-allow-origin") == "*":
            # The platform lets the pages of every site read; the bucket's own rules name one.
            del kept["access-control-allow-origin"]

        async def parts() -> AsyncIterator[bytes]:
            try:
                async for part in answer.aiter_raw():
                    yield part
            finally:
                await answer.aclose()

        return StreamingResponse(parts(), answer.status_code, kept)

    async def tool(self, request: Request) -> Response:
        """A local tool."""
        refused = self._refusal(request)
        if refused is not None:
            return refused
        method, name = request.method, request.path_params["name"]
        run = {**local_tools.TOOLS, **self._rules()}.get((method, name))
        if run is None:
            known = sorted(f"{verb} /_local/{known}" for verb, known in {**local_tools.TOOLS, **self._rules()})
            return JSONResponse({"message": "Cet outil local n'existe pas.", "tools": known}, 404)
        try:
            given = _given(await request.body(), request.query_params)
            return JSONResponse(await run_in_threadpool(run, self._emulator, self._outputs, given))
        except Refused as error:
            return _said(str(error), 400)

    def _refusal(self, request: Request) -> Response | None:
        try:
            refused = self._access.refusal(request.method, request.headers)
        except ValueError:
            return _said("L'en-tête Host ou Origin n'est ni un nom ni une adresse.", 400)
        return None if refused is None else _said(refused, 403)

    def _rules(self) -> Mapping[tuple[str, str], local_tools.Tool]:
        """Tools of the front itself: faults on purpose."""
        return {
            ("GET", "behaviour"): lambda *_: self._behaviour.shown(),
            ("POST", "behaviour"): lambda _emulator, _outputs, given: self._behaviour.add(given),
            ("DELETE", "behaviour"): lambda *_: self._behaviour.forget(),
        }


def _given(body: bytes, query: Mapping[str, str]) -> dict[str, Any]:
    """What a local tool is given; raises Refused."""
    try:
        given = json.loads(body) if body else dict(query)
    except RecursionError:
        raise Refused("Le corps de la demande est imbriqué trop profondément.") from None
    except ValueError:
        raise Refused("Le corps de la demande n'est pas du JSON lisible.") from None
    if not isinstance(given, dict):
        raise Refused("Le corps de la demande est un objet JSON, entre accolades.")
    return given


def _said(message: str, status: int) -> Response:
    """A sentence about a request; what it quotes of it may be no text that can be written."""
    return JSONResponse({"message": message.encode("utf-8", "backslashreplace").decode()}, status)


def _quota_answer(seconds: float) -> Response:
    """What the hub says to who has called too often."""
    from chorale.domain.errors import TooManyRequests
    from chorale.http.edge.answers import refusal

    made = refusal(TooManyRequests("Trop de requêtes (quota simulé).", max(1, round(seconds))), "")
    return Response(made.body, made.status_code, {name: str(value) for name, value in made.headers.items()})


def application(emulator: Emulator, outputs: Mapping[str, str], access: Access) -> ASGIApp:
    """The hub's front as an ASGI application."""
    front = Front(emulator, outputs, access)

    async def home(_request: Request) -> Response:
        return HTMLResponse(HOME)

    routes = Starlette(
        routes=[
            Route("/", home),
            Route("/_local/{name}", front.tool, methods=["GET", "PUT", "POST", "DELETE"]),
            Route(OBJECTS + "/{path:path}", front.file, methods=METHODS),
            Route("/{path:path}", front.api, methods=METHODS),
        ]
    )

    async def with_abort(scope: Scope, receive: Receive, send: Send) -> None:
        # The server's own object is behind its ``send``: nothing in ASGI ends a connection.
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        await routes({**scope, ABORT: transport.abort} if transport else scope, receive, send)

    return with_abort


async def _limited_body(request: Request, limit: int = GATEWAY_BODY_LIMIT) -> bytes | None:
    """The body, or None as soon as it is larger than ``limit``, in bytes."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit:
            return None
    return bytes(body)


def _event_size(body: bytes) -> int:
    """Bytes of the event that a function would get: the body as JSON text, and its envelope."""
    if len(body) < EVENT_LIMIT // 6:
        return len(body)
    return len(json.dumps(body.decode("utf-8", "replace"), ensure_ascii=False).encode()) + ENVELOPE


HOME = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Chorale</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; color: #1b1b1f }
h1 { font-size: 1.6rem } code { background: #f0f2f5; padding: .1rem .3rem; border-radius: 4px }
li { margin: .3rem 0 } .note { color: #5b5b66; font-size: .9rem }
</style></head><body>
<h1>Chorale, en local</h1>
<p>Le serveur tourne : les clients de Chorus Pro s'y connectent en changeant leurs adresses de base.</p>
<ul>
<li><a href="/docs">Documentation de l'API</a>, avec des exemples à essayer ;
<code>curl -X POST …/_local/examples</code> écrit d'abord ce dont ils parlent</li>
<li><a href="/cpro/transverses/v1/health-check">État du service</a></li>
<li>Outils locaux : <a href="/_local/queues">files de messages</a>, <a href="/_local/clock">horloge</a>,
<a href="/_local/executions">exécutions</a>, <a href="/_local/emails">courriels</a>,
<a href="/_local/stack">pile déployée</a></li>
</ul>
<p class="note">Projet indépendant : ce n'est pas un service de l'État, et rien de ce qui est déposé ici n'en sort.</p>
</body></html>"""
