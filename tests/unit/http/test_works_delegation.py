"""A paper that the MOE deposits in the MOA's place reaches the payer only by the contract and the circuit (W3)."""

import pytest

from tests.aws import Hub
from tests.unit.http.calling import CONTRACTS, READ_RECEIVED, Clock
from tests.unit.http.works_actors import SIRET, Actors, write_actors


@pytest.fixture
def actors(world: Hub, at: Clock) -> Actors:
    """The actors of a contract, none of which is registered yet."""
    write_actors()
    return Actors(at)


def at_payer(actors: Actors, paper: int) -> list[str]:
    """The frames of the papers of a file that the payer can read as its own."""
    papers = actors.file(paper)["listePieces"]
    return [
        one["cadreDeFacturation"]["codeCadreFacturation"].split("_")[0] for one in papers if one.get("destinataire")
    ]


def delegate(actors: Actors, contract: int, *frames: str) -> list[str]:
    """The MOA writes which papers others deposit in its place; what the history of the contract says."""
    body = {"nature": "CADRES_DELEGUES", "cadresDelegues": list(frames), "dateEffet": "2026-11-23"}
    made = actors.call("MOA", f"{CONTRACTS}/{contract}/avenants", body)["marche"]
    assert made["cadresDelegues"] == [frame for frame in made["cadresDelegues"] if frame[:3] in frames]
    return [one["texte"] for one in made["avenants"]]


def test_without_a_delegation_in_the_contract_the_moes_a16_is_refused_whatever_the_moe_writes(actors: Actors) -> None:
    actors.register()
    statement = actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4"))
    said = actors.deposit_refused("MOE", "A16", statement, commentaire="Par délégation de la MOA")
    assert "avenant (CADRES_DELEGUES)" in said
    assert at_payer(actors, statement) == []


def test_with_the_delegation_an_a16_follows_an_etat_dacompte_and_opens_nothing(actors: Actors) -> None:
    actors.register(cadresDelegues=["A16"])
    said = actors.deposit_refused("MOE", "A16")
    assert "ne peut pas ouvrir un dossier" in said
    assert "A15, A5" in said
    monthly = actors.deposit("titulaire", "A4")
    assert "ne suit pas une pièce A4" in actors.deposit_refused("MOE", "A16", monthly)
    validated = actors.deposit("MOE", "A16", actors.deposit("MOE", "A15", monthly))
    assert actors.paper(validated, "payeur")["statutFactureTravaux"] == "MISE_A_DISPOSITION"
    assert at_payer(actors, monthly) == ["A16"]


def test_an_etat_dacompte_that_the_moa_refused_is_not_validated_by_the_moe(actors: Actors) -> None:
    actors.register(cadresDelegues=["A16"])
    statement = actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4"))
    actors.do("MOA", "refuser", statement, codeMotif="MAUVAIS_CADRE", commentaire="refaire")
    assert "REFUSEE_MOA" in actors.deposit_refused("MOE", "A16", statement)
    assert at_payer(actors, statement) == []


def test_the_moa_gives_its_pen_away_and_takes_it_back_by_an_amendment(actors: Actors) -> None:
    contract = actors.register()
    statements = [actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4")) for _ in range(2)]
    assert delegate(actors, contract, "A16") == ["Cadres délégués : A16 (avant : aucun)."]
    actors.deposit("MOE", "A16", statements[0])
    assert delegate(actors, contract)[-1] == "Cadres délégués : aucun (avant : A16)."
    assert "délégation" in actors.deposit_refused("MOE", "A16", statements[1])
    for who in ("MOE", "titulaire"):
        body = {"nature": "CADRES_DELEGUES", "cadresDelegues": ["A16"], "dateEffet": "2026-11-23"}
        assert "MOA" in actors.refusal(who, f"{CONTRACTS}/{contract}/avenants", body)
    refused = {"nature": "CADRES_DELEGUES", "cadresDelegues": ["A19"], "dateEffet": "2026-11-23"}
    assert "A6, A16 et A18" in actors.refusal("MOA", f"{CONTRACTS}/{contract}/avenants", refused)
    nothing = {"nature": "CADRES_DELEGUES", "dateEffet": "2026-11-23"}
    assert "cadresDelegues" in actors.refusal("MOA", f"{CONTRACTS}/{contract}/avenants", nothing)


def test_the_payer_is_told_that_the_moa_did_not_write_an_a16(actors: Actors) -> None:
    actors.register(cadresDelegues=["A16"])
    validated = actors.deposit("MOE", "A16", actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4")))
    invoice = actors.call("payeur", READ_RECEIVED, {"idFacture": validated})
    assert "à la place de la MOA" in str(invoice)
    assert SIRET["titulaire"] in str(invoice)
