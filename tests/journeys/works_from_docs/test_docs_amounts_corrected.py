"""Nobody refuses a demand for its amount: MOE and MOA each write their own, and that is what is paid."""

import pytest

from tests.journeys.works_from_docs.actors import TITULAIRE, Cast, amount_lines, parts, party

pytestmark = pytest.mark.platform


def test_the_moe_then_the_moa_correct_the_amount(cast: Cast) -> None:
    titulaire, moe, moa, payer = cast.titulaire, cast.moe, cast.moa, cast.payer
    contract = cast.contract(party(TITULAIRE, "TITULAIRE"))
    demand = titulaire.open_file(contract.number, "A4", 12000)

    # an amount is no reason to refuse (CCP R2192-34)
    refusal = {"idFactureTravaux": demand, "codeMotif": "ERREUR_MONTANT"}
    assert "R2192-34" in moe.refused("/cpro/facturesTravaux/v1/refuser", refusal)
    assert titulaire.status(demand) == "A_ASSOCIER_MOE"

    statement = moe.follow(demand, "A15", 11400)
    order = moa.follow(statement, "A19", 10800)

    # everybody sees what the others wrote
    written = {demand: 12000, statement: 11400, order: 10800}
    for reader in (titulaire, moe, moa, payer):
        assert {paper: reader.read(paper)["montantsTotaux"]["montantTtcTotal"] for paper in written} == written
    assert parts(payer.read(order)) == {TITULAIRE: 10800}

    # the admitted sum is owed and paid, the rest stays contested
    delay = titulaire.payment_delay(demand)
    assert (delay["montantDu"], delay["montantConteste"]) == (10800, 1200)
    payer.treat(order, "MANDATEE")
    payer.treat(order, "MISE_EN_PAIEMENT")
    assert titulaire.payment_delay(demand)["payeLe"] == cast.hub.today().isoformat()
    assert amount_lines(titulaire.account(contract)) == {demand: (TITULAIRE, 12000, 11400, 10800, 10800)}
