"""The XML schema of a form: compiled when first needed, once per process; its faults as French findings."""

import re
from functools import cache
from typing import Any

from lxml import etree

from chorale.domain.findings import Severity
from chorale.domain.syntaxes import DocumentForm
from chorale.formats.notes import Note, note, shorten
from chorale.formats.places import PREFIXES

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
_NAME = re.compile(r"\{([^}]*)\}([\w.\-]+)")


@cache
def schema(name: str) -> etree.XMLSchema:
    """A compiled schema of the references package; unknown names raise KeyError."""
    from chorale_references import schema_path

    return etree.XMLSchema(etree.parse(str(schema_path(name))))


def schema_notes(root: Any, name: str) -> list[Note]:
    """What the schema ``name`` does not accept below ``root``; empty when the document is valid."""
    compiled = schema(name)
    if compiled.validate(root):
        return []
    source = f"XSD {LABELS.get(name, name)}"
    found: list[Note] = []
    tree = root.getroottree()
    for entry in iter(compiled.error_log):  # type: ignore[call-overload]
        found.append(_note(entry, tree, source, search=len(found) < 100))
        if len(found) == MAX_ERRORS:
            break
    return found


def _note(entry: Any, tree: Any, source: str, *, search: bool) -> Note:
    # Its patterns are compiled when a document is not valid: most are.
    from chorale.formats.messages.schema import explain

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
