"""Do one act to a paper: read its file, apply the act, write the whole, once more if somebody was faster."""

from collections.abc import Callable, Sequence
from datetime import datetime

from chorale.domain.access.rights import Actor, Deed
from chorale.domain.errors import ActImpossible
from chorale.domain.invoices.attachments import AttachedFile
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.works.acting import By, Context
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.deposit import free_request, freed_requests
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.paper_acts import possible_acts
from chorale.domain.works.papers import Paper
from chorale.stores.directory import structures as directory
from chorale.stores.works import dossiers as works
from chorale.usecases.works.reach import RULES, Reached, reach_paper, whole

TRIES = 4
"""A file is changed by few people: who loses a race so often should look again."""

Act = Callable[[BillingFile, int, Context], BillingFile]


def act_on_paper(actor: Actor, paper_id: int, act: Act, now: datetime, attached: Sequence[AttachedFile] = ()) -> Paper:
    """The paper after ``act``, which gets the file, the paper's id and the context.

    ``attached`` are the files that the act brings: they are written with it.

    Raises PaperNotFound, Forbidden, InvalidRequest or ActImpossible (with the current status).
    """
    for _ in range(TRIES):
        reached = reach_paper(actor, paper_id, Deed.ACT_ON_WORKS)
        context = Context(reached.contract, By(actor.login, acting(reached)), now, RULES)
        after = act(reached.file, paper_id, context)
        beside = works.attaching(paper_id, attached)
        change = works.Change(reached.file, after, reached.contract, beside)
        try:
            saved, *_ = works.save([change, *freed(reached.file, after, reached.contract, now)], now)
        except works.FileChanged:
            continue
        found = saved.paper(paper_id)
        assert found is not None
        return found
    raise busy(reached.paper)


def freed(before: BillingFile | None, after: BillingFile, contract: WorksContract, now: datetime) -> list[works.Change]:
    """What a change of a file does to the requests whose paper it refuses, abandons or replaces (rule 17)."""
    changes = []
    for request_id, paper_id in freed_requests(before, after):
        file, _ = whole(works.file_of(request_id))
        free = free_request(file, contract, request_id, paper_id, now, RULES)
        if free != file:
            changes.append(works.Change(file, free, contract))
    return changes


def busy(paper: Paper | None) -> ActImpossible:
    """The answer to somebody who lost the race again and again."""
    return ActImpossible(
        "Le dossier de facturation vient d'être modifié : relisez-le, puis recommencez.",
        paper.status.value if paper else None,
    )


def acting(reached: Reached) -> StructureRef:
    """In whose name the actor acts: the first of its structures that can do something to the paper, else the first."""
    able = [structure for structure in reached.structures if possible_acts(reached.paper, structure)]
    return reference((able or list(reached.structures))[0], reached)


def reference(structure_id: int, reached: Reached) -> StructureRef:
    """A structure of the contract or of the paper as it is written there; else as the directory has it."""
    paper, contract = reached.paper, reached.contract
    written = [
        paper.depositor, paper.moe, paper.moa, paper.payer, paper.validator, paper.second_validator, contract.payer,
        *(party.structure for party in contract.parties),
    ]  # fmt: skip
    for one in written:
        if one is not None and one.id == structure_id:
            return one
    found = directory.structure(structure_id)
    assert found is not None
    return StructureRef(found.id, found.identifier, found.name, found.identifier_type)
