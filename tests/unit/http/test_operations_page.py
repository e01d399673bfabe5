"""The page that says what this hub does of the public API is true."""

import json
from pathlib import Path

from tests.unit.http.operations_page import OPERATIONS, PAGE, generated, operations, route_of, routed, state


def test_the_page_says_what_the_routes_do() -> None:
    assert PAGE.read_text(encoding="utf-8") == generated(), "run python -m tests.unit.http.operations_page"


def test_every_operation_of_the_public_api_is_there_once_with_its_certainty_and_sources() -> None:
    rows = operations()

    assert len({route_of(row["method"], row["path"]) for row in rows}) == len(rows) == 93
    assert all(row["certainty"] and row["sources"] for row in rows)


def test_only_an_operation_that_has_a_route_can_lack_something() -> None:
    routes = routed()
    lacking = [row["path"] for row in operations() if row.get("missing")]

    assert [row["path"] for row in operations() if state(row, routes).startswith("en partie")] == lacking, OPERATIONS


def test_every_operation_has_a_route_or_a_reason_to_have_none() -> None:
    routes = routed()

    assert [row["path"] for row in operations() if state(row, routes) == "pas fait"] == []


def test_an_operation_without_a_route_is_not_done() -> None:
    row = {"method": "POST", "path": "/cpro/nulle/part"}

    assert state(row, routed()) == "pas fait"


def test_at_most_six_operations_are_out_of_scope_each_with_its_reason_and_none_of_works() -> None:
    rows = json.loads(Path("infra/api/out-of-scope.json").read_text(encoding="utf-8"))

    assert len(rows) <= 6
    assert all(row["path"] and row["reason"] and "facturesTravaux" not in row["path"] for row in rows)
    assert not {route_of(row["method"], row["path"]) for row in rows} & routed()
