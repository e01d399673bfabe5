"""A short story between a supplier and a recipient, call by call. Its answers are the examples of the documentation.

``python -m tests.unit.http.scenario`` writes them again to ``chorale/http/examples.json``.
"""

import base64
import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from chorale.domain.findings import Finding, IntegrationReport, RankOutcome, RankReport, Severity
from chorale.domain.frames import Frame
from chorale.domain.invoice import Address, Invoice, Line, Party, TaxLine, Totals
from chorale.domain.organisations import SERVICES as SERVICES_KIND
from chorale.domain.organisations import STRUCTURES as STRUCTURES_KIND
from chorale.domain.organisations import organisation_uuid
from chorale.domain.statuses import FluxState, Status
from chorale.formats.report_json import report_to_json
from chorale.http.openapi import EXAMPLES
from chorale.runtime import clock
from chorale.stores import accounts, directory, invoices, objects
from chorale.stores import flux as flux_store

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
    filed,
    fill_directory,
    leave_first_numbers_to_the_tests,
    rank_of,
    reference,
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
QUAY = Address("3 quai des Exemples", postcode="69002", city="Lyon", country="FR")
TOWN_HALL = Address("1 place de la Mairie", postcode="75004", city="Paris", country="FR")
DOCUMENT = Invoice(
    number="F-2026-118",
    kind=summary().kind,
    type_code="380",
    issue_date=date(2026, 11, 20),
    currency="EUR",
    supplier=Party(SUPPLIER.name, SUPPLIER.identifier, address=QUAY),
    buyer=Party(RECIPIENT.name, RECIPIENT.identifier, address=TOWN_HALL),
    totals=Totals(Decimal("100.00"), Decimal("20.00"), Decimal("120.00"), Decimal("120.00")),
    due_date=date(2026, 12, 20),
    payment_means="58",
    iban="FR7630006000011234567890189",
    bic="AGRIFRPP",
    tax_lines=(TaxLine("S", Decimal("20.00"), Decimal("100.00"), Decimal("20.00")),),
    lines=(
        Line("1", "Chaises de bureau", Decimal(4), "C62", Decimal("25.00"), Decimal("100.00"), "S", Decimal("20.00")),
    ),
)  # fmt: skip
REFUSED = Finding(
    "CHO-SERVICE-INCONNU",
    Severity.ERROR,
    "CHORALE",
    "Le service SERVICE_INCONNU n'existe pas pour ce destinataire : choisissez-en un dans l'annuaire.",
    term="BT-10",
    xpath="/Invoice/cbc:BuyerReference",
    line=12,
    value="SERVICE_INCONNU",
    expected="SERVICE_DEST_SERV_OBL",
)


def play() -> Examples:
    """The story on an empty hub; its answers, those of today left as they are."""
    with patch.object(clock, "now", lambda: NOW):
        _set_the_stage()
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

    def call(name: str, caller: Caller, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = caller.post(path, body)
        played[name] = {"request": body, "response": answer}
        return answer

    number = call(
        "deposerFluxFacture",
        supplier,
        FLUX,
        {
            "fichierFlux": base64.b64encode(b"<Invoice/>").decode(),
            "nomFichier": "factures.xml",
            "syntaxeFlux": "IN_DP_E1_UBL_INVOICE",
            "avecSignature": False,
        },
    )["numeroFluxDepot"]
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
    _integrate(number)
    call("consulterCR", supplier, CR, {"numeroFluxDepot": number})
    call("consulterCRDetaille", supplier, CR_DETAILS, {"numeroFluxDepot": number})
    played["suivreDepot"] = {"response": supplier.get(f"{DEPOTS}/{number}")}
    call("rechercherFactureParFournisseur", supplier, ISSUED, {"numeroFluxDepot": number})
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
        {"identifiantsFactureCPP": [ID, ID + 999], "numerosFacture": ["F-2025-1"]},
    )
    objects.put_original(number, 1, b"<Invoice/>")
    wanted = {"objetPieceJointe": "DEMANDE_PAIEMENT", "demandePaiement": {"listeFacture": [{"idFacture": ID}]}}
    call("telechargerPieceJointe", recipient, DOWNLOAD_FILES, wanted)
    call("telechargerCycleDeVie", supplier, LIFE_CYCLE, {"numeroFluxDepot": number})
    call("consulterFactureParFournisseur", supplier, READ_ISSUED, {"identifiantFactureCPP": ID})
    call("consulterFactureParRecipiendaire", recipient, READ_RECEIVED, {"identifiantFactureCPP": ID})
    kept = invoices.get_whole(ID)
    assert kept is not None
    aws.aws.client("s3").put_object(Bucket=aws.BUCKETS["DOCUMENT_BUCKET"], Key=kept.original_key, Body=b"<Invoice/>")
    asked = {"format": "ZIP", "avecPiecesJointesComplementaires": "OUI", "listeFacture": [{"idFacture": ID}]}
    call("telechargerGroupeFacture", supplier, DOWNLOAD, asked)
    mandate = {"idFacture": ID, "nouveauStatut": "MANDATEE", "numeroDPMandat": "MANDAT-2026-7"}
    call("traiterUneFactureRecue", recipient, TREAT, mandate)
    call("consulterHistoriqueFacture", supplier, HISTORY, {"idFacture": ID})
    _what_came_back(call, supplier)
    _validation(call, Caller(OTHER_SUPPLIER), supplier)
    call("recupererEtatsPossiblesPourTraitement", recipient, NEXT_STATUSES, {"statutCourant": "MISE_A_DISPOSITION"})
    call("recupererEtatParTypeDemandePaiement", recipient, STATUSES_BY_TYPE, {"typeDemandePaiement": "FACTURE"})
    _directory(call, supplier)
    _lists(call, supplier)
    _account(call, supplier, recipient)
    _organisations(played, supplier)
    made = call(
        "creerWebhook", supplier, WEBHOOKS, {"url": "https://erp.exemple.fr/chorale", "types": ["facture.statut"]}
    )
    played["listerWebhooks"] = {"response": supplier.get(WEBHOOKS)}
    deleted = supplier.raw("DELETE", f"{WEBHOOKS}/{made['webhook']['id']}")
    played["supprimerWebhook"] = {"response": deleted.json_body}
    works_calls(call, played)
    return played


def _keep(number: int, **changes: Any) -> int:
    """One more invoice between the two."""
    row = replace(summary(ID + number, f"F-2026-{118 + number}"), rank=number, flux_number="", **changes)
    invoices.file_invoice(filed(row), event_of(row), rank_of(row), (row.supplier.id, row.kind.value))
    return row.id


def _files(call: Callable[..., dict[str, Any]], supplier: Caller) -> None:
    file = {
        "pieceJointeFichier": base64.b64encode(b"%PDF-1.7").decode(),
        "pieceJointeNom": "BL-2026-7.pdf",
        "pieceJointeExtension": "PDF",
        "pieceJointeTypeMime": "application/pdf",
    }
    call("ajouterFichierDansSysteme", supplier, STORE_FILE, file)
    call("rechercherPieceJointeSurMonCompte", supplier, ACCOUNT_FILES, {"pieceJointeDesignation": "BL"})
    call("rechercherPieceJointeSurStructure", supplier, STRUCTURE_FILES, {"idStructureCPP": SUPPLIER.id})
    pdf = {"fichierFacture": file["pieceJointeFichier"], "nomFichier": "facture.pdf", "formatDepot": "PDF_NON_SIGNE"}
    call("deposerPdfFacture", supplier, PDF, pdf)
    leave_first_numbers_to_the_tests()
    call("soumettreFacture", supplier, SUBMIT, KEYED)


def _what_came_back(call: Callable[..., dict[str, Any]], supplier: Caller) -> None:
    suspended, returned = _keep(2, status=Status.SUSPENDUE), _keep(3, status=Status.A_RECYCLER)
    rejected = _keep(4, status=Status.REJETEE, status_reason="Prestation non commandée")
    comment = "Le bon de livraison porte le numéro BL-2026-7."
    call("completerFacture", supplier, COMPLETE, {"identifiantFactureCPP": suspended, "commentaire": comment})
    call(
        "recyclerFacture",
        supplier,
        RECYCLE,
        {
            "identifiantFactureCPP": returned,
            "destinataire": {"codeDestinataire": OTHER_RECIPIENT.identifier, "codeServiceExecutant": SERVICE.code},
            "reference": {"numeroBonCommande": "EJ-2026-42"},
            "commentaire": "Service corrigé",
        },
    )
    call(
        "traiterFacturesRejetees",
        supplier,
        HANDLE_REJECTION,
        {"listeDemandePaiement": [{"idDemandePaiement": rejected}]},
    )


def _validation(call: Callable[..., dict[str, Any]], validator: Caller, supplier: Caller) -> None:
    put = {"frame": Frame.A9, "status": Status.A_VALIDER_1, "validator": reference(OTHER_SUPPLIER)}
    first, wrong = _keep(5, **put), _keep(6, **put | {"status": Status.ERREUR_FOURNISSEUR_SUR_VALIDEUR})
    pages = {"nbResultatsParPage": 10, "pageResultatDemandee": 1, "triColonne": "DateDepot", "triSens": "Descendant"}
    call("rechercherFactureATraiterParValideur", validator, VALIDATOR_WORK, {"pagination": pages})
    frame = {"cadreFacturation": "A9_FACTURE_SOUSTRAITANT", "pagination": pages}
    call("rechercherFactureParValideur", validator, TO_VALIDATE, frame)
    call("consulterFactureParValideur", validator, READ_TO_VALIDATE, {"identifiantFactureCPP": first})
    call("recupererStatutsFactureVisiblesParValideur", validator, VISIBLE_STATUSES, {})
    call(
        "recupererMotifsRefusFactureAValider",
        validator,
        REFUSAL_MOTIVES,
        {"codeCadreFacturationAValider": "A9_FACTURE_SOUSTRAITANT"},
    )
    refusal = {
        "idFacture": first,
        "action": "REFUS",
        "motifRefus": "AUTRE",
        "complementInfo": "Quantités non constatées",
    }
    call("traiterFactureAValider", validator, DECIDE, refusal)
    other = {"typeIdentifiantStructure": "SIRET", "identifiantStructure": OTHER_SUPPLIER.identifier}
    call("corrigerValideurFacture", supplier, NAME_VALIDATOR, {"idFacture": wrong, **other})


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
    call("rechercherServiceExecutant", supplier, EXECUTING_SERVICES, {"idStructure": OTHER_RECIPIENT.id})
    call("rechercherEspaces", supplier, SPACES, {"structure": {"idStructure": SUPPLIER.id}})
    call("recupererUtilisateursService", Caller(OTHER_RECIPIENT), SERVICE_ACCOUNTS, {"idService": SERVICE.id})
    call("recupererServicesExecutantEtat", supplier, STATE_SERVICES, {})
    call("telechargerAnnuaireDestinataire", supplier, DIRECTORY_FILE, {})


def _organisations(played: Examples, supplier: Caller) -> None:
    structure = organisation_uuid(STRUCTURES_KIND, OTHER_RECIPIENT.id)
    service = organisation_uuid(SERVICES_KIND, SERVICE.id)
    own = organisation_uuid(STRUCTURES_KIND, SUPPLIER.id)

    def ask(name: str, method: str, path: str, body: dict[str, Any] | None = None) -> None:
        answer = supplier.raw(method, f"{ORGANISATIONS}{path}", json.dumps(body).encode() if body else b"")
        assert answer.status_code in (200, 204), answer.body
        given = {"response": answer.json_body} if answer.body else {}
        played[name] = ({"request": body} if body else {}) | given

    ask("organisationsHealthcheck", "GET", "/healthcheck")
    ask("consulterStructureOrganisation", "GET", f"/structures/{structure}")
    ask("listerServicesOrganisation", "GET", f"/structures/{structure}/services")
    ask("modifierParametresEdi", "PATCH", f"/structures/{own}/parametres-edi", {"reception_edi": False})
    named = {"identifiant": {"op": "=", "val": OTHER_RECIPIENT.identifier}, "_fields": ["uuid", "raisonSociale"]}
    ask("rechercherStructuresOrganisation", "POST", "/structures/recherche", named)
    attached = {"rattachementOrganisation": {"op": "=", "val": structure}, "_sort": ["codeService"]}
    ask("rechercherServicesOrganisation", "POST", "/services/recherche", attached)
    ask("consulterServiceOrganisation", "GET", f"/services/{service}")
    ask("rechercherSirenOrganisation", "POST", "/siren/recherche", {"siren": SUPPLIER.identifier[:9]})


def _integrate(number: str) -> None:
    """What the other functions would have done with the deposit: one invoice integrated, one refused."""
    row = replace(summary(ID, DOCUMENT.number), flux_number=number)
    invoices.file_invoice(
        replace(filed(row), document=DOCUMENT), event_of(row), rank_of(row), (row.supplier.id, row.kind.value)
    )
    before = flux_store.get(number)
    assert before is not None
    ranks = (
        RankReport(1, "a.xml", RankOutcome.INTEGRATED, ID, DOCUMENT.number, SUPPLIER.identifier, RECIPIENT.identifier),
        RankReport(
            2,
            "b.xml",
            RankOutcome.REFUSED,
            None,
            "F-2026-119",
            SUPPLIER.identifier,
            OTHER_RECIPIENT.identifier,
            (REFUSED,),
        ),
    )
    report = IntegrationReport(
        number, before.file_name, before.syntax.value, FluxState.PARTLY_INTEGRATED, NOW, NOW, (), ranks,
        {"total": 2, "integrated": 1, "refused": 1},
    )  # fmt: skip
    key = objects.put_report(number, json.dumps(report_to_json(report)).encode())
    after = replace(
        before,
        state=FluxState.PARTLY_INTEGRATED,
        version=before.version + 1,
        integrated=1,
        refused=1,
        report_key=key,
        size=10,
        sha256="83a1b2c3d4e5f60718293a4b5c6d7e8f9012a3b4c5d6e7f8091a2b3c4d5e6f70",
    )
    flux_store.decide(before, after, NOW)


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
