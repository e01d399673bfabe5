"""Invoices with chosen parts, in each form: what the tests and the journeys deposit.

The defaults make a document that every rule accepts, EN 16931 included. Amounts are in euros; ``issued`` is its day.
"""

import base64
import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

SUPPLIER = "99000007700018"
OTHER_SUPPLIER = "99000001000019"
NO_REQUIREMENT = "12345678200051"
IBAN = "FR7630006000011234567890189"
EN16931 = "urn:cen.eu:en16931:2017"
MINIMUM = "urn:factur-x.eu:1p0:minimum"
BASIC_WL = "urn:factur-x.eu:1p0:basicwl"
BASIC = "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic"
EXTENDED = "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended"
DAY = date(2026, 11, 2)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class SampleLine:
    """One line: quantity x price without VAT, at a rate in percent."""

    name: str = "Papier A4 recyclé"
    quantity: Decimal = Decimal(10)
    price: Decimal = Decimal("12.50")
    rate: Decimal = Decimal(20)
    unit: str = "C62"

    @property
    def net(self) -> Decimal:
        """Amount without VAT."""
        return (self.quantity * self.price).quantize(CENT)


@dataclass(frozen=True)
class SampleFile:
    """An attachment; ``content`` None leaves the base64 broken."""

    name: str = "bon.txt"
    content: bytes | None = b"bon de livraison"
    mime: str = "text/csv"
    description: str = "Bon de livraison"


@dataclass(frozen=True)
class Sample:
    """What a document says. An empty text leaves the element out."""

    number: str = "F-2026-001"
    issued: date = DAY
    type_code: str = "380"
    currency: str = "EUR"
    supplier: str = SUPPLIER
    supplier_scheme: str = "0002"
    vat_number: str = "FR20990000077"
    recipient: str = NO_REQUIREMENT
    recipient_scheme: str = "0002"
    recipient_postcode: str = "35000"
    recipient_country: str = "FR"
    service: str = ""
    commitment: str = ""
    contract: str = ""
    origin: str = ""
    validator: str = ""
    frame: str = "A1"
    profile: str = EN16931
    means: str = "30"
    iban: str = IBAN
    note: str = ""
    prepaid: Decimal = Decimal(0)
    category: str = "S"
    tax_type: str = "VAT"
    amount_currency: str = ""
    """CII only: ``currencyID`` on every amount, as some senders write it."""
    lines: Sequence[SampleLine] = (SampleLine(),)
    files: Sequence[SampleFile] = field(default_factory=tuple)

    @property
    def net(self) -> Decimal:
        """BT-109."""
        return sum((line.net for line in self.lines), Decimal(0))

    @property
    def taxes(self) -> list[tuple[Decimal, Decimal, Decimal]]:
        """Rate, base and amount of each line of the VAT breakdown."""
        rates = sorted({line.rate for line in self.lines})
        bases = [(rate, sum((line.net for line in self.lines if line.rate == rate), Decimal(0))) for rate in rates]
        return [(rate, base, (base * rate / 100).quantize(CENT)) for rate, base in bases]

    @property
    def vat(self) -> Decimal:
        """BT-110."""
        return sum((amount for _, _, amount in self.taxes), Decimal(0))

    @property
    def gross(self) -> Decimal:
        """BT-112."""
        return self.net + self.vat


def sample(**parts: Any) -> Sample:
    """A sample with these parts in place of the defaults."""
    return replace(Sample(), **parts)


def _tag(name: str, text: object, **attributes: str) -> str:
    """An element, or nothing when its text is empty."""
    if text in ("", None):
        return ""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value)
    return f"<{name}{written}>{escape(str(text))}</{name}>"


def _within(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>" if content else ""


def _pretty(document: str) -> bytes:
    """One element per line, so that line numbers mean something."""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + document.replace("><", ">\n<")).encode()


# UBL


def ubl_invoice(**parts: Any) -> bytes:
    """A UBL 2.1 Invoice."""
    return _ubl("Invoice", sample(**parts))


def ubl_credit_note(**parts: Any) -> bytes:
    """A UBL 2.1 CreditNote."""
    return _ubl("CreditNote", sample(**{"type_code": "381", "number": "AV-2026-001", "origin": "F-2026-001"} | parts))


def _ubl(root: str, of: Sample) -> bytes:
    is_invoice = root == "Invoice"
    due = of.issued + timedelta(days=30)
    money = {"currencyID": of.currency}
    body = "".join(
        [
            _tag("cbc:CustomizationID", of.profile),
            _tag("cbc:ProfileID", of.frame),
            _tag("cbc:ID", of.number),
            _tag("cbc:IssueDate", of.issued.isoformat()),
            _tag("cbc:DueDate", due.isoformat()) if is_invoice else "",
            _tag("cbc:InvoiceTypeCode" if is_invoice else "cbc:CreditNoteTypeCode", of.type_code),
            _tag("cbc:Note", of.note),
            _tag("cbc:DocumentCurrencyCode", of.currency),
            _tag("cbc:BuyerReference", of.service),
            _within("cac:OrderReference", _tag("cbc:ID", of.commitment)),
            _within("cac:BillingReference", _within("cac:InvoiceDocumentReference", _tag("cbc:ID", of.origin))),
            _within("cac:ContractDocumentReference", _tag("cbc:ID", of.contract)),
            "".join(_ubl_file(number, file) for number, file in enumerate(of.files, start=1)),
            _ubl_party("Supplier", "Demo Fournisseur", of.supplier, of.supplier_scheme, of.vat_number, "44000", "FR"),
            _ubl_party(
                "Customer", "Destinataire", of.recipient, of.recipient_scheme, "", of.recipient_postcode,
                of.recipient_country,
            ),
            _ubl_validator(of.validator),
            _within("cac:Delivery", _tag("cbc:ActualDeliveryDate", of.issued.isoformat())),
            _within(
                "cac:PaymentMeans",
                _tag("cbc:PaymentMeansCode", of.means)
                + _within("cac:PayeeFinancialAccount", _tag("cbc:ID", of.iban)),
            ),
            _ubl_taxes(of, money),
            _within(
                "cac:LegalMonetaryTotal",
                _tag("cbc:LineExtensionAmount", of.net, **money)
                + _tag("cbc:TaxExclusiveAmount", of.net, **money)
                + _tag("cbc:TaxInclusiveAmount", of.gross, **money)
                + (_tag("cbc:PrepaidAmount", of.prepaid, **money) if of.prepaid else "")
                + _tag("cbc:PayableAmount", of.gross - of.prepaid, **money),
            ),
            "".join(_ubl_line(root, number, line, of, money) for number, line in enumerate(of.lines, start=1)),
        ]
    )  # fmt: skip
    space = "urn:oasis:names:specification:ubl:schema:xsd"
    return _pretty(
        f'<{root} xmlns="{space}:{root}-2" xmlns:cac="{space}:CommonAggregateComponents-2" '
        f'xmlns:cbc="{space}:CommonBasicComponents-2">{body}</{root}>'
    )


def _ubl_party(role: str, name: str, siret: str, scheme: str, vat: str, postcode: str, country: str) -> str:
    tax = _tag("cbc:CompanyID", vat) + "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>" if vat else ""
    address = (
        _tag("cbc:CityName", "Nantes")
        + _tag("cbc:PostalZone", postcode)
        + _within("cac:Country", _tag("cbc:IdentificationCode", country))
    )
    legal = _tag("cbc:RegistrationName", name) + _tag("cbc:CompanyID", siret, schemeID=scheme)
    party = (
        _within("cac:PostalAddress", address)
        + _within("cac:PartyTaxScheme", tax)
        + _within("cac:PartyLegalEntity", legal)
    )
    return f"<cac:Accounting{role}Party><cac:Party>{party}</cac:Party></cac:Accounting{role}Party>"


def _ubl_validator(siret: str) -> str:
    """BG-11."""
    if not siret:
        return ""
    return (
        f"<cac:TaxRepresentativeParty><cac:PartyIdentification><cbc:ID>{siret}</cbc:ID></cac:PartyIdentification>"
        "<cac:PartyName><cbc:Name>Demo Titulaire</cbc:Name></cac:PartyName>"
        "<cac:PostalAddress><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country>"
        f"</cac:PostalAddress><cac:PartyTaxScheme><cbc:CompanyID>FR66{siret[:9]}</cbc:CompanyID>"
        "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme></cac:TaxRepresentativeParty>"
    )


def _ubl_category(of: Sample, rate: Decimal) -> str:
    return (
        _tag("cbc:ID", of.category) + _tag("cbc:Percent", rate) + _within("cac:TaxScheme", _tag("cbc:ID", of.tax_type))
    )


def _ubl_taxes(of: Sample, money: Mapping[str, str]) -> str:
    subtotals = "".join(
        _within(
            "cac:TaxSubtotal",
            _tag("cbc:TaxableAmount", base, **money)
            + _tag("cbc:TaxAmount", amount, **money)
            + _within("cac:TaxCategory", _ubl_category(of, rate)),
        )
        for rate, base, amount in of.taxes
    )
    return _within("cac:TaxTotal", _tag("cbc:TaxAmount", of.vat, **money) + subtotals)


def _ubl_line(root: str, number: int, line: SampleLine, of: Sample, money: Mapping[str, str]) -> str:
    item = f"<cbc:Name>{escape(line.name)}</cbc:Name>" + _within(
        "cac:ClassifiedTaxCategory", _ubl_category(of, line.rate)
    )
    quantity = "InvoicedQuantity" if root == "Invoice" else "CreditedQuantity"
    return _within(
        f"cac:{root}Line",
        _tag("cbc:ID", number)
        + _tag(f"cbc:{quantity}", line.quantity, unitCode=line.unit)
        + _tag("cbc:LineExtensionAmount", line.net, **money)
        + _within("cac:Item", item)
        + _within("cac:Price", _tag("cbc:PriceAmount", line.price, **money)),
    )


def _ubl_file(number: int, file: SampleFile) -> str:
    binary = _tag("cbc:EmbeddedDocumentBinaryObject", _base64(file), mimeCode=file.mime, filename=file.name)
    return _within(
        "cac:AdditionalDocumentReference",
        _tag("cbc:ID", f"PJ{number}")
        + _tag("cbc:DocumentDescription", file.description)
        + _within("cac:Attachment", binary or '<cbc:EmbeddedDocumentBinaryObject mimeCode="text/csv"/>'),
    )


def _base64(file: SampleFile) -> str:
    return "!not base64!" if file.content is None else base64.b64encode(file.content).decode()


# CII


def cii(**parts: Any) -> bytes:
    """A UN/CEFACT Cross Industry Invoice."""
    return _cii(sample(**parts))


def cii_credit_note(**parts: Any) -> bytes:
    """A CII credit note (type 381)."""
    return _cii(sample(**{"type_code": "381", "number": "AV-2026-001", "origin": "F-2026-001"} | parts))


def erp_cii(**parts: Any) -> bytes:
    """What a widely used ERP sends, and the public platform accepts.

    No profile, no frame, undefined payment means, an empty product name, no postcode or country of the buyer,
    ``currencyID`` on amounts.
    """
    modest = {
        "profile": "", "frame": "", "means": "1", "iban": "", "recipient_postcode": "", "recipient_country": "",
        "amount_currency": "EUR", "lines": (SampleLine(name=""),),
    }  # fmt: skip
    return _cii(sample(**modest | parts))


def _cii(of: Sample) -> bytes:
    has_lines = of.profile not in (MINIMUM, BASIC_WL)
    lines = "".join(_cii_line(number, line, of) for number, line in enumerate(of.lines, start=1)) if has_lines else ""
    body = (
        _within(
            "rsm:ExchangedDocumentContext",
            _within("ram:BusinessProcessSpecifiedDocumentContextParameter", _tag("ram:ID", of.frame))
            + _within("ram:GuidelineSpecifiedDocumentContextParameter", _tag("ram:ID", of.profile)),
        )
        or "<rsm:ExchangedDocumentContext/>"
    )
    body += _within(
        "rsm:ExchangedDocument",
        _tag("ram:ID", of.number)
        + _tag("ram:TypeCode", of.type_code)
        + _within("ram:IssueDateTime", _cii_day(of.issued))
        + _within("ram:IncludedNote", _tag("ram:Content", of.note)),
    )
    body += _within(
        "rsm:SupplyChainTradeTransaction",
        lines
        + _cii_agreement(of)
        + _cii_delivery(of)
        + _within("ram:ApplicableHeaderTradeSettlement", _cii_settlement(of)),
    )
    space = "urn:un:unece:uncefact:data:standard"
    return _pretty(
        f'<rsm:CrossIndustryInvoice xmlns:rsm="{space}:CrossIndustryInvoice:100" '
        f'xmlns:ram="{space}:ReusableAggregateBusinessInformationEntity:100" '
        f'xmlns:udt="{space}:UnqualifiedDataType:100">{body}</rsm:CrossIndustryInvoice>'
    )


def _cii_day(day: date) -> str:
    return f'<udt:DateTimeString format="102">{day:%Y%m%d}</udt:DateTimeString>'


def _cii_delivery(of: Sample) -> str:
    if of.profile == MINIMUM:
        return "<ram:ApplicableHeaderTradeDelivery/>"
    delivered = _within("ram:OccurrenceDateTime", _cii_day(of.issued))
    return _within("ram:ApplicableHeaderTradeDelivery", _within("ram:ActualDeliverySupplyChainEvent", delivered))


def _cii_party(role: str, name: str, siret: str, scheme: str, vat: str, postcode: str, country: str) -> str:
    city = "Nantes" if postcode else ""
    address = _tag("ram:PostcodeCode", postcode) + _tag("ram:CityName", city) + _tag("ram:CountryID", country)
    return _within(
        f"ram:{role}TradeParty",
        _tag("ram:Name", name)
        + _within("ram:SpecifiedLegalOrganization", _tag("ram:ID", siret, schemeID=scheme))
        + _within("ram:PostalTradeAddress", address)
        + _within("ram:SpecifiedTaxRegistration", _tag("ram:ID", vat, schemeID="VA")),
    )


def _cii_agreement(of: Sample) -> str:
    minimum = of.profile == MINIMUM
    return _within(
        "ram:ApplicableHeaderTradeAgreement",
        _tag("ram:BuyerReference", of.service)
        + _cii_party(
            "Seller", "Demo Fournisseur", of.supplier, of.supplier_scheme, of.vat_number, "" if minimum else "44000",
            "FR",
        )
        + _cii_party(
            "Buyer", "Destinataire", of.recipient, of.recipient_scheme, "", "" if minimum else of.recipient_postcode,
            "" if minimum else of.recipient_country,
        )
        + (
            _cii_party(
                "SellerTaxRepresentative", "Demo Titulaire", of.validator, "0002", f"FR66{of.validator[:9]}", "", "FR"
            )
            if of.validator
            else ""
        )
        + _within("ram:BuyerOrderReferencedDocument", _tag("ram:IssuerAssignedID", of.commitment))
        + _within("ram:ContractReferencedDocument", _tag("ram:IssuerAssignedID", of.contract))
        + "".join(_cii_file(number, file) for number, file in enumerate(of.files, start=1)),
    )  # fmt: skip


def _cii_tax(of: Sample, rate: Decimal, amount: Decimal | None = None, base: Decimal | None = None) -> str:
    money = {"currencyID": of.amount_currency}
    return _within(
        "ram:ApplicableTradeTax",
        _tag("ram:CalculatedAmount", amount, **money)
        + _tag("ram:TypeCode", of.tax_type)
        + _tag("ram:BasisAmount", base, **money)
        + _tag("ram:CategoryCode", of.category)
        + _tag("ram:RateApplicablePercent", rate),
    )


def _cii_settlement(of: Sample) -> str:
    money = {"currencyID": of.amount_currency}
    currency = _tag("ram:InvoiceCurrencyCode", of.currency)
    totals = (
        _tag("ram:TaxBasisTotalAmount", of.net, **money)
        + _tag("ram:TaxTotalAmount", of.vat, currencyID=of.currency)
        + _tag("ram:GrandTotalAmount", of.gross, **money)
        + (_tag("ram:TotalPrepaidAmount", of.prepaid, **money) if of.prepaid else "")
        + _tag("ram:DuePayableAmount", of.gross - of.prepaid, **money)
    )
    if of.profile == MINIMUM:
        return currency + _within("ram:SpecifiedTradeSettlementHeaderMonetarySummation", totals)
    return (
        currency
        + _within(
            "ram:SpecifiedTradeSettlementPaymentMeans",
            _tag("ram:TypeCode", of.means)
            + _within("ram:PayeePartyCreditorFinancialAccount", _tag("ram:IBANID", of.iban)),
        )
        + "".join(_cii_tax(of, rate, amount, base) for rate, base, amount in of.taxes)
        + _within(
            "ram:SpecifiedTradePaymentTerms",
            _within("ram:DueDateDateTime", _cii_day(of.issued + timedelta(days=30))),
        )
        + _within(
            "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
            _tag("ram:LineTotalAmount", of.net, **money) + totals,
        )
        + _within("ram:InvoiceReferencedDocument", _tag("ram:IssuerAssignedID", of.origin))
    )


def _cii_line(number: int, line: SampleLine, of: Sample) -> str:
    money = {"currencyID": of.amount_currency}
    return _within(
        "ram:IncludedSupplyChainTradeLineItem",
        _within("ram:AssociatedDocumentLineDocument", _tag("ram:LineID", number))
        + f"<ram:SpecifiedTradeProduct><ram:Name>{escape(line.name)}</ram:Name></ram:SpecifiedTradeProduct>"
        + _within(
            "ram:SpecifiedLineTradeAgreement",
            _within("ram:NetPriceProductTradePrice", _tag("ram:ChargeAmount", line.price, **money)),
        )
        + _within("ram:SpecifiedLineTradeDelivery", _tag("ram:BilledQuantity", line.quantity, unitCode=line.unit))
        + _within(
            "ram:SpecifiedLineTradeSettlement",
            _cii_tax(of, line.rate)
            + _within(
                "ram:SpecifiedTradeSettlementLineMonetarySummation", _tag("ram:LineTotalAmount", line.net, **money)
            ),
        ),
    )


def _cii_file(number: int, file: SampleFile) -> str:
    return _within(
        "ram:AdditionalReferencedDocument",
        _tag("ram:IssuerAssignedID", f"PJ{number}")
        + _tag("ram:TypeCode", "916")
        + _tag("ram:Name", file.description)
        + _tag("ram:AttachmentBinaryObject", _base64(file), mimeCode=file.mime, filename=file.name),
    )


# PDF


def facturx(
    xml: bytes | None = None, name: str = "factur-x.xml", others: Mapping[str, bytes] | None = None, **parts: Any
) -> bytes:
    """A one-page PDF with a CII inside (or ``xml``), under any name, beside ``others`` by name."""
    return pdf({name: cii(**parts) if xml is None else xml} | dict(others or {}))


def pdf(embedded: Mapping[str, bytes] | None = None) -> bytes:
    """A one-page PDF with these files inside."""
    from fpdf import FPDF

    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=12)
    page.cell(text="Facture")
    for name, content in (embedded or {}).items():
        page.embed_file(bytes=content, basename=name, mime_type="text/xml" if name.endswith(".xml") else "")
    return bytes(page.output())


# The platform's own format


def invoice_pdf(name: str = "facture.pdf", content: bytes | None = None) -> SampleFile:
    """The invoice itself, as the PDF that a mixed flux holds."""
    return SampleFile(name, pdf() if content is None else content, "application/pdf", "Facture")


def cpp(*units: Sample, **parts: Any) -> bytes:
    """A file of the platform's own format: one invoice for each unit, or one with these parts and its PDF."""
    made = units or (sample(**{"files": [invoice_pdf()], "contract": "M-2026-7"} | parts),)
    listed = "".join(_cpp_unit(of) for of in made)
    return _pretty(
        f'<CPPFacturePivot Version="V2_02">{_CPP_ENVELOPE}<CPPFactures Compteur="{len(made)}">{listed}</CPPFactures>'
        "</CPPFacturePivot>"
    )


_CPP_ENVELOPE = (
    "<Enveloppe><EnveloppeUnitaire><Parametres><ParametreIndiv><Code>DtPrd</Code>"
    "<Valeurparametre>2026-11-23T09:00:00</Valeurparametre></ParametreIndiv><ParametreIndiv><Code>IdFlx</Code>"
    "<Valeurparametre>1</Valeurparametre></ParametreIndiv></Parametres><Partenaires><Recepteur><Id>CPP</Id></Recepteur>"
    "<Emetteur><Id>DEMO</Id></Emetteur></Partenaires></EnveloppeUnitaire></Enveloppe>"
)


def _cpp_unit(of: Sample) -> str:
    taxes = "".join(
        f"<TVA><Taux>{rate}</Taux><BaseHt>{base}</BaseHt><MontantTVA>{amount}</MontantTVA></TVA>"
        for rate, base, amount in of.taxes
    )
    lines = "".join(
        f'<Ligne NumOrdre="{number}"><PrixUnitaire>{line.price}</PrixUnitaire><Quantite>{line.quantity}</Quantite>'
        f"<MontantHT>{line.net}</MontantHT></Ligne>"
        for number, line in enumerate(of.lines, 1)
    )
    files = "".join(
        f"<PJ>{_tag('Contenu', _base64(file))}<NomPJ>{escape(file.name)}</NomPJ>"
        f"<TypePJ>{'01' if number == 0 else '02'}</TypePJ><MimeTypePJ>{file.mime}</MimeTypePJ></PJ>"
        for number, file in enumerate(of.files)
    )
    register = "1" if of.supplier_scheme == "0002" else of.supplier_scheme
    return (
        f"<CPPFacturePivotUnitaire><Fournisseur><TypeIdentifiant>{register}</TypeIdentifiant>"
        f"<Identifiant>{of.supplier}</Identifiant><RaisonSociale>Demo Fournisseur</RaisonSociale>"
        "<CodePays>FR</CodePays>"
        f'<ReferenceBancaire Type="IBAN"><Compte>{of.iban}</Compte></ReferenceBancaire></Fournisseur>'
        f"<Debiteur><TypeIdentifiant>1</TypeIdentifiant><Identifiant>{of.recipient}</Identifiant>"
        f"{_tag('CodeService', of.service)}</Debiteur>"
        f"<DonneesFacture><Id>{of.number}</Id>{_tag('IdFactureOrigine', of.origin)}<Type>{of.type_code}</Type>"
        f"<Cadre>{of.frame}</Cadre><DateEmissionFacture>{of.issued:%Y-%m-%d}</DateEmissionFacture>"
        f"<ModePaiement><Code>{of.means}</Code></ModePaiement><Devise>{of.currency}</Devise>"
        f"<Montants><MontantHT>{of.net}</MontantHT><MontantTTC>{of.gross}</MontantTTC>"
        f"<MontantNetAPayer>{of.gross}</MontantNetAPayer></Montants><TVAs>{taxes}</TVAs>"
        + _within("Engagement", _tag("NumeroMarche", of.contract) + _tag("NumeroEngagement", of.commitment))
        + f"<Lignes>{lines}</Lignes></DonneesFacture>{files}</CPPFacturePivotUnitaire>"
    )


# Archives


def tar_gz(members: Mapping[str, bytes]) -> bytes:
    """A tar.gz of these files, by name."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def zip_of(members: Mapping[str, bytes]) -> bytes:
    """A zip of these files, by name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()
