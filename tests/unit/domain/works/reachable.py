"""Walk through every state that a dossier can reach: all actors, all acts, silences, the payer, bounded depth.

The model (what the tables say is possible) and the code (what the acts and the deposit do) are compared on the way:
what the model allows must be done by the code, what it refuses must be refused.
"""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from chorale.domain.errors import ChoraleError
from chorale.domain.frames import Frame
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.statuses import Status
from chorale.domain.works.accounts import account_root, bound_to
from chorale.domain.works.acts import NewRoute
from chorale.domain.works.chain import Addressee, Chain, next_frames, steps_of
from chorale.domain.works.owed import admitted_left
from chorale.domain.works.paper_acts import BY_THE_SYSTEM, PaperAct, possible_acts
from chorale.domain.works.papers import Claim, Paper
from chorale.domain.works.possibilities import PossiblePaper, acts_on, papers_after

from .works_site import COTRAITANT, FINANCE, MOA, MOE, SOUS_TRAITANT, STRANGER, TITULAIRE, Site

ACTORS = (TITULAIRE, COTRAITANT, SOUS_TRAITANT, MOE, MOA, FINANCE, STRANGER)
CLAIM = Claim("motifs", Decimal(500))
ACTS: dict[PaperAct, tuple[str, tuple[Any, ...]]] = {
    PaperAct.AGREE: ("agree", ()),
    PaperAct.REFUSE_AGREEMENT: ("refuse_agreement", ("DOUBLON",)),
    PaperAct.DISOWN: ("refuse_agreement", ("MAUVAIS_VALIDEUR",)),
    PaperAct.NAME_VALIDATOR: ("name_validator", ()),
    PaperAct.TAKE: ("take", ()),
    PaperAct.ASK_COMPLETION: ("ask_completion", ("manque",)),
    PaperAct.COMPLETE: ("complete", ("voici",)),
    PaperAct.REFUSE: ("refuse", ("AUTRE", "non", CLAIM)),
    PaperAct.WRONG_ADDRESSEE: ("say_wrong_addressee", ()),
    PaperAct.ASK_RECYCLING: ("ask_recycling", ("corriger",)),
    PaperAct.RECYCLE: ("recycle", (NewRoute(),)),
    PaperAct.PASS_ON: ("pass_on", ()),
    PaperAct.ABANDON: ("abandon", ()),
}
PAYER: dict[Status, tuple[Status, ...]] = {
    Status.MISE_A_DISPOSITION: (Status.MISE_EN_PAIEMENT, Status.REJETEE, Status.SUSPENDUE),
    Status.SUSPENDUE: (Status.COMPLETEE,),
    Status.COMPLETEE: (Status.MISE_EN_PAIEMENT,),
}
"""What a payer does with its paper, shortened to what the chain follows."""
GROSS = {Frame.A10: "1200", Frame.A15: "11000", Frame.A19: "10000", Frame.A17: "11000", Frame.A20: "10000"}
OPENERS = {
    Chain.PROGRESS: ((Frame.A4, TITULAIRE), (Frame.A15, MOE), (Frame.A19, MOA)),
    Chain.FINAL: ((Frame.A7, TITULAIRE), (Frame.A17, MOE), (Frame.A20, MOA)),
}


@dataclass
class State:
    """A site that was reached, and by which moves."""

    site: Site
    moves: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.papers = tuple(paper for file in self.site.files.values() for paper in file.papers)

    @property
    def signature(self) -> tuple[Any, ...]:
        """What makes two states one: statuses, tasks and clocks, not numbers and days."""
        numbers = {paper.id: place for place, paper in enumerate(self.papers)}
        tasks = sorted(
            (task.kind.value, numbers.get(task.paper_id or 0, -1), task.lapsed_at is not None, task.state.value)
            for file in self.site.files.values()
            for task in file.tasks
        )
        papers = [
            (
                paper.frame.name, paper.status.value, numbers.get(paper.previous_id or 0), paper.attached_to is None,
                paper.claim is not None and paper.claim.granted, paper.accepted, paper.on_claim,
            )
            for paper in self.papers
        ]  # fmt: skip
        clocks = sorted(
            (numbers[one.paper_id], one.clock.paid_at is None, one.clock.ended_at is None, one.clock.is_interrupted)
            for file in self.site.files.values()
            for one in file.clocks
        )
        return (tuple(papers), tuple(tasks), tuple(clocks))


Move = tuple[str, Callable[[Site], Any]]


def walk(start: Site, depth: int, at_most: int) -> Iterator[State]:
    """Every state within ``depth`` moves of ``start``, each once, ``at_most`` of them, nearest first."""
    first = State(start)
    seen, line = {first.signature}, [first]
    yield first
    for _ in range(depth):
        reached = []
        for state in line:
            for name, move in moves(state):
                site = _copied(state.site)
                move(site)
                after = State(site, (*state.moves, name))
                if after.signature in seen:
                    continue
                seen.add(after.signature)
                reached.append(after)
                yield after
                if len(seen) >= at_most:
                    return
        line = reached


def _copied(site: Site) -> Site:
    made = copy(site)
    made.files = dict(site.files)
    return made


def _pay(site: Site, paper_id: int, status: Status) -> None:
    site.pay(paper_id, status)


def _answer_claim(site: Site, paper_id: int) -> None:
    site.do("answer_claim", paper_id, MOA, "en partie", Decimal(300))


def _open(site: Site, frame: Frame, who: StructureRef) -> None:
    site.deposit(frame, who)


def moves(state: State) -> Iterator[Move]:
    """Everything that anybody may do in ``state``, as the tables say, and the next silence."""
    site = state.site
    for paper in state.papers:
        for who in ACTORS:
            for one in acts_on(site.file_of(paper.id), paper, [who.id]):
                if not one.reason:
                    yield _act(one.act, paper, who)
        yield from _next_papers(site, paper)
        if paper.step.lands is Addressee.PAYER:
            for status in PAYER.get(paper.status, ()):
                yield f"payer: {status.value}", partial(_pay, paper_id=paper.id, status=status)
        if paper.claim is not None and paper.claim.granted is None:
            yield (
                "MOA answers the claim",
                partial(_answer_claim, paper_id=paper.id),
            )
    yield from _openers(state)
    due = [task.due for file in site.files.values() for task in file.open_tasks if task.due and not task.lapsed_at]
    if due:
        days = (min(due) - site.now + timedelta(minutes=1)).total_seconds() / 86_400
        yield "silence", lambda site: site.wait(days)


def _act(act: PaperAct, paper: Paper, who: StructureRef) -> Move:
    name, given = ACTS[act]
    return f"{who.name} {act.value} {paper.frame.name}", lambda site: site.do(name, paper.id, who, *given)


def _next_papers(site: Site, paper: Paper) -> Iterator[Move]:
    for who in ACTORS:
        for one in offered(site, paper, who):
            if not one.reason:
                yield _deposit(one.frame, who, paper, amount_after(site, paper, one.frame))
    if paper.status in (Status.REFUSEE_1, Status.REFUSEE_MOE, Status.REFUSEE_MOA, Status.REJETEE):
        again: Move = (
            f"{paper.frame.name} again",
            lambda site: site.deposit(
                paper.frame, paper.depositor, gross=str(paper.amounts.gross), replaces_id=paper.id
            ),
        )
        # Not once the account went on without it: its depositor then gives it up.
        yield from (again,) if _is_taken(site, again) else ()


def offered(site: Site, paper: Paper, who: StructureRef) -> list[PossiblePaper]:
    """What the list of possible papers says to somebody about what may follow ``paper``."""
    file = site.file_of(paper.id)
    account = site.account if file.chain is Chain.PROGRESS else None
    return list(papers_after(file, site.contract, paper, [who.id], site.now, account))


def asked(site: Site, paper: Paper, who: StructureRef, frame: Frame) -> str:
    """What a deposit of ``frame`` after ``paper`` is answered, in a copy of the site; empty when it is taken."""
    try:
        _copied(site).deposit(frame, who, paper.id, gross=amount_after(site, paper, frame), excess_confirmed=True)
    except ChoraleError as error:
        return error.message
    return ""


def _is_taken(site: Site, move: Move) -> bool:
    try:
        move[1](_copied(site))
    except ChoraleError:
        return False
    return True


def _deposit(frame: Frame, who: StructureRef, paper: Paper, gross: str) -> Move:
    return f"{who.name} {frame.name} after {paper.frame.name}", lambda site: site.deposit(
        frame, who, paper.id, gross=gross
    )


def amount_after(site: Site, paper: Paper, frame: Frame) -> str:
    """An amount that the paper after ``paper`` may have: what it is bound to, else one of its depositor's own."""
    file = site.file_of(paper.id)
    bound = account_root(file) if frame is Frame.A22 else bound_to(file, frame, paper)
    left = admitted_left(file, paper) if frame is Frame.A19 else Decimal(0)
    if bound or left > 0:
        return str(bound.amounts.gross if bound else left)
    asked = paper.amounts.gross if paper.accepted is None else paper.accepted
    return str(min(asked, Decimal(GROSS.get(frame, "12000"))))


def _openers(state: State) -> Iterator[Move]:
    chains = {file.chain for file in state.site.files.values()}
    for frame, who in OPENERS[Chain.FINAL] if Chain.FINAL in chains else ():
        if any(paper.frame is frame for paper in state.papers):
            continue
        opens: Move = (
            f"{who.name} opens with {frame.name}", partial(_open, frame=frame, who=who)
        )  # fmt: skip
        yield from (opens,) if _is_taken(state.site, opens) else ()


def refused(state: State) -> Iterator[tuple[str, Callable[[Site], Any]]]:
    """What the tables do not allow in ``state``: the code must refuse each."""
    for paper in state.papers:
        for who in ACTORS:
            allowed = set(possible_acts(paper, who.id))
            for act in ACTS:
                if act not in allowed | BY_THE_SYSTEM and act not in _SAME.get(_first(allowed), ()):
                    yield _act(act, paper, who)
        frames = set(next_frames(paper.frame))
        for who in (STRANGER, FINANCE, SOUS_TRAITANT):
            for frame in frames:
                if not any(role in site_roles(state.site, who) for row in steps_of(frame) for role in row.actors):
                    yield _deposit(frame, who, paper, "100")


def site_roles(site: Site, who: StructureRef) -> frozenset[Any]:
    """The parts of a structure in the contract."""
    return site.contract.roles_of(who.id)


_REFUSALS = (PaperAct.REFUSE, PaperAct.REFUSE_AGREEMENT, PaperAct.DISOWN)
_SAME = dict.fromkeys(_REFUSALS, _REFUSALS)
"""One operation refuses, whoever refuses: the status of the paper says which act it is."""


def _first(allowed: set[PaperAct]) -> PaperAct:
    return next((act for act in _REFUSALS if act in allowed), PaperAct.SILENCE)
