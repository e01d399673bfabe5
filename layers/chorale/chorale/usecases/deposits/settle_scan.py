"""The antivirus that scans uploads has answered: the flux goes on, to its integration or to its refusal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chorale.domain.deposits.flux import DECIDED_AT_MOST
from chorale.domain.deposits.scan import scan_result
from chorale.domain.statuses import FluxState
from chorale.runtime.logging import about, logger
from chorale.stores import antivirus, objects, queues
from chorale.stores.deposits import flux as flux_store
from chorale.usecases.deposits.receive_flux import receive_flux


def settle_scan(key: str, version_id: str, status: str, threats: Sequence[str], now: datetime) -> None:
    """Move the flux of the object from ANALYSING to RECEIVED, with what was found, and ask for its integration.

    An answer may come before the news of the file: the file is then received first. One that says neither clean nor
    infected leaves the flux to the watch. The same answer again changes nothing. Raises FluxChanged.
    """
    result = scan_result(status, threats)
    number = objects.flux_of(key)
    about(number or key)
    flux = flux_store.get(number) if number else None
    if flux is not None and flux.state is FluxState.EXPECTED and antivirus.scans_uploads():
        receive_flux(key, version_id, now)
        flux = flux_store.get(flux.number)
    if flux is None or flux.version_id != version_id or flux.state is not FluxState.ANALYSING:
        logger.info("a scan of nothing that waits for it", extra={"object_key": key, "status": status})
        if flux is not None and flux.version_id == version_id and flux.state is FluxState.RECEIVED:
            # The hand-over to integration may have been lost.
            queues.ask_integration(flux.number)
        return
    if not result.is_answer:
        logger.error("a scan came to no answer", extra={"flux": flux.number, "status": status})
        return
    after = replace(flux, state=FluxState.RECEIVED, state_at=now, threat=result.threat)
    flux_store.replace_head(flux, after, now + DECIDED_AT_MOST)
    queues.ask_integration(flux.number)
