"""The parties of an invoice and what it refers to, as its pages show them."""

from collections.abc import Iterator

from chorale.domain.address import Address
from chorale.domain.countries import COUNTRIES
from chorale.domain.directory.structures import IDENTIFIER_SCHEMES, IdentifierType
from chorale.domain.invoices.invoice import DocumentKind, Invoice, Party, Period, TaxRegime
from chorale.domain.invoices.recorded import FiledInvoice
from chorale.domain.reform.frames import REFORM_FRAMES
from chorale.domain.statuses import Status

REGIMES = {
    TaxRegime.ON_INVOICE: "TVA sur les débits",
    TaxRegime.ON_PAYMENT: "TVA sur les encaissements",
    TaxRegime.EXEMPT: "Exonération de TVA",
    TaxRegime.NONE: "Sans TVA",
}
KINDS = {"B": "livraison de biens", "S": "prestation de services", "M": "biens et services"}
"""What the first letter of a frame of the reform says (CGI, annexe II, art. 242 nonies A: the kind of operation)."""
IDENTIFIERS = {
    IdentifierType.SIRET: "SIRET", IdentifierType.UE_HORS_FRANCE: "N° TVA (UE)", IdentifierType.RIDET: "RIDET",
    IdentifierType.TAHITI: "N° TAHITI",
}  # fmt: skip
FRANCE = "FR"


def party_lines(party: Party, service: str = "") -> Iterator[str]:
    """Name, addresses and numbers of a party, a line each."""
    yield party.name
    if party.trade_name and party.trade_name != party.name:
        yield party.trade_name
    yield from address_lines(party.address)
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


def sent_on(filed: FiledInvoice) -> str:
    """To whom the supplier sent the invoice on (recycled it), where that is not what its document says; else empty."""
    if not any(line.status is Status.A_RECYCLER for line in filed.history):
        return ""
    document, summary = filed.document, filed.summary
    service = summary.service.code if summary.service else ""
    elsewhere = summary.recipient.identifier != document.buyer.identifier
    changes = (
        (elsewhere, f"{summary.recipient.name} ({summary.recipient.identifier})"),
        (service != document.service_code, f"service {service}" if service else "sans service"),
        (summary.commitment != document.commitment, f"engagement {summary.commitment}" if summary.commitment else ""),
    )
    told = ", ".join(words for changed, words in changes if changed and words)
    return f"Adressée depuis par le fournisseur à : {told}" if told else ""


def _identifier_name(party: Party) -> str:
    kind = IDENTIFIER_SCHEMES.get(party.identifier_scheme)
    return IDENTIFIERS.get(kind, "Identifiant") if kind else "Identifiant"


def address_lines(address: Address) -> Iterator[str]:
    yield from (line for line in (address.line1, address.line2, address.line3) if line)
    city = " ".join(part for part in (address.postcode, address.city) if part)
    country = "" if address.country == FRANCE else COUNTRIES.get(address.country, address.country)
    told = ", ".join(part for part in (city, country) if part)
    if told:
        yield told


def references(invoice: Invoice) -> Iterator[tuple[str, str]]:
    """What the invoice refers to: a label and what it says, empty for what it does not say."""
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
    yield "Période facturée", period_words(invoice.period)
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


def period_words(period: Period) -> str:
    """``du 01/11/2026 au 30/11/2026``; empty for no period."""
    if period.start and period.end:
        return f"du {period.start:%d/%m/%Y} au {period.end:%d/%m/%Y}"
    if period.start:
        return f"à partir du {period.start:%d/%m/%Y}"
    return f"jusqu'au {period.end:%d/%m/%Y}" if period.end else ""


def _place(invoice: Invoice) -> str:
    delivery = invoice.delivery
    address = "" if delivery.address == invoice.buyer.address else ", ".join(address_lines(delivery.address))
    name = "" if delivery.name == invoice.buyer.name else delivery.name
    return ", ".join(part for part in (name, delivery.identifier, address) if part)


def _representative(invoice: Invoice) -> str:
    party = invoice.representative
    vat = f"N° TVA {party.vat_number}" if party.vat_number else ""
    return ", ".join(part for part in (party.name, *address_lines(party.address), vat) if part)
