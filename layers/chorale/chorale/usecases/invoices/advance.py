"""Take an invoice one act further, with what the system does next by itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chorale.domain.access.rights import Actor, Deed, demand
from chorale.domain.errors import ActImpossible, InvoiceNotFound
from chorale.domain.invoices.agreement import answer_due
from chorale.domain.invoices.attachments import AttachedFile
from chorale.domain.invoices.recorded import HistoryLine, InvoiceSummary
from chorale.domain.invoices.transitions import Act, check_needs, path
from chorale.domain.statuses import Status
from chorale.stores.invoices import recorded as invoices

SYSTEM = "SYSTEME"
AGREED = frozenset({Status.VALIDEE_1, Status.ABSENCE_VALIDATION_1_HORS_DELAI})


def unknown(invoice_id: int) -> InvoiceNotFound:
    """The answer for an invoice that does not exist, and for one that the actor may not know of."""
    return InvoiceNotFound(f"La demande de paiement {invoice_id} n'existe pas.")


def held(actor: Actor, invoice_id: int, deed: Deed, side: Callable[[InvoiceSummary], int | None]) -> InvoiceSummary:
    """The invoice, if the structure on ``side`` of it is the actor's; raises InvoiceNotFound or Forbidden."""
    found = invoices.get(invoice_id)
    structure_id = side(found) if found else None
    if found is None or structure_id is None or structure_id not in actor.structures:
        raise unknown(invoice_id)
    demand(actor, deed, structure_id)
    return found


def advance(
    before: InvoiceSummary,
    act: Act,
    by: str,
    at: datetime,
    reason: str = "",
    mandate_number: str = "",
    attached: Sequence[AttachedFile] = (),
    **changes: Any,
) -> InvoiceSummary:
    """``before`` after ``act`` at ``at`` and what follows it, written whole; ``changes`` are other columns of it.

    ``attached`` are the files that the act brings.

    The reason stays with the act's own status. Raises ActImpossible (with the current status) when the status does not
    allow the act or when somebody else was faster, and InvalidRequest when the act lacks what it needs.
    """
    after, lines = advanced(before, act, by, at, reason, mandate_number, **changes)
    try:
        return invoices.record(before, after, lines, attached)
    except invoices.StatusChanged as lost:
        raise ActImpossible(
            f"Action impossible : la facture vient de passer au statut {lost.current.status.value}.",
            lost.current.status.value,
        ) from lost


def advanced(
    before: InvoiceSummary,
    act: Act,
    by: str,
    at: datetime,
    reason: str = "",
    mandate_number: str = "",
    **changes: Any,
) -> tuple[InvoiceSummary, tuple[HistoryLine, ...]]:
    """What ``advance`` writes, for a transaction that has more to write; raises ActImpossible or InvalidRequest."""
    rows = path(before.status, act, before.awaits_validation)
    check_needs(rows[0], reason, mandate_number)
    lines = tuple(
        HistoryLine(before.version + step, row.target, at, SYSTEM if step > 1 else by, "" if step > 1 else reason)
        for step, row in enumerate(rows, start=1)
    )
    last = lines[-1]
    after = replace(
        before,
        status=last.status,
        status_at=at,
        status_reason=last.reason,
        mandate_number=mandate_number or before.mandate_number,
        validated_at=at if any(row.target in AGREED for row in rows) else before.validated_at,
        validation_due=answer_due(before.frame, at) if last.status is Status.A_VALIDER_1 else None,
        **changes,
    )
    return after, lines
