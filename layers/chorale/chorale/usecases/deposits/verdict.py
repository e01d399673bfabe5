"""The verdict on a flux with its report; and putting aside a flux that has none yet."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chorale.domain.deposits.flux import DECIDED_AT_MOST, Flux
from chorale.domain.findings import Finding, IntegrationReport, RankOutcome, RankReport, verdict_state
from chorale.domain.statuses import FluxState
from chorale.formats.writing.report_json import report_to_json
from chorale.runtime.logging import logger
from chorale.stores import objects, queues
from chorale.stores.deposits import flux as flux_store


def write_verdict(
    flux: Flux,
    ranks: Sequence[RankReport],
    findings: Sequence[Finding],
    state: FluxState | None,
    now: datetime,
) -> None:
    """Write the complete report, then the verdict that points at it; ``state`` None: from what became of the ranks.

    Losing the race against another verdict is not an error: whoever came first wrote the same ranks. Raises FluxChanged
    when the flux moved without a verdict: it is to be looked at again.
    """
    integrated = sum(rank.outcome is RankOutcome.INTEGRATED for rank in ranks)
    refused = len(ranks) - integrated
    verdict = state or verdict_state(integrated, refused)
    report = IntegrationReport(
        flux.number,
        flux.file_name,
        flux.syntax.value,
        verdict,
        flux.deposited_at,
        now,
        tuple(findings),
        tuple(ranks),
        {"total": len(ranks), "integrated": integrated, "refused": refused},
    )
    key = objects.put_report(flux.number, json.dumps(report_to_json(report), ensure_ascii=False).encode())
    decided = replace(flux, state=verdict, state_at=now, integrated=integrated, refused=refused, report_key=key)
    try:
        flux_store.decide(flux, decided, now)
    except flux_store.FluxChanged:
        current = flux_store.get(flux.number)
        if current is None or not current.state.is_verdict:
            raise
        logger.info("the verdict was already written", extra={"flux": flux.number})
        return
    told = {"flux": flux.number, "state": verdict.value, "integrated": integrated, "refused": refused}
    logger.info("verdict written", extra=told)


def postpone(flux: Flux, now: datetime) -> None:
    """Put a flux of which a part is integrated aside for an operator, and ask for its integration again."""
    # Asked first: once the head is written the flux is no longer due, and a lost message would wait for hours.
    queues.ask_integration(flux.number)
    since = flux.state_at if flux.state is FluxState.TO_RETRY else now
    flux_store.replace_head(flux, replace(flux, state=FluxState.TO_RETRY, state_at=since), now + DECIDED_AT_MOST)
