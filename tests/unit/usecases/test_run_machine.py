"""What the state machine is told: whose turn it is, where and how long to wait, and when an execution ends."""

from datetime import timedelta

import pytest
from chorale.domain.frames import Frame
from chorale.domain.works.papers import Paper
from chorale.stores.works import dossiers as works
from chorale.usecases.works.run_machine import EXECUTION_DAYS, Next, open_task, settle_and_route
from chorale.usecases.works.treat_paper import abandon

from tests.aws import Hub
from tests.cast import NOW, actor, later
from tests.works import MOA, MOE, SOUS_TRAITANT, TITULAIRE, contract, fill_site, paper

F = Frame


@pytest.fixture
def monthly(hub: Hub) -> Paper:
    """The titulaire's monthly paper, which opens a billing file."""
    fill_site()
    contract()
    return paper(TITULAIRE, F.A4, "PDM-1")


def file_of(one: Paper) -> int:
    """Id of the billing file of a paper."""
    entry = works.entry(one.id)
    assert entry is not None
    return entry.file_id


def test_an_execution_waits_for_the_actor_whose_turn_it_is(monthly: Paper) -> None:
    file = file_of(monthly)
    assert settle_and_route(file, 1, NOW, NOW) == Next("MOE", 1, "ETAT_ACOMPTE")
    paper(MOE, F.A15, "EA-1", monthly)
    assert settle_and_route(file, 1, NOW, NOW) == Next("MOA", 2, "ETAT_ACOMPTE_VALIDE")


def test_what_silence_decides_is_decided_before_the_turn_is_told(monthly: Paper) -> None:
    request = file_of(paper(SOUS_TRAITANT, F.A10, "DP-1"))
    assert settle_and_route(request, 1, NOW, NOW).next == "VALIDEUR"
    assert settle_and_route(request, 1, NOW, later(days=17)).kind == "PRISE_EN_COMPTE"


def test_an_execution_ends_at_the_financial_service_once_nothing_else_is_owed(monthly: Paper) -> None:
    paper(MOA, F.A19, "EAV-1", paper(MOE, F.A15, "EA-1", monthly))
    assert settle_and_route(file_of(monthly), 1, NOW, NOW) == Next("SERVICE_FINANCIER")


def test_a_file_that_is_given_up_and_another_cycle_end_an_execution(monthly: Paper) -> None:
    file = file_of(monthly)
    assert settle_and_route(file, 2, NOW, NOW) == Next("FIN"), "another execution waits for that cycle"
    assert settle_and_route(999_999, 1, NOW, NOW) == Next("FIN")
    abandon(actor(TITULAIRE), monthly.id, "", NOW)
    assert settle_and_route(file, 1, NOW, NOW) == Next("FIN")


def test_an_execution_that_is_old_hands_over_while_something_is_owed(monthly: Paper) -> None:
    file, started = file_of(monthly), NOW - timedelta(days=EXECUTION_DAYS)
    assert settle_and_route(file, 1, started + timedelta(seconds=1), NOW).next == "MOE"
    assert settle_and_route(file, 1, started, NOW) == Next("RELAIS")
    abandon(actor(TITULAIRE), monthly.id, "", NOW)
    assert settle_and_route(file, 1, started, NOW) == Next("FIN"), "there is nothing to hand over"


def test_a_wait_names_the_row_of_its_task_and_lasts_until_the_clock_comes(monthly: Paper) -> None:
    file = file_of(monthly)
    task = works.get(file).task(1)  # type: ignore[union-attr]
    assert task is not None
    assert task.wakes_at is not None
    wait = open_task(file, 1, NOW)
    assert (wait.pk, wait.attempt) == (f"FILE#{file}", "1")
    assert NOW + timedelta(seconds=wait.seconds) >= task.wakes_at > NOW + timedelta(seconds=wait.seconds - 2)
    assert open_task(file, 1, later(days=400)).seconds == 1, "the least that Step Functions takes"
