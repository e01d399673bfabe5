"""What a search of invoices finds: by their supplier, by their recipient."""

from typing import Any

from pydantic import Field

from chorale.domain.dates import paris_day
from chorale.domain.invoices.payment_requests import WORKS_PAPERS, payment_request_of
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.paging import Page
from chorale.wire.base.errors import NO_RESULT
from chorale.wire.base.models import Answer, Part
from chorale.wire.base.paging import PagesGiven, label_of, pages_given
from chorale.wire.base.values import Amount, Day, Instant


class FactureRow(Part):
    """Columns that both searches show."""

    type_demande_paiement: str
    code_fournisseur: str
    type_identifiant_fournisseur: str
    designation_fournisseur: str
    code_service_fournisseur: str | None
    nom_service_fournisseur: str | None
    id_destinataire: int
    code_destinataire: str
    designation_destinataire: str
    id_service_executant: int | None
    code_service_executant: str | None
    nom_service_executant: str | None
    type_facture: str
    numero_facture: str
    date_facture: Day
    date_depot: Day
    montant_ht: Amount = Field(serialization_alias="montantHT")
    montant_ttc: Amount = Field(serialization_alias="montantTTC")
    montant_a_payer: Amount
    devise: str
    statut: str
    numero_marche: str | None
    numero_bon_commande: str | None
    taille: int = Field(description="Octets.")
    date_heure_etat_courant: Instant
    commentaire_etat_courant: str | None


class FactureEmise(FactureRow):
    """One issued invoice."""

    identifiant_facture_cpp: int = Field(serialization_alias="identifiantFactureCPP")
    numero_flux_depot: str
    mode_depot: str
    rejet_traite: bool
    numero_facture_origine: str | None
    type_identifiant_valideur1: str | None
    code_valideur1: str | None
    raison_sociale_valideur1: str | None
    date_validation1: Day | None


class FactureRecue(FactureRow):
    """One received invoice. The same number is called ``idFacture`` on this side."""

    id_facture: int
    facture_telechargee_par_destinataire: bool
    type_facture_travaux: str | None


def _row(summary: InvoiceSummary) -> dict[str, Any]:
    service, unit = summary.service, summary.supplier_service
    return {
        "type_demande_paiement": payment_request_of(summary.frame).value,
        "code_service_fournisseur": unit.code if unit else None,
        "nom_service_fournisseur": unit.name if unit else None,
        "code_fournisseur": summary.supplier.identifier,
        "type_identifiant_fournisseur": summary.supplier.identifier_type.value,
        "designation_fournisseur": summary.supplier.name,
        "id_destinataire": summary.recipient.id,
        "code_destinataire": summary.recipient.identifier,
        "designation_destinataire": summary.recipient.name,
        "id_service_executant": service.id if service else None,
        "code_service_executant": service.code if service else None,
        "nom_service_executant": service.name if service else None,
        "type_facture": summary.kind.value,
        "numero_facture": summary.number,
        "date_facture": summary.issue_date,
        "date_depot": paris_day(summary.deposited_at),
        "montant_ht": summary.net,
        "montant_ttc": summary.gross,
        "montant_a_payer": summary.payable,
        "devise": summary.currency,
        "statut": summary.status.value,
        "numero_marche": summary.contract or None,
        "numero_bon_commande": summary.commitment or None,
        "taille": summary.size,
        "date_heure_etat_courant": summary.status_at,
        "commentaire_etat_courant": summary.status_reason or None,
    }


class RechercherFournisseurAnswer(Answer):
    """A page of issued invoices."""

    parametres_retour: PagesGiven
    liste_factures: list[FactureEmise]


class RechercherRecipiendaireAnswer(Answer):
    """A page of received invoices; the page's figures are at the root here."""

    liste_factures: list[FactureRecue]
    page_courante: int
    pages: int
    nb_resultats_par_page: int
    total: int


def issued_answer(page: Page[InvoiceSummary]) -> RechercherFournisseurAnswer:
    """The answer to ``rechercher/fournisseur``."""
    rows = [_issued(summary) for summary in page.rows]
    return RechercherFournisseurAnswer(libelle=label_of(page), parametres_retour=pages_given(page), liste_factures=rows)


def _issued(summary: InvoiceSummary) -> FactureEmise:
    validator = summary.validator
    return FactureEmise(
        **_row(summary),
        identifiant_facture_cpp=summary.id,
        numero_flux_depot=summary.flux_number,
        mode_depot=summary.deposit_mode,
        rejet_traite=summary.rejection_handled,
        numero_facture_origine=summary.origin_number or None,
        type_identifiant_valideur1=validator.identifier_type.value if validator else None,
        code_valideur1=validator.identifier if validator else None,
        raison_sociale_valideur1=validator.name if validator else None,
        date_validation1=paris_day(summary.validated_at) if summary.validated_at else None,
    )


def received_answer(page: Page[InvoiceSummary]) -> RechercherRecipiendaireAnswer:
    """The answer to ``rechercher/recipiendaire``; without any result it carries the platform's code for that."""
    rows = [_received(summary) for summary in page.rows]
    return RechercherRecipiendaireAnswer(
        code_retour=0 if page.total else NO_RESULT.return_code,
        libelle=label_of(page) if page.total else NO_RESULT.label_code,
        liste_factures=rows,
        **pages_given(page).model_dump(),
    )


def _received(summary: InvoiceSummary) -> FactureRecue:
    return FactureRecue(
        **_row(summary),
        id_facture=summary.id,
        facture_telechargee_par_destinataire=summary.downloaded,
        type_facture_travaux=WORKS_PAPERS.get(summary.frame),
    )


class TravailFournisseur(FactureRow):
    """One invoice of a supplier's worklist."""

    identifiant_facture_cpp: int = Field(serialization_alias="identifiantFactureCPP")
    # The official list has neither of these two.
    date_heure_etat_courant: Instant = Field(exclude=True)
    commentaire_etat_courant: str | None = Field(exclude=True)


class TravailFournisseurAnswer(Answer):
    """A page of a supplier's worklist."""

    parametres_retour: PagesGiven
    liste_factures: list[TravailFournisseur]


def supplier_worklist_answer(page: Page[InvoiceSummary]) -> TravailFournisseurAnswer:
    """The answer to ``rechercher/atraiter/fournisseur``."""
    rows = [TravailFournisseur(**_row(summary), identifiant_facture_cpp=summary.id) for summary in page.rows]
    return TravailFournisseurAnswer(libelle=label_of(page), parametres_retour=pages_given(page), liste_factures=rows)


class TravailRecipiendaireAnswer(Answer):
    """A page of a recipient's worklist; its figures in an object, and at the root where older clients read them."""

    liste_factures: list[FactureRecue]
    parametres_retour: PagesGiven
    page_courante: int
    pages: int
    nb_resultats_par_page: int
    total: int


def recipient_worklist_answer(page: Page[InvoiceSummary]) -> TravailRecipiendaireAnswer:
    """The answer to ``rechercher/atraiter/recipiendaire``."""
    return TravailRecipiendaireAnswer(
        libelle=label_of(page),
        liste_factures=[_received(summary) for summary in page.rows],
        parametres_retour=pages_given(page),
        **pages_given(page).model_dump(),
    )
