"""What the actors do to a paper of a billing file: each act is one function of the file, and returns the next file.

The table of ``paper_acts`` says whether the act is possible; these functions say what else it does: who reads it next,
which clocks it starts, what the history keeps. Overdue silences take effect first, so that an act after a deadline is
an act after a silence.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from chorale.domain.dates import PARIS, paris_day, utc
from chorale.domain.deadlines import DeadlineKind, row_for
from chorale.domain.errors import ActImpossible, Forbidden, InvalidRequest
from chorale.domain.filing import ServiceRef, StructureRef
from chorale.domain.frames import Frame
from chorale.domain.payment_clock import interrupt_clock, pay_clock, resume_clock
from chorale.domain.statuses import Status
from chorale.domain.transitions import COMMENT_MAX_LENGTH, REASON_MAX_LENGTH
from chorale.domain.works.chain import FINAL_ACCOUNTS, Addressee
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.file import BillingFile, Note
from chorale.domain.works.motives import paper_motive
from chorale.domain.works.owed import CLAIM_ANSWERED, INDEX_PUBLISHED, Rules, reconcile
from chorale.domain.works.paper_acts import PaperAct, PaperPart, PaperTransition, paper_act, parts_of, rows_for
from chorale.domain.works.papers import Claim, Paper
from chorale.domain.works.routing import after_validation, clock_behind, landed, with_clocks
from chorale.domain.works.silence import run_clock
from chorale.domain.works.tasks import TaskKind


@dataclass(frozen=True, slots=True)
class By:
    """Who acts: the account, and the structure in whose name."""

    login: str
    structure: StructureRef


@dataclass(frozen=True, slots=True)
class Context:
    """What every act needs besides the file."""

    contract: WorksContract
    by: By
    at: datetime
    rules: Rules


def _begin(file: BillingFile, paper_id: int, context: Context) -> tuple[BillingFile, Paper]:
    file = run_clock(file, context.contract, context.at, context.rules)
    paper = file.paper(paper_id)
    assert paper is not None
    return file, paper


def _end(file: BillingFile, context: Context) -> BillingFile:
    return reconcile(file, context.contract, context.at, context.rules)


def _demand_part(paper: Paper, row: PaperTransition, by: By) -> None:
    if row.part not in parts_of(paper, by.structure.id):
        raise Forbidden(
            f"Cette action revient à : {row.part.value}. Votre structure {by.structure.identifier} n'a pas ce rôle "
            f"pour la pièce {paper.number}."
        )


def _check_text(text: str, needed: bool, field: str, longest: int = REASON_MAX_LENGTH) -> str:
    text = text.strip()
    if needed and not text:
        raise InvalidRequest("Un motif est obligatoire : dites ce qui ne va pas et ce qu'il faut changer.", field)
    if len(text) > longest:
        raise InvalidRequest(f"Le texte dépasse {longest} caractères.", field)
    return text


def _simple(
    file: BillingFile,
    paper_id: int,
    act: PaperAct,
    context: Context,
    reason: str = "",
    longest: int = REASON_MAX_LENGTH,
    change: Callable[[Paper], Paper] = lambda paper: paper,
) -> BillingFile:
    """An act that only gives the status of its row."""
    file, paper = _begin(file, paper_id, context)
    row = paper_act(paper, act)
    _demand_part(paper, row, context.by)
    text = _check_text(reason, row.needs_reason, "motif", longest)
    assert row.target is not None
    return _end(file.with_paper(change(paper).at(row.target, context.at, context.by.login, text)), context)


# Validators


def agree(
    file: BillingFile, paper_id: int, context: Context, accepted: Decimal | None = None, reason: str = ""
) -> BillingFile:
    """A validator accepts a request, whole or in part (rule 1).

    ``accepted`` is an amount with tax, in euros; None for the whole. With a ``reason`` the rest is refused; without one
    it stays open, and silence accepts it at the deadline.
    """
    file, paper = _begin(file, paper_id, context)
    row = paper_act(paper, PaperAct.AGREE)
    _demand_part(paper, row, context.by)
    text = _check_text(reason, False, "complementInfo")
    accepted = _accepted(paper, accepted)
    if accepted < paper.amounts.gross and not text and paper.frame is Frame.A10:
        note = Note(
            context.at, context.by.login, "ACCEPTATION_PARTIELLE",
            f"{accepted} EUR TTC acceptés ; le reste est accepté à l'échéance s'il n'est pas refusé.", paper.id,
            context.by.structure,
        )  # fmt: skip
        return _end(file.with_paper(replace(paper, accepted=accepted)).with_note(note), context)
    assert row.target is not None
    refused = text if accepted < paper.amounts.gross else ""
    paper = replace(paper, accepted=accepted, refused_reason=refused or paper.refused_reason)
    paper = paper.at(row.target, context.at, context.by.login, text)
    paper = after_validation(paper, context.contract, context.at)
    return _end(with_clocks(file.with_paper(paper), paper, context.contract), context)


def _accepted(paper: Paper, accepted: Decimal | None) -> Decimal:
    asked = paper.amounts.gross
    if accepted is None:
        return asked
    if not 0 < accepted <= asked:
        raise InvalidRequest(
            f"Le montant accepté doit être compris entre 0,01 et {asked} EUR TTC : pour ne rien accepter, refusez la "
            "demande.",
            "montantAccepte",
        )
    return accepted


def refuse_agreement(file: BillingFile, paper_id: int, context: Context, motive: str, more: str = "") -> BillingFile:
    """A validator refuses, or says that it is not the right one. A refusal after the deadline is void (R2193-13)."""
    file, paper = _begin(file, paper_id, context)
    parts = parts_of(paper, context.by.structure.id)
    chosen, text = paper_motive(motive, parts & {PaperPart.FIRST_VALIDATOR, PaperPart.SECOND_VALIDATOR})
    act = PaperAct.DISOWN if chosen.act is PaperAct.DISOWN else PaperAct.REFUSE_AGREEMENT
    reason = " : ".join(part for part in (chosen.label, " ".join(filter(None, (text, more.strip())))) if part)
    return _simple(file, paper_id, act, context, reason, change=lambda paper: replace(paper, refused_reason=reason))


def name_validator(file: BillingFile, paper_id: int, context: Context, validator: StructureRef) -> BillingFile:
    """The depositor corrects a wrong validator; the days start again at the right one (D1)."""
    file, paper = _begin(file, paper_id, context)
    row = paper_act(paper, PaperAct.NAME_VALIDATOR)
    _demand_part(paper, row, context.by)
    if validator.id == paper.depositor.id:
        raise InvalidRequest(
            "Le déposant ne peut pas valider sa propre pièce : indiquez un autre valideur.", "valideur"
        )
    assert row.target is not None
    first = row.target is Status.A_VALIDER_1
    named = replace(paper, validator=validator) if first else replace(paper, second_validator=validator)
    named = replace(named, available_at=context.at).at(row.target, context.at, context.by.login)
    return _end(file.with_paper(named), context)


# MOE, MOA, contractor


def take(file: BillingFile, paper_id: int, context: Context) -> BillingFile:
    """The MOE or the MOA takes a paper into account."""
    return _simple(file, paper_id, PaperAct.TAKE, context)


def ask_completion(file: BillingFile, paper_id: int, context: Context, reason: str) -> BillingFile:
    """Whoever has the paper asks its depositor for what is missing; no payment clock stops for that (D3)."""
    return _simple(file, paper_id, PaperAct.ASK_COMPLETION, context, reason)


def complete(
    file: BillingFile, paper_id: int, context: Context, comment: str = "", attachments: tuple[int, ...] = ()
) -> BillingFile:
    """The depositor completes a paper; whoever had it has it again."""
    return _simple(
        file, paper_id, PaperAct.COMPLETE, context, comment, COMMENT_MAX_LENGTH,
        lambda paper: replace(paper, attachments=(*paper.attachments, *attachments), comment=comment or paper.comment),
    )  # fmt: skip


def refuse(
    file: BillingFile, paper_id: int, context: Context, motive: str, more: str = "", claim: Claim | None = None
) -> BillingFile:
    """The MOE, the MOA or the contractor refuses a paper, for a motive of the list and never for its amount (rule 3).

    A contractor refuses a general account with motives and a claimed amount, else it accepts it (rule 8).
    """
    file, paper = _begin(file, paper_id, context)
    parts = parts_of(paper, context.by.structure.id)
    sides = parts & {PaperPart.MOE, PaperPart.MOA, PaperPart.CONTRACTOR}
    sides = frozenset(row.part for row in rows_for(paper) if row.part in sides) or sides
    chosen, text = paper_motive(motive, sides)
    if chosen.act is PaperAct.WRONG_ADDRESSEE:
        return _simple(file, paper_id, PaperAct.WRONG_ADDRESSEE, context, more.strip() or chosen.label)
    if paper.addressee is Addressee.CONTRACTOR and (claim is None or claim.amount <= 0 or not claim.motives.strip()):
        raise InvalidRequest(
            "Le refus d'un décompte général indique les motifs et le montant réclamé : sans eux il vaudrait "
            "acceptation (CCAG Travaux 12.4.3).",
            "montantReclame",
        )
    reason = " : ".join(part for part in (chosen.label, " ".join(filter(None, (text, more.strip())))) if part)
    return _simple(file, paper_id, PaperAct.REFUSE, context, reason, change=lambda one: replace(one, claim=claim))


def say_wrong_addressee(file: BillingFile, paper_id: int, context: Context, more: str = "") -> BillingFile:
    """The MOE or the MOA says that the paper is not for it; its depositor corrects (D1)."""
    return _simple(file, paper_id, PaperAct.WRONG_ADDRESSEE, context, more)


def ask_recycling(file: BillingFile, paper_id: int, context: Context, reason: str) -> BillingFile:
    """Whoever has the paper asks the actor before it to correct where it goes (D1)."""
    return _simple(file, paper_id, PaperAct.ASK_RECYCLING, context, reason)


@dataclass(frozen=True, slots=True)
class NewRoute:
    """What a depositor corrects when it recycles a paper; None leaves a field as it was."""

    moe: StructureRef | None = None
    moa: StructureRef | None = None
    payer: StructureRef | None = None
    payer_service: ServiceRef | None = None
    commitment: str | None = None


def recycle(file: BillingFile, paper_id: int, context: Context, route: NewRoute, comment: str = "") -> BillingFile:
    """The depositor sends a paper on to the right addressee: deadlines and payment clock start again there (D1)."""
    file, paper = _begin(file, paper_id, context)
    row = paper_act(paper, PaperAct.RECYCLE)
    _demand_part(paper, row, context.by)
    text = _check_text(comment, False, "commentaire", COMMENT_MAX_LENGTH)
    wrong = {Status.ERREUR_DE_MOE: (paper.moe, route.moe), Status.ERREUR_DE_MOA: (paper.moa, route.moa)}
    old, new = wrong.get(paper.status, (None, None))
    if paper.status in wrong and (new is None or (old is not None and new.id == old.id)):
        raise InvalidRequest(
            "Indiquez un autre destinataire que celui qui n'est pas le bon.", "identifiantDestinataire"
        )
    sent = replace(
        paper,
        moe=route.moe or paper.moe,
        moa=route.moa or paper.moa,
        payer=route.payer or paper.payer,
        payer_service=route.payer_service or paper.payer_service,
        commitment=paper.commitment if route.commitment is None else route.commitment,
    ).at(Status.DEPOSEE, context.at, context.by.login, text)
    receipts = paper.moe_received_at, paper.moa_received_at
    sent = landed(sent, context.at)
    # Who was right already keeps its receipt: correcting one moves only that one (rule 6).
    if paper.status is Status.ERREUR_DE_MOE and route.moa is None and receipts[1]:
        sent = replace(sent, moa_received_at=receipts[1])
    if paper.status is Status.ERREUR_DE_MOA and route.moe is None and receipts[0]:
        sent = replace(sent, moe_received_at=receipts[0])
    members = tuple(sorted({*file.members, *(ref.id for ref in (sent.moe, sent.moa, sent.payer) if ref)}))
    file = replace(file.with_paper(sent), members=members)
    return _end(with_clocks(file, sent, context.contract), context)


def pass_on(file: BillingFile, paper_id: int, context: Context) -> BillingFile:
    """The MOE passes a paper on to the MOA without one of its own."""
    file, paper = _begin(file, paper_id, context)
    row = paper_act(paper, PaperAct.PASS_ON)
    _demand_part(paper, row, context.by)
    if paper.moa is None:
        raise ActImpossible("Aucune MOA n'est désignée sur cette pièce.", paper.status.value)
    paper = paper.at(Status.TRANSMISE_MOA, context.at, context.by.login)
    paper = replace(paper, available_at=context.at, moa_received_at=paper.moa_received_at or context.at)
    paper = paper.at(Status.MISE_A_DISPOSITION_MOA, context.at, "SYSTEME")
    return _end(file.with_paper(paper), context)


def abandon(file: BillingFile, paper_id: int, context: Context, reason: str = "") -> BillingFile:
    """The depositor gives a paper up."""
    return _simple(file, paper_id, PaperAct.ABANDON, context, reason)


# Notes


def object_to(file: BillingFile, paper_id: int, context: Context, text: str) -> BillingFile:
    """The contractor objects to an amount that the MOE wrote: information only, nothing stops (W3')."""
    file, paper = _begin(file, paper_id, context)
    if context.by.structure.id != context.contract.presenter.id:
        raise Forbidden("Seul le titulaire ou le mandataire du marché peut formuler une observation.")
    if paper.frame not in (Frame.A15, Frame.A16, Frame.A19):
        raise ActImpossible("Une observation porte sur un état d'acompte (A15, A16 ou A19).", paper.status.value)
    text = _check_text(text, True, "observation", COMMENT_MAX_LENGTH)
    note = Note(context.at, context.by.login, "OBSERVATION", text, paper.id, context.by.structure)
    return _end(file.with_note(note), context)


def give_formal_notice(file: BillingFile, context: Context, text: str) -> BillingFile:
    """The MOE or the MOA gives the contractor formal notice to present its final draft (CCAG Travaux 12.3.4)."""
    file = run_clock(file, context.contract, context.at, context.rules)
    contract = context.contract
    if context.by.structure.id not in {contract.moa.id, (contract.moe or contract.moa).id}:
        raise Forbidden("La mise en demeure revient à la MOE ou à la MOA.")
    if not any(task.is_open and task.paper_id is None and task.lapsed_at for task in file.tasks):
        raise ActImpossible("Le délai de remise du projet de décompte final n'est pas écoulé.")
    text = _check_text(text, True, "texte", COMMENT_MAX_LENGTH)
    return _end(
        file.with_note(Note(context.at, context.by.login, "MISE_EN_DEMEURE", text, None, context.by.structure)),
        context,
    )


def announce_index(file: BillingFile, paper_id: int, context: Context, published_on: date | None) -> BillingFile:
    """The last index of the balance was published: the MOA owes the revision of prices (rule 7; CCAG Travaux 12.4.2).

    The contractor, the MOE or the MOA says it of the final account; the ten days run from ``published_on``.
    """
    file, paper = _begin(file, paper_id, context)
    contract = context.contract
    if context.by.structure.id not in {contract.presenter.id, contract.moa.id, (contract.moe or contract.moa).id}:
        raise Forbidden("La publication de l'index est indiquée par le titulaire ou mandataire, la MOE ou la MOA.")
    if paper.frame not in FINAL_ACCOUNTS:
        raise ActImpossible(
            "La révision des prix du solde suit un décompte général et définitif (A8, A23, A24 ou A25).",
            paper.status.value,
        )
    if row_for(DeadlineKind.PRICE_REVISION, contract.ccag) is None:
        raise ActImpossible("Le marché n'a pas de CCAG : la révision des prix suit ses propres clauses.")
    if any(task.is_open for task in file.tasks_on(paper.id, TaskKind.REVISION_DES_PRIX)):
        raise ActImpossible("La révision des prix est déjà attendue de la MOA.", paper.status.value)
    if published_on is None or published_on > paris_day(context.at):
        raise InvalidRequest(
            "Indiquez le jour de publication de l'index, au plus tard aujourd'hui.", "datePublicationIndex"
        )
    if published_on < paris_day(paper.deposited_at):
        raise InvalidRequest(
            "L'index était connu quand le décompte est devenu définitif : il n'y a pas de révision à notifier.",
            "datePublicationIndex",
        )
    # Noon: the days are counted from the next one.
    at = utc(datetime.combine(published_on, time(12), PARIS))
    text = f"Index publié le {published_on:%d/%m/%Y} : la MOA notifie la révision des prix dans les dix jours."
    return _end(
        file.with_note(Note(at, context.by.login, INDEX_PUBLISHED, text, paper.id, context.by.structure)), context
    )


# Payment


PAYERS_ORDER = frozenset(
    {Status.MANDATEE, Status.MISE_A_DISPOSITION_COMPTABLE, Status.COMPTABILISEE, Status.MISE_EN_PAIEMENT}
)
"""From here on the payment is ordered: its delay is not interrupted any more (rule 4)."""


def interrupt_payment(
    file: BillingFile, paper_id: int, context: Context, reason: str, missing: tuple[str, ...]
) -> BillingFile:
    """The MOA or the payer stops the payment delay, once, with the reasons and what is missing (CCP R2192-27)."""
    file, paper = _begin(file, paper_id, context)
    if context.by.structure.id not in {context.contract.moa.id, context.contract.payer.id, *_named_payers(file)}:
        raise Forbidden("Seuls la MOA et le service financier peuvent interrompre le délai de paiement, jamais la MOE.")
    found = clock_behind(file, paper)
    if found is None:
        raise ActImpossible("Aucun délai de paiement ne court pour cette pièce.", paper.status.value)
    root, clock = found
    if any(one.status in PAYERS_ORDER for one in file.papers if _runs_for(file, root, one)):
        raise ActImpossible("Le paiement est ordonnancé : son délai ne s'interrompt plus.", paper.status.value)
    text = _check_text(reason, True, "motif", COMMENT_MAX_LENGTH)
    if not missing:
        raise InvalidRequest("Indiquez les pièces ou informations qui manquent.", "piecesManquantes")
    file = file.with_clock(root, interrupt_clock(clock, context.at, text, missing))
    note = f"Délai de paiement interrompu : {text} Manquent : {', '.join(missing)}."
    return _end(
        file.with_note(Note(context.at, context.by.login, "INTERRUPTION", note, paper.id, context.by.structure)),
        context,
    )


def _runs_for(file: BillingFile, root: int, paper: Paper) -> bool:
    """Whether the payment clock that the paper ``root`` started is that of ``paper``."""
    found = clock_behind(file, paper)
    return found is not None and found[0] == root


def _named_payers(file: BillingFile) -> frozenset[int]:
    return frozenset(paper.payer.id for paper in file.papers if paper.payer)


def resume_payment(file: BillingFile, paper_id: int, context: Context) -> BillingFile:
    """All that was missing is there: the delay runs again, thirty days or what was left if more (R2192-28, -29)."""
    file, paper = _begin(file, paper_id, context)
    if context.by.structure.id not in {context.contract.moa.id, context.contract.payer.id, *_named_payers(file)}:
        raise Forbidden("Seuls la MOA et le service financier constatent que les pièces manquantes sont reçues.")
    found = clock_behind(file, paper)
    if found is None:
        raise ActImpossible("Aucun délai de paiement ne court pour cette pièce.", paper.status.value)
    root, clock = found
    file = file.with_clock(root, resume_clock(clock, context.at))
    note = Note(context.at, context.by.login, "REPRISE", "Délai de paiement repris.", paper.id, context.by.structure)
    return _end(file.with_note(note), context)


def follow_payer(
    file: BillingFile, paper_id: int, contract: WorksContract, status: Status, at: datetime, by: str, reason: str,
    rules: Rules,
) -> BillingFile:  # fmt: skip
    """``file`` after the payer gave its paper another status in the received invoices (W4).

    A suspension interrupts the delay if nothing has yet; a completion resumes it; payment ends it.
    """
    file = run_clock(file, contract, at, rules)
    paper = file.paper(paper_id)
    assert paper is not None
    file = file.with_paper(paper.at(status, at, by, reason))
    found = clock_behind(file, paper)
    if found is None:
        return reconcile(file, contract, at, rules)
    root, clock = found
    if status is Status.SUSPENDUE and clock.can_be_interrupted and not clock.has_run_out(at):
        # What is missing is said in the payer's motive: that operation has no list.
        clock = interrupt_clock(clock, at, reason, (reason,) if reason else ())
    elif status is Status.COMPLETEE and clock.is_interrupted:
        clock = resume_clock(clock, at)
    elif status is Status.MISE_EN_PAIEMENT:
        clock = pay_clock(clock, at)
    return reconcile(file.with_clock(root, clock), contract, at, rules)


def answer_claim(file: BillingFile, paper_id: int, context: Context, text: str) -> BillingFile:
    """The MOA answers the contractor's claim within thirty days; silence would reject it (CCAG Travaux 55.1)."""
    file, paper = _begin(file, paper_id, context)
    if context.by.structure.id != context.contract.moa.id:
        raise Forbidden("La réponse à une réclamation revient à la MOA.")
    if paper.claim is None:
        raise ActImpossible("Cette pièce ne porte pas de réclamation.", paper.status.value)
    text = _check_text(text, True, "reponse", COMMENT_MAX_LENGTH)
    note = Note(context.at, context.by.login, CLAIM_ANSWERED, text, paper.id, context.by.structure)
    return _end(file.with_note(note), context)
