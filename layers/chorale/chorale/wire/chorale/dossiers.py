"""Our own resource of the works chain: open tasks, and a billing file with its clocks as one timeline."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

from chorale.domain.dates import paris_day
from chorale.domain.paging import Page
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.creditors import Owed as OwedSum
from chorale.domain.works.creditors import owed_on
from chorale.domain.works.deadlines import last_day, until_text
from chorale.domain.works.dossier import BillingFile, FileClock
from chorale.domain.works.interest import interest_on_parts
from chorale.domain.works.lists import TaskEntry, TasksCriteria
from chorale.domain.works.owed import Rules
from chorale.domain.works.papers import Paper
from chorale.domain.works.payment_acts import owed_until
from chorale.domain.works.possibilities import acts_on, other_acts_on, papers_after
from chorale.domain.works.tasks import Task, TaskKind
from chorale.domain.works.timeline import timeline
from chorale.wire.base.choices import one_of
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.paging import PagesGiven, Paging, label_of, pages_given
from chorale.wire.base.values import Amount, AskedDay, Day, Integer, Minute, Text
from chorale.wire.travaux.papers import FactureTravauxPart, PartiePart, paper_part, party


class TachesAsk(Ask):
    """My open tasks."""

    id_structure: Integer = Field(default=0, description="Une seule de mes structures.")
    numero_marche: Text = ""
    tache: Text = Field(default="", description="Une nature de tâche : " + ", ".join(TaskKind) + ".")
    echeance_avant: AskedDay | None = Field(default=None, description="Dernier jour au plus tard.")
    pagination: Paging = Paging()


def tasks_wanted(ask: TachesAsk) -> TasksCriteria:
    """What ``ask`` asks for; raises InvalidRequest that names the field."""
    kind = one_of(TaskKind, ask.tache, "tache") if ask.tache else None
    return TasksCriteria(ask.numero_marche, kind, due_by=ask.echeance_avant)


class TachePart(Part):
    """What is owed."""

    numero: int
    tache: str
    libelle: str
    responsables: list[PartiePart]
    id_facture_travaux: int | None
    numero_facture_travaux: str | None
    id_dossier_facturation: int
    numero_marche: str
    depuis: Minute
    dernier_jour: Day | None
    """The last day, included: the task can be done until its end, in Paris."""
    libelle_echeance: str | None
    echeance: Minute | None
    """The midnight of Paris at which the last day ends."""
    echue: bool
    effet_du_silence: str
    delai: str | None = Field(description="Un des delais du marché, où est sa reference.")
    relances: int


class TachesAnswer(Answer):
    """My open tasks, soonest first; what no deadline ends comes last."""

    liste_taches: list[TachePart]
    parametres_retour: PagesGiven


def open_tasks_answer(page: Page[TaskEntry]) -> TachesAnswer:
    """The answer to ``/chorale/v1/taches``."""
    return TachesAnswer(
        libelle=label_of(page),
        liste_taches=[
            _task(entry.task, entry.file_id, entry.contract_number, entry.paper.number if entry.paper else None)
            for entry in page.rows
        ],
        parametres_retour=pages_given(page),
    )


def _task(task: Task, file_id: int, contract_number: str, paper_number: str | None) -> TachePart:
    return TachePart(
        numero=task.n,
        tache=task.kind.value,
        libelle=task.kind.label,
        responsables=[one for owner in task.owners if (one := party(owner))],
        id_facture_travaux=task.paper_id,
        numero_facture_travaux=paper_number,
        id_dossier_facturation=file_id,
        numero_marche=contract_number,
        depuis=task.opened_at,
        dernier_jour=last_day(task.due) if task.due else None,
        libelle_echeance=until_text(task.due) if task.due else None,
        echeance=task.due,
        echue=task.lapsed_at is not None,
        effet_du_silence=task.silence.sentence,
        delai=task.deadline_kind.value if task.deadline_kind else None,
        relances=task.reminders,
    )


class InteretsPart(Part):
    """Late-payment interest: shown, not paid by this service."""

    jours_de_retard: int
    taux: Amount
    montant: Amount
    indemnite_forfaitaire: Amount
    taux_provisoire: bool
    """True when the rate of the half-year is not known yet: the one before is shown."""


class DelaiPaiementPart(Part):
    """A payment delay."""

    id_facture_travaux: int
    objet: str
    jours: int
    debut: Day
    premier_debut: Day
    fin: Day | None
    """Absent while it is interrupted."""
    interrompu_le: Day | None
    motif_interruption: str | None
    pieces_manquantes: list[str]
    repris_le: Day | None
    eteint_le: Day | None
    """When its paper was abandoned, refused or replaced: nothing is owed on it."""
    montant_du: Amount
    """With tax: what interest is on; what is admitted, once it is known."""
    montant_conteste: Amount
    """Claimed beyond it: without interest."""
    paye_le: Day | None
    interets: InteretsPart | None


class EvenementPart(Part):
    """One thing that happened."""

    date: Minute
    id_facture_travaux: int | None
    numero_facture_travaux: str | None
    cadre_facturation: str | None
    statut: str | None
    nature: str
    texte: str
    auteur: str


class ImpossiblePart(Part):
    """What the account may not do now, and why."""

    nom: str
    raison: str


class ActesPossiblesPart(Part):
    """What the account may do with a paper now, and why not the rest."""

    id_facture_travaux: int
    actes: list[str]
    pieces_a_deposer: list[str]
    """Frames of the papers that the account may deposit after this one."""
    actes_impossibles: list[ImpossiblePart]
    pieces_impossibles: list[ImpossiblePart]


class DossierCompletAnswer(Answer):
    """A billing file: its papers, what is owed on it, its payment delays, and all that happened, in order."""

    id_dossier_facturation: int
    numero_marche: str
    chaine: str
    cycle: int
    liste_pieces: list[FactureTravauxPart]
    liste_taches: list[TachePart]
    delais_de_paiement: list[DelaiPaiementPart]
    chronologie: list[EvenementPart]
    actes_possibles: list[ActesPossiblesPart]


def whole_file_answer(
    file: BillingFile,
    contract: WorksContract,
    account: BillingFile | None,
    structures: frozenset[int],
    now: datetime,
    rules: Rules,
) -> DossierCompletAnswer:
    """The answer to ``/chorale/v1/dossiers/{id}``; ``account`` is the file of the contract's account."""
    numbers = {paper.id: paper.number for paper in file.papers}
    return DossierCompletAnswer(
        id_dossier_facturation=file.id,
        numero_marche=file.contract_number,
        chaine=file.chain.value,
        cycle=file.cycle,
        liste_pieces=[paper_part(paper, file) for paper in file.papers],
        liste_taches=[
            _task(task, file.id, file.contract_number, numbers.get(task.paper_id or 0)) for task in file.open_tasks
        ],
        delais_de_paiement=[_clock(one, file, paris_day(now)) for one in file.clocks if one.paper_id in numbers],
        chronologie=[
            EvenementPart(
                date=one.at,
                id_facture_travaux=one.paper.id if one.paper else None,
                numero_facture_travaux=one.paper.number if one.paper else None,
                cadre_facturation=one.paper.frame.short if one.paper else None,
                statut=one.line.status.value if one.line else None,
                nature="STATUT" if one.line else (one.note.kind if one.note else ""),
                texte=one.line.reason or one.line.status.label if one.line else (one.note.text if one.note else ""),
                auteur=one.line.by if one.line else (one.note.by if one.note else ""),
            )
            for one in timeline(file)
        ],
        actes_possibles=[
            possible
            for paper in file.papers
            if (possible := _possible(paper, file, contract, account, sorted(structures), now, rules)) is not None
        ],
    )


def _possible(
    paper: Paper,
    file: BillingFile,
    contract: WorksContract,
    account: BillingFile | None,
    structures: Sequence[int],
    now: datetime,
    rules: Rules,
) -> ActesPossiblesPart | None:
    """None for a paper with which the account can do nothing at all."""
    acts = [(one.act.value, one.reason) for one in acts_on(file, paper, structures)]
    others = other_acts_on(file, contract, paper, structures, now, rules)
    acts += [(one.name, one.reason) for one in others]
    after = list(papers_after(file, contract, paper, structures, now, account))
    if all(reason for _, reason in acts) and all(one.reason for one in after):
        return None
    return ActesPossiblesPart(
        id_facture_travaux=paper.id,
        actes=[name for name, reason in acts if not reason],
        pieces_a_deposer=[one.frame.name for one in after if not one.reason],
        actes_impossibles=[ImpossiblePart(nom=name, raison=reason) for name, reason in acts if reason],
        pieces_impossibles=[ImpossiblePart(nom=one.frame.name, raison=one.reason) for one in after if one.reason],
    )


def _clock(one: FileClock, file: BillingFile, today: date) -> DelaiPaiementPart:
    clock = one.clock
    paper = file.paper(one.paper_id)
    owed = owed_on(paper) if paper else OwedSum(Decimal(0), Decimal(0))
    end = clock.due_on
    until = paris_day(clock.paid_at) if clock.paid_at else today
    late = None
    if paper and end and clock.ended_at is None:
        late = interest_on_parts(owed_until(file, paper, owed.amount, until), end)
    return DelaiPaiementPart(
        id_facture_travaux=one.paper_id,
        objet=clock.kind.value,
        jours=clock.days,
        debut=paris_day(clock.started_at),
        premier_debut=paris_day(clock.first_started_at),
        fin=end,
        interrompu_le=paris_day(clock.interrupted_at) if clock.interrupted_at else None,
        motif_interruption=clock.reason or None,
        pieces_manquantes=list(clock.missing),
        repris_le=paris_day(clock.resumed_at) if clock.resumed_at else None,
        eteint_le=paris_day(clock.ended_at) if clock.ended_at else None,
        montant_du=owed.amount,
        montant_conteste=owed.contested,
        paye_le=paris_day(clock.paid_at) if clock.paid_at else None,
        interets=(
            InteretsPart(
                jours_de_retard=late.days,
                taux=late.rate,
                montant=late.amount,
                indemnite_forfaitaire=late.flat_sum,
                taux_provisoire=not late.rate_is_known,
            )
            if late
            else None
        ),
    )
