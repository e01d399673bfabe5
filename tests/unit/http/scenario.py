"""A short story between a supplier and a recipient, call by call. Its answers are the examples of the documentation.

``python -m tests.unit.http.scenario`` writes them again to ``chorale/apidoc/examples.json``.
"""

import base64
import json
import os
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from chorale.apidoc.openapi import EXAMPLES
from chorale.domain.directory.uuids import FILES as FILES_KIND
from chorale.domain.directory.uuids import SERVICES as SERVICES_KIND
from chorale.domain.directory.uuids import STRUCTURES as STRUCTURES_KIND
from chorale.domain.directory.uuids import organisation_uuid
from chorale.domain.exchange.webhook_calls import WebhookCall
from chorale.runtime import clock
from chorale.stores.access import accounts
from chorale.stores.directory import structures as directory
from chorale.stores.exchange import webhook_calls
from chorale_local import example_objects as objects
from chorale_local.example_objects import write_example_objects

from tests import aws
from tests.cast import (
    APPLICATION,
    EVERYBODY,
    NOW,
    OTHER_RECIPIENT,
    OTHER_SUPPLIER,
    RECIPIENT,
    SERVICE,
    STATE,
    SUPPLIER,
    actor,
    event_of,
    fill_directory,
    summary,
)
from tests.unit.http.calling import (
    ACCOUNT_FILES,
    ACCOUNT_SERVICES,
    ACTIVES,
    ATTACHMENTS,
    CATEGORIES,
    CHECK,
    COMMITMENTS,
    COMPLETE,
    CR,
    CR_DETAILS,
    DECIDE,
    DEPOTS,
    DETACH_FILE,
    DIRECTORY_FILE,
    DOWNLOAD,
    DOWNLOAD_FILES,
    EXECUTING_SERVICES,
    FLUX,
    HANDLE_REJECTION,
    HEALTH,
    HISTORY,
    ISSUED,
    KEYED,
    LIFE_CYCLE,
    LISTS,
    NAME_VALIDATOR,
    NEXT_STATUSES,
    ORGANISATIONS,
    PASSWORD,
    PAYMENT_REQUESTS,
    PDF,
    READ_ISSUED,
    READ_RECEIVED,
    READ_TO_VALIDATE,
    RECEIVED,
    RECIPIENT_WORK,
    RECIPIENTS,
    RECYCLE,
    REFUSAL_MOTIVES,
    SECRET,
    SERVICE_ACCOUNTS,
    SERVICE_PATH,
    SERVICES,
    SIRET,
    SPACES,
    STATE_SERVICES,
    STATUSES,
    STATUSES_BY_TYPE,
    STORE_FILE,
    STRUCTURE,
    STRUCTURE_FILES,
    STRUCTURES,
    SUBCATEGORIES,
    SUBMIT,
    SUPPLIER_WORK,
    TO_VALIDATE,
    TOKEN,
    TREAT,
    VALIDATOR_WORK,
    VISIBLE_STATUSES,
    WEBHOOKS,
    Caller,
    request,
)
from tests.unit.http.works_scenario import works_calls
from tests.works import SITE

Examples = dict[str, dict[str, Any]]
ID = 1_000_000


def play() -> Examples:
    """The story on an empty hub; its answers, those of today left as they are."""
    with patch.object(clock, "now", lambda: NOW):
        _set_the_stage()
        write_example_objects(NOW)
        return _calls()


def _set_the_stage() -> None:
    fill_directory()
    directory.write([one for one in SITE if one not in EVERYBODY], [], [])
    accounts.write_application(APPLICATION, SECRET)
    for structure in {*EVERYBODY, *SITE}:
        somebody = actor(structure)
        account = accounts.TechnicalAccount(somebody.login, accounts.hashed(PASSWORD), dict(somebody.rights))
        accounts.write_technical_account(account)


def _calls() -> Examples:
    supplier, recipient = Caller(SUPPLIER), Caller(RECIPIENT)
    form = f"grant_type=client_credentials&client_id={APPLICATION}&client_secret={SECRET}&scope=openid"
    played: Examples = {
        "healthCheck": {"response": request("GET", HEALTH).json_body},
        "obtenirJeton": {"request": form, "response": request("POST", TOKEN, form.encode()).json_body},
    }

    def call(
        name: str, caller: Caller, path: str, body: dict[str, Any], parameters: dict[str, str] | None = None
    ) -> dict[str, Any]:
        answer = caller.post(path.format(**(parameters or {})), body)
        assert answer["codeRetour"] == 0, (name, answer)
        named = {"parameters": parameters} if parameters else {}
        account = {"account": actor(caller.structure).login}
        played[name] = account | named | {"request": body, "response": answer}
        return answer

    def show(name: str, caller: Caller, path: str, parameters: dict[str, str] | None = None) -> None:
        account = {"account": actor(caller.structure).login}
        named = {"parameters": parameters} if parameters else {}
        played[name] = account | named | {"response": caller.get(path.format(**(parameters or {})))}

    call(
        "deposerFluxFacture",
        supplier,
        FLUX,
        {
            "fichierFlux": base64.b64encode(b"<Invoice/>").decode(),
            "nomFichier": "factures.xml",
            "syntaxeFlux": "IN_DP_E1_UBL_INVOICE",
            "avecSignature": False,
        },
    )
    call(
        "ouvrirDepot",
        supplier,
        DEPOTS,
        {
            "nomFichier": "lot.tar.gz",
            "taille": 48_000_000,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "syntaxeFlux": "IN_DP_E1_UBL_INVOICE",
        },
    )
    checked = {"nomFichier": "facture.xml", "syntaxeFlux": "IN_DP_E1_UBL_INVOICE"}
    checked["fichierFlux"] = base64.b64encode(b"<Invoice/>").decode()
    call("controlerFlux", supplier, CHECK, checked)
    _files(call, supplier)
    call("consulterCR", supplier, CR, {"numeroFluxDepot": objects.FLUX})
    call("consulterCRDetaille", supplier, CR_DETAILS, {"numeroFluxDepot": objects.FLUX})
    show("suivreDepot", supplier, f"{DEPOTS}/{{numero}}", {"numero": objects.FLUX})
    call("rechercherFactureParFournisseur", supplier, ISSUED, {"numeroFluxDepot": objects.FLUX})
    paging = {"nbResultatsParPage": 10, "pageResultatDemandee": 1, "triColonne": "DateDepot", "triSens": "Descendant"}
    call(
        "rechercherFactureRecipiendaire",
        recipient,
        RECEIVED,
        {"typeDemandePaiement": "FACTURE", "paramRecherche": paging},
    )
    asked = {"masquerRejetee": True, "rechercheFactureATraiterParFournisseur": paging}
    call("rechercherFactureATraiterParFournisseur", supplier, SUPPLIER_WORK, asked)
    asked = {"parametreRechercheFactureATraiterParRecipiendaire": paging}
    call("rechercherFactureATraiterParRecipiendaire", recipient, RECIPIENT_WORK, asked)
    asked = {"roleUtilisateur": "FOURNISSEUR", "typeDemandePaiement": "FACTURE", "dpOuDpArchive": "DEMANDE_PAIEMENT"}
    call("rechercherDemandePaiement", supplier, PAYMENT_REQUESTS, asked)
    call(
        "consulterStatuts",
        supplier,
        STATUSES,
        {"identifiantsFactureCPP": [objects.ISSUED, 1], "numerosFacture": ["F-2025-1"]},
    )
    one = {"listeFacture": [{"idFacture": objects.ISSUED}]}
    wanted = {"objetPieceJointe": "DEMANDE_PAIEMENT", "demandePaiement": one}
    call("telechargerPieceJointe", recipient, DOWNLOAD_FILES, wanted)
    call("telechargerCycleDeVie", supplier, LIFE_CYCLE, {"numeroFluxDepot": objects.FLUX})
    call("consulterFactureParFournisseur", supplier, READ_ISSUED, {"identifiantFactureCPP": objects.ISSUED})
    call("consulterFactureParRecipiendaire", recipient, READ_RECEIVED, {"identifiantFactureCPP": objects.ISSUED})
    call(
        "telechargerGroupeFacture",
        supplier,
        DOWNLOAD,
        {"format": "ZIP", "avecPiecesJointesComplementaires": "OUI"} | one,
    )
    mandate = {"idFacture": objects.TO_TREAT, "nouveauStatut": "MANDATEE", "numeroDPMandat": "MANDAT-2026-7"}
    call("traiterUneFactureRecue", recipient, TREAT, mandate)
    call("consulterHistoriqueFacture", supplier, HISTORY, {"idFacture": objects.TO_TREAT})
    _what_came_back(call, supplier)
    _validation(call, Caller(OTHER_SUPPLIER), supplier)
    call("recupererEtatsPossiblesPourTraitement", recipient, NEXT_STATUSES, {"statutCourant": "MISE_A_DISPOSITION"})
    call("recupererEtatParTypeDemandePaiement", recipient, STATUSES_BY_TYPE, {"typeDemandePaiement": "FACTURE"})
    _directory(call, supplier)
    _lists(call, supplier)
    _account(call, supplier, recipient)
    _organisations(played, supplier)
    _calls_of_a_webhook(played, supplier, objects.WEBHOOK)
    deleted = supplier.raw("DELETE", f"{WEBHOOKS}/{objects.WEBHOOK}")
    played["supprimerWebhook"] = {
        "account": actor(SUPPLIER).login, "parameters": {"id": objects.WEBHOOK}, "response": deleted.json_body,
    }  # fmt: skip
    call(
        "creerWebhook", supplier, WEBHOOKS, {"url": "https://erp.exemple.invalid/chorale", "types": ["facture.statut"]}
    )
    show("listerWebhooks", supplier, WEBHOOKS)
    works_calls(call, show)
    return played


def _calls_of_a_webhook(played: Examples, supplier: Caller, hook: str) -> None:
    """A call that was given up, and its owner who asks for it again."""
    event = event_of(summary())
    missed = WebhookCall(hook, SUPPLIER.id, event, NOW, NOW).failed("HTTP 503", NOW).given_up(NOW)
    webhook_calls.keep(missed, NOW)
    for name, ask in (("listerAppelsWebhook", None), ("renvoyerAppelsWebhook", {"evenements": []})):
        path = f"{WEBHOOKS}/{hook}/appels"
        answer = supplier.get(path) if ask is None else supplier.post(path, ask)
        played[name] = {
            "account": actor(SUPPLIER).login, "parameters": {"id": hook}, "response": answer,
        } | ({"request": ask} if ask else {})  # fmt: skip


def _files(call: Callable[..., dict[str, Any]], supplier: Caller) -> None:
    file = {
        "pieceJointeFichier": base64.b64encode(b"%PDF-1.7").decode(),
        "pieceJointeNom": "BL-2026-7.pdf",
        "pieceJointeExtension": "PDF",
        "pieceJointeTypeMime": "application/pdf",
    }
    call("ajouterFichierDansSysteme", supplier, STORE_FILE, file)
    call("detacherPieceJointe", supplier, DETACH_FILE, {"idPieceJointeObjet": objects.FILE_TO_DETACH})
    call("rechercherPieceJointeSurMonCompte", supplier, ACCOUNT_FILES, {"pieceJointeDesignation": "BL"})
    call("rechercherPieceJointeSurStructure", supplier, STRUCTURE_FILES, {"idStructureCPP": SUPPLIER.id})
    pdf = {"fichierFacture": file["pieceJointeFichier"], "nomFichier": "facture.pdf", "formatDepot": "PDF_NON_SIGNE"}
    call("deposerPdfFacture", supplier, PDF, pdf)
    call("soumettreFacture", supplier, SUBMIT, KEYED)


def _what_came_back(call: Callable[..., dict[str, Any]], supplier: Caller) -> None:
    comment = "Le bon de livraison porte le numéro BL-2026-7."
    call("completerFacture", supplier, COMPLETE, {"identifiantFactureCPP": objects.SUSPENDED, "commentaire": comment})
    call(
        "recyclerFacture",
        supplier,
        RECYCLE,
        {
            "identifiantFactureCPP": objects.RETURNED,
            "destinataire": {"codeDestinataire": OTHER_RECIPIENT.identifier, "codeServiceExecutant": SERVICE.code},
            "reference": {"numeroBonCommande": "EJ-2026-42"},
            "commentaire": "Service corrigé",
        },
    )
    call(
        "traiterFacturesRejetees",
        supplier,
        HANDLE_REJECTION,
        {"listeDemandePaiement": [{"idDemandePaiement": objects.REJECTED}]},
    )


def _validation(call: Callable[..., dict[str, Any]], validator: Caller, supplier: Caller) -> None:
    pages = {"nbResultatsParPage": 10, "pageResultatDemandee": 1, "triColonne": "DateDepot", "triSens": "Descendant"}
    call("rechercherFactureATraiterParValideur", validator, VALIDATOR_WORK, {"pagination": pages})
    frame = {"cadreFacturation": "A9_FACTURE_SOUSTRAITANT", "pagination": pages}
    call("rechercherFactureParValideur", validator, TO_VALIDATE, frame)
    call("consulterFactureParValideur", validator, READ_TO_VALIDATE, {"identifiantFactureCPP": objects.TO_READ})
    call("recupererStatutsFactureVisiblesParValideur", validator, VISIBLE_STATUSES, {})
    call(
        "recupererMotifsRefusFactureAValider",
        validator,
        REFUSAL_MOTIVES,
        {"codeCadreFacturationAValider": "A9_FACTURE_SOUSTRAITANT"},
    )
    refusal = {
        "idFacture": objects.TO_AGREE,
        "action": "REFUS",
        "motifRefus": "AUTRE",
        "complementInfo": "Quantités non constatées",
    }
    call("traiterFactureAValider", validator, DECIDE, refusal)
    other = {"typeIdentifiantStructure": "SIRET", "identifiantStructure": OTHER_SUPPLIER.identifier}
    call("corrigerValideurFacture", supplier, NAME_VALIDATOR, {"idFacture": objects.WRONG_VALIDATOR, **other})


def _directory(call: Callable[..., dict[str, Any]], supplier: Caller) -> None:
    structure = {"identifiantStructure": OTHER_RECIPIENT.identifier, "typeIdentifiantStructure": "SIRET"}
    call("rechercherStructure", supplier, STRUCTURES, {"structure": structure})
    call("consulterStructure", supplier, STRUCTURE, {"idStructureCPP": OTHER_RECIPIENT.id})
    call("rechercherServicesStructure", supplier, SERVICES, {"idStructure": OTHER_RECIPIENT.id})
    call(
        "consulterServiceStructure",
        supplier,
        SERVICE_PATH,
        {"idStructure": OTHER_RECIPIENT.id, "idService": SERVICE.id},
    )


def _lists(call: Callable[..., dict[str, Any]], supplier: Caller) -> None:
    for name, ending, body in (
        ("recupererDevises", "devises", {}),
        ("recupererPays", "pays", {}),
        ("recupererTauxTva", "tauxtva", {}),
        ("recupererMotifsExonerationTva", "motifs/exonerationtva", {}),
        ("recupererTypesPieceJointe", "typespj", {"typeObjet": "FACTURE"}),
        ("recupererModeDepot", "modedepot", {}),
        ("recupererModeReglements", "modereglements", {}),
        ("recupererCadreFacturation", "cadrefacturation", {"typeDemandePaiement": "FACTURE"}),
        ("recupererCoordonneesBancairesValides", "coordbanc/valides", {"idStructure": SUPPLIER.id}),
        ("recupererFormatFlux", "formatflux", {}),
        ("recupererSyntaxeFlux", "syntaxeflux", {"formatFlux": "IN_DP_E1_STRUCT"}),
        ("recupererTypeDemandePaiement", "typedp", {}),
        ("recupererTypeFactureTravaux", "typefacturetravaux", {}),
        ("recupererTypeIdentifiantStructure", "typeidentifiant/structure", {}),
    ):
        call(name, supplier, f"{LISTS}/{ending}", body)


def _account(call: Callable[..., dict[str, Any]], supplier: Caller, recipient: Caller) -> None:
    call("recupererStructuresActivesPourFournisseur", supplier, f"{ACTIVES}/fournisseur", {})
    call("recupererStructuresActivesPourDestinataire", recipient, f"{ACTIVES}/destinataire", {})
    call("recupererStructuresActivesPourFactureTravaux", supplier, f"{ACTIVES}/facturetravaux", {})
    call("consulterInformationSIRET", supplier, SIRET, {"siretStructure": RECIPIENT.identifier})
    commitment = {
        "structureReceptriceEngagementJuridique": STATE.identifier,
        "numeroEngagementJuridique": "1234567890",
    }
    call("rechercherEngagementJuridique", supplier, COMMITMENTS, commitment)
    call("monCompteRecupererRattachements", supplier, ATTACHMENTS, {})
    call("rechercherDestinataire", supplier, RECIPIENTS, {"nomVilleCodePostal": "Destinataire service"})
    call("listerRattachementsStructureUtilisateur", supplier, ACCOUNT_SERVICES, {"idStructure": SUPPLIER.id})
    call("rechercherCategorieSollicitation", supplier, CATEGORIES, {})
    call("rechercherSousCategorieSollicitation", supplier, SUBCATEGORIES, {})
    call("recupererStructuresPourUtilisateur", supplier, f"{LISTS}/structuresPourUtilisateur", {})
    call("recupererServicesStructure", supplier, f"{LISTS}/services/structure", {"idStructure": OTHER_RECIPIENT.id})
    call("rechercherServiceExecutant", supplier, EXECUTING_SERVICES, {"idDestinataireCPP": OTHER_RECIPIENT.id})
    call("rechercherEspaces", supplier, SPACES, {"structure": {"idStructure": SUPPLIER.id}})
    call("recupererUtilisateursService", Caller(OTHER_RECIPIENT), SERVICE_ACCOUNTS, {"idService": SERVICE.id})
    call("recupererServicesExecutantEtat", supplier, STATE_SERVICES, {})
    call("telechargerAnnuaireDestinataire", supplier, DIRECTORY_FILE, {})


def _organisations(played: Examples, supplier: Caller) -> None:
    structure = organisation_uuid(STRUCTURES_KIND, OTHER_RECIPIENT.id)
    service = organisation_uuid(SERVICES_KIND, SERVICE.id)
    own = organisation_uuid(STRUCTURES_KIND, SUPPLIER.id)

    def ask(name: str, method: str, path: str, body: dict[str, Any] | None = None, **parameters: str) -> None:
        sent = json.dumps(body).encode() if body else b""
        answer = supplier.raw(method, f"{ORGANISATIONS}{path.format(**parameters)}", sent)
        assert answer.status_code in (200, 204), answer.body
        named = {"parameters": parameters} if parameters else {}
        given = {"response": answer.json_body} if answer.body else {}
        played[name] = {"account": actor(SUPPLIER).login} | named | ({"request": body} if body else {}) | given

    ask("organisationsHealthcheck", "GET", "/healthcheck")
    ask("consulterStructureOrganisation", "GET", "/structures/{uuid}", uuid=structure)
    ask("listerServicesOrganisation", "GET", "/structures/{uuid}/services", uuid=structure)
    ask("modifierParametresEdi", "PATCH", "/structures/{uuid}/parametres-edi", {"reception_edi": False}, uuid=own)
    named = {"identifiant": {"op": "=", "val": OTHER_RECIPIENT.identifier}, "_fields": ["uuid", "raisonSociale"]}
    ask("rechercherStructuresOrganisation", "POST", "/structures/recherche", named)
    attached = {"rattachementOrganisation": {"op": "=", "val": structure}, "_sort": ["codeService"]}
    ask("rechercherServicesOrganisation", "POST", "/services/recherche", attached)
    ask("consulterServiceOrganisation", "GET", "/services/{uuid}", uuid=service)
    files = "/structures/{uuid}/pieces_jointes"
    stored = organisation_uuid(FILES_KIND, objects.STORED_FILE)
    ask("listerPiecesJointesOrganisation", "GET", files, uuid=own)
    ask("consulterPieceJointeOrganisation", "GET", files + "/{pieceUuid}", uuid=own, pieceUuid=stored)
    ask("rechercherSirenOrganisation", "POST", "/siren/recherche", {"siren": SUPPLIER.identifier[:9]})


def steady(played: Examples) -> Examples:
    """``played`` without what changes from one run to the next: signatures, and the letters of the PDF."""
    held = json.loads(json.dumps(played))
    held["obtenirJeton"]["response"]["access_token"] = "eyJhcHAiOiJkZW1vLWNsaWVudCIsImV4cCI6MTc5NTQyOTgwMH0.signature"
    held["consulterCR"]["response"]["fichierCR"] = "JVBERi0xLjMK..."
    held["telechargerGroupeFacture"]["response"]["fichierResultat"] = "UEsDBBQAAAAI..."
    held["creerWebhook"]["response"]["secret"] = "u3V0b3VyZGVzZWNyZXRtb250cmV1bmVmb2lz"
    held["creerWebhook"]["response"]["webhook"]["id"] = "0123456789abcdef"
    held["listerWebhooks"]["response"]["listeWebhooks"][0]["id"] = "0123456789abcdef"
    held["telechargerCycleDeVie"]["response"]["fichierResultat"] = "PD94bWwgdmVyc2lvbj0nMS4w..."
    held["telechargerAnnuaireDestinataire"]["response"]["fichierResultat"] = "UEsDBBQAAAAIAAAAd1sA..."
    held["consulterPieceJointeOrganisation"]["response"]["lienTelechargement"] = (
        "https://depots.exemple.fr/work/pj/900030?X-Amz-Signature=..."
    )
    fields = held["ouvrirDepot"]["response"]["champs"]
    for name in ("policy", "x-amz-signature", "x-amz-credential", "x-amz-date", "x-amz-security-token"):
        if name in fields:
            fields[name] = "..."
    return dict(held)


def main() -> None:
    """Write the examples."""
    os.environ.update(aws.ENVIRONMENT)
    with aws.fresh_hub():
        EXAMPLES.write_text(json.dumps(steady(play()), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
