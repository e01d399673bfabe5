"""The MOA stays silent twice: the titulaire's own account becomes final, and no refusal stops it."""

from datetime import timedelta

import pytest

from tests.journeys.works_from_docs.actors import TITULAIRE, Cast, parts, party, working_day

pytestmark = pytest.mark.platform


def test_only_a_general_account_stops_the_tacit_route(cast: Cast) -> None:
    titulaire, moe, moa, payer = cast.titulaire, cast.moe, cast.moa, cast.payer
    contract = cast.contract(party(TITULAIRE, "TITULAIRE"))
    moa.receive(contract, cast.hub.today())
    project = titulaire.open_file(contract.number, "A7", 24000)

    # before the thirty days are over the tacit route is closed
    last_day = working_day(cast.hub.today() + timedelta(days=30))
    assert moa.tasks(contract.number)["DECOMPTE_GENERAL"]["dernierJour"] == last_day.isoformat()
    assert titulaire.cannot_follow(project, "A22", 24000, copieMOE=True)

    # it opens with the silence of the MOA; the amount is that of the final account, a copy goes to the MOE
    cast.hub.wait_until(last_day + timedelta(days=1))
    assert titulaire.cannot_follow(project, "A22", 25000, copieMOE=True)
    assert titulaire.cannot_follow(project, "A22", 24000, copieMOE=False)
    opened = cast.hub.today()
    tacit_project = titulaire.follow(project, "A22", 24000, copieMOE=True)
    assert titulaire.status(project) == "REMPLACEE_PAR_A22"
    assert titulaire.status(tacit_project) == "A_ASSOCIER_MOA"
    assert moe.read(tacit_project)["montantsTotaux"]["montantTtcTotal"] == 24000

    # the MOA has ten days for a general account, and nothing else will do
    ten_days = working_day(opened + timedelta(days=10))
    owed = moa.tasks(contract.number)["REPONSE_TACITE"]
    assert owed["dernierJour"] == ten_days.isoformat()
    assert "décompte général et définitif" in owed["effetDuSilence"]
    refusal = {"idFactureTravaux": tacit_project, "codeMotif": "AUTRE", "commentaire": "Décompte à revoir"}
    assert "12.4.4" in moa.refused("/cpro/facturesTravaux/v1/refuser", refusal)
    completion = {"idFactureTravaux": tacit_project, "commentaire": "Joindre les métrés"}
    moa.refused("/cpro/facturesTravaux/v1/suspendre/demander/completer/factureTravaux", completion)
    assert titulaire.cannot_follow(tacit_project, "A23", 24000)

    # the tenth day ends
    cast.hub.wait_until(ten_days + timedelta(days=1))
    assert set(titulaire.tasks(contract.number)) == {"DECOMPTE_TACITE"}
    assert moa.cannot_follow(tacit_project, "A20", 20000)
    assert titulaire.cannot_follow(tacit_project, "A23", 25000)
    final = titulaire.follow(tacit_project, "A23", 24000)
    assert titulaire.status(final) == "MISE_A_DISPOSITION"
    assert titulaire.status(tacit_project) == "ASSOCIEE"
    assert parts(payer.read(final)) == {TITULAIRE: 24000}

    # the delay to pay counts from the end of the tenth day
    (delay,) = [each for each in titulaire.file_of(final)["delaisDePaiement"] if "eteintLe" not in each]
    assert delay["debut"] == ten_days.isoformat()
    assert delay["fin"] == (ten_days + timedelta(days=30)).isoformat()
    payer.treat(final, "MISE_EN_PAIEMENT")
    assert titulaire.status(final) == "MISE_EN_PAIEMENT"
