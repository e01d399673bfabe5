"""Structures and services by UUID, and the settings that a structure may change itself."""

from collections.abc import Collection, Sequence

from chorale.domain.access.rights import Actor, Deed, demand
from chorale.domain.directory.structures import IdentifierType, Service, Structure, search_words
from chorale.domain.directory.uuids import SERVICES, STRUCTURES, number_of
from chorale.domain.errors import InvalidRequest, StructureNotFound
from chorale.domain.fields import Field
from chorale.domain.paging import RESULTS_CAP
from chorale.stores.directory import structures as directory

SIREN_LENGTH = 9
MOST_NAMED = 100
"""Structures or services that one search of services may name: each costs a read."""


def structure_of_uuid(uuid: str) -> Structure:
    """One structure; raises StructureNotFound."""
    number = number_of(STRUCTURES, uuid)
    found = directory.structure(number) if number is not None else None
    if found is None:
        raise StructureNotFound(f"La structure {uuid} n'existe pas dans l'annuaire.")
    return found


def service_of_uuid(uuid: str) -> Service:
    """One service; raises StructureNotFound."""
    number = number_of(SERVICES, uuid)
    found = directory.service(number) if number is not None else None
    if found is None:
        raise StructureNotFound(f"Le service {uuid} n'existe pas dans l'annuaire.")
    return found


def services_of_uuid(uuid: str) -> list[Service]:
    """The services of a structure, by code; raises StructureNotFound."""
    return directory.services(structure_of_uuid(uuid).id)


def candidates(uuids: Collection[str], identifiers: Collection[str], name: str) -> Sequence[Structure]:
    """Structures among which a search looks: those that are named if any are, else by the words of ``name``.

    Never more than the cap of every search.
    """
    if uuids:
        numbers = (number_of(STRUCTURES, uuid) for uuid in uuids)
        return directory.structures([number for number in numbers if number is not None])
    if identifiers:
        pairs = ((kind.value, text) for text in list(identifiers)[:RESULTS_CAP] for kind in IdentifierType)
        return sorted(directory.by_identifiers(pairs).values(), key=lambda row: row.identifier)
    return directory.named(search_words(name), RESULTS_CAP)


def services_to_search(uuids: Collection[str], owners: Collection[str]) -> list[Service]:
    """Services among which a search looks: those named by UUID, else those of the structures ``owners``.

    Raises InvalidRequest when neither is given, or more than MOST_NAMED of them.
    """
    if not uuids and not owners:
        raise InvalidRequest(
            f"Donnez {Field.ORGANISATION} (uuid d'une structure) ou uuid, avec op = ou IN.",
            Field.ORGANISATION,
        )
    if max(len(uuids), len(owners)) > MOST_NAMED:
        raise InvalidRequest(
            f"{MOST_NAMED} valeurs au plus dans un critère IN de cette recherche.", Field.CRITERION_VALUES
        )
    if uuids:
        numbers = (number_of(SERVICES, uuid) for uuid in uuids)
        named = (directory.service(number) for number in numbers if number is not None)
        return [service for service in named if service is not None]
    structures = (number_of(STRUCTURES, uuid) for uuid in owners)
    return [service for number in structures if number is not None for service in directory.services(number)]


def of_siren(siren: str) -> list[Structure]:
    """The establishments of a company, by SIRET; raises InvalidRequest."""
    bare = "".join(siren.split())
    if not (bare.isdecimal() and len(bare) == SIREN_LENGTH):
        raise InvalidRequest(f"siren {siren} : {SIREN_LENGTH} chiffres sont attendus.", "siren")
    found = directory.of_siren(bare, RESULTS_CAP)
    return [row for row in found if row.identifier_type is IdentifierType.SIRET]


def set_edi(actor: Actor, uuid: str, receives: bool | None, sends: bool | None) -> None:
    """Change what a structure of the actor exchanges by EDI; None changes nothing.

    Raises StructureNotFound for another's structure as for none, Forbidden without the right to manage.
    """
    number = number_of(STRUCTURES, uuid)
    if number is None or number not in actor.structures:
        raise StructureNotFound(f"La structure {uuid} n'est pas de votre compte technique.")
    demand(actor, Deed.MANAGE, number)
    directory.set_edi(structure_of_uuid(uuid), receives, sends)
