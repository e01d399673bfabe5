"""A received file: unpack it, integrate each invoice, write the report and the verdict.

Above ``RANKS_PER_CHUNK`` invoices the members are laid out in S3 and integrated by one message per chunk; the chunk
that finishes last writes the report. Each step can be run again.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chorale.domain.deposits.flux import DECIDED_AT_MOST, RANKS_PER_CHUNK, Flux, is_late
from chorale.domain.deposits.scan import infected
from chorale.domain.findings import Finding, RankOutcome, RankReport, Severity
from chorale.domain.statuses import FluxState
from chorale.formats.reading.members import Member, RefusedFile, unpack
from chorale.runtime.logging import about, logger
from chorale.stores import objects, queues
from chorale.stores.deposits import flux as flux_store
from chorale.usecases.deposits.integrate_invoice import integrate_invoice
from chorale.usecases.deposits.verdict import write_verdict

NOT_TO_BE_READ = frozenset({FluxState.EXPECTED, FluxState.ANALYSING})
"""Before the file is there, and before the antivirus has said that it may be read."""


def integrate_flux(number: str, chunk: int | None, now: datetime) -> None:
    """Integrate a flux, or one chunk of it (counted from 1).

    Raises ValidationUndetermined, FluxChanged or an AWS error, for the message to be retried; a refusal is not an
    error.
    """
    about(number)
    flux = flux_store.get(number)
    if flux is None or flux.state.is_verdict or flux.state in NOT_TO_BE_READ:
        logger.info("nothing to integrate", extra={"flux": number, "state": flux.state.value if flux else None})
        return
    if is_late(flux, now):
        flux = flux_store.put_off(number, now + DECIDED_AT_MOST)
    if chunk is not None:
        _integrate_chunk(flux, chunk, now)
        return
    if flux.threat:
        write_verdict(flux, (), (infected(flux.file_name, flux.threat),), FluxState.REJECTED, now)
        return
    content = objects.get_incoming(flux.object_key, flux.version_id)
    try:
        _check_announced(flux)
        members = unpack(content, flux.file_name, flux.syntax)
    except RefusedFile as refused:
        write_verdict(flux, (), refused.findings, FluxState.REJECTED, now)
        return
    if len(members) > RANKS_PER_CHUNK:
        _split(flux, members, now)
        return
    write_verdict(flux, _integrate_members(flux, members, now), (), None, now)


def _check_announced(flux: Flux) -> None:
    if flux.declared_sha256 and flux.declared_sha256 != flux.sha256:
        raise RefusedFile(
            (
                Finding(
                    "CHO-EMPREINTE", Severity.ERROR, "CHORALE",
                    "L'empreinte SHA-256 du fichier reçu n'est pas celle annoncée : déposez de nouveau le fichier.",
                    "The SHA-256 of the received file is not the one announced: deposit the file again.",
                    value=flux.sha256, expected=flux.declared_sha256,
                ),
            )
        )  # fmt: skip


def _integrate_members(flux: Flux, members: Sequence[Member], now: datetime) -> list[RankReport]:
    reports = [integrate_invoice(flux, member, now) for member in members]
    # What an earlier run integrated stays so, even if the directory has since changed its mind.
    return [
        flux_store.write_refused(flux.number, report) if report.outcome is RankOutcome.REFUSED else report
        for report in reports
    ]


def _split(flux: Flux, members: Sequence[Member], now: datetime) -> None:
    chunks = -(-len(members) // RANKS_PER_CHUNK)
    for member in members:
        objects.put_work(flux.number, member.rank, _work(member))
    if flux.state is not FluxState.INTEGRATING:
        moved = replace(flux, state=FluxState.INTEGRATING, state_at=now, chunks=chunks, members=len(members))
        flux = flux_store.replace_head(flux, moved, now + DECIDED_AT_MOST)
    waiting = [chunk for chunk in range(1, chunks + 1) if chunk not in flux.chunks_done]
    # When every chunk is done and only the verdict was lost, one is asked for again: that is all it finds to do.
    queues.ask_chunks(flux.number, waiting or [chunks])


def _work(member: Member) -> bytes:
    """Its names, a line break, then the bytes: a member's name is not a place for a key."""
    return json.dumps([member.name, member.signature, *member.left_aside]).encode() + b"\n" + member.content


def _member(flux: Flux, rank: int) -> Member:
    names, _, content = objects.get_work(flux.number, rank).partition(b"\n")
    name, signature, *left_aside = json.loads(names)
    return Member(rank, name, content, signature, tuple(left_aside))


def _integrate_chunk(flux: Flux, chunk: int, now: datetime) -> None:
    if chunk not in flux.chunks_done:
        first = (chunk - 1) * RANKS_PER_CHUNK + 1
        ranks = range(first, min(first + RANKS_PER_CHUNK, flux.members + 1))
        _integrate_members(flux, [_member(flux, rank) for rank in ranks], now)
        flux = flux_store.finish_chunk(flux.number, chunk)
    if len(flux.chunks_done) == flux.chunks and not flux.state.is_verdict:
        write_verdict(flux, flux_store.ranks(flux.number), (), None, now)
