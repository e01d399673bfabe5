"""The newer family of the directory, as its PHP client asks it: objects without an envelope, refusals with HTTP 400."""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from chorale.domain.access.rights import Right
from chorale.domain.address import Address
from chorale.domain.directory.uuids import FILES, SERVICES, STRUCTURES, number_of, organisation_uuid
from chorale.domain.errors import AttachmentNotFound
from chorale.stores.access import accounts
from chorale.stores.directory import structures as directory
from chorale.usecases.invoices.search_files import file_of_uuid, files_of_uuid
from chorale.usecases.invoices.store_file import store_file
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import NOW, OTHER_RECIPIENT, RECIPIENT, SERVICE, STATE, SUPPLIER, actor
from tests.unit.http.calling import ORGANISATIONS, Caller

SEARCH = "/structures/recherche"


def _of(structure: Any) -> str:
    return organisation_uuid(STRUCTURES, structure.id)


def _ask(caller: Caller, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    answer = caller.raw(method, ORGANISATIONS + path, b"" if body is None else json.dumps(body).encode())
    return answer.status_code, json.loads(answer.body) if answer.body else None


@given(st.sampled_from([STRUCTURES, SERVICES]), st.integers(0, 2**48 - 1))
def test_a_uuid_carries_its_number_and_its_kind(kind: str, number: int) -> None:
    text = organisation_uuid(kind, number)

    assert UUID(text).version == 8
    assert number_of(kind, text) == number == number_of(kind, text.upper())
    assert number_of(SERVICES if kind == STRUCTURES else STRUCTURES, text) is None


@given(st.one_of(st.text(), st.uuids().map(str)))
def test_another_text_carries_none(text: str) -> None:
    assert number_of(STRUCTURES, text) is None


def test_the_health_check_is_empty(supplier: Caller) -> None:
    assert _ask(supplier, "GET", "/healthcheck") == (200, None)


def test_a_structure_is_read_by_its_uuid(supplier: Caller) -> None:
    directory.write([replace(RECIPIENT, vat_number="FR1", address=Address("1 rue", postcode="69002", city="Lyon"))])

    status, found = _ask(supplier, "GET", f"/structures/{_of(RECIPIENT)}")

    assert status == 200
    assert found == {
        "uuid": _of(RECIPIENT),
        "libelleOrganisation": RECIPIENT.name,
        "raisonSociale": RECIPIENT.name,
        "typeOrganisation": "public",
        "status": "active",
        "identifiant": RECIPIENT.identifier,
        "typeIdentifiant": "SIRET",
        "numeroTvaIntracommunautaire": "FR1",
        "adresse": "1 rue",
        "codePostal": "69002",
        "ville": "Lyon",
        "numeroEjDoitEtreRenseigne": False,
        "codeServiceDoitEtreRenseigne": False,
        "gestionNumeroEJOuCodeService": False,
        "statutMiseEnPaiementNestPasRemonte": False,
        "avecMOA": False,
        "estMOAUniquement": False,
        "recevoirCyclesViesEdi": False,
        "emetteurFluxEdi": False,
    }


PIECES = f"/structures/{organisation_uuid(STRUCTURES, SUPPLIER.id)}/pieces_jointes"


def test_the_files_of_a_structure_are_listed_the_latest_first_and_each_says_where_it_is(supplier: Caller) -> None:
    for name in ("bon.pdf", "photo.png"):
        store_file(actor(SUPPLIER), name, "", "application/octet-stream", b"%PDF-1.7", NOW)

    status, listed = _ask(supplier, "GET", PIECES)
    latest = listed[0]
    _, read = _ask(supplier, "GET", f"{PIECES}/{latest['uuid']}")

    assert status == 200
    assert [row["nom"] for row in listed] == ["photo.png", "bon.pdf"]
    assert {key: value for key, value in latest.items() if key != "uuid"} == {
        "nom": "photo.png",
        "extension": "png",
        "typeMime": "application/octet-stream",
        "taille": 8,
        "empreinte": sha256(b"%PDF-1.7").hexdigest(),
        "dateDepot": "2026-11-23T10:30:00+01:00",
        "dateExpiration": "2026-12-23T10:30:00+01:00",
    }
    link = read.pop("lienTelechargement")
    assert read == latest
    assert f"/work/pj/{number_of(FILES, latest['uuid'])}?" in link


def test_files_of_others_and_those_that_expired_are_not_there(supplier: Caller, recipient: Caller) -> None:
    file = store_file(actor(SUPPLIER), "bon.pdf", "", "application/pdf", b"%PDF-1.7", NOW)
    one = f"{PIECES}/{organisation_uuid(FILES, file.id)}"
    own = f"/structures/{_of(RECIPIENT)}/pieces_jointes"

    assert _ask(recipient, "GET", PIECES)[0] == _ask(recipient, "GET", one)[0] == 400
    assert _ask(recipient, "GET", own) == (200, [])
    assert _ask(recipient, "GET", f"{own}/{organisation_uuid(FILES, file.id)}")[0] == 400
    assert _ask(supplier, "GET", f"{PIECES}/{_of(SUPPLIER)}")[0] == 400, "a uuid of something else"
    with pytest.raises(AttachmentNotFound, match="30 jours"):
        file_of_uuid(actor(SUPPLIER), _of(SUPPLIER), one.rpartition("/")[2], file.expires_at)
    assert files_of_uuid(actor(SUPPLIER), _of(SUPPLIER), file.expires_at) == []


def test_services_are_listed_and_read_by_uuid(supplier: Caller) -> None:
    directory.write(services=[replace(SERVICE, created_on="2026-01-02")])

    _, listed = _ask(supplier, "GET", f"/structures/{_of(OTHER_RECIPIENT)}/services")
    _, read = _ask(supplier, "GET", f"/services/{organisation_uuid(SERVICES, SERVICE.id)}")

    assert listed == [read]
    assert read == {
        "uuid": organisation_uuid(SERVICES, SERVICE.id),
        "libelle": SERVICE.name,
        "codeService": SERVICE.code,
        "rattachementOrganisation": _of(OTHER_RECIPIENT),
        "etatService": "ACTIF",
        "numeroEj": False,
        "dateCreation": "2026-01-02T00:00:00+01:00",
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/structures/1"),
        ("GET", f"/structures/{organisation_uuid(STRUCTURES, 99)}"),
        ("GET", f"/structures/{organisation_uuid(SERVICES, SERVICE.id)}"),
        ("GET", f"/structures/{organisation_uuid(STRUCTURES, 99)}/services"),
        ("GET", f"/services/{organisation_uuid(SERVICES, 99)}"),
        ("PATCH", f"/structures/{_of(RECIPIENT)}/parametres-edi"),
        ("PATCH", f"/structures/{organisation_uuid(STRUCTURES, 99)}/parametres-edi"),
    ],
)
def test_what_does_not_exist_or_is_anothers_is_a_400_that_names_the_error(
    supplier: Caller, method: str, path: str
) -> None:
    status, body = _ask(supplier, method, path)

    assert status == 400
    assert body["errors"][0]["error"] == "NotFoundReference"
    assert body["errors"][0]["message"]


CRITERIA = [
    ({"identifiant": {"op": "=", "val": STATE.identifier}}, [STATE]),
    ({"identifiant": {"op": "IN", "val": [STATE.identifier, SUPPLIER.identifier, "0"]}}, [STATE, SUPPLIER]),
    ({"uuid": {"op": "=", "val": _of(SUPPLIER)}}, [SUPPLIER]),
    ({"uuid": {"op": "=", "val": "0"}}, []),
    ({"raisonSociale": {"op": "CONTAINS", "val": "service oblig"}}, [OTHER_RECIPIENT]),
    ({"libelleOrganisation": {"val": STATE.name}}, [STATE]),
    ({"libelleOrganisation": {"op": "CONTAINS", "val": "destinataire"}, "codeServiceDoitEtreRenseigne": {"val": True}},
     [OTHER_RECIPIENT]),
    ({"typeOrganisation": {"val": "public"}, "identifiant": {"op": ">", "val": "12"}}, [RECIPIENT, OTHER_RECIPIENT]),
    ({"identifiant": {"op": "<=", "val": "110002"}}, []),
    ({"categorieEntreprise": {"op": "=", "val": "PME"}}, []),
]  # fmt: skip


@pytest.mark.parametrize(("criteria", "expected"), CRITERIA, ids=lambda value: str(value)[:70])
def test_every_criterion_must_hold(supplier: Caller, criteria: dict[str, Any], expected: list[Any]) -> None:
    status, found = _ask(supplier, "POST", SEARCH, criteria | {"_sort": [], "_desc": [], "_fields": []})

    assert status == 200
    assert {row["uuid"] for row in found} == {_of(row) for row in expected}


def test_fields_are_chosen_and_rows_sorted(supplier: Caller) -> None:
    body = {"typeOrganisation": {"val": "public"}, "_fields": "identifiant", "_desc": ["identifiant"]}

    _, found = _ask(supplier, "POST", SEARCH, body)

    identifiers = sorted((row.identifier for row in (RECIPIENT, OTHER_RECIPIENT, STATE)), reverse=True)
    assert found == [{"identifiant": identifier} for identifier in identifiers]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (SEARCH, {"_sort": ["inconnu"]}),
        (SEARCH, {"_fields": ["inconnu"]}),
        (SEARCH, {"identifiant": {"op": "LIKE", "val": "1"}}),
        (SEARCH, {"identifiant": {"op": "="}}),
        (SEARCH, {"ville": {"op": "IN", "val": []}}),
        (SEARCH, {"ville": {"val": {"a": 1}}}),
        ("/services/recherche", {}),
        ("/services/recherche", {"uuid": {"op": "IN", "val": ["0"] * 101}}),
        ("/siren/recherche", {}),
        ("/siren/recherche", {"siren": "12"}),
    ],
)
def test_a_wrong_search_is_a_400_that_says_why(supplier: Caller, path: str, body: dict[str, Any]) -> None:
    status, answer = _ask(supplier, "POST", path, body)

    assert status == 400
    assert answer["errors"][0]["error"] == "BadRequest"


@pytest.mark.parametrize(
    "body",
    [
        {"rattachementOrganisation": {"op": "=", "val": _of(OTHER_RECIPIENT)}},
        {"uuid": {"op": "=", "val": organisation_uuid(SERVICES, SERVICE.id)}, "etatService": {"val": "ACTIF"}},
    ],
)
def test_services_are_searched_in_their_structure(supplier: Caller, body: dict[str, Any]) -> None:
    _, found = _ask(supplier, "POST", "/services/recherche", body)

    assert [row["codeService"] for row in found] == [SERVICE.code]


def test_a_siren_gives_its_establishments(supplier: Caller) -> None:
    _, found = _ask(supplier, "POST", "/siren/recherche", {"siren": "123 456 782"})

    assert [row["identifiant"] for row in found] == sorted([RECIPIENT.identifier, OTHER_RECIPIENT.identifier])


def test_a_structure_changes_what_it_exchanges_and_nothing_else(supplier: Caller) -> None:
    path = f"/structures/{_of(SUPPLIER)}/parametres-edi"

    assert _ask(supplier, "PATCH", path, {"reception_edi": True}) == (204, None)
    assert directory.structure(SUPPLIER.id) == replace(SUPPLIER, edi_receiver=True)
    assert _ask(supplier, "PATCH", path, {"connexion_edi": True, "reception_edi": False}) == (204, None)
    assert directory.structure(SUPPLIER.id) == replace(SUPPLIER, edi_sender=True)


def test_only_who_manages_a_structure_changes_it(supplier: Caller) -> None:
    account = accounts.technical_account(actor(SUPPLIER).login)
    assert account is not None
    rights = {SUPPLIER.id: frozenset(Right) - {Right.MANAGEMENT}}
    accounts.write_technical_account(replace(account, rights=rights))

    status, answer = _ask(supplier, "PATCH", f"/structures/{_of(SUPPLIER)}/parametres-edi", {"reception_edi": True})

    assert (status, answer["errors"][0]["error"]) == (400, "Forbidden")
    assert directory.structure(SUPPLIER.id) == SUPPLIER
