"""Read one invoice whole, from the side one is on."""

from chorale.domain.errors import InvoiceNotFound
from chorale.domain.filing import FiledInvoice, InvoiceSummary
from chorale.domain.rights import Actor, Deed, can, demand
from chorale.stores import invoices


def unknown(invoice_id: int) -> InvoiceNotFound:
    """The answer for an invoice that does not exist, and for one that the actor may not know of."""
    return InvoiceNotFound(f"La demande de paiement {invoice_id} n'existe pas.")


def consult_issued(actor: Actor, invoice_id: int) -> FiledInvoice:
    """An invoice that one of the actor's structures issued; raises InvoiceNotFound or Forbidden."""
    filed = _whole(invoice_id)
    _demand_side(actor, Deed.READ_ISSUED, filed.summary.supplier.id, invoice_id)
    return filed


def consult_received(actor: Actor, invoice_id: int) -> FiledInvoice:
    """An invoice that one of the actor's structures received; raises InvoiceNotFound or Forbidden."""
    filed = _whole(invoice_id)
    _demand_side(actor, Deed.READ_RECEIVED, filed.summary.recipient.id, invoice_id)
    return filed


def consult_history(actor: Actor, invoice_id: int) -> FiledInvoice:
    """An invoice of either side, for its history; raises InvoiceNotFound or Forbidden."""
    filed = _whole(invoice_id)
    summary = filed.summary
    if can(actor, Deed.READ_ISSUED, summary.supplier.id) or can(actor, Deed.READ_RECEIVED, summary.recipient.id):
        return filed
    _demand_side(actor, *_own_side(actor, summary), invoice_id)
    raise unknown(invoice_id)


def _own_side(actor: Actor, summary: InvoiceSummary) -> tuple[Deed, int]:
    if summary.supplier.id in actor.structures:
        return Deed.READ_ISSUED, summary.supplier.id
    return Deed.READ_RECEIVED, summary.recipient.id


def _whole(invoice_id: int) -> FiledInvoice:
    filed = invoices.get_whole(invoice_id)
    if filed is None:
        raise unknown(invoice_id)
    return filed


def _demand_side(actor: Actor, deed: Deed, structure_id: int, invoice_id: int) -> None:
    if structure_id not in actor.structures:
        raise unknown(invoice_id)
    demand(actor, deed, structure_id)
