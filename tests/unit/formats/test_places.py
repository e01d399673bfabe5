"""Where a finding is: the line and the column of a start tag, as an XML parser of its own counts them."""

from codecs import BOM_UTF8
from xml.parsers import expat

import pytest
from chorale.domain.findings import Finding, Severity
from chorale.formats.judging.places import findings_of
from chorale.formats.notes import PlacedFinding
from chorale.formats.reading.xml import parse
from hypothesis import given
from hypothesis import strategies as st


def places(content: bytes) -> list[tuple[str, int | None, int | None]]:
    """Tag, line and column of a finding on every element."""
    root = parse(content)
    notes = [
        PlacedFinding(Finding(f"C{rank}", Severity.ERROR, "X", "m"), element)
        for rank, element in enumerate(root.iter())
    ]
    tags = [str(element.tag) for element in root.iter()]
    return [(tag, made.line, made.column) for tag, made in zip(tags, findings_of(notes, content, root), strict=True)]


def counted_by_expat(content: bytes) -> list[tuple[str, int, int]]:
    """The same, by expat."""
    found = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: found.append(
        (name, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
    )
    parser.Parse(content, True)
    return found


PIECES = (
    "<b/>", "<b>é</b>", "<b\n  c='>'\r\n d=\"<!-- --\"/>".replace("<!", "!"), "<!-- <b/> -->", "<![CDATA[<b>]]>",
    "<?p <b/> ?>", "\n", "\r\n", "\r", "texte €", "&lt;b&gt;", "<d><e/></d>", "\t", "<f>]]&gt;</f>", "<!-- é\n -->",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(["", "\n", "<!-- <z> -->\r\n", "<?p x?>"]))
def test_every_start_tag_is_where_a_parser_finds_it(pieces, before):
    content = f"{before}<a>{''.join(pieces)}</a>".encode()

    assert places(content) == counted_by_expat(content)


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-1", "windows-1252"])
def test_columns_are_characters_in_every_encoding(encoding):
    content = f'<?xml version="1.0" encoding="{encoding}"?>\n<a>\n éé<b/></a>'.encode(encoding)

    assert places(content) == [("a", 2, 1), ("b", 3, 4)]


def test_a_byte_order_mark_is_no_character():
    assert places(BOM_UTF8 + b"<a><b/></a>") == [("a", 1, 1), ("b", 1, 4)]
