"""The works chain on the deployed hub, with its clock moved: who deposits, who must act, what silence does.

After each step everybody's worklist is read: a step changes the lists of those whom it concerns and nobody else's.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from tests.journeys.works_site import SIRET, Site
from tests.patience import PATIENT

pytestmark = pytest.mark.platform


@pytest.fixture(scope="module", autouse=True)
def clock_goes_back(hub: Any) -> Iterator[None]:
    """The clock of the hub goes back once these journeys are over: journeys share one hub."""
    tools = httpx.Client(base_url=f"{hub.base_url.rstrip('/')}/_local/", timeout=PATIENT)
    before = tools.get("clock").raise_for_status().json()["offset_seconds"]
    yield
    tools.put("clock", json={"offset_seconds": before}).raise_for_status()


@pytest.fixture
def site(hub: Any) -> Callable[..., Site]:
    """Registers a contract on the hub."""
    return lambda **given: Site(hub.base_url, **given)


def test_a_month_of_works(site: Callable[..., Site], eventually: Callable[..., None]) -> None:
    works = site()
    monthly = works.deposit("titulaire", "A4")
    assert works.owed() == {"MOE": ["ETAT_ACOMPTE"]}
    works.do("MOE", "prendre/en/compte", monthly)
    assert works.owed() == {"MOE": ["ETAT_ACOMPTE"]}
    statement = works.deposit("MOE", "A15", monthly)
    assert works.owed() == {"MOA": ["ETAT_ACOMPTE_VALIDE"]}
    works.do("MOA", "prendre/en/compte", statement)
    validated = works.deposit("MOA", "A19", statement)
    assert works.owed() == {}
    works.pay(validated, "MANDATEE", "MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT")
    eventually(lambda: works.statuses(validated)[-1] == "MISE_EN_PAIEMENT")
    assert works.statuses(monthly) == ["DEPOSEE", "A_ASSOCIER_MOE", "PRISE_EN_COMPTE_MOE", "ASSOCIEE"]
    (delay,) = works.file(monthly)["delaisDePaiement"]
    assert delay["payeLe"] == str(works.today())
    assert works.owed() == {}


def test_the_moe_corrects_the_amount_and_the_contractor_objects(site: Callable[..., Site]) -> None:
    works = site()
    monthly = works.deposit("titulaire", "A4", gross=12000.0)
    amount = {"idFactureTravaux": monthly, "codeMotif": "ERREUR_MONTANT"}
    assert "montant" in works.refusal("MOE", "/cpro/facturesTravaux/v1/refuser", amount)
    statement = works.deposit("MOE", "A15", monthly, gross=9600.0)
    works.act("titulaire", "OBSERVER", statement, commentaire="Le poste 3 est bien exécuté")
    assert works.owed() == {"MOA": ["ETAT_ACOMPTE_VALIDE"]}, "an objection stops nothing"
    validated = works.deposit("MOA", "A19", statement, gross=9600.0)
    assert works.owed() == {}
    seen = works.file(monthly, "titulaire")
    assert [piece["montantsTotaux"]["montantTtcTotal"] for piece in seen["listePieces"]] == [12000.0, 9600.0, 9600.0]
    assert "OBSERVATION" in [event["nature"] for event in seen["chronologie"]]
    assert works.statuses(validated)[-1] == "MISE_A_DISPOSITION"


def test_the_moe_is_silent_and_the_moa_acts(site: Callable[..., Site]) -> None:
    works = site()
    monthly = works.deposit("titulaire", "A4")
    assert "délai" in works.deposit_refused("MOA", "A19", monthly)
    works.wait(12)
    assert works.owed() == {"MOE": ["ETAT_ACOMPTE"], "MOA": ["ETAT_ACOMPTE_VALIDE"]}
    assert works.statuses(monthly)[-1] == "ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE"
    works.deposit("MOA", "A19", monthly)
    assert works.owed() == {}


def test_a_contractor_without_a_moe_in_the_tool(site: Callable[..., Site]) -> None:
    works = site(moe=False)
    assert "A5" in works.deposit_refused("titulaire", "A4")
    statement = works.deposit("titulaire", "A5")
    assert works.owed() == {"MOA": ["ETAT_ACOMPTE_VALIDE"]}
    works.deposit("MOA", "A19", statement)
    assert works.owed() == {}


def test_the_payment_is_interrupted_once_and_resumed(site: Callable[..., Site]) -> None:
    works = site()
    monthly = works.deposit("titulaire", "A4")
    missing = {"commentaire": "Attestation expirée", "piecesManquantes": ["attestation de vigilance"]}
    path = f"/chorale/v1/pieces/{monthly}/actes"
    assert "MOE" in works.refusal("MOE", path, {"acte": "INTERROMPRE_PAIEMENT", **missing})
    works.act("MOA", "INTERROMPRE_PAIEMENT", monthly, **missing)
    (delay,) = works.file(monthly)["delaisDePaiement"]
    assert "fin" not in delay
    assert works.owed() == {"MOE": ["ETAT_ACOMPTE"], "titulaire": ["FOURNIR_LES_PIECES"]}
    works.wait(3)
    works.act("titulaire", "FOURNIR_PIECES", monthly, commentaire="Attestation jointe")
    assert works.owed() == {"MOE": ["ETAT_ACOMPTE"], "MOA": ["CONSTATER_LES_PIECES"]}
    works.act("MOA", "REPRENDRE_PAIEMENT", monthly)
    (delay,) = works.file(monthly)["delaisDePaiement"]
    assert date.fromisoformat(delay["fin"]) == date.fromisoformat(delay["reprisLe"]) + timedelta(days=30)
    assert "une fois" in works.refusal("MOA", path, {"acte": "INTERROMPRE_PAIEMENT", **missing})
    works.deposit("MOA", "A19", works.deposit("MOE", "A15", monthly))
    assert works.owed() == {}


def test_a_sous_traitant_whose_titulaire_is_silent_is_attached_to_the_month(site: Callable[..., Site]) -> None:
    works = site()
    deposited = works.today()
    request = works.deposit("sous-traitant", "A10", gross=1200.0)
    assert works.owed() == {"titulaire": ["VALIDATION_1"]}
    works.wait(17)
    assert works.owed() == {"MOE": ["PRISE_EN_COMPTE"]}
    (silence,) = [line for line in works.history(request) if line["statut"] == "ABSENCE_VALIDATION_1_HORS_DELAI"]
    days = (date.fromisoformat(silence["date"][:10]) - deposited).days
    assert days in (14, 15, 16), "the end of day fifteen, in Paris"
    assert silence["date"].endswith("23:59")
    assert works.paper(request)["montantsTotaux"]["montantAccepte"] == 1200.0
    works.do("MOE", "prendre/en/compte", request)
    assert works.owed() == {"MOE": ["RATTACHEMENT"], "MOA": ["RATTACHEMENT"]}
    monthly = works.deposit("titulaire", "A4", listeDemandesJointes=[request])
    assert works.owed() == {"MOE": ["ETAT_ACOMPTE"]}
    works.deposit("MOA", "A19", works.deposit("MOE", "A15", monthly))
    assert works.owed() == {}


def test_a_sous_traitant_of_a_cotraitant_has_two_validators(site: Callable[..., Site]) -> None:
    works = site(group=True, works_for="cotraitant")
    request = works.deposit("sous-traitant", "A10", gross=1200.0)
    assert works.owed() == {"cotraitant": ["VALIDATION_1"]}
    works.act("cotraitant", "VALIDER", request, montantAccepte=1000.0, commentaire="Poste 2 non exécuté")
    assert works.owed() == {"titulaire": ["VALIDATION_2"]}
    works.do("titulaire", "refuser", request, codeMotif="MAUVAIS_VALIDEUR")
    assert works.owed() == {"sous-traitant": ["CORRECTION_VALIDEUR"]}
    works.do("sous-traitant", "corriger/valideur", request, identifiantStructure=SIRET["titulaire"])
    assert "désigné" in works.refusal(
        "sous-traitant",
        "/cpro/facturesTravaux/v1/soumettre",
        works.body("A10", "DP-99", identifiantValideur=SIRET["étranger"])
        | {"references": {"numeroMarche": works.number}},
    )
    works.wait(17)
    assert works.statuses(request)[-2:] == ["ABSENCE_VALIDATION_2_HORS_DELAI", "MISE_A_DISPOSITION_MOE"]
    works.do("MOE", "prendre/en/compte", request)
    works.deposit("MOA", "A19", works.deposit("MOE", "A15", request, gross=1000.0), gross=1000.0)
    assert works.owed() == {}


def test_in_a_group_the_mandataire_refuses(site: Callable[..., Site]) -> None:
    works = site(group=True)
    assert "mandataire" in works.deposit_refused("cotraitant", "A4").lower()
    part = works.deposit("cotraitant", "A13")
    assert works.owed() == {"titulaire": ["VISA"]}
    works.do("titulaire", "refuser", part, codeMotif="DOUBLON", commentaire="Déjà reçue")
    assert works.owed() == {"cotraitant": ["REEMISSION"]}
    again = works.deposit("cotraitant", "A13", idPieceRemplacee=part)
    assert works.owed() == {"titulaire": ["VISA"]}
    works.act("titulaire", "VALIDER", again)
    assert works.owed() == {"MOE": ["ETAT_ACOMPTE"]}
    assert works.statuses(again) == ["DEPOSEE", "A_VALIDER_1", "VALIDEE_1", "A_ASSOCIER_MOE"]
    works.deposit("MOA", "A19", works.deposit("MOE", "A15", again))
    assert works.owed() == {}


def test_the_end_of_a_contract(site: Callable[..., Site]) -> None:
    works = site()
    works.receive_works(works.today())
    assert works.owed() == {"titulaire": ["PROJET_DECOMPTE_FINAL"]}
    final = works.deposit("titulaire", "A7")
    assert works.owed() == {"MOE": ["PROJET_DECOMPTE_GENERAL"], "MOA": ["DECOMPTE_GENERAL"]}
    general = works.deposit("MOE", "A17", final)
    assert works.owed() == {"MOA": ["DECOMPTE_GENERAL"]}
    account = works.deposit("MOA", "A20", general)
    assert works.owed() == {"titulaire": ["REPONSE_AU_DECOMPTE"]}
    signed = works.deposit("titulaire", "A8", account)
    assert works.owed() == {}
    assert works.statuses(signed) == ["DEPOSEE", "MISE_A_DISPOSITION"]
    (delay,) = works.file(signed)["delaisDePaiement"]
    assert delay["objet"] == "SOLDE"


def test_the_prices_of_the_balance_are_revised_once_their_index_is_known(site: Callable[..., Site]) -> None:
    works = site()
    works.receive_works(works.today())
    signed = works.deposit("titulaire", "A8", works.deposit("MOA", "A20", works.deposit("titulaire", "A7")))
    assert "PUBLIER_INDEX" in works.deposit_refused("MOA", "A19", signed)
    works.wait(40)
    works.act("titulaire", "PUBLIER_INDEX", signed, datePublicationIndex=str(works.today()))
    assert works.owed() == {"MOA": ["REVISION_DES_PRIX"]}
    revision = works.deposit("MOA", "A19", signed, gross=600.0)
    assert works.owed() == {}
    delays = works.file(signed)["delaisDePaiement"]
    assert [one["objet"] for one in delays] == ["SOLDE", "REVISION_DES_PRIX"]
    assert works.statuses(revision) == ["DEPOSEE", "MISE_A_DISPOSITION"]


def test_the_account_is_accepted_by_silence(site: Callable[..., Site]) -> None:
    works = site()
    works.receive_works(works.today())
    account = works.deposit("MOA", "A20", works.deposit("MOE", "A17", works.deposit("titulaire", "A7")))
    assert "délai" in works.deposit_refused("MOA", "A25", account)
    works.wait(34)
    assert works.owed() == {"MOA": ["DECOMPTE_ACCEPTE"]}
    works.deposit("MOA", "A25", account)
    assert works.owed() == {}


def test_an_account_is_refused_with_a_claim_that_silence_rejects(site: Callable[..., Site]) -> None:
    works = site()
    works.receive_works(works.today())
    account = works.deposit("MOA", "A20", works.deposit("titulaire", "A7"))
    path = "/cpro/facturesTravaux/v1/refuser"
    bare = {"idFactureTravaux": account, "codeMotif": "RECLAMATION", "commentaire": "Voir mémoire"}
    assert "acceptation" in works.refusal("titulaire", path, bare)
    claim = {"motifs": "Sujétions imprévues", "montantReclame": 40000.0}
    works.call("titulaire", path, bare | {"reclamation": claim})
    assert works.owed() == {"MOA": ["REPONSE_A_LA_RECLAMATION", "SOMMES_ADMISES"]}
    works.deposit("MOA", "A19", account)
    works.wait(34)
    assert works.owed() == {}, "silence rejects the claim, the admitted sums are paid"
    assert works.statuses(account)[-1] == "REFUSEE_FOURNISSEUR"


def test_the_tacit_procedure(site: Callable[..., Site]) -> None:
    works = site()
    works.receive_works(works.today())
    final = works.deposit("titulaire", "A7")
    assert "A22" not in works.owed()
    assert "temps" in works.deposit_refused("titulaire", "A22", final)
    works.wait(34)
    assert works.owed() == {"MOE": ["PROJET_DECOMPTE_GENERAL"], "MOA": ["DECOMPTE_GENERAL"]}
    tacit = works.deposit("titulaire", "A22", final)
    assert works.statuses(final)[-1] == "REMPLACEE_PAR_A22"
    assert works.owed() == {"MOA": ["REPONSE_TACITE"]}
    works.wait(14)
    assert works.owed() == {who: ["DECOMPTE_TACITE"] for who in ("titulaire", "MOE", "MOA")}
    assert "dix jours" in works.deposit_refused("MOA", "A20", tacit)
    definitive = works.deposit("titulaire", "A23", tacit)
    assert works.owed() == {}
    assert works.statuses(definitive)[-1] == "MISE_A_DISPOSITION"


def test_a_silent_contractor_is_given_notice_and_the_moe_draws_the_account_up(site: Callable[..., Site]) -> None:
    works = site()
    works.receive_works(works.today())
    works.wait(34)
    assert works.owed() == {"titulaire": ["PROJET_DECOMPTE_FINAL"], "MOE": ["ETABLISSEMENT_D_OFFICE"]}
    works.call("MOE", f"/chorale/v1/marches/{works.contract}/mise-en-demeure", {"texte": "Sous quinze jours."})
    works.wait(18)
    general = works.deposit("MOE", "A17")
    assert works.owed() == {"MOA": ["DECOMPTE_GENERAL"]}
    account = works.deposit("MOA", "A20", general)
    works.deposit("titulaire", "A8", account)
    assert works.owed() == {}


def test_a_refusal_begins_a_new_cycle_and_keeps_the_first_date(site: Callable[..., Site]) -> None:
    works = site()
    first = works.deposit("titulaire", "A4")
    day = works.today()
    works.do("MOE", "refuser", first, codeMotif="HORS_MARCHE", commentaire="Lot 3")
    assert works.owed() == {"titulaire": ["REEMISSION"]}
    works.wait(2)
    again = works.deposit("titulaire", "A4", idPieceRemplacee=first)
    assert works.statuses(first)[-1] == "DUPLIQUE_APRES_REFUS"
    assert works.owed() == {"MOE": ["ETAT_ACOMPTE"]}
    delay = next(one for one in works.file(again)["delaisDePaiement"] if one["idFactureTravaux"] == again)
    assert delay["premierDebut"] != delay["debut"]
    assert abs((date.fromisoformat(delay["premierDebut"]) - day).days) <= 1
    works.deposit("MOA", "A19", works.deposit("MOE", "A15", again))
    assert works.owed() == {}


def test_a_wrong_moe_is_corrected(site: Callable[..., Site]) -> None:
    works = site(substitute=("étranger", "MOE_SUPPLEANTE"))
    monthly = works.deposit("titulaire", "A4", identifiantMoe=SIRET["étranger"])
    assert works.owed() == {"étranger": ["ETAT_ACOMPTE"]}
    works.do("étranger", "refuser", monthly, codeMotif="MAUVAISE_MOE")
    assert works.owed() == {"titulaire": ["RECYCLAGE"]}
    works.do("titulaire", "recycler", monthly, identifiantDestinataire=SIRET["MOE"])
    assert works.owed() == {"MOE": ["ETAT_ACOMPTE"]}
    statement = works.deposit("MOE", "A15", monthly)
    works.do("MOA", "suspendre/demander/completer/factureTravaux", statement, commentaire="Joindre le métré")
    assert works.owed() == {"MOE": ["COMPLEMENT"]}
    works.do("MOE", "completer", statement, commentaire="Métré joint")
    assert works.owed() == {"MOA": ["ETAT_ACOMPTE_VALIDE"]}
    works.deposit("MOA", "A19", statement)
    assert works.owed() == {}
