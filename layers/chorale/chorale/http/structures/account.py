"""What the calling account belongs to, and look-ups in the directory by identifier."""

from chorale.domain.access.rights import Right
from chorale.http.edge.api import Api, Call
from chorale.usecases.directory.account_structures import (
    active_structures,
    attachments,
    commitment_exists,
    structure_of_siret,
)
from chorale.wire.base.paging import page_request
from chorale.wire.structures.account_structures import (
    ATTACHMENT_COLUMNS,
    InformationSiretAnswer,
    InformationSiretAsk,
    RattachementsAnswer,
    RattachementsAsk,
    RechercherEngagementAnswer,
    RechercherEngagementAsk,
    StructuresActivesAnswer,
    StructuresActivesAsk,
    active_structures_answer,
    attachments_answer,
    commitment_answer,
    siret_answer,
)

ACTIVES = "/cpro/transverses/v1/recuperer/structures/actives"


def declare(api: Api) -> None:
    """Declare the look-ups as routes of ``api``."""

    @api.business(
        "POST",
        f"{ACTIVES}/fournisseur",
        "recupererStructuresActivesPourFournisseur",
        StructuresActivesAsk,
        StructuresActivesAnswer,
    )
    def actives_fournisseur(call: Call[StructuresActivesAsk]) -> StructuresActivesAnswer:
        """Structures for which the account issues."""
        return active_structures_answer(active_structures(call.actor, Right.ISSUED))

    @api.business(
        "POST",
        f"{ACTIVES}/destinataire",
        "recupererStructuresActivesPourDestinataire",
        StructuresActivesAsk,
        StructuresActivesAnswer,
    )
    def actives_destinataire(call: Call[StructuresActivesAsk]) -> StructuresActivesAnswer:
        """Structures for which the account receives."""
        return active_structures_answer(active_structures(call.actor, Right.RECEIVED))

    @api.business(
        "POST",
        f"{ACTIVES}/facturetravaux",
        "recupererStructuresActivesPourFactureTravaux",
        StructuresActivesAsk,
        StructuresActivesAnswer,
    )
    def actives_travaux(call: Call[StructuresActivesAsk]) -> StructuresActivesAnswer:
        """Structures for which the account has the works space."""
        return active_structures_answer(active_structures(call.actor, Right.WORKS))

    @api.business(
        "POST",
        "/cpro/transverses/v1/consulter/information/siret",
        "consulterInformationSIRET",
        InformationSiretAsk,
        InformationSiretAnswer,
    )
    def consulter_information_siret(call: Call[InformationSiretAsk]) -> InformationSiretAnswer:
        """Read an establishment."""
        return siret_answer(structure_of_siret(call.ask.siret_structure))

    @api.business(
        "POST",
        "/cpro/engagementsJuridiques/v1/rechercher",
        "rechercherEngagementJuridique",
        RechercherEngagementAsk,
        RechercherEngagementAnswer,
    )
    def rechercher_engagement(call: Call[RechercherEngagementAsk]) -> RechercherEngagementAnswer:
        """Whether a commitment exists."""
        number = call.ask.numero_engagement_juridique
        structure, known = commitment_exists(call.ask.structure_receptrice_engagement_juridique, number)
        return commitment_answer(number, structure, known)

    @api.business(
        "POST",
        "/cpro/utilisateurs/v1/monCompte/recuperer/rattachements",
        "monCompteRecupererRattachements",
        RattachementsAsk,
        RattachementsAnswer,
    )
    def recuperer_rattachements(call: Call[RattachementsAsk]) -> RattachementsAnswer:
        """Structures of the account."""
        page = page_request(call.ask.parametres_recherche, ATTACHMENT_COLUMNS)
        return attachments_answer(attachments(call.actor, page))
