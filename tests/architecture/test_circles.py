"""No circle of files anywhere, imports for types and imports inside functions counted like all others."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOTS = {
    "the shared package": "layers/chorale",
    "the references": "layers/references",
    "the command line": "cli",
    "the local hub": "infra/local",
    "the tests": ".",
}
"""Folder from which the imports of a tree are written in full."""
FOLDERS = {"the tests": "tests"}


def _modules(base: Path, folder: Path) -> dict[str, Path]:
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = list(path.relative_to(base).with_suffix("").parts)
        if parts[-1] == "__init__":
            parts.pop()
        found[".".join(parts)] = path
    return found


def _imported(name: str, path: Path, modules: dict[str, Path]) -> Iterator[str]:
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{source}.{alias.name}" if source else alias.name
                if inner in modules:
                    yield inner
                elif source in modules:
                    yield source


def circle(graph: dict[str, set[str]]) -> list[str]:
    """One circle of ``graph`` (who imports -> what), or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


@pytest.mark.parametrize("tree", ROOTS)
def test_no_files_import_each_other(tree: str) -> None:
    base = ROOT / ROOTS[tree]
    modules = _modules(base, ROOT / FOLDERS.get(tree, ROOTS[tree]))
    graph = {name: set(_imported(name, path, modules)) - {name} for name, path in modules.items()}

    assert len(graph) > 5
    assert any(graph.values())
    assert circle(graph) == []


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})
    assert not circle({"a": {"b"}, "b": {"c"}, "c": set()})
