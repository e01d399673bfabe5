"""Deposits: a file inside the request (``deposer/flux``), or announced for a presigned upload (our ``depots``)."""

import base64
import binascii
from datetime import datetime

from pydantic import Field

from chorale.domain.dates import paris_day
from chorale.domain.deposits.flux import FILE_NAME_MAX_LENGTH, Flux
from chorale.domain.errors import InvalidRequest
from chorale.wire.base.models import ACCEPTED, Answer, Ask
from chorale.wire.base.values import Base64, Day, Flag, Instant, Integer, Text


class DeposerFluxAsk(Ask):
    """A file to integrate, in base64."""

    fichier_flux: Base64 = Field(description="Contenu du fichier en base64.")
    nom_fichier: Text = Field(description=f"Avec l'extension, {FILE_NAME_MAX_LENGTH} caractères au plus.")
    syntaxe_flux: Text = Field(description="Par exemple IN_DP_E1_UBL_INVOICE.")
    avec_signature: Flag = False
    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")


def content_of(ask: DeposerFluxAsk) -> bytes:
    """The decoded file; raises InvalidRequest. Line breaks and missing padding are forgiven."""
    text = "".join(ask.fichier_flux.split())
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidRequest(
            "fichierFlux n'est pas du base64 valide : encodez le contenu du fichier, sans préfixe data:.", "fichierFlux"
        ) from None


class DeposerFluxAnswer(Answer):
    """The number under which the file will be followed."""

    libelle: str = ACCEPTED
    numero_flux_depot: str
    date_depot: Day
    syntaxe_flux: str


def deposited(flux: Flux) -> DeposerFluxAnswer:
    """The answer to ``deposer/flux``."""
    return DeposerFluxAnswer(
        numero_flux_depot=flux.number, date_depot=paris_day(flux.deposited_at), syntaxe_flux=flux.syntax.value
    )


class OuvrirDepotAsk(Ask):
    """A file that will be uploaded."""

    nom_fichier: Text = Field(description=f"Avec l'extension, {FILE_NAME_MAX_LENGTH} caractères au plus.")
    taille: Integer = Field(description="Nombre d'octets du fichier, 120 000 000 au plus.")
    sha256: Text = Field(description="Empreinte SHA-256 du fichier, 64 chiffres hexadécimaux.")
    syntaxe_flux: Text = Field(description="Par exemple IN_DP_E1_UBL_INVOICE.")
    avec_signature: Flag = False


class OuvrirDepotAnswer(Answer):
    """Where to send the file: POST multipart/form-data to ``url`` with ``champs`` first, the file last."""

    libelle: str = ACCEPTED
    numero_flux_depot: str
    date_depot: Day
    url: str
    champs: dict[str, str] = Field(description="Champs du formulaire, à envoyer tels quels avant le champ file.")
    expire_le: Instant


def opened(flux: Flux, url: str, fields: dict[str, str], expires_at: datetime) -> OuvrirDepotAnswer:
    """The answer to the opening of a deposit."""
    return OuvrirDepotAnswer(
        numero_flux_depot=flux.number,
        date_depot=paris_day(flux.deposited_at),
        url=url,
        champs=fields,
        expire_le=expires_at,
    )
