"""What the actors do to a paper of a billing file: each act is one function of the file, and returns the next file.

The table of ``paper_acts`` says whether the act is possible; these functions say what else it does: who reads it next,
which clocks it starts, what the history keeps. Overdue silences take effect first, so that an act after a deadline is
an act after a silence.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from chorale.domain.dates import PARIS, paris_day, utc
from chorale.domain.errors import ActImpossible, Forbidden, InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.french_numbers import euros
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.invoices.transitions import COMMENT_MAX_LENGTH
from chorale.domain.statuses import Status
from chorale.domain.works.acting import (
    Context,
    begin,
    check_text,
    demand_part,
    demand_unsaid,
    end,
    sentence,
    simple,
)
from chorale.domain.works.amounts import check_amount
from chorale.domain.works.chain import FINAL_ACCOUNTS, Addressee
from chorale.domain.works.deadlines import DayCount, DeadlineKind, end_of_days, last_day, row_for
from chorale.domain.works.dossier import BillingFile, Note
from chorale.domain.works.identity import moa_of, moe_of, second_validator, validator_of
from chorale.domain.works.motives import paper_motive
from chorale.domain.works.owed import (
    CLAIM_ANSWERED,
    FORMAL_NOTICE,
    INDEX_PUBLISHED,
    has_lapsed,
)
from chorale.domain.works.paper_acts import PaperAct, PaperPart, PaperTransition, paper_act, parts_of, rows_for
from chorale.domain.works.papers import Claim, Paper
from chorale.domain.works.routing import (
    after_validation,
    landed,
    no_longer_admitted,
    reaches_moa,
    waiting_again,
    with_clocks,
)
from chorale.domain.works.silence import run_clock
from chorale.domain.works.tasks import TaskKind

# Validators

VALIDATORS = frozenset({PaperPart.FIRST_VALIDATOR, PaperPart.SECOND_VALIDATOR})


def agree(
    file: BillingFile, paper_id: int, context: Context, accepted: Decimal | None = None, reason: str = ""
) -> BillingFile:
    """A validator accepts a request, whole or in part, in one answer (rules 1 and 24; CCP R2193-12).

    ``accepted`` is an amount with tax, in euros; None for the whole. A part needs ``reason``, why the rest is refused:
    the sous-traitant and the MOA are shown it. Nothing refuses the rest afterwards.
    """
    file, paper = begin(file, paper_id, context)
    row = _row_of_validator(paper, PaperAct.AGREE)
    demand_part(paper, row, context.by)
    accepted = _accepted(paper, accepted)
    is_part = accepted < paper.amounts.gross
    if is_part and not reason.strip():
        raise InvalidRequest(
            "Une acceptation partielle dit pourquoi le reste est refusé : indiquez-en le motif (CCP R2193-12).",
            "commentaire",
        )
    text = check_text(reason, False, "commentaire")
    assert row.target is not None
    paper = replace(paper, accepted=accepted, refused_reason=text if is_part else paper.refused_reason)
    paper = paper.at(row.target, context.at, context.by.login, text)
    paper = after_validation(paper, context.contract, context.at)
    return end(with_clocks(file.with_paper(paper), paper, context.contract), context)


def _row_of_validator(paper: Paper, act: PaperAct) -> PaperTransition:
    """The row of a validator's answer; one that comes after the fifteen days is void (rule 24; CCP R2193-12)."""
    silent = {Status.ABSENCE_VALIDATION_1_HORS_DELAI, Status.ABSENCE_VALIDATION_2_HORS_DELAI}
    open_still = paper.status in (Status.A_VALIDER_1, Status.A_VALIDER_2)
    if not open_still and paper.frame is Frame.A10 and any(line.status in silent for line in paper.history):
        raise ActImpossible(
            f"Quinze jours passés sans réponse, la demande {paper.number} est acceptée : une réponse tardive est sans "
            "effet (CCP R2193-12).",
            paper.status.value,
        )
    return paper_act(paper, act)


def _accepted(paper: Paper, accepted: Decimal | None) -> Decimal:
    asked = paper.amounts.gross
    if accepted is None:
        return asked
    check_amount(accepted, "montantAccepte")
    if not 0 < accepted <= asked:
        raise InvalidRequest(
            f"Le montant accepté doit être compris entre 0,01 et {euros(asked)} TTC : pour ne rien accepter, refusez "
            "la demande.",
            "montantAccepte",
        )
    return accepted


def refuse_agreement(file: BillingFile, paper_id: int, context: Context, motive: str, more: str = "") -> BillingFile:
    """A validator refuses, or says that it is not the right one. A refusal after the deadline is void (R2193-12)."""
    file, paper = begin(file, paper_id, context)
    _row_of_validator(paper, PaperAct.REFUSE_AGREEMENT)
    parts = parts_of(paper, context.by.structure.id) & VALIDATORS
    if not parts:
        demand_part(paper, paper_act(paper, PaperAct.REFUSE_AGREEMENT), context.by)
    chosen, reason = paper_motive(motive, parts, more)
    if chosen.act is PaperAct.DISOWN:
        return simple(file, paper_id, PaperAct.DISOWN, context, reason)
    act = PaperAct.REFUSE_AGREEMENT
    return simple(file, paper_id, act, context, reason, change=lambda paper: replace(paper, refused_reason=reason))


def name_validator(
    file: BillingFile, paper_id: int, context: Context, validator: StructureRef | None = None
) -> BillingFile:
    """The depositor sends a request whose validator was wrong to the one that the contract says by now (D1, rule 14).

    The days start again at another validator; the same one gets no new days.
    """
    file, paper = begin(file, paper_id, context)
    row = paper_act(paper, PaperAct.NAME_VALIDATOR)
    demand_part(paper, row, context.by)
    assert row.target is not None
    contract, first = context.contract, row.target is Status.A_VALIDER_1
    right = validator_of(contract, paper.frame, paper.depositor.id, validator if first else None)
    if first:
        old, named = paper.validator, replace(paper, validator=right)
    else:
        right = second_validator(contract, paper.frame, paper.validator or right) or contract.presenter
        if validator is not None and validator.id != right.id:
            raise InvalidRequest(
                f"Le second valideur est le mandataire du marché : {right.name} ({right.identifier}).",
                "identifiantStructure",
            )
        old, named = paper.second_validator, replace(paper, second_validator=right)
    if old is None or old.id != right.id:
        named = replace(named, available_at=context.at)
    return end(file.with_paper(named.at(row.target, context.at, context.by.login)), context)


# MOE, MOA, contractor


def take(file: BillingFile, paper_id: int, context: Context) -> BillingFile:
    """The MOE or the MOA takes a paper into account."""
    return simple(file, paper_id, PaperAct.TAKE, context)


def ask_completion(file: BillingFile, paper_id: int, context: Context, reason: str) -> BillingFile:
    """Whoever has the paper asks its depositor for what is missing; no payment clock stops for that (D3)."""
    return simple(file, paper_id, PaperAct.ASK_COMPLETION, context, reason)


def complete(
    file: BillingFile, paper_id: int, context: Context, comment: str = "", attachments: tuple[int, ...] = ()
) -> BillingFile:
    """The depositor completes a paper; whoever had it has it again."""
    return simple(
        file, paper_id, PaperAct.COMPLETE, context, comment, COMMENT_MAX_LENGTH,
        lambda paper: replace(paper, attachments=(*paper.attachments, *attachments), comment=comment or paper.comment),
    )  # fmt: skip


def refuse(
    file: BillingFile, paper_id: int, context: Context, motive: str, more: str = "", claim: Claim | None = None
) -> BillingFile:
    """Whoever has a paper refuses it, for a motive of the list and never for its amount (rules 3 and 25).

    A contractor refuses a general account with motives and a claimed amount, else it accepts it (rule 8).
    """
    file, paper = begin(file, paper_id, context)
    parts = parts_of(paper, context.by.structure.id)
    if parts & VALIDATORS and not parts & {PaperPart.MOE, PaperPart.MOA} and paper.step.validation is not None:
        return refuse_agreement(file, paper_id, context, motive, more)
    sides = parts & {PaperPart.MOE, PaperPart.MOA, PaperPart.CONTRACTOR}
    sides = frozenset(row.part for row in rows_for(paper) if row.part in sides) or sides
    if not sides:
        demand_part(paper, paper_act(paper, PaperAct.REFUSE), context.by)
    chosen, reason = paper_motive(motive, sides, more)
    if chosen.act is PaperAct.WRONG_ADDRESSEE:
        return simple(file, paper_id, PaperAct.WRONG_ADDRESSEE, context, more.strip() or chosen.label)
    paper_act(paper, PaperAct.REFUSE)
    if paper.addressee is Addressee.CONTRACTOR:
        _check_refusal_of_account(file, paper, claim)
    return simple(file, paper_id, PaperAct.REFUSE, context, reason, change=lambda one: replace(one, claim=claim))


def _check_refusal_of_account(file: BillingFile, paper: Paper, claim: Claim | None) -> None:
    """Rules 8 and 22: a general account is refused with a claim, and within the thirty days (CCAG 12.4.3, 12.4.5)."""
    demand_answer_in_time(file, paper)
    if claim is not None:
        check_amount(claim.amount, "montantReclame")
    if claim is None or claim.amount <= 0 or not claim.motives.strip():
        raise InvalidRequest(
            "Le refus d'un décompte général indique les motifs et le montant réclamé : sans eux il vaudrait "
            "acceptation (CCAG Travaux 12.4.3).",
            "montantReclame",
        )


def demand_answer_in_time(file: BillingFile, paper: Paper) -> None:
    """Rule 22: after thirty days of silence a general account is accepted, and no act undoes it (CCAG 12.4.5)."""
    if has_lapsed(file, TaskKind.REPONSE_AU_DECOMPTE, paper):
        raise ActImpossible(
            "Le délai de réponse est passé : le décompte général est réputé accepté, aucun acte n'y revient "
            "(CCAG Travaux 12.4.5).",
            paper.status.value,
        )


def say_wrong_addressee(file: BillingFile, paper_id: int, context: Context, more: str = "") -> BillingFile:
    """The MOE or the MOA says that the paper is not for it; its depositor corrects (D1)."""
    return simple(file, paper_id, PaperAct.WRONG_ADDRESSEE, context, more)


def ask_recycling(file: BillingFile, paper_id: int, context: Context, reason: str) -> BillingFile:
    """Whoever has the paper asks the actor before it to correct where it goes (D1)."""
    return simple(file, paper_id, PaperAct.ASK_RECYCLING, context, reason)


@dataclass(frozen=True, slots=True)
class NewRoute:
    """What a depositor corrects when it recycles a paper; None leaves a field as it was."""

    moe: StructureRef | None = None
    moa: StructureRef | None = None
    commitment: str | None = None


def recycle(file: BillingFile, paper_id: int, context: Context, route: NewRoute, comment: str = "") -> BillingFile:
    """The depositor sends a paper on to the addressee that the contract says by now (D1, rule 14).

    Deadlines and payment clock start again at another addressee; the same one gets no new days.
    """
    file, paper = begin(file, paper_id, context)
    row = paper_act(paper, PaperAct.RECYCLE)
    demand_part(paper, row, context.by)
    text = check_text(comment, False, "commentaire", COMMENT_MAX_LENGTH)
    contract = context.contract
    moe, moa = moe_of(contract, route.moe), moa_of(contract, route.moa)
    sent = replace(
        paper,
        moe=moe,
        moa=moa,
        commitment=paper.commitment if route.commitment is None else route.commitment,
    ).at(Status.DEPOSEE, context.at, context.by.login, text)
    moved = _id(paper.reference(paper.addressee)) != _id(sent.reference(sent.addressee))
    sent = landed(sent, context.at)
    # Only who is new gets new days: the others keep their receipt (rules 6 and 22).
    if _id(moe) == _id(paper.moe) and paper.moe_received_at:
        sent = replace(sent, moe_received_at=paper.moe_received_at)
    if _id(moa) == _id(paper.moa) and paper.moa_received_at:
        sent = replace(sent, moa_received_at=paper.moa_received_at)
    if not moved:
        sent = replace(sent, available_at=paper.available_at)
    members = tuple(sorted({*file.members, *(ref.id for ref in (sent.moe, sent.moa, sent.payer) if ref)}))
    file = replace(file.with_paper(sent), members=members)
    return end(with_clocks(file, sent, contract) if moved else file, context)


def _id(reference: StructureRef | None) -> int | None:
    return reference.id if reference else None


def pass_on(file: BillingFile, paper_id: int, context: Context) -> BillingFile:
    """The MOE passes a paper on to the MOA without one of its own."""
    file, paper = begin(file, paper_id, context)
    row = paper_act(paper, PaperAct.PASS_ON)
    demand_part(paper, row, context.by)
    if paper.moa is None:
        raise ActImpossible("Aucune MOA n'est désignée sur cette pièce.", paper.status.value)
    paper = paper.at(Status.TRANSMISE_MOA, context.at, context.by.login)
    paper = replace(paper, available_at=context.at, moa_received_at=paper.moa_received_at or context.at)
    paper = paper.at(Status.MISE_A_DISPOSITION_MOA, context.at, "SYSTEME")
    return end(reaches_moa(file.with_paper(paper), paper, context.contract, context.at), context)


def abandon(file: BillingFile, paper_id: int, context: Context, reason: str = "") -> BillingFile:
    """The depositor gives a paper up, its own A15, A17 or A19 as long as the next actor has not acted (rule 30).

    The paper before it waits for another one again, since when it did before; what a payment admitted is not any more.
    """
    file = simple(file, paper_id, PaperAct.ABANDON, context, reason)
    paper = file.paper(paper_id)
    assert paper is not None
    if paper.step.lands is Addressee.PAYER:
        file = no_longer_admitted(file, paper)
    return end(waiting_again(file, paper, context.at), context)


# Notes

NOTICE_DAYS = 15
"""Days of a formal notice that names none: a decision of this project, no text sets them."""
LONGEST_NOTICE = 365


def object_to(file: BillingFile, paper_id: int, context: Context, text: str) -> BillingFile:
    """The contractor objects to an amount that the MOE wrote: information only, nothing stops (W3')."""
    file, paper = begin(file, paper_id, context)
    if context.by.structure.id != context.contract.presenter.id:
        raise Forbidden("Seul le titulaire ou le mandataire du marché peut formuler une observation.")
    if paper.frame not in (Frame.A15, Frame.A16, Frame.A19):
        raise ActImpossible("Une observation porte sur un état d'acompte (A15, A16 ou A19).", paper.status.value)
    text = check_text(text, True, "observation", COMMENT_MAX_LENGTH)
    note = Note(context.at, context.by.login, "OBSERVATION", text, paper.id, context.by.structure)
    demand_unsaid(file, note, paper)
    return end(file.with_note(note), context)


def give_formal_notice(file: BillingFile, context: Context, text: str, days: int = NOTICE_DAYS) -> BillingFile:
    """The MOE or the MOA gives the contractor formal notice to present its final draft (CCAG Travaux 12.3.4).

    ``days`` is the period of the notice: the account is drawn up ex officio only after it (rule 23).
    """
    file = run_clock(file, context.contract, context.at, context.rules)
    contract = context.contract
    if context.by.structure.id not in {contract.moa.id, (contract.moe or contract.moa).id}:
        raise Forbidden("La mise en demeure revient à la MOE ou à la MOA.")
    if not any(task.is_open and task.paper_id is None and task.lapsed_at for task in file.tasks):
        raise ActImpossible("Le délai de remise du projet de décompte final n'est pas écoulé.")
    text = check_text(text, True, "texte", COMMENT_MAX_LENGTH)
    if not 1 <= days <= LONGEST_NOTICE:
        raise InvalidRequest(f"Le délai de la mise en demeure compte de 1 à {LONGEST_NOTICE} jours.", "delaiJours")
    until = end_of_days(context.at, days, DayCount.CCAG, context.rules.is_holiday)
    said = f"{text} Jusqu'au {last_day(until):%d/%m/%Y} inclus ; ensuite le décompte est établi d'office."
    note = Note(context.at, context.by.login, FORMAL_NOTICE, said, None, context.by.structure, until)
    demand_unsaid(file, note, None)
    return end(file.with_note(note), context)


def announce_index(file: BillingFile, paper_id: int, context: Context, published_on: date | None) -> BillingFile:
    """The last index of the balance was published: the MOA owes the revision of prices (rule 7; CCAG Travaux 12.4.2).

    The contractor, the MOE or the MOA says it of the final account; the ten days run from ``published_on``.
    """
    file, paper = begin(file, paper_id, context)
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
    return end(
        file.with_note(Note(at, context.by.login, INDEX_PUBLISHED, text, paper.id, context.by.structure)), context
    )


def answer_claim(
    file: BillingFile, paper_id: int, context: Context, text: str, granted: Decimal | None = None
) -> BillingFile:
    """The MOA answers the contractor's claim within thirty days; silence would reject it (CCAG Travaux 55.1).

    ``granted`` is what it agrees to pay of it, with tax, in euros; None rejects all. What is granted is owed by a
    further A19 on the account (rule 23).
    """
    file, paper = begin(file, paper_id, context)
    if context.by.structure.id != context.contract.moa.id:
        raise Forbidden("La réponse à une réclamation revient à la MOA.")
    claim = paper.claim
    if claim is None or claim.granted is not None:
        raise ActImpossible("Cette pièce ne porte pas de réclamation sans réponse.", paper.status.value)
    granted = granted if granted is not None else Decimal(0)
    check_amount(granted, "montantAccepte")
    if not 0 <= granted <= claim.amount:
        raise InvalidRequest(
            f"Ce qui est accordé va de 0 au montant réclamé, {euros(claim.amount)} TTC.", "montantAccepte"
        )
    text = check_text(text, True, "reponse", COMMENT_MAX_LENGTH)
    said = f"{sentence(text)} Accordé : {euros(granted)} TTC sur {euros(claim.amount)}."
    note = Note(context.at, context.by.login, CLAIM_ANSWERED, said, paper.id, context.by.structure)
    answered = replace(paper, claim=replace(claim, granted=granted, granted_at=context.at))
    return end(file.with_paper(answered).with_note(note), context)
