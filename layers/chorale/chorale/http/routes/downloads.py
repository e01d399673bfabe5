"""api_process, second part: downloads, which mark invoices as downloaded."""

from chorale.domain.errors import InvalidRequest
from chorale.http.api import Api, Call
from chorale.usecases.download_invoices import DownloadFormat, download_invoices, download_link
from chorale.wire.errors import PAYLOAD_LIMIT, AnswerTooLarge
from chorale.wire.factures_download import TelechargerGroupeAnswer, TelechargerGroupeAsk, downloaded

LARGEST_INLINE = PAYLOAD_LIMIT * 3 // 4 - 10_000
"""Bytes of a file whose base64, with the rest of the answer, a function can give."""


def declare(api: Api) -> None:
    """Declare the route on ``api``."""

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
        if len(made.content) > LARGEST_INLINE:
            link = download_link(made)
            raise AnswerTooLarge(f"Réponse trop volumineuse : téléchargez le dossier ici : {link}", link)
        return downloaded(made.content)
