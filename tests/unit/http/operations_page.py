"""``docs/operations.md``: what this hub does of the public API, made from its routes.

``python -m tests.unit.http.operations_page`` (with ``layers/chorale`` on the path) writes it again.
"""

import json
import re
from pathlib import Path
from typing import Any

from chorale.apidoc.openapi import apis

PAGE = Path("docs/operations.md")
OPERATIONS = Path("infra/api/operations.json")
HEADING = """# Opérations de l'API publique

Page faite par `python -m tests.unit.http.operations_page` à partir des routes et de `infra/api/operations.json`.
La certitude dit d'où l'on connaît une opération : une description officielle, des clients qui l'appellent, ou son
adresse seule. « Fait » : la route répond et l'on ne connaît rien qui lui manque ; « en partie » :
ce qui manque est dit.
"""


def operations() -> list[dict[str, Any]]:
    """The operations of the public API; ``missing`` says what a route does not do yet, ``more`` what it alone does."""
    read: list[dict[str, Any]] = json.loads(OPERATIONS.read_text(encoding="utf-8"))
    return read


def route_of(method: str, path: str) -> tuple[str, str]:
    """Method and path by which routes are compared: names of parameters do not count."""
    return method, re.sub(r"{[^}]+}", "{}", path)


def routed() -> set[tuple[str, str]]:
    """The routes of every function."""
    return {route_of(operation.method, operation.path) for _, api in apis() for operation in api.operations()}


def state(operation: dict[str, Any], routes: set[tuple[str, str]]) -> str:
    """``fait``, ``en partie : ...`` or ``pas fait``."""
    if route_of(operation["method"], operation["path"]) not in routes:
        return "pas fait"
    more = f" ; en plus : {operation['more']}" if operation.get("more") else ""
    return (f"en partie : {operation['missing']}" if operation.get("missing") else "fait") + more


def generated() -> str:
    """The whole page."""
    routes = routed()
    states = [(operation, state(operation, routes)) for operation in operations()]
    done = sum(text.partition(" ;")[0] == "fait" for _, text in states)
    partly = sum(text.startswith("en partie") for _, text in states)
    lines = [
        HEADING,
        f"{len(states)} opérations : {done} faites, {partly} en partie, {len(states) - done - partly} pas faites.",
        "",
        "| opération | nom | état | certitude | sources |",
        "| --- | --- | --- | --- | --- |",
    ]
    for operation, text in states:
        sources = "; ".join(operation["sources"])
        address = f"{operation['method']} {operation['path']}"
        lines.append(f"| `{address}` | {operation['operation']} | {text} | {operation['certainty']} | {sources} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(generated(), encoding="utf-8")
