"""The directory as a file: two CSV of the published layout, made once for each version."""

import base64
import csv
import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from chorale.domain.address import Address
from chorale.http.transverses import directory_file as route
from chorale.stores.directory import structures as directory
from chorale.usecases.directory import directory_file

from tests.aws import Hub
from tests.cast import NOW, OTHER_RECIPIENT, RECIPIENT, SERVICE, STATE, SUPPLIER
from tests.unit.http.calling import DIRECTORY_FILE, Caller, Clock

STRUCTURES, SERVICES = "AIFE-Chorus-Pro-Annuaire_20261123.csv", "AIFE-Chorus-Pro-Annuaire_20261123-services-only.csv"


def _files(caller: Caller) -> dict[str, list[dict[str, str]]]:
    content = base64.b64decode(caller.post(DIRECTORY_FILE)["fichierResultat"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    return {name: list(csv.DictReader(io.StringIO(text), delimiter=";")) for name, text in texts.items()}


def test_public_structures_are_there_by_identifier_and_private_ones_are_not(supplier: Caller) -> None:
    files = _files(supplier)

    assert list(files) == [STRUCTURES, SERVICES]
    identifiers = [row["Identifiant"] for row in files[STRUCTURES]]
    assert identifiers == sorted(row.identifier for row in (RECIPIENT, OTHER_RECIPIENT, STATE))
    assert SUPPLIER.identifier not in identifiers


def test_a_structure_says_what_it_requires_and_where_it_is(supplier: Caller) -> None:
    address = Address("1 place; de la Mairie", postcode="01000", city="Bourg", country="FR")
    directory.write([replace(RECIPIENT, requires_commitment=True, active=False, address=address, email="a@b.fr")])

    [row] = [row for row in _files(supplier)[STRUCTURES] if row["Identifiant"] == RECIPIENT.identifier]

    assert row == {
        "TypeIdentifiant": "SIRET",
        "Identifiant": RECIPIENT.identifier,
        "RaisonSociale": RECIPIENT.name,
        "EmetteurEdi": "false",
        "RecepteurEdi": "false",
        "GestionStatutMiseEnPaiement": "true",
        "GestionEngagement": "true",
        "GestionService": "false",
        "GestionServiceEngagement": "false",
        "EstMOA": "false",
        "EstMOAUniquement": "false",
        "StructureActive": "false",
        "Adresse": "1 place; de la Mairie",
        "ComplementAdresse1": "",
        "ComplementAdresse2": "",
        "CodePostal": "01000",
        "Ville": "Bourg",
        "NumTelephone": "",
        "Courriel": "a@b.fr",
        "CodePays": "FR",
        "LibellePays": "France",
    }


def test_services_name_their_structure(supplier: Caller) -> None:
    [row] = _files(supplier)[SERVICES]

    assert (row["Identifiant"], row["Code"], row["Nom"]) == (OTHER_RECIPIENT.identifier, SERVICE.code, SERVICE.name)
    assert (row["GestionEGMT"], row["ServiceActif"]) == ("false", "true")


def test_who_is_no_longer_public_leaves_with_its_services(supplier: Caller) -> None:
    directory.write([replace(OTHER_RECIPIENT, public=False)])

    files = _files(supplier)

    assert OTHER_RECIPIENT.identifier not in {row["Identifiant"] for row in files[STRUCTURES]}
    assert files[SERVICES] == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_name_is_never_a_formula(supplier: Caller, start: str) -> None:
    directory.write([replace(RECIPIENT, name=f"{start}HYPERLINK()")])

    names = {row["RaisonSociale"] for row in _files(supplier)[STRUCTURES]}

    assert f"'{start}HYPERLINK()" in names


def test_a_phone_number_stays_as_it_is(supplier: Caller) -> None:
    directory.write([replace(RECIPIENT, phone="+33 (0)1 02-03")])

    assert "+33 (0)1 02-03" in {row["NumTelephone"] for row in _files(supplier)[STRUCTURES]}


def _made(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    made: list[object] = []
    published = directory.published

    def counted() -> object:
        made.append(None)
        return published()

    monkeypatch.setattr(directory, "published", counted)
    return made


def test_the_file_is_made_once_for_each_version(supplier: Caller, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _made(monkeypatch)

    first, again = _files(supplier), _files(supplier)
    assert (first, len(made)) == (again, 1)
    directory.write([replace(RECIPIENT, name="Nouveau nom")])

    assert "Nouveau nom" in {row["RaisonSociale"] for row in _files(supplier)[STRUCTURES]}
    assert len(made) == 2
    assert len([key for key in hub.objects("chorale-deposit") if key.startswith("work/annuaire/")]) == 2


def test_the_file_is_made_again_before_the_bucket_drops_it(
    world: Hub, at: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _made(monkeypatch)

    for days in (0, 24, 26, 27):
        directory_file.directory_file(NOW + timedelta(days=days))

    assert len(made) == 2


def test_a_file_that_an_answer_cannot_carry_is_at_an_address(supplier: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route, "LARGEST_INLINE", 100)

    answer = supplier.post(DIRECTORY_FILE)

    assert answer["codeRetour"] == 20011
    assert "/work/annuaire/" in answer["lienTelechargement"]
    assert answer["lienTelechargement"] in answer["libelle"]
