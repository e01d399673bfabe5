"""The chain's figures at the payer: its invoice, its pivot, its pages; and the account of a contract as a PDF.

What is shown adds up to the total, whoever looks (rules 17 and 29).
"""

import base64
import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pypdf import PdfReader

from tests.aws import Hub
from tests.unit.http.calling import CONTRACTS, DOWNLOAD, PAPERS, READ_RECEIVED, Clock
from tests.unit.http.works_actors import SIRET, Actors, write_actors

HOLDER, SUBCONTRACTOR = "FR7630006000011234567890189", "FR1420041010050500013M02606"
PIVOT = etree.XMLSchema(etree.parse(Path(__file__).parents[2] / "samples" / "cpp-facture-pivot.xsd"))
FIGURES = {
    "mois": "2026-11", "numeroSituation": 3, "montantCumule": 30000, "montantCumulePrecedent": 20833.33,
    "montantPeriode": 9166.67,
}  # fmt: skip


@pytest.fixture
def actors(world: Hub, at: Clock) -> Actors:
    """The actors of a contract, none of which is registered yet."""
    write_actors()
    return Actors(at)


@pytest.fixture
def contract(actors: Actors) -> int:
    """A contract with its amount and with the accounts of its contractors."""
    body = actors.contract_body(montantMarche=100000)
    for party in body["listeIntervenants"]:
        ibans = {"TITULAIRE": HOLDER, "SOUS_TRAITANT": SUBCONTRACTOR}
        party["iban"] = ibans.get(party["role"], "")
    number: int = actors.call("MOA", CONTRACTS, body)["marche"]["idMarche"]
    return number


def payment(actors: Actors) -> int:
    """An A19 with two creditors, figures, and an earlier payment of 12000 EUR behind it."""
    actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4")))
    request = actors.deposit("sous-traitant", "A10", gross=1200.0)
    actors.act("titulaire", "VALIDER", request)
    monthly = actors.deposit("titulaire", "A4", listeDemandesJointes=[request])
    statement = actors.deposit("MOE", "A15", monthly, gross=11000.0, chiffres=FIGURES)
    return actors.deposit("MOA", "A19", statement, gross=11000.0)


def downloaded(actors: Actors, who: str, paper: int, given: str, *, with_files: bool = False) -> bytes:
    """A download of one invoice."""
    body = {"format": given, "listeFacture": [{"idFacture": paper}], "avecPiecesJointesComplementaires": with_files}
    return base64.b64decode(actors.call(who, DOWNLOAD, body)["fichierResultat"])


def text_of(pdf: bytes) -> str:
    """What a PDF says, on one line."""
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(said.replace("\u00a0", " ").split())


def sheet(actors: Actors, who: str, paper: int) -> str:
    """What the payment sheet says to ``who``."""
    answer = actors.call(who, f"{PAPERS}/{paper}/fiche-de-paiement")
    return text_of(base64.b64decode(answer["fichierResultat"]))


def test_rule_17_the_payers_invoice_says_who_is_paid_what_and_the_situation(actors: Actors, contract: int) -> None:
    paper = payment(actors)
    received = actors.call("payeur", READ_RECEIVED, {"idFacture": paper})["facture"]
    said = received["commentaire"].replace("\u00a0", " ")
    assert f"Demo Titulaire ({SIRET['titulaire']}, titulaire) : 9 800,00 € TTC" in said
    assert f"Demo Sous-traitant ({SIRET['sous-traitant']}, sous-traitant) : 1 200,00 € TTC" in said
    assert "Situation n° 3 (11/2026), hors taxes : cumul à ce jour 30 000,00 €" in said
    assert HOLDER not in str(received)


def test_rule_29_the_payment_sheet_adds_up_and_has_accounts_for_the_payer_alone(actors: Actors, contract: int) -> None:
    paper = payment(actors)
    said = sheet(actors, "payeur", paper)
    for part in (
        "9 800,00 €", "1 200,00 €", "Total 11 000,00 €", "Cumul à ce jour 30 000,00 €",
        "Paiements précédents 12 000,00 €", "Ce paiement 11 000,00 €", "Total des paiements 23 000,00 €",
        "Reste du marché 77 000,00 €", "FR76 3000 6000 0112 3456 7890 189", "FR14 2004 1010 0505 0001 3M02 606",
    ):  # fmt: skip
        assert part in said
    for who in ("MOA", "MOE", "titulaire"):
        seen = sheet(actors, who, paper)
        assert "Total 11 000,00 €" in seen
        assert "3000 6000" not in seen
    for who in ("sous-traitant", "étranger"):
        assert "n'existe pas" in actors.refusal(who, f"{PAPERS}/{paper}/fiche-de-paiement")
    actors.pay(paper, "MANDATEE")
    actors.act("payeur", "PAYER_PART", paper, identifiantCreancier=SIRET["sous-traitant"])
    assert "payée le 23/11/2026" in sheet(actors, "payeur", paper)


def test_rule_29_a_paper_that_is_not_the_payers_has_no_payment_sheet(actors: Actors, contract: int) -> None:
    monthly = actors.deposit("titulaire", "A4")
    assert "service financier" in actors.refusal("MOA", f"{PAPERS}/{monthly}/fiche-de-paiement")


def pivot_unit(actors: Actors, who: str, paper: int) -> Any:
    """The one invoice of a pivot file, found valid."""
    root = etree.fromstring(downloaded(actors, who, paper, "PIVOT"))
    PIVOT.assertValid(root)
    [unit] = root.iter("CPPFacturePivotUnitaire")
    return unit


def sheet_inside(unit: Any) -> str:
    """What the payment sheet among the files of a pivot invoice says."""
    [piece] = [one for one in unit.findall("PJ") if one.findtext("NomPJOrigine") == "fiche-de-paiement.pdf"]
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(piece.findtext("Contenu")))) as package:
        return text_of(package.read(package.namelist()[0]))


def test_rule_29_the_pivot_has_the_situation_as_its_line_and_the_sheet_among_its_files(
    actors: Actors, contract: int
) -> None:
    unit = pivot_unit(actors, "payeur", payment(actors))
    lines = unit.findall("DonneesFacture/Lignes/Ligne")
    assert [line.findtext("ReferenceProduit") for line in lines] == ["Situation n° 3 (11/2026)"]
    assert sum(Decimal(line.findtext("MontantHT")) for line in lines) == Decimal("9166.67")
    assert Decimal(unit.findtext("DonneesFacture/Montants/MontantHT")) == Decimal("9166.67")
    assert unit.find("Fournisseur/ReferenceBancaire") is None, "two creditors have two accounts"
    assert "Total 11 000,00 €" in sheet_inside(unit)


def test_rule_17_the_pivot_of_one_creditor_has_its_account_for_the_payer_alone(actors: Actors, contract: int) -> None:
    request = actors.deposit("sous-traitant", "A10", gross=1200.0)
    actors.act("titulaire", "VALIDER", request)
    actors.do("MOE", "prendre/en/compte", request)
    paper = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", request, gross=1200.0), gross=1200.0)
    unit = pivot_unit(actors, "payeur", paper)
    account = unit.find("Fournisseur/ReferenceBancaire")
    assert (account.get("Type"), account.findtext("Compte")) == ("IBAN", SUBCONTRACTOR)
    assert account.findtext("RaisonSocialeEncaisseur") == "Demo Sous-traitant"
    assert unit.findtext("DonneesFacture/ModePaiement/Code") == "30"
    theirs = pivot_unit(actors, "sous-traitant", paper)
    assert theirs.find("Fournisseur/ReferenceBancaire") is None
    assert "Compte du marché" not in sheet_inside(theirs), "what others are paid is not shown to a sous-traitant"
    assert "Compte du marché" in sheet_inside(unit)


def test_rule_29_a_zip_with_files_has_the_sheet_and_a_pdf_alone_stays_what_was_deposited(
    actors: Actors, contract: int
) -> None:
    paper = payment(actors)
    assert downloaded(actors, "payeur", paper, "PDF").startswith(b"%PDF-")
    with zipfile.ZipFile(io.BytesIO(downloaded(actors, "payeur", paper, "ZIP", with_files=True))) as package:
        assert f"{paper}/fiche-de-paiement.pdf" in package.namelist()
    with zipfile.ZipFile(io.BytesIO(downloaded(actors, "payeur", paper, "ZIP"))) as package:
        assert len(package.namelist()) == 1


# The account of a contract


def printed(actors: Actors, who: str, contract: int) -> str:
    """What the account of a contract says on its pages."""
    return text_of(base64.b64decode(actors.call(who, f"{CONTRACTS}/{contract}/compte/pdf")["fichierResultat"]))


def test_rule_29_the_account_of_a_contract_is_a_pdf_with_the_sums_of_its_json(actors: Actors, contract: int) -> None:
    actors.pay(payment(actors), "MANDATEE", "MISE_EN_PAIEMENT")
    account = actors.call("MOA", f"{CONTRACTS}/{contract}/compte")
    assert (account["totalDemande"], account["totalPaye"]) == (24000.0, 11000.0)
    for who in ("MOA", "MOE", "titulaire", "payeur"):
        said = printed(actors, who, contract)
        assert "Total 24 000,00 € 23 000,00 € 23 000,00 € 11 000,00 €" in said
        assert "Montant du marché 100 000,00 €" in said
        assert "Vos demandes seules" not in said


def test_rule_29_who_may_not_read_the_account_gets_no_pages_of_it(actors: Actors, contract: int) -> None:
    payment(actors)
    own = printed(actors, "sous-traitant", contract)
    assert "Total 1 200,00 € 1 200,00 € 1 200,00 € 0,00 €" in own
    assert "Vos demandes seules" in own
    assert "100 000,00" not in own
    assert "Demo Titulaire" not in own.split("Demandes")[1]
    assert "n'existe pas" in actors.refusal("étranger", f"{CONTRACTS}/{contract}/compte/pdf")
