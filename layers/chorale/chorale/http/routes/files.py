"""Files that wait to be attached: searches."""

from chorale.http.api import Api, Call
from chorale.usecases.search_files import search_account_files, search_structure_files
from chorale.wire.fichiers import (
    FILE_COLUMNS,
    RechercherFichiersAnswer,
    RechercherFichiersAsk,
    RechercherFichiersStructureAnswer,
    RechercherFichiersStructureAsk,
    account_files_answer,
    structure_files_answer,
)
from chorale.wire.paging import page_request


def declare(api: Api) -> None:
    """Declare the searches as routes of ``api``."""

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
