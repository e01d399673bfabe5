"""The XMP packet of our PDF/A-3b: who made what and when, and the identification of the standard (ISO 19005-3, 6.6)."""

from datetime import datetime
from xml.sax.saxutils import escape

from chorale.formats.writing.words import text_of

PART, CONFORMANCE = "3", "B"


def packet(title: str, author: str, made_at: datetime, more: str = "") -> str:
    """The packet, without its wrapper; ``more`` are further descriptions, in RDF.

    Every date is ``made_at``: the same input makes the same bytes.
    """
    moment = made_at.isoformat(timespec="seconds")
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>{PART}</pdfaid:part><pdfaid:conformance>{CONFORMANCE}</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(text_of(title))}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{escape(text_of(author))}</rdf:li></rdf:Seq></dc:creator></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreatorTool>Chorale</xmp:CreatorTool><xmp:CreateDate>{moment}</xmp:CreateDate></rdf:Description>
{more}</rdf:RDF>
</x:xmpmeta>"""
