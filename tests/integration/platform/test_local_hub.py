"""What only the local hub has: own structures, faults on purpose, its own name for files, little room on the disk."""

import hashlib
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import boto3
import httpx
import pytest
from chorale_cli.client import ConnectionCut, HubClient
from chorale_local import examples, holding
from chorale_local.demo import SUPPLIER, connected
from chorale_local.emulator import REGION
from chorale_local.places import ROOT

from tests.journeys.conftest import Samples
from tests.patience import PATIENT

pytestmark = pytest.mark.platform

ROOM = 1_500_000_000
"""Bytes that a hub in use may take."""
HEALTH = "/cpro/transverses/v1/health-check"


@pytest.fixture
def local(hub):
    """The local tools of the hub; faults are removed afterwards."""
    with httpx.Client(base_url=hub.base_url, timeout=PATIENT) as client:
        yield client
        client.delete("/_local/behaviour")


def commands(page: str) -> list[str]:
    """The commands of a page, in order, as one shell script each block."""
    return re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize(
    ("page", "said"), [("local-hub.md", "TECH_1_73282932000074@cpro.fr"), ("works.md", '"tache":"ETAT_ACOMPTE"')]
)
def test_every_command_of_a_page_runs_as_it_stands(hub, page, said):
    script = "set -eu\n" + "\n".join(commands(page))

    done = subprocess.run(
        ["sh", "-c", script], cwd=ROOT, env={"HUB": hub.base_url, "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, timeout=PATIENT, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert said in done.stdout


def test_an_own_structure_receives_an_invoice(local, hub):
    added = local.post(
        "/_local/structures",
        json={
            "siret": "55208131766522",
            "name": "Ville d'essai",
            "services": [{"code": "VOIRIE"}],
            "requires": "service",
        },
    ).json()
    invoice = Samples(examples.today()).ubl(service="VOIRIE").replace(b"12345678200028", b"55208131766522")
    supplier = connected(hub.base_url, SUPPLIER)

    verdict = supplier.wait(supplier.deposit(examples.UBL, "IN_DP_E1_UBL_INVOICE", invoice))

    assert verdict["etat"] == "IN_INTEGRE", verdict["rapport"]
    received = connected(hub.base_url, added["siret"]).call("/cpro/factures/v1/rechercher/recipiendaire", {})
    assert len(received["listeFactures"]) == 1


def test_a_quota_is_said_as_the_hub_says_it(local, hub):
    local.post("/_local/behaviour", json={"fault": "quota", "operations": HEALTH, "after": 1, "calls": 1, "seconds": 7})

    answers = [local.get(HEALTH) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 429, 200]
    assert answers[1].headers["Retry-After"] == "7"
    assert answers[1].json()["codeRetour"] != 0


def test_an_error_and_a_time_out_look_like_those_of_the_gateway(local):
    local.post("/_local/behaviour", json={"fault": "error", "status": 503, "operations": HEALTH, "calls": 1})
    local.post("/_local/behaviour", json={"fault": "timeout", "seconds": 0.1, "operations": HEALTH, "calls": 1})

    answers = [local.get(HEALTH) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 504, 200]


def test_a_deposit_whose_answer_is_cut_off_was_done_and_is_done_once(local, hub):
    supplier: HubClient = connected(hub.base_url, SUPPLIER)
    known = supplier.deposit(examples.UBL, "IN_DP_E1_UBL_INVOICE", Samples(examples.today()).ubl())
    local.post("/_local/behaviour", json={"fault": "cut", "operations": "deposerFlux*", "calls": 1, "executed": True})
    number = Samples.number()

    asked_again = supplier.deposit(examples.UBL, "IN_DP_E1_UBL_INVOICE", Samples(examples.today()).ubl(number))

    local.post("/_local/behaviour", json={"fault": "cut", "operations": "deposerFlux*", "calls": 2, "executed": True})
    with pytest.raises(ConnectionCut, match="le dépôt est peut-être fait"):
        supplier.deposit(examples.UBL, "IN_DP_E1_UBL_INVOICE", Samples(examples.today()).ubl())
    after = supplier.deposit(examples.UBL, "IN_DP_E1_UBL_INVOICE", Samples(examples.today()).ubl())
    assert supplier.wait(asked_again)["etat"] == supplier.wait(after)["etat"] == "IN_INTEGRE"
    issued = supplier.search("/cpro/factures/v1/rechercher/fournisseur", {"numeroFacture": number})
    assert len(issued["listeFactures"]) == 1
    assert int(after[-12:]) - int(known[-12:]) == 3, "one flux for each deposit, although two were sent twice"


def test_a_page_of_another_site_cannot_drive_the_hub(local):
    before = local.get("/_local/clock").json()["offset_seconds"]

    answers = [
        local.post("/_local/reset", headers={"Origin": "http://evil.example"}),
        local.put("/_local/clock", json={"offset_seconds": 9}, headers={"Host": "evil.example"}),
        local.delete("/_local/behaviour", headers={"Sec-Fetch-Site": "cross-site"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert local.get("/_local/clock").json()["offset_seconds"] == before


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("structures", b"[]", 400),
        ("structures", b"{", 400),
        ("structures", b'{"siret": "12"}', 400),
        ("edi", b'{"partner": "../x", "name": "a", "content": ""}', 400),
        ("unheard-of", b"", 404),
    ],
)
def test_a_wrong_request_to_a_local_tool_is_answered_with_what_is_wrong(local, path, body, status):
    answer = local.post(f"/_local/{path}", content=body)

    assert (answer.status_code, bool(answer.json()["message"])) == (status, True)


def test_files_go_through_the_name_and_port_by_which_the_hub_was_called(hub):
    """As from a container, where 127.0.0.1 is somebody else."""
    port = httpx.URL(hub.base_url).port
    elsewhere = connected(f"http://hub.localhost:{port}", SUPPLIER)
    elsewhere._http = httpx.Client(
        base_url=hub.base_url, headers={"Host": f"hub.localhost:{port}"}, timeout=PATIENT
    )  # the name may not resolve on the machine of the test
    content = Samples(examples.today()).ubl()
    opened = elsewhere.call(
        "/chorale/v1/depots",
        {
            "nomFichier": "f.xml", "taille": len(content), "sha256": hashlib.sha256(content).hexdigest(),
            "syntaxeFlux": "IN_DP_E1_UBL_INVOICE",
        },
    )  # fmt: skip

    assert opened["url"].startswith(f"http://hub.localhost:{port}/")
    here = opened["url"].replace(f"http://hub.localhost:{port}", hub.base_url)
    sent = httpx.post(here, data=opened["champs"], files={"file": ("f.xml", content)}, timeout=PATIENT)
    assert sent.is_success, sent.text
    assert elsewhere.wait(opened["numeroFluxDepot"])["etat"] == "IN_INTEGRE"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_no_file_is_reached_through_the_port_without_a_signature(local, hub, method):
    path = f"/_s3/{hub.outputs['DepositBucket']}/incoming/x"

    assert local.request(method, path, auth=("test", "test")).status_code == 403
    assert local.post(f"/_s3/{hub.outputs['DepositBucket']}?delete").status_code == 403


def test_a_presigned_download_goes_through_the_port_too(local, hub):
    bucket = hub.outputs["DepositBucket"]
    hub.client("s3").put_object(Bucket=bucket, Key="work/essai.txt", Body=b"x" * 300_000)
    temporary = hub.client("sts").get_session_token()["Credentials"]
    as_function = boto3.client(
        "s3",
        endpoint_url=hub.emulator.endpoint,
        region_name=REGION,
        aws_access_key_id=temporary["AccessKeyId"],
        aws_secret_access_key=temporary["SecretAccessKey"],
        aws_session_token=temporary["SessionToken"],
    )
    asked = {"ClientMethod": "get_object", "Params": {"Bucket": bucket, "Key": "work/essai.txt"}}
    by_function, by_root = (
        client.generate_presigned_url(**asked).replace(hub.emulator.endpoint, "/_s3")
        for client in (as_function, hub.client("s3"))
    )

    answer = local.get(by_function)

    assert (answer.status_code, len(answer.content)) == (200, 300_000)
    assert local.get(by_root).status_code == 403  # its key is public


def test_a_hub_that_works_hard_takes_little_room(hub):
    supplier = connected(hub.base_url, SUPPLIER)
    samples = Samples(examples.today())
    invoices = [samples.ubl() for _ in range(24)]
    with ThreadPoolExecutor(6) as senders:
        deposits = list(senders.map(lambda one: supplier.deposit(examples.UBL, "IN_DP_E1_UBL_INVOICE", one), invoices))
        verdicts = list(senders.map(lambda number: supplier.wait(number, patience=PATIENT), deposits))

    assert {verdict["etat"] for verdict in verdicts} == {"IN_INTEGRE"}
    state = hub.emulator.state
    assert len(list((state / "layers").iterdir())) == 3
    assert list((state / "tmp").glob("*/layer_*")) == []
    assert holding.size_of(state) < ROOM
