"""The works chain in the ledger: who sees what, what leaves, what a race or a rerun does."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from chorale.domain.access.rights import Actor, Right
from chorale.domain.errors import ActImpossible, ChoraleError, Forbidden, InvalidRequest, PaperNotFound
from chorale.domain.frames import Frame
from chorale.domain.paging import PageRequest
from chorale.domain.statuses import Status
from chorale.domain.works.contract import PartyRole
from chorale.domain.works.deadlines import Ccag
from chorale.domain.works.inputs import NewContract, NewParty
from chorale.domain.works.lists import PapersCriteria
from chorale.domain.works.papers import Paper
from chorale.domain.works.timeline import timeline
from chorale.stores.aws import client
from chorale.stores.works import dossiers as works
from chorale.usecases.invoices.change_status import process_received
from chorale.usecases.invoices.consult_invoice import consult_received
from chorale.usecases.invoices.store_file import store_file
from chorale.usecases.works import treat_paper
from chorale.usecases.works.find_papers import consult_paper, open_tasks, search_papers
from chorale.usecases.works.register_contract import list_contracts, record_reception, register_contract
from chorale.usecases.works.run_dossiers import follow_invoice, settle_file

from tests.aws import Hub
from tests.cast import NOW, actor, later
from tests.works import (
    COTRAITANT,
    FINANCE,
    MOA,
    MOE,
    SITE,
    SOUS_TRAITANT,
    STRANGER,
    TITULAIRE,
    contract,
    fill_site,
    paper,
)

F = Frame
SHORT = (NewParty(TITULAIRE.identifier, PartyRole.TITULAIRE), NewParty(MOA.identifier, PartyRole.MOA))


@pytest.fixture
def site(hub: Hub) -> Hub:
    """The hub, with the parties of a works contract."""
    fill_site()
    return hub


def owed() -> dict[str, list[str]]:
    """Everybody's worklist, of those that are not empty."""
    lists = {one.name: open_tasks(actor(one), None, PageRequest(1, 50)).rows for one in SITE}
    return {name.removeprefix("Demo "): [row.task.kind.value for row in rows] for name, rows in lists.items() if rows}


def test_a_month_of_works_ends_in_the_received_invoices_of_the_payer(site: Hub) -> None:
    contract()
    monthly = paper(TITULAIRE, F.A4, "PDM-1")
    assert owed() == {"MOE": ["ETAT_ACOMPTE"]}
    statement = paper(MOE, F.A15, "EA-1", monthly)
    assert owed() == {"MOA": ["ETAT_ACOMPTE_VALIDE"]}
    validated = paper(MOA, F.A19, "EAV-1", statement)
    assert owed() == {}

    received = consult_received(actor(FINANCE, Right.RECEIVED), validated.id)
    assert received.summary.status is Status.MISE_A_DISPOSITION
    assert (received.summary.supplier.id, received.summary.gross) == (TITULAIRE.id, Decimal("12000.00"))
    assert site.objects("chorale-documents")[received.original_key].startswith(b"%PDF-")

    for status in (Status.MANDATEE, Status.MISE_EN_PAIEMENT):
        process_received(actor(FINANCE, Right.RECEIVED), validated.id, status, "", "", later(days=3))
    assert follow_invoice(validated.id, later(days=3))
    assert not follow_invoice(validated.id, later(days=3)), "an event that comes twice changes nothing"
    _, file, _ = consult_paper(actor(TITULAIRE), monthly.id, later(days=4))
    assert file.clock_of(monthly.id).paid_at == later(days=3)  # type: ignore[union-attr]
    assert [paper.status.value for paper in file.papers] == ["ASSOCIEE", "ASSOCIEE", "MISE_EN_PAIEMENT"]
    assert [entry.line.status.value for entry in timeline(file) if entry.line][-1] == "MISE_EN_PAIEMENT"


def test_the_parties_see_the_papers_and_nobody_else_knows_that_they_exist(site: Hub) -> None:
    contract()
    monthly = paper(TITULAIRE, F.A4, "PDM-1")
    for party in (TITULAIRE, MOE, MOA):
        assert consult_paper(actor(party), monthly.id, NOW)[0].id == monthly.id
        assert search_papers(actor(party), PapersCriteria(), PageRequest()).total == 1
    for outsider in (STRANGER, COTRAITANT, SOUS_TRAITANT, FINANCE):
        with pytest.raises(PaperNotFound):
            consult_paper(actor(outsider), monthly.id, NOW)
        assert search_papers(actor(outsider), PapersCriteria(), PageRequest()).total == 0
    for party in (TITULAIRE, SOUS_TRAITANT, MOE, MOA, FINANCE):
        assert len(list_contracts(actor(party))) == 1
    for outsider in (STRANGER, COTRAITANT):
        assert list_contracts(actor(outsider)) == []
    with pytest.raises(PaperNotFound):
        consult_paper(actor(MOE), 999_999, NOW)


ACTS: dict[str, Callable[[Actor, int], Any]] = {
    "take": lambda who, one: treat_paper.take(who, one, NOW),
    "refuse": lambda who, one: treat_paper.refuse(who, one, "AUTRE", "non", None, NOW),
    "agree": lambda who, one: treat_paper.agree(who, one, None, "", NOW),
    "ask_completion": lambda who, one: treat_paper.ask_completion(who, one, "compléter", NOW),
    "complete": lambda who, one: treat_paper.complete(who, one, "voici", (), NOW),
    "ask_recycling": lambda who, one: treat_paper.ask_recycling(who, one, "corriger", NOW),
    "recycle": lambda who, one: treat_paper.recycle(who, one, MOE.identifier, "SIRET", "", "", "", NOW),
    "name_moe": lambda who, one: treat_paper.name_moe(who, one, "SIRET", MOE.identifier, NOW),
    "name_validator": lambda who, one: treat_paper.name_validator(who, one, "SIRET", MOE.identifier, NOW),
    "pass_on": lambda who, one: treat_paper.pass_on(who, one, NOW),
    "abandon": lambda who, one: treat_paper.abandon(who, one, "", NOW),
    "object_to": lambda who, one: treat_paper.object_to(who, one, "pas d'accord", NOW),
    "interrupt_payment": lambda who, one: treat_paper.interrupt_payment(who, one, "manque", ("PV",), NOW),
    "resume_payment": lambda who, one: treat_paper.resume_payment(who, one, NOW),
    "answer_claim": lambda who, one: treat_paper.answer_claim(who, one, "non", None, NOW),
}


@pytest.mark.parametrize("act", ACTS)
def test_every_act_needs_the_habilitation_for_works(site: Hub, act: str) -> None:
    contract()
    monthly = paper(TITULAIRE, F.A4, "PDM-1")
    before = site.rows()
    for one in SITE:
        without = actor(one, *(right for right in Right if right is not Right.WORKS))
        with pytest.raises((Forbidden, PaperNotFound)):
            ACTS[act](without, monthly.id)
    with pytest.raises(PaperNotFound):
        ACTS[act](actor(STRANGER), monthly.id)
    assert site.rows() == before


def test_a_number_is_used_once_by_a_depositor_and_again_after_a_refusal(site: Hub) -> None:
    contract()
    first = paper(TITULAIRE, F.A4, "PDM-1")
    with pytest.raises(InvalidRequest, match=str(first.id)):
        paper(TITULAIRE, F.A4, "PDM-1")
    treat_paper.refuse(actor(MOE), first.id, "DOUBLON", "déjà reçue", None, NOW)
    again = paper(TITULAIRE, F.A4, "PDM-1", replaces_id=first.id)
    assert consult_paper(actor(MOE), first.id, NOW)[0].status is Status.DUPLIQUE_APRES_REFUS
    assert again.cycle == 2
    with pytest.raises(InvalidRequest):
        paper(TITULAIRE, F.A4, "PDM-1")


def test_who_loses_a_race_acts_on_what_the_winner_left(site: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    contract()
    monthly = paper(TITULAIRE, F.A4, "PDM-1")
    real = works.save
    raced: list[Any] = []

    def save(changes: Any, at: Any) -> Any:
        if not raced:
            raced.append(True)
            treat_paper.refuse(actor(MOE), monthly.id, "DOUBLON", "", None, NOW)
        return real(changes, at)

    monkeypatch.setattr(works, "save", save)
    with pytest.raises(ActImpossible) as lost:
        treat_paper.take(actor(MOE), monthly.id, NOW)
    assert lost.value.status == "REFUSEE_MOE"


def test_a_request_is_attached_to_the_months_paper_in_the_same_transaction(site: Hub) -> None:
    contract()
    request = paper(SOUS_TRAITANT, F.A10, "DP-1")
    treat_paper.agree(actor(TITULAIRE), request.id, None, "", NOW)
    treat_paper.take(actor(MOE), request.id, NOW)
    assert owed() == {"MOE": ["RATTACHEMENT"], "MOA": ["RATTACHEMENT"]}
    with pytest.raises(InvalidRequest):
        paper(TITULAIRE, F.A4, "PDM-1", attached=(request.id, 12345))
    assert owed() == {"MOE": ["RATTACHEMENT"], "MOA": ["RATTACHEMENT"]}
    monthly = paper(TITULAIRE, F.A4, "PDM-1", attached=(request.id,))
    assert consult_paper(actor(MOE), request.id, NOW)[0].attached_to == monthly.id
    assert owed() == {"MOE": ["ETAT_ACOMPTE"]}


def test_the_watch_gives_each_silence_its_own_date(site: Hub) -> None:
    contract(group=True)
    request = paper(SOUS_TRAITANT, F.A10, "DP-1")
    entry = works.entry(request.id)
    assert entry is not None
    assert not settle_file(entry.file_id, later(days=1))
    assert settle_file(entry.file_id, later(days=60))
    lines = consult_paper(actor(MOE), request.id, later(days=60))[0].history
    silences = [line.at.date().isoformat() for line in lines if "HORS_DELAI" in line.status.value]
    assert silences == ["2026-12-08", "2026-12-23"], "each the last day of its own delay"
    assert owed() == {"MOE": ["PRISE_EN_COMPTE"]}


def test_the_reception_opens_the_end_of_the_works_once(site: Hub) -> None:
    made = contract()
    with pytest.raises(Forbidden):
        record_reception(actor(MOE), made.id, NOW.date(), NOW)
    record_reception(actor(MOA), made.id, NOW.date(), NOW)
    assert owed() == {"Titulaire": ["PROJET_DECOMPTE_FINAL"]}
    record_reception(actor(MOA), made.id, NOW.date(), NOW)
    assert owed() == {"Titulaire": ["PROJET_DECOMPTE_FINAL"]}, "corrected, not opened a second time"
    paper(TITULAIRE, F.A7, "PDF-1")
    with pytest.raises(ActImpossible, match="repose"):
        record_reception(actor(MOA), made.id, NOW.date(), NOW)
    assert owed() == {"MOE": ["PROJET_DECOMPTE_GENERAL"], "MOA": ["DECOMPTE_GENERAL"]}


def test_a_moa_registers_a_number_once_and_only_for_itself(site: Hub) -> None:
    contract()
    with pytest.raises(InvalidRequest, match="déjà"):
        contract()
    with pytest.raises(Forbidden):
        register_contract(actor(TITULAIRE), NewContract("M-2", Ccag.CCAG_2021, SHORT, FINANCE.identifier), NOW)


def test_every_change_leaves_with_one_event_and_nothing_is_written_by_a_refused_act(site: Hub) -> None:
    contract()
    monthly = paper(TITULAIRE, F.A4, "PDM-1")
    entry = works.entry(monthly.id)
    assert entry is not None
    before = site.rows()
    with pytest.raises(ChoraleError):
        treat_paper.refuse(actor(MOE), monthly.id, "ERREUR_MONTANT", "", None, NOW)
    assert site.rows() == before
    treat_paper.take(actor(MOE), monthly.id, NOW + timedelta(hours=1))
    events = [row["event"] for key, row in site.rows().items() if key[1].startswith("EVT#")]
    events = [event for event in events if event["type"] == "WorksFileChanged"]
    assert [(event["type"], int(event["version"])) for event in events] == [
        ("WorksFileChanged", 1),
        ("WorksFileChanged", 2),
    ]
    assert (events[0]["cycle"], "cycle" in events[1]) == (1, False)


def test_a_payer_that_suspends_interrupts_the_delay_and_the_depositor_completes(site: Hub) -> None:
    contract()
    validated = paper(MOA, F.A19, "EAV-1", paper(MOE, F.A15, "EA-1", paper(TITULAIRE, F.A4, "PDM-1")))
    process_received(actor(FINANCE), validated.id, Status.SUSPENDUE, "attestation manquante", "", later(days=2))
    follow_invoice(validated.id, later(days=2))
    with pytest.raises(ActImpossible):
        treat_paper.complete(actor(TITULAIRE), validated.id, "voici", (), later(days=3))
    treat_paper.complete(actor(MOA), validated.id, "voici", (), later(days=3))
    follow_invoice(validated.id, later(days=3))
    file = consult_paper(actor(MOA), validated.id, later(days=4))[1]
    (clock,) = [one.clock for one in file.clocks]
    assert (clock.interrupted_at, clock.resumed_at) == (later(days=2), later(days=3))
    assert clock.reason == "attestation manquante"


def test_a_paper_that_the_payer_suspended_is_completed_by_a_file_alone(site: Hub) -> None:
    contract()
    validated = paper(MOA, F.A19, "EAV-1", paper(MOE, F.A15, "EA-1", paper(TITULAIRE, F.A4, "PDM-1")))
    process_received(actor(FINANCE), validated.id, Status.SUSPENDUE, "attestation manquante", "", later(days=2))
    file = store_file(actor(MOA), "attestation.pdf", "PDF", "application/pdf", b"%PDF-1.7", later(days=3))

    treat_paper.complete(actor(MOA), validated.id, "", (file.id,), later(days=3))

    received = consult_received(actor(FINANCE), validated.id)
    assert received.summary.status is Status.COMPLETEE
    assert [attached.name for attached in received.attachments] == ["attestation.pdf"]


def test_how_many_calls_an_act_costs(site: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    contract()
    monthly = paper(TITULAIRE, F.A4, "PDM-1")
    calls: list[str] = []
    database = client("dynamodb")
    database.meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.append(model.name), unique_id="count"
    )
    treat_paper.take(actor(MOE), monthly.id, NOW)
    database.meta.events.unregister("before-call.dynamodb", unique_id="n")
    assert calls == ["GetItem", "GetItem", "GetItem", "TransactWriteItems"], "paper, file, contract, and the act"


def test_papers_are_searched_by_what_they_are(site: Hub) -> None:
    contract()
    monthly = paper(TITULAIRE, F.A4, "PDM-1")
    paper(SOUS_TRAITANT, F.A10, "DP-1")

    def numbers(**criteria: Any) -> list[str]:
        found = search_papers(actor(MOE), PapersCriteria(**criteria), PageRequest())
        return [entry.paper.number for entry in found.rows]

    assert numbers() == ["DP-1", "PDM-1"]
    assert numbers(frames=frozenset({F.A4})) == ["PDM-1"]
    assert numbers(statuses=frozenset({Status.A_VALIDER_1})) == ["DP-1"]
    assert numbers(number="PDM-1") == ["PDM-1"]
    assert numbers(depositors=frozenset({SOUS_TRAITANT.id})) == ["DP-1"]
    assert numbers(validators=frozenset({TITULAIRE.id})) == ["DP-1"]
    assert numbers(contract_number="AUTRE") == []
    assert isinstance(consult_paper(actor(MOE), monthly.id, NOW)[0], Paper)
