"""Invoices of the reform of 2026 for the public sector (EXTENDED-CTC-FR), in UBL and CII, with chosen parts.

The defaults make a document that every rule accepts: EXTENDED-CTC-FR, BR-FR, BR-FR-CPRO and those of the platform.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tests.samples.builders import EN16931, IBAN

EXTENDED_CTC = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
SUPPLIER_SIREN, SUPPLIER_SIRET = "990000077", "99000007700018"
BUYER_SIREN, BUYER_SIRET = "123456782", "12345678200051"
AGENT_SIREN, AGENT_SIRET = "990000010", "99000001000019"
MENTIONS = (
    ("ADN", "B2G"),
    ("PMT", "Indemnité forfaitaire pour frais de recouvrement : 40 euros."),
    ("PMD", "Pénalités de retard : taux de la BCE majoré de 8 points."),
    ("AAB", "Pas d'escompte pour paiement anticipé."),
)
Ids = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ReformParty:
    """One party: identifiers and registration by scheme, names, how many contacts."""

    name: str
    ids: Ids = ()
    registration: tuple[str, str] | None = None
    address: str = ""
    trading_name: str = ""
    street: str = "1 rue de la Paix"
    city: str = "Nantes"
    vat: str = ""
    contacts: int = 0


SELLER = ReformParty(
    "Demo Fournisseur", (("0009", SUPPLIER_SIRET),), ("0002", SUPPLIER_SIREN), SUPPLIER_SIREN, vat="FR20990000077"
)
BUYER = ReformParty(
    "Destinataire", (("0009", BUYER_SIRET),), ("0002", BUYER_SIREN), f"{BUYER_SIREN}_{BUYER_SIRET}", city="Rennes"
)
AGENT = ReformParty("Demo Titulaire", (("0009", AGENT_SIRET),), ("0002", AGENT_SIREN))
PAYEE = ReformParty("Affacturage", (("0009", AGENT_SIRET),), ("0002", AGENT_SIREN))


@dataclass(frozen=True)
class Reform:
    """What a document says; an empty part is left out."""

    number: str = "R-2026-001"
    frame: str = "S1"
    profile: str = EXTENDED_CTC
    notes: Sequence[tuple[str, str]] = MENTIONS
    seller: ReformParty = SELLER
    buyer: ReformParty = BUYER
    agent: ReformParty | None = None
    buyer_agent: ReformParty | None = None
    invoicee: ReformParty | None = None
    payee: ReformParty | None = None
    service: str = ""
    commitment: str = ""
    contract: str = ""
    contract_type: str = ""
    origins: Sequence[str] = ()
    line_origin: str = ""
    files: Sequence[tuple[str, str]] = ()
    """Reference and file name of each."""
    delivered_to: str = ""
    line_delivered_to: str = ""
    terms: Sequence[str] = ()
    iban: str = IBAN
    description: str = ""
    exempt_reason: str = ""
    prepaid: bool = False

    @property
    def tax(self) -> tuple[str, str, str]:
        """Category, rate and amount of VAT; a reason makes the invoice exempt."""
        return ("E", "0", "0.00") if self.exempt_reason else ("S", "20", "20.00")

    @property
    def gross(self) -> str:
        """BT-112."""
        return "100.00" if self.exempt_reason else "120.00"


def reform(**parts: Any) -> Reform:
    """A document with these parts in place of the defaults."""
    return replace(Reform(), **parts)


def party(of: ReformParty, **parts: Any) -> ReformParty:
    """A party with these parts in place of its own."""
    return replace(of, **parts)


def _tag(name: str, text: str, **attributes: str) -> str:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value)
    return f"<{name}{written}>{escape(text)}</{name}>" if text else ""


def _in(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>" if content else ""


def ubl(**parts: Any) -> bytes:
    """A UBL 2.1 Invoice."""
    of = reform(**parts)
    category, rate, vat = of.tax
    tax = _tag("cbc:ID", category) + _tag("cbc:Percent", rate)
    scheme = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    reason = _tag("cbc:TaxExemptionReason", of.exempt_reason)
    file = "".join(
        _in(
            "cac:AdditionalDocumentReference",
            _tag("cbc:ID", reference)
            + f'<cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="text/csv" filename={quoteattr(name)}>YTti'
            "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>",
        )
        for reference, name in of.files
    )
    body = "".join(
        [
            _tag("cbc:CustomizationID", of.profile), _tag("cbc:ProfileID", of.frame), _tag("cbc:ID", of.number),
            "<cbc:IssueDate>2026-11-02</cbc:IssueDate><cbc:DueDate>2026-12-02</cbc:DueDate>",
            "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>",
            "".join(_tag("cbc:Note", f"#{subject}#{text}" if subject else text) for subject, text in of.notes),
            "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", _tag("cbc:BuyerReference", of.service),
            _in("cac:OrderReference", _tag("cbc:ID", of.commitment)),
            "".join(_in("cac:BillingReference", _ubl_origin(origin)) for origin in of.origins),
            _in(
                "cac:ContractDocumentReference",
                _tag("cbc:ID", of.contract) + _tag("cbc:DocumentType", of.contract_type),
            ),
            file,
            _in("cac:AccountingSupplierParty", _in("cac:Party", _ubl_party(of.seller) + _ubl_agent(of.agent))),
            _in(
                "cac:AccountingCustomerParty",
                _in("cac:Party", _ubl_party(of.buyer) + _ubl_agent(of.buyer_agent) + _ubl_invoicee(of.invoicee)),
            ),
            _in("cac:PayeeParty", _ubl_other(of.payee)) if of.payee else "",
            _in("cac:Delivery", _in("cac:DeliveryLocation", _tag("cbc:ID", of.delivered_to, schemeID="0009"))),
            "<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>",
            _in("cac:PayeeFinancialAccount", _tag("cbc:ID", of.iban)), "</cac:PaymentMeans>",
            "".join(_in("cac:PaymentTerms", _tag("cbc:Note", text)) for text in of.terms),
            "<cac:TaxTotal>", _money("TaxAmount", vat), "<cac:TaxSubtotal>", _money("TaxableAmount", "100.00"),
            _money("TaxAmount", vat), _in("cac:TaxCategory", tax + reason + scheme),
            "</cac:TaxSubtotal></cac:TaxTotal><cac:LegalMonetaryTotal>", _money("LineExtensionAmount", "100.00"),
            _money("TaxExclusiveAmount", "100.00"), _money("TaxInclusiveAmount", of.gross),
            _money("PrepaidAmount", of.gross) if of.prepaid else "",
            _money("PayableAmount", "0.00" if of.prepaid else of.gross), "</cac:LegalMonetaryTotal>",
            '<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity>',
            _money("LineExtensionAmount", "100.00"),
            _in("cac:BillingReference", _ubl_origin(of.line_origin)) if of.line_origin else "",
            _in("cac:Delivery", _in("cac:DeliveryLocation", _tag("cbc:ID", of.line_delivered_to, schemeID="0009"))),
            "<cac:Item>", _tag("cbc:Description", of.description), "<cbc:Name>Conseil</cbc:Name>",
            _in("cac:ClassifiedTaxCategory", tax + scheme), "</cac:Item>",
            _in("cac:Price", _money("PriceAmount", "100")), "</cac:InvoiceLine>",
        ]
    )  # fmt: skip
    space = "urn:oasis:names:specification:ubl:schema:xsd"
    return (
        f'<Invoice xmlns="{space}:Invoice-2" xmlns:cac="{space}:CommonAggregateComponents-2" '
        f'xmlns:cbc="{space}:CommonBasicComponents-2">{body}</Invoice>'
    ).encode()


def _money(name: str, amount: str) -> str:
    return _tag(f"cbc:{name}", amount, currencyID="EUR")


def _ubl_origin(number: str) -> str:
    return _in("cac:InvoiceDocumentReference", _tag("cbc:ID", number) + "<cbc:IssueDate>2026-10-02</cbc:IssueDate>")


def _ubl_ids(of: ReformParty) -> str:
    return "".join(_in("cac:PartyIdentification", _tag("cbc:ID", text, schemeID=scheme)) for scheme, text in of.ids)


def _ubl_party(of: ReformParty) -> str:
    scheme, registration = of.registration or ("", "")
    address = _tag("cbc:StreetName", of.street) + _tag("cbc:CityName", of.city)
    country = "<cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country>"
    tax = _tag("cbc:CompanyID", of.vat) + "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    return (
        _tag("cbc:EndpointID", of.address, schemeID="0225")
        + _ubl_ids(of)
        + _in("cac:PartyName", _tag("cbc:Name", of.trading_name))
        + _in("cac:PostalAddress", address + "<cbc:PostalZone>44000</cbc:PostalZone>" + country)
        + (_in("cac:PartyTaxScheme", tax) if of.vat else "")
        + _in(
            "cac:PartyLegalEntity",
            _tag("cbc:RegistrationName", of.name) + _tag("cbc:CompanyID", registration, schemeID=scheme),
        )
    )


def _ubl_other(of: ReformParty) -> str:
    scheme, registration = of.registration or ("", "")
    return (
        _ubl_ids(of)
        + _in("cac:PartyName", _tag("cbc:Name", of.name))
        + _in("cac:PartyLegalEntity", _tag("cbc:CompanyID", registration, schemeID=scheme))
    )


def _ubl_agent(of: ReformParty | None) -> str:
    return _in("cac:AgentParty", _ubl_other(of)) if of else ""


def _ubl_invoicee(of: ReformParty | None) -> str:
    return _in("cac:ServiceProviderParty", _in("cac:Party", _ubl_other(of))) if of else ""


def cii(**parts: Any) -> bytes:
    """A CII D22B invoice."""
    of = reform(**parts)
    category, rate, vat = of.tax
    line_tax = (
        "<ram:TypeCode>VAT</ram:TypeCode>"
        + _tag("ram:CategoryCode", category)
        + _tag("ram:RateApplicablePercent", rate)
    )
    tax = (
        _tag("ram:CalculatedAmount", vat)
        + "<ram:TypeCode>VAT</ram:TypeCode>"
        + _tag("ram:ExemptionReason", of.exempt_reason)
        + "<ram:BasisAmount>100.00</ram:BasisAmount>"
        + _tag("ram:CategoryCode", category)
        + _tag("ram:RateApplicablePercent", rate)
    )
    notes = "".join(
        _in("ram:IncludedNote", _tag("ram:Content", text) + _tag("ram:SubjectCode", subject))
        for subject, text in of.notes
    )
    files = "".join(
        _in(
            "ram:AdditionalReferencedDocument",
            _tag("ram:IssuerAssignedID", reference)
            + "<ram:TypeCode>916</ram:TypeCode>"
            + f'<ram:AttachmentBinaryObject mimeCode="text/csv" filename={quoteattr(name)}>YTti'
            "</ram:AttachmentBinaryObject>",
        )
        for reference, name in of.files
    )
    line = (
        "<ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>"
        + _in("ram:SpecifiedTradeProduct", "<ram:Name>Conseil</ram:Name>" + _tag("ram:Description", of.description))
        + "<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>100</ram:ChargeAmount>"
        "</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>"
        + _in(
            "ram:SpecifiedLineTradeDelivery",
            '<ram:BilledQuantity unitCode="C62">1</ram:BilledQuantity>'
            + _in("ram:ShipToTradeParty", _tag("ram:GlobalID", of.line_delivered_to, schemeID="0009")),
        )
        + _in(
            "ram:SpecifiedLineTradeSettlement",
            _in("ram:ApplicableTradeTax", line_tax)
            + "<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>100.00</ram:LineTotalAmount>"
            "</ram:SpecifiedTradeSettlementLineMonetarySummation>"
            + (_cii_origin(of.line_origin) if of.line_origin else ""),
        )
    )
    agreement = (
        _tag("ram:BuyerReference", of.service)
        + _cii_party("SellerTradeParty", of.seller)
        + _cii_party("BuyerTradeParty", of.buyer)
        + _cii_party("SalesAgentTradeParty", of.agent)
        + _in("ram:BuyerOrderReferencedDocument", _tag("ram:IssuerAssignedID", of.commitment))
        + _in(
            "ram:ContractReferencedDocument",
            _tag("ram:IssuerAssignedID", of.contract) + _tag("ram:ReferenceTypeCode", of.contract_type),
        )
        + files
        + _cii_party("BuyerAgentTradeParty", of.buyer_agent)
    )
    totals = (
        "<ram:LineTotalAmount>100.00</ram:LineTotalAmount><ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount>"
        + _tag("ram:TaxTotalAmount", vat, currencyID="EUR")
        + _tag("ram:GrandTotalAmount", of.gross)
        + (_tag("ram:TotalPrepaidAmount", of.gross) if of.prepaid else "")
        + _tag("ram:DuePayableAmount", "0.00" if of.prepaid else of.gross)
    )
    settlement = (
        "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>"
        + _cii_party("InvoiceeTradeParty", of.invoicee)
        + _cii_party("PayeeTradeParty", of.payee)
        + "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>30</ram:TypeCode>"
        + _in("ram:PayeePartyCreditorFinancialAccount", _tag("ram:IBANID", of.iban))
        + "</ram:SpecifiedTradeSettlementPaymentMeans>"
        + _in("ram:ApplicableTradeTax", tax)
        + _in(
            "ram:SpecifiedTradePaymentTerms",
            "".join(_tag("ram:Description", text) for text in of.terms)
            + '<ram:DueDateDateTime><udt:DateTimeString format="102">20261202</udt:DateTimeString>'
            "</ram:DueDateDateTime>",
        )
        + _in("ram:SpecifiedTradeSettlementHeaderMonetarySummation", totals)
        + "".join(_cii_origin(origin) for origin in of.origins)
    )
    body = (
        _in(
            "rsm:ExchangedDocumentContext",
            _in("ram:BusinessProcessSpecifiedDocumentContextParameter", _tag("ram:ID", of.frame))
            + _in("ram:GuidelineSpecifiedDocumentContextParameter", _tag("ram:ID", of.profile)),
        )
        + _in(
            "rsm:ExchangedDocument",
            _tag("ram:ID", of.number)
            + "<ram:TypeCode>380</ram:TypeCode>"
            + '<ram:IssueDateTime><udt:DateTimeString format="102">20261102</udt:DateTimeString></ram:IssueDateTime>'
            + notes,
        )
        + _in(
            "rsm:SupplyChainTradeTransaction",
            _in("ram:IncludedSupplyChainTradeLineItem", line)
            + _in("ram:ApplicableHeaderTradeAgreement", agreement)
            + "<ram:ApplicableHeaderTradeDelivery>"
            + _in("ram:ShipToTradeParty", _tag("ram:GlobalID", of.delivered_to, schemeID="0009"))
            + "</ram:ApplicableHeaderTradeDelivery>"
            + _in("ram:ApplicableHeaderTradeSettlement", settlement),
        )
    )
    space = "urn:un:unece:uncefact:data"
    return (
        f'<rsm:CrossIndustryInvoice xmlns:rsm="{space}:standard:CrossIndustryInvoice:100" '
        f'xmlns:ram="{space}:standard:ReusableAggregateBusinessInformationEntity:100" '
        f'xmlns:qdt="{space}:standard:QualifiedDataType:100" '
        f'xmlns:udt="{space}:standard:UnqualifiedDataType:100">{body}</rsm:CrossIndustryInvoice>'
    ).encode()


def _cii_origin(number: str) -> str:
    return (
        "<ram:InvoiceReferencedDocument>"
        + _tag("ram:IssuerAssignedID", number)
        + '<ram:FormattedIssueDateTime><qdt:DateTimeString format="102">20261002</qdt:DateTimeString>'
        "</ram:FormattedIssueDateTime></ram:InvoiceReferencedDocument>"
    )


def _cii_party(role: str, of: ReformParty | None) -> str:
    if of is None:
        return ""
    scheme, registration = of.registration or ("", "")
    contact = "<ram:DefinedTradeContact><ram:PersonName>Jeanne</ram:PersonName></ram:DefinedTradeContact>"
    whole = role in ("SellerTradeParty", "BuyerTradeParty")
    address = (
        "<ram:PostcodeCode>44000</ram:PostcodeCode>"
        + _tag("ram:LineOne", of.street)
        + _tag("ram:CityName", of.city)
        + "<ram:CountryID>FR</ram:CountryID>"
    )
    return _in(
        f"ram:{role}",
        "".join(_tag("ram:GlobalID", text, schemeID=scheme_id) for scheme_id, text in of.ids)
        + _tag("ram:Name", of.name)
        + _in(
            "ram:SpecifiedLegalOrganization",
            _tag("ram:ID", registration, schemeID=scheme) + _tag("ram:TradingBusinessName", of.trading_name),
        )
        + contact * of.contacts
        + (_in("ram:PostalTradeAddress", address) if whole else "")
        + _in("ram:URIUniversalCommunication", _tag("ram:URIID", of.address, schemeID="0225"))
        + _in("ram:SpecifiedTaxRegistration", _tag("ram:ID", of.vat, schemeID="VA")),
    )


PLAIN = EN16931
"""The profile that most invoices of the reform claim."""
