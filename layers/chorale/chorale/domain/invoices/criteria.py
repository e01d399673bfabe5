"""What a search asks for, and whether a row answers it. All criteria given must hold; an empty one asks nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from chorale.domain.dates import paris_day
from chorale.domain.directory.structures import IdentifierType, search_words
from chorale.domain.frames import Frame
from chorale.domain.invoices.invoice import DocumentKind
from chorale.domain.invoices.payment_requests import WORKS_PAPERS, PaymentRequest, WorksPaper, payment_request_of
from chorale.domain.invoices.recorded import InvoiceSummary, StructureRef
from chorale.domain.statuses import Status


@dataclass(frozen=True, slots=True)
class Between:
    """A range with both ends included; None leaves an end open."""

    low: Decimal | date | datetime | None = None
    high: Decimal | date | datetime | None = None

    def holds(self, value: Decimal | date | datetime) -> bool:
        """Whether ``value`` is inside."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)  # type: ignore[operator]


ANY = Between()


@dataclass(frozen=True, slots=True)
class InvoiceCriteria:
    """Criteria of the invoice searches. Amounts in the invoice's currency; days are Paris days."""

    number: str = ""
    """Part of the number, whatever the case."""
    flux_number: str = ""
    deposited: Between = ANY
    issued: Between = ANY
    status_changed: Between = ANY
    kinds: frozenset[DocumentKind] = frozenset()
    statuses: frozenset[Status] = frozenset()
    frame: Frame | None = None
    suppliers: frozenset[int] = frozenset()
    recipients: frozenset[int] = frozenset()
    supplier_sirens: frozenset[str] = frozenset()
    """Any establishment of these companies, instead of ``suppliers``."""
    recipient_sirens: frozenset[str] = frozenset()
    recipient_names: frozenset[str] = frozenset()
    """Words of the recipient's name, whatever the case and the accents; one of them suffices."""
    validators: frozenset[int] = frozenset()
    services: frozenset[int] = frozenset()
    supplier_services: frozenset[int] = frozenset()
    net: Between = ANY
    gross: Between = ANY
    payable: Between = ANY
    contract: str = ""
    commitment: str = ""
    origin_number: str = ""
    mandate_number: str = ""
    deposit_mode: str = ""
    payment_requests: frozenset[PaymentRequest] = frozenset()
    works_papers: frozenset[WorksPaper] = frozenset()
    downloaded: bool | None = None
    rejection_handled: bool | None = None
    nothing_matches: bool = False
    """The request asks for a kind of document that this search never holds."""


SIREN_LENGTH = 9


def _siren(structure: StructureRef) -> str:
    return siren_of(structure.identifier_type, structure.identifier)


def siren_of(kind: IdentifierType, identifier: str) -> str:
    """The company behind an establishment; a structure without SIRET is its own company."""
    return identifier[:SIREN_LENGTH] if kind is IdentifierType.SIRET else identifier


def _named(structure: StructureRef, asked: str) -> bool:
    words = search_words(structure.name)
    return all(any(word.startswith(part) for word in words) for part in search_words(asked))


Check = Callable[[InvoiceSummary, InvoiceCriteria], bool]

CHECKS: tuple[Check, ...] = (
    lambda row, ask: not ask.nothing_matches,
    lambda row, ask: ask.number.lower() in row.number.lower(),
    lambda row, ask: not ask.flux_number or ask.flux_number == row.flux_number,
    lambda row, ask: ask.deposited.holds(paris_day(row.deposited_at)),
    lambda row, ask: ask.issued.holds(row.issue_date),
    lambda row, ask: ask.status_changed.holds(row.status_at),
    lambda row, ask: not ask.kinds or row.kind in ask.kinds,
    lambda row, ask: not ask.statuses or row.status in ask.statuses,
    lambda row, ask: ask.frame is None or row.frame is ask.frame,
    lambda row, ask: not ask.suppliers or row.supplier.id in ask.suppliers,
    lambda row, ask: not ask.recipients or row.recipient.id in ask.recipients,
    lambda row, ask: not ask.supplier_sirens or _siren(row.supplier) in ask.supplier_sirens,
    lambda row, ask: not ask.recipient_sirens or _siren(row.recipient) in ask.recipient_sirens,
    lambda row, ask: not ask.recipient_names or any(_named(row.recipient, name) for name in ask.recipient_names),
    lambda row, ask: not ask.validators or (row.validator is not None and row.validator.id in ask.validators),
    lambda row, ask: not ask.services or (row.service is not None and row.service.id in ask.services),
    lambda row, ask: ask.net.holds(row.net),
    lambda row, ask: ask.gross.holds(row.gross),
    lambda row, ask: ask.payable.holds(row.payable),
    lambda row, ask: not ask.contract or ask.contract == row.contract,
    lambda row, ask: not ask.commitment or ask.commitment == row.commitment,
    lambda row, ask: (
        not ask.supplier_services
        or (row.supplier_service is not None and row.supplier_service.id in ask.supplier_services)
    ),
    lambda row, ask: not ask.origin_number or ask.origin_number == row.origin_number,
    lambda row, ask: not ask.mandate_number or ask.mandate_number == row.mandate_number,
    lambda row, ask: not ask.deposit_mode or ask.deposit_mode == row.deposit_mode,
    lambda row, ask: not ask.payment_requests or payment_request_of(row.frame) in ask.payment_requests,
    lambda row, ask: not ask.works_papers or WORKS_PAPERS.get(row.frame) in ask.works_papers,
    lambda row, ask: ask.rejection_handled is None or ask.rejection_handled == row.rejection_handled,
    lambda row, ask: ask.downloaded is None or ask.downloaded == row.downloaded,
)


def matches(row: InvoiceSummary, ask: InvoiceCriteria) -> bool:
    """Whether ``row`` answers every criterion of ``ask``."""
    return all(check(row, ask) for check in CHECKS)
