"""Parties of the directory (annuaire) and what they require of an invoice that is sent to them."""

from dataclasses import dataclass, field
from enum import StrEnum

from chorale.domain.invoice import Address


class IdentifierType(StrEnum):
    """Kind of identifier of a structure. The value is the code of the public API."""

    SIRET = "SIRET"
    UE_HORS_FRANCE = "UE_HORS_FRANCE"
    HORS_UE = "HORS_UE"
    RIDET = "RIDET"
    TAHITI = "TAHITI"
    AUTRE = "AUTRE"
    PARTICULIER = "PARTICULIER"


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
