"""The XML schema of a form: compiled when first needed, once per process; its faults as French findings."""

import re
from functools import cache
from typing import Any

from lxml import etree

from chorale.domain.findings import Severity
from chorale.domain.syntaxes import DocumentForm
from chorale.formats.judging.places import PREFIXES, xpath_of
from chorale.formats.notes import PlacedFinding, note, shorten
from chorale.formats.reading.document import term_at

SCHEMA_OF_FORM = {
    DocumentForm.UBL_INVOICE: "ubl-invoice",
    DocumentForm.UBL_CREDIT_NOTE: "ubl-credit-note",
    DocumentForm.CII: "cii",
    DocumentForm.CPP: "cpp",
}
"""CII D16B is checked by the D22B schema: equal verdicts, and no code list of 2016 to refuse newer codes."""
LABELS = {
    "ubl-invoice": "UBL 2.1 Invoice",
    "ubl-credit-note": "UBL 2.1 CreditNote",
    "cii": "CII D22B",
    "cpp": "CPPFacturePivot",
}
MAX_ERRORS = 2_000
LOOKED_INTO = 5
"""Unexpected elements of a document for which a missing one before them is looked for."""
NAMES_TRIED = 3
"""Expected names that are tried for each, the last ones first: an optional element is named before a mandatory one.
Each try costs a validation."""
_UNEXPECTED = re.compile(r"This element is not expected\. Expected is (?:one of )?\(([^)]*)\)")
_POSITION = re.compile(r"\[\d+\]")
_NAME = re.compile(r"\{([^}]*)\}([\w.\-]+)")


@cache
def schema(name: str) -> etree.XMLSchema:
    """A compiled schema of the references package; unknown names raise KeyError."""
    from chorale_references import schema_path

    return etree.XMLSchema(etree.parse(str(schema_path(name))))


def schema_notes(root: Any, name: str) -> list[PlacedFinding]:
    """What the schema ``name`` does not accept below ``root``; empty when the document is valid."""
    compiled = schema(name)
    if compiled.validate(root):
        return []
    source = f"XSD {LABELS.get(name, name)}"
    found: list[PlacedFinding] = []
    tree = root.getroottree()
    for entry in iter(compiled.error_log):  # type: ignore[call-overload]
        missing = _missing(entry, tree, compiled, source) if len(found) < LOOKED_INTO else None
        found.append(missing or _note(entry, tree, source, search=len(found) < 100))
        if len(found) == MAX_ERRORS:
            break
    return found


def _missing(entry: Any, tree: Any, compiled: etree.XMLSchema, source: str) -> PlacedFinding | None:
    """The note on a mandatory element that is not there, when that is why the next one is not expected.

    The validator says "not expected" of both an element that is in the wrong place and of one before which something
    misses: with what it expects put there, the second one is accepted.
    """
    expected = _UNEXPECTED.search(entry.message)
    element = _element(entry, tree) if expected else None
    parent = element.getparent() if element is not None else None
    if expected is None or parent is None:
        return None
    names = [name.strip() for name in expected[1].split(",")]
    for name in reversed(names[-NAMES_TRIED:]):
        if not name or "*" in name or parent.find(name) is not None:
            continue
        if _accepts(compiled, parent, element, name):
            return _absent_note(parent, element, name, source, entry.message)
    return None


def _accepts(compiled: etree.XMLSchema, parent: Any, element: Any, name: str) -> bool:
    path = parent.getroottree().getpath(element)
    put = etree.Element(name)
    element.addprevious(put)
    try:
        moved = parent.getroottree().getpath(element)
        compiled.validate(parent.getroottree())
        again = {entry.path for entry in iter(compiled.error_log) if "not expected" in entry.message}  # type: ignore[call-overload]
        return moved not in again and path not in again
    finally:
        parent.remove(put)


def _absent_note(parent: Any, element: Any, name: str, source: str, message: str) -> PlacedFinding:
    from chorale.formats.judging.messages.schema import absent
    from chorale.formats.judging.messages.terms import TERMS

    short = _NAME.sub(lambda found: _prefixed(found.group(1), found.group(2)), name)
    before = _NAME.sub(lambda found: _prefixed(found.group(1), found.group(2)), element.tag)
    above = _POSITION.sub("", xpath_of(parent)).split("/")[2:]
    term = term_at("/".join([*above, short]))
    label = f"{TERMS[term]}, {term}" if term in TERMS else ""
    return note(
        "CHO-XSD-ELEMENT", Severity.ERROR, absent(short, label, before), shorten(message, 300), source=source,
        term=term if label else "", expected=short, element=parent, missing=short,
    )  # fmt: skip


def _note(entry: Any, tree: Any, source: str, *, search: bool) -> PlacedFinding:
    # Its patterns are compiled when a document is not valid: most are.
    from chorale.formats.judging.messages.schema import explain

    message = _NAME.sub(lambda name: _prefixed(name.group(1), name.group(2)), entry.message)
    told = explain(message)
    return note(
        told.code, Severity.ERROR, told.french, shorten(message, 300), source=source, value=told.value,
        expected=told.expected,
        line=entry.line or None, element=_element(entry, tree) if search else None,
    )  # fmt: skip


def _prefixed(space: str, local: str) -> str:
    prefix = PREFIXES.get(space)
    return f"{prefix}:{local}" if prefix else local


def _element(entry: Any, tree: Any) -> Any:
    """The element of an entry: libxml2 gives its path with the document's own prefixes, or ``*``."""
    spaces = {prefix: space for prefix, space in tree.getroot().nsmap.items() if prefix}
    try:
        found = tree.xpath(entry.path, namespaces=spaces) if entry.path else []
    except etree.XPathError:
        return None
    return found[0] if found and hasattr(found[0], "tag") else None
