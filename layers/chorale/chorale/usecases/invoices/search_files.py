"""Search the files that wait to be attached."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chorale.domain.access.rights import Actor
from chorale.domain.directory.structures import Structure
from chorale.domain.directory.uuids import FILES, STRUCTURES, number_of
from chorale.domain.errors import AttachmentNotFound, StructureNotFound
from chorale.domain.fields import Field
from chorale.domain.invoices.attachments import KEPT_UNATTACHED, StoredFile
from chorale.domain.paging import Page, PageRequest, cut
from chorale.stores import objects
from chorale.stores.directory import structures as directory
from chorale.stores.invoices import attachments

LINK_WINDOW = timedelta(minutes=15)
LISTED_AT_MOST = 1_000
"""Files of a list that has no pages."""


def search_account_files(actor: Actor, words: str, page: PageRequest, now: datetime) -> Page[StoredFile]:
    """The files that the account itself stored and that can still be attached; ``words`` are part of the name."""
    return _page(attachments.by_account(actor.login), words, page, now)


def search_structure_files(
    actor: Actor, structure_id: int, words: str, page: PageRequest, now: datetime
) -> tuple[Page[StoredFile], Structure]:
    """The same for every account of a structure of the actor's, with that structure; raises StructureNotFound."""
    structure = directory.structure(structure_id) if structure_id in actor.structures else None
    if structure is None:
        raise StructureNotFound(
            f"Votre compte n'est pas rattaché à la structure {structure_id} : donnez {Field.STRUCTURE_ID} "
            "d'une des vôtres."
        )
    return _page(attachments.for_structure(structure_id), words, page, now), structure


def files_of_uuid(actor: Actor, uuid: str, now: datetime) -> list[StoredFile]:
    """The files of one of the actor's structures, the latest first; raises StructureNotFound."""
    files = attachments.for_structure(_own_structure(actor, uuid))
    return [file for file in files if file.available(now)][:LISTED_AT_MOST]


def file_of_uuid(actor: Actor, uuid: str, file_uuid: str, now: datetime) -> tuple[StoredFile, str]:
    """One of them, and where its content can be fetched for fifteen minutes.

    Raises StructureNotFound, or AttachmentNotFound for a file of another structure as for none.
    """
    structure_id, number = _own_structure(actor, uuid), number_of(FILES, file_uuid)
    file = attachments.get(number) if number is not None else None
    if file is None or structure_id not in file.structures or not file.available(now):
        raise AttachmentNotFound(
            f"La pièce jointe {file_uuid} n'est pas de cette structure, ou n'est plus disponible : une pièce stockée "
            f"l'est {KEPT_UNATTACHED.days} jours."
        )
    return file, objects.presigned_stored_file(file.id, file.name, LINK_WINDOW)


def _own_structure(actor: Actor, uuid: str) -> int:
    number = number_of(STRUCTURES, uuid)
    if number is None or number not in actor.structures:
        raise StructureNotFound(f"La structure {uuid} n'est pas de votre compte technique.")
    return number


def _page(files: Iterable[StoredFile], words: str, page: PageRequest, now: datetime) -> Page[StoredFile]:
    wanted = words.casefold()
    rows = [file for file in files if file.available(now) and wanted in file.name.casefold()]
    rows.sort(key=lambda file: file.id, reverse=not page.ascending)
    if page.sort_column:
        rows.sort(
            key=lambda file: file.id if page.sort_column == "id" else str(getattr(file, page.sort_column)).casefold(),
            reverse=not page.ascending,
        )
    return cut(rows, page)
