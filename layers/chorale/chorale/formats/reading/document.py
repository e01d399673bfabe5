"""The business terms of one document: what is written and where. Nothing is judged here."""

import gc
from dataclasses import dataclass
from typing import Any

from chorale.domain.syntaxes import DocumentForm
from chorale.formats.reading import cii, cpp, ubl
from chorale.formats.reading.terms import Branch, TermTable, clark

TABLES = {
    DocumentForm.UBL_INVOICE: ubl.INVOICE,
    DocumentForm.UBL_CREDIT_NOTE: ubl.CREDIT_NOTE,
    DocumentForm.CII: cii.CII,
    DocumentForm.CPP: cpp.CPP,
}


@dataclass(slots=True)
class Value:
    """One value as the document writes it, without the spaces around it. ``element`` is None when it is absent."""

    text: str = ""
    element: Any = None
    scheme: str = ""
    """Register of an identifier (``0002``, ``VA``, ``1`` ...)."""

    def __bool__(self) -> bool:
        return bool(self.text)

    def attribute(self, name: str) -> str:
        """An attribute of the element; empty when there is none."""
        return str(self.element.get(name, "")) if self.element is not None else ""


ABSENT = Value()


class Terms:
    """The terms below one element: the root of the document, or one occurrence of a group. Read in one walk."""

    __slots__ = ("_groups", "_values", "element", "table")

    def __init__(self, element: Any, table: TermTable) -> None:
        self.element = element
        self.table = table
        found: dict[str, list[tuple[int, Any]]] = {}
        self._groups: dict[str, list[Terms]] = {}
        self._walk(element, table.tree, found)
        self._values = {
            term: [self._value(met) for _, met in (places if len(places) == 1 else sorted(places, key=_rank))]
            for term, places in found.items()
        }

    def _walk(self, element: Any, branch: Branch, found: dict[str, list[tuple[int, Any]]]) -> None:
        known = branch.children
        for child in element:
            below = known.get(child.tag)
            if below is None:
                continue
            for term, rank in below.terms:
                found.setdefault(term, []).append((rank, child))
            if below.group:
                self._groups.setdefault(below.group, []).append(Terms(child, self.table.groups[below.group]))
            if below.children:
                self._walk(child, below, found)

    def _value(self, element: Any) -> Value:
        scheme = ""
        if element.attrib:
            scheme = next((element.get(name) for name in self.table.scheme_attributes if element.get(name)), "")
        elif self.table.scheme_sibling:
            scheme = (element.getparent().findtext(self.table.scheme_sibling) or "").strip()
        return Value((element.text or "").strip(), element, scheme)

    def one(self, term: str) -> Value:
        """The first value of a term that is not empty; an empty one when it is written so, or ABSENT."""
        values = self._values.get(term)
        if not values:
            return ABSENT
        return next((value for value in values if value.text), values[0])

    def each(self, term: str) -> list[Value]:
        """All values of a term, in the order of its places then of the document."""
        return self._values.get(term, [])

    def gap(self, term: str) -> tuple[Any, str]:
        """Where an absent term belongs: the deepest element that exists on its way, and the path from there."""
        if term not in self.table.paths:  # a form that has no place for it
            return self.element, ""
        element, steps = self.element, self.table.paths[term][0].split("/")
        while len(steps) > 1:
            child = element.find(clark(steps[0]))
            if child is None:
                break
            element, steps = child, steps[1:]
        return element, "/".join(steps)


def _rank(place: tuple[int, Any]) -> int:
    return place[0]


class Reading(Terms):
    """The terms of a whole document, with its repeated groups."""

    __slots__ = ("form",)

    def __init__(self, root: Any, form: DocumentForm) -> None:
        self.form = form
        # Many small objects, none of them garbage: looking for cycles meanwhile would double the time.
        collecting = gc.isenabled()
        gc.disable()
        try:
            super().__init__(root, TABLES[form])
        finally:
            if collecting:
                gc.enable()

    def group(self, name: str) -> list[Terms]:
        """The occurrences of a repeated group (BG-23, BG-24, BG-25)."""
        return self._groups.get(name, [])
