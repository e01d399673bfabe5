"""Structures of a developer's own: what a request may ask for, and what the hub then knows."""

from types import SimpleNamespace
from typing import Any

import pytest
from chorale.stores import aws
from chorale.stores.access import accounts
from chorale.stores.directory import structures as directory
from chorale_local import seed, structures
from chorale_local.refused import Refused
from chorale_local.structures import wanted

from tests.aws import TABLES

SIRET = "73282932000074"
PLATFORM: Any = SimpleNamespace(client=aws.client, environment={})
OUTPUTS = {
    "LedgerTable": TABLES["LEDGER_TABLE"],
    "DirectoryTable": TABLES["DIRECTORY_TABLE"],
    "TechnicalTable": TABLES["TECHNICAL_TABLE"],
    "DepositBucket": "deposits",
    "DocumentBucket": "documents",
}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "A"}, "Le SIRET manque"),
        ({"siret": "123", "name": "A"}, "n'a pas quatorze chiffres"),
        ({"siret": "73282932000075", "name": "A"}, "La clé du SIRET 73282932000075 est fausse"),
        ({"siret": SIRET, "name": " "}, "Le nom est un texte"),
        ({"siret": SIRET, "name": "A\nB"}, "Le nom est un texte"),
        ({"siret": SIRET, "name": "A", "requires": "tout"}, "« requires » vaut none, service, commitment, either"),
        ({"siret": SIRET, "name": "A", "requires": "service"}, "exige un service en a au moins un"),
        ({"siret": SIRET, "name": "A", "services": "X"}, "« services » est une liste"),
        ({"siret": SIRET, "name": "A", "services": [{"label": "X"}]}, "Un service s'écrit"),
        ({"siret": SIRET, "name": "A", "services": [{"code": "X"}, {"code": "X"}]}, "le même code"),
        ({"siret": SIRET, "name": "A", "public": "oui"}, "« public » vaut true ou false"),
        ({"siret": SIRET, "nom": "A"}, "Champ inconnu : nom"),
    ],
)
def test_a_request_that_cannot_be_is_refused_in_french_with_what_to_change(given, said):
    with pytest.raises(Refused, match=said):
        wanted(given)


def test_a_structure_that_has_services_or_requires_something_is_public_unless_it_says_otherwise():
    assert wanted({"siret": SIRET, "name": "A", "services": [{"code": "X"}]}).public
    assert not wanted({"siret": SIRET, "name": "A"}).public
    assert not wanted({"siret": SIRET, "name": "A", "services": [{"code": "X"}], "public": False}).public


def test_an_added_structure_has_its_services_an_account_with_every_right_and_edi_folders(hub):
    added = structures.add(
        PLATFORM, OUTPUTS,
        {"siret": "732 829 320 00074", "name": "Commune", "services": [{"code": "CANTINE"}], "requires": "service"},
    )  # fmt: skip

    assert added["created"]
    assert (added["account"], added["password"]) == (f"TECH_1_{SIRET}@cpro.fr", "demo-password")
    kept = directory.structure(added["id"])
    assert kept is not None
    assert (kept.identifier, kept.public, kept.requires_service) == (SIRET, True, True)
    assert [service.code for service in directory.services(added["id"])] == ["CANTINE"]
    account = accounts.technical_account(added["account"])
    assert account is not None
    assert added["id"] in account.rights
    assert added["edi_partner"] == seed.partner_of(added["id"])


def test_adding_again_keeps_the_numbers_and_adds_what_is_new(hub):
    first = structures.add(PLATFORM, OUTPUTS, {"siret": SIRET, "name": "Commune", "services": [{"code": "A"}]})
    again = structures.add(PLATFORM, OUTPUTS, {"siret": SIRET, "name": "Commune", "services": [{"code": "A"}]})
    more = structures.add(PLATFORM, OUTPUTS, {"siret": SIRET, "name": "Commune", "services": [{"code": "B"}]})

    assert (again["created"], more["created"]) == (False, False)
    assert first["id"] == again["id"] == more["id"]
    assert again["services"] == first["services"]
    assert [service["code"] for service in more["services"]] == ["A", "B"]
    assert more["services"][0] == first["services"][0]


def test_another_name_or_label_is_refused_with_what_it_is_now_unless_it_replaces(hub):
    first = {"siret": SIRET, "name": "Commune", "services": [{"code": "A", "label": "Cantine"}]}
    other = {"siret": SIRET, "name": "Ville", "services": [{"code": "A", "label": "Voirie"}, {"code": "B"}]}
    added = structures.add(PLATFORM, OUTPUTS, first)

    with pytest.raises(Refused) as refused:
        structures.add(PLATFORM, OUTPUTS, other)
    unchanged = structures.add(PLATFORM, OUTPUTS, {"siret": SIRET, "name": "Commune", "services": [{"code": "A"}]})
    replaced = structures.add(PLATFORM, OUTPUTS, {**other, "replace": True})

    assert "s'appelle « Commune », pas « Ville » ; a le service A « Cantine », pas « Voirie »" in str(refused.value)
    assert unchanged == {**added, "created": False}
    assert replaced["name"] == "Ville"
    assert [(one["code"], one["label"]) for one in replaced["services"]] == [("A", "Voirie"), ("B", "B")]


def test_what_is_not_given_again_stays_as_it_is(hub):
    first = {"siret": SIRET, "name": "Commune", "services": [{"code": "A"}], "requires": "service"}
    structures.add(PLATFORM, OUTPUTS, first)

    more = structures.add(PLATFORM, OUTPUTS, {"siret": SIRET, "name": "Commune"})
    private = structures.add(PLATFORM, OUTPUTS, {**first, "public": False, "requires": "none"})

    assert (more["requires"], more["public"]) == ("service", True)
    assert (private["requires"], private["public"]) == ("none", False)


def test_two_structures_have_two_numbers_and_both_are_listed(hub):
    one = structures.add(PLATFORM, OUTPUTS, {"siret": SIRET, "name": "Un"})
    other = structures.add(PLATFORM, OUTPUTS, {"siret": "55208131766522", "name": "Deux"})

    assert one["id"] != other["id"]
    listed = {entry["siret"]: entry["name"] for entry in structures.listed(PLATFORM, OUTPUTS, {})}
    assert listed[SIRET] == "Un"
    assert listed["55208131766522"] == "Deux"


def test_the_number_of_a_demo_party_is_refused(hub):
    with pytest.raises(Refused, match="structure de démonstration"):
        structures.add(PLATFORM, OUTPUTS, {"siret": "99000007700018", "name": "X"})
