"""The account of a contract as pages (rule 29)."""

from collections.abc import Iterable
from datetime import datetime

from chorale.domain.access.rights import Actor
from chorale.domain.dates import paris_day
from chorale.domain.works.figures import AccountLine
from chorale.domain.works.reading import reads_every_paper
from chorale.usecases.works.find_papers import consult_account


def account_pages(actor: Actor, contract_id: int, now: datetime) -> bytes:
    """The account of a contract as a PDF, as far as the actor may read it; raises PaperNotFound or Forbidden."""
    contract, lines = consult_account(actor, contract_id)
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
    head = AccountHead(contract.number, contract.owner.name, contract.presenter.name, contract.amount, whole)
    return contract_account(head, rows(lines), now)
