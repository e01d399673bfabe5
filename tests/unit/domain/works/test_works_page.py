"""The page of the works chain says what the tables say."""

from pathlib import Path

from . import works_page

ROOT = Path(__file__).parents[4]


def test_the_page_is_up_to_date_with_the_tables() -> None:
    page = (ROOT / works_page.PAGE).read_text(encoding="utf-8")
    assert page == works_page.with_generated(page), "run python -m tests.unit.domain.works.works_page"
