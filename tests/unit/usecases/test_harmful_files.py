"""Viruses are refused at every door, and what is given back stays inert."""

from urllib.parse import parse_qs, urlsplit

import pytest
from chorale.domain.errors import ActiveFile, InfectedFile, InvalidRequest
from chorale.domain.findings import RankOutcome
from chorale.domain.invoices.harm import OPAQUE, inert_type, safe_name
from chorale.formats.reading.pdf_facts import PdfFacts
from chorale.stores import antivirus, objects
from chorale.usecases.deposits.dry_run import dry_run
from chorale.usecases.downloads.download_files import LINK_WINDOW, download_file
from chorale.usecases.invoices.read_pdf import read_pdf
from chorale.usecases.invoices.store_file import store_file

from tests.aws import Hub
from tests.cast import NOW, SUPPLIER, actor, ubl
from tests.pipeline import settle
from tests.samples import builders, hostile
from tests.samples.clamd import clamd
from tests.samples.files import HARMFUL_FILES, protected_pdf


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("virus.txt", hostile.eicar(), "CHO-PJ-VIRUS"),
        ("page.html", b"<html><script>x()</script></html>", "CHO-PJ-ACTIF"),
        ("plan.svg", b"<svg><rect onclick='x()'/></svg>", "CHO-PJ-ACTIF"),
    ],
)
def test_a_harmful_file_is_not_stored(cast: Hub, name: str, content: bytes, code: str) -> None:
    before = cast.rows()
    with pytest.raises((InfectedFile, ActiveFile)) as refused:
        store_file(actor(SUPPLIER), name, "", "text/plain", content, NOW)
    assert refused.value.code == code
    assert cast.rows() == before


@pytest.mark.parametrize("harm", HARMFUL_FILES)
def test_what_no_flux_may_hold_is_not_stored(cast: Hub, harm: str) -> None:
    name, content, _ = HARMFUL_FILES[harm]
    extension = "pdf" if name.endswith(".exe") else ""
    before = cast.rows()
    with pytest.raises(InvalidRequest) as refused:
        store_file(actor(SUPPLIER), name, extension, "text/plain", content, NOW)
    assert "La pièce jointe" in str(refused.value) or "Le nom de la pièce jointe" in str(refused.value)
    assert cast.rows() == before


@pytest.mark.parametrize("attack", hostile.ACTIVE_PDFS)
def test_a_pdf_that_would_run_something_is_neither_stored_nor_read(cast: Hub, attack: str) -> None:
    content = hostile.ACTIVE_PDFS[attack]
    before = cast.rows()
    with pytest.raises(ActiveFile, match=r"annexe\.pdf"):
        store_file(actor(SUPPLIER), "annexe.pdf", "", "application/pdf", content, NOW)
    with pytest.raises(ActiveFile):
        read_pdf(actor(SUPPLIER), content, "facture.pdf", NOW)
    assert cast.rows() == before


def test_a_protected_pdf_is_not_stored(cast: Hub) -> None:
    with pytest.raises(ActiveFile, match="protégé"):
        store_file(actor(SUPPLIER), "annexe.pdf", "", "application/pdf", protected_pdf(), NOW)


def test_an_ordinary_pdf_is_stored(cast: Hub) -> None:
    stored = store_file(actor(SUPPLIER), "annexe.pdf", "", "application/pdf", builders.pdf(), NOW)
    assert stored.extension == "pdf"


def test_a_virus_that_only_the_antivirus_knows_is_not_stored(cast: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    with clamd(answer=b"stream: Doc.Dropper FOUND") as address:
        monkeypatch.setenv("CLAMD_ADDRESS", address)
        with pytest.raises(InfectedFile, match=r"Doc\.Dropper"):
            store_file(actor(SUPPLIER), "devis.txt", "", "text/plain", b"devis", NOW)


def test_a_virus_that_only_the_antivirus_knows_refuses_the_invoice(cast: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    with clamd(answer=b"stream: Doc.Dropper FOUND") as address:
        monkeypatch.setenv("CLAMD_ADDRESS", address)
        [rank] = settle(cast, ubl("F-1")).ranks
    assert rank.outcome is RankOutcome.REFUSED
    assert [finding.code for finding in rank.findings if finding.severity == "error"] == ["CHO-VIRUS"]


def test_a_clean_invoice_passes_the_antivirus(cast: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    with clamd() as address:
        monkeypatch.setenv("CLAMD_ADDRESS", address)
        [rank] = settle(cast, ubl("F-1")).ranks
    assert rank.outcome is RankOutcome.INTEGRATED


def test_without_a_word_of_the_antivirus_nothing_is_stored(cast: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    before = cast.rows()
    monkeypatch.setenv("CLAMD_ADDRESS", "127.0.0.1:1")
    with pytest.raises(antivirus.AntivirusUnavailable):
        store_file(actor(SUPPLIER), "devis.txt", "", "text/plain", b"devis", NOW)
    assert cast.rows() == before


def test_a_page_is_given_as_bytes_that_no_program_opens_by_itself(cast: Hub) -> None:
    page = b"<html><p>Devis</p></html>"
    stored = store_file(actor(SUPPLIER), "devis.html", "", "text/html", page, NOW)
    given = download_file(actor(SUPPLIER), stored.id, (), NOW)
    assert (given.name, given.mime_type, given.content) == ("devis.html", OPAQUE, page)


def test_a_link_to_a_stored_file_saves_it_and_shows_nothing(cast: Hub) -> None:
    link = objects.presigned_stored_file(7, 'a"; é\r\nx.html', LINK_WINDOW)
    asked = parse_qs(urlsplit(link).query)
    assert asked["response-content-disposition"] == ["attachment; filename*=UTF-8''a%22%3B%20%C3%A9%0D%0Ax.html"]


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "", "x"])
def test_types_that_a_browser_runs_become_bytes(kind: str) -> None:
    assert inert_type(kind) == OPAQUE


@pytest.mark.parametrize(
    "kind", ["application/pdf", "text/csv; charset=utf-8", "image/png", "application/vnd.ms-excel"]
)
def test_types_of_documents_stay(kind: str) -> None:
    assert inert_type(kind) == kind


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("devis été.pdf", "devis été.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\r\nb\u202efdp.exe", "a__b_fdp.exe"),
        ("...", "fichier"),
    ],
)
def test_a_file_name_is_made_safe(name: str, given: str) -> None:
    assert safe_name(name) == given


def test_a_check_without_deposit_gives_up_earlier_and_says_to_deposit(cast: Hub) -> None:
    heavy = hostile.many_files(count=3, size=14_000_000)
    report = dry_run(actor(SUPPLIER), "f.pdf", "IN_DP_E2_CII_FACTURX", heavy, NOW)
    [rank] = report.ranks
    [finding] = rank.findings
    assert finding.code == "CHO-DEMESURE"
    assert "déposez le fichier" in finding.message


def test_the_text_of_a_pdf_that_is_too_costly_is_not_read(cast: Hub) -> None:
    read = read_pdf(actor(SUPPLIER), hostile.many_files(count=3, size=14_000_000), "f.pdf", NOW)
    assert (read.invoice, read.facts) == (None, PdfFacts())


def test_what_a_desktop_added_to_an_archive_is_told_once_and_refuses_nothing(cast: Hub) -> None:
    content = builders.zip_of({"__MACOSX/._1.xml": b"\0\5", "1.xml": ubl("F-1"), "2.xml": ubl("F-2")})
    report = settle(cast, content, "lot.zip")
    assert [rank.outcome for rank in report.ranks] == [RankOutcome.INTEGRATED] * 2
    told = [finding for rank in report.ranks for finding in rank.findings if finding.code == "CHO-ARCHIVE-SYSTEME"]
    assert [finding.value for finding in told] == ["__MACOSX/._1.xml"]
