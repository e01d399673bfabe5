"""What a test is sure to assert: read from its syntax, with the helpers that it calls."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHECKING_CALLS = {"pytest.raises", "pytest.warns", "pytest.fail", "pytest.skip", "pytest.xfail"}
"""Calls that decide on a test as an ``assert`` does; what is skipped says so in the report."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(folder: Path) -> dict[str, Path]:
    """Name, as the tests import it, and path of each module under ``folder``."""
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in sorted(folder.rglob("*.py"))}


class Asserting:
    """Which functions of ``sources`` (name of a module -> its text) assert on every way through them."""

    def __init__(self, sources: dict[str, str]) -> None:
        self._trees = {name: ast.parse(text) for name, text in sources.items()}
        self._functions = {name: _by_name(tree) for name, tree in self._trees.items()}
        self._imports = {name: _imports(tree) for name, tree in self._trees.items()}
        self._sure: dict[tuple[str, str], bool] = {}

    def idle(self, module: str) -> Iterator[tuple[str, int]]:
        """Name and line of each test of ``module`` that may end without asserting anything."""
        for function in _functions(self._trees[module]):
            if function.name.startswith("test_") and not self._asserts(module, function):
                yield function.name, function.lineno

    def _asserts(self, module: str, function: Function) -> bool:
        key = (module, function.name)
        if key not in self._sure:
            self._sure[key] = False  # a helper that calls itself asserts nothing by doing so
            self._sure[key] = self._block(module, function.body) is True
        return self._sure[key]

    def _block(self, module: str, body: Iterable[ast.stmt]) -> bool | None:
        """Whether each way through ``body`` asserts; ``None`` when a way leaves the function without it."""
        for statement in body:
            found = self._statement(module, statement)
            if found is not False:
                return found
        return False

    def _statement(self, module: str, statement: ast.stmt) -> bool | None:
        if isinstance(statement, ast.Assert | ast.Raise):
            return True
        if isinstance(statement, Function | ast.ClassDef):
            return False
        if any(self._checks(module, call) for call in _calls(statement)):
            return True
        if isinstance(statement, ast.Return):
            return None
        return self._compound(module, statement)

    def _compound(self, module: str, statement: ast.stmt) -> bool | None:
        if isinstance(statement, ast.If):
            ways = [self._block(module, statement.body), self._block(module, statement.orelse)]
        elif isinstance(statement, ast.Match):
            ways = [self._block(module, case.body) for case in statement.cases]
        elif isinstance(statement, ast.Try):
            after = self._block(module, [*statement.body, *statement.orelse])
            ways = [after, *(self._block(module, handler.body) for handler in statement.handlers)]
            if (last := self._block(module, statement.finalbody)) is not False:
                return last
        elif isinstance(statement, ast.With | ast.AsyncWith | ast.For | ast.AsyncFor | ast.While):
            return self._block(module, statement.body)
        else:
            return False
        return None if None in ways else all(ways)

    def _checks(self, module: str, call: ast.Call) -> bool:
        name = ast.unparse(call.func)
        if name in CHECKING_CALLS or name.rpartition(".")[2].startswith("assert_"):
            return True
        return any(self._asserts(where, function) for where, function in self._called(module, name))

    def _called(self, module: str, name: str) -> Iterator[tuple[str, Function]]:
        """The functions that ``name`` may be in ``module``: its own, and those it imports from other tests."""
        owner, _, last = name.rpartition(".")
        for where, known in [(module, name if not owner else last), *self._imported(module, owner, last)]:
            yield from ((where, function) for function in self._functions[where].get(known, ()))

    def _imported(self, module: str, owner: str, last: str) -> Iterator[tuple[str, str]]:
        for source, name, local in self._imports[module]:
            if not owner and local == last and source in self._trees:
                yield source, name
            elif owner == local and f"{source}.{name}" in self._trees:
                yield f"{source}.{name}", last
            elif owner and name[:1].isupper() and source in self._trees:
                yield source, last


def _functions(tree: ast.Module) -> Iterator[Function]:
    """Functions at the root of a file and the methods of its classes."""
    for node in tree.body:
        if isinstance(node, Function):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from (inner for inner in node.body if isinstance(inner, Function))


def _by_name(tree: ast.Module) -> dict[str, list[Function]]:
    """Every function of a file, those inside others too, by its name."""
    found: dict[str, list[Function]] = {}
    for node in ast.walk(tree):
        if isinstance(node, Function):
            found.setdefault(node.name, []).append(node)
    return found


def _imports(tree: ast.Module) -> list[tuple[str, str, str]]:
    """Module, name there and name here of each name that a file imports."""
    return [
        (node.module, alias.name, alias.asname or alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    ]


def _calls(statement: ast.stmt) -> Iterator[ast.Call]:
    """The calls that ``statement`` makes itself, without those of the statements inside it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            yield node
        inner = ast.iter_child_nodes(node)
        waiting += [child for child in inner if not isinstance(child, ast.stmt | ast.Lambda | ast.ExceptHandler)]
