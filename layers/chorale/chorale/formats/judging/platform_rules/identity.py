"""Number, type, dates and currency of the document."""

import re
from collections.abc import Callable, Iterator
from datetime import date

from chorale.domain.syntaxes import DocumentForm
from chorale.formats.judging.platform_rules.model import ERROR, WARNING, Case, Rule, Seen, absent, at
from chorale.formats.reading.values import day

NUMBER_MAX_LENGTH = 20
NUMBER_FORM = re.compile(r"[A-Za-z0-9\-_+/]+")
DOCUMENT_TYPES = ("380", "381", "384", "386")
UNKNOWN_PROFILE = "CHO-PROFIL-INCONNU"
CREDIT_NOTE = "381"
INVOICES = ("380", "384", "386")
PIVOT = "XSD CPPFacturePivot V2.02"
SWAGGER = "AIFE Swagger Factures, soumettreFacture"


def _missing(term: str) -> Callable[[Case], Iterator[Seen]]:
    def check(case: Case) -> Iterator[Seen]:
        if not case.reading.one(term):
            yield absent(case.reading, term)

    return check


def _number_too_long(case: Case) -> Iterator[Seen]:
    number = case.reading.one("BT-1")
    if len(number.text) > NUMBER_MAX_LENGTH:
        yield at(number, details=(("length", str(len(number.text))),))


def _number_form(case: Case) -> Iterator[Seen]:
    number = case.reading.one("BT-1")
    if number and not NUMBER_FORM.fullmatch(number.text):
        wrong = sorted({character for character in number.text if not NUMBER_FORM.fullmatch(character)})
        yield at(number, details=(("wrong", " ".join(_visible(character) for character in wrong[:10])),))


def _visible(character: str) -> str:
    return "espace" if character.isspace() else f"« {character} »"


def _type_unknown(case: Case) -> Iterator[Seen]:
    code = case.reading.one("BT-3")
    if code and code.text not in DOCUMENT_TYPES:
        yield at(code)


def _type_of_the_other_form(case: Case) -> Iterator[Seen]:
    """UBL has a document of its own for a credit note; a document that claims nothing is taken all the same."""
    code = case.reading.one("BT-3")
    form = case.reading.form
    severity = None if case.claims_standard else WARNING
    if form is DocumentForm.UBL_INVOICE and code.text == CREDIT_NOTE:
        details = (("meaning", "un avoir"), ("root", "CreditNote (CreditNoteTypeCode)"), ("written", "Invoice"))
        yield at(code, severity=severity, expected="CreditNote, ou 380", details=details)
    if form is DocumentForm.UBL_CREDIT_NOTE and code.text in INVOICES:
        details = (("meaning", "une facture"), ("root", "Invoice (InvoiceTypeCode)"), ("written", "CreditNote"))
        yield at(code, severity=severity, expected="Invoice, ou 381", details=details)


def _date_of(case: Case, term: str) -> date | None:
    return day(case.reading.one(term))


def _issue_date_unreadable(case: Case) -> Iterator[Seen]:
    written = case.reading.one("BT-2")
    if written and day(written) is None:
        yield at(written)


def _issue_date_in_future(case: Case) -> Iterator[Seen]:
    issued = _date_of(case, "BT-2")
    if issued and issued > case.deposited_on:
        yield at(case.reading.one("BT-2"), expected=f"au plus tard le {case.deposited_on:%d/%m/%Y}")


def _due_date_unreadable(case: Case) -> Iterator[Seen]:
    for written in case.reading.each("BT-9"):
        if written and day(written) is None:
            yield at(written)


def _due_before_issue(case: Case) -> Iterator[Seen]:
    issued, due = _date_of(case, "BT-2"), _date_of(case, "BT-9")
    if issued and due and due < issued:
        yield at(case.reading.one("BT-9"), expected=f"à partir du {issued:%d/%m/%Y}")


def _currency(case: Case) -> Iterator[Seen]:
    from chorale_references import code_list

    currency = case.reading.one("BT-5")
    if currency and currency.text not in code_list("currencies"):
        yield at(currency)


def _profile_unknown(case: Case) -> Iterator[Seen]:
    if not case.profile_seen:
        return
    if case.is_misspelling:
        advice = f"le document est contrôlé comme « {case.nearest_profile} », corrigez-le"
    elif case.nearest_profile:
        advice = f"la valeur connue la plus proche est « {case.nearest_profile} », le document est contrôlé sans profil"
    else:
        advice = "le document est contrôlé sans profil, indiquez par exemple urn:cen.eu:en16931:2017"
    yield at(case.reading.one("BT-24"), expected=case.nearest_profile, details=(("advice", advice),))


RULES = (
    Rule(
        UNKNOWN_PROFILE, WARNING, "BT-24", "EN 16931 (BT-24), Factur-X 1.09, XP Z12-012",
        "Le profil « {value} » n'existe pas : {advice}.",
        "Profile \"{value}\" does not exist; the nearest known value is \"{expected}\".",
        "urn:cen.eu:en16931:2017", _profile_unknown,
    ),
    Rule(
        "CHO-NUMERO-ABSENT", ERROR, "BT-1", PIVOT,
        "Le numéro de la facture est absent : renseignez-le (BT-1).",
        "The invoice number is missing: give it (BT-1).",
        "1 à 20 caractères", _missing("BT-1"), ("BR-02",),
    ),
    Rule(
        "CHO-NUMERO-LONG", ERROR, "BT-1", PIVOT,
        "Le numéro de la facture a {length} caractères : donnez-lui un numéro de 20 caractères au plus.",
        "The invoice number has {length} characters: 20 at most.",
        "20 caractères au plus", _number_too_long,
    ),
    Rule(
        "CHO-NUMERO-FORME", ERROR, "BT-1", SWAGGER,
        "Le numéro de la facture contient des caractères interdits ({wrong}) : n'employez que des lettres sans accent, "
        "des chiffres et les signes - _ + /.",
        "The invoice number holds characters that are not allowed: use letters, digits and - _ + / only.",
        "lettres, chiffres et - _ + /", _number_form,
    ),
    Rule(
        "CHO-TYPE", ERROR, "BT-3", PIVOT,
        "Le type de document « {value} » n'est pas pris en charge : indiquez 380 (facture), 381 (avoir), "
        "384 (facture rectificative) ou 386 (acompte).",
        "Document type \"{value}\" is not taken: give 380, 381, 384 or 386.",
        "380, 381, 384 ou 386", _type_unknown, ("BR-CL-01",),
    ),
    Rule(
        "CHO-TYPE-FORME", ERROR, "BT-3", "EN 16931 BR-CL-01, UBL 2.1",
        "Le type {value} est celui d'{meaning} et le document est un {written} : écrivez-le comme {root}, ou corrigez "
        "le type.",
        "Type {value} does not go with a UBL {written}.",
        "", _type_of_the_other_form, ("BR-CL-01",),
    ),
    Rule(
        "CHO-TYPE-ABSENT", ERROR, "BT-3", PIVOT,
        "Le type de document est absent : indiquez 380 pour une facture, 381 pour un avoir (BT-3).",
        "The document type is missing: give 380 for an invoice, 381 for a credit note (BT-3).",
        "380, 381, 384 ou 386", _missing("BT-3"), ("BR-04", "CII-SR-014"),
    ),
    Rule(
        "CHO-DATE-ABSENTE", ERROR, "BT-2", SWAGGER,
        "La date de la facture est absente : renseignez-la (BT-2).",
        "The invoice date is missing: give it (BT-2).",
        "une date", _missing("BT-2"), ("BR-03",),
    ),
    Rule(
        "CHO-DATE-ILLISIBLE", ERROR, "BT-2", SWAGGER,
        "La date de la facture « {value} » n'existe pas ou n'est pas écrite dans le format attendu : corrigez-la.",
        "The invoice date \"{value}\" does not exist or is not in the expected format.",
        "AAAA-MM-JJ en UBL, AAAAMMJJ avec format=\"102\" en CII", _issue_date_unreadable,
    ),
    Rule(
        "CHO-DATE-FUTURE", ERROR, "BT-2", SWAGGER,
        "La date de la facture ({value}) est postérieure au jour du dépôt : datez-la {expected}.",
        "The invoice date ({value}) is after the day of deposit.",
        "", _issue_date_in_future,
    ),
    Rule(
        "CHO-ECHEANCE-ILLISIBLE", ERROR, "BT-9", SWAGGER,
        "La date d'échéance « {value} » n'existe pas ou n'est pas écrite dans le format attendu : corrigez-la.",
        "The due date \"{value}\" does not exist or is not in the expected format.",
        "AAAA-MM-JJ en UBL, AAAAMMJJ avec format=\"102\" en CII", _due_date_unreadable,
    ),
    Rule(
        "CHO-ECHEANCE-AVANT", WARNING, "BT-9", "Cohérence des dates",
        "La date d'échéance ({value}) précède la date de la facture : vérifiez les deux dates.",
        "The due date ({value}) is before the invoice date: check both.",
        "", _due_before_issue,
    ),
    Rule(
        "CHO-DEVISE", ERROR, "BT-5", "ISO 4217",
        "La devise « {value} » n'est pas un code ISO 4217 : indiquez par exemple EUR.",
        "Currency \"{value}\" is not an ISO 4217 code.",
        "code ISO 4217, par exemple EUR", _currency, ("BR-CL-04",),
    ),
    Rule(
        "CHO-DEVISE-ABSENTE", ERROR, "BT-5", "ISO 4217",
        "La devise de la facture est absente : indiquez par exemple EUR (BT-5).",
        "The invoice currency is missing: give EUR for example (BT-5).",
        "code ISO 4217, par exemple EUR", _missing("BT-5"), ("BR-05",),
    ),
)  # fmt: skip
