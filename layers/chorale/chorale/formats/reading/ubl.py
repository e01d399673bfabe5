"""Business terms in UBL 2.1 Invoice and CreditNote, with the places of the older Chorus profile (FSO1100A)."""

from chorale.formats.reading.detail_terms import UBL_FILE, UBL_HEADER, UBL_LINE, UBL_TAX
from chorale.formats.reading.terms import TermTable, table

_SELLER, _BUYER = "cac:AccountingSupplierParty", "cac:AccountingCustomerParty"
_TOTAL, _MEANS = "cac:LegalMonetaryTotal", "cac:PaymentMeans"
_VALIDATOR = "cac:TaxRepresentativeParty"
_AGENT = f"{_SELLER}/cac:Party/cac:AgentParty"
_BUYER_AGENT = f"{_BUYER}/cac:Party/cac:AgentParty"
_INVOICEE = f"{_BUYER}/cac:Party/cac:ServiceProviderParty/cac:Party"
_PAYEE = "cac:PayeeParty"
_EXTENSION = "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent"


def _party(root: str, terms: dict[str, str]) -> dict[str, str | tuple[str, ...]]:
    party = f"{root}/cac:Party"
    return {
        terms["name"]: (f"{party}/cac:PartyLegalEntity/cbc:RegistrationName", f"{party}/cac:PartyName/cbc:Name"),
        terms["identifier"]: f"{party}/cac:PartyIdentification/cbc:ID",
        terms["registration"]: f"{party}/cac:PartyLegalEntity/cbc:CompanyID",
        terms["vat"]: f"{party}/cac:PartyTaxScheme/cbc:CompanyID",
        terms["address"]: f"{party}/cbc:EndpointID",
        terms["trading name"]: f"{party}/cac:PartyName/cbc:Name",
        terms["contact"]: f"{party}/cac:Contact",
        terms["line1"]: f"{party}/cac:PostalAddress/cbc:StreetName",
        terms["line2"]: f"{party}/cac:PostalAddress/cbc:AdditionalStreetName",
        terms["line3"]: f"{party}/cac:PostalAddress/cac:AddressLine/cbc:Line",
        terms["city"]: f"{party}/cac:PostalAddress/cbc:CityName",
        terms["postcode"]: f"{party}/cac:PostalAddress/cbc:PostalZone",
        terms["country"]: f"{party}/cac:PostalAddress/cac:Country/cbc:IdentificationCode",
    }


SELLER_TERMS = {
    "name": "BT-27", "identifier": "BT-29", "registration": "BT-30", "vat": "BT-31", "line1": "BT-35",
    "line2": "BT-36", "line3": "BT-162", "city": "BT-37", "postcode": "BT-38", "country": "BT-40",
    "address": "BT-34", "trading name": "BT-28", "contact": "BG-6",
}  # fmt: skip
BUYER_TERMS = {
    "name": "BT-44", "identifier": "BT-46", "registration": "BT-47", "vat": "BT-48", "line1": "BT-50",
    "line2": "BT-51", "line3": "BT-163", "city": "BT-52", "postcode": "BT-53", "country": "BT-55",
    "address": "BT-49", "trading name": "BT-45", "contact": "BG-9",
}  # fmt: skip


def _terms(type_code: str, due_date: str | tuple[str, ...], line: str, quantity: str) -> TermTable:
    return table(
        {
            "BT-1": "cbc:ID",
            "BT-2": "cbc:IssueDate",
            "BT-3": type_code,
            "BT-5": "cbc:DocumentCurrencyCode",
            "BT-8": "cac:InvoicePeriod/cbc:DescriptionCode",
            "BT-9": due_date,
            "BT-10": ("cbc:BuyerReference", f"{_BUYER}/cac:AccountingContact/cbc:ID"),
            "BT-12": "cac:ContractDocumentReference/cbc:ID",
            "contract type": (
                "cac:ContractDocumentReference/cbc:DocumentType",
                "cac:ContractDocumentReference/cbc:DocumentTypeCode",
            ),
            "BT-13": "cac:OrderReference/cbc:ID",
            "BT-20": "cac:PaymentTerms/cbc:Note",
            "BT-22": "cbc:Note",
            "BT-23": "cbc:ProfileID",
            "BT-24": "cbc:CustomizationID",
            "frame extension": f"{_EXTENSION}/aife:FactureExtension/aife:CategoryCode",
            "BG-3": "cac:BillingReference",
            "BT-25": "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID",
            **_party(_SELLER, SELLER_TERMS),
            **_party(_BUYER, BUYER_TERMS),
            "validator": (
                f"{_VALIDATOR}/cac:PartyLegalEntity/cbc:CompanyID",
                f"{_VALIDATOR}/cac:PartyIdentification/cbc:ID",
            ),
            "agent identifier": f"{_AGENT}/cac:PartyIdentification/cbc:ID",
            "agent registration": f"{_AGENT}/cac:PartyLegalEntity/cbc:CompanyID",
            "agent contact": f"{_AGENT}/cac:Contact",
            "agent": _AGENT,
            "buyer agent": _BUYER_AGENT,
            "invoicee": _INVOICEE,
            "BT-59": f"{_PAYEE}/cac:PartyName/cbc:Name",
            "BT-60": f"{_PAYEE}/cac:PartyIdentification/cbc:ID",
            "BT-61": f"{_PAYEE}/cac:PartyLegalEntity/cbc:CompanyID",
            "BT-71": "cac:Delivery/cac:DeliveryLocation/cbc:ID",
            "BT-72": "cac:Delivery/cbc:ActualDeliveryDate",
            "tax regime": f"{_SELLER}/cac:Party/cac:PartyTaxScheme/cac:TaxScheme/cbc:TaxTypeCode",
            "BT-81": f"{_MEANS}/cbc:PaymentMeansCode",
            "BT-84": f"{_MEANS}/cac:PayeeFinancialAccount/cbc:ID",
            "BT-86": (
                f"{_MEANS}/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID",
                f"{_MEANS}/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cac:FinancialInstitution/cbc:ID",
            ),
            "BT-91": f"{_MEANS}/cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID",
            "BT-106": f"{_TOTAL}/cbc:LineExtensionAmount",
            "BT-107": f"{_TOTAL}/cbc:AllowanceTotalAmount",
            "BT-108": f"{_TOTAL}/cbc:ChargeTotalAmount",
            "BT-109": f"{_TOTAL}/cbc:TaxExclusiveAmount",
            "BT-110": "cac:TaxTotal/cbc:TaxAmount",
            "BT-112": f"{_TOTAL}/cbc:TaxInclusiveAmount",
            "BT-113": f"{_TOTAL}/cbc:PrepaidAmount",
            "BT-114": f"{_TOTAL}/cbc:PayableRoundingAmount",
            "BT-115": f"{_TOTAL}/cbc:PayableAmount",
            **UBL_HEADER,
        },
        {
            "BG-23": (
                "cac:TaxTotal/cac:TaxSubtotal",
                {
                    "BT-116": "cbc:TaxableAmount",
                    "BT-117": "cbc:TaxAmount",
                    "BT-118": "cac:TaxCategory/cbc:ID",
                    "BT-119": ("cac:TaxCategory/cbc:Percent", "cbc:Percent"),
                    "BT-120": "cac:TaxCategory/cbc:TaxExemptionReason",
                    "tax type": (
                        "cac:TaxCategory/cac:TaxScheme/cbc:ID",
                        "cac:TaxCategory/cac:TaxScheme/cbc:TaxTypeCode",
                    ),
                    "older tax type": "cac:TaxCategory/cac:TaxScheme/cbc:TaxTypeCode",
                    **UBL_TAX,
                },
            ),
            "BG-24": (
                "cac:AdditionalDocumentReference",
                {
                    "BT-122": "cbc:ID",
                    "BT-123": ("cbc:DocumentDescription", "cbc:DocumentType"),
                    "type": "cbc:DocumentTypeCode",
                    "BT-125": "cac:Attachment/cbc:EmbeddedDocumentBinaryObject",
                    **UBL_FILE,
                },
            ),
            "BG-25": (
                line,
                {
                    "BT-126": "cbc:ID",
                    "BT-X-8": "cac:BillingReference/cac:InvoiceDocumentReference/cbc:DocumentStatusCode",
                    "earlier invoice": "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID",
                    "delivered to": "cac:Delivery/cac:DeliveryLocation/cbc:ID",
                    "BT-129": quantity,
                    "BT-131": "cbc:LineExtensionAmount",
                    "allowance": "cac:AllowanceCharge/cbc:Amount",
                    "BT-146": "cac:Price/cbc:PriceAmount",
                    "BT-147": "cac:Price/cac:AllowanceCharge/cbc:Amount",
                    "BT-148": "cac:Price/cac:AllowanceCharge/cbc:BaseAmount",
                    "BT-151": "cac:Item/cac:ClassifiedTaxCategory/cbc:ID",
                    "BT-152": "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent",
                    "tax type": (
                        "cac:Item/cac:ClassifiedTaxCategory/cac:TaxScheme/cbc:ID",
                        "cac:Item/cac:ClassifiedTaxCategory/cac:TaxScheme/cbc:TaxTypeCode",
                    ),
                    "tax": "cac:Item/cac:ClassifiedTaxCategory",
                    "older tax type": "cac:Item/cac:ClassifiedTaxCategory/cac:TaxScheme/cbc:TaxTypeCode",
                    "BT-153": "cac:Item/cbc:Name",
                    "BT-154": "cac:Item/cbc:Description",
                    "BT-155": "cac:Item/cac:SellersItemIdentification/cbc:ID",
                    **UBL_LINE,
                },
            ),
        },
        ("schemeID", "schemeName"),
    )


INVOICE = _terms(
    "cbc:InvoiceTypeCode",
    ("cbc:DueDate", "cac:PaymentMeans/cbc:PaymentDueDate"),
    "cac:InvoiceLine",
    "cbc:InvoicedQuantity",
)
CREDIT_NOTE = _terms(
    "cbc:CreditNoteTypeCode", "cac:PaymentMeans/cbc:PaymentDueDate", "cac:CreditNoteLine", "cbc:CreditedQuantity"
)
