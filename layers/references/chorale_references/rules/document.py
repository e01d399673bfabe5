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

from chorale_references.names import clark_name, local_name, short_name

NOTHING, DOCUMENT, ROOT = 0, 1, 2
NO_ATTRIBUTES: dict[str, str] = {}
NO_NODES: tuple[int, ...] = ()
NO_TABLE: dict[int, list[int]] = {}

# A hostile sender can make up paths without end; past this number the shared ones are forgotten and made again.
MAX_SHAPES = 20_000
_string_value = etree.XPath("string()")
_count_elements = etree.XPath("count(descendant-or-self::*)")


class Shape:
    """A path of element names from the document down."""

    __slots__ = ("children", "depth", "key", "local", "parent", "routes")

    def __init__(self, key: str, parent: "Shape | None") -> None:
        self.key = key
        self.local = local_name(key)
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.children: dict[str, Shape] = {}
        self.routes = Routes(self)

    def under(self, key: str) -> bool:
        """Whether an element of that name is among the ancestors."""
        above = self.parent
        while above is not None:
            if above.key == key:
                return True
            above = above.parent
        return False


class Routes(dict[str, Shape]):
    """Shapes below one shape by their path of names, `cac:Party/cac:PostalAddress`."""

    __slots__ = ("start",)

    def __init__(self, start: Shape) -> None:
        super().__init__()
        self.start = start

    def __missing__(self, path: str) -> Shape:
        shape = self.start
        for key in path.split("/"):
            tag = clark_name(key)
            shape = shape.children.get(tag) or SHAPES.make(shape, tag)
        self[path] = shape
        return shape


class ShapeRegistry:
    """The shapes of the process, by path."""

    def __init__(self) -> None:
        self.generation = 0
        self.document = Shape("", None)
        self._keys: dict[str, str] = {}
        self._count = 0

    def make(self, parent: Shape, tag: str) -> Shape:
        """The shape of a child of `parent` named so (Clark notation); if another thread made it first, that one."""
        self._count += 1
        return parent.children.setdefault(tag, Shape(self._keys.setdefault(tag, short_name(tag)), parent))

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

    __slots__ = ("lists", "parents")

    def __init__(self, parents: list[int], lists: dict[str, list[list[int]]]) -> None:
        super().__init__()
        self.parents = parents
        self.lists = lists

    def __missing__(self, key: str) -> dict[int, list[int]]:
        lists = self.lists.get(key)
        if not lists:
            self[key] = NO_TABLE
            return NO_TABLE
        parents = self.parents
        if len(lists) == 1 and len(lists[0]) == 1:
            table = self[key] = {parents[lists[0][0]]: lists[0]}
            return table
        table = self[key] = {}
        for nodes in lists:
            for node in nodes:
                parent = parents[node]
                if parent in table:
                    table[parent].append(node)
                else:
                    table[parent] = [node]
        return table


class Document:
    """The flat arrays of one invoice. The one-letter names are those that generated code uses in every line.

    T: text of an element without element children, None for the others; C: child tables by name; P: parent;
    A: attributes; R: shapes below the root element by path. `groups` holds the nodes of each shape, in document order.
    Raises TypeError when `root` is not an element.
    """

    __slots__ = (
        "A",
        "C",
        "P",
        "R",
        "T",
        "_ends",
        "_every",
        "_lists",
        "_names",
        "_shapes",
        "generation",
        "groups",
        "memo",
        "root",
    )

    def __init__(self, root: etree._Element) -> None:
        if not isinstance(root.tag, str):
            raise TypeError("the root of a document must be an element")
        size = int(_count_elements(root)) + ROOT  # type: ignore[arg-type] # XPath count() is a number
        shape = SHAPES.document_shape()
        self.root = root
        self.generation = SHAPES.generation
        self.T: list[str | None] = [""] * size
        self.T[DOCUMENT] = None
        self.P: list[int] = [NOTHING] * size
        self.A: list[dict[str, str]] = [NO_ATTRIBUTES] * size
        self.groups: dict[Shape, list[int]] = {}
        self.memo: dict[Any, Any] = {}
        self._names: frozenset[str] | None = None
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
        self._lists: dict[str, list[list[int]]] = {}
        for found, nodes in self.groups.items():
            if found.key in self._lists:
                self._lists[found.key].append(nodes)
            else:
                self._lists[found.key] = [nodes]
        self.C = Children(self.P, self._lists)
        self.R = next(iter(self.groups)).routes

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

    def at(self, path: str) -> Sequence[int]:
        """The elements at a path of names from the document, in document order."""
        return self.groups.get(SHAPES.document.routes[path], NO_NODES)

    def attribute_names(self) -> frozenset[str]:
        """Names of all attributes that occur."""
        if self._names is None:
            self._names = frozenset(name for held in self.A if held for name in held)
        return self._names

    def every(self, key: str) -> Sequence[int]:
        """All elements of one name, wherever they are, in document order."""
        found = self._every.get(key)
        if found is None:
            lists = self._lists.get(key, ())
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
