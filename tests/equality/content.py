"""What the schemas allow: enough of their content models to put an element where it may be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from chorale_references import schema_path
from lxml import etree

_XS = "{http://www.w3.org/2001/XMLSchema}"
_BUILT_IN = "{http://www.w3.org/2001/XMLSchema}"
# A value that is right for each built-in type that leaves have.
_VALUES = {
    "decimal": "1",
    "date": "2024-01-15",
    "time": "12:00:00",
    "dateTime": "2024-01-15T12:00:00",
    "boolean": "true",
    "base64Binary": "QQ==",
}


@dataclass
class Child:
    """An element that a type allows: Clark name, name of its type, how often it must occur."""

    tag: str
    type: str
    required: int
    repeatable: bool
    alternative: bool  # one of a choice: the others must go


@dataclass
class Type:
    """Children in the order of the schema, attributes with their built-in type, and the built-in type of the text."""

    children: list[Child] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    required_attributes: set[str] = field(default_factory=set)
    fixed: dict[str, str] = field(default_factory=dict)  # attributes that can have one value only
    text: str | None = None
    open: bool = False  # takes any element

    @property
    def value(self) -> str:
        """A text that the type allows."""
        return _VALUES.get(self.text or "", "a")


class ContentModel:
    """The types of one schema and of all that it includes."""

    def __init__(self, entry: Path) -> None:
        self._definitions: dict[str, etree._Element] = {}
        self._elements: dict[str, etree._Element] = {}
        self._qualified: dict[str, etree._Element] = {}
        self._types: dict[str, Type] = {}
        self._read(entry.resolve(), set())

    def _read(self, path: Path, seen: set[Path]) -> None:
        if path in seen:
            return
        seen.add(path)
        root = etree.parse(str(path)).getroot()
        namespace = root.get("targetNamespace")
        for node in root:
            name = f"{{{namespace}}}{node.get('name')}"
            if node.tag in {f"{_XS}complexType", f"{_XS}simpleType"}:
                self._definitions[name] = node
            elif node.tag == f"{_XS}element":
                self._elements[name] = node
            elif node.get("schemaLocation"):
                self._read((path.parent / str(node.get("schemaLocation"))).resolve(), seen)

    def type_of_root(self, tag: str) -> str | None:
        """Name of the type of a global element, None if there is none."""
        return self._resolved(self._elements[tag], "type") if tag in self._elements else None

    def type(self, name: str) -> Type:
        """A type by its Clark name."""
        found = self._types.get(name)
        if found is None:
            found = self._types[name] = Type()
            self._fill(found, name)
        return found

    def tags_with(self, root: str, attribute: str) -> list[str]:
        """Names of the elements below a root that may have an attribute."""
        found: dict[str, None] = {}
        todo, seen = [self.type_of_root(root)], set()
        while todo:
            name = todo.pop()
            if name is None or name in seen:
                continue
            seen.add(name)
            for child in self.type(name).children:
                if attribute in self.type(child.type).attributes:
                    found[child.tag] = None
                todo.append(child.type)
        return list(found)

    def child(self, parent: str, tag: str) -> Child | None:
        """What a type says of a child of that name; None when it does not allow it."""
        return next((child for child in self.type(parent).children if child.tag == tag), None)

    def _resolved(self, node: etree._Element, attribute: str) -> str:
        prefix, _, local = str(node.get(attribute)).rpartition(":")
        return f"{{{node.nsmap.get(prefix or None)}}}{local}"

    def _fill(self, found: Type, name: str) -> None:
        if name.startswith(_BUILT_IN):
            found.text = name.removeprefix(_BUILT_IN)
            return
        own = list(_own(self._definitions[name]))
        for node in own:
            if node.tag in {f"{_XS}extension", f"{_XS}restriction"}:
                base = self.type(self._resolved(node, "base"))
                found.text = base.text
                found.children = list(base.children)
                found.attributes.update(base.attributes)
                found.required_attributes |= base.required_attributes
                found.fixed.update(base.fixed)
        for node in own:
            if node.tag == f"{_XS}element":
                found.children.append(self._child(node))
            elif node.tag == f"{_XS}any":
                found.open = True
            elif node.tag == f"{_XS}attribute":
                attribute = str(node.get("name"))
                found.attributes[attribute] = self._attribute_type(node)
                if node.get("fixed") is not None:
                    found.fixed[attribute] = str(node.get("fixed"))
                if node.get("use") == "required":
                    found.required_attributes.add(attribute)

    def _attribute_type(self, node: etree._Element) -> str:
        return self.type(self._type_of(node)).text or "string"

    def _type_of(self, node: etree._Element) -> str:
        """Name of the type of an element or attribute; a type written inside it gets a name of its own."""
        if node.get("type"):
            return self._resolved(node, "type")
        name = f"anonymous-{len(self._definitions)}"
        self._definitions[name] = next(inner for inner in node if str(inner.tag).endswith("Type"))
        return name

    def _child(self, node: etree._Element) -> Child:
        if node.get("ref"):
            tag = self._resolved(node, "ref")
            kind = self._resolved(self._elements[tag], "type")
        else:
            schema = node.getroottree().getroot()
            tag = f"{{{schema.get('targetNamespace')}}}{node.get('name')}"
            kind = self._type_of(node)
        required = int(node.get("minOccurs", "1"))
        group = node.getparent()
        alternative = group is not None and group.tag == f"{_XS}choice"
        if group is not None and alternative:  # the first alternative stands for the choice
            first = next(group.iterchildren(f"{_XS}element")) is node
            required = int(group.get("minOccurs", "1")) if first else 0
        return Child(tag, kind, required, node.get("maxOccurs", "1") != "1", alternative)


def _own(definition: etree._Element) -> Iterator[etree._Element]:
    """What a type says itself, without the types written inside its elements and attributes."""
    for node in definition:
        yield node
        if node.tag not in {f"{_XS}element", f"{_XS}attribute"}:
            yield from _own(node)


@cache
def content_model(schema: str) -> ContentModel:
    """The content model of a schema by its name in the references layer."""
    return ContentModel(schema_path(schema))
