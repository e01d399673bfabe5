"""Where each business term of EN 16931 is in a syntax, as a tree of element names that one walk follows.

A term may have several places, best first: the one of EN 16931, then those of the older Chorus profiles.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
    "aife": "urn:AIFE:Facture:Extension",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "cpp": "",
}

Places = Mapping[str, str | tuple[str, ...]]
"""Path, or paths, of each term; written with the prefixes of NAMESPACES."""


@dataclass(slots=True)
class Branch:
    """One element name on the way to some terms."""

    children: dict[str, "Branch"] = field(default_factory=dict)
    """By name in Clark notation."""
    terms: list[tuple[str, int]] = field(default_factory=list)
    """Terms whose value this element is, each with the rank of this place among those of the term."""
    group: str = ""
    """Repeated group of which this element is one occurrence."""


@dataclass(frozen=True, slots=True)
class TermTable:
    """The terms below one element: the root of a document, or one occurrence of a group."""

    paths: Mapping[str, tuple[str, ...]]
    tree: Branch
    scheme_attributes: tuple[str, ...]
    """Attributes that tell which register an identifier is from."""
    groups: Mapping[str, "TermTable"] = field(default_factory=dict)
    """The terms inside each repeated group (BG-23 VAT breakdown, BG-24 attachments, BG-25 lines)."""
    scheme_sibling: str = ""
    """Element beside an identifier that tells its register, where no attribute does."""
    group_paths: Mapping[str, str] = field(default_factory=dict)
    """Where each repeated group is."""


def table(
    header: Places,
    groups: Mapping[str, tuple[str, Places]],
    scheme_attributes: tuple[str, ...],
    scheme_sibling: str = "",
) -> TermTable:
    """A table from the paths of the header's terms, and the path and terms of each group."""
    inner = {name: _table(terms, scheme_attributes, {}) for name, (_, terms) in groups.items()}
    places = {name: path for name, (path, _) in groups.items()}
    top = replace(_table(header, scheme_attributes, inner), scheme_sibling=scheme_sibling, group_paths=places)
    for name, (path, _) in groups.items():
        _branch(top.tree, path).group = name
    return top


def _table(places: Places, scheme_attributes: tuple[str, ...], groups: Mapping[str, TermTable]) -> TermTable:
    paths = {term: (place,) if isinstance(place, str) else place for term, place in places.items()}
    tree = Branch()
    for term, alternatives in paths.items():
        for rank, path in enumerate(alternatives):
            _branch(tree, path).terms.append((term, rank))
    return TermTable(paths, tree, scheme_attributes, groups)


def _branch(tree: Branch, path: str) -> Branch:
    for step in path.split("/"):
        tree = tree.children.setdefault(clark(step), Branch())
    return tree


def clark(step: str) -> str:
    """A prefixed name in the notation ``{namespace}name``; the plain name where there is no namespace."""
    prefix, _, local = step.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if NAMESPACES[prefix] else local


def group_path(of: TermTable, name: str) -> tuple[str, ...]:
    """The names, in Clark notation, of the elements from below the root to an occurrence of the group ``name``."""

    def below(branch: Branch, path: tuple[str, ...]) -> tuple[str, ...] | None:
        if branch.group == name:
            return path
        found = (below(child, (*path, tag)) for tag, child in branch.children.items())
        return next((one for one in found if one), None)

    return below(of.tree, ()) or ()
