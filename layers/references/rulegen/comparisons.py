"""Translation of comparisons: which values meet, and after which conversion, is decided here and not at run time."""

from .code import (
    BOOLEAN,
    DATE,
    EMPTY,
    EXACT,
    MANY,
    NODE,
    NUMERIC,
    ONE,
    OPTIONAL,
    STRING,
    TEXTUAL,
    Code,
    as_list,
    atomized,
    double,
    single,
)  # fmt: skip
from .errors import BuildError

_PYTHON = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_MIRROR = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compare(operator: str, left: Code, right: Code, general: bool) -> Code:
    """Translate a comparison; raises BuildError for a pair of types that the official files should not compare."""
    if not general:
        left, right = single(left), single(right)
    if EMPTY in {left.kind, right.kind}:
        return Code("False", BOOLEAN)
    if left.kind in TEXTUAL and right.kind in TEXTUAL:
        return Code(_texts(operator, left, right), BOOLEAN)
    if left.kind in TEXTUAL:
        return compare_typed(_MIRROR[operator], right, left, general)
    return compare_typed(operator, left, right, general)


def compare_typed(operator: str, left: Code, right: Code, general: bool) -> Code:
    """A comparison whose left side is not text."""
    if right.kind in TEXTUAL:
        if right.kind == STRING or not general:
            raise BuildError(f"a string cannot be compared with {left.kind}")
        if left.kind == BOOLEAN and operator == "=" and left.card == ONE and right.kind == NODE and right.card == MANY:
            return Code(f"has_boolean(d, {right.source}, {left.source})", BOOLEAN)
        right = _converted(right, left.kind)
        left = double(left) if left.kind in NUMERIC and left.card != MANY else left
    elif left.kind in EXACT and right.kind in EXACT:
        pass
    elif left.kind in NUMERIC and right.kind in NUMERIC:
        left, right = double(left), double(right)
    elif left.kind != right.kind:
        raise BuildError(f"{left.kind} cannot be compared with {right.kind}")
    return Code(_values(operator, left, right), BOOLEAN)


def _converted(text: Code, kind: str) -> Code:
    """Untyped values as what they are compared with."""
    function = {BOOLEAN: "booleans", DATE: "dates"}.get(kind, "doubles")
    return Code(f"{function}({as_list(atomized(text))})", kind, MANY)


def _values(operator: str, left: Code, right: Code) -> str:
    if left.card == ONE and right.card == ONE:
        if left.kind == BOOLEAN:
            return f"(bool({left.source}) {_PYTHON[operator]} bool({right.source}))"
        return f"({left.source} {_PYTHON[operator]} {right.source})"
    if MANY not in {left.card, right.card}:
        return f"{_name(operator)}({left.source}, {right.source})"
    return f"any_pair({_name(operator)}, {as_list(left)}, {as_list(right)})"


def _name(operator: str) -> str:
    return {"=": "equal", "!=": "unequal", "<": "less", "<=": "at_most", ">": "greater", ">=": "at_least"}[operator]


def _texts(operator: str, left: Code, right: Code) -> str:
    if left.literals is not None and right.literals is None:
        left, right, operator = right, left, _MIRROR[operator]
    if operator == "=":
        return _equal_texts(left, right)
    if operator == "!=" and right.literals == ("",) and left.source.startswith("normalize(one_text(d, "):
        return f"filled(d, {left.source.removeprefix('normalize(one_text(d, ').removesuffix('))')})"
    if operator == "!=" and right.card != MANY and left.kind == NODE and left.card == MANY:
        return f"has_other_text(d, {left.source}, {right.source})"
    left, right = atomized(left), atomized(right)
    return _values(operator, left, right)


def _equal_texts(left: Code, right: Code) -> str:  # noqa: PLR0911 - one case per pair of cardinalities
    if right.literals is not None and right.card == MANY:
        options = f"frozenset({right.literals!r})"
        if left.card != MANY:
            return f"({atomized(left).source} in {_constant_set(right.literals)})"
        return f"(not {options}.isdisjoint({as_list(atomized(left))}))"
    if left.card == MANY and right.card != MANY:
        value = atomized(right).source
        if left.kind == NODE:
            return f"has_text(d, {left.source}, {value})"
        return f"({value} in {left.source})"
    if right.card == MANY and left.card != MANY:
        return _equal_texts(right, left)
    left, right = atomized(left), atomized(right)
    if left.card == MANY:
        return f"share(({left.source}), ({right.source}))"
    if OPTIONAL in {left.card, right.card} and left.card == right.card:
        return f"equal({left.source}, {right.source})"
    return f"({left.source} == {right.source})"


def _constant_set(literals: tuple[str, ...]) -> str:
    return "{" + ", ".join(repr(value) for value in literals) + "}"
