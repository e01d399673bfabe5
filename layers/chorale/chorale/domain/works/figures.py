"""The figures of a paper beside its PDF, and the account of a contract over all its months (rule 29).

All are optional; those that are given must agree with each other (CCAG Travaux 12.2.1). Figures are euros without tax,
as in a projet de décompte; the table is with tax, as what is paid.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from chorale.domain.errors import InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.works.accounts import is_current
from chorale.domain.works.amounts import check_amount
from chorale.domain.works.chain import Addressee
from chorale.domain.works.creditors import accepted_of
from chorale.domain.works.papers import Figures, Paper

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
            f"Le cumul ({total}) moins le cumul précédent ({before}) fait {total - before} EUR HT, et non {period}.",
            "montantPeriode",
        )
    if period is not None and period != net:
        raise InvalidRequest(
            f"Le montant de la période ({period}) n'est pas le montant HT de la pièce ({net}).", "montantPeriode"
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
    creditor: StructureRef
    asked: Decimal
    by_moe: Decimal | None
    by_moa: Decimal | None
    paid: Decimal | None


DECIDED_BY_MOE = frozenset({Frame.A15, Frame.A5})
REQUESTS = frozenset({Frame.A4, Frame.A10, Frame.A13})


def account_of(papers: Iterable[Paper]) -> Iterator[AccountLine]:
    """The lines of a contract's account during the works: one for each request, in the order of their deposit."""
    seen = sorted((one for one in papers if is_current(one)), key=lambda one: (one.deposited_at, one.id))
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


def asked_in_all(papers: Iterable[Paper]) -> Decimal:
    """What the requests among ``papers`` come to, with tax: what is admitted of each, what it asks for until then.

    Those of the works, and the final draft, which asks for the balance; a request that comes with another one counts
    once.
    """
    papers = tuple(papers)
    total = sum((_counted(line) for line in account_of(papers)), Decimal(0))
    final = (paper.amounts.gross for paper in papers if paper.frame is Frame.A7 and is_current(paper))
    return total + sum(final, Decimal(0))


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


def _for(request: Paper, papers: Iterable[Paper]) -> Decimal | None:
    """What ``papers`` have for a request; None when none has it."""
    amounts = [part.amount for paper in papers for part in paper.parts if part.rests_on == request.id]
    return sum(amounts, Decimal(0)) if amounts else None
