"""Files inside a deposited document, read again when somebody asks for one."""

import tracemalloc
from datetime import date

import pytest
from chorale.formats.judging.validate import validate
from chorale.formats.reading.attachments import EmbeddedFile, files_in_xml
from chorale.formats.reading.detection import form_of
from chorale.formats.reading.document import Reading
from chorale.formats.reading.files_inside import files_inside
from chorale.formats.reading.xml import parse

from tests.samples import builders
from tests.samples.builders import SampleFile, SampleLine

FILES = (
    SampleFile("bl.csv", b"a;b", "text/csv", "Bon"),
    builders.invoice_pdf("plan.pdf"),
    SampleFile("c.txt", b"x" * 9),
)
MADE = {
    "UBL": builders.ubl_invoice(files=FILES),
    "UBL credit note": builders.ubl_credit_note(files=FILES),
    "CII": builders.cii(files=FILES),
    "CPP": builders.cpp(files=[builders.invoice_pdf(), *FILES]),
    "no file": builders.ubl_invoice(),
}


def told(files: list[EmbeddedFile]) -> list[tuple[str, str, bytes | None]]:
    return [(file.name, file.mime_type, file.content) for file in files]


@pytest.mark.parametrize("content", MADE.values(), ids=MADE)
def test_they_are_those_that_validation_found_in_the_same_order(content: bytes) -> None:
    form = form_of(content)
    assert form is not None

    assert told(files_inside(content)) == told(files_in_xml(Reading(parse(content), form)))


def test_those_of_a_pdf_come_before_those_of_its_data() -> None:
    content = builders.facturx(builders.cii(files=FILES[:1]), others={"photo.png": b"\x89PNG"})
    invoice = validate(content, "f.pdf", None, date(2026, 11, 23)).invoice
    assert invoice is not None

    assert [file.name for file in files_inside(content)] == ["photo.png", "bl.csv"]
    assert [one.name for one in invoice.attachments] == ["photo.png", "bl.csv"]


@pytest.mark.parametrize("content", [b"%PDF-1.7 sans fin", builders.pdf(), b"<Autre/>"], ids=["cut", "bare", "other"])
def test_what_holds_no_data_holds_no_file(content: bytes) -> None:
    assert files_inside(content) == []


def test_a_document_named_by_a_line_is_no_file_of_the_invoice() -> None:
    content = builders.cii(profile=builders.EXTENDED, files=FILES[:1])
    named = content.replace(
        b"</ram:SpecifiedTradeSettlementLineMonetarySummation>",
        b"</ram:SpecifiedTradeSettlementLineMonetarySummation><ram:AdditionalReferencedDocument>"
        b"<ram:IssuerAssignedID>X</ram:IssuerAssignedID><ram:AttachmentBinaryObject filename='ligne.txt'>eA=="
        b"</ram:AttachmentBinaryObject></ram:AdditionalReferencedDocument>",
    )

    assert [file.name for file in files_inside(named)] == ["bl.csv"]


def test_a_large_invoice_takes_little_more_than_its_file() -> None:
    content = builders.ubl_invoice(lines=(SampleLine(),) * 10_000, files=(SampleFile("gros.pdf", b"%PDF-" * 200_000),))
    tracemalloc.start()
    [file] = files_inside(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert file.content is not None
    assert peak < 4 * len(file.content) + 2_000_000
