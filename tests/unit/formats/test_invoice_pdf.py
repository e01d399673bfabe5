"""The pages of an invoice: what a reader finds on them, and the parts that make them PDF/A-3b and Factur-X."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from chorale.domain.address import Address
from chorale.domain.directory.structures import Structure
from chorale.domain.frames import Frame
from chorale.domain.french_numbers import money
from chorale.domain.invoices.invoice import Invoice, TaxLine
from chorale.formats.judging.validate import validate
from chorale.formats.writing.facturx_pdf import facturx_of
from chorale.formats.writing.invoice_page import pdf as invoice_pdf
from chorale.formats.writing.invoice_page.pdf import pages_of
from chorale.formats.writing.invoice_page.view import LINES_AT_MOST
from lxml import etree
from pypdf import PdfReader

from tests.samples import builders

VALIDATOR = Structure(10001, "99000001000019", "Demo Titulaire")
NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "fx": "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
    "schema": "http://www.aiim.org/pdfa/ns/schema#",
}


@pytest.fixture(scope="module")
def invoice() -> Invoice:
    """An ordinary invoice, as it is read from UBL."""
    read = validate(builders.ubl_invoice(), "f.xml", None, date(2026, 11, 23)).invoice
    assert read is not None
    return read


def opened(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in opened(content).pages).replace("\xa0", " ")


def xmp_of(content: bytes) -> Any:
    root: Any = opened(content).trailer["/Root"]
    packet = root["/Metadata"].get_data()
    return etree.fromstring(packet[packet.index(b"<x:xmpmeta") : packet.rindex(b"<?xpacket")])


# What a reader finds


def test_the_pages_say_what_the_invoice_says(invoice: Invoice) -> None:
    text = text_of(pages_of(invoice, b"<Invoice/>"))

    assert f"Facture {invoice.number}" in text
    for told in (invoice.supplier.name, invoice.buyer.name, invoice.supplier.identifier, invoice.lines[0].name):
        assert told in text
    for amount in (invoice.totals.net, invoice.totals.gross, invoice.totals.payable):
        assert money(amount, "EUR").replace("\xa0", " ") in text
    assert f"{invoice.issue_date:%d/%m/%Y}" in text


def test_the_data_is_beside_the_pages(invoice: Invoice) -> None:
    assert opened(pages_of(invoice, b"<Invoice/>")).attachments == {"facture.xml": [b"<Invoice/>"]}


def test_lines_beyond_the_first_are_told_and_left_to_the_data(invoice: Invoice) -> None:
    many = replace(invoice, lines=tuple(replace(invoice.lines[0], identifier=str(n)) for n in range(LINES_AT_MOST + 7)))
    assert "7 autres lignes sont dans le fichier de données" in text_of(pages_of(many, b"<Invoice/>"))


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "0,00 €"),
        ("1234.5", "1 234,50 €"),
        ("-1234567.891", "-1 234 567,89 €"),
        ("0.004", "0,00 €"),
    ],
)
def test_money_is_written_as_the_french_do(amount: str, written: str) -> None:
    assert money(Decimal(amount), "EUR").replace("\xa0", " ") == written
    assert money(Decimal(1), "USD").replace("\xa0", " ") == "1,00 USD"


HOSTILE = {
    "markup": "<b>gras</b> & \"cité\" 'aussi'",
    "control characters": "a\x00b\x1bc\u202ed",
    "letters that the font lacks": "漢字 😀 العربية",
    "a word without end": "x" * 5000,
    "line breaks": "a\r\nb\n\n\nc\td",
    "line breaks without end": "a\n" * 2000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_written_in_it_makes_pages(invoice: Invoice, text: str) -> None:
    written = replace(
        invoice,
        note=text,
        supplier=replace(invoice.supplier, name=text, identifier=text, vat_number=text),
        buyer=replace(invoice.buyer, address=Address(text, text, text, text, text, text)),
        commitment=text,
        tax_lines=(replace(invoice.tax_lines[0], exemption_reason=text),),
        totals=replace(invoice.totals, discount=Decimal(1), discount_reason=text),
        lines=(replace(invoice.lines[0], identifier=text, name=text, unit=text, reference=text),),
    )
    assert opened(pages_of(written, b"<Invoice/>")).pages


def test_a_letter_that_the_font_lacks_is_a_question_mark(invoice: Invoice) -> None:
    """PDF/A allows no letter without a shape; the data beside the pages has the name as it is."""
    assert "Société ?? 20 €" in text_of(pages_of(replace(invoice, note="Société 漢字 20 €"), b"<Invoice/>"))


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("e\u0301te\u0301", "été"),
        ("Łódź, Πειραιάς, București, İzmir", "Łódź, Πειραιάς, București, İzmir"),
        ("\uff21\uff22\uff13", "AB3"),
        ("porte\u2011fenêtre", "porte-fenêtre"),
        ("sans\u200blargeur\u202e", "sanslargeur"),
        ("\u1e9e et q\u0307", "ẞ et q\u0307"),
        ("漢字", "??"),
    ],
)
def test_letters_beyond_latin_1_are_drawn_or_take_the_nearest_form(invoice: Invoice, written: str, drawn: str) -> None:
    text = text_of(pages_of(replace(invoice, note=written, remarks=()), b"<Invoice/>"))

    assert drawn in text


def test_two_hundred_lines_with_long_texts_keep_every_word_and_repeat_the_heading(invoice: Invoice) -> None:
    long = " ".join(f"mot{place}" for place in range(400))
    lines = tuple(
        replace(
            invoice.lines[0], identifier=f"L{place}", name=f"Article {place}", description=long if place == 7 else ""
        )
        for place in range(200)
    )
    pages = opened(pages_of(replace(invoice, lines=lines), b"<Invoice/>")).pages
    texts = [page.extract_text() for page in pages]

    assert all(f"Article {place}" in "".join(texts) for place in range(200))
    assert all(f"mot{place}" in "".join(texts) for place in range(400))
    with_lines = [text for text in texts if "Article" in text]
    assert len(with_lines) > 2
    assert all("Désignation" in text and "Montant HT" in text for text in with_lines)
    assert [f"page {place}/{len(pages)}" in text for place, text in enumerate(texts, start=1)] == [True] * len(pages)


@pytest.mark.parametrize("lines", range(10, 40, 2))
def test_a_breakdown_of_ordinary_size_is_on_one_page(invoice: Invoice, lines: int) -> None:
    rates = tuple(
        TaxLine("S", Decimal(rate), Decimal("777.00"), Decimal("1.00")) for rate in ("20", "10", "5.5", "2.1")
    )
    long = replace(invoice, lines=invoice.lines[:1] * lines, tax_lines=rates)
    texts = [page.extract_text().replace("\xa0", " ") for page in opened(pages_of(long, b"<Invoice/>")).pages]

    [shown] = [text for text in texts if "777,00 €" in text]
    assert shown.count("777,00 €") == len(rates)
    assert "Base HT" in shown


def test_endless_texts_on_many_lines_are_cut_at_last(invoice: Invoice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invoice_pdf, "ROWS_AT_MOST", 20)
    line = replace(invoice.lines[0], description="mot " * 1_500)
    pages = opened(pages_of(replace(invoice, lines=(line,) * 12), b"<Invoice/>")).pages
    texts = [page.extract_text() for page in pages]

    assert sum(text.count("(suite dans le fichier de données joint)") for text in texts) == 10
    assert sum(text.count("mot") for text in texts) < 2 * 1_500 + 10 * 160


def test_the_same_invoice_makes_the_same_pages(invoice: Invoice) -> None:
    assert pages_of(invoice, b"<Invoice/>") == pages_of(invoice, b"<Invoice/>")


# What makes it PDF/A-3b


@pytest.mark.parametrize("make", [lambda one: pages_of(one, b"<Invoice/>"), facturx_of], ids=["pages", "factur-x"])
def test_it_has_the_parts_of_pdf_a_3b(invoice: Invoice, make: Any) -> None:
    content = make(invoice)
    root: Any = opened(content).trailer["/Root"]
    metadata = xmp_of(content)

    assert "/Encrypt" not in opened(content).trailer
    assert "/ID" in opened(content).trailer
    [intent] = root["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    assert intent.get_object()["/DestOutputProfile"].get_object().get_data()[36:40] == b"acsp"
    said = {name: metadata.xpath(f"string(//pdfaid:{name})", namespaces=NAMESPACES) for name in ("part", "conformance")}
    assert said == {"part": "3", "conformance": "B"}
    [attached] = root["/AF"]
    assert attached.get_object()["/AFRelationship"] in ("/Alternative", "/Source")
    assert attached.get_object()["/EF"]["/F"].get_object()["/Subtype"] == "/text/xml"


def test_every_font_is_embedded(invoice: Invoice) -> None:
    for page in opened(facturx_of(invoice)).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            below = [one.get_object() for one in font.get_object().get("/DescendantFonts", [font])]
            assert all("/FontFile2" in one["/FontDescriptor"].get_object() for one in below)


# What makes it a Factur-X


def test_the_metadata_says_factur_x_and_describes_its_own_words(invoice: Invoice) -> None:
    metadata = xmp_of(facturx_of(invoice))

    said = {
        name: metadata.xpath(f"string(//fx:{name})", namespaces=NAMESPACES)
        for name in ("DocumentType", "DocumentFileName", "Version", "ConformanceLevel")
    }
    assert said == {
        "DocumentType": "INVOICE",
        "DocumentFileName": "factur-x.xml",
        "Version": "1.0",
        "ConformanceLevel": "EN 16931",
    }
    assert metadata.xpath("string(//schema:namespaceURI)", namespaces=NAMESPACES) == NAMESPACES["fx"]


@pytest.mark.parametrize("frame", [Frame.A1, Frame.A2, Frame.A9, Frame.A12], ids=lambda frame: frame.short)
def test_what_is_read_back_is_what_was_written(invoice: Invoice, frame: Frame) -> None:
    validator = VALIDATOR if frame.validation else None
    paid: dict[str, Any] = {"totals": replace(invoice.totals, payable=Decimal(0))} if frame is Frame.A2 else {}
    written = replace(invoice, frame=frame, validator=validator.identifier if validator else "", note="", **paid)

    verdict = validate(facturx_of(written, validator), "f.pdf", None, date(2026, 11, 23))

    assert verdict.verdict == "conformant", verdict.findings
    read = verdict.invoice
    assert read is not None
    for name in ("number", "kind", "issue_date", "currency", "frame", "validator", "commitment", "service_code"):
        assert getattr(read, name) == getattr(written, name), name
    assert read.totals.net == written.totals.net
    assert read.totals.payable == written.totals.payable
    assert [(line.name, line.net) for line in read.lines] == [(line.name, line.net) for line in written.lines]
