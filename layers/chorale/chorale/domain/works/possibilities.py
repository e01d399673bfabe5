"""What somebody may do with a paper now, and why not the rest: one function for the API and for pages (rule 30)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from chorale.domain.dates import paris_day
from chorale.domain.errors import ActImpossible, ChoraleError
from chorale.domain.frames import Frame
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.works.accounts import account_root, bound_to
from chorale.domain.works.acting import By, Context
from chorale.domain.works.acts import announce_index, answer_claim, demand_answer_in_time, object_to
from chorale.domain.works.admission import NewPaper
from chorale.domain.works.chain import Addressee, next_frames
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.deposit import checked_deposit
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.owed import Rules, admitted_left
from chorale.domain.works.paper_acts import BY_THE_SYSTEM, PaperAct, paper_act, parts_of
from chorale.domain.works.papers import Amounts, Paper
from chorale.domain.works.payment_acts import PartPayment, give_pieces, interrupt_payment, pay_part, resume_payment


@dataclass(frozen=True, slots=True)
class PossibleAct:
    """An act on a paper; ``reason`` says, in French, why it is not possible, and is empty when it is."""

    act: PaperAct
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PossiblePaper:
    """A paper that could follow another; ``reason`` says why the caller may not deposit it now."""

    frame: Frame
    reason: str = ""


def acts_on(file: BillingFile, paper: Paper, structures: Sequence[int]) -> Iterator[PossibleAct]:
    """Every act of people on a paper, in the order of their table, each with the reason where it is not possible."""
    parts = frozenset[object]().union(*(parts_of(paper, one) for one in structures))
    for act in PaperAct:
        if act in BY_THE_SYSTEM:
            continue
        try:
            row = paper_act(paper, act)
            if act is PaperAct.REFUSE and paper.addressee is Addressee.CONTRACTOR:
                demand_answer_in_time(file, paper)
        except ActImpossible as error:
            yield PossibleAct(act, error.message)
            continue
        yield PossibleAct(act, "" if row.part in parts else f"Cette action revient à : {row.part.value}.")


@dataclass(frozen=True, slots=True)
class PossibleNote:
    """An act that leaves the paper's status: a payment, its delay, an observation, an answer. ``reason`` as above."""

    name: str
    reason: str = ""


Attempt = Callable[[BillingFile, Paper, Context], BillingFile]
OTHER_ACTS: Mapping[str, Attempt] = {
    "OBSERVER": lambda file, one, context: object_to(file, one.id, context, SAID),
    "PUBLIER_INDEX": lambda file, one, context: announce_index(file, one.id, context, paris_day(context.at)),
    "INTERROMPRE_PAIEMENT": lambda file, one, context: interrupt_payment(file, one.id, context, SAID, (SAID,)),
    "REPRENDRE_PAIEMENT": lambda file, one, context: resume_payment(file, one.id, context),
    "FOURNIR_PIECES": lambda file, one, context: give_pieces(file, one.id, context, SAID),
    "PAYER_PART": lambda file, one, context: pay_part(file, one.id, context, _unpaid(one, context)),
    "REPONDRE_RECLAMATION": lambda file, one, context: answer_claim(file, one.id, context, SAID),
}
"""Acts without a row in the table of statuses, each tried with what cannot be wrong in it."""
SAID = "-"


def _unpaid(paper: Paper, context: Context) -> PartPayment:
    """The payment of the first part that is owed; of none, one that will be refused."""
    owed = [part for part in paper.parts if part.paid_at is None]
    part = owed[0] if owed else None
    return PartPayment(part.creditor, part.rests_on) if part else PartPayment(context.by.structure)


def other_acts_on(
    file: BillingFile, contract: WorksContract, paper: Paper, structures: Sequence[int], at: datetime, rules: Rules
) -> Iterator[PossibleNote]:
    """Every act that leaves the paper's status, each with the reason where none of the structures may do it now."""
    named = {party.structure.id: party.structure for party in contract.parties}
    named |= {one.id: one for one in (contract.payer, paper.payer) if one is not None}
    mine = [named[one] for one in structures if one in named]
    for name, attempt in OTHER_ACTS.items():
        contexts = (Context(contract, By("", one), at, rules) for one in mine)
        reasons = [_reason_of(attempt, file, paper, context) for context in contexts]
        if reasons:
            yield PossibleNote(name, "" if "" in reasons else reasons[0])


def _reason_of(attempt: Attempt, file: BillingFile, paper: Paper, context: Context) -> str:
    try:
        attempt(file, paper, context)
    except ChoraleError as error:
        return error.message
    return ""


def papers_after(
    file: BillingFile,
    contract: WorksContract,
    previous: Paper,
    structures: Sequence[int],
    at: datetime,
    account: BillingFile | None = None,
) -> Iterator[PossiblePaper]:
    """Every paper that may follow ``previous`` in the chain, each with the reason where it may not now.

    ``account`` is, for a file of the month, that of the contract's account: a definitive one closes it (rule 18).
    """
    parties = {party.structure.id: party.structure for party in contract.parties}
    mine = [parties[one] for one in structures if one in parties]
    for frame in next_frames(previous.frame):
        reasons = [_reason(file, contract, _candidate(file, previous, frame, one, account), at) for one in mine]
        if reasons:
            yield PossiblePaper(frame, "" if "" in reasons else reasons[0])


def _reason(file: BillingFile, contract: WorksContract, new: NewPaper, at: datetime) -> str:
    try:
        checked_deposit(file, contract, new, at)
    except ChoraleError as error:
        return error.message
    return ""


def _candidate(
    file: BillingFile, previous: Paper, frame: Frame, depositor: StructureRef, account: BillingFile | None
) -> NewPaper:
    """A paper that is right but for what the guards are asked: the amounts are those that it must have."""
    bound = account_root(file) if frame is Frame.A22 else bound_to(file, frame, previous)
    amounts = (bound or previous).amounts
    left = admitted_left(file, previous) if frame is Frame.A19 else Decimal(0)
    if previous.accepted is not None:
        amounts = Amounts(previous.accepted, previous.accepted)
    if left > 0:
        amounts = Amounts(left, left)
    return NewPaper(
        0, "", frame, depositor, amounts, "", previous_id=previous.id, excess_confirmed=True, account=account
    )
