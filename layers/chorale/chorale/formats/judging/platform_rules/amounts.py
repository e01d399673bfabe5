"""VAT and totals.

Where a document claims a profile, its official rules say what a formula allows (EXTENDED and EXTENDED-CTC-FR a cent for
each line, EN 16931 none): a rule here then only tells in French, with the amounts, what they refuse. Elsewhere each
amount of a sum may have been rounded by up to half a cent on its own.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from chorale.domain.invoices.invoice import DocumentKind, LineKind
from chorale.domain.syntaxes import DocumentForm
from chorale.formats.judging.platform_rules.model import ERROR, WARNING, Case, Rule, Seen, absent, at
from chorale.formats.reading.details import adjustments
from chorale.formats.reading.document import Terms, Value
from chorale.formats.reading.invoice import kind_of, line_kind, total_vat
from chorale.formats.reading.values import amount

CENT = Decimal("0.01")
TOLERANCE = 2 * CENT
"""Of a total, in a document that claims no standard."""
EXACT = CENT / 2
VAT_TOLERANCE = Decimal(1)
"""Between a VAT amount and base x rate: that of EN 16931 BR-CO-17, in units of the currency."""
AMOUNT_FORM = re.compile(r"[+-]?\d{1,13}(\.\d{1,6})?|[+-]?\d{1,13}\.")
"""decimal(19,6)."""
QUANTITY_DIGITS = 10
TOTALS = ("BT-106", "BT-107", "BT-108", "BT-109", "BT-110", "BT-112", "BT-113", "BT-114", "BT-115")
CURRENCY_TOTALS = tuple(term for term in TOTALS if term != "BT-110")
"""Those that are in the currency of the document only: VAT may be told in that of accounting too (BT-111)."""
UBL_FORMS = (DocumentForm.UBL_INVOICE, DocumentForm.UBL_CREDIT_NOTE)
ROUNDING_AT_MOST = Decimal(1)
"""Units of the currency: BT-114 rounds a payment, it does not make one."""
VAT_TYPES = ("", "VAT", "TVA")
SWAGGER = "AIFE Swagger Factures, montantTotal"
ZERO = Decimal(0)


def is_vat(tax: Terms) -> bool:
    """Whether a tax is VAT: it says so, or says nothing."""
    return tax.one("tax type").text.upper().split(" ")[0] in VAT_TYPES


def _older_profile(tax: Terms) -> bool:
    """Older Chorus UBL writes ``TVA`` or ``TVA DEBIT`` as tax type and has no categories."""
    return bool(tax.one("older tax type"))


def _category_missing(case: Case) -> Iterator[Seen]:
    if not case.has_breakdown:
        return
    for tax in case.reading.group("BG-23"):
        if is_vat(tax) and not tax.one("BT-118") and not _older_profile(tax):
            yield absent(tax, "BT-118")


def _line_category_missing(case: Case) -> Iterator[Seen]:
    if not case.has_breakdown:
        return
    for line in case.reading.group("BG-25"):
        if line_kind(line, case.reading) is not LineKind.DETAIL:
            continue  # a sum or words: BT-151 is asked of the lines that count (BR-FXEXT-CO-04, BR-FREXT-CO-04)
        if line.one("tax").element is not None and is_vat(line) and not line.one("BT-151") and not _older_profile(line):
            yield absent(line, "BT-151", details=(("line", line.one("BT-126").text or "?"),))


def _category_unknown(case: Case) -> Iterator[Seen]:
    from chorale_references import code_list

    known = code_list("vat-categories")
    for group, term in (("BG-23", "BT-118"), ("BG-25", "BT-151")):
        for tax in case.reading.group(group):
            category = tax.one(term)
            if is_vat(tax) and category and category.text not in known:
                yield at(category)


def _tax_type_missing(case: Case) -> Iterator[Seen]:
    if case.reading.form is DocumentForm.CII and case.has_breakdown:
        for tax in case.reading.group("BG-23"):
            if not tax.one("tax type"):
                yield absent(tax, "tax type")


def _total_missing(case: Case) -> Iterator[Seen]:
    for term, label in (("BT-109", "hors taxes"), ("BT-112", "toutes taxes comprises"), ("BT-115", "net à payer")):
        if not case.reading.one(term):
            yield absent(case.reading, term, details=(("label", label), ("total", term)))


def _amount_form(case: Case) -> Iterator[Seen]:
    values = [value for term in TOTALS for value in case.reading.each(term)]
    values += [tax.one(term) for tax in case.reading.group("BG-23") for term in ("BT-116", "BT-117")]
    values += [line.one(term) for line in case.reading.group("BG-25") for term in ("BT-131", "BT-146")]
    for value in values:
        if value and not AMOUNT_FORM.fullmatch(value.text):
            yield at(value)


def _quantity_form(case: Case) -> Iterator[Seen]:
    for line in case.reading.group("BG-25"):
        quantity = line.one("BT-129")
        number = amount(quantity.text)
        if quantity and (number is None or abs(number) >= 10**QUANTITY_DIGITS):
            yield at(quantity, details=(("line", line.one("BT-126").text or "?"),))


def _number(case: Case, term: str) -> Decimal:
    return amount(case.reading.one(term).text) or ZERO


def _tolerance(case: Case) -> Decimal:
    return EXACT if case.claims_standard else TOLERANCE


def _difference(case: Case, value: Value, expected: Decimal) -> Iterator[Seen]:
    written = amount(value.text)
    if written is not None and abs(written - expected) > _tolerance(case):
        yield at(value, expected=f"{expected:f}")


def _gross(case: Case) -> Iterator[Seen]:
    if not case.reading.one("BT-109"):
        return
    if _vat_without_currency(case) or _repeated_vat(case):
        return  # the amounts may be right: what is wrong is told
    yield from _difference(
        case, case.reading.one("BT-112"), _number(case, "BT-109") + (total_vat(case.reading) or ZERO)
    )


def _vat_without_currency(case: Case) -> list[Value]:
    """The totals of VAT that do not say their currency, where the standard asks for it."""
    if not case.claims_standard or not case.reading.one("BT-5"):
        return []
    return [value for value in case.reading.each("BT-110") if value and not value.attribute("currencyID")]


def _vat_currency_missing(case: Case) -> Iterator[Seen]:
    for value in _vat_without_currency(case):
        yield at(value, expected=f'currencyID="{case.reading.one("BT-5").text}"')


def _repeated_vat(case: Case) -> list[Value]:
    """The totals of VAT beyond the first in the currency of the document."""
    currency = case.reading.one("BT-5").text
    totals = [value for value in case.reading.each("BT-110") if value and currency]
    return [value for value in totals if value.attribute("currencyID") == currency][1:]


def _vat_repeated(case: Case) -> Iterator[Seen]:
    for value in _repeated_vat(case)[:1]:
        yield at(value, details=(("currency", value.attribute("currencyID")),))


def _payable(case: Case) -> Iterator[Seen]:
    if not case.reading.one("BT-112") or not case.has_breakdown:
        return
    expected = _number(case, "BT-112") - _number(case, "BT-113") + _number(case, "BT-114")
    expected += sum((amount(value.text) or ZERO for value in case.reading.each("BT-179")), ZERO)
    yield from _difference(case, case.reading.one("BT-115"), expected)


def _payable_bounds(case: Case) -> Iterator[Seen]:
    """What has no prepayments pays something between nothing and the whole."""
    gross, payable = (amount(case.reading.one(term).text) for term in ("BT-112", "BT-115"))
    if case.has_breakdown or gross is None or payable is None:
        return
    least, most = sorted((ZERO, gross))
    if not least - TOLERANCE <= payable <= most + TOLERANCE:
        yield at(case.reading.one("BT-115"), expected=f"de {least:f} à {most:f}")


def _rounding(case: Case) -> Iterator[Seen]:
    value = case.reading.one("BT-114")
    if abs(amount(value.text) or ZERO) > ROUNDING_AT_MOST:
        yield at(value)


def _other_currency(case: Case) -> Iterator[Seen]:
    """In UBL, where every amount says its currency; in CII only those of VAT do (CII-DT-031)."""
    currency = case.reading.one("BT-5").text
    for term in CURRENCY_TOTALS if currency and case.reading.form in UBL_FORMS else ():
        for value in case.reading.each(term):
            if value.attribute("currencyID") not in ("", currency):
                yield at(value, expected=currency, details=(("currency", value.attribute("currencyID")),))


def _line_amount(case: Case) -> Iterator[Seen]:
    """Quantity x price, with what is added and taken off; a price may have been rounded to the cent."""
    for line in case.reading.group("BG-25"):
        quantity, price, written = (amount(line.one(term).text) for term in ("BT-129", "BT-146", "BT-131"))
        if quantity is None or price is None or written is None or line_kind(line, case.reading) is not LineKind.DETAIL:
            continue
        expected = quantity * price / (amount(line.one("BT-149").text) or 1) + _adjusted(line)
        if abs(written - expected) > TOLERANCE + abs(quantity) * CENT / 2:
            said = (("line", line.one("BT-126").text or "?"),)
            yield at(line.one("BT-131"), expected=f"{expected.quantize(CENT):f}", details=said)


def _adjusted(line: Terms) -> Decimal:
    """The charges of a line less its allowances."""
    return sum((made.signed for made in adjustments(line.each("allowance"))), ZERO)


def _vat_total(case: Case) -> Iterator[Seen]:
    written = total_vat(case.reading)
    taxes = case.reading.group("BG-23")
    if written is None or not taxes:
        return
    total = sum((amount(tax.one("BT-117").text) or ZERO for tax in taxes), ZERO)
    if _repeated_vat(case):
        return
    if abs(written - total) > (EXACT if case.claims_standard else CENT * max(2, len(taxes))):
        yield Seen(f"{written:f}", case.reading.one("BT-110").element, expected=f"{total:f}")


def _vat_line(case: Case) -> Iterator[Seen]:
    for tax in case.reading.group("BG-23"):
        base, rate, written = (amount(tax.one(term).text) for term in ("BT-116", "BT-119", "BT-117"))
        if base is not None and rate is not None and written is not None:
            expected = (base * rate / 100).quantize(CENT)
            if abs(written - expected) > VAT_TOLERANCE:
                yield at(tax.one("BT-117"), expected=f"{expected:f}", details=(("rate", f"{rate:f}"),))


def _negative(case: Case) -> Iterator[Seen]:
    gross = case.reading.one("BT-112")
    if (amount(gross.text) or ZERO) < 0:
        credit = kind_of(case.reading) is DocumentKind.CREDIT_NOTE
        yield at(
            gross,
            details=(
                (
                    "advice",
                    "écrivez les montants d'un avoir en positif"
                    if credit
                    else "déposez un avoir (381) avec des montants positifs",
                ),
            ),
        )


RULES = (
    Rule(
        "CHO-TVA-CATEGORIE", ERROR, "BT-118", "EN 16931 (BT-118), appliquée par la plateforme publique",
        "Une ligne du récapitulatif de TVA n'a pas de catégorie : indiquez-la (S pour un taux normal ou réduit, E pour "
        "une exonération, Z, AE, K, G ou O).",
        "A line of the VAT breakdown has no category: give it (S, E, Z, AE, K, G or O).",
        "S, Z, E, AE, K, G, O, L ou M", _category_missing, ("BR-47",),
    ),
    Rule(
        "CHO-TVA-CATEGORIE-LIGNE", ERROR, "BT-151", "EN 16931 (BT-151), appliquée par la plateforme publique",
        "La ligne {line} n'a pas de catégorie de TVA : indiquez-la (S, Z, E, AE, K, G ou O).",
        "Line {line} has no VAT category: give it (S, Z, E, AE, K, G or O).",
        "S, Z, E, AE, K, G, O, L ou M", _line_category_missing,
        ("BR-CO-04", "BR-FXEXT-CO-04", "BR-FREXT-CO-04"),
    ),
    Rule(
        "CHO-TVA-CATEGORIE-INCONNUE", ERROR, "BT-118", "UNTDID 5305",
        "La catégorie de TVA « {value} » n'existe pas : indiquez S, Z, E, AE, K, G, O, L ou M.",
        "VAT category \"{value}\" does not exist.",
        "S, Z, E, AE, K, G, O, L ou M", _category_unknown, ("BR-CL-17", "BR-CL-18"),
    ),
    Rule(
        "CHO-TVA-TYPE", ERROR, "BG-23", "UNTDID 5153, appliquée par la plateforme publique",
        "Une ligne du récapitulatif de TVA n'a pas de type de taxe : indiquez VAT dans ram:TypeCode.",
        "A line of the VAT breakdown has no tax type: give VAT in ram:TypeCode.",
        "VAT", _tax_type_missing,
    ),
    Rule(
        "CHO-TOTAL-ABSENT", ERROR, "BG-22", SWAGGER,
        "Le montant total {label} ({total}) est absent : renseignez-le.",
        "Total {total} is missing: give it.",
        "un montant", _total_missing, ("BR-13", "BR-14", "BR-15"),
    ),
    Rule(
        "CHO-MONTANT-FORME", ERROR, "BG-22", "AIFE Swagger Factures, decimal(19,6)",
        "Le montant « {value} » n'est pas accepté : 13 chiffres avant le point et 6 après au plus.",
        "Amount \"{value}\" is not accepted: at most 13 digits before the point and 6 after.",
        "decimal(19,6)", _amount_form,
    ),
    Rule(
        "CHO-QUANTITE-FORME", ERROR, "BT-129", "AIFE Swagger Factures",
        "La quantité « {value} » de la ligne {line} n'est pas acceptée : 10 chiffres avant le point au plus.",
        "Quantity \"{value}\" of line {line} is not accepted: at most 10 digits before the point.",
        "10 chiffres au plus", _quantity_form,
    ),
    Rule(
        "CHO-TVA-DEVISE-ABSENTE", ERROR, "BT-110", "EN 16931 BR-CO-15",
        "Le total de TVA (BT-110, {value}) ne dit pas sa devise : ajoutez-lui l'attribut {expected}.",
        "The VAT total (BT-110, {value}) does not say its currency: add {expected}.",
        "", _vat_currency_missing, ("BR-CO-15", "BR-FXEXT-CO-15", "BR-FREXT-CO-15", "BR-53"), formula=True,
    ),
    Rule(
        "CHO-TVA-REPETEE", ERROR, "BT-110", "EN 16931 BR-CO-15",
        "Le total de TVA (BT-110) est écrit plusieurs fois en {currency} : gardez-en un seul ; un second total "
        "(BT-111) est dans la devise de comptabilisation (BT-6).",
        "The VAT total (BT-110) is written several times in {currency}: keep one.",
        "un seul total de TVA dans la devise de la facture", _vat_repeated,
        ("BR-CO-15", "BR-FXEXT-CO-15", "BR-FREXT-CO-15", "BR-53", "CHO-REGLES-ECHEC"),
    ),
    Rule(
        "CHO-TOTAL-TTC", ERROR, "BT-112", "EN 16931 BR-CO-15 ; sans profil, tolérance 0,02",
        "Le total TTC ({value}) n'est pas la somme du total hors taxes et de la TVA ({expected}) : recalculez-le.",
        "The total with VAT ({value}) is not the net total plus VAT ({expected}).",
        "", _gross, ("BR-CO-15", "BR-FXEXT-CO-15", "BR-FREXT-CO-15"), formula=True,
    ),
    Rule(
        "CHO-TOTAL-A-PAYER", ERROR, "BT-115", "EN 16931 BR-CO-16 ; sans profil, tolérance 0,02",
        "Le net à payer ({value}) n'est pas le total TTC moins les acomptes ({expected}) : recalculez-le.",
        "The amount due ({value}) is not the total with VAT minus prepayments ({expected}).",
        "", _payable, ("BR-CO-16", "BR-FXEXT-CO-16"), formula=True,
    ),
    Rule(
        "CHO-TOTAL-A-PAYER-BORNES", ERROR, "BT-115", "AIFE Swagger Factures, montantAPayer",
        "Le net à payer ({value}) n'est pas compris entre zéro et le total TTC ({expected}) : recalculez-le.",
        "The amount due ({value}) is not between zero and the total with VAT ({expected}).",
        "", _payable_bounds,
    ),
    Rule(
        "CHO-ARRONDI", WARNING, "BT-114", "EN 16931 BT-114",
        "Le montant d'arrondi ({value}) n'est pas celui d'un arrondi : vérifiez le net à payer.",
        "The rounding amount ({value}) is more than a rounding: check the amount due.",
        "1,00 au plus", _rounding,
    ),
    Rule(
        "CHO-DEVISE-MONTANT", ERROR, "BT-5", "EN 16931 BT-5 (tous les montants sauf BT-111)",
        "Le montant {value} est en {currency} et la facture en {expected} : écrivez tous les totaux dans la devise de "
        "la facture.",
        "Amount {value} is in {currency} and the invoice in {expected}: write every total in its currency.",
        "", _other_currency,
    ),
    Rule(
        "CHO-LIGNE-MONTANT", WARNING, "BT-131", "EN 16931 BT-131, note d'usage",
        "Le montant de la ligne {line} ({value}) n'est pas la quantité multipliée par le prix ({expected}) : vérifiez "
        "les trois.",
        "The amount of line {line} ({value}) is not quantity x price ({expected}): check the three.",
        "", _line_amount,
    ),
    Rule(
        "CHO-TOTAL-TVA", ERROR, "BT-110", "EN 16931 BR-CO-14 ; sans profil, tolérance 0,01 par taux",
        "Le total de TVA ({value}) n'est pas la somme des lignes du récapitulatif ({expected}) : recalculez-le.",
        "The VAT total ({value}) is not the sum of the breakdown ({expected}).",
        "", _vat_total, ("BR-CO-14",), formula=True,
    ),
    Rule(
        "CHO-TVA-MONTANT", ERROR, "BT-117", "EN 16931 BR-CO-17 ; tolérance 1,00",
        "Le montant de TVA ({value}) ne correspond pas à la base multipliée par le taux de {rate} % ({expected}) : "
        "recalculez-le.",
        "The VAT amount ({value}) is not base x {rate} % ({expected}).",
        "", _vat_line, ("BR-CO-17",), formula=True,
    ),
    Rule(
        "CHO-SIGNE", WARNING, "BT-112", "EN 16931, note sur le type 381",
        "Le total TTC est négatif ({value}) : {advice}.",
        "The total with VAT is negative ({value}): write amounts as positive, in a credit note if need be.",
        "montant positif", _negative,
    ),
)  # fmt: skip
