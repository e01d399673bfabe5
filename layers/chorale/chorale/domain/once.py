"""A request that its client may send again: its ``Idempotency-Key``, as what creates something keeps it."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Once:
    """One request. ``key`` is of who sent it, for what, under which key; ``body`` of what it asks for."""

    key: str
    body: str


def once(caller: str, key: str, body: bytes) -> Once:
    """The request of ``caller`` (account and operation) under ``key``."""
    return Once(hashlib.sha256(f"{caller} {key}".encode()).hexdigest(), hashlib.sha256(body).hexdigest())
