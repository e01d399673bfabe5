"""The recipient gives an invoice its next status."""

from datetime import datetime

from chorale.domain.filing import InvoiceSummary
from chorale.domain.rights import Actor, Deed
from chorale.domain.statuses import NOT_YET_DELIVERED, Status
from chorale.domain.transitions import Part, act_to_reach
from chorale.usecases.advance import advance, held


def process_received(
    actor: Actor, invoice_id: int, target: Status, reason: str, mandate_number: str, now: datetime
) -> InvoiceSummary:
    """The recipient gives a received invoice the status ``target``.

    Raises InvoiceNotFound, Forbidden, InvalidRequest, or ActImpossible (with the current status) when the status does
    not allow it or when somebody else was faster.
    """
    act = act_to_reach(target, Part.RECIPIENT)
    before = held(actor, invoice_id, Deed.PROCESS_RECEIVED, recipient_that_knows)
    return advance(before, act, actor.login, now, reason, mandate_number)


def recipient_that_knows(summary: InvoiceSummary) -> int | None:
    """The recipient's structure, once the invoice was put at its disposal."""
    return None if summary.status in NOT_YET_DELIVERED else summary.recipient.id
