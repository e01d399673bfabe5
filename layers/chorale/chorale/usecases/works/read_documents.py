"""The documents of works papers, for everybody who may read the paper whole (rule 16)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chorale.domain.access.rights import Actor, Deed, can
from chorale.domain.dates import PARIS
from chorale.domain.errors import ChoraleError, Forbidden, InvoiceNotFound, PaperNotFound
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.papers import Paper
from chorale.domain.works.reading import Sight, best_sight
from chorale.stores import objects
from chorale.stores.invoices import attachments
from chorale.usecases.works.find_papers import consult_file
from chorale.usecases.works.reach import reach_paper, unknown_paper

NOT_OF_THE_ACTOR = (InvoiceNotFound, Forbidden)
"""What an invoice that the actor is no side of answers: the same number may be a works paper that it reads."""


@dataclass(frozen=True, slots=True)
class PaperDocuments:
    """A works paper with what it is made of."""

    paper: Paper
    attached: tuple[int, ...]


def documents_of(actor: Actor, paper_id: int) -> PaperDocuments:
    """A paper whose documents the actor may read; raises PaperNotFound or Forbidden."""
    reached = reach_paper(actor, paper_id, Deed.READ_WORKS)
    if best_sight(reached.paper, reached.structures, reached.contract) is not Sight.WHOLE:
        raise unknown_paper(paper_id)
    return PaperDocuments(reached.paper, reached.paper.attachments)


def documents_or(actor: Actor, paper_id: int, otherwise: ChoraleError) -> PaperDocuments:
    """The same, for an operation that serves invoices too: ``otherwise`` is what it says of an unknown one."""
    try:
        return documents_of(actor, paper_id)
    except (PaperNotFound, Forbidden):
        raise otherwise from None


def main_name(paper: Paper) -> str:
    """The file name of the main document."""
    return paper.main_name or f"{paper.number}.pdf"


def contents(found: PaperDocuments, with_attachments: bool, folder: str) -> Iterator[tuple[str, str, bytes]]:
    """Folder, name and content of the main document and, if asked for, of every attachment."""
    paper = found.paper
    if paper.main_document:
        yield folder, f"{paper.frame.name}-{main_name(paper)}", objects.get_document(paper.main_document)
    for number in found.attached if with_attachments else ():
        stored = attachments.get(number)
        yield folder, f"{number}-{stored.name if stored else number}", objects.get_attachment(number)


def file_archive(actor: Actor, file_id: int, now: datetime) -> bytes:
    """A ZIP of a whole billing file: a folder for each paper that the actor may read whole, with its documents.

    Raises PaperNotFound or Forbidden.
    """
    file, contract, _ = consult_file(actor, file_id, now)
    return archive(_whole(file.papers, actor, contract), now)


def paper_archive(actor: Actor, paper_id: int, now: datetime) -> bytes:
    """A ZIP of one paper; raises PaperNotFound or Forbidden."""
    return archive([documents_of(actor, paper_id)], now)


def _whole(papers: Sequence[Paper], actor: Actor, contract: WorksContract) -> list[PaperDocuments]:
    structures = [one for one in actor.structures if can(actor, Deed.READ_WORKS, one)]
    seen = [paper for paper in papers if best_sight(paper, structures, contract) is Sight.WHOLE]
    return [PaperDocuments(paper, paper.attachments) for paper in seen]


def archive(found: Sequence[PaperDocuments], now: datetime) -> bytes:
    """A ZIP with one folder for each paper."""
    # Compression is slow to load, and the other routes of the function do without.
    from chorale.formats.writing.bundle import bundled

    files = (entry for one in found for entry in contents(one, True, f"{one.paper.frame.name}-{one.paper.id}"))
    return bundled(files, now.astimezone(PARIS).date())
