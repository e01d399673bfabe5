"""VAT and totals. Tolerances: each amount of a sum may have been rounded by up to half a cent on its own."""

import re
from collections.abc import Iterator
from decimal import Decimal

from chorale.domain.invoice import DocumentKind
from chorale.domain.syntaxes import DocumentForm
from chorale.formats.platform_rules.model import ERROR, WARNING, Case, Rule, Seen, absent, at
from chorale.formats.reading.document import Terms, Value
from chorale.formats.reading.invoice import kind_of, total_vat
from chorale.formats.reading.values import amount

CENT = Decimal("0.01")
VAT_TOLERANCE = Decimal(1)
"""Between a VAT amount and base x rate: that of EN 16931 BR-CO-17, in units of the currency."""
AMOUNT_FORM = re.compile(r"[+-]?\d{1,13}(\.\d{1,6})?|[+-]?\d{1,13}\.")
"""decimal(19,6)."""
QUANTITY_DIGITS = 10
TOTALS = ("BT-106", "BT-107", "BT-108", "BT-109", "BT-110", "BT-112", "BT-113", "BT-114", "BT-115")
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


def _difference(value: Value, expected: Decimal, tolerance: Decimal) -> Iterator[Seen]:
    written = amount(value.text)
    if written is not None and abs(written - expected) > tolerance:
        yield at(value, expected=f"{expected:f}")


def _gross(case: Case) -> Iterator[Seen]:
    if not case.reading.one("BT-109"):
        return
    yield from _difference(
        case.reading.one("BT-112"), _number(case, "BT-109") + (total_vat(case.reading) or ZERO), 2 * CENT
    )


def _payable(case: Case) -> Iterator[Seen]:
    if not case.reading.one("BT-112") or not case.has_breakdown:
        return
    expected = _number(case, "BT-112") - _number(case, "BT-113") + _number(case, "BT-114")
    yield from _difference(case.reading.one("BT-115"), expected, 2 * CENT)


def _vat_total(case: Case) -> Iterator[Seen]:
    written = total_vat(case.reading)
    taxes = case.reading.group("BG-23")
    if written is None or not taxes:
        return
    total = sum((amount(tax.one("BT-117").text) or ZERO for tax in taxes), ZERO)
    if abs(written - total) > CENT * max(2, len(taxes)):
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
        "S, Z, E, AE, K, G, O, L ou M", _line_category_missing, ("BR-CO-04",),
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
        "CHO-TOTAL-TTC", ERROR, "BT-112", "EN 16931 BR-CO-15 ; tolérance 0,02",
        "Le total TTC ({value}) n'est pas la somme du total hors taxes et de la TVA ({expected}) : recalculez-le.",
        "The total with VAT ({value}) is not the net total plus VAT ({expected}).",
        "", _gross, ("BR-CO-15",),
    ),
    Rule(
        "CHO-TOTAL-A-PAYER", ERROR, "BT-115", "EN 16931 BR-CO-16 ; tolérance 0,02",
        "Le net à payer ({value}) n'est pas le total TTC moins les acomptes ({expected}) : recalculez-le.",
        "The amount due ({value}) is not the total with VAT minus prepayments ({expected}).",
        "", _payable, ("BR-CO-16",),
    ),
    Rule(
        "CHO-TOTAL-TVA", ERROR, "BT-110", "EN 16931 BR-CO-14 ; tolérance 0,01 par taux",
        "Le total de TVA ({value}) n'est pas la somme des lignes du récapitulatif ({expected}) : recalculez-le.",
        "The VAT total ({value}) is not the sum of the breakdown ({expected}).",
        "", _vat_total, ("BR-CO-14",),
    ),
    Rule(
        "CHO-TVA-MONTANT", ERROR, "BT-117", "EN 16931 BR-CO-17 ; tolérance 1,00",
        "Le montant de TVA ({value}) ne correspond pas à la base multipliée par le taux de {rate} % ({expected}) : "
        "recalculez-le.",
        "The VAT amount ({value}) is not base x {rate} % ({expected}).",
        "", _vat_line, ("BR-CO-17",),
    ),
    Rule(
        "CHO-SIGNE", WARNING, "BT-112", "EN 16931, note sur le type 381",
        "Le total TTC est négatif ({value}) : {advice}.",
        "The total with VAT is negative ({value}): write amounts as positive, in a credit note if need be.",
        "montant positif", _negative,
    ),
)  # fmt: skip
