"""Read one invoice whole, from the side one is on."""

from collections.abc import Iterator
from dataclasses import replace

from chorale.domain.access.rights import Actor, Deed, can, demand
from chorale.domain.invoices.recorded import FiledInvoice, InvoiceSummary
from chorale.domain.statuses import NOT_YET_DELIVERED
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.access.authors import as_seen_by
from chorale.usecases.invoices.advance import unknown


def consult_issued(actor: Actor, invoice_id: int) -> FiledInvoice:
    """An invoice that one of the actor's structures issued; raises InvoiceNotFound or Forbidden."""
    filed = _whole(invoice_id)
    _demand_side(actor, Deed.READ_ISSUED, filed.summary.supplier.id, invoice_id)
    return filed


def consult_received(actor: Actor, invoice_id: int) -> FiledInvoice:
    """An invoice that one of the actor's structures received; raises InvoiceNotFound or Forbidden."""
    filed = _whole(invoice_id)
    if filed.summary.status in NOT_YET_DELIVERED:
        raise unknown(invoice_id)
    _demand_side(actor, Deed.READ_RECEIVED, filed.summary.recipient.id, invoice_id)
    return filed


def consult_to_validate(actor: Actor, invoice_id: int) -> FiledInvoice:
    """An invoice that was put to one of the actor's structures as validator; raises InvoiceNotFound or Forbidden."""
    filed = _whole(invoice_id)
    if filed.summary.validator is None:
        raise unknown(invoice_id)
    _demand_side(actor, Deed.READ_TO_VALIDATE, filed.summary.validator.id, invoice_id)
    return filed


def consult_history(actor: Actor, invoice_id: int) -> FiledInvoice:
    """An invoice of any side, for its history; raises InvoiceNotFound or Forbidden."""
    filed = _whole(invoice_id)
    sides = [(deed, structure) for deed, structure in _sides(filed.summary) if structure in actor.structures]
    if not sides:
        raise unknown(invoice_id)
    if not any(can(actor, deed, structure) for deed, structure in sides):
        demand(actor, *sides[0])
    return filed


def show_history(actor: Actor, invoice_id: int) -> FiledInvoice:
    """The same with authors as the actor may know them: no login of another party."""
    filed = consult_history(actor, invoice_id)
    summary = filed.summary
    parties = [summary.supplier, summary.recipient, *([summary.validator] if summary.validator else [])]
    author = as_seen_by(actor, {party.id: party.name for party in parties})
    return replace(
        filed,
        history=tuple(replace(line, by=author(line.by)) for line in filed.history),
        actions=tuple(replace(action, by=author(action.by)) for action in filed.actions),
    )


def may_read(actor: Actor, summary: InvoiceSummary) -> bool:
    """Whether one side of the invoice is the actor's, with the right to read it."""
    return any(can(actor, deed, structure) for deed, structure in _sides(summary))


def _sides(summary: InvoiceSummary) -> Iterator[tuple[Deed, int]]:
    yield Deed.READ_ISSUED, summary.supplier.id
    if summary.status not in NOT_YET_DELIVERED:
        yield Deed.READ_RECEIVED, summary.recipient.id
    if summary.validator:
        yield Deed.READ_TO_VALIDATE, summary.validator.id


def _whole(invoice_id: int) -> FiledInvoice:
    filed = invoices.get_whole(invoice_id)
    if filed is None:
        raise unknown(invoice_id)
    return filed


def _demand_side(actor: Actor, deed: Deed, structure_id: int, invoice_id: int) -> None:
    if structure_id not in actor.structures:
        raise unknown(invoice_id)
    demand(actor, deed, structure_id)
