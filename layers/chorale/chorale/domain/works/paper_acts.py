"""The one table of status changes of works papers: (status, act) -> status, whose act it is, what it needs.

Statuses are those of the generation with numeric EDI codes (rule 12). A paper's status never changes by assignment:
``domain/works/acts.py`` asks ``paper_act`` for the row. Worklists, the API's lists of possible acts, the exhaustive
test of (act, status, role) and the diagrams of the docs are derived from this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chorale.domain.errors import ActImpossible
from chorale.domain.frames import Frame
from chorale.domain.statuses import Status
from chorale.domain.works.chain import AT_CONTRACTOR, AT_MOA, AT_MOE, FINAL_ACCOUNTS, Addressee
from chorale.domain.works.papers import Paper


class PaperPart(StrEnum):
    """The part that somebody plays towards one paper."""

    DEPOSITOR = "DEPOSANT"
    FIRST_VALIDATOR = "VALIDEUR_1"
    SECOND_VALIDATOR = "VALIDEUR_2"
    MOE = "MOE"
    MOA = "MOA"
    CONTRACTOR = "FOURNISSEUR"
    PAYER = "DESTINATAIRE"
    """The service financier: it acts in the received invoices, and only looks on here (rule 11)."""
    SYSTEM = "SYSTEME"


class PaperAct(StrEnum):
    """Something done to a paper that changes its status. The value travels in our own resource."""

    AGREE = "VALIDER"
    REFUSE_AGREEMENT = "REFUSER_VALIDATION"
    DISOWN = "MAUVAIS_VALIDEUR"
    SILENCE = "SILENCE"
    NAME_VALIDATOR = "CORRIGER_VALIDEUR"
    TAKE = "PRENDRE_EN_COMPTE"
    ASK_COMPLETION = "DEMANDER_COMPLEMENT"
    COMPLETE = "COMPLETER"
    REFUSE = "REFUSER"
    WRONG_ADDRESSEE = "MAUVAIS_DESTINATAIRE"
    ASK_RECYCLING = "DEMANDER_RECYCLAGE"
    RECYCLE = "RECYCLER"
    PASS_ON = "TRANSMETTRE"  # noqa: S105 - an act, not a password
    ABANDON = "ABANDONNER"
    ASSOCIATE = "ASSOCIER"
    REPLACE = "REMPLACER"
    DUPLICATE = "DUPLIQUER"


@dataclass(frozen=True, slots=True)
class PaperTransition:
    """One row of the table."""

    source: Status
    act: PaperAct
    target: Status | None
    """None where the paper goes (back) to where it lands: its step says with which status."""
    part: PaperPart
    needs_reason: bool = False
    addressee: Addressee | None = None
    """Only for papers of this addressee; None for all."""
    not_for: frozenset[Frame] = frozenset()
    """Frames for which the act does not exist (rule 22)."""


S, A, P = Status, PaperAct, PaperPart

WHY_NOT: Mapping[Frame, str] = {
    Frame.A22: "Sur un projet A22 la MOA notifie le décompte général (A20, ou A18) ou garde le silence : rien d'autre "
    "n'arrête la procédure tacite (CCAG Travaux 12.4.4).",
    Frame.A7: "La MOE accepte ou rectifie le projet de décompte final (CCAG Travaux 12.3.3) : déposez un A17 à votre "
    "montant, ou demandez un complément, qui n'arrête aucun délai.",
    Frame.A14: "La MOE accepte ou rectifie le projet de décompte final (CCAG Travaux 12.3.3) : déposez un A17.",
    **dict.fromkeys(
        (Frame.A20, Frame.A18),
        "Un décompte général se signe (A8, avec ou sans réserves) ou se refuse avec une réclamation motivée dans les "
        "trente jours ; ensuite il est accepté (CCAG Travaux 12.4.3, 12.4.5).",
    ),
}
"""Why an act does not exist for a paper of the final account, said to who tries it (rule 22)."""
NOT_REFUSED = frozenset({Frame.A7, Frame.A14, Frame.A22})
NOT_COMPLETED = frozenset({Frame.A22})
BINDING_ACCOUNTS = frozenset(FINAL_ACCOUNTS)
"""Accounts that were signed or that silence made final: nobody withdraws one (rule 19)."""

_SIDES = (
    (Addressee.MOE, P.MOE, AT_MOE, S.PRISE_EN_COMPTE_MOE, S.REFUSEE_MOE, S.ERREUR_DE_MOE),
    (Addressee.MOA, P.MOA, AT_MOA, S.PRISE_EN_COMPTE_MOA, S.REFUSEE_MOA, S.ERREUR_DE_MOA),
)


def _rows_of_sides() -> list[PaperTransition]:
    rows: list[PaperTransition] = []
    for addressee, part, statuses, taken, refused, wrong in _SIDES:
        for source in (*statuses, S.COMPLETEE):
            if source is not taken:
                rows.append(PaperTransition(source, A.TAKE, taken, part, addressee=addressee))
            rows += [
                PaperTransition(source, A.ASK_COMPLETION, S.A_COMPLETER, part, True, addressee, NOT_COMPLETED),
                PaperTransition(source, A.REFUSE, refused, part, True, addressee, NOT_REFUSED),
                PaperTransition(source, A.WRONG_ADDRESSEE, wrong, part, addressee=addressee, not_for=NOT_REFUSED),
                PaperTransition(source, A.ASK_RECYCLING, S.A_RECYCLER, part, True, addressee, NOT_REFUSED),
                PaperTransition(source, A.ASSOCIATE, S.ASSOCIEE, P.SYSTEM, addressee=addressee),
                PaperTransition(source, A.REPLACE, S.REMPLACEE_PAR_A22, P.SYSTEM, addressee=addressee),
            ]
            if addressee is Addressee.MOE:
                rows.append(PaperTransition(source, A.PASS_ON, S.TRANSMISE_MOA, part, addressee=addressee))
        rows.append(PaperTransition(wrong, A.RECYCLE, None, P.DEPOSITOR, addressee=addressee))
    return rows


def _rows_of_contractor() -> list[PaperTransition]:
    rows: list[PaperTransition] = []
    for source in AT_CONTRACTOR:
        to = Addressee.CONTRACTOR
        rows += [
            PaperTransition(source, A.REFUSE, S.REFUSEE_FOURNISSEUR, P.CONTRACTOR, True, to),
            PaperTransition(source, A.ASSOCIATE, S.ASSOCIEE, P.SYSTEM, addressee=to),
        ]
    return rows


PAPER_TRANSITIONS: tuple[PaperTransition, ...] = (
    PaperTransition(S.A_VALIDER_1, A.AGREE, S.VALIDEE_1, P.FIRST_VALIDATOR),
    PaperTransition(S.A_VALIDER_1, A.REFUSE_AGREEMENT, S.REFUSEE_1, P.FIRST_VALIDATOR, True),
    PaperTransition(S.A_VALIDER_1, A.DISOWN, S.ERREUR_FOURNISSEUR_SUR_VALIDEUR, P.FIRST_VALIDATOR),
    PaperTransition(S.A_VALIDER_1, A.SILENCE, S.ABSENCE_VALIDATION_1_HORS_DELAI, P.SYSTEM),
    PaperTransition(S.A_VALIDER_2, A.AGREE, S.VALIDEE_2, P.SECOND_VALIDATOR),
    PaperTransition(S.A_VALIDER_2, A.REFUSE_AGREEMENT, S.REFUSEE_2, P.SECOND_VALIDATOR, True),
    PaperTransition(S.A_VALIDER_2, A.DISOWN, S.ERREUR_COTRAITANT_SUR_VALIDEUR, P.SECOND_VALIDATOR),
    PaperTransition(S.A_VALIDER_2, A.SILENCE, S.ABSENCE_VALIDATION_2_HORS_DELAI, P.SYSTEM),
    PaperTransition(S.ERREUR_FOURNISSEUR_SUR_VALIDEUR, A.NAME_VALIDATOR, S.A_VALIDER_1, P.DEPOSITOR),
    PaperTransition(S.ERREUR_COTRAITANT_SUR_VALIDEUR, A.NAME_VALIDATOR, S.A_VALIDER_2, P.DEPOSITOR),
    *_rows_of_sides(),
    *_rows_of_contractor(),
    PaperTransition(S.A_COMPLETER, A.COMPLETE, S.COMPLETEE, P.DEPOSITOR),
    PaperTransition(S.A_RECYCLER, A.RECYCLE, None, P.DEPOSITOR),
    *(
        PaperTransition(source, A.ABANDON, S.ABANDONNEE, P.DEPOSITOR)
        for source in (
            S.A_VALIDER_1, S.A_VALIDER_2, S.ERREUR_FOURNISSEUR_SUR_VALIDEUR, S.ERREUR_COTRAITANT_SUR_VALIDEUR,
            S.A_ASSOCIER_MOE, S.MISE_A_DISPOSITION_MOE, S.A_COMPLETER, S.A_RECYCLER, S.ERREUR_DE_MOE, S.ERREUR_DE_MOA,
            S.REFUSEE_1, S.REFUSEE_2, S.REFUSEE_MOE, S.REFUSEE_MOA,
        )
    ),
    PaperTransition(S.A_ASSOCIER_MOA, A.ABANDON, S.ABANDONNEE, P.DEPOSITOR, addressee=Addressee.MOA,
                    not_for=NOT_COMPLETED),
    PaperTransition(S.MISE_A_DISPOSITION, A.ABANDON, S.ABANDONNEE, P.DEPOSITOR, addressee=Addressee.PAYER,
                    not_for=BINDING_ACCOUNTS),
    *(
        PaperTransition(source, A.DUPLICATE, S.DUPLIQUE_APRES_REFUS, P.SYSTEM)
        for source in (S.REFUSEE_1, S.REFUSEE_2, S.REFUSEE_MOE, S.REFUSEE_MOA, S.REJETEE)
    ),
)  # fmt: skip
"""ASSOCIATE, REPLACE and DUPLICATE are what the deposit of the next paper does to the one before it."""

BY_THE_SYSTEM = frozenset({A.SILENCE, A.ASSOCIATE, A.REPLACE, A.DUPLICATE})
"""Acts that nobody does by themselves: a deadline or the deposit of the next paper does them."""
HISTORY_ONLY = frozenset({Status.ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE})
"""Written in the history of a paper, never its status (rule 2)."""

UNUSED = {
    "A_VALIDER_MOE": "ancienne génération : A_ASSOCIER_MOE a un code EDI",
    "EN_ATTENTE_RECYCLAGE_FOURNISSEUR": "ancienne génération : A_RECYCLER et ERREUR_DE_MOE le disent",
    "ERREUR_FOURNISSEUR_SUR_MOE": "ancienne génération : ERREUR_DE_MOE a un code EDI",
    "ERREUR_FOURNISSEUR_SUR_MOA": "ancienne génération : ERREUR_DE_MOA a un code EDI",
    "ERREUR_MOE_SUR_FOURNISSEUR": "le fournisseur d'un marché est connu du contrat",
    "ERREUR_MOE_SUR_MOA": "ancienne génération : ERREUR_DE_MOA a un code EDI",
    "ERREUR_MOA_SUR_FOURNISSEUR": "le fournisseur d'un marché est connu du contrat",
    "ERREUR_DESTINATAIRE_PD": "une erreur de destinataire du service financier est A_RECYCLER",
    "ERREUR_DESTINATAIRE_EA": "une erreur de destinataire du service financier est A_RECYCLER",
    "BROUILLON": "une pièce de travaux se dépose, elle ne se saisit pas",
    "SUPPRIMEE": "une pièce déposée ne disparaît pas : elle est abandonnée",
    "INTERPRETEE_OCR": "aucune pièce de travaux n'est lue par reconnaissance de caractères",
    "EN_COURS_TRAITEMENT_PIVOT_S": "état technique de la plateforme publique",
    "TECHNIQUE_INCONNU": "état technique de la plateforme publique",
    "NON_CONFORME": "une pièce non conforme n'est pas intégrée : son compte rendu le dit",
    "PRISE_EN_COMPTE_DESTINATAIRE": "le service financier travaille dans les factures reçues",
}
"""Works and validation statuses of the public platform that this one never gives, and why (rule 12)."""


DECISIONS = frozenset({A.REFUSE, A.ASK_RECYCLING, A.WRONG_ADDRESSEE, A.ASK_COMPLETION})


def rows_for(paper: Paper) -> tuple[PaperTransition, ...]:
    """The rows that ``paper`` allows as it stands."""
    return tuple(
        row
        for row in PAPER_TRANSITIONS
        if row.source is paper.status and row.addressee in (None, paper.addressee) and paper.frame not in row.not_for
    )


def paper_act(paper: Paper, act: PaperAct) -> PaperTransition:
    """The row for ``act`` on ``paper``; raises ActImpossible, with what is possible, when there is none."""
    rows = rows_for(paper)
    for row in rows:
        if row.act is act:
            return row
    possible = ", ".join(dict.fromkeys(row.act.value for row in rows if row.part is not P.SYSTEM)) or "aucune"
    why = f" {WHY_NOT[paper.frame]}" if paper.frame in WHY_NOT and act in DECISIONS else ""
    raise ActImpossible(
        f"Action impossible : la pièce {paper.number} est au statut {paper.status.value}. Actions possibles depuis ce "
        f"statut : {possible}.{why}",
        paper.status.value,
    )


def parts_of(paper: Paper, structure_id: int) -> frozenset[PaperPart]:
    """Every part that the structure plays towards ``paper``; empty for one that only looks on."""
    named = (
        (P.DEPOSITOR, paper.successor or paper.depositor),
        (P.FIRST_VALIDATOR, paper.validator),
        (P.SECOND_VALIDATOR, paper.second_validator),
        (P.MOE, paper.moe),
        (P.MOA, paper.moa),
        (P.CONTRACTOR, paper.contractor),
    )
    return frozenset(part for part, reference in named if reference is not None and reference.id == structure_id)


def possible_acts(paper: Paper, structure_id: int) -> tuple[PaperAct, ...]:
    """What the structure may do to ``paper`` now, in the order of the table."""
    parts = parts_of(paper, structure_id)
    return tuple(dict.fromkeys(row.act for row in rows_for(paper) if row.part in parts))
