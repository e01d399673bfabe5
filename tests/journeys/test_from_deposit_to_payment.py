"""The main journey: a supplier deposits, the hub integrates, the recipient reads and treats, the supplier follows."""

from decimal import Decimal

import pytest
from chorale_cli.client import HubError
from chorale_local import examples

from tests.journeys.conftest import COMMITMENT_REQUIRED, NO_REQUIREMENT, OTHER_SUPPLIER, SERVICE_REQUIRED, SUPPLIER

pytestmark = pytest.mark.platform

UBL, CII, FACTURX = "IN_DP_E1_UBL_INVOICE", "IN_DP_E1_CII_16B", "IN_DP_E2_CII_FACTURX"


@pytest.mark.parametrize("upload", [False, True], ids=["inside the request", "by presigned upload"])
@pytest.mark.parametrize(
    ("syntax", "name", "recipient"),
    [
        (UBL, "facture.xml", SERVICE_REQUIRED),
        (CII, "facture.xml", COMMITMENT_REQUIRED),
        (FACTURX, "facture.pdf", NO_REQUIREMENT),
    ],
)
def test_each_syntax_reaches_its_recipient(
    syntax, name, recipient, upload, supplier, samples, deposit_and_wait, as_structure
):
    number = samples.number()
    content = {UBL: samples.ubl, CII: samples.cii, FACTURX: samples.facturx}[syntax](number)

    report = deposit_and_wait(name, syntax, content, upload=upload)

    assert report["etat"] == "IN_INTEGRE"
    rank = report["rapport"]["ranks"][0]
    assert rank["invoice_number"] == number
    received = as_structure(recipient).call(
        "/cpro/factures/v1/rechercher/recipiendaire", {"typeDemandePaiement": "FACTURE", "numeroFacture": number}
    )
    assert [(row["idFacture"], row["statut"]) for row in received["listeFactures"]] == [
        (rank["invoice_id"], "MISE_A_DISPOSITION")
    ]
    issued = supplier.call("/cpro/factures/v1/rechercher/fournisseur", {"numeroFluxDepot": report["numeroFluxDepot"]})
    assert [row["identifiantFactureCPP"] for row in issued["listeFactures"]] == [rank["invoice_id"]]
    assert issued["listeFactures"][0]["numeroFluxDepot"] == report["numeroFluxDepot"]


def test_the_recipient_treats_an_invoice_to_payment_and_the_supplier_sees_each_status(
    supplier, samples, deposit_and_wait, as_structure
):
    report = deposit_and_wait("facture.xml", UBL, samples.ubl())
    invoice_id = report["rapport"]["ranks"][0]["invoice_id"]
    recipient = as_structure(SERVICE_REQUIRED)

    for status in ("SERVICE_FAIT", "MANDATEE", "MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT"):
        answer = recipient.call(
            "/cpro/factures/v1/traiter/recue",
            {"idFacture": invoice_id, "nouveauStatut": status}
            | ({"numeroDPMandat": "M-7"} if status == "MANDATEE" else {}),
        )
        assert answer["nouveauStatut"] == status

    history = supplier.call("/cpro/factures/v1/consulter/historique", {"idFacture": invoice_id})
    assert history["statutCourantCode"] == "MISE_EN_PAIEMENT"
    lines = sorted(history["historiquesDesStatuts"]["histoStatut"], key=lambda line: line["histoStatutId"])
    assert [line["histoStatutCode"] for line in lines] == [
        "DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION", "SERVICE_FAIT", "MANDATEE",
        "MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT",
    ]  # fmt: skip
    whole = supplier.call("/cpro/factures/v1/consulter/fournisseur", {"identifiantFactureCPP": invoice_id})
    assert whole["facture"]["references"]["numeroDpMandat"] == "M-7"
    assert whole["facture"]["montantTotal"]["montantTtcTotal"] == Decimal("1071.69")


def test_a_suspension_needs_a_motive_and_an_impossible_act_names_the_current_status(
    samples, deposit_and_wait, as_structure
):
    report = deposit_and_wait("facture.xml", UBL, samples.ubl())
    act = {"idFacture": report["rapport"]["ranks"][0]["invoice_id"], "nouveauStatut": "SUSPENDUE"}
    recipient = as_structure(SERVICE_REQUIRED)

    with pytest.raises(HubError, match="motif"):
        recipient.call("/cpro/factures/v1/traiter/recue", act)
    recipient.call("/cpro/factures/v1/traiter/recue", act | {"motif": "Bon de livraison manquant"})
    with pytest.raises(HubError, match="SUSPENDUE"):
        recipient.call("/cpro/factures/v1/traiter/recue", act | {"nouveauStatut": "MANDATEE"})


def test_an_archive_is_integrated_in_part_and_says_what_to_change_in_the_rest(samples, deposit_and_wait):
    batch = {
        "a.xml": samples.ubl(),
        "b.xml": samples.ubl(service="SERVICE_INCONNU"),
        "c.xml": samples.ubl(),
    }

    report = deposit_and_wait("lot.tar.gz", UBL, examples.archive(batch))

    assert report["etat"] == "IN_INTEGRE_PARTIEL"
    assert [rank["outcome"] for rank in report["rapport"]["ranks"]] == ["INTEGREE", "REFUSEE", "INTEGREE"]
    [finding] = [item for item in report["rapport"]["ranks"][1]["findings"] if item["severity"] == "error"]
    assert finding["code"] == "CHO-SERVICE-INCONNU"
    assert "annuaire" in finding["message"]


def test_a_large_archive_is_integrated_by_chunks_and_every_invoice_once(supplier, samples, deposit_and_wait):
    numbers = [samples.number() for _ in range(60)]
    batch = {f"{place:03d}.xml": samples.ubl(number) for place, number in enumerate(numbers)}

    report = deposit_and_wait("lot.tar.gz", UBL, examples.archive(batch))

    assert report["etat"] == "IN_INTEGRE"
    assert [rank["invoice_number"] for rank in report["rapport"]["ranks"]] == numbers
    found = supplier.call(
        "/cpro/factures/v1/rechercher/fournisseur",
        {
            "numeroFluxDepot": report["numeroFluxDepot"],
            "rechercheFactureParFournisseur": {"nbResultatsParPage": 100},
        },
    )
    assert sorted(row["numeroFacture"] for row in found["listeFactures"]) == sorted(numbers)


def test_a_refused_number_may_be_used_again_and_an_accepted_one_names_its_first_invoice(samples, deposit_and_wait):
    number = samples.number()

    refused = deposit_and_wait("facture.xml", UBL, samples.ubl(number, service="SERVICE_INCONNU"))
    accepted = deposit_and_wait("facture.xml", UBL, samples.ubl(number))
    duplicate = deposit_and_wait("facture.xml", UBL, samples.ubl(number))

    assert (refused["etat"], accepted["etat"], duplicate["etat"]) == ("IN_REJETE", "IN_INTEGRE", "IN_REJETE")
    [finding] = [item for item in duplicate["rapport"]["ranks"][0]["findings"] if item["severity"] == "error"]
    assert finding["code"] == "CHO-NUMERO-DOUBLON"
    assert str(accepted["rapport"]["ranks"][0]["invoice_id"]) in finding["message"]


def test_nobody_else_knows_of_a_deposit_or_an_invoice(samples, deposit_and_wait, as_structure):
    report = deposit_and_wait("facture.xml", UBL, samples.ubl())
    invoice_id = report["rapport"]["ranks"][0]["invoice_id"]
    stranger = as_structure(OTHER_SUPPLIER)

    def refusal(path: str, body: dict[str, object]) -> str:
        with pytest.raises(HubError) as refused:
            stranger.call(path, body)
        return str(refused.value)

    for path, key in (("consulter/fournisseur", "identifiantFactureCPP"), ("consulter/historique", "idFacture")):
        seen = refusal(f"/cpro/factures/v1/{path}", {key: invoice_id})
        unknown = refusal(f"/cpro/factures/v1/{path}", {key: 2_000_000_000})
        assert seen.replace(str(invoice_id), "ID") == unknown.replace("2000000000", "ID")
    other_flux = "CPP0011100" + "9" * 15
    seen = refusal("/cpro/transverses/v1/consulterCR", {"numeroFluxDepot": report["numeroFluxDepot"]})
    unknown = refusal("/cpro/transverses/v1/consulterCR", {"numeroFluxDepot": other_flux})
    assert seen.replace(report["numeroFluxDepot"], "N") == unknown.replace(other_flux, "N")


def test_a_supplier_cannot_invoice_in_the_name_of_another(samples, as_structure):
    stranger = as_structure(OTHER_SUPPLIER)
    number = stranger.deposit(examples.UBL, UBL, samples.ubl())

    report = stranger.wait(number)

    assert report["etat"] == "IN_REJETE"
    assert "CHO-FOURN-NON-RATTACHE" in {item["code"] for item in report["rapport"]["ranks"][0]["findings"]}


def test_the_counters_of_both_parties_follow(hub, samples, deposit_and_wait, as_structure, eventually):
    def counted(siret: str, part: str, status: str) -> int:
        structure = next(entry for entry in hub.cast["structures"] if entry["siret"] == siret)
        item = (
            hub.client("dynamodb")
            .get_item(
                TableName=hub.outputs["ViewsTable"],
                Key={"pk": {"S": f"STRUCT#{structure['id']}"}, "sk": {"S": f"{part}#{status}"}},
            )
            .get("Item", {})
        )
        return int(item.get("invoices", {"N": "0"})["N"])

    received = counted(COMMITMENT_REQUIRED, "RECEIVED", "REJETEE")
    issued = counted(SUPPLIER, "ISSUED", "REJETEE")
    report = deposit_and_wait("facture.xml", CII, samples.cii())
    as_structure(COMMITMENT_REQUIRED).call(
        "/cpro/factures/v1/traiter/recue",
        {
            "idFacture": report["rapport"]["ranks"][0]["invoice_id"],
            "nouveauStatut": "REJETEE",
            "motif": "Prestation non commandée",
        },
    )

    eventually(lambda: counted(SUPPLIER, "ISSUED", "REJETEE") == issued + 1)
    assert counted(COMMITMENT_REQUIRED, "RECEIVED", "REJETEE") == received + 1
