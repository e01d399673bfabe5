"""Spaces of a structure, accounts of a service, services of the State, as clients ask for them."""

from dataclasses import replace
from typing import Any

import pytest
from chorale.domain.access.rights import Right
from chorale.domain.directory.structures import Service, Structure
from chorale.stores.access import accounts
from chorale.stores.directory import structures as directory

from tests.cast import OTHER_RECIPIENT, RECIPIENT, SERVICE, STATE, SUPPLIER, actor
from tests.unit.http.calling import SERVICE_ACCOUNTS, SPACES, STATE_SERVICES, Caller

BUDGET = Service(20010, STATE.id, "BUDGET", "Budget")
CLOSED = Service(20011, STATE.id, "ANCIEN", "Ancien", active=False)


def test_a_structure_has_the_spaces_of_the_rights_held_for_it(supplier: Caller) -> None:
    answer = supplier.post(SPACES, {"structure": {"idStructure": SUPPLIER.id}})

    assert answer["listeEspace"][0] == {
        "idEspaceFo": 2_001_401,
        "codeEspace": 1,
        "libelleEspace": "Factures émises",
        "typeHabilitation": "MODIFICATION",
        "etatCourant": "ACTIVE",
    }
    assert [space["codeEspace"] for space in answer["listeEspace"]] == [1, 2, 3, 4, 5]
    assert answer["parametresRetour"]["total"] == 5


def test_a_right_that_is_not_held_has_no_space(supplier: Caller) -> None:
    only = {SUPPLIER.id: frozenset({Right.TO_VALIDATE})}
    account = accounts.technical_account(actor(SUPPLIER).login)
    assert account is not None
    accounts.write_technical_account(replace(account, rights=only))

    [space] = supplier.post(SPACES, {"structure": {"identifiantStructure": SUPPLIER.identifier}})["listeEspace"]

    assert space["libelleEspace"] == "Factures à valider"


def test_a_service_has_spaces_of_its_own(world: object) -> None:
    answer = Caller(OTHER_RECIPIENT).post(SPACES, {"idService": SERVICE.id})

    spaces = answer["listeEspace"]
    assert {(space["idService"], space["codeService"]) for space in spaces} == {(SERVICE.id, SERVICE.code)}
    whole = Caller(OTHER_RECIPIENT).post(SPACES, {"structure": {"idStructure": OTHER_RECIPIENT.id}})["listeEspace"]
    assert not {space["idEspaceFo"] for space in spaces} & {space["idEspaceFo"] for space in whole}


@pytest.mark.parametrize("column", ["idEspaceFo", "CodeEspace"])
def test_spaces_are_sorted_and_come_by_page(supplier: Caller, column: str) -> None:
    paging = {"triColonne": column, "triSens": "Descendant", "nbResultatsParPage": 3, "pageResultatDemandee": 2}
    body = {"structure": {"idStructure": SUPPLIER.id}, "parametresRechercherEspaces": paging}

    answer = supplier.post(SPACES, body)

    assert [space["codeEspace"] for space in answer["listeEspace"]] == [2, 1]
    assert answer["parametresRetour"] == {"pageCourante": 2, "pages": 2, "nbResultatsParPage": 3, "total": 5}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (SPACES, {}),
        (SPACES, {"structure": {"idStructure": RECIPIENT.id}}),
        (SPACES, {"idService": SERVICE.id}),
        (SPACES, {"idService": 99}),
        (SERVICE_ACCOUNTS, {"idService": SERVICE.id}),
        (SERVICE_ACCOUNTS, {"idService": 99}),
    ],
)
def test_what_is_anothers_is_refused_as_what_does_not_exist(supplier: Caller, path: str, body: dict[str, Any]) -> None:
    answer = supplier.post(path, body)

    assert answer["codeRetour"] == 20000
    assert answer["libelle"].startswith("CHO-STRUCTURE-INCONNUE : ")


def _account(login: str, structure: Structure, **changes: Any) -> None:
    rights = {structure.id: frozenset({Right.RECEIVED})}
    accounts.write_technical_account(accounts.TechnicalAccount(login, "hash", rights, **changes))


def test_the_accounts_of_a_service_are_the_active_ones_of_its_structure(world: object) -> None:
    _account("TECH_2", OTHER_RECIPIENT)
    _account("TECH_3", OTHER_RECIPIENT, active=False)
    _account("TECH_4", OTHER_RECIPIENT)
    _account("TECH_4", RECIPIENT)

    answer = Caller(OTHER_RECIPIENT).post(SERVICE_ACCOUNTS, {"idService": SERVICE.id})

    assert (answer["idStructure"], answer["codeService"]) == (OTHER_RECIPIENT.id, SERVICE.code)
    assert [user["login"] for user in answer["listeUtilisateurs"]] == [actor(OTHER_RECIPIENT).login, "TECH_2"]
    assert answer["listeUtilisateurs"][1]["habilitations"] == ["FACTURES_RECUES"]
    assert answer["parametresRetour"]["total"] == 2


def test_the_services_of_the_state_are_those_of_its_active_structures(supplier: Caller) -> None:
    former = replace(STATE, id=10020, identifier="11000201100051", is_state=True)
    directory.write([former], [BUDGET, CLOSED, replace(BUDGET, id=20012, structure_id=former.id)])
    directory.write([replace(former, is_state=False)])

    answer = supplier.post(STATE_SERVICES, {})

    assert [service["idService"] for service in answer["listeServices"]] == [BUDGET.id]
