"""What each function reaches in the code: the settings that it reads and the AWS operations that it calls.

A name used inside a function counts as a call of it: more may be found than ever runs, never less.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.architecture.cloudformation import ROOT

PACKAGE = ROOT / "layers" / "chorale"
SETTINGS = "chorale.runtime.settings"
ROUTES = ("chorale.apidoc", "chorale.http")
"""Where a decorator registers what it decorates."""
TRANSACTION_KINDS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}

Node = tuple[str, str]
"""(module, name at its top level)."""


@dataclass
class Reach:
    """``settings`` are property names of Settings; ``operations`` are (service, method of the boto3 client)."""

    settings: set[str] = field(default_factory=set)
    operations: set[tuple[str, str]] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    """Every constant text: the names of indexes are among them."""
    routes: set[str] = field(default_factory=set)
    """In which ways routes are declared: ``business``, ``public``."""
    replayed: bool = False
    """Whether routes keep their answers for an ``Idempotency-Key``."""
    nodes: set[Node] = field(default_factory=set)
    """Everything that was come to."""


@dataclass
class _Module:
    name: str
    definitions: dict[str, list[ast.stmt]]
    imports: dict[str, tuple[str, str | None]]


def _path(module: str) -> Path | None:
    base = PACKAGE / Path(*module.split("."))
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


@cache
def _module(name: str) -> _Module | None:
    path = _path(name)
    return _parse(name, path) if path else None


def _parse(name: str, path: Path) -> _Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports: dict[str, tuple[str, str | None]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                imports[alias.asname or alias.name] = (alias.name, None)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                imports[alias.asname or alias.name] = (whole, None) if _path(whole) else (node.module, alias.name)
    definitions: dict[str, list[ast.stmt]] = {}
    for statement in tree.body:
        for defined in _defined(statement):
            definitions.setdefault(defined, []).append(statement)
        if isinstance(statement, ast.FunctionDef) and name.startswith(ROUTES):
            # @api.business(...): whoever reaches the api reaches what is registered with it
            for registrar in filter(None, map(_registrar, statement.decorator_list)):
                definitions.setdefault(registrar, []).append(statement)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and name.startswith(ROUTES):
            # reports.declare(api): the same, written as a call
            for argument in statement.value.args:
                if isinstance(argument, ast.Name):
                    definitions.setdefault(argument.id, []).append(statement)
    return _Module(name, definitions, imports)


def _registrar(decorator: ast.expr) -> str | None:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return called.value.id
    return None


def _defined(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign):
        yield from (part.id for target in statement.targets for part in ast.walk(target) if isinstance(part, ast.Name))
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id


def reach_of_function(folder: str, never: frozenset[Node] = frozenset()) -> Reach:
    """What ``functions/<folder>/app.py`` reaches, leaving out the nodes that it ``never`` comes to."""
    app = _parse("app", ROOT / "functions" / folder / "app.py")
    reach = Reach()
    seen: set[Node] = set(never)
    waiting: list[tuple[_Module, str]] = [(app, name) for name in app.definitions]
    while waiting:
        module, name = waiting.pop()
        if (module.name, name) in seen:
            continue
        seen.add((module.name, name))
        if module.name == SETTINGS:
            continue
        reach.nodes.add((module.name, name))
        if name in module.imports and name not in module.definitions:
            waiting += _follow(*module.imports[name])
            continue
        for statement in module.definitions.get(name, []):
            _note(statement, module, reach)
            waiting += _used(statement, module)
    return reach


def _follow(module_name: str, attribute: str | None) -> Iterator[tuple[_Module, str]]:
    module = _module(module_name)
    if module and attribute:
        yield module, attribute


def _used(statement: ast.stmt, module: _Module) -> Iterator[tuple[_Module, str]]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            if node.id in module.definitions:
                yield module, node.id
            elif node.id in module.imports:
                yield from _follow(*module.imports[node.id])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in module.imports:
            target, attribute = module.imports[node.value.id]
            if attribute is None:
                yield from _follow(target, node.attr)


def _note(statement: ast.stmt, module: _Module, reach: Reach) -> None:
    if isinstance(statement, ast.FunctionDef) and module.name.startswith(ROUTES):
        for decorator in statement.decorator_list:
            if _registrar(decorator):
                reach.routes.add(decorator.func.attr)  # type: ignore[attr-defined]
    for node in ast.walk(statement):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            reach.texts.add(node.value)
        if isinstance(node, ast.Attribute) and _is_call_of(node.value, "settings"):
            reach.settings.add(node.attr)
        if isinstance(node, ast.Attribute) and _is_call_of(node.value, "client"):
            assert isinstance(node.value, ast.Call)
            service = ast.literal_eval(node.value.args[0])
            reach.operations.add((service, node.attr))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get_paginator":
            service = ast.literal_eval(node.func.value.args[0])  # type: ignore[attr-defined]
            reach.operations.add((service, ast.literal_eval(node.args[0])))
        if isinstance(node, ast.keyword) and node.arg == "replayed" and isinstance(node.value, ast.Constant):
            reach.replayed |= bool(node.value.value)
        if isinstance(node, ast.Name) and node.id == "DynamoDBPersistenceLayer":
            # the package calls these for us, with our client
            reach.operations |= {("dynamodb", f"{verb}_item") for verb in ("get", "put", "update", "delete")}
        if isinstance(node, ast.Dict) and module.name.startswith("chorale.stores"):
            keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
            reach.operations |= {("transaction", kind) for kind in TRANSACTION_KINDS if kind in keys}


def _is_call_of(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def variables_by_setting() -> dict[str, set[str]]:
    """The environment variables behind each property of Settings, read from its source."""
    path = _path(SETTINGS)
    assert path is not None
    tree = ast.parse(path.read_text(encoding="utf-8"))
    settings = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    return {
        item.name: {
            part.value
            for part in ast.walk(item)
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value.isupper()
        }
        for item in settings.body
        if isinstance(item, ast.FunctionDef)
    }
