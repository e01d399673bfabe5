"""CPPStatut V1.19: life-cycle files, written for partners and read from them (structure of the AIFE's XSD)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from chorale.domain.exchange.edi import PLATFORM, Fault, FluxStatus, LifeCycleLine
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.formats.notes import Refused
from chorale.formats.reading import xml
from chorale.formats.writing.cpp_envelope import BEING_REGISTERED, IDENTIFIER_CODES, add, add_envelope, moment, written

VERSION = "V1_19"
LINES_AT_MOST = 1000


class UnreadableLifeCycle(Exception):
    """A life-cycle file that cannot be read whole; nothing of it is done."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.label)
        self.fault = fault


def invoice_statuses(rows: Sequence[InvoiceSummary], partner: str, flux: str, at: datetime) -> bytes:
    """The current status of each of ``rows`` (one at least), for ``partner``; ``flux`` names this file."""
    root, statuses = _document(partner, flux, at), None
    statuses = etree.SubElement(root, "CPPFactureStatuts", compteur=str(len(rows)))
    for order, row in enumerate(rows, start=1):
        unit = etree.SubElement(statuses, "CPPFactureStatutUnitaire", NumOrdre=str(order))
        supplier = etree.SubElement(unit, "Fournisseur")
        add(supplier, "TypeIdentifiant", IDENTIFIER_CODES.get(row.supplier.identifier_type, BEING_REGISTERED))
        add(supplier, "Identifiant", row.supplier.identifier)
        add(supplier, "RaisonSociale", row.supplier.name)
        debtor = etree.SubElement(unit, "Debiteur")
        add(debtor, "TypeIdentifiant", "1")
        add(debtor, "Identifiant", row.recipient.identifier)
        add(debtor, "Nom", row.recipient.name)
        if row.service:
            add(debtor, "CodeService", row.service.code)
        data = etree.SubElement(unit, "DonneesStatut")
        add(data, "IdStatut", row.status.edi_code)
        if row.status_reason:
            add(data, "Commentaire", row.status_reason)
        add(data, "Horodatage", moment(row.status_at))
        etree.SubElement(data, "Producteur", Id=PLATFORM)
        add(data, "IdFacture", row.number)
        add(data, "DateFacture", row.issue_date.isoformat())
        if row.mandate_number:
            add(data, "IdMandatDP", row.mandate_number)
    return written(root)


def flux_status(status: FluxStatus, partner: str, at: datetime) -> bytes:
    """What became of a file of ``partner``, with every fault."""
    root = _document(partner, status.flux, at)
    statuses = etree.SubElement(root, "CPPFluxStatuts", compteur="1")
    data = etree.SubElement(etree.SubElement(statuses, "CPPFluxStatutUnitaire", NumOrdre="1"), "DonneesStatut")
    add(data, "IdStatut", status.code)
    add(data, "Commentaire", status.comment)
    add(data, "Horodatage", moment(at))
    add(data, "IdFlux", status.flux)
    if status.faults:
        details = etree.SubElement(data, "Details", NbLignesErreur=str(len(status.faults)))
        for line, fault in enumerate(status.faults, start=1):
            entry = etree.SubElement(details, "LigneErreurDetail", IdLigne=str(line))
            add(entry, "NatureErreur", fault.kind)
            add(entry, "CodeErreur", fault.code)
            add(entry, "LibelleErreur", fault.label)
    return written(root)


def read_life_cycle(content: bytes) -> tuple[LifeCycleLine, ...]:
    """The statuses that a partner gives; raises UnreadableLifeCycle."""
    try:
        root = xml.parse(content)
    except Refused as refused:
        finding = refused.notes[0].finding
        raise UnreadableLifeCycle(Fault("FORMAT", finding.code, finding.message)) from refused
    if root.tag != "CPPStatut":
        raise _not_taken(f"la racine est {root.tag} : CPPStatut est attendu")
    units = root.findall("CPPFactureStatuts/CPPFactureStatutUnitaire")
    if not units:
        raise _not_taken("CPPFactureStatuts est absent : seuls les statuts de factures se déposent")
    if len(units) > LINES_AT_MOST:
        raise _not_taken(f"{len(units)} statuts : {LINES_AT_MOST} au plus par fichier")
    return tuple(
        LifeCycleLine(
            _text(unit, "DonneesStatut/IdStatut").zfill(2),
            _text(unit, "Fournisseur/Identifiant"),
            _text(unit, "Debiteur/Identifiant"),
            _text(unit, "DonneesStatut/IdFacture"),
            _text(unit, "DonneesStatut/Commentaire"),
            _text(unit, "DonneesStatut/IdMandatDP"),
            order,
            _text(unit, "DonneesStatut/DateFacture"),
        )
        for order, unit in enumerate(units, start=1)
    )


def _not_taken(reason: str) -> UnreadableLifeCycle:
    return UnreadableLifeCycle(Fault("FORMAT", "CHO-EDI-CYCLE", f"Fichier de cycle de vie refusé, {reason}."))


def _document(partner: str, flux: str, at: datetime) -> Any:
    root = etree.Element("CPPStatut", Version=VERSION)
    add_envelope(root, partner, flux, at)
    return root


def _text(element: Any, path: str) -> str:
    return (element.findtext(path) or "").strip()
