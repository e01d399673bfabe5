"""What a rule is about: fields of requests and documents in the words of the domain.

A sentence names a field by writing the member into it (``f"{Field.COMMENT} est obligatoire"``), which leaves a mark in
the sentence. Whoever hands the sentence out puts the caller's own name in the place of the mark: the JSON name in the
families of the public API (``chorale.wire.<family>.names``), the French label where no request has a name for it.
"""

import re
from collections.abc import Mapping
from enum import StrEnum


class Field(StrEnum):
    """A field, with its French label."""

    # Who and what an invoice names
    NUMBER = "numéro de la facture"
    ISSUE_DATE = "date de la facture"
    KIND = "type de la facture"
    CURRENCY = "devise"
    FRAME = "cadre de facturation"
    SUPPLIER = "fournisseur"
    SUPPLIER_SERVICE = "service du fournisseur"
    RECIPIENT = "destinataire"
    DESTINATION = "nouveau destinataire"
    SERVICE = "service exécutant"
    VALIDATOR = "valideur"
    COMMITMENT = "numéro d'engagement juridique"
    CONTRACT = "numéro de marché"
    ORIGIN_NUMBER = "numéro de la facture d'origine"
    REFERENCES = "références"
    COMMENT = "commentaire"
    # Amounts
    PAYMENT_MODE = "mode de paiement"
    BANK_ACCOUNT = "coordonnées bancaires"
    TAX_REGIME = "type de TVA"
    EXEMPTION = "motif d'exonération"
    TOTALS = "totaux"
    NET = "total hors taxes"
    VAT = "total de TVA"
    GROSS = "total TTC"
    PAYABLE = "montant à payer"
    DISCOUNT_REASON = "motif de la remise"
    LINES = "lignes"
    LINE_NAME = "désignation de la ligne"
    LINE_QUANTITY = "quantité de la ligne"
    LINE_PRICE = "prix unitaire de la ligne"
    LINE_RATE = "taux de TVA de la ligne"
    # Files
    MAIN_DOCUMENT = "pièce principale"
    MAIN_DOCUMENT_ID = "numéro de la pièce principale"
    ATTACHMENTS = "pièces complémentaires"
    ATTACHMENT_ID = "numéro de la pièce jointe"
    ATTACHMENT_NAME = "nom de la pièce jointe"
    ATTACHMENT_EXTENSION = "extension de la pièce jointe"
    ATTACHMENT_MIME_TYPE = "type MIME de la pièce jointe"
    ATTACHMENT_CONTENT = "contenu de la pièce jointe"
    PDF = "fichier PDF"
    FILE = "contenu du fichier"
    FILE_NAME = "nom du fichier"
    FILE_SIZE = "taille du fichier"
    FILE_DIGEST = "empreinte du fichier"
    SYNTAX = "syntaxe du fichier"
    FLUX_NUMBER = "numéro du flux"
    # Acts
    WANTED_STATUS = "nouveau statut"
    REASON = "motif"
    REFUSAL_MOTIVE = "motif du refus"
    REFUSAL_DETAILS = "précisions sur le refus"
    MANDATE_NUMBER = "numéro de mandat"
    # Searches and lists
    INVOICES = "factures"
    INVOICES_OF_REQUEST = "factures de la demande"
    INVOICE_IDS = "identifiants de factures"
    INVOICE_NUMBERS = "numéros de factures"
    SORT_COLUMN = "colonne de tri"
    STRUCTURE_ID = "numéro de la structure"
    STRUCTURE_IDENTIFIER = "identifiant de la structure"
    SERVICE_ID = "numéro du service"
    ORGANISATION = "structure de rattachement"
    CRITERION_VALUES = "valeurs du critère"
    # Webhooks
    WEBHOOK_ID = "numéro du webhook"
    WEBHOOK_URL = "adresse du webhook"

    def __str__(self) -> str:
        return f"{_OPENS}{self.value}{_CLOSES}"

    def __format__(self, spec: str) -> str:
        return str(self)


_OPENS, _CLOSES = "\u27e8", "\u27e9"
_MARK = re.compile(f"{_OPENS}([^{_CLOSES}]*){_CLOSES}")
_BY_LABEL: Mapping[str, Field] = {field.value: field for field in Field}


def told(sentence: str, names: Mapping[Field, str] | None = None) -> str:
    """``sentence`` with a name in the place of each mark: the one of ``names``, else the label in quotation marks."""

    def name_of(found: re.Match[str]) -> str:
        field = _BY_LABEL.get(found[1])
        if field is None:
            return found[0]
        return (names or {}).get(field) or f"« {field.value} »"

    return _MARK.sub(name_of, sentence)


def named(field: str, names: Mapping[Field, str]) -> str:
    """The name of ``field`` alone; what is no member of Field (a business term) stays as it is."""
    return names.get(_BY_LABEL[field], field) if field in _BY_LABEL else field
