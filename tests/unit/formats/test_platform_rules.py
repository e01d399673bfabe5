"""The platform's rules, one row each: what a document says, and the codes that it gets."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from chorale.domain.findings import Severity, Verdict
from chorale.domain.frames import FRAME_ROWS, Frame
from chorale.domain.invoices.attachments import EXTENSIONS
from chorale.domain.syntaxes import Syntax
from chorale.domain.works.chain import WORKS_FRAMES
from chorale.formats.judging.platform_rules import RULES
from chorale.formats.judging.validate import Validation, validate

from tests.samples import builders, hostile
from tests.samples.builders import SampleFile, SampleLine

DAY = date(2026, 11, 23)
FORMS = {"UBL": builders.ubl_invoice, "CII": builders.cii}


def checked(content: bytes) -> Validation:
    return validate(content, "facture", None, DAY)


def ours(result: Validation, severity: Severity = Severity.ERROR) -> set[str]:
    return {f.code for f in result.findings if f.code.startswith("CHO-") and f.severity is severity}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("parts", "codes"),
    [
        ({}, set()),
        # number
        ({"number": "F-2026_0+1/AZ"}, set()),
        ({"number": "12345678901234567890"}, set()),
        ({"number": "123456789012345678901"}, {"CHO-NUMERO-LONG"}),
        ({"number": "F 12"}, {"CHO-NUMERO-FORME"}),
        ({"number": "FÉV-12"}, {"CHO-NUMERO-FORME"}),
        ({"number": "F#12.a"}, {"CHO-NUMERO-FORME"}),
        # type
        ({"type_code": "386"}, set()),
        ({"type_code": "384", "origin": "F-1"}, set()),
        ({"type_code": "384", "origin": "F-2026-001"}, {"CHO-RECTIFICATIVE-NUMERO"}),
        ({"type_code": "389"}, {"CHO-TYPE"}),
        ({"type_code": "751"}, {"CHO-TYPE"}),
        # dates
        ({"issued": DAY}, set()),
        ({"issued": DAY + timedelta(days=1)}, {"CHO-DATE-FUTURE"}),
        # currency
        ({"currency": "USD"}, set()),
        ({"currency": "EURO"}, {"CHO-DEVISE"}),
        # frame
        ({"frame": "A2", "means": "48", "iban": ""}, set()),
        ({"frame": "A2"}, {"CHO-A2-A-PAYER"}),
        ({"frame": "A2", "prepaid": Decimal("150.00")}, set()),
        ({"frame": "A26"}, {"CHO-CADRE-INCONNU"}),
        ({"frame": "S1"}, set()),
        ({"frame": "S11"}, {"CHO-CADRE-INCONNU"}),
        ({"frame": "B3"}, {"CHO-CADRE-INCONNU"}),
        ({"frame": "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"}, set()),
        ({"frame": "urn:fdc:other:1"}, {"CHO-CADRE-INCONNU"}),
        ({"frame": "A1_FACTURE_FOURNISSEUR"}, {"CHO-CADRE-INCONNU"}),
        # supplier
        ({"supplier": ""}, {"CHO-FOURN-ABSENT"}),
        ({"supplier": "990000077", "supplier_scheme": "0002"}, {"CHO-FOURN-SIREN"}),
        ({"supplier": "990 000 077 00018"}, {"CHO-FOURN-FORME"}),
        ({"supplier": "990.000.077.00018"}, {"CHO-FOURN-FORME"}),
        ({"supplier": "99000007700019", "vat_number": ""}, {"CHO-FOURN-CLE"}),
        ({"supplier": "00000000000000", "vat_number": ""}, {"CHO-FOURN-CLE"}),
        ({"supplier": "99000007700018", "supplier_scheme": "0009"}, set()),
        ({"supplier": "X", "supplier_scheme": "0088"}, {"CHO-FOURN-REGISTRE"}),
        ({"supplier": "BE0123456749", "supplier_scheme": "0223", "vat_number": "BE0123456749"}, set()),
        ({"supplier": "CHAcme", "supplier_scheme": "0227", "vat_number": ""}, set()),
        ({"supplier": "123456789", "supplier_scheme": "0228", "vat_number": ""}, set()),
        ({"supplier": "12", "supplier_scheme": "0228", "vat_number": ""}, {"CHO-FOURN-FORME"}),
        # recipient
        ({"recipient": ""}, {"CHO-DEST-ABSENT"}),
        ({"recipient": "123456782"}, {"CHO-DEST-SIREN"}),
        ({"recipient": "1234567820005"}, {"CHO-DEST-FORME"}),
        ({"recipient": "BE0123456749", "recipient_scheme": "0223"}, {"CHO-DEST-FORME"}),
        ({"recipient": "12345678200051 "}, set()),
        # VAT number
        ({"vat_number": "FR21990000077"}, {"CHO-TVA-CLE"}),
        ({"vat_number": "FR 20990000077"}, {"CHO-TVA-CLE"}),
        # routing
        ({"service": "S" * 100, "commitment": "E" * 50, "contract": "M" * 50}, set()),
        ({"service": "S" * 101}, {"CHO-SERVICE-LONG"}),
        ({"commitment": "E" * 51}, {"CHO-EJ-LONG"}),
        ({"contract": "M" * 51}, {"CHO-MARCHE-LONG"}),
        ({"origin": "F" * 20}, set()),
        ({"origin": "F" * 21}, {"CHO-ORIGINE-LONG"}),
        # payment
        ({"means": "58"}, set()),
        ({"means": "48", "iban": ""}, set()),
        ({"means": "30", "iban": ""}, {"CHO-IBAN-ABSENT"}),
        ({"means": "31", "iban": ""}, {"CHO-IBAN-ABSENT"}),
        ({"means": "42", "iban": ""}, {"CHO-IBAN-ABSENT"}),
        ({"means": "58", "iban": ""}, {"CHO-IBAN-ABSENT"}),
        ({"means": "59", "iban": ""}, {"CHO-IBAN-ABSENT"}),
        ({"means": "30", "iban": "FR7630006000011234567890188"}, {"CHO-IBAN-CLE"}),
        ({"means": "30", "iban": "30006 00001 12345678901 89"}, {"CHO-IBAN-CLE"}),
        ({"means": "70"}, {"CHO-PAIEMENT-MODE"}),
        # VAT categories
        ({"category": ""}, {"CHO-TVA-CATEGORIE", "CHO-TVA-CATEGORIE-LIGNE"}),
        ({"category": "X"}, {"CHO-TVA-CATEGORIE-INCONNUE"}),
        # amounts
        ({"lines": (SampleLine(price=Decimal("0.1234567")),)}, {"CHO-MONTANT-FORME"}),
        ({"lines": (SampleLine(quantity=Decimal("10000000000"), price=Decimal("0.01")),)}, {"CHO-QUANTITE-FORME"}),
    ],
)  # fmt: skip
def test_each_rule_refuses_what_it_should_and_nothing_else(form, parts, codes):
    assert ours(checked(FORMS[form](**parts))) == codes


def altered(content: bytes, old: str, new: str) -> bytes:
    assert old.encode() in content
    return content.replace(old.encode(), new.encode(), 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (altered(builders.cii(), "20261102", "20261302"), "CHO-DATE-ILLISIBLE"),
        (altered(builders.cii(), "20261102", "20260230"), "CHO-DATE-ILLISIBLE"),
        (altered(builders.cii(), "20261102", "2026-11-02"), "CHO-DATE-ILLISIBLE"),
        (altered(builders.cii(), "20261202", "20261232"), "CHO-ECHEANCE-ILLISIBLE"),
        (altered(builders.cii(), ">150.00</ram:Grand", ">150.03</ram:Grand"), "CHO-TOTAL-TTC"),
        (altered(builders.cii(), ">150.00</ram:Due", ">149.00</ram:Due"), "CHO-TOTAL-A-PAYER"),
        (altered(builders.cii(), ">25.00</ram:TaxTotal", ">25.03</ram:TaxTotal"), "CHO-TOTAL-TVA"),
        (altered(builders.cii(), ">25.00</ram:Calc", ">26.50</ram:Calc"), "CHO-TVA-MONTANT"),
        (builders.cii(tax_type=""), "CHO-TVA-TYPE"),
        (altered(builders.ubl_invoice(), ">150.00</cbc:TaxInc", ">150.03</cbc:TaxInc"), "CHO-TOTAL-TTC"),
        (altered(builders.ubl_invoice(), ">150.00</cbc:Payable", ">120.00</cbc:Payable"), "CHO-TOTAL-A-PAYER"),
    ],
)
def test_dates_that_do_not_exist_and_totals_that_do_not_add_up_are_refused(content, code):
    assert code in ours(checked(content))


DUE = '<cbc:PayableAmount currencyID="EUR">150.00'
ROUNDED = (
    DUE.replace("Payable", "PayableRounding").replace("150", "5000")
    + "</cbc:PayableRoundingAmount>"
    + DUE.replace("150", "5150")
)
PAYABLE = "<MontantNetAPayer>150.00</MontantNetAPayer>"


@pytest.mark.parametrize("payable", ["9150.00", "150.03", "-0.03", "-150.00"])
def test_in_the_format_of_the_platform_nobody_pays_more_than_the_whole_nor_less_than_nothing(payable):
    asked = altered(builders.cpp(), PAYABLE, PAYABLE.replace("150.00", payable))
    result = validate(asked, "facture.xml", Syntax.CPP_FACTURE_MIN, DAY)
    assert "CHO-TOTAL-A-PAYER-BORNES" in ours(result)


@pytest.mark.parametrize("payable", ["150.00", "0", "1.69", "150.02"])
def test_in_the_format_of_the_platform_a_part_may_have_been_paid(payable):
    asked = altered(builders.cpp(), PAYABLE, PAYABLE.replace("150.00", payable))
    result = validate(asked, "facture.xml", Syntax.CPP_FACTURE_MIN, DAY)
    assert "CHO-TOTAL-A-PAYER-BORNES" not in ours(result)


def test_a_total_in_another_currency_than_the_invoice_is_refused():
    found = ours(
        checked(altered(builders.ubl_invoice(), 'PayableAmount currencyID="EUR"', 'PayableAmount currencyID="USD"'))
    )
    assert "CHO-DEVISE-MONTANT" in found


def test_the_two_identifiers_of_a_supplier_go_together():
    own = '<cbc:CompanyID schemeID="0002">99000007700018</cbc:CompanyID>'
    other = '<cac:PartyIdentification><cbc:ID schemeID="0009">{}</cbc:ID></cac:PartyIdentification>'
    content = builders.ubl_invoice()
    assert own.encode() in content
    for named, refused in (("99000007700018", False), ("99000001000019", True)):
        told = altered(content, "<cac:Party>", f"<cac:Party>{other.format(named)}")
        assert ("CHO-FOURN-CONTRADICTOIRE" in ours(checked(told))) == refused
    siren = altered(
        altered(content, "<cac:Party>", f"<cac:Party>{other.format('99000007700018')}"),
        own,
        own.replace("99000007700018", "990000010"),
    )
    assert "CHO-FOURN-CONTRADICTOIRE" in ours(checked(siren))


@pytest.mark.parametrize(
    ("content", "code", "severity"),
    [
        (builders.cii(frame=""), "CHO-CADRE-ABSENT", Severity.WARNING),
        (altered(builders.cii(), ">10</ram:Billed", ">1</ram:Billed"), "CHO-LIGNE-MONTANT", Severity.WARNING),
        (altered(builders.ubl_invoice(), DUE, ROUNDED), "CHO-ARRONDI", Severity.WARNING),
        (builders.cii(means="1", iban=""), "CHO-PAIEMENT-INDEFINI", Severity.WARNING),
        (builders.cii(recipient="12345678200052"), "CHO-DEST-CLE", Severity.WARNING),
        (builders.cii(vat_number="FR44732829320"), "CHO-TVA-AUTRE-SIREN", Severity.WARNING),
        (builders.cii(vat_number="BE0123456789"), "CHO-TVA-CLE-UE", Severity.WARNING),
        (altered(builders.cii(), "20261202", "20261001"), "CHO-ECHEANCE-AVANT", Severity.WARNING),
        (builders.cii(type_code="384"), "CHO-RECTIFICATIVE-ORIGINE", Severity.WARNING),
        (builders.ubl_credit_note(origin=""), "CHO-AVOIR-ORIGINE", Severity.INFORMATION),
        (builders.cii_credit_note(origin=""), "CHO-AVOIR-ORIGINE", Severity.INFORMATION),
        (builders.cii_credit_note(lines=(SampleLine(quantity=Decimal(-1)),)), "CHO-SIGNE", Severity.WARNING),
    ],
)
def test_what_is_odd_but_can_be_right_does_not_refuse(content, code, severity):
    result = checked(content)
    assert result.verdict is Verdict.CONFORMANT
    assert code in ours(result, severity)


@pytest.mark.parametrize("frame", Frame)
def test_only_the_frames_that_can_be_integrated_today_are_taken(frame):
    refused = "CHO-CADRE-NON-PRIS" in ours(checked(builders.cii(frame=frame.short, means="48", iban="")))
    assert refused is not FRAME_ROWS[frame].accepted_in_flux


PAPER: dict[str, Any] = {"contract": "MARCHE-1", "files": [builders.invoice_pdf()], "means": "48", "iban": ""}


@pytest.mark.parametrize("frame", sorted(WORKS_FRAMES))
@pytest.mark.parametrize("build", [builders.ubl_invoice, builders.cii])
def test_a_works_paper_names_its_contract_and_holds_its_pdf(build, frame):
    whole = build(frame=frame.short, **PAPER)
    assert checked(whole).verdict is Verdict.CONFORMANT
    bare = build(frame=frame.short, **PAPER | {"contract": "", "files": []})
    assert ours(checked(bare)) == {"CHO-TRAVAUX-MARCHE", "CHO-TRAVAUX-PDF"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (builders.cii(frame="A4", type_code="381", origin="F-1", **PAPER), "CHO-TRAVAUX-AVOIR"),
        (builders.ubl_credit_note(frame="A4", **PAPER), "CHO-TRAVAUX-AVOIR"),
        (builders.ubl_invoice(frame="A4", currency="USD", **PAPER), "CHO-TRAVAUX-DEVISE"),
        (builders.cpp(frame="A4", **PAPER), "CHO-TRAVAUX-SYNTAXE"),
        (builders.ubl_invoice(frame="A4", **PAPER | {"files": [SampleFile()]}), "CHO-TRAVAUX-PDF"),
    ],
)
def test_what_no_works_paper_is(content, code):
    assert code in ours(checked(content))


def test_the_pdf_of_a_works_paper_is_looked_into_and_a_facturx_is_its_own():
    active = builders.invoice_pdf(content=next(iter(hostile.ACTIVE_PDFS.values())))
    assert ours(checked(builders.cii(frame="A4", **PAPER | {"files": [active]}))) == {"CHO-MIXTE-PDF-REFUSE"}
    assert ours(checked(builders.facturx(frame="A4", **PAPER | {"files": []}))) == set()


@pytest.mark.parametrize("frame", Frame)
def test_an_invoice_that_somebody_validates_says_who(frame):
    silent = checked(builders.cii(frame=frame.short, means="48", iban=""))
    assert ("CHO-VALIDEUR-ABSENT" in ours(silent)) is (frame in (Frame.A9, Frame.A12))


@pytest.mark.parametrize("build", [builders.ubl_invoice, builders.cii, builders.ubl_credit_note])
@pytest.mark.parametrize("frame", ["A9", "A12"])
def test_the_validator_is_read_from_the_representative_of_the_seller(build, frame):
    result = checked(build(frame=frame, validator="99000001000019"))
    assert result.verdict is Verdict.CONFORMANT
    assert result.invoice is not None
    assert (result.invoice.validator, result.invoice.frame.short) == ("99000001000019", frame)


def test_a_frame_is_found_where_senders_write_it():
    in_guideline = checked(builders.cii(frame="", profile="A2", means="48", iban=""))
    assert (in_guideline.frame, in_guideline.profile, in_guideline.verdict) == (Frame.A2, "", Verdict.CONFORMANT)
    extension = (
        "<ext:UBLExtensions xmlns:ext='urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2'>"
        "<ext:UBLExtension><ext:ExtensionContent><a:FactureExtension xmlns:a='urn:AIFE:Facture:Extension'>"
        "<a:CategoryCode>A2</a:CategoryCode></a:FactureExtension></ext:ExtensionContent></ext:UBLExtension>"
        "</ext:UBLExtensions><cbc:CustomizationID>"
    )
    content = altered(builders.ubl_invoice(frame="", means="48", iban=""), "<cbc:CustomizationID>", extension)
    assert checked(content).frame is Frame.A2


def test_the_siret_counts_wherever_it_is_written():
    as_other_identifier = altered(
        builders.cii(supplier="990000077"),
        "<ram:SellerTradeParty>",
        '<ram:SellerTradeParty><ram:GlobalID schemeID="0009">99000007700018</ram:GlobalID>',
    )
    result = checked(as_other_identifier)
    assert result.verdict is Verdict.CONFORMANT
    assert result.identity.supplier == "99000007700018"


def test_an_older_chorus_ubl_without_categories_is_taken():
    content = builders.ubl_invoice(category="", profile="", frame="")
    content = content.replace(
        b"<cbc:ID>VAT</cbc:ID>\n</cac:TaxScheme>\n</cac:TaxCategory>",
        b"<cbc:TaxTypeCode>TVA</cbc:TaxTypeCode>\n</cac:TaxScheme>\n</cac:TaxCategory>",
    ).replace(
        b"<cbc:ID>VAT</cbc:ID>\n</cac:TaxScheme>\n</cac:ClassifiedTaxCategory>",
        b"<cbc:TaxTypeCode>TVA DEBIT</cbc:TaxTypeCode>\n</cac:TaxScheme>\n</cac:ClassifiedTaxCategory>",
    )
    assert checked(content).verdict is Verdict.CONFORMANT


ATTACHMENTS = [
    (SampleFile(), set()),
    (SampleFile("plan.pdf", builders.pdf(), "application/pdf"), set()),
    (SampleFile("donnees.xml", b"<a/>"), set()),
    (SampleFile(""), {"CHO-PJ-NOM"}),
    (SampleFile("x" * 47 + ".txt"), {"CHO-PJ-NOM-LONG"}),
    (SampleFile("x" * 46 + ".txt"), set()),
    (SampleFile("macro.exe"), {"CHO-PJ-EXTENSION", "CHO-PJ-EXECUTABLE"}),
    (SampleFile("sans-extension"), {"CHO-PJ-EXTENSION"}),
    (SampleFile("archive.7z"), {"CHO-PJ-EXTENSION"}),
    (SampleFile("innocent.pdf", b"MZ\x90\x00"), {"CHO-PJ-EXECUTABLE", "CHO-PJ-PDF"}),
    (SampleFile("faux.pdf", b"du texte"), {"CHO-PJ-PDF"}),
    (SampleFile("casse.xml", b"<a>"), {"CHO-PJ-XML"}),
    (SampleFile("piege.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'), {"CHO-PJ-XML"}),
    (SampleFile(content=None), {"CHO-PJ-BASE64"}),
    (SampleFile(description="d" * 101), {"CHO-PJ-LIBELLE"}),
]  # fmt: skip


@pytest.mark.parametrize(("file", "codes"), ATTACHMENTS)
def test_attachments_of_a_cii_are_checked(file, codes):
    # The schema refuses broken base64 before the rules of the platform do.
    result = checked(builders.cii(profile="", files=[file]))
    expected = {"CHO-XSD-VALEUR"} if file.content is None else codes
    assert ours(result) == expected


def test_attachments_of_a_pdf_are_checked():
    result = checked(builders.facturx(others={"annexe.dwg": b"x"}))
    assert ours(result) == {"CHO-PJ-EXTENSION"}
    taken = checked(builders.facturx(others={"annexe.csv": b"a;b"}))
    assert taken.invoice is not None
    assert [(file.name, file.size) for file in taken.invoice.attachments] == [("annexe.csv", 3)]


def test_an_attachment_above_ten_megabytes_is_refused():
    assert ours(checked(builders.facturx(others={"gros.txt": b"x" * 10_000_001}))) == {"CHO-PJ-TAILLE"}


def test_a_detached_signature_is_reported():
    result = checked(builders.cii(profile="", files=[SampleFile("facture.p7s", b"\x30\x03abc")]))
    assert "CHO-PJ-SIGNATURE" in ours(result, Severity.INFORMATION)
    assert result.verdict is Verdict.CONFORMANT


def test_every_rule_has_a_code_of_its_own_a_source_and_two_sentences():
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.code.startswith(("CHO-", "BR-FR-CPRO-"))
        assert rule.source
        assert rule.french.endswith(".")
        assert rule.english.endswith(".")
        assert rule.french != rule.english


def test_the_list_of_extensions_is_that_of_the_platform():
    assert len(EXTENSIONS) == 37
    assert {"PDF", "XML", "P7S", "ODS"} <= EXTENSIONS


def test_signatures_are_reported_and_not_checked():
    extension = (
        "<ext:UBLExtensions xmlns:ext='urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2'>"
        "<ext:UBLExtension><ext:ExtensionContent><ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'>"
        "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm='a'/><ds:SignatureMethod Algorithm='b'/>"
        "<ds:Reference><ds:DigestMethod Algorithm='c'/><ds:DigestValue>QQ==</ds:DigestValue></ds:Reference>"
        "</ds:SignedInfo><ds:SignatureValue>QQ==</ds:SignatureValue></ds:Signature></ext:ExtensionContent>"
        "</ext:UBLExtension></ext:UBLExtensions><cbc:CustomizationID>"
    )
    in_xml = checked(altered(builders.ubl_invoice(profile="x"), "<cbc:CustomizationID>", extension))
    assert "CHO-XML-SIGNE" in ours(in_xml, Severity.INFORMATION)
    in_pdf = checked(hostile.facturx_with(b"/AcroForm << /SigFlags 3 /Fields [] >>"))
    assert ours(in_pdf, Severity.INFORMATION) == {"CHO-PDF-SIGNE"}
    assert (in_xml.verdict, in_pdf.verdict) == (Verdict.CONFORMANT, Verdict.CONFORMANT)


def test_a_tax_number_that_is_not_for_vat_is_left_alone():
    other = altered(
        builders.ubl_invoice(profile="", vat_number="FR123"), "<cbc:ID>VAT</cbc:ID>", "<cbc:ID>LOC</cbc:ID>"
    )
    assert checked(other).verdict is Verdict.CONFORMANT
