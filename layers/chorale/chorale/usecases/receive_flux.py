"""A deposited file has arrived: note once which version is read ever after, its size and its hash."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from chorale.domain.statuses import FluxState
from chorale.runtime.logging import logger
from chorale.stores import flux as flux_store
from chorale.stores import objects, queues

DECIDED_AT_MOST = timedelta(hours=2)
"""A flux received and not decided after this is looked at by the watch: longer than every retry of every message."""


def receive_flux(key: str, version_id: str, now: datetime) -> None:
    """Move a flux from EXPECTED to RECEIVED and ask for its integration.

    Later versions of the object are ignored. The same message again changes nothing; if the hand-over to integration
    may have been lost, it is asked for again, which integration bears.
    """
    number = objects.flux_of(key)
    flux = flux_store.get(number) if number else None
    if flux is None:
        logger.warning("object without a flux ignored", extra={"object_key": key})
        return
    if flux.state is FluxState.EXPECTED:
        content = objects.get_incoming(key, version_id)
        received = replace(
            flux,
            state=FluxState.RECEIVED,
            state_at=now,
            object_key=key,
            version_id=version_id,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        flux = flux_store.replace_head(flux, received, now + DECIDED_AT_MOST)
    if flux.version_id != version_id:
        logger.info("later version of a received file ignored", extra={"flux": flux.number})
        return
    if not flux.state.is_verdict:
        queues.ask_integration(flux.number)
