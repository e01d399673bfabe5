"""Totals around each limit: the platform refuses what the official rules of the claimed profile refuse, no more."""

import re
from datetime import date
from decimal import Decimal

import pytest
from chorale.domain.findings import Severity, Verdict
from chorale.formats.judging.platform_rules import RULES
from chorale.formats.judging.validate import validate
from chorale_references import rules as official
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.samples import builders
from tests.samples.builders import SampleLine
from tests.samples.reform import EXTENDED_CTC

DAY = date(2026, 11, 23)
CASES = {
    "EN 16931, UBL": (builders.ubl_invoice, builders.EN16931, "EN16931-UBL"),
    "EN 16931, CII": (builders.cii, builders.EN16931, "EN16931-CII"),
    "BASIC WL": (builders.cii, builders.BASIC_WL, "FACTURX-BASICWL"),
    "BASIC": (builders.cii, builders.BASIC, "FACTURX-BASIC"),
    "EXTENDED": (builders.cii, builders.EXTENDED, "FACTURX-EXTENDED"),
    "EXTENDED-CTC-FR, UBL": (builders.ubl_invoice, EXTENDED_CTC, "EXTENDED-CTC-FR-UBL"),
    "EXTENDED-CTC-FR, CII": (builders.cii, EXTENDED_CTC, "EXTENDED-CTC-FR-CII"),
}
FORMULAS = {said for rule in RULES if rule.formula for said in rule.says}
OURS = {rule.code for rule in RULES if rule.formula}
TOTALS = {
    "BT-112": (rb"(<(?:cbc:TaxInclusiveAmount[^>]*|ram:GrandTotalAmount)>)([\d.-]+)<",),
    "BT-115": (rb"(<(?:cbc:PayableAmount[^>]*|ram:DuePayableAmount)>)([\d.-]+)<",),
    "BT-110": (rb"(<(?:cbc:TaxAmount[^>]*|ram:TaxTotalAmount[^>]*)>)([\d.-]+)<",),
    "BT-117": (rb"<cac:TaxSubtotal>.*?(<cbc:TaxAmount[^>]*>)([\d.-]+)<", rb"(<ram:CalculatedAmount>)([\d.-]+)<"),
}
CENTS = st.one_of(st.integers(-15, 15), st.integers(-110, 110))


def moved(content: bytes, term: str, cents: int) -> bytes:
    """``content`` with one total a few cents away."""
    found = next(found for pattern in TOTALS[term] if (found := re.search(pattern, content, re.DOTALL)))
    amount = Decimal(found[2].decode()) + Decimal(cents) / 100
    return content[: found.start(2)] + f"{amount}".encode() + content[found.end(2) :]


def with_totals(build, profile: str, lines: int, changes: dict[str, int]) -> bytes:
    content = build(profile=profile, lines=[SampleLine(price=Decimal("3.33"), quantity=Decimal(7))] * lines)
    for term, cents in changes.items():
        content = moved(content, term, cents)
    return content


def refused_by_official_rules(content: bytes, rule_set: str) -> bool:
    fired = official.load(rule_set).check(etree.fromstring(content))
    named = {name for one in fired for name in (one.rule_id, *re.findall(r"\[(BR-[A-Z0-9-]+)\]", one.text))}
    return bool(named & FORMULAS)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(CASES)),
    st.integers(1, 12),
    st.dictionaries(st.sampled_from(sorted(TOTALS)), CENTS, min_size=1, max_size=2),
)
def test_a_total_is_refused_exactly_where_the_claimed_profile_refuses_it(name, lines, changes):
    build, profile, rule_set = CASES[name]
    content = with_totals(build, profile, lines, changes)

    result = validate(content, "facture.xml", None, DAY)

    told = {finding.code for finding in result.findings if finding.severity is Severity.ERROR}
    if refused_by_official_rules(content, rule_set):
        assert result.verdict is Verdict.NON_CONFORMANT
    else:
        assert not told & OURS


@pytest.mark.parametrize("name", ["EXTENDED", "EXTENDED-CTC-FR, UBL", "EXTENDED-CTC-FR, CII"])
@pytest.mark.parametrize(("cents", "verdict"), [(12, Verdict.CONFORMANT), (13, Verdict.NON_CONFORMANT)])
def test_the_extended_profiles_allow_a_cent_for_each_line(name, cents, verdict):
    build, profile, _ = CASES[name]
    content = with_totals(build, profile, 12, {"BT-112": cents, "BT-115": cents})

    result = validate(content, "facture.xml", None, DAY)

    assert result.verdict is verdict
    refused = {finding.code for finding in result.findings if finding.severity is Severity.ERROR}
    assert refused == ({"CHO-TOTAL-TTC"} if verdict is Verdict.NON_CONFORMANT else set())


@pytest.mark.parametrize("name", ["EN 16931, UBL", "EN 16931, CII", "BASIC"])
def test_en_16931_allows_nothing_and_says_it_once(name):
    build, profile, _ = CASES[name]
    result = validate(with_totals(build, profile, 12, {"BT-112": 1, "BT-115": 1}), "facture.xml", None, DAY)
    assert {f.code for f in result.findings if f.severity is Severity.ERROR} == {"CHO-TOTAL-TTC"}


@pytest.mark.parametrize("build", [builders.ubl_invoice, builders.cii])
@pytest.mark.parametrize(("cents", "verdict"), [(2, Verdict.CONFORMANT), (3, Verdict.NON_CONFORMANT)])
def test_a_document_that_claims_nothing_may_be_two_cents_away(build, cents, verdict):
    content = with_totals(build, "", 12, {"BT-112": cents, "BT-115": cents})
    assert validate(content, "facture.xml", None, DAY).verdict is verdict


def test_a_charge_for_others_is_due_beside_the_total_in_extended():
    collected = (
        b"<ram:SpecifiedFinancialAdjustment><ram:ReasonCode>ZZZ</ram:ReasonCode><ram:Reason>Taxe</ram:Reason>"
        b"<ram:ActualAmount>5.00</ram:ActualAmount></ram:SpecifiedFinancialAdjustment>"
    )
    end = b"</ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
    content = builders.cii(profile=builders.EXTENDED).replace(end, end + collected)
    content = moved(content, "BT-115", 500)

    result = validate(content, "facture.xml", None, DAY)

    assert not {finding.code for finding in result.findings} & {"CHO-TOTAL-A-PAYER", "BR-FXEXT-CO-16"}
    assert result.invoice is not None
    assert result.invoice.totals.collected_for_others == Decimal(5)
