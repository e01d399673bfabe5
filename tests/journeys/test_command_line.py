"""A supplier and a recipient who have only the command line: deposit, find, read, download, treat."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import SERVICE_REQUIRED
from tests.patience import PATIENT

pytestmark = pytest.mark.platform
SCRIPT = "import sys; from chorale_cli.app import main; sys.exit(main())"


def test_an_invoice_is_deposited_found_read_downloaded_and_treated(hub, samples, tmp_path):
    def chorale(*words: str, code: int = 0) -> str:
        command = [sys.executable, "-c", SCRIPT, *words, "--to", hub.base_url]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENT)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    number, folder = samples.number(), tmp_path / "novembre"
    folder.mkdir()
    (folder / "bonne.xml").write_bytes(samples.ubl(number))
    (folder / "mauvaise.xml").write_bytes(samples.ubl(service="SERVICE_INCONNU"))
    recipient = ("--account", SERVICE_REQUIRED)

    deposited = json.loads(chorale("deposit", "novembre", "--json", code=1))
    report = chorale("report", deposited["numeroFluxDepot"], "--pdf", "compte-rendu.pdf", code=1)
    [row] = json.loads(chorale("inbox", *recipient, "--number", number, "--json"))["factures"]
    invoice = str(row["idFacture"])
    shown = chorale("show", *recipient, invoice)
    chorale("download", *recipient, invoice, "--as", "original", "--output", "originale.xml")
    chorale("treat", *recipient, invoice, "SUSPENDUE", "--motif", "Bon de livraison manquant")
    refusal = chorale("treat", *recipient, invoice, "MANDATEE", "--json", code=1)

    assert "CHO-SERVICE-INCONNU" in report
    assert report.endswith("\n2 factures : 1 intégrée, 1 refusée\n")
    assert Path(tmp_path / "compte-rendu.pdf").read_bytes().startswith(b"%PDF-")
    assert shown.startswith(f"Facture {number}  Mise à disposition du destinataire")
    assert (tmp_path / "originale.xml").read_bytes() == (folder / "bonne.xml").read_bytes()
    assert "Actions possibles pour vous : aucune." in json.loads(refusal)["error"]
    assert "Bon de livraison manquant" in chorale("show", *recipient, invoice)
