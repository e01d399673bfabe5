"""Invoices of the reform of 2026: frames, addresses, notes, and the rules BR-FR-CPRO, in UBL and in CII."""

from collections.abc import Callable
from datetime import date

import pytest
from chorale.domain.findings import Severity, Verdict
from chorale.domain.frames import Frame
from chorale.domain.reform.frames import REFORM_FRAMES
from chorale.formats.judging.platform_rules import RULES, b2g
from chorale.formats.judging.validate import Validation, validate

from tests.samples import builders
from tests.samples.builders import EN16931
from tests.samples.reform import (
    AGENT,
    AGENT_SIREN,
    AGENT_SIRET,
    BUYER,
    BUYER_SIREN,
    BUYER_SIRET,
    MENTIONS,
    PAYEE,
    SELLER,
    SUPPLIER_SIRET,
    cii,
    party,
    ubl,
)

DAY = date(2026, 11, 23)
FORMS: dict[str, Callable[..., bytes]] = {"UBL": ubl, "CII": cii}
each_form = pytest.mark.parametrize("form", FORMS)
ROUTED = party(BUYER, ids=(("0009", BUYER_SIRET), ("0224", "COMPTA")))
WITHOUT_NOTE = MENTIONS[1:]


def checked(content: bytes) -> Validation:
    return validate(content, "facture.xml", None, DAY)


def codes(result: Validation, severity: Severity = Severity.ERROR) -> set[str]:
    return {finding.code for finding in result.findings if finding.severity is severity}


# Frames


@each_form
@pytest.mark.parametrize(
    ("written", "frame"),
    [
        *((f"{kind}{digit}", "A1") for kind in "BSM" for digit in (1, 4)),
        ("B7", "A1"), ("S7", "A1"), ("B2", "A2"), ("S2", "A2"), ("M2", "A2"), ("S3", "A9"), ("S6", "A12"),
    ],
)  # fmt: skip
def test_a_frame_of_the_reform_is_taken_as_one_of_the_platform_and_kept_as_written(form, written, frame):
    agent = AGENT if written in ("S3", "S6") else None

    result = checked(FORMS[form](frame=written, agent=agent, prepaid=frame == "A2"))

    assert (result.verdict, result.frame) == (Verdict.CONFORMANT, Frame[frame])
    assert result.invoice is not None
    assert (result.invoice.frame, result.invoice.business_process) == (Frame[frame], written)


@each_form
@pytest.mark.parametrize("written", ["B8", "S8", "M8", "B9", "S9", "M9"])
def test_an_invoice_of_several_sellers_is_refused_by_name(form, written):
    assert "CHO-CADRE-MULTI-VENDEUR" in codes(checked(FORMS[form](frame=written, profile=EN16931)))


@each_form
def test_a_sub_contractors_invoice_to_its_contractor_is_refused_by_name(form):
    assert codes(checked(FORMS[form](frame="S5"))) == {"BR-FR-CPRO-24"}


def test_every_frame_that_the_reform_names_has_a_row():
    named = "B1 S1 M1 B2 S2 M2 S3 B4 S4 M4 S5 S6 B7 S7 B8 S8 M8 B9 S9 M9"
    assert set(REFORM_FRAMES) == set(named.split())


@pytest.mark.parametrize("build", [builders.ubl_invoice, builders.cii])
def test_a_process_of_peppol_or_xrechnung_is_an_invoice_of_a_supplier(build):
    process = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"

    result = checked(build(frame=process))

    assert result.verdict is Verdict.CONFORMANT
    assert codes(result, Severity.INFORMATION) == {"CHO-CADRE-PEPPOL"}
    assert result.invoice is not None
    assert (result.invoice.frame, result.invoice.business_process) == (Frame.A1, process)


@each_form
@pytest.mark.parametrize("written", ["S3", "S6"])
def test_the_sellers_agent_is_the_validator(form, written):
    result = checked(FORMS[form](frame=written, agent=AGENT))

    assert result.verdict is Verdict.CONFORMANT
    assert result.invoice is not None
    assert result.invoice.validator == AGENT_SIRET


# Reading order of the recipient and of its service


@each_form
@pytest.mark.parametrize(
    ("buyer", "service", "read"),
    [
        (ROUTED, "", (BUYER_SIRET, "COMPTA")),
        (party(BUYER, address=f"{BUYER_SIREN}_{BUYER_SIRET}_COMPTA_2"), "", (BUYER_SIRET, "COMPTA_2")),
        (party(BUYER, ids=(), address=f"{BUYER_SIREN}_{BUYER_SIRET}_COMPTA"), "", (BUYER_SIRET, "COMPTA")),
        (party(BUYER, ids=(("0224", "COMPTA"),), address="", registration=("0002", BUYER_SIRET)), "",
         (BUYER_SIRET, "COMPTA")),
        (BUYER, "COMPTA", (BUYER_SIRET, "COMPTA")),
        (party(ROUTED, address=f"{BUYER_SIREN}_{BUYER_SIRET}_COMPTA"), "COMPTA", (BUYER_SIRET, "COMPTA")),
        (party(BUYER, address=f"{BUYER_SIREN}_COMPTA"), "", (BUYER_SIRET, "")),
        (party(BUYER, address="pas une adresse"), "", (BUYER_SIRET, "")),
    ],
)  # fmt: skip
def test_the_recipient_and_its_service_are_read_where_they_are_first_written(form, buyer, service, read):
    result = checked(FORMS[form](profile=EN16931, notes=WITHOUT_NOTE, buyer=buyer, service=service))

    assert "CHO-ADRESSE-CONTRADICTOIRE" not in codes(result)
    assert result.invoice is not None
    assert (result.invoice.buyer.identifier, result.invoice.service_code) == read


OTHER = "12345678200028"


@each_form
@pytest.mark.parametrize(
    ("buyer", "service"),
    [
        (party(BUYER, address=f"{BUYER_SIREN}_{OTHER}"), ""),
        (party(BUYER, address="", registration=("0002", OTHER)), ""),
        (party(BUYER, ids=(), registration=("0002", OTHER)), ""),
        (party(BUYER, address="990000077"), ""),
        (party(BUYER, registration=("0002", "990000077"), address=""), ""),
        (party(ROUTED, address=f"{BUYER_SIREN}_{BUYER_SIRET}_ACHATS"), ""),
        (ROUTED, "ACHATS"),
        (party(BUYER, address=f"{BUYER_SIREN}_{BUYER_SIRET}_COMPTA"), "ACHATS"),
    ],
)
def test_a_recipient_or_a_service_that_is_named_twice_and_differently_is_refused(form, buyer, service):
    result = checked(FORMS[form](profile=EN16931, notes=WITHOUT_NOTE, buyer=buyer, service=service))

    told = [finding for finding in result.findings if finding.code == "CHO-ADRESSE-CONTRADICTOIRE"]
    assert [finding.severity for finding in told] == [Severity.ERROR]


@pytest.mark.parametrize("build", [builders.ubl_invoice, builders.cii])
@pytest.mark.parametrize("scheme", ["0226", "0223", "0227", "0228", "0229"])
def test_a_seller_without_siret_is_known_by_its_register(build, scheme):
    identifiers = {
        "0226": "18001" + "44109" + "DURAND" + "JEANNE", "0223": "BE0123456749", "0227": "CHAcme",
        "0228": "123456789", "0229": "123456789",
    }  # fmt: skip

    result = checked(build(supplier=identifiers[scheme], supplier_scheme=scheme, vat_number=""))

    assert not {code for code in codes(result) if code.startswith("CHO-FOURN")}
    assert result.invoice is not None
    assert result.invoice.supplier.identifier_scheme == scheme


# Notes


@each_form
def test_the_notes_that_tell_platforms_what_to_do_are_not_those_that_people_read(form):
    notes = (*MENTIONS, ("BAR", "B2B"), ("", "Merci de votre confiance"))

    result = checked(FORMS[form](notes=notes))

    assert result.verdict is Verdict.CONFORMANT
    assert codes(result, Severity.INFORMATION) == {"CHO-NOTE-TRAITEMENT"}
    assert result.invoice is not None
    assert result.invoice.note.split("\n") == [text for _, text in MENTIONS[1:]] + ["Merci de votre confiance"]


@each_form
def test_a_treatment_that_does_not_exist_is_told(form):
    result = checked(FORMS[form](profile=EN16931, notes=(*MENTIONS, ("BAR", "TOUT"))))
    assert "CHO-NOTE-TRAITEMENT" in codes(result, Severity.WARNING)


@each_form
def test_every_note_on_the_treatment_is_told_where_it_stands(form):
    result = checked(FORMS[form](profile=EN16931, notes=(*MENTIONS, ("BAR", "B2C"), ("BAR", "TOUT"))))

    [told] = [finding for finding in result.findings if finding.code == "CHO-NOTE-TRAITEMENT"]
    assert told.value == "B2C, TOUT"
    assert f"Note[{len(MENTIONS) + 1}]" in told.xpath


@each_form
@pytest.mark.parametrize("perimeter", ["B2X", "b2g", "B2G2"])
def test_a_perimeter_that_nobody_publishes_is_told(form, perimeter):
    result = checked(FORMS[form](frame="A1", profile=EN16931, notes=(*MENTIONS[1:], ("ADN", perimeter))))

    [told] = [finding for finding in result.findings if finding.code == "CHO-NOTE-PERIMETRE"]
    assert (told.severity, told.value) == (Severity.WARNING, perimeter)


@each_form
def test_the_note_of_the_public_sector_brings_the_rules_whatever_the_frame(form):
    buyer = party(BUYER, ids=(), registration=("0002", BUYER_SIRET), address="")
    parts = {"frame": "A1", "profile": EN16931, "buyer": buyer}

    assert "BR-FR-CPRO-10" in codes(checked(FORMS[form](**parts)))
    assert "BR-FR-CPRO-10" not in codes(checked(FORMS[form](**parts, notes=WITHOUT_NOTE)))


@each_form
def test_a_siret_that_is_written_in_the_older_place_is_advised_against_and_taken(form):
    seller = party(SELLER, ids=(), registration=("0002", SUPPLIER_SIRET))
    buyer = party(BUYER, ids=(), registration=("0002", BUYER_SIRET), address="")

    result = checked(FORMS[form](profile=EN16931, notes=WITHOUT_NOTE, seller=seller, buyer=buyer))

    assert result.verdict is Verdict.CONFORMANT
    assert codes(result, Severity.WARNING) == {"BR-FR-CPRO-03", "BR-FR-CPRO-09", "BR-FR-CPRO-10"}


# The rules of the pack: a document that each one refuses, and one beside it that it lets pass

LONG_IBAN = "FR7630006000011234567890189" + "0"
FOREIGN = "LC55HEMM000100010012001200023015"
FAILING: list[tuple[str, dict[str, object], dict[str, object]]] = [
    ("BR-FR-CPRO-01", {"contract": "M-1", "contract_type": "BAIL"}, {"contract": "M-1", "contract_type": "MARCHE"}),
    ("BR-FR-CPRO-01", {"contract": "M-1", "contract_type": "marche"}, {"contract": "M-1", "contract_type": "GC"}),
    ("BR-FR-CPRO-02", {"number": "N" * 21}, {"number": "N" * 20}),
    ("BR-FR-CPRO-02", {"origins": ["N" * 21]}, {"origins": ["N" * 20]}),
    ("BR-FR-CPRO-02", {"line_origin": "N" * 21}, {"line_origin": "N" * 20}),
    ("BR-FR-CPRO-03", {"seller": party(SELLER, ids=())}, {}),
    ("BR-FR-CPRO-03", {"seller": party(SELLER, ids=(("0009", "9900000770001"),))}, {}),
    ("BR-FR-CPRO-04", {"seller": party(SELLER, ids=(("0009", SUPPLIER_SIRET), ("0223", "B" * 19)))},
     {"seller": party(SELLER, ids=(("0009", SUPPLIER_SIRET), ("0223", "B" * 18)))}),
    ("BR-FR-CPRO-05", {"seller": party(SELLER, ids=(("0009", SUPPLIER_SIRET), ("0226", "3800144109DURAND")))},
     {"seller": party(SELLER, ids=(("0009", SUPPLIER_SIRET), ("0226", "1800144109DURAND")))}),
    ("BR-FR-CPRO-06", {"seller": party(SELLER, ids=(("0009", SUPPLIER_SIRET), ("0227", "CH" + "A" * 17)))},
     {"seller": party(SELLER, ids=(("0009", SUPPLIER_SIRET), ("0227", "CH" + "A" * 16)))}),
    ("BR-FR-CPRO-07", {"seller": party(SELLER, ids=(("0009", SUPPLIER_SIRET), ("0228", "12345678")))},
     {"seller": party(SELLER, ids=(("0009", SUPPLIER_SIRET), ("0228", "1234567890")))}),
    ("BR-FR-CPRO-08", {"seller": party(SELLER, ids=(("0009", SUPPLIER_SIRET), ("0229", "12345678")))},
     {"seller": party(SELLER, ids=(("0009", SUPPLIER_SIRET), ("0229", "123456789")))}),
    ("BR-FR-CPRO-09", {"seller": party(SELLER, ids=(("0223", "FR20990000077"),))}, {}),
    ("BR-FR-CPRO-10", {"buyer": party(BUYER, ids=())}, {}),
    ("BR-FR-CPRO-14", {"contract": "M" * 51}, {"contract": "M" * 50}),
    ("BR-FR-CPRO-15", {"commitment": "E" * 51}, {"commitment": "E" * 50}),
    ("BR-FR-CPRO-17", {"payee": party(PAYEE, ids=())}, {"payee": PAYEE}),
    ("BR-FR-CPRO-17", {"payee": party(PAYEE, ids=(("0009", SUPPLIER_SIRET),))},
     {"payee": party(PAYEE, ids=(("0223", "BE0123456749"),), registration=None)}),
    ("BR-FR-CPRO-18", {"agent": party(AGENT, ids=())}, {"agent": AGENT}),
    ("BR-FR-CPRO-18", {"agent": party(AGENT, ids=(), registration=None)},
     {"agent": party(AGENT, ids=(("0227", "CHAcme"),), registration=None)}),
    ("BR-FR-CPRO-20", {"origins": ["F-1", "F-2"]}, {"origins": ["F-1"]}),
    ("BR-FR-CPRO-21", {"frame": "S3"}, {"frame": "S3", "agent": AGENT}),
    ("BR-FR-CPRO-21", {"frame": "S6", "agent": party(AGENT, registration=None)}, {"frame": "S6", "agent": AGENT}),
    ("BR-FR-CPRO-24", {"frame": "S5"}, {"frame": "S1"}),
    ("BR-FR-CPRO-29", {"exempt_reason": "R" * 1025}, {"exempt_reason": "R" * 1024}),
    ("BR-FR-CPRO-30", {"files": [("R" * 51, "a.csv")]}, {"files": [("R" * 50, "a.csv")]}),
    ("BR-FR-CPRO-31", {"description": "D" * 1025}, {"description": "D" * 1024}),
    ("BR-FR-CPRO-32", {"seller": party(SELLER, street="R" * 401)}, {"seller": party(SELLER, street="R" * 400)}),
    ("BR-FR-CPRO-33", {"seller": party(SELLER, city="V" * 401)}, {"seller": party(SELLER, city="V" * 400)}),
    ("BR-FR-CPRO-34", {"buyer": party(BUYER, trading_name="N" * 100)}, {"buyer": party(BUYER, trading_name="N" * 99)}),
    ("BR-FR-CPRO-35", {"terms": ["T" * 1025]}, {"terms": ["T" * 1024]}),
    ("BR-FR-CPRO-36", {"seller": party(SELLER, trading_name="N" * 100)},
     {"seller": party(SELLER, trading_name="N" * 99)}),
    ("BR-FR-CPRO-37", {"payee": party(PAYEE, name="N" * 100)}, {"payee": party(PAYEE, name="N" * 99)}),
    ("BR-FR-CPRO-38", {"delivered_to": "L" * 21}, {"delivered_to": AGENT_SIRET}),
    ("BR-FR-CPRO-40", {"line_delivered_to": "L" * 21}, {"line_delivered_to": AGENT_SIRET}),
    ("BR-FR-CPRO-41", {"files": [("R", "n" * 47 + ".csv")]}, {"files": [("R", "n" * 46 + ".csv")]}),
    ("BR-FR-CPRO-42", {"notes": (*MENTIONS, ("", "N" * 1025))}, {"notes": (*MENTIONS, ("", "N" * 1024))}),
    ("BR-FR-CPRO-43", {"seller": party(SELLER, name="N" * 100)}, {"seller": party(SELLER, name="N" * 99)}),
    ("BR-FR-CPRO-44", {"buyer": party(BUYER, name="N" * 100)}, {"buyer": party(BUYER, name="N" * 99)}),
]  # fmt: skip


@each_form
@pytest.mark.parametrize(("code", "wrong", "right"), FAILING)
def test_each_rule_refuses_one_document_and_lets_the_one_beside_it_pass(form, code, wrong, right):
    assert code in codes(checked(FORMS[form](**wrong)))
    assert code not in codes(checked(FORMS[form](**right)))


@each_form
@pytest.mark.parametrize(
    ("code", "severity", "wrong", "right"),
    [
        ("BR-FR-CPRO-16", Severity.INFORMATION, {"buyer_agent": AGENT}, {}),
        ("BR-FR-CPRO-16", Severity.INFORMATION, {"invoicee": AGENT}, {}),
        ("BR-FR-CPRO-39", Severity.WARNING, {"iban": LONG_IBAN}, {"iban": FOREIGN}),
    ],
)
def test_each_rule_that_does_not_refuse_says_so(form, code, severity, wrong, right):
    assert code in codes(checked(FORMS[form](**wrong)), severity)
    assert code not in codes(checked(FORMS[form](**right)), severity)


@pytest.mark.parametrize(
    ("code", "wrong", "right"),
    [
        ("BR-FR-CPRO-26", {"seller": party(SELLER, contacts=2)}, {"seller": party(SELLER, contacts=1)}),
        ("BR-FR-CPRO-27", {"buyer": party(BUYER, contacts=2)}, {"buyer": party(BUYER, contacts=1)}),
        ("BR-FR-CPRO-28", {"agent": party(AGENT, contacts=2)}, {"agent": party(AGENT, contacts=1)}),
    ],
)
def test_one_contact_a_party_is_a_rule_in_cii_only_as_the_schema_of_ubl_has_no_place_for_two(code, wrong, right):
    assert code in codes(checked(cii(**wrong)))
    assert code not in codes(checked(cii(**right)))


@each_form
def test_payment_terms_are_written_once(form):
    assert "BR-FR-CPRO-25" in codes(checked(FORMS[form](terms=["30 jours", "Fin de mois"])))
    assert "BR-FR-CPRO-25" not in codes(checked(FORMS[form](terms=["30 jours"])))


@each_form
def test_a_million_lines_are_too_many(form, monkeypatch):
    content = FORMS[form]()
    assert "BR-FR-CPRO-19" not in codes(checked(content))
    monkeypatch.setattr(b2g, "LINES_AT_MOST", 0)
    assert "BR-FR-CPRO-19" in codes(checked(content))


def test_every_rule_of_the_pack_has_a_document_that_it_refuses():
    elsewhere = {f"BR-FR-CPRO-{number}" for number in (16, 19, 25, 26, 27, 28, 39)}
    assert {code for code, _, _ in FAILING} | elsewhere == {rule.code for rule in b2g.RULES}
    asked_of_the_directory = {f"BR-FR-CPRO-{number:02d}" for number in (0, 11, 12, 13, 22, 23)}
    numbers = {f"BR-FR-CPRO-{number:02d}" for number in range(45)}
    assert {rule.code for rule in RULES if rule.code.startswith("BR-FR-CPRO")} == numbers - asked_of_the_directory


def test_a_finding_says_what_to_change_with_the_value_and_the_limit():
    [finding] = [f for f in checked(ubl(number="N" * 21)).findings if f.code == "BR-FR-CPRO-02"]
    assert (finding.value, finding.expected, finding.source) == ("N" * 21, "20 caractères au plus", "CHORALE")
    assert "21 caractères" in finding.message
    assert "BR-FR-CPRO-02" in finding.message
    [missing] = [f for f in checked(cii(buyer=party(BUYER, ids=()))).findings if f.code == "BR-FR-CPRO-10"]
    assert missing.message == (
        "Le SIRET de l'acheteur est absent (BR-FR-CPRO-10) : ajoutez BT-46 avec le schéma 0009, par exemple "
        "12345678200051."
    )


def test_a_fault_that_a_rule_of_the_reform_names_is_told_once():
    assert "CHO-NUMERO-LONG" not in codes(checked(ubl(number="N" * 21)))
    assert "CHO-MARCHE-LONG" not in codes(checked(ubl(contract="M" * 51)))
    assert codes(checked(ubl(profile=EN16931, seller=party(SELLER, ids=())))) == {"BR-FR-CPRO-03", "BR-FR-CPRO-09"}
    assert AGENT_SIREN not in {finding.value for finding in checked(ubl()).findings}
