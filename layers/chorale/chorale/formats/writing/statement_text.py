"""The statement of a works payment as one paragraph of the payer's invoice."""

from chorale.domain.invoices.works_statement import WorksStatement
from chorale.formats.writing.french_numbers import money

CURRENCY = "EUR"


def statement_text(statement: WorksStatement) -> str:
    """What to verify, who is paid what, the situation; amounts as the French write them."""
    sentences = list(statement.remarks)
    if len(statement.shares) > 1:
        shares = " ; ".join(
            f"{one.creditor} ({one.identifier}, {one.kind}) : {money(one.amount, CURRENCY)} TTC, demande {one.request}"
            for one in statement.shares
        )
        sentences.append(f"Répartition : {shares}.")
    if statement.situation and statement.figures:
        figures = " ; ".join(f"{one.name.lower()} {money(one.amount, CURRENCY)}" for one in statement.figures)
        sentences.append(f"{statement.situation}, hors taxes : {figures}.")
    elif statement.situation:
        sentences.append(f"{statement.situation}.")
    return "\n".join(sentences)
