"""The directory: finding a structure, what it requires, its services."""

from typing import Any

import pytest
from chorale.domain.address import Address
from chorale.domain.directory.structures import Service, Structure
from chorale.stores.directory import structures as directory

from tests.cast import EVERYBODY, OTHER_RECIPIENT, RECIPIENT, SERVICE, STATE, SUPPLIER
from tests.unit.http.calling import SERVICE_PATH, SERVICES, STRUCTURE, STRUCTURES, Caller

TOWN = Structure(
    10020,
    "21750001600019",
    "Ville de Démo-sur-Seine",
    public=True,
    requires_service=True,
    requires_commitment=True,
    is_moa=True,
    reports_payment=False,
    edi_receiver=True,
    vat_number="FR00217500016",
    address=Address("1 place de l'Hôtel", "", "", "75004", "Paris", "FR"),
    email="factures@demo.fr",
    phone="0100000000",
)
HALL = Service(20020, TOWN.id, "MAIRIE", "Mairie", requires_commitment=True, created_on="2024-01-02")
CLOSED = Service(20021, TOWN.id, "ANCIEN", "Ancien service", active=False)


@pytest.fixture
def town(supplier: Caller) -> Caller:
    """A caller in a directory that has a town with two services."""
    directory.write([TOWN], [HALL, CLOSED], [])
    return supplier


def _found(answer: dict[str, Any]) -> list[int]:
    return [row["idStructureCPP"] for row in answer["listeStructures"]]


def test_a_structure_is_found_by_its_siret(supplier: Caller) -> None:
    answer = supplier.post(
        STRUCTURES,
        {"structure": {"identifiantStructure": RECIPIENT.identifier, "typeIdentifiantStructure": "SIRET"}},
    )

    assert answer == {
        "codeRetour": 0,
        "libelle": "TRA_MSG_00.000",
        "parametresRetour": {"pageCourante": 1, "pages": 1, "nbResultatsParPage": 10, "total": 1},
        "listeStructures": [
            {
                "idStructureCPP": RECIPIENT.id,
                "typeIdentifiantStructure": "SIRET",
                "identifiantStructure": RECIPIENT.identifier,
                "designationStructure": RECIPIENT.name,
                "statut": "ACTIVE",
            }
        ],
    }


CRITERIA: list[tuple[dict[str, Any], list[Structure]]] = [
    ({"structure": {"nomStructure": "démo SEINE"}}, [TOWN]),
    ({"structure": {"raisonSocialeStructure": "Destinataire sans"}}, [RECIPIENT]),
    ({"structure": {"libelleStructure": "destinataire service"}}, [OTHER_RECIPIENT]),
    ({"structure": {"nomStructure": "ville", "adresseVille": "PARIS", "adresseCodePostal": "75004"}}, [TOWN]),
    ({"structure": {"nomStructure": "ville", "adresseCodePays": "BE"}}, []),
    ({"structure": {"identifiantStructure": "217 500 016 00019"}}, [TOWN]),
    ({"structure": {"identifiantStructure": TOWN.identifier, "typeIdentifiantStructure": "RIDET"}}, []),
    ({"structure": {"identifiantStructure": TOWN.identifier, "statutStructure": "INACTIF"}}, []),
    ({"structure": {"identifiantStructure": TOWN.identifier, "statutStructure": "ACTIF"}}, [TOWN]),
    ({"structure": {"identifiantStructure": TOWN.identifier, "estMOA": True}}, [TOWN]),
    ({"structure": {"identifiantStructure": TOWN.identifier, "estMOA": False}}, [TOWN]),
    ({"structure": {"identifiantStructure": TOWN.identifier, "estMOAUniquement": "true"}}, []),
    ({"structure": {"identifiantStructure": TOWN.identifier, "typeStructure": "PUBLIQUE"}}, [TOWN]),
    ({"structure": {"identifiantStructure": TOWN.identifier, "typeStructure": "PRIVEE"}}, []),
    ({"structure": {"identifiantStructure": TOWN.identifier}, "restreindreStructuresPrivees": ""}, [TOWN]),
    ({"structure": {"identifiantStructure": TOWN.identifier}, "restreindreStructuresPrivees": "false"}, [TOWN]),
    ({"structure": {"identifiantStructure": TOWN.identifier}, "restreindreStructuresPrivees": True}, []),
]


@pytest.mark.parametrize(("asked", "expected"), CRITERIA, ids=lambda value: str(value)[:80])
def test_each_criterion_of_structures(town: Caller, asked: dict[str, Any], expected: list[Structure]) -> None:
    assert _found(town.post(STRUCTURES, asked)) == [structure.id for structure in expected]


def test_structures_come_by_page(town: Caller) -> None:
    asked = {"parametres": {"nbResultatsParPage": 2, "pageResultatDemandee": 2, "triColonne": "DesignationStructure"}}

    answer = town.post(STRUCTURES, asked | {"structure": {"nomStructure": "demo"}})

    assert answer["parametresRetour"]["pageCourante"] == 2
    assert answer["parametresRetour"]["nbResultatsParPage"] == 2


@pytest.mark.parametrize(
    "structure",
    [{"typeStructure": "MIXTE"}, {"statutStructure": "DORMANT"}, {"typeIdentifiantStructure": "SIREN"}, "x", [1]],
    ids=str,
)
def test_a_criterion_that_does_not_exist_is_named(supplier: Caller, structure: Any) -> None:
    assert supplier.post(STRUCTURES, {"structure": structure})["codeRetour"] == 20010


def test_a_structure_says_who_it_is_and_what_it_requires(town: Caller) -> None:
    assert town.post(STRUCTURE, {"idStructureCPP": TOWN.id, "codeLangue": "fr"}) == {
        "codeRetour": 0,
        "libelle": "TRA_MSG_00.000",
        "informationGenerales": {
            "idStructureCPP": TOWN.id,
            "typeIdentifiantStructure": "SIRET",
            "identifiantStructure": TOWN.identifier,
            "raisonSocialeStructure": TOWN.name,
            "libelleStructure": TOWN.name,
            "structurePriveePublique": "PUBLIQUE",
            "numeroTVA": "FR00217500016",
            "emailStructure": "factures@demo.fr",
        },
        "adressePostaleDuSiege": {
            "adresse": "1 place de l'Hôtel",
            "codePostal": "75004",
            "ville": "Paris",
            "pays": "FR",
            "telephone": "0100000000",
        },
        "parametres": {
            "codeServiceDoitEtreRenseigne": True,
            "numeroEJDoitEtreRenseigne": True,
            "gestionNumeroEJOuCodeService": False,
            "getaMoa": True,
            "aMoa": True,
            "estMoaUniquement": False,
            "estValideurDelegue": False,
            "connexionEDI": False,
            "recevoirDonneesViaEDI": True,
            "nonDiffusibleInsee": False,
            "statutMiseEnPaiementNestPasRemonte": True,
        },
    }


@pytest.mark.parametrize("key", ["idStructureCPP", "idStructure", "idStructureCpp"])
@pytest.mark.parametrize("structure", EVERYBODY, ids=lambda structure: structure.name)
def test_every_structure_can_be_read_under_each_name_of_its_number(
    supplier: Caller, key: str, structure: Structure
) -> None:
    answer = supplier.post(STRUCTURE, {key: str(structure.id)})

    assert answer["informationGenerales"]["identifiantStructure"] == structure.identifier
    assert answer["adressePostaleDuSiege"] is not None
    assert answer["parametres"]["codeServiceDoitEtreRenseigne"] is structure.requires_service


def test_the_services_of_a_structure(town: Caller) -> None:
    answer = town.post(
        SERVICES, {"idStructure": TOWN.id, "parametresRechercherServicesStructure": {"nbResultatsParPage": 10_000}}
    )

    assert answer["listeServices"] == [
        {
            "idService": CLOSED.id,
            "codeService": "ANCIEN",
            "libelleService": "Ancien service",
            "estActif": False,
            "statutService": "INACTIF",
        },
        {
            "idService": HALL.id,
            "codeService": "MAIRIE",
            "libelleService": "Mairie",
            "estActif": True,
            "statutService": "ACTIF",
            "dateDbtService": "2024-01-02 00:00",
        },
    ]
    assert answer["parametresRetour"] == {"pageCourante": 1, "pages": 1, "nbResultatsParPage": 10_000, "total": 2}


def test_a_structure_without_services_has_none(supplier: Caller) -> None:
    answer = supplier.post(SERVICES, {"idStructure": SUPPLIER.id})

    assert (answer["codeRetour"], answer["listeServices"]) == (0, [])


@pytest.mark.parametrize("structure", [{"idStructure": TOWN.id}, {}, {"idStructure": 0}])
def test_a_service_says_what_it_requires(town: Caller, structure: dict[str, int]) -> None:
    assert town.post(SERVICE_PATH, {"idService": HALL.id, "codeLangue": "fr"} | structure) == {
        "codeRetour": 0,
        "libelle": "TRA_MSG_00.000",
        "informationsGenerales": {"codeService": "MAIRIE", "nomService": "Mairie"},
        "adressePostale": {},
        "parametres": {"numeroEngagement": True, "dateCreation": "2024-01-02 00:00"},
        "pageCourante": 1,
        "pages": 1,
        "nbResultatsParPage": 1,
        "total": 1,
    }


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (STRUCTURE, {"idStructureCPP": 99}),
        (SERVICES, {"idStructure": 99}),
        (SERVICE_PATH, {"idService": 99}),
        (SERVICE_PATH, {"idService": SERVICE.id, "idStructure": STATE.id}),
    ],
)
def test_what_the_directory_does_not_know_is_said(supplier: Caller, path: str, body: dict[str, int]) -> None:
    answer = supplier.post(path, body)

    assert answer["codeRetour"] == 20000
    assert answer["libelle"].startswith("CHO-STRUCTURE-INCONNUE : ")


@pytest.mark.parametrize(
    ("path", "name"), [(STRUCTURE, "idStructureCPP"), (SERVICES, "idStructure"), (SERVICE_PATH, "idService")]
)
def test_a_number_that_is_missing_is_named(supplier: Caller, path: str, name: str) -> None:
    assert supplier.post(path, {})["libelle"] == f"CHO-REQUETE : {name} est obligatoire."
