"""The PDF around the data: each thing that Factur-X asks for is told when it misses, and ours miss nothing."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chorale.domain.findings import Severity, Verdict
from chorale.formats.judging.validate import validate
from chorale.formats.reading import facturx_container
from chorale.formats.reading.facturx_container import LEVEL_CODE, LEVELS, RULES, metadata_of
from chorale.formats.writing.facturx_pdf import facturx_of
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, StreamObject, TextStringObject

from tests.samples import builders

DAY = date(2026, 11, 23)
PAGE = Path(__file__).parents[3] / "docs" / "facturx-container.md"


def whole() -> bytes:
    """A Factur-X as the hub writes it."""
    invoice = validate(builders.cii(), "f.xml", None, DAY).invoice
    assert invoice is not None
    return facturx_of(invoice)


WHOLE = whole()


def told(content: bytes) -> dict[str, Severity]:
    result = validate(content, "facture.pdf", None, DAY)
    assert result.verdict is Verdict.CONFORMANT
    return {finding.code: finding.severity for finding in result.findings if finding.code.startswith("CHO-PDF")}


def changed(change: Callable[[PdfWriter], object]) -> bytes:
    """The whole one with a change to its objects."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(WHOLE)))
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def without(name: str) -> Callable[[PdfWriter], None]:
    return lambda writer: writer.root_object.__delitem__(NameObject(name))


def specification(writer: PdfWriter) -> Any:
    files: Any = writer.root_object["/AF"]
    return files[0].get_object()


def renamed(name: str) -> Callable[[PdfWriter], None]:
    def change(writer: PdfWriter) -> None:
        for key in ("/F", "/UF"):
            specification(writer)[NameObject(key)] = TextStringObject(name)

    return change


def related(relation: str) -> Callable[[PdfWriter], None]:
    def change(writer: PdfWriter) -> None:
        specification(writer)[NameObject("/AFRelationship")] = NameObject(relation)

    return change


def described(old: bytes, new: bytes) -> Callable[[PdfWriter], None]:
    """Other words in the metadata."""

    def change(writer: PdfWriter) -> None:
        stream = StreamObject()
        held: Any = writer.root_object["/Metadata"].get_object()
        before = held.get_data()
        assert old in before
        stream.set_data(before.replace(old, new))
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)

    return change


def out_of_the_tree(writer: PdfWriter) -> None:
    names: Any = writer.root_object["/Names"].get_object()
    names[NameObject("/EmbeddedFiles")][NameObject("/Names")] = ArrayObject()


def test_what_the_hub_writes_meets_all_of_it():
    assert told(WHOLE) == {}


def test_the_pdf_survives_the_way_the_cases_are_made():
    assert told(changed(lambda writer: None)) == {}


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (renamed("facture.xml"), {"CHO-PDF-NOM", "CHO-PDF-XMP-NOM"}),
        (renamed("ZUGFeRD-invoice.xml"), {"CHO-PDF-NOM-ANCIEN", "CHO-PDF-XMP-NOM"}),
        (without("/AF"), {"CHO-PDF-AF"}),
        (out_of_the_tree, {"CHO-PDF-ARBRE"}),
        (related("/Supplement"), {"CHO-PDF-RELATION"}),
        (related("/Unspecified"), {"CHO-PDF-RELATION"}),
        (related("/Source"), set()),
        (related("/Data"), set()),
        (without("/Metadata"), {"CHO-PDF-XMP"}),
        (described(b"</rdf:RDF>", b""), {"CHO-PDF-XMP"}),
        (described(b"<pdfaid:part>3", b"<pdfaid:part>1"), {"CHO-PDF-A3"}),
        (described(b"<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>", b""), {"CHO-PDF-XMP-FACTURX"}),
        (described(b"<fx:ConformanceLevel>EN 16931", b"<fx:ConformanceLevel>EXTENDED"), {LEVEL_CODE}),
        (described(b"<fx:ConformanceLevel>EN 16931", b"<fx:ConformanceLevel>EN <!-- 1 -->16931"), set()),
        (described(b"<fx:Version>1.0", b"<fx:Version>2.0"), {"CHO-PDF-XMP-VERSION"}),
        (described(b"<fx:DocumentType>INVOICE", b"<fx:DocumentType>ORDER"), {"CHO-PDF-XMP-TYPE"}),
        (described(b"<fx:DocumentFileName>factur-x", b"<fx:DocumentFileName>autre"), {"CHO-PDF-XMP-NOM"}),
        (without("/OutputIntents"), {"CHO-PDF-COULEURS"}),
    ],
)
def test_each_thing_that_misses_is_told_and_the_invoice_is_read(change, codes):
    assert set(told(changed(change))) == codes


def test_another_xml_beside_the_data_is_told():
    content = changed(lambda writer: writer.add_attachment("commande.xml", b"<commande/>"))
    assert told(content) == {"CHO-PDF-XML-EN-PLUS": Severity.INFORMATION}


def test_properties_written_as_attributes_are_read_the_same():
    said = metadata_of(
        b"<?xpacket begin='' id='W5M0'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
        b"xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/' pdfaid:part='3' pdfaid:conformance='B' "
        b"xmlns:fx='urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#' fx:ConformanceLevel='BASIC' "
        b"fx:Version='1.0'/>"
        b"</rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    )
    assert (said.part, said.conformance, said.level, said.version) == ("3", "B", "BASIC", "1.0")


@pytest.mark.parametrize("content", [b"", b"<a", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"\xff\xfe"])
def test_metadata_that_is_no_safe_xml_says_nothing(content):
    assert not metadata_of(content).is_readable


@pytest.mark.parametrize(("label", "levels"), LEVELS.items())
def test_each_profile_has_its_level(label, levels):
    assert list(facturx_container.level_notes(levels[0], label)) == []
    assert [made.finding.code for made in facturx_container.level_notes("AUTRE", label)] == [LEVEL_CODE]


def test_the_page_lists_every_check():
    page = PAGE.read_text(encoding="utf-8")
    words = {"warning": Severity.WARNING, "information": Severity.INFORMATION}
    listed = {
        cells[1].strip(" `"): words[cells[2].strip()]
        for line in page.splitlines()
        if len(cells := line.split("|")) > 3 and cells[2].strip() in words
    }
    expected = {rule.code: rule.severity for rule in RULES}
    assert listed == expected | {LEVEL_CODE: Severity.WARNING, "CHO-PDF-SIGNE": Severity.INFORMATION}
