"""What silence does to a billing file, at the deadline and whenever it is noticed.

Each silence has the date of its own deadline, and what it opens starts there: a clock that jumps sixty days gives each
its own date. One table: kind of task -> effect.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from chorale.domain.statuses import Status
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.creditors import accepted_of
from chorale.domain.works.deadlines import Silence, last_moment, row_for
from chorale.domain.works.dossier import BillingFile, Note
from chorale.domain.works.owed import Rules, next_reminder, reconcile
from chorale.domain.works.paper_acts import PaperAct, paper_act
from chorale.domain.works.papers import SYSTEM
from chorale.domain.works.routing import after_validation, reaches_moa, with_clocks
from chorale.domain.works.tasks import REMINDED_EVERY, Task, TaskKind, TaskState

ALERT = "ALERTE"
SILENCE = "SILENCE"
REMINDER = "RELANCE"


def run_clock(file: BillingFile, contract: WorksContract, now: datetime, rules: Rules) -> BillingFile:
    """``file`` after everything that its deadlines and reminders do until ``now``, each at its own moment, in order."""
    while (moment := file.wakes_at) is not None and moment <= now:
        task = min(
            (task for task in file.tasks if task.wakes_at == moment),
            key=lambda task: (task.due != moment, task.n),
        )
        lapses = task.due == moment and task.lapsed_at is None
        file = _lapsed(file, contract, task, rules) if lapses else _reminded(file, contract, task, moment)
    return file


def _lapsed(file: BillingFile, contract: WorksContract, task: Task, rules: Rules) -> BillingFile:
    assert task.due is not None
    settles, effect, text = EFFECTS[task.kind]
    if task.silence is Silence.LATE:
        text = task.silence.sentence
    at = last_moment(task.due)
    done = replace(task, lapsed_at=at, remind_at=None if settles else task.due + REMINDED_EVERY)
    if settles:
        done = replace(done, state=TaskState.LAPSED, closed_at=at)
    file = file.with_task(done)
    file = file.with_note(Note(at, SYSTEM, SILENCE if settles else ALERT, text, task.paper_id))
    return reconcile(effect(file, contract, task, at), contract, at, rules)


def _reminded(file: BillingFile, contract: WorksContract, task: Task, at: datetime) -> BillingFile:
    row = row_for(task.deadline_kind, contract.ccag) if task.deadline_kind else None
    again = next_reminder(task, row.reminders if row else (), at)
    text = f"Relance de {', '.join(owner.name for owner in task.owners)} : {task.kind.label}."
    file = file.with_note(Note(at, SYSTEM, REMINDER, text, task.paper_id))
    return file.with_task(replace(task, reminders=task.reminders + 1, remind_at=again, attempt=task.attempt + 1))


Effect = Callable[[BillingFile, WorksContract, Task, datetime], BillingFile]


def _nothing(file: BillingFile, _contract: WorksContract, _task: Task, _at: datetime) -> BillingFile:
    return file


def _accepts(file: BillingFile, contract: WorksContract, task: Task, at: datetime) -> BillingFile:
    """What was neither accepted nor refused is accepted: all, or what the first validator did (CCP R2193-12)."""
    paper = file.paper(task.paper_id or 0)
    assert paper is not None
    target = paper_act(paper, PaperAct.SILENCE).target
    assert target is not None
    paper = replace(paper, accepted=accepted_of(paper)).at(target, at, SYSTEM)
    paper = after_validation(paper, contract, at)
    return with_clocks(file.with_paper(paper), paper, contract)


def _alerts_of_moe(file: BillingFile, contract: WorksContract, task: Task, at: datetime) -> BillingFile:
    """The MOE's silence validates nothing: a line in the history, and the MOA may act (rule 2)."""
    paper = file.paper(task.paper_id or 0)
    assert paper is not None
    file = reaches_moa(file, paper, contract, at)
    event = Status.ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE
    return file.with_paper(paper.noted(event, at, "Délai de la MOE écoulé : la MOA peut agir."))


EFFECTS: Mapping[TaskKind, tuple[bool, Effect, str]] = {
    TaskKind.VALIDATION_1: (True, _accepts, "Silence du premier valideur : la demande du sous-traitant est acceptée."),
    TaskKind.VALIDATION_2: (True, _accepts, "Silence du second valideur : la demande du sous-traitant est acceptée."),
    TaskKind.ETAT_ACOMPTE: (
        False,
        _alerts_of_moe,
        "La MOE n'a pas établi l'état d'acompte dans son délai : rien n'est validé, le délai de paiement court, la MOA "
        "peut associer un état d'acompte validé au projet de décompte.",
    ),
    TaskKind.PROJET_DECOMPTE_FINAL: (
        False,
        _nothing,
        "Le titulaire n'a pas remis son projet de décompte final : après mise en demeure, la MOE l'établit d'office.",
    ),
    TaskKind.DECOMPTE_GENERAL: (
        False,
        _nothing,
        "Le décompte général n'a pas été notifié dans le délai : le titulaire ou le mandataire peut notifier un projet "
        "de décompte général signé (A22).",
    ),
    TaskKind.REPONSE_AU_DECOMPTE: (
        True,
        _nothing,
        "Le titulaire n'a pas répondu au décompte général : il est réputé accepté ; la MOA dépose un A25.",
    ),
    TaskKind.REPONSE_A_LA_RECLAMATION: (True, _nothing, "Silence de la MOA : la réclamation est rejetée."),
    TaskKind.SOMMES_ADMISES: (False, _nothing, "Les sommes admises ne sont pas payées dans leur délai."),
    TaskKind.REVISION_DES_PRIX: (False, _nothing, "La MOA n'a pas notifié la révision des prix dans les dix jours."),
    TaskKind.REPONSE_TACITE: (
        True,
        _nothing,
        "La MOA n'a pas notifié de décompte général : le projet A22 devient le décompte général et définitif.",
    ),
}
"""Kind of task -> whether silence settles it, what it does to the papers, what the file says."""
