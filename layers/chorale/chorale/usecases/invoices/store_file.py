"""Store a file that will be attached later, or take it back."""

import hashlib
from dataclasses import replace
from datetime import datetime

from chorale.domain.access.rights import Actor
from chorale.domain.errors import Forbidden, InfectedFile
from chorale.domain.fields import Field
from chorale.domain.invoices.attachments import StoredFile, check_file, refused_file, unknown_file
from chorale.domain.invoices.file_checks import MARK_WITHIN, PDF_MARK
from chorale.domain.once import Once
from chorale.stores import antivirus, counters, objects, once
from chorale.stores.invoices import attachments

FILE_FIELD = Field.ATTACHMENT_CONTENT
HARMFUL_PDF = "CHO-PJ-PDF-CONTENU"


def store_file(
    actor: Actor,
    name: str,
    extension: str,
    mime_type: str,
    content: bytes,
    now: datetime,
    request: Once | None = None,
) -> StoredFile:
    """Keep ``content`` (bytes, decoded) for thirty days, within which it can be attached.

    Raises Forbidden, InvalidRequest, InfectedFile, ActiveFile, AttachmentTooLarge or AntivirusUnavailable; nothing
    is written then. The content is put before the row, so that a file that is found can be read. A ``request`` that is
    sent again is given the file that it stored; raises ReplayOfAnother when it asks for something else.
    """
    structures = tuple(sorted(structure for structure, rights in actor.rights.items() if rights))
    if not structures:
        raise Forbidden(
            "Votre compte technique n'a d'habilitation pour aucune structure : demandez-en une au gestionnaire de la "
            "structure."
        )
    stored_before = once.made(request, StoredFile, now)
    if stored_before:
        return stored_before
    name, extension = check_file(name, extension, mime_type, content)
    _refuse_harmful_pdf(name, content)
    found = antivirus.signature_in(content)
    if found:
        raise InfectedFile(f"La pièce jointe contient un virus ({found}) : faites examiner votre poste.", FILE_FIELD)
    file = StoredFile(
        counters.next_number(counters.ATTACHMENTS),
        name,
        extension,
        mime_type,
        len(content),
        hashlib.sha256(content).hexdigest(),
        actor.login,
        structures,
        now,
    )
    objects.put_stored_file(file.id, content)
    try:
        attachments.write(file, request)
    except once.MadeMeanwhile:
        return once.made(request, StoredFile, now) or file
    return file


def _refuse_harmful_pdf(name: str, content: bytes) -> None:
    """Raise ActiveFile for a PDF with a script, an action or a password; one that is broken is kept as it is."""
    if PDF_MARK not in content[:MARK_WITHIN]:
        return
    # pypdf is slow to load, and other files do without.
    from chorale.formats.budget import Budget
    from chorale.formats.notes import Refused
    from chorale.formats.reading.facturx import UNREADABLE, refusal_of

    try:
        why = refusal_of(content, Budget())
    except Refused as refused:
        why = refused.notes[0].finding
    if why and why.code != UNREADABLE:
        raise refused_file(HARMFUL_PDF, f"{why.message} Il s'agit de la pièce jointe {name}.")


def detach_file(actor: Actor, file_id: int, now: datetime) -> None:
    """Take back a file that the account itself stored: it is found no more and cannot be attached any more.

    What it was attached to keeps it, because nothing that was accepted is lost. Raises AttachmentNotFound for a file
    that does not exist, is another's, has expired or was taken back before: the answer is the same.
    """
    file = attachments.get(file_id)
    if file is None or file.login != actor.login or not file.available(now):
        raise unknown_file(file_id)
    attachments.write(replace(file, detached_at=now))
