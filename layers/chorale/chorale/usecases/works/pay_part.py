"""The payer pays one creditor its part of a works payment (rule 17)."""

from datetime import date, datetime

from chorale.domain.access.rights import Actor, Deed, demand
from chorale.domain.errors import Forbidden
from chorale.domain.invoices.transitions import Act
from chorale.domain.works.acting import By, Context
from chorale.domain.works.papers import Paper
from chorale.domain.works.payment_acts import PartPayment, follow_payer, is_wholly_paid, pay_part
from chorale.stores.invoices import recorded as invoices
from chorale.stores.works import dossiers as works
from chorale.usecases.invoices.advance import advanced
from chorale.usecases.works.act_on_payment import act_on_payment, invoice_of
from chorale.usecases.works.reach import RULES, Reached, reach_paper, structure_named
from chorale.usecases.works.run_dossiers import paid_elsewhere


def pay_creditor(
    actor: Actor, paper_id: int, kind: str, identifier: str, rests_on: int | None, on: date | None, now: datetime
) -> Paper:
    """The paper once the part of the creditor with this identifier is paid, ``on`` a day or today.

    With the last part the received invoice gets MISE_EN_PAIEMENT, in the same transaction. Raises PaperNotFound,
    Forbidden, InvalidRequest or ActImpossible.
    """
    reach_paper(actor, paper_id, Deed.ACT_ON_WORKS)
    payment = PartPayment(structure_named(kind, identifier, "identifiantCreancier"), rests_on, on)
    return act_on_payment(actor, paper_id, lambda reached: _changes(actor, reached, payment, now), now)


def _changes(actor: Actor, reached: Reached, payment: PartPayment, now: datetime) -> list[works.Change]:
    """What is written: the file, the received invoice with its last part, the requests of other files."""
    paper, contract = reached.paper, reached.contract
    payer = paper.payer
    if payer is None or payer.id not in reached.structures:
        raise Forbidden("Une part est payée par le service financier à qui la pièce est adressée.")
    demand(actor, Deed.PROCESS_RECEIVED, payer.id)
    file = pay_part(reached.file, paper.id, Context(contract, By(actor.login, payer), now, RULES), payment)
    paid = file.paper(paper.id)
    assert paid is not None
    entries = []
    if is_wholly_paid(paid):
        before = invoice_of(paper)
        after, lines = advanced(before, Act.PAY, actor.login, now)
        entries = invoices.recording_entries(before, after, lines)
        for line in lines:
            file = follow_payer(file, paper.id, contract, line.status, line.at, line.by, line.reason, RULES)
    change = works.Change(reached.file, file, contract, tuple(entries))
    return [change, *paid_elsewhere(paper, file, contract)]
