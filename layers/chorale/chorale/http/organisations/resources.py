"""The newer family of the directory, to read: resources by UUID, searches by field, HTTP 400 for refusals."""

from typing import Any

from chorale.http.edge.api import Api, Call, Resource
from chorale.usecases.directory.organisations import (
    candidates,
    of_siren,
    service_of_uuid,
    services_of_uuid,
    services_to_search,
    structure_of_uuid,
)
from chorale.wire.base.models import Ask
from chorale.wire.organisations.resources import (
    SERVICE_FIELDS,
    STRUCTURE_FIELDS,
    RechercheAsk,
    RechercherServicesOrganisationAsk,
    RechercherSirenAsk,
    RechercherStructuresOrganisationAsk,
    ServiceOrganisation,
    StructureOrganisation,
    exact_values,
    found,
    name_asked,
    service_resource,
    structure_resource,
)

BASE = "/cpro/organisations/v1"
ONE_STRUCTURE, MANY_STRUCTURES = Resource(StructureOrganisation), Resource(StructureOrganisation, many=True)
ONE_SERVICE, MANY_SERVICES = Resource(ServiceOrganisation), Resource(ServiceOrganisation, many=True)


def declare(api: Api) -> None:
    """Declare the family on ``api``."""

    @api.resource("GET", f"{BASE}/healthcheck", "organisationsHealthcheck", Ask, Resource())
    def healthcheck(call: Call[Ask]) -> None:
        """Availability: an empty answer."""

    @api.resource("GET", f"{BASE}/structures/{{uuid}}", "consulterStructureOrganisation", Ask, ONE_STRUCTURE)
    def consulter_structure(call: Call[Ask]) -> StructureOrganisation:
        """Read a structure."""
        return structure_resource(structure_of_uuid(call.parameters["uuid"]))

    @api.resource("GET", f"{BASE}/structures/{{uuid}}/services", "listerServicesOrganisation", Ask, MANY_SERVICES)
    def lister_services(call: Call[Ask]) -> list[ServiceOrganisation]:
        """List the services of a structure."""
        return [service_resource(row) for row in services_of_uuid(call.parameters["uuid"])]

    @api.resource(
        "POST",
        f"{BASE}/structures/recherche",
        "rechercherStructuresOrganisation",
        RechercherStructuresOrganisationAsk,
        MANY_STRUCTURES,
    )
    def rechercher_structures(call: Call[RechercheAsk]) -> list[dict[str, Any]]:
        """Search structures."""
        ask = call.ask
        rows = candidates(exact_values(ask, "uuid"), exact_values(ask, "identifiant"), name_asked(ask))
        return found(ask, map(structure_resource, rows), STRUCTURE_FIELDS)

    @api.resource(
        "POST",
        f"{BASE}/services/recherche",
        "rechercherServicesOrganisation",
        RechercherServicesOrganisationAsk,
        MANY_SERVICES,
    )
    def rechercher_services(call: Call[RechercheAsk]) -> list[dict[str, Any]]:
        """Search services."""
        ask = call.ask
        rows = services_to_search(exact_values(ask, "uuid"), exact_values(ask, "rattachementOrganisation"))
        return found(ask, map(service_resource, rows), SERVICE_FIELDS)

    @api.resource("GET", f"{BASE}/services/{{uuid}}", "consulterServiceOrganisation", Ask, ONE_SERVICE)
    def consulter_service(call: Call[Ask]) -> ServiceOrganisation:
        """Read a service."""
        return service_resource(service_of_uuid(call.parameters["uuid"]))

    @api.resource("POST", f"{BASE}/siren/recherche", "rechercherSirenOrganisation", RechercherSirenAsk, MANY_STRUCTURES)
    def rechercher_siren(call: Call[RechercherSirenAsk]) -> list[StructureOrganisation]:
        """List the establishments of a company."""
        return [structure_resource(row) for row in of_siren(call.ask.siren)]
