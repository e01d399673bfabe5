"""Search invoices: one index is read for the deposit period, then rows are filtered and sorted here."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chorale.domain.criteria import InvoiceCriteria, matches
from chorale.domain.dates import PARIS
from chorale.domain.errors import Forbidden, InvalidRequest
from chorale.domain.filing import InvoiceSummary
from chorale.domain.paging import RESULTS_CAP, Page, PageRequest, cut
from chorale.domain.rights import Actor, Deed, structures_for
from chorale.stores import invoices

SORT_KEYS: Mapping[str, Callable[[InvoiceSummary], Any]] = {
    "id": lambda row: row.id,
    "number": lambda row: row.number,
    "kind": lambda row: row.kind.value,
    "frame": lambda row: int(row.frame.short[1:]),
    "status": lambda row: row.status.value,
    "status_at": lambda row: row.status_at,
    "status_reason": lambda row: row.status_reason,
    "issue_date": lambda row: row.issue_date,
    "deposited_at": lambda row: row.deposited_at,
    "currency": lambda row: row.currency,
    "net": lambda row: row.net,
    "gross": lambda row: row.gross,
    "payable": lambda row: row.payable,
    "supplier_id": lambda row: row.supplier.id,
    "supplier_identifier": lambda row: row.supplier.identifier,
    "supplier_identifier_type": lambda row: row.supplier.identifier_type.value,
    "supplier_name": lambda row: row.supplier.name.casefold(),
    "recipient_id": lambda row: row.recipient.id,
    "recipient_identifier": lambda row: row.recipient.identifier,
    "recipient_name": lambda row: row.recipient.name.casefold(),
    "service_id": lambda row: row.service.id if row.service else 0,
    "service_code": lambda row: row.service.code if row.service else "",
    "service_name": lambda row: row.service.name.casefold() if row.service else "",
    "commitment": lambda row: row.commitment,
    "contract": lambda row: row.contract,
    "flux_number": lambda row: row.flux_number,
    "deposit_mode": lambda row: row.deposit_mode,
    "size": lambda row: row.size,
    "downloaded": lambda row: row.downloaded,
    "rejection_handled": lambda row: row.rejection_handled,
}
"""Columns that a search can be sorted by. ``PageRequest.sort_column`` holds one of these names."""
DEFAULT_SORT = "deposited_at"


def search_issued(actor: Actor, criteria: InvoiceCriteria, page: PageRequest) -> Page[InvoiceSummary]:
    """Invoices that the actor's structures issued. Raises Forbidden or InvalidRequest."""
    mine = _scope(actor, Deed.READ_ISSUED, criteria.suppliers)
    if criteria.flux_number:
        rows = [row for row in invoices.by_flux(criteria.flux_number) if row.supplier.id in mine]
        return _page(rows, False, criteria, page)
    return _search(invoices.by_supplier, mine, criteria, page)


def search_received(actor: Actor, criteria: InvoiceCriteria, page: PageRequest) -> Page[InvoiceSummary]:
    """Invoices that the actor's structures received. Raises Forbidden or InvalidRequest."""
    mine = _scope(actor, Deed.READ_RECEIVED, criteria.recipients)
    return _search(invoices.by_recipient, mine, criteria, page)


def _scope(actor: Actor, deed: Deed, asked: frozenset[int]) -> tuple[int, ...]:
    allowed = structures_for(actor, deed)
    if not allowed:
        raise Forbidden("Votre compte technique n'a l'habilitation pour cette recherche sur aucune structure.")
    # A structure that is not the actor's is answered as one that has no invoice.
    return tuple(structure for structure in allowed if not asked or structure in asked)


Reader = Callable[[int, datetime | None, datetime | None, int], invoices.Rows]


def _search(
    read: Reader, structures: tuple[int, ...], criteria: InvoiceCriteria, page: PageRequest
) -> Page[InvoiceSummary]:
    since, until = _start_of(criteria.deposited.low), _end_of(criteria.deposited.high)
    rows: list[InvoiceSummary] = []
    capped = False
    for structure in structures:
        # Not fewer when the caller wants fewer: those that it asks for may be anywhere in the period.
        found, more = read(structure, since, until, RESULTS_CAP)
        rows += found
        capped = capped or more
    return _page(rows, capped, criteria, page)


def _page(
    rows: list[InvoiceSummary], capped: bool, criteria: InvoiceCriteria, page: PageRequest
) -> Page[InvoiceSummary]:
    sort_key = SORT_KEYS.get(page.sort_column or DEFAULT_SORT)
    if sort_key is None:
        raise InvalidRequest(f"La colonne de tri {page.sort_column} n'existe pas.", "triColonne")
    # Two invoices of one structure may come through two of its parts: each id is kept once.
    unique = {row.id: row for row in rows if matches(row, criteria)}
    # Ties are broken by id, in the direction of the sort, so that pages never overlap.
    ordered = sorted(unique.values(), key=lambda row: (sort_key(row), row.id), reverse=not page.ascending)
    limit = min(page.results_maximum, RESULTS_CAP)
    return cut(ordered[:limit], page, capped or len(ordered) > limit)


def _start_of(day: object) -> datetime | None:
    if not isinstance(day, date):
        return None
    return datetime.combine(day, time(), PARIS).astimezone(UTC)


def _end_of(day: object) -> datetime | None:
    if not isinstance(day, date):
        return None
    return datetime.combine(day + timedelta(days=1), time(), PARIS).astimezone(UTC)
