"""Plans: what a rule set does with the elements of one shape."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .document import DOCUMENT, Document, Shape
from .values import XPathError

RuleFunction = Callable[[Document, Sequence[int], list[Any]], None]
Raw = tuple[int, int, Sequence[str]]
# A condition on an element or one of its ancestors: how far up, then either a value to compare or a test to make.
Condition = tuple[
    int, "Callable[[Document, int], Sequence[str]] | None", "str | None", "Callable[[Document, int], bool] | None"
]
# Too few rules to share the reading of a value.
_WORTH_A_SWITCH = 3


@dataclass(frozen=True)
class RuleData:
    """A rule as the generated module states it."""

    contexts: tuple[Any, ...]
    function: RuleFunction | None
    descends: bool
    absences: tuple[tuple[int, tuple[tuple[str, ...], ...], int], ...]


@dataclass(frozen=True, eq=False)
class Candidate:
    """A rule that may apply to a shape: when one of the alternatives holds, each being a conjunction of conditions."""

    rule: RuleData
    alternatives: tuple[tuple[Condition, ...], ...]

    certain: bool  # names alone decide

    def holds(self, d: Document, node: int) -> bool:
        """Whether the rule's context matches. An error in a pattern means that it does not (XSLT 2.0, 5.5.4)."""
        for conditions in self.alternatives:
            try:
                for up, value, constant, test in conditions:
                    at = _above(d, node, up) if up else node
                    if not (constant in value(d, at) if value is not None else test(d, at)):  # type: ignore[misc]
                        break
                else:
                    return True
            except XPathError:
                continue
        return False


def _above(d: Document, node: int, up: int) -> int:
    for _ in range(up):
        node = d.P[node]
    return node


class Chooser:
    """Finds, for one pattern, the first rule that matches each element, and runs the rules."""

    def __init__(self, candidates: Sequence[Candidate], stops: Sequence[tuple[int, Chooser]]) -> None:
        self.candidates = candidates
        self._stops = stops
        self._switch = self._find_switch(candidates)

    @staticmethod
    def _find_switch(
        candidates: Sequence[Candidate],
    ) -> tuple[int, Any, dict[str, list[Candidate]], list[Candidate]] | None:
        """(how far up, value function, candidates by value, candidates for any other value)."""
        readers = Counter(
            (condition[0], condition[1])
            for candidate in candidates
            if len(candidate.alternatives) == 1
            for condition in candidate.alternatives[0][:1]
            if condition[1] is not None
        )
        if not readers or readers.most_common(1)[0][1] < _WORTH_A_SWITCH:
            return None
        reader = readers.most_common(1)[0][0]

        def constant(candidate: Candidate) -> str | None:
            first = candidate.alternatives[0][:1] if len(candidate.alternatives) == 1 else ()
            return first[0][2] if first and first[0][:2] == reader else None

        constants = {constant(candidate) for candidate in candidates} - {None}
        table = {
            value: [c for c in candidates if constant(c) in {None, value}] for value in constants if value is not None
        }
        return *reader, table, [c for c in candidates if constant(c) is None]

    def choose(self, d: Document, node: int) -> Candidate | None:
        """The rule that applies to one element."""
        for up, chooser in self._stops:
            chosen = chooser.choose(d, _above(d, node, up))
            if chosen is not None and not chosen.rule.descends:
                return None
        candidates = self.candidates
        if self._switch is not None:
            up, value, table, others = self._switch
            try:
                values = value(d, _above(d, node, up))
            except XPathError:
                candidates = others
            else:
                if len(values) == 1:
                    candidates = table.get(values[0], others)
                elif not values:
                    candidates = others
        for candidate in candidates:
            if candidate.certain or candidate.holds(d, node):
                return candidate
        return None

    def run(self, d: Document, nodes: Sequence[int], fired: list[Raw]) -> None:
        """Run each rule on its elements."""
        chosen: dict[RuleFunction, list[int]] = {}
        for node in nodes:
            candidate = self.choose(d, node)
            if candidate is not None and candidate.rule.function is not None:
                chosen.setdefault(candidate.rule.function, []).append(node)
        for function, members in chosen.items():
            function(d, members, fired)


@dataclass(frozen=True)
class Forbidden:
    """Elements of a shape that an assertion about an ancestor forbids, or allows only so often."""

    position: int
    up: int
    limit: int
    rule: RuleData
    chooser: Chooser | None  # None when names alone decide that the rule applies to the ancestor

    def run(self, d: Document, nodes: Sequence[int], fired: list[Raw]) -> None:
        """Fire once for each ancestor that has too many."""
        if self.limit and len(nodes) <= self.limit:
            return
        counts = Counter(_above(d, node, self.up) for node in nodes)
        for ancestor, count in counts.items():
            if count > self.limit and self._applies(d, ancestor):
                fired.append((self.position, ancestor, ()))

    def _applies(self, d: Document, ancestor: int) -> bool:
        if self.chooser is None:
            return True
        chosen = self.chooser.choose(d, ancestor)
        return chosen is not None and chosen.rule is self.rule


@dataclass
class Plan:
    """What to do with the elements of one shape."""

    always: tuple[RuleFunction, ...] = ()
    choosers: tuple[Chooser, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()


@dataclass
class _Matches:
    """The rules that may apply to a shape, per pattern, and what they say about elements below."""

    choosers: list[Chooser | None]
    below: dict[tuple[str, ...], list[tuple[int, int, RuleData, Chooser | None]]] = field(default_factory=dict)


class Planner:
    """Makes the plans of one rule set."""

    def __init__(self, patterns: Sequence[Sequence[tuple[Any, ...]]]) -> None:
        self._count = len(patterns)
        self._by_key: dict[str | None, list[tuple[int, int, RuleData, Any]]] = defaultdict(list)
        self._stopping: set[int] = set()
        for pattern, rules in enumerate(patterns):
            for order, (contexts, function, descends, absences) in enumerate(rules):
                rule = RuleData(contexts, function, descends, absences)
                if not descends:
                    self._stopping.add(pattern)
                for context in contexts:
                    self._by_key[context[1][0][0]].append((pattern, order, rule, context))
        self._matches: dict[Shape, _Matches] = {}

    def plan(self, shape: Shape) -> Plan | None:
        """The plan of a shape; None when there is nothing to do."""
        always: list[RuleFunction] = []
        choosers: list[Chooser] = []
        for chooser in self._match(shape).choosers:
            if chooser is None:
                continue
            if chooser.candidates[0].certain and not chooser._stops:
                function = chooser.candidates[0].rule.function
                if function is not None:
                    always.append(function)
            elif any(candidate.rule.function is not None for candidate in chooser.candidates):
                choosers.append(chooser)
        plan = Plan(tuple(always), tuple(choosers), tuple(self._forbidden(shape)))
        return plan if plan != Plan() else None

    def _forbidden(self, shape: Shape) -> Iterable[Forbidden]:
        names: tuple[str, ...] = (shape.key,)
        up, ancestor = 1, shape.parent
        while ancestor is not None and ancestor.depth > 0:
            for position, limit, rule, chooser in self._match(ancestor).below.get(names, ()):
                yield Forbidden(position, up, limit, rule, chooser)
            names = (ancestor.key, *names)
            up, ancestor = up + 1, ancestor.parent

    def _match(self, shape: Shape) -> _Matches:
        found = self._matches.get(shape)
        if found is None:
            found = self._matches[shape] = self._find(shape)
        return found

    def _find(self, shape: Shape) -> _Matches:
        rules: dict[int, dict[int, tuple[RuleData, list[tuple[Condition, ...]]]]] = defaultdict(dict)
        for pattern, order, rule, context in [*self._by_key.get(shape.key, ()), *self._by_key.get(None, ())]:
            alternatives = list(_alternatives(shape, context))
            if alternatives:
                rules[pattern].setdefault(order, (rule, []))[1].extend(alternatives)
        matches = _Matches([None] * self._count)
        for pattern, by_order in sorted(rules.items()):
            candidates = []
            for _, (rule, alternatives) in sorted(by_order.items()):
                candidates.append(Candidate(rule, tuple(alternatives), () in alternatives))
                if candidates[-1].certain:
                    break
            chooser = Chooser(candidates, self._stops(shape, pattern))
            matches.choosers[pattern] = chooser
            for number, candidate in enumerate(candidates):
                alone = number == 0 and candidate.certain and not chooser._stops
                for position, paths, limit in candidate.rule.absences:
                    for path in paths:
                        entry = (position, limit, candidate.rule, None if alone else chooser)
                        matches.below.setdefault(path, []).append(entry)
        return matches

    def _stops(self, shape: Shape, pattern: int) -> list[tuple[int, Chooser]]:
        """Ancestors whose rule may keep the pattern from looking below."""
        if pattern not in self._stopping:
            return []
        found = []
        up, ancestor = 1, shape.parent
        while ancestor is not None and ancestor.depth > 0:
            chooser = self._match(ancestor).choosers[pattern]
            if chooser is not None and any(not candidate.rule.descends for candidate in chooser.candidates):
                found.append((up, chooser))
            up, ancestor = up + 1, ancestor.parent
        return found


def _alternatives(shape: Shape, context: Any) -> Iterable[tuple[Condition, ...]]:
    """Ways in which a shape fits a context, each with the conditions that remain for the element."""
    from_the_root, steps = context
    yield from _fit(shape, 0, steps, 0, from_the_root)


def _fit(shape: Shape, up: int, steps: Any, number: int, from_the_root: bool) -> Iterable[tuple[Condition, ...]]:
    key, deep, conditions = steps[number]
    if shape.depth == 0 or (key is not None and shape.key != key):
        return
    remaining: list[Condition] = []
    for of_shape, value, constant, test in conditions:
        known = of_shape(shape) if of_shape is not None else None
        if known is False:
            return
        if known is None:
            remaining.append((up, value, constant, test))
    own = tuple(sorted(remaining, key=lambda condition: condition[1] is None))
    parent = shape.parent
    if number == len(steps) - 1:
        if not from_the_root or (parent is not None and parent.depth == 0):
            yield own
        return
    distance = up + 1
    while parent is not None and parent.depth > 0:
        for further in _fit(parent, distance, steps, number + 1, from_the_root):
            yield (*own, *further)
        if not deep:
            return
        parent, distance = parent.parent, distance + 1


__all__ = ["DOCUMENT", "Candidate", "Chooser", "Forbidden", "Plan", "Planner"]
