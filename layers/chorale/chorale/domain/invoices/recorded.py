"""An invoice as the hub keeps it: what searches show, the whole document, its history."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from chorale.domain.directory.structures import IdentifierType
from chorale.domain.frames import Frame
from chorale.domain.invoices.attachments import AttachedFile
from chorale.domain.invoices.invoice import DocumentKind, Invoice
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
    validator: StructureRef | None = None
    """Who agrees to the invoice before its recipient gets it (frames A9, A12)."""
    validated_at: datetime | None = None
    """When the validator agreed, or when its silence did."""
    validation_due: datetime | None = None
    """Until when the validator may answer; None when silence has no effect, or when nothing is awaited."""
    origin_number: str = ""
    """BT-25: the invoice that a credit note corrects."""
    supplier_service: ServiceRef | None = None
    works_file_id: int | None = None
    """The billing file whose payment this is; None for what is not a works paper."""
    depositor: StructureRef | None = None
    """Who deposited it where that is not the supplier: a works paper is completed and sent on by its depositor."""

    @property
    def amender(self) -> StructureRef:
        """Who completes it and sends it on."""
        return self.depositor or self.supplier

    @property
    def awaits_validation(self) -> bool:
        """Whether a validator must agree before the invoice goes on."""
        return self.frame.validation is not None and self.validated_at is None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One status of an invoice, when it was given and by whom; ``version`` counts from 1."""

    version: int
    status: Status
    at: datetime
    by: str
    """Login of the account, or ``SYSTEME``."""
    reason: str = ""


class ActionKind(StrEnum):
    """Something done with an invoice that leaves its status (``histoAction`` of the public API)."""

    DOWNLOADED = "TELECHARGEMENT_FACTURE"
    REJECTION_HANDLED = "TRAITEMENT_REJET"


@dataclass(frozen=True, slots=True)
class UserAction:
    """One action of one account; kept once per account and day."""

    kind: ActionKind
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class FiledInvoice:
    """Everything kept of one invoice; ``attachments`` were added to it after its document was made."""

    summary: InvoiceSummary
    document: Invoice
    history: tuple[HistoryLine, ...]
    original_key: str
    """Object that holds the original bytes."""
    file_name: str
    actions: tuple[UserAction, ...] = ()
    attachments: tuple[AttachedFile, ...] = ()

    @property
    def comment(self) -> str:
        """What the supplier wrote last: when it completed the invoice, else in the document."""
        written = [line.reason for line in self.history if line.status is Status.COMPLETEE and line.reason]
        return written[-1] if written else self.document.note
