"""What a submission must say, as a table of rules. Each refuses with a stable code and names the field to change.

Source: AIFE Swagger "Factures", soumettreFacture, and the lengths of the XSD CPPFacturePivot.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chorale.domain.currencies import CURRENCIES
from chorale.domain.fields import Field
from chorale.domain.findings import Finding, Severity
from chorale.domain.frames import FRAME_ROWS, Frame
from chorale.domain.french_numbers import grouped
from chorale.domain.invoices.invoice import DocumentKind, TaxRegime
from chorale.domain.invoices.reference_lists import PAYMENT_MODES, VAT_RATES
from chorale.domain.invoices.submission import CENT, KeyedRate, Submission, SubmissionMode, percent_of, tax_lines

NUMBER_MAX_LENGTH = 20
NUMBER_FORM = re.compile(r"[A-Za-z0-9\-_+/]+")
SERVICE_MAX_LENGTH = 100
REFERENCE_MAX_LENGTH = 50
COMMENT_MAX_LENGTH = 2000
TEXT_MAX_LENGTH = 255
"""Characters of a name, a reason or a unit."""
LINES_AT_MOST = 1000
"""Lines of one keyed invoice; a file takes more."""
SUBMITTED_FRAMES = (Frame.A1, Frame.A2, Frame.A9, Frame.A12)
LARGEST = Decimal(10) ** 13
TOLERANCE = 2 * CENT
"""Between the totals of a PDF, which may have been rounded apart; those of a keyed invoice are exact."""
VAT_TOLERANCE = Decimal(1)
"""Between a VAT amount and base x rate (EN 16931 BR-CO-17), in units of the currency."""
RATE_CODES = frozenset(row.code for row in VAT_RATES)
REGIMES_WITHOUT_VAT = (TaxRegime.NONE, TaxRegime.EXEMPT)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What one rule refuses."""

    message: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionRule:
    """A row: what is refused with ``code``, and the field to change."""

    code: str
    field: Field
    english: str
    check: Callable[[Submission, date], Iterator[Wrong]]


def submission_findings(given: Submission, today: date) -> list[Finding]:
    """What ``given``, submitted on ``today`` (Paris), must change; empty when it can go on."""
    return [
        Finding(
            rule.code, Severity.ERROR, "CHORALE", wrong.message,
            message_en=rule.english, term=rule.field.value, value=wrong.value[:TEXT_MAX_LENGTH],
        )
        for rule in RULES
        for wrong in rule.check(given, today)
    ]  # fmt: skip


def _keyed(given: Submission) -> bool:
    return given.mode is SubmissionMode.KEYED


def _french(amount: Decimal) -> str:
    """An amount with its own digits, as a sentence says it."""
    return grouped(f"{amount:f}")


def _tolerance(given: Submission) -> Decimal:
    return Decimal(0) if _keyed(given) else TOLERANCE


# Number, date, kind


def _number_absent(given: Submission, _today: date) -> Iterator[Wrong]:
    if not _keyed(given) and not given.number:
        yield Wrong(f"{Field.NUMBER} est obligatoire en {given.mode.value} : donnez le numéro de la facture.")


def _number_long(given: Submission, _today: date) -> Iterator[Wrong]:
    if not _keyed(given) and len(given.number) > NUMBER_MAX_LENGTH:
        yield Wrong(
            f"Le numéro de la facture a {len(given.number)} caractères : {NUMBER_MAX_LENGTH} au plus.", given.number
        )


def _number_form(given: Submission, _today: date) -> Iterator[Wrong]:
    if not _keyed(given) and given.number and not NUMBER_FORM.fullmatch(given.number):
        yield Wrong(
            "Le numéro de la facture contient des caractères interdits : n'employez que des lettres sans accent, des "
            "chiffres et les signes - _ + /.",
            given.number,
        )


def _date_absent(given: Submission, _today: date) -> Iterator[Wrong]:
    if not _keyed(given) and given.issue_date is None:
        yield Wrong(
            f"{Field.ISSUE_DATE} est obligatoire en {given.mode.value} : donnez la date de la facture (AAAA-MM-JJ)."
        )


def _date_in_future(given: Submission, today: date) -> Iterator[Wrong]:
    if given.issue_date and given.issue_date > today:
        yield Wrong(
            f"La date de la facture est postérieure au jour du dépôt : datez-la au plus tard du {today:%d/%m/%Y}.",
            given.issue_date.isoformat(),
        )


def _currency(given: Submission, _today: date) -> Iterator[Wrong]:
    if given.currency not in CURRENCIES:
        yield Wrong(f"{Field.CURRENCY} doit être un code ISO 4217, par exemple EUR.", given.currency)


def _payment_mode(given: Submission, _today: date) -> Iterator[Wrong]:
    if given.payment_mode not in PAYMENT_MODES:
        yield Wrong(f"{Field.PAYMENT_MODE} doit être l'un de : {', '.join(PAYMENT_MODES)}.", given.payment_mode)


def _bank_account(given: Submission, _today: date) -> Iterator[Wrong]:
    if given.bank_account_id:
        yield Wrong(
            "Aucun compte bancaire n'est enregistré sur ce serveur (recuperer/coordbanc/valides) : ne donnez pas "
            f"{Field.BANK_ACCOUNT}.",
            str(given.bank_account_id),
        )


# Who validates


def _frame(given: Submission, _today: date) -> Iterator[Wrong]:
    if given.frame not in SUBMITTED_FRAMES:
        yield Wrong(
            f"Le cadre {given.frame.value} ({FRAME_ROWS[given.frame].label}) ne se soumet pas ici : indiquez l'un de "
            f"{', '.join(frame.value for frame in SUBMITTED_FRAMES)}.",
            given.frame.value,
        )


def _validator_absent(given: Submission, _today: date) -> Iterator[Wrong]:
    if given.frame.validation and not given.validator:
        yield Wrong(
            f"Le cadre {given.frame.short} demande un valideur : donnez le SIRET du titulaire ou du mandataire du "
            f"marché dans {Field.VALIDATOR}."
        )


# References


def _lengths(given: Submission, _today: date) -> Iterator[Wrong]:
    limits = (
        (Field.SERVICE, given.service_code, SERVICE_MAX_LENGTH),
        (Field.COMMITMENT, given.commitment, REFERENCE_MAX_LENGTH),
        (Field.CONTRACT, given.contract, REFERENCE_MAX_LENGTH),
        (Field.ORIGIN_NUMBER, given.origin_number, NUMBER_MAX_LENGTH),
        (Field.EXEMPTION, given.exemption, TEXT_MAX_LENGTH),
        (Field.DISCOUNT_REASON, given.totals.discount_reason, TEXT_MAX_LENGTH),
        ("commentaire", given.comment, COMMENT_MAX_LENGTH),
    )
    for field, text, limit in limits:
        if len(text) > limit:
            yield Wrong(f"{field} a {len(text)} caractères : {limit} au plus.", text)


def _exemption_absent(given: Submission, _today: date) -> Iterator[Wrong]:
    if given.tax_regime is TaxRegime.EXEMPT and not given.exemption:
        yield Wrong(f"Une facture exonérée dit pourquoi : donnez {Field.EXEMPTION} (recuperer/motifs/exonerationtva).")


# Totals


def _total_absent(given: Submission, _today: date) -> Iterator[Wrong]:
    totals = given.totals
    for field, value in ((Field.NET, totals.net), (Field.VAT, totals.vat), (Field.GROSS, totals.gross)):
        if value is None:
            yield Wrong(f"{Field.TOTALS}.{field} est obligatoire : donnez le montant.")


def _amounts_small(given: Submission, _today: date) -> Iterator[Wrong]:
    totals = given.totals
    for value in (totals.net, totals.vat, totals.gross, totals.payable, totals.discount):
        if value is not None and (abs(value) >= LARGEST or value != value.quantize(CENT)):
            yield Wrong(
                f"Le montant {value:f} n'est pas accepté : treize chiffres avant le point et deux après au plus.",
                f"{value:f}",
            )


def _positive(given: Submission, _today: date) -> Iterator[Wrong]:
    totals = given.totals
    if any(value is not None and value < 0 for value in (totals.net, totals.vat, totals.gross, totals.discount)):
        credit = given.kind is DocumentKind.CREDIT_NOTE
        advice = "écrivez les montants d'un avoir en positif" if credit else f"déposez un avoir ({Field.KIND} AVOIR)"
        yield Wrong(f"Un total est négatif : {advice}.")


def _gross(given: Submission, _today: date) -> Iterator[Wrong]:
    totals = given.totals
    if totals.net is None or totals.vat is None or totals.gross is None:
        return
    expected = totals.net + totals.vat - totals.discount
    if abs(totals.gross - expected) > _tolerance(given):
        yield Wrong(
            f"Le total TTC n'est pas la somme du total hors taxes et de la TVA, moins la remise ({expected:f}) : "
            "recalculez-le.",
            f"{totals.gross:f}",
        )


def _payable(given: Submission, _today: date) -> Iterator[Wrong]:
    totals = given.totals
    if (
        totals.payable is not None
        and totals.gross is not None
        and not 0 <= totals.payable <= totals.gross + _tolerance(given)
    ):
        yield Wrong(
            "Le montant à payer est compris entre zéro et le total TTC : un acompte déjà versé s'en déduit.",
            f"{totals.payable:f}",
        )


def _already_paid(given: Submission, _today: date) -> Iterator[Wrong]:
    if given.frame is Frame.A2 and given.kind is DocumentKind.INVOICE and given.totals.payable:
        yield Wrong(f"Une facture déjà payée (A2) n'a plus rien à payer : {Field.PAYABLE} est 0.")


def _vat_without_regime(given: Submission, _today: date) -> Iterator[Wrong]:
    if given.tax_regime in REGIMES_WITHOUT_VAT and given.totals.vat:
        yield Wrong(
            f"Une facture en {given.tax_regime.value} ne porte pas de TVA : {Field.VAT} est 0.",
            f"{given.totals.vat:f}",
        )


# Lines and VAT of a keyed invoice


def _lines(given: Submission, _today: date) -> Iterator[Wrong]:
    if _keyed(given) and not given.lines:
        yield Wrong(f"Une facture saisie a au moins une ligne : remplissez {Field.LINES}.")
    if len(given.lines) > LINES_AT_MOST:
        yield Wrong(
            f"{len(given.lines)} lignes : {LINES_AT_MOST} au plus, déposez un fichier au-delà.", str(len(given.lines))
        )


def _line_complete(given: Submission, _today: date) -> Iterator[Wrong]:
    if not _keyed(given):
        return
    for place, line in enumerate(given.lines, start=1):
        needed = (
            (Field.LINE_NAME, (line.name or line.reference).strip()),
            (Field.LINE_QUANTITY, line.quantity),
            (Field.LINE_PRICE, line.unit_price),
        )
        missing = [field for field, value in needed if value in (None, "")]
        if missing:
            yield Wrong(f"Ligne {place} : {', '.join(map(str, missing))} obligatoire.", str(place))
        if line.unit_price is not None and line.unit_price < 0:
            yield Wrong(f"Ligne {place} : le prix unitaire est positif, mettez le signe sur la quantité.", str(place))
        if len(line.name) > TEXT_MAX_LENGTH or len(line.reference) > REFERENCE_MAX_LENGTH:
            yield Wrong(
                f"Ligne {place} : {TEXT_MAX_LENGTH} caractères de désignation et {REFERENCE_MAX_LENGTH} de référence "
                "au plus.",
                str(place),
            )


def _rates(given: Submission, _today: date) -> Iterator[Wrong]:
    places = [(f"Ligne {n}", line.rate, given.tax_regime is not TaxRegime.NONE and _keyed(given))
              for n, line in enumerate(given.lines, start=1)]  # fmt: skip
    places += [
        (f"Ligne {n} de TVA", tax.rate, given.tax_regime is not TaxRegime.NONE)
        for n, tax in enumerate(given.taxes, start=1)
    ]
    for place, rate, needed in places:
        yield from _rate(place, rate, needed)


def _rate(place: str, rate: KeyedRate, needed: bool) -> Iterator[Wrong]:
    if rate.code and rate.percent is not None:
        yield Wrong(f"{place} : donnez le taux par son code ou en pour cent, pas les deux.", rate.code)
    elif rate.code and rate.code not in RATE_CODES:
        yield Wrong(f"{place} : le code de taux {rate.code} est inconnu (recuperer/tauxtva).", rate.code)
    elif needed and percent_of(rate) is None:
        yield Wrong(f"{place} : le taux de TVA est obligatoire, par son code ou en pour cent.")
    elif rate.percent is not None and not 0 <= rate.percent <= 100:
        yield Wrong(f"{place} : un taux est compris entre 0 et 100.", f"{rate.percent:f}")


def _lines_make_the_net_total(given: Submission, _today: date) -> Iterator[Wrong]:
    if not given.lines or given.totals.net is None:
        return
    total = sum((line.net for line in given.lines), Decimal(0))
    if abs(total - given.totals.net) > _tolerance(given):
        yield Wrong(
            "Le total hors taxes n'est pas la somme des lignes, quantité x prix - remise "
            f"({_french(total)}) : recalculez-le.",
            f"{given.totals.net:f}",
        )


def _taxes_make_the_vat_total(given: Submission, _today: date) -> Iterator[Wrong]:
    if not (given.taxes or _keyed(given)) or given.totals.vat is None or any(True for _ in _rates(given, _today)):
        return
    rows = tax_lines(given)
    total = sum((row.amount for row in rows), Decimal(0))
    if abs(total - given.totals.vat) > (0 if _keyed(given) else CENT * max(2, len(rows))):
        yield Wrong(
            f"Le total de TVA n'est pas la somme des lignes de TVA ({_french(total)}) : recalculez-le.",
            f"{given.totals.vat:f}",
        )
    for row in rows:
        expected = row.base * (row.rate or 0) / 100
        if abs(row.amount - expected) > VAT_TOLERANCE:
            yield Wrong(
                f"La TVA à {_french(row.rate or Decimal(0))} % n'est pas la base multipliée par le taux "
                f"({_french(round(expected, 2))}) : recalculez-la.",
                f"{row.amount:f}",
            )


# Files


def _main_document(given: Submission, _today: date) -> Iterator[Wrong]:
    if not _keyed(given) and given.main is None:
        yield Wrong(
            f"La facture en PDF est obligatoire en {given.mode.value} : stockez-la par deposer/pdf ou ajouter/fichier, "
            f"puis donnez son numéro dans {Field.MAIN_DOCUMENT_ID}."
        )
    if _keyed(given) and given.main is not None:
        yield Wrong("Une facture saisie n'a pas de pièce principale : la plateforme établit le PDF elle-même.")


def _row(code: str, field: Field, english: str, check: Callable[[Submission, date], Iterator[Wrong]]) -> SubmissionRule:
    return SubmissionRule(code, field, english, check)


RULES: tuple[SubmissionRule, ...] = (
    _row("CHO-NUMERO-ABSENT", Field.NUMBER, "The invoice number is missing.", _number_absent),
    _row("CHO-NUMERO-LONG", Field.NUMBER, "The invoice number has 20 characters at most.", _number_long),
    _row("CHO-NUMERO-FORME", Field.NUMBER, "Use letters, digits and - _ + / only.", _number_form),
    _row("CHO-DATE-ABSENTE", Field.ISSUE_DATE, "The invoice date is missing.", _date_absent),
    _row("CHO-DATE-FUTURE", Field.ISSUE_DATE, "The invoice date is after the day of deposit.", _date_in_future),
    _row("CHO-DEVISE", Field.CURRENCY, "The currency is not an ISO 4217 code.", _currency),
    _row("CHO-PAIEMENT-MODE", Field.PAYMENT_MODE, "The payment mode is not in the list.", _payment_mode),
    _row("CHO-SAISIE-COMPTE", Field.BANK_ACCOUNT, "No such bank account.", _bank_account),
    _row("CHO-SAISIE-CADRE", Field.FRAME, "The frame is one of A1, A2, A9, A12.", _frame),
    _row("CHO-VALIDEUR-ABSENT", Field.VALIDATOR, "The frame needs a validator.", _validator_absent),
    _row("CHO-SAISIE-LONGUEUR", Field.REFERENCES, "A text is too long.", _lengths),
    _row("CHO-SAISIE-EXONERATION", Field.EXEMPTION, "An exempt invoice says why.", _exemption_absent),
    _row("CHO-TOTAL-ABSENT", Field.TOTALS, "A total is missing.", _total_absent),
    _row("CHO-MONTANT-FORME", Field.TOTALS, "13 digits before the point and 2 after at most.", _amounts_small),
    _row("CHO-SAISIE-SIGNE", Field.TOTALS, "A total is negative.", _positive),
    _row("CHO-TOTAL-TTC", Field.GROSS, "Total with VAT = net + VAT - discount.", _gross),
    _row("CHO-TOTAL-A-PAYER", Field.PAYABLE, "0 <= amount due <= total with VAT.", _payable),
    _row("CHO-SAISIE-DEJA-PAYEE", Field.PAYABLE, "An invoice paid already has nothing due.", _already_paid),
    _row("CHO-SAISIE-REGIME", Field.TAX_REGIME, "This regime has no VAT.", _vat_without_regime),
    _row("CHO-SAISIE-LIGNES", Field.LINES, "A keyed invoice has 1 to 1000 lines.", _lines),
    _row("CHO-SAISIE-LIGNE", Field.LINES, "A line is incomplete or too long.", _line_complete),
    _row("CHO-SAISIE-TAUX", Field.LINE_RATE, "Give the rate by its code or in percent.", _rates),
    _row("CHO-SAISIE-TOTAL-HT", Field.NET, "Net total = sum of the lines.", _lines_make_the_net_total),
    _row("CHO-TOTAL-TVA", Field.VAT, "VAT total = sum of the VAT lines.", _taxes_make_the_vat_total),
    _row("CHO-SAISIE-PDF", Field.MAIN_DOCUMENT, "A PDF goes with DEPOT_PDF modes only.", _main_document),
)  # fmt: skip
