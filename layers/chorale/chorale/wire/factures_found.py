"""What a search of invoices finds: by their supplier, by their recipient."""

from typing import Any

from pydantic import Field

from chorale.domain.dates import paris_day
from chorale.domain.filing import InvoiceSummary
from chorale.domain.paging import Page
from chorale.wire.enums import ORDINARY
from chorale.wire.errors import NO_RESULT
from chorale.wire.models import Answer, Part
from chorale.wire.paging import PagesGiven, label_of, pages_given
from chorale.wire.values import Amount, Day, Instant


class FactureRow(Part):
    """Columns that both searches show."""

    type_demande_paiement: str = ORDINARY
    code_fournisseur: str
    type_identifiant_fournisseur: str
    designation_fournisseur: str
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


class FactureRecue(FactureRow):
    """One received invoice. The same number is called ``idFacture`` on this side."""

    id_facture: int
    facture_telechargee_par_destinataire: bool


def _row(summary: InvoiceSummary) -> dict[str, Any]:
    service = summary.service
    return {
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
    rows = [
        FactureEmise(
            **_row(summary),
            identifiant_facture_cpp=summary.id,
            numero_flux_depot=summary.flux_number,
            mode_depot=summary.deposit_mode,
            rejet_traite=summary.rejection_handled,
        )
        for summary in page.rows
    ]
    return RechercherFournisseurAnswer(libelle=label_of(page), parametres_retour=pages_given(page), liste_factures=rows)


def received_answer(page: Page[InvoiceSummary]) -> RechercherRecipiendaireAnswer:
    """The answer to ``rechercher/recipiendaire``; without any result it carries the platform's code for that."""
    rows = [
        FactureRecue(**_row(summary), id_facture=summary.id, facture_telechargee_par_destinataire=summary.downloaded)
        for summary in page.rows
    ]
    return RechercherRecipiendaireAnswer(
        code_retour=0 if page.total else NO_RESULT.return_code,
        libelle=label_of(page) if page.total else NO_RESULT.label_code,
        liste_factures=rows,
        **pages_given(page).model_dump(),
    )
