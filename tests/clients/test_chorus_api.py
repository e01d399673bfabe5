"""The PyPI client chorus-api, unmodified, against the hub: only its two addresses are changed, as its users would."""

import base64
import io
import time
from collections.abc import Callable
from typing import Any

import pytest
from chorale_local import examples
from chorale_local.seed import login_of
from chorusapi.client import ChorusAPI
from chorusapi.constants.etat_courant_flux import EtatCourantFlux
from chorusapi.constants.syntax_flux_constant import SyntaxFlux
from chorusapi.exceptions.exception import ChorusApiException
from pypdf import PdfReader

from tests.patience import PATIENT

pytestmark = pytest.mark.platform

SUPPLIER = "99000007700018"
SERVICE_REQUIRED = "12345678200028"
VERDICTS = ("IN_INTEGRE", "IN_INTEGRE_PARTIEL", "IN_REJETE")


@pytest.fixture(scope="module")
def client(hub: Any) -> ChorusAPI:
    """The client with a token, as its documentation shows, at the hub's addresses."""
    return _client(hub).auth()


def _client(hub: Any, password: str | None = None, secret: str | None = None) -> ChorusAPI:
    application, accounts = hub.cast["application"], hub.cast["technical_accounts"]
    made = ChorusAPI(
        application["client_id"],
        secret or application["client_secret"],
        login_of(SUPPLIER),
        password or accounts["password"],
        sandbox=True,
    )
    made.auth_url = f"{hub.base_url}/api/oauth/token"
    made.api_url = hub.base_url
    return made


@pytest.fixture(scope="module")
def deposited(client: ChorusAPI) -> Callable[[bytes, str, str], str]:
    """Deposit a file and wait for its verdict; returns the flux number."""

    def deposit(content: bytes, name: str, syntax: str) -> str:
        answer = client.deposer_flux(base64.b64encode(content).decode(), name, syntaxe_flux=syntax)
        assert (answer.code_retour, answer.libelle, answer.syntaxe_flux) == (0, "GCU_MSG_01_000", syntax)
        assert answer.date_depot == examples.today().isoformat()
        until = time.monotonic() + PATIENT
        while client.consulter_cr_detaille(answer.numero_flux_depot).etat_courant_depot_flux not in VERDICTS:
            assert time.monotonic() < until
            time.sleep(0.1)
        number: str = answer.numero_flux_depot
        return number

    return deposit


def _number() -> str:
    return f"C{time.time_ns() % 10**12}"


def test_the_service_says_that_it_is_there(client: ChorusAPI) -> None:
    answer = client.health_check()

    assert (answer.status_code_value, answer.status_code) == (200, "OK")
    assert answer.body


def test_a_wrong_secret_is_refused_at_the_token(hub: Any) -> None:
    with pytest.raises(ChorusApiException, match="invalid_client"):
        _client(hub, secret="wrong").auth()


def test_a_wrong_technical_account_is_refused_with_the_reason(hub: Any) -> None:
    with pytest.raises(ChorusApiException, match=r"401.*Compte technique"):
        _client(hub, password="wrong").auth().rechercher_structure(SERVICE_REQUIRED)


def test_an_invoice_is_deposited_reported_and_found(client: ChorusAPI, deposited: Callable[..., str]) -> None:
    number = _number()
    flux = deposited(
        examples.fresh(examples.UBL, number, examples.today()), "facture.xml", SyntaxFlux.IN_DP_E1_UBL_INVOICE
    )

    details = client.consulter_cr_detaille(flux)
    summary = client.consulter_cr(flux)
    found = client.rechercher_facture(flux)

    assert details.etat_courant_depot_flux == "IN_INTEGRE"
    assert (details.liste_erreur_dp, details.liste_erreur_technique) == ([], [])
    assert (details.nomFichier, details.code_interface_depot_flux) == ("facture.xml", "FSO1100A")
    assert summary.etat_courant_flux == "IN_INTEGRE"
    assert summary.numero_flux_depot == flux
    report = PdfReader(io.BytesIO(base64.b64decode(summary.fichier_cr)))
    assert number in "".join(page.extract_text() for page in report.pages)
    [invoice] = found.liste_factures
    assert (invoice.numero_facture, invoice.statut) == (number, "MISE_A_DISPOSITION")
    assert (invoice.numero_flux_depot, invoice.type_facture) == (flux, "FACTURE")
    assert isinstance(invoice.identifiant_facture_cpp, int)
    assert invoice.date_depot == examples.today().isoformat()


def test_a_facturx_goes_with_the_clients_default_syntax(client: ChorusAPI, deposited: Callable[..., str]) -> None:
    pdf = examples.facturx_pdf(examples.fresh(examples.FACTURX, _number(), examples.today()))

    flux = deposited(pdf, "facture.pdf", SyntaxFlux.IN_DP_E2_CII_FACTURX)

    assert client.consulter_cr_detaille(flux).etat_courant_depot_flux == "IN_INTEGRE"


def test_a_refused_invoice_says_which_and_why(client: ChorusAPI, deposited: Callable[..., str]) -> None:
    number = _number()
    wrong = examples.fresh(examples.UBL, number, examples.today(), service="SERVICE_INCONNU")

    details = client.consulter_cr_detaille(deposited(wrong, "facture.xml", SyntaxFlux.IN_DP_E1_UBL_INVOICE))

    assert details.etat_courant_depot_flux == "IN_REJETE"
    [error] = details.liste_erreur_dp
    assert (error.numero_dp, error.identifiant_fournisseur) == (number, SUPPLIER)
    assert "SERVICE_INCONNU" in error.libelle_erreur_dP


def test_a_business_error_is_an_answer_and_not_an_exception(client: ChorusAPI) -> None:
    answer = client.consulter_cr_detaille("CPP0011100000000099999999")

    assert answer.code_retour == 20000
    assert "n'existe pas" in answer.libelle


def test_a_structure_its_requirements_and_its_services_are_read(client: ChorusAPI) -> None:
    [found] = client.rechercher_structure(SERVICE_REQUIRED).liste_structures

    structure = client.consulter_structure(found.id_structure_cpp)
    services = client.rechercher_services(found.id_structure_cpp)

    assert (found.identifiant_structure, found.statut) == (SERVICE_REQUIRED, "ACTIVE")
    assert structure.information_generales.identifiant_structure == SERVICE_REQUIRED
    assert structure.parametres.code_service_doit_etre_renseigne is True
    assert structure.parametres.get_amoa is False
    assert [service.code_service for service in services.liste_structures] == ["SERVICE_DEST_SERV_OBL"]
    assert [service.est_actif for service in services.liste_structures] == [True]


def test_the_verdicts_are_states_that_the_client_knows() -> None:
    known = {state.code for state in vars(EtatCourantFlux).values() if hasattr(state, "code")}

    assert set(VERDICTS) <= known
