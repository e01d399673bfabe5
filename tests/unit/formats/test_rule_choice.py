"""Which official rules judge a document: the table, row by row."""

import pytest
from chorale.domain.findings import Severity
from chorale.domain.syntaxes import DocumentForm
from chorale.formats.judging.official import known_rule_sets
from chorale.formats.judging.rule_choice import FRENCH_RULES, PROFILES, choose, profile_row

from tests.samples import builders

UBL, CREDIT_NOTE, CII = DocumentForm.UBL_INVOICE, DocumentForm.UBL_CREDIT_NOTE, DocumentForm.CII
ERROR, WARNING, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION
EXTENDED_CTC = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
CIUS_CTC = "urn:cen.eu:en16931:2017#compliant#urn.cpro.gouv.fr:1p0:einvoicing-ctc-fr"


@pytest.mark.parametrize(
    ("form", "profile", "public_frame", "expected"),
    [
        (UBL, "urn:cen.eu:en16931:2017", True, [("EN16931-UBL", ERROR)]),
        (CREDIT_NOTE, "urn:cen.eu:en16931:2017", True, [("EN16931-UBL", ERROR)]),
        (CII, "urn:cen.eu:en16931:2017", True, [("EN16931-CII", ERROR)]),
        (UBL, PEPPOL, True, [("EN16931-UBL", ERROR)]),
        (UBL, "", True, [("EN16931-UBL", WARNING)]),
        (CII, "", True, [("EN16931-CII", WARNING)]),
        (CII, "urn:ubl.eu:invoice", True, [("EN16931-CII", WARNING)]),
        (CII, builders.MINIMUM, True, [("FACTURX-MINIMUM", ERROR)]),
        (CII, builders.BASIC_WL, True, [("FACTURX-BASICWL", ERROR)]),
        (CII, builders.BASIC, True, [("FACTURX-BASIC", ERROR)]),
        (CII, builders.EXTENDED, True, [("FACTURX-EXTENDED", ERROR)]),
        (UBL, builders.MINIMUM, True, [("EN16931-UBL", WARNING)]),
        (UBL, EXTENDED_CTC, True, [("EXTENDED-CTC-FR-UBL", ERROR), ("BR-FR-UBL", INFORMATION)]),
        (CII, EXTENDED_CTC, True, [("EXTENDED-CTC-FR-CII", ERROR), ("BR-FR-CII", INFORMATION)]),
        (CII, CIUS_CTC, True, [("EN16931-CII", ERROR), ("BR-FR-CII", INFORMATION)]),
        (CII, CIUS_CTC, False, [("EN16931-CII", ERROR), ("BR-FR-CII", ERROR)]),
        (UBL, EXTENDED_CTC.replace("cpro", "crpo"), False, [("EXTENDED-CTC-FR-UBL", ERROR), ("BR-FR-UBL", ERROR)]),
        (CII, builders.BASIC.replace("2017", "2O17"), True, [("FACTURX-BASIC", ERROR)]),
    ],
)  # fmt: skip
def test_the_claim_the_syntax_and_the_frame_choose_the_rules(form, profile, public_frame, expected):
    assert list(choose(form, profile, public_frame=public_frame).rule_sets) == expected


def test_every_rule_set_of_the_table_exists():
    named = {rule_set for row in PROFILES for rule_set in row.rule_sets} | {FRENCH_RULES}
    assert {name.format(syntax=syntax) for name in named for syntax in ("UBL", "CII")} <= set(known_rule_sets())


def test_every_document_has_a_row():
    assert profile_row("anything at all", CII).label == "sans profil EN 16931"
