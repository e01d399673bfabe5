"""The description of the API that people and tools read, made of the routes and served by ``api_docs``.

API Gateway is made from a slim definition of its own (``chorale.apidoc.gateway``). ``python -m chorale.apidoc.openapi
--write build/openapi.json`` writes what ``/docs/openapi.json`` answers, for tools that want a file.
"""

import argparse
import importlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from chorale.apidoc.entries import GROUPS
from chorale.apidoc.manual import INTRODUCTION, MANUAL, REFUSED, REPLAY_HEADER, REPLAY_REFUSED
from chorale.http.edge.api import IDEMPOTENCY_KEY, IDEMPOTENCY_KEY_MAX, Api, Operation, Resource
from chorale.wire.base.schemas import reference, schemas_of

FUNCTIONS: Mapping[str, str] = {
    "ApiTokenFunction": "http.transverses.token",
    "ApiDepositFunction": "http.factures.deposits",
    "ApiInvoicesFunction": "http.factures.invoices",
    "ApiProcessFunction": "http.factures.processing",
    "ApiDirectoryFunction": "http.structures.structures",
    "ApiStructuresFunction": "http.organisations.settings",
    "ApiWebhooksFunction": "http.chorale.subscriptions",
    "ApiWorksFunction": "http.travaux.papers",
    "ApiDocsFunction": "apidoc.routes",
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
EXAMPLE_ACCOUNT = "x-compte-exemple"
"""Extension: the technical account of the local hub that the example is for."""
BODIED = ("POST", "PATCH")
"""Methods that carry what is asked in their body."""


def apis() -> Iterator[tuple[str, Api]]:
    """Each function of the API (logical id in the template) with its routes."""
    for logical_id, module in FUNCTIONS.items():
        yield logical_id, importlib.import_module(f"chorale.{module}").api


@cache
def examples() -> Mapping[str, Mapping[str, Any]]:
    """Operation name -> an example of its request and of its answer, as the tests replay them."""
    read: dict[str, dict[str, Any]] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return read


def public_document() -> dict[str, Any]:
    """The description of every operation, with its messages and its examples."""
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {"Refus": ERROR_SCHEMA, "RefusListe": LISTED_SCHEMA, "RefusMetier": REFUSAL_SCHEMA}
    for _, api in apis():
        for operation in api.operations():
            described = _described(operation)
            described["security"] = [] if operation.public else [{"jeton": [], "compte": []}]
            _how_to_try(described, examples().get(operation.name, {}))
            if not operation.public and not operation.resource:
                _or_refused(described)
            paths.setdefault(operation.path, {})[operation.method.lower()] = described
            for name, schema in _schemas(operation).items():
                if schemas.setdefault(name, schema) != schema:
                    raise ValueError(f"two messages are called {name}: {operation.name} would be described wrongly")
    return {
        "openapi": "3.0.1",
        "info": {"title": "Chorale", "version": "1", "description": INTRODUCTION},
        "tags": [{"name": group} for group in GROUPS],
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": SECURITY},
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
    if operation.keyed:
        key = {"type": "string", "maxLength": IDEMPOTENCY_KEY_MAX}
        parameters.append({"name": IDEMPOTENCY_KEY, "in": "header", "schema": key, "description": REPLAY_HEADER})
    if parameters:
        described["parameters"] = parameters
    body = _request_body(operation)
    if body:
        described["requestBody"] = body
    described["responses"] = _responses(operation)
    return described


def _how_to_try(described: dict[str, Any], example: Mapping[str, Any]) -> None:
    """Whose account makes the example's request on the local hub, and the values of its path."""
    if "account" in example:
        described[EXAMPLE_ACCOUNT] = example["account"]
    for parameter in described.get("parameters", []):
        if parameter["name"] in example.get("parameters", {}):
            parameter["example"] = example["parameters"][parameter["name"]]


def _or_refused(described: dict[str, Any]) -> None:
    """Say that HTTP 200 also carries refusals."""
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
        refused = {**REFUSED, **(REPLAY_REFUSED if operation.keyed else {})}
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


def _schemas(operation: Operation) -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    if operation.takes and operation.method in BODIED:
        schemas |= schemas_of(operation.takes, asked=True)
    gives = operation.resource.gives if operation.resource else operation.gives
    if gives:
        schemas |= schemas_of(gives, asked=False, nulls=getattr(gives, "KEEPS_NULLS", False))
    return schemas


def main() -> None:
    """Write the description where ``--write`` says."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--write", type=Path, required=True)
    text = json.dumps(public_document(), ensure_ascii=False, indent=1)
    asked.parse_args().write.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
