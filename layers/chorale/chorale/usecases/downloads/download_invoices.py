"""Download invoices as a person reads them, as a program does, or as they were deposited, with their files."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chorale.domain.access.rights import Actor
from chorale.domain.dates import paris_day
from chorale.domain.errors import InvalidRequest
from chorale.domain.fields import Field
from chorale.domain.invoices.recorded import ActionKind, FiledInvoice, UserAction
from chorale.domain.works.payment_clock import ClockKind
from chorale.domain.works.routing import clock_behind
from chorale.formats.writing.bundle import entry
from chorale.stores import objects
from chorale.stores.invoices import recorded as invoices
from chorale.stores.works import dossiers as works
from chorale.usecases.downloads.download_files import UNNAMED, files_of
from chorale.usecases.downloads.works_figures import SHEET_NAME, sheet_of, with_works
from chorale.usecases.invoices.consult_invoice import consult_history
from chorale.usecases.works.read_documents import NOT_OF_THE_ACTOR, PaperDocuments, contents, documents_or

INVOICES_AT_MOST = 10
"""As the public platform advises."""
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
    files. In a ZIP with files and in a PIVOT a works payment has its payment sheet. The invoices are marked as
    downloaded once all could be read. Raises InvoiceNotFound, Forbidden or InvalidRequest.
    """
    wanted = list(dict.fromkeys(ids))
    if not 1 <= len(wanted) <= INVOICES_AT_MOST:
        raise InvalidRequest(f"Indiquez de 1 à {INVOICES_AT_MOST} factures dans {Field.INVOICES}.", Field.INVOICES)
    found = [_invoice_or_paper(actor, number) for number in wanted]
    papers = [one for one in found if isinstance(one, PaperDocuments)]
    filed = [with_works(actor, one) for one in found if not isinstance(one, PaperDocuments)]
    read = [(one, objects.get_document(one.original_key)) for one in filed]
    if papers:
        made = _with_papers(read, papers, given, with_files)
    else:
        made = _pivot(read, now) if given is DownloadFormat.PIVOT else _people(read, given, with_files)
    for one in filed:
        invoices.mark(one.summary.id, "downloaded", UserAction(ActionKind.DOWNLOADED, now, actor.login))
    return made


def _invoice_or_paper(actor: Actor, number: int) -> FiledInvoice | PaperDocuments:
    """An invoice that the actor is a side of, else the works paper of this number that it may read (rule 16)."""
    try:
        return consult_history(actor, number)
    except NOT_OF_THE_ACTOR as error:
        return documents_or(actor, number, error)


def _with_papers(read: "Read", papers: Sequence[PaperDocuments], given: DownloadFormat, with_files: bool) -> Download:
    """Works papers, with invoices among them: one PDF alone as it is, else a ZIP."""
    if given is DownloadFormat.PIVOT:
        raise InvalidRequest("Une pièce de travaux se télécharge en PDF ou en ZIP, pas en PIVOT.", "format")
    files = [file for one in papers for file in contents(one, with_files, str(one.paper.id))]
    deposited = {str(one.paper.id): paris_day(one.paper.deposited_at) for one in papers}
    shown = [content for _, content in read]
    if given is DownloadFormat.PDF:
        shown = [_page(filed, content) for filed, content in read]
        if not read and len(files) == 1:
            return Download(files[0][2], "pdf")
    packed = io.BytesIO(_zipped(read, shown, with_files))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as package:
        for folder, name, content in files:
            package.writestr(entry(folder, name, deposited[folder]), content)
    return Download(packed.getvalue(), "zip")


Read = Sequence[tuple[FiledInvoice, bytes]]
"""Invoices with their originals."""


def _people(read: Read, given: DownloadFormat, with_files: bool) -> Download:
    """What a person opens: a PDF, or a ZIP."""
    shown = read
    if given is DownloadFormat.PDF:
        shown = [(filed, _page(filed, original)) for filed, original in read]
    first = read[0][0]
    beside = with_files and (first.attachments or first.document.attachments)
    if given is DownloadFormat.PDF and len(read) == 1 and not beside:
        return Download(shown[0][1], "pdf")
    return Download(_zipped(read, [content for _, content in shown], with_files), "zip")


def _pivot(read: Read, now: datetime) -> Download:
    """What a program reads."""
    # The writer loads what makes pages of data: most downloads do without.
    from chorale.formats.writing.pivot import ORDINARY_CATEGORY, PivotFile, PivotInvoice, files_of, pivot_of

    units = []
    for filed, original in read:
        attached = ((file, objects.get_document(objects.attachment_key(file.id))) for file in filed.attachments)
        files = files_of(filed, original, attached)
        if filed.document.works:
            sheet = sheet_of(filed, filed.document.works)
            files += (PivotFile(sheet, "pdf", "application/pdf", ORDINARY_CATEGORY, original_name=SHEET_NAME),)
        units.append(PivotInvoice(filed, files, _available_to_moe_on(filed)))
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
    from chorale.formats.writing.invoice_page.parties import sent_on
    from chorale.formats.writing.invoice_page.pdf import pages_of

    return pages_of(filed.document, original, sent_on(filed))


def _zipped(read: Read, shown: Sequence[bytes], with_files: bool) -> bytes:
    """A folder for each invoice: what is ``shown`` of it, and its files, read from its original."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for (filed, original), content in zip(read, shown, strict=True):
            folder, day = filed.summary.id, paris_day(filed.summary.deposited_at)
            ending = "pdf" if content.startswith(PDF_MAGIC) else "xml"
            package.writestr(entry(folder, f"facture.{ending}", day), content)
            if with_files and filed.document.works:
                sheet = sheet_of(filed, filed.document.works)
                package.writestr(entry(folder, SHEET_NAME, day), sheet)
            for place, file in enumerate(files_of(filed, original) if with_files else (), start=1):
                # The number, by which the file is asked for alone, keeps apart those of one name.
                number = file.number or f"{UNNAMED}-{place}"
                package.writestr(entry(folder, f"{number}-{file.name}", day), file.content)
    return packed.getvalue()


def download_link(made: Download) -> str:
    """Where a download that is too large for an answer can be fetched, for fifteen minutes."""
    digest = hashlib.sha256(made.content).hexdigest()
    return objects.presigned_download(objects.put_download(f"{digest}.{made.extension}", made.content), LINK_WINDOW)
