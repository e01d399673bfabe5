"""Downloads: originals with the files beside them, and the mark that they leave."""

import base64
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from chorale.stores import objects
from chorale.stores.invoices import recorded as invoices
from lxml import etree
from pypdf import PdfReader

from tests.cast import OTHER_SUPPLIER
from tests.samples import builders
from tests.unit.http.calling import DOWNLOAD, HISTORY, Caller, Keep

PIVOT = etree.XMLSchema(etree.parse(Path(__file__).parents[2] / "samples" / "cpp-facture-pivot.xsd"))


@pytest.fixture
def invoice(keep: Keep) -> int:
    """One invoice whose original is a PDF."""
    number = keep().id
    filed = invoices.get_whole(number)
    assert filed is not None
    objects._put("chorale-documents", filed.original_key, b"%PDF-1.7 facture")
    return number


def ask(number: int, **more: Any) -> dict[str, Any]:
    return {"format": "PDF", "listeFacture": [{"idFacture": number}]} | more


def test_a_pdf_alone_comes_as_it_is_and_both_sides_may_have_it(
    supplier: Caller, recipient: Caller, invoice: int
) -> None:
    for caller in (supplier, recipient):
        answer = caller.post(DOWNLOAD, ask(invoice))
        assert base64.b64decode(answer["fichierResultat"]) == b"%PDF-1.7 facture"
    summary = invoices.get(invoice)
    assert summary is not None
    assert summary.downloaded
    assert "TELECHARGEMENT_FACTURE" in str(supplier.post(HISTORY, {"idFacture": invoice}))


def test_a_zip_has_one_folder_for_each_invoice(supplier: Caller, invoice: int) -> None:
    answer = supplier.post(DOWNLOAD, ask(invoice, format="ZIP", avecPiecesJointesComplementaires="OUI"))
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(answer["fichierResultat"]))) as package:
        assert package.namelist() == [f"{invoice}/facture.pdf"]


def test_an_invoice_deposited_as_xml_comes_as_pages_that_carry_it(supplier: Caller, invoice: int) -> None:
    filed = invoices.get_whole(invoice)
    assert filed is not None
    objects._put("chorale-documents", filed.original_key, b"<Invoice/>")

    answer = supplier.post(DOWNLOAD, ask(invoice))

    pdf = PdfReader(io.BytesIO(base64.b64decode(answer["fichierResultat"])))
    assert filed.summary.number in pdf.pages[0].extract_text()
    assert pdf.attachments == {"facture.xml": [b"<Invoice/>"]}


def test_pages_and_files_beside_them_come_as_a_zip(supplier: Caller, invoice: int) -> None:
    filed = invoices.get_whole(invoice)
    assert filed is not None
    objects._put("chorale-documents", filed.original_key, b"<Invoice/>")
    both = ask(invoice) | {"format": "ZIP"}

    originals = supplier.post(DOWNLOAD, both)

    with zipfile.ZipFile(io.BytesIO(base64.b64decode(originals["fichierResultat"]))) as package:
        assert {name: package.read(name) for name in package.namelist()} == {f"{invoice}/facture.xml": b"<Invoice/>"}


def test_a_pivot_file_holds_several_invoices_with_all_their_files(supplier: Caller, invoice: int, keep: Keep) -> None:
    other = keep(1_000_001, "F-2", rank=2).id
    filed = invoices.get_whole(other)
    assert filed is not None
    objects._put("chorale-documents", filed.original_key, builders.ubl_invoice())
    both = {"format": "pivot", "listeFacture": [{"idFacture": invoice}, {"idFacture": other}]}

    answer = supplier.post(DOWNLOAD, both)

    root = etree.fromstring(base64.b64decode(answer["fichierResultat"]))
    PIVOT.assertValid(root)
    units = root.findall("CPPFactures/CPPFacturePivotUnitaire")
    assert [unit.findtext("DonneesFacture/Id") for unit in units] == ["F-1", "F-2"]
    assert [len(unit.findall("PJ")) for unit in units] == [1, 2]
    summary = invoices.get(other)
    assert summary is not None
    assert summary.downloaded


@pytest.mark.parametrize(
    "change",
    [{"format": "XLS"}, {"listeFacture": []}, {"listeFacture": [{"idFacture": n} for n in range(1, 12)]}],
)
def test_what_cannot_be_given_is_refused(supplier: Caller, invoice: int, change: dict[str, Any]) -> None:
    assert supplier.post(DOWNLOAD, ask(invoice) | change)["codeRetour"] == 20010


def test_a_stranger_learns_nothing_and_one_of_several_is_enough_to_refuse(supplier: Caller, invoice: int) -> None:
    assert Caller(OTHER_SUPPLIER).post(DOWNLOAD, ask(invoice))["codeRetour"] == 20000
    both = {"listeFacture": [{"idFacture": invoice}, {"idFacture": 2_000_000_000}]}
    assert supplier.post(DOWNLOAD, ask(invoice) | both)["codeRetour"] == 20000
    summary = invoices.get(invoice)
    assert summary is not None
    assert not summary.downloaded


def test_what_is_too_large_for_an_answer_has_a_link(supplier: Caller, invoice: int) -> None:
    filed = invoices.get_whole(invoice)
    assert filed is not None
    objects._put("chorale-documents", filed.original_key, b"%PDF-" + bytes(6_000_000))
    answer = supplier.post(DOWNLOAD, ask(invoice))
    assert answer["codeRetour"] == 20011
    assert answer["lienTelechargement"].startswith("https://")
