"""The business terms of one document: what is written and where. Nothing is judged here."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from chorale.domain.syntaxes import DocumentForm
from chorale.formats.reading import cii, cpp, ubl
from chorale.formats.reading.terms import Branch, TermTable, clark

TABLES = {
    DocumentForm.UBL_INVOICE: ubl.INVOICE,
    DocumentForm.UBL_CREDIT_NOTE: ubl.CREDIT_NOTE,
    DocumentForm.CII: cii.CII,
    DocumentForm.CPP: cpp.CPP,
}


UNPREFIXED = "cpp:"
"""Prefix of the tables for a form whose elements have no namespace."""


@cache
def _terms_by_path() -> dict[str, str]:
    found: dict[str, str] = {}
    for table in TABLES.values():
        for term, paths in table.paths.items():
            for path in paths:
                found.setdefault(path.replace(UNPREFIXED, ""), term)
        for group, terms in table.groups.items():
            for term, paths in terms.paths.items():
                for path in paths:
                    found.setdefault(f"{table.group_paths[group]}/{path}".replace(UNPREFIXED, ""), term)
    return found


def term_at(path: str) -> str:
    """The term that is at a path from the root, written with the usual prefixes; empty when there is none."""
    return _terms_by_path().get(path, "")


@dataclass(slots=True)
class Value:
    """One value as the document writes it, without the spaces around it. ``element`` is None when it is absent."""

    text: str = ""
    element: Any = None
    given_scheme: str = ""
    """Of a value that was worked out: it stands in no attribute."""
    table: TermTable | None = None
    """Says where the form writes a scheme."""

    @property
    def scheme(self) -> str:
        """Register of an identifier (``0002``, ``VA``, ``1`` ...); looked for when it is asked: few values have one."""
        if self.table is None:
            return self.given_scheme
        for name in self.table.scheme_attributes:
            if scheme := self.element.get(name, ""):
                return str(scheme)
        if self.table.scheme_sibling and not self.element.attrib:
            return (self.element.getparent().findtext(self.table.scheme_sibling) or "").strip()
        return ""

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
        found: dict[str, list[tuple[int, Value]]] = {}
        self._groups: dict[str, list[Terms]] = {}
        self._walk(element, table.tree, found)
        self._values = {
            term: [value for _, value in (places if len(places) == 1 else sorted(places, key=_rank))]
            for term, places in found.items()
        }

    def _walk(self, element: Any, branch: Branch, found: dict[str, list[tuple[int, Value]]]) -> None:
        known, table = branch.children, self.table
        for child in element:
            below = known.get(child.tag)
            if below is None:
                continue
            if below.terms:
                value = Value((child.text or "").strip(), child, "", table)
                for term, rank in below.terms:
                    if term in found:
                        found[term].append((rank, value))
                    else:
                        found[term] = [(rank, value)]
            if below.group:
                self._groups.setdefault(below.group, []).append(Terms(child, self.table.groups[below.group]))
            if below.children:
                self._walk(child, below, found)

    def one(self, term: str) -> Value:
        """The first value of a term that is not empty; an empty one when it is written so, or ABSENT."""
        values = self._values.get(term)
        if not values:
            return ABSENT
        first = values[0]
        if first.text or len(values) == 1:
            return first
        return next((value for value in values if value.text), first)

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


def _rank(place: tuple[int, Value]) -> int:
    return place[0]


Answer = TypeVar("Answer")


class Reading(Terms):
    """The terms of a whole document, with its repeated groups."""

    __slots__ = ("_worked_out", "form")

    def __init__(self, root: Any, form: DocumentForm) -> None:
        self.form = form
        self._worked_out: dict[str, Any] = {}
        # Many small objects, none of them garbage: looking for cycles meanwhile would double the time.
        collecting = gc.isenabled()
        gc.disable()
        try:
            super().__init__(root, TABLES[form])
        finally:
            if collecting:
                gc.enable()

    def once(self, question: str, answer: Callable[["Reading"], Answer]) -> Answer:
        """What several rules ask of a document, worked out by ``answer`` the first time that it is asked."""
        if question not in self._worked_out:
            self._worked_out[question] = answer(self)
        found: Answer = self._worked_out[question]
        return found

    def group(self, name: str) -> list[Terms]:
        """The occurrences of a repeated group (BG-23, BG-24, BG-25)."""
        return self._groups.get(name, [])
