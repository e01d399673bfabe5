"""JSON schemas of the messages in the dialect of OpenAPI 3.0, reduced to what a reader of the description needs."""

from typing import Any

from pydantic import BaseModel

KEPT = frozenset({"type", "format", "description", "enum", "properties", "required", "items", "$ref"})
"""Other keywords (anyOf, additionalProperties, default) tell how the messages are read here, not what to send."""
OLD_PLACE, NEW_PLACE = "#/$defs/", "#/components/schemas/"


def schemas_of(message: type[BaseModel], asked: bool, nulls: bool = False) -> dict[str, dict[str, Any]]:
    """The schema of ``message`` and of its parts, by name. ``asked``: as a request, else as an answer.

    ``nulls``: say which values of the message itself can be null.
    """
    whole = message.model_json_schema(mode="validation" if asked else "serialization", by_alias=True)
    parts = whole.pop("$defs", {})
    schemas = {name: _reduced(schema) for name, schema in {**parts, message.__name__: whole}.items()}
    left_out = {field.serialization_alias for field in message.model_fields.values() if field.exclude_if}
    for name, part in whole["properties"].items() if nulls else ():
        if _can_be_null(part) and name not in left_out and "$ref" not in schemas[message.__name__]["properties"][name]:
            schemas[message.__name__]["properties"][name]["nullable"] = True
    return schemas


def reference(name: str) -> dict[str, str]:
    """A reference to a schema by its name."""
    return {"$ref": NEW_PLACE + name}


def _reduced(schema: dict[str, Any]) -> dict[str, Any]:
    schema = _without_null(schema)
    if "$ref" in schema:
        return {"$ref": schema["$ref"].replace(OLD_PLACE, NEW_PLACE)}
    kept = {name: value for name, value in schema.items() if name in KEPT}
    if "properties" in kept:
        # What can be null is left out of an answer, so it is never required.
        optional = {name for name, part in kept["properties"].items() if _can_be_null(part)}
        kept["required"] = [name for name in kept.get("required", []) if name not in optional]
        if not kept["required"]:
            del kept["required"]
        kept["properties"] = {name: _reduced(part) for name, part in kept["properties"].items()}
    if "items" in kept:
        kept["items"] = _reduced(kept["items"])
    return kept


def _can_be_null(schema: dict[str, Any]) -> bool:
    return any(choice.get("type") == "null" for choice in schema.get("anyOf", []))


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    choices = schema.get("anyOf") or schema.get("allOf")
    if not choices:
        return schema
    [choice] = [choice for choice in choices if choice.get("type") != "null"]
    return {**choice, **{name: value for name, value in schema.items() if name not in ("anyOf", "allOf")}}
