"""Recipients, services of the account, categories of requests for help; and the older names of some searches."""

from chorale.domain.paging import cut
from chorale.http.api import Api, Call
from chorale.usecases.account_structures import account_services, account_structures
from chorale.usecases.consult_directory import search_services, search_structures
from chorale.wire.account_structures import StructuresActivesAnswer, StructuresActivesAsk, active_structures_answer
from chorale.wire.paging import page_request
from chorale.wire.recipients import (
    ATTACHED_SERVICE_COLUMNS,
    RECIPIENT_COLUMNS,
    CategoriesAnswer,
    CategoriesAsk,
    ListerRattachementsAnswer,
    ListerRattachementsAsk,
    RechercherDestinataireAnswer,
    RechercherDestinataireAsk,
    SousCategoriesAnswer,
    SousCategoriesAsk,
    account_services_answer,
    categories_answer,
    recipient_criteria,
    recipients_answer,
    subcategories_answer,
)
from chorale.wire.services import SERVICE_COLUMNS, RechercherServicesAnswer, RechercherServicesAsk, services_answer
from chorale.wire.structures import identifier_type

TRANSVERSES = "/cpro/transverses/v1"


def declare(api: Api) -> None:
    """Declare the searches as routes of ``api``."""

    @api.business(
        "POST",
        f"{TRANSVERSES}/rechercher/destinataire",
        "rechercherDestinataire",
        RechercherDestinataireAsk,
        RechercherDestinataireAnswer,
    )
    def rechercher_destinataire(call: Call[RechercherDestinataireAsk]) -> RechercherDestinataireAnswer:
        """Search public recipients."""
        page = page_request(call.ask.parametres_recherche, RECIPIENT_COLUMNS)
        return recipients_answer(search_structures(call.actor, recipient_criteria(call.ask), page))

    @api.business(
        "POST",
        "/cpro/structures/v1/lister/rattachementsutilisateur",
        "listerRattachementsStructureUtilisateur",
        ListerRattachementsAsk,
        ListerRattachementsAnswer,
    )
    def lister_rattachements(call: Call[ListerRattachementsAsk]) -> ListerRattachementsAnswer:
        """List the services of the account in a structure."""
        ask = call.ask
        page = page_request(ask.parametres_lister_rattachements_structure_utilisateur, ATTACHED_SERVICE_COLUMNS)
        kind = identifier_type(ask.type_identifiant_structure)
        structure, services = account_services(call.actor, ask.id_structure, kind, ask.identifiant_structure, page)
        return account_services_answer(structure, services)

    @api.business(
        "POST",
        f"{TRANSVERSES}/rechercher/categorieSollicitation",
        "rechercherCategorieSollicitation",
        CategoriesAsk,
        CategoriesAnswer,
    )
    def rechercher_categories(call: Call[CategoriesAsk]) -> CategoriesAnswer:
        """Categories of requests for help: none."""
        return categories_answer(cut((), page_request(call.ask.pagination, {})))

    @api.business(
        "POST",
        f"{TRANSVERSES}/rechercher/sousCategorieSollicitation",
        "rechercherSousCategorieSollicitation",
        SousCategoriesAsk,
        SousCategoriesAnswer,
    )
    def rechercher_sous_categories(call: Call[SousCategoriesAsk]) -> SousCategoriesAnswer:
        """Sub-categories of requests for help: none."""
        return subcategories_answer(cut((), page_request(call.ask.pagination, {})))

    @api.business(
        "POST",
        f"{TRANSVERSES}/recuperer/structuresPourUtilisateur",
        "recupererStructuresPourUtilisateur",
        StructuresActivesAsk,
        StructuresActivesAnswer,
    )
    def structures_pour_utilisateur(call: Call[StructuresActivesAsk]) -> StructuresActivesAnswer:
        """Structures of the account, whatever it may do for them."""
        return active_structures_answer(account_structures(call.actor))

    @api.business(
        "POST",
        f"{TRANSVERSES}/recuperer/services/structure",
        "recupererServicesStructure",
        RechercherServicesAsk,
        RechercherServicesAnswer,
    )
    def recuperer_services_structure(call: Call[RechercherServicesAsk]) -> RechercherServicesAnswer:
        """List the services of a structure."""
        return _services(call)

    @api.business(
        "POST",
        f"{TRANSVERSES}/rechercher/serviceexecutant",
        "rechercherServiceExecutant",
        RechercherServicesAsk,
        RechercherServicesAnswer,
    )
    def rechercher_service_executant(call: Call[RechercherServicesAsk]) -> RechercherServicesAnswer:
        """List the services of a recipient."""
        return _services(call)


def _services(call: Call[RechercherServicesAsk]) -> RechercherServicesAnswer:
    page = page_request(call.ask.parametres_rechercher_services_structure, SERVICE_COLUMNS)
    return services_answer(search_services(call.ask.id_structure, page))
