"""The page that shows the deadlines of the works chain to a reader says what the program does."""

from pathlib import Path

from chorale.domain.works.deadlines import BY_CCAG, LAW, Ccag, DeadlineKind
from chorale.domain.works.interest import ECB_RATES
from chorale.domain.works.payment_clock import PayerKind

from tests.unit.domain import deadlines_page

ROOT = Path(__file__).parents[3]


def test_the_page_is_up_to_date_with_the_tables() -> None:
    page = (ROOT / deadlines_page.PAGE).read_text(encoding="utf-8")
    assert page == deadlines_page.with_generated(page), "run python -m tests.unit.domain.deadlines_page"


def test_every_deadline_is_on_the_page_with_what_silence_does() -> None:
    page = deadlines_page.generated()
    for kind in DeadlineKind:
        row = LAW.get(kind) or BY_CCAG[Ccag.CCAG_2021][kind]
        line = next(line for line in page.splitlines() if line.startswith(f"| `{kind.value}` |"))
        assert deadlines_page.KINDS[kind] in line
        assert row.silence.sentence in line
        assert row.article in line


def test_every_version_payer_and_half_year_is_on_the_page() -> None:
    page = deadlines_page.generated()
    assert all(deadlines_page.TERMS[ccag] in page for ccag in Ccag if BY_CCAG[ccag])
    assert all(f"`{payer.value}` | {payer.days} jours" in page for payer in PayerKind)
    assert page.count(" % |") == 2 * len(ECB_RATES), "two rates a half-year"
