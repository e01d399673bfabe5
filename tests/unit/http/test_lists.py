"""Reference lists, and what an account belongs to, as clients ask for them."""

from dataclasses import replace
from typing import Any

import pytest
from chorale.domain.access.rights import Right
from chorale.domain.address import Address
from chorale.domain.frames import Frame
from chorale.domain.invoices.reference_lists import NOT_WORKS
from chorale.domain.syntaxes import Syntax
from chorale.stores.access import accounts
from chorale.stores.directory import structures as directory

from tests.cast import OTHER_RECIPIENT, RECIPIENT, SERVICE, STATE, SUPPLIER, actor
from tests.unit.http.calling import (
    ACCOUNT_SERVICES,
    ACTIVES,
    ATTACHMENTS,
    CATEGORIES,
    COMMITMENTS,
    EXECUTING_SERVICES,
    LISTS,
    RECIPIENTS,
    SERVICES,
    SIRET,
    STRUCTURES,
    SUBCATEGORIES,
    Caller,
)


def test_an_empty_body_lists_the_vat_rates_as_one_client_tests_its_connection(supplier: Caller) -> None:
    rates = supplier.post(f"{LISTS}/tauxtva", {})["listeTauxTva"]

    assert rates[0] == {"codeTauxTva": "TVA1", "libelleTauxTva": "Art 293B(FranchiseEnBase)", "valeurTauxTva": 0}
    assert {20, 10, 5.5, 2.1} <= {rate["valeurTauxTva"] for rate in rates}


@pytest.mark.parametrize(
    ("ending", "key", "item", "size"),
    [
        ("devises", "listeDevises", {"codeDevise": "EUR", "libelleDevise": "euro"}, 178),
        ("pays", "listePays", {"codePays": "FR", "libellePays": "France"}, 249),
        ("modedepot", "listeModeDepot", {"modeDepot": "SAISIE_API"}, 15),
        ("modereglements", "listeModePaiement", {"modePaiement": "VIREMENT"}, 6),
        ("formatflux", "listeFormatFlux", {"formatFlux": "IN_DP_E1_STRUCT"}, 3),
        ("typedp", "listeTypeDemandePaiement", {"typeDemandePaiement": "FACTURE_TRAVAUX"}, 4),
        ("typefacturetravaux", "listeTypeFactureTravaux", {"typeFactureTravaux": "ETAT_ACOMPTE"}, 11),
        ("typeidentifiant/structure", "listeTypeIdentifiant", {"typeIdentifiantStructure": "SIRET"}, 7),
        ("syntaxeflux", "listeSyntaxeFlux", {"syntaxeFlux": "IN_DP_E2_CII_FACTURX"}, len(Syntax)),
        ("cadrefacturation", "listeCadreFacturation", {"codeCadreFacturation": Frame.A4.value}, 25),
        ("typespj", "listeTypePieceJointe", None, 4),
        ("motifs/exonerationtva", "listeMotifsExonerationTva", None, 32),
    ],
)
def test_a_list_whole(supplier: Caller, ending: str, key: str, item: dict[str, str] | None, size: int) -> None:
    answer = supplier.post(f"{LISTS}/{ending}", {"codeLangue": "FR"})

    assert (answer["codeRetour"], answer["libelle"]) == (0, "TRA_MSG_00.000")
    assert len(answer[key]) == size
    assert item is None or item in answer[key]
    assert len({str(row) for row in answer[key]}) == size


@pytest.mark.parametrize(
    ("family", "syntaxes"),
    [
        ("IN_DP_E1_STRUCT", ["IN_DP_E1_UBL_INVOICE", "IN_DP_E1_CII_16B"]),
        ("IN_DP_E2_FACTURX", ["IN_DP_E2_CII_FACTURX"]),
        (
            "IN_DP_E2_MIXTE",
            ["IN_DP_E2_UBL_INVOICE_MIN", "IN_DP_E2_CII_MIN_16B", "IN_DP_E2_CPP_FACTURE_MIN"],
        ),
    ],
)
def test_the_syntaxes_of_a_family(supplier: Caller, family: str, syntaxes: list[str]) -> None:
    found = supplier.post(f"{LISTS}/syntaxeflux", {"formatFlux": family})["listeSyntaxeFlux"]

    assert [row["syntaxeFlux"] for row in found] == syntaxes


@pytest.mark.parametrize(
    ("kind", "frames"),
    [
        ("FACTURE", {Frame.A1, Frame.A2, Frame.A9, Frame.A12}),
        ("MEMOIRE_JUSTICE", {Frame.A3}),
        ("DEMANDE_REMBOURSEMENT", {Frame.A21}),
        ("FACTURE_TRAVAUX", set(Frame) - set(NOT_WORKS)),
    ],
)
def test_the_frames_of_a_kind_of_request(supplier: Caller, kind: str, frames: set[Frame]) -> None:
    found = supplier.post(f"{LISTS}/cadrefacturation", {"typeDemandePaiement": kind})["listeCadreFacturation"]

    assert {row["codeCadreFacturation"] for row in found} == {frame.value for frame in frames}


@pytest.mark.parametrize(
    ("ending", "body", "name"),
    [
        ("syntaxeflux", {"formatFlux": "X"}, "formatFlux"),
        ("cadrefacturation", {"typeDemandePaiement": "X"}, "typeDemandePaiement"),
        ("typespj", {"typeObjet": "X"}, "typeObjet"),
    ],
)
def test_a_code_that_does_not_exist_is_named_with_those_that_do(
    supplier: Caller, ending: str, body: dict[str, str], name: str
) -> None:
    label = supplier.post(f"{LISTS}/{ending}", body)["libelle"]

    assert label.startswith(f"CHO-REQUETE : {name} X n'existe pas : ")


def test_attachments_of_an_object_without_any_are_an_empty_list(supplier: Caller) -> None:
    assert supplier.post(f"{LISTS}/typespj", {"typeObjet": "MANDAT"})["listeTypePieceJointe"] == []
    assert supplier.post(f"{LISTS}/coordbanc/valides", {"idStructure": 1})["listeCoordonneeBancaire"] == []


USES = {"fournisseur": Right.ISSUED, "destinataire": Right.RECEIVED, "facturetravaux": Right.WORKS}


@pytest.mark.parametrize(("use", "right"), USES.items())
def test_an_account_finds_the_structures_for_which_it_holds_the_right(world, use: str, right: Right) -> None:
    login = actor(SUPPLIER).login
    account = accounts.technical_account(login)
    assert account is not None
    rights = {SUPPLIER.id: frozenset({right}), RECIPIENT.id: frozenset(Right) - {right}}
    accounts.write_technical_account(accounts.TechnicalAccount(login, account.password_hash, rights))

    assert Caller(SUPPLIER).post(f"{ACTIVES}/{use}", {})["listeStructures"] == [
        {
            "idStructureCPP": SUPPLIER.id,
            "identifiant": SUPPLIER.identifier,
            "designationStructure": SUPPLIER.name,
        }
    ]


def test_a_siret_of_the_directory_is_described(supplier: Caller) -> None:
    answer = supplier.post(SIRET, {"siretStructure": RECIPIENT.identifier})

    assert answer["siren"] == RECIPIENT.identifier[:9]
    assert answer["numeroInterneClassement"] == RECIPIENT.identifier[9:]
    assert (answer["raisonSociale"], answer["estActif"]) == (RECIPIENT.name, True)


def test_a_siret_that_the_directory_does_not_have_is_said(supplier: Caller) -> None:
    answer = supplier.post(SIRET, {"siretStructure": "00000000000000"})

    assert answer["codeRetour"] == 20000
    assert "14 chiffres" in answer["libelle"]


@pytest.mark.parametrize("structure", [STATE.identifier, str(STATE.id)])
@pytest.mark.parametrize(("number", "count"), [("1234567890", 1), ("999", 0)])
def test_a_commitment_exists_or_not(supplier: Caller, structure: str, number: str, count: int) -> None:
    body = {"structureReceptriceEngagementJuridique": structure, "numeroEngagementJuridique": number}

    assert len(supplier.post(COMMITMENTS, body)["listeEngagementJuridique"]) == count


def test_an_account_reads_what_it_belongs_to(world) -> None:
    [row] = Caller(OTHER_RECIPIENT).post(ATTACHMENTS, {})["listeStructureRattachement"]

    assert (row["idStructure"], row["statutRattachementStructure"]) == (OTHER_RECIPIENT.id, "VALIDEE")
    assert [service["idService"] for service in row["listeServicesRattache"]] == [SERVICE.id]


@pytest.mark.parametrize(("direction", "reverse"), [("Ascendant", False), ("Descendant", True)])
def test_structures_are_sorted_by_the_column_asked_for(supplier: Caller, direction: str, reverse: bool) -> None:
    paging = {"triColonne": "IdentifiantStructure", "triSens": direction, "nbResultatsParPage": 100}

    found = supplier.post(STRUCTURES, {"structure": {}, "parametres": paging})["listeStructures"]

    identifiers = [row["identifiantStructure"] for row in found]
    assert len(identifiers) == len(directory.structures([row["idStructureCPP"] for row in found])) > 2
    assert identifiers == sorted(identifiers, reverse=reverse)


@pytest.mark.parametrize(
    "body",
    [
        {"identifiant": OTHER_RECIPIENT.identifier},
        {"nomVilleCodePostal": "service obligatoire"},
    ],
)
def test_a_recipient_is_found_by_its_identifier_or_its_name(supplier: Caller, body: dict[str, str]) -> None:
    answer = supplier.post(RECIPIENTS, body)

    assert [row["idStructureCPP"] for row in answer["listeDestinataires"]] == [OTHER_RECIPIENT.id]
    assert answer["parametresRetour"]["total"] == 1


def test_a_recipient_is_found_by_its_postcode(supplier: Caller) -> None:
    directory.write([replace(RECIPIENT, address=Address(postcode="69002", city="Lyon"))])

    [found] = supplier.post(RECIPIENTS, {"nomVilleCodePostal": "69002"})["listeDestinataires"]

    assert (found["siret"], found["adresseCodePostal"], found["adresseVille"]) == (
        RECIPIENT.identifier,
        "69002",
        "Lyon",
    )


def test_a_supplier_is_not_a_recipient(supplier: Caller) -> None:
    assert supplier.post(RECIPIENTS, {"identifiant": SUPPLIER.identifier})["listeDestinataires"] == []


@pytest.mark.parametrize(
    "body", [{"idStructure": OTHER_RECIPIENT.id}, {"identifiantStructure": OTHER_RECIPIENT.identifier}]
)
def test_an_account_lists_its_services_in_a_structure(world, body: dict[str, object]) -> None:
    answer = Caller(OTHER_RECIPIENT).post(ACCOUNT_SERVICES, body)

    assert answer["idStructure"] == OTHER_RECIPIENT.id
    assert answer["listeServices"] == [
        {
            "idService": SERVICE.id,
            "codeService": SERVICE.code,
            "nomService": SERVICE.name,
            "statutRattachement": "VALIDEE",
        }
    ]


@pytest.mark.parametrize("structure", [STATE.id, 99])
def test_services_in_a_structure_of_another_are_refused_as_in_one_that_does_not_exist(
    supplier: Caller, structure: int
) -> None:
    answer = supplier.post(ACCOUNT_SERVICES, {"idStructure": structure})

    assert answer["codeRetour"] == 20000
    assert answer["libelle"].startswith(
        f"CHO-STRUCTURE-INCONNUE : Votre compte n'est pas rattaché à la structure {structure} "
    )


def test_there_is_no_help_desk(supplier: Caller) -> None:
    assert supplier.post(CATEGORIES, {})["listeCategories"] == []
    assert supplier.post(SUBCATEGORIES, {})["listeSousCategories"] == []


def test_an_older_name_lists_the_same_services(supplier: Caller) -> None:
    body = {"idStructure": OTHER_RECIPIENT.id}

    assert supplier.post(f"{LISTS}/services/structure", body) == supplier.post(SERVICES, body)


def test_executing_services_have_the_keys_of_both_generations(supplier: Caller) -> None:
    body = {"idStructure": OTHER_RECIPIENT.id}
    [row] = supplier.post(SERVICES, body)["listeServices"]

    older = {"idServicesCPP": SERVICE.id, "codeServiceExecutant": SERVICE.code, "nomServiceExecutant": SERVICE.name}
    assert supplier.post(EXECUTING_SERVICES, body)["listeServices"] == [row | older]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"codeServiceExecutant": SERVICE.code}, 1),
        ({"codeServiceExecutant": "AUTRE"}, 0),
        ({"nomServiceExecutant": SERVICE.name[:4].upper()}, 1),
        ({"nomServiceExecutant": "Voirie"}, 0),
        ({"actif": True}, 1),
        ({"actif": False}, 0),
        ({"parametresRecherche": {"triColonne": "NomServiceExecutant", "triSens": "Ascendant"}}, 1),
    ],
    ids=str,
)
def test_executing_services_are_searched_by_code_by_words_and_by_activity(
    supplier: Caller, asked: dict[str, Any], found: int
) -> None:
    answer = supplier.post(EXECUTING_SERVICES, {"idDestinataireCPP": OTHER_RECIPIENT.id} | asked)

    assert len(answer["listeServices"]) == found


@pytest.mark.parametrize("key", ["idDestinataireCPP", "idDestinataire"])
def test_the_services_of_a_recipient_are_found_by_its_own_key(supplier: Caller, key: str) -> None:
    assert supplier.post(EXECUTING_SERVICES, {key: OTHER_RECIPIENT.id})["listeServices"]


@pytest.mark.parametrize(("ending", "rows"), [("modedepot", "listeModeDepot"), ("formatflux", "listeFormatFlux")])
def test_two_lists_have_the_figures_of_their_only_page_at_the_root(supplier: Caller, ending: str, rows: str) -> None:
    answer = supplier.post(f"{LISTS}/{ending}", {})

    number = len(answer[rows])
    figures = {"pageCourante": 1, "pages": 1, "nbResultatsParPage": number, "total": number}
    assert {name: answer[name] for name in figures} == figures


def test_an_account_finds_all_its_structures_under_both_generations_of_keys(supplier: Caller) -> None:
    [row] = supplier.post(f"{LISTS}/structuresPourUtilisateur", {})["listeStructures"]

    assert row == {
        "idStructureCPP": SUPPLIER.id,
        "idStructure": SUPPLIER.id,
        "identifiant": SUPPLIER.identifier,
        "identifiantStructure": SUPPLIER.identifier,
        "typeIdentifiantStructure": "SIRET",
        "designationStructure": SUPPLIER.name,
    }
