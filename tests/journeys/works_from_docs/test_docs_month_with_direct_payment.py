"""A month of works: the sous-traitant asks, the titulaire accepts, everybody is paid for himself."""

from datetime import timedelta

import pytest

from tests.journeys.works_from_docs.actors import SOUS_TRAITANT, TITULAIRE, Cast, amount_lines, parts, party

pytestmark = pytest.mark.platform

TITULAIRE_ACCOUNT = "FR7630006000011234567890189"
SOUS_TRAITANT_ACCOUNT = "FR1420041010050500013M02606"


def test_the_sous_traitant_is_paid_directly_with_the_months_account(cast: Cast) -> None:
    titulaire, sous_traitant, moe, moa, payer = cast.titulaire, cast.sous_traitant, cast.moe, cast.moa, cast.payer
    contract = cast.contract(
        party(TITULAIRE, "TITULAIRE", iban=TITULAIRE_ACCOUNT),
        party(
            SOUS_TRAITANT,
            "SOUS_TRAITANT",
            travaillePour=TITULAIRE,
            paiementDirect=True,
            montantSousTraite=40000,
            iban=SOUS_TRAITANT_ACCOUNT,
        ),
    )
    today = cast.hub.today()

    # the sous-traitant asks; the titulaire has fifteen days, weekends and holidays included
    request = sous_traitant.open_file(contract.number, "A10", 1200)
    assert sous_traitant.status(request) == "A_VALIDER_1"
    validation = titulaire.tasks(contract.number)["VALIDATION_1"]
    assert validation["dernierJour"] == (today + timedelta(days=15)).isoformat()
    assert validation["effetDuSilence"] == "Sans réponse, la demande est acceptée."
    assert not moe.tasks(contract.number)

    # accepted, it comes to the MOE, who takes it into account
    assert titulaire.act(request, "VALIDER") == "MISE_A_DISPOSITION_MOE"
    assert sous_traitant.statuses(request) == ["DEPOSEE", "A_VALIDER_1", "VALIDEE_1", "MISE_A_DISPOSITION_MOE"]
    assert set(moe.tasks(contract.number)) == {"PRISE_EN_COMPTE"}
    assert moe.take_into_account(request) == "PRISE_EN_COMPTE_MOE"
    assert set(moe.tasks(contract.number)) == {"RATTACHEMENT"}

    # the titulaire joins it to his account of the month, whose amount contains it
    demand = titulaire.open_file(contract.number, "A4", 12000, listeDemandesJointes=[request])
    assert titulaire.status(demand) == "A_ASSOCIER_MOE"
    assert set(moe.tasks(contract.number)) == {"ETAT_ACOMPTE"}

    # MOE, then MOA
    statement = moe.follow(demand, "A15", 12000)
    assert titulaire.status(demand) == "ASSOCIEE"
    assert set(moa.tasks(contract.number)) == {"ETAT_ACOMPTE_VALIDE"}
    order = moa.follow(statement, "A19", 12000)
    assert moe.status(statement) == "ASSOCIEE"
    assert sous_traitant.status(request) == "ASSOCIEE"
    assert not moe.tasks(contract.number) and not moa.tasks(contract.number)

    # who is to be paid what, on which account
    to_pay = payer.read(order)
    assert to_pay["statutFactureTravaux"] == "MISE_A_DISPOSITION"
    assert parts(to_pay) == {TITULAIRE: 10800, SOUS_TRAITANT: 1200}
    assert [part["iban"] for part in to_pay["listeParts"]] == [TITULAIRE_ACCOUNT, SOUS_TRAITANT_ACCOUNT]
    assert [part["iban"] for part in moa.read(order)["listeParts"]] == ["FR76 **** **** 0189", "FR14 **** **** 2606"]
    assert [part.get("iban") for part in titulaire.read(order)["listeParts"]] == ["FR76 **** **** 0189", None]

    # who may read: the sous-traitant his request and his part, the payer what the payment rests on, no outsider
    share = sous_traitant.read(order)
    assert parts(share) == {SOUS_TRAITANT: 1200}
    assert share["montantsTotaux"]["montantTtcTotal"] == 1200
    assert "CHO-PIECE-INCONNUE" in sous_traitant.cannot_read(demand)
    assert payer.read(demand)["montantsTotaux"]["montantTtcTotal"] == 12000
    for paper in (request, demand, statement, order):
        assert "CHO-PIECE-INCONNUE" in cast.outsider.cannot_read(paper)

    # the payer finds it among his received invoices, and pays each part once the payment is ordered
    assert payer.received(contract.number) == {order: "MISE_A_DISPOSITION"}
    assert "MANDATEE" in payer.cannot(order, "PAYER_PART", identifiantCreancier=SOUS_TRAITANT)
    payer.treat(order, "MANDATEE", numeroDPMandat="M-2026-7")
    assert payer.act(order, "PAYER_PART", identifiantCreancier=SOUS_TRAITANT) == "MANDATEE"
    assert sous_traitant.payment_delay(request)["payeLe"] == today.isoformat()
    assert "payeLe" not in titulaire.payment_delay(demand)
    assert payer.act(order, "PAYER_PART", identifiantCreancier=TITULAIRE) == "MISE_EN_PAIEMENT"

    # thirty days from the day that the MOE received each request
    for creditor, paper, owed in ((sous_traitant, request, 1200), (titulaire, demand, 10800)):
        delay = creditor.payment_delay(paper)
        assert delay["debut"] == today.isoformat()
        assert delay["fin"] == (today + timedelta(days=30)).isoformat()
        assert delay["payeLe"] == today.isoformat()
        assert delay["montantDu"] == owed
    assert titulaire.status(order) == sous_traitant.status(order) == "MISE_EN_PAIEMENT"

    # the contract's account says it line by line, to each what concerns him
    lines = {request: (SOUS_TRAITANT, 1200, 1200, 1200, 1200), demand: (TITULAIRE, 10800, 10800, 10800, 10800)}
    assert amount_lines(moa.account(contract)) == lines
    assert amount_lines(sous_traitant.account(contract)) == {request: lines[request]}
    assert moa.account(contract)["totalPaye"] == 12000
    assert payer.payment_sheet(order).startswith(b"%PDF")
