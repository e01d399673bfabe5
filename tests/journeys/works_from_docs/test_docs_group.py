"""A group: the cotraitant's demand goes through the mandataire, and he is paid for himself."""

import pytest

from tests.journeys.works_from_docs.actors import COTRAITANT, TITULAIRE, Cast, amount_lines, parts, party

pytestmark = pytest.mark.platform

COTRAITANT_ACCOUNT = "FR1420041010050500013M02606"


def test_the_cotraitant_is_paid_for_himself(cast: Cast) -> None:
    mandataire, cotraitant, moe, moa, payer = cast.titulaire, cast.cotraitant, cast.moe, cast.moa, cast.payer
    contract = cast.contract(party(TITULAIRE, "MANDATAIRE"), party(COTRAITANT, "COTRAITANT", iban=COTRAITANT_ACCOUNT))

    # his demand waits for the mandataire's visa, which no silence gives
    demand = cotraitant.open_file(contract.number, "A13", 6000)
    assert cotraitant.status(demand) == "A_VALIDER_1"
    visa = mandataire.tasks(contract.number)["VISA"]
    assert "dernierJour" not in visa
    assert visa["effetDuSilence"] == "Le silence est sans effet."
    assert not moe.tasks(contract.number)
    assert mandataire.act(demand, "VALIDER") == "A_ASSOCIER_MOE"

    # the mandataire's own demand is another file, that the cotraitant does not read
    other = mandataire.open_file(contract.number, "A4", 12000)
    assert "CHO-PIECE-INCONNUE" in cotraitant.cannot_read(other)
    statement = moe.follow(demand, "A15", 6000)
    order = moa.follow(statement, "A19", 6000)

    # he is the creditor
    to_pay = payer.read(order)
    assert parts(to_pay) == {COTRAITANT: 6000}
    assert to_pay["listeParts"][0]["nature"] == "COTRAITANT"
    assert to_pay["listeParts"][0]["iban"] == COTRAITANT_ACCOUNT
    assert cotraitant.read(statement)["montantsTotaux"]["montantTtcTotal"] == 6000
    payer.treat(order, "MANDATEE")
    assert payer.act(order, "PAYER_PART", identifiantCreancier=COTRAITANT) == "MISE_EN_PAIEMENT"
    assert cotraitant.status(order) == "MISE_EN_PAIEMENT"
    assert cotraitant.payment_delay(demand)["payeLe"] == cast.hub.today().isoformat()
    assert amount_lines(cotraitant.account(contract)) == {demand: (COTRAITANT, 6000, 6000, 6000, 6000)}
    assert set(amount_lines(mandataire.account(contract))) == {demand, other}
