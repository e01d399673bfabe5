"""What the actors of a works contract send to deposit a paper and to act on one.

Paths and bodies but that of the search are inferred from the names of the operations and from the older paths.
"""

import base64
import binascii
from typing import Annotated

from pydantic import AliasChoices, Field

from chorale.domain.dates import paris_day
from chorale.domain.errors import InvalidRequest
from chorale.domain.works.chain import Addressee, steps_of
from chorale.domain.works.inputs import PaperInput, PartInput
from chorale.domain.works.motives import PAPER_MOTIVES, motives_of
from chorale.domain.works.paper_acts import PaperPart
from chorale.domain.works.papers import Claim, Figures, Paper
from chorale.wire.base import enums
from chorale.wire.base.models import ACCEPTED, Answer, Ask, Part
from chorale.wire.base.values import AskedAmount, AskedDay, Base64, Day, Flag, Integer, Several, Text

PDF_MODES = ("DEPOT_PDF_API", "DEPOT_PDF_SIGNE_API")


class CadreTravauxAsk(Ask):
    """Frame, and who reads the paper where that is not who the contract says."""

    code_cadre_facturation: Text
    identifiant_moe: Text = Field(default="", validation_alias=AliasChoices("identifiantMoe", "identifiantMOE"))
    identifiant_moa: Text = Field(default="", validation_alias=AliasChoices("identifiantMoa", "identifiantMOA"))
    identifiant_valideur: Text = ""


class DestinataireTravauxAsk(Ask):
    """The service financier."""

    code_destinataire: Text = ""
    code_service_executant: Text = ""


class ReferencesTravauxAsk(Ask):
    """What the paper belongs to."""

    numero_marche: Text = ""
    numero_bon_commande: Text = ""


class MontantsTravauxAsk(Ask):
    """Amounts of the period, in euros."""

    montant_ht_total: AskedAmount = Field(validation_alias=AliasChoices("montantHtTotal", "montantHTTotal"))
    montant_ttc_total: AskedAmount = Field(validation_alias=AliasChoices("montantTtcTotal", "montantTTCTotal"))


class PieceTravauxAsk(Ask):
    """The main document, one PDF."""

    nom: Text = Field(default="piece.pdf", validation_alias=AliasChoices("nom", "pieceJointePrincipaleDesignation"))
    contenu: Base64 = Field(description="PDF en base64, 10 Mo au plus.")


class ReclamationAsk(Ask):
    """Reserves on a general account, or the claim that goes with its refusal."""

    motifs: Text = ""
    montant_reclame: AskedAmount = Field(validation_alias=AliasChoices("montantReclame", "montant"))


class PartTravauxAsk(Ask):
    """What one creditor gets."""

    identifiant: Text = Field(description="SIRET du créancier, entreprise du marché.")
    type_identifiant: Text = "SIRET"
    montant_ttc: AskedAmount = Field(validation_alias=AliasChoices("montantTtc", "montantTTC"))
    id_piece: Integer = Field(default=0, description="Demande sur laquelle la part repose (A4, A13 ou A10).")


class ChiffresAsk(Ask):
    """The figures of the paper beside its PDF: optional, in euros without tax, checked against each other."""

    mois: Text = Field(default="", description="AAAA-MM.")
    numero_situation: Integer | None = None
    montant_cumule: AskedAmount | None = None
    montant_cumule_precedent: AskedAmount | None = None
    montant_periode: AskedAmount | None = Field(default=None, description="Le montant HT de la pièce.")
    retenue_garantie: AskedAmount | None = None
    avance: AskedAmount | None = None
    avance_reprise: AskedAmount | None = None
    revision: AskedAmount | None = None
    penalites: AskedAmount | None = None


def _figures(ask: ChiffresAsk | None) -> Figures | None:
    if ask is None:
        return None
    return Figures(
        ask.mois,
        ask.numero_situation,
        ask.montant_cumule,
        ask.montant_cumule_precedent,
        ask.montant_periode,
        ask.retenue_garantie,
        ask.avance,
        ask.avance_reprise,
        ask.revision,
        ask.penalites,
    )


class SoumettreTravauxAsk(Ask):
    """A works paper: to open a file (with ``numeroMarche``) or after another (with ``idPiecePrecedente``)."""

    mode_depot: Text = Field(description=" ou ".join(PDF_MODES))
    numero_facture_travaux: Text = Field(description="20 caractères au plus.")
    cadre_de_facturation: CadreTravauxAsk
    destinataire: DestinataireTravauxAsk = DestinataireTravauxAsk()
    references: ReferencesTravauxAsk = ReferencesTravauxAsk()
    montant_total: MontantsTravauxAsk = Field(validation_alias=AliasChoices("montantTotal", "montantsTotaux"))
    id_fournisseur: Integer = Field(default=0, description="Structure au nom de laquelle la pièce est déposée.")
    id_piece_precedente: Integer = Field(
        default=0, validation_alias=AliasChoices("idPiecePrecedente", "piecePrecedente")
    )
    id_piece_remplacee: Integer = Field(default=0, description="Pièce refusée que celle-ci remplace.")
    liste_demandes_jointes: list[Integer] = Field(default=[], description="Demandes de sous-traitants (A10) jointes.")
    chiffres: ChiffresAsk | None = None
    liste_parts: list[PartTravauxAsk] = Field(
        default=[],
        description="Qui est payé de quoi (A15, A19, A16, A6, A8, A23, A24, A25) : sans elle, ce que proposent les "
        "pièces précédentes. La somme est le montant TTC de la pièce.",
    )
    reserves: ReclamationAsk | None = Field(default=None, description="Pour un A8 signé avec réserves.")
    copie_moe: Flag = Field(
        default=True,
        validation_alias=AliasChoices("copieMOE", "copieMoe"),
        description="Pour un A22 : vrai si rien n'est dit ; la MOE reçoit la copie, false est refusé (CCAG 12.4.4).",
    )
    depassement_confirme: Flag = Field(
        default=False,
        description="true : un A19, A16, A20 ou A18 dépasse bien la pièce qu'il suit. Sans cela il est refusé.",
    )
    date_mise_a_disposition_moe: AskedDay | None = Field(
        default=None, validation_alias=AliasChoices("dateMiseADispositionMOE", "dateMiseADispositionMoe")
    )
    piece_jointe_principale: PieceTravauxAsk
    liste_pieces_jointes: list[Integer] = Field(default=[], description="Ids donnés par ajouter/fichier.")
    commentaire: Text = ""


def paper_input(ask: SoumettreTravauxAsk) -> PaperInput:
    """The paper that ``ask`` gives; raises InvalidRequest that names the field."""
    if ask.mode_depot.upper() not in PDF_MODES:
        raise InvalidRequest(
            f"modeDepot {ask.mode_depot} n'est pas admis : {' ou '.join(PDF_MODES)}.",
            "modeDepot",
        )
    frame = enums.frame_of(ask.cadre_de_facturation.code_cadre_facturation)
    if frame is None:
        raise InvalidRequest("codeCadreFacturation est obligatoire.", "codeCadreFacturation")
    document = _document(ask.piece_jointe_principale.contenu)
    if not document:
        raise InvalidRequest("La pièce principale est obligatoire : un PDF en base64.", "pieceJointePrincipale")
    return PaperInput(
        number=ask.numero_facture_travaux,
        frame=frame,
        net=ask.montant_total.montant_ht_total,
        gross=ask.montant_total.montant_ttc_total,
        contract_number=ask.references.numero_marche,
        depositor=ask.id_fournisseur or None,
        previous_id=ask.id_piece_precedente or None,
        replaces_id=ask.id_piece_remplacee or None,
        moe=ask.cadre_de_facturation.identifiant_moe,
        moa=ask.cadre_de_facturation.identifiant_moa,
        validator=ask.cadre_de_facturation.identifiant_valideur,
        payer=ask.destinataire.code_destinataire,
        payer_service=ask.destinataire.code_service_executant,
        attached=tuple(ask.liste_demandes_jointes),
        figures=_figures(ask.chiffres),
        parts=tuple(
            PartInput(one.identifiant, one.montant_ttc, one.id_piece or None, one.type_identifiant.upper())
            for one in ask.liste_parts
        ),
        claim=_claim(ask.reserves),
        excess_confirmed=ask.depassement_confirme,
        copy_to_moe=ask.copie_moe,
        available_to_moe_on=ask.date_mise_a_disposition_moe,
        commitment=ask.references.numero_bon_commande,
        comment=ask.commentaire,
        document=document,
        document_name=ask.piece_jointe_principale.nom,
        attachments=tuple(ask.liste_pieces_jointes),
    )


def _claim(asked: ReclamationAsk | None) -> Claim | None:
    return Claim(asked.motifs, asked.montant_reclame) if asked else None


def _document(text: str) -> bytes:
    packed = "".join(text.split())
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidRequest(
            "pieceJointePrincipale n'est pas du base64 valide : encodez le contenu du PDF.", "pieceJointePrincipale"
        ) from None


class PieceAnswer(Answer):
    """A paper after an act."""

    libelle: str = ACCEPTED
    id_facture_travaux: int
    numero_facture_travaux: str
    statut_facture_travaux: str
    date_depot_facture_travaux: Day
    id_piece_precedente: int | None = None
    avertissements: list[str]


def acted(paper: Paper) -> PieceAnswer:
    """The answer to every act on a paper."""
    return PieceAnswer(
        id_facture_travaux=paper.id,
        numero_facture_travaux=paper.number,
        statut_facture_travaux=paper.status.value,
        date_depot_facture_travaux=paris_day(paper.deposited_at),
        id_piece_precedente=paper.previous_id,
        avertissements=list(paper.warnings),
    )


class PieceAsk(Ask):
    """A paper."""

    id_facture_travaux: Integer


class PieceAjouteeTravaux(Ask):
    """An attachment to add."""

    piece_jointe_complementaire_id: Integer = 0


class CompleterTravauxAsk(PieceAsk):
    """What was missing."""

    commentaire: Text = ""
    piece_jointe_complementaire: Annotated[tuple[PieceAjouteeTravaux, ...], Several] = Field(
        default=(), description="Pièces ajoutées d'abord par ajouter/fichier."
    )


class CompleterMoeAsk(PieceAsk):
    """The right MOE."""

    identifiant_moe: Text = Field(
        default="", validation_alias=AliasChoices("identifiantMoe", "identifiantMOE", "identifiantStructure")
    )
    type_identifiant_moe: Text = Field(
        default="SIRET", validation_alias=AliasChoices("typeIdentifiantMoe", "typeIdentifiantStructure")
    )


class DemanderRecyclageAsk(PieceAsk):
    """Whose routing is wrong, and why."""

    commentaire: Text = ""


class RecyclerTravauxAsk(PieceAsk):
    """Where the paper should go."""

    identifiant_destinataire: Text = ""
    type_identifiant_destinataire: Text = "SIRET"
    code_service_executant: Text = ""
    numero_bon_commande: Text = ""
    commentaire: Text = ""


class RefuserTravauxAsk(PieceAsk):
    """Why the paper is refused."""

    code_motif: Text = Field(description=", ".join(motive.code for motive in PAPER_MOTIVES))
    commentaire: Text = Field(default="", description="Obligatoire pour AUTRE.")
    reclamation: ReclamationAsk | None = Field(default=None, description="Obligatoire pour un décompte général.")


def claim_of(ask: RefuserTravauxAsk) -> Claim | None:
    """The claim that goes with the refusal of a general account."""
    return _claim(ask.reclamation)


class DemanderCompletionAsk(PieceAsk):
    """What is missing."""

    commentaire: Text = Field(description="Ce qui manque, 255 caractères au plus.")


class CorrigerValideurTravauxAsk(PieceAsk):
    """The right validator."""

    identifiant_structure: Text = ""
    type_identifiant_structure: Text = "SIRET"


class MotifsTravauxAsk(Ask):
    """A frame of the works chain."""

    code_cadre_facturation_travaux: Text = ""


class MotifTravauxPart(Part):
    """One motive."""

    id_motif: int
    code_motif: str
    libelle_motif: str


class MotifsTravauxAnswer(Answer):
    """The motives with which a paper of a frame is refused."""

    liste_motif_refus_facture_travaux: list[MotifTravauxPart]


_PARTS = {
    Addressee.MOE: PaperPart.MOE,
    Addressee.MOA: PaperPart.MOA,
    Addressee.CONTRACTOR: PaperPart.CONTRACTOR,
}


def works_motives(ask: MotifsTravauxAsk) -> MotifsTravauxAnswer:
    """The answer to ``facturesTravaux/v1/recuperer/motifs/refus``; raises InvalidRequest for an unknown frame."""
    frame = enums.frame_of(ask.code_cadre_facturation_travaux)
    rows = steps_of(frame) if frame else ()
    parts = {_PARTS[row.lands] for row in rows if row.lands in _PARTS}
    parts |= {PaperPart.FIRST_VALIDATOR for row in rows if row.validation}
    found = motives_of(frozenset(parts or _PARTS.values()))
    return MotifsTravauxAnswer(
        liste_motif_refus_facture_travaux=[
            MotifTravauxPart(id_motif=motive.id, code_motif=motive.code, libelle_motif=motive.label) for motive in found
        ]
    )


class ActeAsk(Ask):
    """An act that the public platform has no operation for."""

    acte: Text
    montant_accepte: AskedAmount | None = Field(
        default=None, description="TTC, en euros : VALIDER en partie, ou ce qui est accordé par REPONDRE_RECLAMATION."
    )
    commentaire: Text = ""
    liste_pieces_jointes: list[Integer] = Field(default=[], description="Pour FOURNIR_PIECES.")
    pieces_manquantes: list[Text] = Field(default=[], description="Pour INTERROMPRE_PAIEMENT.")
    identifiant_creancier: Text = Field(default="", description="Pour PAYER_PART : SIRET du créancier payé.")
    type_identifiant: Text = "SIRET"
    id_piece: Integer = Field(default=0, description="Pour PAYER_PART : la demande, si le créancier a plusieurs parts.")
    date_paiement: AskedDay | None = Field(default=None, description="Pour PAYER_PART : aujourd'hui, sauf indication.")
    date_publication_index: AskedDay | None = Field(
        default=None, description="Pour PUBLIER_INDEX : jour de publication du dernier index du solde."
    )
