"""Pivot files: every syntax and frame obeys the AIFE's schema, and every file comes out as it went in."""

import base64
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from chorale.domain.attachments import AttachedFile
from chorale.domain.filing import FiledInvoice, HistoryLine, ServiceRef
from chorale.domain.frames import Frame
from chorale.domain.invoice import DocumentKind
from chorale.domain.statuses import Status
from chorale.domain.syntaxes import Syntax
from chorale.formats.pivot import MEANS_CODES, PivotFile, PivotInvoice, files_of, pivot_of
from chorale.formats.validate import validate
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader

from tests.cast import NOW, OTHER_SUPPLIER, document, later, reference, summary
from tests.samples import builders
from tests.samples.builders import SampleFile, SampleLine, invoice_pdf

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parents[2] / "samples" / "cpp-facture-pivot.xsd"))
PAGE = PivotFile(b"%PDF-1.7", "pdf", "application/pdf", "Facture PDF", is_main=True)
DAY = date(2026, 11, 20)


def filed(**changes: Any) -> FiledInvoice:
    """An invoice with its history; ``document`` is what was read of it."""
    read = changes.pop("document", document())
    history = changes.pop(
        "history",
        (HistoryLine(1, Status.DEPOSEE, NOW, "x"), HistoryLine(2, Status.MISE_A_DISPOSITION, later(days=1), "x")),
    )
    return FiledInvoice(summary(**changes), read, history, "originals/x", "facture.xml")


def written(*invoices: FiledInvoice, files: tuple[PivotFile, ...] = (PAGE,), moe: date | None = None) -> Any:
    """The root of the pivot file of ``invoices``, found valid."""
    root = etree.fromstring(pivot_of([PivotInvoice(one, files, moe) for one in invoices], "API", "PIVOT_1", NOW))
    SCHEMA.assertValid(root)
    return root


def contents(unit: Any) -> dict[str, bytes]:
    """The files of an invoice by their names: each is alone in a ZIP, under the name that the pivot gives it."""
    found = {}
    for piece in unit.findall("PJ"):
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(piece.findtext("Contenu")))) as package:
            assert package.namelist() == [piece.findtext("NomPJ")]
            found[package.namelist()[0]] = package.read(package.namelist()[0])
    return found


MAKERS: dict[str, tuple[Syntax, Callable[..., bytes]]] = {
    "UBL invoice": (Syntax.UBL_INVOICE, builders.ubl_invoice),
    "UBL credit note": (Syntax.UBL_INVOICE, builders.ubl_credit_note),
    "CII": (Syntax.CII_16B, builders.cii),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_an_invoice_deposited_as_data_has_a_page_its_data_and_the_files_inside_it(kind: str) -> None:
    syntax, make = MAKERS[kind]
    original = make(files=[SampleFile("bon.csv", b"1;2", "text/csv")], origin="F-0")
    read = validate(original, "facture.xml", syntax, DAY).invoice
    assert read is not None
    one = filed(document=read, kind=read.kind, number=read.number, origin_number=read.origin_number)

    [unit] = written(one, files=files_of(one, original, ())).iter("CPPFacturePivotUnitaire")

    files = contents(unit)
    page, data, beside = files.values()
    assert list(files) == [f"PJ01_{read.number}.pdf", f"PJ02_{read.number}.xml", f"PJ03_{read.number}.csv"]
    assert read.number in PdfReader(io.BytesIO(page)).pages[0].extract_text()
    assert (data, beside) == (original, b"1;2")
    pieces = [(piece.findtext("TypePJ"), piece.findtext("CategoriePJ")) for piece in unit.findall("PJ")]
    assert pieces == [("01", "Facture PDF"), ("02", "Facture XML"), ("02", "Pièce jointe standard")]
    assert unit.findall("PJ")[2].findtext("NomPJOrigine") == "bon.csv"
    [line] = unit.iter("Ligne")
    assert [line.findtext(name) for name in ("PrixUnitaire", "Quantite", "MontantHT", "TauxTVA")] == [
        "12.5", "10", "125.00", "20",
    ]  # fmt: skip


def test_a_pdf_inside_the_data_is_the_invoice_and_comes_once() -> None:
    seen = invoice_pdf("vue.pdf")
    original = builders.ubl_invoice(files=[seen])
    one = filed()

    files = files_of(one, original, ())

    assert [(file.content, file.is_main) for file in files] == [(seen.content, True), (original, False)]


def test_a_pdf_comes_as_it_is_with_what_was_attached_since() -> None:
    original = builders.facturx()
    attached = AttachedFile(7, "Bon", "02", "txt", "bon.txt", "text/plain", 3, "0" * 64, "x", NOW)

    page, beside = files_of(filed(), original, [(attached, b"bon")])

    assert (page.content, page.is_main, page.category) == (original, True, "Facture PDF")
    assert (beside.content, beside.original_name, beside.mime_type) == (b"bon", "bon.txt", "text/plain")


def test_what_is_said_of_an_invoice() -> None:
    read = document(payment_means="58", iban="FR7630006000011234567890189")
    one = filed(
        document=read,
        service=ServiceRef(1, "COMPTA", "Comptabilité"),
        contract="M-1",
        commitment="1234567890",
        deposit_mode="SAISIE_API",
    )
    [unit] = written(one, moe=date(2026, 11, 2)).iter("CPPFacturePivotUnitaire")
    said = {path: unit.findtext(path) for path in WHAT}
    assert said == WHAT
    assert unit.find("Fournisseur/ReferenceBancaire").get("Type") == "IBAN"


WHAT = {
    "Fournisseur/TypeIdentifiant": "1",
    "Fournisseur/Identifiant": "99000007700018",
    "Fournisseur/CodePays": "FR",
    "Fournisseur/ReferenceBancaire/Compte": "FR7630006000011234567890189",
    "Fournisseur/ModeEmission": "saisie",
    "Debiteur/Identifiant": "12345678200051",
    "Debiteur/CodeService": "COMPTA",
    "Debiteur/NomService": "Comptabilité",
    "DonneesFacture/Id": "F-1",
    "DonneesFacture/IdCPRO": "1000000",
    "DonneesFacture/Renvoi": "Non",
    "DonneesFacture/Type": "380",
    "DonneesFacture/Cadre": "A1",
    "DonneesFacture/DateEmissionFacture": "2026-11-20",
    "DonneesFacture/ModePaiement/Code": "30",
    "DonneesFacture/ModePaiement/Libelle": "Virement",
    "DonneesFacture/DateReception": "2026-11-24",
    "DonneesFacture/DateMiseADispositionMOE": "2026-11-02",
    "DonneesFacture/Montants/MontantHT": "100.00",
    "DonneesFacture/Montants/MontantTTC": "120.00",
    "DonneesFacture/Montants/MontantNetAPayer": "120.00",
    "DonneesFacture/Engagement/NumeroMarche": "M-1",
    "DonneesFacture/Engagement/NumeroEngagement": "1234567890",
}


def test_several_invoices_are_one_file() -> None:
    root = written(filed(), filed(number="F-2", kind=DocumentKind.CREDIT_NOTE, origin_number="F-1"))
    assert root.find("CPPFactures").get("Compteur") == "2"
    assert [unit.findtext("DonneesFacture/Id") for unit in root.iter("CPPFacturePivotUnitaire")] == ["F-1", "F-2"]
    assert [unit.findtext("DonneesFacture/Type") for unit in root.iter("CPPFacturePivotUnitaire")] == ["380", "381"]
    assert [unit.findtext("DonneesFacture/IdFactureOrigine") for unit in root.iter("CPPFacturePivotUnitaire")] == [
        None, "F-1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("statuses", "again"),
    [
        ((Status.DEPOSEE, Status.MISE_A_DISPOSITION), "Non"),
        ((Status.MISE_A_DISPOSITION, Status.SUSPENDUE, Status.COMPLETEE), "Complétée"),
        ((Status.MISE_A_DISPOSITION, Status.A_RECYCLER, Status.DEPOSEE, Status.MISE_A_DISPOSITION), "Recyclée"),
        ((Status.COMPLETEE, Status.A_RECYCLER, Status.DEPOSEE), "Recyclée"),
    ],
)
def test_an_invoice_says_whether_it_was_sent_again(statuses: tuple[Status, ...], again: str) -> None:
    history = tuple(HistoryLine(place, status, NOW, "x") for place, status in enumerate(statuses, start=1))
    assert written(filed(history=history)).findtext(".//Renvoi") == again


def test_the_answer_of_a_validator_is_told() -> None:
    history = (
        HistoryLine(1, Status.A_VALIDER_1, NOW, "x"),
        HistoryLine(2, Status.VALIDEE_1, later(days=2), "y", "Bon pour accord"),
    )
    validator = reference(OTHER_SUPPLIER)
    root = written(filed(frame=Frame.A9, validator=validator, history=history))
    [told] = root.iter("ValidationUnitaire")
    assert [told.findtext(name) for name in ("DateStatut", "CodeStatut", "Commentaire", "ProducteurStatut/Id")] == [
        "2026-11-25", "13", "Bon pour accord", validator.identifier,
    ]  # fmt: skip
    assert written(filed()).find(".//CycleDeValidation") is None


@pytest.mark.parametrize("frame", [frame for frame in Frame if frame is not Frame.A11])
def test_every_frame_of_the_schema_can_be_told(frame: Frame) -> None:
    assert written(filed(frame=frame)).findtext(".//Cadre") == frame.short


@given(st.text(max_size=60), st.decimals(-10, 10**9, places=2), st.sampled_from([*MEANS_CODES, "", "ZZZ"]))
def test_whatever_an_invoice_says_obeys_the_schema(text: str, amount: Decimal, means: str) -> None:
    line = replace(LINE, name=text, unit_price=amount)
    read = document(lines=(line,), payment_means=means, note=text)
    beside = PivotFile(b"x", "txt", "", "Pièce jointe standard", original_name=text)
    written(filed(document=read, net=amount, status_reason=text), files=(PAGE, beside))


LINE = validate(builders.ubl_invoice(lines=(SampleLine(),)), "facture.xml", Syntax.UBL_INVOICE, DAY).invoice.lines[0]  # type: ignore[union-attr]
