"""One member of a flux: validate it, find its parties, file it or refuse it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chorale.domain.dates import paris_day
from chorale.domain.deposits.flux import Flux
from chorale.domain.deposits.scan import infected
from chorale.domain.directory.structures import IDENTIFIER_SCHEMES, IdentifierType, Service, Structure
from chorale.domain.findings import Finding, RankOutcome, RankReport, Severity, Verdict, is_refused
from chorale.domain.invoices.agreement import answer_due, validator_findings
from chorale.domain.invoices.invoice import Invoice
from chorale.domain.invoices.recorded import FiledInvoice, HistoryLine, InvoiceSummary, ServiceRef, StructureRef
from chorale.domain.invoices.requirements import RecipientEntry, recipient_findings, route_of
from chorale.domain.invoices.transitions import integration_path
from chorale.domain.statuses import Status
from chorale.domain.works.flux_papers import PaperRefused, lands_at_payer
from chorale.formats.budget import Budget
from chorale.formats.judging.validate import Identity, validate
from chorale.formats.notes import shorten
from chorale.formats.reading.members import Member
from chorale.stores import antivirus, counters, objects
from chorale.stores.directory import structures as directory
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.deposits.past_the_chain import past_the_chain
from chorale.usecases.invoices.advance import SYSTEM
from chorale.usecases.invoices.attach_files import with_numbered_files
from chorale.usecases.works.integrate_paper import integrate_paper


class ValidationUndetermined(RuntimeError):
    """Our own fault: no verdict could be reached. The message is retried, then looked at by an operator."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who is behind the identifiers of an invoice."""

    supplier: Structure | None
    recipient: Structure | None
    service: Service | None = None
    commitment_exists: bool = False
    validator: Structure | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of a member before anything is written; ``invoice`` is None where nothing could be read."""

    identity: Identity
    invoice: Invoice | None
    parties: Parties
    findings: tuple[Finding, ...]


def integrate_invoice(flux: Flux, member: Member, now: datetime) -> RankReport:
    """File the invoice or the works paper in ``member``, or refuse it.

    The row of a filed one is written, that of a refused one is not.

    Running it again finds its own work. Raises ValidationUndetermined when the engine failed, FileChanged when a
    billing file is changed by others all the time.
    """
    known = examine(flux, member)
    if known.invoice is None or is_refused(known.findings):
        return refused(member, known.identity, known.findings)
    if known.invoice.frame.is_works:
        assert known.parties.supplier is not None
        try:
            return integrate_paper(flux, member, known.invoice, known.parties.supplier, known.findings, now)
        except PaperRefused as refusal:
            return refused(member, known.identity, [*known.findings, refusal.finding])
    return _file(flux, member, known.invoice, known.parties, known.findings, now)


def examine(flux: Flux, member: Member, budget: Budget | None = None) -> Examined:
    """Everything that the document and the directory say of ``member``; writes nothing.

    Of a works paper the contract says more (usecases/works/integrate_paper.py): its seller need not be the depositor,
    and its buyer is the recipient only where the paper pays.

    What the rules accept is shown to the antivirus, where there is one (raises AntivirusUnavailable when it cannot
    say). ``budget`` is what reading the document may cost, smaller where the caller waits.
    Without an error among its findings the supplier is known, and the recipient of what has one. Raises
    ValidationUndetermined when the engine failed.
    """
    checked = validate(
        member.content, member.name, flux.syntax, paris_day(flux.deposited_at), None, member.signature, budget
    )
    if checked.verdict is Verdict.UNDETERMINED:
        reason = checked.findings[-1].message_en if checked.findings else "no verdict"
        raise ValidationUndetermined(f"flux {flux.number} rank {member.rank}: {reason}")
    findings = [*checked.findings, *_left_aside(member)]
    invoice = checked.invoice
    if invoice is None or is_refused(findings):
        return Examined(checked.identity, None, Parties(None, None), tuple(findings))
    virus = _virus_in(member)
    if virus:
        return Examined(checked.identity, None, Parties(None, None), (*findings, virus))
    parties = _parties(invoice)
    findings += _supplier_findings(flux, invoice, parties.supplier)
    if invoice.frame.is_works and not lands_at_payer(invoice.frame):
        return Examined(checked.identity, invoice, parties, tuple(findings))
    addressee = RecipientEntry(parties.recipient, parties.service, parties.commitment_exists)
    findings += recipient_findings(route_of(invoice), addressee)
    findings += past_the_chain(invoice, parties.supplier, parties.recipient)
    if invoice.frame.validation and parties.supplier:
        findings += validator_findings(invoice.validator, parties.validator, parties.supplier.id)
    return Examined(checked.identity, invoice, parties, tuple(findings))


def _left_aside(member: Member) -> Iterator[Finding]:
    if member.left_aside:
        names = ", ".join(member.left_aside)
        shown = shorten(names)
        yield Finding(
            "CHO-ARCHIVE-SYSTEME", Severity.INFORMATION, "CHORALE",
            f"L'archive contient des fichiers que l'ordinateur y a ajoutés ({shown}) : ils ne sont pas des factures et "
            "sont laissés de côté.",
            f"The archive holds files of the desktop that made it ({shown}): they are left aside.",
            value=shown,
        )  # fmt: skip


def _virus_in(member: Member) -> Finding | None:
    """What the antivirus of the installation says of a document and of the files inside, when there is one.

    Files inside an XML are encoded: an antivirus does not see them there.
    """
    if not antivirus.is_on():
        return None
    # Only where an antivirus is configured.
    from chorale.formats.reading.files_inside import files_inside

    whole = ((member.name, member.content),)
    inside = ((file.name, file.content) for file in files_inside(member.content) if file.content)
    for name, content in (*whole, *inside):
        found = antivirus.signature_in(content)
        if found:
            return infected(name, found)
    return None


def _parties(invoice: Invoice) -> Parties:
    asked = [
        (
            IDENTIFIER_SCHEMES.get(invoice.supplier.identifier_scheme, IdentifierType.SIRET).value,
            invoice.supplier.identifier,
        ),
        (IdentifierType.SIRET.value, invoice.buyer.identifier),
        (IdentifierType.SIRET.value, invoice.validator),
    ]
    found = directory.by_identifiers(pair for pair in asked if pair[1])
    supplier, recipient, validator = (found.get(pair) for pair in asked)
    if recipient is None:
        return Parties(supplier, None, validator=validator)
    service, commitment = directory.service_and_commitment(recipient.id, invoice.service_code, invoice.commitment)
    return Parties(supplier, recipient, service, commitment, validator)


def _supplier_findings(flux: Flux, invoice: Invoice, supplier: Structure | None) -> list[Finding]:
    siret = invoice.supplier.identifier
    if supplier is None or not supplier.active:
        return [
            Finding(
                "CHO-FOURN-INCONNU", Severity.ERROR, "CHORALE",
                f"Le fournisseur {siret} n'est pas une structure active de l'annuaire : "
                "vérifiez l'identifiant du vendeur ou faites inscrire la structure.",
                f"Supplier {siret} is not an active structure of the directory: check the seller's SIRET.",
                term="BT-30", value=siret, expected="SIRET d'une structure active de l'annuaire",
            )
        ]  # fmt: skip
    if supplier.id not in flux.structures and not invoice.frame.is_works:
        return [
            Finding(
                "CHO-FOURN-NON-RATTACHE", Severity.ERROR, "CHORALE",
                f"Le compte qui dépose n'est pas habilité pour le fournisseur {siret} : "
                "déposez avec le compte technique de ce fournisseur.",
                f"The depositing account has no right for supplier {siret}: deposit with that supplier's account.",
                term="BT-30", value=siret, expected="SIRET d'une structure du compte technique",
            )
        ]  # fmt: skip
    return []


def refused(member: Member, of: Identity, findings: Sequence[Finding]) -> RankReport:
    """The report on a member with an error."""
    return RankReport(
        member.rank,
        member.name,
        RankOutcome.REFUSED,
        invoice_number=of.number,
        supplier_identifier=of.supplier,
        recipient_identifier=of.recipient,
        findings=tuple(findings),
    )


def _file(
    flux: Flux, member: Member, invoice: Invoice, parties: Parties, findings: tuple[Finding, ...], now: datetime
) -> RankReport:
    supplier, recipient = parties.supplier, parties.recipient
    assert supplier is not None
    assert recipient is not None
    # The original is kept first: an accepted invoice always has its bytes.
    original_key = objects.put_original(flux.number, member.rank, member.content)
    invoice_id = counters.next_number(counters.OBJECTS)
    invoice = with_numbered_files(invoice, invoice_id)
    history = tuple(
        HistoryLine(version, row.target, now, flux.depositor if row.source is None else SYSTEM)
        for version, row in enumerate(integration_path(invoice.frame.validation is not None), start=1)
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
        deposited_at=flux.deposited_at,
        currency=invoice.currency,
        net=invoice.totals.net,
        vat=invoice.totals.vat,
        gross=invoice.totals.gross,
        payable=invoice.totals.payable,
        supplier=_ref(supplier),
        recipient=_ref(recipient),
        service=(
            ServiceRef(parties.service.id, parties.service.code, parties.service.name) if parties.service else None
        ),
        commitment=invoice.commitment,
        contract=invoice.contract,
        flux_number=flux.number,
        rank=member.rank,
        deposit_mode=flux.deposit_mode,
        size=len(member.content),
        validator=_ref(parties.validator) if invoice.frame.validation and parties.validator else None,
        validation_due=answer_due(invoice.frame, flux.deposited_at) if last.status is Status.A_VALIDER_1 else None,
        origin_number=invoice.origin_number,
    )
    report = RankReport(
        member.rank,
        member.name,
        RankOutcome.INTEGRATED,
        invoice_id,
        invoice.number,
        invoice.supplier.identifier,
        invoice.buyer.identifier,
        findings,
    )
    filed = FiledInvoice(summary, invoice, history, original_key, member.name)
    taken = invoices.file_invoice(filed, invoices.told(None, summary), report, (supplier.id, invoice.kind.value))
    if taken is None:
        return report
    if (taken.flux_number, taken.rank) == (flux.number, member.rank):
        return replace(report, invoice_id=taken.invoice_id)
    identity = Identity(invoice.number, invoice.supplier.identifier, invoice.buyer.identifier)
    return refused(member, identity, [*findings, duplicate(invoice, taken)])


def duplicate(invoice: Invoice, first: invoices.NumberTaken) -> Finding:
    """The finding on a number that ``first`` has."""
    return Finding(
        "CHO-NUMERO-DOUBLON", Severity.ERROR, "CHORALE",
        f"Le numéro {invoice.number} a déjà été accepté pour ce fournisseur : facture {first.invoice_id}"
        f"{f', flux {first.flux_number}, rang {first.rank}' if first.flux_number else ''}. "
        "Donnez un autre numéro à cette facture.",
        f"Number {invoice.number} was already accepted for this supplier: invoice {first.invoice_id}"
        f"{f', flux {first.flux_number}, rank {first.rank}' if first.flux_number else ''}. "
        "Give this invoice another number.",
        term="BT-1", value=invoice.number, expected="numéro jamais utilisé par ce fournisseur",
    )  # fmt: skip


def _ref(structure: Structure) -> StructureRef:
    return StructureRef(structure.id, structure.identifier, structure.name, structure.identifier_type)
