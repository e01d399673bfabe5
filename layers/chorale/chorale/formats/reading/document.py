"""The business terms of one document: what is written and where. Nothing is judged here."""

from dataclasses import dataclass
from typing import Any

from chorale.domain.syntaxes import DocumentForm
from chorale.formats.reading import cii, ubl
from chorale.formats.reading.terms import TermTable

TABLES = {
    DocumentForm.UBL_INVOICE: ubl.INVOICE,
    DocumentForm.UBL_CREDIT_NOTE: ubl.CREDIT_NOTE,
    DocumentForm.CII: cii.CII,
}


@dataclass(frozen=True, slots=True)
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
    """The terms below one element: the root of the document, or one occurrence of a group."""

    __slots__ = ("element", "paths", "table")

    def __init__(self, element: Any, paths: dict[str, tuple[str, ...]], table: TermTable) -> None:
        self.element = element
        self.paths = paths
        self.table = table

    def one(self, term: str) -> Value:
        """The first value of a term that is not empty; an empty one when it is written so, or ABSENT."""
        empty = ABSENT
        for path in self.paths.get(term, ()):
            for element in self.element.iterfind(self.table.in_clark(path)):
                value = self._value(element)
                if value.text:
                    return value
                if empty.element is None:
                    empty = value
        return empty

    def each(self, term: str) -> list[Value]:
        """All values of a term, in the order of its places then of the document."""
        return [
            self._value(element)
            for path in self.paths.get(term, ())
            for element in self.element.iterfind(self.table.in_clark(path))
        ]

    def place(self, term: str) -> str:
        """Where a term belongs, from this element: for a finding about its absence."""
        return self.paths[term][0] if term in self.paths else ""

    def _value(self, element: Any) -> Value:
        scheme = next((element.get(name) for name in self.table.scheme_attributes if element.get(name)), "")
        return Value((element.text or "").strip(), element, scheme)


class Reading(Terms):
    """The terms of a whole document, with its repeated groups."""

    __slots__ = ("_groups", "form")

    def __init__(self, root: Any, form: DocumentForm) -> None:
        table = TABLES[form]
        super().__init__(root, dict(table.header), table)
        self.form = form
        self._groups: dict[str, list[Terms]] = {}

    def group(self, name: str) -> list[Terms]:
        """The occurrences of a repeated group (BG-23, BG-24, BG-25)."""
        if name not in self._groups:
            paths = dict(self.table.inside[name])
            path = self.table.in_clark(self.table.groups[name])
            self._groups[name] = [Terms(element, paths, self.table) for element in self.element.iterfind(path)]
        return self._groups[name]
