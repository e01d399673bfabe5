"""Our own resource of the works chain: contracts, open tasks, and a billing file with its clocks as one timeline."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from pydantic import Field

from chorale.domain.dates import paris_day
from chorale.domain.deadlines import Ccag, DeadlineKind, row_for
from chorale.domain.errors import InvalidRequest
from chorale.domain.interest import interest
from chorale.domain.paging import Page
from chorale.domain.payment_clock import PayerKind
from chorale.domain.works.contract import PartyRole, WorksContract
from chorale.domain.works.file import BillingFile, FileClock
from chorale.domain.works.inputs import NewContract, NewParty
from chorale.domain.works.lists import TaskEntry
from chorale.domain.works.paper_acts import possible_acts
from chorale.domain.works.tasks import Task
from chorale.domain.works.timeline import timeline
from chorale.wire import enums
from chorale.wire.models import Answer, Ask, Part
from chorale.wire.paging import PagesGiven, Paging, label_of, pages_given
from chorale.wire.travaux_papers import FactureTravauxPart, PartiePart, paper_part, party
from chorale.wire.values import Amount, AskedAmount, AskedDay, Day, Flag, Integer, Minute, Text

Kind = TypeVar("Kind", bound=StrEnum)


class IntervenantAsk(Ask):
    """A party of a contract."""

    identifiant: Text = Field(description="SIRET.")
    type_identifiant: Text = "SIRET"
    role: Text = Field(description=", ".join(PartyRole))
    travaille_pour: Text = Field(default="", description="Pour un sous-traitant : SIRET de son donneur d'ordre.")
    paiement_direct: Flag = False
    montant_sous_traite: AskedAmount | None = Field(default=None, description="TTC, en euros.")


class DelaiAsk(Ask):
    """A deadline that the CCAP sets."""

    delai: Text
    jours: Integer


class InscrireMarcheAsk(Ask):
    """A works contract."""

    numero_marche: Text = Field(description="50 caractères au plus.")
    ccag: Text = Field(default=Ccag.CCAG_2021.value, description=", ".join(Ccag))
    liste_intervenants: list[IntervenantAsk]
    service_financier: Text = Field(description="SIRET de la structure qui paie.")
    code_service: Text = ""
    nature_payeur: Text = Field(default=PayerKind.GENERAL.value, description=", ".join(PayerKind))
    delais: list[DelaiAsk] = Field(default=[], description="Délais que le CCAP fixe autrement que le CCAG.")
    cadres_delegues: list[Text] = Field(default=[], description="A6, A16, A18 : déposés à la place de la MOA.")


def new_contract(ask: InscrireMarcheAsk) -> NewContract:
    """The contract that ``ask`` gives; raises InvalidRequest that names the field."""
    frames = {enums.frame_of(code) for code in ask.cadres_delegues}
    return NewContract(
        number=ask.numero_marche,
        ccag=_of(Ccag, ask.ccag, "ccag"),
        parties=[
            NewParty(
                one.identifiant,
                _of(PartyRole, one.role, "role"),
                one.type_identifiant.upper(),
                one.travaille_pour,
                one.paiement_direct,
                one.montant_sous_traite,
            )
            for one in ask.liste_intervenants
        ],
        payer=ask.service_financier,
        payer_service=ask.code_service,
        payer_kind=_of(PayerKind, ask.nature_payeur, "naturePayeur"),
        overrides={one.delai.upper(): one.jours for one in ask.delais},
        agreed_frames=frozenset(frame for frame in frames if frame),
    )


def _of(kind: type[Kind], code: str, field: str) -> Kind:
    try:
        return kind(code.upper())
    except ValueError:
        raise InvalidRequest(f"{field} : {code} est inconnu. Valeurs : {', '.join(kind)}.", field) from None


class ReceptionAsk(Ask):
    """The day on which the decision of reception was notified to the contractor."""

    date_notification_reception: AskedDay


class MiseEnDemeureAsk(Ask):
    """The formal notice."""

    texte: Text


class IntervenantPart(Part):
    """A party of a contract."""

    structure: PartiePart | None
    role: str
    travaille_pour: int | None
    paiement_direct: bool


class DelaiPart(Part):
    """A deadline as it applies to the contract."""

    delai: str
    jours: int
    reference: str
    point_de_depart: str
    effet_du_silence: str


class MarchePart(Part):
    """One contract."""

    id_marche: int
    numero_marche: str
    ccag: str
    liste_intervenants: list[IntervenantPart]
    service_financier: PartiePart | None
    code_service: str | None
    delai_de_paiement: int = Field(description="Jours.")
    delais: list[DelaiPart]
    cadres_delegues: list[str]
    date_notification_reception: Day | None
    id_dossier_solde: int | None


class MarcheAnswer(Answer):
    """One contract."""

    marche: MarchePart


class MarchesAnswer(Answer):
    """The contracts of the account."""

    liste_marches: list[MarchePart]


def contract_part(contract: WorksContract) -> MarchePart:
    """A contract as answers show it, with the deadlines that apply to it."""
    rows = ((kind, row_for(kind, contract.ccag)) for kind in DeadlineKind)
    return MarchePart(
        id_marche=contract.id,
        numero_marche=contract.number,
        ccag=contract.ccag.value,
        liste_intervenants=[
            IntervenantPart(
                structure=party(one.structure),
                role=one.role.value,
                travaille_pour=one.works_for,
                paiement_direct=one.direct_payment,
            )
            for one in contract.parties
        ],
        service_financier=party(contract.payer),
        code_service=contract.payer_service.code if contract.payer_service else None,
        delai_de_paiement=contract.payer_kind.days,
        delais=[
            DelaiPart(
                delai=kind.value,
                jours=int(contract.overrides.get(kind.value, row.days)),
                reference=row.article,
                point_de_depart=row.starts,
                effet_du_silence=row.silence.sentence,
            )
            for kind, row in rows
            if row and row.days
        ],
        cadres_delegues=sorted(frame.value for frame in contract.agreed_frames),
        date_notification_reception=contract.reception_notified_on,
        id_dossier_solde=contract.final_file_id,
    )


class TachesAsk(Ask):
    """My open tasks."""

    id_structure: Integer = Field(default=0, description="Une seule de mes structures.")
    pagination: Paging = Paging()


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
    echeance: Minute | None
    """The midnight of Paris at which the last day ends."""
    echue: bool
    effet_du_silence: str
    reference: str | None
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
        echeance=task.due,
        echue=task.lapsed_at is not None,
        effet_du_silence=task.silence.sentence,
        reference=task.deadline_kind.value if task.deadline_kind else None,
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


class ActesPossiblesPart(Part):
    """What the account may do to a paper now."""

    id_facture_travaux: int
    actes: list[str]


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


def whole_file_answer(file: BillingFile, structures: frozenset[int], now: datetime) -> DossierCompletAnswer:
    """The answer to ``/chorale/v1/dossiers/{id}``."""
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
            ActesPossiblesPart(id_facture_travaux=paper.id, actes=list(acts))
            for paper in file.papers
            if (acts := dict.fromkeys(act.value for one in sorted(structures) for act in possible_acts(paper, one)))
        ],
    )


def _clock(one: FileClock, file: BillingFile, today: date) -> DelaiPaiementPart:
    clock = one.clock
    paper = file.paper(one.paper_id)
    amount = paper.amounts.gross if paper else Decimal(0)
    end = clock.due_on
    late = interest(amount, end, paris_day(clock.paid_at) if clock.paid_at else today) if end else None
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
