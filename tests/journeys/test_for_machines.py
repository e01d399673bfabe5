"""The deployed hub and machines: a webhook is called, an EDI partner drops an invoice and finds what became of it."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.journeys.conftest import SERVICE_REQUIRED

pytestmark = pytest.mark.platform

PARTNER = "DEM10007"
"""The folders of the supplier of the examples."""


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """A server on this machine: its address, and the signature and body of each call."""
    calls: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.append((self.headers["Chorale-Signature"], self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", calls
    server.shutdown()
    server.server_close()


def test_a_webhook_is_called_with_a_signature_that_holds(receiver, supplier, samples, deposit_and_wait, eventually):
    url, calls = receiver
    made = supplier.call("/chorale/v1/webhooks", {"url": url})

    report = deposit_and_wait("facture.xml", "IN_DP_E1_UBL_INVOICE", samples.ubl())

    eventually(lambda: {json.loads(body)["type"] for _, body in calls} == {"facture.statut", "flux.verdict"})
    for header, body in calls:
        at, _, given = header.removeprefix("t=").partition(",v1=")
        assert given == hmac.new(made["secret"].encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    told = [json.loads(body) for _, body in calls]
    assert report["rapport"]["ranks"][0]["invoice_id"] in [said.get("identifiantFactureCPP") for said in told]
    assert report["numeroFluxDepot"] in [said.get("numeroFluxDepot") for said in told]


def test_an_invoice_dropped_by_a_partner_is_integrated_and_told(hub, samples, eventually, as_structure):
    s3, bucket, number = hub.client("s3"), hub.outputs["DepositBucket"], samples.number()
    key = f"edi/in/{PARTNER}/FSO1100A_{number}.xml"
    s3.put_object(Bucket=bucket, Key=key, Body=samples.ubl(number))

    def told() -> dict[str, str]:
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=f"edi/out/{PARTNER}/").get("Contents", [])
        return {
            entry["Key"].rpartition("/")[2][:8]: body
            for entry in listed
            if number in (body := s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read().decode())
            or entry["Key"].rpartition("/")[2].startswith("CSO")
        }

    eventually(lambda: {"CSO1100A", "FEN1201A"} <= set(told()))
    assert "<IdStatut>03</IdStatut>" in told()["FEN1201A"]
    found = as_structure(SERVICE_REQUIRED).call(
        "/cpro/factures/v1/rechercher/recipiendaire", {"typeDemandePaiement": "FACTURE", "numeroFacture": number}
    )
    assert [row["statut"] for row in found["listeFactures"]] == ["MISE_A_DISPOSITION"]
