"""The flat document: what generated rules read."""

import gc
import weakref

import pytest
from chorale_references.rules import document as module
from chorale_references.rules.document import ROOT, Document
from lxml import etree

XML = "<a k='v'><b>one</b><!-- c --><b><c>two</c></b><?pi?><d/></a>"


def names(document: Document, nodes: object) -> list[str]:
    elements = document.elements(set(nodes))  # type: ignore[call-overload]
    return [str(elements[node].tag) for node in nodes]  # type: ignore[attr-defined]


def test_nodes_are_numbered_in_document_order() -> None:
    document = Document(etree.fromstring(XML))
    assert names(document, range(ROOT, len(document.P))) == ["a", "b", "b", "c", "d"]
    assert document.A[ROOT] == {"k": "v"}
    assert document.C["b"][ROOT] == list(document.every("b"))


def test_text_is_that_of_the_element_and_all_below_without_comments() -> None:
    document = Document(etree.fromstring(XML))
    assert [document.text(node) for node in document.every("b")] == ["one", "two"]
    assert document.text(ROOT) == "onetwo"
    assert Document(etree.fromstring("<a>x<!-- y -->z</a>")).text(ROOT) == "xz"


def test_elements_below_and_at_a_path() -> None:
    document = Document(etree.fromstring("<a><b><c/></b><b><c/><c/></b></a>"))
    second = document.every("b")[1]
    assert len(document.below(second, "c")) == 2
    assert list(document.at("a/b/c")) == list(document.every("c"))
    assert document.attribute_names() == frozenset()


def test_a_subtree_is_read_as_a_document_of_its_own() -> None:
    root = etree.fromstring("<envelope><a><b>x</b></a></envelope>")
    document = Document(root[0])
    assert document.shape(ROOT).key == "a"
    assert document.shape(ROOT).depth == 1


def test_a_comment_is_not_a_document() -> None:
    with pytest.raises(TypeError):
        Document(etree.Comment("x"))


def test_a_document_is_freed_without_the_garbage_collector() -> None:
    class Watched(Document):
        __slots__ = ("__weakref__",)

    gc.disable()
    try:
        document = Watched(etree.fromstring(XML))
        assert document.C["b"]
        watch = weakref.ref(document)
        del document
        assert watch() is None
    finally:
        gc.enable()


def test_made_up_paths_without_end_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SHAPES", 50)
    before = module.SHAPES.generation
    for number in range(200):
        Document(etree.fromstring(f"<a><x{number}/></a>"))
    assert module.SHAPES.generation > before
    assert len(Document(etree.fromstring("<a><b/></a>")).every("b")) == 1
