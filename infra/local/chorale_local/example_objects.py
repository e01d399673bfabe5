"""What the examples of the documentation are about: invoices, a deposit and works papers, each in the right status.

They are written once, beside what the hub takes, with numbers of a range of their own.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from chorale.domain.access.rights import Actor, Right
from chorale.domain.address import Address
from chorale.domain.dates import paris_day
from chorale.domain.deposits.flux import Flux
from chorale.domain.directory.structures import Structure
from chorale.domain.events import EventType
from chorale.domain.exchange.webhooks import TYPES, Webhook
from chorale.domain.findings import Finding, IntegrationReport, RankOutcome, RankReport, Severity
from chorale.domain.frames import Frame
from chorale.domain.invoices.invoice import DepositMode, DocumentKind, Invoice, Line, Party, TaxLine, Totals
from chorale.domain.invoices.recorded import FiledInvoice, HistoryLine, InvoiceSummary, StructureRef
from chorale.domain.statuses import FluxState, Status
from chorale.domain.syntaxes import Syntax, flux_number
from chorale.domain.works.contract import PartyRole
from chorale.domain.works.deadlines import Ccag
from chorale.domain.works.inputs import NewContract, NewParty, PaperInput
from chorale.domain.works.papers import Figures
from chorale.formats.writing.report_json import report_to_json
from chorale.stores import counters, objects
from chorale.stores.deposits import flux as flux_store
from chorale.stores.exchange import webhooks
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.invoices.store_file import store_file
from chorale.usecases.works import treat_paper
from chorale.usecases.works.deposit_paper import deposit_paper
from chorale.usecases.works.register_contract import record_reception, register_contract

from chorale_local.seed import as_function, cast, login_of, structure_of, variables

TITULAIRE, COTRAITANT, SOUS_TRAITANT, MOE, MOA, FINANCE = range(10001, 10007)
SUPPLIER, RECIPIENT, OTHER_RECIPIENT = 10007, 10008, 10010

FIRST = 900_000
"""Below every number that the hub gives itself."""
ISSUED, TO_TREAT, SUSPENDED, RETURNED, REJECTED, TO_AGREE, WRONG_VALIDATOR, TO_READ = range(FIRST, FIRST + 8)
REQUEST_REFUSED, REQUEST, WRONG_MOE, TO_TAKE, TO_QUESTION, TO_COMPLETE, TO_SEND_BACK, TO_RECYCLE, TO_REFUSE = range(
    FIRST + 20, FIRST + 29
)
TO_PAY = FIRST + 29
STORED_FILE, FILE_TO_DETACH = FIRST + 30, FIRST + 31
WEBHOOK = "e8e8e8e8e8e8e8e8"
WEBHOOK_URL = "https://ancien-erp.exemple.invalid/chorale"
"""Of a domain that nobody can have (RFC 2606): a call fails at once and disturbs no stranger."""
CONTRACT, RECEIVED_CONTRACT, FINAL_FILE = FIRST + 50, FIRST + 51, FIRST + 52
FLUX = flux_number(Syntax.UBL_INVOICE, 900_000_000_000_001)
CONTRACT_NUMBER, RECEIVED_CONTRACT_NUMBER = "EX-2026-T-014", "EX-2026-T-009"
PDF = (
    b"%PDF-1.7\n"
    b"1 0 obj\n"
    b"<< /Type /Catalog /Pages 2 0 R >>\n"
    b"endobj\n"
    b"2 0 obj\n"
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>\n"
    b"endobj\n"
    b"3 0 obj\n"
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\n"
    b"endobj\n"
    b"xref\n"
    b"0 4\n"
    b"0000000000 65535 f \n"
    b"0000000009 00000 n \n"
    b"0000000058 00000 n \n"
    b"0000000115 00000 n \n"
    b"trailer\n"
    b"<< /Size 4 /Root 1 0 R >>\n"
    b"startxref\n"
    b"186\n"
    b"%%EOF\n"
)
"""A PDF of one empty page."""
ORIGINAL = b"<Invoice/>"
SILENT_SINCE = timedelta(days=60)
"""More than the forty-five days in which the final draft is due: a formal notice can follow."""
REFUSED = Finding(
    "CHO-SERVICE-INCONNU",
    Severity.ERROR,
    "CHORALE",
    "Le service SERVICE_INCONNU n'existe pas pour ce destinataire : choisissez-en un dans l'annuaire.",
    term="BT-10",
    xpath="/Invoice/cbc:BuyerReference",
    line=12,
    value="SERVICE_INCONNU",
    expected="SERVICE_DEST_SERV_OBL",
)


def seed_examples(environment: Mapping[str, str], outputs: Mapping[str, str], now: datetime) -> bool:
    """Write them on a deployed stack, reached with ``environment``; False when they are there already."""
    with as_function(variables(environment, outputs)):
        return write_example_objects(now)


def write_example_objects(now: datetime) -> bool:
    """Write them all; False when they are there already, as they were left."""
    if invoices.get(ISSUED) is not None:
        return False
    parties = {entry["id"]: structure_of(entry) for entry in cast()["structures"]}
    _invoices(parties, now)
    _works(parties, now)
    _file(parties, now)
    _webhook(parties, now)
    # Last: the deposit by which it is known that all are there.
    _deposit(parties, now)
    return True


def _ref(structure: Structure) -> StructureRef:
    return StructureRef(structure.id, structure.identifier, structure.name)


def _actor(structure: Structure) -> Actor:
    application = cast()["application"]["client_id"]
    return Actor(login_of(structure.identifier), application, {structure.id: frozenset(Right)})


# Invoices


def _document(parties: Mapping[int, Structure], number: str, now: datetime) -> Invoice:
    supplier, recipient = parties[SUPPLIER], parties[RECIPIENT]
    quay = Address("3 quai des Exemples", postcode="69002", city="Lyon", country="FR")
    town_hall = Address("1 place de la Mairie", postcode="75004", city="Paris", country="FR")
    chairs = Line(
        "1", "Chaises de bureau", Decimal(4), "C62", Decimal("25.00"), Decimal("100.00"), "S", Decimal("20.00")
    )
    return Invoice(
        number=number,
        kind=DocumentKind.INVOICE,
        type_code="380",
        issue_date=paris_day(now),
        currency="EUR",
        supplier=Party(supplier.name, supplier.identifier, address=quay),
        buyer=Party(recipient.name, recipient.identifier, address=town_hall),
        totals=Totals(Decimal("100.00"), Decimal("20.00"), Decimal("120.00"), Decimal("120.00")),
        payment_means="58",
        iban="FR7630006000011234567890189",
        bic="AGRIFRPP",
        tax_lines=(TaxLine("S", Decimal("20.00"), Decimal("100.00"), Decimal("20.00")),),
        lines=(chairs,),
    )


def _keep(parties: Mapping[int, Structure], invoice_id: int, status: Status, now: datetime, **changes: Any) -> None:
    number = f"EX-2026-{invoice_id - FIRST + 118}"
    document = _document(parties, number, now)
    supplier = parties[SUPPLIER]
    summary = InvoiceSummary(
        id=invoice_id,
        number=number,
        kind=document.kind,
        frame=changes.get("frame", document.frame),
        status=status,
        status_at=now,
        version=3,
        issue_date=document.issue_date,
        deposited_at=now,
        currency=document.currency,
        net=document.totals.net,
        vat=document.totals.vat,
        gross=document.totals.gross,
        payable=document.totals.payable,
        supplier=_ref(supplier),
        recipient=_ref(parties[RECIPIENT]),
        service=None,
        commitment="",
        contract="",
        flux_number=FLUX,
        rank=invoice_id - FIRST + 1,
        deposit_mode=DepositMode.UPLOAD_API.value,
        size=len(ORIGINAL),
        **{name: value for name, value in changes.items() if name != "frame"},
    )
    path = (Status.DEPOSEE, Status.EN_COURS_ACHEMINEMENT, status)
    login = login_of(supplier.identifier)
    history = tuple(HistoryLine(version, one, now, login) for version, one in enumerate(path, start=1))
    key = objects.put_original(FLUX, summary.rank, ORIGINAL)
    filed = FiledInvoice(summary, document, history, key, "facture.xml")
    rank = RankReport(summary.rank, "facture.xml", RankOutcome.INTEGRATED, invoice_id, number)
    invoices.file_invoice(filed, invoices.told(None, summary), rank, (supplier.id, summary.kind.value))


def _invoices(parties: Mapping[int, Structure], now: datetime) -> None:
    agreement = {"frame": Frame.A9, "validator": _ref(parties[TITULAIRE])}
    _keep(parties, TO_TREAT, Status.MISE_A_DISPOSITION, now)
    _keep(parties, SUSPENDED, Status.SUSPENDUE, now, status_reason="Le bon de livraison manque")
    _keep(parties, RETURNED, Status.A_RECYCLER, now)
    _keep(parties, REJECTED, Status.REJETEE, now, status_reason="Prestation non commandée")
    _keep(parties, TO_AGREE, Status.A_VALIDER_1, now, **agreement)
    _keep(parties, WRONG_VALIDATOR, Status.ERREUR_FOURNISSEUR_SUR_VALIDEUR, now, **agreement)
    _keep(parties, TO_READ, Status.A_VALIDER_1, now, **agreement)


def _deposit(parties: Mapping[int, Structure], now: datetime) -> None:
    supplier = parties[SUPPLIER]
    flux = Flux(
        FLUX,
        Syntax.UBL_INVOICE,
        "factures.tar.gz",
        login_of(supplier.identifier),
        (supplier.id,),
        now,
        state_at=now,
        declared_size=len(ORIGINAL),
    )
    flux_store.create(flux, now)
    _keep(parties, ISSUED, Status.MISE_A_DISPOSITION, now)
    taken = RankReport(
        1, "a.xml", RankOutcome.INTEGRATED, ISSUED, "EX-2026-118", supplier.identifier,
        parties[RECIPIENT].identifier,
    )  # fmt: skip
    refused = RankReport(
        2, "b.xml", RankOutcome.REFUSED, None, "EX-2026-200", supplier.identifier,
        parties[OTHER_RECIPIENT].identifier, (REFUSED,),
    )  # fmt: skip
    report = IntegrationReport(
        FLUX, flux.file_name, flux.syntax.value, FluxState.PARTLY_INTEGRATED, now, now, (), (taken, refused),
        {"total": 2, "integrated": 1, "refused": 1},
    )  # fmt: skip
    key = objects.put_report(FLUX, json.dumps(report_to_json(report)).encode())
    decided = replace(
        flux,
        state=FluxState.PARTLY_INTEGRATED,
        version=flux.version + 1,
        integrated=1,
        refused=1,
        report_key=key,
        size=len(ORIGINAL),
        sha256="83a1b2c3d4e5f60718293a4b5c6d7e8f9012a3b4c5d6e7f8091a2b3c4d5e6f70",
    )
    flux_store.decide(flux, decided, now)


def _file(parties: Mapping[int, Structure], now: datetime) -> None:
    with counters.numbered_from({counters.ATTACHMENTS: STORED_FILE}):
        store_file(_actor(parties[SUPPLIER]), "BL-2026-6.pdf", "PDF", "application/pdf", PDF, now)
    with counters.numbered_from({counters.ATTACHMENTS: FILE_TO_DETACH}):
        store_file(_actor(parties[SUPPLIER]), "BL-2026-5.pdf", "PDF", "application/pdf", PDF, now)


def _webhook(parties: Mapping[int, Structure], now: datetime) -> None:
    supplier = parties[SUPPLIER]
    login = login_of(supplier.identifier)
    kinds = frozenset({TYPES[EventType.WORKS_FILE_CHANGED]})
    hook = Webhook(WEBHOOK, SUPPLIER, login, WEBHOOK_URL, "secret-d-exemple", kinds, now)
    webhooks.create(hook, webhooks.registrations(SUPPLIER))


# Works


def _works(parties: Mapping[int, Structure], now: datetime) -> None:
    moe = _actor(parties[MOE])
    _contract(parties, CONTRACT, CONTRACT_NUMBER, now)
    _contract(parties, RECEIVED_CONTRACT, RECEIVED_CONTRACT_NUMBER, now)
    with counters.numbered_from({counters.WORKS_FILES: FINAL_FILE}):
        received = now - SILENT_SINCE
        record_reception(_actor(parties[MOA]), RECEIVED_CONTRACT, paris_day(received), received)

    _paper(parties, REQUEST_REFUSED, SOUS_TRAITANT, Frame.A10, now)
    treat_paper.refuse(_actor(parties[COTRAITANT]), REQUEST_REFUSED, "MAUVAIS_VALIDEUR", "", None, now)
    _paper(parties, REQUEST, SOUS_TRAITANT, Frame.A10, now)
    _paper(parties, WRONG_MOE, TITULAIRE, Frame.A4, now, moe=parties[SUPPLIER].identifier)
    treat_paper.refuse(_actor(parties[SUPPLIER]), WRONG_MOE, "MAUVAISE_MOE", "", None, now)
    for paper_id in (TO_TAKE, TO_QUESTION, TO_COMPLETE, TO_SEND_BACK, TO_RECYCLE, TO_REFUSE):
        _paper(parties, paper_id, TITULAIRE, Frame.A4, now)
    for paper_id in (TO_QUESTION, TO_COMPLETE):
        treat_paper.take(moe, paper_id, now)
    _paper(parties, TO_PAY, MOA, Frame.A19, now, figures=Figures("2026-10", 4, period=Decimal("10000.00")))
    treat_paper.ask_completion(moe, TO_COMPLETE, "Joindre le métré du poste 3", now)
    treat_paper.ask_recycling(moe, TO_RECYCLE, "Le bon de commande est celui d'un autre lot", now)


def _contract(parties: Mapping[int, Structure], contract_id: int, number: str, now: datetime) -> None:
    with counters.numbered_from({counters.CONTRACTS: contract_id}):
        register_contract(_actor(parties[MOA]), contract(parties, number), now)


def contract(parties: Mapping[int, Structure], number: str) -> NewContract:
    """A contract of a group, with a sous-traitant of the cotraitant's."""
    roles = {
        TITULAIRE: PartyRole.MANDATAIRE, COTRAITANT: PartyRole.COTRAITANT, MOE: PartyRole.MOE, MOA: PartyRole.MOA,
        SUPPLIER: PartyRole.MOE_SUPPLEANTE,
    }  # fmt: skip
    subcontractor = NewParty(
        parties[SOUS_TRAITANT].identifier,
        PartyRole.SOUS_TRAITANT,
        works_for=parties[COTRAITANT].identifier,
        direct_payment=True,
        amount=Decimal(40_000),
    )
    members = [NewParty(parties[structure_id].identifier, role) for structure_id, role in roles.items()]
    return NewContract(number, Ccag.CCAG_2021, [*members, subcontractor], parties[FINANCE].identifier)


def _paper(
    parties: Mapping[int, Structure], paper_id: int, depositor: int, frame: Frame, now: datetime, **more: Any
) -> None:
    given = PaperInput(
        f"EX-{paper_id}",
        frame,
        Decimal("10000.00"),
        Decimal("12000.00"),
        contract_number=CONTRACT_NUMBER,
        document=PDF,
        document_name="piece.pdf",
        **more,
    )
    with counters.numbered_from({counters.OBJECTS: paper_id, counters.WORKS_FILES: paper_id}):
        deposit_paper(_actor(parties[depositor]), given, now)
