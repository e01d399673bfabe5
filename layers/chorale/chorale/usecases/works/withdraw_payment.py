"""The depositor withdraws a works payment as long as its payer has not acted (rule 30)."""

from datetime import datetime

from chorale.domain.access.rights import Actor
from chorale.domain.invoices.transitions import Act
from chorale.domain.works import acts
from chorale.domain.works.acting import By, Context
from chorale.domain.works.deposit import release_request
from chorale.domain.works.papers import Paper
from chorale.stores.invoices import recorded as invoices
from chorale.stores.works import dossiers as works
from chorale.usecases.invoices.advance import advanced
from chorale.usecases.works.act_on_paper import acting, freed
from chorale.usecases.works.act_on_payment import act_on_payment, invoice_of
from chorale.usecases.works.reach import RULES, Reached, whole


def withdraw_payment(actor: Actor, paper_id: int, reason: str, now: datetime) -> Paper:
    """The paper once it is given up, and the received invoice with it, in one transaction.

    Raises PaperNotFound, Forbidden, InvalidRequest or ActImpossible (with the current status).
    """
    return act_on_payment(actor, paper_id, lambda reached: _changes(actor, reached, reason, now), now)


def _changes(actor: Actor, reached: Reached, reason: str, now: datetime) -> list[works.Change]:
    """What is written: the file, the received invoice, the requests of other files that it was to pay."""
    paper, contract = reached.paper, reached.contract
    file = acts.abandon(reached.file, paper.id, Context(contract, By(actor.login, acting(reached)), now, RULES), reason)
    before = invoice_of(paper)
    after, lines = advanced(before, Act.WITHDRAW, actor.login, now, reason)
    made = [works.Change(reached.file, file, contract, tuple(invoices.recording_entries(before, after, lines)))]
    for request_id in dict.fromkeys(part.rests_on for part in paper.parts):
        if file.paper(request_id) is None:
            theirs, _ = whole(works.file_of(request_id))
            released = release_request(theirs, contract, request_id, paper, now, RULES)
            made.append(works.Change(theirs, released, contract))
    return [*made, *freed(reached.file, file, contract, now)]
