"""Files of the platform's own format (XSD CPPFacturePivot): one may hold many invoices."""

import copy

from lxml import etree

from chorale.formats.limits import MAX_MEMBERS
from chorale.formats.notes import refuse
from chorale.formats.xml import parse

UNITS = "CPPFactures"
UNIT = "CPPFacturePivotUnitaire"


def units(content: bytes) -> list[bytes]:
    """One document for each invoice of a file, each with the envelope; the bytes themselves when there is one only.

    Raises Refused when the XML is not safe, or when there are more than 10,000 invoices.
    """
    root = parse(content)
    holder = root.find(UNITS)
    found = [] if holder is None else holder.findall(UNIT)
    if len(found) < 2 or holder is None:
        return [content]
    if len(found) > MAX_MEMBERS:
        raise refuse(
            "CHO-ARCHIVE-MEMBRES",
            f"Le fichier contient {len(found)} factures : {MAX_MEMBERS} au plus, répartissez-les en plusieurs dépôts.",
            f"The file holds {len(found)} invoices: {MAX_MEMBERS} at most.",
            value=str(len(found)), expected=f"{MAX_MEMBERS} au plus",
        )  # fmt: skip
    for unit in found:
        holder.remove(unit)
    return [_alone(root, unit) for unit in found]


def _alone(root: etree._Element, unit: etree._Element) -> bytes:
    document = copy.deepcopy(root)
    holder = document.find(UNITS)
    assert holder is not None
    holder.set("Compteur", "1")
    unit.tail = None
    holder.append(unit)
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8")
