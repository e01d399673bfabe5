"""The MOA writes an amendment of a contract; what is open moves to the new holder (rule 27)."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from chorale.domain.access.rights import Actor, Deed
from chorale.domain.errors import ActImpossible, Forbidden
from chorale.domain.statuses import Status
from chorale.domain.works.accounts import is_current
from chorale.domain.works.amendments import OF_NOBODY, AmendmentKind, NewAmendment, amended
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.inputs import AmendmentInput
from chorale.stores.works import contracts
from chorale.stores.works import dossiers as works
from chorale.usecases.works.deposit_paper import service_of
from chorale.usecases.works.move_files import move_files
from chorale.usecases.works.reach import papers_of_contract, reach_contract, structure_named
from chorale.usecases.works.register_contract import checked_account
from chorale.usecases.works.run_dossiers import follow_invoice


def amend_contract(actor: Actor, contract_id: int, given: AmendmentInput, now: datetime) -> WorksContract:
    """The contract after the amendment; its parties are told, and open papers follow, each file at a time.

    Raises PaperNotFound, Forbidden, InvalidRequest or ActImpossible.
    """
    contract, structures = reach_contract(actor, contract_id, Deed.ACT_ON_WORKS)
    mine = [one for one in (contract.owner, contract.moa) if one.id in structures]
    if not mine:
        raise Forbidden("Un avenant est inscrit par la MOA du marché.")
    # What an earlier amendment left: the files are moved in the order of the amendments.
    move_files(contract_id, now)
    named = given.identifier or (contract.owner.identifier if given.amendment in OF_NOBODY else "")
    structure = structure_named(given.kind, named, "identifiant")
    works_for = structure_named("SIRET", given.works_for, "travaillePour") if given.works_for else None
    of_payer = given.amendment is AmendmentKind.PAYER
    new = NewAmendment(
        given.amendment,
        structure,
        given.acts_from,
        works_for,
        given.direct_payment,
        given.amount,
        service_of(structure, given.service) if of_payer else None,
        given.text,
        given.contract_amount,
        checked_account(given.iban),
        given.agreed_frames,
    )
    after = amended(contract, new, mine[-1], actor.login, now)
    if given.amendment is AmendmentKind.ACCOUNT:
        _follow_mandates(contract, now)
    try:
        contracts.amend(contract, after, _files(contract), now)
    except contracts.ContractChanged as lost:
        raise ActImpossible("Le marché vient d'être modifié : relisez-le, puis recommencez.") from lost
    # Who is faster again and again keeps nobody waiting: the event of the contract moves what is left.
    with suppress(works.FileChanged):
        move_files(contract_id, now)
    return replace(after, version=contract.version + 1)


def _follow_mandates(contract: WorksContract, now: datetime) -> None:
    """Let the files know what their payer ordered: its mandates keep the account that the contract has until now."""
    for paper in papers_of_contract(contract):
        if paper.payer is not None and paper.status is not Status.MISE_EN_PAIEMENT and is_current(paper):
            follow_invoice(paper.id, now)


def _files(contract: WorksContract) -> set[int]:
    """Every file of the contract: its MOA reads every paper."""
    found = {
        entry.file_id for entry in works.papers_of(contract.owner.id, None, None, 0) if entry.contract_id == contract.id
    }
    return found | ({contract.final_file_id} if contract.final_file_id else set())
