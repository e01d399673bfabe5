"""Amounts, sizes, dates and plurals as the French write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from chorale_cli.french import amount, as_json, counted, day, moment, number, percent, read_day, size


@pytest.mark.parametrize(
    ("value", "currency", "written"),
    [
        (Decimal("1080.00"), "EUR", "1 080,00 €"),
        (Decimal("222"), "EUR", "222,00 €"),
        (1234567, "USD", "1 234 567,00 $"),
        (Decimal("-12.5"), "CHF", "-12,50 CHF"),
        (Decimal("0.10"), "", "0,10"),
    ],
)
def test_amounts(value, currency, written):
    assert amount(value, currency).replace("\u00a0", " ") == written
    assert " " not in amount(value, currency)


@pytest.mark.parametrize(
    ("value", "written"),
    [(Decimal("2.50"), "2,5"), (Decimal(1000), "1 000"), (10, "10"), (Decimal("0.0125"), "0,0125")],
)  # fmt: skip
def test_quantities_keep_their_own_digits(value, written):
    assert number(value).replace("\u00a0", " ") == written


def test_rates():
    assert percent(Decimal("5.50")).replace("\u00a0", " ") == "5,5 %"


@pytest.mark.parametrize(
    ("count", "written"),
    [(0, "0 octet"), (1, "1 octet"), (512, "512 octets"), (12_345, "12,3 Ko"), (1_200_000, "1,2 Mo")],
)  # fmt: skip
def test_sizes(count, written):
    assert size(count).replace("\u00a0", " ") == written


def test_days_and_moments_are_those_of_paris():
    assert day("2026-11-30") == day(date(2026, 11, 30)) == "30/11/2026"
    assert moment("2026-11-30T13:05:00Z") == moment(datetime(2026, 11, 30, 13, 5, tzinfo=UTC)) == "30/11/2026 14:05"
    assert moment("2026-11-30 14:05") == "30/11/2026 14:05"


@pytest.mark.parametrize("text", ["30/11/2026", "2026-11-30", " 30/11/2026 "])
def test_a_day_may_be_given_in_two_forms(text):
    assert read_day(text) == date(2026, 11, 30)


@pytest.mark.parametrize("text", ["31/11/2026", "30-11-2026", "hier"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match=text):
        read_day(text)


def test_the_plural_begins_at_two():
    assert [counted(count, "fichier") for count in (0, 1, 2)] == ["0 fichier", "1 fichier", "2 fichiers"]
    assert counted(3, "pièce jointe", "pièces jointes") == "3 pièces jointes"


def test_amounts_are_texts_in_json_and_other_numbers_stay():
    given = {"montantTTC": Decimal("1080"), "lignes": [{"montantHT": 5, "quantite": Decimal("1.5"), "rang": 2}]}
    assert as_json(given) == {
        "montantTTC": "1080.00",
        "lignes": [{"montantHT": "5.00", "quantite": "1.5", "rang": 2}],
    }
    assert as_json({"montantRemise": Decimal("0.125"), "montantPresent": True}) == {
        "montantRemise": "0.125",
        "montantPresent": True,
    }
