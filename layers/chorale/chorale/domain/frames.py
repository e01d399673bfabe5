"""Billing frames ("cadres de facturation") A1 to A25: who deposits which document, and where it goes.

Sources: XSD CPPFacturePivot V2.02 (documentation of ``Cadre``) and the enum of the AIFE Swagger "Factures".
"""

from dataclasses import dataclass
from enum import StrEnum


class Frame(StrEnum):
    """A billing frame. The value is the long code of the REST API; ``short`` is what BT-23 carries."""

    A1 = "A1_FACTURE_FOURNISSEUR"
    A2 = "A2_FACTURE_FOURNISSEUR_DEJA_PAYEE"
    A3 = "A3_MEMOIRE_JUSTICE"
    A4 = "A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR"
    A5 = "A5_ETAT_ACOMPTE_FOURNISSEUR"
    A6 = "A6_ETAT_ACOMPTE_VALIDE_FOURNISSEUR"
    A7 = "A7_PROJET_DECOMPTE_FINAL_FOURNISSEUR"
    A8 = "A8_DECOMPTE_GENERAL_DEFINITIF_FOURNISSEUR"
    A9 = "A9_FACTURE_SOUSTRAITANT"
    A10 = "A10_PROJET_DECOMPTE_MENSUEL_SOUSTRAITANT"
    A11 = "A11_PROJET_DECOMPTE_FINAL_SOUSTRAITANT"
    A12 = "A12_FACTURE_COTRAITANT"
    A13 = "A13_PROJET_DECOMPTE_MENSUEL_COTRAITANT"
    A14 = "A14_PROJET_DECOMPTE_FINAL_COTRAITANT"
    A15 = "A15_ETAT_ACOMPTE_MOE"
    A16 = "A16_ETAT_ACOMPTE_VALIDE_MOE"
    A17 = "A17_PROJET_DECOMPTE_GENERAL_MOE"
    A18 = "A18_DECOMPTE_GENERAL_MOE"
    A19 = "A19_ETAT_ACOMPTE_VALIDE_MOA"
    A20 = "A20_DECOMPTE_GENERAL_MOA"
    A21 = "A21_DEMANDE_REMBOURSEMENT_TIC"
    A22 = "A22_PROJET_DECOMPTE_GENERAL_FOURNISSEUR_PROCEDURE_TACITE"
    A23 = "A23_DECOMPTE_GENERAL_DEFINITIF_TACITE_FOURNISSEUR"
    A24 = "A24_DECOMPTE_GENERAL_DEFINITIF_TACITE_MOE"
    A25 = "A25_DECOMPTE_GENERAL_DEFINITIF_MOE_PROCEDURE_TACITE"

    @property
    def short(self) -> str:
        """``A1`` to ``A25``, as BT-23 carries it."""
        return self.name

    @property
    def label(self) -> str:
        """French label, as a person reads it."""
        return FRAME_ROWS[self].label

    @property
    def is_works(self) -> bool:
        """Whether its document is a works paper, which goes into the billing file of a contract."""
        return FRAME_ROWS[self].works

    @property
    def validation(self) -> "Validation | None":
        """What a validator owes before the recipient gets the invoice; None for most frames."""
        return FRAME_ROWS[self].validation


class Validation(StrEnum):
    """What an invoice needs from a validator before its recipient gets it."""

    AGREEMENT = "AGREEMENT"
    """The contractor's, for its sub-contractor's invoice: silence is agreement (CCP R2193-11 to -13)."""
    VISA = "VISA"
    """The group's mandataire's, for a co-contractor's invoice: silence is nothing."""


class Depositor(StrEnum):
    """The part that the depositor of a document plays."""

    SUPPLIER = "SUPPLIER"
    SOUS_TRAITANT = "SOUS_TRAITANT"
    COTRAITANT = "COTRAITANT"
    MOE = "MOE"
    MOA = "MOA"


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One row of the table of frames."""

    depositor: Depositor
    label: str
    accepted_in_flux: bool = False
    """Whether a flux with this frame can be integrated today."""
    validation: Validation | None = None
    works: bool = False
    """Whether the document is a paper of the works chain (domain/works/chain.py)."""


def _row(depositor: Depositor, label: str, accepted: bool = False, validation: Validation | None = None) -> FrameRow:
    return FrameRow(depositor, label, accepted, validation)


def _works(depositor: Depositor, label: str) -> FrameRow:
    return FrameRow(depositor, label, accepted_in_flux=True, works=True)


FRAME_ROWS: dict[Frame, FrameRow] = {
    Frame.A1: _row(Depositor.SUPPLIER, "Facture du fournisseur", True),
    Frame.A2: _row(Depositor.SUPPLIER, "Facture du fournisseur déjà payée", True),
    Frame.A3: _row(Depositor.SUPPLIER, "Mémoire de frais de justice"),
    Frame.A4: _works(Depositor.SUPPLIER, "Projet de décompte mensuel du titulaire"),
    Frame.A5: _works(Depositor.SUPPLIER, "État d'acompte déposé par le titulaire"),
    Frame.A6: _works(Depositor.SUPPLIER, "État d'acompte validé déposé par le titulaire"),
    Frame.A7: _works(Depositor.SUPPLIER, "Projet de décompte final du titulaire"),
    Frame.A8: _works(Depositor.SUPPLIER, "Décompte général et définitif signé par le titulaire"),
    Frame.A9: _row(Depositor.SOUS_TRAITANT, "Facture du sous-traitant", True, Validation.AGREEMENT),
    Frame.A10: _works(Depositor.SOUS_TRAITANT, "Demande de paiement de travaux du sous-traitant"),
    Frame.A11: _row(Depositor.SOUS_TRAITANT, "Projet de décompte final du sous-traitant"),
    Frame.A12: _row(Depositor.COTRAITANT, "Facture du cotraitant", True, Validation.VISA),
    Frame.A13: _works(Depositor.COTRAITANT, "Projet de décompte mensuel du cotraitant"),
    Frame.A14: _works(Depositor.COTRAITANT, "Projet de décompte final du cotraitant"),
    Frame.A15: _works(Depositor.MOE, "État d'acompte de la MOE"),
    Frame.A16: _works(Depositor.MOE, "État d'acompte validé déposé par la MOE"),
    Frame.A17: _works(Depositor.MOE, "Projet de décompte général de la MOE"),
    Frame.A18: _works(Depositor.MOE, "Décompte général déposé par la MOE"),
    Frame.A19: _works(Depositor.MOA, "État d'acompte validé par la MOA"),
    Frame.A20: _works(Depositor.MOA, "Décompte général de la MOA"),
    Frame.A21: _row(Depositor.SUPPLIER, "Demande de remboursement de TIC"),
    Frame.A22: _works(Depositor.SUPPLIER, "Projet de décompte général, procédure tacite"),
    Frame.A23: _works(Depositor.SUPPLIER, "Décompte général et définitif tacite déposé par le titulaire"),
    Frame.A24: _works(Depositor.MOE, "Décompte général et définitif tacite déposé par la MOE"),
    # The official name says MOE; the process and the depositor are the MOA's.
    Frame.A25: _works(Depositor.MOA, "Décompte général et définitif tacite déposé par la MOA"),
}


def frame_from_short(code: str) -> Frame | None:
    """The frame that BT-23 names (``"A1"``), or None when there is no such frame."""
    return Frame.__members__.get(code)
