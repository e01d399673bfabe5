"""Pages and sorts."""

import pytest
from chorale.domain.errors import InvalidRequest
from chorale.domain.paging import DEFAULT_PAGE_SIZE, Page, PageRequest
from chorale.wire.base.models import read, to_json
from chorale.wire.base.paging import Paging, label_of, page_request, pages_given, part_of

COLUMNS = {"DateDepot": "deposited_at", "MontantHT": "net"}


def _asked(**keys: object) -> PageRequest:
    return page_request(read(Paging, to_json(keys).encode()), COLUMNS)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, PageRequest()),
        ({"pageResultatDemandee": 3, "nbResultatsParPage": "25"}, PageRequest(3, 25)),
        ({"pageResultatDemandee": 0, "nbResultatsParPage": 0, "nbResultatsMaximum": 0}, PageRequest()),
        ({"pageResultatDemandee": -1, "nbResultatsParPage": -1, "nbResultatsMaximum": -5}, PageRequest()),
        ({"nbResultatsParPage": 1000, "nbResultatsMaximum": 999999}, PageRequest(1, 1000, 999999)),
        ({"nbResultatsParPage": 10000}, PageRequest(1, 10000)),
        ({"triColonne": "DateDepot", "triSens": "Ascendant"}, PageRequest(sort_column="deposited_at", ascending=True)),
        ({"triColonne": "dateDepot", "triSens": "Descendant"}, PageRequest(sort_column="deposited_at")),
        ({"triColonne": "MontantHT"}, PageRequest(sort_column="net")),
        ({"triSens": "Ascendant "}, PageRequest(ascending=True)),
        ({"triSense": "Ascendant "}, PageRequest(ascending=True)),
    ],
    ids=str,
)
def test_a_page_is_asked_for(keys: dict[str, object], expected: PageRequest) -> None:
    assert _asked(**keys) == expected


def test_defaults_are_those_of_the_domain() -> None:
    assert Paging().nb_resultats_par_page == DEFAULT_PAGE_SIZE
    assert page_request(Paging(), {}).results_maximum is None


def test_the_maximum_has_another_name_in_one_search() -> None:
    assert _asked(getnbResultatsMaximum=7).results_maximum == 7


def test_an_unknown_column_is_refused_with_those_that_exist() -> None:
    with pytest.raises(InvalidRequest, match=r"Prix n'existe pas\. Colonnes admises : DateDepot, MontantHT\."):
        _asked(triColonne="Prix")


def test_a_page_says_where_it_stands_and_whether_there_is_more() -> None:
    page = Page(["a"], 2, 1, 3)

    assert pages_given(page).model_dump(by_alias=True) == {
        "pageCourante": 2,
        "pages": 3,
        "nbResultatsParPage": 1,
        "total": 3,
    }
    assert label_of(page) == "TRA_MSG_00.000"
    assert "limitée aux 3 premiers" in label_of(Page(["a"], 2, 1, 3, capped=True))


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ((1, 10, "", ""), ["b", "a", "c"]),
        ((1, 0, "", ""), ["b", "a", "c"]),
        ((2, 2, "", ""), ["c"]),
        ((1, 10, "Lettre", "Ascendant"), ["a", "b", "c"]),
        ((1, 10, "lettre", ""), ["c", "b", "a"]),
        ((9, 2, "", ""), []),
    ],
)
def test_a_list_inside_a_detail_has_its_page_and_its_sort(asked: tuple[int, int, str, str], rows: list[str]) -> None:
    assert list(part_of(["b", "a", "c"], {"Lettre": lambda letter: letter}, *asked).rows) == rows
