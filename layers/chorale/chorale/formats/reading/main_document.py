"""The main document of a works paper: the one PDF that people read."""

from chorale.formats.reading.attachments import files_in_xml, invoice_file
from chorale.formats.reading.detection import ROOTS, ContentKind, looks_like
from chorale.formats.reading.document import Reading
from chorale.formats.reading.xml import parse


def main_document(content: bytes, file_name: str) -> tuple[str, bytes]:
    """Name and bytes of the main document of a deposited paper: the file itself, or the PDF inside it.

    The paper was found conformant before: it is a PDF or holds one.
    """
    if looks_like(content) is ContentKind.PDF:
        return file_name, content
    root = parse(content)
    space, _, local = root.tag[1:].rpartition("}")
    found = invoice_file(files_in_xml(Reading(root, ROOTS[space, local])))
    assert found is not None
    assert found.content is not None
    return found.name, found.content
