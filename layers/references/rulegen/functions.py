"""Translation of function calls: the functions of XPath that the official files use, and their own."""

from __future__ import annotations

import re
from collections.abc import Callable

from .code import (
    ATTRIBUTE,
    BOOLEAN,
    DATE,
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
    TEXTUAL,
    UNTYPED,
    Code,
    as_list,
    atomized,
    double,
    single,
    string,
    truth,
)  # fmt: skip
from .errors import BuildError
from .regexes import python_pattern, python_replacement
from .scope import Scope
from .translating import Translating
from .xpath import Call, ContextItem, Expr, Literal

Function = Callable[[Translating, tuple[Expr, ...], Scope], Code]
# A list of codes written as one string, tested with contains(): below this length a plain search is as quick.
LONG_LIST = 40


def call(translator: Translating, name: str, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    """Translate a call; raises BuildError for a function that is not known."""
    if name in translator.module.functions:
        return _declared(translator, name, arguments, scope)
    function = FUNCTIONS.get(name.removeprefix("fn:"))
    if function is None:
        raise BuildError(f"function {name}() with {len(arguments)} arguments is not known")
    return function(translator, arguments, scope)


def _declared(translator: Translating, name: str, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    """A function that the file itself declares, with its parameter types."""
    declared = translator.module.functions[name]
    values = []
    for (_, kind), argument in zip(declared.parameters, arguments, strict=True):
        code = translator.code(argument, scope)
        if kind == "element()?":
            values.append(code.source if code.card == ONE else f"optional({as_list(code)})")
        elif kind == "xs:string?" and code.kind in TEXTUAL:
            values.append(single(code).source)
        else:
            raise BuildError(f"{name}(): {code.kind} passed as {kind}")
    if translator.module.lenient:  # an argument that the function does not come to use cannot fail
        values = [f"lambda: {value}" for value in values]
    return Code(f"{translator.module.function_name(name)}({', '.join(['d', *values])})", BOOLEAN)


def _first(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    return translator.code(arguments[0] if arguments else ContextItem(), scope)


def _boolean(source: str) -> Code:
    return Code(source, BOOLEAN)


def _not(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    return _boolean(f"(not {translator.truth(arguments[0], scope)})")


def _exists(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    code = translator.code(arguments[0], scope)
    if code.card == OPTIONAL:
        return _boolean(f"({code.source} is not None)")
    return _boolean("True" if code.card == ONE else code.source)


def _empty(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    return _boolean(f"(not {_exists(translator, arguments, scope).source})")


def _count(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    code = translator.code(arguments[0], scope)
    return Code("1" if code.card == ONE else f"len({as_list(code)})", INTEGER)


def _normalize_space(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    return Code(f"normalize({string(_first(translator, arguments, scope))})", STRING)


def _string_length(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    match arguments:
        case (Call(name="substring-after", arguments=(number, Literal(value="."))),):
            return Code(f"places({string(translator.code(number, scope))})", INTEGER)
    return Code(f"len({string(_first(translator, arguments, scope))})", INTEGER)


def _string(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    return Code(as_string(_first(translator, arguments, scope)), STRING)


def as_string(code: Code) -> str:
    """Source of fn:string() of at most one item, '' for none."""
    if code.kind in TEXTUAL:
        return string(code)
    return f"string_of({single(code).source})"


def _concat(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    return Code("(" + " + ".join(as_string(translator.code(a, scope)) for a in arguments) + ")", STRING)


def _on_strings(template: str, kind: str = STRING) -> Function:
    """A function of string arguments, written as a template of their sources."""

    def translate(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
        return Code(template.format(*(string(translator.code(a, scope)) for a in arguments)), kind)

    return translate


def _contains(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    """contains(); the idiom contains(' A B C ', concat(' ', x, ' ')) becomes a look-up in a set."""
    searched, wanted = arguments
    match searched, wanted:
        case Literal(value=str(codes)), Call(name="concat", arguments=(Literal(value=" "), code, Literal(value=" "))):
            tokens = codes.split(" ")
            if len(codes) > LONG_LIST and tokens[0] == tokens[-1] == "" and "" not in tokens[1:-1]:
                value = as_string(translator.code(code, scope))
                return _boolean(f"listed_code({value}, {translator.module.codes(tokens[1:-1])}, {codes!r})")
    return _on_strings("({1} in {0})", BOOLEAN)(translator, arguments, scope)


def _substring(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    text, *numbers = (translator.code(a, scope) for a in arguments)
    if any(n.card != ONE or n.kind not in NUMERIC for n in numbers):
        raise BuildError("substring(): positions must be numbers")
    return Code(f"substring({', '.join([string(text), *(n.source for n in numbers)])})", STRING)


def _pattern(arguments: tuple[Expr, ...], position: int) -> str:
    pattern = arguments[position]
    if not isinstance(pattern, Literal) or not isinstance(pattern.value, str):
        raise BuildError("a regular expression must be a constant")
    return python_pattern(pattern.value)


def _matches(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    if len(arguments) != 2:
        raise BuildError("matches() with flags is not understood")
    regex = translator.module.regex(_pattern(arguments, 1))
    return _boolean(f"({regex}.search({string(translator.code(arguments[0], scope))}) is not None)")


def _replace(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    regex = translator.module.regex(_pattern(arguments, 1))
    new = arguments[2]
    if len(arguments) != 3 or not isinstance(new, Literal) or not isinstance(new.value, str):
        raise BuildError("replace(): the replacement must be a constant")
    text = string(translator.code(arguments[0], scope))
    return Code(f"{regex}.sub({python_replacement(new.value)!r}, {text})", STRING)


def _tokenize(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    regex = translator.module.regex(_pattern(arguments, 1))
    text = translator.code(arguments[0], scope)
    if text.literals and text.card == ONE:
        values = tuple(re.split(_pattern(arguments, 1), text.literals[0])) if text.literals[0] else ()
        return Code(repr(values), STRING, MANY, values)
    return Code(f"tokens({regex}, {string(text)})", STRING, MANY)


def _string_join(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    items = atomized(translator.code(arguments[0], scope))
    if items.kind not in TEXTUAL:
        raise BuildError(f"string-join() of {items.kind}")
    separator = string(translator.code(arguments[1], scope)) if len(arguments) > 1 else "''"
    return Code(f"{separator}.join({as_list(items)})", STRING)


def _distinct_values(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    items = atomized(translator.code(arguments[0], scope))
    if items.kind not in TEXTUAL:
        raise BuildError(f"distinct-values() of {items.kind}")
    return Code(f"list(dict.fromkeys({as_list(items)}))", items.kind, MANY)


def _decimal(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    code = translator.code(arguments[0], scope)
    if code.kind in EXACT and code.card != MANY:
        return Code(code.source, DECIMAL, code.card)
    if code.kind == NODE and code.card == MANY:
        return Code(f"decimal_of_node(d, {code.source})", DECIMAL, OPTIONAL)
    value = single(code)
    if value.kind == DOUBLE:
        return Code(f"decimal_of_double({value.source})", DECIMAL, value.card)
    if value.kind in EXACT:
        return Code(value.source, DECIMAL, value.card)
    if value.kind not in TEXTUAL:
        raise BuildError(f"xs:decimal() of {value.kind}")
    return Code(f"to_decimal({value.source})", DECIMAL, value.card)


def _converted(function: str, kind: str) -> Function:
    """A constructor function that takes at most one text."""

    def translate(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
        value = single(translator.code(arguments[0], scope))
        if value.kind == kind:
            return value
        if value.kind not in TEXTUAL:
            raise BuildError(f"{kind} of {value.kind} is not understood")
        return Code(f"{function}({value.source})", kind, value.card)

    return translate


def _number(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    value = single(_first(translator, arguments, scope))
    if value.kind in NUMERIC:
        return double(value)
    return Code(f"number({value.source})", DOUBLE)


def _one_number(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    value = single(translator.code(arguments[0], scope))
    return value if value.kind in NUMERIC else double(value)


def _round(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    value = _one_number(translator, arguments, scope)
    if value.kind == INTEGER:
        return value
    name = "round_double" if value.kind == DOUBLE else "round_decimal"
    return Code(f"{name}({value.source})", value.kind, value.card)


def _abs(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    value = _one_number(translator, arguments, scope)
    return Code(f"{'abs' if value.card == ONE else 'absolute'}({value.source})", value.kind, value.card)


def _sum(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    code = translator.code(arguments[0], scope)
    items = atomized(code)
    if items.kind in EXACT:
        return Code(f"sum({as_list(items)})", items.kind)
    if items.kind == DOUBLE:
        return Code(f"sum({as_list(items)}, 0.0)", DOUBLE)
    if items.kind != UNTYPED:
        raise BuildError(f"sum() of {items.kind}")
    return Code(f"sum(doubles({as_list(items)}), 0.0)", DOUBLE)


def _name(local: bool) -> Function:
    """name() and local-name(); the official files look at the end of name() only, where the prefix does not show."""

    def translate(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
        code = _first(translator, arguments, scope)
        if code.kind != NODE:
            raise BuildError(f"{'local-' if local else ''}name() of {code.kind}")
        node = code.source if code.card == ONE else f"optional({as_list(code)})"
        return Code(f"name_of(d, {node})", STRING)

    return translate


def _ends_with(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    match arguments:
        case (Call(name="name"), Literal(value=str(end))) if ":" in end:
            raise BuildError("ends-with(name(), ...) with a prefix is not understood")
    return _on_strings("{0}.endswith({1})", BOOLEAN)(translator, arguments, scope)


def _constant(value: str) -> Function:
    def translate(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
        return _boolean(value)

    return translate


def _to_boolean(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    code = translator.code(arguments[0], scope)
    if code.kind == BOOLEAN:
        return _boolean(f"bool({truth(code)})")
    value = single(code)
    if value.kind not in {UNTYPED, STRING, EMPTY}:
        raise BuildError(f"xs:boolean() of {value.kind}")
    return Code(f"to_boolean({value.source})", BOOLEAN, value.card)


def _cast_as_boolean(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    """`cast as xs:boolean`, which unlike the function does not take the empty sequence."""
    code = _to_boolean(translator, arguments, scope)
    return code if code.card == ONE else _boolean(f"required({code.source})")


def _name_call_guard(translator: Translating, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    code = _first(translator, arguments, scope)
    if code.kind == ATTRIBUTE:
        raise BuildError("name() of an attribute is not understood")
    return _name(False)(translator, arguments, scope)


FUNCTIONS: dict[str, Function] = {
    "true": _constant("True"),
    "false": _constant("False"),
    "not": _not,
    "boolean": lambda t, a, s: _boolean(f"bool({t.truth(a[0], s)})"),
    "exists": _exists,
    "empty": _empty,
    "count": _count,
    "normalize-space": _normalize_space,
    "string-length": _string_length,
    "string": _string,
    "concat": _concat,
    "contains": _contains,
    "starts-with": _on_strings("{0}.startswith({1})", BOOLEAN),
    "ends-with": _ends_with,
    "substring-after": _on_strings("after({0}, {1})"),
    "substring-before": _on_strings("before({0}, {1})"),
    "upper-case": _on_strings("{0}.upper()"),
    "substring": _substring,
    "matches": _matches,
    "replace": _replace,
    "tokenize": _tokenize,
    "string-join": _string_join,
    "distinct-values": _distinct_values,
    "xs:decimal": _decimal,
    "xs:date": _converted("to_date", DATE),
    "xs:boolean": _to_boolean,
    "cast as xs:boolean": _cast_as_boolean,
    "number": _number,
    "round": _round,
    "abs": _abs,
    "sum": _sum,
    "name": _name_call_guard,
    "local-name": _name(True),
}
