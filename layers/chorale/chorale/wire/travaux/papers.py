"""Works papers as the public API shows them: one paper, a whole billing file.

``facturesTravaux/v1/rechercher`` is known from a client and its tests; the other paths and the bodies are inferred from
the names of the operations and from the older paths (``factures/travaux``).
"""

from pydantic import Field

from chorale.domain.dates import paris_day
from chorale.domain.invoices.payment_requests import WORKS_PAPERS
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.papers import Claim, Figures, Paper
from chorale.domain.works.parts import PaymentPart
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.values import Amount, Day, Integer, Minute


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


class PartTravauxPart(Part):
    """What one creditor gets of a paper."""

    creancier: PartiePart | None
    nature: str
    montant_ttc: Amount = Field(serialization_alias="montantTTC")
    id_piece: int
    """The request that it answers."""
    etat_paiement: str | None
    """Only for a paper of the payer: A_PAYER or PAYEE."""
    paye_le: Day | None
    iban: str | None
    """To which it goes, or went: whole for the payer, masked for the MOA and for whose it is."""


class ChiffresPart(Part):
    """The figures of a paper, in euros without tax."""

    mois: str | None
    numero_situation: int | None
    montant_cumule: Amount | None
    montant_cumule_precedent: Amount | None
    montant_periode: Amount | None
    retenue_garantie: Amount | None
    avance: Amount | None
    avance_reprise: Amount | None
    revision: Amount | None
    penalites: Amount | None


class ReclamationPart(Part):
    """What a contractor claims by its reserves or its refusal of a general account, and what the MOA answered."""

    motifs: str
    montant_reclame: Amount
    """With tax."""
    montant_accorde: Amount | None
    """With tax, 0 when all is rejected; absent as long as the MOA has not answered."""
    accorde_le: Day | None


def _claim(claim: Claim | None) -> ReclamationPart | None:
    if claim is None:
        return None
    return ReclamationPart(
        motifs=claim.motives,
        montant_reclame=claim.amount,
        montant_accorde=claim.granted,
        accorde_le=paris_day(claim.granted_at) if claim.granted_at else None,
    )


def _share(paper: Paper, part: PaymentPart) -> PartTravauxPart:
    paid_at = paper.paid_at(part)
    owed = None if paper.payer is None else "A_PAYER" if paid_at is None else "PAYEE"
    return PartTravauxPart(
        creancier=party(part.creditor),
        nature=part.kind.value,
        montant_ttc=part.amount,
        id_piece=part.rests_on,
        etat_paiement=owed,
        paye_le=paris_day(paid_at) if paid_at else None,
        iban=part.account or None,
    )


def figures_part(given: Figures | None) -> ChiffresPart | None:
    """The figures of a paper; None when it has none."""
    if given is None:
        return None
    return ChiffresPart(
        mois=given.month or None,
        numero_situation=given.number,
        montant_cumule=given.cumulative,
        montant_cumule_precedent=given.previous,
        montant_periode=given.period,
        retenue_garantie=given.retention,
        avance=given.advance,
        avance_reprise=given.advance_recovered,
        revision=given.revision,
        penalites=given.penalties,
    )


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
    liste_parts: list[PartTravauxPart]
    chiffres: ChiffresPart | None
    reclamation: ReclamationPart | None
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
        liste_parts=[_share(paper, one) for one in paper.parts],
        chiffres=figures_part(paper.figures),
        reclamation=_claim(paper.claim),
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
