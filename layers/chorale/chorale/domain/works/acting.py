"""What every act on a billing file needs: who acts, the file as the clock has it, its row in the table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chorale.domain.errors import ActImpossible, Forbidden, InvalidRequest
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.invoices.transitions import REASON_MAX_LENGTH
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.dossier import BillingFile, Note
from chorale.domain.works.owed import Rules, reconcile
from chorale.domain.works.paper_acts import PaperAct, PaperTransition, paper_act, parts_of
from chorale.domain.works.papers import Paper
from chorale.domain.works.silence import run_clock


@dataclass(frozen=True, slots=True)
class By:
    """Who acts: the account, and the structure in whose name."""

    login: str
    structure: StructureRef


@dataclass(frozen=True, slots=True)
class Context:
    """What every act needs besides the file."""

    contract: WorksContract
    by: By
    at: datetime
    rules: Rules


def begin(file: BillingFile, paper_id: int, context: Context) -> tuple[BillingFile, Paper]:
    """The file with every overdue silence in effect, and the paper of it that the act is about."""
    file = run_clock(file, context.contract, context.at, context.rules)
    paper = file.paper(paper_id)
    assert paper is not None
    return file, paper


def end(file: BillingFile, context: Context) -> BillingFile:
    """The file with what is owed after the act."""
    return reconcile(file, context.contract, context.at, context.rules)


def demand_part(paper: Paper, row: PaperTransition, by: By) -> None:
    """Raise Forbidden unless who acts plays the part that the row wants."""
    if row.part not in parts_of(paper, by.structure.id):
        raise Forbidden(
            f"Cette action revient à : {row.part.value}. Votre structure {by.structure.identifier} n'a pas ce rôle "
            f"pour la pièce {paper.number}."
        )


def check_text(text: str, needed: bool, field: str, longest: int = REASON_MAX_LENGTH) -> str:
    """``text`` without blanks around it; raises InvalidRequest when it lacks, or has over ``longest`` characters."""
    text = text.strip()
    if needed and not text:
        raise InvalidRequest("Un motif est obligatoire : dites ce qui ne va pas et ce qu'il faut changer.", field)
    if len(text) > longest:
        raise InvalidRequest(f"Le texte dépasse {longest} caractères.", field)
    return text


def sentence(text: str) -> str:
    """``text`` with a full stop at its end, unless it has one, so that another sentence can follow it."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def demand_unsaid(file: BillingFile, note: Note, paper: Paper | None) -> None:
    """Raise ActImpossible when the same structure has said the same before: a request that came twice is said once."""
    said = (note.kind, note.text, note.paper_id, note.author, note.until)
    if any((one.kind, one.text, one.paper_id, one.author, one.until) == said for one in file.notes):
        raise ActImpossible(
            "Votre structure l'a déjà inscrit au dossier, dans les mêmes termes.", paper.status.value if paper else None
        )


def simple(
    file: BillingFile,
    paper_id: int,
    act: PaperAct,
    context: Context,
    reason: str = "",
    longest: int = REASON_MAX_LENGTH,
    change: Callable[[Paper], Paper] = lambda paper: paper,
) -> BillingFile:
    """An act that only gives the status of its row."""
    file, paper = begin(file, paper_id, context)
    row = paper_act(paper, act)
    demand_part(paper, row, context.by)
    text = check_text(reason, row.needs_reason, "motif", longest)
    assert row.target is not None
    return end(file.with_paper(change(paper).at(row.target, context.at, context.by.login, text)), context)
