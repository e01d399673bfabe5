"""Deposit a file: inside the request, or by a presigned upload for the large ones."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from chorale.domain.access.rights import Actor, Deed, structures_for
from chorale.domain.deposits.flux import (
    EXPECTED_AT_MOST,
    FILE_NAME_MAX_LENGTH,
    INLINE_LIMIT,
    UPLOAD_LIMIT,
    UPLOAD_WINDOW,
    Flux,
)
from chorale.domain.errors import FileTooLarge, Forbidden, InvalidRequest
from chorale.domain.fields import Field
from chorale.domain.once import Once
from chorale.domain.statuses import FluxState
from chorale.domain.syntaxes import KNOWN_SYNTAXES, Syntax, flux_number
from chorale.runtime.logging import logger
from chorale.stores import counters, objects, once
from chorale.stores.deposits import flux as flux_store

SHA256_HEX = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class OpenedDeposit:
    """A flux that awaits its file: where to send it, with which form fields, until when."""

    flux: Flux
    url: str
    fields: dict[str, str]
    expires_at: datetime


def deposit_inline(
    actor: Actor,
    file_name: str,
    syntax: str,
    content: bytes,
    signed: bool,
    now: datetime,
    request: Once | None = None,
) -> Flux:
    """Take a file that came inside the request (bytes, decoded).

    Raises Forbidden, InvalidRequest or FileTooLarge; nothing is written then. The flux is written before the file,
    so that a file never lies without an owner. A ``request`` that is sent again is given the flux that it made, whose
    file is put if that was not done; raises ReplayOfAnother when it asks for something else.
    """
    if not content:
        raise InvalidRequest(
            f"Le fichier déposé est vide : joignez le contenu en base64 dans {Field.FILE}.", Field.FILE
        )
    if len(content) > INLINE_LIMIT:
        raise FileTooLarge(_too_large(len(content), INLINE_LIMIT) + " Utilisez POST /chorale/v1/depots au-delà.")
    flux = flux_store.made_by(request, now) or _created(
        _new_flux(actor, file_name, syntax, len(content), "", signed, now), request, now
    )
    if flux.state is FluxState.EXPECTED:
        objects.put_incoming(flux.number, content)
    return flux


def _created(flux: Flux, request: Once | None, now: datetime) -> Flux:
    """The flux, written; or the one that the same request made at the same moment."""
    try:
        flux_store.create(flux, now + EXPECTED_AT_MOST, request)
    except once.MadeMeanwhile:
        return flux_store.made_by(request, now) or flux
    logger.info("flux opened", extra={"flux": flux.number})
    return flux


def open_deposit(
    actor: Actor,
    file_name: str,
    size: int,
    sha256: str,
    syntax: str,
    now: datetime,
    signed: bool = False,
    request: Once | None = None,
) -> OpenedDeposit:
    """Announce a file of ``size`` bytes with its SHA-256 in hexadecimal; the answer says where to send it.

    Raises Forbidden, InvalidRequest or FileTooLarge; nothing is written then. A ``request`` that is sent again is given
    the flux that it made; raises ReplayOfAnother when it asks for something else.
    """
    if not SHA256_HEX.fullmatch(sha256):
        raise InvalidRequest(
            "sha256 doit être l'empreinte SHA-256 du fichier en 64 chiffres hexadécimaux.", Field.FILE_DIGEST
        )
    if size < 1:
        raise InvalidRequest("taille doit être le nombre d'octets du fichier, au moins 1.", Field.FILE_SIZE)
    if size > UPLOAD_LIMIT:
        raise FileTooLarge(_too_large(size, UPLOAD_LIMIT) + " Répartissez les factures en plusieurs dépôts.")
    flux = flux_store.made_by(request, now) or _created(
        _new_flux(actor, file_name, syntax, size, sha256.lower(), signed, now), request, now
    )
    post = objects.presigned_deposit(flux.number, flux.declared_size or size, flux.declared_sha256, UPLOAD_WINDOW)
    return OpenedDeposit(flux, post.url, post.fields, now + UPLOAD_WINDOW)


def _new_flux(actor: Actor, file_name: str, syntax: str, size: int, sha256: str, signed: bool, now: datetime) -> Flux:
    # The number last: a refused request uses none.
    nameless = announced(actor, file_name, syntax, size, sha256, signed, now, "")
    return replace(nameless, number=flux_number(nameless.syntax, counters.next_number(counters.FLUX)))


def announced(
    actor: Actor, file_name: str, syntax: str, size: int, sha256: str, signed: bool, now: datetime, number: str
) -> Flux:
    """The flux that such a deposit is; raises Forbidden or InvalidRequest."""
    structures, works = structures_for(actor, Deed.DEPOSIT), structures_for(actor, Deed.ACT_ON_WORKS)
    if not structures and not works:
        raise Forbidden(
            "Votre compte technique n'a l'habilitation de dépôt pour aucune structure : demandez l'espace "
            "FACTURES_EMISES, ou FACTURES_TRAVAUX pour des pièces de travaux, au gestionnaire de la structure."
        )
    _check_name(file_name)
    taken = _taken_syntax(syntax)
    return Flux(
        number,
        taken,
        file_name,
        actor.login,
        structures,
        now,
        state_at=now,
        signed=signed,
        declared_size=size,
        declared_sha256=sha256,
        works=works,
    )


def _check_name(file_name: str) -> None:
    if not file_name.strip():
        raise InvalidRequest(
            f"{Field.FILE_NAME} est obligatoire : indiquez le nom du fichier avec son extension.", Field.FILE_NAME
        )
    if len(file_name) > FILE_NAME_MAX_LENGTH:
        raise InvalidRequest(
            f"{Field.FILE_NAME} compte {len(file_name)} caractères : {FILE_NAME_MAX_LENGTH} au plus, extension "
            "comprise.",
            Field.FILE_NAME,
        )
    if "/" in file_name or "\\" in file_name or any(ord(character) < 32 for character in file_name):
        raise InvalidRequest(f"{Field.FILE_NAME} ne doit contenir ni chemin ni caractère de contrôle.", Field.FILE_NAME)


def _taken_syntax(syntax: str) -> Syntax:
    try:
        return Syntax(syntax)
    except ValueError:
        taken = ", ".join(known.value for known in Syntax)
        if syntax in KNOWN_SYNTAXES:
            raise InvalidRequest(
                f"La syntaxe {syntax} n'est pas prise en charge par ce serveur. Syntaxes admises : {taken}.",
                Field.SYNTAX,
            ) from None
        said = f"{Field.SYNTAX} : la syntaxe {syntax} n'existe pas" if syntax else f"{Field.SYNTAX} est absente"
        raise InvalidRequest(f"{said}. Syntaxes admises : {taken}.", Field.SYNTAX) from None


def _too_large(size: int, limit: int) -> str:
    return f"Le fichier fait {size / 1e6:.1f} Mo : {limit / 1e6:.0f} Mo au plus par cette voie."
