"""Names of the members of archives: UTF-8 when they say so or can be, else a code page of a French Windows."""

import io
import tarfile
import zipfile

import pytest
from chorale.formats.reading.member_names import name_of, zip_name
from chorale.formats.reading.members import unpack

from tests.samples import builders

NAMES = (
    "Facture n° 12 réglée.xml",
    "Où çà, forêt.xml",
    "à l'été/février.xml",
    "DÉCEMBRE.xml",
    "fenêtre.xml",
    "noël.xml",
)


@pytest.mark.parametrize("encoding", ["utf-8", "cp850", "cp1252"])
@pytest.mark.parametrize("name", NAMES)
def test_a_french_name_is_read_whatever_wrote_the_archive(name, encoding):
    assert name_of(name.encode(encoding)) == name


def test_a_name_that_is_not_french_is_read_as_the_format_says():
    assert name_of("σ.xml".encode("cp437")) == "σ.xml"


def test_a_name_in_ascii_is_itself():
    assert name_of(b"facture-1.xml") == "facture-1.xml"


def test_the_flag_of_a_zip_entry_is_believed():
    assert zip_name("Θ.xml", 0x800) == "Θ.xml"


def test_a_name_that_no_code_page_wrote_stays_as_it_was_read():
    assert zip_name("facture–Σ€.xml", 0) == "facture–Σ€.xml"


def test_a_zip_of_an_old_windows_keeps_the_names_of_its_invoices():
    packed = builders.zip_of({"facture r_gl_e.xml": builders.ubl_invoice()})
    written = packed.replace(b"r_gl_e", "réglée".encode("cp850"))

    [member] = unpack(written, "lot.zip", None)

    assert member.name == "facture réglée.xml"
    assert member.content == builders.ubl_invoice()


def test_a_zip_that_says_utf_8_keeps_the_names_of_its_invoices():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("facture réglée.xml", builders.ubl_invoice())

    assert [member.name for member in unpack(packed.getvalue(), "lot.zip", None)] == ["facture réglée.xml"]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_a_tar_keeps_them_too(encoding):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT, encoding=encoding) as archive:
        entry = tarfile.TarInfo("facture réglée.xml")
        entry.size = len(builders.ubl_invoice())
        archive.addfile(entry, io.BytesIO(builders.ubl_invoice()))

    assert [member.name for member in unpack(packed.getvalue(), "lot.tar", None)] == ["facture réglée.xml"]
