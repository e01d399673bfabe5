"""A value is the whole text of its element: comments, instructions and CDATA anywhere change nothing."""

import re
from dataclasses import replace
from datetime import date

import pytest
from chorale.domain.findings import Verdict
from chorale.formats.budget import Budget
from chorale.formats.judging.validate import Validation, validate
from chorale.formats.reading.cpp_members import units
from chorale.formats.writing.cpp_statut import invoice_statuses, read_life_cycle
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import NOW, summary
from tests.samples import builders

DAY = date(2026, 11, 23)
PARTS = {"note": "Merci de régler", "service": "SERVICE-1", "commitment": "EJ-7", "files": [builders.SampleFile()]}
DOCUMENTS = {
    "UBL invoice": builders.ubl_invoice(**PARTS),
    "UBL credit note": builders.ubl_credit_note(**PARTS),
    "CII": builders.cii(**PARTS),
    "platform's own format": builders.cpp(),
    "UBL with faults": builders.ubl_invoice(currency="EUX", means="77", vat_number="FR00990000077", number="n° 1"),
}
INSIDE = st.sampled_from(["<!-- n° -->", "<!---->", "<?note lu ?>", "<!-- 1 --><?a b?><!-- 2 -->"])
_TEXT = re.compile(rb"(?<=>)([^<>]+)(?=<)")


def said(checked: Validation) -> object:
    """What a validation says of a document, places in its text left out."""
    findings = tuple(replace(finding, line=None, column=None) for finding in checked.findings)
    return checked.verdict, checked.invoice, findings, checked.profile, checked.frame, checked.identity


def scattered(content: bytes, data: st.DataObject) -> bytes:
    """``content`` with comments and instructions put at some places of its text, between tags and inside values."""
    places = [at for found in _TEXT.finditer(content) for at in range(found.start(), found.end() + 1)]
    # A character of several bytes is not cut in two.
    places = [at for at in places if at == len(content) or content[at] & 0xC0 != 0x80]
    chosen = data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=8, unique=True))
    for at in sorted(chosen, reverse=True):
        content = content[:at] + data.draw(INSIDE).encode() + content[at:]
    return content


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(DOCUMENTS)), st.data())
def test_comments_and_instructions_anywhere_change_nothing(name, data):
    content = DOCUMENTS[name]

    changed = validate(scattered(content, data), name, None, DAY)

    assert said(changed) == said(validate(content, name, None, DAY))


@pytest.mark.parametrize("form", ["ubl_invoice", "ubl_credit_note", "cii", "cpp"])
@pytest.mark.parametrize(
    "written", ["DBL-<!-- n° -->0001", "DBL-<?n suite?>0001", "<![CDATA[DBL-]]>0001", "<!-- a -->DBL-0001<!-- b -->"]
)
def test_a_number_is_read_whole_whatever_lies_inside(form, written):
    content = getattr(builders, form)(number="DBL-0001").replace(b"DBL-0001", written.encode(), 1)

    checked = validate(content, "facture.xml", None, DAY)

    assert (checked.verdict, checked.identity.number) == (Verdict.CONFORMANT, "DBL-0001")
    assert checked.invoice is not None
    assert checked.invoice.number == "DBL-0001"


def test_a_value_shown_by_a_finding_is_whole():
    content = builders.ubl_invoice(currency="EUX").replace(
        b"<cbc:DocumentCurrencyCode>EUX", b"<cbc:DocumentCurrencyCode>E<!-- devise -->UX"
    )

    shown = {finding.code: finding.value for finding in validate(content, "f.xml", None, DAY).findings}

    assert shown["CHO-DEVISE"] == "EUX"


def test_the_data_of_a_pdf_is_read_whole():
    data = builders.cii(number="DBL-0001").replace(b"DBL-0001", b"DBL-<!-- 2 -->0001")

    checked = validate(builders.facturx(data), "facture.pdf", None, DAY)

    assert checked.identity.number == "DBL-0001"


def test_each_invoice_of_a_file_of_many_is_read_whole():
    content = builders.cpp(builders.sample(number="DBL-0001"), builders.sample(number="DBL-0002"))
    content = content.replace(b"DBL-000", b"DBL-<!-- n -->000")

    numbers = [validate(one, "f.xml", None, DAY).identity.number for one in units(content, Budget())]

    assert numbers == ["DBL-0001", "DBL-0002"]


def test_a_life_cycle_file_is_read_whole():
    row = summary(number="F-12")
    content = invoice_statuses([row], "DEMO01", "X-1", NOW).replace(b"F-12", b"F-<!-- n -->12")

    [line] = read_life_cycle(content)

    assert line.number == "F-12"
