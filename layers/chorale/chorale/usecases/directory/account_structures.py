"""What a technical account belongs to, and the commitments that a structure has."""

from chorale.domain.access.rights import Actor, Right
from chorale.domain.directory.structures import IdentifierType, Service, Structure
from chorale.domain.errors import StructureNotFound
from chorale.domain.fields import Field
from chorale.domain.paging import Page, PageRequest, cut
from chorale.stores.directory import structures as directory
from chorale.usecases.directory.consult_directory import consult_structure, ordered

SIRET_LENGTH = 14


def active_structures(actor: Actor, right: Right) -> list[Structure]:
    """The actor's active structures for which it holds ``right``, by id."""
    ids = sorted(structure for structure, rights in actor.rights.items() if right in rights)
    return [structure for structure in directory.structures(ids) if structure.active]


def attachments(actor: Actor, page: PageRequest) -> Page[tuple[Structure, list[Service]]]:
    """The structures that the actor belongs to, by id unless ``page`` names a column, each with its services.

    Only the services of the page are read.
    """
    mine = cut(ordered(directory.structures(sorted(actor.structures)), page), page)
    rows = [(structure, directory.services(structure.id)) for structure in mine.rows]
    return Page(rows, mine.number, mine.size, mine.total)


def account_structures(actor: Actor) -> list[Structure]:
    """The actor's active structures, by id, with or without rights."""
    return [structure for structure in directory.structures(sorted(actor.structures)) if structure.active]


def own_structure(actor: Actor, structure_id: int, kind: IdentifierType | None, identifier: str) -> int:
    """The id of a structure of the actor, named by id or else by identifier.

    Raises StructureNotFound, for another's structure as for one that does not exist.
    """
    if not structure_id and identifier:
        key = ((kind or IdentifierType.SIRET).value, identifier)
        named = directory.by_identifiers([key]).get(key)
        structure_id = named.id if named else 0
    if structure_id not in actor.structures:
        raise StructureNotFound(
            f"Votre compte n'est pas rattaché à la structure {structure_id or identifier} : donnez "
            f"{Field.STRUCTURE_ID} ou {Field.STRUCTURE_IDENTIFIER} d'une des vôtres."
        )
    return structure_id


def account_services(
    actor: Actor, structure_id: int, kind: IdentifierType | None, identifier: str, page: PageRequest
) -> tuple[Structure, Page[Service]]:
    """A structure of the actor, named by id or else by identifier, and its services.

    Raises StructureNotFound, for another's structure as for one that does not exist.
    """
    structure_id = own_structure(actor, structure_id, kind, identifier)
    return consult_structure(structure_id), cut(ordered(directory.services(structure_id), page), page)


def structure_of_siret(siret: str) -> Structure:
    """The structure with this SIRET; raises StructureNotFound."""
    return _identified(siret)


def commitment_exists(structure: str, number: str) -> tuple[Structure, bool]:
    """The structure that receives, named by SIRET or by id, and whether it has the commitment ``number``.

    Raises StructureNotFound.
    """
    found = _identified(structure)
    _, known = directory.service_and_commitment(found.id, "", number)
    return found, known


def _identified(text: str) -> Structure:
    bare = "".join(text.split())
    key = (IdentifierType.SIRET.value, bare)
    found = directory.by_identifiers([key]).get(key)
    if found is None and bare.isdecimal() and len(bare) < SIRET_LENGTH:
        return consult_structure(int(bare))
    if found is None:
        raise StructureNotFound(f"Le SIRET {text} n'est pas dans l'annuaire : vérifiez ses {SIRET_LENGTH} chiffres.")
    return found
