"""An invoice or credit note in the words of EN 16931 (BT-xx), whatever syntax brought it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chorale.domain.frames import Frame


class DocumentKind(StrEnum):
    """What the document does to the debt. The value is ``typeFacture`` of the public API."""

    INVOICE = "FACTURE"
    CREDIT_NOTE = "AVOIR"


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
class Address:
    """A postal address; every part may be empty."""

    line1: str = ""
    line2: str = ""
    line3: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""


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


@dataclass(frozen=True, slots=True)
class Attachment:
    """A supporting document inside the invoice (BG-24); ``size`` in bytes, decoded."""

    name: str
    mime_type: str
    size: int
    description: str = ""


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
    """BT-23; a document that carries none is taken as A1."""
    profile: str = ""
    """BT-24 as written."""
    due_date: date | None = None
    """BT-9."""
    service_code: str = ""
    """BT-10: the recipient's service."""
    commitment: str = ""
    """BT-13: the recipient's legal commitment (engagement juridique)."""
    contract: str = ""
    """BT-12: number of the market."""
    origin_number: str = ""
    """BT-25: the invoice that a credit note corrects."""
    validator: str = ""
    """Identifier (SIRET) of the contractor or mandataire who validates an A9 or A12, read from BG-11."""
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
    """BT-22, notes joined by a line break."""
