"""Late-payment interest: shown, never paid by the hub.

Sources: code de la commande publique L2192-13, R2192-31 (rate of the ECB's main refinancing operations in force on the
first day of the half-year, plus eight points), R2192-32 and -36 (from the day after the end of the delay to the payment
included), D2192-35 (40 EUR for the cost of recovery). Rates: European Central Bank, main refinancing operations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

FLAT_SUM = Decimal(40)
"""Euros, for the cost of recovery (D2192-35)."""
POINTS_ABOVE = Decimal(8)
DAYS_OF_YEAR = 365
CENT = Decimal("0.01")

ECB_RATES = {
    date(2013, 1, 1): "0.75", date(2013, 7, 1): "0.50", date(2014, 1, 1): "0.25", date(2014, 7, 1): "0.15",
    date(2015, 1, 1): "0.05", date(2015, 7, 1): "0.05", date(2016, 1, 1): "0.05", date(2016, 7, 1): "0.00",
    date(2017, 1, 1): "0.00", date(2017, 7, 1): "0.00", date(2018, 1, 1): "0.00", date(2018, 7, 1): "0.00",
    date(2019, 1, 1): "0.00", date(2019, 7, 1): "0.00", date(2020, 1, 1): "0.00", date(2020, 7, 1): "0.00",
    date(2021, 1, 1): "0.00", date(2021, 7, 1): "0.00", date(2022, 1, 1): "0.00", date(2022, 7, 1): "0.00",
    date(2023, 1, 1): "2.50", date(2023, 7, 1): "4.00", date(2024, 1, 1): "4.50", date(2024, 7, 1): "4.25",
    date(2025, 1, 1): "3.15", date(2025, 7, 1): "2.15", date(2026, 1, 1): "2.15",
}  # fmt: skip
"""Percent in force on the first day of each half-year. A half-year that is not here takes the last one known."""


@dataclass(frozen=True, slots=True)
class Interest:
    """What is owed for paying late. Amounts in euros."""

    days: int
    """Days late, the day of the payment included."""
    rate: Decimal
    """Percent a year."""
    amount: Decimal
    flat_sum: Decimal
    rate_is_known: bool
    """False when the rate is that of an earlier half-year."""


def rate_for(day: date) -> tuple[Decimal, bool]:
    """The yearly rate, in percent, for a delay that ended on ``day``, and whether its half-year is in the table."""
    half = date(day.year, 1 if day.month <= 6 else 7, 1)
    known = half in ECB_RATES
    if not known:
        earlier = [start for start in ECB_RATES if start <= half]
        half = max(earlier, default=min(ECB_RATES))
    return Decimal(ECB_RATES[half]) + POINTS_ABOVE, known


def interest_on_parts(parts: Sequence[tuple[Decimal, date]], due_on: date) -> Interest | None:
    """What is owed on the parts of one request, each an amount and the day until which it was owed (rules 17 and 20).

    None when none of them is late. The flat sum is owed once for a request.
    """
    late = [one for amount, until in parts if (one := interest(amount, due_on, until)) is not None]
    if not late:
        return None
    owed = sum((one.amount for one in late), Decimal(0))
    return Interest(max(one.days for one in late), late[0].rate, owed, FLAT_SUM, late[0].rate_is_known)


def interest(amount: Decimal, due_on: date, until: date) -> Interest | None:
    """What is owed on ``amount`` (euros, with tax) due on ``due_on`` and paid, or not yet, on ``until``.

    None when nothing is late, or the amount is zero or below (rule 20).
    The rate is that of the half-year in which interest began to run.
    """
    days = (until - due_on).days
    if days <= 0 or amount <= 0:
        return None
    rate, known = rate_for(due_on + timedelta(days=1))
    owed = (amount * rate * days / (100 * DAYS_OF_YEAR)).quantize(CENT, ROUND_HALF_UP)
    return Interest(days, rate, owed, FLAT_SUM, known)
