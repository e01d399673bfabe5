"""Hostile files: each is refused with a finding of its own code, without much work, and never raises."""

import gzip
import io
import resource
import tarfile
import time
import zipfile
import zlib
from datetime import date

import pytest
from chorale.domain.findings import Severity, Verdict
from chorale.domain.syntaxes import Syntax
from chorale.formats.judging.validate import validate
from chorale.formats.limits import MAX_MEMBERS
from chorale.formats.reading.members import RefusedFile, unpack

from tests.samples import builders, hostile
from tests.samples.builders import SampleFile

DAY = date(2026, 11, 23)
CPU_SECONDS_AT_MOST = 60
"""Of this process alone, so that a busy machine fails nothing: what is hostile would take hours."""
MEGABYTES_MORE_AT_MOST = 600


def verdict_on(content: bytes, syntax: Syntax | None = None):
    """Validate within the time and memory that hostile input may take."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    result = validate(content, "facture", syntax, DAY)
    assert time.process_time() - began < CPU_SECONDS_AT_MOST
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


def test_links_jumps_and_forms_without_script_are_taken():
    assert verdict_on(hostile.LINKS).verdict is Verdict.CONFORMANT


def test_a_pdf_with_compressed_objects_is_taken():
    assert verdict_on(hostile.with_object_stream(b"<< /Harmless true >>")).verdict is Verdict.CONFORMANT


def test_a_pdf_of_several_harmless_revisions_is_taken():
    assert verdict_on(hostile.earlier_revision(b"<< /First true >>")).verdict is Verdict.CONFORMANT


@pytest.mark.parametrize("before", [b"", b"<?xml version='1.0'?><!-- ", b"%PDF-1.7 "])
def test_the_test_virus_is_refused_in_a_deposited_file(before):
    assert codes_of(verdict_on(before + hostile.eicar())) == {"CHO-VIRUS"}


def test_the_test_virus_and_programs_are_refused_in_files_that_only_an_annotation_of_the_pdf_shows():
    for name, inside, code in (
        (b"a.txt", hostile.eicar(), "CHO-VIRUS"),
        (b"a.txt", b"MZ program", "CHO-PJ-EXECUTABLE"),
        (b"a.vbs", b"MsgBox 1", "CHO-PJ-EXECUTABLE"),
    ):
        assert codes_of(verdict_on(hostile.pdf_with_annotated_file(name, inside))) == {code}


@pytest.mark.parametrize(
    ("name", "inside", "code"),
    [
        ("virus.txt", hostile.eicar(), "CHO-PJ-VIRUS"),
        ("page.html", b"<html><body onload='x()'>a</body></html>", "CHO-PJ-ACTIF"),
        ("page.xhtml", b"<h:html><h:script>x()</h:script></h:html>", "CHO-PJ-ACTIF"),
        ("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>", "CHO-PJ-ACTIF"),
        ("plan.svg", "<svg><a href='java\nscript:x()'/></svg>".encode("utf-16"), "CHO-PJ-ACTIF"),
        ("plan.svg", b"<svg><foreignObject/></svg>", "CHO-PJ-ACTIF"),
        ("texte.txt", b"<!doctype html><iframe src='x'>", "CHO-PJ-ACTIF"),
    ],
)
def test_an_attachment_that_would_run_is_refused(name, inside, code):
    assert codes_of(verdict_on(builders.ubl_invoice(files=[SampleFile(name, inside)]))) == {code}


def test_a_page_or_drawing_without_script_is_taken():
    inert = [
        SampleFile("page.html", b"<html><body><p class='once' id=on>Devis</p></body></html>"),
        SampleFile("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><rect width='1'/></svg>"),
    ]
    assert verdict_on(builders.ubl_invoice(files=inert)).verdict is Verdict.CONFORMANT


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
    began = time.process_time()
    with pytest.raises(RefusedFile) as refused:
        unpack(content, "lot.tar.gz", syntax)
    assert time.process_time() - began < CPU_SECONDS_AT_MOST
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


@pytest.mark.parametrize(
    "content",
    [
        builders.tar_gz({"a.xml": GOOD}) + builders.tar_gz({"b.xml": GOOD}),
        builders.zip_of({"a.xml": GOOD}) + builders.zip_of({"b.xml": GOOD}),
        builders.zip_of({"a.xml": GOOD}) + GOOD,
        builders.tar_gz({"a.xml": GOOD}) + GOOD,
        gzip.decompress(builders.tar_gz({"a.xml": GOOD})) + gzip.decompress(builders.tar_gz({"b.xml": GOOD})),
    ],
    ids=["two tar.gz", "two zip", "zip and more", "tar.gz and more", "two tar"],
)
def test_an_archive_that_is_not_alone_in_its_file_is_refused_and_nothing_is_lost_in_silence(content):
    assert refusal(content) == {"CHO-ARCHIVE-ILLISIBLE"}


def test_an_archive_with_a_comment_or_with_zeros_behind_it_is_taken():
    commented = io.BytesIO(builders.zip_of({"a.xml": GOOD}))
    with zipfile.ZipFile(commented, "a") as archive:
        archive.comment = b"factures de novembre"
    for content in (commented.getvalue(), builders.zip_of({"a.xml": GOOD}) + b"\r\n"):
        assert [member.name for member in unpack(content, "lot.zip", Syntax.UBL_INVOICE)] == ["a.xml"]
    assert len(unpack(builders.tar_gz({"a.xml": GOOD}) + bytes(1_024), "lot.tar.gz", Syntax.UBL_INVOICE)) == 1


TURNED = [
    (builders.ubl_invoice, b"<cbc:Name>", Syntax.UBL_INVOICE),
    (builders.cii, b"<ram:Name>", Syntax.CII_16B),
    (builders.cpp, b"<RaisonSociale>", Syntax.CPP_FACTURE_MIN),
]


@pytest.mark.parametrize(("made", "tag", "syntax"), TURNED, ids=["UBL", "CII", "CPP"])
@pytest.mark.parametrize(
    ("written", "code", "severity"),
    [
        ("\u202e", "CHO-TEXTE-SENS", Severity.ERROR),
        ("&#x2067;", "CHO-TEXTE-SENS", Severity.ERROR),
        ("\x92", "CHO-TEXTE-CONTROLE", Severity.WARNING),
    ],
)
def test_characters_that_nobody_sees_are_refused_or_told(made, tag, syntax, written, code, severity):
    content = made()
    assert tag in content
    result = verdict_on(content.replace(tag, tag + written.encode(), 1), syntax)
    assert [finding.severity for finding in result.findings if finding.code == code] == [severity]
    assert (result.verdict is Verdict.CONFORMANT) is (severity is Severity.WARNING)
