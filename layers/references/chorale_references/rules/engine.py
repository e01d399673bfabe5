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

LENIENT_NODES = 20_000
"""A document with more nodes is not looked at twice after an error: without indexes that could take minutes."""


class Program:
    """A generated module, with the plans that were made of it so far."""

    def __init__(self, module: str) -> None:
        self.module: ModuleType = importlib.import_module(f"chorale_references.rules.sets.{module}")
        self._name = f"{module}.py"
        self._planner = Planner(self.module.PATTERNS)
        self._plans: dict[Shape, Plan | None] = {}
        self._generation = SHAPES.generation

    def run(self, d: Document) -> list[Raw]:
        """What fires, sorted by assertion and element; raises XPathError when the official semantics do."""
        fired: list[Raw] = []
        if self._generation != d.generation:
            self._plans, self._generation = {}, d.generation
        plans = self._plans
        forbidding: list[tuple[Plan, list[int]]] = []
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
        return sorted(set(fired)) if forbidding else sorted(fired, key=lambda raw: raw[:2])

    def position(self, traceback: TracebackType | None) -> int | None:
        """The assertion that was worked out when an error was raised, by the line of the generated rule."""
        while traceback is not None:
            code = traceback.tb_frame.f_code
            if code.co_filename.endswith(self._name) and code.co_name.startswith("rule_"):
                lines = [line for line, _ in self.module.WHERE[code.co_name]]
                found = bisect_right(lines, traceback.tb_lineno) - 1
                return int(self.module.WHERE[code.co_name][max(found, 0)][1])
            traceback = traceback.tb_next
        return None


class RuleSet:
    """One official rule set, ready to check documents. Safe to use from several threads."""

    def __init__(self, info: RuleSetInfo) -> None:
        self.info = info
        self._quick = Program(info.module)
        self._lenient: Program | None = None

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
        try:
            return self._quick.run(d)
        except XPathError as error:
            if len(d.P) > LENIENT_NODES:
                raise self._engine_error(self._quick, error) from error
        # The error may stand beside an operand that decides `and` or `or` without it: the official processor looks.
        if self._lenient is None:
            self._lenient = Program(f"{self.info.module}_lenient")
        try:
            return self._lenient.run(d)
        except XPathError as error:
            raise self._engine_error(self._lenient, error) from error

    def _engine_error(self, program: Program, error: Exception) -> RuleEngineError:
        position = program.position(error.__traceback__)
        return RuleEngineError(self.info.id, "" if position is None else self._texts()[position][0], str(error))

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
