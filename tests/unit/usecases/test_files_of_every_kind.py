"""Files of every kind: what no invoice can come of gets its report with a stable code, and nothing else is written."""

import hashlib
import tarfile
from collections import Counter
from collections.abc import Callable

import pytest
from chorale.domain.directory.structures import IdentifierType, Structure
from chorale.domain.findings import Severity
from chorale.domain.statuses import FluxState
from chorale.stores import objects
from chorale.stores.directory import structures as directory
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.deposits.deposit import deposit_inline, open_deposit

from tests.aws import BUCKETS, Hub
from tests.cast import NOW, SUPPLIER, actor, ubl
from tests.pipeline import receive, report_of, work
from tests.samples import builders, hostile

UBL, CII, FACTURX = "IN_DP_E1_UBL_INVOICE", "IN_DP_E1_CII_16B", "IN_DP_E2_CII_FACTURX"
UBL_MIN, CII_MIN, CPP_MIN = "IN_DP_E2_UBL_INVOICE_MIN", "IN_DP_E2_CII_MIN_16B", "IN_DP_E2_CPP_FACTURE_MIN"

BAD_FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "not XML": (UBL, lambda: b"hello", "CHO-FORME"),
    "not well-formed": (UBL, lambda: ubl()[:-20], "CHO-XML-MAL-FORME"),
    "wrong syntax announced": (CII, ubl, "CHO-SYNTAXE"),
    "a PDF announced as UBL": (UBL, builders.facturx, "CHO-SYNTAXE"),
    "truncated PDF": (FACTURX, hostile.truncated_pdf, "CHO-PDF-ILLISIBLE"),
    "PDF without XML": (FACTURX, builders.pdf, "CHO-PDF-SANS-XML"),
    "PDF bomb": (FACTURX, hostile.pdf_bomb, "CHO-PDF-BOMBE"),
    "PDF of many bombs": (FACTURX, hostile.many_files, "CHO-DEMESURE"),
    "test virus": (UBL, hostile.eicar, "CHO-VIRUS"),
    "active PDF": (FACTURX, lambda: hostile.ACTIVE_PDFS["script in a bookmark"], "CHO-PDF-ACTIF"),
    "XML bomb": (UBL, lambda: hostile.XML_ATTACKS["billion laughs"], "CHO-XML-DOCTYPE"),
    "XXE": (UBL, lambda: hostile.XML_ATTACKS["external entity on a file"], "CHO-XML-DOCTYPE"),
    "DOCTYPE": (UBL, lambda: hostile.XML_ATTACKS["external document type"], "CHO-XML-DOCTYPE"),
    "zip bomb": (UBL, hostile.zip_bomb, "CHO-BOMBE"),
    "path traversal": (
        UBL,
        lambda: hostile.tar_with(hostile.tar_entry("../../etc/x.xml"), content=ubl()),
        "CHO-ARCHIVE-CHEMIN",
    ),
    "symlink": (
        UBL,
        lambda: hostile.tar_with(hostile.tar_entry("1.xml", tarfile.SYMTYPE, "/etc/passwd")),
        "CHO-ARCHIVE-MEMBRE",
    ),
    "nested archive": (
        UBL,
        lambda: builders.tar_gz({"1.tar.gz": builders.tar_gz({"1.xml": ubl()})}),
        "CHO-ARCHIVE-IMBRIQUEE",
    ),
    "10,001 members": (UBL, lambda: builders.tar_gz({f"{n}.xml": b"x" for n in range(10_001)}), "CHO-ARCHIVE-MEMBRES"),
    "encrypted zip": (UBL, hostile.encrypted_zip, "CHO-ARCHIVE-CHIFFREE"),
}


@pytest.mark.parametrize(("syntax", "content", "code"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_gets_its_report_and_nothing_else_is_written(
    cast: Hub, syntax: str, content: Callable[[], bytes], code: str
) -> None:
    flux = deposit_inline(actor(SUPPLIER), "f.xml", syntax, content(), False, NOW)
    receive(cast, flux)
    assert work(cast) == 1
    report = report_of(flux)
    assert report.state is FluxState.REJECTED
    found = [*report.findings, *(finding for rank in report.ranks for finding in rank.findings)]
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    assert [finding.code for finding in errors] == [code]
    assert set(cast.objects(BUCKETS["DOCUMENT_BUCKET"])) == {f"reports/{flux.number}.json"}
    assert set(cast.objects(BUCKETS["DEPOSIT_BUCKET"])) == {f"incoming/{flux.number}"}
    kept = Counter(key[0].split("#")[0] for key in cast.rows())
    assert set(kept) == {"COUNTER", "FLUX"}


def test_an_empty_file_sent_by_a_presigned_form(cast: Hub) -> None:
    flux = open_deposit(actor(SUPPLIER), "f.xml", 1, hashlib.sha256(b"").hexdigest(), UBL, NOW).flux
    objects.put_incoming(flux.number, b"")
    receive(cast, flux)
    work(cast)
    report = report_of(flux)
    assert report.state is FluxState.REJECTED
    assert [finding.code for finding in report.findings] == ["CHO-VIDE"]


# And what is accepted, in each syntax


GOOD_FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "UBL invoice": (UBL, builders.ubl_invoice),
    "UBL credit note": (UBL, builders.ubl_credit_note),
    "CII": (CII, builders.cii),
    "CII of a widespread ERP, that claims no profile": (CII, builders.erp_cii),
    "Factur-X": (FACTURX, builders.facturx),
    "minimal UBL with its PDF": (UBL_MIN, lambda: builders.ubl_invoice(files=[builders.invoice_pdf()], profile="")),
    "minimal CII with its PDF": (CII_MIN, lambda: builders.cii(files=[builders.invoice_pdf()], profile="")),
    "minimal CPP with its PDF": (CPP_MIN, builders.cpp),
    "CPP with two invoices": (
        CPP_MIN,
        lambda: builders.cpp(*(builders.sample(number=n, files=[builders.invoice_pdf()]) for n in ("F-1", "F-2"))),
    ),
    "an invoice with its detached signature": (
        UBL,
        lambda: builders.zip_of({"1.xml": ubl("F-1"), "1.xml.p7s": b"-----BEGIN PKCS7-----"}),
    ),
    "zip": (UBL, lambda: builders.zip_of({"1.xml": ubl("F-1"), "2.xml": ubl("F-2")})),
}


@pytest.mark.parametrize(("syntax", "content"), GOOD_FILES.values(), ids=GOOD_FILES)
def test_each_syntax_is_integrated(cast: Hub, syntax: str, content: Callable[[], bytes]) -> None:
    flux = deposit_inline(actor(SUPPLIER), "f", syntax, content(), False, NOW)
    receive(cast, flux)
    work(cast)
    assert report_of(flux).state is FluxState.INTEGRATED
    for row in invoices.by_flux(flux.number):
        filed = invoices.get_whole(row.id)
        assert filed is not None
        assert filed.document.totals.payable == row.payable > 0


def test_the_erp_whose_first_deposit_lacks_the_tax_category_may_send_the_same_number_again(cast: Hub) -> None:
    def state_of(content: bytes) -> FluxState:
        flux = deposit_inline(actor(SUPPLIER), "UNCEFACT-1.xml", CII, content, False, NOW)
        receive(cast, flux)
        work(cast)
        return report_of(flux).state

    assert state_of(builders.erp_cii(tax_type="", category="")) is FluxState.REJECTED
    assert state_of(builders.erp_cii()) is FluxState.INTEGRATED


FOREIGN = [
    ("0223", "BE0202239951", IdentifierType.UE_HORS_FRANCE),
    ("0227", "USACME", IdentifierType.HORS_UE),
    ("0228", "123456789", IdentifierType.RIDET),
    ("0229", "A12345", IdentifierType.TAHITI),
    ("7", "PERSONNE-1", IdentifierType.PARTICULIER),
]


@pytest.mark.parametrize(("scheme", "identifier", "kind"), FOREIGN, ids=[kind for _, _, kind in FOREIGN])
def test_a_supplier_without_siret_is_found_by_the_identifier_of_its_register(
    cast: Hub, scheme: str, identifier: str, kind: IdentifierType
) -> None:
    supplier = Structure(10090, identifier, "Fournisseur sans SIRET", identifier_type=kind)
    directory.write([supplier], [], [])
    content = builders.ubl_invoice(supplier=identifier, supplier_scheme=scheme, vat_number="", profile="")
    flux = deposit_inline(actor(supplier), "f.xml", UBL, content, False, NOW)
    receive(cast, flux)
    work(cast)
    [filed] = invoices.by_flux(flux.number)
    assert (filed.supplier.identifier, filed.supplier.identifier_type) == (identifier, kind)
