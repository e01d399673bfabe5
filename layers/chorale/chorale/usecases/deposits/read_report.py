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
from chorale.stores.directory import structures as directory

__all__ = ["label", "read_report", "report_json", "report_link", "report_pdf"]

NAMED_AT_MOST = 3
"""Structures that the PDF of a report names as who deposited."""
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


def report_pdf(flux: Flux, report: IntegrationReport) -> bytes:
    """The report as a PDF that an accountant can read."""
    from chorale.formats.writing.report_pdf import render_report

    return render_report(report, _depositor(flux))


def _depositor(flux: Flux) -> str:
    """``Demo Fournisseur (99000007700018), compte TECH_1_...``: the first structures that the account may act for."""
    ids = tuple(dict.fromkeys((*flux.structures, *flux.works)))
    names = [f"{one.name} ({one.identifier})" for one in directory.structures(ids[:NAMED_AT_MOST])]
    others = [f"{len(ids) - NAMED_AT_MOST} autre(s) structure(s)"] if len(ids) > NAMED_AT_MOST else []
    return ", ".join([*names, *others, f"compte {flux.depositor}"])


def report_link(flux: Flux) -> str:
    """Where the complete report of a flux that has its verdict can be fetched, for fifteen minutes."""
    return objects.presigned_document(flux.report_key, LINK_WINDOW)
