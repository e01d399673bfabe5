"""The figures of a paper beside its PDF, and the account of a contract over all its months (rule 29).

All are optional; those that are given must agree with each other (CCAG Travaux 12.2.1). Figures are euros without tax,
as in a projet de décompte; the table is with tax, as what is paid.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from chorale.domain.errors import InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.french_numbers import euros
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.statuses import Status
from chorale.domain.works.accounts import GENERAL, is_current
from chorale.domain.works.amounts import check_amount
from chorale.domain.works.chain import FINAL_ACCOUNTS, Addressee, Chain
from chorale.domain.works.creditors import accepted_of
from chorale.domain.works.papers import Figures, Paper
from chorale.domain.works.parts import PaymentPart

FIGURE_FIELDS = {
    "montantCumule": "cumulative", "montantCumulePrecedent": "previous", "montantPeriode": "period",
    "retenueGarantie": "retention", "avance": "advance", "avanceReprise": "advance_recovered",
    "revision": "revision", "penalites": "penalties",
}  # fmt: skip
"""Field of the API -> the amount of a situation."""


def check_figures(figures: Figures, net: Decimal) -> None:
    """Raise InvalidRequest when the figures do not agree with each other, or with ``net``, the amount of the period."""
    if figures.month and not _is_month(figures.month):
        raise InvalidRequest("Le mois s'écrit AAAA-MM.", "mois")
    if figures.number is not None and figures.number < 1:
        raise InvalidRequest("Le numéro de la situation compte à partir de 1.", "numeroSituation")
    for field, attribute in FIGURE_FIELDS.items():
        given = getattr(figures, attribute)
        if given is not None:
            check_amount(given, field)
    for amount, name in ((figures.retention, "retenueGarantie"), (figures.penalties, "penalites")):
        if amount is not None and amount < 0:
            raise InvalidRequest(f"{name} se donne en montant positif.", name)
    total, before, period = figures.cumulative, figures.previous, figures.period
    if total is not None and before is not None and period is not None and total - before != period:
        raise InvalidRequest(
            f"Le cumul ({euros(total)}) moins le cumul précédent ({euros(before)}) fait {euros(total - before)} HT, et "
            f"non {euros(period)}.",
            "montantPeriode",
        )
    if period is not None and period != net:
        raise InvalidRequest(
            f"Le montant de la période ({euros(period)}) n'est pas le montant HT de la pièce ({euros(net)}).",
            "montantPeriode",
        )


def proposed_figures(previous: Paper | None, net: Decimal) -> Figures | None:
    """The figures of a paper that gives none: those of the paper before it, made to agree with ``net``, its own amount.

    Who admits another amount of the period moves the cumulative one with it; the rest stays as it was written.
    """
    figures = previous.figures if previous else None
    if figures is None:
        return None
    total, before, period = figures.cumulative, figures.previous, figures.period
    if period is None and total is not None and before is not None:
        period = total - before
    if period in (None, net):
        return figures
    cumulative = before + net if before is not None else None
    return replace(figures, period=net if figures.period is not None else None, cumulative=cumulative)


def _is_month(written: str) -> bool:
    year, _, month = written.partition("-")
    return len(year) == 4 and year.isdigit() and len(month) == 2 and month.isdigit() and 1 <= int(month) <= 12


@dataclass(frozen=True, slots=True)
class AccountLine:
    """What one creditor asked for in one request, and what became of it; euros with tax, None for not yet."""

    request: Paper
    """For the balance, once it is with the payer: the payer's paper, which every creditor of it may read."""
    creditor: StructureRef
    asked: Decimal
    by_moe: Decimal | None
    by_moa: Decimal | None
    paid: Decimal | None
    contested: Decimal = Decimal(0)
    """Claimed beyond the account and not agreed to (CCAG Travaux 12.4.3): in none of the other amounts."""


DECIDED_BY_MOE = frozenset({Frame.A15, Frame.A5})
REQUESTS = frozenset({Frame.A4, Frame.A10, Frame.A13})


def account_of(papers: Iterable[Paper]) -> Iterator[AccountLine]:
    """The lines of a contract's account: one for each request of the works, in the order of their deposit, then those
    of the balance.

    What is admitted in all is the sum of the parts of every paper that the payer has.
    """
    known = sorted(papers, key=lambda one: (one.deposited_at, one.id))
    seen = [one for one in known if is_current(one)]
    for request in seen:
        if request.frame not in REQUESTS:
            continue
        own = [part for part in request.parts if part.rests_on == request.id]
        asked = sum((part.amount for part in own), Decimal(0)) if own else request.amounts.gross
        payments = [one for one in seen if one.step.lands is Addressee.PAYER]
        yield AccountLine(
            request,
            own[0].creditor if own else request.depositor,
            asked,
            _for(request, (one for one in seen if one.frame in DECIDED_BY_MOE)),
            _for(request, payments),
            _paid(request, payments),
        )
    yield from _opened_by_orders(seen)
    yield from _balance([one for one in known if one.step.chain is Chain.FINAL])


def _opened_by_orders(seen: Sequence[Paper]) -> Iterator[AccountLine]:
    """What the payer has of the works for no request that the hub knows: its file was opened after the contractor."""
    known = {one.id for one in seen if one.frame in REQUESTS}
    for paper in seen:
        if paper.step.chain is Chain.PROGRESS and paper.step.lands is Addressee.PAYER:
            parts = (part for part in paper.parts if part.rests_on not in known)
            yield from (_ordered(paper, part) for part in parts)


def _ordered(paper: Paper, part: PaymentPart) -> AccountLine:
    """A part of a payment that answers no request of its own: what is ordered is what is asked."""
    return AccountLine(paper, part.creditor, part.amount, None, part.amount, _paid_of(paper, part))


CLOSED = frozenset({Status.REMPLACEE_PAR_A22, Status.REFUSEE_FOURNISSEUR})
"""Papers of the final account that count for nothing more by themselves, but say what was asked or notified."""


def _balance(papers: Sequence[Paper]) -> Iterator[AccountLine]:
    """The balance, from its draft on, out of the papers of the final account in the order of their deposit.

    Once the payer has it, one line for each part: the other creditors ask what they get, the first one the rest of the
    draft. Then what is paid beside it: a complement after a claim, the revision of its prices.
    """
    payments = [one for one in papers if one.step.lands is Addressee.PAYER and is_current(one)]
    settling = next((one for one in payments if _settles(one)), None)
    draft = _latest(papers, Frame.A7, Frame.A22) or _latest(papers, Frame.A14) or _latest(papers, Frame.A17, *GENERAL)
    of_moe, of_moa = _latest(papers, Frame.A17), _latest(papers, *GENERAL)
    by_moe = of_moe.amounts.gross if of_moe else None
    if settling is not None:
        asked = draft.amounts.gross if draft else settling.amounts.gross
        beside = sum((part.amount for part in settling.parts[1:]), Decimal(0))
        for place, part in enumerate(settling.parts):
            yield AccountLine(
                settling,
                part.creditor,
                part.amount if place else asked - beside,
                by_moe if by_moe is None else part.amount if place else by_moe - beside,
                part.amount,
                _paid_of(settling, part),
                Decimal(0) if place else _contested(papers),
            )
    elif draft is not None:
        creditor = (draft.contractor if draft.frame is not Frame.A14 else None) or draft.depositor
        by_moa = of_moa.amounts.gross if of_moa else None
        yield AccountLine(draft, creditor, draft.amounts.gross, by_moe, by_moa, None, _contested(papers))
    for paper in payments:
        if paper is not settling:
            yield from (_ordered(paper, part) for part in paper.parts)


def _settles(paper: Paper) -> bool:
    """Whether a payment is the balance itself, or what is admitted of an account that was refused."""
    refused = paper.frame is Frame.A19 and paper.previous_frame in GENERAL and not paper.on_claim
    return paper.frame in FINAL_ACCOUNTS or refused


def _latest(papers: Sequence[Paper], *frames: Frame) -> Paper | None:
    return next(
        (one for one in reversed(papers) if one.frame in frames and (is_current(one) or one.status in CLOSED)), None
    )


def _contested(papers: Sequence[Paper]) -> Decimal:
    """What is claimed beyond the account as it stands, less what the MOA agreed to."""
    last = _latest(papers, *GENERAL, *FINAL_ACCOUNTS)
    return last.claim.contested if last is not None and last.claim is not None else Decimal(0)


def asked_in_all(papers: Iterable[Paper]) -> Decimal:
    """What the requests among ``papers`` come to, with tax: what is admitted of each, what it asks for until then.

    Those of the works, and the final draft, which asks for the balance; a request that comes with another one counts
    once.
    """
    return sum((_counted(line) for line in account_of(papers)), Decimal(0))


def _counted(line: AccountLine) -> Decimal:
    if line.by_moa is not None:
        return line.by_moa
    return accepted_of(line.request) if line.request.frame is Frame.A10 else line.asked


def _paid(request: Paper, payments: Iterable[Paper]) -> Decimal | None:
    """What was paid of a request, part by part (rule 17); None as long as nothing was."""
    amounts = [
        part.amount
        for paper in payments
        for part in paper.parts
        if part.rests_on == request.id and paper.paid_at(part) is not None
    ]
    return sum(amounts, Decimal(0)) if amounts else None


def _paid_of(paper: Paper, part: PaymentPart) -> Decimal | None:
    return part.amount if paper.paid_at(part) is not None else None


def _for(request: Paper, papers: Iterable[Paper]) -> Decimal | None:
    """What ``papers`` have for a request; None when none has it."""
    amounts = [part.amount for paper in papers for part in paper.parts if part.rests_on == request.id]
    return sum(amounts, Decimal(0)) if amounts else None


@dataclass(frozen=True, slots=True)
class WorksAccount:
    """The account of a contract: its lines, and the paper whose figures are the contract's as they stand."""

    lines: tuple[AccountLine, ...]
    situation: Paper | None = None
    """None as long as no paper has figures."""

    @property
    def contested(self) -> Decimal:
        """What is claimed beyond the account and not agreed to, with tax."""
        return sum((one.contested for one in self.lines), Decimal(0))

    @classmethod
    def of(cls, papers: Iterable[Paper]) -> "WorksAccount":
        """The account that ``papers`` of one contract make."""
        papers = tuple(papers)
        return cls(tuple(account_of(papers)), latest_figures(papers))


def latest_figures(papers: Iterable[Paper]) -> Paper | None:
    """The paper whose figures (retention, advance, penalties) are the contract's as they stand; None when none has any.

    The latest that the payer has, since somebody admitted those; before one, the latest that was deposited.
    """
    given = [one for one in papers if one.figures is not None and is_current(one)]
    admitted = [one for one in given if one.step.lands is Addressee.PAYER]
    return max(admitted or given, key=lambda one: (one.deposited_at, one.id), default=None)
