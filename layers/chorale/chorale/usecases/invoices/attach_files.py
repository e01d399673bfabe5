"""Attach stored files to an invoice or a works paper, in the transaction of the act that brings them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chorale.domain.access.rights import Actor
from chorale.domain.fields import Field
from chorale.domain.invoices.attachments import AttachedFile, StoredFile, Wanted, attached, check_wanted, unknown_file
from chorale.domain.invoices.invoice import Invoice
from chorale.stores import counters, objects
from chorale.stores.invoices import attachments


def prepare_attachments(
    actor: Actor, structure_id: int, wanted: Sequence[Wanted], now: datetime, field: str = Field.ATTACHMENTS
) -> tuple[AttachedFile, ...]:
    """The stored files that a request of ``actor`` for ``structure_id`` names, checked, their content kept for good.

    Put ``stores.attachments.attaching(pk, ...)`` of the result in the transaction that writes the act. A file may be
    attached to several objects. Raises InvalidRequest (``field`` names the list), or AttachmentNotFound for a file that
    does not exist, has expired, or was stored for others.
    """
    check_wanted(wanted, field)
    found = [(usable_file(actor, structure_id, one.file_id, now), one) for one in wanted]
    for file, _ in found:
        try:
            objects.keep_attachment(file.id)
        except objects.ObjectMissing:
            raise unknown_file(file.id) from None
    return tuple(attached(file, one, actor.login, now) for file, one in found)


def usable_file(actor: Actor, structure_id: int, file_id: int, now: datetime) -> StoredFile:
    """A stored file that ``actor`` may attach for ``structure_id``; raises AttachmentNotFound."""
    file = attachments.get(file_id)
    mine = file is not None and (file.login == actor.login or structure_id in file.structures)
    if file is None or not mine or not file.available(now):
        raise unknown_file(file_id)
    return file


def with_numbered_files(invoice: Invoice, invoice_id: int) -> Invoice:
    """``invoice`` with a number for each file inside it, for one that is about to be filed as ``invoice_id``.

    The numbers are of the same space as those of stored files: one is never the other.
    """
    if not invoice.attachments:
        return invoice
    files = tuple(replace(file, id=counters.next_number(counters.ATTACHMENTS)) for file in invoice.attachments)
    attachments.point_beforehand(invoice_id, files)
    return replace(invoice, attachments=files)
