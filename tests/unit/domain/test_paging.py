"""Pages of a result, counted from 1."""

import pytest
from chorale.domain.paging import Page, PageRequest, cut
from hypothesis import given
from hypothesis import strategies as st

sizes = st.integers(min_value=1, max_value=50)
results = st.lists(st.integers(), max_size=200)


@given(results, sizes)
def test_the_pages_put_end_to_end_are_the_result(rows: list[int], size: int) -> None:
    first = cut(rows, PageRequest(1, size))
    pages = [cut(rows, PageRequest(number, size)) for number in range(1, first.pages + 1)]
    assert [row for page in pages for row in page.rows] == rows
    assert all(len(page.rows) == size for page in pages[:-1])
    assert all(page.total == len(rows) for page in pages)


@given(results, sizes, st.integers(min_value=1, max_value=1000))
def test_beyond_the_last_page_there_is_nothing_but_the_total_is_still_told(
    rows: list[int], size: int, beyond: int
) -> None:
    pages = cut(rows, PageRequest(1, size)).pages
    page = cut(rows, PageRequest(pages + beyond, size))
    assert list(page.rows) == []
    assert (page.total, page.pages) == (len(rows), pages)


@pytest.mark.parametrize(
    ("total", "size", "pages"), [(0, 10, 0), (1, 10, 1), (10, 10, 1), (11, 10, 2), (200, 10, 20), (10_000, 1, 10_000)]
)
def test_how_many_pages_a_result_has(total: int, size: int, pages: int) -> None:
    assert Page(rows=[], number=1, size=size, total=total).pages == pages


def test_a_request_that_says_nothing_gets_the_first_ten_latest_first() -> None:
    assert PageRequest() == PageRequest(number=1, size=10, sort_column="", ascending=False)


def test_the_page_says_whether_the_cap_cut_the_result() -> None:
    assert cut([1, 2], PageRequest(), capped=True).capped
    assert not cut([1, 2], PageRequest()).capped
