"""Download invoices as they were deposited, with the files inside them and those attached since; or one file alone."""

import hashlib
import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chorale.domain.access.rights import Actor
from chorale.domain.dates import PARIS
from chorale.domain.errors import AttachmentNotFound, Forbidden, InvalidRequest, InvoiceNotFound
from chorale.domain.fields import Field
from chorale.domain.invoices.harm import inert_type, safe_name
from chorale.domain.invoices.recorded import FiledInvoice
from chorale.stores import objects
from chorale.stores.invoices import attachments
from chorale.usecases.invoices.attach_files import usable_file
from chorale.usecases.invoices.consult_invoice import consult_history
from chorale.usecases.works.read_documents import NOT_OF_THE_ACTOR, PaperDocuments, contents, documents_or

INVOICES_AT_ONCE = 10
LINK_WINDOW = timedelta(minutes=15)
UNNAMED = "piece"
UNKNOWN_KIND = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class DownloadedFile:
    """One file; ``number`` is its ``pieceJointeId``, 0 for one that never got any."""

    number: int
    name: str
    mime_type: str
    content: bytes


def download_files(actor: Actor, invoice_ids: Sequence[int], with_attachments: bool, now: datetime) -> bytes:
    """A ZIP archive with a folder per invoice: its original, and the files inside and attached if asked for.

    For every party of the invoices that may read them. Raises InvalidRequest, InvoiceNotFound or Forbidden; all
    invoices are checked before the first file is read.
    """
    named = list(dict.fromkeys(invoice_ids))
    if not 0 < len(named) <= INVOICES_AT_ONCE:
        raise InvalidRequest(
            f"{Field.INVOICES_OF_REQUEST} : indiquez de 1 à {INVOICES_AT_ONCE} factures, {len(named)} reçues.",
            Field.INVOICES_OF_REQUEST,
        )
    found = [_invoice_or_paper(actor, invoice_id) for invoice_id in named]
    # Compression is slow to load, and the other routes of the function do without.
    from chorale.formats.writing.bundle import bundled

    files = (file for one in found for file in _files(one, with_attachments))
    return bundled(files, now.astimezone(PARIS).date())


def _invoice_or_paper(actor: Actor, number: int) -> FiledInvoice | PaperDocuments:
    """An invoice that the actor is a side of, else the works paper of this number that it may read."""
    try:
        return consult_history(actor, number)
    except NOT_OF_THE_ACTOR as error:
        return documents_or(actor, number, error)


def _files(filed: FiledInvoice | PaperDocuments, with_attachments: bool) -> Iterator[tuple[str, str, bytes]]:
    if isinstance(filed, PaperDocuments):
        yield from contents(filed, with_attachments, str(filed.paper.id))
        return
    folder = str(filed.summary.id)
    original = objects.get_document(filed.original_key) if filed.original_key else b""
    if original:
        yield folder, f"facture-{filed.file_name}", original
    if with_attachments:
        for file in files_of(filed, original):
            yield folder, f"{file.number or UNNAMED}-{file.name}", file.content


def files_of(filed: FiledInvoice, original: bytes) -> Iterator[DownloadedFile]:
    """The files of an invoice: those inside its document, of which ``original`` are the bytes, then those attached."""
    yield from files_inside_of(filed, original)
    for file in filed.attachments:
        yield _inert(file.id, file.name, file.mime_type, objects.get_attachment(file.id))


def files_inside_of(filed: FiledInvoice, original: bytes) -> Iterator[DownloadedFile]:
    """Those inside its document, read from its bytes when they are asked for: nothing is kept twice."""
    named = filed.document.attachments
    if not named or not original:
        return
    # Parsers are slow to load, and most invoices hold no file.
    from chorale.formats.reading.files_inside import files_inside

    for known, file in zip(named, files_inside(original), strict=False):
        if file.content is not None:
            yield _inert(known.id, file.name or UNNAMED, file.mime_type or _kind(file.name), file.content)


def _inert(number: int, name: str, mime_type: str, content: bytes) -> DownloadedFile:
    """A file as it is given: nothing that whoever sent it wrote makes a program open it as a page."""
    return DownloadedFile(number, safe_name(name), inert_type(mime_type), content)


def _kind(name: str) -> str:
    return mimetypes.guess_type(name)[0] or UNKNOWN_KIND


def download_file(actor: Actor, number: int, among: Sequence[int], now: datetime) -> DownloadedFile:
    """The file whose ``pieceJointeId`` is ``number``: inside an invoice, attached to one, or stored to be attached.

    For those who may read an invoice that it belongs to (one of ``among``, when some are named), and for those who may
    attach it. Raises AttachmentNotFound for a file that does not exist as for one that the actor may not have.
    """
    for invoice_id in attachments.owners(number):
        if among and invoice_id not in among:
            continue
        try:
            filed = consult_history(actor, invoice_id)
        except (InvoiceNotFound, Forbidden):
            continue
        found = _file_of(filed, number)
        if found:
            return found
    stored = None if among else _stored(actor, number, now)
    if stored is None:
        raise AttachmentNotFound(
            f"La pièce jointe {number} n'existe pas, ou votre compte n'y a pas accès : prenez son "
            f"{Field.ATTACHMENT_ID} dans la liste des pièces d'une facture que vous pouvez consulter."
        )
    return stored


def _file_of(filed: FiledInvoice, number: int) -> DownloadedFile | None:
    for file in filed.attachments:
        if file.id == number:
            return _inert(file.id, file.name, file.mime_type, objects.get_attachment(file.id))
    if any(file.id == number for file in filed.document.attachments):
        original = objects.get_document(filed.original_key)
        return next((file for file in files_inside_of(filed, original) if file.number == number), None)
    return None


def _stored(actor: Actor, number: int, now: datetime) -> DownloadedFile | None:
    """A file that the actor's account or structures stored and that can still be attached."""
    for structure_id in actor.structures:
        try:
            file = usable_file(actor, structure_id, number, now)
            return _inert(file.id, file.name, file.mime_type, objects.get_stored_file(file.id))
        except (AttachmentNotFound, objects.ObjectMissing):
            continue
    return None


def file_link(file: DownloadedFile, now: datetime) -> str:
    """Where a file that is too large for an answer can be fetched, in an archive, for fifteen minutes."""
    from chorale.formats.writing.bundle import bundled

    return files_link(bundled([(str(file.number), file.name, file.content)], now.astimezone(PARIS).date()))


def files_link(content: bytes) -> str:
    """Where an archive that is too large for an answer can be fetched, for fifteen minutes."""
    digest = hashlib.sha256(content).hexdigest()
    objects.put_bundle(digest, content)
    return objects.presigned_bundle(digest, LINK_WINDOW)
