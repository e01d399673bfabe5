"""Files inside an invoice: those of a UBL, CII or CPP document, and those of a PDF."""

import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chorale.domain.invoice import Attachment
from chorale.formats.detection import ContentKind, looks_like
from chorale.formats.reading.document import Reading

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

    def described(self) -> Attachment:
        """What the domain keeps of it."""
        return Attachment(self.name, self.mime_type, len(self.content or b""), self.description)


def files_in_xml(reading: Reading) -> list[EmbeddedFile]:
    """The attachments (BG-24) that hold their content; those that only give an address are left out."""
    files = []
    for group in reading.group("BG-24"):
        binary = group.one("BT-125")
        if binary.element is None:
            continue
        kind = group.one("type").text
        files.append(
            EmbeddedFile(
                binary.attribute("filename") or group.one("file name").text,
                binary.attribute("mimeCode") or group.one("mime type").text,
                _decoded(binary.text),
                group.one("BT-123").text,
                kind,
                binary.element,
                MAIN in (kind, group.one("main").text),
            )
        )
    return files


def invoice_file(files: Iterable[EmbeddedFile]) -> EmbeddedFile | None:
    """The PDF that is the invoice itself: the one that says so, else the first PDF; None when there is no PDF."""
    pdfs = [file for file in files if file.content and looks_like(file.content) is ContentKind.PDF]
    return next((file for file in pdfs if file.is_main), pdfs[0] if pdfs else None)


def _decoded(text: str) -> bytes | None:
    try:
        return binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except (binascii.Error, ValueError):
        return None
