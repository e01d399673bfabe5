"""A deposited file has arrived: note once which version is read ever after, its size and its hash."""

import hashlib
from dataclasses import replace
from datetime import datetime

from chorale.domain.deposits.flux import ANALYSED_AT_MOST, DECIDED_AT_MOST
from chorale.domain.statuses import FluxState
from chorale.runtime.logging import about, logger
from chorale.stores import antivirus, objects, queues
from chorale.stores.deposits import flux as flux_store


def receive_flux(key: str, version_id: str, now: datetime) -> None:
    """Move a flux from EXPECTED to RECEIVED and ask for its integration; where uploads are scanned, to ANALYSING.

    Later versions of the object are ignored. The same message again changes nothing; if the hand-over to integration
    may have been lost, it is asked for again, which integration bears.
    """
    number = objects.flux_of(key)
    about(number or key)
    flux = flux_store.get(number) if number else None
    if flux is None:
        logger.warning("object without a flux ignored", extra={"object_key": key})
        return
    if flux.state is FluxState.EXPECTED:
        content = objects.get_incoming(key, version_id)
        scanned = antivirus.scans_uploads()
        received = replace(
            flux,
            state=FluxState.ANALYSING if scanned else FluxState.RECEIVED,
            state_at=now,
            object_key=key,
            version_id=version_id,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        flux = flux_store.replace_head(flux, received, now + (ANALYSED_AT_MOST if scanned else DECIDED_AT_MOST))
        logger.info("flux received", extra={"flux": flux.number, "bytes": flux.size})
    if flux.version_id != version_id:
        logger.info("later version of a received file ignored", extra={"flux": flux.number})
        return
    if not flux.state.is_verdict and flux.state is not FluxState.ANALYSING:
        queues.ask_integration(flux.number)
