"""Amounts of works papers and contracts: euros and cents (rule 28)."""

from decimal import Decimal

from chorale.domain.errors import InvalidRequest
from chorale.domain.french_numbers import euros

LARGEST_AMOUNT = Decimal(10) ** 12
"""Euros: beyond what anything costs."""
AMOUNT_FIELD = "montantTtcTotal"
CONFIRMATION_FIELD = "depassementConfirme"
"""By which a depositor says that an amount above that of the paper before is meant."""


def check_amount(amount: Decimal, field: str = AMOUNT_FIELD) -> None:
    """Raise InvalidRequest for an amount that is not in euros and cents, or beyond what anything costs (rule 28)."""
    if not amount.is_finite() or abs(amount) >= LARGEST_AMOUNT or amount != round(amount, 2):
        as_read = str(amount).replace(".", ",")
        raise InvalidRequest(
            f"Le montant {as_read} n'est pas en euros et centimes, ou dépasse {euros(LARGEST_AMOUNT)}.", field
        )
