"""What a search asks for, and whether a row answers it. All criteria given must hold; an empty one asks nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from chorale.domain.dates import paris_day
from chorale.domain.filing import InvoiceSummary
from chorale.domain.frames import Frame
from chorale.domain.invoice import DocumentKind
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
    services: frozenset[int] = frozenset()
    net: Between = ANY
    gross: Between = ANY
    payable: Between = ANY
    contract: str = ""
    commitment: str = ""
    downloaded: bool | None = None
    nothing_matches: bool = False
    """The request asks for a kind of document that this search never holds."""


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
    lambda row, ask: not ask.services or (row.service is not None and row.service.id in ask.services),
    lambda row, ask: ask.net.holds(row.net),
    lambda row, ask: ask.gross.holds(row.gross),
    lambda row, ask: ask.payable.holds(row.payable),
    lambda row, ask: not ask.contract or ask.contract == row.contract,
    lambda row, ask: not ask.commitment or ask.commitment == row.commitment,
    lambda row, ask: ask.downloaded is None or ask.downloaded == row.downloaded,
)


def matches(row: InvoiceSummary, ask: InvoiceCriteria) -> bool:
    """Whether ``row`` answers every criterion of ``ask``."""
    return all(check(row, ask) for check in CHECKS)
