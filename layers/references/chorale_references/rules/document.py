"""An invoice as flat arrays: what the rules read. Built once per document, shared by all rule sets.

Nodes are integers in document order: 0 stands for "no node", 1 is the document, 2 the root element. Every node has a
shape, which is its path of names from the root; shapes are shared by all documents of the process, so what depends on
names alone is worked out once per shape and not once per node.
"""

import gc
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from lxml import etree

from chorale_references.names import local_name, short_name

NOTHING, DOCUMENT, ROOT = 0, 1, 2
NO_ATTRIBUTES: dict[str, str] = {}
NO_NODES: tuple[int, ...] = ()

# A hostile sender can make up paths without end; past this number the shared ones are forgotten and made again.
MAX_SHAPES = 20_000
_string_value = etree.XPath("string()")
_count_elements = etree.XPath("count(descendant-or-self::*)")


class Shape:
    """A path of element names from the document down."""

    __slots__ = ("children", "depth", "key", "local", "parent")

    def __init__(self, key: str, parent: "Shape | None") -> None:
        self.key = key
        self.local = local_name(key)
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.children: dict[str, Shape] = {}

    def under(self, key: str) -> bool:
        """Whether an element of that name is among the ancestors."""
        above = self.parent
        while above is not None:
            if above.key == key:
                return True
            above = above.parent
        return False


class ShapeRegistry:
    """The shapes of the process, by path."""

    def __init__(self) -> None:
        self.generation = 0
        self.document = Shape("", None)
        self._keys: dict[str, str] = {}
        self._count = 0

    def make(self, parent: Shape, tag: str) -> Shape:
        """The shape of a child of `parent` named so (Clark notation); it was not there before."""
        shape = Shape(self._keys.setdefault(tag, short_name(tag)), parent)
        parent.children[tag] = shape
        self._count += 1
        return shape

    def document_shape(self) -> Shape:
        """The shape to begin a document with; forgets all others when there are too many."""
        if self._count > MAX_SHAPES:
            self.generation += 1
            self.document = Shape("", None)
            self._keys, self._count = {}, 0
        return self.document


SHAPES = ShapeRegistry()


class Children(dict[str, dict[int, list[int]]]):
    """Child tables by name: for each parent its children of that name. A table is made when first asked for."""

    __slots__ = ("document",)

    def __init__(self, document: "Document") -> None:
        super().__init__()
        self.document = document

    def __missing__(self, key: str) -> dict[int, list[int]]:
        parents = self.document.P
        table: dict[int, list[int]] = {}
        for nodes in self.document.lists(key):
            for node in nodes:
                parent = parents[node]
                if parent in table:
                    table[parent].append(node)
                else:
                    table[parent] = [node]
        self[key] = table
        return table


class Document:
    """The flat arrays of one invoice. The one-letter names are those that generated code uses in every line.

    T: text of an element without element children, None for the others; C: child tables by name; P: parent;
    A: attributes. `groups` holds the nodes of each shape, in document order.
    Raises TypeError when `root` is not an element.
    """

    __slots__ = ("A", "C", "P", "T", "_by_key", "_ends", "_every", "_shapes", "generation", "groups", "memo", "root")

    def __init__(self, root: etree._Element) -> None:
        if not isinstance(root.tag, str):
            raise TypeError("the root of a document must be an element")
        size = int(_count_elements(root)) + ROOT
        shape = SHAPES.document_shape()
        self.root = root
        self.generation = SHAPES.generation
        self.T: list[str | None] = [""] * size
        self.T[DOCUMENT] = None
        self.P: list[int] = [NOTHING] * size
        self.A: list[dict[str, str]] = [NO_ATTRIBUTES] * size
        self.C = Children(self)
        self.groups: dict[Shape, list[int]] = {}
        self.memo: dict[Any, Any] = {}
        self._by_key: dict[str, list[list[int]]] | None = None
        self._every: dict[str, Sequence[int]] = {}
        self._ends: list[int] | None = None
        self._shapes: list[Shape] | None = None
        # Many small objects, none of them garbage: looking for cycles meanwhile would double the time.
        collecting = gc.isenabled()
        gc.disable()
        try:
            self._fill((root,), DOCUMENT, shape, ROOT)
        finally:
            if collecting:
                gc.enable()

    def _fill(self, elements: Any, parent: int, shape: Shape, node: int) -> int:
        """Number the children of one node and all below them, from `node` on; returns the next number.

        The one hot loop of the module: half of the time of an ordinary invoice is spent here.
        """
        texts, parents, attributes, groups, known = self.T, self.P, self.A, self.groups, shape.children
        for element in elements:
            tag = element.tag
            child = known.get(tag)
            if child is None:
                if not isinstance(tag, str):  # a comment or a processing instruction
                    continue
                child = SHAPES.make(shape, tag)
            parents[node] = parent
            if child in groups:
                groups[child].append(node)
            else:
                groups[child] = [node]
            items = element.items()
            if items:
                attributes[node] = dict(items)
            if len(element):
                texts[node] = None
                node = self._fill(element, node, child, node + 1)
            else:
                texts[node] = element.text or ""
                node += 1
        return node

    def elements(self, nodes: set[int]) -> dict[int, etree._Element]:
        """The lxml elements of some nodes, in one walk over the tree."""
        found: dict[int, etree._Element] = {}
        for node, element in enumerate(self.root.iter("*"), ROOT):
            if node in nodes:
                found[node] = element
                if len(found) == len(nodes):
                    break
        return found

    def text(self, node: int) -> str:
        """String value of any node: its text and that of all below, without comments."""
        text = self.T[node]
        if text is None:
            text = self.T[node] = str(_string_value(self.elements({max(node, ROOT)})[max(node, ROOT)]))
        return text

    def lists(self, key: str) -> Sequence[list[int]]:
        """The elements of one name, one list for each shape."""
        if self._by_key is None:
            self._by_key = {}
            for shape, nodes in self.groups.items():
                self._by_key.setdefault(shape.key, []).append(nodes)
        return self._by_key.get(key, ())

    def every(self, key: str) -> Sequence[int]:
        """All elements of one name, wherever they are, in document order."""
        found = self._every.get(key)
        if found is None:
            lists = self.lists(key)
            found = lists[0] if len(lists) == 1 else sorted(node for nodes in lists for node in nodes)
            self._every[key] = found
        return found

    def below(self, node: int, key: str) -> Sequence[int]:
        """The descendants of one name, in document order."""
        found = self.every(key)
        return found[bisect_left(found, node + 1) : bisect_left(found, self.end(node))]

    def end(self, node: int) -> int:
        """The first number past the descendants of a node."""
        if self._ends is None:
            ends = list(range(1, len(self.P) + 1))
            for child in range(len(self.P) - 1, DOCUMENT, -1):
                parent = self.P[child]
                ends[parent] = max(ends[parent], ends[child])
            self._ends = ends
        return self._ends[node]

    def shape(self, node: int) -> Shape:
        """The shape of an element."""
        if self._shapes is None:
            self._shapes = [SHAPES.document] * len(self.P)
            for shape, nodes in self.groups.items():
                for member in nodes:
                    self._shapes[member] = shape
        return self._shapes[node]
