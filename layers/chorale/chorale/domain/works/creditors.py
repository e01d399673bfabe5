"""Which parts a payment has: proposed from the papers before, written by the depositor, checked (rule 17).

What interest is on follows from them (rule 20). Sources: CCP L2193-11, R2192-34; CCAG Travaux 12.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from chorale.domain.errors import InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.french_numbers import euros
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.works.chain import FINAL_ACCOUNTS
from chorale.domain.works.contract import PartyRole, WorksContract
from chorale.domain.works.papers import Paper
from chorale.domain.works.parts import AskedPart, CreditorKind, PaymentPart

FIELD = "listeParts"
PAID_IN_PARTS = frozenset({Frame.A4, Frame.A5, Frame.A6, Frame.A10, Frame.A13, Frame.A15, Frame.A16, Frame.A19})
BY_ROLE = {
    PartyRole.TITULAIRE: CreditorKind.TITULAIRE,
    PartyRole.MANDATAIRE: CreditorKind.TITULAIRE,
    PartyRole.COTRAITANT: CreditorKind.COTRAITANT,
    PartyRole.SOUS_TRAITANT: CreditorKind.SOUS_TRAITANT,
}


def proposed_parts(
    contract: WorksContract,
    frame: Frame,
    paper_id: int,
    depositor: StructureRef,
    gross: Decimal,
    previous: Paper | None,
    requests: Sequence[Paper],
) -> tuple[PaymentPart, ...]:
    """The parts of a new paper of ``frame`` as its previous paper and the requests that come with it give them.

    Direct payments keep their amounts; the first creditor has what is left of ``gross``. A final account is the
    presenter's, whole; what is paid after it is a payment of its own.
    """
    if frame in FINAL_ACCOUNTS:
        return (PaymentPart(contract.presenter, CreditorKind.TITULAIRE, gross, paper_id),)
    if frame not in PAID_IN_PARTS:
        return ()
    if previous is not None and previous.parts and previous.frame not in FINAL_ACCOUNTS:
        first, others = previous.parts[0], previous.parts[1:]
    else:
        first, others = _first(contract, frame, paper_id, depositor), ()
    joined = tuple(PaymentPart(one.depositor, CreditorKind.SOUS_TRAITANT, accepted_of(one), one.id) for one in requests)
    others = (*others, *joined)
    return (replace(first, amount=gross - sum((one.amount for one in others), Decimal(0))), *others)


def _first(contract: WorksContract, frame: Frame, paper_id: int, depositor: StructureRef) -> PaymentPart:
    kinds = {Frame.A10: CreditorKind.SOUS_TRAITANT, Frame.A13: CreditorKind.COTRAITANT}
    if frame in kinds:
        return PaymentPart(depositor, kinds[frame], Decimal(0), paper_id)
    return PaymentPart(contract.presenter, CreditorKind.TITULAIRE, Decimal(0), paper_id)


def accepted_of(request: Paper) -> Decimal:
    """What is accepted of a request, with tax; what it asks for as long as nobody answered."""
    return request.amounts.gross if request.accepted is None else request.accepted


def agreed_parts(
    contract: WorksContract, asked: Sequence[AskedPart], proposed: Sequence[PaymentPart], gross: Decimal
) -> tuple[PaymentPart, ...]:
    """The parts that the depositor writes in place of the proposed ones; raises InvalidRequest.

    Every direct payment that was joined has its part, at most what was accepted; who is no contractor of the contract
    has none.
    """
    if not proposed:
        raise InvalidRequest(
            "Cette pièce ne se répartit pas : les parts viennent avec la pièce que paie le service financier.", FIELD
        )
    parts = tuple(_written(contract, one, proposed) for one in asked)
    if len({(one.creditor.id, one.rests_on) for one in parts}) != len(parts):
        raise InvalidRequest("Deux parts ont le même créancier et la même pièce : additionnez-les.", FIELD)
    written = {one.rests_on for one in parts}
    missing = [one for one in proposed if one.kind is CreditorKind.SOUS_TRAITANT and one.rests_on not in written]
    if missing:
        raise InvalidRequest(
            f"La demande jointe {missing[0].rests_on} de {missing[0].creditor.name} n'a pas de part : indiquez ce qui "
            "lui est payé directement, au besoin 0 (CCP L2193-11).",
            FIELD,
        )
    total = sum((one.amount for one in parts), Decimal(0))
    if total != gross:
        raise InvalidRequest(
            f"La somme des parts est {euros(total)}, le montant de la pièce {euros(gross)} TTC.", FIELD
        )
    first = [one for one in parts if one.kind is not CreditorKind.SOUS_TRAITANT]
    return tuple(sorted(parts, key=lambda one: (one not in first[:1],)))


def _written(contract: WorksContract, asked: AskedPart, proposed: Sequence[PaymentPart]) -> PaymentPart:
    kinds = [BY_ROLE[role] for role in contract.roles_of(asked.creditor.id) if role in BY_ROLE]
    if not kinds:
        raise InvalidRequest(
            f"{asked.creditor.name} ({asked.creditor.identifier}) n'est pas une entreprise de ce marché : elle n'y est "
            "créancière de rien.",
            FIELD,
        )
    own = [one for one in proposed if one.creditor.id == asked.creditor.id]
    own = [one for one in own if asked.rests_on in (None, one.rests_on)]
    if kinds[0] is CreditorKind.SOUS_TRAITANT and not own:
        raise InvalidRequest(
            f"Aucune demande acceptée de {asked.creditor.name} n'est jointe : un paiement direct en suppose une (A10).",
            FIELD,
        )
    if len(own) > 1:
        raise InvalidRequest(f"Indiquez la pièce de chaque part de {asked.creditor.name} (idPiece).", FIELD)
    if kinds[0] is CreditorKind.SOUS_TRAITANT and asked.amount > own[0].amount:
        raise InvalidRequest(
            f"La part de {asked.creditor.name} ({euros(asked.amount)}) dépasse ce qui a été accepté de sa demande "
            f"({euros(own[0].amount)}).",
            FIELD,
        )
    return PaymentPart(asked.creditor, kinds[0], asked.amount, own[0].rests_on if own else proposed[0].rests_on)


def check_payable(parts: Sequence[PaymentPart], gross: Decimal) -> None:
    """Raise InvalidRequest for parts that cannot be paid: one below zero in a paper that is to be paid."""
    below = [one for one in parts if one.amount < 0]
    if gross >= 0 and below:
        raise InvalidRequest(
            f"Les paiements directs dépassent le montant de la pièce : la part de {below[0].creditor.name} serait de "
            f"{euros(below[0].amount)}. Indiquez la répartition (listeParts).",
            FIELD,
        )


@dataclass(frozen=True, slots=True)
class Owed:
    """What interest is on, and what is claimed beyond it; euros with tax."""

    amount: Decimal
    contested: Decimal


def owed_on(paper: Paper) -> Owed:
    """What the payment delay of ``paper`` is about (rule 20; CCP R2192-34): what is admitted once that is known.

    Direct payments that come with it have delays of their own. What the reserves of a signed account claim is beside it
    (CCAG Travaux 12.4.3): contested, less what the MOA agreed to, which a payment of its own pays.
    """
    own = [part.amount for part in paper.parts if part.rests_on == paper.id]
    claimed = accepted_of(paper) if paper.frame is Frame.A10 else sum(own, Decimal(0)) if own else paper.amounts.gross
    amount = claimed if paper.admitted is None else paper.admitted
    beside = paper.claim.contested if paper.claim is not None else Decimal(0)
    return Owed(amount, max(claimed - amount, Decimal(0)) + beside)
