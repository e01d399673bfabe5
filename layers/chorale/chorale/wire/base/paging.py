"""Pages and sorting: the objects that carry them change names per service, their content does not."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, TypeVar

from pydantic import AliasChoices, Field, ValidationInfo, model_validator

from chorale.domain.errors import InvalidRequest
from chorale.domain.paging import DEFAULT_PAGE_SIZE, RESULTS_CAP, Page, PageRequest, cut
from chorale.wire.base.choices import instead
from chorale.wire.base.models import DONE, Answer, Ask, Heard, Part
from chorale.wire.base.values import Integer, Text

ASCENDING = {"ascendant": True, "descendant": False}

T = TypeVar("T")


class Paging(Ask):
    """Page and sort of a search. Zero and less mean "not given": one client sends zeros for what it leaves out.

    A page before the first, and more results on a page than a search looks through, are told.
    """

    # Of every such object of the official description, which says nothing of them; no known client sends them.
    LEFT_ASIDE = frozenset({"champsDeTri", "ordreTriGenerique", "taillePageGenerique", "indexPageGenerique"})

    page_resultat_demandee: Integer = Field(default=1, description="1 si absent ou zéro.")
    nb_resultats_par_page: Integer = Field(
        default=DEFAULT_PAGE_SIZE, description=f"{RESULTS_CAP} au plus ; {DEFAULT_PAGE_SIZE} si absent ou zéro."
    )
    nb_resultats_maximum: Integer = Field(
        default=0, validation_alias=AliasChoices("nbResultatsMaximum", "getnbResultatsMaximum")
    )
    tri_colonne: Text = Field(default="", description="Nom d'une colonne de la réponse, en CamelCase ou en camelCase.")
    tri_sens: Text = Field(
        default="",
        # One client spells it so.
        validation_alias=AliasChoices("triSens", "triSense"),
        description="Ascendant ou Descendant (par défaut).",
    )

    @model_validator(mode="after")
    def _tell_what_is_read_as_another(self, info: ValidationInfo) -> Self:
        if isinstance(info.context, Heard):
            if self.page_resultat_demandee < 0:
                info.context.read_as.append("pageResultatDemandee est négatif : page 1.")
            if self.nb_resultats_par_page < 0:
                info.context.read_as.append(f"nbResultatsParPage est négatif : {DEFAULT_PAGE_SIZE} par page.")
            if self.nb_resultats_par_page > RESULTS_CAP:
                info.context.read_as.append(f"nbResultatsParPage est ramené à {RESULTS_CAP}.")
        return self


def page_request(asked: Paging, columns: Mapping[str, str]) -> PageRequest:
    """The page that ``asked`` names. ``columns``: wire name -> sort key; raises InvalidRequest."""
    return PageRequest(
        number=max(asked.page_resultat_demandee, 1),
        size=min(_given(asked.nb_resultats_par_page, DEFAULT_PAGE_SIZE), RESULTS_CAP),
        results_maximum=asked.nb_resultats_maximum if asked.nb_resultats_maximum > 0 else None,
        sort_column=_column(asked.tri_colonne, columns),
        ascending=_ascending(asked.tri_sens),
    )


def _given(value: int, default: int) -> int:
    return value if value > 0 else default


def _column(name: str, columns: Mapping[str, str]) -> str:
    if not name:
        return ""
    key = next((key for column, key in columns.items() if column.lower() == name.lower()), None)
    if key is None:
        known = instead(name, columns, "Colonnes admises", len(columns))
        raise InvalidRequest(f"La colonne de tri {name} n'existe pas{known}", "triColonne")
    return key


def _ascending(direction: str) -> bool:
    if not direction:
        return False
    known = ASCENDING.get(direction.lower())
    if known is None:
        raise InvalidRequest(f"triSens {direction} est inconnu : Ascendant ou Descendant.", "triSens")
    return known


class PagesGiven(Part):
    """Where the page stands in the whole result (``parametresRetour``)."""

    page_courante: int
    pages: int
    nb_resultats_par_page: int
    total: int


class WholeList(Answer):
    """A list that is given whole, with the figures of its only page at the root."""

    page_courante: int = 1
    pages: int = 1
    nb_resultats_par_page: int
    total: int


def pages_given(page: Page[Any]) -> PagesGiven:
    """The four figures of a page."""
    return PagesGiven(page_courante=page.number, pages=page.pages, nb_resultats_par_page=page.size, total=page.total)


def label_of(page: Page[Any]) -> str:
    """Label of a search that succeeded.

    It says when there is more than a search looks through, and when the page is empty because the last one is before.
    """
    told = []
    if page.total and page.number > page.pages:
        told.append(f"la page {page.number} est vide, la dernière est {page.pages}.")
    if page.capped:
        told.append(f"recherche limitée aux {page.total} premiers résultats, précisez vos critères.")
    return f"{DONE} : {' '.join(told)}" if told else DONE


SortKey = Callable[[T], Any]


def alike(*names: str) -> dict[str, SortKey[Any]]:
    """Sorts by columns that exist and in which the rows do not differ: their order stays."""
    return {name: lambda row: 0 for name in names}


def part_of(
    rows: Sequence[T], sorts: Mapping[str, SortKey[T]], number: int, size: int, column: str, direction: str
) -> Page[T]:
    """The page of a list inside a detail. Without ``column`` the rows keep their order; raises InvalidRequest.

    ``sorts``: wire name -> key. A page or a size below 1 takes its default.
    """
    request = PageRequest(max(number, 1), _given(size, DEFAULT_PAGE_SIZE), ascending=_ascending(direction))
    name = _column(column, {name: name for name in sorts})
    ordered = sorted(rows, key=sorts[name], reverse=not request.ascending) if name else rows
    return cut(ordered, request)
