"""Schemathesis over our own description and over the AIFE's: whatever it allows or forbids gets a declared answer.

The functions are called in this process. Slow: a few hundred requests, each with its token checked.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from chorale.apidoc.openapi import public_document
from chorale.stores import objects
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.cast import RECIPIENT, SUPPLIER, leave_first_numbers_to_the_tests
from tests.unit.http.calling import Caller, Keep, request, routes

pytestmark = pytest.mark.slow

SWAGGERS = Path(__file__).parents[2] / "samples" / "swagger"
BASE = "http://chorale.test"
EXAMPLES = 12
"""Requests per operation and mode: what the description allows, and what it does not."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EDGE_ONLY = {413, 429}
"""Declared, and given by the gateway or by a quota: ours beyond the official description."""

READ_ON_A_PDF = "WsRetourDeposerPdfFacture"
"""The official description of this answer foresees neither refusals, nor null for what cannot be read on a PDF."""
DAYS = {"dateDepot", "dateFacture", "dateFournisseur"}
"""Described as times, answered as days: two clients in use parse them strictly as YYYY-MM-DD."""


@cache
def _ours() -> Any:
    return schemathesis.openapi.from_dict(public_document())


@cache
def _official(family: str) -> Any:
    swagger = json.loads((SWAGGERS / f"{family}.swagger.json").read_text(encoding="utf-8"))
    swagger["definitions"].get(READ_ON_A_PDF, {}).pop("required", None)
    for title, definition in swagger["definitions"].items():
        for name, described in definition.get("properties", {}).items():
            if name in DAYS:
                described.pop("format", None)
            if title == READ_ON_A_PDF:
                described["x-nullable"] = True
    return schemathesis.openapi.from_dict(swagger), swagger["basePath"]


OPERATIONS = [(operation.method, operation.path) for _, operation in routes()]
OFFICIAL = [
    (family, path)
    for family in ("factures", "structures")
    for path in json.loads((SWAGGERS / f"{family}.swagger.json").read_text(encoding="utf-8"))["paths"]
    if any(known == _official(family)[1] + path for _, known in OPERATIONS)
]


def _answer(case: Any, path: str, caller: Caller) -> schemathesis.Response:
    """What the function answers to ``case``, in the form that schemathesis reads."""
    prepared = requests.Request(**case.as_transport_kwargs(base_url=BASE)).prepare()
    asked = urlsplit(str(prepared.url))
    body = prepared.body or b""
    headers = {**caller.headers}
    if key := case.headers.get("Idempotency-Key"):
        headers["Idempotency-Key"] = key
    if str(prepared.headers.get("Content-Type", "")).startswith("application/x-www-form"):
        headers["Content-Type"] = str(prepared.headers["Content-Type"])
    given_body = body.encode() if isinstance(body, str) else body
    assert isinstance(given_body, bytes)
    target = path if "{" not in path else asked.path
    answer = request(case.method.upper(), target, given_body, headers)
    return schemathesis.Response(
        status_code=answer.status_code,
        headers={name.lower(): [value] for name, value in answer.headers.items()},
        content=answer.body,
        request=prepared,
        elapsed=0.0,
        verify=False,
    )


def keep_with_its_document(keep: Keep) -> None:
    """Keep an invoice whose original is in its place: a hub never has one without the other."""
    leave_first_numbers_to_the_tests()
    kept = keep()
    objects.put_original(kept.flux_number, kept.rank, b"<Invoice/>")


def _check(strategy: Any, path: str, caller: Caller) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def replay(case: Any) -> None:
        response = _answer(case, path, caller)
        assert response.status_code < 500, response.text
        if response.status_code not in EDGE_ONLY:
            case.validate_response(response, checks=CHECKS)

    replay()


MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
ASKED = [
    (method, path, mode)
    for method, path in OPERATIONS
    for mode in MODES
    # An operation that takes nothing forbids nothing.
    if mode is GenerationMode.POSITIVE or method == "POST" or "{" in path
]
both_modes = pytest.mark.parametrize("mode", MODES, ids=["allowed", "forbidden"])


@pytest.mark.parametrize(("method", "path", "mode"), ASKED, ids=[f"{m} {p} {mode.value}" for m, p, mode in ASKED])
def test_what_our_description_says_is_what_is_answered(
    keep: Keep, method: str, path: str, mode: GenerationMode
) -> None:
    keep_with_its_document(keep)
    caller = Caller(RECIPIENT if "recipiendaire" in path or "recue" in path else SUPPLIER)

    _check(_ours()[path][method].as_strategy(generation_mode=mode), path, caller)


@both_modes
@pytest.mark.parametrize(("family", "path"), OFFICIAL, ids=[f"{family}{path}" for family, path in OFFICIAL])
def test_what_the_official_description_says_is_what_is_answered(
    keep: Keep, family: str, path: str, mode: GenerationMode
) -> None:
    keep_with_its_document(keep)
    schema, base = _official(family)
    caller = Caller(RECIPIENT if "recipiendaire" in path or "recue" in path else SUPPLIER)

    _check(schema[path]["post"].as_strategy(generation_mode=mode), base + path, caller)


def test_most_of_the_official_description_is_covered() -> None:
    assert len(OFFICIAL) >= 17
