"""Pages of a list, as the public API counts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

DEFAULT_PAGE_SIZE = 10
RESULTS_CAP = 10_000
"""No search looks further than this many rows."""
DEFAULT_INVOICES = 200
"""How many invoices a search gives that names no maximum, as on the public platform."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for; pages count from 1."""

    number: int = 1
    size: int = DEFAULT_PAGE_SIZE
    results_maximum: int | None = None
    """None when not given."""
    sort_column: str = ""
    """Sort key of the column; empty for the default sort."""
    ascending: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a result: ``total`` counts the whole result within the cap."""

    rows: Sequence[T]
    number: int
    size: int
    total: int
    capped: bool = False
    """Whether there may be more results than the cap let through."""

    @property
    def pages(self) -> int:
        """Number of pages; 0 for an empty result."""
        return -(-self.total // self.size)


def cut(rows: Sequence[T], request: PageRequest, capped: bool = False) -> Page[T]:
    """The page of ``rows`` that ``request`` asks for; beyond the last page it is empty."""
    start = (request.number - 1) * request.size
    return Page(rows[start : start + request.size], request.number, request.size, len(rows), capped)
