"""How an invoice is paid, its remarks and its files, as its pages show them."""

from collections.abc import Iterator

from chorale.domain.invoices.invoice import Attachment, Invoice
from chorale.formats.writing.french_numbers import size

MEANS = {
    "10": "espèces", "20": "chèque", "30": "virement", "31": "prélèvement", "42": "virement", "48": "carte",
    "49": "prélèvement", "54": "carte de crédit", "55": "carte de débit", "57": "virement permanent", "58": "virement",
    "59": "prélèvement", "68": "paiement en ligne", "97": "compensation", "98": "paiement de carte à carte",
}  # fmt: skip
"""BT-81 (UNTDID 4461) in words; others are told by the words of the document, or by their code."""
UNDEFINED_MEANS = ("1", "ZZZ")
REMARKS = {
    "AAB": "Escompte", "AAI": "Informations", "ABL": "Informations légales", "ACC": "Cession de créance",
    "ADN": "Bon de livraison", "BLU": "Éco-participation", "CUS": "Douane", "DCL": "Déclaration",
    "PAI": "Paiement", "PMD": "Pénalités de retard", "PMT": "Frais de recouvrement",
    "REG": "Mentions légales", "SUR": "Remarques du fournisseur", "TXD": "TVA et taxes",
}  # fmt: skip
"""Subjects of notes (BT-21, UNTDID 4451); PMT, PMD and AAB are the mentions of art. L441-9."""
PAYMENT_SUBJECTS = ("PMD", "PMT", "AAB")
"""The mentions that belong to the payment, in the order in which they are shown."""
IBAN_GROUP = 4


def payment(invoice: Invoice) -> Iterator[tuple[str, str]]:
    """Labels about the payment and what they say, empty for what the invoice does not say."""
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


def remarks(invoice: Invoice) -> Iterator[tuple[str, str]]:
    """The notes that are not about the payment, each after its subject."""
    if not invoice.remarks and invoice.note:
        yield "Commentaire", invoice.note
    for one in invoice.remarks:
        if one.subject not in PAYMENT_SUBJECTS:
            yield REMARKS.get(one.subject, "Commentaire"), one.text


def files(invoice: Invoice) -> Iterator[tuple[str, str]]:
    """The files that the invoice has or names, each with what is known of it."""
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
