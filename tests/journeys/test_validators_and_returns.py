"""What comes back, and what a validator sees first: completing, sending on, agreeing, saying nothing.

The clock of the hub is moved and put back: journeys share one hub.
"""

from datetime import date, timedelta

import httpx
import pytest
from chorale_cli.client import HubError
from chorale_local import examples

from tests.journeys.conftest import NO_REQUIREMENT, OTHER_SUPPLIER, SERVICE_REQUIRED
from tests.patience import PATIENT
from tests.samples import builders

pytestmark = pytest.mark.platform

UBL = "IN_DP_E1_UBL_INVOICE"
FACTURES = "/cpro/factures/v1"


@pytest.fixture
def days_pass(hub):
    """Move the hub's clock by some days and run its watch; the clock goes back when the journey is over."""
    tools = httpx.Client(base_url=f"{hub.base_url.rstrip('/')}/_local/", timeout=PATIENT)
    before = tools.get("clock").raise_for_status().json()["offset_seconds"]
    yield lambda days: tools.post("advance", json={"days": days}).raise_for_status().json()
    tools.put("clock", json={"offset_seconds": before}).raise_for_status()


@pytest.fixture
def sub_contractor(deposit_and_wait, samples):
    """Deposits an invoice that the contractor sees first; returns its id."""

    def deposit(frame: str = "A9", number: str | None = None) -> int:
        content = builders.ubl_invoice(
            number=number or samples.number(), frame=frame, validator=OTHER_SUPPLIER, issued=examples.today()
        )
        report = deposit_and_wait("facture.xml", UBL, content)
        assert report["etat"] == "IN_INTEGRE", report
        invoice_id: int = report["rapport"]["ranks"][0]["invoice_id"]
        return invoice_id

    return deposit


def statuses(client, invoice_id: int) -> list[tuple[str, str]]:
    """Status and day, the first one first."""
    answer = client.call(f"{FACTURES}/consulter/historique", {"idFacture": invoice_id})
    lines = sorted(answer["historiquesDesStatuts"]["histoStatut"], key=lambda line: line["histoStatutId"])
    return [(line["histoStatutCode"], line["histoStatutDatePassage"][:10]) for line in lines]


def worklist(client, path: str) -> set[int]:
    """Ids on a worklist."""
    rows = client.call(f"{FACTURES}/rechercher/{path}", {})["listeFactures"]
    return {row.get("idFacture") or row["identifiantFactureCPP"] for row in rows}


def refusal(client, path: str, body: dict[str, object]) -> str:
    """Why a call is refused."""
    with pytest.raises(HubError) as refused:
        client.call(path, body)
    return str(refused.value)


def test_the_contractor_agrees_and_the_recipient_gets_the_sub_contractors_invoice(
    supplier, as_structure, sub_contractor
):
    contractor, recipient = as_structure(OTHER_SUPPLIER), as_structure(NO_REQUIREMENT)
    invoice_id = sub_contractor()
    assert invoice_id in worklist(contractor, "aTraiter/valideur")
    assert invoice_id not in worklist(recipient, "atraiter/recipiendaire")
    assert "n'existe pas" in refusal(
        recipient, f"{FACTURES}/consulter/recipiendaire", {"identifiantFactureCPP": invoice_id}
    )

    answer = contractor.call(f"{FACTURES}/traiter/factureAValider", {"idFacture": invoice_id, "action": "VALIDATION"})

    assert answer["statutFacture"] == "VALIDEE_1"
    assert invoice_id in worklist(recipient, "atraiter/recipiendaire")
    assert invoice_id not in worklist(contractor, "aTraiter/valideur")
    assert [status for status, _ in statuses(supplier, invoice_id)] == [
        "DEPOSEE", "A_VALIDER_1", "VALIDEE_1", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION",
    ]  # fmt: skip


def test_a_silent_contractor_has_agreed_after_fifteen_days_and_a_silent_mandataire_has_not(
    as_structure, sub_contractor, days_pass
):
    agreed, visa = sub_contractor("A9"), sub_contractor("A12")

    days_pass(30)

    supplier, contractor = as_structure(builders.SUPPLIER), as_structure(OTHER_SUPPLIER)
    history = statuses(supplier, agreed)
    assert [status for status, _ in history][2:] == [
        "ABSENCE_VALIDATION_1_HORS_DELAI", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION",
    ]  # fmt: skip
    fifteen_days_on = date.fromisoformat(history[0][1]) + timedelta(days=16)
    assert history[-1][1] == fifteen_days_on.isoformat(), "at midnight after the fifteenth day, not when it was noticed"
    assert statuses(supplier, visa)[-1][0] == "A_VALIDER_1"
    too_late = {"idFacture": agreed, "action": "REFUS", "motifRefus": "AUTRE", "complementInfo": "Trop tard"}
    assert "MISE_A_DISPOSITION" in refusal(contractor, f"{FACTURES}/traiter/factureAValider", too_late)


def test_a_wrong_validator_is_corrected_and_a_refused_number_may_be_used_again(
    supplier, as_structure, sub_contractor, samples
):
    contractor = as_structure(OTHER_SUPPLIER)
    number = samples.number()
    invoice_id = sub_contractor(number=number)
    decide = f"{FACTURES}/traiter/factureAValider"
    contractor.call(decide, {"idFacture": invoice_id, "action": "REFUS", "motifRefus": "MAUVAIS_VALIDEUR"})
    assert statuses(supplier, invoice_id)[-1][0] == "ERREUR_FOURNISSEUR_SUR_VALIDEUR"
    supplier.call(
        f"{FACTURES}/corriger/valideur/facture",
        {"idFacture": invoice_id, "typeIdentifiantStructure": "SIRET", "identifiantStructure": SERVICE_REQUIRED},
    )

    other = as_structure(SERVICE_REQUIRED)
    refused = {"idFacture": invoice_id, "action": "REFUS", "motifRefus": "AUTRE", "complementInfo": "Non constaté"}
    assert other.call(decide, refused)["statutFacture"] == "REFUSEE_1"

    assert sub_contractor(number=number) != invoice_id


def test_a_suspended_invoice_is_completed_and_a_misrouted_one_finds_its_service(
    supplier, as_structure, samples, deposit_and_wait
):
    report = deposit_and_wait("facture.xml", UBL, samples.ubl())
    invoice_id = report["rapport"]["ranks"][0]["invoice_id"]
    recipient = as_structure(SERVICE_REQUIRED)
    treat = f"{FACTURES}/traiter/recue"
    recipient.call(treat, {"idFacture": invoice_id, "nouveauStatut": "SUSPENDUE", "motif": "Quel bon de livraison ?"})
    assert invoice_id in worklist(supplier, "atraiter/fournisseur")

    supplier.call(f"{FACTURES}/completer", {"identifiantFactureCPP": invoice_id, "commentaire": "BL-7"})
    assert invoice_id in worklist(recipient, "atraiter/recipiendaire")

    recipient.call(treat, {"idFacture": invoice_id, "nouveauStatut": "A_RECYCLER", "motif": "Ce n'est pas pour nous"})
    supplier.call(
        f"{FACTURES}/recycler",
        {"identifiantFactureCPP": invoice_id, "destinataire": {"codeDestinataire": NO_REQUIREMENT}},
    )
    assert invoice_id in worklist(as_structure(NO_REQUIREMENT), "atraiter/recipiendaire")
    assert invoice_id not in worklist(recipient, "atraiter/recipiendaire")


def test_a_rejected_invoice_is_noted_and_issued_again_under_its_number(
    supplier, as_structure, samples, deposit_and_wait
):
    number = samples.number()
    first = deposit_and_wait("facture.xml", UBL, samples.ubl(number))["rapport"]["ranks"][0]["invoice_id"]
    as_structure(SERVICE_REQUIRED).call(
        f"{FACTURES}/traiter/recue", {"idFacture": first, "nouveauStatut": "REJETEE", "motif": "Montant erroné"}
    )

    supplier.call(f"{FACTURES}/traiterRejet", {"listeDemandePaiement": [{"idDemandePaiement": first}]})
    second = deposit_and_wait("facture.xml", UBL, samples.ubl(number))

    assert second["etat"] == "IN_INTEGRE"
    assert first not in worklist(supplier, "atraiter/fournisseur")
