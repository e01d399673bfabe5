"""Download invoices as they were deposited, with the files attached to them."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from chorale.domain.dates import PARIS
from chorale.domain.errors import InvalidRequest
from chorale.domain.filing import FiledInvoice
from chorale.domain.rights import Actor
from chorale.stores import objects
from chorale.usecases.consult_invoice import consult_history

INVOICES_AT_ONCE = 10
LINK_WINDOW = timedelta(minutes=15)


def download_files(actor: Actor, invoice_ids: Sequence[int], with_attachments: bool, now: datetime) -> bytes:
    """A ZIP archive with a folder per invoice: its original, and what was attached to it if asked for.

    For every party of the invoices that may read them. Raises InvalidRequest, InvoiceNotFound or Forbidden; all
    invoices are checked before the first file is read.
    """
    named = list(dict.fromkeys(invoice_ids))
    if not 0 < len(named) <= INVOICES_AT_ONCE:
        raise InvalidRequest(
            f"demandePaiement.listeFacture : indiquez de 1 à {INVOICES_AT_ONCE} factures, {len(named)} reçues.",
            "demandePaiement.listeFacture",
        )
    found = [consult_history(actor, invoice_id) for invoice_id in named]
    # Compression is slow to load, and the other routes of the function do without.
    from chorale.formats.bundle import bundled

    files = (file for filed in found for file in _files(filed, with_attachments))
    return bundled(files, now.astimezone(PARIS).date())


def _files(filed: FiledInvoice, with_attachments: bool) -> Iterator[tuple[str, str, bytes]]:
    folder = str(filed.summary.id)
    if filed.original_key:
        yield folder, f"facture-{filed.file_name}", objects.get_document(filed.original_key)
    for file in filed.attachments if with_attachments else ():
        yield folder, f"{file.id}-{file.name}", objects.get_attachment(file.id)


def files_link(content: bytes) -> str:
    """Where an archive that is too large for an answer can be fetched, for fifteen minutes."""
    digest = hashlib.sha256(content).hexdigest()
    objects.put_bundle(digest, content)
    return objects.presigned_bundle(digest, LINK_WINDOW)
