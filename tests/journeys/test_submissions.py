"""Invoices without a file of data: a PDF with its main data, as integrators send them, or an invoice keyed in."""

import base64

import pytest
from chorale_cli.client import HubError
from chorale_local import examples

from tests.journeys.conftest import COMMITMENT_REQUIRED, NO_REQUIREMENT, OTHER_SUPPLIER, SUPPLIER

pytestmark = pytest.mark.platform

FACTURES = "/cpro/factures/v1"
STRUCTURES = "/cpro/structures/v1"


@pytest.fixture
def own_structure(supplier):
    """The supplier's own id, found as an integrator finds it."""
    found = supplier.call(
        f"{STRUCTURES}/rechercher",
        {"structure": {"identifiantStructure": SUPPLIER, "typeIdentifiantStructure": "SIRET"}},
    )
    assert found["parametresRetour"]["total"] == 1
    return found["listeStructures"][0]["idStructureCPP"]


@pytest.fixture
def submission(own_structure):
    """An invoice of 120 euros to a recipient, in a mode, with what the journey adds."""

    def make(recipient: str, mode: str, **more):
        return {
            "modeDepot": mode,
            "destinataire": {"codeDestinataire": recipient},
            "fournisseur": {"idFournisseur": own_structure},
            "cadreDeFacturation": {"codeCadreFacturation": "A1_FACTURE_FOURNISSEUR"},
            "references": {
                "deviseFacture": "EUR",
                "typeFacture": "FACTURE",
                "typeTva": "TVA_SUR_DEBIT",
                "modePaiement": "VIREMENT",
                "numeroBonCommande": "EJ42",
            },
            "montantTotal": {"montantHtTotal": 100, "montantTVA": 20, "montantTtcTotal": 120, "montantAPayer": 120},
        } | more

    return make


LINE = {
    "lignePosteDenomination": "Étude de sol",
    "lignePosteQuantite": 1,
    "lignePosteUnite": "forfait",
    "lignePosteMontantUnitaireHT": 100,
    "lignePosteTauxTva": "TVA_20",
}


def test_an_integrator_stores_its_pdf_submits_it_and_the_recipient_reads_it(
    supplier, samples, submission, as_structure
):
    number = samples.number()
    pdf = samples.facturx(number)
    stored = supplier.call(
        "/cpro/transverses/v1/ajouter/fichier",
        {
            "pieceJointeFichier": base64.b64encode(pdf).decode(),
            "pieceJointeNom": "facture.pdf",
            "pieceJointeExtension": "PDF",
            "pieceJointeTypeMime": "application/pdf",
        },
    )

    main = [{"pieceJointePrincipaleDesignation": "Facture", "pieceJointePrincipaleId": stored["pieceJointeId"]}]
    own = {"numeroFactureSaisi": number, "dateFacture": examples.today().isoformat(), "pieceJointePrincipale": main}
    taken = supplier.call(f"{FACTURES}/soumettre", submission(COMMITMENT_REQUIRED, "DEPOT_PDF_API", **own))

    assert (taken["numeroFacture"], taken["statutFacture"]) == (number, "DEPOSEE")
    recipient = as_structure(COMMITMENT_REQUIRED)
    received = recipient.call(
        f"{FACTURES}/rechercher/recipiendaire", {"typeDemandePaiement": "FACTURE", "numeroFacture": number}
    )
    assert [row["statut"] for row in received["listeFactures"]] == ["MISE_A_DISPOSITION"]
    ask = {"format": "PDF", "avecPiecesJointesComplementaires": "NON",
           "listeFacture": [{"idFacture": taken["identifiantFactureCPP"]}]}  # fmt: skip
    given = recipient.call(f"{FACTURES}/telecharger/groupe", ask)
    assert base64.b64decode(given["fichierResultat"]) == pdf
    with pytest.raises(HubError, match="CHO-NUMERO-DOUBLON"):
        supplier.call(f"{FACTURES}/soumettre", submission(COMMITMENT_REQUIRED, "DEPOT_PDF_API", **own))


def test_a_keyed_invoice_becomes_a_facturx_that_is_read_and_treated(supplier, submission, as_structure):
    taken = supplier.call(
        f"{FACTURES}/soumettre", submission(NO_REQUIREMENT, "SAISIE_API", lignePoste=[LINE], commentaire="BL-7")
    )

    assert len(taken["numeroFacture"]) == 20
    recipient = as_structure(NO_REQUIREMENT)
    ask = {"format": "PDF", "avecPiecesJointesComplementaires": "NON",
           "listeFacture": [{"idFacture": taken["identifiantFactureCPP"]}]}  # fmt: skip
    pdf = base64.b64decode(recipient.call(f"{FACTURES}/telecharger/groupe", ask)["fichierResultat"])
    assert pdf.startswith(b"%PDF-")
    checked = supplier.call(
        "/chorale/v1/controles",
        {
            "fichierFlux": base64.b64encode(pdf).decode(),
            "nomFichier": "facture.pdf",
            "syntaxeFlux": "IN_DP_E2_CII_FACTURX",
        },
    )
    findings = checked["rapport"]["ranks"][0]["findings"]
    assert [finding["code"] for finding in findings if finding["severity"] == "error"] == ["CHO-NUMERO-DOUBLON"]
    treated = recipient.call(
        f"{FACTURES}/traiter/recue",
        {"idFacture": taken["identifiantFactureCPP"], "nouveauStatut": "MISE_EN_PAIEMENT"},
    )
    assert treated["nouveauStatut"] == "MISE_EN_PAIEMENT"


def test_a_keyed_sub_contractors_invoice_waits_for_the_contractor(supplier, submission, as_structure):
    frame = {"codeCadreFacturation": "A9_FACTURE_SOUSTRAITANT", "codeStructureValideur": OTHER_SUPPLIER}
    taken = supplier.call(
        f"{FACTURES}/soumettre",
        submission(NO_REQUIREMENT, "SAISIE_API", lignePoste=[LINE], cadreDeFacturation=frame),
    )
    invoice_id = taken["identifiantFactureCPP"]

    contractor = as_structure(OTHER_SUPPLIER)
    waiting = contractor.call(f"{FACTURES}/rechercher/aTraiter/valideur", {})
    assert invoice_id in [row["idFacture"] for row in waiting["listeFactures"]]
    contractor.call(
        f"{FACTURES}/traiter/factureAValider",
        {"idFacture": invoice_id, "action": "VALIDATION", "typeValideur": "VALIDEUR_1"},
    )

    read = supplier.call(f"{FACTURES}/consulter/fournisseur", {"identifiantFactureCPP": invoice_id})
    assert read["facture"]["statutFacture"] == "MISE_A_DISPOSITION"


def test_all_that_is_wrong_is_said_at_once(supplier, submission):
    wrong = submission(COMMITMENT_REQUIRED, "SAISIE_API", lignePoste=[LINE | {"lignePosteTauxTva": "TVA_10"}])
    wrong["references"] = wrong["references"] | {"numeroBonCommande": "", "modePaiement": "TROC"}

    with pytest.raises(HubError) as refused:
        supplier.call(f"{FACTURES}/soumettre", wrong)

    for code in ("CHO-EJ-ABSENT", "CHO-PAIEMENT-MODE", "CHO-TOTAL-TVA"):
        assert code in str(refused.value)
