"""The description of the API, made of the routes: what is deployed, and what people read.

``python -m chorale.http.openapi --write infra/api/openapi.yaml`` writes the deployed one.
"""

import argparse
import importlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from chorale.http.api import IDEMPOTENCY_KEY, IDEMPOTENCY_KEY_MAX, Api, Operation, Resource
from chorale.http.gateway import gateway_responses, integration
from chorale.http.manual import GROUPS, INTRODUCTION, MANUAL, REFUSED, REPLAY_HEADER, REPLAY_REFUSED
from chorale.wire.schemas import reference, schemas_of

FUNCTIONS: Mapping[str, str] = {
    "ApiTokenFunction": "token",
    "ApiDepositFunction": "deposits",
    "ApiInvoicesFunction": "invoices",
    "ApiProcessFunction": "processing",
    "ApiDirectoryFunction": "directory",
    "ApiWorksFunction": "works",
    "ApiDocsFunction": "docs",
}
"""Function of the template (logical id) -> module of its routes."""

EXAMPLES = Path(__file__).with_name("examples.json")
SECURITY = {
    "jeton": {
        "type": "http",
        "scheme": "bearer",
        "description": "Le jeton obtenu à /api/oauth/token.",
    },
    "compte": {
        "type": "apiKey",
        "in": "header",
        "name": "cpro-account",
        "description": "login:motdepasse du compte technique, en base64.",
    },
}
ERROR_SCHEMA = {
    "type": "object",
    "description": "Refus : un code et ce qu'il faut changer.",
    "required": ["codeRetour", "libelle"],
    "properties": {
        "codeRetour": {"type": "integer"},
        "libelle": {"type": "string"},
        "error": {"type": "string"},
        "error_description": {"type": "string"},
    },
}


REFUSAL_SCHEMA = {
    "type": "object",
    "description": "Refus métier : codeRetour n'est pas 0, libelle dit ce qu'il faut changer.",
    "required": ["codeRetour", "libelle"],
    "properties": {
        "codeRetour": {"type": "integer", "not": {"enum": [0]}},
        "libelle": {"type": "string"},
        "lienTelechargement": {"type": "string"},
        "listeErreurs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["codeErreur", "libelleErreur"],
                "properties": {name: {"type": "string"} for name in ("codeErreur", "champ", "libelleErreur")},
            },
        },
    },
}


LISTED_SCHEMA = {
    "type": "object",
    "description": "Refus : errors dit ce qu'il faut changer ; sans jeton, codeRetour et libelle.",
    "properties": {
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["error", "message"],
                "properties": {"error": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "codeRetour": {"type": "integer"},
        "libelle": {"type": "string"},
        "error": {"type": "string"},
        "error_description": {"type": "string"},
    },
}
BODIED = ("POST", "PATCH")
"""Methods that carry what is asked in their body."""


def apis() -> Iterator[tuple[str, Api]]:
    """Each function of the API (logical id in the template) with its routes."""
    for logical_id, module in FUNCTIONS.items():
        yield logical_id, importlib.import_module(f"chorale.http.routes.{module}").api


@cache
def examples() -> Mapping[str, Mapping[str, Any]]:
    """Operation name -> an example of its request and of its answer, as the tests replay them."""
    read: dict[str, dict[str, Any]] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return read


def public_document() -> dict[str, Any]:
    """The description that people and tools read."""
    return _document(deployed=False)


def deployed_document() -> dict[str, Any]:
    """The description that API Gateway is made from: with integrations and the gateway's own answers.

    Without security schemes: the gateway would take them for keys and authorizers of its own, and the functions
    authenticate.
    """
    return _document(deployed=True) | {"x-amazon-apigateway-gateway-responses": gateway_responses()}


def _document(deployed: bool) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {"Refus": ERROR_SCHEMA, "RefusListe": LISTED_SCHEMA} | (
        {} if deployed else {"RefusMetier": REFUSAL_SCHEMA}
    )
    for logical_id, api in apis():
        for operation in api.operations():
            described = _described(operation)
            if deployed:
                described["x-amazon-apigateway-integration"] = integration(logical_id)
            else:
                described["security"] = [] if operation.public else [{"jeton": [], "compte": []}]
                if not operation.public and not operation.resource:
                    _or_refused(described)
            paths.setdefault(operation.path, {})[operation.method.lower()] = described
            for name, schema in _schemas(operation, deployed).items():
                if schemas.setdefault(name, schema) != schema:
                    raise ValueError(f"two messages are called {name}: {operation.name} would be described wrongly")
    return {
        "openapi": "3.0.1",
        "info": {"title": "Chorale", "version": "1", "description": INTRODUCTION},
        "tags": [{"name": group} for group in GROUPS],
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items()))} | ({} if deployed else {"securitySchemes": SECURITY}),
    }


def _described(operation: Operation) -> dict[str, Any]:
    entry = MANUAL[operation.name]
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [entry.group],
        "summary": entry.title,
        "description": entry.purpose,
    }
    names = re.findall(r"{(\w+)}", operation.path)
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
    ]
    if operation.replayed:
        key = {"type": "string", "maxLength": IDEMPOTENCY_KEY_MAX}
        parameters.append({"name": IDEMPOTENCY_KEY, "in": "header", "schema": key, "description": REPLAY_HEADER})
    if parameters:
        described["parameters"] = parameters
    body = _request_body(operation)
    if body:
        described["requestBody"] = body
    described["responses"] = _responses(operation)
    return described


def _or_refused(described: dict[str, Any]) -> None:
    """Say that HTTP 200 also carries refusals: for people and tools only, the gateway takes no such schema."""
    (media,) = described["responses"]["200"]["content"].values()
    media["schema"] = {"anyOf": [media["schema"], reference("RefusMetier")]}


def _request_body(operation: Operation) -> dict[str, Any]:
    if operation.public:
        asked = (operation.schemas or {}).get("request", {})
        content = {media: {"schema": schema} for media, schema in asked.items()}
    elif operation.takes and operation.method in BODIED:
        content = {"application/json": {"schema": reference(operation.takes.__name__)}}
    else:
        content = {}
    example = examples().get(operation.name, {}).get("request")
    if example is not None:
        for media in content.values():
            media["example"] = example
    return {"required": True, "content": content} if content else {}


def _responses(operation: Operation) -> dict[str, Any]:
    if operation.public:
        given = operation.schemas or {}
        media = given.get("media", "application/json")
        responses = {
            status: _response("Fait." if status == "200" else "Refusé.", schema, media)
            for status, schema in given["responses"].items()
        }
    elif operation.resource:
        responses = _resource_responses(operation.resource)
    else:
        given_schema = reference(operation.gives.__name__) if operation.gives else {}
        refused = {**REFUSED, **(REPLAY_REFUSED if operation.replayed else {})}
        responses = {"200": _response("Fait, ou refus métier.", given_schema)}
        responses |= {status: _response(why, reference("Refus")) for status, why in refused.items()}
    example = examples().get(operation.name, {}).get("response")
    if example is not None:
        next(iter(responses["200"]["content"].values()))["example"] = example
    return responses


def _resource_responses(resource: Resource) -> dict[str, Any]:
    given: dict[str, Any] = {"description": "Fait."}
    if resource.gives:
        one = reference(resource.gives.__name__)
        given = _response("Fait.", {"type": "array", "items": one} if resource.many else one)
    responses = {str(resource.status): given}
    responses |= {status: _response(why, reference("Refus")) for status, why in REFUSED.items()}
    return responses | {"400": _response("Pas de jeton, ou demande refusée.", reference("RefusListe"))}


def _response(description: str, schema: Mapping[str, Any], media: str = "application/json") -> dict[str, Any]:
    return {"description": description, "content": {media: {"schema": schema}}}


def _schemas(operation: Operation, deployed: bool) -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    if operation.takes and operation.method in BODIED:
        schemas |= schemas_of(operation.takes, asked=True)
    gives = operation.resource.gives if operation.resource else operation.gives
    if gives:
        schemas |= schemas_of(gives, asked=False, nulls=not deployed and getattr(gives, "KEEPS_NULLS", False))
    return schemas


def main() -> None:
    """Write the deployed description where ``--write`` says."""
    import yaml

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--write", type=Path, required=True)
    text = yaml.safe_dump(deployed_document(), sort_keys=False, allow_unicode=True, width=120)
    asked.parse_args().write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
