"""What we call conformant, the official rules do not call invalid: right invoices lightly damaged, through the whole
chain of `chorale.formats`, each verdict looked at by SaxonC.

Only documents that claim a standard are looked at: for those that claim none its rules advise, and weigh nothing.
"""

import os
import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from chorale.domain.findings import Severity, Verdict
from chorale.formats.judging.rule_choice import choose
from chorale.formats.judging.validate import validate
from chorale.formats.reading.document import Reading
from chorale.formats.reading.frame import frame_of, profile_of
from chorale_references import rules
from lxml import etree

from tests.samples import builders
from tests.samples.builders import SampleFile, SampleLine

from .judging import oracle
from .mutants import Mutator
from .oracle import stylesheet

CONFORMANT = int(os.environ.get("CHORALE_MUTANTS", "200")) // 4
"""Conformant documents that each syntax must show."""
TRIES_AT_MOST = 100 * CONFORMANT
DAY = date(2026, 11, 23)
_RICH: dict[str, Any] = {
    "note": "Merci",
    "service": "S",
    "commitment": "EJ-1",
    "contract": "M-1",
    "files": [SampleFile()],
}
_TWO_RATES = [SampleLine(), SampleLine("Livre", rate=Decimal("5.5"))]
RIGHT = {
    "UBL": [
        builders.ubl_invoice(),
        builders.ubl_invoice(**_RICH),
        builders.ubl_invoice(lines=_TWO_RATES, prepaid=Decimal(10)),
        builders.ubl_credit_note(),
    ],
    "CII": [
        builders.cii(),
        builders.cii(**_RICH),
        builders.cii(lines=_TWO_RATES, prepaid=Decimal(10)),
        builders.cii(profile=builders.BASIC),
        builders.cii(profile=builders.EXTENDED),
        builders.cii_credit_note(),
    ],
}
"""Invoices that the platform takes and that claim a standard."""


@pytest.mark.parametrize(("syntax", "edits"), [("UBL", 1), ("UBL", 3), ("CII", 1), ("CII", 3)])
def test_nothing_that_is_called_conformant_is_officially_invalid(syntax: str, edits: int) -> None:
    judged, wrong = 0, []
    for root in _damaged(syntax, edits):
        content = etree.tostring(root)
        result = validate(content, "facture.xml", None, DAY)
        if result.verdict is not Verdict.CONFORMANT or result.form is None:
            continue
        reading = Reading(root, result.form)
        written = frame_of(reading)
        public = written.frame is not None and written.reform is None
        weighty = [
            rule_set
            for rule_set, weight in choose(result.form, profile_of(reading), public_frame=public).rule_sets
            if weight is Severity.ERROR
        ]
        for rule_set in weighty:
            official = oracle().verdict(rule_set, content)
            assertions = rules.load(rule_set).assertions()
            assert not isinstance(official, str), (rule_set, official)
            fatal = [assertions[position][0] for position in official if assertions[position][1] == "fatal"]
            if fatal:
                wrong.append((rule_set, fatal, content))
        judged += bool(weighty)
        if judged == CONFORMANT:
            break
    assert wrong == []
    assert judged == CONFORMANT


def _damaged(syntax: str, edits: int) -> Iterator[etree._Element]:
    rng = random.Random(f"{syntax} {edits}")
    mutator = Mutator(stylesheet(f"EN16931-{syntax}"), rng)
    for _ in range(TRIES_AT_MOST):
        root = etree.fromstring(rng.choice(RIGHT[syntax]))
        mutator.any_edits(root, edits)
        yield root
