"""Who works in the directory: spaces of the actor's structures, accounts of a service, services of the State."""

from chorale.domain.access.rights import Actor, LinkedAccount, Right, Space
from chorale.domain.directory.structures import IdentifierType, Service
from chorale.domain.errors import StructureNotFound
from chorale.domain.paging import RESULTS_CAP, Page, PageRequest, cut
from chorale.stores.access import accounts
from chorale.stores.directory import structures as directory
from chorale.usecases.directory.account_structures import own_structure
from chorale.usecases.directory.consult_directory import consult_service, ordered


def spaces(
    actor: Actor, structure_id: int, kind: IdentifierType | None, identifier: str, service_id: int
) -> tuple[list[Space], Service | None]:
    """The spaces that the actor has in one of its structures, or in one of its services when ``service_id`` is given.

    A right is held for a whole structure: each of its services has the spaces of the structure. Raises
    StructureNotFound, for what is another's as for what does not exist.
    """
    service = consult_service(structure_id or None, service_id) if service_id else None
    owner = own_structure(actor, service.structure_id if service else structure_id, kind, identifier)
    held = actor.rights[owner]
    return [Space(right, owner, service_id or None) for right in Right if right in held], service


def service_accounts(
    actor: Actor, structure_id: int, service_id: int, page: PageRequest
) -> tuple[Service, Page[LinkedAccount]]:
    """A service of the actor's structures and the accounts that work for it, by login; raises StructureNotFound."""
    service = consult_service(structure_id or None, service_id)
    if service.structure_id not in actor.structures:
        raise StructureNotFound(f"Le service {service_id} n'est d'aucune structure de votre compte.")
    rows = accounts.of_structure(service.structure_id)
    members = [LinkedAccount(row.login, row.rights[service.structure_id]) for row in rows if row.active]
    return service, cut(members, page)


def state_services(page: PageRequest) -> Page[Service]:
    """The active services of the structures of the State, by structure then code unless ``page`` names a column."""
    bodies = [row for row in directory.of_the_state(RESULTS_CAP) if row.active]
    rows = [service for body in bodies for service in directory.services(body.id) if service.active]
    limit = min(page.results_maximum or RESULTS_CAP, RESULTS_CAP)
    return cut(ordered(rows, page)[:limit], page, len(rows) > limit)
