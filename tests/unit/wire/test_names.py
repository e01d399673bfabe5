"""A refusal is told in the names of its caller: for ``soumettre`` fields of its request, no BT number."""

from pathlib import Path

import pytest
from chorale.domain.errors import ChoraleError, InvalidRequest, SubmissionRefused
from chorale.domain.fields import Field, told
from chorale.domain.findings import Finding, Severity
from chorale.formats.judging.messages import sentence, written_rules
from chorale.formats.judging.platform_rules import ORDINARY
from chorale.wire.base.names import COMMON, SPELT_APART, in_fields, in_names_of
from chorale.wire.factures.names import TERMS


def finding(message: str, term: str = "") -> Finding:
    return Finding("CHO-X", Severity.ERROR, "CHORALE", message, term=term)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("Le total hors taxes (BT-109) est absent : renseignez-le.",
         "Le total hors taxes (montantHtTotal) est absent : renseignez-le."),
        ("indiquez le numéro de TVA (BT-31) ou celui du représentant (BT-63).",
         "indiquez le numéro de TVA (idFournisseur) ou celui du représentant."),
        ("Le motif (BT-120, BT-121) est absent.", "Le motif (motifExonerationTva) est absent."),
        ("renseignez-le en BT-10.", "renseignez-le en codeServiceExecutant."),
        ("écrivez BT-147.", "écrivez ce champ."),
        ("rien de cela", "rien de cela"),
    ],
)  # fmt: skip
def test_a_term_becomes_the_field_that_gives_it(message: str, told: str) -> None:
    assert in_fields(message, TERMS) == told


def test_the_field_stands_in_the_place_of_the_term() -> None:
    refused = SubmissionRefused([finding("", "BT-81"), finding("", "BT-63"), finding("", Field.VAT.value)])
    named = in_names_of("factures", refused)

    assert isinstance(named, SubmissionRefused)
    assert [one.term for one in named.findings] == ["modePaiement", "", "montantTVA"]


def test_no_sentence_keeps_a_number_of_a_term() -> None:
    sentences = [rule.french for rule in ORDINARY] + [sentence(rule_id, "")[0] for rule_id in written_rules()]
    left = [said for french in sentences if "BT-" in (said := in_fields(french, TERMS)) or "BG-" in said]
    assert [said for said in left if not any(code in said for code in ("BT-X-", "BR-"))] == []


@pytest.mark.parametrize("names", [TERMS, COMMON], ids=["terms", "fields"])
def test_every_field_is_spelt_as_the_request_spells_it(names: dict[str, str]) -> None:
    assert all(name[0].islower() and name.replace(".", "").isalnum() for name in names.values())


def test_every_field_has_a_name_in_the_public_api() -> None:
    assert set(COMMON) == set(Field)


@pytest.mark.parametrize("family", ["factures", "travaux", "transverses", "organisations", "structures", "chorale"])
def test_each_family_is_told_the_name_that_its_requests_have(family: str) -> None:
    refused = InvalidRequest(f"Donnez {Field.STRUCTURE_ID}.", Field.STRUCTURE_ID)
    named = in_names_of(family, refused)

    name = "idStructure" if family in ("structures", "chorale") else "idStructureCPP"
    assert isinstance(named, InvalidRequest)
    assert (named.message, named.field) == (f"Donnez {name}.", name)


def test_only_families_with_names_of_their_own_have_a_file_of_names() -> None:
    import chorale.wire

    [folder] = chorale.wire.__path__
    assert {path.parent.name for path in Path(folder).glob("*/names.py")} - {"base"} == SPELT_APART


def test_where_no_request_has_a_name_the_label_is_told() -> None:
    assert told(f"{Field.FILE_NAME} est obligatoire.") == "« nom du fichier » est obligatoire."


def test_what_is_no_field_is_left_as_it_is() -> None:
    refused = in_names_of("factures", ChoraleError("⟨autre⟩ et {numero}"))
    assert refused.message == "⟨autre⟩ et {numero}"
