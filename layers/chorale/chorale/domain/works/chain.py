"""The chain of the works papers, one row per step: who deposits which paper after which, and what becomes of both.

This table is the whole of the circuit. The rules of deposit, the statuses, the worklists, the state machine, the
diagrams of the docs and the test of the chain are derived from it. Sources are named per row; ``law`` says how sure the
row is: C for a text that was read, H for a known text that was not read again, I for a decision of this project
(infra/decisions.md).
"""

from dataclasses import dataclass
from enum import StrEnum

from chorale.domain.frames import Frame, Validation
from chorale.domain.statuses import Status
from chorale.domain.works.contract import MOE_ROLES, PartyRole


class Chain(StrEnum):
    """Which of the two circuits a billing file goes through."""

    PROGRESS = "ACOMPTE"
    """During the works: a month of work, or a sub-contractor's request."""
    FINAL = "SOLDE"
    """The end of the works, up to the final account (DGD)."""


class Addressee(StrEnum):
    """To whom a paper goes once it is valid."""

    MOE = "MOE"
    MOA = "MOA"
    CONTRACTOR = "FOURNISSEUR"
    PAYER = "SERVICE_FINANCIER"


PRESENTER = (PartyRole.TITULAIRE, PartyRole.MANDATAIRE)
"""Only one of them presents accounts, accepts them and starts the tacit procedure (rule 9)."""
MOA = (PartyRole.MOA, PartyRole.MOA_DELEGUEE, PartyRole.MOA_SUPPLEANTE)
"""A delegated MOA holds the MOA's role (rule 11); a substitute that the contract lists stands in (rule 14)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the chain: ``frame`` deposited by one of ``actors`` after one of ``follows``."""

    code: str
    chain: Chain
    actors: tuple[PartyRole, ...]
    frame: Frame
    follows: tuple[Frame, ...]
    """Frames of the previous paper; empty where the paper can only open a file."""
    opens_file: bool
    """Whether it may come without a previous paper: the earlier actors may be absent from the tool."""
    lands: Addressee
    arrival: Status
    """Status of the new paper at its addressee."""
    previous_becomes: Status | None
    article: str
    law: str
    validation: Validation | None = None
    """What a validator owes before the addressee gets the paper."""
    tacit: bool = False
    """Whether the step exists only because somebody was silent."""


ASSOCIEE, REPLACED = Status.ASSOCIEE, Status.REMPLACEE_PAR_A22
TO_MOE, TO_MOA, TO_CONTRACTOR = Status.A_ASSOCIER_MOE, Status.A_ASSOCIER_MOA, Status.A_ASSOCIER_FOURNISSEUR
AT_PAYER = Status.MISE_A_DISPOSITION
_P, _F = Chain.PROGRESS, Chain.FINAL
_MOE, _MOA, _CON, _PAY = Addressee.MOE, Addressee.MOA, Addressee.CONTRACTOR, Addressee.PAYER
A4, A5, A6, A7, A8, A10, A13, A14 = (
    Frame.A4, Frame.A5, Frame.A6, Frame.A7, Frame.A8, Frame.A10, Frame.A13, Frame.A14,
)  # fmt: skip
A15, A16, A17, A18, A19, A20 = Frame.A15, Frame.A16, Frame.A17, Frame.A18, Frame.A19, Frame.A20
A22, A23, A24, A25 = Frame.A22, Frame.A23, Frame.A24, Frame.A25
FINAL_ACCOUNTS = (A8, A23, A24, A25)
"""Papers that make the account final (DGD), which leaves the revision of its prices open."""
_SOUS_TRAITANT, _COTRAITANT, _MOE_ROLE = (PartyRole.SOUS_TRAITANT,), (PartyRole.COTRAITANT,), MOE_ROLES

STEPS: tuple[Step, ...] = (
    Step("W0", _P, _SOUS_TRAITANT, A10, (), True, _MOE, Status.MISE_A_DISPOSITION_MOE, None,
         "CCP R2193-11 à R2193-16", "C", Validation.AGREEMENT),
    Step("W1", _P, PRESENTER, A4, (), True, _MOE, TO_MOE, None,
         "CCAG Travaux 12.1 ; CCP R2192-12, R2192-15", "C"),
    Step("W1'", _P, _COTRAITANT, A13, (), True, _MOE, TO_MOE, None, "CCAG Travaux 12.5", "H", Validation.VISA),
    Step("W2", _P, _MOE_ROLE, A15, (A4, A13, A10), True, _MOA, TO_MOA, ASSOCIEE, "CCAG Travaux 12.2.2", "H"),
    Step("W2", _P, PRESENTER, A5, (A4, A13, A10), True, _MOA, TO_MOA, ASSOCIEE, "CCAG Travaux 12.2.2", "H"),
    Step("W3", _P, MOA, A19, (A15, A5, A4, A13, A10), True, _PAY, AT_PAYER, ASSOCIEE,
         "CCP R2192-10, R2192-34", "C"),
    Step("W3", _P, _MOE_ROLE, A16, (A15, A5), False, _PAY, AT_PAYER, ASSOCIEE, "CCP R2192-10, R2192-34", "C"),
    Step("W3", _P, PRESENTER, A6, (A15, A5), False, _PAY, AT_PAYER, ASSOCIEE, "CCP R2192-10, R2192-34", "C"),
    Step("F1", _F, PRESENTER, A7, (), True, _MOE, TO_MOE, None, "CCAG Travaux 12.3.2, 12.3.4", "C"),
    Step("F1'", _F, _COTRAITANT, A14, (), True, _MOE, TO_MOE, None, "CCAG Travaux 12.5", "H", Validation.VISA),
    Step("F2", _F, _MOE_ROLE, A17, (A7, A14), True, _MOA, TO_MOA, ASSOCIEE, "CCAG Travaux 12.4.1", "C"),
    Step("F3", _F, MOA, A20, (A17, A7, A14), True, _CON, TO_CONTRACTOR, ASSOCIEE, "CCAG Travaux 12.4.2", "C"),
    Step("F3", _F, _MOE_ROLE, A18, (A17, A7, A14), True, _CON, TO_CONTRACTOR, ASSOCIEE, "CCAG Travaux 12.4.2", "C"),
    Step("F4a", _F, PRESENTER, A8, (A20, A18), False, _PAY, AT_PAYER, ASSOCIEE,
         "CCAG Travaux 12.4.3 ; CCP R2192-16", "H"),
    Step("F4c", _F, MOA, A25, (A20, A18), False, _PAY, AT_PAYER, ASSOCIEE, "CCAG Travaux 12.4.5", "C", tacit=True),
    Step("T1", _F, PRESENTER, A22, (A7, A17), False, _MOA, TO_MOA, REPLACED, "CCAG Travaux 12.4.4", "C", tacit=True),
    Step("T2", _F, MOA, A20, (A22,), False, _CON, TO_CONTRACTOR, ASSOCIEE, "CCAG Travaux 12.4.4", "C"),
    Step("T2", _F, _MOE_ROLE, A18, (A22,), False, _CON, TO_CONTRACTOR, ASSOCIEE, "CCAG Travaux 12.4.4", "C"),
    Step("T3", _F, PRESENTER, A23, (A22,), False, _PAY, AT_PAYER, ASSOCIEE, "CCAG Travaux 12.4.4", "C", tacit=True),
    Step("T3", _F, _MOE_ROLE, A24, (A22,), False, _PAY, AT_PAYER, ASSOCIEE, "CCAG Travaux 12.4.4", "C", tacit=True),
    Step("T3", _F, MOA, A25, (A22,), False, _PAY, AT_PAYER, ASSOCIEE, "CCAG Travaux 12.4.4", "C", tacit=True),
    Step("C", _F, MOA, A19, (A20, A18), False, _PAY, AT_PAYER, None, "CCAG Travaux 12.4.3, 55.1", "H"),
    Step("R", _F, MOA, A19, FINAL_ACCOUNTS, False, _PAY, AT_PAYER, None, "CCAG Travaux 12.4.2", "H"),
)  # fmt: skip

WORKS_FRAMES = frozenset(step.frame for step in STEPS)
"""Every frame of the chain. A11 is in the official list and nowhere else: it is refused."""

AT_MOE = (Status.A_ASSOCIER_MOE, Status.MISE_A_DISPOSITION_MOE, Status.PRISE_EN_COMPTE_MOE)
AT_MOA = (Status.A_ASSOCIER_MOA, Status.MISE_A_DISPOSITION_MOA, Status.PRISE_EN_COMPTE_MOA)
AT_CONTRACTOR = (Status.A_ASSOCIER_FOURNISSEUR,)


def steps_of(frame: Frame) -> tuple[Step, ...]:
    """The rows by which a paper of ``frame`` may come; empty for a frame that is not of the works chain."""
    return tuple(step for step in STEPS if step.frame is frame)


def step(frame: Frame, previous: Frame | None) -> Step | None:
    """The row for ``frame`` after ``previous`` (None to open a file); None when the chain has no such row."""
    for row in steps_of(frame):
        if row.opens_file if previous is None else previous in row.follows:
            return row
    return None


def next_frames(previous: Frame) -> tuple[Frame, ...]:
    """The frames that may follow a paper of ``previous``, in the order of the table."""
    return tuple(dict.fromkeys(row.frame for row in STEPS if previous in row.follows))
