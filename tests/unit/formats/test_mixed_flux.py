"""Mixed flux (E2): data and, inside, the invoice itself as a PDF; the platform's own format among them."""

from datetime import date

import pytest
from chorale.domain.findings import Severity, Verdict
from chorale.domain.invoices.invoice import DocumentKind
from chorale.domain.syntaxes import DocumentForm, Syntax
from chorale.formats.judging.validate import Validation, validate
from chorale.formats.reading.files_inside import files_inside
from chorale.formats.reading.members import Member, RefusedFile, unpack

from tests.samples import builders, hostile
from tests.samples.builders import SampleFile, invoice_pdf, sample

TODAY = date(2026, 11, 23)
UBL_MIN, CII_MIN, CPP_MIN = Syntax.UBL_INVOICE_MIN, Syntax.CII_MIN_16B, Syntax.CPP_FACTURE_MIN
MAKERS = {UBL_MIN: builders.ubl_invoice, CII_MIN: builders.cii, CPP_MIN: builders.cpp}
every_mixed_syntax = pytest.mark.parametrize("syntax", MAKERS)


def checked(syntax: Syntax, content: bytes) -> Validation:
    return validate(content, "facture.xml", syntax, TODAY)


def codes(result: Validation, severity: Severity = Severity.ERROR) -> list[str]:
    return [finding.code for finding in result.findings if finding.severity is severity]


@every_mixed_syntax
def test_an_invoice_with_its_pdf_is_conformant(syntax: Syntax) -> None:
    result = checked(syntax, MAKERS[syntax](files=[invoice_pdf()], profile=""))
    assert (result.verdict, codes(result)) == (Verdict.CONFORMANT, [])
    assert result.invoice is not None
    assert result.invoice.attachments[0].name == "facture.pdf"


@every_mixed_syntax
@pytest.mark.parametrize("files", [[], [SampleFile()]], ids=["no file", "another file"])
def test_without_its_pdf_it_is_refused_and_told_what_to_attach(syntax: Syntax, files: list[SampleFile]) -> None:
    result = checked(syntax, MAKERS[syntax](files=files, profile=""))
    assert codes(result) == ["CHO-MIXTE-PDF"]
    assert "joignez-la" in result.findings[0].message


@every_mixed_syntax
@pytest.mark.parametrize(
    ("pdf", "why"),
    [
        (b"%PDF-1.7 rien", "CHO-PDF-ILLISIBLE"),
        (next(iter(hostile.ACTIVE_PDFS.values())), "CHO-PDF-ACTIF"),
    ],
)
def test_a_pdf_that_nobody_could_read_safely_is_refused(syntax: Syntax, pdf: bytes, why: str) -> None:
    result = checked(syntax, MAKERS[syntax](files=[invoice_pdf(content=pdf)], profile=""))
    assert codes(result) == ["CHO-MIXTE-PDF-REFUSE"]
    assert result.findings[0].value == why


@every_mixed_syntax
def test_a_signature_inside_the_pdf_is_reported_and_kept(syntax: Syntax) -> None:
    signed = hostile.facturx_with(b"/AcroForm << /SigFlags 3 /Fields [] >>")
    result = checked(syntax, MAKERS[syntax](files=[invoice_pdf(content=signed)], profile=""))
    assert result.verdict is Verdict.CONFORMANT
    assert "CHO-PDF-JOINT-SIGNE" in codes(result, Severity.INFORMATION)


def test_the_same_document_announced_as_structured_data_needs_no_pdf() -> None:
    assert checked(Syntax.UBL_INVOICE, builders.ubl_invoice()).verdict is Verdict.CONFORMANT


@pytest.mark.parametrize(
    ("syntax", "content"),
    [(UBL_MIN, builders.cii()), (CII_MIN, builders.cpp()), (CPP_MIN, builders.ubl_invoice())],
)
def test_another_form_than_the_announced_one_is_named(syntax: Syntax, content: bytes) -> None:
    result = checked(syntax, content)
    assert codes(result) == ["CHO-SYNTAXE"]


# The platform's own format


def test_the_platform_format_is_read_whole() -> None:
    result = checked(CPP_MIN, builders.cpp(commitment="EJ-1", service="SRV", files=[invoice_pdf(), SampleFile()]))
    invoice = result.invoice
    assert result.form is DocumentForm.CPP
    assert invoice is not None
    assert (invoice.number, invoice.kind, invoice.issue_date) == ("F-2026-001", DocumentKind.INVOICE, builders.DAY)
    assert (invoice.supplier.identifier, invoice.supplier.identifier_scheme) == (builders.SUPPLIER, "1")
    assert invoice.buyer.identifier == builders.NO_REQUIREMENT
    assert (invoice.service_code, invoice.commitment, invoice.contract) == ("SRV", "EJ-1", "M-2026-7")
    totals = sample()
    assert (invoice.totals.net, invoice.totals.vat, invoice.totals.gross) == (totals.net, totals.vat, totals.gross)
    assert [line.amount for line in invoice.tax_lines] == [amount for _, _, amount in totals.taxes]
    assert len(invoice.lines) == 1
    assert [file.name for file in invoice.attachments] == ["facture.pdf", "bon.txt"]
    assert invoice.iban == builders.IBAN


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("<Cadre>A1</Cadre>", "<Cadre>Z9</Cadre>", "CHO-CADRE-INCONNU"),
        ("<Devise>EUR</Devise>", "<Devise>XQZ</Devise>", "CHO-DEVISE"),
        ("<Id>F-2026-001</Id>", "<Id>F 2026</Id>", "CHO-NUMERO-FORME"),
        (f"<Identifiant>{builders.SUPPLIER}</Identifiant>", "<Identifiant>123</Identifiant>", "CHO-FOURN-FORME"),
        ("2026-11-02</DateEmissionFacture>", "2026-02-30</DateEmissionFacture>", "CHO-DATE-ILLISIBLE"),
        (builders.IBAN, "FR7630006000011234567890180", "CHO-IBAN-CLE"),
        ("<MontantTTC>150.00", "<MontantTTC>cent", "CHO-XSD-VALEUR"),
        ("<Type>380</Type>", "", "CHO-XSD-ELEMENT"),
    ],
)
def test_the_rules_of_the_platform_hold_for_its_own_format(before: str, after: str, code: str) -> None:
    content = builders.cpp().decode()
    assert before in content
    result = checked(CPP_MIN, content.replace(before, after).encode())
    assert code in codes(result), result.findings


def test_an_account_number_that_is_no_iban_and_says_so_is_taken() -> None:
    content = (
        builders.cpp().replace(b'Type="IBAN"', b'Type="RIB"').replace(builders.IBAN.encode(), b"30006000011234567")
    )
    assert codes(checked(CPP_MIN, content)) == []


def test_one_file_brings_each_of_its_invoices() -> None:
    content = builders.cpp(*(sample(number=f"F-{n}", files=[invoice_pdf()]) for n in (1, 2, 3)))
    members = unpack(content, "lot.xml", CPP_MIN)
    assert [(member.rank, member.name) for member in members] == [(1, "lot.xml"), (2, "lot.xml"), (3, "lot.xml")]
    results = [checked(CPP_MIN, member.content) for member in members]
    assert [result.verdict for result in results] == [Verdict.CONFORMANT] * 3
    assert [result.invoice.number for result in results if result.invoice] == ["F-1", "F-2", "F-3"]


def test_files_of_several_invoices_travel_in_an_archive_too() -> None:
    two = builders.cpp(*(sample(number=f"F-{n}", files=[invoice_pdf()]) for n in (1, 2)))
    members = unpack(builders.zip_of({"a.xml": two, "b.xml": b"<CPPFacturePivot>"}), "lot.zip", CPP_MIN)
    assert [(member.rank, member.name) for member in members] == [(1, "a.xml"), (2, "a.xml"), (3, "b.xml")]


def test_a_file_of_too_many_invoices_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chorale.formats.reading.cpp_members.MAX_MEMBERS", 2)
    content = builders.cpp(*(sample(number=f"F-{n}") for n in (1, 2, 3)))
    with pytest.raises(RefusedFile) as refused:
        unpack(content, "lot.xml", CPP_MIN)
    assert [finding.code for finding in refused.value.findings] == ["CHO-ARCHIVE-MEMBRES"]


# Signatures beside a file

SIGNATURE = b"-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----\n"


def test_a_detached_signature_goes_with_the_file_that_it_signs() -> None:
    ubl = builders.ubl_invoice()
    packed = builders.zip_of({"1.xml.p7s": SIGNATURE, "1.xml": ubl, "2.xml": ubl})
    members = unpack(packed, "lot.zip", Syntax.UBL_INVOICE)
    assert members == [Member(1, "1.xml", ubl, "1.xml.p7s"), Member(2, "2.xml", ubl)]


def test_it_is_reported_with_the_verdict() -> None:
    result = validate(builders.ubl_invoice(), "1.xml", Syntax.UBL_INVOICE, TODAY, None, "1.xml.p7s")
    assert result.verdict is Verdict.CONFORMANT
    assert "CHO-SIGNATURE-DETACHEE" in codes(result, Severity.INFORMATION)


def test_a_signature_without_its_file_is_refused_as_such() -> None:
    [member] = unpack(builders.zip_of({"autre.p7s": SIGNATURE}), "lot.zip", Syntax.UBL_INVOICE)
    assert codes(checked(Syntax.UBL_INVOICE, member.content)) == ["CHO-SIGNATURE-SEULE"]


# What a file announces, and files in the form that the platform writes them


@pytest.mark.parametrize("count", [1, 2])
def test_another_number_of_invoices_than_announced_is_refused_with_both(count: int) -> None:
    units = [sample(number=f"F-{n}", files=[invoice_pdf()]) for n in range(count)]
    content = builders.cpp(*units).replace(f'Compteur="{count}"'.encode(), b'Compteur="5"')
    try:
        members = unpack(content, "f.xml", CPP_MIN)
        findings = checked(CPP_MIN, members[0].content).findings
    except RefusedFile as refused:
        findings = refused.findings
    [finding] = findings
    assert finding.code == "CHO-CPP-COMPTEUR"
    assert "annonce 5" in finding.message
    assert f"contient {count}" in finding.message


def test_another_number_of_invoices_than_announced_is_refused_in_an_archive_too() -> None:
    units = [sample(number=f"F-{n}", files=[invoice_pdf()]) for n in range(2)]
    content = builders.cpp(*units).replace(b'Compteur="2"', b'Compteur="5"')
    [member] = unpack(builders.zip_of({"a.xml": content}), "lot.zip", CPP_MIN)
    assert codes(checked(CPP_MIN, member.content)) == ["CHO-CPP-COMPTEUR"]


def test_a_file_as_a_zip_of_itself_and_a_bare_one_are_read_alike() -> None:
    pdf = builders.pdf()
    bare = [invoice_pdf("facture.pdf", pdf), SampleFile("bon.txt", b"bon")]
    packed = [SampleFile(one.name, builders.zip_of({one.name: one.content or b""})) for one in bare]
    for files in (bare, packed):
        content = builders.cpp(files=files)
        result = checked(CPP_MIN, content)
        assert (result.verdict, codes(result)) == (Verdict.CONFORMANT, [])
        assert [file.content for file in files_inside(content)] == [pdf, b"bon"]


def test_a_zip_that_is_attached_as_such_stays_one() -> None:
    package = builders.zip_of({"plan.txt": b"plan"})
    for attached in (package, builders.zip_of({"plans.zip": package})):
        content = builders.cpp(files=[invoice_pdf(), SampleFile("plans.zip", attached)])
        assert files_inside(content)[1].content == package


def test_a_harmful_file_in_its_zip_is_refused() -> None:
    hidden = SampleFile("bon.txt", builders.zip_of({"bon.txt": hostile.eicar()}))
    assert codes(checked(CPP_MIN, builders.cpp(files=[invoice_pdf(), hidden]))) == ["CHO-PJ-VIRUS"]
