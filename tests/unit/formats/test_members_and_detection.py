"""What a file is, by its content, and which invoices it brings."""

import io
import tarfile

import pytest
from chorale.domain.syntaxes import DocumentForm, Syntax
from chorale.formats.reading.detection import ContentKind, form_of, looks_like, root_name
from chorale.formats.reading.members import Member, RefusedFile, unpack

from tests.samples import builders

UBL, CREDIT_NOTE, CII = builders.ubl_invoice(), builders.ubl_credit_note(), builders.cii()
UTF8_MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("content", "kind", "form"),
    [
        (UBL, ContentKind.XML, DocumentForm.UBL_INVOICE),
        (CREDIT_NOTE, ContentKind.XML, DocumentForm.UBL_CREDIT_NOTE),
        (CII, ContentKind.XML, DocumentForm.CII),
        (UTF8_MARK + CII, ContentKind.XML, DocumentForm.CII),
        (b"\n  " + CII[39:], ContentKind.XML, DocumentForm.CII),
        (b"<!-- une note -->" + CII[39:], ContentKind.XML, DocumentForm.CII),
        (UBL.decode().replace("UTF-8", "UTF-16").encode("utf-16"), ContentKind.XML, DocumentForm.UBL_INVOICE),
        (b"<ubl:Invoice xmlns:ubl='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>", ContentKind.XML,
         DocumentForm.UBL_INVOICE),
        (b"<Invoice/>", ContentKind.XML, None),
        (b"<html>", ContentKind.XML, None),
        (builders.facturx(), ContentKind.PDF, DocumentForm.PDF),
        (b"junk before\n%PDF-1.7", ContentKind.PDF, DocumentForm.PDF),
        (builders.tar_gz({"a.xml": UBL}), ContentKind.GZIP, None),
        (builders.zip_of({"a.xml": UBL}), ContentKind.ZIP, None),
        (b"", ContentKind.EMPTY, None),
        (b"Bonjour", ContentKind.UNKNOWN, None),
        (b"-----BEGIN PKCS7-----", ContentKind.PKCS7, None),
    ],
)  # fmt: skip
def test_content_tells_the_kind_and_the_form_and_the_name_tells_nothing(content, kind, form):
    assert (looks_like(content), form_of(content)) == (kind, form)


def test_the_root_is_found_behind_a_long_prologue():
    assert root_name(b"<?xml version='1.0'?>\n<?a b?><!-- <c> -->\n<d:e xmlns:d='f'/>") == ("f", "e")


def test_a_single_file_is_its_own_member():
    assert unpack(UBL, "facture.xml", Syntax.UBL_INVOICE) == [Member(1, "facture.xml", UBL)]


def plain_tar(members):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


@pytest.mark.parametrize("pack", [builders.tar_gz, builders.zip_of, plain_tar])
def test_the_members_of_an_archive_come_in_its_order(pack):
    members = {"z.xml": UBL, "lot/é.xml": CREDIT_NOTE, "a.xml": UBL + b"\n"}
    assert unpack(pack(members), "lot", Syntax.UBL_INVOICE) == [
        Member(rank, name, content) for rank, (name, content) in enumerate(members.items(), start=1)
    ]


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_names_longer_than_a_header_are_read(form):
    name = "dossier/" + "x" * 150 + ".xml"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", format=form) as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(UBL)
        archive.addfile(entry, io.BytesIO(UBL))
    assert unpack(packed.getvalue(), "lot.tgz", Syntax.UBL_INVOICE) == [Member(1, name, UBL)]


@pytest.mark.parametrize(
    ("content", "name", "syntax", "code"),
    [
        (UBL, "x" * 201, Syntax.UBL_INVOICE, "CHO-NOM-FICHIER"),
        (builders.facturx(), "facture.pdf", Syntax.CII_16B, "CHO-SYNTAXE"),
        (CII, "facture.xml", Syntax.FACTURX, "CHO-SYNTAXE"),
        (b"", "facture.xml", Syntax.CII_16B, "CHO-VIDE"),
        (b"Bonjour", "facture.xml", Syntax.CII_16B, "CHO-FORME"),
        (b"x" * 120_000_001, "facture.xml", Syntax.CII_16B, "CHO-TAILLE"),
    ],
)
def test_a_file_that_can_hold_no_invoice_of_the_syntax_is_refused_whole(content, name, syntax, code):
    with pytest.raises(RefusedFile) as refused:
        unpack(content, name, syntax)
    assert [finding.code for finding in refused.value.findings] == [code]


@pytest.mark.parametrize("pack", [builders.tar_gz, builders.zip_of])
def test_what_a_desktop_adds_to_an_archive_is_left_aside_and_named(pack):
    added = {"__MACOSX/._a.xml": b"\0\5\x16\7", "lot/.DS_Store": b"x", "Thumbs.db": b"\xd0\xcf", "._b": b""}
    assert unpack(pack({**added, "a.xml": UBL, "b.xml": CII}), "lot", None) == [
        Member(1, "a.xml", UBL, left_aside=tuple(added)),
        Member(2, "b.xml", CII),
    ]


def test_an_invoice_under_the_name_of_a_desktop_s_file_is_an_invoice():
    assert unpack(builders.zip_of({"._a.xml": UBL}), "lot", None) == [Member(1, "._a.xml", UBL)]


def test_an_archive_of_nothing_but_a_desktop_s_files_is_empty():
    with pytest.raises(RefusedFile) as refused:
        unpack(builders.zip_of({".DS_Store": b"x"}), "lot", None)
    assert [finding.code for finding in refused.value.findings] == ["CHO-ARCHIVE-VIDE"]
