"""Search payment requests of every kind by the role that one plays in them."""

from collections.abc import Mapping
from dataclasses import replace

from chorale.domain.access.rights import Actor
from chorale.domain.invoices.criteria import InvoiceCriteria
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.invoices.transitions import Role
from chorale.domain.paging import Page, PageRequest
from chorale.stores.directory import structures as directory
from chorale.usecases.invoices.search_invoices import search_issued, search_received, search_to_validate

ROWS = 5_000
"""Rows of one answer, which has no pages: they fit in what a function can answer."""
NOBODY = frozenset({-1})
SEARCHES = {Role.SUPPLIER: search_issued, Role.RECIPIENT: search_received, Role.VALIDATOR: search_to_validate}


def named_by_identifier(criteria: InvoiceCriteria, named: Mapping[str, tuple[str, str]]) -> InvoiceCriteria:
    """``criteria`` with the structures that are named by kind and identifier; ``named``: criterion -> the two."""
    asked = {name: pair for name, pair in named.items() if pair[1] and not getattr(criteria, name)}
    found = directory.by_identifiers(asked.values()) if asked else {}
    ids = {name: frozenset({found[pair].id}) if pair in found else NOBODY for name, pair in asked.items()}
    return replace(criteria, **ids)  # type: ignore[arg-type]


def search_payment_requests(actor: Actor, role: Role | None, criteria: InvoiceCriteria) -> Page[InvoiceSummary]:
    """Payment requests in which the actor's structures play ``role``, latest first. Raises Forbidden.

    A role that nobody plays in what is kept here (None) finds nothing.
    """
    whole = PageRequest(size=ROWS, results_maximum=ROWS)
    if role is None:
        return Page((), 1, ROWS, 0)
    return SEARCHES[role](actor, criteria, whole)
