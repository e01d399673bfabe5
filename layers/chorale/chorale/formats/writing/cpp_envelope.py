"""The envelope of the platform's XML files: who sends, to whom, which flux, when (XSD CPPStatut, CPPFacturePivot)."""

from datetime import datetime
from typing import Any

from lxml import etree

from chorale.domain.directory.structures import IdentifierType
from chorale.domain.exchange.edi import PLATFORM
from chorale.formats.writing.words import text_of

IDENTIFIER_CODES = {
    IdentifierType.SIRET: "1",
    IdentifierType.UE_HORS_FRANCE: "2",
    IdentifierType.HORS_UE: "3",
    IdentifierType.RIDET: "4",
    IdentifierType.TAHITI: "5",
    IdentifierType.PARTICULIER: "7",
}
"""TypeIdentifiant of a supplier. Code 6 is a structure that is being registered."""
BEING_REGISTERED = "6"


def add_envelope(root: Any, partner: str, flux: str, at: datetime) -> None:
    """Add the envelope of a file for ``partner`` (3 to 8 characters), named ``flux``, made at ``at``."""
    unit = etree.SubElement(etree.SubElement(root, "Enveloppe"), "EnveloppeUnitaire", NumOrdre="1")
    parameters = etree.SubElement(unit, "Parametres")
    for order, (code, value) in enumerate((("DtPrd", moment(at)), ("IdFlx", flux)), start=1):
        parameter = etree.SubElement(parameters, "ParametreIndiv", NumOrdre=f"{order:04d}")
        add(parameter, "Code", code)
        add(parameter, "Valeurparametre", value)
    partners = etree.SubElement(unit, "Partenaires")
    add(etree.SubElement(partners, "Recepteur"), "Id", partner)
    add(etree.SubElement(partners, "Emetteur"), "Id", PLATFORM)


def add(parent: Any, name: str, text: str) -> None:
    """Add an element that holds ``text``, without what XML cannot hold."""
    etree.SubElement(parent, name).text = text_of(text)


def moment(at: datetime) -> str:
    """A moment in UTC, as these files write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def written(root: Any) -> bytes:
    """The bytes of the file."""
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content
