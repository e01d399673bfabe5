"""What a depositor who sends something wrong is told: a stable code, a French sentence, and nothing is written."""

import base64
import gzip
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Callable

import httpx
import pytest
from chorale_cli.client import HubClient, HubError
from chorale_local import examples

from tests.journeys.conftest import SERVICE_REQUIRED, Samples
from tests.patience import PATIENT
from tests.samples.hostile import pdf_bomb

pytestmark = pytest.mark.platform

UBL, CII, FACTURX = "IN_DP_E1_UBL_INVOICE", "IN_DP_E1_CII_16B", "IN_DP_E2_CII_FACTURX"


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def tarred(*entries: tarfile.TarInfo) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for entry in entries:
            archive.addfile(entry, io.BytesIO(bytes(entry.size)))
    return packed.getvalue()


def link(name: str, target: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    return entry


def with_prolog(xml: bytes, prolog: bytes, inside: bytes = b"") -> bytes:
    head, body = xml.split(b"?>", 1)
    return head + b"?>" + prolog + body.replace(b"EXEMPLE", inside or b"EXEMPLE")


def billion_laughs() -> bytes:
    levels = b"".join(b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10))
    return b'<!DOCTYPE x [<!ENTITY l0 "ha">' + levels + b"]>"


REFUSED: dict[str, tuple[Callable[[Samples], bytes], str, str, set[str]]] = {
    "not XML": (lambda _: b"Bonjour, voici ma facture.", "facture.xml", UBL, {"CHO-FORME", "CHO-SYNTAXE"}),
    "another syntax than announced": (lambda s: s.ubl(), "facture.xml", CII, {"CHO-SYNTAXE"}),
    "truncated XML": (lambda s: s.ubl()[:2000], "facture.xml", UBL, {"CHO-XML-MAL-FORME"}),
    "truncated PDF": (lambda s: s.facturx()[:3000], "facture.pdf", FACTURX, {"CHO-PDF-ILLISIBLE"}),
    "PDF without XML": (
        lambda s: s.facturx().replace(b"/EmbeddedFiles", b"/EmbeddedFilez").replace(b"/AF", b"/AG"),
        "facture.pdf", FACTURX, {"CHO-PDF-SANS-XML"},
    ),
    "PDF bomb": (lambda _: pdf_bomb(), "facture.pdf", FACTURX, {"CHO-PDF-BOMBE"}),
    "XML bomb": (lambda s: with_prolog(s.ubl(), billion_laughs(), b"&l9;"), "f.xml", UBL, {"CHO-XML-DOCTYPE"}),
    "external entity": (
        lambda s: with_prolog(s.ubl(), b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', b"&e;"),
        "f.xml", UBL, {"CHO-XML-DOCTYPE"},
    ),
    "DOCTYPE": (lambda s: with_prolog(s.ubl(), b"<!DOCTYPE Invoice>"), "f.xml", UBL, {"CHO-XML-DOCTYPE"}),
    "zip bomb": (lambda _: zipped({"a.xml": bytes(300_000_000)}), "lot.zip", UBL, {"CHO-BOMBE"}),
    "gzip bomb": (
        lambda _: gzip.compress(bytes(300_000_000)), "lot.tar.gz", UBL, {"CHO-BOMBE"},
    ),
    "path traversal": (
        lambda s: examples.archive({"../../etc/cron.d/x.xml": s.ubl()}), "lot.tar.gz", UBL, {"CHO-ARCHIVE-CHEMIN"},
    ),
    "symbolic link": (lambda _: tarred(link("a.xml", "/etc/passwd")), "lot.tar.gz", UBL, {"CHO-ARCHIVE-MEMBRE"}),
    "archive in an archive": (
        lambda s: examples.archive({"lot.zip": zipped({"a.xml": s.ubl()})}), "lot.tar.gz", UBL,
        {"CHO-ARCHIVE-IMBRIQUEE"},
    ),
    "10,001 members": (
        lambda _: tarred(*(tarfile.TarInfo(f"{place}.xml") for place in range(10_001))), "lot.tar.gz", UBL,
        {"CHO-ARCHIVE-MEMBRES"},
    ),
    "empty archive": (lambda _: tarred(), "lot.tar.gz", UBL, {"CHO-ARCHIVE-VIDE"}),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_wrong_file_is_refused_with_its_code_and_integrates_nothing(what, supplier, samples, deposit_and_wait):
    make, name, syntax, codes = REFUSED[what]

    report = deposit_and_wait(name, syntax, make(samples))

    assert report["etat"] == "IN_REJETE"
    complete = report["rapport"]
    findings = complete.get("findings", []) + [
        finding for rank in complete.get("ranks", []) for finding in rank["findings"]
    ]
    errors = [finding for finding in findings if finding["severity"] == "error"]
    assert {finding["code"] for finding in errors} & codes, errors
    assert all(finding["message"].endswith(".") for finding in errors)
    assert "root:" not in str(report)
    found = supplier.call("/cpro/factures/v1/rechercher/fournisseur", {"numeroFluxDepot": report["numeroFluxDepot"]})
    assert found["listeFactures"] == []


def request(**changes: object) -> dict[str, object]:
    body = {
        "fichierFlux": base64.b64encode(b"<x/>").decode(),
        "nomFichier": "facture.xml",
        "syntaxeFlux": UBL,
        "avecSignature": False,
    }
    return {key: value for key, value in {**body, **changes}.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"fichierFlux": ""}, "fichierFlux"),
        ({"fichierFlux": None}, "fichierFlux"),
        ({"fichierFlux": "pas du base64 !"}, "fichierFlux"),
        ({"fichierFlux": ["a"]}, "fichierFlux"),
        ({"fichierFlux": {"a": 1}}, "fichierFlux"),
        ({"nomFichier": None}, "nomFichier"),
        ({"nomFichier": "x" * 201}, "nomFichier"),
        ({"nomFichier": "../facture.xml"}, "nomFichier"),
        ({"syntaxeFlux": None}, "syntaxeFlux"),
        ({"syntaxeFlux": "IN_DP_E9"}, "syntaxeFlux"),
        ({"syntaxeFlux": "IN_DP_E1_PES_FACTURE"}, "syntaxe"),
    ],
)
def test_a_wrong_request_names_the_field_to_change(changes, named, supplier):
    with pytest.raises(HubError, match=named):
        supplier.call("/cpro/factures/v1/deposer/flux", request(**changes))


def test_a_body_that_is_not_json_is_told_so(hub, supplier):
    supplier.call("/cpro/structures/v1/rechercher", {})
    answer = httpx.post(
        hub.base_url + "/cpro/factures/v1/deposer/flux", content=b"{pas du json", headers=credentials(supplier)
    )

    assert answer.status_code in (200, 400)
    assert answer.json()["codeRetour"] != 0
    assert "JSON" in answer.json()["libelle"]


def credentials(client: HubClient) -> dict[str, str]:
    account = base64.b64encode(f"{client.login}:{client.password}".encode()).decode()
    return {
        "Authorization": f"Bearer {client._bearer()}",
        "cpro-account": account,
        "Content-Type": "application/json",
    }


def test_a_request_over_the_limit_names_the_other_way(hub, supplier):
    large = base64.b64encode(bytes(5_500_000)).decode()

    answer = httpx.post(
        hub.base_url + "/cpro/factures/v1/deposer/flux",
        json=request(fichierFlux=large),
        headers=credentials(supplier),
        timeout=PATIENT,
    )

    assert answer.status_code == 413
    assert "/chorale/v1/depots" in answer.text


def test_an_upload_over_the_announced_limits_is_refused_by_the_storage(supplier, samples):
    content = samples.ubl()
    announced = {
        "nomFichier": "facture.xml",
        "taille": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "syntaxeFlux": UBL,
    }
    opened = supplier.call("/chorale/v1/depots", announced)

    other = httpx.post(opened["url"], data=opened["champs"], files={"file": content + b" "})
    assert other.status_code == 400
    assert "BadDigest" in other.text
    elsewhere = httpx.post(opened["url"], data={**opened["champs"], "key": "incoming/x"}, files={"file": content})
    assert elsewhere.status_code == 403
    empty = httpx.post(opened["url"], data=opened["champs"], files={"file": b""})
    assert empty.status_code == 400
    assert supplier.report(opened["numeroFluxDepot"])["etat"] == "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"taille": 120_000_001}, "120 Mo"),
        ({"taille": 0}, "taille"),
        ({"taille": "beaucoup"}, "taille"),
        ({"sha256": "abc"}, "sha256"),
        ({"sha256": None}, "sha256"),
    ],
)
def test_an_announcement_that_cannot_be_is_refused(changes, named, supplier):
    announced = {"nomFichier": "f.xml", "taille": 10, "sha256": "a" * 64, "syntaxeFlux": UBL}
    body = {key: value for key, value in {**announced, **changes}.items() if value is not None}

    with pytest.raises(HubError, match=named):
        supplier.call("/chorale/v1/depots", body)


def test_an_unknown_flux_number_is_told_so(supplier):
    for path in ("consulterCR", "consulterCRDetaille"):
        with pytest.raises(HubError, match="n'existe pas"):
            supplier.call(f"/cpro/transverses/v1/{path}", {"numeroFluxDepot": "CPP0011100" + "9" * 15})


def test_the_bad_file_of_one_does_not_stop_the_next(deposit_and_wait, samples, as_structure):
    deposit_and_wait("lot.zip", UBL, zipped({"a.xml": bytes(300_000_000)}))
    number = samples.number()

    assert deposit_and_wait("facture.xml", UBL, samples.ubl(number))["etat"] == "IN_INTEGRE"
    received = as_structure(SERVICE_REQUIRED).call(
        "/cpro/factures/v1/rechercher/recipiendaire", {"typeDemandePaiement": "FACTURE", "numeroFacture": number}
    )
    assert len(received["listeFactures"]) == 1
