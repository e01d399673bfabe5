"""Edits of a document, each a small list that can be written down and made again.

["delete", n]            the element number n in document order
["repeat", n]            a copy of it behind it
["insert", n, name]      a child with the least content that the schema asks for, where the schema wants it
["text", n, value]       its text
["attribute", n, name, value]    null takes it away
"""

import copy
from typing import Any

from chorale_references.names import clark_name
from lxml import etree

from .content import Child, ContentModel, content_model

Edit = list[Any]
_SCHEMAS = {"Invoice": "ubl-invoice", "CreditNote": "ubl-credit-note", "CrossIndustryInvoice": "cii"}


def model_of(root: etree._Element) -> ContentModel:
    """The content model for a document."""
    return content_model(_SCHEMAS[etree.QName(root).localname])


def elements(root: etree._Element) -> list[etree._Element]:
    """Elements in document order: an edit names one by its place here."""
    return list(root.iter("*"))


def type_name(model: ContentModel, element: etree._Element) -> str | None:
    """Name of the type of an element; None below content that the schema leaves open, and for what was taken out."""
    chain = [element, *element.iterancestors()]
    name = model.type_of_root(str(chain[-1].tag))
    for member in reversed(chain[:-1]):
        child = model.child(name, str(member.tag)) if name else None
        name = child.type if child else None
    return name


def apply(root: etree._Element, edit: Edit) -> etree._Element:
    """Make one edit in place; returns the element that it concerns (its parent after a deletion)."""
    operation, number, *rest = edit
    element = elements(root)[number]
    if operation == "delete":
        parent = element.getparent()
        assert parent is not None, "the root cannot be deleted"
        parent.remove(element)
        return parent
    if operation == "repeat":
        twin = copy.deepcopy(element)
        element.addnext(twin)
        return twin
    if operation == "insert":
        return _insert(root, element, clark_name(rest[0]))
    if operation == "text":
        element.text = rest[0]
    elif rest[1] is None:
        element.attrib.pop(rest[0], "")
    else:
        element.set(rest[0], rest[1])
    return element


def apply_all(root: etree._Element, edits: list[Edit]) -> etree._Element:
    """Make several edits in place, one after the other; returns the root."""
    for edit in edits:
        apply(root, edit)
    return root


def _insert(root: etree._Element, parent: etree._Element, tag: str) -> etree._Element:
    model = model_of(root)
    name = type_name(model, parent)
    child = model.child(name, tag) if name else None
    assert name is not None and child is not None, f"{tag} is not allowed in {parent.tag}"
    order = [allowed.tag for allowed in model.type(name).children]
    place = order.index(tag)
    before = [index for index, e in enumerate(parent) if e.tag in order and order.index(str(e.tag)) <= place]
    made = _minimal(model, child)
    parent.insert(before[-1] + 1 if before else 0, made)
    return made


def _minimal(model: ContentModel, child: Child) -> etree._Element:
    made = etree.Element(child.tag)
    kind = model.type(child.type)
    if kind.text is not None:
        made.text = kind.value
    for attribute in sorted(kind.required_attributes):
        made.set(attribute, "EUR" if attribute == "currencyID" else "a")
    if kind.open:
        made.append(etree.Element("{urn:example}anything"))
    for inner in kind.children:
        if inner.required:
            made.append(_minimal(model, inner))
    return made
