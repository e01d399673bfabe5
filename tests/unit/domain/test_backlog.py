"""Which flux and queues need an operator, and what takes a flux up again."""

from datetime import timedelta

import pytest
from chorale.domain.deposits.backlog import LOOKED_AT_WITHIN, STUCK_AFTER, Replay, is_stuck, replay_of
from chorale.domain.deposits.flux import DECIDED_AT_MOST
from chorale.domain.queues import LATE_AFTER, QueueState
from chorale.domain.statuses import FluxState

from tests.cast import NOW, flux

OPEN = [state for state in FluxState if not state.is_verdict]
SECOND = timedelta(seconds=1)


def test_every_state_without_a_verdict_has_a_time_after_which_an_operator_looks() -> None:
    assert set(STUCK_AFTER) == set(OPEN)


@pytest.mark.parametrize("state", OPEN)
def test_a_flux_is_stuck_from_that_time_on(state: FluxState) -> None:
    waiting = flux(state=state, state_at=NOW)
    assert is_stuck(waiting, NOW + STUCK_AFTER[state])
    assert not is_stuck(waiting, NOW + STUCK_AFTER[state] - SECOND)


def test_a_flux_without_the_time_of_its_state_waits_since_its_deposit() -> None:
    announced = flux(state=FluxState.RECEIVED, state_at=None, deposited_at=NOW)
    assert is_stuck(announced, NOW + timedelta(minutes=10))


@pytest.mark.parametrize("state", [state for state in FluxState if state.is_verdict])
def test_a_flux_with_a_verdict_is_never_stuck_and_is_not_taken_up(state: FluxState) -> None:
    assert not is_stuck(flux(state=state), NOW + timedelta(days=1000))
    assert replay_of(state) is Replay.DECIDED


def test_an_open_flux_is_taken_up_where_it_stands() -> None:
    assert {state: replay_of(state) for state in OPEN} == {
        FluxState.EXPECTED: Replay.RECEIVE,
        FluxState.ANALYSING: Replay.WAIT,
        FluxState.RECEIVED: Replay.INTEGRATE,
        FluxState.INTEGRATING: Replay.INTEGRATE,
        FluxState.TO_RETRY: Replay.INTEGRATE,
    }


def test_the_watch_looks_at_every_open_flux_within_the_longest_of_its_times() -> None:
    assert LOOKED_AT_WITHIN == DECIDED_AT_MOST


@pytest.mark.parametrize(
    ("oldest", "given_up", "needed"),
    [
        (None, 0, False),
        (LATE_AFTER - SECOND, 0, False),
        (LATE_AFTER, 0, True),
        (None, 1, True),
    ],
)
def test_a_queue_needs_an_operator_when_work_was_given_up_or_is_late(oldest, given_up, needed) -> None:
    assert QueueState("edi", 3, 0, oldest, given_up, None).needs_operator is needed
