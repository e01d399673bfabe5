"""A deposited file and its way to a verdict."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chorale.domain.statuses import FluxState
from chorale.domain.syntaxes import Syntax

INLINE_LIMIT = 10_000_000
"""Bytes of a file inside a JSON request, as the public platform's limit (the gateway's own is lower)."""
UPLOAD_LIMIT = 120_000_000
"""Bytes of a file sent by presigned upload."""
FILE_NAME_MAX_LENGTH = 200
UPLOAD_WINDOW = timedelta(minutes=15)
"""How long a presigned upload can be used."""
EXPECTED_AT_MOST = timedelta(hours=1)
"""After this a flux whose file never came is rejected."""
ANALYSED_AT_MOST = timedelta(hours=1)
"""A flux on which the antivirus has not answered after this is looked at by the watch: a scan takes minutes."""
DECIDED_AT_MOST = timedelta(hours=2)
"""A flux received and not decided after this is looked at by the watch: longer than every retry of every message."""
RUN_AT_MOST = timedelta(minutes=15)
"""Longer than any run of a function."""
WAITS_AT_MOST = timedelta(days=4)
"""A flux whose message may still be in a queue is not given up before this: queues keep messages no longer."""
RANKS_PER_CHUNK = 25
"""A batch above this number of invoices is integrated by several messages."""


@dataclass(frozen=True, slots=True)
class Flux:
    """One deposited file. ``sha256`` is in hexadecimal; sizes are in bytes."""

    number: str
    syntax: Syntax
    file_name: str
    depositor: str
    """Login of the technical account."""
    structures: tuple[int, ...]
    """Structures for which the depositor may deposit invoices, as known when the deposit was made."""
    deposited_at: datetime
    state: FluxState = FluxState.EXPECTED
    state_at: datetime | None = None
    deposit_mode: str = "UPLOAD_API"
    signed: bool = False
    declared_size: int | None = None
    declared_sha256: str = ""
    object_key: str = ""
    version_id: str = ""
    """Version of the object that is read ever after."""
    size: int = 0
    sha256: str = ""
    """As computed at reception."""
    threat: str = ""
    """What the antivirus that scans uploads found in the file; empty for nothing."""
    chunks: int = 0
    """Number of messages the integration is split into; 0 before it is known."""
    members: int = 0
    """Number of invoices of a file that is integrated by chunks."""
    chunks_done: frozenset[int] = frozenset()
    integrated: int = 0
    refused: int = 0
    report_key: str = ""
    version: int = 1
    works: tuple[int, ...] = ()
    """Structures for which the depositor may deposit works papers, as known when the deposit was made."""


def is_late(flux: Flux, now: datetime) -> bool:
    """Whether the watch may look at ``flux`` before a run that begins ``now`` has ended.

    Such a run first puts the flux off, so that nobody gives up what is being integrated.
    """
    return now >= (flux.state_at or flux.deposited_at) + DECIDED_AT_MOST - RUN_AT_MOST
