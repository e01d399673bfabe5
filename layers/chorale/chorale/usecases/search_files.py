"""Search the files that wait to be attached."""

from collections.abc import Iterable
from datetime import datetime

from chorale.domain.attachments import StoredFile
from chorale.domain.directory import Structure
from chorale.domain.errors import StructureNotFound
from chorale.domain.paging import Page, PageRequest, cut
from chorale.domain.rights import Actor
from chorale.stores import attachments, directory


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
            f"Votre compte n'est pas rattaché à la structure {structure_id} : donnez idStructureCPP d'une des vôtres."
        )
    return _page(attachments.for_structure(structure_id), words, page, now), structure


def _page(files: Iterable[StoredFile], words: str, page: PageRequest, now: datetime) -> Page[StoredFile]:
    wanted = words.casefold()
    rows = [file for file in files if now < file.expires_at and wanted in file.name.casefold()]
    rows.sort(key=lambda file: file.id, reverse=not page.ascending)
    if page.sort_column:
        rows.sort(
            key=lambda file: file.id if page.sort_column == "id" else str(getattr(file, page.sort_column)).casefold(),
            reverse=not page.ascending,
        )
    return cut(rows, page)
