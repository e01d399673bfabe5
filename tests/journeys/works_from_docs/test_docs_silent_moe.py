"""The MOE stays silent: nothing is validated, the payment delay runs, the MOA takes the matter over."""

from datetime import timedelta

import pytest

from tests.journeys.works_from_docs.actors import TITULAIRE, Cast, party, working_day

pytestmark = pytest.mark.platform


def test_the_moa_pays_what_the_moe_left_lying(cast: Cast) -> None:
    titulaire, moe, moa, payer = cast.titulaire, cast.moe, cast.moa, cast.payer
    contract = cast.contract(party(TITULAIRE, "TITULAIRE"))
    asked = cast.hub.today()
    demand = titulaire.open_file(contract.number, "A4", 12000)

    # the MOE has seven days, and to the next working day (CCAG 3.2); before that the MOA has nothing to do
    last_day = working_day(asked + timedelta(days=7))
    owed = moe.tasks(contract.number)["ETAT_ACOMPTE"]
    assert owed["dernierJour"] == last_day.isoformat()
    assert owed["echue"] is False
    assert "la MOA peut agir" in owed["effetDuSilence"]
    assert not moa.tasks(contract.number)
    assert moa.cannot_follow(demand, "A19", 12000)

    # the last day passes
    cast.hub.wait_until(last_day + timedelta(days=1))
    assert titulaire.status(demand) == "A_ASSOCIER_MOE"
    file = titulaire.file_of(demand)
    alerts = [event for event in file["chronologie"] if event["nature"] == "ALERTE"]
    assert [event["date"] for event in alerts] == [f"{last_day} 23:59"]
    assert moe.tasks(contract.number)["ETAT_ACOMPTE"]["echue"] is True
    assert set(moa.tasks(contract.number)) == {"ETAT_ACOMPTE_VALIDE"}
    delay = titulaire.payment_delay(demand)
    assert delay["debut"] == asked.isoformat()
    assert delay["fin"] == (asked + timedelta(days=30)).isoformat()

    # the MOA validates the demand itself, for less
    order = moa.follow(demand, "A19", 11400)
    assert titulaire.status(demand) == "ASSOCIEE"
    assert not moa.tasks(contract.number) and not moe.tasks(contract.number)
    payer.treat(order, "MISE_EN_PAIEMENT")
    paid = titulaire.payment_delay(demand)
    assert paid["payeLe"] == cast.hub.today().isoformat()
    assert paid["montantDu"] == 11400
