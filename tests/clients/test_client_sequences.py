"""What the connectors in use send, call by call, and what they must find in the answers.

Each sequence is that of one client as its published source shows it: its headers, its way to ask for a token, its
misspelt keys, its empty bodies. ``needs`` are the places that it reads: a test fails when one is missing or of another
kind. The functions are called in this process; between deposit and report the queues are run as the hub would.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from chorale_local import examples

from tests.aws import Hub, hub
from tests.cast import (
    APPLICATION,
    NOW,
    OTHER_RECIPIENT,
    RECIPIENT,
    SERVICE,
    SUPPLIER,
    actor,
    ubl,
)
from tests.clients.strict import PHP_ANSWERS, go_faults, php_faults
from tests.pipeline import receive, tar_gz, work
from tests.unit.http.calling import (
    CR,
    CR_DETAILS,
    FLUX,
    HEALTH,
    HISTORY,
    ISSUED,
    READ_ISSUED,
    RECEIVED,
    SECRET,
    SERVICE_PATH,
    SERVICES,
    STORE_FILE,
    STRUCTURE,
    STRUCTURES,
    SUBMIT,
    TOKEN,
    TREAT,
    account,
    request,
    routes,
)
from tests.unit.http.conftest import at, keep, world
from tests.unit.http.test_official_schemas import official_faults

__all__ = ["at", "hub", "keep", "world"]

OPERATIONS = {operation.path: operation.name for _, operation in routes()}
JSON, JSON_UTF8 = "application/json", "application/json;charset=utf-8"
FORM = "application/x-www-form-urlencoded"
VERDICT = "IN_INTEGRE"
WAITING = ("IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP", "IN_EN_COURS_TRAITEMENT_CPP")

Kind = Callable[[Any], object]


def number(value: Any) -> bool:
    """A whole number, or a text that is one."""
    return not isinstance(value, bool) and int(value) >= 0


def text(value: Any) -> bool:
    """A text with something in it."""
    return isinstance(value, str) and bool(value)


def day(value: Any) -> bool:
    """YYYY-MM-DD and nothing more: two clients parse it strictly."""
    return len(value) == 10 and bool(date.fromisoformat(value))


def minute(value: Any) -> bool:
    """YYYY-MM-DD HH:MM."""
    return bool(datetime.strptime(value, "%Y-%m-%d %H:%M"))


def instant(value: Any) -> bool:
    """RFC 3339 with its zone."""
    return datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo is not None


def flag(value: Any) -> bool:
    """True or false."""
    return isinstance(value, bool)


def listed(value: Any) -> bool:
    """A list, empty or not."""
    return isinstance(value, list)


def filled(value: Any) -> bool:
    """An object that is not null."""
    return isinstance(value, dict) and bool(value)


def equal(wanted: Any) -> Kind:
    """Exactly this."""
    return lambda value: value == wanted


def among(*wanted: Any) -> Kind:
    """One of these."""
    return lambda value: value in wanted


def base64_of(beginning: bytes) -> Kind:
    """A file in base64 that begins like this."""
    return lambda value: base64.b64decode(value, validate=True).startswith(beginning)


@dataclass(frozen=True)
class Step:
    """One call. ``body`` may name what an earlier answer gave: ``{flux}``, ``{invoice}``."""

    path: str
    body: Any = field(default_factory=dict)
    needs: dict[str, Kind] = field(default_factory=dict)
    method: str = "POST"
    keeps: dict[str, str] = field(default_factory=dict)
    """Name -> place in the answer."""
    integrates: bool = False
    """Whether the hub gets to its queues before this call."""
    status: int = 200


@dataclass(frozen=True)
class ClientSequence:
    """How one client gets its token, which headers it sends, what it calls."""

    token_form: str
    steps: tuple[Step, ...]
    basic: bool = False
    content_type: str = JSON
    token_needs: dict[str, Kind] = field(default_factory=lambda: {"access_token": text, "expires_in": number})
    plays: Any = SUPPLIER
    before: tuple[str, ...] = ()
    """Numbers of invoices that are there already."""
    typed: bool = False
    """Whether it decodes every answer into typed structures."""
    casts: bool = False
    """Whether it casts every field that it defines."""

    def faults(self, step: Step, content: Any) -> Iterator[str]:
        """The places of an answer that the client refuses, whether or not it then uses them."""
        if self.typed:
            yield from go_faults(content)
        fields = PHP_ANSWERS.get(OPERATIONS.get(step.path, "")) if self.casts else None
        if fields:
            yield from php_faults(content, fields)


FORM_WITH_SECRET = f"grant_type=client_credentials&client_id={APPLICATION}&client_secret={SECRET}"
OPENID = FORM_WITH_SECRET + "&scope=openid"
ENVELOPE = {"codeRetour": equal(0), "libelle": text}
DEPOSITED = ENVELOPE | {"libelle": equal("GCU_MSG_01_000"), "numeroFluxDepot": lambda v: len(v) == 25, "dateDepot": day}
KEEP_FLUX = {"flux": "numeroFluxDepot"}


def in_base64(content: bytes) -> str:
    """A file as clients send it."""
    return base64.b64encode(content).decode()


def deposit(content: bytes, name: str, syntax: str, **more: Any) -> Step:
    """The deposit that nearly every client makes."""
    body = {
        "fichierFlux": in_base64(content),
        "nomFichier": name,
        "syntaxeFlux": syntax,
        "avecSignature": False,
        **more,
    }
    return Step(FLUX, body, DEPOSITED, keeps=KEEP_FLUX)


def cii() -> bytes:
    """A CII invoice of the supplier."""
    return examples.fresh(examples.CII, "CII-1", NOW.date())


UBL_FILE = ubl("F-1")
REPORT = Step(CR_DETAILS, {"numeroFluxDepot": "{flux}"}, {"etatCourantDepotFlux": equal(VERDICT)}, integrates=True)
NOT_YET = Step(CR_DETAILS, {"numeroFluxDepot": "{flux}"}, {"etatCourantDepotFlux": among(*WAITING)})
FOUND = Step(
    ISSUED,
    {"numeroFluxDepot": "{flux}"},
    {
        "listeFactures[].identifiantFactureCPP": number,
        "listeFactures[].numeroFacture": text,
        "listeFactures[].statut": equal("MISE_A_DISPOSITION"),
    },
    keeps={"invoice": "listeFactures[].identifiantFactureCPP"},
)
HISTORY_OF = Step(HISTORY, {"idFacture": "{invoice}"}, {"idFacture": number, "statutCourantCode": text})

STORED_PDF = Step(
    STORE_FILE,
    {
        "pieceJointeFichier": in_base64(examples.facturx_pdf(examples.FACTURX.read_bytes())),
        "pieceJointeNom": "facture.pdf",
        "pieceJointeExtension": "PDF",
        "pieceJointeTypeMime": "application/pdf",
    },
    {"codeRetour": equal(0), "pieceJointeId": number},
    keeps={"pdf": "pieceJointeId"},
)


def submission(main: Any, **more: Any) -> Step:
    """An invoice submitted with its PDF; ``main`` is how the client names it."""
    body = {
        "modeDepot": "DEPOT_PDF_API",
        "numeroFactureSaisi": "F-2026/042",
        "dateFacture": "2026-11-23",
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
        "montantTotal": {"montantHtTotal": 100.0, "montantTVA": 20.0, "montantTtcTotal": 120.0, "montantAPayer": 120.0},
        "pieceJointePrincipale": main,
    }
    return Step(
        SUBMIT,
        body | more,
        {
            "codeRetour": equal(0),
            "libelle": equal("GCU_MSG_01_000"),
            "identifiantFactureCPP": number,
            "numeroFacture": equal("F-2026/042"),
            "statutFacture": equal("DEPOSEE"),
            "dateDepot": day,
            "identifiantStructure": equal(SUPPLIER.identifier),
            "empreinteCertificatDepot": text,
        },
        keeps={"invoice": "identifiantFactureCPP"},
    )


MAIN = {"pieceJointePrincipaleDesignation": "Facture", "pieceJointePrincipaleId": "{pdf}"}
READ_ITS_STATUS = Step(
    READ_ISSUED, {"identifiantFactureCPP": "{invoice}", "codeLangue": "fr"}, {"facture.statutFacture": text}
)

CHORUS_API = ClientSequence(
    OPENID,  # formatted by hand, without URL-encoding
    (
        Step(HEALTH, None, {"body": text, "statusCodeValue": equal(200), "statusCode": equal("OK")}, method="GET"),
        deposit(UBL_FILE, "facture.xml", "IN_DP_E1_UBL_INVOICE", idUtilisateurCourant=0),
        NOT_YET,
        Step(
            CR_DETAILS,
            {"numeroFluxDepot": "{flux}"},
            {"etatCourantDepotFlux": equal(VERDICT), "listeErreurDP": listed, "listeErreurTechnique": listed},
            integrates=True,
        ),
        Step(CR, {"numeroFluxDepot": "{flux}"}, {"etatCourantFlux": equal(VERDICT), "fichierCR": base64_of(b"%PDF")}),
        Step(ISSUED, {"numeroFluxDepot": "{flux}", "typeFacture": "FACTURE"}, {"listeFactures": listed}),
        Step(
            STRUCTURES,
            {"structure": {"identifiantStructure": OTHER_RECIPIENT.identifier, "typeIdentifiantStructure": "SIRET"}},
            {"listeStructures[].idStructureCPP": number},
        ),
        Step(
            STRUCTURE,
            {"idStructureCPP": OTHER_RECIPIENT.id, "codeLangue": "fr"},
            {
                "parametres": filled,
                "parametres.aMoa": flag,
                "parametres.getaMoa": flag,
                "informationGenerales": filled,
                "adressePostaleDuSiege": lambda value: isinstance(value, dict),
            },
        ),
        Step(SERVICES, {"idStructure": OTHER_RECIPIENT.id}, {"listeServices[].codeService": text}),
    ),
    content_type=JSON_UTF8,
)

TRYTON = ClientSequence(
    "grant_type=client_credentials",  # and no scope
    (
        deposit(cii(), "UNCEFACT-1.xml", "IN_DP_E1_CII_16B"),
        # IN_RECU and IN_TRAITE_SE_CPP would be taken for success.
        Step(CR, {"numeroFluxDepot": "{flux}"}, ENVELOPE | {"etatCourantFlux": among(*WAITING)}),
        Step(CR, {"numeroFluxDepot": "{flux}"}, ENVELOPE | {"etatCourantFlux": text}, integrates=True),
    ),
    basic=True,
    token_needs={"access_token": text, "token_type": equal("Bearer"), "expires_in": number},
)

ODOO = ClientSequence(
    OPENID,
    (
        Step(STRUCTURES, {"structure": {"nomStructure": "Etat"}}, ENVELOPE),  # its test of the connection
        Step(
            STRUCTURES,
            {"structure": {"identifiantStructure": OTHER_RECIPIENT.identifier, "typeIdentifiantStructure": "SIRET"}},
            {"listeStructures": lambda found: len(found) == 1, "listeStructures[].idStructureCPP": number},
        ),
        Step(
            STRUCTURE,
            {"idStructureCPP": OTHER_RECIPIENT.id},
            {
                "parametres.gestionNumeroEJOuCodeService": flag,
                "parametres.codeServiceDoitEtreRenseigne": equal(True),
                "parametres.numeroEJDoitEtreRenseigne": flag,
            },
        ),
        Step(
            SERVICES,
            {
                "idStructure": OTHER_RECIPIENT.id,
                "parametresRechercherServicesStructure": {"nbResultatsParPage": 10000},
            },
            {
                "codeRetour": equal(0),
                "listeServices[].codeService": text,
                "listeServices[].libelleService": text,
                "listeServices[].estActif": flag,
                "listeServices[].idService": number,
            },
        ),
        Step(
            SERVICE_PATH,
            {"idStructure": OTHER_RECIPIENT.id, "idService": SERVICE.id},
            {"parametres.numeroEngagement": flag},
        ),
        deposit(
            tar_gz({"ubl_chorus_facture_F-1.xml": UBL_FILE, "ubl_chorus_facture_F-2.xml": ubl("F-2")}),
            "ubl_chorus_lot_factures.tar.gz",
            "IN_DP_E1_UBL_INVOICE",
        ),
        Step(
            CR_DETAILS,
            {"numeroFluxDepot": "{flux}"},
            {
                "etatCourantDepotFlux": equal(VERDICT),
                "libelle": equal("TRA_MSG_00.000"),
                "listeErreurDP": equal([]),
                "listeErreurTechnique": equal([]),
            },
            integrates=True,
        ),
        Step(
            ISSUED,
            {"numeroFluxDepot": "{flux}", "rechercheFactureParFournisseur": {"nbResultatsParPage": 10000}},
            {"listeFactures": lambda found: len(found) == 2, "listeFactures[].identifiantFactureCPP": number},
            keeps={"invoice": "listeFactures[].identifiantFactureCPP"},
        ),
        HISTORY_OF,
    ),
    token_needs={"access_token": text, "token_type": text, "expires_in": number},
)

ODOO_REFUSED = ClientSequence(
    OPENID,
    (
        deposit(
            ubl("F-1", recipient=OTHER_RECIPIENT, service="SERVICE_INCONNU"),
            "ubl_chorus_facture_F-1.xml",
            "IN_DP_E1_UBL_INVOICE",
        ),
        Step(
            CR_DETAILS,
            {"numeroFluxDepot": "{flux}"},
            {
                "etatCourantDepotFlux": equal("IN_REJETE"),
                "listeErreurDP[].numeroDP": equal("F-1"),
                "listeErreurDP[].libelleErreurDP": lambda said: "SERVICE_INCONNU" in said and len(said) <= 200,
                "listeErreurDP[].identifiantFournisseur": equal(SUPPLIER.identifier),
                "listeErreurDP[].identifiantDestinataire": equal(OTHER_RECIPIENT.identifier),
            },
            integrates=True,
        ),
    ),
)

GO_PAGING = {"pageResultatDemandee": 1, "nbResultatsParPage": 10, "triColonne": "DateDepot", "triSense": "Ascendant "}
GO = ClientSequence(
    FORM_WITH_SECRET,  # no scope
    (
        deposit(UBL_FILE, "facture.xml", "IN_DP_E1_UBL_INVOICE", idUtilisateurCourant=0),
        Step(
            CR,
            {"numeroFluxDepot": "{flux}", "dateDepot": "2026-11-23", "syntaxeFlux": "IN_DP_E1_UBL_INVOICE"},
            ENVELOPE | {"dateDepotFlux": instant, "dateHeureEtatCourantFlux": instant},
            integrates=True,
        ),
        Step(
            ISSUED,
            {
                "numeroFluxDepot": "{flux}",
                "numeroFacture": None,
                "montantHTMin": 0,
                "montantTTCMax": 0,
                "statutCourant": None,
                "rechercheFactureParFournisseur": GO_PAGING,
            },
            {
                "listeFactures[].dateDepot": day,
                "listeFactures[].dateFacture": day,
                "listeFactures[].dateHeureEtatCourant": instant,
                "parametresRetour.pageCourante": equal(1),
            },
            keeps={"invoice": "listeFactures[].identifiantFactureCPP"},
        ),
        Step(
            HISTORY,
            {"idFacture": "{invoice}"},
            {"historiquesDesStatuts.histoStatut[].histoStatutDatePassage": minute},
        ),
        Step(READ_ISSUED, {"identifiantFactureCPP": "{invoice}"}, ENVELOPE | {"facture": filled}),
        Step(STRUCTURE, {"idStructure": OTHER_RECIPIENT.id}, ENVELOPE),  # sic: idStructureCPP is meant
    ),
    content_type=JSON,
    token_needs={"access_token": text, "expires_in": lambda seconds: isinstance(seconds, int) and seconds <= 32767},
    typed=True,
)

PASTELL = ClientSequence(
    FORM_WITH_SECRET,
    (
        Step(
            STRUCTURES,
            {
                "structure": {"identifiantStructure": RECIPIENT.identifier, "typeIdentifiantStructure": "SIRET"},
                "restreindreStructuresPrivees": "",
            },
            {"listeStructures[].idStructureCPP": number},
        ),
        Step(
            STRUCTURES,
            {"structure": {"identifiantStructure": RECIPIENT.identifier}, "restreindreStructuresPrivees": "false"},
            {"listeStructures[].idStructureCPP": number},
        ),
        Step(
            RECEIVED,
            {
                "typeDemandePaiement": "FACTURE",
                "idDestinataire": str(RECIPIENT.id),
                "periodeDateHeureEtatCourantDu": "2026-11-01",
                "paramRecherche": {"nbResultatsParPage": 1000, "nbResultatsMaximum": 999999, "pageResultatDemandee": 1},
            },
            {
                "codeRetour": equal(0),
                "listeFactures[].idFacture": number,
                "pageCourante": equal(1),
                "pages": equal(1),
            },
            keeps={"invoice": "listeFactures[].idFacture"},
        ),
        Step(RECEIVED, {"typeDemandePaiement": "FACTURE", "numeroFacture": "AUCUNE"}, {"codeRetour": equal(20000)}),
        Step(
            HISTORY,
            {"idFacture": "{invoice}", "nbResultatsMaximum": 50},
            {
                "historiquesDesStatuts.histoStatut[].histoStatutCode": text,
                "historiquesDesStatuts.histoStatut[].histoStatutDatePassage": minute,
                "historiquesDesStatuts.histoStatut[].histoStatutId": number,
                "statutCourantCode": equal("MISE_A_DISPOSITION"),
            },
        ),
        Step(
            TREAT,
            {"idFacture": "{invoice}", "nouveauStatut": "MANDATEE", "motif": "", "numeroDPMandat": "M-1"},
            ENVELOPE,
        ),
    ),
    token_needs={
        "access_token": text,
        "token_type": equal("Bearer"),
        "expires_in": lambda seconds: isinstance(seconds, int) and seconds > 0,
    },
    plays=RECIPIENT,
    before=("F-1",),
)

PHP = ClientSequence(
    OPENID,
    (
        Step(STRUCTURES, [], {"codeRetour": number}),
        Step(ISSUED, [], {"codeRetour": number, "listeFactures": listed}),
        deposit(UBL_FILE, "facture.xml", "IN_DP_E1_UBL_INVOICE"),
        Step(
            CR,
            {
                "numeroFluxDepot": "{flux}",
                "syntaxFluxType": "IN_DP_E1_UBL_INVOICE",
                "dateDepot": "2026-11-23T09:30:00.000Z",
            },
            ENVELOPE | {"etatCourantFlux": equal(VERDICT)},
            integrates=True,
        ),
        STORED_PDF,
        submission(MAIN, lignePoste=[], ligneTva=[], pieceJointeComplementaire=[]),
        READ_ITS_STATUS,
    ),
    casts=True,
)

INVOICERR = ClientSequence(
    OPENID, (deposit(UBL_FILE, "facture.xml", "IN_DP_E1_UBL_INVOICE"), NOT_YET, REPORT), content_type=JSON_UTF8
)

OMNIBILL = ClientSequence(OPENID, (deposit(UBL_FILE, "facture.xml", "IN_DP_E1_UBL_INVOICE"), REPORT, FOUND, HISTORY_OF))

PARTIDUO = ClientSequence(
    OPENID,
    (
        Step(
            STRUCTURES,
            {"structure": {"identifiantStructure": RECIPIENT.identifier, "typeIdentifiantStructure": "SIRET"}},
            {"listeStructures[].idStructureCPP": number},
        ),
        Step(STRUCTURE, {"idStructureCPP": RECIPIENT.id}, {"parametres": filled}),
        Step(SERVICES, {"idStructure": RECIPIENT.id}, {"listeServices": listed}),
        deposit(UBL_FILE, "facture.xml", "IN_DP_E1_UBL_INVOICE"),
        REPORT,
        FOUND,
        HISTORY_OF,
    ),
)

FACTURE_ELECTRONIQUE = ClientSequence(
    OPENID,
    (
        Step(
            STRUCTURES,
            {"structure": {"identifiantStructure": OTHER_RECIPIENT.identifier, "typeIdentifiantStructure": "SIRET"}},
            {"parametresRetour.total": equal(1), "listeStructures[].idStructureCPP": number},
        ),
        Step(STRUCTURE, {"idStructureCPP": OTHER_RECIPIENT.id}, {"parametres": filled}),
        Step(SERVICES, {"idStructure": OTHER_RECIPIENT.id}, {"listeServices[].idService": number}),
        Step(SERVICE_PATH, {"idStructure": OTHER_RECIPIENT.id, "idService": SERVICE.id}, {"parametres": filled}),
        STORED_PDF,
        submission([MAIN], idUtilisateurCourant=0, commentaire="Envoyée par l'API"),
        READ_ITS_STATUS,
    ),
)

NORTKRON = ClientSequence(
    OPENID,
    (
        deposit(UBL_FILE, "facture.xml", "IN_DP_E1_UBL_INVOICE"),
        # It asks every thirty seconds as long as codeRetour is not 0, then reads the state.
        Step(CR_DETAILS, {"numeroFluxDepot": "{flux}"}, ENVELOPE | {"etatCourantDepotFlux": among(*WAITING)}),
        REPORT,
    ),
)

SEQUENCES = {
    "chorus-api (PyPI)": CHORUS_API,
    "trytond-account-fr-chorus (PyPI)": TRYTON,
    "odoo-addon-l10n-fr-chorus-account (PyPI)": ODOO,
    "odoo-addon-l10n-fr-chorus-account, refused": ODOO_REFUSED,
    "antoine2116/go-choruspro": GO,
    "libriciel/pastell": PASTELL,
    "turbo124/piste-gouv-fr": PHP,
    "invoicerr-app/invoicerr": INVOICERR,
    "glitchr-studio/omnibill-chorus-pro": OMNIBILL,
    "aloli-crystal/partiduo-choruspro": PARTIDUO,
    "facture_electronique": FACTURE_ELECTRONIQUE,
    "NortKron/HttpClient-Chorus-Pro": NORTKRON,
}


def places(content: Any, path: str) -> Iterator[Any]:
    """Every value at ``path``; a place that is not there fails. ``name[]`` is every element of a list that has some."""
    name, _, rest = path.partition(".")
    key = name.removesuffix("[]")
    assert key in content, f"{key} is missing: {sorted(content)}"
    found = [content[key]]
    if name.endswith("[]"):
        assert content[key], f"{key} is empty"
        found = content[key]
    for value in found:
        if rest:
            yield from places(value, rest)
        else:
            yield value


def check(content: Any, needs: dict[str, Kind]) -> None:
    """Whether a client finds what it reads."""
    for path, kind in needs.items():
        for value in places(content, path):
            assert kind(value), f"{path} is {value!r}: {kind.__name__} was expected"


def filled_in(body: Any, known: dict[str, Any]) -> Any:
    """``body`` with what earlier answers gave, in its own type."""
    if isinstance(body, dict):
        return {name: filled_in(value, known) for name, value in body.items()}
    if isinstance(body, list):
        return [filled_in(value, known) for value in body]
    if isinstance(body, str) and (named := re.fullmatch(r"{(\w+)}", body)):
        return known[named[1]]
    return body


def signed_in(client: ClientSequence) -> dict[str, str]:
    """The headers of every call, after the token that the client asks for in its way."""
    headers = {"Content-Type": FORM}
    if client.basic:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{APPLICATION}:{SECRET}".encode()).decode()
    answer = request("POST", TOKEN, client.token_form.encode(), headers)
    assert answer.status_code == 200
    check(answer.json_body, client.token_needs)
    return {
        "Authorization": f"Bearer {answer.json_body['access_token']}",
        "cpro-account": account(actor(client.plays).login),
        "Content-Type": client.content_type,
    }


def integrate(hub: Hub, flux: str) -> None:
    """What the queues do with a deposit."""
    from chorale.stores.deposits import flux as flux_store

    deposited = flux_store.get(flux)
    assert deposited is not None
    receive(hub, deposited)
    work(hub)


@pytest.mark.parametrize("client", SEQUENCES.values(), ids=SEQUENCES)
def test_a_client_finds_all_that_it_reads(world: Hub, keep: Callable[..., Any], client: ClientSequence) -> None:
    for place, invoice_number in enumerate(client.before):
        keep(1_000_000 + place, invoice_number)
    headers = signed_in(client)
    known: dict[str, Any] = {}
    for step in client.steps:
        if step.integrates:
            integrate(world, known["flux"])
        body = b"" if step.body is None else json.dumps(filled_in(step.body, known)).encode()
        answer = request(step.method, step.path, body, headers)
        assert answer.status_code == step.status, answer.body
        assert answer.headers["Content-Type"].startswith(JSON)
        check(answer.json_body, step.needs)
        assert list(client.faults(step, answer.json_body)) == []
        assert list(official_faults(step.path, answer.json_body)) == []
        known |= {name: next(places(answer.json_body, place)) for name, place in step.keeps.items()}


ERRORS = {
    "wrong secret": (TOKEN, {"Content-Type": FORM}, FORM_WITH_SECRET.replace(SECRET, "x").encode(), 400),
    "no token": (STRUCTURES, {}, b"{}", 400),
    "a token of nobody": (STRUCTURES, {"Authorization": "Bearer x.y", "cpro-account": "eA=="}, b"{}", 401),
}


@pytest.mark.parametrize(("path", "headers", "body", "status"), ERRORS.values(), ids=ERRORS)
def test_an_error_has_a_content_type_and_says_why(
    world: Hub, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    """One client asks the Content-Type of every error before it reads it, and shows error and error_description."""
    answer = request("POST", path, body, headers)

    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(JSON)
    assert answer.json_body["error"]
    assert answer.json_body["error_description"]


def test_a_business_error_is_http_200_for_the_client_that_raises_on_anything_else(world: Hub) -> None:
    headers = signed_in(TRYTON)

    answer = request("POST", CR, b'{"numeroFluxDepot": "CPP0011100000000099999999"}', headers)

    assert answer.status_code == 200
    assert answer.json_body["codeRetour"] != 0
    assert answer.json_body["libelle"]
