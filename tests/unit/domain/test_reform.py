"""Words of the reform of 2026: frames, electronic addresses, notes."""

import pytest
from chorale.domain.frames import FRAME_ROWS, Frame
from chorale.domain.reform.addresses import ADDRESS_MAX_LENGTH, ElectronicAddress, address_of
from chorale.domain.reform.frames import OF_A_SUBCONTRACTOR, REFORM_FRAMES, is_reform_frame
from chorale.domain.reform.notes import InvoiceNote, is_public, note_of
from hypothesis import given
from hypothesis import strategies as st

SIREN, SIRET = "123456782", "12345678200051"


def test_every_frame_of_the_reform_is_taken_as_one_that_can_be_integrated_or_refused_by_name():
    for row in REFORM_FRAMES.values():
        if row.frame is None:
            assert row.several_sellers or row.code == OF_A_SUBCONTRACTOR
        else:
            assert FRAME_ROWS[row.frame].accepted_in_flux
            assert row.has_agent is (row.frame.validation is not None)


@pytest.mark.parametrize("frame", Frame)
def test_no_frame_of_the_platform_is_one_of_the_reform(frame: Frame):
    assert not is_reform_frame(frame.short)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (SIREN, ElectronicAddress(SIREN)),
        (f"{SIREN}_{SIRET}", ElectronicAddress(SIREN, SIRET)),
        (f"{SIREN}_{SIRET}_COMPTA", ElectronicAddress(SIREN, SIRET, "COMPTA")),
        (f"{SIREN}_{SIRET}_SERVICE_1.A-b", ElectronicAddress(SIREN, SIRET, "SERVICE_1.A-b")),
        (f"{SIREN}_FACTURES", ElectronicAddress(SIREN)),
        (f"{SIREN}_{SIRET}5", ElectronicAddress(SIREN)),
        ("12345678", None),
        (f"{SIREN}_", None),
        (f"{SIREN}_{SIRET}_", ElectronicAddress(SIREN)),
        (f"{SIREN}_é", None),
        (f"{SIREN} ", None),
        (f"{SIREN}_{SIRET}_" + "C" * ADDRESS_MAX_LENGTH, None),
        ("", None),
    ],
)
def test_an_address_says_which_structure_and_which_of_its_services(written: str, read: ElectronicAddress | None):
    assert address_of(written) == read


@given(st.text(max_size=140))
def test_any_text_is_an_address_or_is_not(text: str):
    read = address_of(text)
    assert read is None or text.startswith(read.siren)


@pytest.mark.parametrize(
    ("subject", "text", "note"),
    [
        ("", "#ADN#B2G", InvoiceNote("ADN", "B2G")),
        ("ADN", "B2G", InvoiceNote("ADN", "B2G")),
        ("", "#PMT# 40 euros\nde frais", InvoiceNote("PMT", "40 euros\nde frais")),
        ("", "Merci #1#", InvoiceNote("", "Merci #1#")),
        ("AAB", "#PMT#x", InvoiceNote("AAB", "#PMT#x")),
        ("", "", InvoiceNote("", "")),
    ],
)
def test_the_subject_of_a_note_is_apart_or_before_its_text(subject: str, text: str, note: InvoiceNote):
    assert note_of(subject, text) == note


def test_the_note_of_the_public_sector_is_the_one_that_says_b2g():
    assert is_public((InvoiceNote("AAB", "x"), InvoiceNote("ADN", "B2G")))
    assert not is_public((InvoiceNote("ADN", "B2B"), InvoiceNote("BAR", "B2G"), InvoiceNote("", "B2G")))
