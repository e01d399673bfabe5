"""The Invoice of the domain from the terms of a document."""

from decimal import Decimal

from chorale.domain.address import Address
from chorale.domain.frames import Frame
from chorale.domain.invoices.invoice import (
    Attachment,
    DocumentKind,
    Invoice,
    Line,
    LineKind,
    Party,
    TaxLine,
    TaxRegime,
    Totals,
)
from chorale.domain.syntaxes import DocumentForm
from chorale.formats.reading.details import (
    buyer_details,
    details_of,
    line_details_of,
    seller_details,
    vat_in_accounting_currency,
)
from chorale.formats.reading.document import Reading, Terms, Value
from chorale.formats.reading.frame import frame_of, profile_of
from chorale.formats.reading.notes import notes_of
from chorale.formats.reading.parties import AGENT, BUYER, SELLER, PartyTerms, identifier_of, service_of, vat_of
from chorale.formats.reading.ubl import BUYER_TERMS, SELLER_TERMS
from chorale.formats.reading.values import amount, day

CREDIT_NOTE_TYPE = "381"
EXEMPT_CATEGORY = "E"
ON_PAYMENT_CODES = frozenset({"72", "432"})
"""BT-8: VAT falls due on payment (UNTDID 2475 in CII, 2005 in UBL)."""
ZERO = Decimal(0)


def kind_of(reading: Reading) -> DocumentKind:
    """Whether the document is an invoice or a credit note."""
    credit = reading.form is DocumentForm.UBL_CREDIT_NOTE or reading.one("BT-3").text == CREDIT_NOTE_TYPE
    return DocumentKind.CREDIT_NOTE if credit else DocumentKind.INVOICE


def invoice_of(reading: Reading, attachments: tuple[Attachment, ...]) -> Invoice | None:
    """The invoice; None when its day or one of its totals cannot be read, which is then among the findings."""
    issue_date = day(reading.one("BT-2"))
    net, gross, payable = (amount(reading.one(term).text) for term in ("BT-109", "BT-112", "BT-115"))
    if issue_date is None or net is None or gross is None or payable is None:
        return None
    tax_lines = tuple(_tax_line(group) for group in reading.group("BG-23"))
    return Invoice(
        number=reading.one("BT-1").text,
        kind=kind_of(reading),
        type_code=reading.one("BT-3").text,
        issue_date=issue_date,
        currency=reading.one("BT-5").text,
        supplier=_party(reading, SELLER, SELLER_TERMS),
        buyer=_party(reading, BUYER, BUYER_TERMS),
        totals=Totals(
            net,
            total_vat(reading) or ZERO,
            gross,
            payable,
            _or_zero(reading, "BT-113"),
            _or_zero(reading, "BT-107"),
            _or_zero(reading, "BT-108"),
            lines=amount(reading.one("BT-106").text),
            rounding=_or_zero(reading, "BT-114"),
            vat_in_accounting_currency=vat_in_accounting_currency(reading),
            collected_for_others=sum((amount(value.text) or ZERO for value in reading.each("BT-179")), ZERO),
        ),
        frame=frame_of(reading).frame or Frame.A1,
        business_process=reading.one("BT-23").text,
        profile=profile_of(reading),
        due_date=day(reading.one("BT-9")),
        service_code=service_of(reading).text,
        commitment=reading.one("BT-13").text,
        contract=reading.one("BT-12").text,
        origin_number=reading.one("BT-25").text,
        validator=validator_of(reading).text,
        payment_means=reading.one("BT-81").text,
        iban="".join(reading.one("BT-84").text.split()),
        bic=reading.one("BT-86").text,
        tax_regime=_regime(reading, tax_lines),
        tax_lines=tax_lines,
        lines=tuple(_line(group, reading) for group in reading.group("BG-25")),
        attachments=attachments,
        note="\n".join(note.text for note in notes_of(reading) if not note.is_for_platforms),
        **details_of(reading),
    )


def validator_of(reading: Reading) -> Value:
    """Who agrees first to an A9 or A12: the seller's agent in a frame of the reform that has one, else BG-11."""
    reform = frame_of(reading).reform
    if reform is not None and reform.has_agent:
        return identifier_of(reading, AGENT)
    return reading.one("validator")


def line_kind(line: Terms, reading: Reading) -> LineKind:
    """What a line is (BT-X-8). UBL writes it beside a reference to the document itself, which is no earlier invoice."""
    for value in line.each("BT-X-8"):
        if reading.form is DocumentForm.CII or _reference_beside(value) == reading.one("BT-1").text:
            return LineKind.__members__.get(value.text, LineKind.DETAIL)
    return LineKind.DETAIL


def earlier_invoices(line: Terms, reading: Reading) -> list[Value]:
    """The numbers of earlier invoices that a line names (EXT-FR-FE-136); the document itself is none."""
    number = reading.one("BT-1").text
    return [value for value in line.each("earlier invoice") if value.text != number]


def _reference_beside(value: Value) -> str:
    return (value.element.getparent().findtext("{*}ID") or "").strip()


def total_vat(reading: Reading) -> Decimal | None:
    """BT-110: the total in the currency of the document, when another (BT-111) stands beside it."""
    currency = reading.one("BT-5").text
    totals = [value for value in reading.each("BT-110") if value.attribute("currencyID") in ("", currency)]
    if reading.form is DocumentForm.CPP:  # it has no total of VAT: what lies between its two other totals
        net, gross = (amount(reading.one(term).text) for term in ("BT-109", "BT-112"))
        return None if net is None or gross is None else gross - net
    return amount(totals[0].text) if totals else None


def _party(reading: Reading, party: PartyTerms, terms: dict[str, str]) -> Party:
    identifier = identifier_of(reading, party)
    address = Address(
        *(reading.one(terms[part]).text for part in ("line1", "line2", "line3", "postcode", "city", "country"))
    )
    vat_number = vat_of(reading, party).text
    more = seller_details(reading, vat_number) if party is SELLER else buyer_details(reading)
    return Party(reading.one(terms["name"]).text, identifier.text, identifier.scheme, vat_number, address, **more)


def _tax_line(group: Terms) -> TaxLine:
    return TaxLine(
        group.one("BT-118").text,
        amount(group.one("BT-119").text),
        _or_zero(group, "BT-116"),
        _or_zero(group, "BT-117"),
        group.one("BT-120").text,
        group.one("BT-121").text,
    )


def _line(group: Terms, reading: Reading) -> Line:
    quantity, details = group.one("BT-129"), line_details_of(group)
    return Line(
        identifier=group.one("BT-126").text,
        name=group.one("BT-153").text,
        quantity=amount(quantity.text),
        unit=quantity.attribute("unitCode"),
        unit_price=amount(group.one("BT-146").text),
        net=amount(group.one("BT-131").text),
        tax_category=group.one("BT-151").text,
        tax_rate=amount(group.one("BT-152").text),
        reference=group.one("BT-155").text,
        allowance=sum((one.amount for one in details["adjustments"] if not one.is_charge), ZERO),
        kind=line_kind(group, reading),
        **details,
    )


def _regime(reading: Reading, tax_lines: tuple[TaxLine, ...]) -> TaxRegime:
    """As the platform derives it: no VAT breakdown, an exemption, else what the seller declares."""
    if not tax_lines:
        return TaxRegime.NONE
    if any(line.category == EXEMPT_CATEGORY or line.exemption_reason for line in tax_lines):
        return TaxRegime.EXEMPT
    older = reading.one("tax regime").text.upper()
    if reading.one("BT-8").text in ON_PAYMENT_CODES or "ENCAISSEMENT" in older:
        return TaxRegime.ON_PAYMENT
    return TaxRegime.ON_INVOICE


def _or_zero(terms: Terms, term: str) -> Decimal:
    return amount(terms.one(term).text) or ZERO
