"""Depositing: inside the request, or by a direct upload; and everything that can be wrong with it."""

import base64
import json
from typing import Any

import pytest
from chorale.domain.syntaxes import KNOWN_SYNTAXES, Syntax
from chorale.stores.deposits import flux as flux_store

from tests.aws import BUCKETS, Hub
from tests.unit.http.calling import DEPOTS, FLUX, Caller

XML = b"<Invoice/>"
SENT = {
    "idUtilisateurCourant": 0,
    "fichierFlux": base64.b64encode(XML).decode(),
    "nomFichier": "UNCEFACT-1.xml",
    "syntaxeFlux": "IN_DP_E1_CII_16B",
    "avecSignature": False,
}
ANNOUNCED: dict[str, Any] = {
    "nomFichier": "lot.tar.gz",
    "taille": 119_000_000,
    "sha256": "0123456789ABCDEF" * 4,
    "syntaxeFlux": "IN_DP_E1_UBL_INVOICE",
}


def test_a_file_in_the_request_gets_a_flux_number_at_once(supplier: Caller, world: Hub) -> None:
    answer = supplier.post(FLUX, SENT)

    assert answer == {
        "codeRetour": 0,
        "libelle": "GCU_MSG_01_000",
        "numeroFluxDepot": "CPP0011106000000000000001",
        "dateDepot": "2026-11-23",
        "syntaxeFlux": "IN_DP_E1_CII_16B",
    }
    assert world.objects(BUCKETS["DEPOSIT_BUCKET"]) == {f"incoming/{answer['numeroFluxDepot']}": XML}


@pytest.mark.parametrize(
    "changes",
    [
        {"avecSignature": "false", "idUtilisateurCourant": "0"},
        {"avecSignature": None, "idUtilisateurCourant": None},
        {"avecSignature": "", "uneCleInconnue": {"x": [1]}},
        {"fichierFlux": base64.encodebytes(XML).decode()},
        {"fichierFlux": base64.b64encode(XML).decode().rstrip("=")},
        {"nomFichier": "  UNCEFACT-1.xml "},
    ],
    ids=["booleans as texts", "nulls", "blanks and unknown keys", "line breaks", "no padding", "spaces"],
)
def test_clients_are_forgiven_what_is_harmless(supplier: Caller, changes: dict[str, Any]) -> None:
    answer = supplier.post(FLUX, SENT | changes)

    assert answer["codeRetour"] == 0
    kept = flux_store.get(answer["numeroFluxDepot"])
    assert kept is not None
    assert (kept.file_name, kept.signed) == ("UNCEFACT-1.xml", False)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/octet-stream", ""])
def test_the_name_of_the_content_type_does_not_matter(supplier: Caller, content_type: str) -> None:
    supplier.headers["Content-Type"] = content_type

    assert supplier.post(FLUX, SENT)["codeRetour"] == 0


def test_without_a_content_type_the_request_is_read_too(supplier: Caller) -> None:
    del supplier.headers["Content-Type"]

    assert supplier.post(FLUX, SENT)["codeRetour"] == 0


WRONG: dict[str, tuple[dict[str, Any], int, str]] = {
    "no file": ({"fichierFlux": None}, 20010, "fichierFlux est obligatoire"),
    "empty file": ({"fichierFlux": ""}, 20010, "fichierFlux est obligatoire"),
    "bad base64": ({"fichierFlux": "!!!"}, 20010, "base64"),
    "a data address": ({"fichierFlux": "data:text/xml;base64,PGEvPg=="}, 20010, "base64"),
    "no name": ({"nomFichier": None}, 20010, "nomFichier est obligatoire"),
    "a long name": ({"nomFichier": "a" * 197 + ".xml"}, 20010, "201 caractères"),
    "a path for a name": ({"nomFichier": "../../etc/passwd"}, 20010, "chemin"),
    "a name that is a list": ({"nomFichier": ["a.xml"]}, 20010, "nomFichier : un texte est attendu"),
    "no syntax": ({"syntaxeFlux": None}, 20010, "syntaxeFlux est obligatoire"),
    "an unknown syntax": ({"syntaxeFlux": "IN_DP_E9_NOTHING"}, 20010, "la syntaxe IN_DP_E9_NOTHING n'existe pas"),
    "a syntax not taken here": ({"syntaxeFlux": "IN_DP_E1_XCBL"}, 20010, "n'est pas prise en charge"),
    "a boolean that is a word": ({"avecSignature": "peut-être"}, 20010, "avecSignature : un booléen"),
    "a file that is an object": ({"fichierFlux": {"a": 1}}, 20010, "fichierFlux : un texte en base64 est attendu"),
    "a file that is a number": ({"fichierFlux": 12}, 20010, "fichierFlux : un texte en base64 est attendu, reçu : 12"),
}


@pytest.mark.parametrize(("changes", "code", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_and_nothing_is_written(
    supplier: Caller, world: Hub, changes: dict[str, Any], code: int, message: str
) -> None:
    answer = supplier.post(FLUX, SENT | changes)

    assert answer["codeRetour"] == code
    assert message in answer["libelle"]
    assert world.is_empty()


def test_a_file_above_ten_megabytes_is_sent_to_the_direct_upload(supplier: Caller, world: Hub) -> None:
    large = base64.b64encode(bytes(10_000_001)).decode()

    answer = supplier.post(FLUX, SENT | {"fichierFlux": large})

    assert answer["codeRetour"] == 20001
    assert answer["libelle"].startswith("GDP_MSG_11.022 : ")
    assert "/chorale/v1/depots" in answer["libelle"]
    assert world.is_empty()


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe{}", b'{"a": NaN}', b"null?", b"[1", b"9" * 5000, b"[" * 100_000, b'{"syntaxeFlux": "\\uD800"}'],
    ids=["cut", "not UTF-8", "not a number", "not JSON", "half a list", "endless", "too deep", "half a character"],
)
def test_a_body_that_is_not_json_gets_an_envelope(supplier: Caller, body: bytes) -> None:
    answer = supplier.raw("POST", FLUX, body)

    assert answer.status_code == 200
    assert answer.json_body["codeRetour"] == 20010
    assert answer.json_body["libelle"].startswith("CHO-REQUETE : ")


@pytest.mark.parametrize("body", [b'"text"', b"12", b"[1]", b"true"])
def test_a_body_that_is_not_an_object_gets_an_envelope(supplier: Caller, body: bytes) -> None:
    answer = supplier.raw("POST", FLUX, body)

    assert answer.json_body["codeRetour"] == 20010
    assert "un objet est attendu" in answer.json_body["libelle"]


@pytest.mark.parametrize("body", [b"", b"  ", b"[]", b"{}", b"null"])
def test_an_empty_body_is_an_empty_object(supplier: Caller, body: bytes) -> None:
    answer = supplier.raw("POST", FLUX, body)

    assert answer.json_body["libelle"] == "CHO-REQUETE : fichierFlux, nomFichier et syntaxeFlux sont obligatoires."


# The direct upload


def test_a_large_file_is_announced_and_sent_directly(supplier: Caller) -> None:
    answer = supplier.post(DEPOTS, ANNOUNCED)

    assert answer["codeRetour"] == 0
    assert answer["libelle"] == "GCU_MSG_01_000"
    assert answer["expireLe"] == "2026-11-23T09:45:00.000Z"
    assert answer["champs"]["key"] == f"incoming/{answer['numeroFluxDepot']}"
    policy = json.loads(base64.b64decode(answer["champs"]["policy"]))["conditions"]
    assert ["content-length-range", ANNOUNCED["taille"], ANNOUNCED["taille"]] in policy
    checksum = base64.b64encode(bytes.fromhex(ANNOUNCED["sha256"])).decode()
    assert {"x-amz-checksum-sha256": checksum} in policy


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"taille": 120_000_001}, "GDP_MSG_11.022"),
        ({"taille": 0}, "taille"),
        ({"taille": -4}, "taille"),
        ({"taille": "beaucoup"}, "taille : un nombre entier est attendu, reçu : beaucoup"),
        ({"taille": 1.5}, "taille : un nombre entier"),
        ({"taille": 10**30}, "taille : un nombre entier"),
        ({"taille": None}, "taille est obligatoire"),
        ({"sha256": "abc"}, "sha256"),
        ({"sha256": "z" * 64}, "sha256"),
        ({"sha256": None}, "sha256 est obligatoire"),
        ({"syntaxeFlux": "?"}, "syntaxeFlux"),
        ({"nomFichier": "a\nb"}, "nomFichier"),
    ],
)
def test_an_announcement_that_is_wrong_says_what(
    supplier: Caller, world: Hub, changes: dict[str, Any], message: str
) -> None:
    answer = supplier.post(DEPOTS, ANNOUNCED | changes)

    assert answer["codeRetour"] != 0
    assert message in answer["libelle"]
    assert world.is_empty()


def test_every_syntax_of_the_platform_gets_a_number_or_a_reason(supplier: Caller) -> None:
    taken = {code for code in KNOWN_SYNTAXES if supplier.post(FLUX, SENT | {"syntaxeFlux": code})["codeRetour"] == 0}

    assert taken == {syntax.value for syntax in Syntax}
