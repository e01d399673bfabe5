"""Ranges that a search asks for."""

from decimal import Decimal

from chorale.domain.invoices.criteria import Between


def amounts(low: Decimal | None, high: Decimal | None) -> Between:
    """A range of amounts, open at an end that is not given.

    One client sends zero for what it does not give: an end at zero counts only beside another that agrees with it.
    """
    if not low and not high:
        return Between()
    if low is not None and high is not None and low > high:
        return Between(low or None, high or None)
    return Between(low, high)
