"""What of PDF/A-3b (ISO 19005-3) can be checked with pypdf: each check with its clause and what it looks for.

``python -m tests.samples.pdf_a`` writes ``docs/pdf-a.md`` from this list.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject, StreamObject

PAGE = Path("docs/pdf-a.md")
NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "schema": "http://www.aiim.org/pdfa/ns/schema#",
}
USUAL = frozenset(
    {
        NAMESPACES["rdf"], NAMESPACES["pdfaid"], NAMESPACES["dc"], NAMESPACES["xmp"], "adobe:ns:meta/",
        "http://ns.adobe.com/pdf/1.3/", "http://www.aiim.org/pdfa/ns/extension/", NAMESPACES["schema"],
        "http://www.aiim.org/pdfa/ns/property#", "http://www.w3.org/XML/1998/namespace",
    }
)  # fmt: skip
"""Schemas that need no description of their own."""
RGB = 3
"""Components of the colours that the output intent describes."""
CMYK_OPERATORS = (b"k", b"K")
FORBIDDEN_ACTIONS = frozenset(
    {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition", "/Trans",
     "/GoTo3DView", "/JavaScript"}
)  # fmt: skip
RELATIONSHIPS = frozenset({"/Source", "/Data", "/Alternative", "/Supplement", "/Unspecified"})


@dataclass(frozen=True)
class Document:
    """A PDF, opened."""

    content: bytes
    reader: PdfReader

    @property
    def root(self) -> Any:
        """The catalog."""
        return self.reader.trailer["/Root"].get_object()

    @property
    def xmp(self) -> Any:
        """The metadata packet; an empty element when there is none."""
        if "/Metadata" not in self.root:
            return etree.Element("none")
        packet = self.root["/Metadata"].get_object().get_data()
        return etree.fromstring(packet[packet.index(b"<x:xmpmeta") : packet.rindex(b"<?xpacket")])

    def objects(self) -> Iterator[Any]:
        """Every object of the file."""
        for generation in self.reader.xref.values():
            for number in generation:
                yield self.reader.get_object(number)


Find = Callable[[Document], Iterator[str]]


@dataclass(frozen=True)
class Check:
    """One thing that the standard asks for."""

    clause: str
    what: str
    find: Find
    """The faults."""


def _header(of: Document) -> Iterator[str]:
    first, second = of.content.split(b"\n", 2)[:2]
    if not first.startswith(b"%PDF-1."):
        yield "the first line is no %PDF-1.x"
    if not second.startswith(b"%") or sum(byte > 127 for byte in second[1:5]) < 4:
        yield "the second line is no comment of four bytes above 127"
    if not of.content.rstrip().endswith(b"%%EOF"):
        yield "something follows the end"


def _trailer(of: Document) -> Iterator[str]:
    if "/ID" not in of.reader.trailer:
        yield "no ID"
    if "/Encrypt" in of.reader.trailer:
        yield "encrypted"


def _streams(of: Document) -> Iterator[str]:
    for one in of.objects():
        if isinstance(one, StreamObject):
            filters = str(one.get("/Filter", ""))
            if "LZW" in filters or "Crypt" in filters:
                yield f"filter {filters}"
            if "/F" in one or "/FFilter" in one:
                yield "the content of a stream is outside"


def _output_intent(of: Document) -> Iterator[str]:
    intents = [one.get_object() for one in of.root.get("/OutputIntents", [])]
    if [one["/S"] for one in intents] != ["/GTS_PDFA1"]:
        yield "not one output intent GTS_PDFA1"
        return
    profile = intents[0]["/DestOutputProfile"].get_object()
    if profile["/N"] != RGB or profile.get_data()[36:40] != b"acsp" or profile.get_data()[16:20] != b"RGB ":
        yield "the profile is no ICC profile of RGB"


def _colours(of: Document) -> Iterator[str]:
    for page in of.reader.pages:
        for _, operator in ContentStream(page.get_contents(), of.reader).operations:
            if operator in CMYK_OPERATORS:
                yield "a colour that the output intent does not describe"


def _fonts(of: Document) -> Iterator[str]:
    for page in of.reader.pages:
        resources = page["/Resources"].get_object()
        assert isinstance(resources, DictionaryObject)
        for name, font in resources.get("/Font", DictionaryObject()).items():
            held = font.get_object()
            for below in [one.get_object() for one in held.get("/DescendantFonts", [font])]:
                described = below.get("/FontDescriptor", DictionaryObject()).get_object()
                if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described):
                    yield f"font {name} is not embedded"
                if below.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in below:
                    yield f"font {name} has no CIDToGIDMap"
            if "/ToUnicode" not in held:
                yield f"font {name} has no ToUnicode"


def _letters(of: Document) -> Iterator[str]:
    if any("\ufffd" in page.extract_text() or "\x00" in page.extract_text() for page in of.reader.pages):
        yield "a letter without a shape or a meaning"


def _actions(of: Document) -> Iterator[str]:
    names = of.root.get("/Names", DictionaryObject()).get_object()
    if (
        "/JavaScript" in names
        or "/AA" in of.root
        or "/XFA" in of.root.get("/AcroForm", DictionaryObject()).get_object()
    ):
        yield "scripts"
    for one in of.objects():
        if isinstance(one, dict) and one.get("/S") in FORBIDDEN_ACTIONS:
            yield f"action {one['/S']}"


def _transparency(of: Document) -> Iterator[str]:
    for one in of.objects():
        if isinstance(one, dict) and (one.get("/ca", 1) != 1 or one.get("/CA", 1) != 1 or "/SMask" in one):
            yield "transparency without a colour space for blending"


def _metadata(of: Document) -> Iterator[str]:
    if "/Metadata" not in of.root:
        yield "no XMP"
    elif "/Filter" in of.root["/Metadata"].get_object():
        yield "the XMP is compressed"


def _identification(of: Document) -> Iterator[str]:
    said = [of.xmp.xpath(f"string(//pdfaid:{name})", namespaces=NAMESPACES) for name in ("part", "conformance")]
    if said != ["3", "B"]:
        yield f"identified as {said}"


def _same_words(of: Document) -> Iterator[str]:
    title = of.xmp.xpath("string(//dc:title//rdf:li)", namespaces=NAMESPACES)
    held = of.reader.metadata
    if not title:
        yield "no title"
    if held is not None and held.title not in (None, title):
        yield "the title of the XMP is not that of the document information"


def _extensions(of: Document) -> Iterator[str]:
    described = set(of.xmp.xpath("//schema:namespaceURI/text()", namespaces=NAMESPACES))
    used = {etree.QName(one).namespace for one in of.xmp.iter(etree.Element)}
    for space in sorted(used - USUAL - described):
        yield f"{space} is used and not described"


def _files(of: Document) -> Iterator[str]:
    names = of.root.get("/Names", DictionaryObject()).get_object()
    tree = names.get("/EmbeddedFiles", DictionaryObject()).get_object()
    listed = [one.get_object() for one in tree.get("/Names", [])[1::2]]
    associated = [one.get_object() for one in of.root.get("/AF", [])]
    if len(listed) != len(associated):
        yield "a file is embedded and not associated"
    for file in associated:
        if file.get("/AFRelationship") not in RELATIONSHIPS:
            yield "a file without relationship"
        if not {"/F", "/UF", "/Desc"} <= set(file):
            yield "a file without name or description"
        stream = file["/EF"]["/F"].get_object()
        if "/Subtype" not in stream or "/ModDate" not in stream.get("/Params", DictionaryObject()).get_object():
            yield "a file without its MIME type or its date"


def _annotations(of: Document) -> Iterator[str]:
    for page in of.reader.pages:
        for one in page.get("/Annots", []):
            if not int(one.get_object().get("/F", 0)) & 4:
                yield "an annotation that is not printed"


CHECKS = (
    Check("6.1.2", "The file begins with its version and four bytes above 127, and ends with `%%EOF`.", _header),
    Check("6.1.3", "The trailer has an ID and no encryption.", _trailer),
    Check("6.1.7", "No stream is filtered by LZW or Crypt, or has its content elsewhere.", _streams),
    Check("6.2.3", "One output intent `GTS_PDFA1` with an ICC profile of RGB.", _output_intent),
    Check("6.2.4", "No colour but grey and RGB, which the output intent describes.", _colours),
    Check("6.2.10", "No transparency.", _transparency),
    Check("6.2.11.4", "Every font is embedded, with `CIDToGIDMap` and `ToUnicode`.", _fonts),
    Check("6.2.11.8", "Every letter has a shape: what the font lacks is replaced before it is drawn.", _letters),
    Check("6.3.2", "Annotations, if any, are printed.", _annotations),
    Check("6.5.1", "No script and no action that runs, plays or sends something.", _actions),
    Check("6.6.2.1", "The catalog has an XMP packet, not compressed.", _metadata),
    Check(
        "6.6.2.3", "Every property of the XMP is of a usual schema or described by an extension schema.", _extensions
    ),
    Check("6.6.3", "There is a title, and the document information, if any, says the same.", _same_words),
    Check("6.6.4", "The XMP says part 3, conformance B.", _identification),
    Check(
        "6.8", "Each embedded file is associated (`AF`) and has relationship, name, description, type and date.", _files
    ),
)
NOT_CHECKED = (
    "the syntax of every object, token by token (6.1.4 to 6.1.13): pypdf forgives what it can read;",
    "widths in the font dictionaries against those in the embedded fonts (6.2.11.5), and the fonts' own tables;",
    "the inside of the ICC profile beyond its signature and colour space (6.2.3);",
    "what a page looks like: that is looked at, on images of the pages, when the layout changes;",
    "the whole profile at once by an independent validator (veraPDF): run it before the first deployment and after an "
    "upgrade of fpdf2, on `examples/facture-facturx.pdf`.",
)


def opened(content: bytes) -> Document:
    """A PDF to check."""
    return Document(content, PdfReader(io.BytesIO(content)))


def faults(content: bytes) -> list[str]:
    """Every fault found, with its clause."""
    of = opened(content)
    return [f"{check.clause}: {fault}" for check in CHECKS for fault in check.find(of)]


def page() -> str:
    """The page of documentation."""
    rows = "\n".join(f"| {check.clause} | {check.what} |" for check in CHECKS)
    left = "\n".join(f"- {item}" for item in NOT_CHECKED)
    return f"""# PDF/A-3b

Pages of invoices, keyed Factur-X and `examples/facture-facturx.pdf` are PDF/A-3b (ISO 19005-3), which Factur-X asks
for. They are written by fpdf2 with `enforce_compliance`; tests check what the standard asks for as far as pypdf can
tell (`tests/samples/pdf_a.py`, from which `make generate` writes this page).

## Checked by tests

| clause | what |
| --- | --- |
{rows}

## Not checked here

{left}
"""
