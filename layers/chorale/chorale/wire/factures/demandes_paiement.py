"""Search of payment requests of every kind, by the part that one plays (``rechercher/demandePaiement``)."""

from pydantic import AliasChoices, Field

from chorale.domain.dates import paris_day
from chorale.domain.directory.structures import IdentifierType
from chorale.domain.errors import InvalidRequest
from chorale.domain.invoices.criteria import InvoiceCriteria
from chorale.domain.invoices.payment_requests import WORKS_PAPERS, payment_request_of
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.invoices.transitions import Role
from chorale.domain.paging import Page
from chorale.wire.base.enums import payment_requests_of, works_papers_of
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.paging import label_of
from chorale.wire.base.values import Amount, AskedAmount, AskedDay, Day, Flag, Instant, Integer, Text
from chorale.wire.factures.search import DatedSearchAsk, ids, shared_criteria

LIVE = "DEMANDE_PAIEMENT"
ARCHIVED = "DP_ARCHIVE"
ROLES = {
    "FOURNISSEUR": Role.SUPPLIER,
    "DESTINATAIRE": Role.RECIPIENT,
    "VALIDEUR": Role.VALIDATOR,
    # These two have a part in works papers only.
    "MOE": None,
    "MOA": None,
}
"""``roleUtilisateur`` -> the part that the caller plays."""


def _of(name: str) -> AliasChoices:
    """A key of a structure: it ends with the part that the structure plays."""
    return AliasChoices(*(f"{name}{part}" for part in ("Fournisseur", "Destinataire", "Valideur", "Moe", "Moa")))


class StructureAsk(Ask):
    """A structure, by its id or by its identifier."""

    id_structure: Integer = Field(default=0, validation_alias=_of("idStructure"))
    type_identifiant: Text = Field(default=IdentifierType.SIRET.value, validation_alias=_of("typeIdentifiantStructure"))
    identifiant: Text = Field(default="", validation_alias=_of("identifiantStructure"))

    @property
    def is_given(self) -> bool:
        """Whether a structure is named at all."""
        return bool(self.id_structure or self.identifiant)


class RechercherDemandePaiementAsk(DatedSearchAsk):
    """Criteria of a search of payment requests."""

    role_utilisateur: Text = Field(
        default="FOURNISSEUR", description="FOURNISSEUR (par défaut), DESTINATAIRE, VALIDEUR, MOE ou MOA."
    )
    type_demande_paiement: Text = Field(default="", description="Absent : toutes.")
    type_facture: Text = ""
    type_facture_travaux: Text = ""
    periode_date_facture_du: AskedDay | None = Field(default=None, validation_alias="periodeDateFournisseurDu")
    periode_date_facture_au: AskedDay | None = Field(default=None, validation_alias="periodeDateFournisseurAu")
    # This search spells these two as the validator's does.
    montant_apayer_min: AskedAmount | None = Field(default=None, validation_alias="montantAPayerMin")
    montant_apayer_max: AskedAmount | None = Field(default=None, validation_alias="montantAPayerMax")
    numero_facture_origine: Text = ""
    structure_fournisseur: StructureAsk = StructureAsk()
    recherche_siren_fournisseur: Flag = False
    id_service_fournisseur: Integer = 0
    structure_destinataire: StructureAsk = StructureAsk()
    recherche_siren_destinataire: Flag = False
    id_service_destinataire: Integer = 0
    structure_valideur: StructureAsk = StructureAsk()
    structure_moe: StructureAsk = StructureAsk()
    id_service_moe: Integer = 0
    structure_moa: StructureAsk = StructureAsk()
    id_service_moa: Integer = 0
    dp_ou_dp_archive: Text = Field(default=LIVE, description=f"{LIVE} ; {ARCHIVED} ne trouve rien : tout est en ligne.")
    numero_dossier_facturation: Text = Field(default="", description="Les dossiers de travaux ont leur recherche.")
    numero_facture_memoire: Text = ""
    numero_dp_mandat: Text = ""


def role_of(ask: RechercherDemandePaiementAsk) -> Role | None:
    """The part that the caller plays; None for one that only works papers have; raises InvalidRequest."""
    name = ask.role_utilisateur.upper()
    if name not in ROLES:
        raise InvalidRequest(
            f"roleUtilisateur {ask.role_utilisateur} est inconnu : {', '.join(ROLES)}.", "roleUtilisateur"
        )
    return ROLES[name]


def payment_criteria(ask: RechercherDemandePaiementAsk) -> InvoiceCriteria:
    """What ``rechercher/demandePaiement`` asks for, structures that are named by identifier apart.

    Raises InvalidRequest.
    """
    if ask.dp_ou_dp_archive.upper() not in (LIVE, ARCHIVED):
        raise InvalidRequest(
            f"dpOuDpArchive {ask.dp_ou_dp_archive} est inconnu : {LIVE} ou {ARCHIVED}.", "dpOuDpArchive"
        )
    shared = shared_criteria(ask, [ask.type_facture] if ask.type_facture else [], "typeFacture")
    shared["nothing_matches"] |= (
        ask.dp_ou_dp_archive.upper() == ARCHIVED
        or bool(ask.numero_dossier_facturation or ask.numero_facture_memoire)
        or bool(ask.id_service_moe or ask.id_service_moa)
        or ask.structure_moe.is_given
        or ask.structure_moa.is_given
    )
    return InvoiceCriteria(
        status_changed=ask.status_changed,
        payment_requests=payment_requests_of(ask.type_demande_paiement),
        works_papers=works_papers_of(
            [ask.type_facture_travaux] if ask.type_facture_travaux else [], "typeFactureTravaux"
        ),
        suppliers=ids([ask.structure_fournisseur.id_structure]),
        recipients=ids([ask.structure_destinataire.id_structure]),
        validators=ids([ask.structure_valideur.id_structure]),
        services=ids([ask.id_service_destinataire]),
        supplier_services=ids([ask.id_service_fournisseur]),
        origin_number=ask.numero_facture_origine,
        mandate_number=ask.numero_dp_mandat,
        **shared,
    )


class DemandePaiement(Part):
    """One payment request."""

    id_demande_paiement: int
    numero_demande_paiement: str
    type_demande_paiement: str
    type_facture: str
    type_facture_travaux: str | None
    cadre_facturation: str
    etat_courant: str
    date_heure_etat_courant: Instant
    commentaire_etat_courant: str | None
    date_fournisseur: Day
    date_depot: Day
    montant_ht: Amount = Field(serialization_alias="montantHT")
    montant_ttc: Amount = Field(serialization_alias="montantTTC")
    montant_a_payer: Amount
    numero_marche: str | None
    numero_bon_commande: str | None
    numero_facture_origine: str | None
    id_structure_fournisseur: int
    identifiant_structure_fournisseur: str
    id_service_fournisseur: int | None
    id_structure_destinataire: int
    identifiant_structure_destinataire: str
    id_service_destinataire: int | None
    code_service_destinataire: str | None
    nom_service_destinataire: str | None
    id_structure_valideur1: int | None
    dp_ou_dp_archive: str = LIVE
    numero_dp_mandat: str | None
    nombre_resultat_total: str


class RechercherDemandePaiementAnswer(Answer):
    """Payment requests, latest first: this search has no pages."""

    liste_demande_paiement: list[DemandePaiement]
    total: int


def payment_answer(page: Page[InvoiceSummary]) -> RechercherDemandePaiementAnswer:
    """The answer to ``rechercher/demandePaiement``."""
    return RechercherDemandePaiementAnswer(
        libelle=label_of(page),
        liste_demande_paiement=[_row(summary, page.total) for summary in page.rows],
        total=page.total,
    )


def _row(summary: InvoiceSummary, total: int) -> DemandePaiement:
    service, unit = summary.service, summary.supplier_service
    return DemandePaiement(
        id_demande_paiement=summary.id,
        numero_demande_paiement=summary.number,
        type_demande_paiement=payment_request_of(summary.frame).value,
        type_facture=summary.kind.value,
        type_facture_travaux=WORKS_PAPERS.get(summary.frame),
        cadre_facturation=summary.frame.value,
        etat_courant=summary.status.value,
        date_heure_etat_courant=summary.status_at,
        commentaire_etat_courant=summary.status_reason or None,
        date_fournisseur=summary.issue_date,
        date_depot=paris_day(summary.deposited_at),
        montant_ht=summary.net,
        montant_ttc=summary.gross,
        montant_a_payer=summary.payable,
        numero_marche=summary.contract or None,
        numero_bon_commande=summary.commitment or None,
        numero_facture_origine=summary.origin_number or None,
        id_structure_fournisseur=summary.supplier.id,
        identifiant_structure_fournisseur=summary.supplier.identifier,
        id_service_fournisseur=unit.id if unit else None,
        id_structure_destinataire=summary.recipient.id,
        identifiant_structure_destinataire=summary.recipient.identifier,
        id_service_destinataire=service.id if service else None,
        code_service_destinataire=service.code if service else None,
        nom_service_destinataire=service.name if service else None,
        id_structure_valideur1=summary.validator.id if summary.validator else None,
        numero_dp_mandat=summary.mandate_number or None,
        nombre_resultat_total=str(total),
    )
