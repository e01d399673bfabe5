"""The directory: parties by id, by identifier, by the words of their name."""

from dataclasses import replace

import pytest
from chorale.domain.directory.structures import IdentifierType, Service, Structure, search_words
from chorale.stores.directory import structures as directory

from tests.aws import Hub
from tests.cast import EVERYBODY, OTHER_RECIPIENT, RECIPIENT, SERVICE, STATE, SUPPLIER, fill_directory

TOWNS = [
    Structure(1, "21340172201787", "Commune de Montpellier"),
    Structure(2, "21420218600018", "Commune de Saint-Étienne"),
    Structure(3, "21750001600019", "Ville de Paris"),
    Structure(4, "26750045200011", "Assistance publique - Hôpitaux de Paris"),
    Structure(5, "13001653800014", "AIFE"),
]


def _named(text: str, limit: int = 100) -> list[int]:
    return sorted(structure.id for structure in directory.named(search_words(text), limit))


@pytest.fixture
def towns(hub: Hub) -> Hub:
    directory.write(TOWNS)
    return hub


# By id and by identifier


def test_a_structure_is_read_back_as_it_was_written(hub: Hub) -> None:
    fill_directory()
    assert directory.structure(RECIPIENT.id) == RECIPIENT
    assert directory.structure(7) is None


def test_several_structures_come_in_the_order_asked_without_the_unknown(hub: Hub) -> None:
    fill_directory()
    assert directory.structures([STATE.id, 7, SUPPLIER.id, STATE.id]) == [STATE, SUPPLIER, STATE]
    assert directory.structures([]) == []


def test_structures_are_found_by_their_identifier_and_its_type(hub: Hub) -> None:
    fill_directory()
    siret, unknown = ("SIRET", SUPPLIER.identifier), ("SIRET", "00000000000000")
    assert directory.by_identifiers([siret, unknown, ("RIDET", SUPPLIER.identifier), ("SIRET", "")]) == {
        siret: SUPPLIER
    }


def test_an_identifier_longer_than_any_key_is_unknown(hub: Hub) -> None:
    assert directory.by_identifiers([("SIRET", "1" * 3000), ("SIRET", "é" * 1500)]) == {}
    assert directory.service_and_commitment(1, "x" * 3000, "y" * 3000) == (None, False)


def test_the_same_identifier_asked_for_both_parties_is_asked_once(hub: Hub) -> None:
    fill_directory()
    siret = ("SIRET", SUPPLIER.identifier)
    assert directory.by_identifiers([siret, siret]) == {siret: SUPPLIER}


def test_more_structures_than_one_read_takes(hub: Hub) -> None:
    many = [Structure(index, f"{index:014d}", f"Structure {index}") for index in range(1, 231)]
    directory.write(many)
    assert directory.structures([structure.id for structure in many]) == many


# Services and commitments


@pytest.mark.parametrize(
    ("code", "commitment", "expected"),
    [
        ("", "", (None, False)),
        ("VOIRIE", "", ("VOIRIE", False)),
        ("", "EJ-1", (None, True)),
        ("VOIRIE", "EJ-1", ("VOIRIE", True)),
        ("INCONNU", "EJ-9", (None, False)),
        ("voirie", "ej-1", (None, False)),
    ],
)
def test_the_service_and_the_commitment_that_an_invoice_names(
    hub: Hub, code: str, commitment: str, expected: tuple[str | None, bool]
) -> None:
    directory.write([RECIPIENT], [Service(1, RECIPIENT.id, "VOIRIE", "Voirie")], [(RECIPIENT.id, "EJ-1")])
    service, known = directory.service_and_commitment(RECIPIENT.id, code, commitment)
    assert ((service.code if service else None), known) == expected


def test_a_service_is_found_by_its_id_and_among_those_of_its_structure(hub: Hub) -> None:
    fill_directory()
    other = Service(20009, OTHER_RECIPIENT.id, "A_VOIRIE", "Voirie")
    directory.write(services=[other])
    assert directory.service(SERVICE.id) == SERVICE
    assert directory.service(7) is None
    assert directory.services(OTHER_RECIPIENT.id) == [other, SERVICE]
    assert directory.services(RECIPIENT.id) == []


# By name


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("commune", [1, 2]),
        ("COMMUNE", [1, 2]),
        ("étienne", [2]),
        ("etienne", [2]),
        ("Saint Etienne", [2]),
        ("mont", [1]),
        ("montpellier commune", [1]),
        ("paris", [3, 4]),
        ("ville paris", [3]),
        ("hôp", [4]),
        ("aif", [5]),
        ("lyon", []),
        ("commune de lyon", []),
    ],
)
def test_structures_are_found_by_the_words_of_their_name(towns: Hub, asked: str, found: list[int]) -> None:
    assert _named(asked) == found


def test_without_a_word_any_structure_is_found(towns: Hub) -> None:
    assert _named("") == [1, 2, 3, 4, 5]
    assert len(directory.named((), 2)) == 2


def test_the_limit_bears_on_structures_that_have_every_word(towns: Hub) -> None:
    """Not on those that have one of the words: the one asked for might be cut off."""
    assert _named("commune saint", limit=1) == [2]
    assert _named("de paris ville", limit=1) == [3]


def test_a_very_long_word_is_found_by_itself_and_by_its_beginning(hub: Hub) -> None:
    long = Structure(9, "99000009900019", "Anticonstitutionnellementassuranceetablissement")
    directory.write([long])
    assert directory.named(search_words(long.name), 10) == [long]
    assert directory.named(search_words("anticonstitution"), 10) == [long]


# Writing


def test_writing_the_same_again_changes_nothing(hub: Hub) -> None:
    fill_directory()
    before = hub.rows("Directory")
    fill_directory()
    after = hub.rows("Directory")
    version = ("DIRECTORY", "VERSION")
    assert before.pop(version) != after.pop(version), "whoever writes names a new version"
    assert after == before


def test_writing_a_structure_anew_replaces_it_everywhere(hub: Hub) -> None:
    fill_directory()
    closed = replace(RECIPIENT, active=False)
    directory.write([closed])
    assert directory.structure(RECIPIENT.id) == closed
    assert directory.by_identifiers([("SIRET", RECIPIENT.identifier)]) == {("SIRET", RECIPIENT.identifier): closed}


def test_entries_given_twice_are_written_once(hub: Hub) -> None:
    word = "a" * 30
    directory.write([RECIPIENT, RECIPIENT, Structure(9, "99000009900019", f"{word}b {word}c")], [SERVICE, SERVICE])
    assert directory.structure(9) is not None


@pytest.mark.parametrize("kind", list(IdentifierType))
def test_every_type_of_identifier_can_be_looked_up(hub: Hub, kind: IdentifierType) -> None:
    structure = replace(EVERYBODY[0], identifier_type=kind)
    directory.write([structure])
    assert directory.by_identifiers([(kind.value, structure.identifier)])[kind.value, structure.identifier] == structure
