"""CPPFacturePivot V2.02: invoices and their files in one XML, as recipients' software reads them (AIFE's XSD).

The content of each file is a ZIP of that one file, in base64, as the public platform writes it.
"""

import base64
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from lxml import etree

from chorale.domain.dates import paris_day
from chorale.domain.invoices.attachments import AttachedFile
from chorale.domain.invoices.invoice import DocumentKind, Invoice, Line
from chorale.domain.invoices.recorded import FiledInvoice, HistoryLine
from chorale.domain.statuses import Status
from chorale.formats.reading.attachments import invoice_file
from chorale.formats.reading.detection import ContentKind, looks_like
from chorale.formats.reading.files_inside import files_inside
from chorale.formats.writing.cpp_envelope import BEING_REGISTERED, IDENTIFIER_CODES, add, add_envelope, written
from chorale.formats.writing.invoice_page.parties import sent_on
from chorale.formats.writing.invoice_page.payment import MEANS
from chorale.formats.writing.invoice_page.pdf import pages_of
from chorale.formats.writing.words import amount_of, number_of

SCHEMA = "CPPFacturePivot_V2_02.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""Equal content makes equal files."""
MAIN, BESIDE = "01", "02"
"""TypePJ: the invoice itself, and what comes with it."""
PDF_CATEGORY, XML_CATEGORY, ORDINARY_CATEGORY = "Facture PDF", "Facture XML", "Pièce jointe standard"
"""CategoriePJ, in the words that the public platform writes."""
NAME_AT_MOST = 50
IBAN_START = re.compile(r"[A-Z]{2}\d{2}")
"""An account that begins otherwise is a national number."""
MODES = {"SAISIE_API": "saisie", "DEPOT_PDF_API": "PDF", "DEPOT_PDF_SIGNE_API": "PDF"}
"""ModeEmission by ``modeDepot``; whatever else came is a flux."""
TRANSFER = "30"
MEANS_CODES = {code: code for code in ("10", "20", "30", "31", "42", "48", "49", "97")} | {
    "54": "48", "55": "48", "57": TRANSFER, "58": TRANSFER, "59": "49",
}  # fmt: skip
"""ModePaiement/Code by UNTDID 4461: the eight codes that the schema has, and the nearest of them for the others. One
that is not defined (1) is a transfer when the invoice gives an account."""
UNSAID = "97"
"""The one of the eight codes that orders nothing, for an invoice that names no means of payment."""
VALIDATION = frozenset({Status.VALIDEE_1, Status.REFUSEE_1, Status.ABSENCE_VALIDATION_1_HORS_DELAI})
"""What a validator did with an A9 or A12, or that it did nothing."""


@dataclass(frozen=True, slots=True)
class PivotFile:
    """One file of an invoice."""

    content: bytes
    extension: str
    mime_type: str
    category: str
    is_main: bool = False
    original_name: str = ""


@dataclass(frozen=True, slots=True)
class PivotInvoice:
    """One invoice, its files (the first is the invoice itself), and when the MOE got a works paper."""

    filed: FiledInvoice
    files: tuple[PivotFile, ...]
    available_to_moe_on: date | None = None


def files_of(
    filed: FiledInvoice, original: bytes, attached: Iterable[tuple[AttachedFile, bytes]]
) -> tuple[PivotFile, ...]:
    """The files of an invoice: a PDF of it first, then its data, the files inside it, those ``attached`` since.

    The PDF is what was deposited, or the one inside the data, else the pages that the platform makes of the data.
    """
    beside = [
        PivotFile(content, file.extension, file.mime_type, ORDINARY_CATEGORY, original_name=file.name)
        for file, content in attached
    ]
    inside = files_inside(original)
    is_pdf = looks_like(original) is ContentKind.PDF
    shown = None if is_pdf else invoice_file(inside)
    held = [
        PivotFile(file.content, _extension(file.name), file.mime_type, ORDINARY_CATEGORY, original_name=file.name)
        for file in inside
        if file is not shown and file.content
    ]
    if is_pdf:
        return (PivotFile(original, "pdf", "application/pdf", PDF_CATEGORY, is_main=True), *held, *beside)
    page = shown.content if shown and shown.content else pages_of(filed.document, original, sent_on(filed))
    return (
        PivotFile(page, "pdf", "application/pdf", PDF_CATEGORY, is_main=True),
        PivotFile(original, "xml", "text/xml", XML_CATEGORY),
        *held,
        *beside,
    )  # fmt: skip


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def pivot_of(invoices: Sequence[PivotInvoice], partner: str, flux: str, at: datetime) -> bytes:
    """One file of ``invoices`` (one at least) for ``partner`` (3 to 8 characters); ``flux`` names this file."""
    root = etree.Element("CPPFacturePivot", nsmap={"xsi": _XSI})
    root.set(f"{{{_XSI}}}noNamespaceSchemaLocation", SCHEMA)
    add_envelope(root, partner, flux, at)
    group = etree.SubElement(root, "CPPFactures", Compteur=str(len(invoices)))
    for order, one in enumerate(invoices, start=1):
        unit = etree.SubElement(group, "CPPFacturePivotUnitaire", NumOrdre=str(order))
        _supplier(unit, one.filed)
        _debtor(unit, one.filed)
        _data(unit, one)
        for place, file in enumerate(one.files, start=1):
            _file(unit, one.filed, place, file)
        _validations(unit, one.filed)
    return written(root)


def _supplier(unit: Any, filed: FiledInvoice) -> None:
    supplier, row, document = etree.SubElement(unit, "Fournisseur"), filed.summary, filed.document
    add(supplier, "TypeIdentifiant", IDENTIFIER_CODES.get(row.supplier.identifier_type, BEING_REGISTERED))
    add(supplier, "Identifiant", row.supplier.identifier)
    add(supplier, "RaisonSociale", row.supplier.name)
    add(supplier, "CodePays", _country(document.supplier.address.country))
    if document.iban:
        kind = "IBAN" if IBAN_START.match(document.iban) else "RIB"
        account = etree.SubElement(supplier, "ReferenceBancaire", Type=kind)
        add(account, "Compte", document.iban)
        if document.works and document.account_name:
            add(account, "RaisonSocialeEncaisseur", document.account_name)
    add(supplier, "ModeEmission", MODES.get(row.deposit_mode, "flux"))


def _country(written_country: str) -> str:
    return written_country if len(written_country) == 2 else "FR"


def _debtor(unit: Any, filed: FiledInvoice) -> None:
    debtor, row = etree.SubElement(unit, "Debiteur"), filed.summary
    add(debtor, "TypeIdentifiant", "1")
    add(debtor, "Identifiant", row.recipient.identifier)
    add(debtor, "Nom", row.recipient.name)
    if row.service:
        add(debtor, "CodeService", row.service.code)
        add(debtor, "NomService", row.service.name)


def _data(unit: Any, one: PivotInvoice) -> None:
    data, row, document = etree.SubElement(unit, "DonneesFacture"), one.filed.summary, one.filed.document
    is_credit_note = row.kind is DocumentKind.CREDIT_NOTE
    add(data, "Id", row.number)
    add(data, "IdCPRO", str(row.id))
    add(data, "Renvoi", _sent_again(one.filed.history))
    if is_credit_note and row.origin_number:
        add(data, "IdFactureOrigine", row.origin_number)
    add(data, "Type", "381" if is_credit_note else "380")
    add(data, "Cadre", row.frame.short)
    add(data, "DateEmissionFacture", row.issue_date.isoformat())
    if document.delivery.on:
        add(data, "DateLivraison", document.delivery.on.isoformat())
    _means(data, document)
    add(data, "DateReception", _received_on(one.filed).isoformat())
    if one.available_to_moe_on:
        add(data, "DateMiseADispositionMOE", one.available_to_moe_on.isoformat())
    add(data, "Devise", row.currency)
    amounts = etree.SubElement(data, "Montants")
    add(amounts, "MontantHT", amount_of(row.net))
    add(amounts, "MontantTTC", amount_of(row.gross))
    add(amounts, "MontantNetAPayer", amount_of(row.payable))
    _taxes(data, document)
    if row.contract or row.commitment:
        engagement = etree.SubElement(data, "Engagement")
        if row.contract:
            add(engagement, "NumeroMarche", row.contract)
        if row.commitment:
            add(engagement, "NumeroEngagement", row.commitment)
    lines = etree.SubElement(data, "Lignes")
    for order, line in enumerate(document.ordinary_lines or _lines_of_works(document), start=1):
        _line(lines, order, line)


def _lines_of_works(document: Invoice) -> tuple[Line, ...]:
    """The one line of a works payment that came as a PDF: its situation, with the whole net amount."""
    statement, net = document.works, document.totals.net
    if statement is None or not statement.situation:
        return ()
    return (Line("1", statement.situation, Decimal(1), "", net, net),)


def _means(data: Any, document: Invoice) -> None:
    """The means of payment, which the schema wants of every invoice: one that names none says so in words."""
    code = MEANS_CODES.get(document.payment_means)
    if code is None and document.payment_means and document.iban:
        code = TRANSFER
    means = etree.SubElement(data, "ModePaiement")
    add(means, "Code", code or UNSAID)
    add(means, "Libelle", MEANS[code].capitalize() if code else "Non précisé par la facture")


def _sent_again(history: Sequence[HistoryLine]) -> str:
    """Whether the invoice was completed or sent on since its first deposit, and which came last."""
    again = "Non"
    for before, line in pairwise(history):
        if line.status is Status.COMPLETEE:
            again = "Complétée"
        elif before.status is Status.A_RECYCLER and line.status is Status.DEPOSEE:
            again = "Recyclée"
    return again


def _received_on(filed: FiledInvoice) -> date:
    """The day when the recipient could first read it, in Paris."""
    arrivals = (line.at for line in filed.history if line.status is Status.MISE_A_DISPOSITION)
    return paris_day(next(arrivals, filed.summary.deposited_at))


def _taxes(data: Any, document: Invoice) -> None:
    taxes = etree.SubElement(data, "TVAs")
    for tax in document.tax_lines:
        one = etree.SubElement(taxes, "TVA")
        add(one, "Taux", number_of(tax.rate or Decimal(0)))
        add(one, "BaseHt", amount_of(tax.base))
        add(one, "MontantTVA", amount_of(tax.amount))


def _line(lines: Any, order: int, line: Line) -> None:
    one = etree.SubElement(lines, "Ligne", NumOrdre=str(order))
    net, quantity = line.net or Decimal(0), Decimal(1) if line.quantity is None else line.quantity
    add(one, "ReferenceProduit", line.reference or line.name)
    add(one, "PrixUnitaire", number_of(net if line.unit_price is None else line.unit_price))
    add(one, "Quantite", number_of(quantity))
    add(one, "MontantHT", amount_of(net))
    if line.tax_rate is not None:
        add(one, "TauxTVA", number_of(line.tax_rate))


def _file(unit: Any, filed: FiledInvoice, place: int, file: PivotFile) -> None:
    """One file. Its name is made of its place and the invoice's number: names that people give may repeat."""
    stem = "".join(c for c in filed.summary.number if c.isalnum() or c in "-_")
    name = f"PJ{place:02d}_{stem}" + (f".{file.extension}" if file.extension else "")
    piece = etree.SubElement(unit, "PJ", NumOrdre=str(place))
    add(piece, "Contenu", base64.b64encode(_zipped(name, file.content)).decode())
    add(piece, "NomPJ", name)
    if file.original_name:
        add(piece, "NomPJOrigine", file.original_name[:NAME_AT_MOST])
    add(piece, "CategoriePJ", file.category)
    add(piece, "TypePJ", MAIN if file.is_main else BESIDE)
    add(piece, "MimeTypePJ", file.mime_type or "application/octet-stream")


def _zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _validations(unit: Any, filed: FiledInvoice) -> None:
    row = filed.summary
    lines = [line for line in filed.history if line.status in VALIDATION]
    if row.validator is None or not lines:
        return
    cycle = etree.SubElement(unit, "CycleDeValidation")
    for line in lines:
        one = etree.SubElement(cycle, "ValidationUnitaire")
        add(one, "DateStatut", paris_day(line.at).isoformat())
        add(one, "CodeStatut", line.status.edi_code)
        if line.reason:
            add(one, "Commentaire", line.reason)
        producer = etree.SubElement(one, "ProducteurStatut")
        add(producer, "TypeIdentifiant", IDENTIFIER_CODES.get(row.validator.identifier_type, BEING_REGISTERED))
        add(producer, "Id", row.validator.identifier)
        add(producer, "RaisonSociale", row.validator.name)
        add(producer, "CodePays", "FR")
