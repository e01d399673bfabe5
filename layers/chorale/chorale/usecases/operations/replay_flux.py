"""A flux that stands still is taken up again, by the message that its next step waits for."""

from chorale.domain.deposits.backlog import Replay, replay_of
from chorale.domain.deposits.flux import Flux
from chorale.stores import objects, queues


class FileMissing(Exception):
    """The file of the flux never came: there is nothing to receive."""


def replay_flux(flux: Flux, reception_queue: str) -> Replay:
    """Send the message that takes ``flux`` up again, and say which; none when it waits or has its verdict.

    Running it twice does no harm: each step finds its own earlier work. ``reception_queue`` is a name.
    Raises FileMissing.
    """
    step = replay_of(flux.state)
    if step is Replay.RECEIVE:
        version = objects.first_incoming_version(flux.number)
        if version is None:
            raise FileMissing(flux.number)
        queues.ask_reception(reception_queue, objects.incoming_key(flux.number), version)
    elif step is Replay.INTEGRATE:
        queues.ask_integration(flux.number)
    return step
