"""Works papers as the public API shows them: searches and worklists, one paper, a whole billing file.

``facturesTravaux/v1/rechercher`` is known from a client and its tests; the other paths and the bodies are inferred from
the names of the operations and from the older paths (``factures/travaux``).
"""

from pydantic import Field

from chorale.domain.dates import paris_day
from chorale.domain.errors import InvalidRequest
from chorale.domain.filing import StructureRef
from chorale.domain.paging import Page
from chorale.domain.payment_requests import WORKS_PAPERS, PaymentRequest
from chorale.domain.works.file import BillingFile
from chorale.domain.works.lists import PaperEntry, PapersCriteria, TaskEntry
from chorale.domain.works.paper_acts import PaperPart
from chorale.domain.works.papers import Paper
from chorale.wire import enums
from chorale.wire.models import Answer, Ask, Part
from chorale.wire.paging import PagesGiven, Paging, label_of, pages_given
from chorale.wire.values import Amount, AskedAmount, Day, Flag, Integer, Minute, Since, Text, Until

NO_RESULT_CODE, NO_RESULT_LABEL = 20007, "GFT_MSG_01.075"
"""A search without result is answered so on the public platform, and its client expects it."""
PAPER_COLUMNS = {"datedepot": ""}
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

    role_utilisateur: Text = Field(default="", description=", ".join(ROLES))
    id_structure_fournisseur: Integer = 0
    id_structure_moe: Integer = 0
    id_structure_moa: Integer = 0
    id_structure_valideur: Integer = 0
    id_destinataire: Integer = 0
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
    numero_facture_travaux: Text = ""
    numero_marche: Text = ""
    numero_bon_commande: Text = ""
    numero_flux_depot: Text = ""
    uniquement_sans_piece_suivante: Flag = False
    recherche_facture_travaux: Paging = Paging()


def papers_criteria(ask: RechercherTravauxAsk) -> PapersCriteria:
    """What ``ask`` asks for; raises InvalidRequest for a code that does not exist."""
    frame = enums.frame_of(ask.cadre_facturation)
    kinds = enums.works_papers_of(ask.liste_type_facture_travaux, "listeTypeFactureTravaux")
    frames = {one for one, kind in WORKS_PAPERS.items() if kind in kinds}
    statuses = {enums.status_of(code, "listeStatutCourant") for code in ask.liste_statut_courant}
    return PapersCriteria(
        part=role_of(ask.role_utilisateur),
        frames=frozenset({frame} if frame else frames),
        statuses=frozenset(status for status in statuses if status),
        number=ask.numero_facture_travaux,
        contract_number=ask.numero_marche,
        depositors=_one(ask.id_structure_fournisseur),
        moes=_one(ask.id_structure_moe),
        moas=_one(ask.id_structure_moa),
        validators=_one(ask.id_structure_valideur),
        recipients=_one(ask.id_destinataire),
        order=ask.numero_bon_commande,
        flux_number=ask.numero_flux_depot,
        net=(ask.montant_ht_min, ask.montant_ht_max),
        gross=(ask.montant_ttc_min, ask.montant_ttc_max),
        status_since=ask.periode_date_heure_etat_courant_du,
        status_until=ask.periode_date_heure_etat_courant_au,
        without_next=ask.uniquement_sans_piece_suivante,
        since=ask.periode_date_depot_du,
        until=ask.periode_date_depot_au,
    )


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
    pagination: Paging = Paging()


class ConsulterTravauxAsk(Ask):
    """One paper."""

    id_facture_travaux: Integer


class PartiePart(Part):
    """One structure."""

    id_structure: int
    identifiant: str
    type_identifiant: str
    designation: str


def party(reference: StructureRef | None) -> PartiePart | None:
    """A structure as answers show it; None for nobody."""
    if reference is None:
        return None
    return PartiePart(
        id_structure=reference.id,
        identifiant=reference.identifier,
        type_identifiant=reference.identifier_type.value,
        designation=reference.name,
    )


class PieceJointeTravauxPart(Part):
    """One attachment."""

    piece_jointe_id: int


class PieceTravauxPart(Part):
    """The main document."""

    nom: str


class HistoriqueTravauxPart(Part):
    """One status of a paper."""

    statut: str
    libelle_statut: str
    date: Minute
    auteur: str
    commentaire: str | None


class CadreTravauxPart(Part):
    """Frame, and who reads the paper."""

    code_cadre_facturation: str
    moe: PartiePart | None
    moa: PartiePart | None
    valideur: PartiePart | None
    second_valideur: PartiePart | None


class MontantsTravauxPart(Part):
    """Amounts of the period, in euros."""

    montant_ht_total: Amount
    montant_tva: Amount = Field(serialization_alias="montantTVA")
    montant_ttc_total: Amount
    montant_accepte: Amount | None
    """With tax."""


class ReferencesTravauxPart(Part):
    """What the paper belongs to."""

    numero_marche: str
    numero_bon_commande: str | None
    type_facture_travaux: str
    id_dossier_facturation: int
    cycle: int


class PiecePrecedentePart(Part):
    """The paper before."""

    id_piece_precedente: int
    numero_piece_precedente: str


class FactureTravauxPart(Part):
    """One paper, whole."""

    id_facture_travaux: int
    numero_facture_travaux: str
    statut_facture_travaux: str
    libelle_statut: str
    date_depot: Minute
    cadre_de_facturation: CadreTravauxPart
    fournisseur: PartiePart | None
    destinataire: PartiePart | None
    code_service_executant: str | None
    montants_totaux: MontantsTravauxPart
    references: ReferencesTravauxPart
    piece_precedente: PiecePrecedentePart | None
    liste_demandes_jointes: list[int]
    remplace: int | None
    motif_refus_valideur: str | None
    commentaire: str | None
    avertissements: list[str]
    piece_jointe_principale: PieceTravauxPart | None
    liste_des_pieces_jointes: list[PieceJointeTravauxPart]
    historique_demande_paiement: list[HistoriqueTravauxPart]


class ConsulterTravauxAnswer(Answer):
    """One paper."""

    facture_travaux: FactureTravauxPart


class DossierAnswer(Answer):
    """Every paper of a billing file, in the order of their deposit."""

    liste_facture_travaux: list[FactureTravauxPart]


def paper_answer(paper: Paper, file: BillingFile) -> ConsulterTravauxAnswer:
    """The answer to ``facturesTravaux/v1/consulter``."""
    return ConsulterTravauxAnswer(facture_travaux=paper_part(paper, file))


def file_answer(file: BillingFile) -> DossierAnswer:
    """The answer to ``facturesTravaux/v1/consulter/dossierfacturation``."""
    return DossierAnswer(liste_facture_travaux=[paper_part(paper, file) for paper in file.papers])


def paper_part(paper: Paper, file: BillingFile) -> FactureTravauxPart:
    """A paper of ``file``, whole."""
    previous = file.paper(paper.previous_id) if paper.previous_id else None
    return FactureTravauxPart(
        id_facture_travaux=paper.id,
        numero_facture_travaux=paper.number,
        statut_facture_travaux=paper.status.value,
        libelle_statut=paper.status.label,
        date_depot=paper.deposited_at,
        cadre_de_facturation=CadreTravauxPart(
            code_cadre_facturation=paper.frame.value,
            moe=party(paper.moe),
            moa=party(paper.moa),
            valideur=party(paper.validator),
            second_valideur=party(paper.second_validator),
        ),
        fournisseur=party(paper.contractor or paper.depositor),
        destinataire=party(paper.payer),
        code_service_executant=paper.payer_service.code if paper.payer_service else None,
        montants_totaux=MontantsTravauxPart(
            montant_ht_total=paper.amounts.net,
            montant_tva=paper.amounts.vat,
            montant_ttc_total=paper.amounts.gross,
            montant_accepte=paper.accepted,
        ),
        references=ReferencesTravauxPart(
            numero_marche=file.contract_number,
            numero_bon_commande=paper.commitment or None,
            type_facture_travaux=WORKS_PAPERS[paper.frame].value,
            id_dossier_facturation=file.id,
            cycle=paper.cycle,
        ),
        piece_precedente=(
            PiecePrecedentePart(id_piece_precedente=previous.id, numero_piece_precedente=previous.number)
            if previous
            else None
        ),
        liste_demandes_jointes=list(paper.attached),
        remplace=paper.duplicate_of,
        motif_refus_valideur=paper.refused_reason or None,
        commentaire=paper.comment or None,
        avertissements=list(paper.warnings),
        piece_jointe_principale=(
            PieceTravauxPart(nom=paper.main_name or f"{paper.number}.pdf") if paper.main_document else None
        ),
        liste_des_pieces_jointes=[PieceJointeTravauxPart(piece_jointe_id=one) for one in paper.attachments],
        historique_demande_paiement=[
            HistoriqueTravauxPart(
                statut=line.status.value,
                libelle_statut=line.status.label,
                date=line.at,
                auteur=line.by,
                commentaire=line.reason or None,
            )
            for line in paper.history
        ],
    )
