"""An invoice or credit note in the words of EN 16931 (BT-xx), whatever syntax brought it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chorale.domain.address import Address
from chorale.domain.frames import Frame
from chorale.domain.invoices.works_statement import WorksStatement


class DocumentKind(StrEnum):
    """What the document does to the debt. The value is ``typeFacture`` of the public API."""

    INVOICE = "FACTURE"
    CREDIT_NOTE = "AVOIR"


class LineKind(StrEnum):
    """What a line is among the lines (BT-X-8 of the EXTENDED profiles, UNTDID 1229 extended by Factur-X)."""

    DETAIL = "DETAIL"
    """An ordinary line, also when nothing is said."""
    GROUP = "GROUP"
    """A sum of the lines below it."""
    INFORMATION = "INFORMATION"
    """Words only: it counts for nothing."""


class TaxRegime(StrEnum):
    """How VAT falls due (``typeTva`` of the public API)."""

    ON_INVOICE = "TVA_SUR_DEBIT"
    ON_PAYMENT = "TVA_SUR_ENCAISSEMENT"
    EXEMPT = "EXONERATION"
    NONE = "SANS_TVA"


class DepositMode(StrEnum):
    """How the invoice arrived (``modeDepot`` of the public API)."""

    EDI = "EDI"
    UPLOAD_API = "UPLOAD_API"
    UPLOAD_PORTAL = "UPLOAD_PORTAIL"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask (BG-6, BG-9); every part may be empty."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Seller (BG-4) or buyer (BG-7) as the document names it."""

    name: str = ""
    identifier: str = ""
    """Legal registration identifier (BT-30, BT-47): a SIRET for a French establishment."""
    identifier_scheme: str = ""
    """Scheme as written: ``0002``/``0009`` (ICD), or ``1`` to ``7`` in the older Chorus profile."""
    vat_number: str = ""
    address: Address = field(default_factory=Address)
    trade_name: str = ""
    """BT-28, BT-45: under which it is known, where that is not its name."""
    legal_form: str = ""
    """BT-33: legal form, capital, register of companies, as the seller must say them."""
    tax_number: str = ""
    """BT-32."""
    contact: Contact = field(default_factory=Contact)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance or a charge, on the whole document (BG-20, BG-21) or on one line (BG-27, BG-28)."""

    amount: Decimal
    """Positive, whichever it is."""
    is_charge: bool = False
    reason: str = ""
    reason_code: str = ""
    """UNTDID 5189 (allowances) or 7161 (charges)."""
    percent: Decimal | None = None
    base: Decimal | None = None
    tax_category: str = ""
    tax_rate: Decimal | None = None

    @property
    def signed(self) -> Decimal:
        """What it adds to the sum: less than zero for an allowance."""
        return self.amount if self.is_charge else -self.amount


@dataclass(frozen=True, slots=True)
class Period:
    """Days from and to which something is billed (BG-14, BG-26); one of the two may be unknown."""

    start: date | None = None
    end: date | None = None

    def __bool__(self) -> bool:
        return self.start is not None or self.end is not None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where and when what is billed was delivered (BG-13)."""

    on: date | None = None
    """BT-72."""
    name: str = ""
    """BT-70."""
    identifier: str = ""
    """BT-71."""
    address: Address = field(default_factory=Address)


@dataclass(frozen=True, slots=True)
class Remark:
    """A note of the document (BG-1) and its subject (BT-21, UNTDID 4451); the subject may be empty."""

    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """The number of another document; ``on`` is its day where it is told."""

    number: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """A property of what is sold (BG-32)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Document totals (BG-22), in the document's currency."""

    net: Decimal
    """BT-109, without VAT."""
    vat: Decimal
    """BT-110; 0 when absent."""
    gross: Decimal
    """BT-112, with VAT."""
    payable: Decimal
    """BT-115."""
    prepaid: Decimal = Decimal(0)
    """BT-113."""
    allowances: Decimal = Decimal(0)
    """BT-107."""
    charges: Decimal = Decimal(0)
    """BT-108."""
    discount: Decimal = Decimal(0)
    """Taken off the total with VAT; only an invoice keyed on the platform has one."""
    discount_reason: str = ""
    lines: Decimal | None = None
    """BT-106, the sum of the lines; None where a document does not say it."""
    rounding: Decimal = Decimal(0)
    """BT-114."""
    vat_in_accounting_currency: Decimal | None = None
    """BT-111, in the currency of BT-6."""
    collected_for_others: Decimal = Decimal(0)
    """BT-179: charged on behalf of others, due beside the total with VAT (EXTENDED only)."""


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One line of the VAT breakdown (BG-23)."""

    category: str
    """BT-118, UNTDID 5305."""
    rate: Decimal | None
    """BT-119, in percent."""
    base: Decimal
    """BT-116."""
    amount: Decimal
    """BT-117."""
    exemption_reason: str = ""
    """BT-120."""
    exemption_code: str = ""
    """BT-121 (VATEX)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice line (BG-25)."""

    identifier: str
    name: str
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    net: Decimal | None
    """BT-131."""
    tax_category: str = ""
    tax_rate: Decimal | None = None
    reference: str = ""
    """BT-155, seller's item identifier."""
    allowance: Decimal = Decimal(0)
    kind: LineKind = LineKind.DETAIL
    """BT-X-8."""
    parent: str = ""
    """BT-X-304: the identifier of the group that it is in."""
    description: str = ""
    """BT-154."""
    note: str = ""
    """BT-127."""
    buyer_reference: str = ""
    """BT-156, buyer's item identifier."""
    standard_reference: str = ""
    """BT-157, for instance a GTIN."""
    order_line: str = ""
    """BT-132."""
    accounting_reference: str = ""
    """BT-133."""
    origin: str = ""
    """BT-159, ISO 3166-1."""
    gross_price: Decimal | None = None
    """BT-148, before the discount on the price."""
    price_discount: Decimal = Decimal(0)
    """BT-147."""
    price_quantity: Decimal | None = None
    """BT-149: for how many units the price is."""
    period: Period = field(default_factory=Period)
    """BG-26."""
    adjustments: tuple[Adjustment, ...] = ()
    """BG-27, BG-28."""
    attributes: tuple[Attribute, ...] = ()
    """BG-32."""

    @property
    def counts(self) -> bool:
        """Whether its amount is part of the total."""
        return self.kind is LineKind.DETAIL


@dataclass(frozen=True, slots=True)
class Attachment:
    """A supporting document inside the invoice (BG-24); ``size`` in bytes, decoded."""

    name: str
    mime_type: str
    size: int
    description: str = ""
    id: int = 0
    """The number by which it is downloaded; 0 for one that never got one."""
    reference: str = ""
    """BT-122."""
    address: str = ""
    """BT-124: where it is, when it is not inside."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice as read from its document. Amounts are in ``currency``; dates have no time."""

    number: str
    """BT-1."""
    kind: DocumentKind
    type_code: str
    """BT-3, UNTDID 1001: 380, 381, 384, 386."""
    issue_date: date
    """BT-2."""
    currency: str
    """BT-5, ISO 4217."""
    supplier: Party
    buyer: Party
    totals: Totals
    frame: Frame = Frame.A1
    """The frame that BT-23 names, or that its code of the reform stands for; without one the document is A1."""
    business_process: str = ""
    """BT-23 as written."""
    profile: str = ""
    """BT-24 as written."""
    due_date: date | None = None
    """BT-9."""
    service_code: str = ""
    """The recipient's service: BT-46 with scheme 0224, else the routing part of BT-49, else BT-10."""
    commitment: str = ""
    """BT-13: the recipient's legal commitment (engagement juridique)."""
    contract: str = ""
    """BT-12: number of the market."""
    origin_number: str = ""
    """BT-25: the invoice that a credit note corrects."""
    validator: str = ""
    """Identifier (SIRET) of the contractor or mandataire who validates an A9 or A12, read from BG-11; from the seller's
    agent (EXT-FR-FE-BG-03) in frames S3 and S6 of the reform."""
    payment_means: str = ""
    """BT-81, UNTDID 4461."""
    iban: str = ""
    """BT-84."""
    bic: str = ""
    """BT-86."""
    tax_regime: TaxRegime = TaxRegime.ON_INVOICE
    tax_lines: tuple[TaxLine, ...] = ()
    lines: tuple[Line, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    note: str = ""
    """BT-22, notes joined by a line break; those that tell platforms how to treat the invoice are left out."""
    remarks: tuple[Remark, ...] = ()
    """The same notes one by one, each with its subject."""
    adjustments: tuple[Adjustment, ...] = ()
    """BG-20, BG-21."""
    period: Period = field(default_factory=Period)
    """BG-14."""
    delivery: Delivery = field(default_factory=Delivery)
    """BG-13."""
    payment_terms: str = ""
    """BT-20."""
    payment_means_text: str = ""
    """BT-82."""
    payment_reference: str = ""
    """BT-83: what the transfer is to name."""
    account_name: str = ""
    """BT-85."""
    payee: Party = field(default_factory=Party)
    """BG-10: who is paid, where that is not the supplier."""
    representative: Party = field(default_factory=Party)
    """BG-11: the supplier's tax representative, who is the validator of an A9 or A12."""
    tax_currency: str = ""
    """BT-6."""
    tax_point: date | None = None
    tells_tax_regime: bool = False
    """Whether the document itself says when its VAT is due (BT-8); what it does not say is taken as on the invoice."""
    """BT-7."""
    project: str = ""
    """BT-11."""
    sales_order: str = ""
    """BT-14."""
    receipt: str = ""
    """BT-15: the buyer's receiving advice."""
    despatch: str = ""
    """BT-16: the despatch advice."""
    tender: str = ""
    """BT-17."""
    billed_object: str = ""
    """BT-18."""
    accounting_reference: str = ""
    """BT-19."""
    preceding: tuple[Reference, ...] = ()
    """BG-3: earlier invoices that this one is about."""
    references: tuple[Attachment, ...] = ()
    """BG-24 without content: documents that are named, or lie at an address."""
    works: WorksStatement | None = None
    """For the payment of a works contract, while it is shown to somebody: no document has it, none is kept with it."""

    @property
    def ordinary_lines(self) -> tuple[Line, ...]:
        """The lines whose amounts add up to BT-106: neither sums of others nor words only."""
        return tuple(line for line in self.lines if line.counts)
