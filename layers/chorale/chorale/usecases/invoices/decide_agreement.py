"""A validator agrees to an invoice or refuses it; its silence may agree too."""

from datetime import datetime

from chorale.domain.access.rights import Actor, Deed
from chorale.domain.invoices.agreement import Decision, act_of
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.invoices.transitions import Act, path
from chorale.domain.statuses import Status
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.invoices.advance import SYSTEM, advance, held


def decide(
    actor: Actor, invoice_id: int, decision: Decision, motive: str, more: str, now: datetime
) -> tuple[InvoiceSummary, Status]:
    """Agree to an invoice or refuse it; return it as it now is, and the status that the decision itself gave.

    A decision after the deadline is void, even before the watch has come by: silence has agreed. Raises
    InvoiceNotFound, Forbidden, InvalidRequest or ActImpossible.
    """
    act, reason = act_of(decision, motive, more)
    before = held(actor, invoice_id, Deed.VALIDATE, validator_of)
    if is_overdue(before, now):
        before = take_silence(before)
    given = path(before.status, act)[0].target
    return advance(before, act, actor.login, now, reason), given


def validator_of(summary: InvoiceSummary) -> int | None:
    """The validator's structure; None for an invoice that has none."""
    return summary.validator.id if summary.validator else None


def is_overdue(summary: InvoiceSummary, now: datetime) -> bool:
    """Whether the validator's time is up."""
    return summary.validation_due is not None and summary.validation_due <= now


def take_silence(summary: InvoiceSummary) -> InvoiceSummary:
    """The validator said nothing: the invoice goes on, as of the deadline. Raises ActImpossible if it just moved."""
    assert summary.validation_due is not None
    return advance(summary, Act.TAKE_SILENCE_AS_AGREEMENT, SYSTEM, summary.validation_due)


def settle_silence(invoice_id: int, now: datetime) -> bool:
    """Let silence take effect if it is overdue; whether it did."""
    found = invoices.get(invoice_id)
    if found is None or not is_overdue(found, now):
        return False
    take_silence(found)
    return True
