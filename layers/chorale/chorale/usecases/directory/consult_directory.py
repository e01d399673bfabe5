"""Read the directory: structures, their services, what they require."""

from collections.abc import Sequence
from typing import Any, TypeVar

from chorale.domain.access.rights import Actor
from chorale.domain.directory.structures import (
    IdentifierType,
    Service,
    Structure,
    StructureCriteria,
    search_words,
    structure_matches,
)
from chorale.domain.errors import StructureNotFound
from chorale.domain.paging import RESULTS_CAP, Page, PageRequest, cut
from chorale.stores.directory import structures as directory

Entry = TypeVar("Entry", Structure, Service)


def ordered(rows: Sequence[Entry], page: PageRequest) -> list[Entry]:
    """``rows`` by the column that ``page`` sorts by, ties by id; in their own order when it names none."""

    def key(row: Entry) -> tuple[Any, int]:
        value = getattr(row, page.sort_column)
        return (value.casefold() if isinstance(value, str) else value, row.id)

    return sorted(rows, key=key, reverse=not page.ascending) if page.sort_column else list(rows)


def search_structures(_actor: Actor, ask: StructureCriteria, page: PageRequest) -> Page[Structure]:
    """Structures that answer ``ask``, by name then id unless ``page`` names a column.

    Every account may read the directory.
    """
    if ask.identifier:
        kinds = [ask.identifier_type] if ask.identifier_type else list(IdentifierType)
        found = list(directory.by_identifiers((kind.value, ask.identifier) for kind in kinds).values())
    else:
        found = directory.named(search_words(ask.name), RESULTS_CAP)
    matching = (row for row in found if structure_matches(row, ask))
    rows = ordered(sorted(matching, key=lambda row: (row.name.casefold(), row.id)), page)
    limit = min(page.results_maximum or RESULTS_CAP, RESULTS_CAP)
    return cut(rows[:limit], page, len(found) >= RESULTS_CAP or len(rows) > limit)


def consult_structure(structure_id: int) -> Structure:
    """One structure; raises StructureNotFound."""
    found = directory.structure(structure_id)
    if found is None:
        raise StructureNotFound(f"La structure {structure_id} n'existe pas dans l'annuaire.")
    return found


def search_services(
    structure_id: int, page: PageRequest, code: str = "", words: str = "", active: bool | None = None
) -> Page[Service]:
    """The services of a structure, by code unless ``page`` names a column; raises StructureNotFound.

    ``code``, ``words`` of the name and ``active`` narrow the search where they are given.
    """
    rows = directory.services(structure_id)
    if not rows:
        consult_structure(structure_id)
    found = [row for row in rows if code in ("", row.code) and active in (None, row.active) and _named(row, words)]
    return cut(ordered(found, page), page)


def _named(service: Service, words: str) -> bool:
    has = search_words(service.name)
    return all(any(word.startswith(asked) for word in has) for asked in search_words(words))


def consult_service(structure_id: int | None, service_id: int) -> Service:
    """One service, of the structure named if one is; raises StructureNotFound."""
    found = directory.service(service_id)
    if found is None or (structure_id is not None and found.structure_id != structure_id):
        raise StructureNotFound(f"Le service {service_id} n'existe pas dans l'annuaire.")
    return found
