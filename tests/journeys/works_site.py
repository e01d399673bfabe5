"""A works contract on the running hub: its actors, each with its own account, and the hub's clock."""

import base64
import itertools
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from chorale.domain.dates import paris_day
from chorale_cli.client import HubClient, HubError
from chorale_local import example_objects
from chorale_local.demo import connected

from tests.patience import PATIENT

SIRET = {
    "titulaire": "99000001000019",
    "cotraitant": "99000002800011",
    "sous-traitant": "99000003600014",
    "MOE": "99000004400018",
    "MOA": "99000005100013",
    "payeur": "99000006900015",
    "étranger": "99000007700018",
}
WORKS = "/cpro/facturesTravaux/v1"
PDF = base64.b64encode(example_objects.PDF).decode()
FRAMES = {
    "A4": "A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR",
    "A25": "A25_DECOMPTE_GENERAL_DEFINITIF_MOE_PROCEDURE_TACITE",
}
_sequence = itertools.count(int(time.time() * 1000) % 10**9)


class Site:
    """One contract: who acts, what each owes, what time it is."""

    def __init__(
        self,
        base_url: str,
        *,
        group: bool = False,
        moe: bool = True,
        works_for: str = "titulaire",
        substitute: tuple[str, str] | None = None,
        **more: Any,
    ) -> None:
        self._url = base_url
        self._tools = httpx.Client(base_url=f"{base_url.rstrip('/')}/_local/", timeout=PATIENT)
        self._clients: dict[str, HubClient] = {}
        self.number = f"M{next(_sequence)}"
        parties: list[dict[str, Any]] = [
            {"identifiant": SIRET["titulaire"], "role": "MANDATAIRE" if group else "TITULAIRE"},
            {"identifiant": SIRET["MOA"], "role": "MOA"},
            {
                "identifiant": SIRET["sous-traitant"],
                "role": "SOUS_TRAITANT",
                "travaillePour": SIRET[works_for],
                "paiementDirect": True,
                "montantSousTraite": 40000,
            },
        ]
        if substitute:
            parties.append({"identifiant": SIRET[substitute[0]], "role": substitute[1]})
        if group:
            parties.append({"identifiant": SIRET["cotraitant"], "role": "COTRAITANT"})
        if moe:
            parties.append({"identifiant": SIRET["MOE"], "role": "MOE"})
        body = {"numeroMarche": self.number, "listeIntervenants": parties, "serviceFinancier": SIRET["payeur"], **more}
        self.contract = self.call("MOA", "/chorale/v1/marches", body)["marche"]["idMarche"]

    # Calls

    def call(self, who: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A call by ``who``; GET without a body. A token that the clock has made old is fetched again."""
        for attempt in range(2):
            client = self._clients.get(who) or connected(self._url, SIRET[who])
            self._clients[who] = client
            try:
                return client.call(path, body, "GET" if body is None else "POST")
            except HubError as error:
                if "Jeton" not in str(error) or attempt:
                    raise
                del self._clients[who]
        raise AssertionError

    def refusal(self, who: str, path: str, body: dict[str, Any]) -> str:
        """What a call that must be refused is answered."""
        try:
            answer = self.call(who, path, body)
        except HubError as error:
            return str(error)
        raise AssertionError(f"{path} was not refused: {answer}")

    @staticmethod
    def body(frame: str, number: str, **more: Any) -> dict[str, Any]:
        """The body of a deposit; amounts in euros."""
        named = {name: more.pop(name) for name in list(more) if name.startswith("identifiant")}
        gross = more.pop("gross", 12000.0)
        return {
            "modeDepot": "DEPOT_PDF_API",
            "numeroFactureTravaux": number,
            "cadreDeFacturation": {"codeCadreFacturation": FRAMES.get(frame, frame), **named},
            "montantTotal": {"montantHtTotal": round(gross / 1.2, 2), "montantTtcTotal": gross},
            "pieceJointePrincipale": {"nom": f"{frame}.pdf", "contenu": PDF},
            **more,
        }

    def deposit(self, who: str, frame: str, after: int | None = None, **more: Any) -> int:
        """Deposit a paper; returns its id."""
        body = self.body(frame, f"{frame}-{next(_sequence)}", **more)
        body |= {"idPiecePrecedente": after} if after else {"references": {"numeroMarche": self.number}}
        paper: int = self.call(who, f"{WORKS}/soumettre", body)["idFactureTravaux"]
        return paper

    def deposit_refused(self, who: str, frame: str, after: int | None = None, **more: Any) -> str:
        """The answer to a deposit that must be refused."""
        body = self.body(frame, f"{frame}-{next(_sequence)}", **more)
        body |= {"idPiecePrecedente": after} if after else {"references": {"numeroMarche": self.number}}
        return self.refusal(who, f"{WORKS}/soumettre", body)

    def send(self, who: str, syntax: str, name: str, content: bytes, *, upload: bool = False) -> dict[str, Any]:
        """Deposit a file of ``syntax``; the report of its flux."""
        client = self._clients.get(who) or connected(self._url, SIRET[who])
        return client.wait(client.deposit(Path(name), syntax, content, upload=upload))

    def do(self, who: str, operation: str, paper: int, **more: Any) -> None:
        """An operation of facturesTravaux on a paper."""
        self.call(who, f"{WORKS}/{operation}", {"idFactureTravaux": paper, **more})

    def act(self, who: str, act: str, paper: int, **more: Any) -> None:
        """An act for which the public platform has no operation."""
        self.call(who, f"/chorale/v1/pieces/{paper}/actes", {"acte": act, **more})

    def receive_works(self, day: date) -> None:
        """The reception was notified on ``day``."""
        self.call("MOA", f"/chorale/v1/marches/{self.contract}/reception", {"dateNotificationReception": str(day)})

    def pay(self, paper: int, *statuses: str) -> None:
        """The payer gives its paper these statuses."""
        for status in statuses:
            self.call("payeur", "/cpro/factures/v1/traiter/recue", {"idFacture": paper, "nouveauStatut": status})

    # The clock

    def wait(self, days: int) -> None:
        """Days go by, with the watch at every deadline on the way."""
        self._tools.post("advance", json={"days": days}).raise_for_status()

    def today(self) -> date:
        """The hub's day."""
        offset = self._tools.get("clock").raise_for_status().json()["offset_seconds"]
        return paris_day(datetime.now(UTC) + timedelta(seconds=offset))

    # What is seen

    def statuses(self, paper: int, who: str = "titulaire") -> list[str]:
        """The statuses that a paper went through."""
        return [line["statut"] for line in self.history(paper, who)]

    def history(self, paper: int, who: str = "titulaire") -> list[dict[str, Any]]:
        """The history of a paper."""
        lines: list[dict[str, Any]] = self.paper(paper, who)["historiqueDemandePaiement"]
        return lines

    def paper(self, paper: int, who: str = "titulaire") -> dict[str, Any]:
        """One paper."""
        found: dict[str, Any] = self.call(who, f"{WORKS}/consulter", {"idFactureTravaux": paper})["factureTravaux"]
        return found

    def file(self, paper: int, who: str = "titulaire") -> dict[str, Any]:
        """The whole file of a paper."""
        number = self.paper(paper, who)["references"]["idDossierFacturation"]
        return self.call(who, f"/chorale/v1/dossiers/{number}")

    def owed(self) -> dict[str, list[str]]:
        """Everybody's tasks of this contract, of those who have any."""
        lists = {}
        for who in SIRET:
            rows = self.call(who, "/chorale/v1/taches", {"pagination": {"nbResultatsParPage": 100}})["listeTaches"]
            mine = sorted(row["tache"] for row in rows if row["numeroMarche"] == self.number)
            if mine:
                lists[who] = mine
        return lists
