"""Check digits of SIRET, VAT numbers and IBAN; the French ones agree with python-stdnum."""

import string

import pytest
from chorale.formats.judging.keys import LA_POSTE, VAT_ALPHABET, is_eu_vat, is_iban, is_siret
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban
from stdnum.eu import vat as stdnum_vat
from stdnum.fr import siret as stdnum_siret


@pytest.mark.parametrize(
    ("siret", "valid"),
    [
        ("99000007700018", True),
        ("12345678200051", True),
        ("35600000049837", True),  # La Poste: the digits add up to a multiple of 5
        ("35600000000048", True),  # its head office passes the ordinary check
        ("35600000049838", False),
        ("99000007700019", False),
        ("73282932012345", False),
        ("00000000000000", False),
        ("9900000770001", False),
        ("990 000 077 00018", False),
        ("٩٩٠٠٠٠٠٧٧٠٠٠١٨", False),
    ],
)
def test_the_key_of_a_siret_and_the_exception_of_la_poste(siret, valid):
    assert is_siret(siret) is valid


@given(st.from_regex(r"[0-9]{14}", fullmatch=True) | st.builds("9900000770001{}".format, st.integers(0, 9)))
def test_other_sirets_are_judged_as_stdnum_does(siret):
    assume(siret.strip("0") and not siret.startswith(LA_POSTE))
    assert is_siret(siret) == stdnum_siret.is_valid(siret)


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("FR20990000077", True),
        ("FR21990000077", False),
        ("FR 20990000077", False),
        ("fr20990000077", False),
        ("FR2099000007", False),
        ("BE0123456749", True),
        ("BE0123456789", False),
        ("DE136695976", True),
        ("US123456789", False),
    ],
)
def test_the_key_of_a_vat_number(number, valid):
    assert is_eu_vat(number) is valid


KEYS = st.text(VAT_ALPHABET + "IO", min_size=2, max_size=2)
SIRENS = st.sampled_from(["990000077", "732829320", "000123456", "356000000"]) | st.from_regex(
    r"[0-9]{9}", fullmatch=True
)


@given(KEYS, SIRENS)
def test_french_vat_numbers_are_judged_as_stdnum_does(key, siren):
    number = f"FR{key}{siren}"
    assert is_eu_vat(number) == stdnum_vat.is_valid(number)


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("FR7630006000011234567890189", True),
        ("FR76 3000 6000 0112 3456 7890 189", True),
        ("FR7630006000011234567890188", False),
        ("FR76300060000112345678901", False),
        ("DE89370400440532013000", True),
        ("DE89370400440532013001", False),
        ("30006000011234567890189", False),
        ("", False),
    ],
)
def test_the_key_of_an_iban(number, valid):
    assert is_iban(number) is valid


ACCOUNTS = st.tuples(
    st.integers(2, 98), st.from_regex(r"[0-9]{10}", fullmatch=True),
    st.text(string.digits + string.ascii_uppercase, min_size=11, max_size=11),
    st.from_regex(r"[0-9]{2}", fullmatch=True),
)  # fmt: skip


@given(ACCOUNTS)
def test_french_ibans_are_judged_as_stdnum_does(parts):
    key, bank, account, end = parts
    numbers = [
        f"FR{key:02d}{bank}{account}{end}",
        "FR" + stdnum_iban.calc_check_digits(f"FR00{bank}{account}{end}") + bank + account + end,
    ]
    for number in numbers:
        assert is_iban(number) == stdnum_iban.is_valid(number)
