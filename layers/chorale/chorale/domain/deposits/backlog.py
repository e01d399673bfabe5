"""Flux without a verdict: which of them no longer move by themselves, and what makes one move again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum

from chorale.domain.deposits.flux import ANALYSED_AT_MOST, DECIDED_AT_MOST, EXPECTED_AT_MOST, Flux
from chorale.domain.statuses import FluxState

WATCHED_EVERY = timedelta(hours=1)
LOOKED_AT_WITHIN = max(EXPECTED_AT_MOST, ANALYSED_AT_MOST, DECIDED_AT_MOST)
"""A flux without a verdict is due for the watch no later than this from now."""
STUCK_AFTER: Mapping[FluxState, timedelta] = {
    # The watch settles these two: it has not, an hour after it could.
    FluxState.EXPECTED: EXPECTED_AT_MOST + WATCHED_EVERY,
    FluxState.ANALYSING: ANALYSED_AT_MOST + WATCHED_EVERY,
    FluxState.RECEIVED: timedelta(minutes=10),
    FluxState.INTEGRATING: timedelta(minutes=30),
    FluxState.TO_RETRY: timedelta(),
}
"""State without a verdict -> how long a flux may be in it before an operator looks at it."""


def waits_since(flux: Flux) -> datetime:
    """When ``flux`` came to its state."""
    return flux.state_at or flux.deposited_at


def is_stuck(flux: Flux, now: datetime) -> bool:
    """Whether an operator must look at ``flux``; never when it has its verdict."""
    return not flux.state.is_verdict and now - waits_since(flux) >= STUCK_AFTER[flux.state]


class Replay(Enum):
    """What takes a flux up again."""

    RECEIVE = "receive"
    """Its file is received again, from what is in the bucket."""
    INTEGRATE = "integrate"
    """What is left of it is integrated."""
    WAIT = "wait"
    """Nothing: an answer is awaited without which it may not be read."""
    DECIDED = "decided"
    """Nothing: it has its verdict."""


def replay_of(state: FluxState) -> Replay:
    """What takes a flux in ``state`` up again."""
    if state.is_verdict:
        return Replay.DECIDED
    return {FluxState.EXPECTED: Replay.RECEIVE, FluxState.ANALYSING: Replay.WAIT}.get(state, Replay.INTEGRATE)
