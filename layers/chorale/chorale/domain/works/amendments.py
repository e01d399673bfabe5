"""A contract lives: amendments, dated, with their author, kept in its history (rule 27).

They act from their date; what is open moves to the new holder, what is done stays with who did it. Sources: CCP R2193-1
to R2193-8 (sous-traitants accepted during the works), CCAG Travaux 3.3 (MOE), 12.5 (mandataire).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from chorale.domain.dates import paris_day
from chorale.domain.errors import ActImpossible, Forbidden, InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.french_numbers import euros
from chorale.domain.invoices.recorded import ServiceRef, StructureRef
from chorale.domain.statuses import Status
from chorale.domain.works.bank_accounts import masked
from chorale.domain.works.contract import (
    CONTRACTOR_ROLES,
    Amendment,
    ContractParty,
    PartyRole,
    WorksContract,
    check_contract,
)
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.identity import second_validator, validator_of
from chorale.domain.works.owed import Rules, reconcile
from chorale.domain.works.papers import Paper


class AmendmentKind(StrEnum):
    """What is amended. The value travels in our own resource."""

    SOUS_TRAITANT = "SOUS_TRAITANT"
    """Its acte spécial: a sous-traitant is added, or its amount or its direct payment changed."""
    END_OF_SOUS_TRAITANT = "FIN_SOUS_TRAITANT"
    MOE = "MOE"
    DELEGATED_MOA = "MOA_DELEGUEE"
    MANDATAIRE = "MANDATAIRE"
    PAYER = "SERVICE_FINANCIER"
    AMOUNT = "MONTANT"
    """Of the contract itself: what its requests may come to."""
    ACCOUNT = "COMPTE_BANCAIRE"
    """Of a contractor: to which its parts are paid (rule 17)."""
    AGREED_FRAMES = "CADRES_DELEGUES"
    """Papers that the MOE or the titulaire deposits in the MOA's place, from now on (W3, F3)."""
    RESERVES = "RECEPTION_AVEC_RESERVES"
    RESERVES_LIFTED = "LEVEE_DES_RESERVES"
    PARTIAL_RECEPTION = "RECEPTION_PARTIELLE"


OF_THE_RECEPTION = {
    AmendmentKind.RESERVES: "Réception avec réserves",
    AmendmentKind.RESERVES_LIFTED: "Réserves levées",
    AmendmentKind.PARTIAL_RECEPTION: "Réception partielle",
}
"""What is kept of the reception beside its day: it changes no delay of the account (CCAG Travaux 12.3.2, 41, 42)."""
OF_NOBODY = frozenset({*OF_THE_RECEPTION, AmendmentKind.AMOUNT, AmendmentKind.AGREED_FRAMES})
"""Amendments that name no structure."""


@dataclass(frozen=True, slots=True)
class NewAmendment:
    """An amendment as the MOA writes it."""

    kind: AmendmentKind
    structure: StructureRef
    acts_from: date
    works_for: StructureRef | None = None
    direct_payment: bool = True
    amount: Decimal | None = None
    """Of the acte spécial, with tax, in euros."""
    service: ServiceRef | None = None
    text: str = ""
    """What is said of a reception; why the amount changes."""
    contract_amount: Decimal | None = None
    """The new amount of the contract, with tax, in euros."""
    iban: str = ""
    """The new account, right and without spaces."""
    agreed_frames: frozenset[Frame] | None = None
    """All that are delegated from now on; None where nothing is said of them."""


def amended(contract: WorksContract, new: NewAmendment, author: StructureRef, by: str, at: datetime) -> WorksContract:
    """``contract`` as ``new`` changes it; raises Forbidden or InvalidRequest, with what to change.

    Raises ActImpossible for the amendment that was written last: a request that came twice amends once.
    """
    if author.id not in {contract.moa.id, contract.owner.id}:
        raise Forbidden("Un avenant est inscrit par la MOA du marché.")
    if not (contract.started_on or new.acts_from) <= new.acts_from <= paris_day(at):
        raise InvalidRequest(
            f"L'avenant prend effet entre le début du marché et aujourd'hui, pas le {new.acts_from:%d/%m/%Y}.",
            "dateEffet",
        )
    changed, text = CHANGES[new.kind](contract, new)
    check_contract(changed)
    line = Amendment(new.kind.value, text, new.acts_from, at, by, author)
    if changed == contract and contract.amendments and replace(contract.amendments[-1], at=at, by=by) == line:
        raise ActImpossible(f"Cet avenant est déjà inscrit : {text}")
    return replace(changed, amendments=(*contract.amendments, line))


Changed = tuple[WorksContract, str]


def _without(contract: WorksContract, role: PartyRole, structure_id: int | None = None) -> tuple[ContractParty, ...]:
    return tuple(
        party for party in contract.parties if party.role is not role or structure_id not in (None, party.structure.id)
    )


def _sous_traitant(contract: WorksContract, new: NewAmendment) -> Changed:
    known = contract.sous_traitant(new.structure.id)
    works_for = new.works_for.id if new.works_for else (known.works_for if known else contract.presenter.id)
    amount = new.amount if new.amount is not None else (known.amount if known else None)
    iban = known.iban if known else ""
    party = ContractParty(new.structure, PartyRole.SOUS_TRAITANT, works_for, new.direct_payment, amount, iban)
    kept = _without(contract, PartyRole.SOUS_TRAITANT, new.structure.id)
    said = f"{euros(amount)} TTC" if amount is not None else "montant non renseigné"
    text = f"Acte spécial de {new.structure.name} : {said}."
    return replace(contract, parties=(*kept, party)), text


def _end_of_sous_traitant(contract: WorksContract, new: NewAmendment) -> Changed:
    known = contract.sous_traitant(new.structure.id)
    if known is None:
        raise InvalidRequest(f"{new.structure.name} n'est pas sous-traitant de ce marché.", "identifiant")
    kept = _without(contract, PartyRole.SOUS_TRAITANT, new.structure.id)
    ended = replace(known, direct_payment=False)
    return replace(contract, parties=(*kept, ended)), f"Fin du sous-traité de {new.structure.name}."


def _holder(role: PartyRole) -> Callable[[WorksContract, NewAmendment], Changed]:
    def change(contract: WorksContract, new: NewAmendment) -> Changed:
        parties = (*_without(contract, role), ContractParty(new.structure, role))
        return replace(contract, parties=parties), f"{role.value} : {new.structure.name}."

    return change


def _mandataire(contract: WorksContract, new: NewAmendment) -> Changed:
    """A cotraitant takes the mandataire's place, who becomes a cotraitant (CCAG Travaux 3.5.2)."""
    if PartyRole.COTRAITANT not in contract.roles_of(new.structure.id):
        raise InvalidRequest("Le nouveau mandataire est un cotraitant du groupement.", "identifiant")
    swapped = {PartyRole.MANDATAIRE: PartyRole.COTRAITANT}
    parties = tuple(
        replace(party, role=PartyRole.MANDATAIRE)
        if party.role is PartyRole.COTRAITANT and party.structure.id == new.structure.id
        else replace(party, role=swapped.get(party.role, party.role))
        for party in contract.parties
    )
    return replace(contract, parties=parties), f"Mandataire : {new.structure.name}."


def _reception(contract: WorksContract, new: NewAmendment) -> Changed:
    needs_reception = new.kind is not AmendmentKind.PARTIAL_RECEPTION
    if needs_reception and contract.reception_notified_on is None:
        raise InvalidRequest("Inscrivez d'abord la réception du marché.", "nature")
    if not new.text.strip():
        raise InvalidRequest("Dites ce qui est réservé, levé ou reçu.", "texte")
    return contract, f"{OF_THE_RECEPTION[new.kind]} : {new.text.strip()}"


def _payer(contract: WorksContract, new: NewAmendment) -> Changed:
    changed = replace(contract, payer=new.structure, payer_service=new.service)
    return changed, f"Service financier : {new.structure.name}."


def _amount(contract: WorksContract, new: NewAmendment) -> Changed:
    """The amount of the contract changes; CCP L2194-1 and R2194-1 to -10 say when it may, which the MOA answers for."""
    if new.contract_amount is None:
        raise InvalidRequest("Indiquez le nouveau montant du marché, TTC.", "montantMarche")
    if not new.text.strip():
        raise InvalidRequest("Dites pourquoi le montant du marché change.", "texte")
    if new.contract_amount == contract.amount:
        raise InvalidRequest(f"Le montant du marché est déjà {euros(contract.amount)} TTC.", "montantMarche")
    before = euros(contract.amount) if contract.amount is not None else "non renseigné"
    said = f"Montant du marché : {euros(new.contract_amount)} TTC (avant : {before}). {new.text.strip()}"
    return replace(contract, amount=new.contract_amount), said


def _account(contract: WorksContract, new: NewAmendment) -> Changed:
    if not contract.roles_of(new.structure.id) & frozenset(CONTRACTOR_ROLES):
        raise InvalidRequest(f"{new.structure.name} n'est pas une entreprise de ce marché.", "identifiant")
    if not new.iban:
        raise InvalidRequest("Indiquez l'IBAN du compte.", "iban")
    parties = tuple(
        replace(party, iban=new.iban)
        if party.structure.id == new.structure.id and party.role in CONTRACTOR_ROLES
        else party
        for party in contract.parties
    )
    return replace(contract, parties=parties), f"Compte de {new.structure.name} : {masked(new.iban)}."


def _agreed_frames(contract: WorksContract, new: NewAmendment) -> Changed:
    """Only the MOA gives its pen away, and takes it back: what is deposited already stays."""
    if new.agreed_frames is None:
        raise InvalidRequest(
            "Indiquez les cadres délégués désormais (cadresDelegues), une liste vide pour aucun.", "cadresDelegues"
        )
    if new.agreed_frames == contract.agreed_frames:
        raise InvalidRequest("Ce sont déjà les cadres délégués du marché.", "cadresDelegues")

    def named(frames: frozenset[Frame]) -> str:
        return ", ".join(sorted(frame.name for frame in frames)) or "aucun"

    said = f"Cadres délégués : {named(new.agreed_frames)} (avant : {named(contract.agreed_frames)})."
    return replace(contract, agreed_frames=new.agreed_frames), said


CHANGES: Mapping[AmendmentKind, Callable[[WorksContract, NewAmendment], Changed]] = {
    AmendmentKind.SOUS_TRAITANT: _sous_traitant,
    AmendmentKind.END_OF_SOUS_TRAITANT: _end_of_sous_traitant,
    AmendmentKind.MOE: _holder(PartyRole.MOE),
    AmendmentKind.DELEGATED_MOA: _holder(PartyRole.MOA_DELEGUEE),
    AmendmentKind.MANDATAIRE: _mandataire,
    AmendmentKind.PAYER: _payer,
    AmendmentKind.AMOUNT: _amount,
    AmendmentKind.ACCOUNT: _account,
    AmendmentKind.AGREED_FRAMES: _agreed_frames,
    **dict.fromkeys(OF_THE_RECEPTION, _reception),
}
"""Kind of amendment -> the contract that it makes, and what its history says."""

DONE = frozenset({
    Status.ASSOCIEE, Status.ABANDONNEE, Status.DUPLIQUE_APRES_REFUS, Status.REMPLACEE_PAR_A22,
    Status.REFUSEE_FOURNISSEUR,
})  # fmt: skip
"""What is done stays with who did it."""


def moved(file: BillingFile, before: WorksContract, after: WorksContract, at: datetime, rules: Rules) -> BillingFile:
    """``file`` once the contract is ``after``: what is open is the new holder's (rule 27)."""
    for paper in file.papers:
        if paper.status not in DONE and paper.payer is None:
            file = file.with_paper(_moved(paper, before, after))
    return reconcile(file, after, at, rules)


def _moved(paper: Paper, before: WorksContract, after: WorksContract) -> Paper:
    def holder(one: StructureRef | None) -> StructureRef | None:
        pairs = ((before.moe, after.moe), (before.moa, after.moa), (before.presenter, after.presenter))
        for old, new in pairs:
            if one is not None and old is not None and one.id == old.id and new is not None:
                return new
        return one

    taken_over = holder(paper.successor or paper.depositor)
    changed = taken_over is not None and taken_over.id != paper.depositor.id
    paper = replace(
        paper,
        moe=holder(paper.moe) if paper.moe else None,
        moa=holder(paper.moa),
        contractor=holder(paper.contractor),
        successor=taken_over if changed else paper.successor,
    )
    if paper.status is Status.A_VALIDER_1:
        paper = replace(paper, validator=validator_of(after, paper.frame, paper.depositor.id, None))
    if paper.status is Status.A_VALIDER_2 and paper.validator is not None:
        paper = replace(paper, second_validator=second_validator(after, paper.frame, paper.validator))
    return paper
