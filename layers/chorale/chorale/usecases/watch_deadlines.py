"""Once an hour: flux whose file never came or whose integration stopped, events that were not sent."""

from datetime import datetime

from chorale.domain.findings import Finding, RankOutcome, Severity
from chorale.domain.flux import Flux
from chorale.domain.statuses import FluxState
from chorale.runtime.logging import logger
from chorale.stores import flux as flux_store
from chorale.usecases.relay_events import resend_pending
from chorale.usecases.verdict import postpone, write_verdict


def watch(now: datetime) -> dict[str, int]:
    """Settle what is overdue; return how many flux were rejected, incidented, postponed, and events sent again.

    Raises an ExceptionGroup, once all is done that can be, with what could not be settled.
    """
    done = {"never_received": 0, "stopped": 0, "postponed": 0}
    failures: list[Exception] = []
    for number in flux_store.due_before(now):
        try:
            flux = flux_store.get(number)
            if flux is not None and not flux.state.is_verdict:
                done[settle(flux, now)] += 1
        except flux_store.FluxChanged:
            logger.info("flux moved on its own", extra={"flux": number})
        except Exception as error:  # noqa: BLE001 - one flux must not keep the others waiting; raised below
            failures.append(error)
    done["events_resent"] = resend_pending(now)
    if failures:
        raise ExceptionGroup(f"{len(failures)} flux could not be settled", failures)
    return done


def settle(flux: Flux, now: datetime) -> str:
    """Give an overdue flux the state that its situation calls for; say which in one word."""
    if flux.state is FluxState.EXPECTED:
        write_verdict(flux, (), (NEVER_RECEIVED,), FluxState.REJECTED, now)
        return "never_received"
    logger.error("integration stopped", extra={"flux": flux.number, "state": flux.state.value})
    ranks = flux_store.ranks(flux.number)
    if any(rank.outcome is RankOutcome.INTEGRATED for rank in ranks):
        postpone(flux, now)
        return "postponed"
    write_verdict(flux, ranks, (STOPPED,), FluxState.FAILED, now)
    return "stopped"


NEVER_RECEIVED = Finding(
    "CHO-FICHIER-NON-RECU", Severity.ERROR, "CHORALE",
    "Le fichier annoncé n'a pas été reçu dans l'heure : faites un nouveau dépôt et envoyez le fichier "
    "dans les 15 minutes.",
    "The announced file was not received within the hour: make a new deposit and send the file within 15 minutes.",
)  # fmt: skip

STOPPED = Finding(
    "CHO-INCIDENT", Severity.ERROR, "CHORALE",
    "Un incident de la plateforme a interrompu l'intégration ; aucune facture de ce fichier n'est intégrée. "
    "Déposez de nouveau le même fichier.",
    "An incident of the platform stopped the integration; no invoice of this file is integrated. "
    "Deposit the same file again.",
)  # fmt: skip
