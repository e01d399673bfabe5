"""A works paper of a flux: find its contract and the paper before it, deposit it by the rules of any deposit.

The paper and its row in the report of the flux are one transaction, so that a second run finds its own work.
"""

from dataclasses import replace
from datetime import datetime
from itertools import islice

from chorale.domain.access.rights import Actor, Right
from chorale.domain.deposits.flux import Flux
from chorale.domain.directory.structures import Structure
from chorale.domain.errors import ChoraleError
from chorale.domain.findings import Finding, RankOutcome, RankReport
from chorale.domain.invoices.invoice import Invoice
from chorale.domain.works.chain import Chain, steps_of
from chorale.domain.works.contract import PartyRole, WorksContract
from chorale.domain.works.deposit import chain_of
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.flux_papers import (
    REFUSALS,
    Link,
    PaperRefused,
    finding_of,
    is_buyer,
    is_of_the_seller,
    lands_at_payer,
    link_found,
    link_named,
    may_wait,
    no_right,
    no_role,
    number_taken,
    other_buyer,
    other_seller,
    several_contracts,
    unknown_contract,
)
from chorale.domain.works.inputs import PaperInput
from chorale.domain.works.papers import Paper
from chorale.formats.reading.main_document import main_document
from chorale.formats.reading.members import Member
from chorale.stores import counters, objects
from chorale.stores.deposits import flux as flux_store
from chorale.stores.invoices import recorded as invoices
from chorale.stores.works import contracts
from chorale.stores.works import dossiers as works
from chorale.usecases.invoices.attach_files import with_numbered_files
from chorale.usecases.works.act_on_paper import TRIES
from chorale.usecases.works.deposit_paper import Ready, Sent, changes, check_document, new_file_id, prepare

PAPERS_LOOKED_AT = 1_000
"""Latest papers of the depositor among which the previous one is looked for, when the document does not name it."""
APPLICATION = "flux"
CONTRACTORS = frozenset(
    {PartyRole.TITULAIRE, PartyRole.MANDATAIRE, PartyRole.COTRAITANT, PartyRole.SOUS_TRAITANT}
)  # fmt: skip


def integrate_paper(
    flux: Flux, member: Member, invoice: Invoice, seller: Structure, findings: tuple[Finding, ...], now: datetime
) -> RankReport:
    """Deposit the paper in ``member``, of which ``invoice`` was read, and return its row of the report.

    ``findings`` are those of its document. Running it again finds its own work. Raises PaperRefused with what to
    change, FileChanged when others are faster again and again: the message comes back.
    """
    paper_id = counters.next_number(counters.OBJECTS)
    report = RankReport(
        member.rank,
        member.name,
        RankOutcome.INTEGRATED,
        paper_id,
        invoice.number,
        invoice.supplier.identifier,
        invoice.buyer.identifier,
        findings,
    )
    for _ in range(TRIES):
        # Each time anew: who was faster may have been another run of the same rank.
        for earlier in flux_store.ranks(flux.number, member.rank, member.rank):
            if earlier.outcome is RankOutcome.INTEGRATED:
                return earlier
        given, ready = _prepared(flux, member, invoice, seller, paper_id, now)
        original = objects.put_original(flux.number, member.rank, member.content)
        sent = Sent(
            with_numbered_files(invoice, paper_id), flux.deposit_mode, original, member.name, len(member.content)
        )
        key = original
        if given.document is not member.content:
            key = objects.put_main_document(flux.number, member.rank, given.document)
        try:
            works.save(changes(ready, key, (flux_store.rank_put(flux.number, report),), sent), now)
        except works.PaperNumberTaken as taken:
            if (taken.holder.flux_number, taken.holder.rank) == (flux.number, member.rank):
                return replace(report, invoice_id=taken.holder.paper_id)
            holder = taken.holder
            raise PaperRefused(number_taken(invoice, holder.paper_id, is_invoice=holder.is_invoice)) from taken
        except works.FileChanged:
            continue
        return report
    raise works.FileChanged


def check_paper(flux: Flux, member: Member, invoice: Invoice, seller: Structure, now: datetime) -> int:
    """The id of the structure in whose name the paper would be deposited; nothing is written.

    What another paper of the same file would change is not known yet. Raises PaperRefused.
    """
    _, ready = _prepared(flux, member, invoice, seller, 0, now)
    depositor_id = ready.paper.depositor.id
    holder = works.number_holder(depositor_id, ready.paper.number)
    if holder and not holder.freed:
        raise PaperRefused(number_taken(invoice, holder.paper_id))
    taken = None
    if works.NUMBERS_OF_INVOICES in works.number_kinds(invoice.frame):
        taken = invoices.holder(depositor_id, works.NUMBERS_OF_INVOICES, ready.paper.number)
    if taken:
        raise PaperRefused(number_taken(invoice, taken.invoice_id, is_invoice=True))
    return depositor_id


def _prepared(
    flux: Flux, member: Member, invoice: Invoice, seller: Structure, paper_id: int, now: datetime
) -> tuple[PaperInput, Ready]:
    actor = depositor_of(flux)
    contract = _contract(actor, invoice, seller)
    depositor_id = _depositor(actor, invoice, seller, contract)
    if not lands_at_payer(invoice.frame) and not is_buyer(contract, invoice.buyer.identifier):
        raise PaperRefused(other_buyer(invoice, contract))
    given = _given(flux, member, invoice, contract, depositor_id)
    try:
        check_document(given)
        link = _link(actor, given, invoice, contract, depositor_id, now)
        given = replace(given, previous_id=link.previous_id, replaces_id=link.replaces_id)
        return given, prepare(actor, given, paper_id, new_file_id if paper_id else _no_number, now)
    except REFUSALS as error:
        raise PaperRefused(finding_of(error, invoice)) from error


def _no_number() -> int:
    return 0


def depositor_of(flux: Flux) -> Actor:
    """The account that deposited ``flux``, with the right on works papers that it had then."""
    held = {structure_id: frozenset[Right]() for structure_id in flux.structures}
    return Actor(flux.depositor, APPLICATION, held | dict.fromkeys(flux.works, frozenset({Right.WORKS})))


def _contract(actor: Actor, invoice: Invoice, seller: Structure) -> WorksContract:
    """The contract that BT-12 names: where MOA share a number, the one of the seller, then that of the buyer."""
    found = {
        contract.id: contract
        for structure_id in sorted(actor.structures)
        for contract in contracts.of_member(structure_id)
        if contract.number == invoice.contract and contract.roles_of(structure_id)
    }
    meant = list(found.values())
    meant = [one for one in meant if one.roles_of(seller.id)] or meant
    if len(meant) > 1:
        buyer = invoice.buyer.identifier
        meant = [one for one in meant if buyer in (one.payer.identifier, one.moa.identifier)] or meant
    if not meant:
        raise PaperRefused(unknown_contract(invoice))
    if len(meant) > 1:
        raise PaperRefused(several_contracts(invoice, [one.moa.identifier for one in meant]))
    return meant[0]


def _depositor(actor: Actor, invoice: Invoice, seller: Structure, contract: WorksContract) -> int:
    """The seller for the contractor's papers; for the MOE's and the MOA's, the account's structure with that part."""
    entitled = {structure_id for structure_id, rights in actor.rights.items() if rights}
    if is_of_the_seller(invoice.frame):
        if seller.id not in entitled:
            raise PaperRefused(no_right(invoice))
        return seller.id
    roles = {role for row in steps_of(invoice.frame) for role in row.actors}
    able = [party.structure.id for party in contract.with_role(*roles) if party.structure.id in entitled]
    if not able:
        raise PaperRefused(no_role(invoice))
    if not contract.roles_of(seller.id) & CONTRACTORS:
        raise PaperRefused(other_seller(invoice, contract.presenter.identifier))
    return contract.moa.id if contract.moa.id in able else able[0]


def _given(
    flux: Flux, member: Member, invoice: Invoice, contract: WorksContract, depositor_id: int
) -> PaperInput:  # fmt: skip
    name, document = main_document(member.content, member.name)
    pays = lands_at_payer(invoice.frame)
    validated = any(row.validation for row in steps_of(invoice.frame))
    return PaperInput(
        number=invoice.number,
        frame=invoice.frame,
        net=invoice.totals.net,
        gross=invoice.totals.gross,
        contract_id=contract.id,
        depositor=depositor_id,
        validator=invoice.validator if validated else "",
        payer=invoice.buyer.identifier if pays else "",
        payer_service=invoice.service_code if pays else "",
        commitment=invoice.commitment,
        comment=invoice.note,
        document=document,
        document_name=name,
        flux_number=flux.number,
        rank=member.rank,
    )


# The paper before


def _link(
    actor: Actor, given: PaperInput, invoice: Invoice, contract: WorksContract, depositor_id: int, now: datetime
) -> Link:
    if invoice.origin_number:
        return link_named(invoice, depositor_id, _papers_with(invoice.origin_number, contract))
    waiting = [
        paper
        for file in _files(given, contract, depositor_id)
        for paper in file.papers
        if may_wait(given.frame, paper) and paper.is_with_addressee
    ]
    possible = [paper for paper in waiting if _can_follow(actor, given, paper, now)]
    return link_found(invoice, waiting, possible)


def _papers_with(number: str, contract: WorksContract) -> list[Paper]:
    """The papers of the contract that have ``number``: one of each party at most."""
    found = []
    for structure_id in sorted({party.structure.id for party in contract.parties}):
        holder = works.number_holder(structure_id, number)
        entry = works.entry(holder.paper_id) if holder else None
        file = works.get(entry.file_id) if entry and entry.contract_id == contract.id else None
        paper = file.paper(entry.paper.id) if file and entry else None
        found += [paper] if paper else []
    return found


def _files(given: PaperInput, contract: WorksContract, depositor_id: int) -> list[BillingFile]:
    """The files of the contract with a paper that could be the previous one."""
    if chain_of(given.frame) is Chain.FINAL and contract.final_file_id:
        numbers = {contract.final_file_id}
    else:
        latest = islice(works.papers_of(depositor_id, None, None, PAPERS_LOOKED_AT), PAPERS_LOOKED_AT)
        numbers = {
            entry.file_id
            for entry in latest
            if entry.contract_id == contract.id and may_wait(given.frame, entry.paper)
        }  # fmt: skip
    files = (works.get(number) for number in sorted(numbers))
    return [file for file in files if file is not None]


def _can_follow(actor: Actor, given: PaperInput, paper: Paper, now: datetime) -> bool:
    try:
        prepare(actor, replace(given, previous_id=paper.id), 0, _no_number, now)
    except ChoraleError:
        return False
    return True
