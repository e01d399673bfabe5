"""Search payment requests of every kind by the part that one plays in them."""

from collections.abc import Mapping
from dataclasses import replace

from chorale.domain.criteria import InvoiceCriteria
from chorale.domain.filing import InvoiceSummary
from chorale.domain.paging import Page, PageRequest
from chorale.domain.rights import Actor
from chorale.domain.transitions import Part
from chorale.stores import directory
from chorale.usecases.search_invoices import search_issued, search_received, search_to_validate

ROWS = 5_000
"""Rows of one answer, which has no pages: they fit in what a function can answer."""
NOBODY = frozenset({-1})
SEARCHES = {Part.SUPPLIER: search_issued, Part.RECIPIENT: search_received, Part.VALIDATOR: search_to_validate}


def named_by_identifier(criteria: InvoiceCriteria, named: Mapping[str, tuple[str, str]]) -> InvoiceCriteria:
    """``criteria`` with the structures that are named by kind and identifier; ``named``: criterion -> the two."""
    asked = {name: pair for name, pair in named.items() if pair[1] and not getattr(criteria, name)}
    found = directory.by_identifiers(asked.values()) if asked else {}
    ids = {name: frozenset({found[pair].id}) if pair in found else NOBODY for name, pair in asked.items()}
    return replace(criteria, **ids)  # type: ignore[arg-type]


def search_payment_requests(actor: Actor, part: Part | None, criteria: InvoiceCriteria) -> Page[InvoiceSummary]:
    """Payment requests in which the actor's structures play ``part``, latest first. Raises Forbidden.

    A part that nobody plays in what is kept here (None) finds nothing.
    """
    whole = PageRequest(size=ROWS, results_maximum=ROWS)
    if part is None:
        return Page((), 1, ROWS, 0)
    return SEARCHES[part](actor, criteria, whole)
