"""Many invoices in one question."""

from dataclasses import dataclass

from chorale.domain.invoices.recorded import InvoiceSummary

AT_MOST = 100
"""Ids and numbers of one call together."""


@dataclass(frozen=True, slots=True)
class Statuses:
    """What was found, in the order asked; and what the actor knows no invoice of."""

    found: tuple[InvoiceSummary, ...]
    unknown_ids: tuple[int, ...]
    unknown_numbers: tuple[str, ...]
