"""May a paper be deposited? The guards of a deposit, one for each rule: each raises with what to change.

The chain's table says which paper may come after which and from whom; the guards say what else must be true.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from chorale.domain.dates import paris_day
from chorale.domain.errors import ActImpossible, Forbidden, InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.french_numbers import euros
from chorale.domain.invoices.recorded import ServiceRef, StructureRef
from chorale.domain.statuses import Status
from chorale.domain.works.accounts import (
    GENERAL,
    GIVEN_UP,
    PREMATURE,
    account_root,
    bound_to,
    follows_reception,
    is_current,
    is_ex_officio,
    rival,
    waiting_drafts,
)
from chorale.domain.works.amounts import check_amount
from chorale.domain.works.chain import FINAL_ACCOUNTS, MOA, PRESENTER, Addressee, Chain, Step
from chorale.domain.works.contract import PartyRole, WorksContract
from chorale.domain.works.creditors import accepted_of
from chorale.domain.works.deadlines import DeadlineKind, last_day, row_for
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.excess import demand_confirmation, demand_what_was_stated
from chorale.domain.works.figures import check_figures
from chorale.domain.works.identity import moa_of, moe_of, payer_of, validator_of
from chorale.domain.works.owed import FORMAL_NOTICE, admitted_left, has_lapsed, pays_a_claim
from chorale.domain.works.paper_acts import PaperAct, PaperPart, paper_act, parts_of
from chorale.domain.works.papers import Amounts, Claim, Figures, Paper
from chorale.domain.works.parts import AskedPart
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
    requests: tuple[Paper, ...] = ()
    """The requests of sous-traitants (A10) that come with the paper."""
    account: BillingFile | None = None
    """For a paper of the month: the file of the contract's account, where there is one already (rule 18)."""
    figures: Figures | None = None
    parts: tuple[AskedPart, ...] = ()
    """What each creditor gets, where that is not what is proposed (rule 17)."""
    claim: Claim | None = None
    excess_confirmed: bool = False
    """For an order: whether its depositor means an amount above that of the paper that it follows (rule 3)."""
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
class Candidate:
    """What the guards look at."""

    file: BillingFile
    contract: WorksContract
    new: NewPaper
    step: Step
    previous: Paper | None
    at: datetime


def contract_is_accepted(given: Candidate) -> None:
    """Rule 15: nothing goes by a contract whose delegation the MOA has not accepted."""
    if not given.contract.delegation_accepted:
        raise ActImpossible(
            f"Le marché a été inscrit par une MOA déléguée : {given.contract.owner.name} n'a pas encore accepté cette "
            "délégation (acte ACCEPTER_DELEGATION sur le marché)."
        )


def _depositor_has_the_role(given: Candidate) -> None:
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
    stands_in = PartyRole.MOA_SUPPLEANTE in roles
    if given.step.actors == MOA and given.new.depositor.id != given.contract.moa.id and not stands_in:
        raise Forbidden("La MOA a délégué son rôle : c'est la MOA déléguée qui dépose.")


def _agreed_frame(given: Candidate) -> None:
    """W3, F3: the MOE or the titulaire deposits the MOA's paper only by agreement."""
    if given.new.frame in (Frame.A6, Frame.A16, Frame.A18) and given.new.frame not in given.contract.agreed_frames:
        raise Forbidden(
            f"Le marché ne prévoit pas que la pièce {given.new.frame.name} soit déposée à la place de la MOA : la MOA "
            "dépose la sienne, ou inscrit cette délégation par un avenant (CADRES_DELEGUES)."
        )


def _moe_outside(given: Candidate) -> None:
    """W2: with no MOE in the tool, the titulaire deposits the état d'acompte (A5); with one, it does not."""
    if given.new.frame is Frame.A4 and given.contract.moe is None:
        raise InvalidRequest(
            "Ce marché n'a pas de MOE dans l'outil : déposez l'état d'acompte (A5), ou faites-l'y inscrire.",
            "cadreFacturation",
        )
    if given.new.frame is Frame.A5 and given.contract.moe is not None:
        raise InvalidRequest(
            "La MOE de ce marché est dans l'outil : l'état d'acompte est le sien (A15).", "cadreFacturation"
        )


def _has_the_previous(given: Candidate) -> None:
    """The previous paper is with the depositor, or with whoever it may act for."""
    previous, new = given.previous, given.new
    if previous is None or given.step.previous_becomes is None or new.replaces_id is not None:
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


def _moa_instead_of_moe(given: Candidate, previous: Paper) -> None:
    """Rules 2, 6 and 23: the MOA acts on what is still with the MOE when the MOE was silent, or has no term at all."""
    final = previous.frame in (Frame.A7, Frame.A14)
    without_term = row_for(DeadlineKind.MOE_PROGRESS, given.contract.ccag) is None
    if final or without_term or previous.frame is Frame.A10 or has_lapsed(given.file, TaskKind.ETAT_ACOMPTE, previous):
        return
    raise ActImpossible(
        "La pièce précédente est encore chez la MOE, dont le délai n'est pas écoulé : attendez son état d'acompte ou "
        "la fin du délai.",
        previous.status.value,
    )


def _sous_traitant_is_paid_directly(given: Candidate) -> None:
    """Rule 1: only a sous-traitant admitted to direct payment deposits a request (CCP R2193-10)."""
    if given.new.frame is not Frame.A10:
        return
    party = given.contract.sous_traitant(given.new.depositor.id)
    if party is None or not party.direct_payment:
        raise Forbidden(
            "Ce sous-traitant n'est pas admis au paiement direct sur ce marché : la MOA doit d'abord l'accepter et "
            "agréer ses conditions de paiement."
        )


def _tacit_procedure_is_open(given: Candidate) -> None:
    """Rules 7, 10 and 22: when the signed draft of the tacit procedure (A22) is admitted (CCAG Travaux 12.4.4)."""
    if given.new.frame is not Frame.A22:
        return
    if row_for(DeadlineKind.TACIT_MOA, given.contract.ccag) is None:
        raise ActImpossible("Le CCAG de ce marché ne connaît pas de décompte général tacite.")
    root = account_root(given.file)
    if root is None or is_ex_officio(root) or root.moa_received_at is None or _never_reached_moe(given, root):
        raise ActImpossible("La procédure tacite suppose un projet de décompte final reçu par la MOE et par la MOA.")
    tacit_needs_reception(root, given.contract)
    if given.file.last(*GENERAL) is not None:
        raise ActImpossible("Le décompte général a été notifié : répondez-y (A8, ou refus motivé).")
    if not has_lapsed_since(given.file, TaskKind.DECOMPTE_GENERAL, root):
        due = next((task.due for task in given.file.tasks_on(root.id, TaskKind.DECOMPTE_GENERAL) if task.due), None)
        until = f" (jusqu'au {last_day(due):%d/%m/%Y} inclus)" if due and due > given.at else ""
        raise ActImpossible(f"La MOA a encore le temps de notifier le décompte général{until}.")
    if not given.new.copy_to_moe and given.contract.moe is not None:
        raise InvalidRequest("La copie du projet de décompte général à la MOE est obligatoire.", "copieMOE")


def tacit_needs_reception(root: Paper, contract: WorksContract) -> None:
    """Rule 22: no tacit account without a recorded reception and a final draft notified after it (CE, n° 437983)."""
    if contract.reception_notified_on is None:
        raise ActImpossible(
            "La réception de ce marché n'est pas inscrite : sans elle aucun délai ne court vers un décompte tacite. "
            "Demandez à la MOA de l'inscrire, puis notifiez de nouveau un projet de décompte final (A7)."
        )
    if not follows_reception(root, contract):
        raise ActImpossible(f"Notifiez de nouveau un projet de décompte final (A7). {PREMATURE}")


def _never_reached_moe(given: Candidate, root: Paper) -> bool:
    return given.contract.moe is not None and root.moe_received_at is None


def has_lapsed_since(file: BillingFile, kind: TaskKind, root: Paper) -> bool:
    """Whether the deadline of ``kind`` on ``root`` passed in silence."""
    return any(task.lapsed_at is not None for task in file.tasks_on(root.id, kind))


def _answer_to_tacit_is_in_time(given: Candidate) -> None:
    """Rule 7: a general account within the ten days ends the tacit route; one after them is refused."""
    if given.step.code != "T2" or given.previous is None:
        return
    if has_lapsed(given.file, TaskKind.REPONSE_TACITE, given.previous):
        raise ActImpossible(
            "Les dix jours sont passés : le projet A22 est devenu le décompte général et définitif. Déposez un A25.",
            given.previous.status.value,
        )


def _silence_has_spoken(given: Candidate) -> None:
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


def _general_account_after_tacit(given: Candidate) -> None:
    """Rule 7: while an A22 is pending, the general account answers it and nothing else."""
    if given.new.frame in (Frame.A20, Frame.A18) and given.step.code == "F3":
        pending = given.file.last(Frame.A22)
        if pending is not None and pending.is_with_addressee:
            raise InvalidRequest(
                f"Un projet A22 est en cours : associez le décompte général à la pièce {pending.id}.",
                "idPiecePrecedente",
            )


def _late_signature(given: Candidate) -> None:
    """Rule 8: after silence, only a signature without reserves is still taken."""
    if given.new.frame is not Frame.A8 or given.previous is None or given.new.claim is None:
        return
    if has_lapsed(given.file, TaskKind.REPONSE_AU_DECOMPTE, given.previous):
        raise ActImpossible(
            "Le décompte général est réputé accepté : il ne peut plus être signé avec des réserves.",
            given.previous.status.value,
        )


def _index_is_published(given: Candidate) -> None:
    """Rule 7: a further A19 after the final account is the revision of its prices, once its index is known."""
    if given.step.code != "R" or given.previous is None or admitted_left(given.file, given.previous) > 0:
        return
    owed = given.file.tasks_on(given.previous.id, TaskKind.REVISION_DES_PRIX)
    if not any(task.is_open for task in owed):
        raise ActImpossible(
            f"{ACCOUNT_IS_DEFINITIVE} Indiquez d'abord le jour de publication de l'index (acte PUBLIER_INDEX).",
            given.previous.status.value,
        )


ACCOUNT_IS_DEFINITIVE = "Le décompte est définitif : seule la révision des prix peut encore être payée."


def definitive_since(account: BillingFile) -> tuple[Paper, datetime] | None:
    """The paper that makes the account of a contract definitive, and since when; None as long as nothing does.

    A signed or tacit account, though the payer rejected it; or one that silence has made definitive already.
    """
    for paper in account.papers:
        if paper.frame in FINAL_ACCOUNTS and paper.status not in GIVEN_UP:
            return paper, paper.deposited_at
        kind = TaskKind.REPONSE_TACITE if paper.frame is Frame.A22 else TaskKind.REPONSE_AU_DECOMPTE
        lapsed = [task.lapsed_at for task in account.tasks_on(paper.id, kind) if task.lapsed_at]
        if lapsed and is_current(paper):
            return paper, lapsed[-1]
    return None


def account_is_open(given: Candidate) -> None:
    """Rule 18: once the account is definitive no progress payment is asked for or ordered any more (CCAG 12.4).

    The direct payment of a sous-traitant who asked in time still is, and what the payer rejected is issued again.
    """
    closed = definitive_since(given.new.account) if given.new.account else None
    if closed is None or given.step.chain is not Chain.PROGRESS:
        return
    paper, since = closed
    old = given.file.paper(given.new.replaces_id) if given.new.replaces_id else None
    if old is not None and old.status is Status.REJETEE:
        _not_above(given, old)
        return
    request = _sous_traitants_request(given)
    if request is not None and request.deposited_at <= since:
        return
    raise ActImpossible(f"{ACCOUNT_IS_DEFINITIVE} Pièce {paper.number} ({paper.frame.name}).", paper.status.value)


def _admitted_sums(given: Candidate) -> None:
    """Rule 23: an A19 on an account pays at most what is admitted of it or of its claim (CCAG Travaux 12.4.3, 55.1)."""
    if given.step.code not in ("C", "R") or given.previous is None:
        return
    old = given.file.paper(given.new.replaces_id) if given.new.replaces_id else None
    if old is not None:
        _not_above(given, old)
        return
    _none_to_issue_again(given, given.previous)
    if given.step.code == "C" and given.previous.status is not Status.REFUSEE_FOURNISSEUR:
        raise ActImpossible(
            "Un A19 sur un décompte général paie les sommes admises d'un décompte refusé : celui-ci ne l'est pas.",
            given.previous.status.value,
        )
    left = admitted_left(given.file, given.previous)
    if given.step.code == "C" and left <= 0:
        raise ActImpossible(
            "Les sommes admises de ce décompte sont payées : répondez à la réclamation pour en accorder d'autres.",
            given.previous.status.value,
        )
    if 0 < left < given.new.amounts.gross:
        raise InvalidRequest(
            f"Il reste {euros(left)} TTC d'admis sur {given.previous.number} : la pièce ne peut pas dépasser ce "
            "montant.",
            "montantTtcTotal",
        )


def _not_above(given: Candidate, old: Paper) -> None:
    if given.new.amounts.gross > old.amounts.gross:
        raise InvalidRequest(
            f"La pièce qui remplace {old.number} ne peut pas la dépasser ({euros(old.amounts.gross)} TTC).",
            "montantTtcTotal",
        )


def _none_to_issue_again(given: Candidate, account: Paper) -> None:
    """What the payer rejected is issued again, not paid a second time by another paper."""
    for paper in given.file.papers:
        rejected = paper.previous_id == account.id and paper.frame is Frame.A19 and paper.status is Status.REJETEE
        if rejected and paper.on_claim is pays_a_claim(given.file, account):
            raise ActImpossible(
                f"La pièce {paper.number}, que le service financier a rejetée, attend d'être émise de nouveau "
                f"(idPieceRemplacee : {paper.id}).",
                paper.status.value,
            )


def _ex_officio_after_notice(given: Candidate) -> None:
    """Rules 6 and 23: the account is drawn up ex officio only once a formal notice ran out (CCAG Travaux 12.3.4)."""
    opens = given.step.code in ("F2", "F3") and given.previous is None and given.new.replaces_id is None
    if not opens or given.file.clock_starts is None or account_root(given.file) is not None:
        return
    notices = [note.until for note in given.file.notes if note.kind == FORMAL_NOTICE and note.until]
    if not notices:
        raise ActImpossible(
            "Le titulaire n'a pas remis de projet de décompte final : mettez-le d'abord en demeure "
            "(POST /chorale/v1/marches/{id}/mise-en-demeure), une fois son délai passé."
        )
    if given.at < notices[-1]:
        raise ActImpossible(
            f"La mise en demeure court jusqu'au {last_day(notices[-1]):%d/%m/%Y} inclus : le décompte s'établit "
            "d'office ensuite."
        )


def _amounts(given: Candidate) -> None:
    """Rules 13 and 28: the amounts are those of the period, in euros and cents, below a thousand billion."""
    amounts = given.new.amounts
    claimed = (given.new.claim.amount,) if given.new.claim else ()
    for amount in (amounts.net, amounts.gross, *claimed, *(part.amount for part in given.new.parts)):
        check_amount(amount)
    if amounts.gross < amounts.net and amounts.net >= 0:
        raise InvalidRequest("Le montant TTC est inférieur au montant HT.", "montantTtcTotal")
    if given.new.frame is Frame.A10 and amounts.gross <= 0:
        raise InvalidRequest("Une demande de paiement porte sur un montant positif.", "montantTtcTotal")


def figures_agree(given: Candidate) -> None:
    """Rule 29: the figures beside the PDF agree with each other and with the amount of the period."""
    if given.new.figures is not None:
        check_figures(given.new.figures, given.new.amounts.net)


def declared_day(given: Candidate) -> None:
    """Rule 28: the day of availability to the MOE is said by the contractor or the MOE, never by the debtor alone.

    It lies between the start of the contract and today (CCP R2192-12).
    """
    day, contract = given.new.available_to_moe_on, given.contract
    if day is None:
        return
    if PartyRole.MOA in contract.roles_of(given.new.depositor.id) or given.step.actors == MOA:
        raise InvalidRequest(
            "La date de mise à disposition de la MOE est déclarée par l'entreprise ou par la MOE : la MOA, qui doit le "
            "paiement, ne la fixe pas seule.",
            "dateMiseADispositionMOE",
        )
    started = contract.started_on or day
    if not started <= day <= paris_day(given.at):
        raise InvalidRequest(
            f"La date de mise à disposition de la MOE ({day:%d/%m/%Y}) est dans l'avenir ou avant le début du marché.",
            "dateMiseADispositionMOE",
        )


def _replaced_paper(given: Candidate) -> None:
    """D2: a refused paper is issued again by its own depositor, in the same frame."""
    if given.new.replaces_id is None:
        return
    old = given.file.paper(given.new.replaces_id)
    holder = (old.successor or old.depositor) if old else None
    if old is None or holder is None or holder.id != given.new.depositor.id or old.frame is not given.new.frame:
        raise InvalidRequest(
            "La pièce remplacée doit être une pièce refusée de votre structure, de même cadre, dans ce dossier.",
            "idPieceRemplacee",
        )
    paper_act(old, PaperAct.DUPLICATE)


def addressees_are_the_contracts(given: Candidate) -> None:
    """Rule 14: MOE, MOA, validator and payer are who the contract says (CCP R2193-11 to -14; CCAG Travaux 12.5)."""
    new, contract = given.new, given.contract
    moe_of(contract, new.moe)
    moa_of(contract, new.moa)
    if given.step.lands is Addressee.PAYER:
        payer_of(contract, new.payer)
    if given.step.validation is not None:
        validator_of(contract, new.frame, new.depositor.id, new.validator)


def one_account(given: Candidate) -> None:
    """Rule 18: one current final draft, one general draft, one general account, one end per contract (CCAG 12.4)."""
    if given.step.chain is not Chain.FINAL:
        return
    other = rival(given.file, given.contract, given.new.frame)
    if other is not None and other.id != given.new.replaces_id:
        raise ActImpossible(
            f"Le marché a déjà la pièce {other.number} ({other.frame.name}, n° {other.id}, {other.status.value}) : il "
            f"n'a qu'un décompte, une autre pièce {given.new.frame.name} est refusée tant que celle-ci n'est ni "
            "refusée, ni remplacée, ni abandonnée.",
            other.status.value,
        )


def _refused_account_is_not_paid(given: Candidate) -> None:
    """Rule 18: a general account on whose refusal sums were paid is not notified a second time."""
    if given.new.frame not in GENERAL:
        return
    paid = next(
        (
            one
            for one in given.file.papers
            if one.frame is Frame.A19 and one.previous_frame in GENERAL and is_current(one)
        ),
        None,
    )
    if paid is not None:
        raise ActImpossible(
            f"Les sommes admises du décompte général refusé ont été payées par la pièce {paid.number} : un autre "
            "décompte général les paierait une seconde fois.",
            paid.status.value,
        )


def _account_follows_its_draft(given: Candidate) -> None:
    """Rule 18: while a draft waits, the next paper of the account is associated to it."""
    if given.step.code not in ("F2", "F3") or given.new.replaces_id is not None:
        return
    waiting = waiting_drafts(given.file)
    first = waiting[0] if waiting else None
    on_group = first is not None and first.frame is Frame.A14
    if first is None or (given.previous is not None and (given.previous.id == first.id or on_group)):
        return
    if given.new.frame is Frame.A17 and first.frame is Frame.A17:
        return
    raise InvalidRequest(
        f"La pièce {first.number} ({first.frame.name}) attend : associez-lui le décompte (idPiecePrecedente : "
        f"{first.id}).",
        "idPiecePrecedente",
    )


def signed_account_is_the_account(given: Candidate) -> None:
    """Rule 19: A8 is its general account, A22 its final draft, A23 to A25 what they confirm (CCAG 12.4.3, 12.4.4)."""
    root = account_root(given.file) if given.new.frame is Frame.A22 else None
    bound = root or bound_to(given.file, given.new.frame, given.previous)
    if bound is None or bound.amounts == given.new.amounts:
        return
    seen, wanted = given.new.amounts, bound.amounts
    raise InvalidRequest(
        f"Une pièce {given.new.frame.name} reprend le décompte {bound.number} ({bound.frame.name}) : "
        f"{euros(wanted.net)} HT et {euros(wanted.gross)} TTC, et non {euros(seen.net)} HT et {euros(seen.gross)} TTC. "
        "Ce que vous réclamez en plus va dans les réserves.",
        "montantTtcTotal",
    )


def _at_most_what_was_accepted(given: Candidate) -> None:
    """Rule 17: what is paid on a sous-traitant's request is at most what was accepted of it (CCP R2193-12)."""
    request = _sous_traitants_request(given)
    if request is None or given.new.amounts.gross <= accepted_of(request):
        return
    raise InvalidRequest(
        f"La demande {request.number} de {request.depositor.name} a été acceptée pour "
        f"{euros(accepted_of(request))} TTC : la pièce {given.new.frame.name} ne peut pas la dépasser "
        f"({euros(given.new.amounts.gross)} TTC).",
        "montantTtcTotal",
    )


def _sous_traitants_request(given: Candidate) -> Paper | None:
    """The request (A10) that the paper comes after, directly or not."""
    request = given.previous
    while request is not None and request.frame is not Frame.A10:
        request = given.file.paper(request.previous_id) if request.previous_id else None
    return request


def excess_is_meant(given: Candidate) -> None:
    """Rule 3: an A6 is at most what it follows; an order above it is confirmed by who writes it."""
    new = given.new
    demand_what_was_stated(new.frame, new.amounts, given.previous)
    demand_confirmation(new.frame, new.amounts, given.previous, confirmed=new.excess_confirmed)


def _requests_are_free(given: Candidate) -> None:
    """Rule 1: what comes with a paper is a validated request of a sous-traitant that comes with no other."""
    if given.new.requests and given.new.frame not in (Frame.A4, Frame.A5, Frame.A13):
        raise InvalidRequest(
            "Les demandes des sous-traitants se joignent à un projet de décompte (A4, A5 ou A13).",
            "listeDemandesJointes",
        )
    for request in given.new.requests:
        if not is_free_request(request):
            raise InvalidRequest(
                f"La pièce {request.id} n'est pas une demande de sous-traitant validée et libre : elle ne se joint "
                "pas.",
                "listeDemandesJointes",
            )


def is_free_request(request: Paper) -> bool:
    """Whether a sous-traitant's request is validated, and comes with no other paper."""
    return (
        request.frame is Frame.A10
        and request.agreed_at is not None
        and request.attached_to is None
        and request.is_with_addressee
    )


GUARDS: tuple[Callable[[Candidate], None], ...] = (
    contract_is_accepted,
    _depositor_has_the_role,
    addressees_are_the_contracts,
    _agreed_frame,
    account_is_open,
    _moe_outside,
    _sous_traitant_is_paid_directly,
    _amounts,
    declared_day,
    figures_agree,
    _replaced_paper,
    _general_account_after_tacit,
    _tacit_procedure_is_open,
    _answer_to_tacit_is_in_time,
    _silence_has_spoken,
    _late_signature,
    _index_is_published,
    _admitted_sums,
    one_account,
    _ex_officio_after_notice,
    _refused_account_is_not_paid,
    _account_follows_its_draft,
    signed_account_is_the_account,
    _requests_are_free,
    _at_most_what_was_accepted,
    _has_the_previous,
    excess_is_meant,
)
