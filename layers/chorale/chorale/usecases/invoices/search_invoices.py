"""Search invoices: one index is read for the deposit period, then rows are filtered and sorted here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from chorale.domain.access.rights import Actor, Deed, structures_for
from chorale.domain.dates import first_moment, last_moment
from chorale.domain.errors import Forbidden, InvalidRequest
from chorale.domain.fields import Field
from chorale.domain.invoices.criteria import InvoiceCriteria, matches, siren_of
from chorale.domain.invoices.payment_requests import WORKS_PAPERS, payment_request_of
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.paging import DEFAULT_INVOICES, RESULTS_CAP, Page, PageRequest, cut
from chorale.stores.directory import structures as directory
from chorale.stores.invoices import recorded as invoices

NEVER = datetime.min.replace(tzinfo=UTC)
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
    "recipient_identifier_type": lambda row: row.recipient.identifier_type.value,
    "payment_request": lambda row: payment_request_of(row.frame).value,
    "works_paper": lambda row: WORKS_PAPERS.get(row.frame, ""),
    "origin_number": lambda row: row.origin_number,
    "supplier_service_code": lambda row: row.supplier_service.code if row.supplier_service else "",
    "supplier_service_name": lambda row: row.supplier_service.name.casefold() if row.supplier_service else "",
    "validator_id": lambda row: row.validator.id if row.validator else 0,
    "validator_identifier": lambda row: row.validator.identifier if row.validator else "",
    "validator_identifier_type": lambda row: row.validator.identifier_type.value if row.validator else "",
    "validator_name": lambda row: row.validator.name.casefold() if row.validator else "",
    "validated_at": lambda row: row.validated_at or NEVER,
    "rejection_handled": lambda row: row.rejection_handled,
}
"""Columns that a search can be sorted by. ``PageRequest.sort_column`` holds one of these names."""
DEFAULT_SORT = "deposited_at"
NO_COMPANY = frozenset({"-"})
"""The company of structures that do not exist."""

Reader = Callable[[int, invoices.Period, int, bool], Iterable[InvoiceSummary]]


def search_issued(actor: Actor, criteria: InvoiceCriteria, page: PageRequest) -> Page[InvoiceSummary]:
    """Invoices that the actor's structures issued. Raises Forbidden or InvalidRequest."""
    mine = scope(actor, Deed.READ_ISSUED, criteria.suppliers)
    if criteria.flux_number:
        limit = min(page.results_maximum or RESULTS_CAP, RESULTS_CAP)
        rows = (row for row in invoices.by_flux(criteria.flux_number) if row.supplier.id in mine)
        return _page(*_look(rows, criteria, RESULTS_CAP), limit, page)
    return _search(invoices.by_supplier, mine, criteria, page)


def search_received(actor: Actor, criteria: InvoiceCriteria, page: PageRequest) -> Page[InvoiceSummary]:
    """Invoices that the actor's structures received. Raises Forbidden or InvalidRequest."""
    mine = scope(actor, Deed.READ_RECEIVED, criteria.recipients)
    return _search(invoices.by_recipient, mine, criteria, page)


def search_to_validate(actor: Actor, criteria: InvoiceCriteria, page: PageRequest) -> Page[InvoiceSummary]:
    """Invoices put to the actor's structures as validators, settled or not. Raises Forbidden or InvalidRequest."""
    mine = scope(actor, Deed.READ_TO_VALIDATE, criteria.validators)
    return _search(invoices.by_validator, mine, criteria, page)


def of_companies(criteria: InvoiceCriteria, suppliers: bool = False, recipients: bool = False) -> InvoiceCriteria:
    """``criteria`` with every establishment of the companies of its suppliers, of its recipients, or of both."""
    if suppliers and criteria.suppliers:
        sirens = _companies(criteria.suppliers)
        criteria = replace(criteria, suppliers=frozenset(), supplier_sirens=sirens)
    if recipients and criteria.recipients:
        sirens = _companies(criteria.recipients)
        criteria = replace(criteria, recipients=frozenset(), recipient_sirens=sirens)
    return criteria


def _companies(structure_ids: frozenset[int]) -> frozenset[str]:
    known = directory.structures(tuple(structure_ids))
    return frozenset(siren_of(row.identifier_type, row.identifier) for row in known) or NO_COMPANY


def scope(actor: Actor, deed: Deed, asked: frozenset[int]) -> tuple[int, ...]:
    """The actor's structures for ``deed``, those asked for if any are; raises Forbidden when it has none at all."""
    allowed = structures_for(actor, deed)
    if not allowed:
        raise Forbidden("Votre compte technique n'a l'habilitation pour cette recherche sur aucune structure.")
    # A structure that is not the actor's is answered as one that has no invoice.
    return tuple(structure for structure in allowed if not asked or structure in asked)


def _search(
    read: Reader, structures: tuple[int, ...], criteria: InvoiceCriteria, page: PageRequest
) -> Page[InvoiceSummary]:
    limit = min(page.results_maximum or max(DEFAULT_INVOICES, page.size), RESULTS_CAP)
    # In the order of the index, reading stops with the last row that can be given; any other sort needs them all.
    in_order = page.sort_column in ("", DEFAULT_SORT)
    enough = limit if in_order else RESULTS_CAP
    period = _start_of(criteria.deposited.low), _end_of(criteria.deposited.high)
    rows: list[InvoiceSummary] = []
    capped = False
    for structure in structures:
        found, more = _look(read(structure, period, enough + 1, in_order and page.ascending), criteria, enough)
        rows += found
        capped = capped or more
    return _page(rows, capped, limit, page)


def _look(rows: Iterable[InvoiceSummary], criteria: InvoiceCriteria, enough: int) -> tuple[list[InvoiceSummary], bool]:
    """The rows that answer ``criteria``, at most one more than ``enough``; and whether there may be others."""
    found: list[InvoiceSummary] = []
    for looked, row in enumerate(rows):
        if looked == RESULTS_CAP or len(found) > enough:
            return found, True
        if matches(row, criteria):
            found.append(row)
    return found, False


def _page(rows: list[InvoiceSummary], capped: bool, limit: int, page: PageRequest) -> Page[InvoiceSummary]:
    sort_key = SORT_KEYS.get(page.sort_column or DEFAULT_SORT)
    if sort_key is None:
        raise InvalidRequest(f"La colonne de tri {page.sort_column} n'existe pas.", Field.SORT_COLUMN)
    # Two invoices of one structure may come through two of its parts: each id is kept once.
    unique = {row.id: row for row in rows}
    # Ties are broken by id, in the direction of the sort, so that pages never overlap.
    ordered = sorted(unique.values(), key=lambda row: (sort_key(row), row.id), reverse=not page.ascending)
    return cut(ordered[:limit], page, capped or len(ordered) > limit)


def _start_of(day: object) -> datetime | None:
    return first_moment(day) if isinstance(day, date) else None


def _end_of(day: object) -> datetime | None:
    return last_moment(day) if isinstance(day, date) else None
