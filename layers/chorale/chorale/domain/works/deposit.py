"""Depositing a paper: to open a billing file, or after the previous paper of one.

The chain's table says which paper may come after which and from whom; the guards below say what else must be true. Each
guard is a function that bears the number of its rule and raises with what to change.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from chorale.domain.deadlines import DeadlineKind, row_for
from chorale.domain.errors import ActImpossible, Forbidden, InvalidRequest
from chorale.domain.filing import ServiceRef, StructureRef
from chorale.domain.frames import Frame
from chorale.domain.statuses import Status
from chorale.domain.works.chain import MOA, PRESENTER, Addressee, Chain, Step, next_frames, step, steps_of
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.file import BillingFile, Note
from chorale.domain.works.owed import Rules, general_account_root, has_lapsed, reconcile
from chorale.domain.works.paper_acts import PaperAct, PaperPart, paper_act, parts_of
from chorale.domain.works.papers import SYSTEM, Amounts, Claim, Paper
from chorale.domain.works.routing import deposited, first_validator, with_clocks
from chorale.domain.works.silence import run_clock
from chorale.domain.works.tasks import TaskKind


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A paper as somebody deposits it."""

    id: int
    number: str
    frame: Frame
    depositor: StructureRef
    amounts: Amounts
    by: str
    """Login of the account."""
    previous_id: int | None = None
    replaces_id: int | None = None
    """The refused paper that this one is issued again for (D2)."""
    moe: StructureRef | None = None
    moa: StructureRef | None = None
    validator: StructureRef | None = None
    payer: StructureRef | None = None
    payer_service: ServiceRef | None = None
    attached: tuple[int, ...] = ()
    claim: Claim | None = None
    copy_to_moe: bool = True
    """For an A22: whether the MOE gets its copy, which is mandatory (rule 7)."""
    available_to_moe_on: date | None = None
    """``DateMiseADispositionMOE`` of a file opened after the MOE (rule 5)."""
    commitment: str = ""
    comment: str = ""
    main_document: str = ""
    main_name: str = ""
    attachments: tuple[int, ...] = ()
    flux_number: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class _Deposit:
    """What the guards look at."""

    file: BillingFile
    contract: WorksContract
    new: NewPaper
    step: Step
    previous: Paper | None
    at: datetime


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
    previous = _previous(file, new)
    row = _row(new, previous)
    checked = _Deposit(file, contract, new, row, previous, now)
    for guard in GUARDS:
        guard(checked)
    paper = _paper(checked)
    file = _replaced(_associated(file, checked, paper), checked, paper)
    paper = deposited(paper, contract, now, new.by)
    members = {ref.id for ref in (paper.moe, paper.moa, paper.validator, paper.payer) if ref}
    file = replace(file.with_paper(paper), cycle=paper.cycle, members=tuple(sorted({*file.members, *members})))
    for text in paper.warnings:
        file = file.with_note(Note(now, SYSTEM, "ALERTE", text, paper.id))
    return reconcile(with_clocks(file, paper, contract, new.available_to_moe_on), contract, now, rules)


def _previous(file: BillingFile, new: NewPaper) -> Paper | None:
    if new.previous_id is None:
        return None
    found = file.paper(new.previous_id)
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


# Guards


def _depositor_has_the_role(given: _Deposit) -> None:
    """Rule 9 and the table: who deposits which paper."""
    roles = given.contract.roles_of(given.new.depositor.id)
    if not roles & frozenset(given.step.actors):
        raise Forbidden(
            f"Une pièce {given.new.frame.name} est déposée par : "
            f"{', '.join(role.value for role in given.step.actors)}. Votre structure est "
            f"{', '.join(sorted(role.value for role in roles)) or 'étrangère à ce marché'}."
        )
    if given.step.actors == PRESENTER and given.new.depositor.id != given.contract.presenter.id:
        raise Forbidden("Dans un groupement, seul le mandataire présente les décomptes (CCAG Travaux 12.5).")
    if given.step.actors == MOA and given.new.depositor.id != given.contract.moa.id:
        raise Forbidden("La MOA a délégué son rôle : c'est la MOA déléguée qui dépose.")


def _agreed_frame(given: _Deposit) -> None:
    """W3, F3: the MOE or the titulaire deposits the MOA's paper only by agreement."""
    if given.new.frame in (Frame.A6, Frame.A16, Frame.A18) and given.new.frame not in given.contract.agreed_frames:
        raise Forbidden(
            f"Le marché ne prévoit pas que la pièce {given.new.frame.name} soit déposée à la place de la MOA : "
            "ajoutez-la aux cadres délégués du marché, ou laissez la MOA déposer la sienne."
        )


def _moe_outside(given: _Deposit) -> None:
    """W2: with no MOE in the tool, the titulaire deposits the état d'acompte (A5); with one, it does not."""
    if given.new.frame is Frame.A4 and given.contract.moe is None and given.new.moe is None:
        raise InvalidRequest(
            "Ce marché n'a pas de MOE dans l'outil : déposez l'état d'acompte (A5), ou désignez la MOE.",
            "cadreFacturation",
        )
    if given.new.frame is Frame.A5 and given.contract.moe is not None:
        raise InvalidRequest(
            "La MOE de ce marché est dans l'outil : l'état d'acompte est le sien (A15).", "cadreFacturation"
        )


def _has_the_previous(given: _Deposit) -> None:
    """The previous paper is with the depositor, or with whoever it may act for."""
    previous, new = given.previous, given.new
    if previous is None:
        return
    if given.step.previous_becomes is None:
        return
    associate = PaperAct.REPLACE if given.step.previous_becomes is Status.REMPLACEE_PAR_A22 else PaperAct.ASSOCIATE
    if given.step.code != "T1" or previous.frame is not Frame.A7:
        paper_act(previous, associate)
    if previous.frame is Frame.A10 and previous.attached_to is not None:
        raise ActImpossible("Cette demande de sous-traitant est déjà jointe à un projet de décompte.")
    parts = parts_of(previous, new.depositor.id)
    addressee = PaperPart(previous.addressee.value) if previous.addressee is not Addressee.PAYER else None
    if addressee in parts or given.step.tacit or given.step.code == "T2":
        return
    if previous.addressee is Addressee.MOE and PaperPart.MOA in parts:
        _moa_instead_of_moe(given, previous)
        return
    if given.new.frame in given.contract.agreed_frames or given.new.frame is Frame.A5:
        return
    raise Forbidden(
        f"La pièce précédente {previous.number} attend : {previous.addressee.value}. Votre structure n'a pas ce rôle."
    )


def _moa_instead_of_moe(given: _Deposit, previous: Paper) -> None:
    """Rule 2 and rule 6: the MOA acts on what is still with the MOE when the MOE was silent."""
    final = previous.frame in (Frame.A7, Frame.A14)
    if final or previous.frame is Frame.A10 or has_lapsed(given.file, TaskKind.ETAT_ACOMPTE, previous):
        return
    raise ActImpossible(
        "La pièce précédente est encore chez la MOE, dont le délai n'est pas écoulé : attendez son état d'acompte ou "
        "la fin du délai.",
        previous.status.value,
    )


def _sous_traitant_is_paid_directly(given: _Deposit) -> None:
    """Rule 1: only a sous-traitant admitted to direct payment deposits a request (CCP R2193-10)."""
    if given.new.frame is not Frame.A10:
        return
    party = given.contract.sous_traitant(given.new.depositor.id)
    if party is None or not party.direct_payment:
        raise Forbidden(
            "Ce sous-traitant n'est pas admis au paiement direct sur ce marché : la MOA doit d'abord l'accepter et "
            "agréer ses conditions de paiement."
        )


def _tacit_procedure_is_open(given: _Deposit) -> None:
    """Rules 7 and 10: when the signed draft of the tacit procedure (A22) is admitted."""
    if given.new.frame is not Frame.A22:
        return
    previous = given.previous
    assert previous is not None
    if row_for(DeadlineKind.TACIT_MOA, given.contract.ccag) is None:
        raise ActImpossible("Le CCAG de ce marché ne connaît pas de décompte général tacite.")
    root = general_account_root(given.file, previous)
    if root.frame not in (Frame.A7, Frame.A14) or root.moa_received_at is None or _never_reached_moe(given, root):
        raise ActImpossible("La procédure tacite suppose un projet de décompte final reçu par la MOE et par la MOA.")
    if given.file.last(Frame.A20, Frame.A18) is not None:
        raise ActImpossible("Le décompte général a été notifié : répondez-y (A8, ou refus motivé).")
    if not has_lapsed_since(given.file, TaskKind.DECOMPTE_GENERAL, root):
        due = next((task.due for task in given.file.tasks_on(root.id, TaskKind.DECOMPTE_GENERAL) if task.due), None)
        until = f" (jusqu'au {due:%d/%m/%Y})" if due else ""
        raise ActImpossible(f"La MOA a encore le temps de notifier le décompte général{until}.")
    if not given.new.copy_to_moe and given.contract.moe is not None:
        raise InvalidRequest("La copie du projet de décompte général à la MOE est obligatoire.", "copieMOE")


def _never_reached_moe(given: _Deposit, root: Paper) -> bool:
    return given.contract.moe is not None and root.moe_received_at is None


def has_lapsed_since(file: BillingFile, kind: TaskKind, root: Paper) -> bool:
    """Whether the deadline of ``kind`` on ``root`` passed in silence."""
    return any(task.lapsed_at is not None for task in file.tasks_on(root.id, kind))


def _answer_to_tacit_is_in_time(given: _Deposit) -> None:
    """Rule 7: a general account within the ten days ends the tacit route; one after them is refused."""
    if given.step.code != "T2" or given.previous is None:
        return
    if has_lapsed(given.file, TaskKind.REPONSE_TACITE, given.previous):
        raise ActImpossible(
            "Les dix jours sont passés : le projet A22 est devenu le décompte général et définitif. Déposez un A25.",
            given.previous.status.value,
        )


def _silence_has_spoken(given: _Deposit) -> None:
    """F4c, T3: a tacit final account needs the silence that makes it."""
    needed = {"F4c": TaskKind.REPONSE_AU_DECOMPTE, "T3": TaskKind.REPONSE_TACITE}.get(given.step.code)
    if needed is None or given.previous is None:
        return
    if not has_lapsed(given.file, needed, given.previous):
        whose = "du titulaire" if needed is TaskKind.REPONSE_AU_DECOMPTE else "de la MOA"
        raise ActImpossible(
            f"Le délai de réponse {whose} n'est pas écoulé : il n'y a pas de décompte tacite.",
            given.previous.status.value,
        )


def _general_account_after_tacit(given: _Deposit) -> None:
    """Rule 7: while an A22 is pending, the general account answers it and nothing else."""
    if given.new.frame in (Frame.A20, Frame.A18) and given.step.code == "F3":
        pending = given.file.last(Frame.A22)
        if pending is not None and pending.is_with_addressee:
            raise InvalidRequest(
                f"Un projet A22 est en cours : associez le décompte général à la pièce {pending.id}.",
                "idPiecePrecedente",
            )


def _late_signature(given: _Deposit) -> None:
    """Rule 8: after silence, only a signature without reserves is still taken."""
    if given.new.frame is not Frame.A8 or given.previous is None or given.new.claim is None:
        return
    if has_lapsed(given.file, TaskKind.REPONSE_AU_DECOMPTE, given.previous):
        raise ActImpossible(
            "Le décompte général est réputé accepté : il ne peut plus être signé avec des réserves.",
            given.previous.status.value,
        )


def _index_is_published(given: _Deposit) -> None:
    """Rule 7: a further A19 after the final account is the revision of its prices, once its index is known."""
    if given.step.code != "R" or given.previous is None:
        return
    owed = given.file.tasks_on(given.previous.id, TaskKind.REVISION_DES_PRIX)
    if not any(task.is_open for task in owed):
        raise ActImpossible(
            "Le décompte est définitif : seule la révision des prix peut encore être payée. Indiquez d'abord le jour "
            "de publication de l'index (acte PUBLIER_INDEX).",
            given.previous.status.value,
        )


def _amounts(given: _Deposit) -> None:
    """Rule 13: the amounts are those of the period."""
    amounts = given.new.amounts
    if amounts.gross < amounts.net and amounts.net >= 0:
        raise InvalidRequest("Le montant TTC est inférieur au montant HT.", "montantTtcTotal")
    if given.new.frame is Frame.A10 and amounts.gross <= 0:
        raise InvalidRequest("Une demande de paiement porte sur un montant positif.", "montantTtcTotal")


def _replaced_paper(given: _Deposit) -> None:
    """D2: a refused paper is issued again by its own depositor, in the same frame."""
    if given.new.replaces_id is None:
        return
    old = given.file.paper(given.new.replaces_id)
    if old is None or old.depositor.id != given.new.depositor.id or old.frame is not given.new.frame:
        raise InvalidRequest(
            "La pièce remplacée doit être une pièce refusée de votre structure, de même cadre, dans ce dossier.",
            "idPieceRemplacee",
        )
    paper_act(old, PaperAct.DUPLICATE)


GUARDS: tuple[Callable[[_Deposit], None], ...] = (
    _depositor_has_the_role,
    _agreed_frame,
    _moe_outside,
    _sous_traitant_is_paid_directly,
    _amounts,
    _replaced_paper,
    _general_account_after_tacit,
    _tacit_procedure_is_open,
    _answer_to_tacit_is_in_time,
    _silence_has_spoken,
    _late_signature,
    _index_is_published,
    _has_the_previous,
)


# What the deposit does


LATE_SOUS_TRAITANT = (
    "Le décompte général est notifié : le droit au paiement direct de ce sous-traitant est perdu pour cette demande."
)


def _paper(given: _Deposit) -> Paper:
    new, contract, previous = given.new, given.contract, given.previous
    frame, old = new.frame, given.file.paper(new.replaces_id) if new.replaces_id else None
    claim, warnings = _claim(new)
    validation = given.step.validation is not None
    return Paper(
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
        previous_id=new.previous_id,
        previous_frame=previous.frame if previous else None,
        moe=new.moe or contract.moe,
        moa=new.moa or contract.moa,
        contractor=contract.presenter,
        payer=(new.payer or contract.payer) if given.step.lands is Addressee.PAYER else None,
        payer_service=(new.payer_service or contract.payer_service) if given.step.lands is Addressee.PAYER else None,
        validator=(new.validator or first_validator(contract, frame, new.depositor.id)) if validation else None,
        attached=new.attached,
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


def _claim(new: NewPaper) -> tuple[Claim | None, tuple[str, ...]]:
    """Reserves without motives or amount count as acceptance (rule 8; CCAG Travaux 12.4.3)."""
    claim = new.claim
    if claim is None or (claim.motives.strip() and claim.amount > 0):
        return claim, ()
    return None, ("Réserves sans motifs ou sans montant : le décompte est accepté sans réserve.",)


def _associated(file: BillingFile, given: _Deposit, paper: Paper) -> BillingFile:
    """The previous paper as the step says it becomes."""
    previous, becomes = given.previous, given.step.previous_becomes
    if previous is None or becomes is None:
        return file
    file = file.with_paper(previous.at(becomes, given.at, given.new.by, f"Pièce suivante : {paper.number}"))
    if becomes is Status.REMPLACEE_PAR_A22:
        pending = file.last(Frame.A17)
        if pending is not None and pending.id != previous.id and pending.is_with_addressee:
            file = file.with_paper(pending.at(becomes, given.at, given.new.by, f"Pièce suivante : {paper.number}"))
    return file


def _replaced(file: BillingFile, given: _Deposit, paper: Paper) -> BillingFile:
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
    if (
        request is None
        or request.frame is not Frame.A10
        or request.agreed_at is None
        or request.attached_to is not None
        or not request.is_with_addressee
    ):
        raise InvalidRequest(
            f"La pièce {request_id} n'est pas une demande de sous-traitant validée et libre : elle ne peut pas être "
            "jointe.",
            "listePiecesJointes",
        )
    attached = replace(request, attached_to=paper.id)
    return reconcile(file.with_paper(attached), contract, paper.deposited_at, rules)


def warn_late_request(file: BillingFile, request_id: int, at: datetime) -> BillingFile:
    """Mark a sous-traitant's request that came after the general account was notified (G; case law of 2019)."""
    request = file.paper(request_id)
    assert request is not None
    warned = replace(request, warnings=(*request.warnings, LATE_SOUS_TRAITANT))
    return file.with_paper(warned).with_note(Note(at, SYSTEM, "ALERTE", LATE_SOUS_TRAITANT, request_id))


def was_notified(file: BillingFile) -> bool:
    """Whether a general account was notified in this file."""
    return file.last(Frame.A20, Frame.A18) is not None
