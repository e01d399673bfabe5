"""Deposit a file: inside the request, or by a presigned upload for the large ones."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from chorale.domain.errors import FileTooLarge, Forbidden, InvalidRequest
from chorale.domain.flux import (
    EXPECTED_AT_MOST,
    FILE_NAME_MAX_LENGTH,
    INLINE_LIMIT,
    UPLOAD_LIMIT,
    UPLOAD_WINDOW,
    Flux,
)
from chorale.domain.rights import Actor, Deed, structures_for
from chorale.domain.syntaxes import KNOWN_SYNTAXES, Syntax, flux_number
from chorale.stores import counters, objects
from chorale.stores import flux as flux_store

SHA256_HEX = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class OpenedDeposit:
    """A flux that awaits its file: where to send it, with which form fields, until when."""

    flux: Flux
    url: str
    fields: dict[str, str]
    expires_at: datetime


def deposit_inline(actor: Actor, file_name: str, syntax: str, content: bytes, signed: bool, now: datetime) -> Flux:
    """Take a file that came inside the request (bytes, decoded).

    Raises Forbidden, InvalidRequest or FileTooLarge; nothing is written then. The flux is written before the file,
    so that a file never lies without an owner.
    """
    if not content:
        raise InvalidRequest(
            "Le fichier déposé est vide : joignez le contenu en base64 dans fichierFlux.", "fichierFlux"
        )
    if len(content) > INLINE_LIMIT:
        raise FileTooLarge(_too_large(len(content), INLINE_LIMIT) + " Utilisez POST /chorale/v1/depots au-delà.")
    flux = _new_flux(actor, file_name, syntax, len(content), "", signed, now)
    flux_store.create(flux, now + EXPECTED_AT_MOST)
    objects.put_incoming(flux.number, content)
    return flux


def open_deposit(
    actor: Actor, file_name: str, size: int, sha256: str, syntax: str, now: datetime, signed: bool = False
) -> OpenedDeposit:
    """Announce a file of ``size`` bytes with its SHA-256 in hexadecimal; the answer says where to send it.

    Raises Forbidden, InvalidRequest or FileTooLarge; nothing is written then.
    """
    if not SHA256_HEX.fullmatch(sha256):
        raise InvalidRequest("sha256 doit être l'empreinte SHA-256 du fichier en 64 chiffres hexadécimaux.", "sha256")
    if size < 1:
        raise InvalidRequest("taille doit être le nombre d'octets du fichier, au moins 1.", "taille")
    if size > UPLOAD_LIMIT:
        raise FileTooLarge(_too_large(size, UPLOAD_LIMIT) + " Répartissez les factures en plusieurs dépôts.")
    flux = _new_flux(actor, file_name, syntax, size, sha256.lower(), signed, now)
    post = objects.presigned_deposit(flux.number, UPLOAD_LIMIT, flux.declared_sha256, UPLOAD_WINDOW)
    flux_store.create(flux, now + EXPECTED_AT_MOST)
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
            "nomFichier est obligatoire : indiquez le nom du fichier avec son extension.", "nomFichier"
        )
    if len(file_name) > FILE_NAME_MAX_LENGTH:
        raise InvalidRequest(
            f"nomFichier compte {len(file_name)} caractères : {FILE_NAME_MAX_LENGTH} au plus, extension comprise.",
            "nomFichier",
        )
    if "/" in file_name or "\\" in file_name or any(ord(character) < 32 for character in file_name):
        raise InvalidRequest("nomFichier ne doit contenir ni chemin ni caractère de contrôle.", "nomFichier")


def _taken_syntax(syntax: str) -> Syntax:
    try:
        return Syntax(syntax)
    except ValueError:
        taken = ", ".join(known.value for known in Syntax)
        if syntax in KNOWN_SYNTAXES:
            raise InvalidRequest(
                f"La syntaxe {syntax} n'est pas prise en charge par ce serveur. Syntaxes admises : {taken}.",
                "syntaxeFlux",
            ) from None
        raise InvalidRequest(
            f"syntaxeFlux est absente ou inconnue. Syntaxes admises : {taken}.", "syntaxeFlux"
        ) from None


def _too_large(size: int, limit: int) -> str:
    return f"Le fichier fait {size / 1e6:.1f} Mo : {limit / 1e6:.0f} Mo au plus par cette voie."
