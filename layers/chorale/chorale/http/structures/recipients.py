"""Recipients, services of the account, categories of requests for help; and the older names of some searches."""

from chorale.domain.paging import cut
from chorale.http.edge.api import Api, Call
from chorale.usecases.directory.account_structures import account_services, account_structures
from chorale.usecases.directory.consult_directory import search_services, search_structures
from chorale.wire.base.paging import page_request
from chorale.wire.structures.account_structures import (
    StructuresActivesAsk,
    StructuresPourUtilisateurAnswer,
    account_structures_answer,
)
from chorale.wire.structures.recipients import (
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
from chorale.wire.structures.services import (
    EXECUTING_COLUMNS,
    SERVICE_COLUMNS,
    RechercherServiceExecutantAnswer,
    RechercherServiceExecutantAsk,
    RechercherServicesAnswer,
    RechercherServicesAsk,
    executing_services_answer,
    services_answer,
)
from chorale.wire.structures.structures import identifier_type

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
        StructuresPourUtilisateurAnswer,
    )
    def structures_pour_utilisateur(call: Call[StructuresActivesAsk]) -> StructuresPourUtilisateurAnswer:
        """Structures of the account, whatever it may do for them."""
        return account_structures_answer(account_structures(call.actor))

    @api.business(
        "POST",
        f"{TRANSVERSES}/recuperer/services/structure",
        "recupererServicesStructure",
        RechercherServicesAsk,
        RechercherServicesAnswer,
    )
    def recuperer_services_structure(call: Call[RechercherServicesAsk]) -> RechercherServicesAnswer:
        """List the services of a structure."""
        page = page_request(call.ask.parametres_rechercher_services_structure, SERVICE_COLUMNS)
        return services_answer(search_services(call.ask.id_structure, page))

    @api.business(
        "POST",
        f"{TRANSVERSES}/rechercher/serviceexecutant",
        "rechercherServiceExecutant",
        RechercherServiceExecutantAsk,
        RechercherServiceExecutantAnswer,
    )
    def rechercher_service_executant(call: Call[RechercherServiceExecutantAsk]) -> RechercherServiceExecutantAnswer:
        """List the services of a recipient."""
        ask = call.ask
        page = page_request(ask.parametres_recherche, EXECUTING_COLUMNS)
        return executing_services_answer(
            search_services(
                ask.id_structure, page, ask.code_service_executant, ask.nom_service_executant, active=ask.actif
            )
        )
