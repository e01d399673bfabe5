"""Mutants of a document: random edits that the schema allows, and edits that aim at one assertion.

Aiming reads the assertion itself: its context is made to exist, then what its test asks for is taken away, added,
repeated or given another value. It need not succeed each time; what it makes is judged by what fires.
"""

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from chorale_references.names import short_name
from lxml import etree
from rulegen.contexts import alternatives
from rulegen.scope import parts, uses_context, variables_of
from rulegen.xpath import (
    Binding,
    Call,
    Comparison,
    Conditional,
    Expr,
    ExprStep,
    Literal,
    Logical,
    Path,
    Sequence,
    Step,
    Union,
    Variable,
    parse,
)  # fmt: skip
from rulegen.xslt import Assertion, Rule, Stylesheet

from .content import ContentModel
from .edits import Edit, apply, elements, model_of, type_name

_NUMBERS = (
    "0",
    "1",
    "-1",
    "2",
    "100",
    "0.001",
    "20",
    "5.55",
    "-0.5",
    "12345.678",
    "1000000",
    "-100.00",
    "19.6",
    "1.123456789",
    "123456789012345678901.5",
)
_DATES = ("2024-01-15", "2019-12-31", "2030-06-30", "2024-02-29", "2024-02-29Z", "1999-01-01+02:00")
_WORDS = (
    "",
    " ",
    "a",
    "X Y",
    "VAT",
    "S",
    "EUR",
    "USD",
    "FR",
    "IT",
    "ES",
    "380",
    "381",
    "0009",
    "9930",
    "20240230",
    "1234567890123456",
    "#QQQ#x",
    "BAR#B2B#",
    "S8",
    "B8",
    "M9",
    "GROUP",
    "DETAIL",
)
_WORDS_LATER = ("  a ", "é", "20240115", "2024", "true", "1.234", "0", "-1", "#AAB#x", "x" * 260)
_DEPTH = 7


@dataclass(frozen=True)
class Target:
    """One assertion with the rule it stands in."""

    position: int
    rule: Rule
    assertion: Assertion


def targets(sheet: Stylesheet) -> list[Target]:
    """All assertions of a rule set, by position."""
    found: list[Target] = []
    for pattern in sheet.patterns:
        for rule in pattern:
            for assertion in rule.assertions:
                found.append(Target(len(found), rule, assertion))
    return found


class Mutator:
    """Makes edits, in place, and writes them down. Everything random comes from `rng`."""

    def __init__(self, sheet: Stylesheet, rng: random.Random) -> None:
        self.sheet = sheet
        self.rng = rng
        self._routes: dict[tuple[str, str], list[list[str]]] = {}

    def any_edits(self, root: etree._Element, count: int) -> list[Edit]:
        """Some edits anywhere in the document."""
        work = _Work(self, root, _WORDS + _WORDS_LATER)
        for _ in range(count):
            work.anything(self.rng.choice(elements(root)))
        return work.edits

    def aimed_edits(self, root: etree._Element, target: Target) -> list[Edit]:
        """Edits that may make one assertion fire."""
        literals = tuple(_literals(parse(target.assertion.test))) + tuple(_literals(parse(target.rule.match)))
        lets = {let.name: parse(let.select) for let in (*self.sheet.globals, *target.rule.lets)}
        literals += tuple(word for select in lets.values() for word in _literals(select))
        work = _Work(self, root, literals + _WORDS, lets)
        contexts = alternatives(parse(target.rule.match))
        context = work.context(self.rng.choice(contexts))
        if context is not None:
            work.aim(context, parse(target.assertion.test), target.assertion.fires_when)
            if self.rng.random() < 0.3:
                work.anything(context)
        return work.edits

    def clark(self, test: str) -> str:
        """Clark name of a name test."""
        prefix, _, local = test.rpartition(":")
        return f"{{{self.sheet.namespaces[prefix]}}}{local}" if prefix else local

    def routes(self, model: ContentModel, start: str, tag: str) -> list[list[str]]:
        """Some short ways from a type down to an element of that name, as names of children."""
        key = (start, tag)
        if key not in self._routes:
            found: list[list[str]] = []
            queue: deque[tuple[str, list[str]]] = deque([(start, [])])
            seen: dict[str, int] = {}
            while queue and len(found) < 6:
                name, way = queue.popleft()
                if len(way) >= _DEPTH or seen.get(name, 0) > 2:
                    continue
                seen[name] = seen.get(name, 0) + 1
                for child in model.type(name).children:
                    if child.tag == tag:
                        found.append([*way, child.tag])
                    queue.append((child.type, [*way, child.tag]))
            self._routes[key] = found
        return self._routes[key]


class _Work:
    """Edits of one document on the way."""

    def __init__(
        self, mutator: Mutator, root: etree._Element, words: tuple[str, ...], lets: dict[str, Expr] | None = None
    ) -> None:
        self.mutator = mutator
        self.rng = mutator.rng
        self.root = root
        self.model = model_of(root)
        self.words = words
        self.lets = lets or {}
        self.functions = {function.name: function for function in mutator.sheet.functions}
        self.edits: list[Edit] = []

    def do(self, element: etree._Element, operation: str, *rest: str | None) -> etree._Element:
        listed = elements(self.root)
        if element not in listed:  # taken away by an earlier edit
            return element
        if operation == "attribute" and rest[1] is not None:
            name = type_name(self.model, element)
            fixed = self.model.type(name).fixed if name else {}
            rest = (rest[0], fixed.get(str(rest[0]), rest[1]))
        edit: Edit = [operation, listed.index(element), *rest]
        changed = apply(self.root, edit)
        self.edits.append(edit)
        return changed

    def anything(self, element: etree._Element) -> None:
        """One random edit of an element."""
        name = type_name(self.model, element)
        kind = self.model.type(name) if name else None
        roll = self.rng.random()
        if kind and kind.children and roll < 0.6:
            self.do(element, "insert", short_name(self.rng.choice(kind.children).tag))
        elif kind and kind.text and roll < 0.6:
            self.do(element, "text", self.value(element))
        elif kind and kind.attributes and roll < 0.8:
            self.attribute(element, self.rng.choice(sorted(kind.attributes)))
        elif element.getparent() is not None and roll < 0.9:
            self.do(element, "delete")
        elif element.getparent() is not None:
            self.do(element, "repeat")

    def value(self, element: etree._Element) -> str:
        """Some text that the type of the element may allow."""
        name = type_name(self.model, element)
        text = self.model.type(name).text if name else None
        if text == "decimal":
            return self.rng.choice(_NUMBERS)
        if text == "date":
            return self.rng.choice(_DATES)
        if text == "boolean":
            return self.rng.choice(("true", "false"))
        chosen = self.rng.choice(self.words)
        while self.rng.random() < 0.15:  # texts with structure: #PMD#...#PMD#..., or simply too long
            chosen += self.rng.choice((self.rng.choice(self.words), chosen, "x" * 40, "x" * 130))
        return chosen

    def attribute(self, element: etree._Element, name: str) -> None:
        removed = name in element.attrib and self.rng.random() < 0.5
        self.do(element, "attribute", name, None if removed else self.rng.choice(self.words))

    def child(self, parent: etree._Element, tag: str) -> etree._Element | None:
        """A child of that name, made if the schema allows it."""
        there = parent.findall(tag)
        if there and self.rng.random() < 0.9:
            return self.rng.choice(there)
        name = type_name(self.model, parent)
        allowed = self.model.child(name, tag) if name else None
        if allowed is None or (there and not allowed.repeatable):
            return self.rng.choice(there) if there else None
        if allowed.alternative:
            for other in list(parent):
                self.do(other, "delete")
        return self.do(parent, "insert", short_name(tag))

    def below(self, start: etree._Element, tag: str) -> etree._Element | None:
        """An element of that name anywhere below, made if there is a way to one."""
        there = list(start.iter(tag))
        if there and self.rng.random() < 0.7:
            return self.rng.choice(there)
        name = type_name(self.model, start)
        ways = self.mutator.routes(self.model, name, tag) if name else []
        if not ways:
            return self.rng.choice(there) if there else None
        found: etree._Element | None = start
        for step in self.rng.choice(ways):
            found = self.child(found, step) if found is not None else None
        return found

    def context(self, path: Path) -> etree._Element | None:
        """An element that a match pattern matches, made as far as possible."""
        found: etree._Element | None = None
        deep = not path.absolute
        for step in path.steps:
            assert isinstance(step, Step), "patterns have plain steps once multiplied out"
            if step.axis == "descendant-or-self":
                deep = True
                continue
            if step.test == "*" or step.test.endswith(":*"):
                start = self.root if found is None else found
                found = self.rng.choice([e for e in start.iter("*") if self._fits(e, step)] or [start])
            else:
                found = self._step_down(found, self.mutator.clark(step.test), deep)
            if found is None:
                return None
            for predicate in step.predicates:
                self.satisfy(found, predicate)
            deep = False
        return found

    def _fits(self, element: etree._Element, step: Step) -> bool:
        """Whether a wildcard with conditions on the name may mean this element."""
        ends = [
            str(inner.arguments[1].value)
            for predicate in step.predicates
            for inner in _calls(predicate)
            if inner.name == "ends-with" and isinstance(inner.arguments[1], Literal)
        ]
        return not ends or etree.QName(element).localname.endswith(ends[0])

    def _step_down(self, found: etree._Element | None, tag: str, deep: bool) -> etree._Element | None:
        if found is None:
            if self.root.tag == tag:
                return self.root
            return self.below(self.root, tag) if deep else None
        return self.below(found, tag) if deep else self.child(found, tag)

    def reach(self, start: etree._Element, path: Expr) -> list[etree._Element | tuple[etree._Element, str]]:
        """What a path of a test leads to, made if possible; attributes as (element, name)."""
        if isinstance(path, Variable) and path.name in self.lets:
            return self.reach(start, self.lets[path.name])
        if isinstance(path, Union | Sequence) and path.items:
            return self.reach(start, self.rng.choice(path.items))
        if isinstance(path, Call | Binding | Conditional | Comparison):
            inner = _paths(path)
            return self.reach(start, self.rng.choice(inner)) if inner else []
        if not isinstance(path, Path):
            return [start]
        found: etree._Element | None = start
        absolute, deep = path.absolute, False
        if absolute:
            found = None
        for step in path.steps:
            if isinstance(step, ExprStep):
                inside = self.reach(start if found is None and not absolute else self._at(found), step.expression)
                if not inside or isinstance(inside[0], tuple):
                    return inside
                found = inside[0]
            elif step.axis == "attribute" and deep and found is None:
                tags = self.model.tags_with(str(self.root.tag), step.test)
                bearer = self.below(self.root, self.rng.choice(tags)) if tags else None
                return [(bearer, step.test)] if bearer is not None else []
            elif step.axis == "attribute":
                return [(self._at(found), step.test)] if step.test != "*" else []
            elif step.axis == "descendant-or-self":
                deep = True
                continue
            elif step.axis == "parent":
                found = found.getparent() if found is not None else None
            elif step.axis in {"ancestor", "preceding", "self"} or ":" not in step.test:
                return [self._at(found)]
            else:
                found = self._step_down(found, self.mutator.clark(step.test), deep)
            if found is None:
                return []
            for predicate in step.predicates:
                self.satisfy(found, predicate)
            deep = False
        return [self._at(found)]

    def _at(self, found: etree._Element | None) -> etree._Element:
        return self.root if found is None else found

    def aim(self, context: etree._Element, test: Expr, truth: bool) -> None:
        """Work towards this truth value of a test."""
        (self.satisfy if truth else self.falsify)(context, test)

    def satisfy(self, element: etree._Element, test: Expr) -> None:
        """Edits that may make a test true."""
        match test:
            case Logical(operator="and", operands=operands):
                for operand in operands:
                    self.satisfy(element, operand)
            case Logical(operands=operands):
                self.satisfy(element, self.rng.choice(operands))
            case Call(name="not" | "empty", arguments=(inner,)):
                self.falsify(element, inner)
            case Comparison(operator="=", left=left, right=right):
                self._make_equal(element, left, right)
            case Comparison(left=left, right=right):
                self._vary(element, self.rng.choice((left, right)))
            case Variable(name=name) if name in self.lets:
                self.satisfy(element, self.lets[name])
            case Call(name=name, arguments=arguments) if name in self.functions:
                self.satisfy(element, self._called(name, arguments))
            case _:
                for path in _paths(test):
                    for reached in self.reach(element, path):
                        if isinstance(reached, tuple):
                            self.do(reached[0], "attribute", reached[1], self.rng.choice(self.words))
                        elif not len(reached) and not (reached.text or "").strip():
                            self.do(reached, "text", self.value(reached))

    def falsify(self, element: etree._Element, test: Expr) -> None:
        """Edits that may make a test false."""
        match test:
            case Logical(operator="or", operands=operands):
                for operand in operands:
                    self.falsify(element, operand)
            case Logical(operands=operands):
                self.falsify(element, self.rng.choice(operands))
            case Call(name="not" | "empty", arguments=(inner,)):
                self.satisfy(element, inner)
            case Comparison(left=Call(name="count", arguments=(counted,)), right=Literal()):
                self._recount(element, counted)
            case Comparison(left=left, right=right):
                side = self.rng.choice((left, right))
                held = [inner.arguments[0] for inner in _calls(side) if inner.name in {"count", "tokenize"}]
                if held and self.rng.random() < 0.6:
                    self._recount(element, self.rng.choice(held))
                else:
                    self._vary(element, side)
            case Binding(variables=variables, body=body):
                for name, source in variables:
                    if uses_context(source) or self.rng.random() < 0.3:
                        self.satisfy(element, source)
                    if name not in variables_of(source):
                        self.lets[name] = source
                self.falsify(element, body)
            case Variable(name=name) if name in self.lets:
                self.falsify(element, self.lets[name])
            case Call(name=name, arguments=arguments) if name in self.functions and self.rng.random() < 0.5:
                self.falsify(element, self._called(name, arguments))
            case Path() | Union() if self.rng.random() < 0.7:
                self._remove(element, test)
            case Call(name="exists", arguments=(inner,)) if self.rng.random() < 0.8:
                self._remove(element, inner)
            case _:
                self._vary(element, test)

    def _called(self, name: str, arguments: tuple[Expr, ...]) -> Expr:
        """The body of a function of the rule set, its parameters standing for the arguments."""
        function = self.functions[name]
        for (parameter, _), argument in zip(function.parameters, arguments, strict=True):
            if parameter not in variables_of(argument):  # else the rule's own variable has the parameter's name
                self.lets[parameter] = argument
        return parse(function.select)

    def _make_equal(self, element: etree._Element, left: Expr, right: Expr) -> None:
        if isinstance(left, Literal):
            left, right = right, left
        wanted = {"true": "true", "false": "false"}.get(right.name) if isinstance(right, Call) else None
        if isinstance(right, Literal):
            wanted = str(right.value)
        elif isinstance(right, Sequence) and right.items and isinstance(right.items[0], Literal):
            wanted = str(self.rng.choice([i.value for i in right.items if isinstance(i, Literal)]))
        for reached in self.reach(element, left):
            value = wanted
            if value is None:
                others = self.reach(element, right)
                other = others[0] if others and not isinstance(others[0], tuple) else None
                value = (other.text if other is not None else None) or self.rng.choice(self.words)
            if isinstance(reached, tuple):
                self.do(reached[0], "attribute", reached[1], value)
            elif not len(reached):
                self.do(reached, "text", value)

    def _vary(self, element: etree._Element, test: Expr) -> None:
        """Another value, one more or one less of something that a test reads."""
        paths = _paths(test) or [test]
        for reached in self.reach(element, self.rng.choice(paths)):
            if isinstance(reached, tuple):
                self.attribute(*reached)
            elif not len(reached) and self.rng.random() < 0.7:
                self.do(reached, "text", self.value(reached))
            else:
                self.anything(reached)

    def _remove(self, element: etree._Element, test: Expr) -> None:
        """Take away what a path leads to, or something on the way to it."""
        path = self.rng.choice(_paths(test) or [test])
        if isinstance(path, Variable) and path.name in self.lets:
            self._remove(element, self.lets[path.name])
            return
        if not isinstance(path, Path):
            return
        ways = [[self.root]] if path.absolute else [[element]]
        deep = False
        for step in path.steps:
            if not isinstance(step, Step) or step.axis == "attribute" or ":" not in step.test:
                if isinstance(step, Step) and step.axis == "attribute":
                    for way in ways:
                        self.do(way[-1], "attribute", step.test, None)
                    return
                if isinstance(step, Step) and step.axis == "parent":
                    ways = [[above] for way in ways if (above := way[-1].getparent()) is not None]
                    continue
                deep = isinstance(step, Step) and step.axis == "descendant-or-self"
                continue
            tag = self.mutator.clark(step.test)
            if path.absolute and ways == [[self.root]] and self.root.tag == tag:
                continue
            ways = [[*way, found] for way in ways for found in (way[-1].iter(tag) if deep else way[-1].findall(tag))]
            deep = False
        for way in ways:
            end = way[-1] if self.rng.random() < 0.6 else self.rng.choice(way[1:] or way)
            if end is not element and end.getparent() is not None:
                self.do(end, "delete")

    def _recount(self, element: etree._Element, counted: Expr) -> None:
        for found in self.reach(element, counted):
            reached = found[0] if isinstance(found, tuple) else found
            if isinstance(found, tuple) and found[1] not in reached.attrib:
                self.do(reached, "attribute", found[1], self.rng.choice(self.words))
            above = self.rng.choice([reached, *[a for a in reached.iterancestors() if a is not self.root][:2]])
            if self.rng.random() < 0.75 and above.getparent() is not None:
                for _ in range(self.rng.choice((1, 1, 2, 3))):
                    above = self.do(above, "repeat")
            elif reached.getparent() is not None:
                self.do(reached, "delete")


def _paths(test: Expr) -> list[Expr]:
    """The outermost paths and variables of an expression."""
    if isinstance(test, Path | Variable):
        return [test]
    return [path for part in parts(test) for path in _paths(part)]


def _calls(test: Expr) -> Iterator[Call]:
    if isinstance(test, Call):
        yield test
    for part in parts(test):
        yield from _calls(part)


def _literals(test: Expr) -> Iterator[str]:
    """The strings of an expression; the codes of a list one by one, a few of them."""
    if isinstance(test, Literal) and isinstance(test.value, str):
        yield from test.value.split()[:5] if len(test.value) > 40 else [test.value]
    for part in parts(test):
        yield from _literals(part)
