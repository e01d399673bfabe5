"""Business terms in UN/CEFACT Cross Industry Invoice (D16B, D22B), also the XML of a Factur-X."""

from chorale.formats.reading.detail_terms import CII_FILE, CII_HEADER, CII_LINE, CII_TAX
from chorale.formats.reading.terms import table
from chorale.formats.reading.ubl import BUYER_TERMS, SELLER_TERMS

_CONTEXT, _DOCUMENT = "rsm:ExchangedDocumentContext", "rsm:ExchangedDocument"
_TRADE = "rsm:SupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"
_VALIDATOR = f"{_AGREEMENT}/ram:SellerTaxRepresentativeTradeParty"
_AGENT = f"{_AGREEMENT}/ram:SalesAgentTradeParty"
_DELIVERY = f"{_TRADE}/ram:ApplicableHeaderTradeDelivery"
_SETTLEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_PAYEE = f"{_SETTLEMENT}/ram:PayeeTradeParty"
_MEANS = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans"
_SUM = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_PRICE = "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice"
_LINE_TRADE, _LINE_SETTLEMENT = "ram:SpecifiedTradeProduct", "ram:SpecifiedLineTradeSettlement"


def _party(party: str, terms: dict[str, str]) -> dict[str, str | tuple[str, ...]]:
    address = f"{party}/ram:PostalTradeAddress"
    return {
        terms["name"]: f"{party}/ram:Name",
        terms["identifier"]: (f"{party}/ram:GlobalID", f"{party}/ram:ID"),
        terms["registration"]: f"{party}/ram:SpecifiedLegalOrganization/ram:ID",
        terms["vat"]: f"{party}/ram:SpecifiedTaxRegistration/ram:ID",
        terms["address"]: f"{party}/ram:URIUniversalCommunication/ram:URIID",
        terms["trading name"]: f"{party}/ram:SpecifiedLegalOrganization/ram:TradingBusinessName",
        terms["contact"]: f"{party}/ram:DefinedTradeContact",
        terms["line1"]: (f"{address}/ram:LineOne", f"{address}/ram:StreetName"),
        terms["line2"]: f"{address}/ram:LineTwo",
        terms["line3"]: f"{address}/ram:LineThree",
        terms["city"]: f"{address}/ram:CityName",
        terms["postcode"]: f"{address}/ram:PostcodeCode",
        terms["country"]: f"{address}/ram:CountryID",
    }


CII = table(
    {
        "BT-1": f"{_DOCUMENT}/ram:ID",
        "BT-2": f"{_DOCUMENT}/ram:IssueDateTime/udt:DateTimeString",
        "BT-3": f"{_DOCUMENT}/ram:TypeCode",
        "BT-5": f"{_SETTLEMENT}/ram:InvoiceCurrencyCode",
        "BT-8": f"{_SETTLEMENT}/ram:ApplicableTradeTax/ram:DueDateTypeCode",
        "BT-9": f"{_SETTLEMENT}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString",
        "BT-10": f"{_AGREEMENT}/ram:BuyerReference",
        "BT-12": f"{_AGREEMENT}/ram:ContractReferencedDocument/ram:IssuerAssignedID",
        "contract type": f"{_AGREEMENT}/ram:ContractReferencedDocument/ram:ReferenceTypeCode",
        "BT-13": f"{_AGREEMENT}/ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",
        "BT-20": f"{_SETTLEMENT}/ram:SpecifiedTradePaymentTerms/ram:Description",
        "BT-22": f"{_DOCUMENT}/ram:IncludedNote/ram:Content",
        "BT-23": f"{_CONTEXT}/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID",
        "BT-24": f"{_CONTEXT}/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
        "BG-3": f"{_SETTLEMENT}/ram:InvoiceReferencedDocument",
        "BT-25": f"{_SETTLEMENT}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID",
        **_party(f"{_AGREEMENT}/ram:SellerTradeParty", SELLER_TERMS),
        **_party(f"{_AGREEMENT}/ram:BuyerTradeParty", BUYER_TERMS),
        "validator": (
            f"{_VALIDATOR}/ram:SpecifiedLegalOrganization/ram:ID",
            f"{_VALIDATOR}/ram:GlobalID",
            f"{_VALIDATOR}/ram:ID",
        ),
        "agent identifier": (f"{_AGENT}/ram:GlobalID", f"{_AGENT}/ram:ID"),
        "agent registration": f"{_AGENT}/ram:SpecifiedLegalOrganization/ram:ID",
        "agent contact": f"{_AGENT}/ram:DefinedTradeContact",
        "agent": _AGENT,
        "buyer agent": f"{_AGREEMENT}/ram:BuyerAgentTradeParty",
        "invoicee": f"{_SETTLEMENT}/ram:InvoiceeTradeParty",
        "BT-59": f"{_PAYEE}/ram:Name",
        "BT-60": (f"{_PAYEE}/ram:GlobalID", f"{_PAYEE}/ram:ID"),
        "BT-61": f"{_PAYEE}/ram:SpecifiedLegalOrganization/ram:ID",
        "BT-71": (f"{_DELIVERY}/ram:ShipToTradeParty/ram:GlobalID", f"{_DELIVERY}/ram:ShipToTradeParty/ram:ID"),
        "BT-72": (f"{_DELIVERY}/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString"),
        "BT-81": f"{_MEANS}/ram:TypeCode",
        "BT-84": (
            f"{_MEANS}/ram:PayeePartyCreditorFinancialAccount/ram:IBANID",
            f"{_MEANS}/ram:PayeePartyCreditorFinancialAccount/ram:ProprietaryID",
        ),
        "BT-86": f"{_MEANS}/ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID",
        "BT-91": f"{_MEANS}/ram:PayerPartyDebtorFinancialAccount/ram:IBANID",
        "BT-106": f"{_SUM}/ram:LineTotalAmount",
        "BT-107": f"{_SUM}/ram:AllowanceTotalAmount",
        "BT-108": f"{_SUM}/ram:ChargeTotalAmount",
        "BT-109": f"{_SUM}/ram:TaxBasisTotalAmount",
        "BT-110": f"{_SUM}/ram:TaxTotalAmount",
        "BT-112": f"{_SUM}/ram:GrandTotalAmount",
        "BT-113": f"{_SUM}/ram:TotalPrepaidAmount",
        "BT-114": f"{_SUM}/ram:RoundingAmount",
        "BT-115": f"{_SUM}/ram:DuePayableAmount",
        "BT-179": f"{_SETTLEMENT}/ram:SpecifiedFinancialAdjustment/ram:ActualAmount",
        **CII_HEADER,
    },
    {
        "BG-23": (
            f"{_SETTLEMENT}/ram:ApplicableTradeTax",
            {
                "BT-116": "ram:BasisAmount",
                "BT-117": "ram:CalculatedAmount",
                "BT-118": "ram:CategoryCode",
                "BT-119": "ram:RateApplicablePercent",
                "BT-120": "ram:ExemptionReason",
                "tax type": "ram:TypeCode",
                **CII_TAX,
            },
        ),
        "BG-24": (
            f"{_AGREEMENT}/ram:AdditionalReferencedDocument",
            {
                "BT-122": "ram:IssuerAssignedID",
                "BT-123": "ram:Name",
                "type": "ram:ReferenceTypeCode",
                "BT-125": "ram:AttachmentBinaryObject",
                **CII_FILE,
            },
        ),
        "BG-25": (
            f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem",
            {
                "BT-126": "ram:AssociatedDocumentLineDocument/ram:LineID",
                "BT-X-8": "ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode",
                "earlier invoice": f"{_LINE_SETTLEMENT}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID",
                "delivered to": (
                    "ram:SpecifiedLineTradeDelivery/ram:ShipToTradeParty/ram:GlobalID",
                    "ram:SpecifiedLineTradeDelivery/ram:ShipToTradeParty/ram:ID",
                ),
                "BT-129": "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity",
                "BT-131": f"{_LINE_SETTLEMENT}/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
                "allowance": f"{_LINE_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge/ram:ActualAmount",
                "BT-146": "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount",
                "BT-147": f"{_PRICE}/ram:AppliedTradeAllowanceCharge/ram:ActualAmount",
                "BT-148": f"{_PRICE}/ram:ChargeAmount",
                "BT-151": f"{_LINE_SETTLEMENT}/ram:ApplicableTradeTax/ram:CategoryCode",
                "BT-152": f"{_LINE_SETTLEMENT}/ram:ApplicableTradeTax/ram:RateApplicablePercent",
                "tax type": f"{_LINE_SETTLEMENT}/ram:ApplicableTradeTax/ram:TypeCode",
                "tax": f"{_LINE_SETTLEMENT}/ram:ApplicableTradeTax",
                "BT-153": f"{_LINE_TRADE}/ram:Name",
                "BT-154": f"{_LINE_TRADE}/ram:Description",
                "BT-155": (f"{_LINE_TRADE}/ram:SellerAssignedID", f"{_LINE_TRADE}/ram:ID"),
                **CII_LINE,
            },
        ),
    },
    ("schemeID",),
)
