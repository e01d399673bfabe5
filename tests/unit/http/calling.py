"""Call the API's functions in this process, as a client calls the deployed API."""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from chalice.test import Client, HTTPResponse
from chorale.apidoc.openapi import apis
from chorale.domain.directory.structures import Structure
from chorale.domain.fields import Field
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.http.edge.api import Api, Operation

from tests.cast import APPLICATION, NOW, RECIPIENT, SUPPLIER, actor

SECRET = "demo-secret"
PASSWORD = "demo-password"

FLUX = "/cpro/factures/v1/deposer/flux"
DEPOTS = "/chorale/v1/depots"
PDF = "/cpro/factures/v1/deposer/pdf"
SUBMIT = "/cpro/factures/v1/soumettre"
DOWNLOAD = "/cpro/factures/v1/telecharger/groupe"
STORE_FILE = "/cpro/transverses/v1/ajouter/fichier"
DETACH_FILE = "/cpro/transverses/v1/detacherPieceJointe"
ACCOUNT_FILES = "/cpro/transverses/v1/rechercher/pj/moncompte"
STRUCTURE_FILES = "/cpro/transverses/v1/rechercher/pj/structure"
DOWNLOAD_FILES = "/cpro/transverses/v1/telecharger/pieceJointe"
CR = "/cpro/transverses/v1/consulterCR"
CR_DETAILS = "/cpro/transverses/v1/consulterCRDetaille"
ISSUED = "/cpro/factures/v1/rechercher/fournisseur"
RECEIVED = "/cpro/factures/v1/rechercher/recipiendaire"
READ_ISSUED = "/cpro/factures/v1/consulter/fournisseur"
READ_RECEIVED = "/cpro/factures/v1/consulter/recipiendaire"
HISTORY = "/cpro/factures/v1/consulter/historique"
TREAT = "/cpro/factures/v1/traiter/recue"
COMPLETE = "/cpro/factures/v1/completer"
RECYCLE = "/cpro/factures/v1/recycler"
HANDLE_REJECTION = "/cpro/factures/v1/traiterRejet"
NAME_VALIDATOR = "/cpro/factures/v1/corriger/valideur/facture"
DECIDE = "/cpro/factures/v1/traiter/factureAValider"
SUPPLIER_WORK = "/cpro/factures/v1/rechercher/atraiter/fournisseur"
RECIPIENT_WORK = "/cpro/factures/v1/rechercher/atraiter/recipiendaire"
VALIDATOR_WORK = "/cpro/factures/v1/rechercher/aTraiter/valideur"
TO_VALIDATE = "/cpro/factures/v1/rechercher/valideur"
READ_TO_VALIDATE = "/cpro/factures/v1/consulter/valideur"
PAYMENT_REQUESTS = "/cpro/factures/v1/rechercher/demandePaiement"
VISIBLE_STATUSES = "/cpro/factures/v1/recuperer/statutsFactureVisibles/valideur"
REFUSAL_MOTIVES = "/cpro/transverses/v1/recuperer/motifs/refus/Facture/AValider"
NEXT_STATUSES = "/cpro/transverses/v1/recuperer/etats/traitement"
STATUSES_BY_TYPE = "/cpro/transverses/v1/recuperer/etat/typedp"
STRUCTURES = "/cpro/structures/v1/rechercher"
STRUCTURE = "/cpro/structures/v1/consulter"
SERVICES = "/cpro/structures/v1/rechercher/services"
SERVICE_PATH = "/cpro/structures/v1/consulter/service"
LISTS = "/cpro/transverses/v1/recuperer"
ACTIVES = f"{LISTS}/structures/actives"
SIRET = "/cpro/transverses/v1/consulter/information/siret"
COMMITMENTS = "/cpro/engagementsJuridiques/v1/rechercher"
ATTACHMENTS = "/cpro/utilisateurs/v1/monCompte/recuperer/rattachements"
RECIPIENTS = "/cpro/transverses/v1/rechercher/destinataire"
ACCOUNT_SERVICES = "/cpro/structures/v1/lister/rattachementsutilisateur"
CATEGORIES = "/cpro/transverses/v1/rechercher/categorieSollicitation"
SUBCATEGORIES = "/cpro/transverses/v1/rechercher/sousCategorieSollicitation"
EXECUTING_SERVICES = "/cpro/transverses/v1/rechercher/serviceexecutant"
ORGANISATIONS = "/cpro/organisations/v1"
DIRECTORY_FILE = "/cpro/transverses/v1/telecharger/annuaire/destinataire"
SPACES = "/cpro/structures/v1/rechercher/espaces"
SERVICE_ACCOUNTS = f"{LISTS}/utilisateurs/service"
STATE_SERVICES = f"{LISTS}/services/executantetat"
CHECK = "/chorale/v1/controles"
WORKS = "/cpro/facturesTravaux/v1"
CONTRACTS = "/chorale/v1/marches"
TASKS = "/chorale/v1/taches"
FILES = "/chorale/v1/dossiers"
PAPERS = "/chorale/v1/pieces"
STATUSES = "/chorale/v1/statuts"
WEBHOOKS = "/chorale/v1/webhooks"
LIFE_CYCLE = "/chorale/v1/cycle-de-vie"
TOKEN = "/api/oauth/token"
HEALTH = "/cpro/transverses/v1/health-check"

MARK = f"{Field.NUMBER}"[0].encode()
"""How the mark of a field begins inside a sentence of the domain."""

Keep = Callable[..., InvoiceSummary]
"""Keep an invoice as integrated."""


class Clock:
    """The hub's clock, in the hands of a test."""

    def __init__(self) -> None:
        self.now = NOW

    def set(self, moment: datetime) -> None:
        """Move to ``moment``."""
        self.now = moment


@cache
def routes() -> tuple[tuple[Api, Operation], ...]:
    """Every route of every function."""
    return tuple((api, operation) for _, api in apis() for operation in api.operations())


def _api(method: str, path: str) -> Api:
    for _, api in apis():
        for door in api.doors():
            if door.method == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", door.path), path):
                return api
    raise LookupError(f"no route {method} {path}")


def request(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> HTTPResponse:
    """The raw answer of the function that has the route."""
    answer = Client(_api(method, path)).http.request(method, path, headers=dict(headers or {}), body=body)
    assert MARK in body or MARK not in answer.body, "a field is told by its mark, not by the name of its request"
    return answer


def token() -> str:
    """An access token of the demo application."""
    form = {"grant_type": "client_credentials", "client_id": APPLICATION, "client_secret": SECRET}
    value: str = request("POST", TOKEN, urlencode(form).encode()).json_body["access_token"]
    return value


def account(login: str, password: str = PASSWORD) -> str:
    """The header ``cpro-account``."""
    return base64.b64encode(f"{login}:{password}".encode()).decode()


KEYED: dict[str, Any] = {
    "modeDepot": "SAISIE_API",
    "destinataire": {"codeDestinataire": RECIPIENT.identifier},
    "fournisseur": {"idFournisseur": SUPPLIER.id},
    "cadreDeFacturation": {"codeCadreFacturation": "A1_FACTURE_FOURNISSEUR"},
    "references": {
        "deviseFacture": "EUR",
        "typeFacture": "FACTURE",
        "typeTva": "TVA_SUR_DEBIT",
        "modePaiement": "VIREMENT",
        "numeroBonCommande": "EJ42",
    },
    "lignePoste": [
        {
            "lignePosteNumero": 1,
            "lignePosteReference": "ETUDE-1",
            "lignePosteDenomination": "Étude de sol",
            "lignePosteQuantite": 2,
            "lignePosteUnite": "jour",
            "lignePosteMontantUnitaireHT": 500,
            "lignePosteTauxTva": "TVA_20",
        }
    ],
    "ligneTva": [{"ligneTvaTaux": "TVA_20", "ligneTvaMontantBaseHtParTaux": 1000, "ligneTvaMontantTvaParTaux": 200}],
    "montantTotal": {"montantHtTotal": 1000, "montantTVA": 200, "montantTtcTotal": 1200, "montantAPayer": 1200},
    "commentaire": "Bon de livraison BL-7.",
}
"""A submission that needs no file: from the ordinary supplier to the ordinary recipient."""


@dataclass
class Caller:
    """A client with the technical account of one structure."""

    structure: Structure
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.headers = {
            "Authorization": f"Bearer {token()}",
            "cpro-account": account(actor(self.structure).login),
            "Content-Type": "application/json;charset=utf-8",
        }

    def raw(self, method: str, path: str, body: bytes = b"") -> HTTPResponse:
        """The HTTP answer."""
        return request(method, path, body, self.headers)

    def post(self, path: str, body: Any = None) -> dict[str, Any]:
        """The JSON of an answer that must be HTTP 200."""
        answer = self.raw("POST", path, b"" if body is None else json.dumps(body).encode())
        assert answer.status_code == 200, answer.body
        content: dict[str, Any] = json.loads(answer.body)
        return content

    def get(self, path: str) -> dict[str, Any]:
        """The JSON of an answer that must be HTTP 200."""
        answer = self.raw("GET", path)
        assert answer.status_code == 200, answer.body
        content: dict[str, Any] = json.loads(answer.body)
        return content
