"""Our PDF are PDF/A-3b as far as can be told here, and the checks see what is not."""

from datetime import date
from pathlib import Path

import pytest
from chorale.formats.judging.validate import validate
from chorale.formats.writing.facturx_pdf import facturx_of
from chorale.formats.writing.invoice_page.pdf import pages_of
from chorale_local.example_files import delivery_note

from tests.samples import builders, pdf_a

ROOT = Path(__file__).parents[3]
INVOICE = validate(builders.ubl_invoice(note="Ω € œ 漢"), "f.xml", None, date(2026, 11, 23)).invoice
assert INVOICE is not None
MADE = {
    "pages of an XML": pages_of(INVOICE, b"<Invoice/>"),
    "keyed Factur-X": facturx_of(INVOICE),
    "delivery note of an example": delivery_note(),
    "Factur-X of the examples": (ROOT / "examples" / "facture-facturx.pdf").read_bytes(),
}


@pytest.mark.parametrize("check", pdf_a.CHECKS, ids=lambda check: f"{check.clause} {check.find.__name__}")
@pytest.mark.parametrize("content", MADE.values(), ids=MADE)
def test_what_the_standard_asks_for_is_there(content: bytes, check: pdf_a.Check) -> None:
    assert list(check.find(pdf_a.opened(content))) == []


def test_an_ordinary_pdf_is_told_from_one_that_conforms() -> None:
    clauses = {fault.split(":")[0] for fault in pdf_a.faults(builders.pdf({"facture.xml": b"<a/>"}))}

    assert {"6.2.3", "6.2.11.4"} <= clauses


def test_the_page_of_documentation_is_the_list_of_checks() -> None:
    written = (ROOT / pdf_a.PAGE).read_text(encoding="utf-8")

    assert written == pdf_a.page(), "run python -m tests.samples.pdf_a"
