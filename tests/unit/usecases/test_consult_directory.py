"""Read the directory: every account may."""

import pytest
from chorale.domain.directory.structures import IdentifierType, Structure, StructureCriteria
from chorale.domain.errors import StructureNotFound
from chorale.domain.paging import PageRequest
from chorale.stores.directory import structures as directory
from chorale.usecases.directory.consult_directory import (
    consult_service,
    consult_structure,
    search_services,
    search_structures,
)

from tests.aws import Hub
from tests.cast import EVERYBODY, OTHER_RECIPIENT, RECIPIENT, SERVICE, STATE, SUPPLIER, stranger


def _found(criteria: StructureCriteria, page: PageRequest | None = None) -> list[Structure]:
    return list(search_structures(stranger(), criteria, page or PageRequest(size=100)).rows)


def test_by_identifier_with_or_without_its_type(cast: Hub) -> None:
    assert _found(StructureCriteria(identifier=RECIPIENT.identifier)) == [RECIPIENT]
    siret = StructureCriteria(identifier=RECIPIENT.identifier, identifier_type=IdentifierType.SIRET)
    assert _found(siret) == [RECIPIENT]
    ridet = StructureCriteria(identifier=RECIPIENT.identifier, identifier_type=IdentifierType.RIDET)
    assert _found(ridet) == []
    assert _found(StructureCriteria(identifier="9" * 3000)) == []


def test_by_identifier_and_something_else(cast: Hub) -> None:
    asked = StructureCriteria(identifier=RECIPIENT.identifier, private_only=True)
    assert _found(asked) == []


def test_by_words_of_the_name_sorted_by_name(cast: Hub) -> None:
    assert _found(StructureCriteria(name="destinataire")) == [RECIPIENT, OTHER_RECIPIENT]
    assert _found(StructureCriteria(name="DESTINATAIRE oblig")) == [OTHER_RECIPIENT]
    assert _found(StructureCriteria(name="etat")) == [STATE]
    assert _found(StructureCriteria(name="demo fournisseur")) == [SUPPLIER]


def test_without_a_criterion_everything_is_found(cast: Hub) -> None:
    assert {structure.id for structure in _found(StructureCriteria())} == {structure.id for structure in EVERYBODY}
    public = {structure.id for structure in EVERYBODY if structure.public}
    assert {structure.id for structure in _found(StructureCriteria(public_only=True))} == public


def test_pages_of_structures(cast: Hub) -> None:
    pages = [search_structures(stranger(), StructureCriteria(), PageRequest(number, 2)) for number in (1, 2, 3)]
    assert [row.name for page in pages for row in page.rows] == sorted(
        (structure.name for structure in EVERYBODY), key=str.casefold
    )
    assert {(page.total, page.pages) for page in pages} == {(5, 3)}


def test_the_maximum_cuts_what_answers_the_criteria_not_what_is_looked_at(cast: Hub) -> None:
    one = PageRequest(results_maximum=1)
    assert _found(StructureCriteria(name="demo", private_only=True), one) == [SUPPLIER]
    assert _found(StructureCriteria(name="destinataire service"), one) == [OTHER_RECIPIENT]
    page = search_structures(stranger(), StructureCriteria(name="destinataire"), one)
    assert (page.total, page.capped) == (1, True)


def test_a_renamed_structure_is_no_longer_found_by_its_old_name(cast: Hub) -> None:
    directory.write([Structure(RECIPIENT.id, RECIPIENT.identifier, "Nouveau nom", public=True)])
    assert _found(StructureCriteria(name="contrainte")) == []
    assert [structure.id for structure in _found(StructureCriteria(name="nouveau"))] == [RECIPIENT.id]


def test_one_structure(cast: Hub) -> None:
    assert consult_structure(STATE.id) == STATE
    with pytest.raises(StructureNotFound, match="99"):
        consult_structure(99)


def test_the_services_of_a_structure(cast: Hub) -> None:
    assert list(search_services(OTHER_RECIPIENT.id, PageRequest()).rows) == [SERVICE]
    assert search_services(RECIPIENT.id, PageRequest()).total == 0
    with pytest.raises(StructureNotFound):
        search_services(99, PageRequest())


def test_one_service_of_the_structure_named_or_of_any(cast: Hub) -> None:
    assert consult_service(OTHER_RECIPIENT.id, SERVICE.id) == SERVICE
    assert consult_service(None, SERVICE.id) == SERVICE
    for structure_id, service_id in ((RECIPIENT.id, SERVICE.id), (None, 99)):
        with pytest.raises(StructureNotFound):
            consult_service(structure_id, service_id)
