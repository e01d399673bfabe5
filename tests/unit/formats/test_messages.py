"""French sentences of official rules and schema faults: what to change, whatever the rule."""

import pytest
from chorale.formats.messages import sentence, written_rules
from chorale.formats.messages.schema import explain
from chorale_references import rules


def official() -> dict[str, str]:
    """Every assertion of every rule set, by id, with its official text."""
    texts = {}
    for name in rules.RULE_SETS:
        for rule_id, _, message, _ in rules.load(name)._texts():
            texts.setdefault(rule_id, "".join(message))
    return texts


OFFICIAL = official()


def test_the_rules_with_a_sentence_of_their_own_exist():
    assert len(written_rules()) >= 60
    assert set(written_rules()) <= set(OFFICIAL)


def test_every_sentence_written_by_hand_says_something_whole():
    for rule_id in written_rules():
        french, _ = sentence(rule_id, OFFICIAL[rule_id])
        assert french[0].isupper()
        assert french.endswith(".")
        assert rule_id not in french


def test_nearly_every_official_rule_has_a_french_sentence():
    told = [sentence(rule_id, text)[0] for rule_id, text in OFFICIAL.items()]
    left = [french for french in told if french.startswith("La règle ")]
    assert len(left) < len(told) / 25


@pytest.mark.parametrize(
    ("rule_id", "text", "french"),
    [
        (
            "UBL-CR-646", "[UBL-CR-646]-A UBL invoice should not include the InvoiceLine SubInvoiceLine",
            "L'élément InvoiceLine SubInvoiceLine n'est pas prévu par EN 16931 à cet endroit : retirez-le.",
        ),
        (
            "BR-DEC-18",
            "[BR-DEC-18]-The allowed maximum number of decimals for the Amount due for payment (BT-115) is 2. ",
            "Le montant « Amount due for payment (BT-115) » a plus de 2 décimales : arrondissez-le.",
        ),
        (
            "FX-SCH-A-000415", " Element 'ram:IssuerAssignedID' must occur exactly 1 times.",
            "L'élément ram:IssuerAssignedID doit figurer 1 fois exactement à cet endroit.",
        ),
        (
            "FX-SCH-A-000049", " [BR-47]-Each VAT breakdown (BG-23) shall be defined through a VAT category code.",
            "Une ligne du récapitulatif de TVA (BG-23) n'a pas de catégorie (BT-118) : renseignez-la.",
        ),
        (
            "BR-G-10", "[BR-G-10]-A VAT breakdown with VAT category code \"Export outside the EU\" shall have ...",
            "Une ligne du récapitulatif de TVA de catégorie exportation hors de l'Union européenne (G) doit porter un "
            "motif : indiquez le texte (BT-120) ou le code VATEX (BT-121).",
        ),
        (
            "BR-FR-06_BT-21-1", " [BR-FR-06/BT-21] : Le code sujet PMT ne doit apparaître qu'une seule fois.",
            "Le code sujet PMT ne doit apparaître qu'une seule fois.",
        ),
        (
            "BR-B-01", "[BR-B-01]-An Invoice \"Split payment\" shall be a domestic Italian invoice.",
            "La règle BR-B-01 n'est pas respectée : An Invoice \"Split payment\" shall be a domestic Italian invoice.",
        ),
    ],
)  # fmt: skip
def test_a_sentence_comes_from_the_hand_the_family_or_the_official_text(rule_id, text, french):
    assert sentence(rule_id, text)[0] == french


@pytest.mark.parametrize(
    ("message", "code", "words"),
    [
        (
            "Element 'cbc:DueDate': This element is not expected. Expected is one of ( cbc:IssueDate, cbc:ID ).",
            "CHO-XSD-ELEMENT", ("cbc:DueDate", "cbc:IssueDate, cbc:ID"),
        ),
        ("Element 'cbc:X': This element is not expected.", "CHO-XSD-ELEMENT", ("cbc:X",)),
        (
            "Element 'cac:Party': Missing child element(s). Expected is ( cbc:Name ).", "CHO-XSD-ELEMENT",
            ("cac:Party", "cbc:Name"),
        ),
        (
            "Element 'cbc:IssueDate': '2026-02-30' is not a valid value of the atomic type 'xs:date'.",
            "CHO-XSD-VALEUR", ("2026-02-30", "cbc:IssueDate"),
        ),
        (
            "Element 'cbc:Amount': The attribute 'currencyID' is required but missing.", "CHO-XSD-ATTRIBUT",
            ("currencyID", "obligatoire"),
        ),
        ("Element 'cbc:ID', attribute 'x': The attribute 'x' is not allowed.", "CHO-XSD-ATTRIBUT", ("« x »", "x")[1:]),
        ("Something quite new.", "CHO-XSD", ("Something quite new.",)),
    ],
)  # fmt: skip
def test_a_schema_fault_is_explained_in_french(message, code, words):
    explained = explain(message)
    assert explained.code == code
    assert all(word in explained.french for word in words)
