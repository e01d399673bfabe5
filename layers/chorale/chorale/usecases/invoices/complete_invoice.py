"""The supplier completes an invoice that its recipient suspended."""

from collections.abc import Sequence
from datetime import datetime

from chorale.domain.access.rights import Actor, Deed
from chorale.domain.errors import InvalidRequest, NotSuspended
from chorale.domain.invoices.attachments import Wanted
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.invoices.transitions import Act
from chorale.domain.statuses import Status
from chorale.usecases.invoices.advance import advance, held
from chorale.usecases.invoices.attach_files import prepare_attachments


def complete(
    actor: Actor, invoice_id: int, comment: str, now: datetime, wanted: Sequence[Wanted] = ()
) -> InvoiceSummary:
    """Give a suspended invoice the comment or the stored files that were missing.

    It is back in the recipient's worklist. Raises InvoiceNotFound, Forbidden, InvalidRequest (nothing was added),
    AttachmentNotFound or NotSuspended.
    """
    before = held(actor, invoice_id, Deed.AMEND_ISSUED, lambda summary: summary.amender.id)
    return complete_for(actor, before, comment, now, wanted)


def complete_for(
    actor: Actor, before: InvoiceSummary, comment: str, now: datetime, wanted: Sequence[Wanted] = ()
) -> InvoiceSummary:
    """The same for an invoice that is known to be the account's to complete."""
    _demand_suspended(before)
    if not wanted and not comment.strip():
        raise InvalidRequest("Complétez la facture par un commentaire ou par une pièce jointe.", "commentaire")
    attached = prepare_attachments(actor, before.amender.id, wanted, now) if wanted else ()
    return advance(before, Act.COMPLETE, actor.login, now, comment, attached=attached)


def _demand_suspended(before: InvoiceSummary) -> None:
    if before.status is not Status.SUSPENDUE:
        raise NotSuspended(
            f"Action impossible : la facture est au statut {before.status.value}, seule une facture suspendue se "
            "complète.",
            before.status.value,
        )
