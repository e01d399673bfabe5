"""Rule 17 through the API: each creditor is paid its part, on its day, to its account, and who sees that account."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.aws import Hub
from tests.unit.http.calling import CONTRACTS, PAPERS, READ_RECEIVED, Clock
from tests.unit.http.works_actors import SIRET, Actors, write_actors

HOLDER, SUBCONTRACTOR = "FR7630006000011234567890189", "FR1420041010050500013M02606"
GERMAN, TURKISH = "DE89370400440532013000", "TR330006100519786457841326"
MASKED_HOLDER, MASKED_SUBCONTRACTOR = "FR76 **** **** 0189", "FR14 **** **** 2606"


@pytest.fixture
def actors(world: Hub, at: Clock) -> Actors:
    """The actors of a contract, none of which is registered yet."""
    write_actors()
    return Actors(at)


def with_accounts(actors: Actors, **ibans: str) -> dict[str, Any]:
    """The body of a registration with accounts, by role."""
    body: dict[str, Any] = actors.contract_body()
    for party in body["listeIntervenants"]:
        if party["role"] in ibans:
            party["iban"] = ibans[party["role"]]
    return body


def shares(actors: Actors, paper: int, who: str) -> dict[str, dict[str, Any]]:
    """The parts of a paper as ``who`` reads them, by SIRET of the creditor."""
    return {one["creancier"]["identifiant"]: one for one in actors.paper(paper, who)["listeParts"]}


def two_creditors(actors: Actors) -> tuple[int, int, int]:
    """An A19 with a part of the titulaire and one of its sous-traitant; the A4 and the A10 that they answer."""
    request = actors.deposit("sous-traitant", "A10", gross=1200.0)
    actors.act("titulaire", "VALIDER", request)
    monthly = actors.deposit("titulaire", "A4", listeDemandesJointes=[request])
    validated = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", monthly, gross=11000.0), gross=11000.0)
    return validated, monthly, request


def pay(actors: Actors, paper: int, creditor: str, **more: Any) -> dict[str, Any]:
    """The payer pays a part."""
    return actors.act("payeur", "PAYER_PART", paper, identifiantCreancier=SIRET[creditor], **more)


def states(actors: Actors, paper: int) -> dict[str, tuple[str, str | None]]:
    """State and day of each part, by creditor."""
    seen = shares(actors, paper, "payeur")
    return {name: (one["etatPaiement"], one.get("payeLe")) for name, one in seen.items()}


def test_rule_17_the_payer_pays_each_creditor_its_part_and_the_request_is_paid_with_the_last(actors: Actors) -> None:
    contract = actors.register()
    validated, monthly, request = two_creditors(actors)
    actors.pay(validated, "MANDATEE")
    actors.wait(3)
    paid = pay(actors, validated, "sous-traitant")
    assert paid["statutFactureTravaux"] == "MANDATEE"
    assert states(actors, validated) == {
        SIRET["titulaire"]: ("A_PAYER", None), SIRET["sous-traitant"]: ("PAYEE", "2026-11-26"),
    }  # fmt: skip
    assert actors.delay(request)["payeLe"] == "2026-11-26"
    assert "payeLe" not in actors.delay(monthly)
    rows = {one["idFactureTravaux"]: one for one in actors.call("MOA", f"{CONTRACTS}/{contract}/compte")["lignes"]}
    assert (rows[request].get("paye"), rows[monthly].get("paye")) == (1200.0, None)
    actors.wait(4)
    last = pay(actors, validated, "titulaire", datePaiement="2026-11-28")
    assert last["statutFactureTravaux"] == "MISE_EN_PAIEMENT"
    assert states(actors, validated)[SIRET["titulaire"]] == ("PAYEE", "2026-11-28")
    received = actors.call("payeur", READ_RECEIVED, {"idFacture": validated})
    assert "MISE_EN_PAIEMENT" in str(received)
    assert actors.delay(monthly)["payeLe"] == "2026-11-28"
    account = actors.call("MOA", f"{CONTRACTS}/{contract}/compte")
    assert account["totalPaye"] == 11000.0
    assert "PAIEMENT_PART" in {event["nature"] for event in actors.file(validated)["chronologie"]}


def test_rule_17_who_knows_nothing_of_parts_pays_them_all_at_once(actors: Actors) -> None:
    actors.register()
    validated, monthly, request = two_creditors(actors)
    actors.pay(validated, "MANDATEE")
    pay(actors, validated, "sous-traitant")
    actors.wait(2)
    actors.pay(validated, "MISE_EN_PAIEMENT")
    assert states(actors, validated) == {
        SIRET["titulaire"]: ("PAYEE", "2026-11-25"), SIRET["sous-traitant"]: ("PAYEE", "2026-11-23"),
    }  # fmt: skip
    assert (actors.delay(request)["payeLe"], actors.delay(monthly)["payeLe"]) == ("2026-11-23", "2026-11-25")
    said = actors.act_refused("payeur", "PAYER_PART", validated, identifiantCreancier=SIRET["titulaire"])
    assert "déjà payée" in said


def test_rule_17_a_part_that_is_no_request_of_the_file_waits_for_all_parts_of_its_request(actors: Actors) -> None:
    actors.register(group=True)
    monthly = actors.deposit("titulaire", "A4")
    given = [{"identifiant": SIRET[who], "montantTTC": 6000.0} for who in ("titulaire", "cotraitant")]
    validated = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", monthly), listeParts=given)
    actors.pay(validated, "MANDATEE")
    pay(actors, validated, "titulaire")
    assert "payeLe" not in actors.delay(monthly)
    actors.wait(1)
    pay(actors, validated, "cotraitant")
    assert actors.delay(monthly)["payeLe"] == "2026-11-24"


def test_rule_20_interest_ends_for_each_part_on_the_day_on_which_it_is_paid(actors: Actors) -> None:
    actors.register(group=True)
    monthly = actors.deposit("titulaire", "A4")
    given = [{"identifiant": SIRET[who], "montantTTC": 6000.0} for who in ("titulaire", "cotraitant")]
    validated = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", monthly), listeParts=given)
    actors.pay(validated, "MANDATEE")
    # Thirty days from 23 November end on 23 December: ten days late, then twenty.
    actors.wait(40)
    pay(actors, validated, "titulaire")
    actors.wait(10)
    pay(actors, validated, "cotraitant")
    actors.wait(100)
    interest = actors.delay(monthly)["interets"]
    rate = Decimal(str(interest["taux"]))
    owed = sum((Decimal(6000) * rate * days / 36500).quantize(Decimal("0.01"), ROUND_HALF_UP) for days in (10, 20))
    assert Decimal(str(interest["montant"])) == owed
    assert (interest["joursDeRetard"], interest["indemniteForfaitaire"]) == (20, 40.0)


def test_rule_17_only_the_payer_pays_a_part_once_the_payment_is_ordered(actors: Actors) -> None:
    actors.register()
    validated, *_ = two_creditors(actors)
    named = {"identifiantCreancier": SIRET["titulaire"]}
    assert "MANDATEE" in actors.act_refused("payeur", "PAYER_PART", validated, **named)
    actors.pay(validated, "MANDATEE")
    for who in ("MOA", "MOE", "titulaire"):
        assert "service financier" in actors.act_refused(who, "PAYER_PART", validated, **named)
    assert "n'existe pas" in actors.act_refused("étranger", "PAYER_PART", validated, **named)
    creditors = actors.act_refused("payeur", "PAYER_PART", validated, identifiantCreancier=SIRET["MOE"])
    assert SIRET["sous-traitant"] in creditors
    for day in ("2026-11-24", "2026-11-22"):
        said = actors.act_refused("payeur", "PAYER_PART", validated, datePaiement=day, **named)
        assert "23/11/2026" in said
    pay(actors, validated, "titulaire")
    assert "déjà payée" in actors.act_refused("payeur", "PAYER_PART", validated, **named)
    assert states(actors, validated)[SIRET["sous-traitant"]] == ("A_PAYER", None)


def test_rule_17_two_parts_of_one_creditor_are_told_apart_by_their_request(actors: Actors) -> None:
    actors.register()
    requests = [actors.deposit("sous-traitant", "A10", gross=gross) for gross in (1200.0, 2400.0)]
    for one in requests:
        actors.act("titulaire", "VALIDER", one)
    monthly = actors.deposit("titulaire", "A4", listeDemandesJointes=requests)
    validated = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", monthly))
    actors.pay(validated, "MANDATEE")
    named = {"identifiantCreancier": SIRET["sous-traitant"]}
    assert "idPiece" in actors.act_refused("payeur", "PAYER_PART", validated, **named)
    pay(actors, validated, "sous-traitant", idPiece=requests[1])
    assert actors.delay(requests[1])["payeLe"] == "2026-11-23"
    assert "payeLe" not in actors.delay(requests[0])


# Accounts


def test_rule_17_the_account_beside_a_part_is_whole_for_the_payer_alone(actors: Actors) -> None:
    body = with_accounts(actors, TITULAIRE="FR76 3000 6000 0112 3456 7890 189", SOUS_TRAITANT=SUBCONTRACTOR.lower())
    registered = actors.call("MOA", CONTRACTS, body)
    assert HOLDER not in str(registered)
    assert MASKED_HOLDER in str(registered)
    validated, *_ = two_creditors(actors)

    def accounts(who: str) -> list[str | None]:
        seen = shares(actors, validated, who)
        return [seen[SIRET[name]].get("iban") for name in ("titulaire", "sous-traitant") if SIRET[name] in seen]

    assert accounts("payeur") == [HOLDER, SUBCONTRACTOR]
    assert accounts("MOA") == [MASKED_HOLDER, MASKED_SUBCONTRACTOR]
    assert accounts("MOE") == [None, None]
    assert accounts("titulaire") == [MASKED_HOLDER, None]
    assert accounts("sous-traitant") == [MASKED_SUBCONTRACTOR]
    contract = registered["marche"]["idMarche"]
    for who in ("MOA", "MOE", "titulaire", "sous-traitant"):
        for path in (f"{CONTRACTS}/{contract}", CONTRACTS, f"/chorale/v1/dossiers/{actors.file_number(validated)}"):
            seen = str(actors.call(who, path))
            assert HOLDER not in seen
            assert SUBCONTRACTOR not in seen
    assert HOLDER in str(actors.call("payeur", f"{CONTRACTS}/{contract}"))


@pytest.mark.parametrize(
    ("iban", "says"),
    [
        ("FR7630006000011234567890188", "clé"),
        ("FR763000600001123456789018", "clé"),
        ("123456", "clé"),
        (TURKISH, "SEPA"),
    ],
)
def test_rule_17_an_account_to_which_nobody_could_pay_is_refused(actors: Actors, iban: str, says: str) -> None:
    said = actors.refusal("MOA", CONTRACTS, with_accounts(actors, TITULAIRE=iban))
    assert says in said
    assert iban not in said


def test_rule_17_only_a_contractor_has_an_account(actors: Actors) -> None:
    assert "entreprise" in actors.refusal("MOA", CONTRACTS, with_accounts(actors, MOE=HOLDER))


def test_rule_17_an_amendment_changes_the_account_and_what_is_paid_keeps_its_own(actors: Actors) -> None:
    contract = actors.call("MOA", CONTRACTS, with_accounts(actors, TITULAIRE=HOLDER))["marche"]["idMarche"]
    validated, *_ = two_creditors(actors)
    actors.pay(validated, "MANDATEE")
    pay(actors, validated, "titulaire")
    path = f"{CONTRACTS}/{contract}/avenants"
    amendment = {"nature": "COMPTE_BANCAIRE", "identifiant": SIRET["titulaire"], "dateEffet": "2026-11-23"}
    for who in ("titulaire", "payeur"):
        assert "MOA" in actors.refusal(who, path, amendment | {"iban": GERMAN})
    assert "iban" in str(actors.answer("MOA", path, amendment)).lower()
    assert "clé" in actors.refusal("MOA", path, amendment | {"iban": GERMAN[:-1] + "1"})
    assert "entreprise" in actors.refusal("MOA", path, amendment | {"iban": GERMAN, "identifiant": SIRET["MOE"]})
    answered = actors.call("MOA", path, amendment | {"iban": GERMAN})["marche"]
    assert [one["texte"] for one in answered["avenants"]] == ["Compte de Demo Titulaire : DE89 **** **** 3000."]
    assert shares(actors, validated, "payeur")[SIRET["titulaire"]]["iban"] == HOLDER
    again = actors.deposit("MOA", "A19", actors.deposit("MOE", "A15", actors.deposit("titulaire", "A4")))
    assert shares(actors, again, "payeur")[SIRET["titulaire"]]["iban"] == GERMAN


def test_rule_17_a_paper_that_is_not_the_payers_says_nothing_of_payment(actors: Actors) -> None:
    actors.register()
    monthly = actors.deposit("titulaire", "A4")
    assert set(shares(actors, monthly, "MOA")[SIRET["titulaire"]]) == {"creancier", "nature", "montantTTC", "idPiece"}
    said = actors.act_refused("MOA", "PAYER_PART", monthly, identifiantCreancier=SIRET["titulaire"])
    assert "service financier" in said
    assert "inconnu" in actors.refusal("payeur", f"{PAPERS}/{monthly}/actes", {"acte": "PAYER"})
