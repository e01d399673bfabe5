"""The files inside a document that was accepted, without keeping the tree of what may be a large invoice."""

import io
from collections.abc import Iterator

from lxml import etree

from chorale.formats.budget import Budget
from chorale.formats.notes import Refused
from chorale.formats.reading.attachments import ATTACHMENTS, EmbeddedFile, file_of
from chorale.formats.reading.detection import ContentKind, form_of, looks_like
from chorale.formats.reading.document import TABLES, Terms
from chorale.formats.reading.terms import group_path

LINES = "BG-25"


def files_inside(content: bytes) -> list[EmbeddedFile]:
    """The files inside a document that was accepted, in the order in which its invoice names them.

    The XML is read without keeping its tree, so that a large invoice takes little more than its own size. A PDF that
    was deposited without data holds none.
    """
    budget = Budget()
    if looks_like(content) is not ContentKind.PDF:
        return list(_streamed(content, budget))
    # pypdf is slow to load, and an XML does without.
    from chorale.formats.reading.facturx import open_accepted

    try:
        contents = open_accepted(content, budget)
    except Refused:
        return []
    return [*contents.files, *_streamed(contents.xml, budget)]


def _streamed(content: bytes, budget: Budget) -> Iterator[EmbeddedFile]:
    form = form_of(content)
    if form is None:
        return
    table = TABLES[form]
    wanted, lines = (group_path(table, group) for group in (ATTACHMENTS, LINES))
    events = etree.iterparse(
        io.BytesIO(content), tag=(wanted[-1], lines[-1]), resolve_entities=False, no_network=True, load_dtd=False
    )
    for _, element in events:
        path = tuple(one.tag for one in reversed([element, *element.iterancestors()]))[1:]
        if path == wanted:
            file = file_of(Terms(element, table.groups[ATTACHMENTS]), budget)
            if file:
                yield file
        if path in (wanted, lines):
            element.clear()
