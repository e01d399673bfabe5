"""Recognises the assertions that only say which elements must not be there, or not more often than so.

They are two thirds of all. They need no code: a shape either may be below a context or not.
"""

from dataclasses import dataclass

from .module import Module
from .xpath import Call, Comparison, Expr, ExprStep, Literal, Logical, Path, Step, Union, parse
from .xslt import Assertion

Names = tuple[str, ...]


@dataclass(frozen=True)
class Absence:
    """Fires once for a context that has more than `limit` elements at `paths` (names from the context down)."""

    paths: tuple[Names, ...]
    limit: int


def recognise(module: Module, assertion: Assertion) -> Absence | None:
    """The absence that an assertion states; None when it says anything else or its message inserts values."""
    if len(assertion.message) > 1:
        return None
    expression = parse(assertion.test)
    if assertion.fires_when:
        paths = _paths(module, expression)
        return Absence(tuple(paths), 0) if paths else None
    match expression:
        case Comparison(operator="<=", left=Call(name="count", arguments=(inner,)), right=Literal(value=int(limit))):
            paths = _paths(module, inner)
            return Absence(tuple(paths), limit) if paths and len(paths) == 1 and limit > 0 else None
    paths = _denied(module, expression)
    return Absence(tuple(paths), 0) if paths else None


def _denied(module: Module, expression: Expr) -> list[Names] | None:
    """Paths of `not(a)`, `not(a) and not(b)`, `not(a or b)`."""
    match expression:
        case Call(name="not", arguments=(Logical(operator="or", operands=operands),)):
            return _all([_paths(module, operand) for operand in operands])
        case Call(name="not", arguments=(inner,)):
            return _paths(module, inner)
        case Logical(operator="and", operands=operands):
            return _all([_denied(module, operand) for operand in operands])
    return None


def _all(found: list[list[Names] | None]) -> list[Names] | None:
    known = [paths for paths in found if paths is not None]
    return [path for paths in known for path in paths] if len(known) == len(found) else None


def _paths(module: Module, expression: Expr) -> list[Names] | None:
    """The name paths of an expression made of child steps and unions only."""
    if isinstance(expression, Union):
        return _all([_paths(module, item) for item in expression.items])
    if not isinstance(expression, Path) or expression.absolute:
        return None
    found: list[Names] = [()]
    for step in expression.steps:
        if step.predicates:
            return None
        if isinstance(step, ExprStep):
            inner = _paths(module, step.expression)
            if inner is None:
                return None
            found = [before + after for before in found for after in inner]
        elif isinstance(step, Step) and step.axis == "child" and (key := module.key(step.test)):
            found = [(*names, key) for names in found]
        else:
            return None
    return found
