"""What a works payment says beside its totals: who is paid what, the figures of the month, the account of the contract.

The shares add up to the total with tax, as does the account: what was ordered before and what this payment adds.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """What one creditor gets of the payment."""

    creditor: str
    identifier: str
    kind: str
    """What the creditor is in the contract, in French."""
    amount: Decimal
    """With tax."""
    request: str
    """Number of the request that it answers."""
    account: str = ""
    """IBAN as the reader may see it; empty when the contract has none."""
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the situation, without tax."""

    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ContractAccount:
    """What the payments of a contract come to, with tax."""

    before: Decimal
    """Of the payments before this one."""
    this: Decimal
    amount: Decimal | None = None
    """Of the contract; None when the MOA did not say."""

    @property
    def total(self) -> Decimal:
        """Of all payments, this one included; one that its creditor wrote itself was admitted by nobody."""
        return self.before + self.this

    @property
    def left(self) -> Decimal | None:
        """What the contract has left; below zero where it is exceeded."""
        return None if self.amount is None else self.amount - self.total


@dataclass(frozen=True, slots=True)
class WorksStatement:
    """The figures of one works payment, in euros."""

    shares: tuple[Share, ...]
    month: str = ""
    """AAAA-MM."""
    number: int | None = None
    """Number of the situation, from 1."""
    figures: tuple[Figure, ...] = ()
    account: ContractAccount | None = None
    """None for a reader who is not shown the payments of others."""
    remarks: tuple[str, ...] = ()
    """What the payer should know before paying, in French: an amount above the papers before, one nobody admitted."""

    @property
    def situation(self) -> str:
        """The situation in French words; empty when the papers do not say which it is."""
        named = f"Situation n° {self.number}" if self.number else "Situation"
        if self.month:
            return f"{named} ({self.month[5:]}/{self.month[:4]})"
        return named if self.number or self.figures else ""
