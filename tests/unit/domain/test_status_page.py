"""The page that shows the statuses to a reader says what the program does."""

from pathlib import Path

from chorale.domain.invoices.transitions import TRANSITIONS, Act
from chorale.domain.statuses import Status

from tests.unit.domain import status_page

ROOT = Path(__file__).parents[3]


def test_the_page_is_up_to_date_with_the_table_of_transitions() -> None:
    page = (ROOT / status_page.PAGE).read_text(encoding="utf-8")
    assert page == status_page.with_generated(page), "run python -m tests.unit.domain.status_page"


def test_the_diagram_has_one_arrow_per_transition() -> None:
    arrows = [line for line in status_page.diagram().splitlines() if ": " in line]
    assert len(arrows) == len(set(arrows)) == len(TRANSITIONS)


def test_every_act_and_every_status_is_on_the_page() -> None:
    table = status_page.table()
    assert all(status_page.ACTS[act] in table for act in Act)
    assert all(f"`{status.value}`" in status_page.statuses() for status in Status)
