"""make demo: the main journey on a hub, as the users of both sides see it.

A supplier deposits a UBL invoice, a CII invoice, a Factur-X and an archive with one bad invoice; recipients find what
they received and one of them treats it up to payment; then a month of works and the end of a contract go by, with the
hub's clock moved. The timelines are printed. A hub is started when none runs.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from chorale_cli.client import HubClient, HubError
from chorale_cli.french import amount, number
from rich.console import Console
from rich.table import Table

from chorale_local import examples
from chorale_local.demo_works import WorksDemo
from chorale_local.places import SetUpError, port_of
from chorale_local.seed import cast, login_of

SUPPLIER = "99000007700018"
SERVICE_REQUIRED = "12345678200028"
COMMITMENT_REQUIRED = "12345678200036"
NO_REQUIREMENT = "12345678200051"
HEALTH = "/cpro/transverses/v1/health-check"
START_AT_MOST = 600.0
"""Seconds that a first start may take, installations included."""
TREATMENT: tuple[tuple[str, dict[str, str]], ...] = (
    ("SERVICE_FAIT", {}),
    ("MANDATEE", {"numeroDPMandat": "MANDAT-2026-118"}),
    ("MISE_A_DISPOSITION_COMPTABLE", {}),
    ("COMPTABILISEE", {}),
    ("MISE_EN_PAIEMENT", {}),
)

console = Console(width=110, highlight=False)


@dataclass(frozen=True)
class Sent:
    """One deposit of the demo."""

    what: str
    name: str
    syntax: str
    content: bytes
    upload: bool


def main() -> int:
    """Run the demo; returns the exit code."""
    asked = argparse.ArgumentParser(prog="make demo", description=__doc__)
    asked.add_argument("--port", default="8000", help="port of the hub (default: %(default)s)")
    given = asked.parse_args()
    try:
        with hub(port_of(given.port)) as url:
            play(url)
    except (HubError, SetUpError) as error:
        console.print(f"[red]{error}[/red]")
        return 1
    return 0


@contextmanager
def hub(port: int) -> Iterator[str]:
    """The base URL of a running hub; one is started, and stopped at the end, when none answers."""
    url = f"http://127.0.0.1:{port}"
    if _answers(url):
        yield url
        return
    console.print(f"No hub on port {port}: starting one for the demo ...")
    with tempfile.TemporaryFile() as log:
        started = subprocess.Popen(
            [sys.executable, "-m", "chorale_local.run", "--port", str(port), "--quiet"],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            until = time.monotonic() + START_AT_MOST
            while not _answers(url):
                if started.poll() is not None or time.monotonic() > until:
                    log.seek(0)
                    raise HubError("the hub did not start:\n" + log.read().decode(errors="replace")[-3000:])
                time.sleep(0.2)
            yield url
        finally:
            started.terminate()
            started.wait(30)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url + HEALTH, timeout=5).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def connected(url: str, siret: str) -> HubClient:
    """A client with the technical account of a demo structure."""
    parties = cast()
    application = parties["application"]
    return HubClient(
        url,
        application["client_id"],
        application["client_secret"],
        login_of(siret),
        parties["technical_accounts"]["password"],
    )


def deposits(mark: str, day: date) -> list[Sent]:
    """The files of the demo; ``mark`` makes their numbers fresh."""
    ubl = examples.fresh(examples.UBL, f"D{mark}-UBL", day)
    batch = {
        "facture-1.xml": examples.fresh(examples.UBL, f"D{mark}-LOT1", day),
        "facture-2.xml": examples.fresh(examples.UBL, f"D{mark}-LOT2", day, service="SERVICE_INCONNU"),
        "facture-3.xml": examples.fresh(examples.UBL, f"D{mark}-LOT3", day),
    }
    return [
        Sent("UBL, dans la requête", "facture-ubl.xml", "IN_DP_E1_UBL_INVOICE", ubl, False),
        Sent(
            "CII, envoi présigné",
            "facture-cii.xml",
            "IN_DP_E1_CII_16B",
            examples.fresh(examples.CII, f"D{mark}-CII", day),
            True,
        ),
        Sent(
            "Factur-X, envoi présigné",
            "facture-facturx.pdf",
            "IN_DP_E2_CII_FACTURX",
            examples.facturx_pdf(examples.fresh(examples.FACTURX, f"D{mark}-FX", day)),
            True,
        ),
        Sent("Archive de 3 dont 1 mauvaise", "lot.tar.gz", "IN_DP_E1_UBL_INVOICE", examples.archive(batch), False),
    ]


def play(url: str) -> None:
    """The journey itself."""
    supplier = connected(url, SUPPLIER)
    mark = format(int(time.time()) % 36**5, "X")
    title("1. Le fournisseur dépose")
    sent = [
        (item, supplier.deposit(Path(item.name), item.syntax, item.content, upload=item.upload), time.monotonic())
        for item in deposits(mark, examples.today())
    ]
    show_reports([(item, supplier.wait(number), time.monotonic() - start) for item, number, start in sent])

    title("2. Les destinataires trouvent ce qu'ils ont reçu")
    received = {siret: connected(url, siret) for siret in (SERVICE_REQUIRED, COMMITMENT_REQUIRED, NO_REQUIREMENT)}
    rows = [(client, row) for client in received.values() for row in of_today(client, f"D{mark}-")]
    show_received([row for _, row in rows])

    title("3. Un destinataire traite une facture jusqu'au paiement")
    recipient, row = rows[0]
    for status, given in TREATMENT:
        recipient.call(
            "/cpro/factures/v1/traiter/recue", {"idFacture": row["idFacture"], "nouveauStatut": status} | given
        )
    console.print(f"Facture {row['numeroFacture']} : {' → '.join(status for status, _ in TREATMENT)}")

    title("4. Le fournisseur suit ses factures")
    show_timelines(supplier, [row["idFacture"] for _, row in rows])

    WorksDemo(url, mark, connected, console).play()


def of_today(client: HubClient, start: str) -> list[dict[str, Any]]:
    """What a recipient received whose number begins with ``start``."""
    body = {"typeDemandePaiement": "FACTURE", "numeroFacture": start, "paramRecherche": {"nbResultatsParPage": 100}}
    found: list[dict[str, Any]] = client.call("/cpro/factures/v1/rechercher/recipiendaire", body)["listeFactures"]
    return found


def title(text: str) -> None:
    """A heading."""
    console.print(f"\n[bold]{text}[/bold]")


def show_reports(rows: list[tuple[Sent, dict[str, Any], float]]) -> None:
    """One row per deposit, and below each refused invoice what to change."""
    table = Table("dépôt", "numéro de flux", "verdict", "factures", "en", box=None, pad_edge=False)
    refused = []
    for item, report, seconds in rows:
        ranks = report["rapport"]["ranks"]
        done = sum(rank["outcome"] == "INTEGREE" for rank in ranks)
        verdict = report["etat"]
        table.add_row(
            item.what,
            report["numeroFluxDepot"],
            verdict,
            f"{done} / {len(ranks)}",
            f"{number(Decimal(f'{seconds:.1f}'))} s",
        )
        refused += [rank for rank in ranks if rank["outcome"] != "INTEGREE"]
    console.print(table)
    for rank in refused:
        console.print(f"\nRefusée : {rank['invoice_number']} ({rank['file_name']})")
        for finding in rank["findings"]:
            if finding["severity"] == "error":
                console.print(f"  {finding['code']} : {finding['message']}", soft_wrap=False)


def _seconds(spent: float) -> str:
    return f"{number(Decimal(f'{spent:.1f}'))} s"


def show_received(rows: list[dict[str, Any]]) -> None:
    """What the recipients received."""
    table = Table("destinataire", "facture", "id", "TTC", "statut", box=None, pad_edge=False)
    for row in rows:
        total = amount(row["montantTTC"], row["devise"])
        table.add_row(row["designationDestinataire"], row["numeroFacture"], str(row["idFacture"]), total, row["statut"])
    console.print(table)


def show_timelines(supplier: HubClient, invoice_ids: list[int]) -> None:
    """The statuses of each invoice, oldest first."""
    table = Table("facture", "statut courant", "historique", box=None, pad_edge=False)
    for invoice_id in invoice_ids:
        history = supplier.call("/cpro/factures/v1/consulter/historique", {"idFacture": invoice_id})
        lines = sorted(history["historiquesDesStatuts"]["histoStatut"], key=lambda line: line["histoStatutId"])
        steps = " → ".join(line["histoStatutCode"] for line in lines)
        table.add_row(history["numeroFacture"], history["statutCourantCode"], steps)
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
