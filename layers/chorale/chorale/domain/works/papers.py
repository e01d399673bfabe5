"""A works paper: one document that one actor deposits and the next one reads."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from chorale.domain.frames import Frame
from chorale.domain.invoices.recorded import HistoryLine, ServiceRef, StructureRef
from chorale.domain.statuses import Status
from chorale.domain.works.chain import AT_CONTRACTOR, AT_MOA, AT_MOE, Addressee, Step, step
from chorale.domain.works.parts import PaymentPart

SYSTEM = "SYSTEME"


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the paper asks for or admits for its own period, in euros: never the cumulative account (rule 13)."""

    net: Decimal
    gross: Decimal
    """With tax."""

    @property
    def vat(self) -> Decimal:
        """The tax."""
        return self.gross - self.net


@dataclass(frozen=True, slots=True)
class Claim:
    """Reserves on a general account, or the claim that goes with its refusal (CCAG Travaux 12.4.3, 55.1)."""

    motives: str
    amount: Decimal
    """Claimed, with tax, in euros."""
    granted: Decimal | None = None
    """What the MOA agreed to pay of it, with tax; None as long as it has not answered."""
    granted_at: datetime | None = None

    @property
    def contested(self) -> Decimal:
        """What is claimed beside the account and not agreed to, with tax."""
        return self.amount - (self.granted or Decimal(0))


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a paper beside its PDF, in euros without tax; None for what is not given (rule 29)."""

    month: str = ""
    """AAAA-MM."""
    number: int | None = None
    """Number of the situation, from 1."""
    cumulative: Decimal | None = None
    previous: Decimal | None = None
    period: Decimal | None = None
    retention: Decimal | None = None
    """Retention of guarantee, positive."""
    advance: Decimal | None = None
    advance_recovered: Decimal | None = None
    revision: Decimal | None = None
    penalties: Decimal | None = None
    """Positive."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a billing file. Times are UTC."""

    id: int
    number: str
    frame: Frame
    cycle: int
    """Counts from 1; a paper that replaces a refused one begins the next cycle."""
    status: Status
    status_at: datetime
    deposited_at: datetime
    available_at: datetime
    """Since when whoever owes an answer could give it: starts its deadline; moved when the paper is sent on."""
    depositor: StructureRef
    amounts: Amounts
    previous_id: int | None = None
    previous_frame: Frame | None = None
    successor: StructureRef | None = None
    """Who took the depositor's part over by an amendment of the contract: what the depositor owes is its (rule 27)."""
    moe: StructureRef | None = None
    moa: StructureRef | None = None
    contractor: StructureRef | None = None
    payer: StructureRef | None = None
    payer_service: ServiceRef | None = None
    validator: StructureRef | None = None
    """The first validator."""
    second_validator: StructureRef | None = None
    accepted: Decimal | None = None
    """With tax: what the validator or validators accepted of the amount; None as long as nobody has."""
    refused_reason: str = ""
    """Why a validator refused the rest, shown to the depositor and to the MOA."""
    agreed_at: datetime | None = None
    """When the last validator agreed, or its silence did."""
    moe_received_at: datetime | None = None
    moa_received_at: datetime | None = None
    attached: tuple[int, ...] = ()
    """Ids of the sub-contractors' requests (A10) that come with this paper."""
    attached_to: int | None = None
    """For an A10: the paper that it comes with."""
    paid_with: int | None = None
    """For an A10 that came with another paper: the payer's paper that has its part."""
    parts: tuple[PaymentPart, ...] = ()
    """What each creditor gets of it (rule 17); empty for the papers of the final account that nobody pays."""
    admitted: Decimal | None = None
    """With tax: what the payer's paper has for this request; None as long as there is none."""
    figures: Figures | None = None
    on_claim: bool = False
    """For an A19 of the final account: whether it pays what the MOA admits of a claim, not the revision of prices."""
    shown_to_payer: StructureRef | None = None
    """The payer whose paper rests on this one, and who may read it (rule 16)."""
    duplicate_of: int | None = None
    """The refused paper that this one replaces."""
    claim: Claim | None = None
    warnings: tuple[str, ...] = ()
    commitment: str = ""
    comment: str = ""
    main_document: str = ""
    """Object that holds the main document, one PDF."""
    main_name: str = ""
    """Its file name."""
    attachments: tuple[int, ...] = ()
    flux_number: str = ""
    rank: int = 0
    """Its rank in that flux, from 1; 0 for a paper that came by itself."""
    deposited_by: str = ""
    history: tuple[HistoryLine, ...] = ()

    @property
    def version(self) -> int:
        """Counts the lines of the history."""
        return len(self.history)

    @property
    def step(self) -> Step:
        """The row of the chain that the paper is."""
        found = step(self.frame, self.previous_frame)
        assert found is not None
        return found

    @property
    def addressee(self) -> Addressee:
        """To whom it goes once valid: to the MOA too when there is no MOE in the tool, or when the MOE passed it on."""
        lands = self.step.lands
        if lands is Addressee.MOE and (self.moe is None or self.was_passed_on):
            return Addressee.MOA
        return lands

    @property
    def was_passed_on(self) -> bool:
        """Whether the MOE passed it on to the MOA without a paper of its own."""
        return any(line.status is Status.TRANSMISE_MOA for line in self.history)

    @property
    def is_with_addressee(self) -> bool:
        """Whether its addressee has it and may act on it."""
        return self.status in AWAITED[self.addressee]

    def paid_at(self, part: PaymentPart) -> datetime | None:
        """When a part of this paper was paid: by itself, or with the whole; None as long as it is owed."""
        whole = self.status_at if self.status is Status.MISE_EN_PAIEMENT else None
        return part.paid_at or whole

    def reference(self, addressee: Addressee) -> StructureRef | None:
        """The structure that plays ``addressee`` towards this paper."""
        return {
            Addressee.MOE: self.moe,
            Addressee.MOA: self.moa,
            Addressee.CONTRACTOR: self.contractor,
            Addressee.PAYER: self.payer,
        }[addressee]

    def at(self, status: Status, moment: datetime, by: str, reason: str = "") -> "Paper":
        """This paper with ``status``, and the line that says so."""
        line = HistoryLine(self.version + 1, status, moment, by, reason)
        return replace(self, status=status, status_at=moment, history=(*self.history, line))

    def noted(self, status: Status, moment: datetime, reason: str) -> "Paper":
        """This paper with a line of the system in its history, its own status unchanged."""
        line = HistoryLine(self.version + 1, status, moment, SYSTEM, reason)
        return replace(self, history=(*self.history, line))


AWAITED = {
    Addressee.MOE: frozenset({*AT_MOE, Status.COMPLETEE}),
    Addressee.MOA: frozenset({*AT_MOA, Status.COMPLETEE}),
    Addressee.CONTRACTOR: frozenset({*AT_CONTRACTOR, Status.COMPLETEE}),
    Addressee.PAYER: frozenset(),
}
"""Statuses at which an addressee owes the next act. The payer works in received invoices, not here (rule 11)."""
