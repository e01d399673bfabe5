"""Our answers against the AIFE's own descriptions (tests/samples/swagger)."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from chorale.apidoc.openapi import EXAMPLES
from jsonschema import Draft4Validator

from tests.unit.http.calling import routes

SAMPLES = Path(__file__).parents[2] / "samples" / "swagger"
OURS = {
    "parametres.aMoa": "one client reads this name instead of getaMoa",
    "listeServices[].dateDbtService": "real answers carry it",
    "pageCourante": "older clients read the pages of a recipient's worklist at the root",
    "pages": "the same",
    "nbResultatsParPage": "the same",
    "total": "the same",
}
"""Keys that we give and the official descriptions do not have, each with its reason."""
NULL_WHERE_NOT_READ = {
    "deposerPdfFacture": "what cannot be read on a PDF is null, which the description does not foresee"
}
ENVELOPE_MISSING = {"deposerPdfFacture": {"codeRetour", "libelle"}}
"""Every business answer has an envelope; the description of this one forgets it."""


@cache
def _swagger(family: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SAMPLES / f"{family}.swagger.json").read_text(encoding="utf-8"))
    return read


def _official(path: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The description of ``path`` and the whole file that it is in; None for what is not official."""
    for family in ("factures", "structures"):
        swagger = _swagger(family)
        inside = path.removeprefix(swagger["basePath"])
        if path.startswith(swagger["basePath"] + "/") and inside in swagger["paths"]:
            return swagger["paths"][inside]["post"], swagger
    return None


OFFICIAL = [operation for _, operation in routes() if _official(operation.path)]
every_official_operation = pytest.mark.parametrize("operation", OFFICIAL, ids=lambda operation: operation.name)


def _example(name: str) -> dict[str, Any]:
    example: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8"))[name]
    return example


def _resolved(schema: dict[str, Any], swagger: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = swagger["definitions"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found


def _undeclared(value: Any, schema: dict[str, Any], swagger: dict[str, Any], at: str = "") -> Iterator[str]:
    schema = _resolved(schema, swagger)
    if isinstance(value, list):
        for item in value:
            yield from _undeclared(item, schema.get("items", {}), swagger, f"{at}[]")
    elif isinstance(value, dict):
        declared = schema.get("properties", {})
        for name, item in value.items():
            place = f"{at}.{name}".removeprefix(".")
            if name in declared:
                yield from _undeclared(item, declared[name], swagger, place)
            else:
                yield place


def _unofficial(
    ours: dict[str, Any], whole: dict[str, Any], official: dict[str, Any], swagger: dict[str, Any], at: str = ""
) -> Iterator[str]:
    """Keys that our schema declares and the official one does not."""
    ours, official = _ours(ours, whole), _resolved(official, swagger)
    if ours.get("type") == "array":
        yield from _unofficial(ours["items"], whole, official.get("items", {}), swagger, f"{at}[]")
        return
    for name, part in ours.get("properties", {}).items():
        place = f"{at}.{name}".removeprefix(".")
        if name in official.get("properties", {}):
            yield from _unofficial(part, whole, official["properties"][name], swagger, place)
        else:
            yield place


def _ours(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    [chosen] = [choice for choice in schema.get("anyOf", [schema]) if choice.get("type") != "null"]
    found: dict[str, Any] = whole["$defs"][chosen["$ref"].rpartition("/")[2]] if "$ref" in chosen else chosen
    return found


def official_keys(path: str) -> Iterator[dict[str, Any]]:
    """Requests that have every key of the official description of ``path``, one key of the root each."""
    official = _official(path)
    if official is None:
        return
    described, swagger = official
    body = next(parameter["schema"] for parameter in described["parameters"] if parameter["in"] == "body")
    for name, part in _resolved(body, swagger)["properties"].items():
        yield {name: _filled(part, swagger)}


def _filled(schema: dict[str, Any], swagger: dict[str, Any]) -> Any:
    schema = _resolved(schema, swagger)
    if schema.get("type") == "array":
        return [_filled(schema["items"], swagger)]
    if "properties" in schema:
        return {name: _filled(part, swagger) for name, part in schema["properties"].items()}
    return {"integer": 1, "number": 1, "boolean": True}.get(schema.get("type", ""), "2026-11-23")


def test_most_operations_of_this_hub_have_an_official_description() -> None:
    assert len(OFFICIAL) >= 23


@every_official_operation
def test_the_operation_has_its_official_name(operation: Any) -> None:
    official = _official(operation.path)
    assert official is not None
    known_as = {"consulterStructureAvecTVAIntraCom": "consulterStructure"}
    name = official[0]["operationId"]
    assert operation.name == known_as.get(name, name)


def _with_cents(definitions: dict[str, Any]) -> dict[str, Any]:
    """The official definitions, in which the validator's searches have amounts without cents: a mistake."""
    mended: dict[str, Any] = json.loads(json.dumps(definitions))
    for definition in mended.values():
        for name, described in definition.get("properties", {}).items():
            if name.startswith("montant"):
                described["type"] = "number"
                described.pop("format", None)
    return mended


def official_faults(path: str, answer: dict[str, Any]) -> Iterator[str]:
    """Where an answer that is no refusal has other types or fewer keys than the official description of ``path``."""
    official = _official(path)
    if official is None or answer.get("codeRetour"):
        return
    described, swagger = official
    schema = described["responses"]["200"]["schema"] | {"definitions": _with_cents(swagger["definitions"])}
    for fault in Draft4Validator(schema).iter_errors(answer):
        yield f"{'.'.join(map(str, fault.absolute_path))}: {fault.message[:200]}"


@every_official_operation
def test_the_answer_has_the_official_types(operation: Any) -> None:
    official = _official(operation.path)
    assert official is not None
    described, swagger = official
    schema = described["responses"]["200"]["schema"] | {"definitions": _with_cents(swagger["definitions"])}

    response = _example(operation.name)["response"]
    if operation.name in NULL_WHERE_NOT_READ:
        response = {name: value for name, value in response.items() if value is not None}
        schema["definitions"] = {name: {**one, "required": []} for name, one in schema["definitions"].items()}
        schema.pop("required", None)
    Draft4Validator(schema).validate(response)


@every_official_operation
def test_no_answer_can_hold_a_key_of_our_own_without_a_reason(operation: Any) -> None:
    official = _official(operation.path)
    assert official is not None
    described, swagger = official

    ours = operation.gives.model_json_schema(mode="serialization", by_alias=True)
    found = set(_unofficial(ours, ours, described["responses"]["200"]["schema"], swagger))

    assert found - ENVELOPE_MISSING.get(operation.name, set()) <= set(OURS)


@every_official_operation
def test_the_example_asks_only_what_the_official_request_knows(operation: Any) -> None:
    official = _official(operation.path)
    assert official is not None
    described, swagger = official
    body = next(parameter["schema"] for parameter in described["parameters"] if parameter["in"] == "body")

    assert not set(_undeclared(_example(operation.name)["request"], body, swagger))


@every_official_operation
def test_every_criterion_that_we_read_is_official(operation: Any) -> None:
    """Aliases that clients send by mistake apart, we invent no key."""
    official = _official(operation.path)
    assert official is not None
    described, swagger = official
    body = next(parameter["schema"] for parameter in described["parameters"] if parameter["in"] == "body")
    declared = set(_resolved(body, swagger)["properties"])

    assert operation.takes is not None
    assert set(operation.takes.model_json_schema(by_alias=True)["properties"]) <= declared
