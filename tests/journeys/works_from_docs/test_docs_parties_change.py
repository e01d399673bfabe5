"""A contract lives: a sous-traitant comes in the third month, and another MOE takes over."""

import pytest

from tests.journeys.works_from_docs.actors import ANOTHER_COMPANY, COTRAITANT, TITULAIRE, Cast, parts, party

pytestmark = pytest.mark.platform

NEW_SOUS_TRAITANT = ANOTHER_COMPANY
NEW_MOE = COTRAITANT


def test_a_sous_traitant_comes_and_the_moe_goes(cast: Cast) -> None:
    titulaire, moe, moa, payer = cast.titulaire, cast.moe, cast.moa, cast.payer
    newcomer, new_moe = cast.hub.actor(NEW_SOUS_TRAITANT), cast.hub.actor(NEW_MOE)
    contract = cast.contract(party(TITULAIRE, "TITULAIRE"))

    # two months without anybody else
    for situation in (1, 2):
        figures = {"mois": f"2026-{8 + situation:02}", "numeroSituation": situation}
        demand = titulaire.open_file(contract.number, "A4", 12000, chiffres=figures)
        statement = moe.follow(demand, "A15", 12000)
        order = moa.follow(statement, "A19", 12000)
    assert [line["mois"] for line in titulaire.account(contract)["lignes"]] == ["2026-09", "2026-10"]

    # a company that is not of the contract does not even find it; his acte spécial brings it in
    first_try = newcomer.paper("A10", 1200, references={"numeroMarche": contract.number})
    assert newcomer.refused("/cpro/facturesTravaux/v1/soumettre", first_try)
    act = {"travaillePour": TITULAIRE, "paiementDirect": True, "montantSousTraite": 30000}
    assert newcomer.refused(
        f"/chorale/v1/marches/{contract.id}/avenants",
        {"nature": "SOUS_TRAITANT", "identifiant": NEW_SOUS_TRAITANT, "dateEffet": "2026-11-02", **act},
    )
    amended = moa.amend(contract.id, "SOUS_TRAITANT", identifiant=NEW_SOUS_TRAITANT, **act)
    assert [(each["nature"], each["auteur"]["designation"]) for each in amended["avenants"]] == [
        ("SOUS_TRAITANT", "Demo MOA")
    ]

    # the third month, with his request
    request = newcomer.open_file(contract.number, "A10", 1200)
    assert titulaire.act(request, "VALIDER") == "MISE_A_DISPOSITION_MOE"
    assert moe.take_into_account(request) == "PRISE_EN_COMPTE_MOE"
    third = {"mois": "2026-11", "numeroSituation": 3}
    demand = titulaire.open_file(contract.number, "A4", 12000, listeDemandesJointes=[request], chiffres=third)
    assert set(moe.tasks(contract.number)) == {"ETAT_ACOMPTE"}

    # another MOE takes over what is on the way; the one who left has nothing to do any more
    moa.amend(contract.id, "MOE", identifiant=NEW_MOE)
    assert not moe.tasks(contract.number)
    assert set(new_moe.tasks(contract.number)) == {"ETAT_ACOMPTE"}
    assert new_moe.read(demand)["cadreDeFacturation"]["moe"]["identifiant"] == NEW_MOE
    assert moe.cannot_follow(demand, "A15", 12000)
    statement = new_moe.follow(demand, "A15", 12000)
    order = moa.follow(statement, "A19", 12000)
    assert parts(payer.read(order)) == {TITULAIRE: 10800, NEW_SOUS_TRAITANT: 1200}

    # what came before stays as it was, and the newcomer reads none of it
    natures = [each["nature"] for each in titulaire.done(f"/chorale/v1/marches/{contract.id}")["marche"]["avenants"]]
    assert natures == ["SOUS_TRAITANT", "MOE"]
    assert {line["idFactureTravaux"] for line in newcomer.account(contract)["lignes"]} == {request}
    assert {line["idFactureTravaux"] for line in new_moe.account(contract)["lignes"]} >= {request, demand}
