"""The actors of a works contract, each calling the hub with its own account, as docs/works.md and /docs describe it."""

import base64
import itertools
import json
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from tests.patience import PATIENT

TITULAIRE = "99000001000019"
COTRAITANT = "99000002800011"
SOUS_TRAITANT = "99000003600014"
MOE = "99000004400018"
MOA = "99000005100013"
SERVICE_FINANCIER = "99000006900015"
ANOTHER_COMPANY = "99000007700018"

SATURDAY = 5

FRAMES = {
    "A4": "A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR",
    "A7": "A7_PROJET_DECOMPTE_FINAL_FOURNISSEUR",
    "A8": "A8_DECOMPTE_GENERAL_DEFINITIF_FOURNISSEUR",
    "A10": "A10_PROJET_DECOMPTE_MENSUEL_SOUSTRAITANT",
    "A13": "A13_PROJET_DECOMPTE_MENSUEL_COTRAITANT",
    "A15": "A15_ETAT_ACOMPTE_MOE",
    "A17": "A17_PROJET_DECOMPTE_GENERAL_MOE",
    "A19": "A19_ETAT_ACOMPTE_VALIDE_MOA",
    "A20": "A20_DECOMPTE_GENERAL_MOA",
    "A22": "A22_PROJET_DECOMPTE_GENERAL_FOURNISSEUR_PROCEDURE_TACITE",
    "A23": "A23_DECOMPTE_GENERAL_DEFINITIF_TACITE_FOURNISSEUR",
}
"""The code of each frame, from docs/works-requests.md."""

PDF = base64.b64encode(
    b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n \n0000000115 00000 n \n"
    b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n186\n%%EOF\n"
).decode()

_sequence = itertools.count(int(time.time() * 1000) % 10**9)


def number(kind: str) -> str:
    """A number that no paper or contract has yet."""
    return f"{kind}-{next(_sequence)}"


def amounts(ttc: int | Decimal) -> dict[str, Any]:
    """The totals of a paper whose amount with VAT at 20 % is this, in euros."""
    return {"montantHtTotal": in_euros(Decimal(ttc) / Decimal("1.2")), "montantTtcTotal": in_euros(Decimal(ttc))}


def working_day(day: date) -> date:
    """The first working day from this one, as docs/works-deadlines.md counts the deadlines of a CCAG."""
    while day.weekday() >= SATURDAY or day in holidays(day.year):
        day += timedelta(days=1)
    return day


def holidays(year: int) -> set[date]:
    """The public holidays of metropolitan France; Easter after Meeus."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - f + 15) % 30
    i, k = divmod(c, 4)
    rest = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * rest) // 451
    month, day = divmod(h + rest - 7 * m + 114, 31)
    easter = date(year, month, day + 1)
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    return {date(year, *each) for each in fixed} | {easter + timedelta(days=days) for days in (1, 39, 50)}


def in_euros(amount: Decimal) -> float:
    """An amount as JSON writes it: exact, for euros and cents."""
    return float(amount.quantize(Decimal("0.01")))


@dataclass(frozen=True)
class Hub:
    """The hub and its clock."""

    client: httpx.Client
    """Kept open: a connection of its own for each call costs more than the call."""

    def actor(self, siret: str) -> "Actor":
        """Who acts for the structure with this SIRET, with its technical account."""
        return Actor(self, siret)

    def today(self) -> date:
        """The hub's day in Paris."""
        offset = self.client.get("/_local/clock").json()["offset_seconds"]
        return (datetime.now(UTC) + timedelta(seconds=offset)).astimezone(ZoneInfo("Europe/Paris")).date()

    def advance(self, **spans: int) -> None:
        """Let this time pass: days, hours, minutes."""
        self.client.post("/_local/advance", json=spans).raise_for_status()

    def wait_until(self, day: date) -> None:
        """Let the days pass until this one."""
        self.advance(days=(day - self.today()).days)


@dataclass
class Actor:
    """One structure's technical account."""

    hub: Hub
    siret: str
    _token: str = field(default="", repr=False)

    @cached_property
    def _account(self) -> str:
        return base64.b64encode(f"TECH_1_{self.siret}@cpro.fr:demo-password".encode()).decode()

    def _sign_in(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": "demo-client",
            "client_secret": "demo-secret",
            "scope": "openid",
        }
        answer = self.hub.client.post("/api/oauth/token", data=form)
        self._token = answer.raise_for_status().json()["access_token"]

    def _send(self, method: str, path: str, body: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}", "cpro-account": self._account}
        return self.hub.client.request(method, path, json=body, headers=headers)

    def ask(self, path: str, body: Any = None) -> dict[str, Any]:
        """The answer, whatever it is; amounts as Decimal. A token lasts an hour of the hub's clock, which moves."""
        method = "GET" if body is None else "POST"
        if not self._token:
            self._sign_in()
        answer = self._send(method, path, body)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._sign_in()
            answer = self._send(method, path, body)
        assert answer.status_code == httpx.codes.OK, (path, answer.status_code, answer.text)
        return dict(json.loads(answer.text, parse_float=Decimal))

    def done(self, path: str, body: Any = None) -> dict[str, Any]:
        """The answer of what must succeed."""
        answer = self.ask(path, body)
        assert answer["codeRetour"] == 0, (path, body, answer)
        return answer

    def refused(self, path: str, body: Any = None) -> str:
        """The sentence of what must be refused."""
        answer = self.ask(path, body)
        assert answer["codeRetour"] != 0, (path, body, answer)
        return str(answer["libelle"])

    # contracts

    def register(self, contract: str, *parties: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """Register a contract with these parties, the demo's financial service paying."""
        body = {
            "numeroMarche": contract,
            "listeIntervenants": list(parties),
            "serviceFinancier": SERVICE_FINANCIER,
            **fields,
        }
        return dict(self.done("/chorale/v1/marches", body)["marche"])

    def amend(self, contract_id: int, nature: str, **fields: Any) -> dict[str, Any]:
        """Register an amendment of a contract, from today unless `dateEffet` says otherwise."""
        body = {"nature": nature, "dateEffet": self.hub.today().isoformat(), **fields}
        return dict(self.done(f"/chorale/v1/marches/{contract_id}/avenants", body)["marche"])

    def receive(self, contract: "Contract", day: date) -> dict[str, Any]:
        """Register that the reception of the works was notified on this day."""
        body = {"dateNotificationReception": day.isoformat()}
        return dict(self.done(f"/chorale/v1/marches/{contract.id}/reception", body)["marche"])

    # papers

    def store(self, name: str, content: str) -> int:
        """Keep a PDF, given in base64, to join it to a paper; its id."""
        body = {
            "pieceJointeFichier": content,
            "pieceJointeNom": name,
            "pieceJointeExtension": "PDF",
            "pieceJointeTypeMime": "application/pdf",
        }
        return int(self.done("/cpro/transverses/v1/ajouter/fichier", body)["pieceJointeId"])

    def paper(self, frame: str, ttc: int | Decimal, **fields: Any) -> dict[str, Any]:
        """The request that deposits a paper of this frame and amount."""
        return {
            "modeDepot": "DEPOT_PDF_API",
            "numeroFactureTravaux": number(frame),
            "cadreDeFacturation": {"codeCadreFacturation": FRAMES[frame]},
            "montantTotal": amounts(ttc),
            "pieceJointePrincipale": {"nom": f"{frame}.pdf", "contenu": PDF},
            **fields,
        }

    def deposit(self, frame: str, ttc: int | Decimal, **fields: Any) -> int:
        """Deposit a paper; its id."""
        return int(
            self.done("/cpro/facturesTravaux/v1/soumettre", self.paper(frame, ttc, **fields))["idFactureTravaux"]
        )

    def open_file(self, contract: str, frame: str, ttc: int | Decimal, **fields: Any) -> int:
        """Deposit the first paper of a billing file of this contract; its id."""
        return self.deposit(frame, ttc, references={"numeroMarche": contract}, **fields)

    def follow(self, previous: int, frame: str, ttc: int | Decimal, **fields: Any) -> int:
        """Deposit the paper that follows another; its id."""
        return self.deposit(frame, ttc, idPiecePrecedente=previous, **fields)

    def cannot_follow(self, previous: int, frame: str, ttc: int | Decimal, **fields: Any) -> str:
        """Why the paper that would follow another is refused."""
        body = self.paper(frame, ttc, idPiecePrecedente=previous, **fields)
        return self.refused("/cpro/facturesTravaux/v1/soumettre", body)

    def act(self, paper: int, act: str, **fields: Any) -> str:
        """Do an act on a paper; the paper's status then."""
        return str(self.done(f"/chorale/v1/pieces/{paper}/actes", {"acte": act, **fields})["statutFactureTravaux"])

    def cannot(self, paper: int, act: str, **fields: Any) -> str:
        """Why an act on a paper is refused."""
        return self.refused(f"/chorale/v1/pieces/{paper}/actes", {"acte": act, **fields})

    def take_into_account(self, paper: int) -> str:
        """Declare a paper taken into account; its status then."""
        body = {"idFactureTravaux": paper}
        return str(self.done("/cpro/facturesTravaux/v1/prendre/en/compte", body)["statutFactureTravaux"])

    def read(self, paper: int) -> dict[str, Any]:
        """A whole paper."""
        return dict(self.done("/cpro/facturesTravaux/v1/consulter", {"idFactureTravaux": paper})["factureTravaux"])

    def status(self, paper: int) -> str:
        """The status of a paper."""
        return str(self.read(paper)["statutFactureTravaux"])

    def statuses(self, paper: int) -> list[str]:
        """The statuses that a paper had, in their order."""
        return [line["statut"] for line in self.read(paper)["historiqueDemandePaiement"]]

    def cannot_read(self, paper: int) -> str:
        """The sentence that somebody gets who may not read a paper."""
        return self.refused("/cpro/facturesTravaux/v1/consulter", {"idFactureTravaux": paper})

    def file_of(self, paper: int) -> dict[str, Any]:
        """The billing file of a paper."""
        file = self.read(paper)["references"]["idDossierFacturation"]
        return self.done(f"/chorale/v1/dossiers/{file}")

    def payment_delay(self, paper: int) -> dict[str, Any]:
        """The payment delay of a demand."""
        delays = [delay for delay in self.file_of(paper)["delaisDePaiement"] if delay["idFactureTravaux"] == paper]
        assert len(delays) == 1, delays
        return dict(delays[0])

    # worklist

    def tasks(self, contract: str) -> dict[str, dict[str, Any]]:
        """What this account owes for a contract, by the kind of the task."""
        listed = self.done("/chorale/v1/taches", {"numeroMarche": contract})["listeTaches"]
        kinds = [task["tache"] for task in listed]
        assert len(kinds) == len(set(kinds)), listed
        return {task["tache"]: task for task in listed}

    # payments

    def account(self, contract: "Contract") -> dict[str, Any]:
        """The account of a contract, as this actor may read it."""
        return self.done(f"/chorale/v1/marches/{contract.id}/compte")

    def payment_sheet(self, paper: int) -> bytes:
        """The page of who is paid what by a paper, a PDF."""
        return base64.b64decode(self.done(f"/chorale/v1/pieces/{paper}/fiche-de-paiement")["fichierResultat"])

    def received(self, contract: str) -> dict[int, str]:
        """The received works payments of a contract with their statuses."""
        body = {"typeDemandePaiement": "FACTURE_TRAVAUX", "numeroMarche": contract}
        found = self.done("/cpro/factures/v1/rechercher/recipiendaire", body)["listeFactures"]
        return {invoice["idFacture"]: invoice["statut"] for invoice in found}

    def treat(self, invoice: int, status: str, **fields: Any) -> None:
        """Give a received invoice its next status, as the payer; the works file follows a little later."""
        self.done("/cpro/factures/v1/traiter/recue", {"idFacture": invoice, "nouveauStatut": status, **fields})
        until = time.monotonic() + PATIENT
        while self.status(invoice) != status:
            assert time.monotonic() < until, f"the works file does not have the status {status} of its payer"
            time.sleep(0.2)


@dataclass(frozen=True)
class Cast:
    """Everybody of a works contract, by the part that the demo gives them."""

    hub: Hub
    titulaire: Actor = field(init=False)
    cotraitant: Actor = field(init=False)
    sous_traitant: Actor = field(init=False)
    moe: Actor = field(init=False)
    moa: Actor = field(init=False)
    payer: Actor = field(init=False)
    outsider: Actor = field(init=False)

    def __post_init__(self) -> None:
        sirets = {
            "titulaire": TITULAIRE,
            "cotraitant": COTRAITANT,
            "sous_traitant": SOUS_TRAITANT,
            "moe": MOE,
            "moa": MOA,
            "payer": SERVICE_FINANCIER,
            "outsider": ANOTHER_COMPANY,
        }
        for name, siret in sirets.items():
            object.__setattr__(self, name, self.hub.actor(siret))

    def contract(self, *parties: dict[str, Any], **fields: Any) -> "Contract":
        """A contract with these parties, the demo's MOE and MOA, registered by the MOA."""
        of = Contract(number("2026-T"))
        given = {each["role"] for each in parties}
        usual = [party(siret, role) for siret, role in ((MOE, "MOE"), (MOA, "MOA")) if role not in given]
        return replace(of, id=self.moa.register(of.number, *parties, *usual, **fields)["idMarche"])


@dataclass(frozen=True)
class Contract:
    """A registered contract."""

    number: str
    id: int = 0


def party(siret: str, role: str, **fields: Any) -> dict[str, Any]:
    """A party of a contract, as its registration names it."""
    return {"identifiant": siret, "role": role, **fields}


def amount_lines(account: dict[str, Any]) -> dict[int, tuple[Any, ...]]:
    """The lines of a contract's account: creditor, then asked, by the MOE, by the MOA, paid, by the demand's id."""
    amounts_of = ("demande", "moe", "moa", "paye")
    return {
        line["idFactureTravaux"]: (line["creancier"]["identifiant"], *(line.get(name) for name in amounts_of))
        for line in account["lignes"]
    }


def parts(paper: dict[str, Any]) -> dict[str, Decimal]:
    """Who is paid what by a paper: amounts with VAT, by SIRET."""
    return {part["creancier"]["identifiant"]: part["montantTTC"] for part in paper["listeParts"]}
