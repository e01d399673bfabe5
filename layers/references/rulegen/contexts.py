"""Translation of rule contexts (match patterns).

Names are looked at once per shape, when a rule set first sees it; what remains for every node are the predicates
that read values. A predicate `E = 'constant'` becomes a switch: E is read once for all the rules that differ in the
constant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .code import NODE, TEXTUAL, Code, as_list, atomized, truth
from .errors import BuildError
from .expressions import Translator
from .scope import Scope, conjuncts
from .xpath import (
    ANY_DESCENDANT,
    Call,
    Comparison,
    Expr,
    ExprStep,
    Literal,
    Logical,
    Path,
    Step,
    Union,
    parse,
)  # fmt: skip


def translate_contexts(translator: Translator, match: str, scope: Scope) -> list[str]:
    """Sources of the alternatives: `(from_the_root, ((name or None, deep, conditions), ...))`, last step first.

    `deep` says that the step before it may match any ancestor and not only the parent. Raises BuildError.
    """
    return [_alternative(translator, path, scope) for path in alternatives(parse(match))]


def at_the_root(match: str) -> bool:
    """Whether the pattern matches the root element only, so that the context is the same node for all documents."""
    paths = alternatives(parse(match))
    return all(path.absolute and len(path.steps) == 1 and path.steps[0] != ANY_DESCENDANT for path in paths)


def alternatives(expression: Expr) -> list[Path]:
    """The paths of a pattern, with unions inside parentheses multiplied out."""
    if isinstance(expression, Union):
        return [path for item in expression.items for path in alternatives(item)]
    if not isinstance(expression, Path):
        raise BuildError(f"match pattern not understood: {expression!r}")
    found = [Path(expression.absolute, ())]
    for step in expression.steps:
        if isinstance(step, Step):
            found = [Path(path.absolute, (*path.steps, step)) for path in found]
        else:
            found = [_extended(path, inner, step) for path in found for inner in alternatives(step.expression)]
    return found


def _extended(path: Path, inner: Path, step: ExprStep) -> Path:
    """One path followed by another, whose last step takes the predicates of the parentheses."""
    if inner.absolute and (path.steps or path.absolute):
        raise BuildError(f"match pattern: {step} is not understood")
    last = inner.steps[-1]
    last = replace(last, predicates=last.predicates + step.predicates)
    return Path(path.absolute or inner.absolute, (*path.steps, *inner.steps[:-1], last))


def _alternative(translator: Translator, path: Path, scope: Scope) -> str:
    steps = list(path.steps)
    from_the_root = path.absolute and steps[0] != ANY_DESCENDANT
    data: list[str] = []
    deep = False
    for step in steps:
        if step == ANY_DESCENDANT:
            deep = bool(data)
            continue
        if not isinstance(step, Step) or step.axis != "child" or step.test.endswith("()"):
            raise BuildError(f"match pattern: {step} is not understood")
        key = translator.module.key(step.test)
        conditions = []
        if step.test.endswith(":*"):
            conditions.append(
                f"(lambda s: s.key.startswith({translator.module.prefix(step.test)!r}), None, None, None)"
            )
        conditions += [_condition(translator, p, scope) for q in step.predicates for p in conjuncts(q)]
        data.insert(0, f"({key!r}, {deep}, ({''.join(f'{c}, ' for c in conditions)}))")
        deep = False
    return f"({from_the_root}, ({''.join(f'{item}, ' for item in data)}))"


def _condition(translator: Translator, predicate: Expr, scope: Scope) -> str:
    """`(of the shape, value function, constant, test function)`, None where there is nothing to ask."""
    static = _static(translator, predicate)
    if static is not None and static.decides:
        return f"(lambda s: {static.source}, None, None, None)"
    shape = f"lambda s: {static.source}" if static else "None"
    node = Code("n", NODE)
    switch = _switch(predicate)
    if switch is not None:
        code = atomized(translator.code(switch[0], scope.on(node)))
        if code.kind in TEXTUAL:
            name = translator.module.helper("value", as_list(code))
            return f"({shape}, {name}, {switch[1]!r}, None)"
    test = truth(translator.code(predicate, scope.on(node)))
    return f"({shape}, None, None, {translator.module.helper('test', test)})"


def _switch(predicate: Expr) -> tuple[Expr, str] | None:
    match predicate:
        case Comparison(operator="=", left=left, right=Literal(value=str(constant)), general=True):
            return left, constant
    return None


@dataclass(frozen=True)
class _Static:
    """Source of what a shape `s` says of a predicate: True, False, or None for "ask the node" unless it `decides`."""

    source: str
    decides: bool


def _static(translator: Translator, predicate: Expr) -> _Static | None:
    match predicate:
        case Call(name="ends-with", arguments=(Call(name="name", arguments=()), Literal(value=str(end)))):
            return _Static(f"s.local.endswith({end!r})", True)
        case Path(absolute=False, steps=(Step(axis="self", test=test, predicates=()),)):
            return _Static(f"s.key == {translator.module.key(test)!r}", True)
        case Call(name="not", arguments=(Path(absolute=False, steps=(Step(axis="ancestor", test=test), *rest)),)):
            key = translator.module.key(test)
            return _Static(f"None if s.under({key!r}) else True" if rest else f"not s.under({key!r})", not rest)
        case Call(name="not", arguments=(inner,)):
            static = _static(translator, inner)
            return _Static(f"not ({static.source})", True) if static and static.decides else None
        case Logical(operator=operator, operands=operands):
            statics = [_static(translator, operand) for operand in operands]
            if all(static is not None and static.decides for static in statics):
                return _Static("(" + f" {operator} ".join(s.source for s in statics if s) + ")", True)
    return None
