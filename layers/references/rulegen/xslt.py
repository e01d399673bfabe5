"""Reads a compiled Schematron (the XSLT that the ISO skeleton makes) back into patterns, rules and assertions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from .errors import BuildError

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_ONWARD = frozenset(("*", "@*|*", "*|@*", "@*|node()", "node()|@*"))
_SKELETON_VARIABLES = frozenset(("document-uri",))
SEVERITIES = {
    "fatal": "fatal",
    "error": "fatal",
    "": "fatal",  # Schematron: an assertion without flag or role is an error
    "warning": "warning",
    "warn": "warning",
    "information": "information",
    "info": "information",
    "notice": "information",
}


@dataclass(frozen=True)
class Assertion:
    """One assert or report: `fires_when` is the truth value of the test on which it fires."""

    rule_id: str
    severity: str
    test: str
    fires_when: bool
    message: tuple[str, ...]  # literal text at even places, XPath of a value to insert at odd places


@dataclass(frozen=True)
class Let:
    """A variable of a rule or of the rule set."""

    name: str
    select: str


@dataclass(frozen=True)
class Rule:
    """A context and what is asserted there; lets and assertions in the order of the file.

    A few rules of Factur-X EXTENDED do not go on to the children of the element: `descends` is false for them, and what
    lies below is not looked at in their pattern.
    """

    match: str
    priority: float
    lets: tuple[Let, ...]
    assertions: tuple[Assertion, ...]
    descends: bool


@dataclass(frozen=True)
class Function:
    """An xsl:function: parameters with their declared types, local variables, the result."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    lets: tuple[Let, ...]
    select: str
    result: str


@dataclass
class Stylesheet:
    """A rule set as read; `patterns` holds lists of rules, the first that matches a node wins within its pattern."""

    namespaces: dict[str, str]
    globals: list[Let] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    patterns: list[list[Rule]] = field(default_factory=list)

    @property
    def assertions(self) -> list[Assertion]:
        """All assertions, in the order of patterns and rules."""
        return [a for rules in self.patterns for rule in rules for a in rule.assertions]


def read_stylesheet(content: bytes, unnamed: str) -> Stylesheet:
    """Read a rule set; assertions without id get `<unnamed>-a<position>`. Raises BuildError on unknown structure."""
    root = etree.fromstring(content, etree.XMLParser(remove_comments=True, resolve_entities=False, no_network=True))
    sheet = Stylesheet({str(p): str(u) for p, u in root.nsmap.items() if p})
    sheet.namespaces.setdefault("xs", "http://www.w3.org/2001/XMLSchema")
    by_mode: dict[str, list[Rule]] = {}
    positions = iter(range(1, 100_000))
    for element in root:
        if element.tag == f"{_XSL}variable" and element.get("name") not in _SKELETON_VARIABLES:
            sheet.globals.append(_let(element))
        elif element.tag == f"{_XSL}function":
            sheet.functions.append(_function(element))
        elif element.tag == f"{_XSL}template" and element.find(f"{_SVRL}fired-rule") is not None:
            rule = _rule(element, unnamed, positions)
            by_mode.setdefault(str(element.get("mode")), []).append(rule)
    for rules in by_mode.values():
        rules.sort(key=lambda rule: -rule.priority)
        if len({rule.priority for rule in rules}) != len(rules):
            raise BuildError(f"{unnamed}: two rules of a pattern share a priority")
        sheet.patterns.append(rules)
    _check_complete(root, sheet, unnamed)
    return sheet


def _check_complete(root: etree._Element, sheet: Stylesheet, unnamed: str) -> None:
    written = sum(1 for name in ("failed-assert", "successful-report") for _ in root.iter(f"{_SVRL}{name}"))
    if written != len(sheet.assertions):
        raise BuildError(f"{unnamed}: {written} assertions in the file, {len(sheet.assertions)} read")


def _let(element: etree._Element) -> Let:
    select = element.get("select")
    if select is None:
        raise BuildError(f"variable {element.get('name')} has no select")
    return Let(str(element.get("name")), select)


def _function(element: etree._Element) -> Function:
    parameters, lets, select = [], [], None
    for child in element:
        if child.tag == f"{_XSL}param":
            parameters.append((str(child.get("name")), str(child.get("as"))))
        elif child.tag == f"{_XSL}variable":
            lets.append(_let(child))
        elif child.tag == f"{_XSL}sequence" and select is None:
            select = child.get("select")
        else:
            raise BuildError(f"function {element.get('name')}: {child.tag} is not understood")
    if select is None:
        raise BuildError(f"function {element.get('name')} has no result")
    return Function(str(element.get("name")), tuple(parameters), tuple(lets), select, str(element.get("as")))


def _rule(template: etree._Element, unnamed: str, positions: Iterator[int]) -> Rule:
    lets: list[Let] = []
    assertions: list[Assertion] = []
    descends = False
    for child in template:
        if child.tag == f"{_SVRL}fired-rule":
            continue
        if child.tag == f"{_XSL}variable":
            lets.append(_let(child))
        elif child.tag in {f"{_XSL}choose", f"{_XSL}if"}:
            assertions.append(_assertion(child, f"{unnamed}-a{next(positions):04d}"))
        elif child.tag == f"{_XSL}apply-templates" and child.get("select") in _ONWARD:
            descends = True
        else:
            raise BuildError(f"{unnamed}: {child.tag} in the rule for {template.get('match')} is not understood")
    priority = float(str(template.get("priority")))
    return Rule(str(template.get("match")), priority, tuple(lets), tuple(assertions), descends)


def _assertion(element: etree._Element, position_id: str) -> Assertion:
    if element.tag == f"{_XSL}choose":
        when, otherwise = element
        report = otherwise.find(f"{_SVRL}failed-assert")
        test = when.get("test")
        if when.tag != f"{_XSL}when" or len(when) or otherwise.tag != f"{_XSL}otherwise":
            raise BuildError(f"{position_id}: unexpected xsl:choose")
    else:
        report, test = element.find(f"{_SVRL}successful-report"), element.get("test")
    if report is None or test is None:
        raise BuildError(f"{position_id}: neither an assertion nor a report")
    attributes = {a.get("name"): a.text or "" for a in report.findall(f"{_XSL}attribute")}
    properties = {name: report.get(name) or attributes.get(name) or "" for name in ("id", "flag", "role")}
    role = (properties["flag"] or properties["role"]).strip().lower()
    if role not in SEVERITIES:
        raise BuildError(f"{position_id}: flag or role {role!r} is not understood")
    return Assertion(
        rule_id=properties["id"].strip() or position_id,
        severity=SEVERITIES[role],
        test=test,
        fires_when=element.tag == f"{_XSL}if",
        message=_message(report, position_id),
    )


def _message(report: etree._Element, position_id: str) -> tuple[str, ...]:
    text = report.find(f"{_SVRL}text")
    if text is None:
        return ("",)
    parts = [text.text or ""]
    for child in text:
        if child.tag == f"{_XSL}value-of":
            parts.extend((str(child.get("select")), child.tail or ""))
        elif child.tag == f"{_XSL}text":
            parts[-1] += (child.text or "") + (child.tail or "")
        else:
            raise BuildError(f"{position_id}: {child.tag} in a message is not understood")
    literals = [re.sub(r"\s+", " ", part) if i % 2 == 0 else part for i, part in enumerate(parts)]
    return tuple(literals)
