"""The payer misses a piece: the payment delay stops once, the creditor sends the piece, the delay goes on."""

from datetime import timedelta

import pytest

from tests.journeys.works_from_docs.actors import PDF, TITULAIRE, Cast, party

pytestmark = pytest.mark.platform


def test_the_delay_goes_on_when_the_creditor_sent_the_piece(cast: Cast) -> None:
    titulaire, moe, moa, payer = cast.titulaire, cast.moe, cast.moa, cast.payer
    contract = cast.contract(party(TITULAIRE, "TITULAIRE"))
    asked = cast.hub.today()
    demand = titulaire.open_file(contract.number, "A4", 12000)
    order = moa.follow(moe.follow(demand, "A15", 12000), "A19", 12000)

    # the payer says what is missing and why; the MOE could not
    stop = {"commentaire": "Attestation de vigilance périmée", "piecesManquantes": ["Attestation de vigilance"]}
    assert moe.cannot(order, "INTERROMPRE_PAIEMENT", **stop)
    assert payer.cannot(order, "INTERROMPRE_PAIEMENT", commentaire=stop["commentaire"])
    payer.act(order, "INTERROMPRE_PAIEMENT", **stop)
    stopped = titulaire.payment_delay(demand)
    assert stopped["interrompuLe"] == asked.isoformat()
    assert stopped["motifInterruption"] == stop["commentaire"]
    assert stopped["piecesManquantes"] == stop["piecesManquantes"]
    assert "reprisLe" not in stopped
    assert payer.cannot(order, "INTERROMPRE_PAIEMENT", **stop)

    # the creditor owes the piece; ten days later he sends it
    assert set(titulaire.tasks(contract.number)) == {"FOURNIR_LES_PIECES"}
    assert not payer.tasks(contract.number)
    cast.hub.advance(days=10)
    sent = cast.hub.today()
    assert sent == asked + timedelta(days=10)
    file = titulaire.store("attestation.pdf", PDF)
    titulaire.act(order, "FOURNIR_PIECES", listePiecesJointes=[file], commentaire="Attestation du mois")
    assert not titulaire.tasks(contract.number)

    # MOA and payer are asked whether all is there; the file is in their hands
    for reader in (moa, payer):
        assert set(reader.tasks(contract.number)) == {"CONSTATER_LES_PIECES"}
    assert file in [each["pieceJointeId"] for each in payer.read(demand)["listeDesPiecesJointes"]]
    cast.hub.advance(days=3)
    payer.act(order, "REPRENDRE_PAIEMENT")
    assert not payer.tasks(contract.number)

    # it goes on from the day they came, however late they are looked at: thirty days, or what was left (CCP R2192-29)
    resumed = titulaire.payment_delay(demand)
    assert resumed["reprisLe"] == sent.isoformat()
    assert resumed["debut"] == asked.isoformat()
    assert resumed["fin"] == (sent + timedelta(days=30)).isoformat()

    # it does not stop a second time
    assert payer.cannot(order, "INTERROMPRE_PAIEMENT", **stop)
    payer.treat(order, "MANDATEE")
    payer.treat(order, "MISE_EN_PAIEMENT")
    paid = titulaire.payment_delay(demand)
    assert paid["payeLe"] == (sent + timedelta(days=3)).isoformat()
    assert "interets" not in paid
