"""The keys that sign access tokens, which functions share: read again every minute, so that a rotation is noticed."""

import hashlib
import json
import time
from dataclasses import dataclass

from chorale.runtime.settings import settings
from chorale.stores.aws import client

FRESH_FOR = 60.0
"""Seconds after which the keys are read again: a key that was taken away signs nothing that is taken after that."""
UNKNOWN_AGAIN_AFTER = 5.0
"""Seconds between two reads for keys that are not known: a new key works at once, and made-up names cost little."""
ID_LENGTH = 8


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key by its name, which says nothing of it."""

    id: str
    secret: bytes


_read: list[tuple[float, tuple[TokenKey, ...]]] = []
"""When the keys were read last, and which: nothing at first."""


def token_keys(wanted: str = "") -> tuple[TokenKey, ...]:
    """The keys whose tokens are good: the first signs. They are read again when ``wanted``, a name, is not known.

    The secret is a text, which is the only key, or ``{"keys": ["the new one", "the one before"]}``.
    """
    if _read:
        at, known = _read[0]
        age = time.monotonic() - at
        missed = wanted and all(key.id != wanted for key in known) and age >= UNKNOWN_AGAIN_AFTER
        if age < FRESH_FOR and not missed:
            return known
    answer = client("secretsmanager").get_secret_value(SecretId=settings().token_key_secret)
    text: str = answer["SecretString"]
    texts = json.loads(text)["keys"] if text.startswith("{") else [text]
    keys = tuple(TokenKey(hashlib.sha256(f"id {one}".encode()).hexdigest()[:ID_LENGTH], one.encode()) for one in texts)
    _read[:] = [(time.monotonic(), keys)]
    return keys


def forget_keys() -> None:
    """Read the keys anew (tests)."""
    _read.clear()
