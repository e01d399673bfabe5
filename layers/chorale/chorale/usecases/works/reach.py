"""Find a paper, a file or a contract that the actor may know of, and in whose name it acts."""

from dataclasses import dataclass
from datetime import datetime

from chorale.domain.access.rights import Actor, Deed, can, demand
from chorale.domain.errors import InvalidRequest, PaperNotFound
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.owed import Rules
from chorale.domain.works.papers import Paper
from chorale.domain.works.reading import readers
from chorale.domain.works.silence import run_clock
from chorale.runtime.calendar import is_public_holiday
from chorale.stores.directory import structures as directory
from chorale.stores.works import contracts
from chorale.stores.works import dossiers as works

RULES = Rules(is_public_holiday)


@dataclass(frozen=True, slots=True)
class Reached:
    """A billing file as the actor found it."""

    file: BillingFile
    contract: WorksContract
    paper: Paper
    structures: tuple[int, ...]
    """Structures of the actor that may see the paper and hold the right, in the order of their ids."""


def unknown_paper(paper_id: int) -> PaperNotFound:
    """The answer for a paper that does not exist, and for one that the actor may not know of."""
    return PaperNotFound(f"La pièce de travaux {paper_id} n'existe pas.")


def unknown_contract(number: object) -> PaperNotFound:
    """The same for a contract."""
    return PaperNotFound(f"Le marché {number} n'existe pas.")


def unknown_file(file_id: int) -> PaperNotFound:
    """The same for a billing file."""
    return PaperNotFound(f"Le dossier de facturation {file_id} n'existe pas.")


def reach_paper(actor: Actor, paper_id: int, deed: Deed) -> Reached:
    """The file that holds a paper which the actor may see; raises PaperNotFound, or Forbidden without the right."""
    entry = works.entry(paper_id)
    if entry is None:
        raise unknown_paper(paper_id)
    file, contract = whole(entry.file_id)
    paper = file.paper(paper_id)
    assert paper is not None
    return Reached(file, contract, paper, _allowed(actor, paper, contract, deed))


def whole(file_id: int) -> tuple[BillingFile, WorksContract]:
    """A file that is known to exist, and its contract."""
    file = works.get(file_id)
    assert file is not None
    contract = contracts.get(file.contract_id)
    assert contract is not None
    return file, contract


def _allowed(actor: Actor, paper: Paper, contract: WorksContract, deed: Deed) -> tuple[int, ...]:
    seeing = readers(paper, contract) & actor.structures
    if not seeing:
        raise unknown_paper(paper.id)
    allowed = tuple(sorted(structure for structure in seeing if can(actor, deed, structure)))
    if not allowed:
        demand(actor, deed, min(seeing))
    return allowed


def reach_contract(actor: Actor, contract_id: int, deed: Deed) -> tuple[WorksContract, tuple[int, ...]]:
    """A contract of which the actor is a party, and in whose name; raises PaperNotFound or Forbidden."""
    contract = contracts.get(contract_id)
    seeing = contract.members & actor.structures if contract else frozenset()
    if contract is None or not seeing:
        raise unknown_contract(contract_id)
    allowed = tuple(sorted(structure for structure in seeing if can(actor, deed, structure)))
    if not allowed:
        demand(actor, deed, min(seeing))
    return contract, allowed


def account_file(contract: WorksContract, now: datetime) -> BillingFile | None:
    """The file of the contract's account, with what silence has done by ``now``; None before there is one."""
    found = works.get(contract.final_file_id) if contract.final_file_id else None
    return run_clock(found, contract, now, RULES) if found else None


def papers_of_contract(contract: WorksContract) -> list[Paper]:
    """Every paper of the contract, as lists have it: its MOA reads them all."""
    found = works.papers_of(contract.owner.id, None, None, 0)
    return [entry.paper for entry in found if entry.contract_id == contract.id]


def structure_named(kind: str, identifier: str, field: str) -> StructureRef:
    """The active structure with this identifier; raises InvalidRequest that names ``field``."""
    found = directory.by_identifiers([(kind, identifier)]).get((kind, identifier))
    if found is None or not found.active:
        raise InvalidRequest(
            f"La structure {identifier} n'est pas une structure active de l'annuaire : vérifiez son identifiant.", field
        )
    return StructureRef(found.id, found.identifier, found.name, found.identifier_type)
