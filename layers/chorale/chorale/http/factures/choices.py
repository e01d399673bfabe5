"""The lists from which a person chooses what to do with an invoice: statuses and motives, from the domain's tables."""

from chorale.http.edge.api import Api, Call
from chorale.wire.factures.validate import (
    EtatsTraitementAnswer,
    EtatsTraitementAsk,
    EtatsTypeDpAnswer,
    EtatsTypeDpAsk,
    MotifsRefusAnswer,
    MotifsRefusAsk,
    StatutsVisiblesAnswer,
    StatutsVisiblesAsk,
    next_statuses,
    refusal_motives,
    statuses_by_type,
    visible_statuses,
)


def declare(api: Api) -> None:
    """Declare the lists as routes of ``api``."""

    @api.business(
        "POST",
        "/cpro/factures/v1/recuperer/statutsFactureVisibles/valideur",
        "recupererStatutsFactureVisiblesParValideur",
        StatutsVisiblesAsk,
        StatutsVisiblesAnswer,
    )
    def recuperer_statuts_visibles(_call: Call[StatutsVisiblesAsk]) -> StatutsVisiblesAnswer:
        """Statuses at which a validator finds an invoice to treat."""
        return visible_statuses()

    @api.business(
        "POST",
        "/cpro/transverses/v1/recuperer/motifs/refus/Facture/AValider",
        "recupererMotifsRefusFactureAValider",
        MotifsRefusAsk,
        MotifsRefusAnswer,
    )
    def recuperer_motifs_refus(call: Call[MotifsRefusAsk]) -> MotifsRefusAnswer:
        """Motives with which a validator refuses."""
        return refusal_motives(call.ask)

    @api.business(
        "POST",
        "/cpro/transverses/v1/recuperer/etats/traitement",
        "recupererEtatsPossiblesPourTraitement",
        EtatsTraitementAsk,
        EtatsTraitementAnswer,
    )
    def recuperer_etats_traitement(call: Call[EtatsTraitementAsk]) -> EtatsTraitementAnswer:
        """Statuses that a recipient may give next."""
        return next_statuses(call.ask)

    @api.business(
        "POST",
        "/cpro/transverses/v1/recuperer/etat/typedp",
        "recupererEtatParTypeDemandePaiement",
        EtatsTypeDpAsk,
        EtatsTypeDpAnswer,
    )
    def recuperer_etat_typedp(call: Call[EtatsTypeDpAsk]) -> EtatsTypeDpAnswer:
        """Statuses of a type of payment request."""
        return statuses_by_type(call.ask)
