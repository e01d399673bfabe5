"""The acts of the MOE, the MOA, the validators and the depositor on one paper, as the public API offers them."""

from datetime import date, datetime
from decimal import Decimal

from chorale.domain.access.rights import Actor, Deed
from chorale.domain.errors import ActImpossible, InvalidRequest, PaperNotFound
from chorale.domain.invoices.agreement import Decision
from chorale.domain.invoices.attachments import Wanted
from chorale.domain.invoices.requirements import Route as PayerRoute
from chorale.domain.statuses import Status
from chorale.domain.works import acts, payment_acts
from chorale.domain.works.chain import Addressee
from chorale.domain.works.identity import payer_of
from chorale.domain.works.papers import Claim, Paper
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.invoices.amend_issued import reroute_for
from chorale.usecases.invoices.attach_files import prepare_attachments
from chorale.usecases.invoices.complete_invoice import complete_for
from chorale.usecases.works.act_on_paper import act_on_paper
from chorale.usecases.works.reach import Reached, reach_paper, structure_named, unknown_paper
from chorale.usecases.works.withdraw_payment import withdraw_payment


def take(actor: Actor, paper_id: int, now: datetime) -> Paper:
    """The MOE or the MOA takes a paper into account."""
    return act_on_paper(actor, paper_id, acts.take, now)


def agree(actor: Actor, paper_id: int, accepted: Decimal | None, reason: str, now: datetime) -> Paper:
    """A validator accepts a request, whole or in part; ``accepted`` is an amount with tax, in euros."""
    return act_on_paper(
        actor, paper_id, lambda file, one, context: acts.agree(file, one, context, accepted, reason), now
    )


def refuse(actor: Actor, paper_id: int, motive: str, more: str, claim: Claim | None, now: datetime) -> Paper:
    """Whoever has the paper refuses it, for a motive of the list; a validator refuses to validate it."""
    return act_on_paper(
        actor, paper_id, lambda file, one, context: acts.refuse(file, one, context, motive, more, claim), now
    )


def decide_paper(
    actor: Actor, paper_id: int, decision: Decision, motive: str, more: str, now: datetime
) -> Paper | None:
    """A validator's decision on a works paper, by the operation that serves ordinary invoices too.

    None for a paper that the actor may not know of: the caller says what it says of any unknown invoice.
    """
    try:
        if decision is Decision.AGREE:
            return agree(actor, paper_id, None, more, now)
        return refuse(actor, paper_id, motive, more, None, now)
    except PaperNotFound:
        return None


def ask_completion(actor: Actor, paper_id: int, reason: str, now: datetime) -> Paper:
    """Ask the depositor for what is missing."""
    return act_on_paper(
        actor, paper_id, lambda file, one, context: acts.ask_completion(file, one, context, reason), now
    )


def complete(actor: Actor, paper_id: int, comment: str, attachments: tuple[int, ...], now: datetime) -> Paper:
    """The depositor completes a paper; one that the payer suspended too (rule 11)."""
    reached = reach_paper(actor, paper_id, Deed.ACT_ON_WORKS)
    if reached.paper.step.lands is Addressee.PAYER:
        _demand_depositor(reached)
        summary = invoices.get(paper_id)
        if summary is None:
            raise unknown_paper(paper_id)
        complete_for(actor, summary, comment, now, [Wanted(number) for number in attachments])
        return reached.paper
    if not comment.strip() and not attachments:
        raise InvalidRequest("Complétez la pièce par un commentaire ou par une pièce jointe.", "commentaire")
    field = "pieceJointeComplementaire"
    wanted = [Wanted(number) for number in attachments]
    files = prepare_attachments(actor, reached.paper.depositor.id, wanted, now, field) if wanted else ()
    return act_on_paper(
        actor, paper_id, lambda file, one, context: acts.complete(file, one, context, comment, attachments), now, files
    )


def _demand_depositor(reached: Reached) -> None:
    if reached.paper.depositor.id not in reached.structures:
        raise ActImpossible("Seul le déposant de la pièce la complète ou la recycle.", reached.paper.status.value)


def ask_recycling(actor: Actor, paper_id: int, reason: str, now: datetime) -> Paper:
    """Ask the actor before to correct where the paper goes."""
    text = reason or "Recyclage demandé par l'acteur suivant."
    return act_on_paper(actor, paper_id, lambda file, one, context: acts.ask_recycling(file, one, context, text), now)


def recycle(
    actor: Actor, paper_id: int, addressee: str, kind: str, service: str, commitment: str, comment: str, now: datetime
) -> Paper:
    """The depositor corrects where a paper goes: another MOE, MOA or payer, as its status calls for."""
    reached = reach_paper(actor, paper_id, Deed.ACT_ON_WORKS)
    paper = reached.paper
    if paper.step.lands is Addressee.PAYER:
        _demand_depositor(reached)
        filed = invoices.get_whole(paper_id)
        if filed is None:
            raise unknown_paper(paper_id)
        payer_of(reached.contract, structure_named(kind, addressee, "identifiantDestinataire") if addressee else None)
        reroute_for(actor.login, filed, PayerRoute(addressee, service, commitment), comment, now)
        return paper
    named = structure_named(kind, addressee, "identifiantDestinataire") if addressee else None
    to_moa = paper.status is Status.ERREUR_DE_MOA or paper.addressee is Addressee.MOA
    route = acts.NewRoute(moa=named) if to_moa else acts.NewRoute(moe=named)
    if commitment:
        route = acts.NewRoute(route.moe, route.moa, commitment=commitment)
    return act_on_paper(
        actor, paper_id, lambda file, one, context: acts.recycle(file, one, context, route, comment), now
    )


def name_moe(actor: Actor, paper_id: int, kind: str, identifier: str, now: datetime) -> Paper:
    """The depositor names the right MOE of a paper whose MOE was wrong."""
    moe = structure_named(kind, identifier, "identifiantMoe") if identifier else None
    return act_on_paper(
        actor, paper_id, lambda file, one, context: acts.recycle(file, one, context, acts.NewRoute(moe=moe)), now
    )


def name_validator(actor: Actor, paper_id: int, kind: str, identifier: str, now: datetime) -> Paper:
    """The depositor sends a request to the validator that the contract says; an identifier may repeat it."""
    validator = structure_named(kind, identifier, "identifiantStructure") if identifier else None
    return act_on_paper(
        actor, paper_id, lambda file, one, context: acts.name_validator(file, one, context, validator), now
    )


def pass_on(actor: Actor, paper_id: int, now: datetime) -> Paper:
    """The MOE passes a paper on to the MOA without one of its own."""
    return act_on_paper(actor, paper_id, acts.pass_on, now)


def abandon(actor: Actor, paper_id: int, reason: str, now: datetime) -> Paper:
    """The depositor gives a paper up; one for the payer as long as the payer has not acted."""
    if reach_paper(actor, paper_id, Deed.ACT_ON_WORKS).paper.step.lands is Addressee.PAYER:
        return withdraw_payment(actor, paper_id, reason, now)
    return act_on_paper(actor, paper_id, lambda file, one, context: acts.abandon(file, one, context, reason), now)


def object_to(actor: Actor, paper_id: int, text: str, now: datetime) -> Paper:
    """The contractor objects to an amount: information only."""
    return act_on_paper(actor, paper_id, lambda file, one, context: acts.object_to(file, one, context, text), now)


def announce_index(actor: Actor, paper_id: int, published_on: date | None, now: datetime) -> Paper:
    """The last index of the balance was published: the revision of its prices is owed."""
    return act_on_paper(
        actor, paper_id, lambda file, one, context: acts.announce_index(file, one, context, published_on), now
    )


def interrupt_payment(actor: Actor, paper_id: int, reason: str, missing: tuple[str, ...], now: datetime) -> Paper:
    """The MOA or the payer stops the payment delay, once."""
    return act_on_paper(
        actor,
        paper_id,
        lambda file, one, context: payment_acts.interrupt_payment(file, one, context, reason, missing),
        now,
    )


def resume_payment(actor: Actor, paper_id: int, now: datetime) -> Paper:
    """All that was missing is there: the payment delay runs again."""
    return act_on_paper(actor, paper_id, payment_acts.resume_payment, now)


def give_pieces(actor: Actor, paper_id: int, comment: str, attachments: tuple[int, ...], now: datetime) -> Paper:
    """The creditor gives what an interrupted payment waits for (rule 26)."""
    reached = reach_paper(actor, paper_id, Deed.ACT_ON_WORKS)
    wanted = [Wanted(number) for number in attachments]
    owner = reached.structures[0]
    files = prepare_attachments(actor, owner, wanted, now, "listePiecesJointes") if wanted else ()
    return act_on_paper(
        actor,
        paper_id,
        lambda file, one, context: payment_acts.give_pieces(file, one, context, comment, attachments),
        now,
        files,
    )


def answer_claim(actor: Actor, paper_id: int, text: str, granted: Decimal | None, now: datetime) -> Paper:
    """The MOA answers the contractor's claim: ``granted`` of it, with tax, or nothing."""
    return act_on_paper(
        actor, paper_id, lambda file, one, context: acts.answer_claim(file, one, context, text, granted), now
    )
