"""The use cases that write, found in the sources.

A use case is what a doorway (``http/``, ``functions/``) takes from ``usecases/``. It writes when what it names, and
what that names in turn, leads to a call of AWS that leaves something behind. Names are followed and not calls, so that
tables of functions (``ACTS``, ``SETTLES``) count too: at worst a use case is found that writes only beside its work.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
LAYER = ROOT / "layers" / "chorale"
DOORS = (*sorted((LAYER / "chorale" / "http").rglob("*.py")), *sorted((ROOT / "functions").glob("*/app.py")))
USE_CASES = "chorale.usecases."
LEAVES_SOMETHING = frozenset({
    "put_item", "update_item", "delete_item", "transact_write_items", "batch_write_item", "put_object", "copy_object",
    "delete_object", "put_events", "send_message", "send_message_batch", "start_execution", "send_task_success",
})  # fmt: skip

Known = Mapping[str, str]
"""A name in a module -> what it stands for, in full."""


def _module(path: Path) -> str:
    return ".".join(path.relative_to(LAYER).with_suffix("").parts).removesuffix(".__init__")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _imported(tree: ast.Module) -> dict[str, str]:
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def _named(node: ast.AST, known: Known) -> Iterator[str]:
    """What is named inside ``node``, in full: by itself, or as an attribute of a module."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id in known:
            yield known[inner.id]
        elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id in known:
            yield f"{known[inner.value.id]}.{inner.attr}"


def _defined(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((target.id, node) for target in targets if isinstance(target, ast.Name))


def _leaves_something(node: ast.stmt) -> bool:
    return any(isinstance(inner, ast.Attribute) and inner.attr in LEAVES_SOMETHING for inner in ast.walk(node))


@cache
def _graph() -> tuple[dict[str, set[str]], set[str]]:
    """Every name of the layer with those that it names, and the names that write by themselves."""
    names: dict[str, set[str]] = {}
    writing = set()
    for path in sorted((LAYER / "chorale").rglob("*.py")):
        tree, module = _tree(path), _module(path)
        defined = list(_defined(tree))
        known = _imported(tree) | {name: f"{module}.{name}" for name, _ in defined}
        for name, node in defined:
            names[f"{module}.{name}"] = set(_named(node, known))
            if _leaves_something(node):
                writing.add(f"{module}.{name}")
    return names, writing


def _writes(name: str) -> bool:
    names, writing = _graph()
    seen, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one in writing:
            return True
        if one not in seen:
            seen.add(one)
            waiting += names.get(one, ())
    return False


@cache
def writers() -> frozenset[str]:
    """The use cases that write, as ``works.pay_part.pay_creditor``."""
    named = {name for path in DOORS for name in _named(_tree(path), _imported(_tree(path)))}
    functions = {name for name in named if name.startswith(USE_CASES) and name in _graph()[0]}
    return frozenset(name.removeprefix(USE_CASES) for name in functions if _writes(name))
