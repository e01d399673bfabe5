"""Factur-X made by the platform: pages and data of one invoice in a PDF/A-3b (Factur-X 1.0.07)."""

from fpdf.enums import AssociatedFileRelationship

from chorale.domain.directory.structures import Structure
from chorale.domain.invoices.invoice import Invoice
from chorale.formats.writing.cii import PROFILE, cii_of
from chorale.formats.writing.invoice_page.pdf import Beside, render_invoice

DATA_NAME = "factur-x.xml"
LEVELS = {
    "urn:factur-x.eu:1p0:minimum": "MINIMUM",
    "urn:factur-x.eu:1p0:basicwl": "BASIC WL",
    "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic": "BASIC",
    "urn:cen.eu:en16931:2017": "EN 16931",
    "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended": "EXTENDED",
}
"""Conformance level by profile (BT-24)."""
EXTENSION = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
DESCRIBED = (
    ("DocumentFileName", "name of the embedded XML invoice file"),
    ("DocumentType", "INVOICE"),
    ("Version", "version of the XML invoice schema"),
    ("ConformanceLevel", "conformance level of the embedded XML invoice"),
)
"""Properties of the extension schema, as Factur-X names them."""


def facturx_of(invoice: Invoice, validator: Structure | None = None) -> bytes:
    """``invoice`` as a Factur-X; ``validator`` is who agrees to it first (A9, A12)."""
    return _around(invoice, cii_of(invoice, validator), PROFILE)


def facturx_around(invoice: Invoice, data: bytes) -> bytes:
    """A Factur-X of CII ``data``, of which ``invoice`` was read: its pages, and the data as they are."""
    return _around(invoice, data, invoice.profile)


def _around(invoice: Invoice, data: bytes, profile: str) -> bytes:
    carried = Beside(DATA_NAME, data, "text/xml", AssociatedFileRelationship.ALTERNATIVE, "Factur-X")
    return render_invoice(invoice, (carried,), _extension(LEVELS[profile]))


def _extension(level: str) -> str:
    """XMP: the extension by which a reader knows a Factur-X, described in its own words."""
    properties = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>"
        for name, description in DESCRIBED
    )
    return f"""<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{EXTENSION}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
<rdf:Description rdf:about="" xmlns:fx="{EXTENSION}">
<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>{DATA_NAME}</fx:DocumentFileName>
<fx:Version>1.0</fx:Version><fx:ConformanceLevel>{level}</fx:ConformanceLevel></rdf:Description>
"""
