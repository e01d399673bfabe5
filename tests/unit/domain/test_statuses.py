"""The codes that travel, written down as the official documents list them."""

import pytest
from chorale.domain.statuses import FLUX_STATE_CODES, NOT_YET_DELIVERED, FluxState, Status

# XSD CPPStatut, 01 to 12, and the labels of the portal; 13 to 24 by their labels.
INVOICE_STATUSES = [
    ("01", "DEPOSEE", "Déposée"),
    ("02", "EN_COURS_ACHEMINEMENT", "En cours d'acheminement"),
    ("03", "MISE_A_DISPOSITION", "Mise à disposition du destinataire"),
    ("04", "A_RECYCLER", "À recycler"),
    ("05", "REJETEE", "Rejetée"),
    ("06", "SUSPENDUE", "Suspendue"),
    ("07", "SERVICE_FAIT", "Service fait"),
    ("08", "MANDATEE", "Mandatée"),
    ("09", "MISE_A_DISPOSITION_COMPTABLE", "Mise à disposition du comptable"),
    ("10", "COMPTABILISEE", "Comptabilisée"),
    ("11", "MISE_EN_PAIEMENT", "Mise en paiement"),
    ("12", "COMPLETEE", "Complétée"),
    ("13", "VALIDEE_1", "Validée par le premier valideur"),
    ("14", "REFUSEE_1", "Refusée par le premier valideur"),
    ("15", "ABSENCE_VALIDATION_1_HORS_DELAI", "Validation 1 hors délai"),
    ("23", "A_VALIDER_1", "Mise à disposition du premier valideur"),
    ("24", "ERREUR_FOURNISSEUR_SUR_VALIDEUR", "Refusée par le premier valideur : mauvais valideur"),
    ("16", "VALIDEE_2", "Validée par le second valideur"),
    ("17", "REFUSEE_2", "Refusée par le second valideur"),
    ("18", "ABSENCE_VALIDATION_2_HORS_DELAI", "Validation 2 hors délai"),
    ("19", "REFUSEE_MOE", "Refusée par la MOE"),
    ("20", "REFUSEE_FOURNISSEUR", "Refusée par le fournisseur"),
    ("21", "ASSOCIEE", "Associée"),
    ("25", "A_VALIDER_2", "Mise à disposition du second valideur"),
    ("26", "ERREUR_COTRAITANT_SUR_VALIDEUR", "Refusée par le second valideur : mauvais valideur"),
    ("27", "MISE_A_DISPOSITION_MOE", "Mise à disposition de la MOE"),
    ("28", "ERREUR_DE_MOE", "Refusée par la MOE : mauvaise MOE"),
    ("29", "PRISE_EN_COMPTE_MOE", "Prise en compte par la MOE"),
    ("30", "MISE_A_DISPOSITION_MOA", "Mise à disposition de la MOA"),
    ("31", "ERREUR_DE_MOA", "Refusée par la MOA : mauvaise MOA"),
    ("32", "REFUSEE_MOA", "Refusée par la MOA"),
    ("33", "A_ASSOCIER_FOURNISSEUR", "À associer par le fournisseur"),
    ("34", "A_COMPLETER", "À compléter"),
    ("35", "TRANSMISE_MOA", "Transmise à la MOA"),
    ("38", "PRISE_EN_COMPTE_MOA", "Prise en compte par la MOA"),
    ("39", "A_ASSOCIER_MOA", "À associer par la MOA"),
    ("40", "A_ASSOCIER_MOE", "À associer par la MOE"),
    ("", "ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE", "Absence de validation de la MOE dans le délai réglementaire"),
    ("", "REMPLACEE_PAR_A22", "Remplacée par un projet de décompte général (procédure tacite)"),
    ("", "ABANDONNEE", "Abandonnée"),
    ("", "DUPLIQUE_APRES_REFUS", "Dupliquée après refus"),
]


@pytest.mark.parametrize(("edi", "code", "label"), INVOICE_STATUSES)
def test_an_invoice_status_has_its_edi_number_and_its_french_label(edi: str, code: str, label: str) -> None:
    status = Status(code)
    assert (status.edi_code, status.label) == (edi, label)


def test_there_is_no_other_invoice_status() -> None:
    assert {status.value for status in Status} == {code for _, code, _ in INVOICE_STATUSES}


FLUX_STATES = [
    ("EXPECTED", "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP", False),
    ("RECEIVED", "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP", False),
    ("ANALYSING", "IN_EN_COURS_TRAITEMENT_CPP", False),
    ("INTEGRATING", "IN_EN_COURS_TRAITEMENT_CPP", False),
    ("TO_RETRY", "IN_EN_ATTENTE_RETRAITEMENT_CPP", False),
    ("INTEGRATED", "IN_INTEGRE", True),
    ("PARTLY_INTEGRATED", "IN_INTEGRE_PARTIEL", True),
    ("REJECTED", "IN_REJETE", True),
    ("FAILED", "IN_INCIDENTE", True),
]


@pytest.mark.parametrize(("state", "code", "final"), FLUX_STATES)
def test_a_flux_state_has_its_public_code_and_is_final_or_not(state: str, code: str, final: bool) -> None:
    assert FluxState(state).public_code == code
    assert FluxState(state).is_verdict is final
    assert FluxState(state).label


def test_there_is_no_other_flux_state() -> None:
    assert {state.value for state in FluxState} == {state for state, _, _ in FLUX_STATES}


def test_no_flux_ever_shows_a_code_that_a_client_takes_for_success_before_the_verdict() -> None:
    """One widespread client takes these two for success: a flux refused afterwards would stay "done" there."""
    shown = {code for code, _ in FLUX_STATE_CODES.values()}
    assert not shown & {"IN_RECU", "IN_TRAITE_SE_CPP"}


def test_only_integrated_states_read_as_integrated() -> None:
    reading_integrated = {state for state in FluxState if state.public_code.startswith("IN_INTEGRE")}
    assert reading_integrated == {FluxState.INTEGRATED, FluxState.PARTLY_INTEGRATED}


@pytest.mark.parametrize("code", ["MISE_A_DISPOSITION", "A_RECYCLER", "SUSPENDUE", "REJETEE", "MISE_EN_PAIEMENT"])
def test_the_recipient_knows_of_an_invoice_from_its_delivery_on(code: str) -> None:
    assert Status(code) not in NOT_YET_DELIVERED


@pytest.mark.parametrize("code", ["DEPOSEE", "EN_COURS_ACHEMINEMENT", "A_VALIDER_1", "REFUSEE_1", "VALIDEE_1"])
def test_what_is_on_its_way_or_with_its_validator_is_nothing_to_the_recipient(code: str) -> None:
    assert Status(code) in NOT_YET_DELIVERED
