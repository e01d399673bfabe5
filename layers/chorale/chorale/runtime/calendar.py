"""French public holidays (code du travail L3133-1) of metropolitan France.

The days that only Alsace and Moselle keep are not counted: the hub does not know where the works are.
"""

from collections.abc import Container
from datetime import date
from functools import cache


@cache
def _holidays() -> Container[date]:
    # Loaded when a deadline is first counted: most calls count none.
    from holidays.countries.france import France

    holidays: Container[date] = France()  # type: ignore[no-untyped-call]
    return holidays


def is_public_holiday(day: date) -> bool:
    """Whether ``day`` is a public holiday."""
    return day in _holidays()
