"""From notes to findings: the XPath, line and column of each element, and the same finding not repeated for ever."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from chorale.domain.findings import Finding, Severity
from chorale.formats.limits import MAX_FINDINGS, PLACES_KEPT
from chorale.formats.notes import CHORALE, PlacedFinding

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


def xpath_of(element: Any, known: dict[Any, str] | None = None) -> str:
    """The path of an element from the root, with positions where its name is not alone among its siblings.

    ``known`` keeps paths of the same document that were worked out before: neighbours share most of theirs.
    """
    known = {} if known is None else known
    if element not in known:
        tag, above = str(element.tag), element.getparent()
        named = [element] if above is None else list(above.iterchildren(tag))
        start = "" if above is None else xpath_of(above, known)
        position = f"[{named.index(element) + 1}]" if len(named) > 1 else ""
        known[element] = f"{start}/{_short(tag, element.prefix)}{position}"
    return known[element]


@lru_cache(1_000)  # tags of a warm function's documents, which are not ours: bounded
def _short(tag: str, written: str | None) -> str:
    space, _, local = tag[1:].rpartition("}")
    if not space:
        return tag
    prefix = PREFIXES.get(space) or written
    return f"{prefix}:{local}" if prefix else local


def findings_of(notes: Iterable[PlacedFinding], content: bytes = b"", root: Any = None) -> tuple[Finding, ...]:
    """The notes as findings, errors first, each with its place in ``content``, whose root element is ``root``."""
    kept = _limited(notes)
    wanted = {made.element for made in kept if made.element is not None}
    places = _positions(content, root, wanted) if wanted else {}
    paths: dict[Any, str] = {}
    return tuple(_placed(made, places, paths) for made in kept)


def _placed(made: PlacedFinding, places: dict[Any, tuple[int, int | None]], paths: dict[Any, str]) -> Finding:
    if made.element is None:
        return made.finding
    path = xpath_of(made.element, paths) + (f"/{made.missing}" if made.missing else "")
    line, column = places.get(made.element, (made.element.sourceline, None))
    return made.finding.at(path, line, column)


_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFORMATION: 2}


def _limited(notes: Iterable[PlacedFinding]) -> list[PlacedFinding]:
    """The first places of each finding, then its count; then a limit to all of them together."""
    groups: dict[tuple[str, Severity, str], list[PlacedFinding]] = {}
    counts: dict[tuple[str, Severity, str], int] = {}
    for made in notes:
        key = (made.finding.code, made.finding.severity, made.finding.source)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= PLACES_KEPT:
            groups.setdefault(key, []).append(made)
    kept: list[PlacedFinding] = []
    for key, group in sorted(groups.items(), key=lambda item: _WEIGHT[item[0][1]]):
        kept += group
        beyond = counts[key] - PLACES_KEPT
        if beyond > 0:
            kept.append(_more(group[0].finding, beyond))
    if len(kept) <= MAX_FINDINGS:
        return kept
    return [*kept[:MAX_FINDINGS], _cut(kept[MAX_FINDINGS:])]


def _more(first: Finding, beyond: int) -> PlacedFinding:
    return PlacedFinding(
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


def _cut(left: Sequence[PlacedFinding]) -> PlacedFinding:
    beyond = sum(made.finding.count for made in left)
    return PlacedFinding(
        Finding(
            "CHO-CONSTATS",
            left[0].finding.severity,
            CHORALE,
            f"{beyond} autres constats ne sont pas listés : corrigez d'abord ceux qui précèdent.",
            f"{beyond} more findings are not listed: correct those above first.",
            count=beyond,
        )
    )


_MARKUP = re.compile(r"<(?:!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>|([^/!?]))", re.DOTALL)
"""What begins with ``<``; the group is there for a start tag only. No value of an attribute holds a ``<`` (XML 2.3)."""
_START_TAG = re.compile(r"<(?=([^/!?]))")
"""The same where nothing but tags begins with ``<``: most documents, and three times as fast."""
_NO_TAG = re.compile(r"<[!?]")


def _positions(content: bytes, root: Any, wanted: set[Any]) -> dict[Any, tuple[int, int | None]]:
    """Line and column (both from 1) of the wanted elements' start tags; empty when they cannot be told.

    The document was parsed: the start tags of its text, in order, are its elements.
    """
    if root is None or not content or len(content) > EXACT_UP_TO:
        return {}
    by_index = _indexes(root, wanted)
    try:
        text = content.removeprefix(BOM_UTF8).decode(root.getroottree().docinfo.encoding or "UTF-8")
    except (LookupError, ValueError):
        return {}
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found: dict[Any, tuple[int, int | None]] = {}
    line, counted = 1, 0
    declared = text.find("?>") if text.startswith("<?xml") else 0
    markup = _MARKUP if _NO_TAG.search(text, max(declared, 0)) else _START_TAG
    for index, at in enumerate(match.start() for match in markup.finditer(text) if match[1]):
        if index in by_index:
            line += text.count("\n", counted, at)
            counted = at
            found[by_index[index]] = (line, at - text.rfind("\n", 0, at))
            if len(found) == len(by_index):
                break
    return found


def _indexes(root: Any, wanted: set[Any]) -> dict[int, Any]:
    """The wanted elements below ``root`` by their rank among its elements, in the order of the document."""
    found: dict[int, Any] = {}
    for index, element in enumerate(root.iter("*")):
        if element in wanted:
            found[index] = element
            if len(found) == len(wanted):
                break
    return found
