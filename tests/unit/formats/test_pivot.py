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
from chorale.domain.findings import Verdict
from chorale.domain.frames import Frame
from chorale.domain.invoices.attachments import EXTENSIONS, AttachedFile
from chorale.domain.invoices.invoice import Delivery, DocumentKind, Line, LineKind
from chorale.domain.invoices.recorded import FiledInvoice, HistoryLine, ServiceRef
from chorale.domain.statuses import Status
from chorale.domain.syntaxes import Syntax
from chorale.formats.judging.validate import validate
from chorale.formats.writing.pivot import MEANS_CODES, PivotFile, PivotInvoice, files_of, pivot_of
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


def test_lines_of_a_nested_invoice_add_up_and_the_day_of_delivery_is_told() -> None:
    kinds = ((LineKind.GROUP, 100), (LineKind.DETAIL, 60), (LineKind.DETAIL, 40), (LineKind.INFORMATION, 7))
    lines = tuple(
        Line(str(place), "x", Decimal(1), "C62", Decimal(net), Decimal(net), kind=kind)
        for place, (kind, net) in enumerate(kinds, start=1)
    )
    root = written(filed(document=document(lines=lines, delivery=Delivery(date(2026, 10, 30)))))

    assert [one.findtext("MontantHT") for one in root.iter("Ligne")] == ["60.00", "40.00"]
    assert root.findtext(".//DateLivraison") == "2026-10-30"


def test_the_files_inside_a_factur_x_come_beside_it() -> None:
    original = builders.facturx(others={"photo.png": b"\x89PNG"}, files=[SampleFile("bon.csv", b"1;2", "text/csv")])

    pieces = files_of(filed(), original, ())

    assert [(piece.original_name, piece.content) for piece in pieces[1:]] == [
        ("photo.png", b"\x89PNG"), ("bon.csv", b"1;2"),
    ]  # fmt: skip
    assert pieces[0].content == original


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
    root = written(filed(document=read, net=amount, status_reason=text), files=(PAGE, beside))
    assert len(root.findall(".//PJ")) == 2


LINE = validate(builders.ubl_invoice(lines=(SampleLine(),)), "facture.xml", Syntax.UBL_INVOICE, DAY).invoice.lines[0]  # type: ignore[union-attr]


# Nothing invented, nothing counted twice


@pytest.mark.parametrize("make", [builders.ubl_invoice, builders.cii])
def test_the_day_of_delivery_is_the_one_of_the_invoice_or_none(make: Callable[..., bytes]) -> None:
    delivered = validate(make(issued=date(2026, 10, 31)), "f.xml", None, DAY).invoice
    assert delivered is not None
    assert written(filed(document=delivered)).findtext(".//DateLivraison") == "2026-10-31"
    assert written(filed(document=replace(delivered, delivery=Delivery()))).find(".//DateLivraison") is None


@pytest.mark.parametrize(
    ("means", "iban", "said"),
    [
        ("30", "FR7630006000011234567890189", ("30", "Virement")),
        ("48", "", ("48", "Carte")),
        ("1", "FR7630006000011234567890189", ("30", "Virement")),
        ("1", "", ("97", "Non précisé par la facture")),
        ("", "", ("97", "Non précisé par la facture")),
    ],
)
def test_no_means_of_payment_is_invented(means: str, iban: str, said: tuple[str, str]) -> None:
    root = written(filed(document=document(payment_means=means, iban=iban)))
    assert (root.findtext(".//ModePaiement/Code"), root.findtext(".//ModePaiement/Libelle")) == said


def test_an_account_that_is_no_iban_is_said_to_be_none() -> None:
    root = written(filed(document=document(iban="30006000011234567890189")))
    assert root.find(".//ReferenceBancaire").get("Type") == "RIB"


def grouped(kind: str, price: str) -> bytes:
    """One line of an EXTENDED invoice that is no ordinary one."""
    parts = (
        f"<ram:AssociatedDocumentLineDocument><ram:LineID>G</ram:LineID><ram:LineStatusReasonCode>{kind}"
        "</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument><ram:SpecifiedTradeProduct><ram:Name>Lot"
        "</ram:Name></ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>"
        f"<ram:ChargeAmount>{price}</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>"
        '<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">1</ram:BilledQuantity>'
        "</ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax>"
        "<ram:TypeCode>VAT</ram:TypeCode></ram:ApplicableTradeTax>"
        "<ram:SpecifiedTradeSettlementLineMonetarySummation>"
        f"<ram:LineTotalAmount>{price}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>"
        "</ram:SpecifiedLineTradeSettlement>"
    )
    return f"<ram:IncludedSupplyChainTradeLineItem>{parts}</ram:IncludedSupplyChainTradeLineItem>".encode()


@pytest.mark.parametrize("kind", ["GROUP", "INFORMATION"])
def test_the_lines_handed_over_add_up_to_the_sum_of_the_lines(kind: str) -> None:
    start = b"<rsm:SupplyChainTradeTransaction>"
    original = builders.cii(profile=builders.EXTENDED).replace(start, start + grouped(kind, "77.00"))
    read = validate(original, "f.xml", None, DAY).invoice
    assert read is not None
    assert [line.kind.value for line in read.lines] == [kind, "DETAIL"]

    amounts = [Decimal(amount.text) for amount in written(filed(document=read)).iterfind(".//Ligne/MontantHT")]

    assert sum(amounts) == Decimal("125.00")


def test_ubl_says_the_kind_of_a_line_beside_a_reference_to_the_document_itself() -> None:
    reference_to = (
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{}</cbc:ID><cbc:DocumentStatusCode>GROUP"
        "</cbc:DocumentStatusCode></cac:InvoiceDocumentReference></cac:BillingReference><cac:Item>"
    )
    for number, kind in (("F-2026-001", "GROUP"), ("F-0", "DETAIL")):
        original = builders.ubl_invoice().replace(b"<cac:Item>", reference_to.format(number).encode())
        read = validate(original, "f.xml", None, DAY).invoice
        assert read is not None
        assert [line.kind.value for line in read.lines] == [kind]


# Every limit of the schema is one at the entry


XS = "{http://www.w3.org/2001/XMLSchema}"
LIMITS: dict[str, tuple[dict[str, Any] | None, dict[str, Any] | None]] = {
    "Debiteur/Identifiant": ({"recipient": "12345678200051"}, {"recipient": "123456782000510"}),
    "Debiteur/CodeService": ({"service": "S" * 100}, {"service": "S" * 101}),
    "DonneesFacture/Id": ({"number": "N" * 20}, {"number": "N" * 21}),
    "DonneesFacture/IdFactureOrigine": ({"origin": "N" * 20, "type_code": "381"}, {"origin": "N" * 21}),
    "DonneesFacture/Cadre": ({"frame": "A2", "means": "48", "iban": ""}, {"frame": "A26"}),
    "DonneesFacture/ModePaiement/Code": ({"means": "58"}, {"means": "70"}),
    "DonneesFacture/Devise": ({"currency": "USD"}, {"currency": "usd"}),
    "DonneesFacture/Engagement/NumeroMarche": ({"contract": "M" * 50}, {"contract": "M" * 51}),
    "DonneesFacture/Engagement/NumeroEngagement": ({"commitment": "E" * 50}, {"commitment": "E" * 51}),
    "PJ/NomPJOrigine": (
        {"files": [SampleFile("n" * 46 + ".csv", b"1", "text/csv")]},
        {"files": [SampleFile("n" * 47 + ".csv", b"1", "text/csv")]},
    ),
    # What the platform writes out of its own tables, whatever the invoice says.
    "Fournisseur/TypeIdentifiant": (None, None),
    "Fournisseur/CodePays": (None, None),
    "Fournisseur/ModeEmission": (None, None),
    "DonneesFacture/Renvoi": (None, None),
    "DonneesFacture/Type": (None, None),
    "PJ/NomPJ": (None, None),
    "PJ/CategoriePJ": (None, None),
    "PJ/TypePJ": (None, None),
    "CycleDeValidation/ValidationUnitaire/ProducteurStatut/TypeIdentifiant": (None, None),
    "CycleDeValidation/ValidationUnitaire/ProducteurStatut/CodePays": (None, None),
}
"""By the path of an element: what is accepted at its limit, and what is refused beyond."""


def limited_elements() -> set[str]:
    """The elements of an invoice that the schema limits in length or to a list."""
    root = etree.parse(Path(__file__).parents[2] / "samples" / "cpp-facture-pivot.xsd").getroot()
    types = {made.get("name"): made for made in root if made.get("name")}
    found: set[str] = set()

    def walk(node: Any, path: str) -> None:
        for element in node.iterfind(f"{XS}sequence/{XS}element"):
            here = f"{path}/{element.get('name')}".lstrip("/")
            declared = types.get(element.get("type"))
            inside = declared if declared is not None else element
            for simple in (element.find(f"{XS}simpleType"), declared):
                if simple is None or simple.tag != f"{XS}simpleType":
                    continue
                facets = {facet.tag.removeprefix(XS) for facet in simple.iterfind(f".//{XS}restriction/*")}
                if facets & {"maxLength", "length", "pattern", "maxInclusive"}:
                    found.add(here)
            nested = inside if inside.tag == f"{XS}complexType" else inside.find(f"{XS}complexType")
            if nested is not None:
                walk(nested, here)

    walk(types["Unit"], "")
    return found


def test_every_limit_of_the_schema_is_in_the_table() -> None:
    assert limited_elements() == set(LIMITS)


@pytest.mark.parametrize("path", [path for path, (right, _) in LIMITS.items() if right])
@pytest.mark.parametrize("make", [builders.ubl_invoice, builders.cii])
def test_a_field_is_taken_up_to_the_limit_of_the_schema_and_refused_beyond(
    make: Callable[..., bytes], path: str
) -> None:
    right, wrong = LIMITS[path]
    assert right is not None
    assert wrong is not None
    make = builders.ubl_credit_note if right.get("type_code") == "381" and make is builders.ubl_invoice else make
    original = make(**right)

    read = validate(original, "f.xml", None, DAY).invoice
    assert read is not None
    assert validate(original, "f.xml", None, DAY).verdict is Verdict.CONFORMANT
    one = filed(
        document=read, number=read.number, kind=read.kind, origin_number=read.origin_number, frame=read.frame,
        currency=read.currency, contract=read.contract, commitment=read.commitment,
        service=ServiceRef(1, read.service_code, "Service") if read.service_code else None,
    )  # fmt: skip
    written(one, files=files_of(one, original, ()))
    assert validate(make(**{**right, **wrong}), "f.xml", None, DAY).verdict is Verdict.NON_CONFORMANT


@pytest.mark.parametrize("extension", sorted(EXTENSIONS))
def test_the_name_that_the_platform_gives_to_a_file_fits_whatever_its_extension(extension: str) -> None:
    beside = PivotFile(b"x", extension.lower(), "", "Pièce jointe standard", original_name=f"a.{extension}")
    root = written(filed(number="N" * 20), files=(PAGE, *[beside] * 3))
    assert max(len(name.text) for name in root.iter("NomPJ")) <= 50
