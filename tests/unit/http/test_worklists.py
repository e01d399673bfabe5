"""Worklists, the validator's searches, payment requests by role, and the criteria of the official description."""

from datetime import timedelta
from typing import Any

import pytest
from chorale.domain.frames import Frame
from chorale.domain.invoices.recorded import ServiceRef
from chorale.domain.statuses import Status
from chorale.wire.factures.to_validate import VALIDATOR_COLUMNS

from tests.cast import NOW, OTHER_RECIPIENT, OTHER_SUPPLIER, RECIPIENT, STATE, SUPPLIER, reference
from tests.unit.http.calling import (
    HANDLE_REJECTION,
    ISSUED,
    PAYMENT_REQUESTS,
    READ_TO_VALIDATE,
    RECEIVED,
    RECIPIENT_WORK,
    SUPPLIER_WORK,
    TO_VALIDATE,
    VALIDATOR_WORK,
    Caller,
    Keep,
)

FIRST = 1_000_000
A9 = {"frame": Frame.A9, "validator": reference(OTHER_SUPPLIER)}


@pytest.fixture
def validator(world: Any) -> Caller:
    """The contractor."""
    return Caller(OTHER_SUPPLIER)


@pytest.fixture
def one_of_each(keep: Keep) -> dict[str, int]:
    """One invoice at every status: status -> id, the first deposited last."""
    ids = {}
    for place, status in enumerate(Status):
        row = keep(FIRST + place, f"F-{place}", status=status, deposited_at=NOW - timedelta(hours=place))
        ids[status.value] = row.id
    return ids


def _ids(answer: dict[str, Any], key: str = "identifiantFactureCPP") -> list[int]:
    return [row[key] for row in answer["listeFactures"]]


# Worklists


def test_the_recipient_works_on_what_came_and_what_was_completed(
    recipient: Caller, one_of_each: dict[str, int]
) -> None:
    answer = recipient.post(RECIPIENT_WORK, {})

    assert sorted(_ids(answer, "idFacture")) == sorted([one_of_each["MISE_A_DISPOSITION"], one_of_each["COMPLETEE"]])
    pages = {"pageCourante": 1, "pages": 1, "nbResultatsParPage": 10, "total": 2}
    assert answer["parametresRetour"] == pages
    assert {name: answer[name] for name in pages} == pages, "older clients read them at the root"


def test_a_recipient_with_nothing_to_do_gets_an_empty_page(recipient: Caller) -> None:
    answer = recipient.post(RECIPIENT_WORK, {"idStructure": RECIPIENT.id})

    assert (answer["codeRetour"], answer["listeFactures"], answer["total"]) == (0, [], 0)


DECIDED = {
    "SERVICE_FAIT", "MANDATEE", "MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT", "COMPLETEE",
}  # fmt: skip


@pytest.mark.parametrize(("hides", "left_out"), [(False, DECIDED), (True, DECIDED | {"REJETEE"})])
def test_the_supplier_follows_what_is_not_decided_or_came_back(
    supplier: Caller, one_of_each: dict[str, int], hides: bool, left_out: set[str]
) -> None:
    everything = {"nbResultatsParPage": 100}

    answer = supplier.post(
        SUPPLIER_WORK, {"masquerRejetee": hides, "rechercheFactureATraiterParFournisseur": everything}
    )

    ordinary = {"DEPOSEE", "A_VALIDER_1", "REFUSEE_1", "MISE_A_DISPOSITION", "A_RECYCLER", "SUSPENDUE", "REJETEE"}
    found = {row["statut"] for row in answer["listeFactures"]}
    assert found >= ordinary - left_out
    assert not found & left_out


def test_a_rejection_leaves_the_worklist_once_it_is_handled(supplier: Caller, keep: Keep) -> None:
    keep(FIRST, status=Status.REJETEE)
    assert _ids(supplier.post(SUPPLIER_WORK, {})) == [FIRST]

    supplier.post(HANDLE_REJECTION, {"listeDemandePaiement": [{"idDemandePaiement": FIRST}]})

    assert _ids(supplier.post(SUPPLIER_WORK, {})) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, 1),
        ({"idStructure": OTHER_SUPPLIER.id}, 1),
        ({"identifiantStructure": OTHER_SUPPLIER.identifier, "typeIdentifiantStructure": "SIRET"}, 1),
        ({"identifiantStructure": OTHER_SUPPLIER.identifier}, 1),
        ({"identifiantStructure": "00000000000000"}, 0),
        ({"idStructure": SUPPLIER.id}, 0),
    ],
)
def test_the_validator_works_on_what_it_has_not_answered(
    validator: Caller, keep: Keep, body: dict[str, Any], found: int
) -> None:
    keep(FIRST, "F-1", status=Status.A_VALIDER_1, **A9)
    keep(FIRST + 1, "F-2", **A9)

    answer = validator.post(VALIDATOR_WORK, body)

    assert _ids(answer, "idFacture") == [FIRST][:found]
    assert answer["parametresRetour"]["total"] == found


@pytest.mark.parametrize(("path", "key"), [(SUPPLIER_WORK, "identifiantFactureCPP"), (RECIPIENT_WORK, "idFacture")])
def test_another_structures_worklist_is_empty(keep: Keep, path: str, key: str) -> None:
    keep()

    assert Caller(STATE).post(path, {})["listeFactures"] == []
    assert Caller(STATE).post(path, {"idStructure": SUPPLIER.id})["listeFactures"] == []


# The validator's search


def test_a_row_of_the_validators_search(validator: Caller, keep: Keep) -> None:
    keep(FIRST, "F-1", status=Status.A_VALIDER_1, commitment="EJ-1", **A9)

    [row] = validator.post(TO_VALIDATE, {})["listeFactures"]

    assert row == {
        "idFacture": FIRST,
        "typeDemandePaiement": "FACTURE",
        "idFournisseur": SUPPLIER.id,
        "identifiantFournisseur": SUPPLIER.identifier,
        "typeIdentifiantFournisseur": "SIRET",
        "designationFournisseur": SUPPLIER.name,
        "idDestinataire": RECIPIENT.id,
        "typeIdentifiantDestinataire": "SIRET",
        "identifiantDestinataire": RECIPIENT.identifier,
        "designationDestinataire": RECIPIENT.name,
        "idValideur": OTHER_SUPPLIER.id,
        "typeIdentifiantValideur": "SIRET",
        "identifiantValideur": OTHER_SUPPLIER.identifier,
        "designationValideur": OTHER_SUPPLIER.name,
        "typeFacture": "FACTURE",
        "numeroFacture": "F-1",
        "dateFacture": "2026-11-20",
        "dateDepot": "2026-11-23",
        "montantHT": 100.0,
        "montantTTC": 120.0,
        "montantAPayer": 120.0,
        "devise": "EUR",
        "statut": "A_VALIDER_1",
        "numeroEngagement": "EJ-1",
    }


VALIDATOR_CRITERIA: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [FIRST, FIRST + 1]),
    ({"statutCourant": ["A_VALIDER_1"]}, [FIRST]),
    ({"cadreFacturation": "A12_FACTURE_COTRAITANT"}, [FIRST + 1]),
    ({"idDestinataire": OTHER_RECIPIENT.id}, [FIRST + 1]),
    ({"idDestinataire": OTHER_RECIPIENT.id, "rechercheSirenDestinataire": True}, [FIRST, FIRST + 1]),
    ({"idFournisseur": SUPPLIER.id, "rechercheSirenFournisseur": "true"}, [FIRST, FIRST + 1]),
    ({"idFournisseur": 5}, []),
    ({"idStructureValideur": OTHER_SUPPLIER.id}, [FIRST, FIRST + 1]),
    ({"idStructureValideur": SUPPLIER.id}, []),
    ({"numeroEngagement": "EJ-1"}, [FIRST]),
    ({"montantAPayerMin": 121}, [FIRST + 1]),
    ({"idStructureMoe": 3}, []),
    ({"idStructureMoa": 3}, []),
    ({"typeDemandePaiement": "FACTURE"}, [FIRST, FIRST + 1]),
    ({"typeDemandePaiement": "FACTURE_TRAVAUX"}, []),
    ({"listeTypeFactureTravaux": ["ETAT_ACOMPTE"]}, []),
    ({"numeroFacture": "f-2"}, [FIRST + 1]),
    ({"periodeDateDepotAu": "2026-11-22"}, [FIRST + 1]),
    ({"pagination": {"triColonne": "MontantAPayer", "triSens": "Descendant"}}, [FIRST + 1, FIRST]),
]


@pytest.mark.parametrize(("criteria", "found"), VALIDATOR_CRITERIA, ids=lambda value: str(value)[:60])
def test_each_criterion_of_the_validators_search(
    validator: Caller, keep: Keep, criteria: dict[str, Any], found: list[int]
) -> None:
    keep(FIRST, "F-1", status=Status.A_VALIDER_1, commitment="EJ-1", **A9)
    mandataire = {"frame": Frame.A12, "validator": reference(OTHER_SUPPLIER)}
    other = {"recipient": reference(OTHER_RECIPIENT), "payable": 500, "deposited_at": NOW - timedelta(days=1)}
    keep(FIRST + 1, "F-2", rank=2, **mandataire, **other)

    assert _ids(validator.post(TO_VALIDATE, criteria), "idFacture") == found


@pytest.mark.parametrize("column", sorted(VALIDATOR_COLUMNS))
def test_what_a_validator_finds_is_sorted_by_every_column(validator: Caller, keep: Keep, column: str) -> None:
    for place in range(3):
        keep(FIRST + place, f"F-{place}", rank=place + 1, status=Status.A_VALIDER_1, **A9)

    def sort(direction: str) -> list[int]:
        asked = {"pagination": {"triColonne": column, "triSens": direction}}
        return _ids(validator.post(TO_VALIDATE, asked), "idFacture")

    assert sort("Ascendant") == sort("Descendant")[::-1] == sorted(sort("Ascendant"))


def test_the_validator_reads_the_invoice_whole(validator: Caller, keep: Keep) -> None:
    keep(FIRST, "F-1", status=Status.A_VALIDER_1, **A9)

    facture = validator.post(READ_TO_VALIDATE, {"identifiantFactureCPP": FIRST})["facture"]

    assert (facture["statutFacture"], facture["fournisseur"]["raisonSocialeFournisseur"]) == (
        "A_VALIDER_1",
        SUPPLIER.name,
    )
    assert facture["cadreDeFacturation"]["codeValideur1"] == OTHER_SUPPLIER.identifier


# Payment requests by role


@pytest.mark.parametrize(
    ("who", "role", "found"),
    [
        (SUPPLIER, "FOURNISSEUR", 2),
        (RECIPIENT, "DESTINATAIRE", 1),
        (OTHER_SUPPLIER, "VALIDEUR", 1),
        (SUPPLIER, "DESTINATAIRE", 0),
        (SUPPLIER, "MOE", 0),
        (SUPPLIER, "MOA", 0),
        (STATE, "FOURNISSEUR", 0),
    ],
)
def test_payment_requests_are_found_by_the_part_that_one_plays(keep: Keep, who: Any, role: str, found: int) -> None:
    keep(FIRST, "F-1", mandate_number="M-1")
    keep(FIRST + 1, "F-2", rank=2, status=Status.A_VALIDER_1, **A9)

    answer = Caller(who).post(PAYMENT_REQUESTS, {"roleUtilisateur": role})

    assert (answer["codeRetour"], answer["total"], len(answer["listeDemandePaiement"])) == (0, found, found)


PAYMENT_CRITERIA: list[tuple[dict[str, Any], int]] = [
    ({"numeroDpMandat": "M-1"}, 1),
    ({"numeroDpMandat": "M-2"}, 0),
    ({"structureDestinataire": {"identifiantStructureDestinataire": RECIPIENT.identifier}}, 1),
    ({"structureDestinataire": {"idStructureDestinataire": RECIPIENT.id}}, 1),
    ({"structureDestinataire": {"identifiantStructureDestinataire": OTHER_RECIPIENT.identifier}}, 0),
    ({"structureDestinataire": {"identifiantStructureDestinataire": "00000000000000"}}, 0),
    (
        {
            "structureDestinataire": {"identifiantStructureDestinataire": OTHER_RECIPIENT.identifier},
            "rechercheSirenDestinataire": True,
        },
        1,
    ),
    ({"structureFournisseur": {"identifiantStructureFournisseur": SUPPLIER.identifier}}, 1),
    ({"structureValideur": {"idStructureValideur": OTHER_SUPPLIER.id}}, 0),
    ({"structureMoe": {"idStructureMoe": 4}}, 0),
    ({"periodeDateFournisseurDu": "2026-11-20", "periodeDateFournisseurAu": "2026-11-20"}, 1),
    ({"periodeDateFournisseurAu": "2026-11-19"}, 0),
    ({"dpOuDpArchive": "DEMANDE_PAIEMENT"}, 1),
    ({"dpOuDpArchive": "DP_ARCHIVE"}, 0),
    ({"numeroDossierFacturation": "12"}, 0),
    ({"typeFactureTravaux": "ETAT_ACOMPTE"}, 0),
    ({"montantAPayerMax": 119}, 0),
]


@pytest.mark.parametrize(("criteria", "found"), PAYMENT_CRITERIA, ids=lambda value: str(value)[:60])
def test_each_criterion_of_payment_requests(supplier: Caller, keep: Keep, criteria: dict[str, Any], found: int) -> None:
    keep(FIRST, "F-1", mandate_number="M-1")

    answer = supplier.post(PAYMENT_REQUESTS, criteria)

    assert (answer["codeRetour"], answer["total"]) == (0, found)
    assert [row["nombreResultatTotal"] for row in answer["listeDemandePaiement"]] == ["1"] * found


@pytest.mark.parametrize(("body", "word"), [({"roleUtilisateur": "ROI"}, "ROI"), ({"dpOuDpArchive": "CAVE"}, "CAVE")])
def test_a_role_or_a_base_that_does_not_exist_is_named(supplier: Caller, body: dict[str, Any], word: str) -> None:
    answer = supplier.post(PAYMENT_REQUESTS, body)

    assert (answer["codeRetour"], word in answer["libelle"]) == (20010, True)


# The other criteria of the supplier's and the recipient's searches


ISSUED_CRITERIA: list[tuple[dict[str, Any], int]] = [
    ({"modeDepot": "UPLOAD_API"}, 1),
    ({"modeDepot": "saisie_api"}, 0),
    ({"numeroFactureOrigine": "F-0"}, 1),
    ({"numeroFactureOrigine": "F-"}, 0),
    ({"idStructureValideur": OTHER_SUPPLIER.id}, 1),
    ({"idStructureValideur": RECIPIENT.id}, 0),
    ({"idServiceFournisseur": 77}, 1),
    ({"idServiceFournisseur": 78}, 0),
    ({"rejetTraite": True}, 0),
    ({"rejetTraite": False}, 1),
    ({"rejetTraite": True, "statutCourant": ["REJETEE"]}, 0),
    ({"coordonneeBancaire": 3}, 0),
    ({"idUtilisateurCreateur": [3]}, 0),
    ({"idUtilisateurCreateur": [0]}, 1),
    ({"listeDestinataire": [{"raisonSocialeStuctDmd": "destinataire sans"}]}, 1),
    ({"listeDestinataire": [{"raisonSocialeStuctDmd": "mairie"}]}, 0),
    ({"listeDestinataire": [{"idDestinataire": OTHER_RECIPIENT.id}], "rechercheSirenDestinataire": True}, 1),
    ({"recupererTaille": False}, 1),
]
RECEIVED_CRITERIA: list[tuple[dict[str, Any], int]] = [
    ({"idStructureValideur": OTHER_SUPPLIER.id}, 1),
    ({"idStructureValideur": 4}, 0),
    ({"listeFournisseurs": [{"idFournisseur": SUPPLIER.id, "listeIdService": [77]}]}, 1),
    ({"listeFournisseurs": [{"idFournisseur": SUPPLIER.id, "listeIdService": [78]}]}, 0),
    ({"listeFournisseurs": [{"idFournisseur": 10098}], "rechercheSirenFournisseur": True}, 0),
    ({"listeFournisseurs": [{"idFournisseur": SUPPLIER.id}], "rechercheSirenFournisseur": True}, 1),
    ({"listeTypeFactureTravaux": ["ETAT_ACOMPTE"]}, 0),
]


@pytest.mark.parametrize(
    ("path", "criteria", "found"),
    [(ISSUED, *case) for case in ISSUED_CRITERIA] + [(RECEIVED, *case) for case in RECEIVED_CRITERIA],
    ids=lambda value: str(value)[-60:],
)
def test_each_criterion_of_the_official_description(
    keep: Keep, path: str, criteria: dict[str, Any], found: int
) -> None:
    agency = ServiceRef(77, "AGENCE", "Agence")
    keep(FIRST, "F-1", origin_number="F-0", supplier_service=agency, **A9)

    answer = Caller(SUPPLIER if path == ISSUED else RECIPIENT).post(path, criteria)

    assert len(answer["listeFactures"]) == found


def test_a_handled_rejection_is_told_from_the_others(supplier: Caller, keep: Keep) -> None:
    keep(FIRST, "F-1", status=Status.REJETEE)
    keep(FIRST + 1, "F-2", rank=2, status=Status.REJETEE)
    supplier.post(HANDLE_REJECTION, {"listeDemandePaiement": [{"idDemandePaiement": FIRST}]})

    rejected = {"statutCourant": ["REJETEE"]}
    assert _ids(supplier.post(ISSUED, rejected | {"rejetTraite": True})) == [FIRST]
    assert _ids(supplier.post(ISSUED, rejected | {"rejetTraite": False})) == [FIRST + 1]
    assert _ids(supplier.post(ISSUED, {"rejetTraite": True})) == [FIRST]


def test_the_row_of_an_issued_invoice_names_its_validator_and_its_origin(supplier: Caller, keep: Keep) -> None:
    keep(FIRST, "F-1", origin_number="F-0", validated_at=NOW, supplier_service=ServiceRef(77, "AG", "Agence"), **A9)

    [row] = supplier.post(ISSUED, {})["listeFactures"]

    assert (row["codeValideur1"], row["raisonSocialeValideur1"], row["dateValidation1"]) == (
        OTHER_SUPPLIER.identifier,
        OTHER_SUPPLIER.name,
        "2026-11-23",
    )
    assert (row["numeroFactureOrigine"], row["codeServiceFournisseur"]) == ("F-0", "AG")


def test_a_works_paper_at_its_payer_is_found_as_such(recipient: Caller, keep: Keep) -> None:
    keep(FIRST, "F-1", frame=Frame.A19)

    [row] = recipient.post(RECEIVED, {"typeDemandePaiement": "FACTURE_TRAVAUX"})["listeFactures"]

    assert (row["typeDemandePaiement"], row["typeFactureTravaux"]) == ("FACTURE_TRAVAUX", "ETAT_ACOMPTE_VALIDE")
    assert recipient.post(RECEIVED, {"typeDemandePaiement": "FACTURE"})["listeFactures"] == []


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        (ISSUED, {"modeDepot": "PIGEON"}, "PIGEON"),
        (RECEIVED, {"listeTypeFactureTravaux": ["DEVIS"]}, "DEVIS"),
        (TO_VALIDATE, {"typeDemandePaiement": "CADEAU"}, "CADEAU"),
        (TO_VALIDATE, {"pagination": {"triColonne": "Prix"}}, "Prix"),
        (RECIPIENT_WORK, {"parametreRechercheFactureATraiterParRecipiendaire": {"triColonne": "Prix"}}, "Prix"),
    ],
)
def test_a_value_that_does_not_exist_is_named(world: Any, path: str, body: dict[str, Any], word: str) -> None:
    answer = Caller(SUPPLIER).post(path, body)

    assert (answer["codeRetour"], word in answer["libelle"]) == (20010, True)
