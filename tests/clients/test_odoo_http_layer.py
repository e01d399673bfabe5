"""The HTTP layer of odoo-addon-l10n-fr-chorus-account (PyPI, 18.0), written again from what it does on the wire.

The addon itself needs Odoo and PostgreSQL. What it does with each answer is kept here: it stops on anything but 200,
asks the Content-Type of errors, reads keys without asking whether they are there, and turns ids into whole numbers.
"""

import base64
import json
from typing import Any

import pytest
from chorale.stores.deposits import flux as flux_store

from tests.aws import Hub, hub
from tests.cast import APPLICATION, OTHER_RECIPIENT, SERVICE, SUPPLIER, actor, ubl
from tests.pipeline import receive, work
from tests.unit.http.calling import (
    CR_DETAILS,
    FLUX,
    HISTORY,
    ISSUED,
    SECRET,
    SERVICE_PATH,
    SERVICES,
    STRUCTURE,
    STRUCTURES,
    TOKEN,
    account,
    request,
)
from tests.unit.http.conftest import at, world

__all__ = ["at", "hub", "world"]

FINAL_STATES = ("IN_INTEGRE", "IN_INTEGRE_PARTIEL", "IN_REJETE")


class UserError(Exception):
    """What the addon shows to the person at the screen."""


class OdooConnector:
    """A token that is asked for once, and one method for every call."""

    def __init__(self, secret: str = SECRET, login: str | None = None) -> None:
        self.secret = secret
        self.account = account(login or actor(SUPPLIER).login)
        self.token = ""

    def get_token(self) -> str:
        form = f"grant_type=client_credentials&client_id={APPLICATION}&client_secret={self.secret}&scope=openid"
        answer = request("POST", TOKEN, form.encode(), {"Content-Type": "application/x-www-form-urlencoded"})
        content = json.loads(answer.body)
        if content.get("error"):
            raise UserError(f"{content['error']}: {content.get('error_description')}")
        assert int(content["expires_in"]) > 0
        assert content["token_type"]
        return str(content["access_token"])

    def post(self, path: str, payload: dict[str, Any]) -> dict[str, Any]:
        self.token = self.token or self.get_token()
        headers = {
            "Authorization": f"Bearer {self.token}",
            "cpro-account": self.account,
            "Content-Type": "application/json;charset=utf-8",
        }
        answer = request("POST", path, json.dumps(payload).encode(), headers)
        if answer.status_code != 200:
            # No Content-Type here would be an exception of another kind.
            if answer.headers["Content-Type"].startswith("application/json"):
                raise UserError(f"{answer.status_code}: {json.loads(answer.body)['libelle']}")
            raise UserError(str(answer.status_code))
        content: dict[str, Any] = json.loads(answer.body)
        return content

    def recipient_needs(self, siret: str) -> tuple[int, str]:
        """Id of a structure, and what it asks of an invoice."""
        found = self.post(
            STRUCTURES, {"structure": {"identifiantStructure": siret, "typeIdentifiantStructure": "SIRET"}}
        )
        [structure] = found["listeStructures"]
        identifier = structure["idStructureCPP"]
        needs = self.post(STRUCTURE, {"idStructureCPP": identifier})["parametres"]
        if needs["gestionNumeroEJOuCodeService"]:
            return identifier, "service_or_engagement"
        if needs["codeServiceDoitEtreRenseigne"] and needs["numeroEJDoitEtreRenseigne"]:
            return identifier, "service_and_engagement"
        if needs["codeServiceDoitEtreRenseigne"]:
            return identifier, "service"
        return identifier, "engagement" if needs["numeroEJDoitEtreRenseigne"] else "none"

    def services(self, structure: int) -> dict[str, dict[str, Any]]:
        """The services of a structure by code, each with whether it asks for a commitment."""
        paging = {"nbResultatsParPage": 10000}
        found = self.post(SERVICES, {"idStructure": structure, "parametresRechercherServicesStructure": paging})
        if found["codeRetour"] != 0:
            raise UserError(found["libelle"])
        services = {}
        for row in found["listeServices"]:
            if row["codeService"] == "FACTURES_PUBLIQUES":
                continue
            details = self.post(SERVICE_PATH, {"idStructure": structure, "idService": int(row["idService"])})
            services[row["codeService"]] = {
                "name": row["libelleService"],
                "active": row["estActif"],
                "engagement": details["parametres"]["numeroEngagement"],
            }
        return services

    def send(self, content: bytes, name: str, syntax: str) -> str:
        """Deposit a file; its flux number."""
        body = {
            "fichierFlux": base64.b64encode(content).decode(),
            "nomFichier": name,
            "syntaxeFlux": syntax,
            "avecSignature": False,
        }
        answer = self.post(FLUX, body)
        assert answer["dateDepot"]
        return str(answer["numeroFluxDepot"])

    def update(self, flux: str) -> tuple[str, list[str]]:
        """State of a flux, and what the user is shown of its errors."""
        answer = self.post(CR_DETAILS, {"numeroFluxDepot": flux})
        shown = [] if answer["libelle"] == "TRA_MSG_00.000" else [answer["libelle"]]
        shown += [
            f"{error['numeroDP']} ({error['identifiantFournisseur']} > {error['identifiantDestinataire']}): "
            f"{error['libelleErreurDP']}"
            for error in answer["listeErreurDP"]
        ]
        shown += [error["libelleErreur"] for error in answer["listeErreurTechnique"]]
        return answer["etatCourantDepotFlux"], shown

    def invoice_ids(self, flux: str) -> dict[str, int]:
        """Number -> id of the invoices of a flux."""
        answer = self.post(
            ISSUED, {"numeroFluxDepot": flux, "rechercheFactureParFournisseur": {"nbResultatsParPage": 10000}}
        )
        return {row["numeroFacture"]: int(row["identifiantFactureCPP"]) for row in answer["listeFactures"]}

    def status(self, invoice_id: int) -> str:
        """Status of an invoice; the echo of the id is checked."""
        answer = self.post(HISTORY, {"idFacture": invoice_id})
        assert answer["idFacture"] == invoice_id
        return str(answer["statutCourantCode"])


def _integrated(world: Hub, number: str) -> None:
    flux = flux_store.get(number)
    assert flux is not None
    receive(world, flux)
    work(world)


def test_from_the_directory_to_the_status(world: Hub) -> None:
    odoo = OdooConnector()
    structure, needs = odoo.recipient_needs(OTHER_RECIPIENT.identifier)
    services = odoo.services(structure)

    assert needs == "service"
    assert services == {SERVICE.code: {"name": SERVICE.name, "active": True, "engagement": False}}
    flux = odoo.send(
        ubl("F-1", recipient=OTHER_RECIPIENT, service=SERVICE.code),
        "ubl_chorus_facture_F-1.xml",
        "IN_DP_E1_UBL_INVOICE",
    )
    assert odoo.update(flux)[0] not in FINAL_STATES
    _integrated(world, flux)
    assert odoo.update(flux) == ("IN_INTEGRE", [])
    [(number, identifier)] = odoo.invoice_ids(flux).items()
    assert number == "F-1"
    assert odoo.status(identifier) == "MISE_A_DISPOSITION"


def test_what_the_user_is_shown_of_a_refused_invoice(world: Hub) -> None:
    odoo = OdooConnector()
    flux = odoo.send(ubl("F-1", recipient=OTHER_RECIPIENT), "ubl_chorus_facture_F-1.xml", "IN_DP_E1_UBL_INVOICE")
    _integrated(world, flux)

    state, [shown] = odoo.update(flux)

    assert state == "IN_REJETE"
    assert shown.startswith(f"F-1 ({SUPPLIER.identifier} > {OTHER_RECIPIENT.identifier}): ")


def test_what_the_user_is_shown_of_a_file_that_cannot_be_read(world: Hub) -> None:
    odoo = OdooConnector()
    flux = odoo.send(b"nothing of the kind", "lot.tar.gz", "IN_DP_E1_UBL_INVOICE")
    _integrated(world, flux)

    state, shown = odoo.update(flux)

    assert state == "IN_REJETE"
    assert shown


def test_a_wrong_secret_is_shown_with_its_reason(world: Hub) -> None:
    with pytest.raises(UserError, match="invalid_client: "):
        OdooConnector(secret="wrong").recipient_needs(OTHER_RECIPIENT.identifier)


def test_an_unknown_account_is_shown_with_its_reason(world: Hub) -> None:
    with pytest.raises(UserError, match=r"401: .*Compte technique"):
        OdooConnector(login="TECH_9_0@cpro.fr").recipient_needs(OTHER_RECIPIENT.identifier)
