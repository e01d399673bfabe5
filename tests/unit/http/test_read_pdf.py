"""deposer/pdf: what is read on a PDF, from its data or from its page."""

import base64
from typing import Any

import pytest
from chorale.domain.access.rights import Right
from chorale.stores.access import accounts
from chorale_local import examples
from fpdf import FPDF

from tests.cast import SUPPLIER, actor
from tests.unit.http.calling import PASSWORD, PDF, Caller


def ask(content: bytes, **more: Any) -> dict[str, Any]:
    body = {"fichierFacture": base64.b64encode(content).decode(), "nomFichier": "facture.pdf"}
    return body | {"formatDepot": "PDF_NON_SIGNE"} | more


def page(*lines: str) -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    for line in lines:
        pdf.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def test_a_facturx_gives_its_data(supplier: Caller) -> None:
    xml = examples.fresh(examples.FACTURX, "FX-42", examples.today())
    answer = supplier.post(PDF, ask(examples.facturx_pdf(xml)))
    assert (answer["codeRetour"], answer["numeroFacture"], answer["typeFacture"]) == (0, "FX-42", "FACTURE")
    assert answer["dateFacture"] == examples.today().isoformat()
    assert answer["codeFournisseur"] == SUPPLIER.identifier
    assert answer["montantTtcAvantRemiseGlobalTTC"] == 2682.65
    assert answer["pieceJointeId"] > 0


def test_an_ordinary_page_gives_what_it_says(supplier: Caller) -> None:
    content = page(
        "SARL Dupont   SIRET 990 000 077 00018",
        "Facture n° : F-2026-118 du 23/11/2026",
        "Client : Mairie, SIRET 12345678200051",
        "Bon de commande : BC-7788",
        "Total HT : 1 000,00 EUR",
        "TVA 20 % : 200,00 EUR",
        "Total TTC : 1 200,00 EUR",
        "Net à payer : 1 150,00 EUR",
    )
    answer = supplier.post(PDF, ask(content))
    assert answer["numeroFacture"] == "F-2026-118"
    assert answer["dateFacture"] == "2026-11-23"
    assert (answer["codeFournisseur"], answer["codeDestinataire"]) == ("99000007700018", "12345678200051")
    assert answer["numeroBonCommande"] == "BC-7788"
    assert answer["montantHtTotal"] == 1000.0
    assert answer["montantTVA"] == 200.0
    assert answer["montantTtcAvantRemiseGlobalTTC"] == 1200.0
    assert answer["montantAPayer"] == 1150.0


@pytest.mark.parametrize(
    "content", [page("Bonjour"), b"%PDF-1.7 broken", b"%PDF-"], ids=["a letter", "broken", "empty"]
)
def test_a_text_that_is_not_found_is_null_and_anything_else_is_left_out(supplier: Caller, content: bytes) -> None:
    answer = supplier.post(PDF, ask(content))
    assert answer["codeRetour"] == 0
    found = {name: value for name, value in answer.items() if value is not None}
    assert set(found) == {"codeRetour", "libelle", "pieceJointeId"}
    assert "numeroFacture" in answer
    assert not {"typeFacture", "typeTva", "dateFacture", "montantAPayer", "montantTVA"} & set(answer)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"fichierFacture": base64.b64encode(b"MZ").decode()}, 20010),
        ({"fichierFacture": "@@"}, 20010),
        ({"formatDepot": "PAPIER"}, 20010),
        ({"nomFichier": "x" * 60}, 20010),
        ({"fichierFacture": base64.b64encode(b"%PDF-" + bytes(10_000_000)).decode()}, 20001),
    ],
)
def test_what_is_not_taken_is_refused(supplier: Caller, change: dict[str, str], code: int) -> None:
    assert supplier.post(PDF, ask(page("x")) | change)["codeRetour"] == code


def test_only_who_may_deposit_may(world: Any) -> None:
    rights = {SUPPLIER.id: frozenset(Right) - {Right.ISSUED}}
    accounts.write_technical_account(
        accounts.TechnicalAccount(actor(SUPPLIER).login, accounts.hashed(PASSWORD), rights)
    )
    assert Caller(SUPPLIER).post(PDF, ask(page("x")))["codeRetour"] == 20001
