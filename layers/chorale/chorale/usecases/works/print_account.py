"""The account of a contract as pages (rule 29)."""

from collections.abc import Iterable
from datetime import datetime

from chorale.domain.access.rights import Actor
from chorale.domain.dates import paris_day
from chorale.domain.works.figures import AccountLine
from chorale.domain.works.papers import Figures
from chorale.domain.works.reading import reads_every_paper
from chorale.domain.works.statement import figures_named
from chorale.usecases.works.find_papers import consult_account


def account_pages(actor: Actor, contract_id: int, now: datetime) -> bytes:
    """The account of a contract as a PDF, as far as the actor may read it; raises PaperNotFound or Forbidden."""
    contract, account = consult_account(actor, contract_id)
    # Fonts are slow to load, and the other routes of the function do without.
    from chorale.formats.writing.works_pages import AccountHead, AccountRow, contract_account

    def rows(found: Iterable[AccountLine]) -> list[AccountRow]:
        return [
            AccountRow(
                one.request.figures.month if one.request.figures else "",
                paris_day(one.request.deposited_at),
                f"{one.request.frame.name} {one.request.number}",
                one.creditor.name,
                (one.asked, one.by_moe, one.by_moa, one.paid),
            )
            for one in found
        ]

    pays = contract.payer.id in actor.structures
    whole = pays or any(reads_every_paper(contract, one) for one in actor.structures)
    last = account.situation
    head = AccountHead(
        contract.number,
        contract.owner.name,
        contract.presenter.name,
        contract.amount,
        whole,
        account.contested,
        tuple((name, amount) for name, amount in figures_named(last.figures or Figures()) if amount is not None)
        if last
        else (),
        f"{last.frame.name} {last.number}" if last else "",
    )
    return contract_account(head, rows(account.lines), now)
