"""Hostile files: each is refused with a finding of its own code, quickly, and never raises."""

import resource
import tarfile
import time
import zlib
from datetime import date

import pytest
from chorale.domain.findings import Severity, Verdict
from chorale.domain.syntaxes import Syntax
from chorale.formats.limits import MAX_MEMBERS
from chorale.formats.members import RefusedFile, unpack
from chorale.formats.validate import validate

from tests.samples import builders, hostile

DAY = date(2026, 11, 23)
SECONDS_AT_MOST = 10
MEGABYTES_MORE_AT_MOST = 600


def verdict_on(content: bytes, syntax: Syntax | None = None):
    """Validate within the time and memory that hostile input may take."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    result = validate(content, "facture", syntax, DAY)
    assert time.perf_counter() - began < SECONDS_AT_MOST
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEGABYTES_MORE_AT_MOST * 1024
    return result


def codes_of(result) -> set[str]:
    return {finding.code for finding in result.findings if finding.severity is Severity.ERROR}


@pytest.mark.parametrize("name", hostile.XML_ATTACKS)
def test_an_xml_attack_is_refused_with_a_reason(name):
    result = verdict_on(hostile.XML_ATTACKS[name])

    assert result.verdict is Verdict.NON_CONFORMANT
    assert len(result.findings) == 1
    assert result.findings[0].code.startswith("CHO-XML-") or result.findings[0].code == "CHO-FORME"
    assert result.invoice is None


@pytest.mark.parametrize("name", [name for name in hostile.XML_ATTACKS if "entity" in name or "document type" in name])
def test_nothing_of_the_machine_comes_back_in_a_finding(name):
    for finding in verdict_on(hostile.XML_ATTACKS[name]).findings:
        assert "root:" not in repr(finding)


def test_a_document_type_is_named_as_the_reason():
    attack = hostile.XML_ATTACKS["external entity on a file"]
    assert codes_of(verdict_on(attack)) == {"CHO-XML-DOCTYPE"}
    assert codes_of(verdict_on(hostile.XML_ATTACKS["external entity on a file, in UTF-16"])) == {"CHO-XML-DOCTYPE"}


@pytest.mark.parametrize("name", hostile.INCLUDING)
def test_inclusions_schema_locations_and_stylesheets_are_not_followed(name):
    result = verdict_on(hostile.INCLUDING[name])
    assert "root:" not in repr(result.findings)
    assert (result.verdict is Verdict.CONFORMANT) is (name != "XInclude")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "CHO-VIDE"),
        (b" \r\n\t", "CHO-VIDE"),
        (b"\xef\xbb\xbf", "CHO-VIDE"),
        (b"Facture 12, merci de payer", "CHO-FORME"),
        (b"<html><body>Facture</body></html>", "CHO-FORME"),
        (b"<Invoice>", "CHO-XML-MAL-FORME"),
        (builders.ubl_invoice()[:-20], "CHO-XML-MAL-FORME"),
        (builders.ubl_invoice().replace(b"Papier", b"Papier & colle"), "CHO-XML-MAL-FORME"),
        (builders.ubl_invoice().replace("recyclé".encode(), "recyclé".encode("latin-1")), "CHO-XML-MAL-FORME"),
        (hostile.truncated_pdf(), "CHO-PDF-ILLISIBLE"),
        (b"%PDF-1.7\n%%EOF\n", "CHO-PDF-ILLISIBLE"),
        (builders.pdf(), "CHO-PDF-SANS-XML"),
        (builders.pdf({"facture.xml": b"<CrossIndustryDocument/>"}), "CHO-PDF-XML-AUTRE"),
        (builders.pdf({"facture.xml": builders.ubl_invoice()}), "CHO-PDF-XML-AUTRE"),
        (builders.pdf({"a.xml": builders.cii(), "b.xml": builders.cii(number="2")}), "CHO-PDF-PLUSIEURS"),
        (hostile.pdf_bomb(), "CHO-PDF-BOMBE"),
        (b"\x30\x82\x01\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0", "CHO-SIGNATURE-SEULE"),
    ],
)  # fmt: skip
def test_what_is_no_invoice_is_refused_with_its_own_code(content, code):
    result = verdict_on(content)
    assert result.verdict is Verdict.NON_CONFORMANT
    assert codes_of(result) == {code}


@pytest.mark.parametrize("name", hostile.ACTIVE_PDFS)
def test_a_pdf_that_would_run_something_is_refused(name):
    assert codes_of(verdict_on(hostile.ACTIVE_PDFS[name])) == {"CHO-PDF-ACTIF"}


def test_a_pdf_with_loops_in_its_trees_ends():
    looping = hostile.facturx_with(
        b"/AF [4 0 R 4 0 R] /AcroForm << /Fields [6 0 R] >>", b"<< /T (a) /Kids [6 0 R] /Parent 6 0 R >>"
    )
    assert verdict_on(looping).verdict is Verdict.CONFORMANT


def test_a_program_inside_a_pdf_is_refused():
    result = verdict_on(builders.facturx(others={"facture.pdf": b"MZ\x90\x00 program"}))
    assert "CHO-PJ-EXECUTABLE" in codes_of(result)


def test_an_embedded_xml_that_attacks_is_refused():
    attack = zlib.compress(hostile.XML_ATTACKS["external entity on a file"].replace(b"ubl:schema:xsd:Invoice-2", b"x"))
    assert verdict_on(hostile.raw_pdf(attack)).verdict is Verdict.NON_CONFORMANT


def refusal(content: bytes, syntax: Syntax = Syntax.UBL_INVOICE) -> set[str]:
    began = time.perf_counter()
    with pytest.raises(RefusedFile) as refused:
        unpack(content, "lot.tar.gz", syntax)
    assert time.perf_counter() - began < SECONDS_AT_MOST
    return {finding.code for finding in refused.value.findings}


GOOD = builders.ubl_invoice()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (hostile.zip_bomb(), "CHO-BOMBE"),
        (hostile.tar_bomb(), "CHO-BOMBE"),
        (builders.tar_gz({"../../etc/cron.d/x": GOOD}), "CHO-ARCHIVE-CHEMIN"),
        (builders.tar_gz({"/etc/passwd": GOOD}), "CHO-ARCHIVE-CHEMIN"),
        (builders.zip_of({"..\\x.xml": GOOD}), "CHO-ARCHIVE-CHEMIN"),
        (builders.zip_of({"C:/x.xml": GOOD}), "CHO-ARCHIVE-CHEMIN"),
        (builders.tar_gz({"a\nb.xml": GOOD}), "CHO-ARCHIVE-CHEMIN"),
        (builders.tar_gz({"x" * 300 + ".xml": GOOD}), "CHO-ARCHIVE-CHEMIN"),
        (hostile.tar_with(hostile.tar_entry("a.xml", tarfile.SYMTYPE, "/etc/passwd")), "CHO-ARCHIVE-MEMBRE"),
        (hostile.tar_with(hostile.tar_entry("a.xml", tarfile.LNKTYPE, "b.xml")), "CHO-ARCHIVE-MEMBRE"),
        (hostile.tar_with(hostile.tar_entry("a.xml", tarfile.CHRTYPE)), "CHO-ARCHIVE-MEMBRE"),
        (hostile.tar_with(hostile.tar_entry("a.xml", tarfile.FIFOTYPE)), "CHO-ARCHIVE-MEMBRE"),
        (builders.tar_gz({"lot.tar.gz": builders.tar_gz({"a.xml": GOOD})}), "CHO-ARCHIVE-IMBRIQUEE"),
        (builders.zip_of({"lot.xml": builders.zip_of({"a.xml": GOOD})}), "CHO-ARCHIVE-IMBRIQUEE"),
        (builders.tar_gz({f"{n}.xml": b"<a/>" for n in range(MAX_MEMBERS + 1)}), "CHO-ARCHIVE-MEMBRES"),
        (builders.zip_of({f"{n}.xml": b"<a/>" for n in range(MAX_MEMBERS + 1)}), "CHO-ARCHIVE-MEMBRES"),
        (hostile.tar_with(hostile.tar_entry("a.xml"), hostile.tar_entry("a.xml"), content=GOOD), "CHO-ARCHIVE-DOUBLON"),
        (hostile.encrypted_zip(), "CHO-ARCHIVE-CHIFFREE"),
        (builders.tar_gz({}), "CHO-ARCHIVE-VIDE"),
        (hostile.tar_with(hostile.tar_entry("dossier", tarfile.DIRTYPE)), "CHO-ARCHIVE-VIDE"),
        (builders.tar_gz({"a.xml": GOOD * 50})[:-200], "CHO-ARCHIVE-ILLISIBLE"),
        (builders.zip_of({"a.xml": GOOD})[:-30], "CHO-ARCHIVE-ILLISIBLE"),
        (b"\x1f\x8b\x08\x00garbage that is no deflate stream", "CHO-ARCHIVE-ILLISIBLE"),
        (hostile.tar_header(b"a.xml", b"0", b"-0000000100\0"), "CHO-ARCHIVE-ILLISIBLE"),
        (hostile.tar_header(b"a.xml", b"x", b"77777777777\0"), "CHO-ARCHIVE-ILLISIBLE"),
        (hostile.tar_header(b"a.xml", b"0", b"00000001000\0")[:-1] + b"\x01", "CHO-ARCHIVE-ILLISIBLE"),
    ],
)  # fmt: skip
def test_a_hostile_archive_is_refused_as_a_whole(content, code):
    assert refusal(content) == {code}


def test_ten_thousand_members_are_still_taken():
    archive = builders.tar_gz({f"{n}.xml": b"<a/>" for n in range(MAX_MEMBERS)})
    assert len(unpack(archive, "lot.tar.gz", Syntax.UBL_INVOICE)) == MAX_MEMBERS
