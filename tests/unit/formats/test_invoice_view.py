"""What the pages of an invoice say: amounts that add up, legal mentions, and words for codes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from chorale.domain.address import Address
from chorale.domain.invoices.invoice import (
    Adjustment,
    Attachment,
    Contact,
    Delivery,
    Invoice,
    Line,
    LineKind,
    Party,
    Period,
    Reference,
    Remark,
    TaxLine,
    TaxRegime,
    Totals,
)
from chorale.domain.units import WORDS, unit_words
from chorale.formats.judging.validate import validate
from chorale.formats.writing.french_numbers import price, size
from chorale.formats.writing.invoice_page.pdf import pages_of
from chorale.formats.writing.invoice_page.sums import GAP
from chorale.formats.writing.invoice_page.view import InvoiceView, view_of
from chorale_references import code_list
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cast import document
from tests.samples import builders
from tests.unit.formats.test_invoice_pdf import text_of

EXAMPLES = Path(__file__).parents[3] / "examples"
ZERO = Decimal(0)
AMOUNTS = st.decimals(min_value=Decimal(-100_000), max_value=Decimal(100_000), places=2)
POSITIVE = st.decimals(min_value=ZERO, max_value=Decimal(10_000), places=2)
ADJUSTMENTS = st.builds(
    Adjustment,
    amount=POSITIVE,
    is_charge=st.booleans(),
    reason=st.sampled_from(["", "Fidélité", "Remise de fin d'année", "Frais de port"]),
    percent=st.none() | st.just(Decimal("2.5")),
    base=st.none() | POSITIVE,
    tax_category=st.sampled_from(["S", "E"]),
    tax_rate=st.none() | st.just(Decimal(20)),
)
LINES = st.builds(
    Line,
    identifier=st.just("1"),
    name=st.just("Article"),
    quantity=st.none() | POSITIVE,
    unit=st.sampled_from(["C62", "HUR", "XBX", "inconnue"]),
    unit_price=st.none() | AMOUNTS,
    net=st.none() | AMOUNTS,
    tax_rate=st.none() | st.just(Decimal("5.5")),
    kind=st.sampled_from(LineKind),
    adjustments=st.lists(ADJUSTMENTS, max_size=2).map(tuple),
)
TOTALS = st.builds(
    Totals,
    net=AMOUNTS,
    vat=AMOUNTS,
    gross=AMOUNTS,
    payable=AMOUNTS,
    prepaid=POSITIVE,
    allowances=POSITIVE,
    charges=POSITIVE,
    discount=POSITIVE,
    lines=st.none() | AMOUNTS,
    rounding=st.sampled_from([ZERO, Decimal("0.01"), Decimal("-0.04")]),
)
TAXES = st.builds(TaxLine, st.sampled_from(["S", "AE", "O"]), st.none() | st.just(Decimal(10)), AMOUNTS, AMOUNTS)
INVOICES = st.builds(
    lambda totals, lines, adjustments, taxes: document(
        totals=totals, lines=tuple(lines), adjustments=tuple(adjustments), tax_lines=tuple(taxes)
    ),
    TOTALS,
    st.lists(LINES, max_size=8),
    st.lists(ADJUSTMENTS, max_size=3),
    st.lists(TAXES, max_size=3),
)


def adds_up(view: InvoiceView) -> bool:
    """Whether each strong row of the totals is the sum of what is shown since the one before it."""
    strong = [place for place, row in enumerate(view.totals) if row.strong]
    steps = [
        sum((row.value for row in view.totals[before + 1 : after]), view.totals[before].value)
        == view.totals[after].value
        for before, after in pairwise(strong)
    ]
    shown = sum((line.net or ZERO for line in view.lines), view.hidden_net)
    first = view.totals[: strong[0] + 1]
    start = sum((row.value for row in first[:-1]), ZERO) if len(first) > 1 else first[0].value
    opening = (view.lines and first[0].value == shown) or not view.lines
    return bool(opening) and start == view.totals[strong[0]].value and all(steps)


# Amounts


@given(invoice=INVOICES)
@settings(max_examples=300, deadline=None)
def test_what_is_shown_adds_up_to_what_is_to_be_paid(invoice: Invoice) -> None:
    view = view_of(invoice)

    assert adds_up(view)
    assert view.totals[-1].value == view.payable == invoice.totals.payable
    if view.taxes:
        assert sum(tax.amount for tax in view.taxes) == invoice.totals.vat


@given(invoice=INVOICES)
@settings(max_examples=15, deadline=None)
def test_every_amount_that_adds_up_is_on_the_pages(invoice: Invoice) -> None:
    view, text = view_of(invoice), text_of(pages_of(invoice, b"<Invoice/>")).replace(" ", "")

    shown = [row.value for row in view.totals] + [line.net for line in view.lines if line.net is not None]
    for amount in shown + [tax.amount for tax in view.taxes]:
        assert f"{amount:.2f}".replace(".", ",").removeprefix("-") in text


@pytest.mark.parametrize("name", ["facture-ubl.xml", "facture-cii.xml", "facture-facturx.xml", "avoir-ubl.xml"])
def test_the_totals_of_an_example_need_no_row_for_a_gap(name: str) -> None:
    view = view_of(read(EXAMPLES / name))

    assert adds_up(view)
    assert GAP not in [row.name for row in view.totals] + [tax.name for tax in view.taxes]


def read(file: Path) -> Invoice:
    invoice = validate(file.read_bytes(), file.name, None, date(2026, 11, 23)).invoice
    assert invoice is not None
    return invoice


def test_groups_and_information_are_shown_and_not_counted() -> None:
    lines = [
        Line("1", "Gros œuvre", None, "", None, Decimal(100), kind=LineKind.GROUP),
        Line("1.1", "Béton", Decimal(1), "MTQ", Decimal(60), Decimal(60), parent="1"),
        Line("1.2", "Coffrage", Decimal(1), "MTK", Decimal(40), Decimal(40), parent="1"),
        Line("2", "Pour mémoire", Decimal(1), "C62", Decimal(7), Decimal(7), kind=LineKind.INFORMATION),
    ]
    view = view_of(document(lines=tuple(lines)))

    assert [line.net for line in view.lines] == [None, Decimal(60), Decimal(40), None]
    assert view.totals[0].name == "Total HT"  # the lines make it by themselves
    assert any("100,00" in told for told in view.lines[0].details)
    assert any("non compté : 7,00" in told for told in view.lines[3].details)


def test_groups_are_read_from_the_profile_extended() -> None:
    content = builders.cii(profile=builders.EXTENDED, lines=(builders.SampleLine(), builders.SampleLine("Lot")))
    grouped = content.replace(
        b"<ram:LineID>2</ram:LineID>",
        b"<ram:LineID>2</ram:LineID><ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode>",
    )
    invoice = validate(grouped, "f.xml", None, date(2026, 11, 23)).invoice

    assert invoice is not None
    assert [line.kind for line in invoice.lines] == [LineKind.DETAIL, LineKind.GROUP]


# Mentions


def test_the_legal_mentions_of_an_example_are_on_its_pages() -> None:
    """CGI ann. II art. 242 nonies A; code de commerce art. L441-9 and D441-5."""
    text = text_of(pages_of(read(EXAMPLES / "facture-ubl.xml"), b"<Invoice/>"))

    for told in (
        "Facture EXEMPLE-UBL-1", "du 02/11/2026", "Demo Fournisseur", "12 rue des Tilleuls", "44000 Nantes",
        "SIRET 99000007700018", "N° TVA FR20990000077", "SARL au capital de 50 000 euros", "Camille Le Goff",
        "Destinataire service obligatoire", "1 place de la Mairie", "35000 Rennes", "N° TVA FR11123456782",
        "30/10/2026", "Magasin général, 8 rue de l'Alma, quai 2, 35000 Rennes", "BC-2026-0418", "BL-2026-1030",
        "Papier A4 recyclé 80 g", "40 boîtes", "12,50", "Remise par quantité", "-50,00 €", "450,00 €",
        "Remise commerciale sur les fournitures", "-31,50 €", "Frais de port", "15,00 €",
        "948,00 €", "931,50 €", "613,50 €", "122,70 €", "318,00 €", "17,49 €", "140,19 €", "1 071,69 €",
        "02/12/2026", "Paiement à 30 jours", "virement", "FR76 3000 6000 0112 3456 7890 189",
        "intérêts moratoires", "40 euros", "Pas d'escompte",
    ):  # fmt: skip
        assert told in text, told


def test_what_else_a_document_may_say_is_shown() -> None:
    invoice = document(
        type_code="389",
        supplier=replace(
            document().supplier, trade_name="Enseigne", legal_form="SAS, RCS Nantes", tax_number="990000077",
            contact=Contact("C. Le Goff", "02 40 00 00 77", "c@demo.example"),
            address=Address("1 rue A", "bâtiment B", "3e étage", "1000", "Bruxelles", "BE"),
        ),
        period=Period(date(2026, 10, 1), date(2026, 10, 31)),
        delivery=Delivery(date(2026, 10, 30), "Entrepôt", "GLN 1", Address("8 rue C", postcode="35000", city="Rennes")),
        preceding=(Reference("F-0", date(2026, 9, 1)),),
        payee=Party("Affacturage de l'Ouest", "33333333300019"),
        payment_means="1", payment_means_text="Lettre de change", bic="AGRIFRPP", payment_reference="RF-1",
        tax_lines=(TaxLine("E", ZERO, Decimal(100), ZERO, "", "VATEX-FR-CGI261-4"),),
        tax_regime=TaxRegime.EXEMPT,
        attachments=(Attachment("bl.pdf", "application/pdf", 48_231, "Bon de livraison"),),
        references=(Attachment("Plan 12", "", 0, address="https://plans.example/12"),),
        remarks=(Remark("Cession à la banque X.", "ACC"), Remark("Merci.")),
        tender="AO-7", project="P-1", sales_order="CF-9", receipt="AR-2", despatch="BL-3", billed_object="Compteur 5",
        accounting_reference="6061",
    )  # fmt: skip
    text = text_of(pages_of(invoice, b"<Invoice/>"))

    for told in (
        "Autofacture F-1", "Enseigne", "SAS, RCS Nantes", "N° fiscal 990000077", "C. Le Goff", "bâtiment B",
        "1000 Bruxelles, Belgique", "du 01/10/2026 au 31/10/2026", "30/10/2026", "Entrepôt, GLN 1, 8 rue C, 35000",
        "F-0 du 01/09/2026", "Affacturage de l'Ouest", "Lettre de change", "AGRIFRPP", "RF-1",
        "Exonération, art. 261, 4 du CGI", "bl.pdf", "Bon de livraison", "48 Ko", "https://plans.example/12",
        "Cession à la banque X.", "Merci.", "AO-7", "P-1", "CF-9", "AR-2", "BL-3", "Compteur 5", "6061",
    ):  # fmt: skip
        assert told in text, told


def test_a_credit_note_has_its_own_words() -> None:
    view = view_of(read(EXAMPLES / "avoir-ubl.xml"))

    assert view.title == "Avoir EXEMPLE-AVOIR-1"
    assert view.totals[-1].name == "Net de l'avoir"
    assert ("Facture d'origine", "EXEMPLE-UBL-1 du 02/11/2026") in view.references


# Words


@pytest.mark.parametrize(
    ("code", "quantity", "words"),
    [
        ("C62", "1", "unité"),
        ("C62", "2", "unités"),
        ("HUR", "1.5", "heure"),
        ("XBX", "-3", "boîtes"),
        ("xpk", "1", "paquet"),
        ("KGM", "12", "kg"),
        ("A11", "2", "A11"),
        ("carton", "2", "carton"),
    ],
)
def test_units_are_told_in_words(code: str, quantity: str, words: str) -> None:
    assert unit_words(code, Decimal(quantity)) == words


def test_units_in_words_are_those_of_the_official_list() -> None:
    assert set(WORDS) <= code_list("units")
    assert all(one.strip() and many.strip() for one, many in WORDS.values())


@pytest.mark.parametrize(
    ("octets", "words"), [(0, "0 o"), (999, "999 o"), (1_000, "1 Ko"), (1_250, "1,2 Ko"), (48_231, "48 Ko"),
                          (7_500_000, "7,5 Mo"), (123_456_789, "123 Mo")],
)  # fmt: skip
def test_sizes_are_told_as_the_french_do(octets: int, words: str) -> None:
    assert size(octets).replace("\xa0", " ") == words


@pytest.mark.parametrize(
    ("value", "written"), [("12.5", "12,50"), ("1234", "1 234,00"), ("0.00012345", "0,00012345"), ("-0.001", "-0,001")]
)
def test_prices_keep_their_digits_and_have_cents(value: str, written: str) -> None:
    assert price(Decimal(value)).replace("\xa0", " ") == written
