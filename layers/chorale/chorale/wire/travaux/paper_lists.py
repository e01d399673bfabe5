"""Searches and worklists of works papers, as the public API shows them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pydantic import Field

from chorale.domain.dates import paris_day
from chorale.domain.errors import InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.invoices.payment_requests import WORKS_PAPERS, PaymentRequest
from chorale.domain.paging import Page
from chorale.domain.works.deadlines import last_day, until_text
from chorale.domain.works.lists import PaperEntry, PapersCriteria, TaskEntry, TasksCriteria
from chorale.domain.works.paper_acts import PaperPart
from chorale.domain.works.papers import Paper
from chorale.domain.works.tasks import TaskKind
from chorale.wire.base import enums
from chorale.wire.base.choices import one_of
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.paging import PagesGiven, Paging, label_of, pages_given
from chorale.wire.base.ranges import amounts
from chorale.wire.base.values import Amount, AskedAmount, AskedDay, Day, Flag, Integer, Minute, Since, Text, Until

NO_RESULT_CODE, NO_RESULT_LABEL = 20007, "GFT_MSG_01.075"
"""A search without result is answered so on the public platform, and its client expects it."""
PAPER_COLUMNS = {"DateDepot": ""}
"""The only order of these lists: the latest deposit first; worklists have the soonest first."""

ROLES = {
    "FOURNISSEUR": PaperPart.DEPOSITOR,
    "MOE": PaperPart.MOE,
    "MOA": PaperPart.MOA,
    "VALIDEUR": PaperPart.FIRST_VALIDATOR,
    "DESTINATAIRE": PaperPart.PAYER,
}


class RechercherTravauxAsk(Ask):
    """A search of works papers, from one point of view."""

    # Of a service page of the platform; a paper has nothing here to which they could be compared.
    LEFT_ASIDE = frozenset(
        {
            "idServiceFournisseur", "idServiceMoe", "idServiceMoa", "idCoordonneeBancaire", "modeDepot",
            "periodeDateFactureTravauxDu", "periodeDateFactureTravauxAu", "avecSansService", "flagTelecharge",
        }
    )  # fmt: skip

    role_utilisateur: Text = Field(default="", description=", ".join(ROLES))
    id_structure_fournisseur: Integer = 0
    id_structure_moe: Integer = 0
    id_structure_moa: Integer = 0
    id_structure_valideur: Integer = 0
    id_destinataire: Integer = 0
    id_service_executant: Integer = 0
    liste_type_facture_travaux: list[Text] = Field(default=[])
    cadre_facturation: Text = ""
    liste_statut_courant: list[Text] = Field(default=[])
    periode_date_depot_du: Since | None = None
    periode_date_depot_au: Until | None = None
    periode_date_heure_etat_courant_du: Since | None = None
    periode_date_heure_etat_courant_au: Until | None = None
    montant_ht_min: AskedAmount | None = Field(default=None, validation_alias="montantHTMin")
    montant_ht_max: AskedAmount | None = Field(default=None, validation_alias="montantHTMax")
    montant_ttc_min: AskedAmount | None = Field(default=None, validation_alias="montantTTCMin")
    montant_ttc_max: AskedAmount | None = Field(default=None, validation_alias="montantTTCMax")
    montant_a_payer_min: AskedAmount | None = None
    montant_a_payer_max: AskedAmount | None = None
    numero_facture_travaux: Text = ""
    numero_marche: Text = ""
    numero_bon_commande: Text = ""
    numero_flux_depot: Text = ""
    uniquement_sans_piece_suivante: Flag = False
    tache: Text = Field(default="", description=f"Ce que le compte doit sur la pièce : {', '.join(TaskKind)}.")
    echeance_avant: AskedDay | None = Field(
        default=None, description="Le compte y doit une tâche, dont le dernier jour est au plus tard celui-ci."
    )
    recherche_facture_travaux: Paging = Paging()


def papers_criteria(ask: RechercherTravauxAsk) -> PapersCriteria:
    """What ``ask`` asks for; raises InvalidRequest for a code that does not exist."""
    statuses = {enums.status_of(code, "listeStatutCourant") for code in ask.liste_statut_courant}
    return PapersCriteria(
        part=role_of(ask.role_utilisateur),
        frames=_frames(ask.cadre_facturation, ask.liste_type_facture_travaux),
        statuses=frozenset(status for status in statuses if status),
        number=ask.numero_facture_travaux,
        contract_number=ask.numero_marche,
        depositors=_one(ask.id_structure_fournisseur),
        moes=_one(ask.id_structure_moe),
        moas=_one(ask.id_structure_moa),
        validators=_one(ask.id_structure_valideur),
        recipients=_one(ask.id_destinataire),
        services=_one(ask.id_service_executant),
        order=ask.numero_bon_commande,
        flux_number=ask.numero_flux_depot,
        net=amounts(ask.montant_ht_min, ask.montant_ht_max),
        gross=amounts(ask.montant_ttc_min, ask.montant_ttc_max),
        payable=amounts(ask.montant_a_payer_min, ask.montant_a_payer_max),
        status_since=ask.periode_date_heure_etat_courant_du,
        status_until=ask.periode_date_heure_etat_courant_au,
        without_next=ask.uniquement_sans_piece_suivante,
        since=ask.periode_date_depot_du,
        until=ask.periode_date_depot_au,
        owed=_tasks(ask.tache, ask.echeance_avant) if ask.tache or ask.echeance_avant else None,
    )


def _tasks(kind: str, due_by: date | None) -> TasksCriteria:
    return TasksCriteria(kind=one_of(TaskKind, kind, "tache") if kind else None, due_by=due_by)


def _frames(code: str, kinds: Sequence[str]) -> frozenset[Frame]:
    """The frames of a code, else of kinds of papers; raises InvalidRequest for one that does not exist."""
    frame = enums.frame_of(code)
    wanted = enums.works_papers_of(kinds, "listeTypeFactureTravaux")
    return frozenset({frame} if frame else {one for one, kind in WORKS_PAPERS.items() if kind in wanted})


def role_of(code: str) -> PaperPart | None:
    """The part that ``roleUtilisateur`` names; None when not given; raises InvalidRequest."""
    if not code:
        return None
    part = ROLES.get(code.upper())
    if part is None:
        raise InvalidRequest(f"roleUtilisateur {code} est inconnu : {', '.join(ROLES)}.", "roleUtilisateur")
    return part


def _one(structure_id: int) -> frozenset[int]:
    return frozenset({structure_id}) if structure_id > 0 else frozenset()


class FactureTravauxRow(Part):
    """One paper of a list."""

    id_facture_travaux: int
    numero_facture_travaux: str
    statut_facture_travaux: str
    type_facture_travaux: str
    type_demande_paiement: str = PaymentRequest.WORKS.value
    cadre_facturation: str
    code_service_executant: str | None
    designation_fournisseur: str
    designation_moe: str | None
    designation_moa: str | None
    designation_destinataire: str | None
    id_destinataire: int | None
    montant_ht: Amount = Field(serialization_alias="montantHT")
    montant_ttc: Amount = Field(serialization_alias="montantTTC")
    montant_a_payer: Amount
    date_depot: Day
    date_heure_etat_courant: Minute
    numero_marche: str
    id_dossier_facturation: int
    date_echeance: Minute | None = None
    """The midnight of Paris at which the last day ends."""
    dernier_jour: Day | None = None
    """The last day, included."""
    libelle_echeance: str | None = None
    effet_du_silence: str | None = None
    action_attendue: str | None = None


class RechercherTravauxAnswer(Answer):
    """One page of works papers."""

    liste_factures_travaux: list[FactureTravauxRow]
    parametres_retour: PagesGiven


def papers_answer(page: Page[PaperEntry]) -> RechercherTravauxAnswer:
    """The answer to ``facturesTravaux/v1/rechercher``."""
    rows = [_row(entry.paper, entry.contract_number, entry.file_id) for entry in page.rows]
    return _listed(rows, page)


def tasks_answer(page: Page[TaskEntry]) -> RechercherTravauxAnswer:
    """The answer to ``facturesTravaux/v1/rechercher/atraiter``: papers on which something is owed."""
    rows = [
        _row(entry.paper, entry.contract_number, entry.file_id).model_copy(
            update={
                "date_echeance": entry.task.due,
                "dernier_jour": last_day(entry.task.due) if entry.task.due else None,
                "libelle_echeance": until_text(entry.task.due) if entry.task.due else None,
                "effet_du_silence": entry.task.silence.sentence,
                "action_attendue": entry.task.kind.label,
            }
        )
        for entry in page.rows
        if entry.paper is not None
    ]
    return _listed(rows, page)


def _listed(rows: list[FactureTravauxRow], page: Page[PaperEntry] | Page[TaskEntry]) -> RechercherTravauxAnswer:
    empty = page.total == 0
    return RechercherTravauxAnswer(
        code_retour=NO_RESULT_CODE if empty else 0,
        libelle=f"{NO_RESULT_LABEL} : aucun résultat." if empty else label_of(page),
        liste_factures_travaux=rows,
        parametres_retour=pages_given(page),
    )


def _row(paper: Paper, contract_number: str, file_id: int) -> FactureTravauxRow:
    return FactureTravauxRow(
        id_facture_travaux=paper.id,
        numero_facture_travaux=paper.number,
        statut_facture_travaux=paper.status.value,
        type_facture_travaux=WORKS_PAPERS[paper.frame].value,
        cadre_facturation=paper.frame.value,
        code_service_executant=paper.payer_service.code if paper.payer_service else None,
        designation_fournisseur=(paper.contractor or paper.depositor).name,
        designation_moe=paper.moe.name if paper.moe else None,
        designation_moa=paper.moa.name if paper.moa else None,
        designation_destinataire=paper.payer.name if paper.payer else None,
        id_destinataire=paper.payer.id if paper.payer else None,
        montant_ht=paper.amounts.net,
        montant_ttc=paper.amounts.gross,
        montant_a_payer=paper.accepted if paper.accepted is not None else paper.amounts.gross,
        date_depot=paris_day(paper.deposited_at),
        date_heure_etat_courant=paper.status_at,
        numero_marche=contract_number,
        id_dossier_facturation=file_id,
    )


class ATraiterAsk(Ask):
    """My worklist."""

    role_utilisateur: Text = Field(default="", description="Accepté : les tâches disent déjà qui les doit.")
    id_structure: Integer = 0
    numero_marche: Text = ""
    tache: Text = Field(default="", description=", ".join(TaskKind))
    liste_type_facture_travaux: list[Text] = Field(default=[], description="Nature de la pièce.")
    cadre_facturation: Text = ""
    echeance_avant: AskedDay | None = Field(default=None, description="Dernier jour au plus tard.")
    pagination: Paging = Paging()


def worklist_criteria(ask: ATraiterAsk) -> TasksCriteria:
    """What ``ask`` narrows the worklist to (rule 30); raises InvalidRequest for a code that does not exist."""
    narrowed = _tasks(ask.tache, ask.echeance_avant)
    frames = _frames(ask.cadre_facturation, ask.liste_type_facture_travaux)
    return replace(narrowed, contract_number=ask.numero_marche, frames=frames)
