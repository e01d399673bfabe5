"""Any bytes, and any damage to a right document: a verdict comes, without much work, and never an exception."""

import io
import time
from datetime import date

import pytest
from chorale.domain.findings import Verdict
from chorale.domain.syntaxes import Syntax
from chorale.formats.judging.validate import validate
from chorale.formats.reading import tar
from chorale.formats.reading.detection import form_of, looks_like, root_name
from chorale.formats.reading.members import RefusedFile, unpack
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.samples import builders

DAY = date(2026, 11, 23)
CPU_SECONDS_AT_MOST = 60
BEGINNINGS = st.sampled_from(
    [b"", b"<", b"<?xml ", b"%PDF-1.7\n", b"\x1f\x8b\x08", b"PK\x03\x04", b"\xff\xfe<\x00", b"\xef\xbb\xbf<a", b"0\x82"]
)
DOCUMENTS = [
    builders.ubl_invoice(note="Merci", service="S", files=[builders.SampleFile()]),
    builders.ubl_credit_note(),
    builders.cii(note="Merci", service="S", files=[builders.SampleFile()]),
]
ARCHIVES = [builders.tar_gz({"a.xml": b"<a/>"}), builders.zip_of({"a.xml": b"<a/>"})]
PDFS = [builders.facturx()]
ODD_VALUES = st.sampled_from(
    [
        "",
        " ",
        "0",
        "-1",
        "1e3",
        "NaN",
        "INF",
        "+5",
        "8-",
        "9" * 40,
        "é",
        "\u202e",
        "]]>",
        "{value}",
        "{",
        "%s",
        "A1",
        "A99",
    ]
)
fuzzed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def verdict_of(content: bytes) -> Verdict:
    began = time.process_time()
    result = validate(content, "facture", None, DAY)
    assert time.process_time() - began < CPU_SECONDS_AT_MOST
    assert result.findings or result.verdict is Verdict.CONFORMANT
    return result.verdict


@fuzzed
@given(BEGINNINGS, st.binary(max_size=400))
def test_any_bytes_get_a_verdict(beginning, rest):
    content = beginning + rest
    looks_like(content), form_of(content), root_name(content)
    assert verdict_of(content) is Verdict.NON_CONFORMANT


@fuzzed
@given(st.sampled_from(DOCUMENTS + PDFS), st.data())
def test_a_document_with_bytes_changed_gets_a_verdict(content, data):
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=6))
    assert verdict_of(bytes(damaged)) is not Verdict.UNDETERMINED


def damage(root: etree._Element, data: st.DataObject) -> None:
    """One change to the tree: an element deleted, doubled, moved, emptied, renamed, or with an odd value."""
    elements = list(root.iter("*"))[1:]
    element = elements[data.draw(st.integers(0, len(elements) - 1))]
    parent = element.getparent()
    assert parent is not None
    match data.draw(st.sampled_from(["delete", "double", "move", "value", "attribute", "attributes"])):
        case "delete":
            parent.remove(element)
        case "double":
            parent.append(etree.fromstring(etree.tostring(element, with_tail=False)))
        case "move":
            root.append(element)
        case "value":
            element.text = data.draw(ODD_VALUES)
        case "attribute":
            for name in element.attrib:
                element.set(name, data.draw(ODD_VALUES))
        case "attributes":
            element.attrib.clear()


@fuzzed
@given(st.sampled_from(DOCUMENTS), st.data())
def test_a_document_with_its_tree_changed_gets_a_verdict(content, data):
    root = etree.fromstring(content)
    for _ in range(data.draw(st.integers(1, 5))):
        if len(list(root.iter("*"))) > 1:
            damage(root, data)
    assert verdict_of(etree.tostring(root)) is not Verdict.UNDETERMINED


@fuzzed
@given(st.sampled_from(ARCHIVES), st.data())
def test_a_damaged_archive_is_unpacked_or_refused(content, data):
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert unpack(bytes(damaged), "lot", Syntax.UBL_INVOICE)
    except RefusedFile as refused:
        assert refused.findings


@fuzzed
@given(st.binary(max_size=3_000))
def test_any_stream_is_a_tar_or_is_not(content):
    try:
        assert all(isinstance(entry.name, str) for entry in tar.entries(io.BytesIO(content).read))
    except tar.BadTar as error:
        assert str(error)


@pytest.mark.parametrize("name", ["", "x" * 10_000, "é\x00\n.xml"])
def test_the_file_name_changes_nothing_to_the_verdict(name):
    assert validate(DOCUMENTS[1], name, None, DAY).verdict is Verdict.CONFORMANT
