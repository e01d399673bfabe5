"""Who may call what: every route, for everybody who should be refused."""

import json
from datetime import timedelta
from typing import Any

import pytest
from chorale.domain.access.rights import Right
from chorale.domain.frames import Frame
from chorale.domain.statuses import Status
from chorale.http.edge.api import Operation
from chorale.stores import objects
from chorale.stores.access import accounts
from chorale.stores.deposits import flux as flux_store

from tests.aws import Hub
from tests.cast import (
    NOW,
    OTHER_RECIPIENT,
    OTHER_SUPPLIER,
    RECIPIENT,
    SERVICE,
    STATE,
    SUPPLIER,
    actor,
    flux,
    leave_first_numbers_to_the_tests,
    reference,
)
from tests.unit.http.calling import (
    ACCOUNT_FILES,
    CHECK,
    COMPLETE,
    CR,
    CR_DETAILS,
    DECIDE,
    DEPOTS,
    DIRECTORY_FILE,
    DOWNLOAD_FILES,
    FLUX,
    HANDLE_REJECTION,
    HISTORY,
    ISSUED,
    KEYED,
    NAME_VALIDATOR,
    NEXT_STATUSES,
    PASSWORD,
    PAYMENT_REQUESTS,
    READ_ISSUED,
    READ_RECEIVED,
    READ_TO_VALIDATE,
    RECEIVED,
    RECIPIENT_WORK,
    RECYCLE,
    REFUSAL_MOTIVES,
    SERVICE_PATH,
    SERVICES,
    SPACES,
    STATE_SERVICES,
    STATUSES,
    STATUSES_BY_TYPE,
    STORE_FILE,
    STRUCTURE,
    STRUCTURE_FILES,
    STRUCTURES,
    SUBMIT,
    SUPPLIER_WORK,
    TO_VALIDATE,
    TREAT,
    VALIDATOR_WORK,
    VISIBLE_STATUSES,
    WEBHOOKS,
    Caller,
    Clock,
    account,
    request,
    routes,
    token,
)

DEPOSIT = flux(900)
PUBLIC = {"/api/oauth/token", "/cpro/transverses/v1/health-check", "/docs", "/docs/openapi.json"}
PROTECTED = [operation for _, operation in routes() if operation.path not in PUBLIC]
every_protected_route = pytest.mark.parametrize("operation", PROTECTED, ids=lambda operation: operation.name)


def _call(operation: Operation, headers: dict[str, str]):
    return request(
        operation.method,
        operation.path.replace("{numero}", DEPOSIT.number).replace("{id}", "0").replace("{uuid}", "0"),
        b"{}",
        headers,
    )


def _good(**changes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token()}", "cpro-account": account(actor(SUPPLIER).login)} | changes


def test_only_these_routes_are_public() -> None:
    assert {operation.path for _, operation in routes() if operation.public} == PUBLIC


@every_protected_route
def test_without_a_token_the_answer_is_400_and_says_so(world: Hub, operation: Operation) -> None:
    answer = _call(operation, {"cpro-account": account(actor(SUPPLIER).login)})

    assert answer.status_code == 400
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="PISTE", error="invalid_request"')
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json_body["codeRetour"] == 400
    assert "Authorization" in answer.json_body["libelle"]


BAD_HEADERS = {
    "a token of nobody": ({"Authorization": "Bearer abc.def"}, "Jeton"),
    "a token that is not one": ({"Authorization": "Bearer é"}, "Jeton"),
    "no account": ({"cpro-account": ""}, "cpro-account"),
    "an unreadable account": ({"cpro-account": "%%%"}, "cpro-account"),
    "an unknown account": ({"cpro-account": account("TECH_9_0@cpro.fr")}, "Compte technique"),
    "a wrong password": ({"cpro-account": account(actor(SUPPLIER).login, "wrong")}, "Compte technique"),
}


@every_protected_route
@pytest.mark.parametrize(("headers", "reason"), BAD_HEADERS.values(), ids=BAD_HEADERS)
def test_a_bad_token_or_account_gets_401_with_the_reason_twice(
    world: Hub, operation: Operation, headers: dict[str, str], reason: str
) -> None:
    answer = _call(operation, _good(**headers))

    assert answer.status_code == 401
    assert reason in answer.json_body["libelle"]
    assert reason in answer.headers["WWW-Authenticate"]
    assert answer.headers["WWW-Authenticate"].isascii()
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json_body["codeRetour"] == 401


@every_protected_route
def test_a_token_expires(world: Hub, at: Clock, operation: Operation) -> None:
    headers = _good()
    at.set(NOW + timedelta(hours=1))

    answer = _call(operation, headers)

    assert answer.status_code == 401
    assert "expiré" in answer.json_body["libelle"]


@every_protected_route
def test_a_tampered_token_is_refused(world: Hub, operation: Operation) -> None:
    headers = _good()
    claims, _, signature = headers["Authorization"].partition(".")
    headers["Authorization"] = f"{claims}A.{signature}"

    assert _call(operation, headers).status_code == 401


def test_a_password_expires_and_the_answer_says_whose_business_it_is(world: Hub) -> None:
    somebody = actor(SUPPLIER)
    accounts.write_technical_account(
        accounts.TechnicalAccount(somebody.login, accounts.hashed(PASSWORD), dict(somebody.rights), expires_at=NOW)
    )

    answer = request("POST", ISSUED, b"{}", _good())

    assert answer.status_code == 401
    assert "gestionnaire" in answer.json_body["libelle"]


NEEDS = {
    FLUX: Right.ISSUED,
    SUBMIT: Right.ISSUED,
    DEPOTS: Right.ISSUED,
    CHECK: Right.ISSUED,
    ISSUED: Right.ISSUED,
    READ_ISSUED: Right.ISSUED,
    RECEIVED: Right.RECEIVED,
    READ_RECEIVED: Right.RECEIVED,
    TREAT: Right.RECEIVED,
    COMPLETE: Right.ISSUED,
    RECYCLE: Right.ISSUED,
    HANDLE_REJECTION: Right.ISSUED,
    NAME_VALIDATOR: Right.ISSUED,
    DECIDE: Right.TO_VALIDATE,
    SUPPLIER_WORK: Right.ISSUED,
    RECIPIENT_WORK: Right.RECEIVED,
    VALIDATOR_WORK: Right.TO_VALIDATE,
    TO_VALIDATE: Right.TO_VALIDATE,
    READ_TO_VALIDATE: Right.TO_VALIDATE,
    PAYMENT_REQUESTS: Right.ISSUED,
}
"""Route -> the right that it needs. The others need none: reports go by depositor, the directory is everybody's."""
OR_WORKS = (FLUX, DEPOTS, CHECK)
"""A flux may bring works papers only: the right on these opens the door too, and each paper is checked behind it."""
BODIES: dict[str, dict[str, Any]] = {
    FLUX: {"fichierFlux": "PGEvPg==", "nomFichier": "a.xml", "syntaxeFlux": "IN_DP_E1_UBL_INVOICE"},
    DEPOTS: {"nomFichier": "a.xml", "taille": 4, "sha256": "0" * 64, "syntaxeFlux": "IN_DP_E1_UBL_INVOICE"},
    CHECK: {"fichierFlux": "PGEvPg==", "nomFichier": "a.xml", "syntaxeFlux": "IN_DP_E1_UBL_INVOICE"},
    SUBMIT: KEYED,
    STORE_FILE: {
        "pieceJointeFichier": "JVBERi0=",
        "pieceJointeNom": "a.pdf",
        "pieceJointeExtension": "PDF",
        "pieceJointeTypeMime": "application/pdf",
    },
    ACCOUNT_FILES: {},
    DOWNLOAD_FILES: {
        "objetPieceJointe": "DEMANDE_PAIEMENT",
        "demandePaiement": {"listeFacture": [{"idFacture": 1_000_000}]},
    },
    STRUCTURE_FILES: {"idStructureCPP": SUPPLIER.id},
    WEBHOOKS: {"url": "https://erp.exemple.fr/chorale"},
    STATUSES: {"identifiantsFactureCPP": [1_000_000]},
    ISSUED: {},
    RECEIVED: {},
    READ_ISSUED: {"identifiantFactureCPP": 1_000_000},
    READ_RECEIVED: {"identifiantFactureCPP": 1_000_000},
    HISTORY: {"idFacture": 1_000_000},
    TREAT: {"idFacture": 1_000_000, "nouveauStatut": "SERVICE_FAIT"},
    COMPLETE: {"identifiantFactureCPP": 1_000_000, "commentaire": "Voici"},
    RECYCLE: {"identifiantFactureCPP": 1_000_000},
    HANDLE_REJECTION: {"listeDemandePaiement": [{"idDemandePaiement": 1_000_000}]},
    NAME_VALIDATOR: {"idFacture": 1_000_000, "identifiantStructure": OTHER_SUPPLIER.identifier},
    DECIDE: {"idFacture": 1_000_000, "action": "VALIDATION"},
    SUPPLIER_WORK: {},
    RECIPIENT_WORK: {},
    VALIDATOR_WORK: {},
    TO_VALIDATE: {},
    READ_TO_VALIDATE: {"identifiantFactureCPP": 1_000_000},
    PAYMENT_REQUESTS: {"roleUtilisateur": "FOURNISSEUR"},
    VISIBLE_STATUSES: {},
    REFUSAL_MOTIVES: {},
    NEXT_STATUSES: {"statutCourant": "MISE_A_DISPOSITION"},
    STATUSES_BY_TYPE: {},
    CR: {"numeroFluxDepot": DEPOSIT.number},
    CR_DETAILS: {"numeroFluxDepot": DEPOSIT.number},
    STRUCTURES: {"structure": {"identifiantStructure": RECIPIENT.identifier}},
    STRUCTURE: {"idStructureCPP": RECIPIENT.id},
    SERVICES: {"idStructure": OTHER_RECIPIENT.id},
    SERVICE_PATH: {"idService": SERVICE.id},
    SPACES: {"structure": {"idStructure": SUPPLIER.id}},
    STATE_SERVICES: {},
    DIRECTORY_FILE: {},
}


PUT_TO_VALIDATOR = {"frame": Frame.A9, "status": Status.A_VALIDER_1, "validator": reference(OTHER_SUPPLIER)}
KEPT: dict[str, dict[str, object]] = {
    COMPLETE: {"status": Status.SUSPENDUE},
    RECYCLE: {"status": Status.A_RECYCLER},
    HANDLE_REJECTION: {"status": Status.REJETEE},
    NAME_VALIDATOR: PUT_TO_VALIDATOR | {"status": Status.ERREUR_FOURNISSEUR_SUR_VALIDEUR},
    DECIDE: PUT_TO_VALIDATOR,
    READ_TO_VALIDATE: PUT_TO_VALIDATOR,
}
"""How the invoice is on which a route can act; the others take one at the recipient's disposal."""
HOLDERS = {Right.ISSUED: SUPPLIER, Right.RECEIVED: RECIPIENT, Right.TO_VALIDATE: OTHER_SUPPLIER}


def _without(right: Right, *more: Right) -> Caller:
    structure = HOLDERS[right]
    rights = {structure.id: frozenset(Right) - {right, *more}}
    accounts.write_technical_account(
        accounts.TechnicalAccount(actor(structure).login, accounts.hashed(PASSWORD), rights)
    )
    return Caller(structure)


@pytest.mark.parametrize(("path", "right"), NEEDS.items())
def test_without_the_right_the_answer_is_the_platforms(keep, path: str, right: Right) -> None:
    keep(**KEPT.get(path, {}))

    instead = [Right.WORKS] if path in OR_WORKS else []

    answer = _without(right, *instead).post(path, BODIES[path])

    assert answer["codeRetour"] == 20001
    assert answer["libelle"].startswith("GDP_MSG_11.005 : ")


@pytest.mark.parametrize("path", OR_WORKS)
def test_the_right_on_works_papers_is_enough_to_deposit(keep, path: str) -> None:
    assert _without(Right.ISSUED).post(path, BODIES[path])["codeRetour"] == 0


@pytest.mark.parametrize("path", BODIES)
def test_with_every_right_the_same_request_is_done(keep, path: str, world: Hub) -> None:
    leave_first_numbers_to_the_tests()
    row = keep(**KEPT.get(path, {}))
    objects.put_original(row.flux_number, row.rank, b"<Invoice/>")
    flux_store.create(DEPOSIT, NOW)
    caller = Caller(HOLDERS[NEEDS.get(path, Right.ISSUED)])

    assert caller.post(path, BODIES[path])["codeRetour"] == 0


OF_ONE_PARTY = {
    READ_ISSUED: ("identifiantFactureCPP", "GDP_MSG_11.008"),
    READ_RECEIVED: ("identifiantFactureCPP", "GDP_MSG_11.008"),
    HISTORY: ("idFacture", "GDP_MSG_11.008"),
    TREAT: ("idFacture", "GDP_MSG_11.008"),
    COMPLETE: ("identifiantFactureCPP", "GDP_MSG_11.008"),
    RECYCLE: ("identifiantFactureCPP", "GDP_MSG_11.008"),
    NAME_VALIDATOR: ("idFacture", "GDP_MSG_11.008"),
    DECIDE: ("idFacture", "GDP_MSG_11.008"),
    READ_TO_VALIDATE: ("identifiantFactureCPP", "GDP_MSG_11.008"),
}


@pytest.mark.parametrize(("path", "case"), OF_ONE_PARTY.items())
def test_another_structures_invoice_is_answered_as_one_that_does_not_exist(keep, path: str, case) -> None:
    keep(**KEPT.get(path, {}))
    key, label = case
    stranger = Caller(STATE)

    seen = stranger.post(path, BODIES[path])
    unknown = stranger.post(path, BODIES[path] | {key: 2_000_000_000})

    assert (seen["codeRetour"], unknown["codeRetour"]) == (20000, 20000)
    assert seen["libelle"].replace("1000000", "ID") == unknown["libelle"].replace("2000000000", "ID")
    assert seen["libelle"].startswith(label)


@pytest.mark.parametrize("path", [CR, CR_DETAILS])
def test_another_depositors_flux_is_answered_as_one_that_does_not_exist(world: Hub, path: str) -> None:
    flux_store.create(DEPOSIT, NOW)
    stranger = Caller(OTHER_SUPPLIER)

    seen = stranger.post(path, {"numeroFluxDepot": DEPOSIT.number})
    unknown = stranger.post(path, {"numeroFluxDepot": flux(901).number})

    assert seen["codeRetour"] == 20000
    assert seen["libelle"].replace(DEPOSIT.number, "N") == unknown["libelle"].replace(flux(901).number, "N")


def test_every_answer_carries_its_correlation_id(supplier: Caller) -> None:
    answers = [
        supplier.raw("POST", ISSUED, b"{}"),
        request("POST", ISSUED, b"{}"),
        request("GET", "/cpro/transverses/v1/health-check"),
        request("POST", "/api/oauth/token"),
    ]

    ids = [answer.headers["x-correlationid"] for answer in answers]
    assert all(ids)
    assert len(set(ids)) == len(ids)


def test_the_health_check_answers_anybody(world: Hub) -> None:
    answer = request("GET", "/cpro/transverses/v1/health-check")

    assert answer.status_code == 200
    assert json.loads(answer.body) == {
        "body": "L'API CPRO est actuellement disponible et fonctionnel.",
        "statusCodeValue": 200,
        "statusCode": "OK",
    }
