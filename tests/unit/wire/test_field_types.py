"""Which JSON types each field of each request takes: the same kind of field refuses the same everywhere."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest
from chorale.apidoc.openapi import apis
from chorale.domain.errors import InvalidRequest
from chorale.wire.base.models import Ask, keys_of, read, to_json

TAKEN = {
    "string": ("a", 1),
    "byte": ("PGEvPg==",),
    "integer": (1, "1"),
    "number": (1, "1,5"),
    "boolean": (True, "true", 0),
    "date": ("2026-11-23",),
    "date-time": ("2026-11-23",),
}
"""Values by the type, or the format, that a field is described with."""
REFUSED = {
    "string": (True, {"a": 1}, [[1]]),
    "byte": (12, 1.5, True, {"a": 1}, ["PGEvPg=="]),
    "integer": ("a", 1.5, True, {"a": 1}),
    "number": ("a", True, {"a": 1}),
    "boolean": ("peut-être", 12, {"a": 1}, [True]),
    "date": ("hier", 12, True, {"a": 1}),
    "date-time": ("hier", 12, True, {"a": 1}),
}
FILES = {"fichierFlux", "fichierFacture", "contenu", "pieceJointeFichier"}


def _models(kind: Any) -> Iterator[type[Ask]]:
    if isinstance(kind, type) and issubclass(kind, Ask):
        yield kind
        for field in kind.model_fields.values():
            yield from _models(field.annotation)
    elif get_origin(kind) is not None:
        for part in get_args(kind):
            yield from _models(part)


MODELS = sorted({model for _, api in apis() for one in api.operations() for model in _models(one.takes)}, key=str)


def _fields(model: type[Ask]) -> Iterator[tuple[str, str]]:
    """Each key of ``model`` that has one value, with what it is described as."""
    described = model.model_json_schema()["properties"]
    for key, schema in described.items():
        choices = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
        kind = choices[0].get("format") if choices[0].get("format") in TAKEN else choices[0].get("type")
        if key in keys_of(model) and kind in TAKEN:
            yield key, kind


def _told_of(model: type[Ask], key: str, value: Any) -> bool:
    """Whether a request with ``value`` alone is refused because of it."""
    try:
        read(model, to_json({key: value}).encode())
    except InvalidRequest as refused:
        return f"{key} :" in refused.message or f"{key}." in refused.message
    return False


@pytest.mark.parametrize("model", MODELS, ids=lambda one: one.__name__)
def test_each_field_takes_the_types_of_its_kind_and_no_other(model: type[Ask]) -> None:
    taken = [(key, value) for key, kind in _fields(model) for value in TAKEN[kind] if _told_of(model, key, value)]
    let_in = [
        (key, value) for key, kind in _fields(model) for value in REFUSED[kind] if not _told_of(model, key, value)
    ]

    assert (taken, let_in) == ([], [])


def test_every_file_in_a_request_is_described_as_bytes() -> None:
    kinds = {key: kind for model in MODELS for key, kind in _fields(model)}

    assert {key for key, kind in kinds.items() if kind == "byte"} == FILES
