"""Worklists: what waits for a supplier, a recipient, a validator."""

from chorale.domain.access.rights import Actor
from chorale.domain.invoices.criteria import InvoiceCriteria
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.invoices.worklists import RECIPIENT_WORKLIST, REJECTIONS, SUPPLIER_WORKLIST, VALIDATOR_WORKLIST
from chorale.domain.paging import Page, PageRequest
from chorale.stores.directory import structures as directory
from chorale.usecases.invoices.search_invoices import search_issued, search_received, search_to_validate

NOBODY = frozenset({-1})
"""Structures of a search that names one that does not exist."""


def supplier_worklist(
    actor: Actor, structure_id: int, hide_rejections: bool, page: PageRequest
) -> Page[InvoiceSummary]:
    """Issued invoices that are not yet decided or came back; rejections until they are handled. Raises Forbidden."""
    statuses = SUPPLIER_WORKLIST if hide_rejections else SUPPLIER_WORKLIST | REJECTIONS
    criteria = InvoiceCriteria(statuses=statuses, suppliers=_one(structure_id), rejection_handled=False)
    return search_issued(actor, criteria, page)


def recipient_worklist(actor: Actor, structure_id: int, page: PageRequest) -> Page[InvoiceSummary]:
    """Received invoices that wait for their recipient. Raises Forbidden."""
    criteria = InvoiceCriteria(statuses=RECIPIENT_WORKLIST, recipients=_one(structure_id))
    return search_received(actor, criteria, page)


def validator_worklist(
    actor: Actor, structure_id: int, kind: str, identifier: str, page: PageRequest
) -> Page[InvoiceSummary]:
    """Invoices that wait for their validator, named by its id, its identifier, or not at all. Raises Forbidden."""
    asked = _one(structure_id)
    if identifier and not structure_id:
        found = directory.by_identifiers([(kind, identifier)]).get((kind, identifier))
        asked = frozenset({found.id}) if found else NOBODY
    return search_to_validate(actor, InvoiceCriteria(statuses=VALIDATOR_WORKLIST, validators=asked), page)


def _one(structure_id: int) -> frozenset[int]:
    return frozenset({structure_id}) if structure_id else frozenset()
