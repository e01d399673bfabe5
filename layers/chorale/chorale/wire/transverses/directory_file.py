"""The directory file on the wire."""

import base64

from pydantic import Field

from chorale.wire.base.models import Answer


class TelechargerAnnuaireAnswer(Answer):
    """The directory of recipients."""

    fichier_resultat: str = Field(description="Archive ZIP de deux fichiers CSV, en base64.")


def directory_file_answer(content: bytes) -> TelechargerAnnuaireAnswer:
    """The answer to ``telecharger/annuaire/destinataire``."""
    return TelechargerAnnuaireAnswer(fichier_resultat=base64.b64encode(content).decode())
