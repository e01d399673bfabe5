"""Store a file that will be attached later."""

import hashlib
from datetime import datetime

from chorale.domain.attachments import StoredFile, check_file
from chorale.domain.errors import Forbidden
from chorale.domain.rights import Actor
from chorale.stores import attachments, counters, objects


def store_file(actor: Actor, name: str, extension: str, mime_type: str, content: bytes, now: datetime) -> StoredFile:
    """Keep ``content`` (bytes, decoded) for thirty days, within which it can be attached.

    Raises Forbidden, InvalidRequest or AttachmentTooLarge; nothing is written then. The content is put before the
    row, so that a file that is found can be read.
    """
    structures = tuple(sorted(structure for structure, rights in actor.rights.items() if rights))
    if not structures:
        raise Forbidden(
            "Votre compte technique n'a d'habilitation pour aucune structure : demandez-en une au gestionnaire de la "
            "structure."
        )
    name, extension = check_file(name, extension, mime_type, content)
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
    attachments.create(file)
    return file
