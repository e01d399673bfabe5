"""Files of the platform's own format (XSD CPPFacturePivot): one may hold many invoices."""

import copy
import re

from lxml import etree

from chorale.formats.budget import Budget
from chorale.formats.limits import MAX_MEMBERS
from chorale.formats.notes import refuse
from chorale.formats.reading.xml import parse

UNITS, COUNTER = "CPPFactures", "Compteur"
UNIT = "CPPFacturePivotUnitaire"
COUNT = re.compile(r"[0-9]{1,9}")


def units(content: bytes, budget: Budget) -> list[bytes]:
    """One document for each invoice of a file, each with the envelope; the bytes themselves when there is one only.

    Raises Refused when the XML is not safe, when it holds another number of invoices than it says or more than 10,000,
    or when their envelope, repeated for each, is more than ``budget`` has left.
    """
    root = parse(content)
    holder = root.find(UNITS)
    found = [] if holder is None else holder.findall(UNIT)
    check_counter(root)
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
    envelope = len(etree.tostring(root))
    budget.inflate(envelope * len(found))
    return [_alone(root, unit) for unit in found]


def check_counter(root: etree._Element) -> None:
    """Raise Refused for a file that announces another number of invoices than it holds: some may have been lost."""
    holder = root.find(UNITS)
    announced = "" if holder is None else str(holder.get(COUNTER, "")).strip()
    if holder is None or not COUNT.fullmatch(announced):  # the schema says what is wrong
        return
    held = len(holder.findall(UNIT))
    if int(announced) != held:
        raise refuse(
            "CHO-CPP-COMPTEUR",
            f"Le fichier annonce {announced} facture(s) (CPPFactures, Compteur) et en contient {held} : vérifiez qu'il "
            "est complet et corrigez le compteur.",
            f"The file announces {announced} invoice(s) and holds {held}.",
            value=announced, expected=str(held), element=holder,
        )  # fmt: skip


def _alone(root: etree._Element, unit: etree._Element) -> bytes:
    document = copy.deepcopy(root)
    holder = document.find(UNITS)
    assert holder is not None
    holder.set(COUNTER, "1")
    unit.tail = None
    holder.append(unit)
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8")
