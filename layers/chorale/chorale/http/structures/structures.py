"""api_directory: structures and services, to read only."""

from chorale.http.edge.api import Api, Call
from chorale.http.organisations import resources as organisations
from chorale.http.structures import account, recipients
from chorale.http.structures import spaces as people
from chorale.http.transverses import directory_file
from chorale.http.transverses import reference_lists as lists
from chorale.usecases.directory.consult_directory import (
    consult_service,
    consult_structure,
    search_services,
    search_structures,
)
from chorale.wire.base.paging import page_request
from chorale.wire.structures.services import (
    SERVICE_COLUMNS,
    ConsulterServiceAnswer,
    ConsulterServiceAsk,
    RechercherServicesAnswer,
    RechercherServicesAsk,
    service_answer,
    services_answer,
)
from chorale.wire.structures.structures import (
    STRUCTURE_COLUMNS,
    ConsulterStructureAnswer,
    ConsulterStructureAsk,
    RechercherStructureAnswer,
    RechercherStructureAsk,
    structure_answer,
    structure_criteria,
    structures_answer,
)

api = Api("api_directory")
lists.declare(api)
account.declare(api)
recipients.declare(api)
people.declare(api)
directory_file.declare(api)
organisations.declare(api)


@api.business(
    "POST",
    "/cpro/structures/v1/rechercher",
    "rechercherStructure",
    RechercherStructureAsk,
    RechercherStructureAnswer,
)
def rechercher_structure(call: Call[RechercherStructureAsk]) -> RechercherStructureAnswer:
    """Search structures."""
    page = page_request(call.ask.parametres, STRUCTURE_COLUMNS)
    return structures_answer(search_structures(call.actor, structure_criteria(call.ask), page))


@api.business(
    "POST",
    "/cpro/structures/v1/consulter",
    "consulterStructure",
    ConsulterStructureAsk,
    ConsulterStructureAnswer,
)
def consulter_structure(call: Call[ConsulterStructureAsk]) -> ConsulterStructureAnswer:
    """Read a structure."""
    return structure_answer(consult_structure(call.ask.id_structure_cpp))


@api.business(
    "POST",
    "/cpro/structures/v1/rechercher/services",
    "rechercherServicesStructure",
    RechercherServicesAsk,
    RechercherServicesAnswer,
)
def rechercher_services_structure(call: Call[RechercherServicesAsk]) -> RechercherServicesAnswer:
    """List the services of a structure."""
    page = page_request(call.ask.parametres_rechercher_services_structure, SERVICE_COLUMNS)
    return services_answer(search_services(call.ask.id_structure, page))


@api.business(
    "POST",
    "/cpro/structures/v1/consulter/service",
    "consulterServiceStructure",
    ConsulterServiceAsk,
    ConsulterServiceAnswer,
)
def consulter_service_structure(call: Call[ConsulterServiceAsk]) -> ConsulterServiceAnswer:
    """Read a service."""
    return service_answer(consult_service(call.ask.id_structure or None, call.ask.id_service))
