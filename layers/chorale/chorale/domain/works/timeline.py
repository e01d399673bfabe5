"""A billing file as one timeline."""

from dataclasses import dataclass
from datetime import datetime

from chorale.domain.invoices.recorded import HistoryLine
from chorale.domain.works.dossier import BillingFile, Note
from chorale.domain.works.papers import Paper


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened in a file."""

    at: datetime
    paper: Paper | None
    line: HistoryLine | None = None
    note: Note | None = None


def timeline(file: BillingFile) -> list[TimelineEntry]:
    """Everything that happened in ``file``, in order: the statuses of its papers and its notes."""
    papers = {paper.id: paper for paper in file.papers}
    lines = [TimelineEntry(line.at, paper, line) for paper in file.papers for line in paper.history]
    notes = [
        TimelineEntry(note.at, papers.get(note.paper_id or 0), note=note)
        for note in file.notes
        if note.paper_id is None or note.paper_id in papers
    ]
    return sorted([*lines, *notes], key=lambda one: (one.at, one.line is None))
