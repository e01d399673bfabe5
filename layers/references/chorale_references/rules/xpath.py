"""What generated rules call: steps over the flat document, and all of `values`."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from lxml import etree

from .document import DOCUMENT, NO_NODES, ROOT, Document
from .values import *  # noqa: F403 - generated modules import both from here
from .values import XPathError, _booleans, _decimals

Nodes = Sequence[int]
NO_GROUPS: dict[Any, list[int]] = {}
_own_text = etree.XPath("text()")
_all_text = etree.XPath(".//text()")


def both(*operands: Callable[[], Any]) -> bool:
    """`and`: an error in one operand counts only when no other is false (XPath 2.0, 2.3.4, as official)."""
    failure = None
    for operand in operands:
        try:
            if not operand():
                return False
        except XPathError as error:
            failure = failure or error
    if failure is not None:
        raise failure
    return True


def either(*operands: Callable[[], Any]) -> bool:
    """`or`: an error in one operand counts only when no other is true."""
    failure = None
    for operand in operands:
        try:
            if operand():
                return True
        except XPathError as error:
            failure = failure or error
    if failure is not None:
        raise failure
    return False


def texts(d: Document, nodes: Nodes) -> list[str]:
    """String values of nodes."""
    if not nodes:
        return []
    texts_, text = d.T, d.text
    return [texts_[node] or text(node) for node in nodes]


def one_text(d: Document, nodes: Nodes) -> str:
    """String value of the only node, '' for none; several are a type error."""
    if not nodes:
        return ""
    if len(nodes) > 1:
        raise XPathError("XPTY0004: more than one element where one is allowed")
    node = nodes[0]
    return d.T[node] or d.text(node)


def optional_text(d: Document, nodes: Nodes) -> str | None:
    """String value of the only node, None for none; several are a type error."""
    return one_text(d, nodes) if nodes else None


def decimal_of_node(d: Document, nodes: Nodes) -> Any:
    """xs:decimal() of the only node, None for none."""
    return _decimals[one_text(d, nodes)] if nodes else None


def has_text(d: Document, nodes: Nodes, value: str | None) -> bool:
    """Whether a node has this string value."""
    for node in nodes:  # noqa: SIM110 - twice as quick as any()
        if (d.T[node] or d.text(node)) == value:
            return True
    return False


def has_boolean(d: Document, nodes: Nodes, value: bool) -> bool:
    """Whether a node's value, as a boolean, is this one."""
    for node in nodes:  # noqa: SIM110 - twice as quick as any()
        if _booleans[d.T[node] or d.text(node)] == value:
            return True
    return False


def filled(d: Document, nodes: Nodes) -> bool:
    """Whether the only node has any text but spaces; no node has none, several are a type error."""
    if not nodes:
        return False
    if len(nodes) > 1:
        raise XPathError("XPTY0004: more than one element where one is allowed")
    node = nodes[0]
    return bool((d.T[node] or d.text(node)).strip(" \t\r\n"))


def has_other_text(d: Document, nodes: Nodes, value: str | None) -> bool:
    """Whether a node has another string value."""
    return value is not None and any((d.T[node] or d.text(node)) != value for node in nodes)


def children(table: dict[int, list[int]], nodes: Nodes) -> Nodes:
    """Children by one child table, of several nodes."""
    if not nodes:
        return NO_NODES
    if len(nodes) == 1:
        return table.get(nodes[0], NO_NODES)
    return [child for node in nodes if node in table for child in table[node]]


def all_children(d: Document, nodes: Nodes) -> list[int]:
    """Children of any name."""
    parents_ = d.P
    return [child for node in nodes for child in range(node + 1, d.end(node)) if parents_[child] == node]


def parents(table: list[int], nodes: Nodes) -> list[int]:
    """Parents, each once, in document order."""
    return sorted({table[node] for node in nodes})


def ancestors(d: Document, nodes: Nodes, key: str) -> list[int]:
    """Ancestors of one name."""
    found = set()
    for node in nodes:
        above = d.P[node]
        while above >= ROOT:
            if d.shape(above).key == key:
                found.add(above)
            above = d.P[above]
    return sorted(found)


def preceding(d: Document, nodes: Nodes, key: str) -> Nodes:
    """Elements of one name that end before one of the nodes begins."""
    if not nodes:
        return NO_NODES
    last = max(nodes)
    found = d.every(key)
    return [node for node in found[: bisect_left(found, last)] if d.end(node) <= last]


def named(d: Document, nodes: Nodes, key: str) -> list[int]:
    """Those of the nodes that have this name."""
    return [node for node in nodes if node >= ROOT and d.shape(node).key == key]


def name_of(d: Document, node: int | None) -> str:
    """Local name of an element, '' for the document or nothing."""
    return "" if node is None or node <= DOCUMENT else d.shape(node).local


def attributes(table: list[dict[str, str]], nodes: Nodes, name: str) -> list[str]:
    """Values of one attribute of several elements, without those that lack it."""
    return [table[node][name] for node in nodes if name in table[node]]


def every_attribute(d: Document, name: str) -> list[str]:
    """Values of one attribute wherever it occurs."""
    return [held[name] for held in d.A if name in held] if name in d.attribute_names() else []


def text_nodes(d: Document, nodes: Nodes) -> list[str]:
    """Text node children."""
    elements = d.elements(set(nodes))
    return [str(text) for node in nodes for text in _own_text(elements[node])]  # type: ignore[union-attr]


def texts_below(d: Document, nodes: Nodes) -> list[str]:
    """Text nodes at any depth."""
    elements = d.elements(set(nodes))
    return [str(text) for node in nodes for text in _all_text(elements[node])]  # type: ignore[union-attr]


def union(*lists: Nodes) -> Nodes:
    """Nodes of all lists, each once, in document order."""
    filled = [nodes for nodes in lists if nodes]
    if not filled:
        return NO_NODES
    return sorted({node for nodes in filled for node in nodes})


def first_of_each_value(d: Document, nodes: Nodes) -> list[int]:
    """The first node of each string value."""
    first: dict[str, int] = {}
    for node in nodes:
        first.setdefault(d.T[node] or d.text(node), node)
    return list(first.values())


def grouped(pairs: Iterable[tuple[int, Sequence[Any]]]) -> dict[Any, list[int]]:
    """Nodes by each of their values; a value that is not equal to itself (NaN) finds nothing."""
    groups: dict[Any, list[int]] = {}
    for node, values in pairs:
        for value in values if len(values) < 2 else dict.fromkeys(values):
            if value is not None and value == value:  # noqa: PLR0124 - not for NaN
                groups.setdefault(value, []).append(node)
    return groups


def pick(groups: dict[Any, list[int]], values: Iterable[Any]) -> Nodes:
    """The nodes of several values."""
    return union(*(groups.get(value, NO_NODES) for value in values))
