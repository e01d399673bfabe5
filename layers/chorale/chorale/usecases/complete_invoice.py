"""The supplier completes an invoice that its recipient suspended."""

from datetime import datetime

from chorale.domain.errors import InvalidRequest, NotSuspended
from chorale.domain.filing import InvoiceSummary
from chorale.domain.rights import Actor, Deed
from chorale.domain.statuses import Status
from chorale.domain.transitions import Act
from chorale.usecases.advance import advance, held


def complete(actor: Actor, invoice_id: int, comment: str, now: datetime) -> InvoiceSummary:
    """Give a suspended invoice the comment that was missing; it is back in the recipient's worklist.

    Raises InvoiceNotFound, Forbidden, InvalidRequest (nothing was added) or NotSuspended.
    """
    before = held(actor, invoice_id, Deed.AMEND_ISSUED, lambda summary: summary.amender.id)
    return complete_for(actor.login, before, comment, now)


def complete_for(login: str, before: InvoiceSummary, comment: str, now: datetime) -> InvoiceSummary:
    """The same for an invoice that is known to be the account's to complete."""
    if before.status is not Status.SUSPENDUE:
        raise NotSuspended(
            f"Action impossible : la facture est au statut {before.status.value}, seule une facture suspendue se "
            "complète.",
            before.status.value,
        )
    if not comment.strip():
        raise InvalidRequest("Complétez la facture par un commentaire.", "commentaire")
    return advance(before, Act.COMPLETE, login, now, comment)
