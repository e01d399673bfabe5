"""A paper that has more than one that it follows: who is told, and what the MOA must confirm (rule 3).

Everybody writes its own amount, so that nothing is refused for it alone; but nobody is paid more by a slip of the pen.
Source: CCP R2192-34 (what is admitted is paid); the confirmation is a decision of this project.
"""

from collections.abc import Iterator, Mapping

from chorale.domain.errors import InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.french_numbers import euros
from chorale.domain.works.amounts import AMOUNT_FIELD, CONFIRMATION_FIELD
from chorale.domain.works.papers import Amounts, Paper

REQUESTS = frozenset({Frame.A4, Frame.A7, Frame.A10, Frame.A13, Frame.A22})
CERTIFIED = frozenset({Frame.A15, Frame.A17})
STATED = frozenset({Frame.A5})
"""The état d'acompte of a contractor without a MOE in the tool: nobody certified it."""
ORDERS = frozenset({Frame.A16, Frame.A18, Frame.A19, Frame.A20})
"""What the MOA writes, or who holds its pen by agreement: the amount is paid, or becomes the account."""
WRITTEN_BY_OTHERS = CERTIFIED | STATED | ORDERS
OF_THE_CREDITOR = frozenset({Frame.A6})
"""An état d'acompte validé that its creditor deposits in the MOA's place: it follows, and never exceeds."""


def exceeds(amounts: Amounts, earlier: Paper) -> bool:
    """Whether ``amounts`` are more than those of an earlier paper, without tax or with it."""
    return amounts.net > earlier.amounts.net or amounts.gross > earlier.amounts.gross


def exceeded(known: Mapping[int, Paper], frame: Frame, amounts: Amounts, previous: Paper | None) -> Iterator[Paper]:
    """The papers of ``known``, by their ids, that one of ``frame`` after ``previous`` exceeds, the nearest first.

    An account has everything that is left to pay, a revision of prices comes on top of one: neither is compared beyond.
    """
    seen = previous if frame in WRITTEN_BY_OTHERS else None
    for _ in range(len(known)):
        if seen is None or seen.frame not in REQUESTS | CERTIFIED | STATED:
            return
        if exceeds(amounts, seen):
            yield seen
        seen = known.get(seen.previous_id) if seen.previous_id else None


def excess_sentence(amounts: Amounts, earlier: Paper) -> str:
    """What is said of ``amounts`` that exceed those of an earlier paper: to the depositor, and to the payer."""
    what = "ce que la MOE a certifié" if earlier.frame in CERTIFIED else "ce que demande l'entreprise"
    return (
        f"Le montant ({euros(amounts.net)} HT, {euros(amounts.gross)} TTC) dépasse {what} : pièce {earlier.number} "
        f"({earlier.frame.name}), {euros(earlier.amounts.net)} HT, {euros(earlier.amounts.gross)} TTC."
    )


def demand_confirmation(frame: Frame, amounts: Amounts, previous: Paper | None, *, confirmed: bool) -> None:
    """Raise InvalidRequest for an order above the paper that it follows, unless its depositor confirms the excess."""
    compared = previous is not None and previous.frame in REQUESTS | CERTIFIED | STATED
    if previous is None or not compared or frame not in ORDERS or confirmed or not exceeds(amounts, previous):
        return
    raise InvalidRequest(
        f"{excess_sentence(amounts, previous)} Corrigez le montant, ou confirmez-le ({CONFIRMATION_FIELD} : true).",
        CONFIRMATION_FIELD,
    )


def demand_what_was_stated(frame: Frame, amounts: Amounts, previous: Paper | None) -> None:
    """Raise InvalidRequest for an A6 above the état d'acompte that it follows: its creditor does not pay itself."""
    if frame not in OF_THE_CREDITOR or previous is None or not exceeds(amounts, previous):
        return
    raise InvalidRequest(
        f"Une pièce {frame.name} est déposée par le créancier à la place de la MOA : elle ne dépasse pas l'état "
        f"d'acompte {previous.number} ({previous.frame.name}), {euros(previous.amounts.net)} HT et "
        f"{euros(previous.amounts.gross)} TTC.",
        AMOUNT_FIELD,
    )


def remarks_on(known: Mapping[int, Paper], paper: Paper) -> Iterator[str]:
    """What its payer should know before paying ``paper``: what it exceeds, and that nobody but its creditor said it."""
    previous = known.get(paper.previous_id) if paper.previous_id else None
    for earlier in exceeded(known, paper.frame, paper.amounts, previous):
        yield excess_sentence(paper.amounts, earlier)
    if previous is not None and previous.frame in CERTIFIED | STATED:
        before = known.get(previous.previous_id) if previous.previous_id else None
        for earlier in exceeded(known, previous.frame, previous.amounts, before):
            yield f"Pièce {previous.number} ({previous.frame.name}) : {excess_sentence(previous.amounts, earlier)}"
    if paper.frame is Frame.A16:
        yield BY_DELEGATION
    if paper.frame in OF_THE_CREDITOR:
        yield NOT_ADMITTED if previous is None or previous.frame in STATED else NOT_ADMITTED_BY_MOA


BY_DELEGATION = (
    "La MOE a déposé cet état d'acompte validé (A16) à la place de la MOA, par la délégation inscrite au marché : la "
    "MOA n'en a pas vu le montant."
)
NOT_ADMITTED = (
    "L'entreprise a déposé elle-même cet état d'acompte validé (A6), par délégation : ni la MOE ni la MOA n'en a admis "
    "le montant."
)
NOT_ADMITTED_BY_MOA = (
    "L'entreprise a déposé elle-même cet état d'acompte validé (A6), par délégation : la MOE l'a certifié, la MOA ne "
    "l'a pas admis."
)
