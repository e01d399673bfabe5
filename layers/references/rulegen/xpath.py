"""Parser of the XPath 2.0 subset that the official rule files use. What it does not know, it refuses."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .errors import BuildError

AXES = frozenset(("child", "parent", "ancestor", "self", "attribute", "preceding", "descendant-or-self"))
NODE_TESTS = frozenset(("node", "text"))
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.\d*|\.\d+|\d+)
      |(?P<string>"(?:[^"]|"")*"|'(?:[^']|'')*')
      |(?P<variable>\$[\w.-]+(?::[\w.-]+)?)
      |(?P<name>[A-Za-z_][\w.-]*(?::(?!:)(?:[A-Za-z_][\w.-]*|\*))?)
      |(?P<symbol>\.\.|::|//|<=|>=|!=|[()\[\]/@,|+\-*=<>.]))""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"\(:.*?:\)", re.DOTALL)
_GENERAL = frozenset(("=", "!=", "<", "<=", ">", ">="))
_VALUE = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


@dataclass(frozen=True)
class Literal:
    """A string, integer or decimal constant."""

    value: str | int | Decimal


@dataclass(frozen=True)
class Variable:
    """`$name`, without the dollar."""

    name: str


@dataclass(frozen=True)
class ContextItem:
    """The dot."""


@dataclass(frozen=True)
class Sequence:
    """`(a, b, ...)`, possibly empty."""

    items: tuple["Expr", ...]


@dataclass(frozen=True)
class Logical:
    """`and` or `or` over two or more operands."""

    operator: str
    operands: tuple["Expr", ...]


@dataclass(frozen=True)
class Conditional:
    """`if (test) then a else b`."""

    test: "Expr"
    then: "Expr"
    otherwise: "Expr"


@dataclass(frozen=True)
class Binding:
    """`for`, `some` or `every` over one or more variables."""

    kind: str
    variables: tuple[tuple[str, "Expr"], ...]
    body: "Expr"


@dataclass(frozen=True)
class Comparison:
    """A comparison; `general` when it is existential (`=`), not when it is of single values (`eq`)."""

    operator: str
    left: "Expr"
    right: "Expr"
    general: bool


@dataclass(frozen=True)
class Arithmetic:
    """`+ - * div mod`."""

    operator: str
    left: "Expr"
    right: "Expr"


@dataclass(frozen=True)
class Negative:
    """Unary minus."""

    operand: "Expr"


@dataclass(frozen=True)
class Union:
    """`a | b`, in document order."""

    items: tuple["Expr", ...]


@dataclass(frozen=True)
class Call:
    """A function call; the name keeps its prefix."""

    name: str
    arguments: tuple["Expr", ...]


@dataclass(frozen=True)
class Step:
    """An axis step. `test` is a qualified name, `*`, `prefix:*`, `node()` or `text()`."""

    axis: str
    test: str
    predicates: tuple["Expr", ...] = ()


@dataclass(frozen=True)
class ExprStep:
    """A step that is an expression: `(a|b)`, `upper-case(x)`, `$v`, with its predicates."""

    expression: "Expr"
    predicates: tuple["Expr", ...] = ()


@dataclass(frozen=True)
class Path:
    """Steps from the context item, or from the document when `absolute`. `a//b` has been rewritten to steps."""

    absolute: bool
    steps: tuple[Step | ExprStep, ...]


Expr = (
    Literal | Variable | ContextItem | Sequence | Logical | Conditional | Binding | Comparison | Arithmetic | Negative
    | Union | Call | Path
)  # fmt: skip
ANY_DESCENDANT = Step("descendant-or-self", "node()")


def parse(source: str) -> Expr:
    """Parse one expression; raises BuildError on anything outside the subset."""
    return _Parser(source).parse()


def _tokens(source: str) -> list[tuple[str, str]]:
    text = _COMMENT.sub("", source).rstrip()
    tokens, at = [], 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found or found.lastgroup is None:
            raise BuildError(f"XPath not understood at {text[at : at + 40]!r} in {source[:200]!r}")
        tokens.append((found.lastgroup, found.group(found.lastgroup)))
        at = found.end()
    return [*tokens, ("end", ""), ("end", "")]


class _Parser:
    """Recursive descent, one method per level of precedence of the grammar."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = _tokens(source)
        self.at = 0

    def parse(self) -> Expr:
        expression = self.expression()
        if self.tokens[self.at][0] != "end":
            raise self.unexpected()
        return expression

    def unexpected(self) -> BuildError:
        return BuildError(f"XPath: unexpected {self.tokens[self.at][1]!r} in {self.source[:300]!r}")

    def take(self) -> tuple[str, str]:
        self.at += 1
        return self.tokens[self.at - 1]

    def is_symbol(self, *values: str) -> bool:
        kind, value = self.tokens[self.at]
        return kind == "symbol" and value in values

    def is_word(self, *values: str) -> bool:
        kind, value = self.tokens[self.at]
        return kind == "name" and value in values

    def accept(self, *symbols: str) -> bool:
        if self.is_symbol(*symbols):
            self.at += 1
            return True
        return False

    def expect(self, value: str) -> None:
        if self.tokens[self.at][1] != value:
            raise self.unexpected()
        self.at += 1

    def expression(self) -> Expr:
        items = [self.single()]
        while self.accept(","):
            items.append(self.single())
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def single(self) -> Expr:
        following = self.tokens[self.at + 1]
        if self.is_word("for", "some", "every") and following[0] == "variable":
            return self.binding()
        if self.is_word("if") and following[1] == "(":
            self.at += 2
            test = self.expression()
            self.expect(")")
            self.expect("then")
            then = self.single()
            self.expect("else")
            return Conditional(test, then, self.single())
        return self.logical("or")

    def binding(self) -> Expr:
        kind = self.take()[1]
        variables = []
        while True:
            name = self.take()[1][1:]
            self.expect("in")
            variables.append((name, self.single()))
            if not self.accept(","):
                break
        self.expect("return" if kind == "for" else "satisfies")
        return Binding(kind, tuple(variables), self.single())

    def logical(self, operator: str) -> Expr:
        def operand() -> Expr:
            return self.logical("and") if operator == "or" else self.comparison()

        operands = [operand()]
        while self.is_word(operator):
            self.at += 1
            operands.append(operand())
        return operands[0] if len(operands) == 1 else Logical(operator, tuple(operands))

    def comparison(self) -> Expr:
        left = self.additive()
        if self.is_symbol(*_GENERAL):
            return Comparison(self.take()[1], left, self.additive(), True)
        if self.is_word(*_VALUE):
            return Comparison(_VALUE[self.take()[1]], left, self.additive(), False)
        return left

    def additive(self) -> Expr:
        left = self.multiplicative()
        while self.is_symbol("+", "-"):
            left = Arithmetic(self.take()[1], left, self.multiplicative())
        return left

    def multiplicative(self) -> Expr:
        left = self.union()
        while self.is_symbol("*") or self.is_word("div", "mod"):
            left = Arithmetic(self.take()[1], left, self.union())
        return left

    def union(self) -> Expr:
        items = [self.cast()]
        while self.accept("|"):
            items.append(self.cast())
        return items[0] if len(items) == 1 else Union(tuple(items))

    def cast(self) -> Expr:
        operand = self.unary()
        if not self.is_word("cast"):
            return operand
        self.at += 1
        self.expect("as")
        return Call(f"cast as {self.take()[1]}", (operand,))

    def unary(self) -> Expr:
        if self.accept("-"):
            return Negative(self.unary())
        return self.path()

    def path(self) -> Expr:
        steps: list[Step | ExprStep] = []
        absolute = self.is_symbol("/", "//")
        if self.accept("//"):
            steps.append(ANY_DESCENDANT)
        elif self.accept("/") and not (self.tokens[self.at][0] == "name" or self.is_symbol("@", "*", "..", ".", "(")):
            return Path(True, ())
        steps.append(self.step())
        while self.is_symbol("/", "//"):
            if self.take()[1] == "//":
                steps.append(ANY_DESCENDANT)
            steps.append(self.step())
        only = steps[0]
        if len(steps) == 1 and not absolute and isinstance(only, ExprStep) and not only.predicates:
            return only.expression
        return Path(absolute, tuple(steps))

    def predicates(self) -> tuple[Expr, ...]:
        found = []
        while self.accept("["):
            found.append(self.expression())
            self.expect("]")
        return tuple(found)

    def step(self) -> Step | ExprStep:
        kind, value = self.tokens[self.at]
        following = self.tokens[self.at + 1]
        if self.accept(".."):
            return Step("parent", "node()", self.predicates())
        if self.accept("@"):
            return Step("attribute", self.node_test(), self.predicates())
        if kind == "name" and following == ("symbol", "::"):
            if value not in AXES:
                raise self.unexpected()
            self.at += 2
            return Step(value, self.node_test(), self.predicates())
        is_call = following == ("symbol", "(") and value not in NODE_TESTS
        if self.is_symbol("*") or (kind == "name" and not is_call):
            return Step("child", self.node_test(), self.predicates())
        return ExprStep(self.primary(), self.predicates())

    def node_test(self) -> str:
        kind, value = self.take()
        if value == "*":
            return "*"
        if kind != "name":
            self.at -= 1
            raise self.unexpected()
        if value in NODE_TESTS and self.accept("("):
            self.expect(")")
            return f"{value}()"
        return value

    def primary(self) -> Expr:  # noqa: PLR0911 - one return per kind of primary
        kind, value = self.take()
        if kind == "number":
            return Literal(Decimal(value) if "." in value else int(value))
        if kind == "string":
            return Literal(value[1:-1].replace(value[0] * 2, value[0]))
        if kind == "variable":
            return Variable(value[1:])
        if value == ".":
            return ContextItem()
        if value == "(":
            if self.accept(")"):
                return Sequence(())
            inner = self.expression()
            self.expect(")")
            return inner
        if kind == "name" and self.is_symbol("("):
            self.at += 1
            arguments = []
            if not self.is_symbol(")"):
                arguments.append(self.single())
                while self.accept(","):
                    arguments.append(self.single())
            self.expect(")")
            return Call(value, tuple(arguments))
        self.at -= 1
        raise self.unexpected()
