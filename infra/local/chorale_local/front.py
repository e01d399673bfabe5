"""The hub's one port: the deployed API at ``/``, with the size limits of AWS, and local tools under ``/_local/``."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from chorale_local import local_tools
from chorale_local.emulator import Emulator
from chorale_local.places import API_DEFINITION

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
UNKNOWN_PATH = "MissingAuthenticationTokenException"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@dataclass(frozen=True)
class GatewayResponse:
    """An answer that API Gateway gives itself: status, headers, body."""

    status: int
    headers: Mapping[str, str]
    body: str


def gateway_responses(definition: Path) -> dict[str, GatewayResponse]:
    """The gateway's own answers as the API definition declares them, by their AWS name."""
    declared = yaml.safe_load(definition.read_text(encoding="utf-8")).get("x-amazon-apigateway-gateway-responses", {})
    return {name: _gateway_response(entry) for name, entry in declared.items()}


def _gateway_response(entry: dict[str, Any]) -> GatewayResponse:
    parameters = entry.get("responseParameters", {})
    prefix = "gatewayresponse.header."
    headers = {name.removeprefix(prefix): str(value).strip("'") for name, value in parameters.items()}
    body = entry.get("responseTemplates", {}).get("application/json", '{"message":$context.error.messageString}')
    return GatewayResponse(int(entry.get("statusCode", 500)), {"Content-Type": "application/json"} | headers, body)


def application(emulator: Emulator, outputs: Mapping[str, str]) -> Starlette:
    """The hub's front as an ASGI application."""
    answers = gateway_responses(API_DEFINITION)
    client = httpx.AsyncClient(
        base_url=f"{emulator.endpoint}/{outputs['ApiStage']}",
        headers={"Host": f"{outputs['ApiId']}.execute-api.localhost"},
        timeout=TIMEOUT,
        limits=httpx.Limits(max_connections=32),
    )

    async def api(request: Request) -> Response:
        body = await _limited_body(request)
        if body is None or _event_size(body) > EVENT_LIMIT:
            return own_answer("REQUEST_TOO_LARGE", 413, "Request Too Long")
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP]
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        try:
            answer = await client.request(request.method, path, content=body, headers=headers)
        except httpx.TimeoutException:
            return own_answer("INTEGRATION_TIMEOUT", 504, "Endpoint request timed out")
        if answer.headers.get("x-amzn-errortype") == UNKNOWN_PATH:
            # The platform does not take the gateway's answers from the API definition.
            return own_answer("MISSING_AUTHENTICATION_TOKEN", 403, "Missing Authentication Token")
        if len(answer.content) > EVENT_LIMIT:
            return own_answer("INTEGRATION_FAILURE", 502, "Internal server error")
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP}
        return Response(answer.content, answer.status_code, kept)

    def own_answer(name: str, status: int, message: str) -> Response:
        default = answers.get("DEFAULT_4XX" if status < 500 else "DEFAULT_5XX")
        declared = (
            answers.get(name) or default or GatewayResponse(status, {}, '{"message":$context.error.messageString}')
        )
        text = declared.body.replace("$context.error.messageString", json.dumps(message))
        text = text.replace("$context.error.message", message)
        request_id = str(uuid.uuid4())
        headers = {
            key: request_id if value == "context.requestId" else value for key, value in declared.headers.items()
        }
        return Response(text, status if name not in answers else declared.status, headers)

    async def tool(request: Request) -> Response:
        name = request.path_params["name"]
        run = local_tools.TOOLS.get((request.method, name))
        if run is None:
            known = sorted(f"{method} /_local/{known}" for method, known in local_tools.TOOLS)
            return JSONResponse({"message": "No such local tool.", "tools": known}, 404)
        body = await request.body()
        try:
            given = json.loads(body) if body else {}
            return JSONResponse(await run_in_threadpool(run, emulator, outputs, given))
        except (ValueError, KeyError, TypeError) as error:
            return JSONResponse({"message": f"Wrong request: {error}"}, 400)

    async def home(_request: Request) -> Response:
        return HTMLResponse(HOME)

    return Starlette(
        routes=[
            Route("/", home),
            Route("/_local/{name}", tool, methods=["GET", "PUT", "POST"]),
            Route("/{path:path}", api, methods=METHODS),
        ]
    )


async def _limited_body(request: Request) -> bytes | None:
    """The body, or None as soon as it is larger than the gateway takes."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > GATEWAY_BODY_LIMIT:
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
