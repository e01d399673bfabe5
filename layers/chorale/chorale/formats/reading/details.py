"""What a person reads in an invoice beside what the platform decides by: see ``detail_terms`` for its places."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from chorale.domain.address import Address
from chorale.domain.invoices.invoice import (
    Adjustment,
    Attachment,
    Attribute,
    Contact,
    Delivery,
    Party,
    Period,
    Reference,
    Remark,
)
from chorale.formats.reading.detail_terms import DELIVERY_ADDRESS, REPRESENTATIVE_ADDRESS
from chorale.formats.reading.document import ABSENT, Reading, Terms, Value
from chorale.formats.reading.notes import notes_of
from chorale.formats.reading.parties import PartyTerms, identifier_of
from chorale.formats.reading.values import amount, day

ZERO = Decimal(0)
PAYEE = PartyTerms("BT-61", "BT-60", "")
TENDER, BILLED_OBJECT = "50", "130"
"""UNTDID 1001: what a referenced document of CII is, and what one of UBL may be."""


def details_of(reading: Reading) -> dict[str, Any]:
    """The fields of ``Invoice`` that pages show and nothing else asks for."""
    one = reading.one
    means = one("BT-81")
    documents = list(_referenced(reading))
    return {
        "remarks": tuple(Remark(note.text, note.subject) for note in notes_of(reading) if not note.is_for_platforms),
        "adjustments": tuple(adjustments(reading.each("adjustment"))),
        "period": Period(day(one("BT-73")), day(one("BT-74"))),
        "delivery": Delivery(
            day(one("BT-72")), one("BT-70").text, one("BT-71").text, _address(reading, DELIVERY_ADDRESS)
        ),
        "payment_terms": "\n".join(value.text for value in reading.each("BT-20") if value),
        "payment_means_text": one("BT-82").text or means.attribute("name"),
        "payment_reference": one("BT-83").text,
        "account_name": one("BT-85").text,
        "payee": _payee(reading),
        "representative": Party(
            name=one("BT-62").text,
            identifier=one("validator").text,
            vat_number=one("BT-63").text,
            address=_address(reading, REPRESENTATIVE_ADDRESS),
        ),
        "tax_currency": one("BT-6").text,
        "tax_point": day(one("BT-7")),
        "tells_tax_regime": bool(one("BT-8") or one("tax regime")),
        "project": one("BT-11").text,
        "sales_order": one("BT-14").text,
        "receipt": one("BT-15").text,
        "despatch": one("BT-16").text,
        "tender": one("BT-17").text or _number(documents, TENDER),
        "billed_object": _number(documents, BILLED_OBJECT),
        "accounting_reference": one("BT-19").text,
        "preceding": tuple(_preceding(value) for value in reading.each("BT-25") if value),
        "references": tuple(found for kind, found in documents if kind not in (TENDER, BILLED_OBJECT)),
    }


def line_details_of(group: Terms) -> dict[str, Any]:
    """The same for one line."""
    one = group.one
    return {
        "parent": one("BT-X-304").text,
        "description": one("BT-154").text,
        "note": "\n".join(value.text for value in group.each("BT-127") if value),
        "buyer_reference": one("BT-156").text,
        "standard_reference": one("BT-157").text,
        "order_line": one("BT-132").text,
        "accounting_reference": one("BT-133").text,
        "origin": one("BT-159").text,
        "gross_price": amount(one("BT-148").text),
        "price_discount": amount(one("BT-147").text) or ZERO,
        "price_quantity": amount(one("BT-149").text),
        "period": Period(day(one("BT-134")), day(one("BT-135"))),
        "adjustments": tuple(adjustments(group.each("allowance"))),
        "attributes": tuple(
            Attribute(value.text, _beside(value, "Value").text) for value in group.each("BT-160") if value
        ),
    }


def vat_in_accounting_currency(reading: Reading) -> Decimal | None:
    """BT-111: the VAT in the currency of BT-6, where that is another than the document's."""
    currency = reading.one("BT-6").text
    if currency in ("", reading.one("BT-5").text):
        return None
    totals = (value for value in reading.each("BT-110") if value.attribute("currencyID") == currency)
    return next((amount(value.text) for value in totals), None)


def seller_details(reading: Reading, vat_number: str) -> dict[str, Any]:
    """What identifies the seller further; ``vat_number`` is the one that was read already."""
    others = [value.text for value in reading.each("BT-31") if value and value.text != vat_number]
    return {
        "trade_name": reading.one("BT-28").text,
        "legal_form": reading.one("BT-33").text,
        "tax_number": others[0] if others else "",
        "contact": Contact(*(reading.one(term).text for term in ("BT-41", "BT-42", "BT-43"))),
    }


def buyer_details(reading: Reading) -> dict[str, Any]:
    """The same of the buyer."""
    return {
        "trade_name": reading.one("BT-45").text,
        "contact": Contact(*(reading.one(term).text for term in ("BT-56", "BT-57", "BT-58"))),
    }


def adjustments(values: list[Value]) -> Iterator[Adjustment]:
    """The charges and allowances whose amounts are ``values``, with what stands beside each."""
    for value in values:
        written = amount(value.text)
        if not written:
            continue
        around = _around(value)
        category = around.get("CategoryTradeTax", around.get("TaxCategory", ()))
        tax = {_local(child): child for child in category}
        yield Adjustment(
            written,
            _text(around, "ChargeIndicator", whole=True) in ("true", "1"),
            _text(around, "Reason", "AllowanceChargeReason"),
            _text(around, "ReasonCode", "AllowanceChargeReasonCode"),
            amount(_text(around, "CalculationPercent", "MultiplierFactorNumeric")),
            amount(_text(around, "BasisAmount", "BaseAmount")),
            _text(tax, "CategoryCode", "ID"),
            amount(_text(tax, "RateApplicablePercent", "Percent")),
        )


def _around(value: Value) -> dict[str, Any]:
    """The elements beside ``value`` in the same element by their names, the first of each: looked at once for all."""
    return {_local(child): child for child in reversed(value.element.getparent())}


def _local(element: Any) -> str:
    name: str = element.tag.rpartition("}")[2]
    return name


def _text(elements: Mapping[str, Any], *names: str, whole: bool = False) -> str:
    """The first text that is not empty of the elements with these names; ``whole``: with that of what is inside."""
    for name in names:
        element = elements.get(name)
        if element is not None and (text := ("".join(element.itertext()) if whole else element.text or "").strip()):
            return text
    return ""


def _beside(value: Value, path: str) -> Value:
    """What stands beside ``value`` in the same element; ABSENT when there is no such thing."""
    if value.element is None:
        return ABSENT
    found = value.element.getparent().find(f"{{*}}{path}")
    return ABSENT if found is None else Value((found.text or "").strip(), found)


def _address(reading: Reading, terms: Mapping[str, str]) -> Address:
    return Address(
        *(reading.one(terms[part]).text for part in ("line1", "line2", "line3", "postcode", "city", "country"))
    )


def _payee(reading: Reading) -> Party:
    identifier = identifier_of(reading, PAYEE)
    return Party(reading.one("BT-59").text, identifier.text, identifier.scheme)


def _preceding(value: Value) -> Reference:
    written = _beside(value, "IssueDate") or _beside(value, "FormattedIssueDateTime/{*}DateTimeString")
    return Reference(value.text, day(written))


def _referenced(reading: Reading) -> Iterator[tuple[str, Attachment]]:
    """The documents of BG-24 whose content is not inside, each with its type."""
    for group in reading.group("BG-24"):
        if group.one("BT-125").element is None:
            number, address = group.one("BT-122").text, group.one("BT-124").text
            described = group.one("BT-123").text
            yield group.one("type").text, Attachment(number, "", 0, described, reference=number, address=address)


def _number(documents: list[tuple[str, Attachment]], kind: str) -> str:
    return next((found.reference for of_kind, found in documents if of_kind == kind), "")
