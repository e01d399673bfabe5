"""An invoice submitted by a request: its data keyed in, or a PDF with its main data.

Source: AIFE Swagger "Factures", soumettreFacture.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from chorale.domain.directory.structures import IdentifierType, Structure
from chorale.domain.frames import Frame
from chorale.domain.invoices.attachments import Wanted
from chorale.domain.invoices.invoice import (
    Contact,
    DocumentKind,
    Invoice,
    Line,
    Party,
    Remark,
    TaxLine,
    TaxRegime,
    Totals,
)
from chorale.domain.invoices.reference_lists import VAT_EXEMPTIONS, VAT_RATES

CENT = Decimal("0.01")
ZERO = Decimal(0)
EXEMPT, OUTSIDE, STANDARD, ZERO_RATED = "E", "O", "S", "Z"
"""Categories of VAT (UNTDID 5305) that a keyed invoice can have."""
FRANCHISE = "TVA1"
"""Code of the rate of who does not charge VAT (CGI art. 293 B): zero, and an exemption."""
FRANCHISE_REASON = "VATEX-FR-FRANCHISE"
OUTSIDE_REASON = "VATEX-EU-O"
MEANS_OF_MODE = {
    "VIREMENT": "30", "CHEQUE": "20", "PRELEVEMENT": "49", "ESPECE": "10", "REPORT": "97", "AUTRE": "1",
}  # fmt: skip
"""``modePaiement`` -> BT-81 (UNTDID 4461)."""
TYPE_CODES = {DocumentKind.INVOICE: "380", DocumentKind.CREDIT_NOTE: "381"}
SCHEMES = {
    IdentifierType.SIRET: "0009",
    IdentifierType.UE_HORS_FRANCE: "0223",
    IdentifierType.HORS_UE: "0227",
    IdentifierType.RIDET: "0228",
    IdentifierType.TAHITI: "0229",
}
"""ICD codes (ISO 6523) of the registers; the others have none."""


PAYMENT_TERMS = (
    "Paiement dans le délai légal de l'acheteur public (code de la commande publique, R2192-10 et R2192-11)."
)
LATE_PAYMENT, RECOVERY, EARLY_PAYMENT = "PMD", "PMT", "AAB"
"""Subjects of the notes that an invoice must have (UNTDID 4451; code de commerce, L441-9)."""
PAYMENT_REMARKS = (
    Remark(
        "Retard de paiement : intérêts moratoires au taux de la Banque centrale européenne majoré de huit points (code "
        "de la commande publique, L2192-13 et R2192-31).",
        LATE_PAYMENT,
    ),
    Remark(
        "Indemnité forfaitaire pour frais de recouvrement : 40 euros (code de la commande publique, D2192-35).",
        RECOVERY,
    ),
    Remark("Escompte pour paiement anticipé : néant.", EARLY_PAYMENT),
)
"""What a keyed invoice says of its payment: its fields have no place for other terms, and the buyer is public."""


class SubmissionMode(StrEnum):
    """How the invoice comes. The value is ``modeDepot`` of the public API."""

    KEYED = "SAISIE_API"
    PDF = "DEPOT_PDF_API"
    SIGNED_PDF = "DEPOT_PDF_SIGNE_API"


@dataclass(frozen=True, slots=True)
class KeyedRate:
    """A rate of VAT, by its code in the reference list or in percent; one of the two."""

    code: str = ""
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class KeyedLine:
    """One line as keyed. Amounts in the invoice's currency, without VAT."""

    name: str = ""
    reference: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    allowance: Decimal = ZERO
    rate: KeyedRate = KeyedRate()
    number: int | None = None

    @property
    def net(self) -> Decimal:
        """Quantity x price - allowance, to the cent."""
        return cents((self.quantity or ZERO) * (self.unit_price or ZERO) - self.allowance)


@dataclass(frozen=True, slots=True)
class KeyedTax:
    """One line of the VAT summary as keyed."""

    rate: KeyedRate
    base: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class KeyedTotals:
    """Totals as keyed; what is None was not given."""

    net: Decimal | None = None
    vat: Decimal | None = None
    gross: Decimal | None = None
    """To be paid for the invoice, after ``discount``."""
    payable: Decimal | None = None
    discount: Decimal = ZERO
    """``montantRemiseGlobaleTTC``: taken off the total with VAT."""
    discount_reason: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """What the supplier submits, before any of it is checked."""

    mode: SubmissionMode
    supplier_id: int
    recipient: str
    """SIRET."""
    frame: Frame
    kind: DocumentKind
    tax_regime: TaxRegime
    currency: str
    payment_mode: str
    totals: KeyedTotals
    number: str = ""
    issue_date: date | None = None
    service_code: str = ""
    supplier_service_id: int | None = None
    bank_account_id: int | None = None
    validator: str = ""
    exemption: str = ""
    contract: str = ""
    commitment: str = ""
    origin_number: str = ""
    lines: tuple[KeyedLine, ...] = ()
    taxes: tuple[KeyedTax, ...] = ()
    main: Wanted | None = None
    attachments: tuple[Wanted, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """The parties behind the numbers of a submission."""

    supplier: Structure
    recipient: Structure
    validator: Structure | None = None


def cents(amount: Decimal) -> Decimal:
    """``amount`` to the cent, halves away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def percent_of(rate: KeyedRate) -> Decimal | None:
    """The rate in percent; None when its code is not in the list, or when nothing is given."""
    if rate.percent is not None:
        return rate.percent
    return next((row.percent for row in VAT_RATES if row.code == rate.code), None)


def payable_of(given: Submission) -> Decimal:
    """What is left to pay: as given, else nothing for what is paid already (A2) and the whole for the rest."""
    if given.totals.payable is not None:
        return given.totals.payable
    return ZERO if given.frame is Frame.A2 else given.totals.gross or ZERO


def keyed_number(year: int, count: int) -> str:
    """The number that the platform gives to a keyed invoice: the year and sixteen digits, twenty characters."""
    return f"{year}{count:016d}"


def invoice_of(given: Submission, number: str, issue_date: date, parties: Named) -> Invoice:
    """The invoice in the words of EN 16931; ``given`` has been checked."""
    totals = given.totals
    taxes = tax_lines(given)
    return Invoice(
        number=number,
        kind=given.kind,
        type_code=TYPE_CODES[given.kind],
        issue_date=issue_date,
        currency=given.currency,
        supplier=_party(parties.supplier),
        buyer=_party(parties.recipient),
        totals=Totals(
            totals.net or ZERO,
            totals.vat or ZERO,
            totals.gross or ZERO,
            payable_of(given),
            prepaid=(totals.gross or ZERO) - payable_of(given),
            discount=totals.discount,
            discount_reason=totals.discount_reason,
        ),
        frame=given.frame,
        service_code=given.service_code,
        commitment=given.commitment,
        contract=given.contract,
        origin_number=given.origin_number if given.kind is DocumentKind.CREDIT_NOTE else "",
        validator=given.validator if given.frame.validation else "",
        payment_means=MEANS_OF_MODE[given.payment_mode],
        tax_regime=given.tax_regime,
        tells_tax_regime=True,
        tax_lines=taxes,
        lines=tuple(_line(given, line, place) for place, line in enumerate(given.lines, start=1)),
        note=given.comment,
        remarks=_remarks(given),
        payment_terms=PAYMENT_TERMS if _is_owed(given) else "",
    )


def _is_owed(given: Submission) -> bool:
    return given.kind is DocumentKind.INVOICE and payable_of(given) > 0


def _remarks(given: Submission) -> tuple[Remark, ...]:
    comment = (Remark(given.comment),) if given.comment else ()
    return (*comment, *PAYMENT_REMARKS) if _is_owed(given) else comment


def _party(structure: Structure) -> Party:
    scheme = SCHEMES.get(structure.identifier_type, "")
    return Party(
        structure.name,
        structure.identifier,
        scheme,
        structure.vat_number,
        structure.address,
        contact=Contact(phone=structure.phone, email=structure.email),
    )


def _line(given: Submission, line: KeyedLine, place: int) -> Line:
    rate = percent_of(line.rate) or ZERO
    category = category_of(given, rate, line.rate.code)
    return Line(
        identifier=str(line.number or place),
        name=line.name or line.reference,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        net=line.net,
        tax_category=category,
        tax_rate=None if category == OUTSIDE else rate,
        reference=line.reference,
        allowance=line.allowance,
    )


def category_of(given: Submission, rate: Decimal, code: str = "") -> str:
    """The VAT category of what is taxed at ``rate`` percent."""
    if given.tax_regime is TaxRegime.NONE:
        return OUTSIDE
    if given.tax_regime is TaxRegime.EXEMPT or code == FRANCHISE:
        return EXEMPT
    return STANDARD if rate else ZERO_RATED


def tax_lines(given: Submission) -> tuple[TaxLine, ...]:
    """The VAT breakdown: as keyed, else as the lines make it; one row for each category and rate."""
    if given.taxes:
        rows = [(tax.rate, tax.base or ZERO, tax.amount) for tax in given.taxes]
    else:
        rows = [(line.rate, line.net, None) for line in given.lines]
    sums: dict[tuple[str, Decimal], tuple[Decimal, Decimal, bool]] = {}
    for keyed, base, amount in rows:
        rate = percent_of(keyed) or ZERO
        key = category_of(given, rate, keyed.code), rate
        bases, amounts, known = sums.get(key, (ZERO, ZERO, True))
        sums[key] = bases + base, amounts + (amount or ZERO), known and amount is not None
    return tuple(
        TaxLine(
            category,
            None if category == OUTSIDE else rate,
            base,
            amount if known else cents(base * rate / 100),
            _reason(given, category),
        )
        for (category, rate), (base, amount, known) in sums.items()
    )


def _reason(given: Submission, category: str) -> str:
    if category == OUTSIDE:
        return VAT_EXEMPTIONS[OUTSIDE_REASON]
    if category != EXEMPT:
        return ""
    if given.exemption:
        return VAT_EXEMPTIONS.get(given.exemption, given.exemption)
    return VAT_EXEMPTIONS[FRANCHISE_REASON]
