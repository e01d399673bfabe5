"""Statuses that travel: invoices and papers (AIFE Swagger "Factures", EDI life-cycle codes), and flux."""

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Status of an invoice. The value is the code of the public API."""

    DEPOSEE = "DEPOSEE"
    EN_COURS_ACHEMINEMENT = "EN_COURS_ACHEMINEMENT"
    MISE_A_DISPOSITION = "MISE_A_DISPOSITION"
    A_RECYCLER = "A_RECYCLER"
    REJETEE = "REJETEE"
    SUSPENDUE = "SUSPENDUE"
    COMPLETEE = "COMPLETEE"
    SERVICE_FAIT = "SERVICE_FAIT"
    MANDATEE = "MANDATEE"
    MISE_A_DISPOSITION_COMPTABLE = "MISE_A_DISPOSITION_COMPTABLE"
    COMPTABILISEE = "COMPTABILISEE"
    MISE_EN_PAIEMENT = "MISE_EN_PAIEMENT"
    A_VALIDER_1 = "A_VALIDER_1"
    VALIDEE_1 = "VALIDEE_1"
    REFUSEE_1 = "REFUSEE_1"
    ERREUR_FOURNISSEUR_SUR_VALIDEUR = "ERREUR_FOURNISSEUR_SUR_VALIDEUR"
    ABSENCE_VALIDATION_1_HORS_DELAI = "ABSENCE_VALIDATION_1_HORS_DELAI"
    A_VALIDER_2 = "A_VALIDER_2"
    VALIDEE_2 = "VALIDEE_2"
    REFUSEE_2 = "REFUSEE_2"
    ERREUR_COTRAITANT_SUR_VALIDEUR = "ERREUR_COTRAITANT_SUR_VALIDEUR"
    ABSENCE_VALIDATION_2_HORS_DELAI = "ABSENCE_VALIDATION_2_HORS_DELAI"
    A_ASSOCIER_MOE = "A_ASSOCIER_MOE"
    MISE_A_DISPOSITION_MOE = "MISE_A_DISPOSITION_MOE"
    PRISE_EN_COMPTE_MOE = "PRISE_EN_COMPTE_MOE"
    REFUSEE_MOE = "REFUSEE_MOE"
    ERREUR_DE_MOE = "ERREUR_DE_MOE"
    ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE = "ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE"
    TRANSMISE_MOA = "TRANSMISE_MOA"
    A_ASSOCIER_MOA = "A_ASSOCIER_MOA"
    MISE_A_DISPOSITION_MOA = "MISE_A_DISPOSITION_MOA"
    PRISE_EN_COMPTE_MOA = "PRISE_EN_COMPTE_MOA"
    REFUSEE_MOA = "REFUSEE_MOA"
    ERREUR_DE_MOA = "ERREUR_DE_MOA"
    A_ASSOCIER_FOURNISSEUR = "A_ASSOCIER_FOURNISSEUR"
    REFUSEE_FOURNISSEUR = "REFUSEE_FOURNISSEUR"
    ASSOCIEE = "ASSOCIEE"
    REMPLACEE_PAR_A22 = "REMPLACEE_PAR_A22"
    A_COMPLETER = "A_COMPLETER"
    ABANDONNEE = "ABANDONNEE"
    DUPLIQUE_APRES_REFUS = "DUPLIQUE_APRES_REFUS"

    @property
    def label(self) -> str:
        """French label, as a person reads it."""
        return STATUS_LABELS[self]

    @property
    def edi_code(self) -> str:
        """Two-digit code of the EDI life-cycle (XSD CPPStatut documents 01 to 12; the rest by their labels).

        Empty for the few that have none.
        """
        return STATUS_EDI_CODES.get(self, "")


STATUS_LABELS = {
    Status.DEPOSEE: "Déposée",
    Status.EN_COURS_ACHEMINEMENT: "En cours d'acheminement",
    Status.MISE_A_DISPOSITION: "Mise à disposition du destinataire",
    Status.A_RECYCLER: "À recycler",
    Status.REJETEE: "Rejetée",
    Status.SUSPENDUE: "Suspendue",
    Status.COMPLETEE: "Complétée",
    Status.SERVICE_FAIT: "Service fait",
    Status.MANDATEE: "Mandatée",
    Status.MISE_A_DISPOSITION_COMPTABLE: "Mise à disposition du comptable",
    Status.COMPTABILISEE: "Comptabilisée",
    Status.MISE_EN_PAIEMENT: "Mise en paiement",
    Status.A_VALIDER_1: "Mise à disposition du premier valideur",
    Status.VALIDEE_1: "Validée par le premier valideur",
    Status.REFUSEE_1: "Refusée par le premier valideur",
    Status.ERREUR_FOURNISSEUR_SUR_VALIDEUR: "Refusée par le premier valideur : mauvais valideur",
    Status.ABSENCE_VALIDATION_1_HORS_DELAI: "Validation 1 hors délai",
    Status.A_VALIDER_2: "Mise à disposition du second valideur",
    Status.VALIDEE_2: "Validée par le second valideur",
    Status.REFUSEE_2: "Refusée par le second valideur",
    Status.ERREUR_COTRAITANT_SUR_VALIDEUR: "Refusée par le second valideur : mauvais valideur",
    Status.ABSENCE_VALIDATION_2_HORS_DELAI: "Validation 2 hors délai",
    Status.A_ASSOCIER_MOE: "À associer par la MOE",
    Status.MISE_A_DISPOSITION_MOE: "Mise à disposition de la MOE",
    Status.PRISE_EN_COMPTE_MOE: "Prise en compte par la MOE",
    Status.REFUSEE_MOE: "Refusée par la MOE",
    Status.ERREUR_DE_MOE: "Refusée par la MOE : mauvaise MOE",
    Status.ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE: "Absence de validation de la MOE dans le délai réglementaire",
    Status.TRANSMISE_MOA: "Transmise à la MOA",
    Status.A_ASSOCIER_MOA: "À associer par la MOA",
    Status.MISE_A_DISPOSITION_MOA: "Mise à disposition de la MOA",
    Status.PRISE_EN_COMPTE_MOA: "Prise en compte par la MOA",
    Status.REFUSEE_MOA: "Refusée par la MOA",
    Status.ERREUR_DE_MOA: "Refusée par la MOA : mauvaise MOA",
    Status.A_ASSOCIER_FOURNISSEUR: "À associer par le fournisseur",
    Status.REFUSEE_FOURNISSEUR: "Refusée par le fournisseur",
    Status.ASSOCIEE: "Associée",
    Status.REMPLACEE_PAR_A22: "Remplacée par un projet de décompte général (procédure tacite)",
    Status.A_COMPLETER: "À compléter",
    Status.ABANDONNEE: "Abandonnée",
    Status.DUPLIQUE_APRES_REFUS: "Dupliquée après refus",
}

STATUS_EDI_CODES = {
    Status.DEPOSEE: "01",
    Status.EN_COURS_ACHEMINEMENT: "02",
    Status.MISE_A_DISPOSITION: "03",
    Status.A_RECYCLER: "04",
    Status.REJETEE: "05",
    Status.SUSPENDUE: "06",
    Status.SERVICE_FAIT: "07",
    Status.MANDATEE: "08",
    Status.MISE_A_DISPOSITION_COMPTABLE: "09",
    Status.COMPTABILISEE: "10",
    Status.MISE_EN_PAIEMENT: "11",
    Status.COMPLETEE: "12",
    Status.VALIDEE_1: "13",
    Status.REFUSEE_1: "14",
    Status.ABSENCE_VALIDATION_1_HORS_DELAI: "15",
    Status.A_VALIDER_1: "23",
    Status.ERREUR_FOURNISSEUR_SUR_VALIDEUR: "24",
    Status.VALIDEE_2: "16",
    Status.REFUSEE_2: "17",
    Status.ABSENCE_VALIDATION_2_HORS_DELAI: "18",
    Status.REFUSEE_MOE: "19",
    Status.REFUSEE_FOURNISSEUR: "20",
    Status.ASSOCIEE: "21",
    Status.A_VALIDER_2: "25",
    Status.ERREUR_COTRAITANT_SUR_VALIDEUR: "26",
    Status.MISE_A_DISPOSITION_MOE: "27",
    Status.ERREUR_DE_MOE: "28",
    Status.PRISE_EN_COMPTE_MOE: "29",
    Status.MISE_A_DISPOSITION_MOA: "30",
    Status.ERREUR_DE_MOA: "31",
    Status.REFUSEE_MOA: "32",
    Status.A_ASSOCIER_FOURNISSEUR: "33",
    Status.A_COMPLETER: "34",
    Status.TRANSMISE_MOA: "35",
    Status.PRISE_EN_COMPTE_MOA: "38",
    Status.A_ASSOCIER_MOA: "39",
    Status.A_ASSOCIER_MOE: "40",
}

NOT_YET_DELIVERED = frozenset(
    {
        Status.DEPOSEE,
        Status.EN_COURS_ACHEMINEMENT,
        Status.A_VALIDER_1,
        Status.VALIDEE_1,
        Status.REFUSEE_1,
        Status.ERREUR_FOURNISSEUR_SUR_VALIDEUR,
        Status.ABSENCE_VALIDATION_1_HORS_DELAI,
    }
)
"""Statuses at which the recipient does not know of the invoice: it is on its way, or with its validator."""


class FluxState(StrEnum):
    """Where a deposited file stands, in our words."""

    EXPECTED = "EXPECTED"
    ANALYSING = "ANALYSING"
    """Received, and shown to an antivirus that answers later."""
    RECEIVED = "RECEIVED"
    INTEGRATING = "INTEGRATING"
    TO_RETRY = "TO_RETRY"
    INTEGRATED = "INTEGRATED"
    PARTLY_INTEGRATED = "PARTLY_INTEGRATED"
    REJECTED = "REJECTED"
    FAILED = "FAILED"

    @property
    def public_code(self) -> str:
        """Code of the public API. Before the verdict it is never one that a client takes for success."""
        return FLUX_STATE_CODES[self][0]

    @property
    def label(self) -> str:
        """French label, as a person reads it."""
        return FLUX_STATE_CODES[self][1]

    @property
    def is_verdict(self) -> bool:
        """Whether the state is final."""
        return self in VERDICTS


FLUX_STATE_CODES = {
    FluxState.EXPECTED: ("IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP", "En attente de traitement"),
    FluxState.RECEIVED: ("IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP", "En attente de traitement"),
    FluxState.ANALYSING: ("IN_EN_COURS_TRAITEMENT_CPP", "En cours d'analyse"),
    FluxState.INTEGRATING: ("IN_EN_COURS_TRAITEMENT_CPP", "En cours de traitement"),
    FluxState.TO_RETRY: ("IN_EN_ATTENTE_RETRAITEMENT_CPP", "En attente de retraitement"),
    FluxState.INTEGRATED: ("IN_INTEGRE", "Intégré"),
    FluxState.PARTLY_INTEGRATED: ("IN_INTEGRE_PARTIEL", "Intégré partiellement"),
    FluxState.REJECTED: ("IN_REJETE", "Rejeté"),
    FluxState.FAILED: ("IN_INCIDENTE", "Incidenté : à déposer de nouveau"),
}

VERDICT_OF_CODE: Mapping[str, FluxState] = {
    FLUX_STATE_CODES[state][0]: state
    for state in (FluxState.INTEGRATED, FluxState.PARTLY_INTEGRATED, FluxState.REJECTED, FluxState.FAILED)
}
"""Code of the public API -> the verdict."""
VERDICTS = frozenset({FluxState.INTEGRATED, FluxState.PARTLY_INTEGRATED, FluxState.REJECTED, FluxState.FAILED})
