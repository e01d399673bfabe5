"""How the public API calls the fields that rules are about, and refusals in these names.

``COMMON`` is what its families share (AIFE Swaggers "Factures" and "Transverses"); a family that spells a field in
another way, or has names of its own, says so in its ``names``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module

from chorale.domain.errors import ChoraleError, InvalidRequest, SubmissionRefused
from chorale.domain.fields import Field, named, told
from chorale.domain.findings import Finding

COMMON: Mapping[Field, str] = {
    Field.NUMBER: "numeroFactureSaisi",
    Field.ISSUE_DATE: "dateFacture",
    Field.KIND: "typeFacture",
    Field.CURRENCY: "deviseFacture",
    Field.FRAME: "codeCadreFacturation",
    Field.SUPPLIER: "idFournisseur",
    Field.SUPPLIER_SERVICE: "idServiceFournisseur",
    Field.RECIPIENT: "codeDestinataire",
    Field.DESTINATION: "destinataire",
    Field.SERVICE: "codeServiceExecutant",
    Field.VALIDATOR: "codeStructureValideur",
    Field.COMMITMENT: "numeroBonCommande",
    Field.CONTRACT: "numeroMarche",
    Field.ORIGIN_NUMBER: "numeroFactureOrigine",
    Field.REFERENCES: "references",
    Field.COMMENT: "commentaire",
    Field.PAYMENT_MODE: "modePaiement",
    Field.BANK_ACCOUNT: "codeCoordonneesBancairesFournisseur",
    Field.TAX_REGIME: "typeTva",
    Field.EXEMPTION: "motifExonerationTva",
    Field.TOTALS: "montantTotal",
    Field.NET: "montantHtTotal",
    Field.VAT: "montantTVA",
    Field.GROSS: "montantTtcTotal",
    Field.PAYABLE: "montantAPayer",
    Field.DISCOUNT_REASON: "motifRemiseGlobaleTTC",
    Field.LINES: "lignePoste",
    Field.LINE_NAME: "lignePosteDenomination",
    Field.LINE_QUANTITY: "lignePosteQuantite",
    Field.LINE_PRICE: "lignePosteMontantUnitaireHT",
    Field.LINE_RATE: "lignePosteTauxTva",
    Field.MAIN_DOCUMENT: "pieceJointePrincipale",
    Field.MAIN_DOCUMENT_ID: "pieceJointePrincipaleId",
    Field.ATTACHMENTS: "pieceJointeComplementaire",
    Field.ATTACHMENT_ID: "pieceJointeId",
    Field.ATTACHMENT_NAME: "pieceJointeNom",
    Field.ATTACHMENT_EXTENSION: "pieceJointeExtension",
    Field.ATTACHMENT_MIME_TYPE: "pieceJointeTypeMime",
    Field.ATTACHMENT_CONTENT: "pieceJointeFichier",
    Field.PDF: "fichierFacture",
    Field.FILE: "fichierFlux",
    Field.FILE_NAME: "nomFichier",
    Field.FILE_SIZE: "taille",
    Field.FILE_DIGEST: "sha256",
    Field.SYNTAX: "syntaxeFlux",
    Field.FLUX_NUMBER: "numeroFluxDepot",
    Field.WANTED_STATUS: "nouveauStatut",
    Field.REASON: "motif",
    Field.REFUSAL_MOTIVE: "motifRefus",
    Field.REFUSAL_DETAILS: "complementInfo",
    Field.MANDATE_NUMBER: "numeroDPMandat",
    Field.INVOICES: "listeFacture",
    Field.INVOICES_OF_REQUEST: "demandePaiement.listeFacture",
    Field.INVOICE_IDS: "identifiantsFactureCPP",
    Field.INVOICE_NUMBERS: "numerosFacture",
    Field.SORT_COLUMN: "triColonne",
    Field.STRUCTURE_ID: "idStructureCPP",
    Field.STRUCTURE_IDENTIFIER: "identifiantStructure",
    Field.SERVICE_ID: "idService",
    Field.ORGANISATION: "rattachementOrganisation",
    Field.CRITERION_VALUES: "val",
    Field.WEBHOOK_ID: "id",
    Field.WEBHOOK_URL: "url",
}


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a family: of fields, and of the business terms (BT, BG) that a made document is judged by."""

    fields: Mapping[Field, str] = field(default_factory=dict)
    """Where the family differs from ``COMMON``."""
    terms: Mapping[str, str] = field(default_factory=dict)


SPELT_APART = frozenset({"chorale", "factures", "structures"})
"""Families with a file ``names`` of their own."""


def in_names_of(family: str, error: ChoraleError) -> ChoraleError:
    """``error`` with its sentences in the names of a family of the public API (``factures``, ``structures`` ...)."""
    own: Names = import_module(f"chorale.wire.{family}.names").NAMES if family in SPELT_APART else Names()
    names = {**COMMON, **own.fields}
    if isinstance(error, SubmissionRefused):
        return SubmissionRefused([_in_names(finding, names, own.terms) for finding in error.findings])
    error.message = told(error.message, names)
    if isinstance(error, InvalidRequest) and error.field:
        error.field = named(error.field, names)
    return error


_TERM = re.compile(r"\bB[TG]-\d+\b")
_BESIDE = re.compile(r" ?\((?:B[TG]-[\d-]+(?:, )?)+\)")


def _in_names(finding: Finding, names: Mapping[Field, str], terms: Mapping[str, str]) -> Finding:
    term = terms.get(finding.term, "") if _TERM.fullmatch(finding.term) else named(finding.term, names)
    return replace(finding, term=term, message=in_fields(told(finding.message, names), terms))


def in_fields(sentence: str, terms: Mapping[str, str]) -> str:
    """``sentence`` with names of fields in the place of business terms; a term that no field gives is left out.

    The platform makes a document of a keyed invoice and judges it as any other; who keyed it has never seen one.
    """

    def named_beside(found: re.Match[str]) -> str:
        fields = list(dict.fromkeys(terms[term] for term in _TERM.findall(found.group()) if term in terms))
        return f" ({', '.join(fields)})" if fields else ""

    return _TERM.sub(lambda found: terms.get(found.group(), "ce champ"), _BESIDE.sub(named_beside, sentence))
