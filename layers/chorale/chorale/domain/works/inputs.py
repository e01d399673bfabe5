"""What an actor gives to register a contract and to deposit a paper: structures by their identifiers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from chorale.domain.frames import Frame
from chorale.domain.works.amendments import AmendmentKind
from chorale.domain.works.contract import PartyRole
from chorale.domain.works.deadlines import Ccag
from chorale.domain.works.papers import Claim, Figures
from chorale.domain.works.payment_clock import PayerKind


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
    iban: str = ""


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
    started_on: date | None = None
    payment_days: int | None = None
    delay_from_moe: bool = True
    agreed_frames: frozenset[Frame] = frozenset()
    amount: Decimal | None = None
    """With tax, in euros."""


@dataclass(frozen=True, slots=True)
class AmendmentInput:
    """An amendment as the MOA writes it (rule 27)."""

    amendment: AmendmentKind
    identifier: str
    acts_from: date
    kind: str = "SIRET"
    works_for: str = ""
    direct_payment: bool = True
    amount: Decimal | None = None
    service: str = ""
    text: str = ""
    contract_amount: Decimal | None = None
    iban: str = ""
    agreed_frames: frozenset[Frame] | None = None


@dataclass(frozen=True, slots=True)
class PartInput:
    """What one creditor gets, as the depositor writes it (rule 17)."""

    identifier: str
    amount: Decimal
    """With tax, in euros."""
    rests_on: int | None = None
    kind: str = "SIRET"


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
    figures: Figures | None = None
    parts: tuple[PartInput, ...] = ()
    claim: Claim | None = None
    excess_confirmed: bool = False
    """Whether an order above the paper that it follows is meant (rule 3)."""
    copy_to_moe: bool = True
    available_to_moe_on: date | None = None
    commitment: str = ""
    comment: str = ""
    document: bytes = b""
    document_name: str = ""
    attachments: tuple[int, ...] = ()
    flux_number: str = ""
    rank: int = 0
