"""Read what became of a deposit."""

import json
from datetime import timedelta

from chorale.domain.access.rights import Actor
from chorale.domain.deposits.flux import Flux
from chorale.domain.errors import FluxNotFound
from chorale.domain.findings import IntegrationReport
from chorale.formats.writing.labels import short_label as label
from chorale.formats.writing.report_json import report_from_json
from chorale.formats.writing.report_json import report_to_json as report_json
from chorale.stores import objects
from chorale.stores.deposits import flux as flux_store

__all__ = ["label", "read_report", "report_json", "report_link", "report_pdf"]

LINK_WINDOW = timedelta(minutes=15)


def read_report(actor: Actor, flux_number: str) -> tuple[Flux, IntegrationReport | None]:
    """A flux that the actor deposited, and its report once the verdict is known.

    Raises FluxNotFound for an unknown number and for another depositor's alike.
    """
    flux = flux_store.get(flux_number)
    if flux is None or flux.depositor != actor.login:
        raise FluxNotFound(f"Le flux {flux_number} n'existe pas : vérifiez le numéro reçu au dépôt.")
    if not flux.report_key:
        return flux, None
    return flux, report_from_json(json.loads(objects.get_document(flux.report_key)))


def report_pdf(report: IntegrationReport) -> bytes:
    """The report as a PDF that an accountant can read."""
    from chorale.formats.writing.report_pdf import render_report

    return render_report(report)


def report_link(flux: Flux) -> str:
    """Where the complete report of a flux that has its verdict can be fetched, for fifteen minutes."""
    return objects.presigned_document(flux.report_key, LINK_WINDOW)
