"""The works chain through the API: what a client sends, what it is answered, and to whom nothing is said."""

import base64
from typing import Any

import pytest
from chorale.domain.access.rights import Right
from chorale.stores.access import accounts
from chorale.stores.directory import structures as directory
from chorale.usecases.access import authenticate

from tests.aws import Hub
from tests.cast import EVERYBODY, actor
from tests.unit.http.calling import CONTRACTS, DECIDE, FILES, PAPERS, PASSWORD, STORE_FILE, TASKS, WORKS, Caller
from tests.unit.http.works_scenario import CONTRACT, submission
from tests.works import COTRAITANT, FINANCE, MOA, MOE, SITE, SOUS_TRAITANT, STRANGER, TITULAIRE

A4, A10 = "A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR", "A10_PROJET_DECOMPTE_MENSUEL_SOUSTRAITANT"


@pytest.fixture
def site(world: Hub) -> dict[str, Any]:
    """A registered contract; its answer."""
    directory.write([one for one in SITE if one not in EVERYBODY], [], [])
    for structure in SITE:
        somebody = actor(structure)
        account = accounts.TechnicalAccount(somebody.login, accounts.hashed(PASSWORD), dict(somebody.rights))
        accounts.write_technical_account(account)
    answer: dict[str, Any] = Caller(MOA).post(CONTRACTS, CONTRACT)
    assert answer["codeRetour"] == 0, answer
    return answer["marche"]


def deposit(by: Any, number: str, frame: str, **more: Any) -> dict[str, Any]:
    return Caller(by).post(f"{WORKS}/soumettre", submission(number, frame, **more))


def test_a_contract_shows_the_deadlines_that_apply_to_it(site: dict[str, Any]) -> None:
    deadlines = {one["delai"]: one for one in site["delais"]}
    assert deadlines["PROJET_DECOMPTE_FINAL"]["jours"] == 45, "as its CCAP says"
    assert deadlines["ETAT_ACOMPTE_MOE"]["reference"] == "CCAG Travaux 12.2.2"
    assert all(one["effetDuSilence"] and one["pointDeDepart"] for one in site["delais"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ccag": "CCAG_1976"}, "CCAG_2021"),
        ({"listeIntervenants": []}, "MOA"),
        ({"serviceFinancier": "00000000000000"}, "annuaire"),
        ({"delais": [{"delai": "VALIDATION_SOUS_TRAITANT", "jours": 30}]}, "CCAP"),
        ({"delais": [{"delai": "ETAT_ACOMPTE_MOE", "jours": 0}]}, "365"),
        ({"cadresDelegues": ["A4"]}, "A16"),
        ({"numeroMarche": " "}, "obligatoire"),
        ({"naturePayeur": "BANQUE"}, "naturePayeur"),
    ],
)
def test_a_contract_that_cannot_be_is_refused_with_what_to_change(
    site: dict[str, Any], change: dict[str, Any], says: str
) -> None:
    answer = Caller(MOA).post(CONTRACTS, CONTRACT | {"numeroMarche": "AUTRE"} | change)
    assert answer["codeRetour"] != 0
    assert says in answer["libelle"]


def test_the_other_parties_read_the_name_of_a_structure_and_never_its_account(site: dict[str, Any]) -> None:
    made = deposit(TITULAIRE, "PDM-1", A4)
    number = {"idFactureTravaux": made["idFactureTravaux"]}
    seen = {who.id: Caller(who).post(f"{WORKS}/consulter", number) for who in (TITULAIRE, MOE)}
    authors = {
        who: {line["auteur"] for line in answer["factureTravaux"]["historiqueDemandePaiement"]} - {"SYSTEME"}
        for who, answer in seen.items()
    }

    assert authors == {TITULAIRE.id: {actor(TITULAIRE).login}, MOE.id: {TITULAIRE.name}}
    assert actor(TITULAIRE).login not in str(seen[MOE.id])
    whole = Caller(MOE).get(f"{FILES}/{seen[MOE.id]['factureTravaux']['references']['idDossierFacturation']}")
    assert actor(TITULAIRE).login not in str(whole)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"modeDepot": "SAISIE_API"}, "DEPOT_PDF_API"),
        ({"cadreDeFacturation": {"codeCadreFacturation": "A99"}}, "A99"),
        ({"cadreDeFacturation": {}}, "codeCadreFacturation"),
        ({"pieceJointePrincipale": {"contenu": ""}}, "obligatoire"),
        ({"pieceJointePrincipale": {"contenu": "@@"}}, "base64"),
        ({"pieceJointePrincipale": {"contenu": base64.b64encode(b"MZ").decode()}}, "PDF"),
        ({"numeroFactureTravaux": "X" * 21}, "20"),
        ({"references": {"numeroMarche": "INCONNU"}}, "INCONNU"),
        ({"references": {}}, "numeroMarche"),
        ({"montantTotal": {"montantHtTotal": 100, "montantTtcTotal": 50}}, "TTC"),
        ({"idPiecePrecedente": 999}, "999"),
        ({"listeDemandesJointes": [999]}, "999"),
        ({"cadreDeFacturation": {"codeCadreFacturation": A4, "identifiantMoe": "123"}}, "123"),
        ({"cadreDeFacturation": {"codeCadreFacturation": "A22"}}, "A7"),
        ({"cadreDeFacturation": {"codeCadreFacturation": "A1"}}, "travaux"),
    ],
)
def test_a_paper_that_cannot_be_is_refused_and_leaves_nothing(
    site: dict[str, Any], world: Hub, change: dict[str, Any], says: str
) -> None:
    caller, body = Caller(TITULAIRE), submission("PDM-1", A4) | change
    before = {key for key in world.rows() if not key[0].startswith("COUNTER#")}
    answer = caller.post(f"{WORKS}/soumettre", body)
    assert answer["codeRetour"] != 0
    assert says in answer["libelle"]
    assert {key for key in world.rows() if not key[0].startswith("COUNTER#")} == before


def test_a_validator_decides_by_the_operation_of_ordinary_invoices(site: dict[str, Any]) -> None:
    request = deposit(SOUS_TRAITANT, "DP-1", A10)["idFactureTravaux"]
    stranger = Caller(STRANGER).post(DECIDE, {"idFacture": request, "action": "VALIDATION"})
    assert stranger["libelle"].startswith("GDP_MSG_11.008")
    agreed = Caller(COTRAITANT).post(DECIDE, {"idFacture": request, "action": "VALIDATION"})
    assert (agreed["codeRetour"], agreed["statutFacture"]) == (0, "A_VALIDER_2")
    refused = Caller(TITULAIRE).post(DECIDE, {"idFacture": request, "action": "REFUS", "motifRefus": "DOUBLON"})
    assert (refused["codeRetour"], refused["statutFacture"]) == (0, "REFUSEE_2")


def test_a_search_without_result_is_answered_as_the_platform_does(site: dict[str, Any]) -> None:
    answer = Caller(MOE).post(f"{WORKS}/rechercher", {"roleUtilisateur": "MOE"})
    assert answer["codeRetour"] == 20007
    assert answer["libelle"].startswith("GFT_MSG_01.075")


def test_searches_have_pages_and_points_of_view(site: dict[str, Any]) -> None:
    for n in range(5):
        deposit(TITULAIRE, f"PDM-{n}", A4)
    deposit(SOUS_TRAITANT, "DP-1", A10)
    paging = {"nbResultatsParPage": 2, "pageResultatDemandee": 2}
    seen = Caller(MOE).post(f"{WORKS}/rechercher", {"cadreFacturation": A4, "rechercheFactureTravaux": paging})
    assert [row["numeroFactureTravaux"] for row in seen["listeFacturesTravaux"]] == ["PDM-2", "PDM-1"]
    assert seen["parametresRetour"] == {"pageCourante": 2, "pages": 3, "nbResultatsParPage": 2, "total": 5}
    views = {"FOURNISSEUR": 5, "VALIDEUR": 0, "MOE": 0}
    for role, count in views.items():
        answer = Caller(TITULAIRE).post(f"{WORKS}/rechercher", {"roleUtilisateur": role})
        assert len(answer["listeFacturesTravaux"]) == count
    wrong = Caller(MOE).post(f"{WORKS}/rechercher", {"roleUtilisateur": "MAIRE"})
    assert "MAIRE" in wrong["libelle"]


PATHS = [
    "consulter",
    "consulter/dossierfacturation",
    "prendre/en/compte",
    "completer",
    "completermoe",
    "recycler",
    "demander/recyclage",
    "refuser",
    "suspendre/demander/completer/factureTravaux",
    "corriger/valideur",
]
BODY = {
    "commentaire": "x", "codeMotif": "AUTRE", "identifiantMoe": MOE.identifier, "identifiantStructure": MOE.identifier
}  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_nobody_else_knows_that_a_paper_exists(site: dict[str, Any], path: str) -> None:
    paper = deposit(TITULAIRE, "PDM-1", A4)["idFactureTravaux"]
    seen = Caller(STRANGER).post(f"{WORKS}/{path}", {"idFactureTravaux": paper} | BODY)
    unknown = Caller(STRANGER).post(f"{WORKS}/{path}", {"idFactureTravaux": 2_000_000_000} | BODY)
    assert (seen["codeRetour"], unknown["codeRetour"]) == (20000, 20000)
    assert seen["libelle"].replace(str(paper), "N") == unknown["libelle"].replace("2000000000", "N")


@pytest.mark.parametrize("path", PATHS)
def test_without_the_habilitation_for_works_the_answer_is_the_platforms(site: dict[str, Any], path: str) -> None:
    paper = deposit(TITULAIRE, "PDM-1", A4)["idFactureTravaux"]
    for structure in (TITULAIRE, MOE, MOA):
        rights = {structure.id: frozenset(Right) - {Right.WORKS}}
        account = accounts.TechnicalAccount(actor(structure).login, accounts.hashed(PASSWORD), rights)
        accounts.write_technical_account(account)
        authenticate.forget_verified()
        answer = Caller(structure).post(f"{WORKS}/{path}", {"idFactureTravaux": paper} | BODY)
        assert answer["codeRetour"] == 20001
        assert answer["libelle"].startswith("GDP_MSG_11.005")


def test_files_and_contracts_of_others_do_not_exist(site: dict[str, Any]) -> None:
    paper = deposit(TITULAIRE, "PDM-1", A4)["idFactureTravaux"]
    whole = Caller(MOE).post(f"{WORKS}/consulter", {"idFactureTravaux": paper})
    file = whole["factureTravaux"]["references"]["idDossierFacturation"]
    for path in (f"{FILES}/{file}", f"{CONTRACTS}/{site['idMarche']}", f"{FILES}/abc", f"{FILES}/99999999999999"):
        assert Caller(STRANGER).get(path)["codeRetour"] == 20000
    for outsider in (FINANCE, SOUS_TRAITANT, COTRAITANT):
        assert Caller(outsider).get(f"{FILES}/{file}")["codeRetour"] == 20000
    assert Caller(MOE).get(f"{FILES}/{file}")["codeRetour"] == 0
    acted = Caller(STRANGER).post(f"{PAPERS}/{paper}/actes", {"acte": "ABANDONNER"})
    assert acted["codeRetour"] == 20000
    assert "VALIDER" in Caller(MOE).post(f"{PAPERS}/{paper}/actes", {"acte": "DANSER"})["libelle"]


def test_the_same_submission_with_its_key_is_done_once(site: dict[str, Any]) -> None:
    caller = Caller(TITULAIRE)
    caller.headers["Idempotency-Key"] = "une-clé"
    first = caller.post(f"{WORKS}/soumettre", submission("PDM-1", A4))
    again = caller.post(f"{WORKS}/soumettre", submission("PDM-1", A4))
    assert first == again
    tasks = Caller(MOE).post(TASKS, {})
    assert tasks["parametresRetour"]["total"] == 1


def test_files_are_attached_by_a_deposit_and_by_a_completion(site: dict[str, Any], world: Hub) -> None:
    file = {
        "pieceJointeNom": "metre",
        "pieceJointeExtension": "PDF",
        "pieceJointeTypeMime": "application/pdf",
        "pieceJointeFichier": base64.b64encode(b"%PDF-1.7").decode(),
    }
    first, second = (Caller(TITULAIRE).post(STORE_FILE, file)["pieceJointeId"] for _ in range(2))
    unknown = deposit(TITULAIRE, "PDM-1", A4, listePiecesJointes=[5])
    assert unknown["codeRetour"] != 0
    paper = deposit(TITULAIRE, "PDM-1", A4, listePiecesJointes=[first])["idFactureTravaux"]
    asked = {"idFactureTravaux": paper, "commentaire": "Joindre le métré"}
    Caller(MOE).post(f"{WORKS}/suspendre/demander/completer/factureTravaux", asked)
    pieces = {"idFactureTravaux": paper, "pieceJointeComplementaire": [{"pieceJointeComplementaireId": second}]}
    assert Caller(TITULAIRE).post(f"{WORKS}/completer", pieces)["statutFactureTravaux"] == "COMPLETEE"
    seen = Caller(MOE).post(f"{WORKS}/consulter", {"idFactureTravaux": paper})["factureTravaux"]
    assert [one["pieceJointeId"] for one in seen["listeDesPiecesJointes"]] == [first, second]
    assert len([key for key in world.rows() if key[0] == f"INV#{paper}" and "ATT" in key[1]]) == 2
