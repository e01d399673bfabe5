"""Codes that the public API names (AIFE Swagger "Factures") whether or not this hub uses them."""

from collections.abc import Iterable

from chorale.domain.errors import InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.invoices.payment_requests import PaymentRequest, WorksPaper
from chorale.domain.statuses import Status
from chorale.wire.base.choices import instead

ORDINARY = "FACTURE"
"""``typeDemandePaiement`` of an invoice that is no works paper."""
DEPOSIT_MODES = frozenset(
    {
        "SAISIE_WEB", "PORTAIL_PDF", "EDI_XML_STRUCT", "EDI_MIXTE", "EDI_PDF_ARCHIVE", "SAISIE_PORTAIL", "SAISIE_API",
        "DEPOT_PDF_PORTAIL", "DEPOT_PDF_SIGNE_PORTAIL", "DEPOT_PDF_API", "DEPOT_PDF_SIGNE_API", "EDI",
        "UPLOAD_PORTAIL", "UPLOAD_API", "EDI_NUMERISATION",
    }
)  # fmt: skip

KNOWN_STATUSES = frozenset(
    {
        "BROUILLON", "A_VALIDER_1", "ERREUR_FOURNISSEUR_SUR_VALIDEUR", "REFUSEE_1", "VALIDEE_1",
        "ABSENCE_VALIDATION_1_HORS_DELAI", "A_VALIDER_2", "ERREUR_COTRAITANT_SUR_VALIDEUR", "REFUSEE_2", "VALIDEE_2",
        "ABSENCE_VALIDATION_2_HORS_DELAI", "DEPOSEE", "ERREUR_FOURNISSEUR_SUR_MOE", "EN_COURS_ACHEMINEMENT",
        "MISE_A_DISPOSITION", "A_RECYCLER", "SUSPENDUE", "REJETEE", "MANDATEE", "MISE_EN_PAIEMENT", "COMPTABILISEE",
        "MISE_A_DISPOSITION_COMPTABLE", "ABANDONNEE", "SUPPRIMEE", "ASSOCIEE", "EN_COURS_TRAITEMENT_PIVOT_S",
        "A_VALIDER_MOE", "REFUSEE_MOE", "EN_ATTENTE_RECYCLAGE_FOURNISSEUR", "ERREUR_MOE_SUR_FOURNISSEUR",
        "ERREUR_MOA_SUR_FOURNISSEUR", "INTERPRETEE_OCR", "COMPLETEE", "ERREUR_FOURNISSEUR_SUR_MOA",
        "ERREUR_MOE_SUR_MOA", "ERREUR_DESTINATAIRE_PD", "ERREUR_DESTINATAIRE_EA", "SERVICE_FAIT", "NON_CONFORME",
        "A_ASSOCIER_MOE", "ERREUR_DE_MOE", "MISE_A_DISPOSITION_MOE", "PRISE_EN_COMPTE_MOE", "A_ASSOCIER_MOA",
        "ERREUR_DE_MOA", "REFUSEE_MOA", "A_ASSOCIER_FOURNISSEUR", "REFUSEE_FOURNISSEUR", "A_COMPLETER",
        "TRANSMISE_MOA", "PRISE_EN_COMPTE_DESTINATAIRE", "REMPLACEE_PAR_A22", "DUPLIQUE_APRES_REFUS",
        "MISE_A_DISPOSITION_MOA", "PRISE_EN_COMPTE_MOA", "TECHNIQUE_INCONNU",
    }
)  # fmt: skip


def status_of(code: str, field: str, among: Iterable[Status] = Status) -> Status | None:
    """The status that ``code`` names; None for one that no invoice has here.

    Raises InvalidRequest otherwise, which names the nearest ``among`` those that can be meant.
    """
    code = code.upper()
    if code in Status.__members__:
        return Status(code)
    if code in KNOWN_STATUSES:
        return None
    raise InvalidRequest(f"{field} : le statut {code} n'existe pas{instead(code, among, 'Statuts')}", field)


def frame_of(code: str) -> Frame | None:
    """The frame that ``code`` names, by its long or its short code; None when not given; raises InvalidRequest."""
    if not code:
        return None
    try:
        return Frame.__members__.get(code.upper()) or Frame(code.upper())
    except ValueError:
        raise InvalidRequest(
            f"Le cadre de facturation {code} n'existe pas : attendu A1_FACTURE_FOURNISSEUR ou un autre des cadres "
            "A1 à A25.",
            "cadreFacturation",
        ) from None


def mode_of(code: str) -> str:
    """The mode of deposit that ``code`` names, empty when not given; raises InvalidRequest."""
    code = code.upper()
    if code and code not in DEPOSIT_MODES:
        known = instead(code, sorted(DEPOSIT_MODES), "Modes")
        raise InvalidRequest(f"modeDepot : le mode {code} n'existe pas{known}", "modeDepot")
    return code


def payment_requests_of(code: str) -> frozenset[PaymentRequest]:
    """The kind of payment request that ``code`` names, none when not given; raises InvalidRequest."""
    if not code:
        return frozenset()
    try:
        return frozenset({PaymentRequest(code.upper())})
    except ValueError:
        raise InvalidRequest(
            f"typeDemandePaiement {code} n'existe pas : FACTURE ou FACTURE_TRAVAUX.", "typeDemandePaiement"
        ) from None


def works_papers_of(codes: Iterable[str], field: str) -> frozenset[WorksPaper]:
    """The kinds of works paper that ``codes`` name; raises InvalidRequest."""
    found = set()
    for code in codes:
        try:
            found.add(WorksPaper(code.upper()))
        except ValueError:
            known = instead(code, WorksPaper, "Types")
            raise InvalidRequest(f"{field} : le type de facture de travaux {code} n'existe pas{known}", field) from None
    return frozenset(found)
