"""Works papers (flux E4 and E5): what a document must say before its contract is looked at.

The names of the syntaxes E4 and E5 are not published: a paper comes in the syntaxes of invoices, its frame says that it
is one (infra/decisions.md).
"""

from collections.abc import Callable, Iterator

from chorale.domain.invoices.invoice import DocumentKind
from chorale.domain.syntaxes import DocumentForm
from chorale.formats.judging.platform_rules.model import ERROR, Case, Rule, Seen, absent, at
from chorale.formats.reading.attachments import invoice_file
from chorale.formats.reading.frame import frame_of
from chorale.formats.reading.invoice import kind_of

CURRENCY = "EUR"
"""Of the accounts of a public works contract."""
SOURCE = "CCAG Travaux 12, flux E4 et E5"


def _of_papers(check: Callable[[Case], Iterator[Seen]]) -> Callable[[Case], Iterator[Seen]]:
    """``check``, of works papers only."""

    def checked(case: Case) -> Iterator[Seen]:
        frame = frame_of(case.reading).frame
        if frame is not None and frame.is_works:
            yield from check(case)

    return checked


def _no_contract(case: Case) -> Iterator[Seen]:
    if not case.reading.one("BT-12"):
        yield absent(case.reading, "BT-12", details=_frame(case))


def _credit_note(case: Case) -> Iterator[Seen]:
    if kind_of(case.reading) is DocumentKind.CREDIT_NOTE:
        yield at(case.reading.one("BT-3"), details=_frame(case))


def _other_currency(case: Case) -> Iterator[Seen]:
    currency = case.reading.one("BT-5")
    if currency and currency.text != CURRENCY:
        yield at(currency)


def _other_form(case: Case) -> Iterator[Seen]:
    if case.reading.form is DocumentForm.CPP:
        yield at(frame_of(case.reading).value, details=_frame(case))


def _no_main_document(case: Case) -> Iterator[Seen]:
    if case.mixed and invoice_file(case.files) is None:
        yield absent(case.reading, "BT-125", details=_frame(case))


def _frame(case: Case) -> tuple[tuple[str, str], ...]:
    frame = frame_of(case.reading).frame
    return (("frame", frame.short if frame else ""),)


RULES = (
    Rule(
        "CHO-TRAVAUX-MARCHE", ERROR, "BT-12", SOURCE,
        "Une pièce de travaux (cadre {frame}) nomme son marché : renseignez le numéro du marché en BT-12.",
        "A works paper (frame {frame}) names its contract: give the number of the contract in BT-12.",
        "numéro du marché", _of_papers(_no_contract),
    ),
    Rule(
        "CHO-TRAVAUX-AVOIR", ERROR, "BT-3", SOURCE,
        "Une pièce de travaux (cadre {frame}) n'est pas un avoir : déposez une facture (type 380), de montant négatif "
        "si le décompte l'est.",
        "A works paper (frame {frame}) is no credit note: deposit an invoice (type 380), negative if the account is.",
        "380", _of_papers(_credit_note),
    ),
    Rule(
        "CHO-TRAVAUX-DEVISE", ERROR, "BT-5", SOURCE,
        "Les montants d'une pièce de travaux sont en euros : convertissez-les et indiquez EUR au lieu de {value}.",
        "The amounts of a works paper are in euros: convert them and give EUR in place of {value}.",
        "EUR", _of_papers(_other_currency),
    ),
    Rule(
        "CHO-TRAVAUX-SYNTAXE", ERROR, "BT-23", SOURCE,
        "Une pièce de travaux (cadre {frame}) ne se dépose pas au format CPP : déposez-la en UBL, en CII ou en "
        "Factur-X.",
        "A works paper (frame {frame}) is not deposited in the format CPP: deposit it in UBL, CII or Factur-X.",
        "UBL, CII ou Factur-X", _of_papers(_other_form),
    ),
    Rule(
        "CHO-TRAVAUX-PDF", ERROR, "BT-125", "Pièces de travaux : une pièce principale en PDF",
        "La pièce de travaux (cadre {frame}) contient sa pièce principale en PDF et il n'y en a pas : joignez ce PDF "
        "au document (BG-24), ou déposez un Factur-X.",
        "The works paper (frame {frame}) holds its main document as a PDF and there is none: embed it (BG-24), or "
        "deposit a Factur-X.",
        "la pièce principale en PDF", _of_papers(_no_main_document),
    ),
)  # fmt: skip
