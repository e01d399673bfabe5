"""Give an invoice its next status."""

from dataclasses import replace
from datetime import datetime

from chorale.domain.errors import ActImpossible
from chorale.domain.filing import InvoiceSummary
from chorale.domain.rights import Actor, Deed, demand
from chorale.domain.statuses import Status
from chorale.domain.transitions import Part, act_to_reach, check_needs, transition
from chorale.stores import invoices
from chorale.usecases.consult_invoice import unknown


def process_received(
    actor: Actor, invoice_id: int, target: Status, reason: str, mandate_number: str, now: datetime
) -> InvoiceSummary:
    """The recipient gives a received invoice the status ``target``.

    Raises InvoiceNotFound, Forbidden, InvalidRequest, or ActImpossible (with the current status) when the status does
    not allow it or when somebody else was faster.
    """
    act = act_to_reach(target, Part.RECIPIENT)
    before = invoices.get(invoice_id)
    if before is None or before.recipient.id not in actor.structures:
        raise unknown(invoice_id)
    demand(actor, Deed.PROCESS_RECEIVED, before.recipient.id)
    row = transition(before.status, act)
    check_needs(row, reason, mandate_number)
    after = replace(
        before,
        status=row.target,
        status_at=now,
        status_reason=reason,
        mandate_number=mandate_number or before.mandate_number,
    )
    try:
        return invoices.change_status(before, after, actor.login)
    except invoices.StatusChanged as lost:
        raise ActImpossible(
            f"Action impossible : la facture vient de passer au statut {lost.current.status.value}.",
            lost.current.status.value,
        ) from lost
