"""What an actor gives to register a contract and to deposit a paper: structures by their identifiers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from chorale.domain.deadlines import Ccag
from chorale.domain.frames import Frame
from chorale.domain.payment_clock import PayerKind
from chorale.domain.works.contract import PartyRole
from chorale.domain.works.papers import Claim


@dataclass(frozen=True, slots=True)
class NewParty:
    """A party as the MOA names it."""

    identifier: str
    role: PartyRole
    kind: str = "SIRET"
    works_for: str = ""
    """Identifier of whom a sous-traitant works for."""
    direct_payment: bool = False
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NewContract:
    """A contract as the MOA registers it."""

    number: str
    ccag: Ccag
    parties: Sequence[NewParty]
    payer: str
    """Identifier of the structure whose service financier pays."""
    payer_service: str = ""
    payer_kind: PayerKind = PayerKind.GENERAL
    overrides: dict[str, int] = field(default_factory=dict)
    agreed_frames: frozenset[Frame] = frozenset()


@dataclass(frozen=True, slots=True)
class PaperInput:
    """A paper as the actor gives it; identifiers are SIRET unless told."""

    number: str
    frame: Frame
    net: Decimal
    gross: Decimal
    contract_id: int | None = None
    contract_number: str = ""
    depositor: int | None = None
    """Id of the structure in whose name; None for the only one that can."""
    previous_id: int | None = None
    replaces_id: int | None = None
    moe: str = ""
    moa: str = ""
    validator: str = ""
    payer: str = ""
    payer_service: str = ""
    attached: tuple[int, ...] = ()
    claim: Claim | None = None
    copy_to_moe: bool = True
    available_to_moe_on: date | None = None
    commitment: str = ""
    comment: str = ""
    document: bytes = b""
    document_name: str = ""
    attachments: tuple[int, ...] = ()
    flux_number: str = ""
    rank: int = 0
