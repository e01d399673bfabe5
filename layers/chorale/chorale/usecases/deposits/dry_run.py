"""Check a file as a deposit would, and keep nothing of it."""

from datetime import datetime

from chorale.domain.access.rights import Actor
from chorale.domain.deposits.flux import INLINE_LIMIT, RANKS_PER_CHUNK, Flux
from chorale.domain.directory.structures import Structure
from chorale.domain.errors import FileTooLarge, InvalidRequest
from chorale.domain.fields import Field
from chorale.domain.findings import Finding, IntegrationReport, RankOutcome, RankReport, is_refused, verdict_state
from chorale.domain.invoices.invoice import Invoice
from chorale.domain.statuses import FluxState
from chorale.domain.works.flux_papers import PaperRefused, number_taken
from chorale.formats.budget import Budget, budget_at_once
from chorale.formats.reading.members import Member, RefusedFile, unpack
from chorale.stores.invoices import recorded as invoices
from chorale.stores.works import dossiers as works
from chorale.usecases.deposits.deposit import announced
from chorale.usecases.deposits.integrate_invoice import duplicate, examine, refused
from chorale.usecases.works.integrate_paper import check_paper


def dry_run(actor: Actor, file_name: str, syntax: str, content: bytes, now: datetime) -> IntegrationReport:
    """The report that depositing this file would give at this moment; no number is used and nothing is written.

    At most ``RANKS_PER_CHUNK`` invoices. Raises Forbidden, InvalidRequest or FileTooLarge as a deposit does, and
    ValidationUndetermined when the engine failed.
    """
    if not content:
        raise InvalidRequest(f"Le fichier est vide : joignez le contenu en base64 dans {Field.FILE}.", Field.FILE)
    if len(content) > INLINE_LIMIT:
        raise FileTooLarge(f"Le contrôle prend {INLINE_LIMIT // 1_000_000} Mo au plus : déposez le fichier.")
    flux = announced(actor, file_name, syntax, len(content), "", False, now, "")
    budget = budget_at_once()
    try:
        members = unpack(content, flux.file_name, flux.syntax, budget)
    except RefusedFile as refusal:
        return _report(flux, FluxState.REJECTED, now, findings=refusal.findings)
    if len(members) > RANKS_PER_CHUNK:
        raise InvalidRequest(
            f"Le fichier contient {len(members)} factures : le contrôle sans dépôt en prend {RANKS_PER_CHUNK} au plus.",
            Field.FILE,
        )
    seen: set[tuple[int, str, str]] = set()
    ranks = tuple(_examined(flux, member, budget, seen, now) for member in members)
    integrated = sum(rank.outcome is RankOutcome.INTEGRATED for rank in ranks)
    return _report(flux, verdict_state(integrated, len(ranks) - integrated), now, ranks)


def _examined(flux: Flux, member: Member, budget: Budget, seen: set[tuple[int, str, str]], now: datetime) -> RankReport:
    known = examine(flux, member, budget)
    invoice, supplier = known.invoice, known.parties.supplier
    if invoice is None or supplier is None or is_refused(known.findings):
        return refused(member, known.identity, known.findings)
    refusal = _take_number(flux, member, invoice, supplier, seen, now)
    if refusal:
        return refused(member, known.identity, [*known.findings, refusal])
    return RankReport(
        member.rank,
        member.name,
        RankOutcome.INTEGRATED,
        None,
        invoice.number,
        invoice.supplier.identifier,
        invoice.buyer.identifier,
        known.findings,
    )


def _take_number(
    flux: Flux, member: Member, invoice: Invoice, supplier: Structure, seen: set[tuple[int, str, str]], now: datetime
) -> Finding | None:
    """Note the number of an invoice or works paper in ``seen``, or say why it cannot be deposited."""
    if invoice.frame.is_works:
        try:
            depositor_id = check_paper(flux, member, invoice, supplier, now)
        except PaperRefused as refusal:
            return refusal.finding
        number = (depositor_id, works.number_kinds(invoice.frame)[-1], invoice.number)
        if number in seen:
            return number_taken(invoice, None)
    else:
        number = (supplier.id, invoice.kind.value, invoice.number)
        holder = invoices.NumberTaken("", 0, 0) if number in seen else invoices.holder(*number)
        if holder:
            return duplicate(invoice, holder)
    seen.add(number)
    return None


def _report(
    flux: Flux,
    state: FluxState,
    now: datetime,
    ranks: tuple[RankReport, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> IntegrationReport:
    integrated = sum(rank.outcome is RankOutcome.INTEGRATED for rank in ranks)
    counts = {"total": len(ranks), "integrated": integrated, "refused": len(ranks) - integrated}
    return IntegrationReport("", flux.file_name, flux.syntax.value, state, now, now, findings, ranks, counts)
