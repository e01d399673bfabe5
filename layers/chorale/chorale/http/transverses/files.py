"""Files that wait to be attached, and those of invoices."""

from chorale.http.edge.api import Api, Call, Resource
from chorale.usecases.downloads.download_files import download_file, download_files, file_link, files_link
from chorale.usecases.invoices.search_files import (
    file_of_uuid,
    files_of_uuid,
    search_account_files,
    search_structure_files,
)
from chorale.wire.base.errors import PAYLOAD_LIMIT, AnswerTooLarge
from chorale.wire.base.models import Ask
from chorale.wire.base.paging import page_request
from chorale.wire.organisations.resources import PieceJointeOrganisation, file_resource
from chorale.wire.transverses.fichiers import (
    FILE_COLUMNS,
    RechercherFichiersAnswer,
    RechercherFichiersAsk,
    RechercherFichiersStructureAnswer,
    RechercherFichiersStructureAsk,
    TelechargerPieceJointeAnswer,
    TelechargerPieceJointeAsk,
    account_files_answer,
    downloaded,
    downloaded_alone,
    invoices_of,
    structure_files_answer,
)

LARGEST_INLINE = PAYLOAD_LIMIT * 3 // 4 - 10_000
"""Bytes of an archive whose base64, with the rest of the answer, a function can give."""
FILES_OF_STRUCTURE = "/cpro/organisations/v1/structures/{uuid}/pieces_jointes"
ONE_FILE, MANY_FILES = Resource(PieceJointeOrganisation), Resource(PieceJointeOrganisation, many=True)


def declare(api: Api) -> None:
    """Declare the routes on ``api``."""

    @api.business(
        "POST",
        "/cpro/transverses/v1/rechercher/pj/moncompte",
        "rechercherPieceJointeSurMonCompte",
        RechercherFichiersAsk,
        RechercherFichiersAnswer,
    )
    def rechercher_pj_moncompte(call: Call[RechercherFichiersAsk]) -> RechercherFichiersAnswer:
        """Files that the account stored."""
        page = page_request(call.ask.parametres_recherche, FILE_COLUMNS)
        return account_files_answer(search_account_files(call.actor, call.ask.piece_jointe_designation, page, call.now))

    @api.business(
        "POST",
        "/cpro/transverses/v1/rechercher/pj/structure",
        "rechercherPieceJointeSurStructure",
        RechercherFichiersStructureAsk,
        RechercherFichiersStructureAnswer,
    )
    def rechercher_pj_structure(call: Call[RechercherFichiersStructureAsk]) -> RechercherFichiersStructureAnswer:
        """Files that were stored for a structure."""
        ask = call.ask
        page = page_request(ask.parametres_recherche, FILE_COLUMNS)
        found, structure = search_structure_files(
            call.actor, ask.id_structure_cpp, ask.piece_jointe_designation, page, call.now
        )
        return structure_files_answer(found, structure)

    @api.resource("GET", FILES_OF_STRUCTURE, "listerPiecesJointesOrganisation", Ask, MANY_FILES)
    def lister_pieces_jointes(call: Call[Ask]) -> list[PieceJointeOrganisation]:
        """Files that were stored for a structure."""
        return [file_resource(file) for file in files_of_uuid(call.actor, call.parameters["uuid"], call.now)]

    @api.resource("GET", f"{FILES_OF_STRUCTURE}/{{pieceUuid}}", "consulterPieceJointeOrganisation", Ask, ONE_FILE)
    def consulter_piece_jointe(call: Call[Ask]) -> PieceJointeOrganisation:
        """One of them, with where to fetch it."""
        return file_resource(*file_of_uuid(call.actor, call.parameters["uuid"], call.parameters["pieceUuid"], call.now))

    @api.business(
        "POST",
        "/cpro/transverses/v1/telecharger/pieceJointe",
        "telechargerPieceJointe",
        TelechargerPieceJointeAsk,
        TelechargerPieceJointeAnswer,
    )
    def telecharger_piece_jointe(call: Call[TelechargerPieceJointeAsk]) -> TelechargerPieceJointeAnswer:
        """Download the files of invoices, or one file."""
        ask = call.ask
        if ask.piece_jointe_id:
            return _alone(call)
        content = download_files(
            call.actor, invoices_of(ask), ask.demande_paiement.avec_pieces_jointes_complementaires, call.now
        )
        if len(content) > LARGEST_INLINE:
            link = files_link(content)
            raise AnswerTooLarge(
                f"Les pièces sont trop volumineuses pour cette réponse. Téléchargez-les ici : {link}", link
            )
        return downloaded(content)


def _alone(call: Call[TelechargerPieceJointeAsk]) -> TelechargerPieceJointeAnswer:
    file = download_file(call.actor, call.ask.piece_jointe_id, invoices_of(call.ask), call.now)
    if len(file.content) > LARGEST_INLINE:
        link = file_link(file, call.now)
        raise AnswerTooLarge(f"La pièce est trop volumineuse pour cette réponse. Téléchargez-la ici : {link}", link)
    return downloaded_alone(file.name, file.mime_type, file.content)
