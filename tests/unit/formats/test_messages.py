"""French sentences of official rules and schema faults: what to change, whatever the rule."""

import re
from datetime import date

import pytest
from chorale.formats.judging.messages import sentence, written_rules
from chorale.formats.judging.messages.schema import explain
from chorale.formats.judging.validate import validate
from chorale.formats.notes import Refused
from chorale.formats.reading.xml import parse
from chorale_references import rules
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.samples import builders

VALUE = "«v»"
"""In the place of the values that a text holds."""
ASSERTIONS = [
    (name, rule_id, " ".join((message if isinstance(message, str) else VALUE.join(message)).split()), test)
    for name in rules.RULE_SETS
    for rule_id, _, message, test in rules.load(name)._texts()
]
OFFICIAL = {rule_id: text for _, rule_id, text, _ in ASSERTIONS}
NAMED = {name for _, _, text, _ in ASSERTIONS for name in re.findall(r"\[([A-Za-z0-9-]+)", text)}
IDENTIFIERS = re.compile(r"(?:cac|cbc|ext|ram|rsm|udt|qdt|aife):[\w:/@.*\[\]='\"-]+|@\w+|«v»")
"""Names of elements and attributes, and values: they are no words of a language."""
FRENCH_TOO = """service
a agent alors article avec base certain charge charges code codes conditions contact correspond d dans
date de des description devise document doit du en entre est et format global group hors identification incoterms
information l la le ligne maximum montant montants net nets nombre non normal note par parent payer plus
point postal pour produit raison remises sans se si somme standard taux taxe total type un une unique"""
"""Words of French that are words of the English texts too."""
CODES = """ae appliedtradeallowancecharge autoliquidation bg billingreference bt by canaries ceuta chargeindicator cii
currencyid detail eas ece endpointid eu ext factur false fc fe fr guidelinespecifieddocumentcontextparameter
ht iban icd id igic indicator ipsi iso listid melilla mime parentlineid ram reasoncode rec referencetypecode
schemeid text specifiedtaxregistration true ttc tva typecode ubl udt untdid va vat vatex"""
"""Codes, lists, places, and names of elements without their prefix."""


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-zà-öø-ÿœ]+", IDENTIFIERS.sub(" ", text).lower()))


def test_the_rules_with_a_sentence_of_their_own_exist():
    assert len(written_rules()) >= 150
    assert set(written_rules()) <= set(OFFICIAL) | NAMED


def test_every_sentence_written_by_hand_says_something_whole():
    for rule_id in written_rules():
        french, _ = sentence(rule_id, OFFICIAL.get(rule_id, ""))
        assert french[0].isupper()
        assert french.endswith(".")
        assert rule_id not in french


def test_every_official_assertion_is_told_in_french():
    assert len(ASSERTIONS) == 6873
    # Some rules of EXTENDED-CTC-FR are written in French, accents and all.
    texts = [text for _, rule_id, text, _ in ASSERTIONS if not rule_id.startswith("BR-FR-")]
    english = {word for text in texts if not re.search(r"[àâéèêîôûç]", text) for word in words(text)}
    english -= set(FRENCH_TOO.split()) | set(CODES.split())
    left = []
    for name, rule_id, text, test in ASSERTIONS:
        french, expected = sentence(rule_id, text, test)
        met = {word for word in words(f"{french} {expected}") & english if len(word) > 1}
        if met or french.startswith("La règle officielle"):
            left.append((name, rule_id, sorted(met), french))
    assert left == []


@pytest.mark.parametrize("rule_id", ["BR-S-02", "BR-E-02", "BR-Z-03", "BR-AE-04", "BR-AF-02", "BR-AG-02"])
def test_a_seller_without_vat_number_is_told_every_way_out(rule_id):
    french, _ = sentence(rule_id, OFFICIAL[rule_id])
    assert all(term in french for term in ("BT-31", "BT-32", "FC", "BT-63"))


@pytest.mark.parametrize("rule_id", ["BR-G-02", "BR-IC-03"])
def test_where_a_tax_registration_does_not_do_it_is_no_way_out(rule_id):
    french, _ = sentence(rule_id, OFFICIAL[rule_id])
    assert "BT-32" not in french


def test_only_one_is_not_a_demand_to_add_one():
    once = [row for row in ASSERTIONS if re.search(r"Only (?:one|a single)", row[2])]
    assert len({rule_id for _, rule_id, _, _ in once}) >= 6
    for _, rule_id, text, test in once:
        assert "ajoutez" not in sentence(rule_id, text, test)[0], rule_id


@pytest.mark.parametrize(
    ("rule_id", "text", "test", "french"),
    [
        (
            "UBL-CR-646", "[UBL-CR-646]-A UBL invoice should not include the InvoiceLine SubInvoiceLine",
            "not((cac:InvoiceLine|cac:CreditNoteLine)/cac:SubInvoiceLine)",
            "L'élément cac:InvoiceLine/cac:SubInvoiceLine n'est pas prévu par EN 16931 à cet endroit : retirez-le.",
        ),
        (
            "BR-DEC-18",
            "[BR-DEC-18]-The allowed maximum number of decimals for the Amount due for payment (BT-115) is 2. ",
            "string-length(substring-after(cbc:PayableAmount,'.'))<=2",
            "Le montant « net à payer (BT-115) » a plus de 2 décimales : arrondissez-le.",
        ),
        (
            "FX-SCH-A-000415", " Element 'ram:IssuerAssignedID' must occur exactly 1 times.",
            "", "L'élément ram:IssuerAssignedID doit figurer 1 fois exactement à cet endroit.",
        ),
        (
            "FX-SCH-A-000049", " [BR-47]-Each VAT breakdown (BG-23) shall be defined through a VAT category code.",
            "", "Une ligne du récapitulatif de TVA (BG-23) n'a pas de catégorie (BT-118) : renseignez-la.",
        ),
        (
            "BR-G-10", "[BR-G-10]-A VAT breakdown with VAT category code \"Export outside the EU\" shall have ...",
            "",
            "Une ligne du récapitulatif de TVA de catégorie exportation hors de l'Union européenne (G) doit porter un "
            "motif : indiquez le texte (BT-120) ou le code VATEX (BT-121).",
        ),
        (
            "BR-FR-06_BT-21-1", " [BR-FR-06/BT-21] : Le code sujet PMT ne doit apparaître qu'une seule fois.",
            "", "Le code sujet PMT ne doit apparaître qu'une seule fois.",
        ),
        (
            "CII-SR-461", "[CII-SR-461] - Only one TaxPointDate shall be present",
            "count(ram:ApplicableTradeTax/ram:TaxPointDate) <= 1",
            "Un seul élément est admis à cet endroit pour ram:ApplicableTradeTax/ram:TaxPointDate : "
            "retirez les autres.",
        ),
        (
            "BR-NEW-01", "[BR-NEW-01]-An invoice shall be something quite new.", "true()",
            "La règle officielle BR-NEW-01 n'est pas respectée à cet endroit : corrigez-le.",
        ),
    ],
)  # fmt: skip
def test_a_sentence_comes_from_the_hand_the_family_or_the_french_official_text(rule_id, text, test, french):
    assert sentence(rule_id, text, test)[0] == french


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
        ("Something quite new.", "CHO-XSD", ("ne suit pas son schéma",)),
        (
            "Element 'cbc:Percent': '5,5' is not a valid value of the atomic type 'xs:decimal'.", "CHO-XSD-VALEUR",
            ("5,5", "écrivez 5.5"),
        ),
        (
            "Element 'Id': [facet 'maxLength'] The value has a length of '25'; this exceeds the allowed maximum length "
            "of '20'.", "CHO-XSD-VALEUR", ("25 caractères", "20 au plus"),
        ),
        (
            "Element 'cac:Party': Character content other than whitespace is not allowed because the content type is "
            "'element-only'.", "CHO-XSD-CONTENU", ("cac:Party", "texte"),
        ),
        (
            "Element 'cbc:ID': Element content is not allowed, because the type definition is simple.",
            "CHO-XSD-CONTENU", ("cbc:ID", "valeur"),
        ),
    ],
)  # fmt: skip
def test_a_schema_fault_is_explained_in_french(message, code, words):
    explained = explain(message)
    assert explained.code == code
    assert all(word in explained.french for word in words)


# What the reader of XML says


@pytest.mark.parametrize(
    ("content", "code", "words_told", "value"),
    [
        (b"<?xml version='1.0' encoding='UTF-16'?><Invoice/>", "CHO-XML-ENCODAGE", ("UTF-16", "UTF-8"), "UTF-16"),
        (b" <?xml version='1.0'?><Invoice/>", "CHO-XML-MAL-FORME", ("blanc", "<?xml"), "<?xml"),
        (b"<a>\n<b>Dupont & Fils</b></a>", "CHO-XML-MAL-FORME", ("ligne 2", "&amp;"), "Dupont & Fils"),
        (b"<a><b>1</a>", "CHO-XML-MAL-FORME", ("balise fermante",), "<b>1</a>"),
        (b"<a><b>\xe9t\xe9</b></a>", "CHO-XML-MAL-FORME", ("UTF-8",), "<b>"),
        (b"<a b='1' b='2'/>", "CHO-XML-MAL-FORME", ("deux fois",), "b='2'"),
        (b"<a>\x01</a>", "CHO-XML-MAL-FORME", ("caractère interdit",), "<a>"),
        (b"<a><c:b/></a>", "CHO-XML-MAL-FORME", ("préfixe",), "<c:b/>"),
        (b"<a>", "CHO-XML-MAL-FORME", ("s'arrête avant la fin",), "<a>"),
        (b"<a/><b/>", "CHO-XML-MAL-FORME", ("après la fin",), "<b/>"),
        (b"<a><!-- -- --></a>", "CHO-XML-MAL-FORME", ("commentaire",), "--"),
        (b"bonjour", "CHO-XML-ILLISIBLE", ("ne se lit pas comme du XML",), "bonjour"),
    ],
)
def test_a_fault_of_the_xml_is_told_in_french_with_what_is_written_there(content, code, words_told, value):
    with pytest.raises(Refused) as refused:
        parse(content)
    finding = refused.value.notes[0].finding
    assert finding.code == code
    assert all(word in finding.message for word in words_told), finding.message
    assert value in finding.value


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_no_fault_of_the_xml_is_told_in_english(before, after):
    told = fault_of(b"<a>" + before + b"</a>" + after).split(" : ")[-1]
    assert not words(told) & {"the", "is", "not", "expected", "tag", "document end", "invalid", "error", "of"}


def fault_of(content):
    """What is said of the XML of ``content``; empty when it can be read."""
    try:
        parse(content)
    except Refused as refused:
        return refused.notes[0].finding.message
    return ""


# What misses in a document that its schema refuses


@pytest.mark.parametrize(
    ("content", "missing", "term", "told"),
    [
        (builders.ubl_invoice(number=""), "cbc:ID", "BT-1", "numéro de la facture, BT-1"),
        (builders.ubl_credit_note(number=""), "cbc:ID", "BT-1", "numéro de la facture, BT-1"),
        (
            builders.ubl_invoice().replace(b"<cbc:IssueDate>2026-11-02</cbc:IssueDate>", b""),
            "cbc:IssueDate", "BT-2", "date de la facture, BT-2",
        ),
        (builders.cpp(number="").replace(b"<Id>\n</Id>", b""), "Id", "BT-1", "numéro de la facture, BT-1"),
    ],
)  # fmt: skip
def test_a_mandatory_element_that_is_not_there_is_told_as_missing(content, missing, term, told):
    result = validate(content, "facture.xml", None, date(2026, 11, 23))
    found = [finding for finding in result.findings if finding.code == "CHO-XSD-ELEMENT"]
    assert [finding.term for finding in found if "absent" in finding.message] == ([term] if missing else [])
    assert all(told in finding.message for finding in found if missing)
    assert all(finding.xpath.endswith(f"/{missing}") for finding in found if missing)


def test_an_element_in_the_wrong_place_is_not_told_as_missing():
    number = b"<cbc:ID>F-2026-001</cbc:ID>\n"
    content = builders.ubl_invoice()
    moved = content.replace(number, b"", 1).replace(
        b"<cbc:DocumentCurrencyCode>", number + b"<cbc:DocumentCurrencyCode>"
    )
    messages = [finding.message for finding in validate(moved, "f.xml", None, date(2026, 11, 23)).findings]
    assert messages
    assert not any("absent" in message for message in messages)


def test_an_unknown_element_is_told_as_not_expected():
    content = builders.ubl_invoice().replace(b"<cbc:IssueDate>", b"<cbc:Inconnu>1</cbc:Inconnu>\n<cbc:IssueDate>")
    [finding] = validate(content, "f.xml", None, date(2026, 11, 23)).findings
    assert "cbc:Inconnu n'est pas prévu" in finding.message
