"""The chain's figures at the payer: its invoice, its pivot, its pages; and the account of a contract as a PDF.

What is shown adds up to the total, whoever looks (rules 17 and 29).
"""

import base64
import io
import json
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
    said = json.dumps(actors.call("payeur", READ_RECEIVED, {"idFacture": paper}), ensure_ascii=False)
    assert f"Demo Titulaire ({SIRET['titulaire']}, titulaire) : 9 800,00 € TTC" in said
    assert f"Demo Sous-traitant ({SIRET['sous-traitant']}, sous-traitant) : 1 200,00 € TTC" in said
    assert "Situation n° 3 (11/2026), hors taxes : cumul à ce jour 30 000,00 €" in said
    assert HOLDER not in said


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


# The balance in the account of a contract


def account(actors: Actors, contract: int, who: str = "MOA") -> dict[str, Any]:
    """The account of a contract as ``who`` reads it."""
    return actors.call(who, f"{CONTRACTS}/{contract}/compte")


def test_rule_29_the_balance_is_in_the_account_from_its_draft_to_its_payment(actors: Actors, contract: int) -> None:
    actors.receive_works(contract)
    names = ("cadreFacturation", "demande", "moe", "moa", "paye", "conteste")

    def balance(who: str = "MOA") -> list[Any]:
        return [[row.get(name) for name in names] for row in account(actors, contract, who)["lignes"]]

    draft = actors.deposit("titulaire", "A7", gross=15000.0, chiffres={"retenueGarantie": 600, "avanceReprise": 1000})
    assert balance() == [["A7", 15000, None, None, None, None]]
    general = actors.deposit("MOE", "A17", draft, gross=14000.0)
    notified = actors.deposit("MOA", "A20", general, gross=12000.0)
    assert balance() == [["A7", 15000, 14000, 12000, None, None]]
    reserves = {"motifs": "Poste 3", "montantReclame": 5000.0}
    signed = actors.deposit("titulaire", "A8", notified, reserves=reserves)
    assert balance() == [["A8", 15000, 14000, 12000, None, 5000]]
    actors.pay(signed, "MANDATEE", "MISE_EN_PAIEMENT")
    for who in ("MOA", "MOE", "titulaire", "payeur"):
        assert balance(who) == [["A8", 15000, 14000, 12000, 12000, 5000]]
    whole = account(actors, contract)
    totals = [whole[name] for name in ("totalDemande", "totalAdmis", "totalPaye", "totalConteste")]
    assert totals == [15000, 12000, 12000, 5000]
    assert whole["situation"]["idFactureTravaux"] == signed
    assert whole["situation"]["chiffres"] == {"retenueGarantie": 600, "avanceReprise": 1000}
    assert "15000,00;14000,00;12000,00;12000,00" in whole["csv"]
    pages = printed(actors, "MOA", contract)
    assert "Total 15 000,00 € 14 000,00 € 12 000,00 € 12 000,00 €" in pages
    assert "non accordé : 5 000,00 € TTC" in pages
    assert "Retenue de garantie 600,00 €" in pages


def test_rule_29_the_account_ends_at_the_sums_of_the_parts_that_the_payer_has(actors: Actors, contract: int) -> None:
    month = payment(actors)
    actors.pay(month, "MANDATEE", "MISE_EN_PAIEMENT")
    actors.receive_works(contract)
    notified = actors.deposit("MOA", "A20", actors.deposit("titulaire", "A7", gross=15000.0))
    reserves = {"motifs": "Poste 3", "montantReclame": 5000.0}
    signed = actors.deposit("titulaire", "A8", notified, reserves=reserves)
    actors.pay(signed, "MANDATEE", "MISE_EN_PAIEMENT")
    actors.act("MOA", "REPONDRE_RECLAMATION", signed, commentaire="en partie", montantAccepte=2000)
    complement = actors.deposit("MOA", "A19", signed, gross=2000.0)
    actors.pay(complement, "MANDATEE", "MISE_EN_PAIEMENT")
    parts = [part["montantTTC"] for one in (month, signed, complement) for part in actors.paper(one)["listeParts"]]
    whole = account(actors, contract)
    assert sum(parts) == 25000.0
    assert whole["totalPaye"] == sum(parts)
    assert whole["totalConteste"] == 3000.0
    assert [row.get("moa") for row in whole["lignes"]][-2:] == [12000, 2000]


def test_rule_29_the_mandataire_shares_the_balance_and_each_creditor_reads_its_own(actors: Actors) -> None:
    contract = actors.register(group=True)
    actors.receive_works(contract)
    notified = actors.deposit("MOA", "A20", actors.deposit("titulaire", "A7", gross=15000.0))
    shares = [
        {"identifiant": SIRET["titulaire"], "montantTtc": 9000},
        {"identifiant": SIRET["cotraitant"], "montantTtc": 3000},
    ]
    signed = actors.deposit("titulaire", "A8", notified, listeParts=shares)
    actors.pay(signed, "MANDATEE")
    actors.act("payeur", "PAYER_PART", signed, identifiantCreancier=SIRET["cotraitant"])
    seen = [[row.get(name) for name in ("demande", "moa", "paye")] for row in account(actors, contract)["lignes"]]
    assert seen == [[12000, 9000, None], [3000, 3000, 3000]]
    own = account(actors, contract, "cotraitant")
    assert [[row.get(name) for name in ("demande", "moa", "paye")] for row in own["lignes"]] == [[3000, 3000, 3000]]


@pytest.mark.parametrize("ends", ["A23", "A24", "A25"])
def test_rule_29_a_tacit_account_is_in_the_account_of_the_contract(actors: Actors, contract: int, ends: str) -> None:
    actors.receive_works(contract)
    draft = actors.deposit("titulaire", "A7")
    actors.wait(35, draft)
    tacit = actors.deposit("titulaire", "A22", draft)
    assert [row["cadreFacturation"] for row in account(actors, contract)["lignes"]] == ["A22"]
    actors.wait(14, draft)
    who = {"A23": "titulaire", "A24": "MOE", "A25": "MOA"}[ends]
    actors.pay(actors.deposit(who, ends, tacit), "MANDATEE", "MISE_EN_PAIEMENT")
    whole = account(actors, contract)
    assert (whole["totalDemande"], whole["totalPaye"]) == (12000.0, 12000.0)
    assert [row["cadreFacturation"] for row in whole["lignes"]] == [ends]


def test_rule_29_what_is_admitted_of_a_refused_account_and_of_its_claim_is_in_the_account(
    actors: Actors, contract: int
) -> None:
    actors.receive_works(contract)
    notified = actors.deposit("MOA", "A20", actors.deposit("titulaire", "A7", gross=15000.0), gross=10000.0)
    claim = {"motifs": "Poste 3", "montantReclame": 5000.0}
    actors.do("titulaire", "refuser", notified, codeMotif="RECLAMATION", reclamation=claim)
    first = account(actors, contract)["lignes"]
    assert [(row["moa"], row["conteste"]) for row in first] == [(10000, 5000)]
    admitted = actors.deposit("MOA", "A19", notified, gross=10000.0)
    actors.act("MOA", "REPONDRE_RECLAMATION", notified, commentaire="pour moitié", montantAccepte=2500)
    complement = actors.deposit("MOA", "A19", notified, gross=2500.0)
    for paper in (admitted, complement):
        actors.pay(paper, "MANDATEE", "MISE_EN_PAIEMENT")
    whole = account(actors, contract)
    assert (whole["totalAdmis"], whole["totalPaye"], whole["totalConteste"]) == (12500.0, 12500.0, 2500.0)
    assert whole["lignes"][0]["demande"] == 15000.0


def test_a_signed_account_has_what_its_reserves_claim_as_contested_beside_what_is_owed(
    actors: Actors, contract: int
) -> None:
    actors.receive_works(contract)
    notified = actors.deposit("MOA", "A20", actors.deposit("titulaire", "A7"))
    reserves = {"motifs": "Poste 3", "montantReclame": 5000.0}
    signed = actors.deposit("titulaire", "A8", notified, reserves=reserves)
    for who in ("MOA", "MOE", "titulaire", "payeur"):
        delay = actors.delay(signed, who)
        assert (delay["montantDu"], delay["montantConteste"]) == (12000.0, 5000.0)
    actors.act("MOA", "REPONDRE_RECLAMATION", signed, commentaire="en partie", montantAccepte=2000)
    assert actors.delay(signed)["montantConteste"] == 3000.0
