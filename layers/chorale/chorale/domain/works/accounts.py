"""The final account of a contract: one, and what binds in it (rules 18, 19, 22).

Sources: CCAG Travaux 12.3 (final draft), 12.4.1 to 12.4.5 (general account, tacit account); CE 8 December 2020, no
437983 and CE 1 June 2023, no 469268 (a final draft from before the reception starts no delay); TA Melun 5 June 2023, no
2110042 (the tacit route ends only by a general account).
"""

from collections.abc import Mapping

from chorale.domain.dates import paris_day
from chorale.domain.errors import ActImpossible
from chorale.domain.frames import Frame
from chorale.domain.statuses import Status
from chorale.domain.works.chain import AT_MOA, AT_MOE, FINAL_ACCOUNTS
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.papers import Paper

ENDED = frozenset({
    Status.REFUSEE_1, Status.REFUSEE_2, Status.REFUSEE_MOE, Status.REFUSEE_MOA, Status.REFUSEE_FOURNISSEUR,
    Status.ABANDONNEE, Status.DUPLIQUE_APRES_REFUS, Status.REMPLACEE_PAR_A22, Status.REJETEE,
})  # fmt: skip
"""A paper that was refused, abandoned or replaced: another one may take its place (rule 18)."""
DRAFTS = (Frame.A7, Frame.A14)
GENERAL = (Frame.A20, Frame.A18)
GIVEN_UP = frozenset({Status.ABANDONNEE, Status.DUPLIQUE_APRES_REFUS})

RIVALS: Mapping[Frame, tuple[Frame, ...]] = {
    Frame.A7: (Frame.A7, Frame.A17, *GENERAL, Frame.A22, *FINAL_ACCOUNTS),
    Frame.A17: (Frame.A17, *GENERAL, Frame.A22, *FINAL_ACCOUNTS),
    Frame.A20: (*GENERAL, *FINAL_ACCOUNTS),
    Frame.A18: (*GENERAL, *FINAL_ACCOUNTS),
    Frame.A22: (Frame.A22, *FINAL_ACCOUNTS),
    **dict.fromkeys(FINAL_ACCOUNTS, FINAL_ACCOUNTS),
}
"""Rule 18: a paper of the key is refused while a current one of these frames is in the account of the contract."""
BINDING: Mapping[Frame, tuple[Frame, ...]] = {
    Frame.A8: GENERAL,
    Frame.A22: DRAFTS,
    **dict.fromkeys((Frame.A23, Frame.A24, Frame.A25), (Frame.A22, *GENERAL)),
}
"""Rule 19: a paper of the key has the amounts of the paper of these frames that it signs or confirms."""
WAITS = frozenset({*AT_MOE, *AT_MOA, Status.COMPLETEE, Status.A_COMPLETER})
PREMATURE = (
    "Ce projet de décompte final précède la réception : il n'ouvre aucun délai. Notifiez-le de nouveau après la "
    "réception (CE, 8 décembre 2020, n° 437983)."
)


def is_current(paper: Paper) -> bool:
    """Whether the paper counts: it was not refused, abandoned or replaced."""
    return paper.status not in ENDED


def current(file: BillingFile, *frames: Frame) -> Paper | None:
    """The first current paper of ``frames`` in the file."""
    return next((paper for paper in file.papers if paper.frame in frames and is_current(paper)), None)


def follows_reception(paper: Paper, contract: WorksContract) -> bool:
    """Whether a final draft came on or after the day of the recorded reception: else it starts nothing (rule 22)."""
    received = contract.reception_notified_on
    return received is not None and paris_day(paper.deposited_at) >= received


def demand_correctable(contract: WorksContract, final: BillingFile | None) -> None:
    """Rule 27: the recorded reception is corrected until a final draft rests on it; raises ActImpossible then."""
    if contract.reception_notified_on is None or final is None:
        return
    drafts = (one for one in final.papers if one.frame in DRAFTS and is_current(one))
    resting = next((one for one in drafts if follows_reception(one, contract)), None)
    if resting is not None:
        raise ActImpossible(
            f"La réception a déjà été notifiée le {contract.reception_notified_on:%d/%m/%Y} et le projet de décompte "
            f"{resting.number} repose sur elle : sa date ne se corrige plus.",
            resting.status.value,
        )


def rival(file: BillingFile, contract: WorksContract, frame: Frame) -> Paper | None:
    """The latest current paper because of which another of ``frame`` is refused (rule 18); None when there is none.

    A final draft from before the reception is no rival of the one that is notified again.
    """
    frames = RIVALS.get(frame, ())
    again = frame is Frame.A7 and contract.reception_notified_on is not None
    for paper in reversed(file.papers):
        premature = again and paper.frame is Frame.A7 and not follows_reception(paper, contract)
        on_premature = again and paper.frame is Frame.A17 and _drafted_before(file, contract, paper)
        # A draft does not come after an account that was notified, even one that was refused with a claim.
        notified = frame in (Frame.A7, Frame.A17) and paper.frame in GENERAL and paper.status not in GIVEN_UP
        counts = is_current(paper) or notified
        if paper.frame in frames and counts and not premature and not on_premature:
            return paper
    return None


def _drafted_before(file: BillingFile, contract: WorksContract, paper: Paper) -> bool:
    root = file.paper(paper.previous_id) if paper.previous_id else None
    return root is not None and root.frame in DRAFTS and not follows_reception(root, contract)


def waiting_drafts(file: BillingFile) -> tuple[Paper, ...]:
    """The drafts that still wait for the next paper of the account: A17 first, then A7, then A14."""
    found = [paper for paper in file.papers if paper.frame in (Frame.A17, *DRAFTS) and paper.status in WAITS]
    order = (Frame.A17, Frame.A7, Frame.A14)
    return tuple(sorted(found, key=lambda paper: (order.index(paper.frame), paper.id)))


def account_root(file: BillingFile) -> Paper | None:
    """The paper whose receipt starts the clock of the general account.

    The latest final draft that reached the MOA; without one the MOE's draft that it drew up ex officio.
    """
    drafts = [one for one in file.papers if one.frame in DRAFTS and is_current(one) and one.moa_received_at]
    of_presenter = [one for one in drafts if one.frame is Frame.A7] or drafts
    if of_presenter:
        return of_presenter[-1]
    return next((one for one in file.papers if one.frame is Frame.A17 and is_current(one)), None)


def is_ex_officio(paper: Paper) -> bool:
    """Whether the root of an account was drawn up without the contractor: then there is no tacit account (rule 6)."""
    return paper.frame not in DRAFTS


def bound_to(file: BillingFile, paper_frame: Frame, previous: Paper | None) -> Paper | None:
    """The paper whose amounts one of ``paper_frame`` after ``previous`` must have (rule 19); None for its own amounts.

    A signed account is its general account, a tacit one its final draft (CCAG Travaux 12.4.3, 12.4.4).
    """
    frames, seen = BINDING.get(paper_frame, ()), previous
    for _ in range(len(file.papers)):
        if seen is None or not frames:
            return None
        if seen.frame in frames:
            return seen
        seen = file.paper(seen.previous_id) if seen.previous_id else None
    return None
