"""What a validator decides, and the lists from which it and the recipient choose."""

from pydantic import AliasChoices, Field

from chorale.domain.dates import paris_day
from chorale.domain.errors import InvalidRequest
from chorale.domain.invoices.agreement import Decision, motives_for
from chorale.domain.invoices.payment_requests import PaymentRequest
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.invoices.transitions import TRANSITIONS, Role, possible_targets
from chorale.domain.statuses import Status
from chorale.domain.works.papers import Paper
from chorale.wire.base import enums
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.values import Day, Integer, Text


class TraiterAValiderAsk(Ask):
    """A validator's decision."""

    id_facture: Integer = Field(validation_alias=AliasChoices("idFacture", "identifiantFactureCPP"))
    action: Text = Field(json_schema_extra={"enum": [decision.value for decision in Decision]})
    motif_refus: Text = Field(default="", description="Un code de motif, ou le motif en toutes lettres.")
    complement_info: Text = ""
    type_valideur: Text = Field(default="", description="Accepté et sans effet : le valideur se déduit du compte.")
    id_valideur: Integer = Field(default=0, description="Accepté et sans effet.")


def decision_of(ask: TraiterAValiderAsk) -> Decision:
    """The decision that ``ask`` names; raises InvalidRequest."""
    try:
        return Decision(ask.action.upper())
    except ValueError:
        raise InvalidRequest(
            f"action {ask.action} est inconnue : {Decision.AGREE.value} ou {Decision.REFUSE.value}.", "action"
        ) from None


class TraiterAValiderAnswer(Answer):
    """The invoice, and the status that the decision gave it."""

    id_facture: int
    numero_facture: str
    date_traitement: Day
    statut_facture: str


def decided(summary: InvoiceSummary, given: Status) -> TraiterAValiderAnswer:
    """The answer to ``traiter/factureAValider``; the history has the statuses that followed at once."""
    return TraiterAValiderAnswer(
        id_facture=summary.id,
        numero_facture=summary.number,
        date_traitement=paris_day(summary.status_at),
        statut_facture=given.value,
    )


def decided_paper(paper: Paper) -> TraiterAValiderAnswer:
    """The same for a works paper."""
    return TraiterAValiderAnswer(
        id_facture=paper.id,
        numero_facture=paper.number,
        date_traitement=paris_day(paper.status_at),
        statut_facture=paper.status.value,
    )


class StatutsVisiblesAsk(Ask):
    """Nothing is asked."""

    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")


class StatutVisible(Part):
    """One status."""

    code_statut_facture: str


class StatutsVisiblesAnswer(Answer):
    """Statuses at which a validator finds an invoice to treat."""

    liste_statut_facture: list[StatutVisible]


def visible_statuses() -> StatutsVisiblesAnswer:
    """The answer to ``recuperer/statutsFactureVisibles/valideur``."""
    found = dict.fromkeys(row.source for row in TRANSITIONS if row.role is Role.VALIDATOR and row.source)
    return StatutsVisiblesAnswer(
        liste_statut_facture=[StatutVisible(code_statut_facture=status.value) for status in found]
    )


class MotifsRefusAsk(Ask):
    """A billing frame."""

    code_cadre_facturation_a_valider: Text = Field(
        default="", description="A9_FACTURE_SOUSTRAITANT ou A12_FACTURE_COTRAITANT ; absent, tous les motifs."
    )


class MotifRefus(Part):
    """One motive."""

    id_motif: int
    code_motif: str
    libelle_motif: str


class MotifsRefusAnswer(Answer):
    """The motives with which a validator refuses."""

    liste_motif_refus_facture_a_valider: list[MotifRefus]


def refusal_motives(ask: MotifsRefusAsk) -> MotifsRefusAnswer:
    """The answer to ``recuperer/motifs/refus/Facture/AValider``; raises InvalidRequest for an unknown frame."""
    motives = motives_for(enums.frame_of(ask.code_cadre_facturation_a_valider))
    return MotifsRefusAnswer(
        liste_motif_refus_facture_a_valider=[
            MotifRefus(id_motif=motive.id, code_motif=motive.code, libelle_motif=motive.label) for motive in motives
        ]
    )


class EtatsTraitementAsk(Ask):
    """A current status."""

    statut_courant: Text


class StatutPossible(Part):
    """One status that may come next."""

    statut_possible_pour_traitement: str


class EtatsTraitementAnswer(Answer):
    """The statuses that a recipient may give next."""

    liste_statuts_possibles_pour_traitement: list[StatutPossible]


def next_statuses(ask: EtatsTraitementAsk) -> EtatsTraitementAnswer:
    """The answer to ``recuperer/etats/traitement``; raises InvalidRequest for a status that does not exist."""
    current = enums.status_of(ask.statut_courant, "statutCourant")
    targets = possible_targets(current, Role.RECIPIENT) if current else ()
    return EtatsTraitementAnswer(
        liste_statuts_possibles_pour_traitement=[
            StatutPossible(statut_possible_pour_traitement=target.value) for target in targets
        ]
    )


class EtatsTypeDpAsk(Ask):
    """A type of payment request."""

    type_demande_paiement: Text = Field(default=enums.ORDINARY, description="FACTURE, FACTURE_TRAVAUX…")


class EtatDemandePaiement(Part):
    """One status."""

    etat_demande_paiement: str


class EtatsTypeDpAnswer(Answer):
    """The statuses that a payment request of this type can have."""

    liste_etat_demande_paiement: list[EtatDemandePaiement]


def statuses_by_type(ask: EtatsTypeDpAsk) -> EtatsTypeDpAnswer:
    """The answer to ``recuperer/etat/typedp``; raises InvalidRequest for a type that does not exist."""
    [kind] = enums.payment_requests_of(ask.type_demande_paiement.strip() or enums.ORDINARY)
    found = dict.fromkeys(row.target for row in TRANSITIONS) if kind is PaymentRequest.INVOICE else {}
    return EtatsTypeDpAnswer(
        liste_etat_demande_paiement=[EtatDemandePaiement(etat_demande_paiement=status.value) for status in found]
    )
