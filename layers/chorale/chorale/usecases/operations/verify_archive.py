"""Every document that the ledger names is in the document bucket, as the ledger knows it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import islice

from chorale.stores import archive

AT_ONCE = 16
"""Objects that are asked for at the same time."""
BATCH = 400
"""Documents between two reports of progress."""


class Fault(Enum):
    """What is wrong with a document."""

    MISSING = "missing"
    SIZE = "size"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Faulty:
    """A document that is not in the bucket as the ledger knows it."""

    document: archive.NamedDocument
    fault: Fault


def fault_of(named: archive.NamedDocument, kept: archive.KeptObject | None) -> Fault | None:
    """What is wrong with a document; what the ledger or S3 does not know is not compared."""
    if kept is None:
        return Fault.MISSING
    if named.size is not None and named.size != kept.size:
        return Fault.SIZE
    if named.sha256 and kept.sha256 and named.sha256 != kept.sha256:
        return Fault.DIGEST
    return None


def verify_archive(since: datetime | None, tell: Callable[[int], None]) -> tuple[int, list[Faulty]]:
    """How many documents named since ``since`` were looked at, and those with a fault.

    ``tell`` is called with the number so far.
    """
    looked = 0
    faulty: list[Faulty] = []
    named = _since(since)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while some := list(islice(named, BATCH)):
            found = threads.map(archive.kept, [document.key for document in some])
            for document, kept in zip(some, found, strict=True):
                fault = fault_of(document, kept)
                if fault:
                    faulty.append(Faulty(document, fault))
            looked += len(some)
            tell(looked)
    return looked, faulty


def _since(since: datetime | None) -> Iterator[archive.NamedDocument]:
    return (document for document in archive.named_documents() if since is None or document.named_at >= since)
