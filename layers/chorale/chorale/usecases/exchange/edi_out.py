"""What partners are told in their folder: the verdict on each deposit, each status of their invoices; and on demand."""

import json
from dataclasses import replace
from datetime import datetime

from chorale.domain.access.rights import Actor
from chorale.domain.deposits.flux import Flux
from chorale.domain.errors import InvalidRequest
from chorale.domain.events import Event, EventType
from chorale.domain.exchange.edi import FLUX_CODES, LIFE_CYCLE, PLATFORM, Fault, FluxStatus, out_key, report_interface
from chorale.domain.fields import Field
from chorale.domain.findings import Finding, IntegrationReport, RankOutcome, Severity
from chorale.formats.writing.cpp_statut import flux_status, invoice_statuses
from chorale.formats.writing.report_json import report_from_json
from chorale.stores import objects
from chorale.stores.deposits import flux as flux_store
from chorale.stores.exchange import partners
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.deposits.read_report import read_report


def tell(event: Event) -> str | None:
    """Write the file that ``event`` is worth to the depositor's folder; its key, or None when nobody waits for it.

    A status without a code of the exchange is not told.

    Written again, it is the same file.
    """
    if event.type is EventType.FLUX_DECIDED:
        flux = flux_store.get(event.object_id)
        partner = partners.of_login(flux.depositor) if flux else None
        if flux is None or partner is None:
            return None
        key = out_key(partner, report_interface(flux.syntax), event.at, flux.number)
        objects.put_edi(key, flux_status(_verdict(flux), partner, event.at))
        return key
    filed = invoices.get_whole(int(event.object_id))
    flux = flux_store.get(filed.summary.flux_number) if filed and filed.summary.flux_number else None
    partner = partners.of_login(flux.depositor) if flux else None
    lines = [line for line in filed.history if line.version == event.version] if filed else []
    if filed is None or partner is None or not lines or not lines[0].status.edi_code:
        return None
    # As the invoice was then: a later status has an event of its own.
    [line] = lines
    row = replace(filed.summary, status=line.status, status_at=line.at, status_reason=line.reason, version=line.version)
    name = f"{row.id}-{row.version}"
    key = out_key(partner, LIFE_CYCLE, event.at, name)
    objects.put_edi(key, invoice_statuses([row], partner, name, event.at))
    return key


def life_cycle_of(actor: Actor, flux_number: str, now: datetime) -> tuple[str, bytes]:
    """Name and content of a life-cycle file with the current status of every invoice of one of the actor's deposits.

    Those whose status has no code of the exchange are left out. Raises FluxNotFound, or InvalidRequest when no invoice
    of it was integrated.
    """
    flux, _ = read_report(actor, flux_number)
    rows = [row for row in invoices.by_flux(flux.number) if row.status.edi_code]
    if not rows:
        raise InvalidRequest(
            f"Aucune facture du flux {flux.number} n'est intégrée : consultez son compte rendu.", Field.FLUX_NUMBER
        )
    partner = partners.of_login(actor.login) or PLATFORM
    name = out_key(partner, LIFE_CYCLE, now, flux.number).rpartition("/")[2]
    return name, invoice_statuses(rows, partner, flux.number, now)


def _verdict(flux: Flux) -> FluxStatus:
    comment = f"{flux.state.label} : {flux.integrated} factures intégrées, {flux.refused} refusées"
    faults: tuple[Fault, ...] = ()
    if flux.report_key:
        faults = _faults(report_from_json(json.loads(objects.get_document(flux.report_key))))
    return FluxStatus(FLUX_CODES[flux.state], flux.number, comment, faults)


def _faults(report: IntegrationReport) -> tuple[Fault, ...]:
    """Every error, each under its invoice; what concerns the whole file first."""
    found = [_fault("FICHIER", finding) for finding in report.findings if finding.severity is Severity.ERROR]
    for rank in report.ranks:
        if rank.outcome is RankOutcome.REFUSED:
            name = f"FACTURE {rank.invoice_number or rank.file_name}"
            found += [_fault(name, finding) for finding in rank.findings if finding.severity is Severity.ERROR]
    return tuple(found)


def _fault(kind: str, finding: Finding) -> Fault:
    return Fault(kind, finding.code, finding.message)
