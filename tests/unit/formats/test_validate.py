"""The verdict on one document, from its bytes: which rules judge it, how much they weigh, what is read from it."""

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from chorale.domain.address import Address
from chorale.domain.findings import Severity, Verdict
from chorale.domain.frames import Frame
from chorale.domain.invoices.invoice import DocumentKind, TaxRegime
from chorale.domain.syntaxes import DocumentForm, Syntax
from chorale.formats.judging import validate as module
from chorale.formats.judging.validate import validate
from chorale.formats.limits import MAX_FINDINGS, PLACES_KEPT

from tests.equality.oracle import Oracle
from tests.samples import builders
from tests.samples.builders import SampleFile, SampleLine

DAY = date(2026, 11, 23)


def checked(content: bytes, syntax: Syntax | None = None, **more):
    return validate(content, "facture", syntax, DAY, **more)


def codes(result, severity: Severity | None = None) -> set[str]:
    return {finding.code for finding in result.findings if severity in (None, finding.severity)}


SAMPLES = {
    "UBL invoice": (builders.ubl_invoice(), "EN16931-UBL"),
    "UBL credit note": (builders.ubl_credit_note(), "EN16931-UBL"),
    "CII invoice": (builders.cii(), "EN16931-CII"),
    "CII credit note": (builders.cii_credit_note(), "EN16931-CII"),
    "CII, all that may be given": (
        builders.cii(
            service="S1", commitment="EJ1", contract="M1", note="Merci", prepaid=Decimal("50.00"), files=[SampleFile()],
            lines=(SampleLine(), SampleLine("Timbres", Decimal(3), Decimal("1.16"), Decimal("5.5"))),
        ),
        "EN16931-CII",
    ),
    "UBL, all that may be given": (
        builders.ubl_invoice(
            service="S1", commitment="EJ1", contract="M1", note="Merci", prepaid=Decimal("50.00"), files=[SampleFile()],
            lines=(SampleLine(), SampleLine("Timbres", Decimal(3), Decimal("1.16"), Decimal("5.5"))),
        ),
        "EN16931-UBL",
    ),
    "Factur-X MINIMUM": (builders.cii(profile=builders.MINIMUM), "FACTURX-MINIMUM"),
    "Factur-X BASIC WL": (builders.cii(profile=builders.BASIC_WL), "FACTURX-BASICWL"),
    "Factur-X BASIC": (builders.cii(profile=builders.BASIC), "FACTURX-BASIC"),
    "Factur-X EXTENDED": (builders.cii(profile=builders.EXTENDED), "FACTURX-EXTENDED"),
}  # fmt: skip


@pytest.fixture(scope="module")
def oracle():
    return Oracle()


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_of_these_tests_are_right_by_the_official_rules_themselves(name, oracle):
    content, rule_set = SAMPLES[name]
    assert oracle.verdict(rule_set, content) == {}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_right_document_is_conformant_without_a_remark(name):
    content, rule_set = SAMPLES[name]
    result = checked(content)
    assert (result.verdict, result.findings, result.rule_sets) == (Verdict.CONFORMANT, (), (rule_set,))


@pytest.mark.parametrize(
    "profile", ["", builders.MINIMUM, builders.BASIC_WL, builders.BASIC, builders.EN16931, builders.EXTENDED]
)
def test_a_facturx_of_each_profile_is_conformant(profile):
    result = checked(builders.facturx(profile=profile), Syntax.FACTURX)
    assert result.verdict is Verdict.CONFORMANT
    assert (result.form, result.syntax, result.profile) == (DocumentForm.PDF, Syntax.FACTURX, profile)


def test_the_xml_of_a_facturx_is_found_under_any_name():
    assert checked(builders.facturx(name="donnees.bin")).verdict is Verdict.CONFORMANT


def test_an_invoice_that_claims_nothing_is_taken_with_the_weaknesses_that_the_platform_bears():
    result = checked(builders.erp_cii(currency="USD"), Syntax.CII_16B)
    assert result.verdict is Verdict.CONFORMANT
    assert {"CHO-CADRE-ABSENT", "CHO-PAIEMENT-INDEFINI", "BR-01", "BR-11", "BR-25"} <= codes(result, Severity.WARNING)


def test_the_same_invoice_without_vat_type_and_category_is_refused():
    result = checked(builders.erp_cii(category="", tax_type=""), Syntax.CII_16B)
    assert result.verdict is Verdict.NON_CONFORMANT
    assert codes(result, Severity.ERROR) == {"CHO-TVA-CATEGORIE", "CHO-TVA-CATEGORIE-LIGNE", "CHO-TVA-TYPE"}


def test_the_same_weaknesses_are_errors_for_one_that_claims_the_standard():
    result = checked(builders.erp_cii(profile=builders.EN16931))
    assert result.verdict is Verdict.NON_CONFORMANT
    assert {"BR-11", "BR-25"} <= codes(result, Severity.ERROR)


def test_what_the_platform_has_said_is_not_said_again_by_the_official_rules():
    content = builders.cii().replace(b">150.00</ram:Grand", b">150.03</ram:Grand")
    result = checked(content)
    assert "CHO-TOTAL-TTC" in codes(result)
    assert "BR-CO-15" not in codes(result)


def test_the_syntax_announced_must_be_that_of_the_document():
    wrong = [
        checked(builders.cii(), Syntax.UBL_INVOICE),
        checked(builders.ubl_invoice(), Syntax.CII_16B),
        checked(builders.ubl_invoice(), Syntax.FACTURX),
        checked(builders.facturx(), Syntax.CII_16B),
    ]
    assert [codes(result) for result in wrong] == [{"CHO-SYNTAXE"}] * 4


def test_schema_faults_stop_the_examination_and_still_name_the_invoice():
    content = builders.ubl_invoice().replace(b"<cbc:IssueDate>2026-11-02</cbc:IssueDate>", b"", 1)
    result = checked(content)
    assert result.verdict is Verdict.NON_CONFORMANT
    assert codes(result) == {"CHO-XSD-ELEMENT"}
    finding = result.findings[0]
    assert (finding.xpath, finding.source) == ("/ubl:Invoice/cbc:IssueDate", "XSD UBL 2.1 Invoice")
    assert (finding.term, finding.expected) == ("BT-2", "cbc:IssueDate")
    assert result.identity == module.Identity("F-2026-001", builders.SUPPLIER, builders.NO_REQUIREMENT)


@pytest.mark.parametrize(
    ("old", "new", "code", "value"),
    [
        (b"<cbc:IssueDate>2026-11-02", b"<cbc:IssueDate>2026-02-30", "CHO-XSD-VALEUR", "2026-02-30"),
        (b"125.00</cbc:LineE", b"12,5</cbc:LineE", "CHO-XSD-VALEUR", "12,5"),
        (b' currencyID="EUR">150.00</cbc:Pay', b">150.00</cbc:Pay", "CHO-XSD-ATTRIBUT", ""),
        (b"<cbc:ID>F-2026-001", b"<cbc:ID odd='1'>F-2026-001", "CHO-XSD-ATTRIBUT", ""),
        (b"<cac:TaxTotal>", b"<cac:TaxTotals/><cac:TaxTotal>", "CHO-XSD-ELEMENT", "cac:TaxTotals"),
    ],
)
def test_a_schema_fault_says_what_to_change(old, new, code, value):
    content = builders.ubl_invoice()
    assert old in content
    finding = checked(content.replace(old, new, 1)).findings[0]
    assert (finding.code, finding.value) == (code, value)
    assert finding.line
    assert finding.column
    assert "Element" not in finding.message


def test_findings_give_line_column_and_path():
    content = builders.cii(number="F 12").replace(b"\n<ram:ID>F 12", b"   <ram:ID>F 12")
    finding = next(f for f in checked(content).findings if f.code == "CHO-NUMERO-FORME")
    lines = content.decode().splitlines()
    assert finding.xpath == "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:ID"
    assert finding.line and finding.column
    assert lines[finding.line - 1][finding.column - 1 :].startswith("<ram:ID>F 12")


def test_a_missing_term_is_placed_at_the_deepest_element_that_exists():
    finding = next(f for f in checked(builders.cii(iban="")).findings if f.code == "CHO-IBAN-ABSENT")
    assert finding.xpath.endswith(
        "/ram:SpecifiedTradeSettlementPaymentMeans/ram:PayeePartyCreditorFinancialAccount/ram:IBANID"
    )
    assert finding.line and finding.line > 50


def test_the_same_finding_is_given_ten_times_and_then_counted():
    many = builders.ubl_invoice(category="", lines=[SampleLine()] * 500)
    found = [f for f in checked(many).findings if f.code == "CHO-TVA-CATEGORIE-LIGNE"]
    assert len(found) == PLACES_KEPT + 1
    assert found[1].xpath.startswith("/ubl:Invoice/cac:InvoiceLine[2]")
    assert found[-1].count == 500 - PLACES_KEPT
    assert sum(f.count for f in found) == 500


def test_a_document_with_endless_faults_gets_a_bounded_list():
    faults = b"".join(b"<cbc:Odd%d/>" % n for n in range(5_000))
    content = builders.ubl_invoice().replace(b"<cac:TaxTotal>", b"<cac:TaxTotal>" + faults, 1)
    assert len(checked(content).findings) <= MAX_FINDINGS + 1


def test_everything_that_matters_is_read_the_same_from_ubl_and_cii():
    parts = {
        "service": "S1", "commitment": "EJ1", "contract": "M1", "note": "Merci", "prepaid": Decimal("50.00"),
        "lines": (SampleLine(), SampleLine("Timbres", Decimal(3), Decimal("1.16"), Decimal("5.5"), "XPP")),
    }  # fmt: skip
    ubl = checked(builders.ubl_invoice(**parts)).invoice
    cii = checked(builders.cii(**parts)).invoice
    assert ubl is not None
    assert ubl == cii
    assert (ubl.number, ubl.kind, ubl.type_code, ubl.issue_date) == (
        "F-2026-001", DocumentKind.INVOICE, "380", date(2026, 11, 2),
    )  # fmt: skip
    assert (ubl.service_code, ubl.commitment, ubl.contract, ubl.note) == ("S1", "EJ1", "M1", "Merci")
    assert (ubl.frame, ubl.profile, ubl.currency, ubl.due_date) == (
        Frame.A1, builders.EN16931, "EUR", date(2026, 12, 2),
    )  # fmt: skip
    assert (ubl.payment_means, ubl.iban, ubl.tax_regime) == ("30", builders.IBAN, TaxRegime.ON_INVOICE)
    assert (ubl.totals.net, ubl.totals.vat, ubl.totals.gross, ubl.totals.payable, ubl.totals.prepaid) == tuple(
        map(Decimal, ("128.48", "25.19", "153.67", "103.67", "50.00"))
    )
    assert [(line.rate, line.base, line.amount) for line in ubl.tax_lines] == [
        (Decimal("5.5"), Decimal("3.48"), Decimal("0.19")), (Decimal(20), Decimal("125.00"), Decimal("25.00")),
    ]  # fmt: skip
    assert [(line.name, line.quantity, line.unit, line.net) for line in ubl.lines] == [
        ("Papier A4 recyclé", Decimal(10), "C62", Decimal("125.00")), ("Timbres", Decimal(3), "XPP", Decimal("3.48")),
    ]  # fmt: skip
    assert (ubl.supplier.identifier, ubl.supplier.vat_number) == (builders.SUPPLIER, "FR20990000077")
    assert ubl.buyer.address == Address(postcode="35000", country="FR", city=ubl.buyer.address.city)


def test_a_credit_note_is_read_as_one_in_each_form():
    for content in (builders.ubl_credit_note(), builders.cii_credit_note()):
        invoice = checked(content).invoice
        assert invoice is not None
        assert (invoice.kind, invoice.origin_number, invoice.totals.gross) == (
            DocumentKind.CREDIT_NOTE, "F-2026-001", Decimal("150.00"),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "regime"),
    [
        (lambda xml: xml, TaxRegime.ON_INVOICE),
        (
            lambda xml: xml.replace(
                b"</ram:CategoryCode>\n<ram:RateApplicablePercent>20</ram:RateApplicablePercent>\n"
                b"</ram:ApplicableTradeTax>\n<ram:SpecifiedTradePaymentTerms>",
                b"</ram:CategoryCode>\n<ram:DueDateTypeCode>72</ram:DueDateTypeCode>\n"
                b"<ram:RateApplicablePercent>20</ram:RateApplicablePercent>\n"
                b"</ram:ApplicableTradeTax>\n<ram:SpecifiedTradePaymentTerms>",
            ),
            TaxRegime.ON_PAYMENT,
        ),
    ],
)
def test_the_vat_regime_is_the_one_that_the_seller_declares(change, regime):
    invoice = checked(change(builders.cii())).invoice
    assert invoice is not None
    assert invoice.tax_regime is regime


def test_an_exemption_and_the_absence_of_vat_have_regimes_of_their_own():
    exempt = checked(builders.cii(category="E", lines=(SampleLine(rate=Decimal(0)),))).invoice
    none = checked(builders.cii(profile=builders.MINIMUM)).invoice
    assert exempt is not None and none is not None
    assert (exempt.tax_regime, none.tax_regime) == (TaxRegime.EXEMPT, TaxRegime.NONE)


def test_forced_rule_sets_replace_the_choice():
    result = checked(builders.erp_cii(), force_rule_sets=("EN16931-CII",))
    assert result.verdict is Verdict.NON_CONFORMANT
    assert checked(builders.cii(), force_rule_sets=()).rule_sets == ()


def test_an_error_of_ours_is_undetermined_and_never_valid(monkeypatch):
    def fail(_examined):
        raise RuntimeError("a defect")

    monkeypatch.setattr(module, "STEPS", (*module.STEPS[:-1], fail))
    result = checked(builders.cii())
    assert result.verdict is Verdict.UNDETERMINED
    assert codes(result) == {"CHO-MOTEUR"}


def test_an_error_of_the_official_rules_refuses_with_its_own_code(monkeypatch):
    from chorale_references import rules

    def fail(_rule_set, _document):
        raise rules.RuleEngineError("EN16931-CII", "BR-CO-17", "not a number")

    monkeypatch.setattr(rules.RuleSet, "check", fail)
    result = checked(builders.cii())
    assert result.verdict is Verdict.NON_CONFORMANT
    assert codes(result) == {"CHO-REGLES-ECHEC"}


def test_importing_validation_does_not_import_what_one_document_may_never_need():
    heavy = ["pypdf", "fpdf", "stdnum", "chorale_references.rules", "pydantic", "boto3"]
    script = f"import sys, chorale.formats.judging.validate; print([name for name in {heavy} if name in sys.modules])"
    path = ":".join(sys.path)
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PYTHONPATH": path}
    )
    assert answer.stdout.strip() == "[]"
