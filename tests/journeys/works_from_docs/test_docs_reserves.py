"""The end of a contract: the titulaire signs with reserves, the MOA agrees in part, the complement is paid."""

from datetime import timedelta

import pytest

from tests.journeys.works_from_docs.actors import TITULAIRE, Cast, parts, party, working_day

pytestmark = pytest.mark.platform


def test_what_the_moa_agrees_of_the_claim_is_paid(cast: Cast) -> None:
    titulaire, moe, moa, payer = cast.titulaire, cast.moe, cast.moa, cast.payer
    contract = cast.contract(party(TITULAIRE, "TITULAIRE"), naturePayeur="ETABLISSEMENT_DE_SANTE")
    today = cast.hub.today()

    # the works are received: the titulaire owes his final account
    reception = today - timedelta(days=10)
    received = moa.receive(contract, reception)
    assert received["dateNotificationReception"] == reception.isoformat()
    final = titulaire.tasks(contract.number)["PROJET_DECOMPTE_FINAL"]
    assert final["dernierJour"] == working_day(reception + timedelta(days=30)).isoformat()
    project = titulaire.open_file(contract.number, "A7", 24000)
    assert titulaire.read(project)["references"]["idDossierFacturation"] == received["idDossierSolde"]
    assert set(titulaire.tasks(contract.number)) == set()

    # one account for one contract
    second = titulaire.paper("A7", 24000, references={"numeroMarche": contract.number})
    assert titulaire.refused("/cpro/facturesTravaux/v1/soumettre", second)

    # MOE, then MOA; both have thirty days from the reception of the project
    assert set(moe.tasks(contract.number)) == {"PROJET_DECOMPTE_GENERAL"}
    month = working_day(today + timedelta(days=30)).isoformat()
    assert moa.tasks(contract.number)["DECOMPTE_GENERAL"]["dernierJour"] == month
    general_project = moe.follow(project, "A17", 22800)
    general = moa.follow(general_project, "A20", 22800)
    assert titulaire.status(general) == "A_ASSOCIER_FOURNISSEUR"
    answer = titulaire.tasks(contract.number)["REPONSE_AU_DECOMPTE"]
    assert answer["dernierJour"] == month
    assert answer["effetDuSilence"] == "Sans réponse, le décompte général est réputé accepté."

    # the titulaire signs the account's own amount, and claims more with his reasons
    reserves = {"motifs": "Sujétions imprévues du poste 3", "montantReclame": 6000}
    assert titulaire.cannot_follow(general, "A8", 28800, reserves=reserves)
    signed = titulaire.follow(general, "A8", 22800, reserves=reserves)
    assert titulaire.status(signed) == "MISE_A_DISPOSITION"
    assert titulaire.status(general) == "ASSOCIEE"

    # the payer pays the account in thirty days, although a hospital has fifty (CCAG 12.4.3)
    assert parts(payer.read(signed)) == {TITULAIRE: 22800}
    delay = titulaire.payment_delay(signed)
    assert (delay["jours"], delay["fin"]) == (30, (today + timedelta(days=30)).isoformat())
    assert delay["montantDu"] == 22800
    payer.treat(signed, "MANDATEE")
    assert payer.act(signed, "PAYER_PART", identifiantCreancier=TITULAIRE) == "MISE_EN_PAIEMENT"
    assert titulaire.payment_delay(signed)["payeLe"] == today.isoformat()

    # the MOA reads the claim, owes an answer to it, agrees in part, and then owes what it agreed to
    assert moa.read(signed)["reclamation"] == reserves
    claim = moa.tasks(contract.number)["REPONSE_A_LA_RECLAMATION"]
    assert claim["dernierJour"] == month
    assert claim["effetDuSilence"] == "Sans réponse, la réclamation est rejetée."
    moa.act(signed, "REPONDRE_RECLAMATION", montantAccepte=3600, commentaire="Poste 3 : la moitié")
    answered = {"montantAccorde": 3600, "accordeLe": today.isoformat()}
    assert titulaire.read(signed)["reclamation"] == reserves | answered
    assert set(moa.tasks(contract.number)) == {"SOMMES_ADMISES"}
    # a complement is a payment like any other: the fifty days of a hospital (CCP R2192-11)
    fifty = (today + timedelta(days=50)).isoformat()
    assert moa.tasks(contract.number)["SOMMES_ADMISES"]["dernierJour"] == fifty
    assert moa.cannot_follow(signed, "A19", 6000)
    complement = moa.follow(signed, "A19", 3600)
    assert not moa.tasks(contract.number)
    assert parts(payer.read(complement)) == {TITULAIRE: 3600}
    payer.treat(complement, "MANDATEE")
    assert payer.act(complement, "PAYER_PART", identifiantCreancier=TITULAIRE) == "MISE_EN_PAIEMENT"
    assert not titulaire.tasks(contract.number)
