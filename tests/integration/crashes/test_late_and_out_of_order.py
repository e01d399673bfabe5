"""Messages that come late, twice or in another order than what they tell of happened in."""

from collections.abc import Callable
from itertools import permutations

import pytest
from chorale.domain.events import Event
from chorale.stores.works import dossiers as works
from chorale.usecases.invoices.count_indicators import count
from chorale.usecases.works import run_machine, treat_paper
from chorale.usecases.works.run_dossiers import follow_invoice

from tests.cast import NOW, actor, event_of, fill_directory, later, summary
from tests.integration.crashes import works_scenarios as chain
from tests.integration.crashes.outcome import differences, outcome
from tests.integration.crashes.scenarios import Run
from tests.integration.crashes.stage import Stage
from tests.works import MOA, TITULAIRE


def _in_every_order(stage: Stage, site: Callable[[], None], messages: Callable[[], list[Run]]) -> None:
    stage.set_back(stage.prepared(site.__name__, site))
    asked = messages()
    ready = stage.taken()
    for message in asked:
        message()
    expected = outcome(stage)
    for order in permutations([*asked, asked[0]]):
        stage.set_back(ready)
        for message in order:
            message()
        assert differences(outcome(stage), expected) == []


def test_what_the_payer_did_is_followed_in_the_order_of_the_invoice(stage: Stage) -> None:
    def messages() -> list[Run]:
        one = chain.id_of(MOA, "EAV-1")
        for status in (chain.MANDATEE, chain.PAID):
            chain.payer_gives(status)
        # Two events of one invoice: each of them brings the file to where the invoice is.
        return [lambda: follow_invoice(one, chain.ACTED_AT)] * 2

    _in_every_order(stage, chain.addressed, messages)
    assert works.get(chain.file_of(chain.id_of(MOA, "EAV-1"))) is not None


def test_events_are_counted_alike_in_every_order(stage: Stage) -> None:
    def messages() -> list[Run]:
        told: list[Event] = [event_of(summary(1_000_000 + n)) for n in range(3)]
        return [lambda event=event: count([event], NOW) for event in told]  # type: ignore[misc]

    _in_every_order(stage, fill_directory, messages)
    assert stage.rows("Views")


@pytest.mark.parametrize("late", [1, 3])
def test_the_news_of_an_earlier_cycle_starts_nothing(stage: Stage, late: int) -> None:
    """The file has gone on: the execution of its cycle runs, and no other is started."""
    stage.set_back(stage.prepared("begun", chain.begun))
    month = chain.id_of(TITULAIRE, "PDM-1")
    file = chain.file_of(month)
    treat_paper.refuse(actor(chain.MOE), month, "DOUBLON", "", None, NOW)
    chain.deposit_paper(actor(TITULAIRE), chain.given(chain.F.A4, "PDM-2", replaces_id=month), NOW)
    assert run_machine.start_cycle(file, 2, NOW)
    running = dict(stage.steps.executions)

    assert not run_machine.start_cycle(file, late, later(days=1))
    assert stage.steps.executions == running


def test_a_wake_that_comes_late_leaves_the_one_who_waits_now(stage: Stage) -> None:
    """The token of a later wait is not taken for the one that the message was about."""
    stage.set_back(stage.prepared("begun", chain.begun))
    file = chain.file_of(chain.id_of(TITULAIRE, "PDM-1"))
    chain.wait_on(file, 1, chain.TOKEN)
    stage.steps.waiting.add(chain.TOKEN)

    assert run_machine.resume(file) == 0
    assert stage.steps.waiting == {chain.TOKEN}


def test_a_token_that_somebody_else_took_off_is_no_failure(stage: Stage) -> None:
    stage.set_back(stage.prepared("begun", chain.begun))
    file = chain.file_of(chain.id_of(TITULAIRE, "PDM-1"))
    chain.wait_on(file, 1, "another token")
    works.forget_token(file, 1, chain.TOKEN)

    assert [token for _, _, token in works.tokens(file)] == ["another token"]
