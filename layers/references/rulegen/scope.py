"""Where an expression is translated: what the dot and the variables are, and what it depends on."""

from dataclasses import dataclass, field, replace

from .code import Code
from .xpath import (
    Arithmetic,
    Binding,
    Call,
    Comparison,
    Conditional,
    ContextItem,
    Expr,
    ExprStep,
    Literal,
    Logical,
    Negative,
    Path,
    Sequence,
    Step,
    Union,
    Variable,
)  # fmt: skip

# Functions that read the context item when called without argument.
_IMPLICIT = frozenset(("normalize-space", "string", "string-length", "number", "name", "local-name"))


@dataclass(frozen=True)
class Scope:
    """`focus` is the context item; `variables` the bound names; `fixed` those that depend on the document only."""

    focus: Code
    variables: dict[str, Code] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()

    def on(self, focus: Code) -> "Scope":
        """The same variables with another context item."""
        return replace(self, focus=focus)

    def binding(self, name: str, value: Code) -> "Scope":
        """One more variable."""
        return replace(self, variables={**self.variables, name: value}, fixed=self.fixed - {name})


def uses_context(expression: Expr) -> bool:
    """Whether the value depends on the context item."""
    match expression:
        case ContextItem():
            return True
        case Path(absolute=absolute, steps=steps):
            first = steps[0] if steps else None
            if absolute or first is None:
                return False
            return uses_context(first.expression) if isinstance(first, ExprStep) else True
        case Call(name=name, arguments=()):
            return name in _IMPLICIT
    return any(uses_context(part) for part in parts(expression))


def variables_of(expression: Expr) -> frozenset[str]:
    """Names of the variables that the value depends on."""
    match expression:
        case Variable(name=name):
            return frozenset((name,))
        case Binding(variables=bindings, body=body):
            names: frozenset[str] = frozenset()
            bound: set[str] = set()
            for name, source in bindings:
                names |= variables_of(source) - bound
                bound.add(name)
            return names | (variables_of(body) - bound)
    return frozenset().union(*(variables_of(part) for part in parts(expression)))


def parts(expression: Expr) -> tuple[Expr, ...]:  # noqa: PLR0911 - one case per kind
    """The expressions directly inside, predicates included."""
    match expression:
        case Sequence(items=items) | Union(items=items) | Call(arguments=items) | Logical(operands=items):
            return items
        case Conditional(test=test, then=then, otherwise=otherwise):
            return (test, then, otherwise)
        case Binding(variables=variables, body=body):
            return (*(source for _, source in variables), body)
        case Comparison(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Negative(operand=operand):
            return (operand,)
        case Path(steps=steps):
            return tuple(part for step in steps for part in _step_parts(step))
        case Literal() | Variable() | ContextItem():
            return ()
    raise TypeError(f"unknown expression {expression!r}")


def conjuncts(predicate: Expr) -> tuple[Expr, ...]:
    if isinstance(predicate, Logical) and predicate.operator == "and":
        return tuple(part for operand in predicate.operands for part in conjuncts(operand))
    return (predicate,)


def _step_parts(step: Step | ExprStep) -> tuple[Expr, ...]:
    inner = (step.expression,) if isinstance(step, ExprStep) else ()
    return (*inner, *step.predicates)
