"""Whatever a client sends, the answer is an envelope and never an internal error."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from chorale.http.edge.api import Operation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import RECIPIENT, SUPPLIER
from tests.unit.http.calling import Caller, Keep, routes

BUSINESS = [operation for _, operation in routes() if operation.gives and operation.method == "POST"]
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(
        ["2026-11-23", "31/12/2026", "FACTURE", "MANDATEE", "Ascendant", "DateDepot", "12345678200051", "UEs="]
    )
    | st.sampled_from([1_000_000, SUPPLIER.id, RECIPIENT.id, 0, -1, 2**63, "1e999999999", "9" * 40, "\0", "é" * 300]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def _body(schema: dict[str, Any], whole: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Objects that have the keys of ``schema``, with anything for their values, or the right kind of object."""
    schema = whole["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    fields = {
        name: anything | _body(part, whole) if "$ref" in part else anything
        for name, part in schema.get("properties", {}).items()
    }
    return st.fixed_dictionaries({}, optional=fields)


@pytest.mark.parametrize("operation", BUSINESS, ids=lambda operation: operation.name)
def test_any_body_gets_an_envelope(keep: Keep, operation: Operation) -> None:
    keep()
    assert operation.takes is not None
    schema = operation.takes.model_json_schema(by_alias=True)
    caller = Caller(RECIPIENT if "recipiendaire" in operation.path or "recue" in operation.path else SUPPLIER)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(_body(schema, schema))
    def send(body: dict[str, Any]) -> None:
        answer = caller.raw("POST", operation.path, json.dumps(body).encode())
        assert answer.status_code == 200, answer.body
        assert isinstance(answer.json_body["codeRetour"], int)
        assert answer.json_body["libelle"]

    send()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(number=st.text(min_size=1, max_size=40).filter(lambda text: "/" not in text and "?" not in text))
def test_any_number_of_a_deposit_gets_an_envelope(supplier: Caller, number: str) -> None:
    answer = supplier.raw("GET", f"/chorale/v1/depots/{quote(number)}")

    assert answer.json_body["codeRetour"] == 20000
