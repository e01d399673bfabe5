"""Translation of expressions other than paths and function calls."""

from dataclasses import replace

from . import functions, paths
from .code import (
    ATTRIBUTE,
    BOOLEAN,
    DECIMAL,
    DOUBLE,
    EMPTY,
    EXACT,
    INTEGER,
    MANY,
    NODE,
    NUMERIC,
    ONE,
    OPTIONAL,
    STRING,
    Code,
    as_list,
    atomized,
    double,
    literal,
    single,
    truth,
)  # fmt: skip
from .comparisons import compare
from .errors import BuildError
from .module import Module
from .scope import Scope
from .xpath import (
    Arithmetic,
    Binding,
    Call,
    Comparison,
    Conditional,
    ContextItem,
    Expr,
    Literal,
    Logical,
    Negative,
    Path,
    Sequence,
    Union,
    Variable,
)  # fmt: skip


class Translator:
    """Translates expressions for one module; constants and memo functions go to `module`."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def code(self, expression: Expr, scope: Scope) -> Code:  # noqa: PLR0911, PLR0912 - one case per kind of expression
        """Python for one expression; raises BuildError when it is not understood."""
        match expression:
            case Literal(value=value):
                return literal(value)
            case ContextItem():
                return scope.focus
            case Variable(name=name):
                if name not in scope.variables:
                    raise BuildError(f"variable ${name} is not known here")
                return scope.variables[name]
            case Sequence(items=items):
                return self._sequence(items, scope)
            case Logical(operator=operator, operands=operands):
                return self._logical(operator, [self.truth(operand, scope) for operand in operands])
            case Conditional(test=test, then=then, otherwise=otherwise):
                return self._conditional(self.truth(test, scope), self.code(then, scope), self.code(otherwise, scope))
            case Binding(kind="for"):
                return self._for(expression, scope)
            case Binding():
                return self._quantified(expression, scope)
            case Comparison(operator=operator, left=left, right=right, general=general):
                return self._comparison(operator, self.code(left, scope), self.code(right, scope), general)
            case Arithmetic(operator=operator, left=left, right=right):
                return arithmetic(operator, self.code(left, scope), self.code(right, scope), self.module)
            case Negative(operand=operand):
                return arithmetic("-", literal(0), self.code(operand, scope), self.module)
            case Union(items=items):
                return self._union([self.code(item, scope) for item in items])
            case Call(name=name, arguments=arguments):
                return functions.call(self, name, arguments, scope)
            case Path():
                return paths.translate(self, expression, scope)
        raise BuildError(f"expression not understood: {expression!r}")

    def truth(self, expression: Expr, scope: Scope) -> str:
        """Source of the effective boolean value."""
        return truth(self.code(expression, scope))

    def _logical(self, operator: str, operands: list[str]) -> Code:
        if self.module.lenient:
            function = "both" if operator == "and" else "either"
            return Code(f"{function}({', '.join(f'lambda: {operand}' for operand in operands)})", BOOLEAN)
        return Code("(" + f" {operator} ".join(operands) + ")", BOOLEAN)

    def _comparison(self, operator: str, left: Code, right: Code, general: bool) -> Code:
        left = left if general else single(left)
        if not self.module.lenient or left.card == ONE or left.literals is not None or left.kind == EMPTY:
            return compare(operator, left, right, general)
        # With nothing on the left the comparison is false before the right side is looked at.
        first = self.module.fresh("v")
        compared = compare(operator, replace(left, source=first, attribute=None), right, general)
        found = f"{first} is not None" if left.card == OPTIONAL else first
        return Code(f"(lambda {first}: {compared.source} if {found} else False)({left.source})", BOOLEAN)

    def _sequence(self, items: tuple[Expr, ...], scope: Scope) -> Code:
        if not items:
            return Code("()", EMPTY, MANY)
        codes = [self.code(item, scope) for item in items]
        if any(code.kind in {NODE, ATTRIBUTE} for code in codes):
            codes = [atomized(code) for code in codes]
        kinds = {code.kind for code in codes}
        if len(kinds) != 1:
            raise BuildError(f"a sequence of {sorted(kinds)} is not understood")
        if all(code.literals and code.card == ONE for code in codes):
            values = tuple(value for code in codes for value in code.literals or ())
            return Code(repr(values), STRING, MANY, values)
        source = "".join(f"{c.source}, " if c.card == ONE else f"*{as_list(c)}, " for c in codes)
        return Code(f"({source})", kinds.pop(), MANY)

    def _conditional(self, test: str, then: Code, otherwise: Code) -> Code:
        if then.kind != otherwise.kind:
            then, otherwise = atomized(then), atomized(otherwise)
        kind = then.kind
        if then.kind != otherwise.kind:
            kinds = {then.kind, otherwise.kind}
            if kinds <= EXACT:
                kind = DECIMAL
            elif kinds <= {STRING, "untyped"}:
                # Used as text only in the official files, where a string and an untyped value behave alike.
                kind = STRING
            else:
                raise BuildError(f"if: branches of {then.kind} and {otherwise.kind}")
        if then.card == ONE and otherwise.card == ONE:
            return Code(f"({then.source} if {test} else {otherwise.source})", kind)
        return Code(f"({as_list(then)} if {test} else {as_list(otherwise)})", kind, MANY)

    def _bind(self, expression: Binding, scope: Scope) -> tuple[str, Scope]:
        clauses = []
        for name, source in expression.variables:
            values = self.code(source, scope)
            variable = self.module.fresh("v")
            clauses.append(f"for {variable} in {as_list(values)}")
            kind = "untyped" if values.kind == EMPTY else values.kind
            scope = scope.binding(name, Code(variable, kind))
        return " ".join(clauses), scope

    def _quantified(self, expression: Binding, scope: Scope) -> Code:
        clauses, inner = self._bind(expression, scope)
        function = "all" if expression.kind == "every" else "any"
        return Code(f"{function}([{self.truth(expression.body, inner)} {clauses}])", BOOLEAN)

    def _for(self, expression: Binding, scope: Scope) -> Code:
        clauses, inner = self._bind(expression, scope)
        body = self.code(expression.body, inner)
        if body.card == ONE:
            return Code(f"[{body.source} {clauses}]", body.kind, MANY)
        item = self.module.fresh("v")
        return Code(f"[{item} {clauses} for {item} in {as_list(body)}]", body.kind, MANY)

    def _union(self, codes: list[Code]) -> Code:
        kinds = {code.kind for code in codes}
        if kinds == {NODE}:
            return Code(f"union({', '.join(as_list(code) for code in codes)})", NODE, MANY)
        if kinds == {ATTRIBUTE}:
            return Code("[" + ", ".join(f"*{as_list(code)}" for code in codes) + "]", ATTRIBUTE, MANY)
        raise BuildError(f"a union of {sorted(kinds)} is not understood")


def arithmetic(operator: str, left: Code, right: Code, module: Module) -> Code:
    """`+ - * div mod` on at most one number each; untyped text becomes a double, as XPath 2.0 says.

    When there is no left operand the right one is not worked out, as in the official processor: it cannot fail then.
    """
    left, right = single(left), single(right)
    if left.kind in EXACT and right.kind in EXACT:
        kind = INTEGER if left.kind == right.kind == INTEGER and operator != "div" else DECIMAL
    else:
        left, right, kind = double(left), double(right), DOUBLE
    if kind not in NUMERIC:
        raise BuildError(f"{left.kind} {operator} {right.kind} is not understood")
    both = left.card == ONE and right.card == ONE
    if both and operator in {"+", "-", "*"}:
        return Code(f"({left.source} {operator} {right.source})", kind)
    name = {"+": "add", "-": "subtract", "*": "multiply", "div": "divide", "mod": "modulo"}[operator]
    if left.card == ONE or "(" not in right.source:
        return Code(f"{name}({left.source}, {right.source})", kind, ONE if both else OPTIONAL)
    first = module.fresh("v")
    return Code(
        f"({name}({first}, {right.source}) if ({first} := {left.source}) is not None else None)", kind, OPTIONAL
    )
