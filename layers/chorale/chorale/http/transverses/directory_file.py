"""The directory of recipients as a file."""

from chorale.http.edge.api import Api, Call
from chorale.usecases.directory.directory_file import directory_file, directory_file_link
from chorale.wire.base.errors import PAYLOAD_LIMIT, AnswerTooLarge
from chorale.wire.base.models import Ask
from chorale.wire.transverses.directory_file import TelechargerAnnuaireAnswer, directory_file_answer

LARGEST_INLINE = PAYLOAD_LIMIT * 3 // 4 - 10_000
"""Bytes of a file whose base64, with the rest of the answer, a function can give."""


def declare(api: Api) -> None:
    """Declare the route on ``api``."""

    @api.business(
        "POST",
        "/cpro/transverses/v1/telecharger/annuaire/destinataire",
        "telechargerAnnuaireDestinataire",
        Ask,
        TelechargerAnnuaireAnswer,
    )
    def telecharger_annuaire(call: Call[Ask]) -> TelechargerAnnuaireAnswer:
        """Download the directory of recipients."""
        version, content = directory_file(call.now)
        if len(content) > LARGEST_INLINE:
            link = directory_file_link(version)
            raise AnswerTooLarge(
                f"L'annuaire est trop volumineux pour cette réponse. Téléchargez-le ici : {link}", link
            )
        return directory_file_answer(content)
