"""Do one act to a payment, whose paper is a received invoice too: both are written, and what other files have in it."""

from collections.abc import Callable
from datetime import datetime

from chorale.domain.access.rights import Actor, Deed
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.works.papers import Paper
from chorale.stores.invoices import recorded as invoices
from chorale.stores.works import dossiers as works
from chorale.usecases.works.act_on_paper import TRIES, busy
from chorale.usecases.works.reach import Reached, reach_paper
from chorale.usecases.works.run_dossiers import follow_invoice

Act = Callable[[Reached], list[works.Change]]
"""What an act writes, the file of the paper first; raises FileChanged for an invoice that the file has not followed."""


def act_on_payment(actor: Actor, paper_id: int, act: Act, now: datetime) -> Paper:
    """The paper after ``act``, of which everything is written in one transaction.

    Raises PaperNotFound, Forbidden, InvalidRequest or ActImpossible.
    """
    for _ in range(TRIES):
        # What the payer did in the received invoices comes first.
        follow_invoice(paper_id, now)
        reached = reach_paper(actor, paper_id, Deed.ACT_ON_WORKS)
        try:
            saved, *_ = works.save(act(reached), now)
        except works.FileChanged:
            continue
        found = saved.paper(paper_id)
        assert found is not None
        return found
    raise busy(None)


def invoice_of(paper: Paper) -> InvoiceSummary:
    """The received invoice that a paper for the payer is; raises FileChanged when the file has not followed it yet."""
    found = invoices.get(paper.id)
    assert found is not None
    if found.version != paper.version:
        raise works.FileChanged
    return found
