"""Places of the terms that make a page complete and decide nothing: delivery, periods, contacts, terms of payment."""

from collections.abc import Mapping

_Terms = dict[str, str | tuple[str, ...]]

DELIVERY_ADDRESS = {
    "line1": "BT-75", "line2": "BT-76", "line3": "BT-165", "city": "BT-77", "postcode": "BT-78", "country": "BT-80",
}  # fmt: skip
REPRESENTATIVE_ADDRESS = {
    "line1": "BT-64", "line2": "BT-65", "line3": "BT-164", "city": "BT-66", "postcode": "BT-67", "country": "BT-69",
}  # fmt: skip


def _ubl_address(root: str, terms: Mapping[str, str]) -> _Terms:
    return {
        terms["line1"]: f"{root}/cbc:StreetName",
        terms["line2"]: f"{root}/cbc:AdditionalStreetName",
        terms["line3"]: f"{root}/cac:AddressLine/cbc:Line",
        terms["city"]: f"{root}/cbc:CityName",
        terms["postcode"]: f"{root}/cbc:PostalZone",
        terms["country"]: f"{root}/cac:Country/cbc:IdentificationCode",
    }


def _ubl_contact(party: str, name: str, phone: str, email: str) -> _Terms:
    contact = f"{party}/cac:Party/cac:Contact"
    return {
        name: f"{contact}/cbc:Name", phone: f"{contact}/cbc:Telephone", email: f"{contact}/cbc:ElectronicMail",
    }  # fmt: skip


_UBL_SELLER, _UBL_BUYER = "cac:AccountingSupplierParty", "cac:AccountingCustomerParty"
_UBL_PAYEE, _UBL_REPRESENTATIVE, _UBL_MEANS = "cac:PayeeParty", "cac:TaxRepresentativeParty", "cac:PaymentMeans"
_UBL_PLACE = "cac:Delivery/cac:DeliveryLocation"

UBL_HEADER: _Terms = {
    "BT-6": "cbc:TaxCurrencyCode",
    "BT-7": "cbc:TaxPointDate",
    "BT-11": "cac:ProjectReference/cbc:ID",
    "BT-14": "cac:OrderReference/cbc:SalesOrderID",
    "BT-15": "cac:ReceiptDocumentReference/cbc:ID",
    "BT-16": "cac:DespatchDocumentReference/cbc:ID",
    "BT-17": "cac:OriginatorDocumentReference/cbc:ID",
    "BT-19": "cbc:AccountingCost",
    "BT-28": f"{_UBL_SELLER}/cac:Party/cac:PartyName/cbc:Name",
    "BT-33": f"{_UBL_SELLER}/cac:Party/cac:PartyLegalEntity/cbc:CompanyLegalForm",
    **_ubl_contact(_UBL_SELLER, "BT-41", "BT-42", "BT-43"),
    "BT-45": f"{_UBL_BUYER}/cac:Party/cac:PartyName/cbc:Name",
    **_ubl_contact(_UBL_BUYER, "BT-56", "BT-57", "BT-58"),
    "BT-59": (f"{_UBL_PAYEE}/cac:PartyName/cbc:Name", f"{_UBL_PAYEE}/cac:PartyLegalEntity/cbc:RegistrationName"),
    "BT-60": f"{_UBL_PAYEE}/cac:PartyIdentification/cbc:ID",
    "BT-61": f"{_UBL_PAYEE}/cac:PartyLegalEntity/cbc:CompanyID",
    "BT-62": f"{_UBL_REPRESENTATIVE}/cac:PartyName/cbc:Name",
    "BT-63": f"{_UBL_REPRESENTATIVE}/cac:PartyTaxScheme/cbc:CompanyID",
    **_ubl_address(f"{_UBL_REPRESENTATIVE}/cac:PostalAddress", REPRESENTATIVE_ADDRESS),
    "BT-70": "cac:Delivery/cac:DeliveryParty/cac:PartyName/cbc:Name",
    "BT-71": f"{_UBL_PLACE}/cbc:ID",
    **_ubl_address(f"{_UBL_PLACE}/cac:Address", DELIVERY_ADDRESS),
    "BT-73": "cac:InvoicePeriod/cbc:StartDate",
    "BT-74": "cac:InvoicePeriod/cbc:EndDate",
    "BT-83": f"{_UBL_MEANS}/cbc:PaymentID",
    "BT-85": f"{_UBL_MEANS}/cac:PayeeFinancialAccount/cbc:Name",
    "adjustment": "cac:AllowanceCharge/cbc:Amount",
}
UBL_LINE: _Terms = {
    "BT-127": "cbc:Note",
    "BT-132": "cac:OrderLineReference/cbc:LineID",
    "BT-133": "cbc:AccountingCost",
    "BT-134": "cac:InvoicePeriod/cbc:StartDate",
    "BT-135": "cac:InvoicePeriod/cbc:EndDate",
    "BT-147": "cac:Price/cac:AllowanceCharge/cbc:Amount",
    "BT-148": "cac:Price/cac:AllowanceCharge/cbc:BaseAmount",
    "BT-149": "cac:Price/cbc:BaseQuantity",
    "BT-156": "cac:Item/cac:BuyersItemIdentification/cbc:ID",
    "BT-157": "cac:Item/cac:StandardItemIdentification/cbc:ID",
    "BT-159": "cac:Item/cac:OriginCountry/cbc:IdentificationCode",
    "BT-160": "cac:Item/cac:AdditionalItemProperty/cbc:Name",
}
UBL_TAX: _Terms = {"BT-121": "cac:TaxCategory/cbc:TaxExemptionReasonCode"}
UBL_FILE: _Terms = {"BT-124": "cac:Attachment/cac:ExternalReference/cbc:URI"}

_TRADE = "rsm:SupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"
_DELIVERY = f"{_TRADE}/ram:ApplicableHeaderTradeDelivery"
_SETTLEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_MEANS = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans"
_PAYEE, _SHIP_TO = f"{_SETTLEMENT}/ram:PayeeTradeParty", f"{_DELIVERY}/ram:ShipToTradeParty"
_REPRESENTATIVE = f"{_AGREEMENT}/ram:SellerTaxRepresentativeTradeParty"
_DAY = "udt:DateTimeString"


def _cii_address(party: str, terms: Mapping[str, str]) -> _Terms:
    address = f"{party}/ram:PostalTradeAddress"
    return {
        terms["line1"]: f"{address}/ram:LineOne",
        terms["line2"]: f"{address}/ram:LineTwo",
        terms["line3"]: f"{address}/ram:LineThree",
        terms["city"]: f"{address}/ram:CityName",
        terms["postcode"]: f"{address}/ram:PostcodeCode",
        terms["country"]: f"{address}/ram:CountryID",
    }


def _cii_contact(party: str, name: str, phone: str, email: str) -> _Terms:
    contact = f"{_AGREEMENT}/{party}/ram:DefinedTradeContact"
    return {
        name: (f"{contact}/ram:PersonName", f"{contact}/ram:DepartmentName"),
        phone: f"{contact}/ram:TelephoneUniversalCommunication/ram:CompleteNumber",
        email: f"{contact}/ram:EmailURIUniversalCommunication/ram:URIID",
    }


def _cii_period(path: str, start: str, end: str) -> _Terms:
    return {start: f"{path}/ram:StartDateTime/{_DAY}", end: f"{path}/ram:EndDateTime/{_DAY}"}


CII_HEADER: _Terms = {
    "BT-6": f"{_SETTLEMENT}/ram:TaxCurrencyCode",
    "BT-7": f"{_SETTLEMENT}/ram:ApplicableTradeTax/ram:TaxPointDate/udt:DateString",
    "BT-11": f"{_AGREEMENT}/ram:SpecifiedProcuringProject/ram:ID",
    "BT-14": f"{_AGREEMENT}/ram:SellerOrderReferencedDocument/ram:IssuerAssignedID",
    "BT-15": f"{_DELIVERY}/ram:ReceivingAdviceReferencedDocument/ram:IssuerAssignedID",
    "BT-16": f"{_DELIVERY}/ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID",
    "BT-19": f"{_SETTLEMENT}/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID",
    "BT-28": f"{_AGREEMENT}/ram:SellerTradeParty/ram:SpecifiedLegalOrganization/ram:TradingBusinessName",
    "BT-33": f"{_AGREEMENT}/ram:SellerTradeParty/ram:Description",
    **_cii_contact("ram:SellerTradeParty", "BT-41", "BT-42", "BT-43"),
    "BT-45": f"{_AGREEMENT}/ram:BuyerTradeParty/ram:SpecifiedLegalOrganization/ram:TradingBusinessName",
    **_cii_contact("ram:BuyerTradeParty", "BT-56", "BT-57", "BT-58"),
    "BT-59": f"{_PAYEE}/ram:Name",
    "BT-60": (f"{_PAYEE}/ram:GlobalID", f"{_PAYEE}/ram:ID"),
    "BT-61": f"{_PAYEE}/ram:SpecifiedLegalOrganization/ram:ID",
    "BT-62": f"{_REPRESENTATIVE}/ram:Name",
    "BT-63": f"{_REPRESENTATIVE}/ram:SpecifiedTaxRegistration/ram:ID",
    **_cii_address(_REPRESENTATIVE, REPRESENTATIVE_ADDRESS),
    "BT-70": f"{_SHIP_TO}/ram:Name",
    "BT-71": (f"{_SHIP_TO}/ram:GlobalID", f"{_SHIP_TO}/ram:ID"),
    **_cii_address(_SHIP_TO, DELIVERY_ADDRESS),
    **_cii_period(f"{_SETTLEMENT}/ram:BillingSpecifiedPeriod", "BT-73", "BT-74"),
    "BT-82": f"{_MEANS}/ram:Information",
    "BT-83": f"{_SETTLEMENT}/ram:PaymentReference",
    "BT-85": f"{_MEANS}/ram:PayeePartyCreditorFinancialAccount/ram:AccountName",
    "adjustment": f"{_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge/ram:ActualAmount",
}
_LINE, _PRODUCT = "ram:AssociatedDocumentLineDocument", "ram:SpecifiedTradeProduct"
_LINE_AGREEMENT, _LINE_SETTLEMENT = "ram:SpecifiedLineTradeAgreement", "ram:SpecifiedLineTradeSettlement"
_GROSS, _NET = (f"{_LINE_AGREEMENT}/ram:{which}PriceProductTradePrice" for which in ("Gross", "Net"))

CII_LINE: _Terms = {
    "BT-X-304": f"{_LINE}/ram:ParentLineID",
    "BT-127": f"{_LINE}/ram:IncludedNote/ram:Content",
    "BT-132": f"{_LINE_AGREEMENT}/ram:BuyerOrderReferencedDocument/ram:LineID",
    "BT-133": f"{_LINE_SETTLEMENT}/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID",
    **_cii_period(f"{_LINE_SETTLEMENT}/ram:BillingSpecifiedPeriod", "BT-134", "BT-135"),
    "BT-147": f"{_GROSS}/ram:AppliedTradeAllowanceCharge/ram:ActualAmount",
    "BT-148": f"{_GROSS}/ram:ChargeAmount",
    "BT-149": (f"{_NET}/ram:BasisQuantity", f"{_GROSS}/ram:BasisQuantity"),
    "BT-156": f"{_PRODUCT}/ram:BuyerAssignedID",
    "BT-157": f"{_PRODUCT}/ram:GlobalID",
    "BT-159": f"{_PRODUCT}/ram:OriginTradeCountry/ram:ID",
    "BT-160": f"{_PRODUCT}/ram:ApplicableProductCharacteristic/ram:Description",
}
CII_TAX: _Terms = {"BT-121": "ram:ExemptionReasonCode"}
CII_FILE: _Terms = {"BT-124": "ram:URIID"}
