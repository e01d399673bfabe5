"""The lists from which a client chooses codes: kinds of requests, ways to deposit and to pay, VAT.

Sources: enums of the AIFE Swagger "Factures"; XSD CPPFacturePivot; French tax code (CGI) for VAT.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from chorale.domain.frames import Frame
from chorale.domain.invoices.payment_requests import PaymentRequest
from chorale.domain.syntaxes import SYNTAX_ROWS, Syntax

NOT_WORKS: dict[Frame, PaymentRequest] = {
    Frame.A1: PaymentRequest.INVOICE,
    Frame.A2: PaymentRequest.INVOICE,
    Frame.A3: PaymentRequest.JUSTICE,
    Frame.A9: PaymentRequest.INVOICE,
    Frame.A12: PaymentRequest.INVOICE,
    Frame.A21: PaymentRequest.REFUND,
}
"""The frames of everything but works papers."""


def frames_for(kind: PaymentRequest | None) -> tuple[Frame, ...]:
    """The frames in which requests of this kind are deposited, in their order; every frame for None."""
    return tuple(frame for frame in Frame if kind in (None, NOT_WORKS.get(frame, PaymentRequest.WORKS)))


DEPOSIT_MODES = (
    "SAISIE_WEB", "PORTAIL_PDF", "EDI_XML_STRUCT", "EDI_MIXTE", "EDI_PDF_ARCHIVE", "SAISIE_PORTAIL", "SAISIE_API",
    "DEPOT_PDF_PORTAIL", "DEPOT_PDF_SIGNE_PORTAIL", "DEPOT_PDF_API", "DEPOT_PDF_SIGNE_API", "EDI", "UPLOAD_PORTAIL",
    "UPLOAD_API", "EDI_NUMERISATION",
)  # fmt: skip
"""``modeDepot``."""
PAYMENT_MODES = ("CHEQUE", "PRELEVEMENT", "VIREMENT", "ESPECE", "AUTRE", "REPORT")
"""``modePaiement``."""
WORKS_PAPERS = (
    "DP_DE_SOUSTRAITANT_TRAVAUX", "PROJET_DECOMPTE_MENSUEL", "ETAT_ACOMPTE", "ETAT_ACOMPTE_VALIDE",
    "PROJET_DECOMPTE_FINAL", "PROJET_DECOMPTE_GENERAL", "PROJET_DECOMPTE_GENERAL_PROCEDURE_TACITE",
    "DECOMPTE_GENERAL", "DECOMPTE_GENERAL_SIGNE", "DECOMPTE_GENERAL_DEFINITIF_TACITE",
    "DECOMPTE_GENERAL_DEFINITIF_PROCEDURE_TACITE",
)  # fmt: skip
"""``typeFactureTravaux``."""


class FluxFormat(StrEnum):
    """``formatFlux``: families of syntaxes."""

    STRUCTURED = "IN_DP_E1_STRUCT"
    MIXED = "IN_DP_E2_MIXTE"
    FACTURX = "IN_DP_E2_FACTURX"


def format_of(syntax: Syntax) -> FluxFormat:
    """The family of ``syntax``."""
    if syntax is Syntax.FACTURX:
        return FluxFormat.FACTURX
    return FluxFormat.MIXED if SYNTAX_ROWS[syntax].mixed else FluxFormat.STRUCTURED


def syntaxes_of(family: FluxFormat | None) -> tuple[Syntax, ...]:
    """The syntaxes of a family that this hub takes; all of them for None."""
    return tuple(syntax for syntax in Syntax if family in (None, format_of(syntax)))


@dataclass(frozen=True, slots=True)
class VatRate:
    """A rate of French VAT: its code, what it is for, percent."""

    code: str
    label: str
    percent: Decimal


VAT_RATES = (
    VatRate("TVA1", "Art 293B(FranchiseEnBase)", Decimal(0)),
    VatRate("TVA_20", "Taux normal, art. 278 du CGI", Decimal(20)),
    VatRate("TVA_10", "Taux intermédiaire, art. 278 bis et 279 du CGI", Decimal(10)),
    VatRate("TVA_5_5", "Taux réduit, art. 278-0 bis du CGI", Decimal("5.5")),
    VatRate("TVA_2_1", "Taux particulier, art. 281 quater à 281 nonies du CGI", Decimal("2.1")),
    VatRate("TVA_8_5", "Taux normal en Guadeloupe, à la Martinique et à La Réunion, art. 296 du CGI", Decimal("8.5")),
    VatRate("TVA_13", "Taux particulier en Corse, art. 297 du CGI", Decimal(13)),
    VatRate("TVA_0_9", "Taux réduit en Corse, art. 297 du CGI", Decimal("0.9")),
)
"""TVA1 is the public platform's, as its clients saw it; the other codes are not published and are ours."""

VAT_EXEMPTIONS = {
    "VATEX-FR-FRANCHISE": "Franchise en base, art. 293 B du CGI",
    "VATEX-FR-CNWVAT": "Avoir sans TVA",
    "VATEX-FR-CGI261-1": "Exonération, art. 261, 1 du CGI",
    "VATEX-FR-CGI261-2": "Exonération, art. 261, 2 du CGI",
    "VATEX-FR-CGI261-3": "Exonération, art. 261, 3 du CGI",
    "VATEX-FR-CGI261-4": "Exonération, art. 261, 4 du CGI",
    "VATEX-FR-CGI261-5": "Exonération, art. 261, 5 du CGI",
    "VATEX-FR-CGI261-7": "Exonération, art. 261, 7 du CGI",
    "VATEX-FR-CGI261-8": "Exonération, art. 261, 8 du CGI",
    "VATEX-FR-CGI261A": "Exonération, art. 261 A du CGI",
    "VATEX-FR-CGI261B": "Exonération, art. 261 B du CGI",
    "VATEX-FR-CGI261C-1": "Exonération, art. 261 C, 1° du CGI",
    "VATEX-FR-CGI261C-2": "Exonération, art. 261 C, 2° du CGI",
    "VATEX-FR-CGI261C-3": "Exonération, art. 261 C, 3° du CGI",
    "VATEX-FR-CGI261D-1": "Exonération, art. 261 D, 1° du CGI",
    "VATEX-FR-CGI261D-1BIS": "Exonération, art. 261 D, 1° bis du CGI",
    "VATEX-FR-CGI261D-2": "Exonération, art. 261 D, 2° du CGI",
    "VATEX-FR-CGI261D-3": "Exonération, art. 261 D, 3° du CGI",
    "VATEX-EU-AE": "Autoliquidation",
    "VATEX-EU-IC": "Livraison intracommunautaire",
    "VATEX-EU-G": "Exportation hors de l'Union européenne",
    "VATEX-EU-O": "Hors du champ d'application de la TVA",
    "VATEX-EU-D": "Régime particulier des agences de voyages",
    "VATEX-EU-F": "Régime particulier des biens d'occasion",
    "VATEX-EU-I": "Régime particulier des œuvres d'art",
    "VATEX-EU-J": "Régime particulier des objets de collection et d'antiquité",
    "VATEX-EU-79-C": "Débours, art. 79 c de la directive 2006/112/CE",
    "VATEX-EU-132": "Activité d'intérêt général, art. 132 de la directive 2006/112/CE",
    "VATEX-EU-143": "Importation exonérée, art. 143 de la directive 2006/112/CE",
    "VATEX-EU-148": "Transport international, art. 148 de la directive 2006/112/CE",
    "VATEX-EU-151": "Organisations internationales et diplomatiques, art. 151 de la directive 2006/112/CE",
    "VATEX-EU-309": "Agences de voyages hors de l'Union, art. 309 de la directive 2006/112/CE",
}
"""Codes of the list VATEX (BT-121): the motives that documents themselves carry -> what they say."""


@dataclass(frozen=True, slots=True)
class AttachmentType:
    """A kind of attachment of one kind of object."""

    id: int
    owner: str
    code: str
    label: str


ATTACHMENT_OWNERS = (
    "STRUCTURE", "UTILISATEUR", "CB", "MANDAT", "FICHE_RACCORDEMENT", "EJ", "MEMOIRE", "DMD_RBST", "TRANSVERSE",
    "FACTURE_TRAVAUX", "FACTURE", "DMDE_CPTE_DEV_SI_EXT", "SOLLICITATION", "CERTIFICAT", "PJ_REJET_EDI",
)  # fmt: skip
"""``typeObjet`` of the public API, whether or not this hub has attachments of it."""
ATTACHMENT_TYPES = (
    AttachmentType(1, "FACTURE", "01", "Facture"),
    AttachmentType(2, "FACTURE", "02", "Pièce jointe complémentaire"),
    AttachmentType(3, "FACTURE_TRAVAUX", "01", "Pièce principale"),
    AttachmentType(4, "FACTURE_TRAVAUX", "02", "Pièce jointe complémentaire"),
)
"""Codes of the XSD CPPFacturePivot (``TypePJ``)."""
