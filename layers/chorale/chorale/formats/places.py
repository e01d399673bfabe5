"""From notes to findings: the XPath, line and column of each element, and the same finding not repeated for ever."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from xml.parsers import expat

from chorale.domain.findings import Finding, Severity
from chorale.formats.limits import MAX_FINDINGS, PLACES_KEPT
from chorale.formats.notes import CHORALE, Note

PREFIXES = {
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2": "ubl",
    "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2": "ubl",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2": "cac",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2": "cbc",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2": "ext",
    "urn:AIFE:Facture:Extension": "aife",
    "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100": "rsm",
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100": "ram",
    "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100": "udt",
    "urn:un:unece:uncefact:data:standard:QualifiedDataType:100": "qdt",
}
"""The usual prefix of each namespace: an XPath reads the same whatever prefixes the document chose."""
EXACT_UP_TO = 5_000_000
"""Bytes of a document up to which lines and columns come from a second reading; above, lines from the first one."""


def xpath_of(element: Any) -> str:
    """The path of an element from the root, with positions where its name is not alone among its siblings."""
    steps = []
    while element is not None:
        tag = str(element.tag)
        before = sum(1 for _ in element.itersiblings(tag, preceding=True))
        alone = not before and next(element.itersiblings(tag), None) is None
        steps.append(_short(element) + ("" if alone else f"[{before + 1}]"))
        element = element.getparent()
    return "/" + "/".join(reversed(steps))


def _short(element: Any) -> str:
    space, _, local = str(element.tag)[1:].rpartition("}")
    if not space:
        return str(element.tag)
    prefix = PREFIXES.get(space) or element.prefix
    return f"{prefix}:{local}" if prefix else local


def findings_of(notes: Iterable[Note], content: bytes = b"", root: Any = None) -> tuple[Finding, ...]:
    """The notes as findings, errors first, each with its place in ``content``, whose root element is ``root``."""
    kept = _limited(notes)
    wanted = {made.element for made in kept if made.element is not None}
    places = _positions(content, root, wanted) if wanted else {}
    return tuple(_placed(made, places) for made in kept)


def _placed(made: Note, places: dict[Any, tuple[int, int | None]]) -> Finding:
    if made.element is None:
        return made.finding
    path = xpath_of(made.element) + (f"/{made.missing}" if made.missing else "")
    line, column = places.get(made.element, (made.element.sourceline, None))
    return replace(made.finding, xpath=path, line=line, column=column)


_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFORMATION: 2}


def _limited(notes: Iterable[Note]) -> list[Note]:
    """The first places of each finding, then its count; then a limit to all of them together."""
    groups: dict[tuple[str, Severity, str], list[Note]] = {}
    counts: dict[tuple[str, Severity, str], int] = {}
    for made in notes:
        key = (made.finding.code, made.finding.severity, made.finding.source)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= PLACES_KEPT:
            groups.setdefault(key, []).append(made)
    kept: list[Note] = []
    for key, group in sorted(groups.items(), key=lambda item: _WEIGHT[item[0][1]]):
        kept += group
        beyond = counts[key] - PLACES_KEPT
        if beyond > 0:
            kept.append(_more(group[0].finding, beyond))
    if len(kept) <= MAX_FINDINGS:
        return kept
    return [*kept[:MAX_FINDINGS], _cut(kept[MAX_FINDINGS:])]


def _more(first: Finding, beyond: int) -> Note:
    return Note(
        replace(
            first,
            message=f"Le même constat se répète {beyond} fois de plus dans ce document.",
            message_en=f"The same finding is repeated {beyond} more times in this document.",
            value="",
            line=None,
            column=None,
            count=beyond,
        )
    )


def _cut(left: Sequence[Note]) -> Note:
    beyond = sum(made.finding.count for made in left)
    return Note(
        Finding(
            "CHO-CONSTATS",
            left[0].finding.severity,
            CHORALE,
            f"{beyond} autres constats ne sont pas listés : corrigez d'abord ceux qui précèdent.",
            f"{beyond} more findings are not listed: correct those above first.",
            count=beyond,
        )
    )


class _AllFound(Exception):
    """Every wanted element was met."""


def _positions(content: bytes, root: Any, wanted: set[Any]) -> dict[Any, tuple[int, int | None]]:
    """Line and column (both from 1) of the wanted elements' start tags; empty when they cannot be told."""
    if root is None or not content or len(content) > EXACT_UP_TO:
        return {}
    by_index = {index: element for index, element in enumerate(root.iter("*")) if element in wanted}
    if not by_index:
        return {}
    found: dict[Any, tuple[int, int | None]] = {}
    parser = expat.ParserCreate()
    last = max(by_index)
    seen = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal seen
        if seen in by_index:
            found[by_index[seen]] = (parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        if seen == last:
            raise _AllFound
        seen += 1

    parser.StartElementHandler = start
    try:
        parser.Parse(content, True)
    except (_AllFound, expat.ExpatError, LookupError, ValueError):
        return found
    return found
