"""Pages of works payments: what is shown adds up, nothing is cut in the middle, every page has its heading."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from chorale.domain.french_numbers import money
from chorale.domain.invoices.works_statement import ContractAccount, Figure, Share, WorksStatement
from chorale.formats.writing.invoice_page.pdf import pages_of
from chorale.formats.writing.works_pages import (
    AccountHead,
    AccountRow,
    SheetHead,
    contract_account,
    payment_sheet,
    totals_of,
)
from pypdf import PdfReader

from tests.cast import document

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
HEAD = SheetHead("A19-5", "A19 · État d'acompte validé", "M-2026-1", "Demo Service financier", "Mandatée", AT)
IBAN = "FR7630006000011234567890189"
SHARES = (
    Share("Demo Titulaire", "99000001000019", "titulaire", Decimal(9800), "A4-3", IBAN),
    Share("Demo Sous-traitant", "99000003600014", "sous-traitant", Decimal(1200), "A10-1", "", date(2026, 11, 26)),
)


def pages(pdf: bytes) -> list[str]:
    """The text of each page, its spaces as one."""
    found = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return [" ".join(text.replace("\u00a0", " ").split()) for text in found]


def euros(amount: Decimal) -> str:
    """An amount as pages say it."""
    return money(amount, "EUR").replace("\u00a0", " ")


def test_a_payment_sheet_says_who_is_paid_what_to_which_account_and_out_of_what() -> None:
    account = ContractAccount(Decimal(33000), Decimal(11000), Decimal(50000))
    figures = (Figure("Cumul à ce jour", Decimal(30000)), Figure("Montant de la période", Decimal(10000)))
    [text] = pages(payment_sheet(HEAD, WorksStatement(SHARES, "2026-10", 4, figures, account)))
    for said in (
        "A19-5", "M-2026-1", "Mandatée", "99000003600014, sous-traitant", "payée le 26/11/2026",
        "FR76 3000 6000 0112 3456 7890 189", "9 800,00 €", "1 200,00 €", "Total 11 000,00 €",
        "Situation n° 4 (10/2026)", "Cumul à ce jour 30 000,00 €", "Paiements précédents 33 000,00 €",
        "Ce paiement 11 000,00 €", "Total des paiements 44 000,00 €", "Reste du marché 6 000,00 €",
    ):  # fmt: skip
        assert said in text
    assert account.before + account.this == account.total


def test_a_reader_who_is_not_shown_other_payments_finds_no_account_of_the_contract() -> None:
    [text] = pages(payment_sheet(HEAD, WorksStatement(SHARES[1:])))
    assert "Total 1 200,00 €" in text
    assert "Compte du marché" not in text
    assert "Situation" not in text


@pytest.mark.parametrize("count", [1, 60])
def test_the_account_of_a_contract_adds_up_on_as_many_pages_as_it_needs(count: int) -> None:
    rows = [
        AccountRow(
            f"2026-{1 + place % 12:02d}",
            date(2026, 1 + place % 12, 5),
            f"A4 SIT-{place}",
            ("Demo Titulaire", "Demo Sous-traitant")[place % 2],
            (Decimal("1234.56"), Decimal(1000), None if place % 3 else Decimal(900), None),
        )
        for place in range(count)
    ]
    found = pages(contract_account(AccountHead("M-2026-1", "Demo MOA", "Demo Titulaire", None, True), rows, AT))
    asked, moe, moa, paid = totals_of(rows)
    whole = " ".join(found)
    assert (asked, moe, paid) == (Decimal("1234.56") * count, Decimal(1000) * count, Decimal(0))
    assert f"Total {euros(asked)} {euros(moe)} {euros(moa)} {euros(paid)}" in whole
    assert all(f"A4 SIT-{place} " in whole for place in range(count))
    assert all("Demandé" in page for page in found), "each page has the headings"
    of_each = [totals_of(one for one in rows if one.creditor == name) for name in {one.creditor for one in rows}]
    assert [sum(column) for column in zip(*of_each, strict=True)] == [asked, moe, moa, paid]
    assert ("Par créancier" in whole) is (count > 1)


def test_an_account_without_requests_says_so_and_a_partial_one_too() -> None:
    [empty] = pages(contract_account(AccountHead("M-1", "Demo MOA", "Demo Titulaire", Decimal(5), False), [], AT))
    assert "Aucune demande" in empty
    assert "Vos demandes seules" in empty
    assert "5,00 € TTC" in empty


def test_the_pages_of_an_invoice_deposited_as_data_have_the_figures_of_its_payment() -> None:
    statement = WorksStatement(SHARES, "2026-10", 4, (), ContractAccount(Decimal(0), Decimal(11000)))
    [text] = pages(pages_of(replace(document(), works=statement), b"<data/>"))
    assert "Répartition du paiement" in text
    assert "Total 11 000,00 €" in text
    assert "Total des paiements 11 000,00 €" in text
    assert "Montant du marché" not in text


def test_long_names_are_cut_and_the_same_input_makes_the_same_pages() -> None:
    long = Share("Entreprise " * 30, "1", "titulaire", Decimal(1), "A4-" + "9" * 100)
    first = payment_sheet(HEAD, WorksStatement((long,)))
    assert len(PdfReader(io.BytesIO(first)).pages) == 1
    assert first == payment_sheet(HEAD, WorksStatement((long,)))
