"""Submit one invoice by its data: keyed in, or beside a PDF that was stored before."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime

from chorale.domain.access.rights import Actor, Deed, demand
from chorale.domain.dates import paris_day
from chorale.domain.directory.structures import IdentifierType, Service, Structure
from chorale.domain.errors import Forbidden, SubmissionRefused
from chorale.domain.fields import Field
from chorale.domain.findings import Finding, Severity, Verdict, is_refused
from chorale.domain.invoices.agreement import answer_due, validator_findings
from chorale.domain.invoices.attachments import unknown_file
from chorale.domain.invoices.invoice import Invoice
from chorale.domain.invoices.recorded import FiledInvoice, HistoryLine, InvoiceSummary, ServiceRef
from chorale.domain.invoices.requirements import RecipientEntry, Route, Words, recipient_findings
from chorale.domain.invoices.submission import (
    Named,
    Submission,
    SubmissionMode,
    invoice_of,
    keyed_number,
)
from chorale.domain.invoices.submission_rules import submission_findings
from chorale.domain.invoices.transitions import integration_path
from chorale.domain.once import Once
from chorale.domain.statuses import Status
from chorale.domain.syntaxes import Syntax
from chorale.formats.writing.certificate import certificate_digest, deposit_certificate
from chorale.stores import counters, objects, once
from chorale.stores.directory import structures as directory
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.deposits.integrate_invoice import duplicate
from chorale.usecases.deposits.past_the_chain import past_the_chain
from chorale.usecases.invoices.advance import SYSTEM
from chorale.usecases.invoices.amend_issued import reference
from chorale.usecases.invoices.attach_files import prepare_attachments, usable_file

PDF_MAGIC = b"%PDF-"
SIGNED_NOTE = "CHO-PDF-SIGNE"
"""What the reading of a PDF says of one that holds a signature."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The invoice that was taken; ``digest`` is that of its deposit certificate, in base64."""

    summary: InvoiceSummary
    digest: str
    warnings: tuple[Finding, ...] = ()
    """What its depositor is told of it, though it was taken."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the directory says of a submission."""

    supplier: Structure
    recipient: Structure
    validator: Structure | None
    service: Service | None
    supplier_service: Service | None


@dataclass(frozen=True, slots=True)
class _Document:
    """The PDF of the invoice and where it is kept; ``key`` is empty until it is."""

    content: bytes
    name: str
    key: str = ""


def submit(actor: Actor, given: Submission, now: datetime, request: Once | None = None) -> Submitted:
    """Take the invoice, on its way to its recipient or validator, or say all that keeps it from being taken.

    Its number, document, history, files and event are one transaction, in which the ``request`` is noted too: sent
    again it is given what it made, though a number that the platform gives tells nothing. Raises Forbidden,
    AttachmentNotFound, InvalidRequest, SubmissionRefused or ReplayOfAnother; nothing is written then but, at most, an
    object that nothing refers to.
    """
    made_before = once.made(request, Submitted, now)
    if made_before:
        return made_before
    supplier = _supplier(actor, given)
    findings = submission_findings(given, paris_day(now))
    known = _known(given, supplier, findings)
    if known is None or is_refused(findings):
        raise SubmissionRefused(findings)
    parties = Named(known.supplier, known.recipient, known.validator)
    if given.mode is SubmissionMode.KEYED:
        number = keyed_number(paris_day(now).year, counters.next_number(counters.KEYED))
        invoice = invoice_of(given, number, given.issue_date or paris_day(now), parties)
        document = _made(invoice, parties, paris_day(now))
    else:
        assert given.issue_date is not None
        invoice = invoice_of(given, given.number, given.issue_date, parties)
        document = _brought(actor, given, now)
    files = prepare_attachments(actor, supplier.id, given.attachments, now) if given.attachments else ()
    filed = _filed(actor, given, known, invoice, document, now)
    certificate = deposit_certificate(filed.summary, hashlib.sha256(document.content).hexdigest())
    warnings = past_the_chain(invoice, supplier, known.recipient)
    submitted = Submitted(filed.summary, certificate_digest(certificate), tuple(warnings))
    try:
        taken = invoices.file_submitted(filed, invoices.told(None, filed.summary), files, request, submitted)
    except once.MadeMeanwhile:
        return once.made(request, Submitted, now) or submitted
    if taken is not None and taken.invoice_id != filed.summary.id:
        raise SubmissionRefused([duplicate(invoice, taken)])
    return submitted


def _supplier(actor: Actor, given: Submission) -> Structure:
    if given.supplier_id not in actor.structures:
        raise Forbidden(
            f"La structure {given.supplier_id} n'est pas de votre compte technique : {Field.SUPPLIER} est "
            f"l'{Field.STRUCTURE_ID} d'une de vos structures."
        )
    demand(actor, Deed.DEPOSIT, given.supplier_id)
    found = directory.structure(given.supplier_id)
    if found is None or not found.active:
        raise Forbidden(f"La structure {given.supplier_id} n'est pas active dans l'annuaire.")
    return found


def _known(given: Submission, supplier: Structure, findings: list[Finding]) -> _Known | None:
    """Who is behind the numbers; what the directory refuses is added to ``findings``."""
    asked = [(IdentifierType.SIRET.value, given.recipient), (IdentifierType.SIRET.value, given.validator)]
    found = directory.by_identifiers(pair for pair in asked if pair[1])
    recipient, validator = (found.get(pair) for pair in asked)
    service, commitment = None, False
    if recipient is not None:
        service, commitment = directory.service_and_commitment(recipient.id, given.service_code, given.commitment)
    addressee = RecipientEntry(recipient, service, commitment)
    asked_for = Route(given.recipient, given.service_code, given.commitment, Words.FIELDS)
    findings += recipient_findings(asked_for, addressee)
    if given.frame.validation and given.validator:
        findings += validator_findings(given.validator, validator, supplier.id)
    own = directory.service(given.supplier_service_id) if given.supplier_service_id else None
    if given.supplier_service_id and (own is None or own.structure_id != supplier.id):
        findings.append(_not_a_service_of_the_supplier(given.supplier_service_id))
    if recipient is None:
        return None
    return _Known(supplier, recipient, validator if given.frame.validation else None, service, own)


def _error(code: str, message: str, english: str, field: str, value: str = "") -> Finding:
    return Finding(code, Severity.ERROR, "CHORALE", message, message_en=english, term=field, value=value)


def _not_a_service_of_the_supplier(service_id: int) -> Finding:
    return _error(
        "CHO-SAISIE-SERVICE",
        f"Le service {service_id} n'est pas un service du fournisseur : prenez son {Field.SERVICE_ID} dans "
        "structures/v1/rechercher/services.",
        "This is not a service of the supplier.",
        Field.SUPPLIER_SERVICE,
        str(service_id),
    )  # fmt: skip


def _brought(actor: Actor, given: Submission, now: datetime) -> _Document:
    """The PDF that the supplier stored before, read and kept for good; raises SubmissionRefused."""
    assert given.main is not None
    stored = usable_file(actor, given.supplier_id, given.main.file_id, now)
    try:
        content = objects.keep_attachment(stored.id)
    except objects.ObjectMissing:
        raise unknown_file(stored.id) from None
    # pypdf is slow to load, and every other deposit does without.
    from chorale.formats.budget import budget_at_once
    from chorale.formats.notes import Refused
    from chorale.formats.reading.facturx import look_into

    field = Field.MAIN_DOCUMENT
    if not content.startswith(PDF_MAGIC):
        raise SubmissionRefused(
            [_error("CHO-SAISIE-PDF", f"Le fichier {stored.name} n'est pas un PDF.", "The file is not a PDF.", field)]
        )
    try:
        signed = any(made.finding.code == SIGNED_NOTE for made in look_into(content, budget_at_once()))
    except Refused as refused:
        raise SubmissionRefused([replace(made.finding, term=field) for made in refused.notes]) from None
    if given.mode is SubmissionMode.SIGNED_PDF and not signed:
        raise SubmissionRefused(
            [
                _error(
                    "CHO-SAISIE-NON-SIGNE",
                    f"Le PDF {stored.name} ne contient pas de signature : signez-le, ou déposez en DEPOT_PDF_API.",
                    "The PDF holds no signature.",
                    field,
                )
            ]
        )
    return _Document(content, stored.name, objects.attachment_key(stored.id))


def _made(invoice: Invoice, parties: Named, today: date) -> _Document:
    """The Factur-X of a keyed invoice, judged as any deposited one; raises SubmissionRefused."""
    # Fonts, pypdf and the rules are slow to load, and every other deposit does without.
    from chorale.formats.judging.validate import validate
    from chorale.formats.writing.facturx_pdf import facturx_of

    content = facturx_of(invoice, parties.validator)
    name = f"{invoice.number}.pdf"
    checked = validate(content, name, Syntax.FACTURX, today)
    if checked.verdict is not Verdict.CONFORMANT:
        raise SubmissionRefused(checked.findings)
    return _Document(content, name)


def _filed(
    actor: Actor, given: Submission, known: _Known, invoice: Invoice, document: _Document, now: datetime
) -> FiledInvoice:
    """The invoice as it will be kept; its document is kept already."""
    invoice_id = counters.next_number(counters.OBJECTS)
    key = document.key or objects.put_submitted(invoice_id, document.content)
    history = tuple(
        HistoryLine(version, row.target, now, actor.login if row.source is None else SYSTEM)
        for version, row in enumerate(integration_path(given.frame.validation is not None), start=1)
    )
    last = history[-1]
    summary = InvoiceSummary(
        id=invoice_id,
        number=invoice.number,
        kind=invoice.kind,
        frame=invoice.frame,
        status=last.status,
        status_at=last.at,
        version=last.version,
        issue_date=invoice.issue_date,
        deposited_at=now,
        currency=invoice.currency,
        net=invoice.totals.net,
        vat=invoice.totals.vat,
        gross=invoice.totals.gross,
        payable=invoice.totals.payable,
        supplier=reference(known.supplier),
        recipient=reference(known.recipient),
        service=_service(known.service),
        commitment=invoice.commitment,
        contract=invoice.contract,
        flux_number="",
        rank=0,
        deposit_mode=given.mode.value,
        size=len(document.content),
        validator=reference(known.validator) if known.validator else None,
        validation_due=answer_due(invoice.frame, now) if last.status is Status.A_VALIDER_1 else None,
        origin_number=invoice.origin_number,
        supplier_service=_service(known.supplier_service),
    )
    return FiledInvoice(summary, invoice, history, key, document.name)


def _service(service: Service | None) -> ServiceRef | None:
    return ServiceRef(service.id, service.code, service.name) if service else None
