"""Spaces, accounts of a service, services of the State: operations that the platform calls deprecated."""

from chorale.http.edge.api import Api, Call
from chorale.usecases.directory.spaces import service_accounts, spaces, state_services
from chorale.wire.base.paging import page_request
from chorale.wire.structures.services import SERVICE_COLUMNS, RechercherServicesAnswer, services_answer
from chorale.wire.structures.spaces import (
    RechercherEspacesAnswer,
    RechercherEspacesAsk,
    ServicesEtatAsk,
    UtilisateursServiceAnswer,
    UtilisateursServiceAsk,
    service_accounts_answer,
    spaces_answer,
)
from chorale.wire.structures.structures import identifier_type

RECUPERER = "/cpro/transverses/v1/recuperer"


def declare(api: Api) -> None:
    """Declare the routes on ``api``."""

    @api.business(
        "POST",
        "/cpro/structures/v1/rechercher/espaces",
        "rechercherEspaces",
        RechercherEspacesAsk,
        RechercherEspacesAnswer,
    )
    def rechercher_espaces(call: Call[RechercherEspacesAsk]) -> RechercherEspacesAnswer:
        """List the spaces of a structure or of a service."""
        named = call.ask.structure
        kind = identifier_type(named.type_identifiant_structure)
        found, service = spaces(call.actor, named.id_structure, kind, named.identifiant_structure, call.ask.id_service)
        return spaces_answer(found, service, call.ask.parametres_rechercher_espaces)

    @api.business(
        "POST",
        f"{RECUPERER}/utilisateurs/service",
        "recupererUtilisateursService",
        UtilisateursServiceAsk,
        UtilisateursServiceAnswer,
    )
    def utilisateurs_service(call: Call[UtilisateursServiceAsk]) -> UtilisateursServiceAnswer:
        """List the accounts of a service."""
        page = page_request(call.ask.parametres_recherche, {})
        return service_accounts_answer(*service_accounts(call.actor, call.ask.id_structure, call.ask.id_service, page))

    @api.business(
        "POST",
        f"{RECUPERER}/services/executantetat",
        "recupererServicesExecutantEtat",
        ServicesEtatAsk,
        RechercherServicesAnswer,
    )
    def services_executant_etat(call: Call[ServicesEtatAsk]) -> RechercherServicesAnswer:
        """List the services of the State."""
        return services_answer(state_services(page_request(call.ask.parametres_recherche, SERVICE_COLUMNS)))
