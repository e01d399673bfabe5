"""What is read on a PDF (AIFE Swagger "Factures": deposer/pdf).

A text that could not be read is null. Every other field that could not be read is left out: a client refuses null for
a day and for a field of a closed list, and takes it for zero in an amount.
"""

import base64
import binascii
from datetime import date
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from chorale.domain.errors import InvalidRequest
from chorale.domain.invoices.attachments import StoredFile
from chorale.domain.invoices.invoice import Invoice
from chorale.wire.base.models import Answer, Ask
from chorale.wire.base.values import Amount, Base64, Day, Integer, Text

FORMATS = ("PDF_NON_SIGNE", "PDF_SIGNE_PADES", "PDF_SIGNE_XADES")


class DeposerPdfAsk(Ask):
    """A PDF."""

    fichier_facture: Base64 = Field(description="En base64, 10 Mo au plus.")
    nom_fichier: Text = Field(description="50 caractères au plus.")
    format_depot: Text = Field(default=FORMATS[0], description=", ".join(FORMATS))
    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")


def pdf_of(ask: DeposerPdfAsk) -> bytes:
    """The decoded file; raises InvalidRequest."""
    if ask.format_depot.upper() not in FORMATS:
        raise InvalidRequest(f"formatDepot {ask.format_depot} est inconnu : {', '.join(FORMATS)}.", "formatDepot")
    text = "".join(ask.fichier_facture.split())
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidRequest(
            "fichierFacture n'est pas du base64 valide : encodez le contenu du PDF.", "fichierFacture"
        ) from None


def _not_read(value: object) -> bool:
    return value is None


class DeposerPdfAnswer(Answer):
    """What was read."""

    KEEPS_NULLS: ClassVar[bool] = True

    numero_facture: str | None = None
    date_facture: Day | None = Field(default=None, exclude_if=_not_read)
    code_destinataire: str | None = None
    code_service_executant: str | None = None
    code_fournisseur: str | None = None
    code_devise_facture: str | None = None
    type_facture: str | None = Field(default=None, exclude_if=_not_read)
    type_tva: str | None = Field(default=None, exclude_if=_not_read)
    numero_bon_commande: str | None = None
    montant_ttc_avant_remise_global_ttc: Amount | None = Field(
        default=None, exclude_if=_not_read, serialization_alias="montantTtcAvantRemiseGlobalTTC"
    )
    montant_a_payer: Amount | None = Field(default=None, exclude_if=_not_read)
    montant_ht_total: Amount | None = Field(default=None, exclude_if=_not_read)
    montant_tva: Amount | None = Field(default=None, exclude_if=_not_read, serialization_alias="montantTVA")
    piece_jointe_id: int


def from_data(file: StoredFile, invoice: Invoice) -> DeposerPdfAnswer:
    """The answer for a PDF that holds its data."""
    return DeposerPdfAnswer(
        numero_facture=invoice.number,
        date_facture=invoice.issue_date,
        code_destinataire=invoice.buyer.identifier or None,
        code_service_executant=invoice.service_code or None,
        code_fournisseur=invoice.supplier.identifier or None,
        code_devise_facture=invoice.currency,
        type_facture=invoice.kind.value,
        type_tva=invoice.tax_regime.value,
        numero_bon_commande=invoice.commitment or None,
        montant_ttc_avant_remise_global_ttc=invoice.totals.gross,
        montant_a_payer=invoice.totals.payable,
        montant_ht_total=invoice.totals.net,
        montant_tva=invoice.totals.vat,
        piece_jointe_id=file.id,
    )


def from_page(
    file: StoredFile,
    number: str,
    issued: date | None,
    sirets: tuple[str, ...],
    commitment: str,
    amounts: dict[str, Decimal | None],
) -> DeposerPdfAnswer:
    """The answer for a PDF on which only the page was read."""
    return DeposerPdfAnswer(
        numero_facture=number or None,
        date_facture=issued,
        code_fournisseur=sirets[0] if sirets else None,
        code_destinataire=sirets[1] if len(sirets) > 1 else None,
        numero_bon_commande=commitment or None,
        montant_ttc_avant_remise_global_ttc=amounts.get("gross"),
        montant_a_payer=amounts.get("payable") or amounts.get("gross"),
        montant_ht_total=amounts.get("net"),
        montant_tva=amounts.get("vat"),
        piece_jointe_id=file.id,
    )
