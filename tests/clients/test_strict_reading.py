"""Every answer of the manual is read as the strictest clients read it, and every replayed call too."""

import base64
import json
from typing import Any

import pytest
from chorale.apidoc.openapi import examples
from chorale.domain.invoices.reference_lists import DEPOSIT_MODES
from chorale.http.edge.api import Operation

from tests.aws import Hub, hub
from tests.cast import OTHER_RECIPIENT, SUPPLIER
from tests.clients.strict import PHP_ANSWERS, go_faults, php_faults
from tests.unit.http.calling import DETACH_FILE, EXECUTING_SERVICES, LISTS, PDF, STORE_FILE, Caller, routes
from tests.unit.http.conftest import at, world

__all__ = ["at", "hub", "world"]

FAMILIES = ("/cpro/factures/", "/cpro/structures/", "/cpro/transverses/", "/cpro/utilisateurs/")
CALLED_IN_GO = [operation for _, operation in routes() if operation.path.startswith(FAMILIES) and not operation.public]


@pytest.mark.parametrize("operation", CALLED_IN_GO, ids=lambda operation: operation.name)
def test_a_typed_client_decodes_every_answer(operation: Operation) -> None:
    assert list(go_faults(examples()[operation.name]["response"])) == []


@pytest.mark.parametrize("name", PHP_ANSWERS)
def test_a_client_that_casts_each_field_reads_the_answer(name: str) -> None:
    assert list(php_faults(examples()[name]["response"], PHP_ANSWERS[name])) == []


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"dateDepot": "2026-11-23T09:30:00Z"}, ".dateDepot"),
        ({"dateHeureEtatCourant": "2026-11-23 09:30"}, ".dateHeureEtatCourant"),
        ({"listeFactures": [{"identifiantFactureCPP": "1"}]}, ".listeFactures[].identifiantFactureCPP"),
        ({"montantTTC": "1.00"}, ".montantTTC"),
        ({"numeroFacture": 12}, ".numeroFacture"),
        ({"estActif": "true"}, ".estActif"),
    ],
)
def test_the_typed_reading_finds_what_it_must(answer: dict[str, Any], fault: str) -> None:
    [found] = go_faults(answer)

    assert found.startswith(f"{fault} is ")


@pytest.mark.parametrize(
    ("name", "answer", "fault"),
    [
        ("consulterCR", {"dateDepotFlux": "2026-11-23T09:30:00Z"}, ".dateDepotFlux"),
        ("deposerPdfFacture", {"dateFacture": None}, ".dateFacture"),
        ("deposerPdfFacture", {"typeTva": None}, ".typeTva"),
        ("deposerPdfFacture", {"montantTVA": None}, ".montantTVA"),
        ("rechercherStructure", {"listeStructures": []}, ".parametresRetour is missing"),
        ("deposerFluxFacture", {"syntaxeFlux": "UBL"}, ".syntaxeFlux"),
    ],
)
def test_the_casting_reading_finds_what_it_must(name: str, answer: dict[str, Any], fault: str) -> None:
    [found] = php_faults(answer, PHP_ANSWERS[name])

    assert found.startswith(fault)


def test_an_unreadable_pdf_is_an_answer_that_the_casting_client_reads(world: Hub) -> None:
    body = {
        "fichierFacture": base64.b64encode(b"%PDF-1.7").decode(),
        "nomFichier": "scan.pdf",
        "idUtilisateurCourant": 0,
    }

    answer = Caller(SUPPLIER).post(PDF, body | {"formatDepot": "PDF_NON_SIGNE"})

    assert list(php_faults(answer, PHP_ANSWERS["deposerPdfFacture"])) == []
    assert list(go_faults(answer)) == []


def test_the_casting_client_knows_every_mode_of_deposit() -> None:
    """Its closed list has these fifteen."""
    assert set(DEPOSIT_MODES) == {
        "SAISIE_WEB", "PORTAIL_PDF", "EDI_XML_STRUCT", "EDI_MIXTE", "EDI_PDF_ARCHIVE", "SAISIE_PORTAIL", "SAISIE_API",
        "DEPOT_PDF_PORTAIL", "DEPOT_PDF_SIGNE_PORTAIL", "DEPOT_PDF_API", "DEPOT_PDF_SIGNE_API", "EDI", "UPLOAD_PORTAIL",
        "UPLOAD_API", "EDI_NUMERISATION",
    }  # fmt: skip


def test_the_deprecated_calls_of_the_casting_client_are_answered(world: Hub) -> None:
    """It stores a file, gives up, and takes it back; it names services by its older keys and pages from zero."""
    php = Caller(SUPPLIER)
    file = {"pieceJointeFichier": "JVBERi0xLjc=", "pieceJointeNom": "a.pdf", "pieceJointeTypeMime": "application/pdf"}
    stored = php.post(STORE_FILE, file)
    paging = {"pageResultatDemandee": 0, "nbResultatsParPage": 1, "triSens": "Ascendant"}
    asked = {"idDestinataireCPP": OTHER_RECIPIENT.id, "nomServiceExecutant": None, "parametresRecherche": paging}

    assert php.post(DETACH_FILE, {"idPieceJointeObjet": stored["pieceJointeId"]})["codeRetour"] == 0
    services = php.post(EXECUTING_SERVICES, asked)
    assert list(php_faults(services, PHP_ANSWERS["rechercherServiceExecutant"])) == []
    assert services["listeServices"]
    structures = php.post(f"{LISTS}/structuresPourUtilisateur", {"espaceFo": 1})
    assert list(php_faults(structures, PHP_ANSWERS["recupererStructuresPourUtilisateur"])) == []


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"", json.dumps({"idUtilisateurCourant": 0, "codeLangue": "fr"}).encode()]
)
def test_what_clients_send_with_any_search_is_no_unknown_criterion(world: Hub, body: bytes) -> None:
    searches = [
        operation
        for _, operation in routes()
        if operation.known_only and operation.method == "POST" and operation.gives
    ]
    assert searches
    for operation in searches:
        answer = Caller(SUPPLIER).raw("POST", operation.path, body)
        assert "n'est pas connu ici" not in answer.json_body["libelle"], operation.name
