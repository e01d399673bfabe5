"""Events that leave the ledger, in the same transaction as the change that they tell."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventType(StrEnum):
    """What happened. The value is the detail-type on the bus (schemas in infra/events)."""

    INVOICE_STATUS_CHANGED = "InvoiceStatusChanged"
    FLUX_DECIDED = "FluxDecided"
    WORKS_FILE_CHANGED = "WorksFileChanged"
    WORKS_CONTRACT_CHANGED = "WorksContractChanged"


@dataclass(frozen=True, slots=True)
class Event:
    """One event: no personal data, only what consumers route on.

    ``version`` is the object's after the change: a consumer ignores what is older than what it holds.
    """

    type: EventType
    object_id: str
    """Invoice id, flux number, or number of a billing file."""
    version: int
    source: str
    """Status before; empty for a new object."""
    target: str
    """Status after."""
    at: datetime
    supplier_id: int | None = None
    recipient_id: int | None = None
    """None as long as the recipient does not know of the invoice."""
    validator_id: int | None = None
    previous_recipient_id: int | None = None
    """Whose it was before, where the change gave it another recipient."""
    previous_validator_id: int | None = None
    works_file_id: int | None = None
    """The billing file whose payment the invoice is."""
    cycle: int | None = None
    """Of a billing file that needs an execution: the change began a cycle, or brought a task after none was left."""
    members: tuple[int, ...] = ()
    """Structures to be told of a change of a billing file or of a works contract."""

    @property
    def id(self) -> str:
        """Stable: the same change always has the same event id."""
        return f"{self.type.value}#{self.object_id}#{self.version}"
