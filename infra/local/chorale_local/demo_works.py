"""The works part of make demo: a month of works with a silent contractor, then the end of a contract, day by day.

The hub's clock is moved, and put back at the end.
"""

import base64
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
from chorale_cli.client import HubClient, HubError
from chorale_cli.french import amount, day, moment
from fpdf import FPDF
from rich.console import Console
from rich.table import Table

TITULAIRE, SOUS_TRAITANT = "99000001000019", "99000003600014"
MOE, MOA, PAYER = "99000004400018", "99000005100013", "99000006900015"
WORKS = "/cpro/facturesTravaux/v1"
FOLLOWED_WITHIN = 120.0
"""Seconds that what the payer does may take to reach the file."""
Connect = Callable[[str, str], HubClient]


class WorksDemo:
    """One contract and its actors on a running hub."""

    def __init__(self, url: str, mark: str, connect: Connect, console: Console) -> None:
        self._url, self._connect, self._console = url, connect, console
        self._tools = httpx.Client(base_url=f"{url.rstrip('/')}/_local/", timeout=300)
        self._mark = mark

    def play(self) -> None:
        """Both stories, at a clock that goes back afterwards."""
        before = self._tools.get("clock").raise_for_status().json()["offset_seconds"]
        try:
            self._month()
            self._end()
        finally:
            self._tools.put("clock", json={"offset_seconds": before}).raise_for_status()

    def _call(self, siret: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        # A token is only good for an hour of the hub's clock, which this demo moves.
        return self._connect(self._url, siret).call(path, body, "POST" if body is not None else "GET")

    def _contract(self, number: str) -> int:
        parties = [
            {"identifiant": TITULAIRE, "role": "TITULAIRE"},
            {"identifiant": MOE, "role": "MOE"},
            {"identifiant": MOA, "role": "MOA"},
            {
                "identifiant": SOUS_TRAITANT, "role": "SOUS_TRAITANT", "travaillePour": TITULAIRE,
                "paiementDirect": True, "montantSousTraite": 40000,
            },
        ]  # fmt: skip
        body = {"numeroMarche": number, "listeIntervenants": parties, "serviceFinancier": PAYER}
        contract: int = self._call(MOA, "/chorale/v1/marches", body)["marche"]["idMarche"]
        return contract

    def _deposit(self, siret: str, frame: str, gross: float, contract: str, **more: Any) -> int:
        body = {
            "modeDepot": "DEPOT_PDF_API",
            "numeroFactureTravaux": f"{frame}-{self._mark}",
            "cadreDeFacturation": {"codeCadreFacturation": frame},
            "references": {} if "idPiecePrecedente" in more else {"numeroMarche": contract},
            "montantTotal": {"montantHtTotal": round(gross / 1.2, 2), "montantTtcTotal": gross},
            "pieceJointePrincipale": {"nom": f"{frame}.pdf", "contenu": base64.b64encode(page(frame)).decode()},
            **more,
        }
        paper: int = self._call(siret, f"{WORKS}/soumettre", body)["idFactureTravaux"]
        return paper

    def _wait(self, days: int) -> None:
        self._tools.post("advance", json={"days": days}).raise_for_status()

    def _month(self) -> None:
        number = f"TRAVAUX-{self._mark}"
        self._contract(number)
        request = self._deposit(SOUS_TRAITANT, "A10", 1200.0, number)
        self._wait(16)
        self._call(MOE, f"{WORKS}/prendre/en/compte", {"idFactureTravaux": request})
        monthly = self._deposit(TITULAIRE, "A4", 12000.0, number, listeDemandesJointes=[request])
        self._wait(3)
        statement = self._deposit(MOE, "A15", 11400.0, number, idPiecePrecedente=monthly)
        self._wait(2)
        validated = self._deposit(MOA, "A19", 11400.0, number, idPiecePrecedente=statement)
        self._wait(10)
        for status in ("MANDATEE", "MISE_EN_PAIEMENT"):
            body = {"idFacture": validated, "nouveauStatut": status}
            self._call(PAYER, "/cpro/factures/v1/traiter/recue", body)
        self._followed(validated, "MISE_EN_PAIEMENT")
        self._show("5. Un mois de travaux : le sous-traitant dont le titulaire se tait", request)
        self._show("   puis le projet de décompte du mois, jusqu'au paiement", monthly)
        self._show_parts(validated)

    def _end(self) -> None:
        number = f"SOLDE-{self._mark}"
        contract = self._contract(number)
        today = self._today()
        self._call(MOA, f"/chorale/v1/marches/{contract}/reception", {"dateNotificationReception": str(today)})
        self._wait(12)
        final = self._deposit(TITULAIRE, "A7", 240000.0, number)
        self._wait(34)
        tacit = self._deposit(TITULAIRE, "A22", 240000.0, number, idPiecePrecedente=final)
        self._wait(14)
        self._deposit(TITULAIRE, "A23", 240000.0, number, idPiecePrecedente=tacit)
        self._show("6. La fin d'un marché : la MOA se tait deux fois, le décompte devient définitif", final)

    def _show_parts(self, paper: int) -> None:
        body = {"idFactureTravaux": paper}
        shares = self._call(MOA, f"{WORKS}/consulter", body)["factureTravaux"]["listeParts"]
        self._console.print("Qui est payé de quoi :")
        for share in shares:
            who = f"{share['creancier']['designation']} ({_words(share['nature'])})"
            self._console.print(f"  {who} : {amount(share['montantTTC'], 'EUR')} TTC")

    def _today(self) -> date:
        answer = self._tools.get("clock").raise_for_status().json()
        return date.fromtimestamp(time.time() + answer["offset_seconds"])

    def _followed(self, paper: int, status: str) -> None:
        until = time.monotonic() + FOLLOWED_WITHIN
        while self._call(TITULAIRE, f"{WORKS}/consulter", {"idFactureTravaux": paper})["factureTravaux"][
            "statutFactureTravaux"
        ] != status:  # fmt: skip
            if time.monotonic() > until:
                raise HubError(f"what the payer did to paper {paper} did not reach its file")
            time.sleep(0.3)

    def _show(self, title: str, paper: int) -> None:
        body = {"idFactureTravaux": paper}
        reference = self._call(TITULAIRE, f"{WORKS}/consulter", body)["factureTravaux"]["references"]
        file = self._call(TITULAIRE, f"/chorale/v1/dossiers/{reference['idDossierFacturation']}")
        self._console.print(f"\n[bold]{title}[/bold]")
        table = Table("date", "pièce", "événement", box=None, pad_edge=False)
        for event in file["chronologie"]:
            if event["nature"] == "RELANCE":
                continue
            said = event.get("statut") or _sentence(f"{_words(event['nature'])} : {event['texte']}")
            table.add_row(moment(event["date"]), event.get("cadreFacturation", ""), said)
        self._console.print(table)
        for delay in file["delaisDePaiement"]:
            paid = f", payé le {day(delay['payeLe'])}" if "payeLe" in delay else ""
            end = day(delay["fin"]) if "fin" in delay else "…"
            what = _words(delay["objet"])
            self._console.print(f"Délai de paiement ({what}) : du {day(delay['debut'])} au {end}{paid}.")


SAID = {"SOUS_TRAITANT": "sous-traitant", "COPIE_MOE": "copie MOE"}
"""Codes whose words are not those of the code."""


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _words(code: str) -> str:
    return SAID.get(code, code.lower().replace("_", " "))


def page(frame: str) -> bytes:
    """A one-page PDF."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=16)
    pdf.cell(text=f"Pièce {frame}")
    return bytes(pdf.output())
