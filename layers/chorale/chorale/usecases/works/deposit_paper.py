"""Deposit a works paper, to open a billing file or after another; one for the payer becomes a received invoice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chorale.domain.attachments import Wanted
from chorale.domain.dates import paris_day
from chorale.domain.errors import Forbidden, InvalidRequest
from chorale.domain.filing import FiledInvoice, InvoiceSummary, ServiceRef, StructureRef
from chorale.domain.frames import Frame
from chorale.domain.invoice import DepositMode, DocumentKind, Invoice, Party, Totals
from chorale.domain.rights import Actor, Deed, can
from chorale.domain.works.chain import Addressee, Chain
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.deposit import (
    NewPaper,
    attach,
    chain_of,
    deposit,
    open_file,
    warn_late_request,
    was_notified,
)
from chorale.domain.works.file import BillingFile
from chorale.domain.works.inputs import PaperInput
from chorale.domain.works.papers import Amounts, Paper
from chorale.stores import contracts, counters, directory, invoices, objects, works
from chorale.usecases.attach_files import prepare_attachments
from chorale.usecases.works.act_on_paper import TRIES, busy
from chorale.usecases.works.reach import RULES, reach_contract, reach_paper, structure_named, unknown_contract

LONGEST_NUMBER = 20
"""Characters of a paper's number (AIFE Swagger, numeroFacture)."""
LARGEST_DOCUMENT = 10_000_000
"""Bytes of a main document."""
PDF_MAGIC = b"%PDF-"


def deposit_paper(actor: Actor, given: PaperInput, now: datetime) -> Paper:
    """Put a paper on its way and return it.

    The main document is kept before anything is written, the file and what follows from it are one transaction. Raises
    PaperNotFound, Forbidden, InvalidRequest or ActImpossible; then nothing is written but, at most, an unused object.
    """
    check_document(given)
    paper_id = counters.next_number(counters.OBJECTS)
    key = ""
    for _ in range(TRIES):
        ready = prepare(actor, given, paper_id, new_file_id, now)
        wanted = [Wanted(number) for number in given.attachments]
        depositor_id = ready.paper.depositor.id
        files = prepare_attachments(actor, depositor_id, wanted, now, "listePiecesJointes") if wanted else ()
        if given.document and not key:
            key = objects.put_paper(paper_id, given.document)
        try:
            saved = works.save(changes(ready, key, works.attaching(paper_id, files)), now)
        except works.PaperNumberTaken as taken:
            raise InvalidRequest(
                f"Le numéro {ready.paper.number} est déjà celui de la pièce {taken.holder.paper_id} de votre "
                "structure : donnez-en un autre.",
                "numeroFactureTravaux",
            ) from taken
        except works.FileChanged:
            continue
        found = saved[0].paper(paper_id)
        assert found is not None
        return found
    raise busy(None)


@dataclass(frozen=True, slots=True)
class Ready:
    """A deposit that the rules allow, before anything of it is written; ``before`` is None for a new file."""

    before: BillingFile | None
    after: BillingFile
    contract: WorksContract
    paper: Paper


@dataclass(frozen=True, slots=True)
class Sent:
    """The document of a paper that came in a flux, as it was read, and where its original is."""

    document: Invoice
    deposit_mode: str
    original_key: str
    file_name: str
    size: int
    """Bytes."""


def new_file_id() -> int:
    """A number for a new billing file."""
    return counters.next_number(counters.WORKS_FILES)


def prepare(actor: Actor, given: PaperInput, paper_id: int, file_id: Callable[[], int], now: datetime) -> Ready:
    """What depositing ``given`` does, by every rule and without writing; ``file_id`` numbers a new file.

    Raises PaperNotFound, Forbidden, InvalidRequest or ActImpossible.
    """
    number = _number(given.number)
    before, contract, structures = _place(actor, given)
    depositor = _depositor(actor, given, contract, structures)
    file = before or open_file(file_id(), contract, chain_of(given.frame), now)
    after = deposit(file, contract, _new(given, number, paper_id, depositor, actor.login), now, RULES)
    if given.frame is Frame.A10 and _is_late(contract):
        after = warn_late_request(after, paper_id, now)
    paper = after.paper(paper_id)
    assert paper is not None
    return Ready(before, after, contract, paper)


def check_document(given: PaperInput) -> None:
    """Raise InvalidRequest for a main document that is not one PDF of a size that is taken."""
    if given.document and not given.document.startswith(PDF_MAGIC):
        raise InvalidRequest("La pièce principale doit être un fichier PDF.", "pieceJointePrincipale")
    if len(given.document) > LARGEST_DOCUMENT:
        raise InvalidRequest("La pièce principale dépasse 10 Mo.", "pieceJointePrincipale")


def _number(written: str) -> str:
    number = written.strip()
    if not 1 <= len(number) <= LONGEST_NUMBER:
        raise InvalidRequest(
            f"Le numéro de la pièce compte de 1 à {LONGEST_NUMBER} caractères.", "numeroFactureTravaux"
        )
    return number


def _place(actor: Actor, given: PaperInput) -> tuple[BillingFile | None, WorksContract, tuple[int, ...]]:
    """The file that the paper goes into (None for a new one), its contract, and the actor's structures there."""
    link = given.previous_id or given.replaces_id
    if link:
        reached = reach_paper(actor, link, Deed.ACT_ON_WORKS)
        return reached.file, reached.contract, reached.structures
    if given.contract_id:
        contract, structures = reach_contract(actor, given.contract_id, Deed.ACT_ON_WORKS)
    else:
        contract, structures = _named_contract(actor, given.contract_number)
    if chain_of(given.frame) is Chain.FINAL and contract.final_file_id:
        return works.get(contract.final_file_id), contract, structures
    return None, contract, structures


def _named_contract(actor: Actor, number: str) -> tuple[WorksContract, tuple[int, ...]]:
    if not number.strip():
        raise InvalidRequest("Indiquez le marché (numeroMarche), ou la pièce précédente.", "numeroMarche")
    for structure_id in sorted(actor.structures):
        found = contracts.find(structure_id, number.strip())
        if found is not None:
            return reach_contract(actor, found.id, Deed.ACT_ON_WORKS)
    raise unknown_contract(number)


def _depositor(actor: Actor, given: PaperInput, contract: WorksContract, structures: Sequence[int]) -> StructureRef:
    """In whose name: the structure that is named, else the one that has a part in the contract."""
    wanted = given.depositor
    if wanted is not None and (wanted not in structures or not can(actor, Deed.ACT_ON_WORKS, wanted)):
        raise Forbidden("Le déposant doit être une de vos structures, partie au marché et habilitée aux travaux.")
    parties = {party.structure.id: party.structure for party in contract.parties}
    for structure_id in (wanted,) if wanted is not None else structures:
        if structure_id in parties:
            return parties[structure_id]
    raise Forbidden("Votre structure n'est pas partie à ce marché : elle ne peut pas y déposer de pièce.")


def _new(given: PaperInput, number: str, paper_id: int, depositor: StructureRef, login: str) -> NewPaper:
    payer = structure_named("SIRET", given.payer, "identifiantDestinataire") if given.payer else None
    return NewPaper(
        id=paper_id,
        number=number,
        frame=given.frame,
        depositor=depositor,
        amounts=Amounts(given.net, given.gross),
        by=login,
        previous_id=given.previous_id,
        replaces_id=given.replaces_id,
        moe=structure_named("SIRET", given.moe, "identifiantMoe") if given.moe else None,
        moa=structure_named("SIRET", given.moa, "identifiantMoa") if given.moa else None,
        validator=structure_named("SIRET", given.validator, "identifiantValideur") if given.validator else None,
        payer=payer,
        payer_service=_service(payer, given.payer_service),
        attached=given.attached,
        claim=given.claim,
        copy_to_moe=given.copy_to_moe,
        available_to_moe_on=given.available_to_moe_on,
        commitment=given.commitment,
        comment=given.comment,
        main_name=given.document_name,
        attachments=given.attachments,
        flux_number=given.flux_number,
        rank=given.rank,
    )


def _service(payer: StructureRef | None, code: str) -> ServiceRef | None:
    if payer is None or not code:
        return None
    found, _ = directory.service_and_commitment(payer.id, code, "")
    if found is None or not found.active:
        raise InvalidRequest(f"Le service {code} n'existe pas chez le destinataire.", "codeServiceExecutant")
    return ServiceRef(found.id, found.code, found.name)


def _is_late(contract: WorksContract) -> bool:
    final = works.get(contract.final_file_id) if contract.final_file_id else None
    return final is not None and was_notified(final)


def changes(
    ready: Ready, main_document: str, extra: Sequence[dict[str, Any]] = (), sent: Sent | None = None
) -> list[works.Change]:
    """Everything that the deposit writes: its file, the files of attached requests, the payer's invoice.

    ``main_document`` is the key of the object that holds the paper, ``extra`` goes into the same transaction.
    """
    contract, members = ready.contract, ready.contract.members
    paper = replace(ready.paper, main_document=main_document)
    after = ready.after.with_paper(paper)
    if paper.step.lands is Addressee.PAYER:
        filed = for_payer(paper, after, contract, sent)
        extra = (*invoices.filing_entries(filed, invoices.told(None, filed.summary)), *extra)
    made = [works.Change(ready.before, after, members, tuple(extra))]
    for request_id in dict.fromkeys(paper.attached):
        entry = works.entry(request_id)
        if entry is None or entry.contract_id != contract.id:
            raise InvalidRequest(f"La pièce {request_id} n'est pas de ce marché.", "listePiecesJointes")
        theirs = works.get(entry.file_id)
        assert theirs is not None
        made.append(works.Change(theirs, attach(theirs, contract, request_id, paper, RULES), members))
    return made


def for_payer(paper: Paper, file: BillingFile, contract: WorksContract, sent: Sent | None = None) -> FiledInvoice:
    """The paper as the service financier receives it: an invoice of the contractor, to be treated like any other.

    One that came in a flux keeps its document, with its lines and what is due.
    """
    supplier = paper.contractor or contract.presenter
    payer = paper.payer or contract.payer
    summary = InvoiceSummary(
        id=paper.id,
        number=paper.number,
        kind=DocumentKind.INVOICE,
        frame=paper.frame,
        status=paper.status,
        status_at=paper.status_at,
        version=paper.version,
        issue_date=sent.document.issue_date if sent else paris_day(paper.deposited_at),
        deposited_at=paper.deposited_at,
        currency="EUR",
        net=paper.amounts.net,
        vat=paper.amounts.vat,
        gross=paper.amounts.gross,
        payable=sent.document.totals.payable if sent else paper.amounts.gross,
        supplier=supplier,
        recipient=payer,
        service=paper.payer_service,
        commitment=paper.commitment,
        contract=file.contract_number,
        flux_number=paper.flux_number,
        rank=paper.rank,
        deposit_mode=sent.deposit_mode if sent else DepositMode.UPLOAD_API.value,
        size=sent.size if sent else 0,
        works_file_id=file.id,
        depositor=paper.depositor,
    )
    if sent:
        return FiledInvoice(summary, sent.document, paper.history, sent.original_key, sent.file_name)
    document = Invoice(
        number=paper.number,
        kind=DocumentKind.INVOICE,
        type_code="380",
        issue_date=summary.issue_date,
        currency="EUR",
        supplier=Party(name=supplier.name, identifier=supplier.identifier, identifier_scheme="0002"),
        buyer=Party(name=payer.name, identifier=payer.identifier, identifier_scheme="0002"),
        totals=Totals(paper.amounts.net, paper.amounts.vat, paper.amounts.gross, paper.amounts.gross),
        frame=paper.frame,
        service_code=paper.payer_service.code if paper.payer_service else "",
        commitment=paper.commitment,
        contract=file.contract_number,
        note=paper.comment,
    )
    return FiledInvoice(summary, document, paper.history, paper.main_document, paper.main_name)
