"""What is said of an ordinary invoice that names a works contract, by whichever door it comes (rule 28)."""

from chorale.domain.directory.structures import Structure
from chorale.domain.findings import Finding
from chorale.domain.invoices.invoice import Invoice
from chorale.domain.works.flux_papers import goes_past_the_chain
from chorale.stores.works import contracts


def past_the_chain(invoice: Invoice, supplier: Structure | None, recipient: Structure | None) -> list[Finding]:
    """A warning for an ordinary invoice to the MOA or the payer of a works contract of its supplier that it names.

    The structures are None when the directory does not know them.
    """
    if invoice.frame.is_works or not invoice.contract or supplier is None or recipient is None:
        return []
    named = (one for one in contracts.of_member(supplier.id) if one.number == invoice.contract)
    moas = [one.moa.name for one in named if recipient.id in (one.moa.id, one.owner.id, one.payer.id)]
    return [goes_past_the_chain(invoice, moas[0])] if moas else []
