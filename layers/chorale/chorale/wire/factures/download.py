"""Downloads of invoices (AIFE Swagger "Factures": telecharger/groupe)."""

import base64
from typing import Annotated

from pydantic import Field

from chorale.wire.base.models import Answer, Ask
from chorale.wire.base.values import Flag, Integer, Several, Text


class FactureATelecharger(Ask):
    """One invoice."""

    id_facture: Integer


class TelechargerGroupeAsk(Ask):
    """Invoices, and what they come as."""

    format: Text = Field(default="PDF", description="PDF, PIVOT ou ZIP.")
    avec_pieces_jointes_complementaires: Annotated[
        Flag, Field(description="Sans effet pour PIVOT, qui a toujours toutes les pièces.")
    ] = False
    liste_facture: Annotated[tuple[FactureATelecharger, ...], Several] = ()
    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")
    id_espace: Integer = Field(default=0, description="Accepté et sans effet.")


class TelechargerGroupeAnswer(Answer):
    """A PDF, a ZIP or a pivot file (XML), in base64."""

    fichier_resultat: str


def downloaded(content: bytes) -> TelechargerGroupeAnswer:
    """The answer to ``telecharger/groupe``."""
    return TelechargerGroupeAnswer(fichier_resultat=base64.b64encode(content).decode())
