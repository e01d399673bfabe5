"""Whose turn it is: the actors of the chain, one unit of the state machine each (infra/workflows/works.asl.yaml).

The financial service is no actor here: it works in the received invoices, and what it owes is not waited for (rule 11).
"""

from collections.abc import Mapping
from enum import StrEnum

from chorale.domain.works.chain import MOA, Step
from chorale.domain.works.contract import PartyRole
from chorale.domain.works.paper_acts import PaperPart


class ChainActor(StrEnum):
    """Who owes something on a billing file, in the order of the chain. The value travels to the state machine."""

    CONTRACTOR = "TITULAIRE"
    """The supplier's side: titulaire or mandataire, cotraitant, sous-traitant."""
    VALIDATOR = "VALIDEUR"
    MOE = "MOE"
    MOA = "MOA"


_OF_PART: Mapping[PaperPart, ChainActor] = {
    PaperPart.CONTRACTOR: ChainActor.CONTRACTOR,
    PaperPart.FIRST_VALIDATOR: ChainActor.VALIDATOR,
    PaperPart.SECOND_VALIDATOR: ChainActor.VALIDATOR,
    PaperPart.MOE: ChainActor.MOE,
    PaperPart.MOA: ChainActor.MOA,
}
_OF_DEPOSITOR: Mapping[PartyRole, ChainActor] = {PartyRole.MOE: ChainActor.MOE, **dict.fromkeys(MOA, ChainActor.MOA)}
"""Every other role is a company's."""


def actor_of(part: PaperPart, step: Step) -> ChainActor:
    """The actor who plays ``part`` towards a paper of ``step``: its depositor is whoever the chain has deposit it."""
    if part is PaperPart.DEPOSITOR:
        return _OF_DEPOSITOR.get(step.actors[0], ChainActor.CONTRACTOR)
    return _OF_PART[part]
