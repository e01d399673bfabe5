"""api_process, second part: downloads, which mark invoices as downloaded."""

from chorale.domain.errors import InvalidRequest
from chorale.http.edge.api import Api, Call
from chorale.http.edge.path_id import path_id
from chorale.usecases.downloads.download_invoices import Download, DownloadFormat, download_invoices, download_link
from chorale.usecases.downloads.works_figures import paper_sheet
from chorale.usecases.works.reach import unknown_file, unknown_paper
from chorale.usecases.works.read_documents import file_archive, paper_archive
from chorale.wire.base.errors import PAYLOAD_LIMIT, AnswerTooLarge
from chorale.wire.base.models import Ask
from chorale.wire.factures.download import TelechargerGroupeAnswer, TelechargerGroupeAsk, downloaded

LARGEST_INLINE = PAYLOAD_LIMIT * 3 // 4 - 10_000
"""Bytes of a file whose base64, with the rest of the answer, a function can give."""


def declare(api: Api) -> None:
    """Declare the routes on ``api``."""

    @api.business("GET", "/chorale/v1/dossiers/{id}/documents", "telechargerDossier", Ask, TelechargerGroupeAnswer)
    def telecharger_dossier(call: Call[Ask]) -> TelechargerGroupeAnswer:
        """Download every document of a billing file."""
        return _given(Download(file_archive(call.actor, path_id(call, unknown_file), call.now), "zip"))

    @api.business("GET", "/chorale/v1/pieces/{id}/documents", "telechargerPiece", Ask, TelechargerGroupeAnswer)
    def telecharger_piece(call: Call[Ask]) -> TelechargerGroupeAnswer:
        """Download the documents of a works paper."""
        return _given(Download(paper_archive(call.actor, path_id(call, unknown_paper), call.now), "zip"))

    @api.business(
        "GET", "/chorale/v1/pieces/{id}/fiche-de-paiement", "telechargerFicheDePaiement", Ask, TelechargerGroupeAnswer
    )
    def telecharger_fiche(call: Call[Ask]) -> TelechargerGroupeAnswer:
        """Print the payment sheet of a works paper."""
        return _given(Download(paper_sheet(call.actor, path_id(call, unknown_paper)), "pdf"))

    @api.business(
        "POST",
        "/cpro/factures/v1/telecharger/groupe",
        "telechargerGroupeFacture",
        TelechargerGroupeAsk,
        TelechargerGroupeAnswer,
    )
    def telecharger_groupe(call: Call[TelechargerGroupeAsk]) -> TelechargerGroupeAnswer:
        """Download invoices."""
        ask = call.ask
        try:
            given = DownloadFormat(ask.format.upper())
        except ValueError:
            raise InvalidRequest(f"format {ask.format} n'est pas disponible : PDF, PIVOT ou ZIP.", "format") from None
        ids = [one.id_facture for one in ask.liste_facture]
        made = download_invoices(call.actor, ids, given, ask.avec_pieces_jointes_complementaires, call.now)
        return _given(made)


def _given(made: Download) -> TelechargerGroupeAnswer:
    """A download inside the answer, or where to fetch one that is too large for it."""
    if len(made.content) > LARGEST_INLINE:
        link = download_link(made)
        raise AnswerTooLarge(f"Réponse trop volumineuse : téléchargez le dossier ici : {link}", link)
    return downloaded(made.content)
