"""Once an hour: flux that came never or stopped, silences, calls of webhooks, events that were not sent."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from chorale.domain.deposits.flux import DECIDED_AT_MOST, WAITS_AT_MOST, Flux
from chorale.domain.deposits.scan import scan_result
from chorale.domain.errors import ActImpossible
from chorale.domain.findings import Finding, RankOutcome, Severity
from chorale.domain.statuses import FluxState
from chorale.runtime.logging import about, logger
from chorale.stores import due, objects, queues, technical
from chorale.stores.deposits import flux as flux_store
from chorale.stores.exchange import webhook_calls
from chorale.stores.invoices import recorded as invoices
from chorale.stores.works import dossiers as works
from chorale.stores.works import executions
from chorale.usecases.deposits.receive_flux import receive_flux
from chorale.usecases.deposits.settle_scan import settle_scan
from chorale.usecases.deposits.verdict import postpone, write_verdict
from chorale.usecases.exchange.call_webhooks import settle_call
from chorale.usecases.exchange.relay_events import resend_pending
from chorale.usecases.invoices.decide_agreement import settle_silence
from chorale.usecases.works.run_dossiers import settle_file
from chorale.usecases.works.run_machine import check_run

COUNTED = (
    "never_received",
    "received_late",
    "scanned_late",
    "not_scanned",
    "waiting",
    "stopped",
    "postponed",
    "silences",
    "works_silences",
    "executions_restarted",
    "webhook_calls_due",
    "webhook_calls_forgotten",
)
"""What the watch reports."""
PASSES = 50
"""What is settled may be followed by what is already overdue too; this many times is more than any chain is long."""


def watch(now: datetime) -> dict[str, int]:
    """Settle what is overdue, until nothing is; return how much of what was done.

    Raises an ExceptionGroup, once all is done that can be, with what could not be settled.
    """
    done: Counter[str] = Counter(dict.fromkeys(COUNTED, 0))
    since = technical.swept_until(now)
    failures: list[Exception] = []
    seen: set[tuple[str, str]] = set()
    for _ in range(PASSES):
        # What was seen may still be in the index for a moment.
        overdue = [row for row in due.before(now, since) if row not in seen]
        if not overdue:
            break
        seen.update(overdue)
        settled, failed = _settle_all(overdue, now)
        done.update(settled)
        failures += failed
    about("watch")
    if not failures:
        technical.set_swept(now)
    done["events_resent"] = resend_pending(now)
    if failures:
        raise ExceptionGroup(f"{len(failures)} deadlines could not be settled", failures)
    return dict(done)


def _settle_all(overdue: Iterable[tuple[str, str]], now: datetime) -> tuple[Counter[str], list[Exception]]:
    settled: Counter[str] = Counter()
    failures: list[Exception] = []
    for kind, owner in overdue:
        about(owner)
        try:
            settled.update(SETTLES[kind](owner, now))
        except (flux_store.FluxChanged, ActImpossible):
            logger.info("moved on its own", extra={"kind": kind, "owner": owner})
        except Exception as error:  # noqa: BLE001 - one must not keep the others waiting; raised above
            failures.append(error)
    return settled, failures


def _settle_flux(number: str, now: datetime) -> tuple[str, ...]:
    flux = flux_store.get_overdue(number, now)
    return () if flux is None or flux.state.is_verdict else (settle(flux, now),)


def _settle_invoice(invoice_id: str, now: datetime) -> tuple[str, ...]:
    return ("silences",) if settle_silence(int(invoice_id), now) else ()


def _settle_works(file_id: str, now: datetime) -> tuple[str, ...]:
    if not settle_file(int(file_id), now):
        return ()
    # The machine did not do it in time: is it there at all?
    return ("works_silences", *_check_run(file_id, now))


def _check_run(file_id: str, now: datetime) -> tuple[str, ...]:
    return ("executions_restarted",) if check_run(int(file_id), now) == "restarted" else ()


def _settle_call(owner: str, now: datetime) -> tuple[str, ...]:
    done = settle_call(owner, now)
    return (done,) if done else ()


SETTLES: Mapping[str, Callable[[str, datetime], tuple[str, ...]]] = {
    flux_store.KIND: _settle_flux,
    invoices.KIND: _settle_invoice,
    works.KIND: _settle_works,
    executions.KIND: _check_run,
    webhook_calls.KIND: _settle_call,
}
"""Kind of a due row -> what settles it, in words that the watch counts."""


def settle(flux: Flux, now: datetime) -> str:
    """Give an overdue flux the state that its situation calls for; say which in one word.

    Nothing is given up that may still be worked on: a file that came without being noticed is received, a flux whose
    message may wait in the queue is put off, and the verdict of a flux that moves meanwhile is not written.
    Raises FluxChanged when it moved.
    """
    if flux.state is FluxState.EXPECTED:
        version = objects.incoming_version(flux.number)
        if version:
            receive_flux(objects.incoming_key(flux.number), version, now)
            return "received_late"
        write_verdict(flux, (), (NEVER_RECEIVED,), FluxState.REJECTED, now)
        return "never_received"
    if flux.state is FluxState.ANALYSING:
        return _settle_unanswered(flux, now)
    ranks = flux_store.ranks(flux.number)
    begun = any(rank.outcome is RankOutcome.INTEGRATED for rank in ranks)
    if not begun and now < flux.deposited_at + WAITS_AT_MOST and queues.integration_is_busy():
        flux_store.put_off(flux.number, now + DECIDED_AT_MOST)
        return "waiting"
    logger.error("integration stopped", extra={"flux": flux.number, "state": flux.state.value})
    if begun:
        postpone(flux, now)
        return "postponed"
    write_verdict(flux, ranks, (STOPPED,), FluxState.FAILED, now)
    return "stopped"


def _settle_unanswered(flux: Flux, now: datetime) -> str:
    """A scan whose answer was lost is settled by the tag that it left; without one nothing of the file is read."""
    status = objects.scan_status(flux.object_key, flux.version_id)
    if scan_result(status).is_answer:
        settle_scan(flux.object_key, flux.version_id, status, (), now)
        return "scanned_late"
    logger.error("a scan never answered", extra={"flux": flux.number, "status": status})
    write_verdict(flux, (), (NOT_ANALYSED,), FluxState.FAILED, now)
    return "not_scanned"


NOT_ANALYSED = Finding(
    "CHO-ANALYSE", Severity.ERROR, "CHORALE",
    "L'antivirus de la plateforme n'a pas pu examiner le fichier ; aucune facture de ce fichier n'est intégrée. "
    "Déposez de nouveau le même fichier, sans mot de passe s'il en a un.",
    "The antivirus of the platform could not examine the file; no invoice of it is integrated. Deposit it again.",
)  # fmt: skip

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
