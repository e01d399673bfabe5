"""What each kind of recipient requires of an invoice: every combination of requirement and of what is given."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from chorale.domain.directory.structures import Service, Structure
from chorale.domain.fields import Field
from chorale.domain.findings import Severity
from chorale.domain.invoices.invoice import DocumentKind, Invoice, Party, Totals
from chorale.domain.invoices.requirements import OTHER_WORDS, RecipientEntry, Route, Words, recipient_findings, route_of

RECIPIENT = Structure(10, "12345678200051", "Commune de démonstration", public=True)
SERVICE = Service(20, 10, "VOIRIE", "Voirie")
INVOICE = Invoice(
    number="F-1",
    kind=DocumentKind.INVOICE,
    type_code="380",
    issue_date=date(2026, 11, 2),
    currency="EUR",
    supplier=Party("Fournisseur", "99000001000019"),
    buyer=Party("Commune", RECIPIENT.identifier),
    totals=Totals(Decimal(100), Decimal(20), Decimal(120), Decimal(120)),
)


def _codes(invoice: Invoice, addressee: RecipientEntry) -> list[str]:
    return [finding.code for finding in recipient_findings(route_of(invoice), addressee)]


# (what the recipient requires, is a service given, is a commitment given) -> codes
NO_SERVICE, NO_EJ, NEITHER = "CHO-SERVICE-ABSENT", "CHO-EJ-ABSENT", "CHO-EJ-OU-SERVICE-ABSENT"
REQUIREMENTS: list[tuple[str, bool, bool, list[str]]] = [
    ("nothing", False, False, []),
    ("nothing", False, True, []),
    ("nothing", True, False, []),
    ("nothing", True, True, []),
    ("a commitment", False, False, [NO_EJ]),
    ("a commitment", False, True, []),
    ("a commitment", True, False, [NO_EJ]),
    ("a commitment", True, True, []),
    ("a service", False, False, [NO_SERVICE]),
    ("a service", False, True, [NO_SERVICE]),
    ("a service", True, False, []),
    ("a service", True, True, []),
    ("a service and a commitment", False, False, [NO_SERVICE, NO_EJ]),
    ("a service and a commitment", False, True, [NO_SERVICE]),
    ("a service and a commitment", True, False, [NO_EJ]),
    ("a service and a commitment", True, True, []),
    ("either", False, False, [NEITHER]),
    ("either", False, True, []),
    ("either", True, False, []),
    ("either", True, True, []),
    # "Either" wins over the two single requirements.
    ("either, and both flags set", False, False, [NEITHER]),
    ("either, and both flags set", False, True, []),
    ("either, and both flags set", True, False, []),
    ("either, and both flags set", True, True, []),
]
FLAGS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a commitment": {"requires_commitment": True},
    "a service": {"requires_service": True},
    "a service and a commitment": {"requires_service": True, "requires_commitment": True},
    "either": {"requires_commitment_or_service": True},
    "either, and both flags set": {
        "requires_commitment_or_service": True,
        "requires_service": True,
        "requires_commitment": True,
    },
}


@pytest.mark.parametrize(("required", "service", "commitment", "codes"), REQUIREMENTS)
def test_what_a_recipient_requires(required: str, service: bool, commitment: bool, codes: list[str]) -> None:
    invoice = replace(INVOICE, service_code=SERVICE.code if service else "", commitment="EJ-1" if commitment else "")
    addressee = RecipientEntry(replace(RECIPIENT, **FLAGS[required]), SERVICE if service else None)
    assert _codes(invoice, addressee) == codes


@pytest.mark.parametrize(
    ("required", "commitment", "codes"),
    [
        ("nothing", False, [NO_EJ]),
        ("nothing", True, []),
        ("a service", False, [NO_EJ]),
        ("a service", True, []),
        # Giving a service satisfies "either", and the service then asks for its own.
        ("either", False, [NO_EJ]),
        ("either", True, []),
        ("a commitment", False, [NO_EJ]),
        ("a commitment", True, []),
    ],
)
def test_a_service_can_require_a_commitment_of_its_own(required: str, commitment: bool, codes: list[str]) -> None:
    invoice = replace(INVOICE, service_code=SERVICE.code, commitment="EJ-1" if commitment else "")
    demanding = replace(SERVICE, requires_commitment=True)
    assert _codes(invoice, RecipientEntry(replace(RECIPIENT, **FLAGS[required]), demanding)) == codes


def test_the_finding_says_whether_the_recipient_or_its_service_wants_the_commitment() -> None:
    by_structure = recipient_findings(route_of(INVOICE), RecipientEntry(replace(RECIPIENT, requires_commitment=True)))
    assert by_structure[0].message.startswith("Le destinataire exige")
    by_service = recipient_findings(
        route_of(replace(INVOICE, service_code="VOIRIE")),
        RecipientEntry(RECIPIENT, replace(SERVICE, requires_commitment=True)),
    )
    assert by_service[0].message.startswith("Le service VOIRIE du destinataire exige")


# A service that is named must be usable, required or not


@pytest.mark.parametrize("required", list(FLAGS))
def test_a_service_that_does_not_exist_is_refused(required: str) -> None:
    invoice = replace(INVOICE, service_code="INCONNU", commitment="EJ-1")
    assert _codes(invoice, RecipientEntry(replace(RECIPIENT, **FLAGS[required]))) == ["CHO-SERVICE-INCONNU"]


@pytest.mark.parametrize("required", list(FLAGS))
def test_an_inactive_service_is_refused(required: str) -> None:
    invoice = replace(INVOICE, service_code=SERVICE.code, commitment="EJ-1")
    addressee = RecipientEntry(replace(RECIPIENT, **FLAGS[required]), replace(SERVICE, active=False))
    assert _codes(invoice, addressee) == ["CHO-SERVICE-INACTIF"]


@pytest.mark.parametrize("exists", [True, False])
def test_factures_publiques_is_reserved_even_where_the_service_exists(exists: bool) -> None:
    invoice = replace(INVOICE, service_code="FACTURES_PUBLIQUES")
    service = replace(SERVICE, code="FACTURES_PUBLIQUES") if exists else None
    assert _codes(invoice, RecipientEntry(RECIPIENT, service)) == ["CHO-SERVICE-RESERVE"]


# The State checks that the commitment exists; nobody else does


@pytest.mark.parametrize(
    ("is_state", "commitment", "exists", "codes"),
    [
        (True, "", False, []),
        (True, "1234567890", True, []),
        (True, "999", False, ["CHO-EJ-INCONNU"]),
        (False, "999", False, []),
        (False, "1234567890", True, []),
    ],
)
def test_only_the_state_checks_that_a_commitment_exists(
    is_state: bool, commitment: str, exists: bool, codes: list[str]
) -> None:
    invoice = replace(INVOICE, commitment=commitment)
    addressee = RecipientEntry(replace(RECIPIENT, is_state=is_state), commitment_exists=exists)
    assert _codes(invoice, addressee) == codes


# A recipient that cannot receive says nothing more


@pytest.mark.parametrize(
    ("structure", "code"),
    [
        (None, "CHO-DEST-INCONNU"),
        (replace(RECIPIENT, public=False), "CHO-DEST-INCONNU"),
        (replace(RECIPIENT, active=False), "CHO-DEST-INACTIF"),
    ],
    ids=["unknown", "not a public body", "inactive"],
)
@pytest.mark.parametrize("service_code", ["", "INCONNU", "FACTURES_PUBLIQUES"])
def test_a_recipient_that_cannot_receive_is_the_only_finding(
    structure: Structure | None, code: str, service_code: str
) -> None:
    demanding = replace(structure, requires_service=True, requires_commitment=True) if structure else None
    findings = recipient_findings(route_of(replace(INVOICE, service_code=service_code)), RecipientEntry(demanding))
    assert [finding.code for finding in findings] == [code]
    assert "12345678200051" in findings[0].message
    assert findings[0].term == "BT-47"


# Every finding can be read and acted on


def _every_finding() -> list[tuple[Invoice, RecipientEntry]]:
    state = replace(RECIPIENT, is_state=True, requires_service=True, requires_commitment=True)
    return [
        (INVOICE, RecipientEntry(None)),
        (INVOICE, RecipientEntry(replace(RECIPIENT, active=False))),
        (INVOICE, RecipientEntry(state)),
        (INVOICE, RecipientEntry(replace(RECIPIENT, requires_commitment_or_service=True))),
        (replace(INVOICE, service_code="INCONNU", commitment="999"), RecipientEntry(state)),
        (replace(INVOICE, service_code="VOIRIE"), RecipientEntry(RECIPIENT, replace(SERVICE, active=False))),
        (replace(INVOICE, service_code="FACTURES_PUBLIQUES"), RecipientEntry(RECIPIENT)),
    ]


@pytest.mark.parametrize(("invoice", "addressee"), _every_finding())
def test_each_finding_is_an_error_in_french_with_the_term_and_what_is_expected(
    invoice: Invoice, addressee: RecipientEntry
) -> None:
    findings = recipient_findings(route_of(invoice), addressee)
    assert findings
    for finding in findings:
        assert finding.severity is Severity.ERROR
        assert finding.source == "CHORALE"
        assert finding.term in {"BT-10", "BT-13", "BT-47"}
        assert " : " in finding.message, "the French sentence says what is wrong, then what to do"
        assert finding.message.endswith(".")
        assert finding.message_en
        assert finding.expected


@pytest.mark.parametrize("requirement", ["a commitment", "a service", "either", "nothing"])
def test_an_invoice_of_the_reform_is_told_by_its_rules(requirement: str) -> None:
    """BR-FR-CPRO-11, -12 and -13: the same requirements, under the codes of the norm, with BT-46 for the service."""
    expected = {"a commitment": ["BR-FR-CPRO-12"], "a service": ["BR-FR-CPRO-11"], "either": ["BR-FR-CPRO-13"]}
    addressee = RecipientEntry(replace(RECIPIENT, **FLAGS[requirement]))

    found = recipient_findings(route_of(replace(INVOICE, business_process="S1")), addressee)

    assert [finding.code for finding in found] == expected.get(requirement, [])
    assert all(finding.code in finding.message for finding in found)


def test_a_service_that_an_invoice_of_the_reform_names_is_one_of_the_recipients() -> None:
    found = recipient_findings(
        route_of(replace(INVOICE, business_process="M1", service_code="AILLEURS")), RecipientEntry(RECIPIENT)
    )
    assert [(finding.code, finding.term, finding.value) for finding in found] == [
        ("BR-FR-CPRO-11", "BT-46", "AILLEURS")
    ]


@pytest.mark.parametrize("requirement", ["a commitment", "a service", "either"])
def test_a_request_of_the_api_is_told_the_names_of_its_fields(requirement: str) -> None:
    addressee = RecipientEntry(replace(RECIPIENT, **FLAGS[requirement]))

    [finding] = recipient_findings(Route(RECIPIENT.identifier, words=Words.FIELDS), addressee)

    assert finding.term in (Field.SERVICE.value, Field.COMMITMENT.value)
    assert str(Field(finding.term)) in finding.message
    assert "BT-" not in finding.message


def test_every_refusal_of_the_directory_has_the_name_of_a_field() -> None:
    told = OTHER_WORDS[Words.FIELDS]
    assert set(told) >= set(OTHER_WORDS[Words.REFORM])
    assert not [row for row in told.values() if row.term.startswith("BT-") or "BT-" in row.french]
