"""Billing frames (cadres de facturation): who deposits which document."""

import pytest
from chorale.domain.frames import FRAME_ROWS, Depositor, Frame, frame_from_short
from chorale.domain.works.chain import WORKS_FRAMES

# XSD CPPFacturePivot and the enum of the AIFE Swagger "Factures".
FRAMES = [
    ("A1", "A1_FACTURE_FOURNISSEUR", "SUPPLIER"),
    ("A2", "A2_FACTURE_FOURNISSEUR_DEJA_PAYEE", "SUPPLIER"),
    ("A3", "A3_MEMOIRE_JUSTICE", "SUPPLIER"),
    ("A4", "A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR", "SUPPLIER"),
    ("A5", "A5_ETAT_ACOMPTE_FOURNISSEUR", "SUPPLIER"),
    ("A6", "A6_ETAT_ACOMPTE_VALIDE_FOURNISSEUR", "SUPPLIER"),
    ("A7", "A7_PROJET_DECOMPTE_FINAL_FOURNISSEUR", "SUPPLIER"),
    ("A8", "A8_DECOMPTE_GENERAL_DEFINITIF_FOURNISSEUR", "SUPPLIER"),
    ("A9", "A9_FACTURE_SOUSTRAITANT", "SOUS_TRAITANT"),
    ("A10", "A10_PROJET_DECOMPTE_MENSUEL_SOUSTRAITANT", "SOUS_TRAITANT"),
    ("A11", "A11_PROJET_DECOMPTE_FINAL_SOUSTRAITANT", "SOUS_TRAITANT"),
    ("A12", "A12_FACTURE_COTRAITANT", "COTRAITANT"),
    ("A13", "A13_PROJET_DECOMPTE_MENSUEL_COTRAITANT", "COTRAITANT"),
    ("A14", "A14_PROJET_DECOMPTE_FINAL_COTRAITANT", "COTRAITANT"),
    ("A15", "A15_ETAT_ACOMPTE_MOE", "MOE"),
    ("A16", "A16_ETAT_ACOMPTE_VALIDE_MOE", "MOE"),
    ("A17", "A17_PROJET_DECOMPTE_GENERAL_MOE", "MOE"),
    ("A18", "A18_DECOMPTE_GENERAL_MOE", "MOE"),
    ("A19", "A19_ETAT_ACOMPTE_VALIDE_MOA", "MOA"),
    ("A20", "A20_DECOMPTE_GENERAL_MOA", "MOA"),
    ("A21", "A21_DEMANDE_REMBOURSEMENT_TIC", "SUPPLIER"),
    ("A22", "A22_PROJET_DECOMPTE_GENERAL_FOURNISSEUR_PROCEDURE_TACITE", "SUPPLIER"),
    ("A23", "A23_DECOMPTE_GENERAL_DEFINITIF_TACITE_FOURNISSEUR", "SUPPLIER"),
    ("A24", "A24_DECOMPTE_GENERAL_DEFINITIF_TACITE_MOE", "MOE"),
    ("A25", "A25_DECOMPTE_GENERAL_DEFINITIF_MOE_PROCEDURE_TACITE", "MOA"),
]


@pytest.mark.parametrize(("short", "code", "depositor"), FRAMES)
def test_a_frame_has_its_short_code_its_long_code_and_its_depositor(short: str, code: str, depositor: str) -> None:
    frame = frame_from_short(short)
    assert frame is Frame(code)
    assert frame.short == short
    assert FRAME_ROWS[frame].depositor is Depositor(depositor)
    assert frame.label


def test_there_is_no_other_frame() -> None:
    assert {frame.value for frame in Frame} == {code for _, code, _ in FRAMES} == {frame.value for frame in FRAME_ROWS}


@pytest.mark.parametrize("code", ["", "A0", "A26", "a1", "1", "A1 ", "A1_FACTURE_FOURNISSEUR"])
def test_a_code_that_is_not_a_short_code_names_no_frame(code: str) -> None:
    assert frame_from_short(code) is None


def test_a_flux_takes_what_goes_to_a_recipient_and_every_paper_of_the_works_chain() -> None:
    """Left out: justice fees and tax refunds, which other platforms take, and the A11 that no chain knows."""
    assert {frame.short for frame, row in FRAME_ROWS.items() if not row.accepted_in_flux} == {"A3", "A11", "A21"}
    assert {frame for frame in Frame if frame.is_works} == WORKS_FRAMES


def test_who_agrees_first() -> None:
    """A sub-contractor's invoice needs the contractor's agreement, a co-contractor's the mandataire's visa."""
    assert {frame.short: frame.validation.value for frame in Frame if frame.validation} == {
        "A9": "AGREEMENT",
        "A12": "VISA",
    }
