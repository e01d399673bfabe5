"""Factur-X made by the platform: pages and data of one invoice in a PDF/A-3b (Factur-X 1.0.07, EN 16931 profile)."""

from datetime import UTC, datetime, time
from xml.sax.saxutils import escape

from fpdf.enums import AssociatedFileRelationship

from chorale.domain.directory import Structure
from chorale.domain.invoice import Invoice
from chorale.formats.cii_writer import cii_of
from chorale.formats.invoice_pdf import TITLES, Beside, render_invoice
from chorale.formats.writing import text_of

DATA_NAME = "factur-x.xml"
LEVEL = "EN 16931"
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
    data = Beside(DATA_NAME, cii_of(invoice, validator), "text/xml", AssociatedFileRelationship.ALTERNATIVE, "Factur-X")
    return render_invoice(invoice, (data,), _metadata(invoice))


def _metadata(invoice: Invoice) -> str:
    """XMP: the identification of PDF/A-3b, and the extension by which a reader knows a Factur-X."""
    moment = datetime.combine(invoice.issue_date, time(), UTC).isoformat(timespec="seconds")
    title = escape(text_of(f"{TITLES[invoice.kind]} {invoice.number}"))
    author = escape(text_of(invoice.supplier.name))
    properties = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>"
        for name, description in DESCRIBED
    )
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreatorTool>Chorale</xmp:CreatorTool><xmp:CreateDate>{moment}</xmp:CreateDate></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{EXTENSION}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
<rdf:Description rdf:about="" xmlns:fx="{EXTENSION}">
<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>{DATA_NAME}</fx:DocumentFileName>
<fx:Version>1.0</fx:Version><fx:ConformanceLevel>{LEVEL}</fx:ConformanceLevel></rdf:Description>
</rdf:RDF>
</x:xmpmeta>"""
