"""The page that says what this hub does of the public API is true."""

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


def test_every_operation_has_a_route() -> None:
    routes = routed()

    assert [row["path"] for row in operations() if state(row, routes) == "pas fait"] == []


def test_an_operation_without_a_route_is_not_done() -> None:
    row = {"method": "POST", "path": "/cpro/nulle/part"}

    assert state(row, routed()) == "pas fait"
