"""Two MOA gave their contracts one and the same number: nothing of one comes to the other."""

import pytest

from tests.journeys.works_from_docs.actors import MOA, MOE, SERVICE_FINANCIER, TITULAIRE, Cast, number, party

pytestmark = pytest.mark.platform

OTHER_MOA = "73282932000074"


def test_the_moa_says_which_contract_is_meant(cast: Cast) -> None:
    titulaire, moe, moa = cast.titulaire, cast.moe, cast.moa
    town = {"siret": OTHER_MOA, "name": "Commune de Test", "moa": True, "public": True}
    cast.hub.client.post("/_local/structures", json=town).raise_for_status()
    other_moa = cast.hub.actor(OTHER_MOA)
    shared = number("2026-01")
    parties = party(TITULAIRE, "TITULAIRE"), party(MOE, "MOE")
    first = moa.register(shared, *parties, party(MOA, "MOA"))
    second = other_moa.register(shared, *parties, party(OTHER_MOA, "MOA"))
    assert first["idMarche"] != second["idMarche"]

    # a MOA itself has each number once
    again = {
        "numeroMarche": shared,
        "serviceFinancier": SERVICE_FINANCIER,
        "listeIntervenants": [*parties, party(MOA, "MOA")],
    }
    assert shared in moa.refused("/chorale/v1/marches", again)

    # the number alone does not say which of the two
    demand = titulaire.paper("A4", 12000, references={"numeroMarche": shared})
    assert "identifiantMoa" in titulaire.refused("/cpro/facturesTravaux/v1/soumettre", demand)
    demand["cadreDeFacturation"]["identifiantMoa"] = OTHER_MOA
    paper = titulaire.done("/cpro/facturesTravaux/v1/soumettre", demand)["idFactureTravaux"]
    assert titulaire.read(paper)["cadreDeFacturation"]["moa"]["identifiant"] == OTHER_MOA

    # it goes on with the MOA that was named; the other sees nothing of it
    assert "CHO-PIECE-INCONNUE" in moa.cannot_read(paper)
    assert [task["idFactureTravaux"] for task in moe.tasks(shared).values()] == [paper]
    statement = moe.follow(paper, "A15", 12000)
    assert set(other_moa.tasks(shared)) == {"ETAT_ACOMPTE_VALIDE"}
    assert not moa.tasks(shared)
    assert "CHO-PIECE-INCONNUE" in moa.cannot_follow(statement, "A19", 12000)
    order = other_moa.follow(statement, "A19", 12000)
    assert cast.payer.read(order)["cadreDeFacturation"]["moa"]["identifiant"] == OTHER_MOA
    assert "CHO-PIECE-INCONNUE" in moa.refused(f"/chorale/v1/marches/{second['idMarche']}/compte")

    # the one who works for both finds both under the number
    listed = titulaire.done("/chorale/v1/marches")["listeMarches"]
    assert {each["idMarche"] for each in listed if each["numeroMarche"] == shared} == {
        first["idMarche"],
        second["idMarche"],
    }
