"""The recipient gives an invoice its next status."""

from datetime import datetime

from chorale.domain.access.rights import Actor, Deed
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.invoices.transitions import Role, act_to_reach
from chorale.domain.statuses import NOT_YET_DELIVERED, Status
from chorale.usecases.invoices.advance import advance, held


def process_received(
    actor: Actor, invoice_id: int, target: Status, reason: str, mandate_number: str, now: datetime
) -> InvoiceSummary:
    """The recipient gives a received invoice the status ``target``.

    Raises InvoiceNotFound, Forbidden, InvalidRequest, or ActImpossible (with the current status) when the status does
    not allow it or when somebody else was faster.
    """
    act = act_to_reach(target, Role.RECIPIENT)
    before = held(actor, invoice_id, Deed.PROCESS_RECEIVED, recipient_that_knows)
    return advance(before, act, actor.login, now, reason, mandate_number)


def recipient_that_knows(summary: InvoiceSummary) -> int | None:
    """The recipient's structure, once the invoice was put at its disposal."""
    return None if summary.status in NOT_YET_DELIVERED else summary.recipient.id
