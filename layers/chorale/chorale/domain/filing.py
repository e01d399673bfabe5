"""An invoice as the hub keeps it: what searches show, the whole document, its history."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from chorale.domain.directory import IdentifierType
from chorale.domain.frames import Frame
from chorale.domain.invoice import DocumentKind, Invoice
from chorale.domain.statuses import Status


@dataclass(frozen=True, slots=True)
class StructureRef:
    """A structure as written in an invoice at deposit: later changes of the directory do not rewrite it."""

    id: int
    identifier: str
    name: str
    identifier_type: IdentifierType = IdentifierType.SIRET


@dataclass(frozen=True, slots=True)
class ServiceRef:
    """A service as written in an invoice at deposit."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class InvoiceSummary:
    """The columns that searches show, filter and sort. Amounts are in ``currency``; ``size`` is in bytes."""

    id: int
    number: str
    kind: DocumentKind
    frame: Frame
    status: Status
    status_at: datetime
    version: int
    issue_date: date
    deposited_at: datetime
    currency: str
    net: Decimal
    vat: Decimal
    gross: Decimal
    payable: Decimal
    supplier: StructureRef
    recipient: StructureRef
    service: ServiceRef | None
    commitment: str
    contract: str
    flux_number: str
    rank: int
    deposit_mode: str
    size: int
    status_reason: str = ""
    mandate_number: str = ""
    downloaded: bool = False
    rejection_handled: bool = False


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One status of an invoice, when it was given and by whom; ``version`` counts from 1."""

    version: int
    status: Status
    at: datetime
    by: str
    """Login of the account, or ``SYSTEME``."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FiledInvoice:
    """Everything kept of one invoice."""

    summary: InvoiceSummary
    document: Invoice
    history: tuple[HistoryLine, ...]
    original_key: str
    """Object that holds the original bytes."""
    file_name: str
