"""The payment of works papers: its delay, what the payer does, who is paid which part (rules 4, 17 and 26).

The payer works in the received invoices (rule 11): what it does there comes here by ``follow_payer``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from chorale.domain.dates import PARIS, paris_day, utc
from chorale.domain.errors import ActImpossible, Forbidden, InvalidRequest
from chorale.domain.french_numbers import euros
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.invoices.transitions import COMMENT_MAX_LENGTH
from chorale.domain.statuses import Status
from chorale.domain.works.acting import Context, begin, check_text, demand_unsaid, end, sentence
from chorale.domain.works.bank_accounts import account_of
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.dossier import BillingFile, Note
from chorale.domain.works.owed import PIECES_GIVEN, Rules, pieces_given, reconcile
from chorale.domain.works.papers import SYSTEM, Paper
from chorale.domain.works.parts import PaymentPart
from chorale.domain.works.payment_clock import interrupt_clock, pay_clock, resume_clock
from chorale.domain.works.routing import clock_behind
from chorale.domain.works.silence import run_clock

PAYERS_ORDER = frozenset(
    {Status.MANDATEE, Status.MISE_A_DISPOSITION_COMPTABLE, Status.COMPTABILISEE, Status.MISE_EN_PAIEMENT}
)
"""From here on the payment is ordered: its delay is not interrupted any more (rule 4)."""


def interrupt_payment(
    file: BillingFile, paper_id: int, context: Context, reason: str, missing: tuple[str, ...]
) -> BillingFile:
    """The MOA or the payer stops the payment delay, once, with the reasons and what is missing (CCP R2192-27)."""
    file, paper = begin(file, paper_id, context)
    if context.by.structure.id not in {context.contract.moa.id, context.contract.payer.id, *_named_payers(file)}:
        raise Forbidden("Seuls la MOA et le service financier peuvent interrompre le délai de paiement, jamais la MOE.")
    found = clock_behind(file, paper)
    if found is None:
        raise ActImpossible("Aucun délai de paiement ne court pour cette pièce.", paper.status.value)
    root, clock = found
    if any(one.status in PAYERS_ORDER for one in file.papers if _runs_for(file, root, one)):
        raise ActImpossible("Le paiement est ordonnancé : son délai ne s'interrompt plus.", paper.status.value)
    text = check_text(reason, True, "motif", COMMENT_MAX_LENGTH)
    if not missing:
        raise InvalidRequest("Indiquez les pièces ou informations qui manquent.", "piecesManquantes")
    file = file.with_clock(root, interrupt_clock(clock, context.at, text, missing))
    note = f"Délai de paiement interrompu : {sentence(text)} Manquent : {', '.join(missing)}."
    return end(
        file.with_note(Note(context.at, context.by.login, "INTERRUPTION", note, paper.id, context.by.structure)),
        context,
    )


def _runs_for(file: BillingFile, root: int, paper: Paper) -> bool:
    """Whether the payment clock that the paper ``root`` started is that of ``paper``."""
    found = clock_behind(file, paper)
    return found is not None and found[0] == root


def _named_payers(file: BillingFile) -> frozenset[int]:
    return frozenset(paper.payer.id for paper in file.papers if paper.payer)


def give_pieces(
    file: BillingFile, paper_id: int, context: Context, comment: str = "", attachments: tuple[int, ...] = ()
) -> BillingFile:
    """The creditor gives what an interrupted payment waits for (rule 26; CCP R2192-28).

    The new period counts from here once the MOA or the payer says that all is there (R2192-29).
    """
    file, paper = begin(file, paper_id, context)
    found = clock_behind(file, paper)
    if found is None or not found[1].is_interrupted:
        raise ActImpossible("Le délai de paiement n'est pas interrompu.", paper.status.value)
    root = file.paper(found[0])
    assert root is not None
    creditor = root.parts[0].creditor if root.parts else context.contract.presenter
    if context.by.structure.id not in {creditor.id, context.contract.presenter.id}:
        raise Forbidden(f"Les pièces manquantes sont fournies par le créancier : {creditor.name}.")
    text = check_text(comment, not attachments, "commentaire", COMMENT_MAX_LENGTH)
    said = text or f"{len(attachments)} pièce(s) jointe(s)"
    note = Note(context.at, context.by.login, PIECES_GIVEN, said, root.id, context.by.structure)
    if set(attachments) <= set(root.attachments):
        demand_unsaid(file, note, paper)
    file = file.with_paper(replace(root, attachments=(*root.attachments, *attachments)))
    return end(file.with_note(note), context)


def resume_payment(file: BillingFile, paper_id: int, context: Context) -> BillingFile:
    """All that was missing is there: the delay runs again, thirty days or what was left if more (R2192-28, -29).

    The new period counts from the receipt of the pieces, where the creditor gave them here.
    """
    file, paper = begin(file, paper_id, context)
    if context.by.structure.id not in {context.contract.moa.id, context.contract.payer.id, *_named_payers(file)}:
        raise Forbidden("Seuls la MOA et le service financier constatent que les pièces manquantes sont reçues.")
    found = clock_behind(file, paper)
    if found is None:
        raise ActImpossible("Aucun délai de paiement ne court pour cette pièce.", paper.status.value)
    root, clock = found
    since = pieces_given(file, root, clock.interrupted_at) if clock.interrupted_at else None
    file = file.with_clock(root, resume_clock(clock, since or context.at))
    note = Note(context.at, context.by.login, "REPRISE", "Délai de paiement repris.", paper.id, context.by.structure)
    return end(file.with_note(note), context)


def follow_payer(
    file: BillingFile, paper_id: int, contract: WorksContract, status: Status, at: datetime, by: str, reason: str,
    rules: Rules,
) -> BillingFile:  # fmt: skip
    """``file`` after the payer gave its paper another status in the received invoices (W4).

    A suspension interrupts the delay if nothing has yet; a completion resumes it; payment ends it, and that of every
    request of the file that has a part in it (rule 17).
    """
    file = run_clock(file, contract, at, rules)
    paper = file.paper(paper_id)
    assert paper is not None
    paper = _with_accounts_of_mandate(paper.at(status, at, by, reason), contract)
    file = file.with_paper(paper)
    if status is Status.MISE_EN_PAIEMENT:
        owed = [part for part in paper.parts if part.paid_at is None]
        file = _with_paid_parts(file, paper_id, owed, contract, at)
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


def _with_accounts_of_mandate(paper: Paper, contract: WorksContract) -> Paper:
    """``paper`` with the account of each unpaid part kept once its payment is ordered, and of none before (rule 17).

    An account that changes later is that of the next payment: what the accountant pays is what the mandate says.
    """
    ordered = paper.status in PAYERS_ORDER

    def kept(part: PaymentPart) -> PaymentPart:
        account = (part.account or account_of(contract, part.creditor.id)) if ordered else ""
        return part if part.paid_at else replace(part, account=account)

    return replace(paper, parts=tuple(map(kept, paper.parts)))


@dataclass(frozen=True, slots=True)
class PartPayment:
    """What the payer says of one part that it paid."""

    creditor: StructureRef
    rests_on: int | None = None
    """Id of the request that the part answers, for a creditor who has several parts."""
    on: date | None = None
    """The day of the payment; None for today."""


def pay_part(file: BillingFile, paper_id: int, context: Context, payment: PartPayment) -> BillingFile:
    """The payer says that it paid one creditor its part; the delay of what the part answers ends (rule 17).

    Once the payment is ordered: from there on the payer does not reject it any more. The paper itself is paid when its
    last part is, which the caller writes in the received invoices too.
    """
    file, paper = begin(file, paper_id, context)
    if paper.payer is None or context.by.structure.id != paper.payer.id:
        raise Forbidden("Une part est payée par le service financier à qui la pièce est adressée.")
    if paper.status is Status.MISE_EN_PAIEMENT:
        raise ActImpossible(f"La pièce {paper.number} est déjà payée en entier.", paper.status.value)
    if paper.status not in PAYERS_ORDER:
        raise ActImpossible(
            f"Une part se paie une fois le paiement ordonnancé : la pièce {paper.number} est au statut "
            f"{paper.status.value}, donnez-lui d'abord le statut {Status.MANDATEE.value}.",
            paper.status.value,
        )
    part = _named_part(paper, payment)
    if part.paid_at is not None:
        raise ActImpossible(
            f"La part de {part.creditor.name} est déjà payée, le {paris_day(part.paid_at):%d/%m/%Y}.",
            paper.status.value,
        )
    at = _day_of(paper, payment.on, context.at)
    if part.account and part.account != account_of(context.contract, part.creditor.id):
        text = (
            f"Le compte de {part.creditor.name} a changé au marché depuis le mandat : sa part est payée au compte du "
            "mandat. Vérifiez auprès de la MOA avant le virement."
        )
        file = file.with_paper(replace(paper, warnings=(*paper.warnings, text)))
        file = file.with_note(Note(context.at, SYSTEM, "ALERTE", text, paper.id))
    file = _with_paid_parts(file, paper_id, [part], context.contract, at)
    said = f"{part.creditor.name} : {euros(part.amount)} TTC payés le {paris_day(at):%d/%m/%Y}."
    note = Note(context.at, context.by.login, "PAIEMENT_PART", said, paper.id, context.by.structure)
    return end(file.with_note(note), context)


def _named_part(paper: Paper, payment: PartPayment) -> PaymentPart:
    """The part that a payment is about; raises InvalidRequest with the creditors, or with what tells parts apart."""
    own = [one for one in paper.parts if one.creditor.id == payment.creditor.id]
    own = [one for one in own if payment.rests_on in (None, one.rests_on)]
    if not own:
        creditors = ", ".join(f"{one.creditor.name} ({one.creditor.identifier})" for one in paper.parts)
        raise InvalidRequest(
            f"{payment.creditor.name} n'a pas de part dans la pièce {paper.number}. Créanciers : "
            f"{creditors or 'aucun, la pièce se paie en entier'}.",
            "identifiantCreancier",
        )
    if len(own) > 1:
        raise InvalidRequest(
            f"{payment.creditor.name} a plusieurs parts dans la pièce {paper.number} : indiquez la demande (idPiece) : "
            f"{', '.join(str(one.rests_on) for one in own)}.",
            "idPiece",
        )
    return own[0]


def _day_of(paper: Paper, on: date | None, now: datetime) -> datetime:
    """The moment of a payment: now, or the noon of an earlier day."""
    if on is None or on == paris_day(now):
        return now
    if not paris_day(paper.deposited_at) <= on < paris_day(now):
        raise InvalidRequest(
            f"La date du paiement va du dépôt de la pièce, le {paris_day(paper.deposited_at):%d/%m/%Y}, à aujourd'hui.",
            "datePaiement",
        )
    return utc(datetime.combine(on, time(12), PARIS))


def is_wholly_paid(paper: Paper) -> bool:
    """Whether nothing is owed of the parts of a paper any more: a part of zero is never paid."""
    return all(part.paid_at is not None or part.amount == 0 for part in paper.parts)


def paid_requests(before: Paper, after: Paper) -> tuple[tuple[int, datetime], ...]:
    """The requests whose last part was paid between two states of a payment, and when."""
    done = _paid_whole(before)
    return tuple((one, at) for one, at in _paid_whole(after).items() if one not in done)


def _paid_whole(paper: Paper) -> dict[int, datetime]:
    moments: dict[int, list[datetime | None]] = {}
    for part in paper.parts:
        moments.setdefault(part.rests_on, []).append(paper.paid_at(part))
    return {one: max(at for at in ats if at) for one, ats in moments.items() if all(ats)}


def owed_until(file: BillingFile, paper: Paper, amount: Decimal, until: date) -> tuple[tuple[Decimal, date], ...]:
    """``amount``, owed on a request of ``file`` until a day, in the parts that its payers paid on days of their own."""
    resting = [
        (part, at)
        for one in file.papers
        for part in one.parts
        if one.payer is not None and part.rests_on == paper.id and (at := one.paid_at(part)) is not None
    ]
    paid = tuple((part.amount, min(paris_day(at), until)) for part, at in resting)
    left = amount - sum((part.amount for part, _ in resting), Decimal(0))
    return (*paid, (left, until)) if left > 0 else paid


def _with_paid_parts(
    file: BillingFile, paper_id: int, parts: Sequence[PaymentPart], contract: WorksContract, at: datetime
) -> BillingFile:
    """``file`` with ``parts`` of a payment paid, each to the account of its mandate, else to that of the contract."""
    before = file.paper(paper_id)
    assert before is not None
    paid = tuple(
        replace(one, paid_at=at, account=one.account or account_of(contract, one.creditor.id)) if one in parts else one
        for one in before.parts
    )
    after = replace(before, parts=paid)
    file = file.with_paper(after)
    for request_id, moment in _paid_whole(after).items():
        file = with_paid_request(file, request_id, moment)
    return file


def with_paid_request(file: BillingFile, paper_id: int, at: datetime) -> BillingFile:
    """``file`` once the part that rests on one of its papers is paid: the clock of that paper ends (rule 17)."""
    clock = file.clock_of(paper_id)
    return file if clock is None else file.with_clock(paper_id, pay_clock(clock, at))


def pay_request(
    file: BillingFile, paper_id: int, contract: WorksContract, payment: Paper, at: datetime, rules: Rules
) -> BillingFile:
    """The file of a sous-traitant's request once its part of ``payment``, in another file, is paid (L2193-11)."""
    file = run_clock(file, contract, at, rules)
    note = Note(at, SYSTEM, "PAIEMENT_DIRECT", f"Payée avec la pièce {payment.number}.", paper_id)
    return reconcile(with_paid_request(file.with_note(note), paper_id, at), contract, at, rules)
