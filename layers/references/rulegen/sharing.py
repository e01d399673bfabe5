"""What the conditions of one rule have in common is worked out once for each element.

The official rules repeat themselves: `(a and b) or not(a)`, sixty conditions on the same lists of VAT categories. Two
rewritings, neither of which changes what is worked out first, what is not worked out at all, and so what can fail:

- a choice that is written twice is made once: `(a and b) or not a` becomes `not a or b`;
- a call that is surely made gets a name where it is made first, and later ones of the same rule use the name.

They hold because the functions of generated code depend on their arguments only while one element is looked at.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_OPAQUE = (ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp, ast.Lambda)
_BOUND = ("v", "x")  # names that generated code binds inside one expression


def shared(conditions: list[str]) -> list[str]:
    """The same conditions, to be worked out in this order in one function, with less to do."""
    trees = [_Choices().visit(ast.parse(condition, mode="eval")) for condition in conditions]
    names = 0
    while found := _most(trees):
        for uses in found:
            names += 1
            uses.name(f"s{names}")
    return [ast.unparse(tree.body) for tree in trees]


class _Choices(ast.NodeTransformer):
    """Makes a choice once that is written with both its outcomes."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Or) or len(node.values) != 2:
            return node
        first, second = node.values
        if not (isinstance(first, ast.BoolOp) and isinstance(first.op, ast.And)):
            return node
        test, when = first.values[0], _all(first.values[1:])
        if _is_opposite(second, test):
            return ast.BoolOp(ast.Or(), [ast.UnaryOp(ast.Not(), test), when])
        if isinstance(second, ast.BoolOp) and isinstance(second.op, ast.And):
            for taken in range(1, len(second.values)):
                if _is_opposite(_all(second.values[:taken]), test):
                    return ast.IfExp(test, when, _all(second.values[taken:]))
        return node


def _all(values: list[ast.expr]) -> ast.expr:
    return values[0] if len(values) == 1 else ast.BoolOp(ast.And(), values)


def _is_opposite(expression: ast.expr, test: ast.expr) -> bool:
    """Whether `expression` is true exactly when `test` is not, and works out the same things in the same order."""
    match expression, test:
        case ast.UnaryOp(op=ast.Not(), operand=operand), _:
            return ast.dump(operand) == ast.dump(test)
        case ast.BoolOp(op=ast.And(), values=some), ast.BoolOp(op=ast.Or(), values=others):
            return len(some) == len(others) and all(map(_is_opposite, some, others))
        case (
            ast.Compare(left=left, ops=[ast.Eq()], comparators=[ast.Constant(value=0)]),
            ast.Compare(left=counted, ops=[ast.Gt()], comparators=[ast.Constant(value=0)]),
        ):
            return _is_count(left) and ast.dump(left) == ast.dump(counted)
    return False


def _is_count(expression: ast.expr) -> bool:
    match expression:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _is_count(left) and _is_count(right)
        case ast.Call(func=ast.Name(id="len")):
            return True
    return False


@dataclass
class _Place:
    """Where an expression stands in its parent."""

    parent: ast.AST
    field: str
    index: int | None
    sure: bool
    """Whether it is worked out for every element."""

    def put(self, expression: ast.expr) -> None:
        if self.index is None:
            setattr(self.parent, self.field, expression)
        else:
            getattr(self.parent, self.field)[self.index] = expression


@dataclass
class _Uses:
    """All places of one call, in the order in which they are worked out, from the first sure one on."""

    call: ast.Call
    size: int
    places: list[_Place] = field(default_factory=list)

    def name(self, name: str) -> None:
        """Give the call a name at its first place, and use it at the others."""
        self.places[0].put(ast.NamedExpr(ast.Name(name, ast.Store()), self.call))
        for place in self.places[1:]:
            place.put(ast.Name(name, ast.Load()))


def _most(trees: Iterable[ast.Expression]) -> list[_Uses]:
    """The largest calls that are made more than once, none of which is part of another."""
    uses: dict[str, _Uses] = {}
    for tree in trees:
        for expression, place, size in _walk(tree, True):
            if not isinstance(expression, ast.Call) or not _depends_on_the_element_only(expression):
                continue
            key = ast.dump(expression)
            if key not in uses and place.sure:
                uses[key] = _Uses(expression, size)
            if key in uses:
                uses[key].places.append(place)
    repeated = {key: found for key, found in uses.items() if len(found.places) > 1}
    inner = defaultdict(bool)
    for found in repeated.values():
        for part in ast.walk(found.call):
            if part is not found.call and isinstance(part, ast.Call):
                inner[ast.dump(part)] = True
    return [found for key, found in repeated.items() if not inner[key]]


def _walk(node: ast.AST, sure: bool) -> Iterator[tuple[ast.expr, _Place, int]]:
    """Every expression below with its place and size, in the order in which they are worked out."""
    for name, value in _in_order(node):
        many = isinstance(value, list)
        children: list[object] = value if isinstance(value, list) else [value]
        for index, child in enumerate(children):
            if not isinstance(child, ast.expr) or isinstance(child, _OPAQUE):
                continue
            surely = sure and _is_sure(node, name, index)
            yield from _walk(child, surely)
            yield child, _Place(node, name, index if many else None, surely), sum(1 for _ in ast.walk(child))


def _in_order(node: ast.AST) -> list[tuple[str, object]]:
    fields = [(name, getattr(node, name)) for name in node._fields]
    return sorted(fields, key=lambda f: f[0] != "test") if isinstance(node, ast.IfExp) else fields


def _is_sure(node: ast.AST, name: str, index: int) -> bool:
    if isinstance(node, ast.IfExp):
        return name == "test"
    if isinstance(node, ast.Compare) and name == "comparators":
        return index == 0
    return not (isinstance(node, ast.BoolOp) and index)


def _depends_on_the_element_only(call: ast.Call) -> bool:
    for part in ast.walk(call):
        if isinstance(part, (*_OPAQUE, ast.NamedExpr)):
            return False
        if isinstance(part, ast.Name) and part.id.rstrip("0123456789") in _BOUND:
            return False
    return True
