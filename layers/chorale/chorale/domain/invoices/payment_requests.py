"""Which kind of payment request a billing frame makes (``typeDemandePaiement``, ``typeFactureTravaux`` of the API).

Sources: enums of the AIFE Swagger "Factures", documentation of ``Cadre`` in the XSD CPPFacturePivot V2.02. That A8 is
the signed account and A24 and A25 the accounts of the tacit procedure is read from the names.
"""

from collections.abc import Mapping
from enum import StrEnum

from chorale.domain.frames import Frame


class PaymentRequest(StrEnum):
    """Kind of payment request."""

    INVOICE = "FACTURE"
    WORKS = "FACTURE_TRAVAUX"
    JUSTICE = "MEMOIRE_JUSTICE"
    REFUND = "DEMANDE_REMBOURSEMENT"


class WorksPaper(StrEnum):
    """Kind of works paper."""

    DP_DE_SOUSTRAITANT_TRAVAUX = "DP_DE_SOUSTRAITANT_TRAVAUX"
    PROJET_DECOMPTE_MENSUEL = "PROJET_DECOMPTE_MENSUEL"
    ETAT_ACOMPTE = "ETAT_ACOMPTE"
    ETAT_ACOMPTE_VALIDE = "ETAT_ACOMPTE_VALIDE"
    PROJET_DECOMPTE_FINAL = "PROJET_DECOMPTE_FINAL"
    PROJET_DECOMPTE_GENERAL = "PROJET_DECOMPTE_GENERAL"
    PROJET_DECOMPTE_GENERAL_PROCEDURE_TACITE = "PROJET_DECOMPTE_GENERAL_PROCEDURE_TACITE"
    DECOMPTE_GENERAL = "DECOMPTE_GENERAL"
    DECOMPTE_GENERAL_SIGNE = "DECOMPTE_GENERAL_SIGNE"
    DECOMPTE_GENERAL_DEFINITIF_TACITE = "DECOMPTE_GENERAL_DEFINITIF_TACITE"
    DECOMPTE_GENERAL_DEFINITIF_PROCEDURE_TACITE = "DECOMPTE_GENERAL_DEFINITIF_PROCEDURE_TACITE"


WORKS_PAPERS: Mapping[Frame, WorksPaper] = {
    Frame.A4: WorksPaper.PROJET_DECOMPTE_MENSUEL,
    Frame.A5: WorksPaper.ETAT_ACOMPTE,
    Frame.A6: WorksPaper.ETAT_ACOMPTE_VALIDE,
    Frame.A7: WorksPaper.PROJET_DECOMPTE_FINAL,
    Frame.A8: WorksPaper.DECOMPTE_GENERAL_SIGNE,
    Frame.A10: WorksPaper.DP_DE_SOUSTRAITANT_TRAVAUX,
    Frame.A11: WorksPaper.PROJET_DECOMPTE_FINAL,
    Frame.A13: WorksPaper.PROJET_DECOMPTE_MENSUEL,
    Frame.A14: WorksPaper.PROJET_DECOMPTE_FINAL,
    Frame.A15: WorksPaper.ETAT_ACOMPTE,
    Frame.A16: WorksPaper.ETAT_ACOMPTE_VALIDE,
    Frame.A17: WorksPaper.PROJET_DECOMPTE_GENERAL,
    Frame.A18: WorksPaper.DECOMPTE_GENERAL,
    Frame.A19: WorksPaper.ETAT_ACOMPTE_VALIDE,
    Frame.A20: WorksPaper.DECOMPTE_GENERAL,
    Frame.A22: WorksPaper.PROJET_DECOMPTE_GENERAL_PROCEDURE_TACITE,
    Frame.A23: WorksPaper.DECOMPTE_GENERAL_DEFINITIF_TACITE,
    Frame.A24: WorksPaper.DECOMPTE_GENERAL_DEFINITIF_PROCEDURE_TACITE,
    Frame.A25: WorksPaper.DECOMPTE_GENERAL_DEFINITIF_PROCEDURE_TACITE,
}


def payment_request_of(frame: Frame) -> PaymentRequest:
    """The kind of payment request that ``frame`` makes."""
    if frame in WORKS_PAPERS:
        return PaymentRequest.WORKS
    if frame is Frame.A3:
        return PaymentRequest.JUSTICE
    return PaymentRequest.REFUND if frame is Frame.A21 else PaymentRequest.INVOICE
