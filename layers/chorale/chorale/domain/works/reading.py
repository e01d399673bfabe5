"""Who reads what: one function for lists, timelines, worklists, searches, downloads and events (rule 16).

Source: secrecy of business (CCP L2132-1). An answer to somebody who may not read is that for what does not exist.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from enum import IntEnum

from chorale.domain.frames import Frame
from chorale.domain.works.bank_accounts import parties_with_accounts
from chorale.domain.works.chain import FINAL_ACCOUNTS
from chorale.domain.works.contract import MOA_ROLES, MOE_ROLES, ContractParty, PartyRole, WorksContract
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.papers import Amounts, Paper

EVERY_PAPER = frozenset({*MOA_ROLES, *MOE_ROLES, PartyRole.TITULAIRE, PartyRole.MANDATAIRE})
"""Parts in a contract that read every paper of it."""
SHOWN_IN_PARTS = frozenset({Frame.A15, Frame.A16, Frame.A19, Frame.A6, *FINAL_ACCOUNTS})
"""What was decided on several creditors at once: each is shown its own part."""
CENT = Decimal("0.01")


class Sight(IntEnum):
    """How much of a paper somebody sees."""

    NOTHING = 0
    OWN_PART = 1
    """What is decided for itself: no document, no amount of others."""
    WHOLE = 2


def may_read(paper: Paper, structure_id: int, contract: WorksContract) -> bool:
    """Whether the structure may know of ``paper``."""
    return sight(paper, structure_id, contract) is not Sight.NOTHING


def sight(paper: Paper, structure_id: int, contract: WorksContract) -> Sight:
    """How much of ``paper`` the structure sees."""
    if reads_every_paper(contract, structure_id) or structure_id in _named(paper):
        return Sight.WHOLE
    creditors = {part.creditor.id for part in paper.parts}
    if paper.frame not in SHOWN_IN_PARTS or structure_id not in creditors:
        return Sight.NOTHING
    return Sight.WHOLE if creditors == {structure_id} else Sight.OWN_PART


def reads_every_paper(contract: WorksContract, structure_id: int) -> bool:
    """Whether the structure is the MOA, the MOE, or presents the accounts."""
    return bool(contract.roles_of(structure_id) & EVERY_PAPER)


def _named(paper: Paper) -> frozenset[int]:
    """Who deposited the paper, decides on it, or pays it or what rests on it."""
    named = (
        paper.depositor, paper.successor, paper.moe, paper.moa, paper.validator, paper.second_validator, paper.payer,
        paper.shown_to_payer,
    )  # fmt: skip
    return frozenset(reference.id for reference in named if reference is not None)


def readers(paper: Paper, contract: WorksContract) -> frozenset[int]:
    """Every structure that may know of ``paper``."""
    candidates = {*contract.members, *_named(paper)}
    return frozenset(one for one in candidates if may_read(paper, one, contract))


def best_sight(paper: Paper, structures: Iterable[int], contract: WorksContract) -> Sight:
    """What somebody sees who acts for several structures."""
    return max((sight(paper, one, contract) for one in structures), default=Sight.NOTHING)


def shown(paper: Paper, structures: Iterable[int], contract: WorksContract) -> Paper | None:
    """``paper`` as the structures see it; None when they may not know of it."""
    mine = frozenset(structures)
    seen = best_sight(paper, mine, contract)
    if seen is Sight.NOTHING:
        return None
    return paper if seen is Sight.WHOLE else own_part(paper, mine)


def own_part(paper: Paper, structures: frozenset[int]) -> Paper:
    """``paper`` with the parts of ``structures`` alone: their amounts, no document, no text of others."""
    parts = tuple(part for part in paper.parts if part.creditor.id in structures)
    gross = sum((part.amount for part in parts), Decimal(0))
    whole = paper.amounts
    net = (whole.net * gross / whole.gross).quantize(CENT) if whole.gross else Decimal(0)
    return replace(
        paper,
        amounts=Amounts(net, gross),
        parts=parts,
        contractor=parts[0].creditor,
        admitted=None,
        refused_reason="",
        attached=(),
        claim=None,
        figures=None,
        warnings=(),
        commitment="",
        comment="",
        main_document="",
        main_name="",
        attachments=(),
        history=tuple(replace(line, reason="") for line in paper.history),
    )


def file_shown(file: BillingFile, structures: Iterable[int], contract: WorksContract) -> BillingFile:
    """``file`` with the papers, tasks, notes and payment delays that the structures may see."""
    mine = frozenset(structures)
    if any(reads_every_paper(contract, one) for one in mine):
        return file
    papers = tuple(one for paper in file.papers if (one := shown(paper, mine, contract)))
    whole = {paper.id for paper in papers if best_sight(paper, mine, contract) is Sight.WHOLE}
    return replace(
        file,
        papers=papers,
        tasks=tuple(task for task in file.tasks if task.paper_id in whole),
        notes=tuple(note for note in file.notes if note.paper_id in whole),
        clocks=tuple(one for one in file.clocks if one.paper_id in whole),
    )


def contract_shown(contract: WorksContract, structures: Iterable[int]) -> WorksContract:
    """``contract`` as the structures see it: a cotraitant its identity, a sous-traitant its own acte spécial."""
    mine = frozenset(structures)
    contract = replace(contract, parties=parties_with_accounts(contract, mine))
    if any(reads_every_paper(contract, one) for one in mine) or contract.payer.id in mine:
        return contract
    chiefs = {party.works_for for party in contract.parties if party.structure.id in mine}
    kept = tuple(party for party in contract.parties if _is_shown(party, mine, chiefs))
    return replace(contract, parties=kept, amount=None, final_file_id=None, amendments=(), objections=())


def _is_shown(party: ContractParty, mine: frozenset[int], chiefs: set[int | None]) -> bool:
    open_to_all = party.role in EVERY_PAPER
    return open_to_all or party.structure.id in mine | chiefs or party.works_for in mine


def told_of(before: BillingFile | None, after: BillingFile, contract: WorksContract) -> frozenset[int]:
    """Structures to be told of a change of a file: those that may see one of the papers that it touches.

    A change that touches no paper is told to those who read every paper.
    """
    touched = [paper for paper in after.papers if before is None or before.paper(paper.id) != paper]
    said = {note.paper_id for note in after.notes[len(before.notes) if before else 0 :]}
    touched += [paper for paper in after.papers if paper.id in said and paper not in touched]
    told = frozenset[int]().union(*(readers(paper, contract) for paper in touched))
    everything = frozenset(one for one in contract.members if reads_every_paper(contract, one))
    return told or everything
