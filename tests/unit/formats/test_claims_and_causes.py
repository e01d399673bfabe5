"""What BT-24 is taken for, one cause told once, and what the public platform refuses beside the standard."""

from datetime import date

import pytest
from chorale.domain.findings import Finding, Severity, Verdict
from chorale.domain.syntaxes import DocumentForm
from chorale.formats.judging.rule_choice import EN16931, claim_of
from chorale.formats.judging.validate import Validation, validate

from tests.samples import builders
from tests.samples.reform import EXTENDED_CTC

DAY = date(2026, 11, 23)
FORMS = {"UBL": builders.ubl_invoice, "CII": builders.cii}
UBL, CII = DocumentForm.UBL_INVOICE, DocumentForm.CII


def checked(content: bytes) -> Validation:
    return validate(content, "facture.xml", None, DAY)


def errors(result: Validation) -> list[str]:
    return [finding.code for finding in result.findings if finding.severity is Severity.ERROR]


def finding(result: Validation, code: str) -> Finding:
    return next(one for one in result.findings if one.code == code)


def replaced(content: bytes, old: str, new: str, count: int = 1) -> bytes:
    assert old.encode() in content
    return content.replace(old.encode(), new.encode(), count)


# BT-24


@pytest.mark.parametrize(
    ("written", "form", "label", "nearest"),
    [
        ("urn:cen.eu:en16931:2O17", UBL, "EN 16931", EN16931),
        ("URN:CEN.EU:EN16931:2017", CII, "EN 16931", EN16931),
        ("urn:cen.eu:en16931:2O17#compliant#urn:factur-x.eu:1p0:basic", CII, "Factur-X BASIC", builders.BASIC),
        ("urn:factur-x.eu:1p0:minimun", CII, "Factur-X MINIMUM", builders.MINIMUM),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extented", CII, "Factur-X EXTENDED",
         builders.EXTENDED),
        (EXTENDED_CTC.replace("cpro", "crpo"), UBL, "EXTENDED-CTC-FR", EXTENDED_CTC),
        ("urn:cen.eu:en19631:2017#compliant#urn:un.usage.propre:1.0", UBL, "EN 16931", EN16931),
    ],
)  # fmt: skip
def test_a_misspelt_claim_is_judged_as_what_it_misspells(written, form, label, nearest):
    claim = claim_of(written, form)
    assert (claim.row.label, claim.known, claim.is_misspelling, claim.nearest) == (label, False, True, nearest)


@pytest.mark.parametrize(
    "written",
    [
        "", EN16931, builders.MINIMUM, builders.BASIC_WL, builders.BASIC, builders.EXTENDED, EXTENDED_CTC,
        f"{EN16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
        f"{EN16931}#compliant#urn:un.usage.propre:1.0",
    ],
)  # fmt: skip
def test_a_claim_that_exists_or_an_usage_of_the_standard_is_known(written):
    assert claim_of(written, CII).known


@pytest.mark.parametrize("form", FORMS)
def test_an_unknown_claim_says_so_with_its_own_code(form):
    result = checked(FORMS[form](profile="urn:ubl.eu:invoice"))

    told = finding(result, "CHO-PROFIL-INCONNU")
    assert (result.verdict, told.severity, told.value) == (Verdict.CONFORMANT, Severity.WARNING, "urn:ubl.eu:invoice")


def test_a_wrong_sum_under_a_misspelt_claim_is_refused_and_the_profile_named():
    content = builders.cii(profile=builders.BASIC.replace("2017", "2O17"))
    content = replaced(content, "<ram:BasisAmount>125.00<", "<ram:BasisAmount>124.00<")

    result = checked(content)

    assert result.verdict is Verdict.NON_CONFORMANT
    assert result.rule_sets == ("FACTURX-BASIC",)
    told = finding(result, "CHO-PROFIL-INCONNU")
    # The rules of Factur-X refuse the value of BT-24 too: one finding, as severe as theirs.
    assert (told.expected, told.severity) == (builders.BASIC, Severity.ERROR)
    assert "FX-SCH-A-000026" not in errors(result)
    assert builders.BASIC in told.message


# One cause, one finding


def test_a_vat_total_without_its_currency_is_told_as_that():
    content = replaced(builders.cii(), 'TaxTotalAmount currencyID="EUR"', "TaxTotalAmount")

    result = checked(content)

    assert errors(result) == ["CHO-TVA-DEVISE-ABSENTE"]
    assert finding(result, "CHO-TVA-DEVISE-ABSENTE").expected == 'currencyID="EUR"'
    assert checked(replaced(content, EN16931, "")).verdict is Verdict.CONFORMANT


@pytest.mark.parametrize("profile", [EN16931, builders.EXTENDED, EXTENDED_CTC])
def test_a_vat_total_that_is_written_twice_is_told_as_that(profile):
    once = '<ram:TaxTotalAmount currencyID="EUR">25.00</ram:TaxTotalAmount>'

    result = checked(replaced(builders.cii(profile=profile), once, once * 2))

    assert "CHO-TVA-REPETEE" in errors(result)
    assert not {"CHO-REGLES-ECHEC", "CHO-TOTAL-TTC", "BR-CO-15"} & set(errors(result))
    assert finding(result, "CHO-TVA-REPETEE").xpath.endswith("ram:TaxTotalAmount[2]")


def test_a_total_in_the_accounting_currency_is_no_repetition():
    once = '<ram:TaxTotalAmount currencyID="EUR">25.00</ram:TaxTotalAmount>'
    other = '<ram:TaxTotalAmount currencyID="USD">27.00</ram:TaxTotalAmount>'
    content = replaced(builders.cii(), once, once + other)
    content = replaced(content, "<ram:InvoiceCurrencyCode>", "<ram:TaxCurrencyCode>USD</ram:TaxCurrencyCode>\n"
                       "<ram:InvoiceCurrencyCode>")  # fmt: skip

    assert errors(checked(content)) == []


@pytest.mark.parametrize("profile", [EN16931, builders.BASIC, builders.BASIC_WL, builders.EXTENDED, EXTENDED_CTC])
def test_a_missing_currency_is_told_once_and_nothing_follows_from_it(profile):
    content = replaced(builders.cii(profile=profile), "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>", "")
    assert errors(checked(content)) == ["CHO-DEVISE-ABSENTE"]


@pytest.mark.parametrize(("parts", "code"), [({"category": ""}, "CHO-TVA-CATEGORIE"), ({"number": ""}, None)])
def test_a_rule_that_factur_x_numbers_is_not_a_second_finding(parts, code):
    result = checked(builders.cii(profile=builders.BASIC, **parts))
    ours = [one for one in errors(result) if one.startswith("CHO-")]
    assert ours
    assert not code or code in ours
    assert not [one for one in errors(result) if one.startswith("FX-SCH") and "BR-02" in one]


def test_what_is_told_as_a_warning_does_not_silence_an_official_refusal():
    empty = "<ram:BusinessProcessSpecifiedDocumentContextParameter/>"
    content = builders.cii(frame="", profile=builders.EXTENDED)
    content = replaced(content, "<rsm:ExchangedDocumentContext>", "<rsm:ExchangedDocumentContext>" + empty)

    result = checked(content)

    assert "CHO-CADRE-ABSENT" in {one.code for one in result.findings if one.severity is Severity.WARNING}
    assert errors(result) == ["FX-SCH-A-000406"]


def test_a_credit_note_written_as_an_invoice_is_told_its_form():
    result = checked(builders.ubl_invoice(type_code="381", origin="F-1"))
    assert errors(result) == ["CHO-TYPE-FORME"]
    assert "CreditNote" in finding(result, "CHO-TYPE-FORME").message
    assert "CHO-TYPE-FORME" in errors(checked(builders.ubl_credit_note(type_code="380")))
    assert errors(checked(builders.cii_credit_note())) == []


def test_the_value_of_an_attribute_is_shown_for_a_rule_on_an_attribute():
    file = builders.SampleFile(mime="application/octet-stream")
    assert finding(checked(builders.ubl_invoice(files=[file])), "BR-CL-24").value == "application/octet-stream"


# Means of payment, gross price


@pytest.mark.parametrize("form", FORMS)
def test_an_invoice_says_how_it_is_paid(form):
    result = checked(FORMS[form](means="", iban=""))
    assert errors(result) == ["CHO-PAIEMENT-ABSENT"]
    assert finding(result, "CHO-PAIEMENT-ABSENT").term == "BT-81"


@pytest.mark.parametrize(
    "content",
    [
        builders.ubl_credit_note(means="", iban=""),
        builders.cii_credit_note(means="", iban=""),
        builders.cii(profile=builders.MINIMUM, means="", iban=""),
    ],
)
def test_a_credit_note_and_a_minimum_need_no_means_of_payment(content):
    assert "CHO-PAIEMENT-ABSENT" not in errors(checked(content))


def test_a_gross_price_comes_with_its_discount():
    price = "ram:GrossPriceProductTradePrice"
    gross = f"<{price}><ram:ChargeAmount>12.50</ram:ChargeAmount>{{}}</{price}>"
    discount = (
        "<ram:AppliedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator>"
        "</ram:ChargeIndicator><ram:ActualAmount>0.00</ram:ActualAmount></ram:AppliedTradeAllowanceCharge>"
    )
    start = "<ram:SpecifiedLineTradeAgreement>"
    alone = replaced(builders.cii(), start, start + gross.format(""))
    complete = replaced(builders.cii(), start, start + gross.format(discount))

    assert checked(alone).verdict is Verdict.CONFORMANT
    assert finding(checked(alone), "CHO-PRIX-BRUT").severity is Severity.WARNING
    assert "CHO-PRIX-BRUT" not in {one.code for one in checked(complete).findings}
