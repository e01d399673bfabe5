"""Files inside an invoice: those of a UBL, CII or CPP document, and those of a PDF."""

import binascii
import io
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chorale.domain.invoices.file_checks import extension_of
from chorale.domain.invoices.invoice import Attachment
from chorale.formats.budget import Budget
from chorale.formats.reading.detection import ContentKind, looks_like
from chorale.formats.reading.document import Reading, Terms

ATTACHMENTS = "BG-24"
CPP_CONTENT = "Contenu"
"""Element of the platform's own format that holds a file."""
ZIP_ENTRY = b"PK\x01\x02"
PART = 1 << 16
MAIN = "01"
"""Type of the file that is the invoice or credit note itself (XSD CPPFacturePivot, TypePJ)."""


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A file inside an invoice; ``content`` is None when its base64 is broken."""

    name: str
    mime_type: str
    content: bytes | None
    description: str = ""
    kind: str = ""
    element: Any = None
    """Where it is in the XML; None for a file inside a PDF."""
    is_main: bool = False
    """Whether the document says that it is the invoice itself (type 01)."""
    reference: str = ""
    """BT-122."""

    def described(self) -> Attachment:
        """What the domain keeps of it."""
        size = len(self.content or b"")
        return Attachment(self.name, self.mime_type, size, self.description, reference=self.reference)


def files_in_xml(reading: Reading, budget: Budget | None = None) -> list[EmbeddedFile]:
    """The attachments (BG-24) that hold their content; those that only give an address are left out.

    What is decoded is counted on ``budget``; raises Refused when it is spent.
    """
    spent = budget or Budget()
    return [file for group in reading.group(ATTACHMENTS) if (file := file_of(group, spent))]


def file_of(group: Terms, budget: Budget) -> EmbeddedFile | None:
    """The file that one occurrence of BG-24 holds; None for one that only names a document."""
    binary = group.one("BT-125")
    if binary.element is None:
        return None
    kind = group.one("type").text
    budget.inflate(len(binary.text) * 3 // 4)
    name = binary.attribute("filename") or group.one("file name").text
    content = _decoded(binary.text)
    if content and binary.element.tag == CPP_CONTENT:
        content = _taken_out(content, name, budget)
    return EmbeddedFile(
        name,
        binary.attribute("mimeCode") or group.one("mime type").text,
        content,
        group.one("BT-123").text,
        kind,
        binary.element,
        MAIN in (kind, group.one("main").text),
        group.one("BT-122").text,
    )


def invoice_file(files: Iterable[EmbeddedFile]) -> EmbeddedFile | None:
    """The PDF that is the invoice itself: the one that says so, else the first PDF; None when there is no PDF."""
    pdfs = [file for file in files if file.content and looks_like(file.content) is ContentKind.PDF]
    return next((file for file in pdfs if file.is_main), pdfs[0] if pdfs else None)


def _taken_out(content: bytes, name: str, budget: Budget) -> bytes:
    """The file itself: the platform's own format writes each as a ZIP of that one file, and some software does not.

    A ZIP that is attached as such is given as it is.
    """
    if looks_like(content) is not ContentKind.ZIP or content.count(ZIP_ENTRY) != 1:
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            [entry] = package.infolist()
            if extension_of(name) == "ZIP" and entry.filename != name:
                return content
            parts = []
            with package.open(entry) as inside:
                while part := inside.read(PART):
                    budget.inflate(len(part))
                    parts.append(part)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error):
        return content
    return b"".join(parts)


def _decoded(text: str) -> bytes | None:
    try:
        return binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except (binascii.Error, ValueError):
        return None
