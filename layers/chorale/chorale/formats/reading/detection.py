"""What some bytes are, by their content and never by a file name. Standard library only."""

import re
from collections.abc import Callable
from enum import StrEnum

from chorale.domain.syntaxes import DocumentForm


class ContentKind(StrEnum):
    """What the first bytes of a file say."""

    EMPTY = "EMPTY"
    XML = "XML"
    PDF = "PDF"
    GZIP = "GZIP"
    ZIP = "ZIP"
    TAR = "TAR"
    PKCS7 = "PKCS7"
    """A signature apart from what it signs, or an envelope around it (CMS, in DER or PEM)."""
    UNKNOWN = "UNKNOWN"


ARCHIVES = frozenset({ContentKind.GZIP, ContentKind.ZIP, ContentKind.TAR})
UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
UTF8_MARK = b"\xef\xbb\xbf"
PDF_MARK = b"%PDF-"
PDF_MARK_WITHIN = 1024
"""Readers of PDF accept bytes before the mark, up to this many."""
TAR_MARK = slice(257, 262)
PROLOGUE = 65_536
"""Characters within which the root element must begin."""
SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
"""Object identifier 1.2.840.113549.1.7.2 in DER."""

UBL_INVOICE_NS = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
UBL_CREDIT_NOTE_NS = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CPP_ROOT = ("", "CPPFacturePivot")
"""Root element of the platform's own format, which has no namespace."""
CII_NS = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
ROOTS = {
    (UBL_INVOICE_NS, "Invoice"): DocumentForm.UBL_INVOICE,
    (UBL_CREDIT_NOTE_NS, "CreditNote"): DocumentForm.UBL_CREDIT_NOTE,
    (CII_NS, "CrossIndustryInvoice"): DocumentForm.CII,
    CPP_ROOT: DocumentForm.CPP,
}
_ROOT_TAG = re.compile(r"<([^\s<>/!?]+)([^<>]*)>")
_NAMESPACE = re.compile(r"""xmlns(?::([^\s=]+))?\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SPACE = " \t\r\n\ufeff"


def _is_pkcs7(start: bytes) -> bool:
    in_pem = start.lstrip().startswith((b"-----BEGIN PKCS7", b"-----BEGIN CMS"))
    return in_pem or (start.startswith(b"\x30") and SIGNED_DATA in start[:32])


def _is_xml(start: bytes) -> bool:
    return start.removeprefix(UTF8_MARK).lstrip().startswith(b"<") or start.startswith(UTF16)


MARKS: tuple[tuple[ContentKind, Callable[[bytes], bool]], ...] = (
    (ContentKind.EMPTY, lambda start: not start.removeprefix(UTF8_MARK).strip()),
    (ContentKind.GZIP, lambda start: start.startswith(b"\x1f\x8b")),
    (ContentKind.ZIP, lambda start: start.startswith((b"PK\x03\x04", b"PK\x05\x06"))),
    (ContentKind.XML, _is_xml),
    (ContentKind.PDF, lambda start: PDF_MARK in start),
    (ContentKind.TAR, lambda start: start[TAR_MARK] == b"ustar"),
    (ContentKind.PKCS7, _is_pkcs7),
)
"""How each kind begins, in the order in which they are tried."""


def looks_like(content: bytes) -> ContentKind:
    """What the first bytes of ``content`` are; nothing is unpacked or parsed."""
    start = content[:PDF_MARK_WITHIN]
    return next((kind for kind, begins in MARKS if begins(start)), ContentKind.UNKNOWN)


def form_of(content: bytes) -> DocumentForm | None:
    """The form of one invoice, from its content; None when it is none that is taken."""
    kind = looks_like(content)
    if kind is ContentKind.PDF:
        return DocumentForm.PDF
    return ROOTS.get(root_name(content)) if kind is ContentKind.XML else None


def root_name(content: bytes) -> tuple[str, str]:
    """Namespace and local name of the root element of an XML text; empty when it cannot be told."""
    text = after_prologue(text_start(content))[0]
    found = _ROOT_TAG.match(text)
    if not found:
        return "", ""
    prefix, _, local = found.group(1).rpartition(":")
    spaces = {declared: double or single for declared, double, single in _NAMESPACE.findall(found.group(2))}
    return spaces.get(prefix, ""), local


def text_start(content: bytes) -> str:
    """The first characters of an XML text, read for its tags only: letters outside ASCII may come out wrong."""
    start = content[: 2 * PROLOGUE]
    if start.startswith((b"\xff\xfe", b"<\x00")):
        return start.decode("utf-16-le", "replace")
    if start.startswith((b"\xfe\xff", b"\x00<")):
        return start.decode("utf-16-be", "replace")
    return start.removeprefix(UTF8_MARK).decode("latin-1")[:PROLOGUE]


def after_prologue(text: str) -> tuple[str, bool]:
    """``text`` from its root element on, and whether a document type declaration was met before it."""
    at = 0
    while True:
        while at < len(text) and text[at] in _SPACE:
            at += 1
        if text.startswith("<?", at):
            at = _past(text, "?>", at)
        elif text.startswith("<!--", at):
            at = _past(text, "-->", at)
        elif text.startswith("<!DOCTYPE", at):
            return text[at:], True
        else:
            return text[at:], False


def _past(text: str, end: str, start: int) -> int:
    found = text.find(end, start)
    return len(text) if found < 0 else found + len(end)
