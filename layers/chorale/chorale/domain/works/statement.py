"""The figures of a payment as its payer reads them: shares, situation, account of the contract (rules 17 and 29)."""

from collections.abc import Iterable
from decimal import Decimal

from chorale.domain.dates import paris_day
from chorale.domain.invoices.works_statement import ContractAccount, Figure, Share, WorksStatement
from chorale.domain.works.accounts import is_current
from chorale.domain.works.chain import Addressee
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.excess import remarks_on
from chorale.domain.works.papers import Figures, Paper
from chorale.domain.works.parts import CreditorKind, PaymentPart

KINDS = {
    CreditorKind.TITULAIRE: "titulaire",
    CreditorKind.COTRAITANT: "cotraitant",
    CreditorKind.SOUS_TRAITANT: "sous-traitant",
}


def statement_of(paper: Paper, contract: WorksContract, papers: Iterable[Paper]) -> WorksStatement:
    """What ``paper``, one for the payer, says beside its totals; ``papers`` are those of the contract.

    Accounts and days of payment are those of its parts. A paper without parts is the presenter's, whole.
    """
    known = {one.id: one for one in papers} | {paper.id: paper}
    figures = paper.figures or Figures()
    return WorksStatement(
        tuple(_share(paper, part, known.get(part.rests_on)) for part in _parts(paper, contract)),
        figures.month,
        figures.number,
        tuple(Figure(name, amount) for name, amount in figures_named(figures) if amount is not None),
        ContractAccount(_admitted_before(paper, known.values()), paper.amounts.gross, contract.amount),
        tuple(remarks_on(known, paper)),
    )


def _parts(paper: Paper, contract: WorksContract) -> tuple[PaymentPart, ...]:
    whole = PaymentPart(paper.contractor or contract.presenter, CreditorKind.TITULAIRE, paper.amounts.gross, paper.id)
    return paper.parts or (whole,)


def _share(paper: Paper, part: PaymentPart, request: Paper | None) -> Share:
    paid_at = paper.paid_at(part)
    return Share(
        part.creditor.name,
        part.creditor.identifier,
        KINDS[part.kind],
        part.amount,
        request.number if request else str(part.rests_on),
        part.account,
        paris_day(paid_at) if paid_at else None,
    )


def figures_named(figures: Figures) -> tuple[tuple[str, Decimal | None], ...]:
    """The figures of a situation with their French names, in the order of a decompte; None for what is not given."""
    return (
        ("Cumul à ce jour", figures.cumulative),
        ("Cumul précédent", figures.previous),
        ("Montant de la période", figures.period),
        ("Révision des prix", figures.revision),
        ("Avance", figures.advance),
        ("Reprise d'avance", figures.advance_recovered),
        ("Retenue de garantie", figures.retention),
        ("Pénalités", figures.penalties),
    )


def _admitted_before(paper: Paper, papers: Iterable[Paper]) -> Decimal:
    """What earlier payments of the contract come to, with tax; what was rejected or given up counts for nothing."""
    earlier = (
        one.amounts.gross
        for one in papers
        if one.step.lands is Addressee.PAYER
        and is_current(one)
        and (one.deposited_at, one.id) < (paper.deposited_at, paper.id)
    )
    return sum(earlier, Decimal(0))
