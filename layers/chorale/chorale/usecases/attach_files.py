"""Attach stored files to an invoice or a works paper, in the transaction of the act that brings them."""

from collections.abc import Sequence
from datetime import datetime

from chorale.domain.attachments import AttachedFile, StoredFile, Wanted, attached, check_wanted, unknown_file
from chorale.domain.rights import Actor
from chorale.stores import attachments, objects


def prepare_attachments(
    actor: Actor, structure_id: int, wanted: Sequence[Wanted], now: datetime, field: str = "pieceJointeComplementaire"
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
    if file is None or not mine or now >= file.expires_at:
        raise unknown_file(file_id)
    return file
