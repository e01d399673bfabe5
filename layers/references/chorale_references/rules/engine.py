"""Runs a rule set over a document.

A rule set is data and functions (a generated module). For every shape that it meets for the first time it makes a plan:
which rules apply to elements of that shape, under which conditions on values, and which elements of that shape must not
be there. An ordinary invoice has known shapes only, so a check is a walk over plans.
"""

from __future__ import annotations

import importlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import localcontext
from types import ModuleType, TracebackType
from typing import Any, NamedTuple

from lxml import etree

from .document import SHAPES, Document, Shape
from .planning import Plan, Planner
from .values import EXACT, XPathError


class Fired(NamedTuple):
    """One assertion that did not hold, for one element.

    severity: fatal, warning or information; text: the official message with its values; test: the official XPath.
    """

    rule_id: str
    severity: str
    text: str
    element: etree._Element
    test: str


class RuleEngineError(Exception):
    """The official rules cannot be worked out for this document: neither valid nor invalid."""

    def __init__(self, rule_set: str, rule_id: str, reason: str) -> None:
        super().__init__(f"{rule_set}: {rule_id}: {reason}")
        self.rule_set = rule_set
        self.rule_id = rule_id
        self.reason = reason


@dataclass(frozen=True)
class RuleSetInfo:
    """What is known of a rule set without loading it. `syntax` is UBL or CII, `source` the official file."""

    id: str
    title: str
    version: str
    source: str
    syntax: str
    assertions: int
    module: str


Raw = tuple[int, int, Sequence[str]]


class RuleSet:
    """One official rule set, ready to check documents. Safe to use from several threads."""

    def __init__(self, info: RuleSetInfo) -> None:
        self.info = info
        self._module: ModuleType = importlib.import_module(f"chorale_references.rules.sets.{info.module}")
        self._planner = Planner(self._module.PATTERNS)
        self._plans: dict[Shape, Plan | None] = {}
        self._generation = SHAPES.generation

    def check(self, document: Document | etree._Element) -> list[Fired]:
        """Assertions that do not hold, in the order of the official file, then of the document.

        Takes an element or a Document shared with other rule sets. Raises RuleEngineError when the official semantics
        raise an error.
        """
        flat = document if isinstance(document, Document) else Document(document)
        fired = self._run(flat)
        return self._described(flat, fired) if fired else []

    def positions(self, document: Document) -> list[int]:
        """Like check, but only the places of the assertions in the official file, one for each time that one fires."""
        return [position for position, _, _ in self._run(document)]

    def _run(self, d: Document) -> list[Raw]:
        fired: list[Raw] = []
        if self._generation != d.generation:
            self._plans, self._generation = {}, d.generation
        plans = self._plans
        forbidding: list[tuple[Plan, list[int]]] = []
        try:
            with localcontext(EXACT):
                for shape, nodes in d.groups.items():
                    if shape not in plans:
                        plans[shape] = self._planner.plan(shape)
                    plan = plans[shape]
                    if plan is None:
                        continue
                    for function in plan.always:
                        function(d, nodes, fired)
                    for chooser in plan.choosers:
                        chooser.run(d, nodes, fired)
                    if plan.forbidden:
                        forbidding.append((plan, nodes))
                for plan, nodes in forbidding:
                    for absence in plan.forbidden:
                        absence.run(d, nodes, fired)
        except XPathError as error:
            raise self._engine_error(error, error.__traceback__) from error
        return sorted(set(fired)) if forbidding else sorted(fired, key=lambda raw: raw[:2])

    def _engine_error(self, error: Exception, traceback: TracebackType | None) -> RuleEngineError:
        """Find the assertion by the line of the generated rule that was running."""
        while traceback is not None:
            code = traceback.tb_frame.f_code
            if code.co_filename.endswith(f"{self.info.module}.py") and code.co_name.startswith("rule_"):
                lines, positions = self._lines(code.co_name)
                found = bisect_right(lines, traceback.tb_lineno) - 1
                return RuleEngineError(self.info.id, self._texts()[positions[max(found, 0)]][0], str(error))
            traceback = traceback.tb_next
        return RuleEngineError(self.info.id, "", str(error))

    def _lines(self, function: str) -> tuple[list[int], list[int]]:
        lines: list[int] = []
        positions: list[int] = []
        for line, position in self._module.WHERE[function]:
            lines.append(line)
            positions.append(position)
        return lines, positions

    def _texts(self) -> tuple[tuple[str, str, tuple[str, ...], str], ...]:
        name = f"chorale_references.rules.sets.{self.info.module}_texts"
        return importlib.import_module(name).TEXTS  # type: ignore[no-any-return]

    def _described(self, d: Document, fired: list[Raw]) -> list[Fired]:
        elements = d.elements({node for _, node, _ in fired})
        texts = self._texts()
        found = []
        for position, node, values in fired:
            rule_id, severity, message, test = texts[position]
            found.append(Fired(rule_id, severity, _message(message, values), elements[node], test))
        return found

    def assertions(self) -> list[tuple[str, str, str]]:
        """(id, severity, test) of every assertion, in the order of the official file."""
        return [(rule_id, severity, test) for rule_id, severity, _, test in self._texts()]


def _message(literals: Sequence[str], values: Sequence[str]) -> str:
    parts = [literals[0]]
    for value, literal in zip(values, literals[1:], strict=True):
        parts += [value, literal]
    return " ".join("".join(parts).split())


Function = Callable[[Document, Sequence[int], list[Any]], None]
