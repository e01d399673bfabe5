"""Download invoices as a person reads them, as a program does, or as they were deposited, with their files."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chorale.domain.dates import paris_day
from chorale.domain.errors import InvalidRequest
from chorale.domain.filing import ActionKind, FiledInvoice, UserAction
from chorale.domain.payment_clock import ClockKind
from chorale.domain.rights import Actor
from chorale.domain.works.routing import clock_behind
from chorale.stores import invoices, objects, works
from chorale.usecases.consult_invoice import consult_history

INVOICES_AT_MOST = 10
"""As the public platform advises."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""Every entry of a package: equal content makes equal packages."""
PDF_MAGIC = b"%PDF-"
LINK_WINDOW = timedelta(minutes=15)
PIVOT_RECEIVER = "API"
"""Who a pivot file is for: a caller of the API has no partner code."""


class DownloadFormat(StrEnum):
    """What the invoices come as."""

    PDF = "PDF"
    PIVOT = "PIVOT"
    ZIP = "ZIP"


@dataclass(frozen=True, slots=True)
class Download:
    """What was asked for."""

    content: bytes
    extension: str


def download_invoices(
    actor: Actor, ids: Sequence[int], given: DownloadFormat, with_files: bool, now: datetime
) -> Download:
    """One to ten invoices of which the actor is a party, with the files beside them when ``with_files``.

    As PDF, what was deposited as data is shown on pages that carry it; one PDF alone comes as it is, everything else as
    a ZIP with one folder for each invoice. As ZIP, the originals. As PIVOT, one XML with every invoice and all its
    files. The invoices are marked as downloaded once all could be read. Raises InvoiceNotFound, Forbidden or
    InvalidRequest.
    """
    wanted = list(dict.fromkeys(ids))
    if not 1 <= len(wanted) <= INVOICES_AT_MOST:
        raise InvalidRequest(f"Indiquez de 1 à {INVOICES_AT_MOST} factures dans listeFacture.", "listeFacture")
    read = [(filed, objects.get_document(filed.original_key)) for filed in (consult_history(actor, n) for n in wanted)]
    made = _pivot(read, now) if given is DownloadFormat.PIVOT else _people(read, given, with_files)
    for number in wanted:
        invoices.mark(number, "downloaded", UserAction(ActionKind.DOWNLOADED, now, actor.login))
    return made


Read = Sequence[tuple[FiledInvoice, bytes]]
"""Invoices with their originals."""


def _people(read: Read, given: DownloadFormat, with_files: bool) -> Download:
    """What a person opens: a PDF, or a ZIP."""
    if given is DownloadFormat.PDF:
        read = [(filed, _page(filed, content)) for filed, content in read]
    alone = given is DownloadFormat.PDF and len(read) == 1 and not (with_files and read[0][0].attachments)
    return Download(read[0][1], "pdf") if alone else Download(_zipped(read, with_files), "zip")


def _pivot(read: Read, now: datetime) -> Download:
    """What a program reads."""
    # The writer loads what makes pages of data: most downloads do without.
    from chorale.formats.pivot import PivotInvoice, files_of, pivot_of

    units = []
    for filed, original in read:
        attached = ((file, objects.get_document(objects.attachment_key(file.id))) for file in filed.attachments)
        units.append(PivotInvoice(filed, files_of(filed, original, attached), _available_to_moe_on(filed)))
    name = f"PIVOT_{read[0][0].summary.id}_{now:%Y%m%d%H%M%S}"
    return Download(pivot_of(units, PIVOT_RECEIVER, name, now), "xml")


def _available_to_moe_on(filed: FiledInvoice) -> date | None:
    """For a progress payment of a works contract: the day from which its payment delay runs (CCP R2192-12)."""
    file = works.get(filed.summary.works_file_id) if filed.summary.works_file_id else None
    paper = file.paper(filed.summary.id) if file else None
    behind = clock_behind(file, paper) if file and paper else None
    return paris_day(behind[1].started_at) if behind and behind[1].kind is ClockKind.PROGRESS else None


def _page(filed: FiledInvoice, original: bytes) -> bytes:
    """The PDF that was deposited, else the pages that the platform makes of the data, which they carry."""
    if original.startswith(PDF_MAGIC):
        return original
    # Fonts are slow to load, and most downloads do without.
    from chorale.formats.invoice_pdf import pages_of

    return pages_of(filed.document, original)


def _zipped(read: Read, with_files: bool) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for filed, content in read:
            folder, ending = filed.summary.id, "pdf" if content.startswith(PDF_MAGIC) else "xml"
            package.writestr(zipfile.ZipInfo(f"{folder}/facture.{ending}", ZIP_DATE), content)
            for file in filed.attachments if with_files else ():
                entry = zipfile.ZipInfo(f"{folder}/{file.id}.{file.extension}", ZIP_DATE)
                package.writestr(entry, objects.get_document(objects.attachment_key(file.id)))
    return packed.getvalue()


def download_link(made: Download) -> str:
    """Where a download that is too large for an answer can be fetched, for fifteen minutes."""
    digest = hashlib.sha256(made.content).hexdigest()
    return objects.presigned_download(objects.put_download(f"{digest}.{made.extension}", made.content), LINK_WINDOW)
