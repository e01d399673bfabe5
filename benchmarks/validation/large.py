"""A large invoice in a process of its own: `python large.py LINES [RULE SET ...]`, prints JSON with seconds and MB."""

import json
import resource
import sys
import time
from itertools import pairwise

from chorale_references import rules, schema_path
from lxml import etree

_LINE = """<cac:InvoiceLine><cbc:ID>{n}</cbc:ID><cbc:Note>Note of line {n}</cbc:Note>
<cbc:InvoicedQuantity unitCode="C62">2</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount currencyID="EUR">19.00</cbc:LineExtensionAmount>
<cac:InvoicePeriod><cbc:StartDate>2024-01-01</cbc:StartDate><cbc:EndDate>2024-01-31</cbc:EndDate></cac:InvoicePeriod>
<cac:OrderLineReference><cbc:LineID>{n}</cbc:LineID></cac:OrderLineReference>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
<cbc:AllowanceChargeReason>Remise</cbc:AllowanceChargeReason><cbc:Amount currencyID="EUR">1.00</cbc:Amount>
</cac:AllowanceCharge><cac:Item><cbc:Description>Description of the item {n}</cbc:Description>
<cbc:Name>Item {n}</cbc:Name><cac:SellersItemIdentification><cbc:ID>A-{n}</cbc:ID></cac:SellersItemIdentification>
<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>20</cbc:Percent>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>
<cac:Price><cbc:PriceAmount currencyID="EUR">10.00</cbc:PriceAmount></cac:Price></cac:InvoiceLine>"""
_PARTY = """<cac:Accounting{role}Party><cac:Party><cac:PostalAddress><cac:Country>
<cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>FR32732829320</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:PartyTaxScheme><cac:PartyLegalEntity><cbc:RegistrationName>{role}</cbc:RegistrationName></cac:PartyLegalEntity>
</cac:Party></cac:Accounting{role}Party>"""
_INVOICE = """<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>L-1</cbc:ID>
<cbc:IssueDate>2024-02-01</cbc:IssueDate><cbc:DueDate>2024-03-01</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
{seller}{buyer}<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{tax:.2f}</cbc:TaxAmount><cac:TaxSubtotal>
<cbc:TaxableAmount currencyID="EUR">{net:.2f}</cbc:TaxableAmount>
<cbc:TaxAmount currencyID="EUR">{tax:.2f}</cbc:TaxAmount>
<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>20</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal><cac:LegalMonetaryTotal>
<cbc:LineExtensionAmount currencyID="EUR">{net:.2f}</cbc:LineExtensionAmount>
<cbc:TaxExclusiveAmount currencyID="EUR">{net:.2f}</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">{gross:.2f}</cbc:TaxInclusiveAmount>
<cbc:PayableAmount currencyID="EUR">{gross:.2f}</cbc:PayableAmount></cac:LegalMonetaryTotal>{lines}</Invoice>"""


def invoice(lines: int) -> bytes:
    """A valid invoice of so many lines, about 1.1 kB each."""
    net = 19 * lines
    return _INVOICE.format(
        seller=_PARTY.format(role="Supplier"),
        buyer=_PARTY.format(role="Customer"),
        net=net,
        tax=net * 0.2,
        gross=net * 1.2,
        lines="".join(_LINE.format(n=n) for n in range(1, lines + 1)),
    ).encode()


def main() -> None:
    """Parse, schema, rules; each timed apart."""
    content = invoice(int(sys.argv[1]))
    schema = etree.XMLSchema(file=str(schema_path("ubl-invoice")))
    loaded = [rules.load(name) for name in sys.argv[2:]]
    marks = [time.process_time()]
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    valid = schema.validate(root)
    marks.append(time.process_time())
    document = rules.Document(root)
    marks.append(time.process_time())
    fired = 0
    for rule_set in loaded:
        fired += len(rule_set.check(document))
        marks.append(time.process_time())
    seconds = [after - before for before, after in pairwise(marks)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"mb": len(content) / 1e6, "valid": valid, "fired": fired, "seconds": seconds, "memory": memory}))


if __name__ == "__main__":
    main()
