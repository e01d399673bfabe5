"""The figures of a works payment beside its invoice: for who reads it, and as a sheet (rules 17 and 29)."""

from collections.abc import Collection
from dataclasses import replace

from chorale.domain.access.rights import Actor, Deed, can
from chorale.domain.errors import ActImpossible
from chorale.domain.invoices.recorded import FiledInvoice
from chorale.domain.invoices.works_statement import WorksStatement
from chorale.domain.works.bank_accounts import file_with_accounts
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.papers import Paper
from chorale.domain.works.reading import Sight, best_sight, reads_every_paper
from chorale.domain.works.statement import statement_of
from chorale.stores.invoices import recorded as invoices
from chorale.stores.works import contracts
from chorale.stores.works import dossiers as works
from chorale.usecases.works.reach import papers_of_contract, reach_paper, unknown_paper

SHEET_NAME = "fiche-de-paiement.pdf"
TRANSFER = "30"
"""UNTDID 4461."""


def with_works(actor: Actor, filed: FiledInvoice) -> FiledInvoice:
    """``filed`` with the figures of the works payment that it is, as the actor may see them; any other as it is.

    The account of its one creditor is the invoice's, for who pays, where the document has none.
    """
    file = works.get(filed.summary.works_file_id) if filed.summary.works_file_id else None
    paper = file.paper(filed.summary.id) if file else None
    if file is None or paper is None:
        return filed
    readers = {one for one in actor.structures if can(actor, Deed.READ_WORKS, one)}
    if paper.payer is not None and can(actor, Deed.READ_RECEIVED, paper.payer.id):
        readers.add(paper.payer.id)
    statement = _statement(file, paper, contracts.known(file.contract_id), readers)
    document = replace(filed.document, works=statement)
    pays = paper.payer is not None and paper.payer.id in readers
    accounts = {(one.account, one.creditor) for one in statement.shares}
    if pays and len(accounts) == 1 and not document.iban:
        [(iban, creditor)] = accounts
        means = document.payment_means or (TRANSFER if iban else "")
        document = replace(document, iban=iban, account_name=creditor, payment_means=means)
    return replace(filed, document=document)


def _statement(file: BillingFile, paper: Paper, contract: WorksContract, structures: Collection[int]) -> WorksStatement:
    """What a payment says beside its totals, with what the structures may see of accounts and of other payments."""
    seen = file_with_accounts(file, contract, structures).paper(paper.id)
    assert seen is not None
    statement = statement_of(seen, contract, (*papers_of_contract(contract), *file.papers))
    pays = paper.payer is not None and paper.payer.id in structures
    whole = pays or any(reads_every_paper(contract, one) for one in structures)
    return statement if whole else replace(statement, account=None, remarks=())


def paper_sheet(actor: Actor, paper_id: int) -> bytes:
    """The sheet of a works payment as a PDF, for who reads the paper whole.

    Raises PaperNotFound, Forbidden, or ActImpossible for a paper that is not the payer's.
    """
    reached = reach_paper(actor, paper_id, Deed.READ_WORKS)
    paper, contract = reached.paper, reached.contract
    if best_sight(paper, reached.structures, contract) is not Sight.WHOLE:
        raise unknown_paper(paper_id)
    filed = invoices.get_whole(paper_id)
    if paper.payer is None or filed is None:
        raise ActImpossible(
            f"La pièce {paper.number} n'est pas adressée au service financier : elle n'a pas de fiche de paiement.",
            paper.status.value,
        )
    return sheet_of(filed, _statement(reached.file, paper, contract, reached.structures))


def sheet_of(filed: FiledInvoice, statement: WorksStatement) -> bytes:
    """The sheet of a works payment: its shares, its situation, what the contract comes to."""
    # Fonts are slow to load, and most downloads do without.
    from chorale.formats.writing.works_pages import SheetHead, payment_sheet

    row = filed.summary
    frame = f"{row.frame.short} · {row.frame.label}"
    head = SheetHead(row.number, frame, row.contract, row.recipient.name, row.status.label, row.deposited_at)
    return payment_sheet(head, statement)
