"""Searches of a validator: the invoices that were put to it."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from chorale.domain.dates import paris_day
from chorale.domain.directory.structures import IdentifierType
from chorale.domain.invoices.criteria import InvoiceCriteria
from chorale.domain.invoices.payment_requests import WORKS_PAPERS, payment_request_of
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.paging import Page
from chorale.wire.base.enums import payment_requests_of, works_papers_of
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.paging import PagesGiven, Paging, label_of, pages_given
from chorale.wire.base.values import Amount, AskedAmount, Day, Flag, Integer, Several, Text
from chorale.wire.factures.search import SearchAsk, ids, shared_criteria

VALIDATOR_COLUMNS: Mapping[str, str] = {
    "IdFacture": "id",
    "TypeDemandePaiement": "payment_request",
    "IdFournisseur": "supplier_id",
    "IdentifiantFournisseur": "supplier_identifier",
    "TypeIdentifiantFournisseur": "supplier_identifier_type",
    "DesignationFournisseur": "supplier_name",
    "CodeServiceFournisseur": "supplier_service_code",
    "NomServiceFournisseur": "supplier_service_name",
    "IdDestinataire": "recipient_id",
    "TypeIdentifiantDestinataire": "recipient_identifier_type",
    "IdentifiantDestinataire": "recipient_identifier",
    "DesignationDestinataire": "recipient_name",
    "IdServiceExecutant": "service_id",
    "CodeServiceExecutant": "service_code",
    "NomServiceExecutant": "service_name",
    "IdValideur": "validator_id",
    "TypeIdentifiantValideur": "validator_identifier_type",
    "IdentifiantValideur": "validator_identifier",
    "DesignationValideur": "validator_name",
    "TypeFacture": "kind",
    "TypeFactureTravaux": "works_paper",
    "NumeroFacture": "number",
    "DateFacture": "issue_date",
    "DateDepot": "deposited_at",
    "MontantHT": "net",
    "MontantTTC": "gross",
    "MontantAPayer": "payable",
    "Devise": "currency",
    "Statut": "status",
    "NumeroMarche": "contract",
    "NumeroEngagement": "commitment",
    # An invoice that is no works paper has no MOE and no MOA: its id decides.
    **dict.fromkeys(
        (
            "IdMoe", "TypeIdentifiantMoe", "IdentifiantMoe", "DesignationMoe", "IdServiceMoe", "CodeServiceMoe",
            "NomServiceMoe", "IdMoa", "TypeIdentifiantMoa", "IdentifiantMoa", "DesignationMoa", "IdServiceMoa",
            "CodeServiceMoa", "NomServiceMoa",
        ),
        "id",
    ),
}  # fmt: skip
"""Wire name of a column (AIFE Swagger "Factures") -> sort key of the search."""


class RechercherValideurAsk(SearchAsk):
    """Criteria of a search of the invoices put to a validator."""

    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")
    type_demande_paiement: Text = Field(default="", description="Absent : toutes.")
    id_destinataire: Integer = 0
    recherche_siren_destinataire: Flag = False
    id_service_executant: Integer = 0
    liste_type_facture: Annotated[tuple[Text, ...], Several] = ()
    liste_type_facture_travaux: Annotated[tuple[Text, ...], Several] = ()
    id_fournisseur: Integer = 0
    recherche_siren_fournisseur: Flag = False
    id_service_fournisseur: Integer = 0
    id_structure_valideur: Integer = 0
    id_structure_moe: Integer = 0
    id_structure_moa: Integer = 0
    # This search spells these as no other does.
    montant_apayer_min: AskedAmount | None = Field(default=None, validation_alias="montantAPayerMin")
    montant_apayer_max: AskedAmount | None = Field(default=None, validation_alias="montantAPayerMax")
    numero_bon_commande: Text = Field(default="", validation_alias="numeroEngagement")
    pagination: Paging = Paging()


def to_validate_criteria(ask: RechercherValideurAsk) -> InvoiceCriteria:
    """What ``rechercher/valideur`` asks for; raises InvalidRequest."""
    shared = shared_criteria(ask, ask.liste_type_facture, "listeTypeFacture")
    # Only works papers have a MOE and a MOA.
    shared["nothing_matches"] |= bool(ask.id_structure_moe or ask.id_structure_moa)
    return InvoiceCriteria(
        payment_requests=payment_requests_of(ask.type_demande_paiement),
        works_papers=works_papers_of(ask.liste_type_facture_travaux, "listeTypeFactureTravaux"),
        suppliers=ids([ask.id_fournisseur]),
        recipients=ids([ask.id_destinataire]),
        services=ids([ask.id_service_executant]),
        supplier_services=ids([ask.id_service_fournisseur]),
        validators=ids([ask.id_structure_valideur]),
        **shared,
    )


class TravailValideurAsk(Ask):
    """Whose worklist: a structure by its id or its identifier, or all those of the account."""

    id_structure: Integer = 0
    type_identifiant_structure: Text = IdentifierType.SIRET.value
    identifiant_structure: Text = ""
    pagination: Paging = Paging()
    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")


class FactureAValider(Part):
    """One invoice that was put to a validator."""

    id_facture: int
    type_demande_paiement: str
    id_fournisseur: int
    identifiant_fournisseur: str
    type_identifiant_fournisseur: str
    designation_fournisseur: str
    code_service_fournisseur: str | None
    nom_service_fournisseur: str | None
    id_destinataire: int
    type_identifiant_destinataire: str
    identifiant_destinataire: str
    designation_destinataire: str
    id_service_executant: int | None
    code_service_executant: str | None
    nom_service_executant: str | None
    id_valideur: int | None
    type_identifiant_valideur: str | None
    identifiant_valideur: str | None
    designation_valideur: str | None
    type_facture: str
    type_facture_travaux: str | None
    numero_facture: str
    date_facture: Day
    date_depot: Day
    montant_ht: Amount = Field(serialization_alias="montantHT")
    montant_ttc: Amount = Field(serialization_alias="montantTTC")
    montant_a_payer: Amount
    devise: str
    statut: str
    numero_marche: str | None
    numero_engagement: str | None


class RechercherValideurAnswer(Answer):
    """A page of invoices put to a validator."""

    parametres_retour: PagesGiven
    liste_factures: list[FactureAValider]


def to_validate_answer(page: Page[InvoiceSummary]) -> RechercherValideurAnswer:
    """The answer to ``rechercher/valideur`` and ``rechercher/aTraiter/valideur``."""
    return RechercherValideurAnswer(
        libelle=label_of(page),
        parametres_retour=pages_given(page),
        liste_factures=[_row(summary) for summary in page.rows],
    )


def _row(summary: InvoiceSummary) -> FactureAValider:
    service, unit, validator = summary.service, summary.supplier_service, summary.validator
    return FactureAValider(
        id_facture=summary.id,
        type_demande_paiement=payment_request_of(summary.frame).value,
        id_fournisseur=summary.supplier.id,
        identifiant_fournisseur=summary.supplier.identifier,
        type_identifiant_fournisseur=summary.supplier.identifier_type.value,
        designation_fournisseur=summary.supplier.name,
        code_service_fournisseur=unit.code if unit else None,
        nom_service_fournisseur=unit.name if unit else None,
        id_destinataire=summary.recipient.id,
        type_identifiant_destinataire=summary.recipient.identifier_type.value,
        identifiant_destinataire=summary.recipient.identifier,
        designation_destinataire=summary.recipient.name,
        id_service_executant=service.id if service else None,
        code_service_executant=service.code if service else None,
        nom_service_executant=service.name if service else None,
        id_valideur=validator.id if validator else None,
        type_identifiant_valideur=validator.identifier_type.value if validator else None,
        identifiant_valideur=validator.identifier if validator else None,
        designation_valideur=validator.name if validator else None,
        type_facture=summary.kind.value,
        type_facture_travaux=WORKS_PAPERS.get(summary.frame),
        numero_facture=summary.number,
        date_facture=summary.issue_date,
        date_depot=paris_day(summary.deposited_at),
        montant_ht=summary.net,
        montant_ttc=summary.gross,
        montant_a_payer=summary.payable,
        devise=summary.currency,
        statut=summary.status.value,
        numero_marche=summary.contract or None,
        numero_engagement=summary.commitment or None,
    )
