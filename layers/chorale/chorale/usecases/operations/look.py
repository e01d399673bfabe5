"""Where the hub stands: flux without verdict, queues, events that wait, alarms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chorale.domain.deposits.backlog import LOOKED_AT_WITHIN, is_stuck, waits_since
from chorale.domain.deposits.flux import Flux
from chorale.domain.queues import LATE_AFTER, Queue, QueueState
from chorale.stores import outbox, queue_states, technical
from chorale.stores.deposits import flux as flux_store

EVENTS_WITHIN = timedelta(hours=1)
"""Events that were sent are counted over this time."""
MARGIN = timedelta(minutes=1)
"""Between the clock that made a flux due and ours."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits, oldest first; moments are in the hub's time."""

    flux: tuple[Flux, ...]
    """Without a verdict."""
    stuck: tuple[Flux, ...]
    """Those of them that do not move by themselves."""
    queues: tuple[QueueState, ...]
    unsent: int
    """Events that the bus does not have yet."""
    oldest_unsent: timedelta | None

    @property
    def needs_operator(self) -> bool:
        """Whether something does not move by itself."""
        late = self.oldest_unsent is not None and self.oldest_unsent >= LATE_AFTER
        return bool(self.stuck) or late or any(queue.needs_operator for queue in self.queues)


@dataclass(frozen=True, slots=True)
class Signs:
    """What CloudWatch says: alarms that ring (name, description), events that the bus gave on lately."""

    alarms: tuple[tuple[str, str], ...]
    events: int
    last_event_at: datetime | None


def read_backlog(queues: Sequence[Queue], now: datetime) -> Backlog:
    """What waits at ``now``."""
    since = technical.swept_until(now)
    flux = sorted(flux_store.undecided(now + LOOKED_AT_WITHIN + MARGIN, since), key=waits_since)
    unsent = [event.at for _, event in outbox.pending_before(now)]
    return Backlog(
        tuple(flux),
        tuple(one for one in flux if is_stuck(one, now)),
        _states(queues, now),
        len(unsent),
        now - min(unsent) if unsent else None,
    )


def _states(queues: Sequence[Queue], now: datetime) -> tuple[QueueState, ...]:
    names = [name for queue in queues for name in (queue.source, queue.dead_letters) if name]
    ages = queue_states.oldest_ages(names, now)
    depths = {name: queue_states.depth(name) for name in names}
    states = []
    for queue in queues:
        waiting, in_work = depths.get(queue.source, (0, 0))
        given_up = sum(depths[queue.dead_letters])
        states.append(
            QueueState(
                queue.name,
                waiting,
                in_work,
                # The last measure of a queue that is empty by now says nothing.
                ages.get(queue.source) if waiting or in_work else None,
                given_up,
                ages.get(queue.dead_letters) if given_up else None,
            )
        )
    return tuple(states)


def read_signs(stack: str, bus: str, now: datetime) -> Signs:
    """What CloudWatch says of the stack at ``now``."""
    events, last = queue_states.events_sent(bus, now, EVENTS_WITHIN)
    return Signs(tuple(queue_states.ringing_alarms(f"{stack}-")), events, last)
