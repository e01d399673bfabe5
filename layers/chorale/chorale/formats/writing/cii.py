"""An invoice as CII D16B that claims EN 16931: the data of the PDF that the platform makes of a keyed invoice."""

from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from chorale.domain.address import Address
from chorale.domain.directory.structures import Structure
from chorale.domain.french_numbers import money
from chorale.domain.invoices.invoice import Contact, Invoice, Line, Party, Remark, TaxLine, TaxRegime
from chorale.domain.invoices.submission import PAYMENT_TERMS
from chorale.formats.writing.words import amount_of, compact_day, number_of, text_of

PROFILE = "urn:cen.eu:en16931:2017"
RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
NAMESPACES = {"rsm": RSM, "ram": RAM, "udt": UDT}
FRANCE = "FR"
ON_PAYMENT = "72"
"""BT-8 in CII (UNTDID 2475): VAT falls due on payment."""
OUTSIDE, EXEMPT = "O", "E"
DISCOUNT = "95"
"""UNTDID 5189: discount."""
ONE = "C62"
"""UN/ECE recommendation 20: one, for a unit that is no code."""
TRANSFERS = ("30", "58")
UNDEFINED_MEANS = "1"
SIREN_LENGTH = 9
VAT_MODULUS = 97

Element = etree._Element


def cii_of(invoice: Invoice, validator: Structure | None = None) -> bytes:
    """``invoice`` as the bytes of a CII document; ``validator`` goes where the platform reads it (BG-11)."""
    root = etree.Element(f"{{{RSM}}}CrossIndustryInvoice", nsmap=NAMESPACES)
    context = _add(root, "rsm:ExchangedDocumentContext")
    _path(context, "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID", invoice.frame.short)
    _path(context, "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", PROFILE)
    document = _add(root, "rsm:ExchangedDocument")
    _add(document, "ram:ID", invoice.number)
    _add(document, "ram:TypeCode", invoice.type_code)
    issued = _path(document, "ram:IssueDateTime/udt:DateTimeString", compact_day(invoice.issue_date))
    issued.set("format", "102")
    for remark in _remarks(invoice):
        note = _add(document, "ram:IncludedNote")
        _add(note, "ram:Content", remark.text)
        if remark.subject:
            _add(note, "ram:SubjectCode", remark.subject)
    transaction = _add(root, "rsm:SupplyChainTradeTransaction")
    exempt = validator is not None
    for line in invoice.lines:
        _line(transaction, line, exempt)
    _agreement(transaction, invoice, validator)
    _add(transaction, "ram:ApplicableHeaderTradeDelivery")
    _settlement(transaction, invoice, exempt)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    prefix, _, local = name.partition(":")
    made = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{local}", attributes)
    if text is not None:
        made.text = text_of(text)
    return made


def _path(parent: Element, path: str, text: str) -> Element:
    *steps, last = path.split("/")
    for step in steps:
        parent = _add(parent, step)
    return _add(parent, last, text)


def _remarks(invoice: Invoice) -> Iterator[Remark]:
    if invoice.remarks:
        yield from invoice.remarks
    elif invoice.note:
        yield Remark(invoice.note)
    totals = invoice.totals
    if totals.discount:
        reason = f" ({totals.discount_reason})" if totals.discount_reason else ""
        yield Remark(f"Remise globale sur le total TTC : {money(totals.discount, invoice.currency)}{reason}.")


def _category(category: str, exempt: bool) -> str:
    """EN 16931 allows no tax representative beside what is outside VAT (BR-O-02): it is then written as exempt."""
    return EXEMPT if exempt and category == OUTSIDE else category


def _line(transaction: Element, line: Line, exempt: bool) -> None:
    item = _add(transaction, "ram:IncludedSupplyChainTradeLineItem")
    _path(item, "ram:AssociatedDocumentLineDocument/ram:LineID", line.identifier)
    product = _add(item, "ram:SpecifiedTradeProduct")
    if line.reference:
        _add(product, "ram:SellerAssignedID", line.reference)
    _add(product, "ram:Name", line.name)
    unit = _unit(line.unit)
    if line.unit and unit != line.unit.upper():
        _add(product, "ram:Description", f"Unité : {line.unit}")
    price = _path(item, "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount", "")
    price.text = number_of(line.unit_price or Decimal(0))
    quantity = _path(item, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", number_of(line.quantity or Decimal(0)))
    quantity.set("unitCode", unit)
    settlement = _add(item, "ram:SpecifiedLineTradeSettlement")
    tax = _add(settlement, "ram:ApplicableTradeTax")
    _add(tax, "ram:TypeCode", "VAT")
    category = _category(line.tax_category, exempt)
    _add(tax, "ram:CategoryCode", category)
    if category != OUTSIDE:
        _add(tax, "ram:RateApplicablePercent", number_of(line.tax_rate or Decimal(0)))
    if line.allowance:
        allowance = _add(settlement, "ram:SpecifiedTradeAllowanceCharge")
        _path(allowance, "ram:ChargeIndicator/udt:Indicator", "false")
        _add(allowance, "ram:ActualAmount", amount_of(line.allowance))
        _add(allowance, "ram:ReasonCode", DISCOUNT)
        _add(allowance, "ram:Reason", "Remise")
    summation = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    _path(settlement, summation, amount_of(line.net or Decimal(0)))


def _unit(written: str) -> str:
    from chorale_references import code_list

    return written.upper() if written.upper() in code_list("units") else ONE


def _agreement(transaction: Element, invoice: Invoice, validator: Structure | None) -> None:
    agreement = _add(transaction, "ram:ApplicableHeaderTradeAgreement")
    if invoice.service_code:
        _add(agreement, "ram:BuyerReference", invoice.service_code)
    outside = any(line.category == OUTSIDE for line in invoice.tax_lines) and validator is None
    _party(_add(agreement, "ram:SellerTradeParty"), invoice.supplier, registered=not outside)
    known = bool(invoice.buyer.vat_number) and not outside
    _party(_add(agreement, "ram:BuyerTradeParty"), invoice.buyer, registered=known)
    if validator is not None:
        party = Party(validator.name, validator.identifier, "", "", validator.address)
        represented = _add(agreement, "ram:SellerTaxRepresentativeTradeParty")
        _party(represented, party, registered=False)
        vat = validator.vat_number or french_vat_number(validator.identifier)
        _add(_add(represented, "ram:SpecifiedTaxRegistration"), "ram:ID", vat, schemeID="VA")
    if invoice.commitment:
        _path(agreement, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", invoice.commitment)
    if invoice.contract:
        _path(agreement, "ram:ContractReferencedDocument/ram:IssuerAssignedID", invoice.contract)


def french_vat_number(siret: str) -> str:
    """The VAT number that goes with a SIREN (CGI ann. IV, art. 16 bis): its key is (12 + 3 x SIREN mod 97) mod 97."""
    siren = siret[:SIREN_LENGTH]
    return f"{FRANCE}{(12 + 3 * (int(siren) % VAT_MODULUS)) % VAT_MODULUS:02d}{siren}"


def _party(party: Element, given: Party, registered: bool) -> None:
    _add(party, "ram:Name", given.name)
    organisation = _add(party, "ram:SpecifiedLegalOrganization")
    scheme = {"schemeID": given.identifier_scheme} if given.identifier_scheme else {}
    _add(organisation, "ram:ID", given.identifier, **scheme)
    _contact(party, given.contact)
    _address(_add(party, "ram:PostalTradeAddress"), given.address)
    if not registered:
        return
    # Without a VAT number, the SIREN stands for the registration with the tax office (BT-32).
    number, scheme_id = (given.vat_number, "VA") if given.vat_number else (given.identifier[:SIREN_LENGTH], "FC")
    _add(_add(party, "ram:SpecifiedTaxRegistration"), "ram:ID", number, schemeID=scheme_id)


def _contact(party: Element, given: Contact) -> None:
    if given == Contact():
        return
    contact = _add(party, "ram:DefinedTradeContact")
    if given.name:
        _add(contact, "ram:PersonName", given.name)
    if given.phone:
        _path(contact, "ram:TelephoneUniversalCommunication/ram:CompleteNumber", given.phone)
    if given.email:
        _path(contact, "ram:EmailURIUniversalCommunication/ram:URIID", given.email)


def _address(address: Element, given: Address) -> None:
    for name, text in (
        ("ram:PostcodeCode", given.postcode),
        ("ram:LineOne", given.line1),
        ("ram:LineTwo", given.line2),
        ("ram:LineThree", given.line3),
        ("ram:CityName", given.city),
    ):
        if text:
            _add(address, name, text)
    _add(address, "ram:CountryID", given.country or FRANCE)


def _settlement(transaction: Element, invoice: Invoice, exempt: bool) -> None:
    settlement = _add(transaction, "ram:ApplicableHeaderTradeSettlement")
    _add(settlement, "ram:InvoiceCurrencyCode", invoice.currency)
    if invoice.payment_means:
        _means(settlement, invoice)
    for row in invoice.tax_lines:
        _tax(settlement, row, invoice.tax_regime, exempt)
    totals = invoice.totals
    gross = totals.net + totals.vat
    if totals.payable > 0:
        terms = invoice.payment_terms or PAYMENT_TERMS
        _path(settlement, "ram:SpecifiedTradePaymentTerms/ram:Description", terms)
    summation = _add(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    lines = sum((line.net or Decimal(0) for line in invoice.lines), Decimal(0))
    _add(summation, "ram:LineTotalAmount", amount_of(lines))
    _add(summation, "ram:TaxBasisTotalAmount", amount_of(totals.net))
    _add(summation, "ram:TaxTotalAmount", amount_of(totals.vat), currencyID=invoice.currency)
    _add(summation, "ram:GrandTotalAmount", amount_of(gross))
    if gross != totals.payable:
        # EN 16931 has no discount on the total with VAT: it counts with what is paid already (BT-113).
        _add(summation, "ram:TotalPrepaidAmount", amount_of(gross - totals.payable))
    _add(summation, "ram:DuePayableAmount", amount_of(totals.payable))
    if invoice.origin_number:
        _path(settlement, "ram:InvoiceReferencedDocument/ram:IssuerAssignedID", invoice.origin_number)


def _means(settlement: Element, invoice: Invoice) -> None:
    means = _add(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")
    # A transfer names its account (BR-61): without one, the means is said in words.
    bare = invoice.payment_means in TRANSFERS and not invoice.iban
    _add(means, "ram:TypeCode", UNDEFINED_MEANS if bare else invoice.payment_means)
    if bare:
        _add(means, "ram:Information", "Virement")
    if invoice.iban:
        _path(means, "ram:PayeePartyCreditorFinancialAccount/ram:IBANID", invoice.iban)


def _tax(settlement: Element, row: TaxLine, regime: TaxRegime, exempt: bool) -> None:
    tax = _add(settlement, "ram:ApplicableTradeTax")
    category = _category(row.category, exempt)
    _add(tax, "ram:CalculatedAmount", amount_of(row.amount))
    _add(tax, "ram:TypeCode", "VAT")
    if row.exemption_reason:
        _add(tax, "ram:ExemptionReason", row.exemption_reason)
    _add(tax, "ram:BasisAmount", amount_of(row.base))
    _add(tax, "ram:CategoryCode", category)
    if regime is TaxRegime.ON_PAYMENT:
        _add(tax, "ram:DueDateTypeCode", ON_PAYMENT)
    if category != OUTSIDE:
        _add(tax, "ram:RateApplicablePercent", number_of(row.rate or Decimal(0)))
