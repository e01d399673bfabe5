"""Deposit a works paper, to open a billing file or after another; one for the payer becomes a received invoice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from chorale.domain.access.rights import Actor, Deed, can
from chorale.domain.dates import paris_day
from chorale.domain.errors import Forbidden, InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.invoices.attachments import Wanted
from chorale.domain.invoices.invoice import DepositMode, DocumentKind, Invoice, Party, Totals
from chorale.domain.invoices.recorded import FiledInvoice, InvoiceSummary, ServiceRef, StructureRef
from chorale.domain.invoices.works_statement import WorksStatement
from chorale.domain.works.admission import NewPaper
from chorale.domain.works.chain import MOA, Addressee, Chain
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.deposit import (
    ASKS_OF_CONTRACT,
    MONTHLY,
    admit_request,
    attach,
    chain_of,
    deposit,
    open_file,
    warn_late_request,
    warn_over_acte,
    warn_over_contract,
    warn_same_situation,
    was_notified,
)
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.inputs import PaperInput
from chorale.domain.works.papers import Amounts, Paper
from chorale.domain.works.parts import AskedPart
from chorale.domain.works.silence import run_clock
from chorale.domain.works.statement import statement_of
from chorale.formats.writing.statement_text import statement_text
from chorale.stores import counters, objects
from chorale.stores.directory import structures as directory
from chorale.stores.invoices import recorded as invoices
from chorale.stores.works import contracts
from chorale.stores.works import dossiers as works
from chorale.usecases.invoices.attach_files import prepare_attachments
from chorale.usecases.works.act_on_paper import TRIES, busy, freed
from chorale.usecases.works.reach import (
    RULES,
    papers_of_contract,
    reach_contract,
    reach_paper,
    structure_named,
    unknown_contract,
    whole,
)

LONGEST_NUMBER = 20
"""Characters of a paper's number (AIFE Swagger, numeroFacture)."""
LARGEST_DOCUMENT = 10_000_000
"""Bytes of a main document."""
PDF_MAGIC = b"%PDF-"
PAPERS_LOOKED_AT = 1_000
"""Latest papers of a sous-traitant that are summed against its acte spécial."""


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
            what = "facture" if taken.holder.is_invoice else "pièce"
            raise InvalidRequest(
                f"Le numéro {ready.paper.number} est déjà celui de la {what} {taken.holder.paper_id} de votre "
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
    account = _account(contract, now) if file.chain is Chain.PROGRESS else None
    new = replace(_new(given, number, paper_id, depositor, actor.login, contract), account=account)
    after = deposit(file, contract, new, now, RULES)
    if given.frame is Frame.A10:
        after = warn_late_request(after, paper_id, now) if account and was_notified(account) else after
        after = warn_over_acte(after, contract, paper_id, _asked_before(contract, depositor.id), now)
    if given.figures is not None and given.frame in MONTHLY:
        after = warn_same_situation(after, paper_id, papers_of_contract(contract), now)
    if contract.amount is not None and given.frame in ASKS_OF_CONTRACT:
        after = warn_over_contract(after, contract, paper_id, papers_of_contract(contract), now)
    paper = after.paper(paper_id)
    assert paper is not None
    return Ready(before, after, contract, paper)


def check_document(given: PaperInput) -> None:
    """Raise InvalidRequest for a main document that is not one PDF that opens, of a size that is taken (rule 28)."""
    field = "pieceJointePrincipale"
    if len(given.document) > LARGEST_DOCUMENT:
        raise InvalidRequest("La pièce principale dépasse 10 Mo.", field)
    if not given.document:
        return
    if not given.document.startswith(PDF_MAGIC):
        raise InvalidRequest("La pièce principale doit être un fichier PDF.", field)
    # pypdf is slow to load, and every act but a deposit does without.
    from chorale.formats.notes import Refused
    from chorale.formats.reading.facturx import look_into

    try:
        look_into(given.document)
    except Refused as refused:
        raise InvalidRequest(f"La pièce principale : {refused.notes[0].finding.message}", field) from refused


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
        contract, structures = named_contract(actor, given)
    if chain_of(given.frame) is Chain.FINAL and contract.final_file_id:
        return works.get(contract.final_file_id), contract, structures
    return None, contract, structures


def named_contract(actor: Actor, given: PaperInput) -> tuple[WorksContract, tuple[int, ...]]:
    """Rule 15: the contract with this number in which the depositor has a part; the MOA chooses between several.

    Raises InvalidRequest with the MOA that have one, PaperNotFound for none.
    """
    number = given.contract_number.strip()
    if not number:
        raise InvalidRequest("Indiquez le marché (numeroMarche), ou la pièce précédente.", "numeroMarche")
    mine = actor.structures if given.depositor is None else actor.structures & {given.depositor}
    found = {
        contract.id: contract
        for structure_id in sorted(mine)
        for contract in contracts.of_member(structure_id)
        if contract.number == number and contract.roles_of(structure_id)
    }
    moas = {one.id: {party.structure.identifier for party in one.with_role(*MOA)} for one in found.values()}
    chosen = [one for one in found.values() if given.moa in moas[one.id]]
    if len(found) > 1 and not chosen:
        named = ", ".join(sorted(f"{one.moa.name} ({one.moa.identifier})" for one in found.values()))
        raise InvalidRequest(
            f"Plusieurs de vos marchés portent le numéro {number} : indiquez la MOA (identifiantMoa) : {named}.",
            "identifiantMoa",
        )
    meant = chosen or list(found.values())
    if not meant:
        raise unknown_contract(number)
    return reach_contract(actor, meant[0].id, Deed.ACT_ON_WORKS)


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


def _new(
    given: PaperInput, number: str, paper_id: int, depositor: StructureRef, login: str, contract: WorksContract
) -> NewPaper:
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
        payer_service=service_of(payer, given.payer_service),
        requests=tuple(_request(one, contract) for one in dict.fromkeys(given.attached)),
        figures=given.figures,
        parts=tuple(
            AskedPart(structure_named(one.kind, one.identifier, "listeParts"), one.amount, one.rests_on)
            for one in given.parts
        ),
        claim=given.claim,
        excess_confirmed=given.excess_confirmed,
        copy_to_moe=given.copy_to_moe,
        available_to_moe_on=given.available_to_moe_on,
        commitment=given.commitment,
        comment=given.comment,
        main_name=given.document_name,
        attachments=given.attachments,
        flux_number=given.flux_number,
        rank=given.rank,
    )


def service_of(payer: StructureRef | None, code: str) -> ServiceRef | None:
    """The active service ``code`` of a payer; None without a code. Raises InvalidRequest."""
    if payer is None or not code:
        return None
    found, _ = directory.service_and_commitment(payer.id, code, "")
    if found is None or not found.active:
        raise InvalidRequest(f"Le service {code} n'existe pas chez le destinataire.", "codeServiceExecutant")
    return ServiceRef(found.id, found.code, found.name)


def _request(request_id: int, contract: WorksContract) -> Paper:
    """A request of the contract, to be joined to a paper."""
    entry = works.entry(request_id)
    file = works.get(entry.file_id) if entry and entry.contract_id == contract.id else None
    request = file.paper(request_id) if file else None
    if request is None:
        raise InvalidRequest(f"La pièce {request_id} n'est pas de ce marché.", "listeDemandesJointes")
    return request


def _asked_before(contract: WorksContract, depositor_id: int) -> list[Paper]:
    """The requests of a sous-traitant in the contract, without this one."""
    found = islice(works.papers_of(depositor_id, None, None, 0), PAPERS_LOOKED_AT)
    return [
        one.paper
        for one in found
        if one.contract_id == contract.id and one.paper.frame is Frame.A10 and one.paper.depositor.id == depositor_id
    ]


def _account(contract: WorksContract, now: datetime) -> BillingFile | None:
    """The file of the contract's account, with what silence has done by now; None before there is one."""
    found = works.get(contract.final_file_id) if contract.final_file_id else None
    return run_clock(found, contract, now, RULES) if found else None


def changes(
    ready: Ready, main_document: str, extra: Sequence[dict[str, Any]] = (), sent: Sent | None = None
) -> list[works.Change]:
    """Everything that the deposit writes: its file, the files of attached requests, the payer's invoice.

    ``main_document`` is the key of the object that holds the paper, ``extra`` goes into the same transaction.
    """
    contract = ready.contract
    paper = replace(ready.paper, main_document=main_document)
    after = ready.after.with_paper(paper)
    if paper.step.lands is Addressee.PAYER:
        statement = statement_of(paper, contract, (*papers_of_contract(contract), *after.papers))
        filed = for_payer(paper, after, contract, statement, sent)
        extra = (*invoices.filing_entries(filed, invoices.told(None, filed.summary)), *extra)
    if after.chain is Chain.FINAL and contract.final_file_id is None:
        # One account for the contract: whoever comes next finds the same file (rule 18).
        extra = (*extra, contracts.change_entry(contract, replace(contract, final_file_id=after.id)))
    made = [works.Change(ready.before, after, contract, tuple(extra))]
    for request_id in paper.attached:
        theirs, _ = whole(works.file_of(request_id))
        made.append(works.Change(theirs, attach(theirs, contract, request_id, paper, RULES), contract))
    for part in paper.parts if paper.step.lands is Addressee.PAYER else ():
        if after.paper(part.rests_on) is None:
            theirs, _ = whole(works.file_of(part.rests_on))
            made.append(works.Change(theirs, admit_request(theirs, contract, paper, part, RULES), contract))
    return [*made, *freed(ready.before, after, contract, paper.deposited_at)]


def for_payer(
    paper: Paper, file: BillingFile, contract: WorksContract, statement: WorksStatement, sent: Sent | None = None
) -> FiledInvoice:
    """The paper as the service financier receives it: an invoice of the contractor, to be treated like any other.

    One that came in a flux keeps its document, with its lines and what is due.
    """
    creditors = {part.creditor.id: part.creditor for part in paper.parts}
    alone = next(iter(creditors.values())) if len(creditors) == 1 else None
    supplier = alone or paper.contractor or contract.presenter
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
        note="\n".join(part for part in (paper.comment, statement_text(statement)) if part),
    )
    return FiledInvoice(summary, document, paper.history, paper.main_document, paper.main_name)
