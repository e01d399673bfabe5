"""Files inside an invoice: those of a UBL or CII document, and those of a PDF."""

import binascii
from dataclasses import dataclass
from typing import Any

from chorale.domain.invoice import Attachment
from chorale.formats.reading.document import Reading


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
        files.append(
            EmbeddedFile(
                binary.attribute("filename"),
                binary.attribute("mimeCode"),
                _decoded(binary.text),
                group.one("BT-123").text,
                group.one("type").text,
                binary.element,
            )
        )
    return files


def _decoded(text: str) -> bytes | None:
    try:
        return binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except (binascii.Error, ValueError):
        return None
