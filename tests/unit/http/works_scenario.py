"""The works part of the examples: contracts, papers, what each actor does with one."""

import base64
from collections.abc import Callable
from typing import Any

from chorale_local import example_objects as objects

from tests.unit.http.calling import CONTRACTS, FILES, PAPERS, TASKS, WORKS, Caller
from tests.works import COTRAITANT, FINANCE, MOA, MOE, PDF, SOUS_TRAITANT, TITULAIRE

Call = Callable[..., dict[str, Any]]
Show = Callable[..., None]
MAIN = {"nom": "piece.pdf", "contenu": base64.b64encode(PDF).decode()}

CONTRACT = {
    "numeroMarche": "2026-T-015",
    "ccag": "CCAG_2021",
    "listeIntervenants": [
        {"identifiant": TITULAIRE.identifier, "role": "MANDATAIRE"},
        {"identifiant": COTRAITANT.identifier, "role": "COTRAITANT"},
        {"identifiant": MOE.identifier, "role": "MOE"},
        {"identifiant": MOA.identifier, "role": "MOA"},
        {
            "identifiant": SOUS_TRAITANT.identifier,
            "role": "SOUS_TRAITANT",
            "travaillePour": COTRAITANT.identifier,
            "paiementDirect": True,
            "montantSousTraite": 40000,
        },
    ],
    "serviceFinancier": FINANCE.identifier,
    "naturePayeur": "ETAT_OU_COLLECTIVITE",
    "delais": [{"delai": "PROJET_DECOMPTE_FINAL", "jours": 45}],
}


def submission(
    number: str, frame: str, contract_number: str = str(CONTRACT["numeroMarche"]), **more: Any
) -> dict[str, Any]:
    """The body of a deposit."""
    named = {
        name: more.pop(name) for name in ("identifiantMoe", "identifiantMoa", "identifiantValideur") if name in more
    }
    return {
        "modeDepot": "DEPOT_PDF_API",
        "numeroFactureTravaux": number,
        "cadreDeFacturation": {"codeCadreFacturation": frame, **named},
        "references": {"numeroMarche": contract_number},
        "montantTotal": {"montantHtTotal": 10000.0, "montantTtcTotal": 12000.0},
        "pieceJointePrincipale": MAIN,
        **more,
    }


def works_calls(call: Call, show: Show) -> None:
    """The works part: each act on a paper of its own, in the status that the act is for."""
    titulaire, cotraitant, subcontractor, moe, moa = (
        Caller(one) for one in (TITULAIRE, COTRAITANT, SOUS_TRAITANT, MOE, MOA)
    )
    _contract(call, show, moa, moe)
    monthly = submission("PDM-1", "A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR", objects.CONTRACT_NUMBER)
    call("soumettreFactureTravaux", titulaire, f"{WORKS}/soumettre", monthly)
    right = {"idFactureTravaux": objects.REQUEST_REFUSED, "identifiantStructure": COTRAITANT.identifier}
    call("corrigerValideurFactureTravaux", subcontractor, f"{WORKS}/corriger/valideur", right)
    partly = {"acte": "VALIDER", "montantAccepte": 11000.0, "commentaire": "Poste 4 non exécuté"}
    call("agirSurPiece", cotraitant, f"{PAPERS}/{{id}}/actes", partly, {"id": str(objects.REQUEST)})
    _acts(call, titulaire, moe)
    _lists(call, show, titulaire, moe, moa)


def _contract(call: Call, show: Show, moa: Caller, moe: Caller) -> None:
    number = {"id": str(objects.CONTRACT)}
    received = {"id": str(objects.RECEIVED_CONTRACT)}
    call("inscrireMarche", moa, CONTRACTS, CONTRACT)
    show("listerMarches", moe, CONTRACTS)
    show("consulterMarche", moe, f"{CONTRACTS}/{{id}}", number)
    show("consulterCompte", moe, f"{CONTRACTS}/{{id}}/compte", number)
    show("imprimerCompte", moe, f"{CONTRACTS}/{{id}}/compte/pdf", number)
    contested = {"acte": "CONTESTER", "texte": "Nous ne sommes pas partie à ce marché."}
    call("agirSurMarche", Caller(COTRAITANT), f"{CONTRACTS}/{{id}}/actes", contested, received)
    call("notifierReception", moa, f"{CONTRACTS}/{{id}}/reception", {"dateNotificationReception": "2026-09-01"}, number)
    acte = {
        "nature": "SOUS_TRAITANT", "identifiant": SOUS_TRAITANT.identifier, "dateEffet": "2026-11-02",
        "montantSousTraite": 55000,
    }  # fmt: skip
    call("inscrireAvenant", moa, f"{CONTRACTS}/{{id}}/avenants", acte, received)
    notice = {"texte": "Remettez votre projet de décompte final sous quinze jours."}
    call("mettreEnDemeure", moe, f"{CONTRACTS}/{{id}}/mise-en-demeure", notice, received)


def _acts(call: Call, titulaire: Caller, moe: Caller) -> None:
    named = {"idFactureTravaux": objects.WRONG_MOE, "identifiantMoe": MOE.identifier}
    call("completerMoe", titulaire, f"{WORKS}/completermoe", named)
    call("prendreEnCompteFactureTravaux", moe, f"{WORKS}/prendre/en/compte", {"idFactureTravaux": objects.TO_TAKE})
    missing = {"idFactureTravaux": objects.TO_QUESTION, "commentaire": "Joindre le métré du poste 3"}
    call("demanderCompletionFactureTravaux", moe, f"{WORKS}/suspendre/demander/completer/factureTravaux", missing)
    complete = {"idFactureTravaux": objects.TO_COMPLETE, "commentaire": "Métré joint"}
    call("completerFactureTravaux", titulaire, f"{WORKS}/completer", complete)
    asked = {
        "idFactureTravaux": objects.TO_SEND_BACK,
        "commentaire": "Le bon de commande est celui d'un autre lot",
    }
    call("demanderRecyclagePiecePrecedente", moe, f"{WORKS}/demander/recyclage", asked)
    corrected = {"idFactureTravaux": objects.TO_RECYCLE, "numeroBonCommande": "BC-2026-7"}
    call("recyclerFactureTravaux", titulaire, f"{WORKS}/recycler", corrected)
    refused = {
        "idFactureTravaux": objects.TO_REFUSE,
        "codeMotif": "HORS_MARCHE",
        "commentaire": "Travaux du lot 3",
    }
    call("refuserFactureTravaux", moe, f"{WORKS}/refuser", refused)


def _lists(call: Call, show: Show, titulaire: Caller, moe: Caller, moa: Caller) -> None:
    paper = {"idFactureTravaux": objects.TO_REFUSE}
    call("rechercherFactureTravauxATraiter", moe, f"{WORKS}/rechercher/atraiter", {"roleUtilisateur": "MOE"})
    search = {"roleUtilisateur": "MOE", "rechercheFactureTravaux": {"nbResultatsParPage": 10}}
    call("rechercherFactureTravaux", moe, f"{WORKS}/rechercher", search)
    call("consulterFactureTravaux", moa, f"{WORKS}/consulter", paper)
    call("consulterDossierDeFacturation", moa, f"{WORKS}/consulter/dossierfacturation", paper)
    show("telechargerPiece", moa, f"{PAPERS}/{{id}}/documents", {"id": str(objects.TO_REFUSE)})
    show("telechargerFicheDePaiement", moa, f"{PAPERS}/{{id}}/fiche-de-paiement", {"id": str(objects.TO_PAY)})
    show("telechargerDossier", moa, f"{FILES}/{{id}}/documents", {"id": str(objects.TO_REFUSE)})
    show("consulterDossier", moa, f"{FILES}/{{id}}", {"id": str(objects.TO_REFUSE)})
    frame = {"codeCadreFacturationTravaux": "A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR"}
    call("recupererMotifsRefusFactureTravaux", moe, f"{WORKS}/recuperer/motifs/refus", frame)
    call("listerTaches", titulaire, TASKS, {"pagination": {"nbResultatsParPage": 10}})
