"""An operator who has only the command line lets a supplier in, sees what waits, and takes it up again."""

import json
import subprocess
import sys

import pytest

from tests.journeys.conftest import SUPPLIER
from tests.patience import PATIENT

pytestmark = pytest.mark.platform
SCRIPT = "import sys; from chorale_cli.app import main; sys.exit(main())"
HARMLESS = '{"Records": []}'
"""A notification of S3 about nothing."""


def test_an_operator_lets_a_supplier_in_and_looks_after_the_hub(hub, samples, tmp_path, eventually):
    def chorale(*words: str, codes: tuple[int, ...] = (0,)) -> str:
        command = [sys.executable, "-c", SCRIPT, *words, "--to", hub.base_url]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENT)
        assert done.returncode in codes, done.stdout + done.stderr
        return done.stdout

    def ops(*words: str, codes: tuple[int, ...] = (0,)):
        return json.loads(chorale("ops", *words, "--json", codes=codes))

    def given_up() -> int:
        # Other journeys may have left the hub something to look at.
        files = ops("status", codes=(0, 1))["files"]
        [count] = [row["abandonnes"] for row in files if row["nom"] == "edi"]
        return int(count)

    application = ops("register-application", "journey")
    account = ops("register-account", SUPPLIER, "--login", "journey@supplier.example")
    (tmp_path / "facture.xml").write_bytes(samples.ubl())
    credentials = (
        "--client-id", "journey", "--client-secret", application["clientSecret"],
        "--account", account["compte"], "--password", account["motDePasse"],
    )  # fmt: skip
    deposited = json.loads(chorale("deposit", "facture.xml", "--json", *credentials))
    number = deposited["numeroFluxDepot"]

    assert deposited["etat"] == "IN_INTEGRE"
    assert ops("replay", number, codes=(1,))["fait"] == "decided"
    archive = ops("verify-archive", codes=(0, 1))
    assert archive["verifies"] >= 2
    assert not [row for row in archive["defauts"] if number in row["cle"]]

    sqs = hub.client("sqs")
    url = sqs.get_queue_url(QueueName=hub.outputs["EdiDeadLetters"])["QueueUrl"]
    before = given_up()
    sqs.send_message(QueueUrl=url, MessageBody=HARMLESS)
    eventually(lambda: given_up() == before + 1)
    assert "edi" in chorale("ops", "status", codes=(1,))
    assert ops("redrive", "edi", "--dry-run")["abandonnes"] == before + 1
    assert ops("redrive", "edi")["rendus"] == before + 1
    assert given_up() == 0
    assert set(ops("lag")["files"]) >= {"reception", "integration", "edi"}
