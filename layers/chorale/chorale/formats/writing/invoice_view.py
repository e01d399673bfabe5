"""What the pages of an invoice say, before anything is drawn: every amount that makes its total, every legal mention.

The amounts of ``lines`` add up to the first of ``totals``, those of ``totals`` to what is to be paid; where a document
does not add up by itself (rounding, a profile without detail), a row says by how much. What the law wants on an invoice
is in CGI ann. II art. 242 nonies A, and code de commerce art. L441-9 and D441-5; the pages show what the document has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chorale.domain.address import Address
from chorale.domain.countries import COUNTRIES
from chorale.domain.directory.structures import IDENTIFIER_SCHEMES, IdentifierType
from chorale.domain.french_numbers import money
from chorale.domain.invoices.invoice import (
    Adjustment,
    Attachment,
    DocumentKind,
    Invoice,
    Line,
    LineKind,
    Party,
    Period,
    TaxLine,
    TaxRegime,
)
from chorale.domain.invoices.reference_lists import VAT_EXEMPTIONS
from chorale.domain.reform.frames import REFORM_FRAMES
from chorale.domain.units import unit_words
from chorale.formats.writing.french_numbers import number, price, size

ZERO = Decimal(0)
LINES_AT_MOST = 500
"""Lines that the pages show: the data beside them has all."""
TITLES = {DocumentKind.INVOICE: "Facture", DocumentKind.CREDIT_NOTE: "Avoir"}
NET = {DocumentKind.INVOICE: "Net à payer", DocumentKind.CREDIT_NOTE: "Net de l'avoir"}
TYPE_TITLES = {
    "261": "Avoir en autofacturation", "326": "Facture partielle", "383": "Note de débit",
    "384": "Facture rectificative", "386": "Facture d'acompte", "389": "Autofacture", "393": "Facture affacturée",
    "396": "Avoir affacturé", "471": "Autofacture rectificative", "472": "Facture rectificative affacturée",
    "473": "Autofacture affacturée rectificative", "500": "Autofacture d'acompte", "501": "Autofacture affacturée",
    "502": "Avoir en autofacturation affacturée", "503": "Avoir d'acompte", "751": "Facture pour information",
}  # fmt: skip
"""BT-3 (UNTDID 1001) where it says more than invoice or credit note; autofacturation is a legal mention."""
REGIMES = {
    TaxRegime.ON_INVOICE: "TVA sur les débits",
    TaxRegime.ON_PAYMENT: "TVA sur les encaissements",
    TaxRegime.EXEMPT: "Exonération de TVA",
    TaxRegime.NONE: "Sans TVA",
}
MEANS = {
    "10": "espèces", "20": "chèque", "30": "virement", "31": "prélèvement", "42": "virement", "48": "carte",
    "49": "prélèvement", "54": "carte de crédit", "55": "carte de débit", "57": "virement permanent", "58": "virement",
    "59": "prélèvement", "68": "paiement en ligne", "97": "compensation", "98": "paiement de carte à carte",
}  # fmt: skip
"""BT-81 (UNTDID 4461) in words; others are told by the words of the document, or by their code."""
UNDEFINED_MEANS = ("1", "ZZZ")
CATEGORIES = {
    "S": "Taxé", "Z": "Taux zéro", "E": "Exonéré", "O": "Hors du champ de la TVA", "AE": "Autoliquidation",
    "K": "Livraison intracommunautaire", "G": "Exportation", "L": "IGIC", "M": "IPSI",
}  # fmt: skip
"""UNTDID 5305, as a reader knows them."""
SHORT_CATEGORIES = {"E": "Exonéré", "O": "Hors TVA", "AE": "Autoliq.", "K": "Intracom.", "G": "Export", "Z": "0\u00a0%"}
REMARKS = {
    "AAB": "Escompte", "AAI": "Informations", "ABL": "Informations légales", "ACC": "Cession de créance",
    "ADN": "Bon de livraison", "BLU": "Éco-participation", "CUS": "Douane", "DCL": "Déclaration",
    "PAI": "Paiement", "PMD": "Pénalités de retard", "PMT": "Frais de recouvrement",
    "REG": "Mentions légales", "SUR": "Remarques du fournisseur", "TXD": "TVA et taxes",
}  # fmt: skip
"""Subjects of notes (BT-21, UNTDID 4451); PMT, PMD and AAB are the mentions of art. L441-9."""
KINDS = {"B": "livraison de biens", "S": "prestation de services", "M": "biens et services"}
"""What the first letter of a frame of the reform says (CGI, annexe II, art. 242 nonies A: the kind of operation)."""
PAYMENT_SUBJECTS = ("PMD", "PMT", "AAB")
"""The mentions that belong to the payment, in the order in which they are shown."""
IDENTIFIERS = {
    IdentifierType.SIRET: "SIRET", IdentifierType.UE_HORS_FRANCE: "N° TVA (UE)", IdentifierType.RIDET: "RIDET",
    IdentifierType.TAHITI: "N° TAHITI",
}  # fmt: skip
GAP = "Écart d'arrondi du document"
FRANCE = "FR"
IBAN_GROUP = 4

Fields = tuple[tuple[str, str], ...]
"""Labels with what they say."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A row of amounts; ``strong`` for one that sums up those before it."""

    name: str
    value: Decimal
    strong: bool = False


@dataclass(frozen=True, slots=True)
class LineView:
    """One row of the table of lines; ``net`` is None for what is no part of the total."""

    number: str
    name: str
    details: tuple[str, ...]
    quantity: str
    price: str
    rate: str
    net: Decimal | None
    kind: LineKind = LineKind.DETAIL


@dataclass(frozen=True, slots=True)
class TaxView:
    """One row of the VAT breakdown."""

    name: str
    rate: str
    base: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """The pages, from top to bottom. Amounts are in ``currency``."""

    title: str
    subtitle: str
    currency: str
    supplier: tuple[str, ...]
    buyer: tuple[str, ...]
    references: Fields
    lines: tuple[LineView, ...]
    hidden: int
    hidden_net: Decimal
    """Lines that are left to the data, and what they amount to."""
    taxes: tuple[TaxView, ...]
    taxes_note: str
    totals: tuple[Amount, ...]
    """From the sum of the lines to what is to be paid; each strong one is the sum of the rows since the one before."""
    payable: Decimal
    payment: Fields
    remarks: Fields
    files: Fields


def title_of(invoice: Invoice) -> str:
    """What the invoice is, in words, and its number."""
    return f"{TYPE_TITLES.get(invoice.type_code, TITLES[invoice.kind])} {invoice.number}"


def view_of(invoice: Invoice) -> InvoiceView:
    """Everything that the pages of ``invoice`` say."""
    shown, hidden = invoice.lines[:LINES_AT_MOST], invoice.lines[LINES_AT_MOST:]
    return InvoiceView(
        title=title_of(invoice),
        subtitle=f"du {invoice.issue_date:%d/%m/%Y}",
        currency=invoice.currency,
        supplier=tuple(_party(invoice.supplier)),
        buyer=tuple(_party(invoice.buyer, invoice.service_code)),
        references=tuple((name, value) for name, value in _references(invoice) if value),
        lines=tuple(_line(line, invoice.currency) for line in shown),
        hidden=len(hidden),
        hidden_net=_sum(hidden),
        taxes=tuple(_taxes(invoice)),
        taxes_note=_taxes_note(invoice),
        totals=tuple(_totals(invoice)),
        payable=invoice.totals.payable,
        payment=tuple((name, value) for name, value in _payment(invoice) if value),
        remarks=tuple(_remarks(invoice)),
        files=tuple(_files(invoice)),
    )


# Parties


def _party(party: Party, service: str = "") -> Iterator[str]:
    yield party.name
    if party.trade_name and party.trade_name != party.name:
        yield party.trade_name
    yield from _address(party.address)
    if party.identifier:
        yield f"{_identifier_name(party)} {party.identifier}"
    if party.vat_number:
        yield f"N° TVA {party.vat_number}"
    if party.tax_number and party.tax_number != party.identifier:
        yield f"N° fiscal {party.tax_number}"
    if party.legal_form:
        yield party.legal_form
    if service:
        yield f"Service {service}"
    contact = party.contact
    told = " · ".join(part for part in (contact.name, contact.phone, contact.email) if part)
    if told:
        yield f"Contact : {told}"


def _identifier_name(party: Party) -> str:
    kind = IDENTIFIER_SCHEMES.get(party.identifier_scheme)
    return IDENTIFIERS.get(kind, "Identifiant") if kind else "Identifiant"


def _address(address: Address) -> Iterator[str]:
    yield from (line for line in (address.line1, address.line2, address.line3) if line)
    city = " ".join(part for part in (address.postcode, address.city) if part)
    country = "" if address.country == FRANCE else COUNTRIES.get(address.country, address.country)
    told = ", ".join(part for part in (city, country) if part)
    if told:
        yield told


# References


def _references(invoice: Invoice) -> Iterator[tuple[str, str]]:
    delivery = invoice.delivery
    yield "Cadre", _frame(invoice)
    yield "Engagement juridique", invoice.commitment
    yield "Marché", invoice.contract
    yield "Appel d'offres ou lot", invoice.tender
    yield "Projet", invoice.project
    yield "Commande du fournisseur", invoice.sales_order
    yield "Bon de livraison", invoice.despatch
    yield "Avis de réception", invoice.receipt
    yield "Objet facturé", invoice.billed_object
    yield "Imputation comptable", invoice.accounting_reference
    origin = "Facture d'origine" if invoice.kind is DocumentKind.CREDIT_NOTE else "Facture antérieure"
    yield origin, _preceding(invoice)
    yield "Date de livraison", f"{delivery.on:%d/%m/%Y}" if delivery.on else ""
    yield "Période facturée", _period(invoice.period)
    yield "Lieu de livraison", _place(invoice)
    yield "Exigibilité de la TVA", f"{invoice.tax_point:%d/%m/%Y}" if invoice.tax_point else ""
    yield "Régime de TVA", _regime(invoice)
    yield "Valideur", invoice.validator if invoice.frame.validation else ""
    yield "Représentant fiscal", "" if invoice.frame.validation else _representative(invoice)
    yield "Devise", "" if invoice.currency == "EUR" else invoice.currency


def _frame(invoice: Invoice) -> str:
    """As the document writes it; a frame of the reform tells by its letter what is invoiced, a mention of the law."""
    written = REFORM_FRAMES.get(invoice.business_process)
    if written is None:
        return f"{invoice.frame.short} · {invoice.frame.label}"
    return f"{written.code} · {written.label} ({KINDS[written.code[0]]})"


def _regime(invoice: Invoice) -> str:
    """Nothing where only a part is exempt, which the breakdown tells, nor of an option that the seller did not state.

    Tax on the invoice ("d'après les débits") is an option that the seller states (CGI, annexe II, art. 242 nonies
    A): the platform takes it where nothing is said, and does not say it in the seller's name.
    """
    regime = invoice.tax_regime
    taxed = any(tax.rate for tax in invoice.tax_lines)
    silent = regime is TaxRegime.ON_INVOICE and not invoice.tells_tax_regime
    return "" if silent or (taxed and regime is TaxRegime.EXEMPT) else REGIMES[regime]


def _preceding(invoice: Invoice) -> str:
    told = [f"{one.number} du {one.on:%d/%m/%Y}" if one.on else one.number for one in invoice.preceding]
    return ", ".join(told) or invoice.origin_number


def _period(period: Period) -> str:
    if period.start and period.end:
        return f"du {period.start:%d/%m/%Y} au {period.end:%d/%m/%Y}"
    if period.start:
        return f"à partir du {period.start:%d/%m/%Y}"
    return f"jusqu'au {period.end:%d/%m/%Y}" if period.end else ""


def _place(invoice: Invoice) -> str:
    delivery = invoice.delivery
    address = "" if delivery.address == invoice.buyer.address else ", ".join(_address(delivery.address))
    name = "" if delivery.name == invoice.buyer.name else delivery.name
    return ", ".join(part for part in (name, delivery.identifier, address) if part)


def _representative(invoice: Invoice) -> str:
    party = invoice.representative
    vat = f"N° TVA {party.vat_number}" if party.vat_number else ""
    return ", ".join(part for part in (party.name, *_address(party.address), vat) if part)


# Lines


def _sum(lines: Sequence[Line]) -> Decimal:
    return sum((line.net or ZERO for line in lines if line.counts), ZERO)


def _line(line: Line, currency: str) -> LineView:
    unit = unit_words(line.unit, line.quantity)
    quantity = f"{number(line.quantity)} {unit}".strip() if line.quantity is not None else ""
    return LineView(
        number=line.identifier,
        name=line.name,
        details=tuple(_line_details(line, currency)),
        quantity=quantity,
        price=_unit_price(line),
        rate=_rate(line.tax_rate, line.tax_category),
        net=line.net if line.counts else None,
        kind=line.kind,
    )


def _unit_price(line: Line) -> str:
    if line.unit_price is None:
        return ""
    per = line.price_quantity
    told = f" pour\u00a0{number(per)}" if per and per != 1 else ""
    return f"{price(line.unit_price)}{told}"


def _rate(rate: Decimal | None, category: str) -> str:
    if category in SHORT_CATEGORIES and not rate:
        return SHORT_CATEGORIES[category]
    return f"{number(rate)}\u00a0%" if rate is not None else ""


def _line_details(line: Line, currency: str) -> Iterator[str]:
    if line.description and line.description != line.name:
        yield line.description
    if line.note:
        yield line.note
    told = [
        (f"Réf. {line.reference}" if line.reference and line.reference != line.name else ""),
        (f"Réf. acheteur {line.buyer_reference}" if line.buyer_reference else ""),
        (f"Code article {line.standard_reference}" if line.standard_reference else ""),
        (f"Ligne de commande {line.order_line}" if line.order_line else ""),
        (f"Imputation {line.accounting_reference}" if line.accounting_reference else ""),
        (f"Origine : {COUNTRIES.get(line.origin, line.origin)}" if line.origin else ""),
    ]
    if any(told):
        yield " · ".join(part for part in told if part)
    yield from (f"{one.name} : {one.value}" for one in line.attributes)
    if line.period:
        yield f"Période : {_period(line.period)}"
    if line.gross_price is not None and line.price_discount:
        yield f"Prix brut {price(line.gross_price)}, remise {price(line.price_discount)} par unité"
    for one in line.adjustments or _plain_allowance(line):
        yield f"{_adjustment(one)} : {money(one.signed, currency)}"
    if line.kind is LineKind.GROUP and line.net is not None:
        yield f"Sous-total de ce groupe, compris dans ses lignes : {money(line.net, currency)}"
    if line.kind is LineKind.INFORMATION and line.net:
        yield f"Pour information, non compté : {money(line.net, currency)}"


def _plain_allowance(line: Line) -> tuple[Adjustment, ...]:
    return (Adjustment(line.allowance),) if line.allowance else ()


def _adjustment(one: Adjustment) -> str:
    name = "Frais" if one.is_charge else "Remise"
    # A reason that says itself what it is stands alone.
    told = one.reason if name.casefold() in one.reason.casefold() else f"{name} : {one.reason}" if one.reason else name
    if one.percent is None:
        return told
    base = f" de {price(one.base)}" if one.base is not None else ""
    return f"{told} ({number(one.percent)}\u00a0%{base})"


# VAT and totals


def _taxes(invoice: Invoice) -> Iterator[TaxView]:
    total = ZERO
    for tax in invoice.tax_lines:
        total += tax.amount
        yield TaxView(
            _tax_name(tax), f"{number(tax.rate)}\u00a0%" if tax.rate is not None else "", tax.base, tax.amount
        )
    if invoice.tax_lines and total != invoice.totals.vat:
        yield TaxView(GAP, "", None, invoice.totals.vat - total)


def _tax_name(tax: TaxLine) -> str:
    name = CATEGORIES.get(tax.category, tax.category)
    reason = tax.exemption_reason or VAT_EXEMPTIONS.get(tax.exemption_code.upper(), tax.exemption_code)
    return f"{name} : {reason}" if reason and reason.casefold() != name.casefold() else name


def _taxes_note(invoice: Invoice) -> str:
    amount = invoice.totals.vat_in_accounting_currency
    return f"Total de la TVA en devise comptable : {money(amount, invoice.tax_currency)}" if amount is not None else ""


def _totals(invoice: Invoice) -> Iterator[Amount]:
    totals, adjustments = invoice.totals, tuple(_document_adjustments(invoice))
    lines = _sum(invoice.lines) if invoice.lines else totals.lines
    if lines is not None and (adjustments or lines != totals.net):
        yield Amount("Total des lignes HT", lines)
        yield from adjustments
        yield from _gap(totals.net - lines - sum((one.value for one in adjustments), ZERO))
    yield Amount("Total HT", totals.net, strong=True)
    yield Amount("TVA", totals.vat)
    if totals.discount:
        reason = f" ({totals.discount_reason})" if totals.discount_reason else ""
        yield Amount(f"Remise globale{reason}", -totals.discount)
    yield from _gap(totals.gross - totals.net - totals.vat + totals.discount)
    yield Amount("Total TTC", totals.gross, strong=True)
    if totals.prepaid:
        yield Amount("Déjà payé", -totals.prepaid)
    if totals.rounding:
        yield Amount("Arrondi", totals.rounding)
    yield from _gap(totals.payable - totals.gross + totals.prepaid - totals.rounding)
    yield Amount(NET[invoice.kind], totals.payable, strong=True)


def _document_adjustments(invoice: Invoice) -> Iterator[Amount]:
    if invoice.adjustments:
        for one in invoice.adjustments:
            yield Amount(_adjustment(one) + _taxed(one), one.signed)
        return
    if invoice.totals.allowances:
        yield Amount("Remises", -invoice.totals.allowances)
    if invoice.totals.charges:
        yield Amount("Frais", invoice.totals.charges)


def _taxed(one: Adjustment) -> str:
    rate = _rate(one.tax_rate, one.tax_category)
    return f", TVA {rate}" if rate else ""


def _gap(difference: Decimal) -> Iterator[Amount]:
    if difference:
        yield Amount(GAP, difference)


# Payment, remarks, files


def _payment(invoice: Invoice) -> Iterator[tuple[str, str]]:
    yield "Échéance", f"{invoice.due_date:%d/%m/%Y}" if invoice.due_date else ""
    yield "Conditions", invoice.payment_terms
    yield "Moyen de paiement", _means(invoice)
    yield "IBAN", " ".join(_by_four(invoice.iban))
    yield "BIC", invoice.bic
    yield "Titulaire du compte", invoice.account_name
    yield "Référence à rappeler", invoice.payment_reference
    payee = invoice.payee
    yield "Bénéficiaire", " · ".join(part for part in (payee.name, payee.identifier) if part)
    for subject in PAYMENT_SUBJECTS:
        yield REMARKS[subject], "\n".join(one.text for one in invoice.remarks if one.subject == subject)


def _means(invoice: Invoice) -> str:
    code, text = invoice.payment_means, invoice.payment_means_text
    words = MEANS.get(code) or ("" if code in UNDEFINED_MEANS or text else code)
    if text and text.casefold() != words.casefold():
        return f"{words} ({text})" if words else text
    return words


def _by_four(iban: str) -> Iterator[str]:
    return (iban[start : start + IBAN_GROUP] for start in range(0, len(iban), IBAN_GROUP))


def _remarks(invoice: Invoice) -> Iterator[tuple[str, str]]:
    if not invoice.remarks and invoice.note:
        yield "Commentaire", invoice.note
    for one in invoice.remarks:
        if one.subject not in PAYMENT_SUBJECTS:
            yield REMARKS.get(one.subject, "Commentaire"), one.text


def _files(invoice: Invoice) -> Iterator[tuple[str, str]]:
    for one in (*invoice.attachments, *invoice.references):
        yield one.name or one.reference or "Pièce", " · ".join(_file(one))


def _file(one: Attachment) -> Iterator[str]:
    if one.reference and one.reference != one.name:
        yield one.reference
    if one.description and one.description != one.name:
        yield one.description
    if one.address:
        yield one.address
    elif one.size:
        yield f"{one.mime_type}, {size(one.size)}" if one.mime_type else size(one.size)
    else:
        yield "citée sans être jointe"
