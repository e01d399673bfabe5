"""Depositing a paper: to open a billing file, or after the previous paper of one.

Whether it may be deposited is asked of ``admission``; here is what a deposit does.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from chorale.domain.errors import InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.french_numbers import euros
from chorale.domain.statuses import Status
from chorale.domain.works.accounts import DRAFTS, GENERAL, PREMATURE, follows_reception, is_current, waiting_drafts
from chorale.domain.works.admission import GUARDS, Candidate, NewPaper, is_free_request
from chorale.domain.works.chain import Addressee, Chain, Step, next_frames, step, steps_of
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.creditors import accepted_of, agreed_parts, check_payable, proposed_parts
from chorale.domain.works.dossier import BillingFile, Note
from chorale.domain.works.excess import exceeded, excess_sentence
from chorale.domain.works.figures import asked_in_all, proposed_figures
from chorale.domain.works.identity import moa_of, moe_of, payer_of, validator_of
from chorale.domain.works.owed import Rules, pays_a_claim, reconcile
from chorale.domain.works.papers import SYSTEM, Claim, Figures, Paper
from chorale.domain.works.parts import PaymentPart
from chorale.domain.works.routing import deposited, with_clocks
from chorale.domain.works.silence import run_clock


def open_file(file_id: int, contract: WorksContract, chain: Chain, at: datetime) -> BillingFile:
    """An empty billing file of ``contract``."""
    return BillingFile(
        id=file_id,
        contract_id=contract.id,
        contract_number=contract.number,
        chain=chain,
        opened_at=at,
        members=tuple(sorted(contract.members)),
    )


def open_final_file(file_id: int, contract: WorksContract, received: datetime, rules: Rules) -> BillingFile:
    """The file of the end of the works, from the notification of the reception on: the final draft is owed (rule 6)."""
    file = replace(open_file(file_id, contract, Chain.FINAL, received), clock_starts=received)
    return reconcile(file, contract, received, rules)


def receive_works(
    file: BillingFile, contract: WorksContract, received: datetime, at: datetime, rules: Rules
) -> BillingFile:
    """The final file of a contract whose reception is recorded, or corrected, after papers came into it."""
    return reconcile(replace(file, clock_starts=received), contract, at, rules)


def chain_of(frame: Frame) -> Chain:
    """The chain that a paper of ``frame`` belongs to; raises InvalidRequest for a frame that has none."""
    rows = steps_of(frame)
    if not rows:
        raise InvalidRequest(f"Le cadre {frame.value} n'est pas celui d'une pièce de travaux.", "cadreFacturation")
    return rows[0].chain


def deposit(file: BillingFile, contract: WorksContract, new: NewPaper, now: datetime, rules: Rules) -> BillingFile:
    """``file`` with ``new`` in it, on its way, and the papers before it as its step says.

    Raises InvalidRequest, Forbidden or ActImpossible with what to change; nothing is then changed.
    """
    file = run_clock(file, contract, now, rules)
    checked = checked_deposit(file, contract, new, now)
    paper = _paper(checked)
    file = _replaced(_associated(file, checked, paper), checked, paper)
    paper = deposited(paper, contract, now, new.by)
    members = {ref.id for ref in (paper.moe, paper.moa, paper.validator, paper.payer) if ref}
    file = replace(file.with_paper(paper), cycle=paper.cycle, members=tuple(sorted({*file.members, *members})))
    file = _shown_to_payer(_admitted(file, paper), paper)
    if paper.frame is Frame.A22 and paper.moe is not None:
        told = f"Copie du projet {paper.number} à la MOE {paper.moe.name} (CCAG Travaux 12.4.4)."
        file = file.with_note(Note(now, SYSTEM, "COPIE_MOE", told, paper.id))
    for text in paper.warnings:
        file = file.with_note(Note(now, SYSTEM, "ALERTE", text, paper.id))
    return reconcile(with_clocks(file, paper, contract, new.available_to_moe_on), contract, now, rules)


def checked_deposit(file: BillingFile, contract: WorksContract, new: NewPaper, now: datetime) -> Candidate:
    """What the deposit of ``new`` is, once every guard let it pass; raises as ``deposit`` does."""
    previous = _previous(file, new)
    checked = Candidate(file, contract, new, _row(new, previous), previous, now)
    for guard in GUARDS:
        guard(checked)
    return checked


def _previous(file: BillingFile, new: NewPaper) -> Paper | None:
    """The previous paper; that of the refused paper for one that is issued again (rule 20)."""
    old = file.paper(new.replaces_id) if new.replaces_id else None
    wanted = new.previous_id or (old.previous_id if old else None)
    if wanted is None:
        return None
    found = file.paper(wanted)
    if found is None:
        raise InvalidRequest("La pièce précédente n'est pas dans ce dossier de facturation.", "idPiecePrecedente")
    return found


def _row(new: NewPaper, previous: Paper | None) -> Step:
    chain_of(new.frame)
    row = step(new.frame, previous.frame if previous else None)
    if row is not None:
        return row
    if previous is None:
        follows = dict.fromkeys(frame.name for row in steps_of(new.frame) for frame in row.follows)
        raise InvalidRequest(
            f"Une pièce {new.frame.name} ne peut pas ouvrir un dossier : indiquez la pièce précédente "
            f"({', '.join(follows)}).",
            "idPiecePrecedente",
        )
    possible = ", ".join(frame.name for frame in next_frames(previous.frame)) or "aucune"
    raise InvalidRequest(
        f"Une pièce {new.frame.name} ne suit pas une pièce {previous.frame.name}. Pièces possibles : {possible}.",
        "cadreFacturation",
    )


# What the deposit does


LATE_SOUS_TRAITANT = (
    "Le décompte général est notifié : le droit au paiement direct de ce sous-traitant est perdu pour cette demande."
)


def _paper(given: Candidate) -> Paper:
    new, contract, previous = given.new, given.contract, given.previous
    frame, old = new.frame, given.file.paper(new.replaces_id) if new.replaces_id else None
    claim, warnings = _claim(new)
    above = exceeded({one.id: one for one in given.file.papers}, frame, new.amounts, previous)
    warnings = (*warnings, *(excess_sentence(new.amounts, one) for one in above))
    validation = given.step.validation is not None
    at_payer = given.step.lands is Addressee.PAYER
    paper = Paper(
        id=new.id,
        number=new.number,
        frame=frame,
        cycle=old.cycle + 1 if old else (previous.cycle if previous else given.file.cycle),
        status=Status.DEPOSEE,
        status_at=given.at,
        deposited_at=given.at,
        available_at=given.at,
        depositor=new.depositor,
        amounts=new.amounts,
        previous_id=previous.id if previous else None,
        previous_frame=previous.frame if previous else None,
        moe=moe_of(contract, new.moe),
        moa=moa_of(contract, new.moa),
        contractor=contract.presenter,
        payer=payer_of(contract, new.payer) if at_payer else None,
        payer_service=(new.payer_service or contract.payer_service) if at_payer else None,
        validator=validator_of(contract, frame, new.depositor.id, new.validator) if validation else None,
        attached=tuple(one.id for one in new.requests),
        parts=_parts(given),
        figures=new.figures or _proposed_figures(given),
        on_claim=_pays_a_claim(given),
        duplicate_of=new.replaces_id,
        claim=claim,
        warnings=warnings,
        commitment=new.commitment,
        comment=new.comment,
        main_document=new.main_document,
        main_name=new.main_name,
        attachments=new.attachments,
        flux_number=new.flux_number,
        rank=new.rank,
        deposited_by=new.by,
    )
    if frame in DRAFTS and not follows_reception(paper, contract):
        paper = replace(paper, warnings=(*paper.warnings, PREMATURE))
    return paper


def _proposed_figures(given: Candidate) -> Figures | None:
    """The figures of a paper that gives none: along the month, and along the account up to what ends it (rule 29).

    What is paid after the account has a situation of its own, or none.
    """
    if given.step.code in ("C", "R"):
        return None
    return proposed_figures(given.previous, given.new.amounts.net)


def _pays_a_claim(given: Candidate) -> bool:
    """Whether the paper pays what the MOA agreed to of a claim, beyond the account or what was admitted of it."""
    account = given.previous
    old = given.file.paper(given.new.replaces_id) if given.new.replaces_id else None
    if old is not None:
        return old.on_claim
    return account is not None and given.step.code in ("C", "R") and pays_a_claim(given.file, account)


def _parts(given: Candidate) -> tuple[PaymentPart, ...]:
    """Rule 17: what each creditor gets, as the depositor writes it, else as the papers before propose it."""
    new, contract, gross = given.new, given.contract, given.new.amounts.gross
    old = given.file.paper(new.replaces_id) if new.replaces_id else None
    before = old if old and given.step.lands is Addressee.PAYER else given.previous
    proposed = proposed_parts(contract, new.frame, new.id, new.depositor, gross, before, new.requests)
    parts = agreed_parts(contract, new.parts, proposed, gross) if new.parts else proposed
    if given.step.lands is Addressee.PAYER:
        check_payable(parts, gross)
    return parts


def _claim(new: NewPaper) -> tuple[Claim | None, tuple[str, ...]]:
    """Reserves without motives or amount count as acceptance (rule 8; CCAG Travaux 12.4.3)."""
    claim = new.claim
    if claim is None or (claim.motives.strip() and claim.amount > 0):
        return claim, ()
    return None, ("Réserves sans motifs ou sans montant : le décompte est accepté sans réserve.",)


def _associated(file: BillingFile, given: Candidate, paper: Paper) -> BillingFile:
    """The previous paper as the step says it becomes; for an account, every other draft that still waits too."""
    previous, becomes = given.previous, given.step.previous_becomes
    if given.new.replaces_id is not None:
        return file
    said = f"Pièce suivante : {paper.number}"
    if previous is not None and becomes is not None:
        file = file.with_paper(previous.at(becomes, given.at, given.new.by, said))
    for draft in waiting_drafts(file):
        if draft.frame is Frame.A7 and paper.frame is Frame.A7:
            file = file.with_paper(draft.at(Status.ABANDONNEE, given.at, SYSTEM, f"{PREMATURE} {said}"))
        elif paper.frame in (*GENERAL, Frame.A22) or (paper.frame is Frame.A17 and draft.frame is Frame.A14):
            target = Status.REMPLACEE_PAR_A22 if paper.frame is Frame.A22 else Status.ASSOCIEE
            file = file.with_paper(draft.at(target, given.at, given.new.by, said))
    return file


def _admitted(file: BillingFile, paper: Paper) -> BillingFile:
    """Rule 20: once it is known what is paid on a request of this file, interest is on that."""
    if paper.step.lands is not Addressee.PAYER:
        return file
    for part in paper.parts:
        request = file.paper(part.rests_on)
        if request is not None and request.id != paper.id:
            admitted = sum((one.amount for one in paper.parts if one.rests_on == request.id), part.amount * 0)
            file = file.with_paper(replace(request, admitted=admitted))
    return file


def _shown_to_payer(file: BillingFile, paper: Paper) -> BillingFile:
    """Rule 16: the payer reads the papers that its own rests on."""
    seen = file.paper(paper.previous_id) if paper.payer and paper.previous_id else None
    while seen is not None and paper.payer is not None:
        file = file.with_paper(replace(seen, shown_to_payer=paper.payer))
        seen = file.paper(seen.previous_id) if seen.previous_id else None
    return file


def _replaced(file: BillingFile, given: Candidate, paper: Paper) -> BillingFile:
    old = file.paper(given.new.replaces_id) if given.new.replaces_id else None
    if old is None:
        return file
    return file.with_paper(
        old.at(Status.DUPLIQUE_APRES_REFUS, given.at, given.new.by, f"Nouvelle pièce : {paper.number}")
    )


def attach(file: BillingFile, contract: WorksContract, request_id: int, paper: Paper, rules: Rules) -> BillingFile:
    """The file of a sous-traitant's request once it comes with the titulaire's ``paper`` (rule 1).

    Raises InvalidRequest when the request is not one that can be attached.
    """
    file = run_clock(file, contract, paper.deposited_at, rules)
    request = file.paper(request_id)
    if request is None or not is_free_request(request):
        raise InvalidRequest(
            f"La pièce {request_id} n'est pas une demande de sous-traitant validée et libre : elle ne peut pas être "
            "jointe.",
            "listeDemandesJointes",
        )
    attached = replace(request, attached_to=paper.id)
    return reconcile(file.with_paper(attached), contract, paper.deposited_at, rules)


def admit_request(
    file: BillingFile, contract: WorksContract, paper: Paper, part: PaymentPart, rules: Rules
) -> BillingFile:
    """The file of a joined request once ``part`` of the payer's ``paper`` pays it: nothing is owed on it any more."""
    file = run_clock(file, contract, paper.deposited_at, rules)
    request = file.paper(part.rests_on)
    if request is None:
        return file
    request = replace(request, admitted=part.amount, paid_with=paper.id, shown_to_payer=paper.payer)
    if request.status is not Status.ASSOCIEE:
        request = request.at(Status.ASSOCIEE, paper.deposited_at, SYSTEM, f"Payée avec la pièce {paper.number}")
    return reconcile(file.with_paper(request), contract, paper.deposited_at, rules)


def release_request(
    file: BillingFile, contract: WorksContract, request_id: int, withdrawn: Paper, at: datetime, rules: Rules
) -> BillingFile:
    """The file of a joined request whose payment is withdrawn: it is where it was, with the paper it came with."""
    file = run_clock(file, contract, at, rules)
    request = file.paper(request_id)
    if request is None or request.paid_with != withdrawn.id:
        return file
    request = replace(request, admitted=None, paid_with=None, shown_to_payer=None)
    before = [line.status for line in request.history if line.status is not Status.ASSOCIEE]
    if request.status is Status.ASSOCIEE and before:
        request = request.at(before[-1], at, SYSTEM, f"La pièce {withdrawn.number} est retirée")
    return reconcile(file.with_paper(request), contract, at, rules)


def free_request(
    file: BillingFile, contract: WorksContract, request_id: int, paper_id: int, at: datetime, rules: Rules
) -> BillingFile:
    """The file of a joined request whose paper is refused, abandoned or replaced: it is free again, with its task."""
    file = run_clock(file, contract, at, rules)
    request = file.paper(request_id)
    if request is None or request.attached_to != paper_id or request.paid_with is not None:
        return file
    return reconcile(file.with_paper(replace(request, attached_to=None)), contract, at, rules)


def freed_requests(before: BillingFile | None, after: BillingFile) -> tuple[tuple[int, int], ...]:
    """Requests that are free again after a change, each with the paper that was refused, abandoned or replaced."""
    freed: list[tuple[int, int]] = []
    for paper in after.papers:
        old = before.paper(paper.id) if before else None
        if paper.attached and paper.status in GIVES_BACK and (old is None or old.status not in GIVES_BACK):
            freed += [(request_id, paper.id) for request_id in paper.attached]
    return tuple(freed)


GIVES_BACK = frozenset({
    Status.REFUSEE_1, Status.REFUSEE_MOE, Status.REFUSEE_MOA, Status.ABANDONNEE, Status.DUPLIQUE_APRES_REFUS,
})  # fmt: skip
"""What is joined to a paper of these statuses is free again (rule 17)."""


def warn_late_request(file: BillingFile, request_id: int, at: datetime) -> BillingFile:
    """Mark a sous-traitant's request that came after the general account was notified (G; case law of 2019)."""
    request = file.paper(request_id)
    assert request is not None
    warned = replace(request, warnings=(*request.warnings, LATE_SOUS_TRAITANT))
    return file.with_paper(warned).with_note(Note(at, SYSTEM, "ALERTE", LATE_SOUS_TRAITANT, request_id))


def warn_over_acte(
    file: BillingFile, contract: WorksContract, request_id: int, before: Sequence[Paper], at: datetime
) -> BillingFile:
    """Mark a request with which a sous-traitant asks for more than its acte spécial has (rule 17): a warning only."""
    request = file.paper(request_id)
    assert request is not None
    party = contract.sous_traitant(request.depositor.id)
    asked = sum((accepted_of(one) for one in before if is_current(one) and one.id != request_id), Decimal(0))
    asked += request.amounts.gross
    if party is None or party.amount is None or asked <= party.amount:
        return file
    text = f"Les demandes de ce sous-traitant font {euros(asked)} TTC, son acte spécial {euros(party.amount)} TTC."
    warned = replace(request, warnings=(*request.warnings, text))
    return file.with_paper(warned).with_note(Note(at, SYSTEM, "ALERTE", text, request_id))


ASKS_OF_CONTRACT = frozenset({Frame.A4, Frame.A7, Frame.A10, Frame.A13})
"""Requests that are compared with the amount of the contract."""


def warn_over_contract(
    file: BillingFile, contract: WorksContract, request_id: int, before: Sequence[Paper], at: datetime
) -> BillingFile:
    """Mark a request with which more is asked than the contract has by now, amendments included (rules 17 and 27).

    A warning only, as for an acte spécial. ``before`` are the papers of the contract. Who does not read every paper is
    not told the sums.
    """
    request = file.paper(request_id)
    assert request is not None
    if contract.amount is None or request.frame not in ASKS_OF_CONTRACT:
        return file
    asked = asked_in_all({one.id: one for one in (*before, *file.papers)}.values())
    if asked <= contract.amount:
        return file
    text = "Les demandes sur ce marché dépassent son montant."
    if request.depositor.id == contract.presenter.id:
        text = f"Les demandes sur ce marché font {euros(asked)} TTC, son montant est {euros(contract.amount)} TTC."
    warned = replace(request, warnings=(*request.warnings, text))
    return file.with_paper(warned).with_note(Note(at, SYSTEM, "ALERTE", text, request_id))


MONTHLY = frozenset({Frame.A4, Frame.A13})
"""Requests of which a creditor has one for each situation."""


def warn_same_situation(file: BillingFile, request_id: int, before: Sequence[Paper], at: datetime) -> BillingFile:
    """Mark a request for a situation, its month and number, that its creditor has asked for in the contract already.

    A warning only: the month may be asked for in two papers. ``before`` are the papers of the contract.
    """
    request = file.paper(request_id)
    assert request is not None
    situation = request.figures
    if situation is None or situation.number is None:
        return file
    same = [
        one
        for one in before
        if one.frame in MONTHLY
        and one.id != request.id
        and one.depositor.id == request.depositor.id
        and is_current(one)
        and one.figures is not None
        and (one.figures.month, one.figures.number) == (situation.month, situation.number)
    ]
    if not same:
        return file
    named = f"{situation.number} ({situation.month})" if situation.month else f"{situation.number}"
    text = f"La situation n° {named} est déjà demandée par la pièce {same[0].number} : vérifiez qu'il s'en faut deux."
    warned = replace(request, warnings=(*request.warnings, text))
    return file.with_paper(warned).with_note(Note(at, SYSTEM, "ALERTE", text, request_id))


def was_notified(file: BillingFile) -> bool:
    """Whether a general account was notified in this file."""
    return file.last(*GENERAL) is not None
