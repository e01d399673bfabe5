"""Writes the modules of one rule set: the rules and, apart from them, the texts, needed only when one fires."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .absences import Absence, recognise
from .code import BOOLEAN, DATE, MANY, NODE, ONE, OPTIONAL, STRING, TEXTUAL, Code, as_list, atomized, single
from .contexts import at_the_root, translate_contexts
from .errors import BuildError
from .expressions import Translator
from .functions import as_string
from .module import Module, aliases
from .paths import ROOT_NODE
from .scope import Scope, variables_of
from .sharing import shared
from .xpath import Expr, parse
from .xslt import Assertion, Function, Let, Rule, Stylesheet

_HEADER = '''\
"""{title}. Generated from {source}: do not edit."""
import re
from decimal import Decimal

from chorale_references.rules.xpath import *

E = ()
UNSET = object()
'''


@dataclass(frozen=True)
class Generated:
    """Source of the rules and of the texts."""

    rules: str
    texts: str


class RuleSetWriter:
    """Translates one stylesheet."""

    def __init__(self, sheet: Stylesheet, number: int, code_database: bytes, lenient: bool = False) -> None:
        self.sheet = sheet
        self.module = Module(number, sheet.namespaces, sheet.functions, code_database, lenient)
        self.translator = Translator(self.module)
        self.scope = Scope(Code("n", NODE))
        self.functions: list[str] = []
        self.patterns: list[str] = []
        self.position = 0

    def write(self, title: str, source: str) -> Generated:
        """Translate all; raises BuildError naming the assertion that is not understood."""
        self.module.count_predicates(self._expressions())
        for let in self.sheet.globals:
            self._global(let)
        for function in self.sheet.functions:
            self._function(function)
        for pattern in self.sheet.patterns:
            data = [self._rule(rule) for rule in pattern]
            self.patterns.append("(\n" + "".join(f"    {rule},\n" for rule in data) + ")")
        code = "\n\n".join([*self.module.parts, *self.functions])
        patterns = "PATTERNS = (\n" + "".join(f"{pattern},\n" for pattern in self.patterns) + ")\n"
        constants = "\n".join(self.module.constants(code))
        header = _HEADER.format(title=title, source=source)
        rules = f"{header}{constants}\n\n\n{code}\n\n{patterns}"
        rules += f"WHERE = {_lines_of_assertions(rules)!r}\n"
        return Generated(rules, _texts(title, self.sheet.assertions))

    def _expressions(self) -> Iterator[Expr]:
        for assertion in self.sheet.assertions:
            yield parse(assertion.test)
        for pattern in self.sheet.patterns:
            for rule in pattern:
                yield from (parse(let.select) for let in rule.lets)

    def _global(self, let: Let) -> None:
        code = self.translator.code(parse(let.select), Scope(Code("1", NODE), self.scope.variables, self.scope.fixed))
        name = f"global_{len(self.scope.fixed)}"
        self.module.cached(name, code.source)
        bound = self.scope.binding(let.name, Code(f"{name}(d)", code.kind, code.card))
        self.scope = Scope(bound.focus, bound.variables, self.scope.fixed | {let.name})

    def _function(self, function: Function) -> None:
        if function.result != "xs:boolean":
            raise BuildError(f"function {function.name} returns {function.result}")
        scope = self.scope
        names = []
        for number, (name, kind) in enumerate(function.parameters):
            item = {"xs:string?": STRING, "element()?": NODE}.get(kind)
            if item is None:
                raise BuildError(f"function {function.name}: parameter of type {kind}")
            names.append(f"p{number}")
            value = f"p{number}()" if self.module.lenient else f"p{number}"
            scope = scope.binding(name, Code(value, item, OPTIONAL))
        lets, scope = self._lets(function.lets, [parse(function.select)], scope)
        result = self.translator.truth(parse(function.select), scope)
        body = [*lets.before, *lets.reset, f"return bool({result})"]
        self._define(self.module.function_name(function.name), ["d", *names], body)

    def _define(self, name: str, parameters: Iterable[str], body: list[str]) -> None:
        lines = [*aliases("\n".join(body)), *body]
        self.functions.append(f"def {name}({', '.join(parameters)}):\n" + "".join(f"    {line}\n" for line in lines))

    def _rule(self, rule: Rule) -> str:
        """Write the function of a rule; returns the source of its data."""
        try:
            contexts = translate_contexts(self.translator, rule.match, self.scope)
        except BuildError as error:
            raise BuildError(f"context {rule.match}: {error}") from error
        absences: list[tuple[int, Absence]] = []
        general: list[tuple[int, Assertion]] = []
        for assertion in rule.assertions:
            absence = recognise(self.module, assertion)
            if absence:
                absences.append((self.position, absence))
            else:
                general.append((self.position, assertion))
            self.position += 1
        name = self._rule_function(rule, general) if general else None
        listed = "".join(f"({position}, {a.paths!r}, {a.limit}), " for position, a in absences)
        return f"(({''.join(f'{c}, ' for c in contexts)}), {name}, {rule.descends}, ({listed}))"

    def _rule_function(self, rule: Rule, general: list[tuple[int, Assertion]]) -> str | None:
        expressions = [parse(a.test) for _, a in general]
        expressions += [parse(part) for _, a in general for part in a.message[1::2]]
        scope = self.scope.on(Code(ROOT_NODE, NODE)) if at_the_root(rule.match) else self.scope
        lets, scope = self._lets(rule.lets, expressions, scope)
        found: list[_Condition] = []
        for position, assertion in general:
            try:
                found += self._assertion(position, assertion, scope)
            except BuildError as error:
                raise BuildError(f"{assertion.rule_id}: {error} in {assertion.test}") from error
        if not found:
            return None
        body: list[str] = []
        for condition, test in zip(found, self._shared([c.test for c in found]), strict=True):
            body += [
                f"if {test}:  # {condition.position}",
                f"    o.append(({condition.position}, n, {condition.inserted}))",
            ]
        name = f"rule_{len(self.functions)}"
        looped = [*lets.reset, *body]
        lines = [*lets.before, "for n in nodes:", *(f"    {line}" for line in looped)]
        if lets.before:
            lines.insert(0, "n = 0")
        self._define(name, ["d", "nodes", "o"], lines)
        return name

    def _shared(self, tests: list[str]) -> list[str]:
        # A lenient test is made of functions: what one of them names, another does not see.
        return tests if self.module.lenient else shared(tests)

    def _assertion(self, position: int, assertion: Assertion, scope: Scope) -> list[_Condition]:
        test = self.translator.truth(parse(assertion.test), scope)
        if not assertion.fires_when and test == "True":
            return []
        values = [_inserted(self.translator.code(parse(part), scope)) for part in assertion.message[1::2]]
        inserted = f"({', '.join(values)},)" if values else "E"
        return [_Condition(position, test if assertion.fires_when else f"not {test}", inserted)]

    def _lets(self, lets: Iterable[Let], users: list[Expr], scope: Scope) -> tuple[_Lets, Scope]:
        """Variables worked out when first needed, as the official processor does: an unused one cannot fail."""
        before: list[str] = []
        reset: list[str] = []
        remaining = list(lets)
        for number, let in enumerate(remaining):
            expression = parse(let.select)
            readers = users + [parse(later.select) for later in remaining[number + 1 :]]
            if not any(let.name in variables_of(reader) for reader in readers):
                scope = scope.binding(let.name, self.translator.code(expression, scope))
                continue
            code = self.translator.code(expression, scope)
            if code.literals is not None:
                scope = scope.binding(let.name, code)
                continue
            name, value = self.module.fresh("let"), self.module.fresh("value")
            before += [
                f"{value} = UNSET",
                f"def {name}():",
                f"    nonlocal {value}",
                f"    if {value} is UNSET:",
                f"        {value} = {code.source}",
                f"    return {value}",
            ]
            reset.append(f"{value} = UNSET")
            scope = scope.binding(let.name, Code(f"{name}()", code.kind, code.card))
        return _Lets(before, reset), scope


@dataclass(frozen=True)
class _Condition:
    """When the assertion at a position fires, and the values that its message then shows."""

    position: int
    test: str
    inserted: str


@dataclass(frozen=True)
class _Lets:
    """Lines before the loop over the nodes, and at the beginning of each round."""

    before: list[str]
    reset: list[str]


def _lines_of_assertions(source: str) -> dict[str, list[tuple[int, int]]]:
    """For each rule function, (line, position) of its assertions: how an error finds the assertion it happened in."""
    found: dict[str, list[tuple[int, int]]] = {}
    function = ""
    for line, text in enumerate(source.splitlines(), 1):
        if text.startswith("def "):
            function = text[4 : text.index("(")]
        elif function.startswith("rule_") and (marked := re.search(r":  # (\d+)$", text)):
            found.setdefault(function, []).append((line, int(marked[1])))
    return found


def _inserted(code: Code) -> str:
    """Source of what xsl:value-of writes: the items, separated by spaces."""
    if code.kind in TEXTUAL and code.card == MANY:
        return f"' '.join({as_list(atomized(code))})"
    if code.kind in TEXTUAL:
        return as_string(code)
    if code.kind == BOOLEAN and code.card == ONE:
        return f"('true' if {code.source} else 'false')"
    if code.kind in {BOOLEAN, DATE} or code.card == MANY:
        raise BuildError(f"a message with {code.kind} {code.card}")
    return f"string_of({single(code).source})" if code.card != ONE else f"string_of({code.source})"


def _texts(title: str, assertions: list[Assertion]) -> str:
    rows = "".join(f"    {(a.rule_id, a.severity, a.message[0::2], a.test)!r},\n" for a in assertions)
    return f'"""{title}: ids, severities, messages and tests."""\n\nTEXTS = (\n{rows})\n'
