"""Collects what a generated module needs besides its rules: constants, remembered paths, indexes, functions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from decimal import Decimal

from chorale_references.names import PREFIXES, short_name

from .code import Code
from .errors import BuildError
from .naming import renumbered
from .scope import conjuncts, parts, variables_of
from .xpath import Call, Expr, Literal, Path
from .xslt import Function

_NAMES = {  # alias -> source, put at the beginning of a function that uses it
    "T": "d.T",
    "C": "d.C",
    "P": "d.P",
    "A": "d.A",
    "G": "d.groups",
    "R": "d.R",
    "t": "d.text",
}


class Module:
    """The parts of one generated module, named as they are asked for.

    `lenient`: an error in an operand of `and` or `or` counts only when the others do not decide, one in an argument of
    a function only when the function uses it, one to the right of a comparison only when there is something to its
    left. The official processor works so; it costs time, so that the quick module
    of a rule set does without, and a second one is run after an error.
    """

    def __init__(
        self,
        number: int,
        namespaces: dict[str, str],
        functions: Iterable[Function],
        code_database: bytes,
        lenient: bool = False,
    ) -> None:
        self.number = number
        self.lenient = lenient
        self.functions = {function.name: function for function in functions}
        self.parts: list[str] = []
        self._namespaces = namespaces
        self._code_database = code_database
        self._predicates: Counter[Expr] = Counter()
        self._fresh = 0
        self._cached = 0
        self._codes: dict[tuple[str, ...], str] = {}
        self._regexes: dict[str, str] = {}
        self._remembered: dict[Hashable, tuple[str, str]] = {}
        self._indexes: dict[Hashable, str] = {}
        self._helpers: dict[tuple[str, str], str] = {}

    def count_predicates(self, expressions: Iterable[Expr]) -> None:
        """Learn which predicates the rule set repeats most: they are applied first, so that their result is shared."""
        for expression in expressions:
            if isinstance(expression, Path):
                for step in expression.steps:
                    for predicate in step.predicates:
                        self._predicates.update(conjuncts(predicate))
            self.count_predicates(parts(expression))

    def ordered(self, predicates: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """Predicates in the order to apply them: a cast, which may fail, last, those that are repeated most first.

        A position keeps the order of the file.
        """
        if self.lenient or any(isinstance(predicate, Literal) for predicate in predicates):
            return predicates
        return tuple(sorted(predicates, key=lambda p: (_casts(p), bool(variables_of(p)), -self._predicates[p])))

    def split(self, predicate: Expr) -> tuple[Expr, ...]:
        """A conjunction as several predicates, each of which may be shared with others."""
        return (predicate,) if self.lenient else conjuncts(predicate)

    def fresh(self, prefix: str) -> str:
        """A variable name that no other expression of the module uses."""
        self._fresh += 1
        return f"{prefix}{self._fresh}"

    def key(self, test: str) -> str | None:
        """The short name that a name test stands for; None for wildcards and kind tests."""
        if test == "*" or test.endswith((":*", "()")):
            return None
        prefix, _, local = test.rpartition(":")
        if not prefix:
            return local
        namespace = self._namespaces.get(prefix)
        if namespace is None:
            raise BuildError(f"prefix {prefix} is not declared")
        return str(short_name(f"{{{namespace}}}{local}"))

    def prefix(self, test: str) -> str:
        """`cac:` for the wildcard `cac:*`."""
        prefix = PREFIXES.get(self._namespaces.get(test.removesuffix(":*"), ""))
        if prefix is None:
            raise BuildError(f"wildcard {test} is not understood")
        return f"{prefix}:"

    def codes(self, values: Iterable[str]) -> str:
        """Name of a frozenset of codes."""
        members = tuple(sorted(set(values)))
        return self._codes.setdefault(members, f"CODES_{len(self._codes)}")

    def regex(self, pattern: str) -> str:
        """Name of a compiled regular expression."""
        return self._regexes.setdefault(pattern, f"REGEX_{len(self._regexes)}")

    def code_database(self, file: str, number: int) -> list[str]:
        """The values of one list of the code database of the rule set; raises BuildError when it is not there."""
        found = re.search(rf'<cl id="{number}">(.*?)</cl>'.encode(), self._code_database, re.DOTALL)
        if not found:
            raise BuildError(f"{file} has no code list {number}")
        return [value.decode() for value in re.findall(rb'value="([^"&]*)"', found.group(1))]

    def function_name(self, name: str) -> str:
        """Python name of a function that the file declares."""
        return "fn_" + re.sub(r"\W", "_", name)

    def remember(self, key: Hashable, body: Callable[[], Code], anchored: bool) -> tuple[str, str]:
        """Name and kind of a function that works out `body` once per document, or per ancestor `a` when anchored."""
        found = self._remembered.get(key)
        if found is None:
            code = body()
            name = f"path_{len(self._remembered)}"
            found = self._remembered[key] = (name, code.kind)
            self.cached(name, code.source, anchored)
        return found

    def index(self, key: Hashable, body: Callable[[], tuple[str, str]], anchored: bool) -> str:
        """Name of a function that gives a dict from value to nodes; `body` gives the sources of nodes and values."""
        found = self._indexes.get(key)
        if found is None:
            nodes, values = body()
            found = self._indexes[key] = f"index_{len(self._indexes)}"
            source = f"grouped([(x, {values}) for x in nodes]) if nodes else NO_GROUPS"
            self.cached(found, source, anchored, [f"nodes = {nodes}"])
        return found

    def helper(self, prefix: str, source: str) -> str:
        """Name of a function of document and node with this body; equal bodies share one."""
        source = renumbered(source)
        found = self._helpers.get((prefix, source))
        if found is None:
            found = self._helpers[prefix, source] = f"{prefix}_{len(self._helpers)}"
            lines = [*aliases(source), f"return {source}"]
            self.parts.append(f"def {found}(d, n):\n" + "".join(f"    {line}\n" for line in lines))
        return found

    def cached(self, name: str, source: str, anchored: bool = False, before: Iterable[str] = ()) -> None:
        """Define a function that works out a source once per document (or ancestor `a`)."""
        self._cached += 1
        number = self.number * 100_000 + self._cached
        key = f"({number}, a)" if anchored else str(number)
        work = [*before, f"v = d.memo[{key}] = {source}"]
        lines = [
            f"v = d.memo.get({key})",
            "if v is None:",
            *(f"    {line}" for line in [*aliases("\n".join(work)), *work]),
            "return v",
        ]
        parameters = "d, a" if anchored else "d"
        self.parts.append(f"def {name}({parameters}):\n" + "".join(f"    {line}\n" for line in lines))

    def constants(self, source: str) -> list[str]:
        """Definitions of the code sets, regular expressions and decimals that the module uses."""
        lines = [f"{name} = frozenset({' '.join(v)!r}.split())" for v, name in self._codes.items() if _splits(v)]
        lines += [f"{name} = frozenset({v!r})" for v, name in self._codes.items() if not _splits(v)]
        lines += [f"{name} = re.compile({pattern!r})" for pattern, name in self._regexes.items()]
        for name in sorted(set(re.findall(r"\bDecimal_[\d_]+", source))):
            value = Decimal(name.removeprefix("Decimal_").replace("_", "."))
            lines.append(f"{name} = Decimal({str(value)!r})")
        return lines


def _casts(expression: Expr) -> bool:
    """Whether a `cast as` occurs, which fails where there is nothing to cast."""
    if isinstance(expression, Call) and expression.name.startswith("cast as "):
        return True
    return any(_casts(part) for part in parts(expression))


def _splits(values: tuple[str, ...]) -> bool:
    return " ".join(values).split() == list(values)


def aliases(source: str) -> list[str]:
    """Assignments of the one-letter names that a source uses."""
    used = [f"{name} = {value}" for name, value in _NAMES.items() if re.search(rf"(?<![\w.]){name}[\[(,.]", source)]
    return [*used, "N = d.attribute_names()"] if re.search(r"' in N\b", source) else used
