"""How the supplier is paid: means of payment and bank account."""

from collections.abc import Iterator

from chorale.domain.invoices.invoice import DocumentKind
from chorale.formats.judging.keys import is_iban
from chorale.formats.judging.platform_rules.model import ERROR, WARNING, Case, Rule, Seen, absent, at
from chorale.formats.reading.document import Value
from chorale.formats.reading.invoice import kind_of

CREDIT_TRANSFERS = frozenset({"30", "31", "42", "58"})
DIRECT_DEBIT = "59"
UNDEFINED = "1"
ALLOWED_MEANS = CREDIT_TRANSFERS | {UNDEFINED, "10", "20", "48", "49", "54", "55", "57", DIRECT_DEBIT, "97"}
"""UNTDID 4461: those of the platform's pivot format (10, 20, 30, 31, 42, 48, 49, 97), those that EN 16931 adds for the
same acts (SEPA transfer 58 and debit 59, cards 54 and 55, standing agreement 57), and 1, not defined."""


def _unknown_means(case: Case) -> Iterator[Seen]:
    for means in case.reading.each("BT-81"):
        if means and means.text not in ALLOWED_MEANS:
            yield at(means)


def _no_means(case: Case) -> Iterator[Seen]:
    if case.has_means and kind_of(case.reading) is DocumentKind.INVOICE and not case.reading.one("BT-81"):
        yield absent(case.reading, "BT-81")


def _gross_price_alone(case: Case) -> Iterator[Seen]:
    for line in case.reading.group("BG-25"):
        gross = line.one("BT-148")
        if gross and not line.one("BT-147"):
            yield at(gross, details=(("line", line.one("BT-126").text or "?"),))


def _undefined_means(case: Case) -> Iterator[Seen]:
    means = case.reading.one("BT-81")
    if means.text == UNDEFINED:
        yield at(means)


def _transfer_without_account(case: Case) -> Iterator[Seen]:
    if kind_of(case.reading) is DocumentKind.CREDIT_NOTE:
        return
    means = {value.text for value in case.reading.each("BT-81")}
    account = case.reading.one("BT-84")
    if (means & CREDIT_TRANSFERS and not account) or (
        DIRECT_DEBIT in means and not account and not case.reading.one("BT-91")
    ):
        yield absent(case.reading, "BT-84", details=(("means", ", ".join(sorted(filter(None, means)))),))


def _wrong_iban(case: Case) -> Iterator[Seen]:
    for account in case.reading.each("BT-84"):
        if account and not _is_national(account) and not is_iban(account.text):
            yield at(account)


def _is_national(account: Value) -> bool:
    """An account number that is no IBAN and says so: CII has an element for it, the platform's format an attribute."""
    element = account.element
    return str(element.tag).endswith("}ProprietaryID") or element.getparent().get("Type") == "RIB"


RULES = (
    Rule(
        "CHO-PAIEMENT-MODE", ERROR, "BT-81", "UNTDID 4461, XSD CPPFacturePivot V2.02",
        "Le mode de paiement « {value} » n'est pas accepté : indiquez 30 ou 58 pour un virement, 48 pour une carte, "
        "20 pour un chèque, 49 ou 59 pour un prélèvement.",
        "Payment means \"{value}\" is not accepted: give 30 or 58 for a transfer, 48 for a card.",
        "10, 20, 30, 31, 42, 48, 49, 54, 55, 57, 58, 59 ou 97", _unknown_means, ("BR-CL-16",),
    ),
    Rule(
        "CHO-PAIEMENT-ABSENT", ERROR, "BT-81", "Refus de la plateforme publique ; XSD CPPFacturePivot V2.02",
        "Le mode de paiement est absent : indiquez-le en BT-81, 30 et un IBAN pour un virement.",
        "The payment means is missing: give it in BT-81, 30 and an IBAN for a credit transfer.",
        "30 et un IBAN", _no_means, ("BR-49",),
    ),
    Rule(
        "CHO-PRIX-BRUT", WARNING, "BT-148", "Refus de la plateforme publique",
        "La ligne {line} a un prix brut ({value}) sans montant de remise : ajoutez la remise sur le prix (BT-147), 0 "
        "s'il n'y en a pas, ou retirez le prix brut (BT-148).",
        "Line {line} has a gross price ({value}) without its discount: give BT-147, or leave out BT-148.",
        "un montant de remise (BT-147)", _gross_price_alone,
    ),
    Rule(
        "CHO-PAIEMENT-INDEFINI", WARNING, "BT-81", "UNTDID 4461",
        "Le mode de paiement est « non défini » (1) : indiquez 30 (virement) et l'IBAN pour être payé sans retard.",
        "The payment means is undefined (1): give 30 (credit transfer) and the IBAN.",
        "30 et un IBAN", _undefined_means,
    ),
    Rule(
        "CHO-IBAN-ABSENT", ERROR, "BT-84", "EN 16931 BR-61 et usage de la plateforme publique",
        "Le paiement est demandé par virement ({means}) et l'IBAN est absent : indiquez l'IBAN du fournisseur (BT-84).",
        "Payment is by transfer ({means}) and the IBAN is missing: give the supplier's IBAN (BT-84).",
        "IBAN du fournisseur", _transfer_without_account, ("BR-50", "BR-61", "BR-CO-27", "CII-SR-470"),
    ),
    Rule(
        "CHO-IBAN-CLE", ERROR, "BT-84", "ISO 13616 (clé modulo 97)",
        "L'IBAN « {value} » est faux (longueur ou clé) : vérifiez-le sur le relevé d'identité bancaire.",
        "IBAN \"{value}\" is wrong (length or key): check it.",
        "IBAN dont la clé est juste", _wrong_iban,
    ),
)  # fmt: skip
