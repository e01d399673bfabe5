"""The parts of a payment: who is paid what, and on which paper it rests (rule 17).

Sources: CCP L2193-11 (a sous-traitant admitted to direct payment is paid by the payer), CCAG Travaux 12.5 (a cotraitant
is its own creditor). Amounts are euros with tax; the parts of a paper sum to its total.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from chorale.domain.invoices.recorded import StructureRef


class CreditorKind(StrEnum):
    """What a creditor is in the contract."""

    TITULAIRE = "TITULAIRE"
    COTRAITANT = "COTRAITANT"
    SOUS_TRAITANT = "SOUS_TRAITANT"


@dataclass(frozen=True, slots=True)
class PaymentPart:
    """What one creditor gets of a paper."""

    creditor: StructureRef
    kind: CreditorKind
    amount: Decimal
    """With tax, in euros."""
    rests_on: int
    """Id of the request that it answers: the A4, A13 or A10, or the paper itself when it opened the file."""
    paid_at: datetime | None = None
    """When the payer paid it; None as long as it is owed."""
    account: str = ""
    """IBAN of the mandate, to which it is paid; empty until the payment is ordered, and when the contract has none."""


@dataclass(frozen=True, slots=True)
class AskedPart:
    """A part as the depositor writes it."""

    creditor: StructureRef
    amount: Decimal
    rests_on: int | None = None
