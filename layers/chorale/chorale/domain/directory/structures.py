"""Parties of the directory (annuaire) and what they require of an invoice that is sent to them."""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from chorale.domain.address import Address


class IdentifierType(StrEnum):
    """Kind of identifier of a structure. The value is the code of the public API."""

    SIRET = "SIRET"
    UE_HORS_FRANCE = "UE_HORS_FRANCE"
    HORS_UE = "HORS_UE"
    RIDET = "RIDET"
    TAHITI = "TAHITI"
    AUTRE = "AUTRE"
    PARTICULIER = "PARTICULIER"


IDENTIFIER_SCHEMES = {
    "": IdentifierType.SIRET, "1": IdentifierType.SIRET, "0002": IdentifierType.SIRET, "0009": IdentifierType.SIRET,
    "2": IdentifierType.UE_HORS_FRANCE, "0223": IdentifierType.UE_HORS_FRANCE,
    "3": IdentifierType.HORS_UE, "0227": IdentifierType.HORS_UE,
    "4": IdentifierType.RIDET, "0228": IdentifierType.RIDET,
    "5": IdentifierType.TAHITI, "0229": IdentifierType.TAHITI,
    "6": IdentifierType.AUTRE, "7": IdentifierType.PARTICULIER, "0226": IdentifierType.PARTICULIER,
    "0231": IdentifierType.SIRET,
}  # fmt: skip
"""Registers as documents write them (BT-29, BT-30, BT-46, BT-47): 1 to 7 in the platform's format and the older
profiles (XSD CPPFacturePivot, TypeIdentifiant; 6 is a company being registered), ICD codes in EN 16931. 0231 is the
SIREN of a single VAT group: like any SIREN it asks for the SIRET beside it."""


@dataclass(frozen=True, slots=True)
class Structure:
    """A company or a public body."""

    id: int
    identifier: str
    name: str
    identifier_type: IdentifierType = IdentifierType.SIRET
    active: bool = True
    public: bool = False
    is_state: bool = False
    """The State checks that a commitment exists."""
    requires_service: bool = False
    requires_commitment: bool = False
    requires_commitment_or_service: bool = False
    is_moa: bool = False
    is_moa_only: bool = False
    reports_payment: bool = True
    """Whether the structure reports the status MISE_EN_PAIEMENT."""
    edi_sender: bool = False
    edi_receiver: bool = False
    vat_number: str = ""
    address: Address = field(default_factory=Address)
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A unit of a structure that executes and receives (``service``)."""

    id: int
    structure_id: int
    code: str
    name: str
    active: bool = True
    requires_commitment: bool = False
    description: str = ""
    created_on: str = ""
    """ISO date, or empty."""


FACTURES_PUBLIQUES = "FACTURES_PUBLIQUES"
"""Service code reserved for invoices between public bodies: a supplier's flux on it is refused."""


@dataclass(frozen=True, slots=True)
class StructureCriteria:
    """What a search of structures asks for; an empty criterion asks nothing."""

    identifier: str = ""
    identifier_type: IdentifierType | None = None
    name: str = ""
    """Words of the name, whatever the case and the accents; the last one may be a beginning."""
    city: str = ""
    postcode: str = ""
    country: str = ""
    is_moa: bool | None = None
    is_moa_only: bool | None = None
    active: bool | None = None
    public_only: bool = False
    private_only: bool = False


LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})


def search_words(text: str) -> tuple[str, ...]:
    """The words of ``text`` as searches compare them: lower case, no accents; all else separates words."""
    spread = unicodedata.normalize("NFKD", text).casefold().translate(LIGATURES)
    bare = "".join(character for character in spread if not unicodedata.combining(character))
    return tuple(re.findall(r"[a-z0-9]+", bare))


def _names(structure: Structure, wanted: str) -> bool:
    words = search_words(structure.name)
    return all(any(word.startswith(asked) for word in words) for asked in search_words(wanted))


def structure_matches(structure: Structure, ask: StructureCriteria) -> bool:
    """Whether ``structure`` answers every criterion of ``ask``."""
    return (
        (not ask.identifier or structure.identifier == ask.identifier)
        and (ask.identifier_type is None or structure.identifier_type is ask.identifier_type)
        and (not ask.name or _names(structure, ask.name))
        and (not ask.city or search_words(structure.address.city) == search_words(ask.city))
        and (not ask.postcode or structure.address.postcode == ask.postcode)
        and (not ask.country or structure.address.country == ask.country)
        and (ask.is_moa is None or structure.is_moa is ask.is_moa)
        and (ask.is_moa_only is None or structure.is_moa_only is ask.is_moa_only)
        and (ask.active is None or structure.active is ask.active)
        and not (ask.public_only and not structure.public)
        and not (ask.private_only and structure.public)
    )
