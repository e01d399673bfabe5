"""Files: stored (``ajouter/fichier``), searched (``rechercher/pj``), given (``telecharger/pieceJointe``)."""

import base64
import binascii
from typing import Annotated

from pydantic import AliasChoices, Field

from chorale.domain.directory.structures import Structure
from chorale.domain.errors import InvalidRequest
from chorale.domain.invoices.attachments import COMPLEMENTARY, KEPT_UNATTACHED, NAME_MAX_LENGTH, StoredFile
from chorale.domain.invoices.reference_lists import ATTACHMENT_TYPES
from chorale.domain.paging import Page
from chorale.wire.base.models import ACCEPTED, Answer, Ask, Part
from chorale.wire.base.paging import PagesGiven, Paging, pages_given
from chorale.wire.base.values import Base64, Flag, Integer, Several, Text

FILE_COLUMNS = {
    "PieceJointeId": "id",
    "PieceJointeDesignation": "name",
    "PieceJointeExtension": "extension",
}
"""Columns by which stored files sort."""
KIND = next(kind for kind in ATTACHMENT_TYPES if (kind.owner, kind.code) == ("FACTURE", COMPLEMENTARY))
"""What a stored file is until it is attached as something else."""


class AjouterFichierAsk(Ask):
    """A file to keep, in base64."""

    piece_jointe_fichier: Base64 = Field(description="Contenu en base64, 10 Mo au plus une fois décodé.")
    piece_jointe_nom: Text = Field(description=f"{NAME_MAX_LENGTH} caractères au plus.")
    piece_jointe_extension: Text = Field(default="", description="Par exemple PDF ; absente, celle du nom.")
    piece_jointe_type_mime: Text = Field(description="Par exemple application/pdf.")
    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")


def bytes_of(ask: AjouterFichierAsk) -> bytes:
    """The decoded file; raises InvalidRequest. Line breaks and missing padding are forgiven."""
    text = "".join(ask.piece_jointe_fichier.split())
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidRequest(
            "pieceJointeFichier n'est pas du base64 valide : encodez le contenu du fichier, sans préfixe data:.",
            "pieceJointeFichier",
        ) from None


class AjouterFichierAnswer(Answer):
    """The number by which the file is attached."""

    libelle: str = ACCEPTED
    piece_jointe_id: int = Field(description=f"À utiliser dans les {KEPT_UNATTACHED.days} jours.")


def stored(file: StoredFile) -> AjouterFichierAnswer:
    """The answer to ``ajouter/fichier``."""
    return AjouterFichierAnswer(piece_jointe_id=file.id)


class DetacherPieceJointeAsk(Ask):
    """Which stored file."""

    id_piece_jointe_objet: Integer = Field(
        validation_alias=AliasChoices("idPieceJointeObjet", "pieceJointeObjetId", "pieceJointeId"),
        description="Le pieceJointeId reçu d'ajouter/fichier ; les recherches le donnent aussi en pieceJointeObjetId.",
    )


class DetacherPieceJointeAnswer(Answer):
    """The file is taken back."""

    libelle: str = ACCEPTED


class RechercherFichiersAsk(Ask):
    """Which of the stored files of the account."""

    piece_jointe_designation: Text = Field(default="", description="Une partie du nom.")
    piece_jointe_type_id: Integer = Field(
        default=0, description="Accepté et sans effet : un fichier reçoit son type quand il est joint."
    )
    parametres_recherche: Paging = Paging()
    code_langue: Text = Field(default="", description="Accepté et sans effet.")


class RechercherFichiersStructureAsk(RechercherFichiersAsk):
    """Which of the stored files of a structure."""

    id_structure_cpp: Annotated[
        Integer, Field(validation_alias=AliasChoices("idStructureCPP", "idStructureCpp", "idStructure"))
    ]


class FichierTrouve(Part):
    """A stored file."""

    piece_jointe_id: int
    piece_jointe_objet_id: int = Field(description="Ce que detacherPieceJointe attend.")
    piece_jointe_designation: str
    piece_jointe_extension: str
    piece_jointe_type_code: str = KIND.code
    piece_jointe_type_libelle: str = KIND.label


class FichierDeStructure(FichierTrouve):
    """A stored file of a structure."""

    piece_jointe_structure_id: int
    piece_jointe_structure_code: str
    piece_jointe_structure_raison_sociale: str


class RechercherFichiersAnswer(Answer):
    """A page of stored files."""

    liste_pieces_jointes: list[FichierTrouve]
    parametres_retour: PagesGiven


class RechercherFichiersStructureAnswer(Answer):
    """A page of the stored files of a structure."""

    liste_pieces_jointes: list[FichierDeStructure]
    parametres_retour: PagesGiven


def account_files_answer(page: Page[StoredFile]) -> RechercherFichiersAnswer:
    """The answer to ``rechercher/pj/moncompte``."""
    return RechercherFichiersAnswer(
        liste_pieces_jointes=[
            FichierTrouve(
                piece_jointe_id=file.id,
                piece_jointe_objet_id=file.id,
                piece_jointe_designation=file.name,
                piece_jointe_extension=file.extension,
            )
            for file in page.rows
        ],
        parametres_retour=pages_given(page),
    )


def structure_files_answer(page: Page[StoredFile], structure: Structure) -> RechercherFichiersStructureAnswer:
    """The answer to ``rechercher/pj/structure``."""
    return RechercherFichiersStructureAnswer(
        liste_pieces_jointes=[
            FichierDeStructure(
                piece_jointe_id=file.id,
                piece_jointe_objet_id=file.id,
                piece_jointe_designation=file.name,
                piece_jointe_extension=file.extension,
                piece_jointe_structure_id=structure.id,
                piece_jointe_structure_code=structure.identifier,
                piece_jointe_structure_raison_sociale=structure.name,
            )
            for file in page.rows
        ],
        parametres_retour=pages_given(page),
    )


DOWNLOADED_OBJECT = "DEMANDE_PAIEMENT"


class FactureATelecharger(Ask):
    """One invoice."""

    id_facture: Integer = Field(validation_alias=AliasChoices("idFacture", "identifiantFactureCPP"))


class DemandePaiementATelecharger(Ask):
    """Invoices whose files are wanted."""

    liste_facture: Annotated[tuple[FactureATelecharger, ...], Several] = ()
    avec_pieces_jointes_complementaires: Flag = Field(default=True, description="Par défaut, oui.")
    format: Text = Field(default="", description="Accepté et sans effet : les fichiers sont donnés tels que déposés.")


class TelechargerPieceJointeAsk(Ask):
    """Files of which object."""

    objet_piece_jointe: Text = Field(json_schema_extra={"enum": [DOWNLOADED_OBJECT]})
    demande_paiement: DemandePaiementATelecharger = DemandePaiementATelecharger()
    piece_jointe_id: Integer = Field(
        default=0,
        description="Pour une seule pièce, que la facture la contienne ou qu'elle y ait été jointe : son numéro dans "
        "la liste des pièces de la facture. Absent, tous les fichiers des factures de listeFacture.",
    )


def invoices_of(ask: TelechargerPieceJointeAsk) -> tuple[int, ...]:
    """The invoices that ``ask`` names; raises InvalidRequest for another object, which has no files here."""
    if ask.objet_piece_jointe.upper() != DOWNLOADED_OBJECT:
        raise InvalidRequest(
            f"objetPieceJointe {ask.objet_piece_jointe[:40]} n'a pas de pièces jointes sur ce serveur : "
            f"{DOWNLOADED_OBJECT} seulement.",
            "objetPieceJointe",
        )
    return tuple(one.id_facture for one in ask.demande_paiement.liste_facture)


class TelechargerPieceJointeAnswer(Answer):
    """The files."""

    piece_jointe: str = Field(
        description="En base64 : la pièce demandée par pieceJointeId, sinon une archive ZIP, un dossier par facture."
    )
    piece_jointe_nom: str | None = Field(default=None, description="Pour une seule pièce.")
    piece_jointe_type_mime: str | None = Field(default=None, description="Pour une seule pièce.")


def downloaded(content: bytes) -> TelechargerPieceJointeAnswer:
    """The answer to ``telecharger/pieceJointe`` for whole invoices."""
    return TelechargerPieceJointeAnswer(piece_jointe=base64.b64encode(content).decode())


def downloaded_alone(name: str, mime_type: str, content: bytes) -> TelechargerPieceJointeAnswer:
    """The same for one file."""
    return TelechargerPieceJointeAnswer(
        piece_jointe=base64.b64encode(content).decode(), piece_jointe_nom=name, piece_jointe_type_mime=mime_type
    )
