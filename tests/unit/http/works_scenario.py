"""The works part of the examples: a contract, a month of works with its detours, the end of the works."""

import base64
from collections.abc import Callable
from typing import Any

from chorale.domain.directory import Structure

from tests.unit.http.calling import CONTRACTS, FILES, PAPERS, TASKS, WORKS, Caller
from tests.works import COTRAITANT, FINANCE, MOA, MOE, PDF, SOUS_TRAITANT, STRANGER, TITULAIRE

Call = Callable[[str, Caller, str, dict[str, Any]], dict[str, Any]]
MAIN = {"nom": "piece.pdf", "contenu": base64.b64encode(PDF).decode()}

CONTRACT = {
    "numeroMarche": "2026-T-014",
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


def submission(number: str, frame: str, **more: Any) -> dict[str, Any]:
    """The body of a deposit."""
    named = {
        name: more.pop(name) for name in ("identifiantMoe", "identifiantMoa", "identifiantValideur") if name in more
    }
    return {
        "modeDepot": "DEPOT_PDF_API",
        "numeroFactureTravaux": number,
        "cadreDeFacturation": {"codeCadreFacturation": frame, **named},
        "references": {"numeroMarche": "2026-T-014"},
        "montantTotal": {"montantHtTotal": 10000.0, "montantTtcTotal": 12000.0},
        "pieceJointePrincipale": MAIN,
        **more,
    }


def works_calls(call: Call, played: dict[str, Any]) -> None:
    """Play the works part."""
    callers = {one.id: Caller(one) for one in (TITULAIRE, COTRAITANT, SOUS_TRAITANT, MOE, MOA, STRANGER)}

    def by(structure: Structure) -> Caller:
        return callers[structure.id]

    def deposit(structure: Structure, number: str, frame: str, **more: Any) -> int:
        answer = call("soumettreFactureTravaux", by(structure), f"{WORKS}/soumettre", submission(number, frame, **more))
        assert answer["codeRetour"] == 0, answer
        paper: int = answer["idFactureTravaux"]
        return paper

    made = call("inscrireMarche", by(MOA), CONTRACTS, CONTRACT)
    contract = made["marche"]["idMarche"]
    played["listerMarches"] = {"response": by(MOE).get(CONTRACTS)}
    played["consulterMarche"] = {"response": by(MOE).get(f"{CONTRACTS}/{contract}")}
    _sous_traitant(call, by, deposit)
    _month(call, played, by, deposit)
    day = {"dateNotificationReception": "2026-09-01"}
    call("notifierReception", by(MOA), f"{CONTRACTS}/{contract}/reception", day)
    notice = {"texte": "Remettez votre projet de décompte final sous quinze jours."}
    call("mettreEnDemeure", by(MOE), f"{CONTRACTS}/{contract}/mise-en-demeure", notice)
    call("listerTaches", by(TITULAIRE), TASKS, {"pagination": {"nbResultatsParPage": 10}})


def _sous_traitant(call: Call, by: Callable[[Structure], Caller], deposit: Callable[..., int]) -> None:
    request = deposit(SOUS_TRAITANT, "DP-1", "A10_PROJET_DECOMPTE_MENSUEL_SOUSTRAITANT")
    motive = {"idFactureTravaux": request, "codeMotif": "MAUVAIS_VALIDEUR"}
    by(COTRAITANT).post(f"{WORKS}/refuser", motive)
    right = {"idFactureTravaux": request, "identifiantStructure": COTRAITANT.identifier}
    call("corrigerValideurFactureTravaux", by(SOUS_TRAITANT), f"{WORKS}/corriger/valideur", right)
    partly = {"acte": "VALIDER", "montantAccepte": 11000.0, "commentaire": "Poste 4 non exécuté"}
    call("agirSurPiece", by(COTRAITANT), f"{PAPERS}/{request}/actes", partly)


def _month(call: Call, played: dict[str, Any], by: Callable[[Structure], Caller], deposit: Callable[..., int]) -> None:
    monthly = deposit(TITULAIRE, "PDM-1", "A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR", identifiantMoe=STRANGER.identifier)
    paper = {"idFactureTravaux": monthly}
    by(STRANGER).post(f"{WORKS}/refuser", {**paper, "codeMotif": "MAUVAISE_MOE"})
    call("completerMoe", by(TITULAIRE), f"{WORKS}/completermoe", {**paper, "identifiantMoe": MOE.identifier})
    call("prendreEnCompteFactureTravaux", by(MOE), f"{WORKS}/prendre/en/compte", paper)
    missing = {**paper, "commentaire": "Joindre le métré du poste 3"}
    call("demanderCompletionFactureTravaux", by(MOE), f"{WORKS}/suspendre/demander/completer/factureTravaux", missing)
    call("completerFactureTravaux", by(TITULAIRE), f"{WORKS}/completer", {**paper, "commentaire": "Métré joint"})
    asked = {**paper, "commentaire": "Le bon de commande est celui d'un autre lot"}
    call("demanderRecyclagePiecePrecedente", by(MOE), f"{WORKS}/demander/recyclage", asked)
    call("recyclerFactureTravaux", by(TITULAIRE), f"{WORKS}/recycler", {**paper, "numeroBonCommande": "BC-2026-7"})
    call("rechercherFactureTravauxATraiter", by(MOE), f"{WORKS}/rechercher/atraiter", {"roleUtilisateur": "MOE"})
    refused = {**paper, "codeMotif": "HORS_MARCHE", "commentaire": "Travaux du lot 3"}
    call("refuserFactureTravaux", by(MOE), f"{WORKS}/refuser", refused)
    again = deposit(TITULAIRE, "PDM-1", "A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR", idPieceRemplacee=monthly)
    deposit(MOE, "EA-1", "A15_ETAT_ACOMPTE_MOE", idPiecePrecedente=again)
    search = {"roleUtilisateur": "MOE", "rechercheFactureTravaux": {"nbResultatsParPage": 10}}
    call("rechercherFactureTravaux", by(MOE), f"{WORKS}/rechercher", search)
    call("consulterFactureTravaux", by(MOA), f"{WORKS}/consulter", {"idFactureTravaux": again})
    whole = call("consulterDossierDeFacturation", by(MOA), f"{WORKS}/consulter/dossierfacturation", paper)
    file = whole["listeFactureTravaux"][0]["references"]["idDossierFacturation"]
    played["consulterDossier"] = {"response": by(MOA).get(f"{FILES}/{file}")}
    frame = {"codeCadreFacturationTravaux": "A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR"}
    call("recupererMotifsRefusFactureTravaux", by(MOE), f"{WORKS}/recuperer/motifs/refus", frame)
