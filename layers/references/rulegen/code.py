"""What the translation of an expression is: Python source with a static type."""

from dataclasses import dataclass
from decimal import Decimal

from .errors import BuildError

# Kinds of items. Nodes are integers; the value of an attribute node is its string, which is untyped like that of an
# element; numbers are int, Decimal or float; dates are minutes since year 1.
NODE, ATTRIBUTE, UNTYPED, STRING, BOOLEAN = "node", "attribute", "untyped", "string", "boolean"
INTEGER, DECIMAL, DOUBLE, DATE, EMPTY = "integer", "decimal", "double", "date", "empty"
TEXTUAL = frozenset((NODE, ATTRIBUTE, UNTYPED, STRING, EMPTY))
EXACT = frozenset((INTEGER, DECIMAL))
NUMERIC = EXACT | {DOUBLE}
ONE, OPTIONAL, MANY = "1", "?", "*"


@dataclass(frozen=True)
class Code:
    """Source, kind of item and cardinality: a bare value (ONE), a value or None (OPTIONAL), a list or tuple (MANY).

    `literals` holds the strings when the value is made of string constants only; `attribute` the name of the attribute
    whose values these are when they come from anywhere in the document: mostly it does not occur at all.
    """

    source: str
    kind: str
    card: str = ONE
    literals: tuple[str, ...] | None = None
    attribute: str | None = None


def as_list(code: Code) -> str:
    """Source of a list or tuple of the items."""
    if code.card == MANY:
        return code.source
    return f"({code.source},)" if code.card == ONE else f"listed({code.source})"


def atomized(code: Code) -> Code:
    """The values of nodes instead of the nodes; other items stay as they are."""
    if code.kind == ATTRIBUTE:
        return Code(code.source, UNTYPED, code.card)
    if code.kind != NODE:
        return code
    if code.card == ONE:
        return Code(node_text(code.source), UNTYPED)
    return Code(f"texts(d, {as_list(code)})", UNTYPED, MANY)


def node_text(node: str) -> str:
    """Source of the string value of one node, `node` being cheap to write twice."""
    return f"(T[{node}] or t({node}))"


def single(code: Code) -> Code:
    """At most one value (ONE or OPTIONAL): more than one item is an error at run time."""
    if code.card != MANY:
        return atomized(code)
    if code.kind == NODE:
        return Code(f"optional_text(d, {code.source})", UNTYPED, OPTIONAL)
    kind = UNTYPED if code.kind in {ATTRIBUTE, EMPTY} else code.kind
    return Code(f"optional({code.source})", kind, OPTIONAL)


def string(code: Code) -> str:
    """Source of a string argument: '' stands for the empty sequence, more than one item is an error."""
    if code.kind not in TEXTUAL:
        raise BuildError(f"a string is required, got {code}")
    if code.card == ONE:
        return atomized(code).source
    if code.card == OPTIONAL and code.kind != NODE:
        return f"({code.source} or '')"
    if code.kind == NODE:
        return f"one_text(d, {as_list(code)})"
    return f"one_string({code.source})"


def truth(code: Code) -> str:  # noqa: PLR0911 - one case per kind
    """Source whose truthiness is the effective boolean value."""
    if code.kind == BOOLEAN and code.card == ONE:
        return code.source
    if code.kind in {NODE, EMPTY}:
        return "True" if code.card == ONE else as_list(code)
    if code.attribute is not None:
        present = f"({code.attribute!r} in N)"
        return present if code.source.startswith("every_attribute(") else f"({present} and {code.source})"
    if code.kind == ATTRIBUTE:
        return {ONE: "True", OPTIONAL: f"({code.source} is not None)", MANY: code.source}[code.card]
    if code.card == MANY:
        return f"truth_of_items({code.source})"
    if code.kind == DOUBLE:
        return f"truth_of_double({code.source})"
    return code.source  # None, '', 0 and False are false, all else is true


def double(code: Code) -> Code:
    """At most one number as float; untyped text is converted, which may fail at run time."""
    value = single(code)
    if value.kind in {UNTYPED, EMPTY}:
        return Code(f"to_double({value.source})", DOUBLE, value.card)
    if value.kind in EXACT:
        return Code(f"{'float' if value.card == ONE else 'float_of'}({value.source})", DOUBLE, value.card)
    if value.kind != DOUBLE:
        raise BuildError(f"a number is required, got {code}")
    return value


def literal(value: str | int | Decimal) -> Code:
    """A constant; decimals are made once per module by the writer."""
    if isinstance(value, str):
        return Code(repr(value), STRING, ONE, (value,))
    if isinstance(value, int):
        return Code(str(value), INTEGER)
    return Code(f"Decimal_{str(value).replace('.', '_')}", DECIMAL)
