"""The statuses of many invoices in one call."""

from collections.abc import Sequence

from chorale.domain.access.rights import Actor, Deed, structures_for
from chorale.domain.errors import InvalidRequest
from chorale.domain.fields import Field
from chorale.domain.invoices.bulk import AT_MOST, Statuses
from chorale.domain.invoices.invoice import DocumentKind
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.invoices.consult_invoice import may_read


def read_statuses(actor: Actor, ids: Sequence[int], numbers: Sequence[str]) -> Statuses:
    """The invoices with these ids (of any side of the actor) and these numbers (issued by the actor's structures).

    A number may be that of an invoice and of a credit note: both are answered. Raises InvalidRequest when nothing or
    too much is asked; what does not exist and what the actor may not read are both unknown.
    """
    ids, numbers = tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(numbers))
    if not 0 < len(ids) + len(numbers) <= AT_MOST:
        raise InvalidRequest(
            f"Donnez de 1 à {AT_MOST} factures par appel, par {Field.INVOICE_IDS} et {Field.INVOICE_NUMBERS}.",
            Field.INVOICE_IDS,
        )
    held = {number: _held(actor, number) for number in numbers}
    wanted = tuple(dict.fromkeys([*ids, *(invoice_id for holders in held.values() for invoice_id in holders)]))
    heads: dict[int, InvoiceSummary] = {}
    for start in range(0, len(wanted), AT_MOST):
        heads |= invoices.get_many(wanted[start : start + AT_MOST])
    readable = {invoice_id: head for invoice_id, head in heads.items() if may_read(actor, head)}
    return Statuses(
        tuple(readable[invoice_id] for invoice_id in wanted if invoice_id in readable),
        tuple(invoice_id for invoice_id in ids if invoice_id not in readable),
        tuple(number for number, holders in held.items() if not readable.keys() & holders),
    )


def _held(actor: Actor, number: str) -> set[int]:
    holders = (
        invoices.holder(structure, kind.value, number)
        for structure in structures_for(actor, Deed.READ_ISSUED)
        for kind in DocumentKind
    )
    return {holder.invoice_id for holder in holders if holder}
