"""One invoice whole, as its supplier and as its recipient read it."""

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, Field

from chorale.domain.address import Address
from chorale.domain.dates import paris_day
from chorale.domain.directory.structures import IDENTIFIER_SCHEMES, IdentifierType
from chorale.domain.invoices.invoice import Party
from chorale.domain.invoices.recorded import FiledInvoice, InvoiceSummary
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.values import Amount, Day, Integer, Minute, Text
from chorale.wire.factures.lists import (
    AttachmentsPaging,
    LignesDePoste,
    LinesPaging,
    ListeDesPiecesJointes,
    RecapitulatifDeTva,
    TaxPaging,
    attachments_page,
    lines_page,
    taxes_page,
)

PAYMENT_MODES: Mapping[str, str] = {
    "10": "ESPECE",
    "20": "CHEQUE",
    "30": "VIREMENT",
    "31": "VIREMENT",
    "42": "VIREMENT",
    "58": "VIREMENT",
    "49": "PRELEVEMENT",
    "59": "PRELEVEMENT",
    "97": "REPORT",
}
"""BT-81 (UNTDID 4461) -> ``modePaiement``; any other means of payment is AUTRE."""
OTHER_PAYMENT_MODE = "AUTRE"


class ConsulterFactureAsk(Ask):
    """Which invoice, and which pages of its lists."""

    identifiant_facture_cpp: Integer = Field(validation_alias=AliasChoices("identifiantFactureCPP", "idFacture"))
    code_langue: Text = Field(default="", description="Accepté et sans effet.")
    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")


class ConsulterFournisseurAsk(ConsulterFactureAsk):
    """As the supplier names the pages."""

    lines: LinesPaging = Field(default=LinesPaging(), validation_alias="getpLignesPoste")
    taxes: TaxPaging = Field(default=TaxPaging(), validation_alias="getpLigneRecapTva")
    attachments: AttachmentsPaging = Field(default=AttachmentsPaging(), validation_alias="getpListePiecesJointes")


class ConsulterRecipiendaireAsk(ConsulterFactureAsk):
    """As the recipient names the pages."""

    lines: LinesPaging = Field(default=LinesPaging(), validation_alias="rechercheLignePoste")
    # The official name has a small l here, a capital L in the validator's view: both are taken.
    taxes: TaxPaging = Field(
        default=TaxPaging(), validation_alias=AliasChoices("rechercheligneTvaRecap", "rechercheLigneTvaRecap")
    )
    attachments: AttachmentsPaging = Field(default=AttachmentsPaging(), validation_alias="recherchePj")


class Destinataire(Part):
    """The recipient."""

    id_destinataire: int
    code_destinataire: str
    libelle_destinataire: str
    id_service_executant: int | None
    code_service_executant: str | None
    libelle_service_executant: str | None
    adresse_destinataire_detail: str | None
    adresse_destinataire_complement1: str | None
    adresse_destinataire_complement2: str | None
    adresse_destinataire_code_postal: str | None
    adresse_destinataire_ville: str | None
    adresse_destinataire_code_pays: str | None


class DestinataireDeLEmise(Destinataire):
    """The recipient, as the supplier's view names it once more."""

    designation_destinataire: str


class Affactureur(Part):
    """Who is paid in place of the supplier, as the document names it (BG-10)."""

    affactureur_code: str | None
    affactureur_type_identifiant: str | None
    affactureur_raison_sociale: str | None


class Fournisseur(Part):
    """The supplier, where it wants to be paid, and who is paid in its place."""

    id_fournisseur: int
    type_identifiant_fournisseur: str
    code_fournisseur: str
    designation_fournisseur: str
    adresse_fournisseur_detail: str | None
    adresse_fournisseur_complement1: str | None
    adresse_fournisseur_complement2: str | None
    adresse_fournisseur_code_postal: str | None
    adresse_fournisseur_ville: str | None
    adresse_fournisseur_code_pays: str | None
    coord_bancaires_fournisseur_type: str | None
    coord_bancaires_fournisseur_code_pays: str | None
    coord_bancaires_fournisseur_cle_iban: str | None
    coord_bancaires_fournisseur_compte_bancaire: str | None
    coord_bancaires_bic_swift: str | None
    affactureur: Affactureur | None


class FournisseurDeLEmise(Fournisseur):
    """The supplier, as its own view names it once more."""

    raison_sociale_fournisseur: str


class CadreDeFacturation(Part):
    """The billing frame."""

    code_cadre_facturation: str
    id_valideur1: int | None
    type_identifiant_valideur1: str | None
    code_valideur1: str | None
    raison_sociale_valideur1: str | None
    date_validation1: Day | None


class References(Part):
    """Dates and numbers that the document carries."""

    date_facture: Day
    date_depot: Day
    date_creation_facture: Minute
    date_echeance_paiement: Day | None
    code_devise_facture: str
    type_facture: str
    type_tva: str
    libelle_motif_exoneration_tva: str | None
    numero_marche: str | None
    numero_bon_commande: str | None
    numero_facture_origine: str | None
    mode_paiement: str | None
    numero_dp_mandat: str | None
    taille_totale_pieces_jointes: int = Field(description="Octets.")


class MontantTotal(Part):
    """Totals of the document, in its currency."""

    montant_ht_total: Amount
    montant_tva: Amount = Field(serialization_alias="montantTVA")
    montant_ttc_avant_remise_global_ttc: Amount = Field(serialization_alias="montantTtcAvantRemiseGlobalTTC")
    montant_remise_globale_ttc: Amount | None = Field(serialization_alias="montantRemiseGlobaleTTC")
    motif_remise_globale_ttc: str | None = Field(serialization_alias="motifRemiseGlobaleTTC")
    montant_ttc_total: Amount
    montant_a_payer: Amount


class Facture(Part):
    """The invoice."""

    identifiant_facture_cpp: int = Field(serialization_alias="identifiantFactureCPP")
    numero_facture: str
    statut_facture: str
    mode_depot: str
    destinataire: Destinataire
    fournisseur: Fournisseur
    cadre_de_facturation: CadreDeFacturation
    references: References
    recapitulatif_de_tva: RecapitulatifDeTva
    montant_total: MontantTotal
    liste_des_pieces_jointes: ListeDesPiecesJointes
    lignes_de_poste: LignesDePoste
    commentaire: str | None


class FactureFournisseur(Facture):
    """The invoice as its supplier reads it."""

    destinataire: DestinataireDeLEmise
    fournisseur: FournisseurDeLEmise
    rejet_traite: bool


class ConsulterFournisseurAnswer(Answer):
    """An issued invoice."""

    facture: FactureFournisseur


class ConsulterValideurAsk(ConsulterFactureAsk):
    """As the validator names the pages."""

    lines: LinesPaging = Field(default=LinesPaging(), validation_alias="rechercheLignePoste")
    taxes: TaxPaging = Field(default=TaxPaging(), validation_alias="rechercheLigneTvaRecap")
    attachments: AttachmentsPaging = Field(default=AttachmentsPaging(), validation_alias="recherchePj")


class ConsulterRecipiendaireAnswer(Answer):
    """A received invoice."""

    facture: Facture


def issued_detail(
    filed: FiledInvoice, ask: ConsulterFournisseurAsk | ConsulterValideurAsk
) -> ConsulterFournisseurAnswer:
    """The answer to ``consulter/fournisseur`` and ``consulter/valideur``; raises InvalidRequest for an unknown sort."""
    summary = filed.summary
    return ConsulterFournisseurAnswer(
        facture=FactureFournisseur(
            destinataire=DestinataireDeLEmise(**_recipient(filed), designation_destinataire=summary.recipient.name),
            fournisseur=FournisseurDeLEmise(**_supplier(filed), raison_sociale_fournisseur=summary.supplier.name),
            rejet_traite=summary.rejection_handled,
            **_common(filed, ask.lines, ask.taxes, ask.attachments),
        )
    )


def received_detail(filed: FiledInvoice, ask: ConsulterRecipiendaireAsk) -> ConsulterRecipiendaireAnswer:
    """The answer to ``consulter/recipiendaire``; raises InvalidRequest for an unknown sort."""
    return ConsulterRecipiendaireAnswer(
        facture=Facture(
            destinataire=Destinataire(**_recipient(filed)),
            fournisseur=Fournisseur(**_supplier(filed)),
            **_common(filed, ask.lines, ask.taxes, ask.attachments),
        )
    )


def _common(
    filed: FiledInvoice, lines: LinesPaging, taxes: TaxPaging, attachments: AttachmentsPaging
) -> dict[str, Any]:
    summary, document = filed.summary, filed.document
    return {
        "identifiant_facture_cpp": summary.id,
        "numero_facture": summary.number,
        "statut_facture": summary.status.value,
        "mode_depot": summary.deposit_mode,
        "cadre_de_facturation": _frame(summary),
        "references": _references(filed),
        "recapitulatif_de_tva": taxes_page(document, taxes),
        "montant_total": MontantTotal(
            montant_ht_total=summary.net,
            montant_tva=summary.vat,
            montant_ttc_avant_remise_global_ttc=summary.gross + document.totals.discount,
            montant_remise_globale_ttc=document.totals.discount or None,
            motif_remise_globale_ttc=document.totals.discount_reason or None,
            montant_ttc_total=summary.gross,
            montant_a_payer=summary.payable,
        ),
        "liste_des_pieces_jointes": attachments_page(document, filed.attachments, attachments),
        "lignes_de_poste": lines_page(document, lines),
        "commentaire": filed.comment or None,
    }


def _frame(summary: InvoiceSummary) -> CadreDeFacturation:
    validator = summary.validator
    return CadreDeFacturation(
        code_cadre_facturation=summary.frame.value,
        id_valideur1=validator.id if validator else None,
        type_identifiant_valideur1=validator.identifier_type.value if validator else None,
        code_valideur1=validator.identifier if validator else None,
        raison_sociale_valideur1=validator.name if validator else None,
        date_validation1=paris_day(summary.validated_at) if summary.validated_at else None,
    )


def _address(prefix: str, address: Address) -> dict[str, str | None]:
    return {
        f"adresse_{prefix}_detail": address.line1 or None,
        f"adresse_{prefix}_complement1": address.line2 or None,
        f"adresse_{prefix}_complement2": address.line3 or None,
        f"adresse_{prefix}_code_postal": address.postcode or None,
        f"adresse_{prefix}_ville": address.city or None,
        f"adresse_{prefix}_code_pays": address.country or None,
    }


def _recipient(filed: FiledInvoice) -> dict[str, Any]:
    recipient, service, buyer = filed.summary.recipient, filed.summary.service, filed.document.buyer
    return {
        "id_destinataire": recipient.id,
        "code_destinataire": recipient.identifier,
        "libelle_destinataire": recipient.name,
        "id_service_executant": service.id if service else None,
        "code_service_executant": service.code if service else None,
        "libelle_service_executant": service.name if service else None,
        **_address("destinataire", buyer.address if buyer.identifier == recipient.identifier else Address()),
    }


def _supplier(filed: FiledInvoice) -> dict[str, Any]:
    supplier, document = filed.summary.supplier, filed.document
    iban = document.iban
    return {
        "id_fournisseur": supplier.id,
        "type_identifiant_fournisseur": supplier.identifier_type.value,
        "code_fournisseur": supplier.identifier,
        "designation_fournisseur": supplier.name,
        "coord_bancaires_fournisseur_type": "IBAN" if iban else None,
        "coord_bancaires_fournisseur_code_pays": iban[:2] or None,
        "coord_bancaires_fournisseur_cle_iban": iban[2:4] or None,
        "coord_bancaires_fournisseur_compte_bancaire": iban or None,
        "coord_bancaires_bic_swift": document.bic or None,
        "affactureur": _factor(document.payee),
        **_address("fournisseur", document.supplier.address),
    }


def _factor(payee: Party) -> Affactureur | None:
    if not (payee.name or payee.identifier):
        return None
    kind = IDENTIFIER_SCHEMES.get(payee.identifier_scheme, IdentifierType.AUTRE)
    return Affactureur(
        affactureur_code=payee.identifier or None,
        affactureur_type_identifiant=kind.value if payee.identifier else None,
        affactureur_raison_sociale=payee.name or None,
    )


def _references(filed: FiledInvoice) -> References:
    summary, document = filed.summary, filed.document
    reasons = dict.fromkeys(line.exemption_reason for line in document.tax_lines if line.exemption_reason)
    means = document.payment_means
    return References(
        date_facture=summary.issue_date,
        date_depot=paris_day(summary.deposited_at),
        date_creation_facture=summary.deposited_at,
        date_echeance_paiement=document.due_date,
        code_devise_facture=summary.currency,
        type_facture=summary.kind.value,
        type_tva=document.tax_regime.value,
        libelle_motif_exoneration_tva=" | ".join(reasons) or None,
        numero_marche=summary.contract or None,
        numero_bon_commande=summary.commitment or None,
        numero_facture_origine=document.origin_number or None,
        mode_paiement=PAYMENT_MODES.get(means, OTHER_PAYMENT_MODE) if means else None,
        numero_dp_mandat=summary.mandate_number or None,
        taille_totale_pieces_jointes=sum(attachment.size for attachment in document.attachments),
    )
