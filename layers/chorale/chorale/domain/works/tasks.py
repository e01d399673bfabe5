"""What is owed, by whom, until when, and what silence does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.works.actors import ChainActor
from chorale.domain.works.deadlines import DeadlineKind, Silence


class TaskKind(StrEnum):
    """A decision somebody owes. The value travels in our own resource."""

    VALIDATION_1 = "VALIDATION_1"
    VALIDATION_2 = "VALIDATION_2"
    VISA = "VISA"
    PRISE_EN_COMPTE = "PRISE_EN_COMPTE"
    RATTACHEMENT = "RATTACHEMENT"
    ETAT_ACOMPTE = "ETAT_ACOMPTE"
    ETAT_ACOMPTE_VALIDE = "ETAT_ACOMPTE_VALIDE"
    PROJET_DECOMPTE_FINAL = "PROJET_DECOMPTE_FINAL"
    ETABLISSEMENT_D_OFFICE = "ETABLISSEMENT_D_OFFICE"
    PROJET_DECOMPTE_GENERAL = "PROJET_DECOMPTE_GENERAL"
    DECOMPTE_GENERAL = "DECOMPTE_GENERAL"
    REPONSE_AU_DECOMPTE = "REPONSE_AU_DECOMPTE"
    DECOMPTE_ACCEPTE = "DECOMPTE_ACCEPTE"
    REPONSE_A_LA_RECLAMATION = "REPONSE_A_LA_RECLAMATION"
    REPONSE_TACITE = "REPONSE_TACITE"
    DECOMPTE_TACITE = "DECOMPTE_TACITE"
    REVISION_DES_PRIX = "REVISION_DES_PRIX"
    SOMMES_ADMISES = "SOMMES_ADMISES"
    FOURNIR_LES_PIECES = "FOURNIR_LES_PIECES"
    CONSTATER_LES_PIECES = "CONSTATER_LES_PIECES"
    COMPLEMENT = "COMPLEMENT"
    RECYCLAGE = "RECYCLAGE"
    CORRECTION_VALIDEUR = "CORRECTION_VALIDEUR"
    REEMISSION = "REEMISSION"

    @property
    def label(self) -> str:
        """French label, as a person reads it."""
        return TASK_LABELS[self]


TASK_LABELS = {
    TaskKind.VALIDATION_1: "Accepter ou refuser la demande du sous-traitant",
    TaskKind.VALIDATION_2: "Accepter ou refuser, comme mandataire, la demande du sous-traitant d'un cotraitant",
    TaskKind.VISA: "Viser la pièce du cotraitant",
    TaskKind.PRISE_EN_COMPTE: "Prendre en compte la demande validée du sous-traitant",
    TaskKind.RATTACHEMENT: "Associer une pièce à la demande du sous-traitant, ou attendre qu'elle soit jointe à un A4",
    TaskKind.ETAT_ACOMPTE: "Établir l'état d'acompte et le transmettre à la MOA",
    TaskKind.ETAT_ACOMPTE_VALIDE: "Valider l'état d'acompte et le transmettre au service financier",
    TaskKind.PROJET_DECOMPTE_FINAL: "Remettre le projet de décompte final",
    TaskKind.ETABLISSEMENT_D_OFFICE: "Mettre le titulaire en demeure, puis établir le décompte d'office",
    TaskKind.PROJET_DECOMPTE_GENERAL: "Établir le projet de décompte général",
    TaskKind.DECOMPTE_GENERAL: "Notifier le décompte général",
    TaskKind.REPONSE_AU_DECOMPTE: "Signer le décompte général, avec ou sans réserves, ou le refuser",
    TaskKind.DECOMPTE_ACCEPTE: "Transmettre au service financier le décompte réputé accepté (A25)",
    TaskKind.REPONSE_A_LA_RECLAMATION: "Répondre à la réclamation du titulaire",
    TaskKind.REPONSE_TACITE: "Notifier le décompte général en réponse au projet A22",
    TaskKind.DECOMPTE_TACITE: "Transmettre au service financier le décompte général et définitif tacite",
    TaskKind.REVISION_DES_PRIX: "Notifier la révision des prix afférente au solde (A19)",
    TaskKind.SOMMES_ADMISES: "Payer les sommes admises du décompte refusé ou de la réclamation (A19 sur le décompte)",
    TaskKind.FOURNIR_LES_PIECES: "Fournir les pièces qui manquent au paiement : son délai est interrompu",
    TaskKind.CONSTATER_LES_PIECES: "Constater que les pièces manquantes sont reçues : le délai de paiement reprend",
    TaskKind.COMPLEMENT: "Compléter la pièce",
    TaskKind.RECYCLAGE: "Corriger l'acheminement de la pièce",
    TaskKind.CORRECTION_VALIDEUR: "Corriger le valideur de la pièce",
    TaskKind.REEMISSION: "Déposer une nouvelle pièce à la place de celle qui est refusée, ou l'abandonner",
}


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "OUVERTE"
    DECIDED = "TRAITEE"
    """Somebody acted, or the chain went on another way."""
    LAPSED = "ECHUE"
    """Silence took effect at the deadline."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a billing file. Times are UTC."""

    n: int
    kind: TaskKind
    paper_id: int | None
    """None for what is owed before any paper came."""
    owners: tuple[StructureRef, ...]
    """Whoever acts first settles it for all."""
    actor: ChainActor
    """Whose turn it is: the part in the chain of the first of ``owners``."""
    opened_at: datetime
    silence: Silence
    deadline_kind: DeadlineKind | None = None
    due: datetime | None = None
    """The end of the last day in Paris; None when nothing ends it but an act."""
    remind_at: datetime | None = None
    """When the owners are told (again)."""
    reminders: int = 0
    """How often they were told."""
    lapsed_at: datetime | None = None
    """The deadline, once it passed: the task stays open when silence validates nothing."""
    state: TaskState = TaskState.OPEN
    closed_at: datetime | None = None
    attempt: int = 1

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes it."""
        return self.state is TaskState.OPEN

    @property
    def wakes_at(self) -> datetime | None:
        """When the clock next does something to it; None for never."""
        if not self.is_open:
            return None
        moments = [moment for moment in (self.remind_at, None if self.lapsed_at else self.due) if moment]
        return min(moments, default=None)


REMINDED_EVERY = timedelta(days=30)
"""Between two reminders of a task that no deadline ends, or whose deadline has passed."""
