"""Who calls: an application by its token, a technical account by its login and password."""

import base64
import binascii
import hashlib
import hmac
import json
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chorale.domain.access.rights import Actor
from chorale.domain.access.sign_ins import source_of
from chorale.domain.errors import NotAuthenticated, TooManyFailures
from chorale.runtime.logging import logger, metrics
from chorale.stores.access import accounts, sign_ins
from chorale.stores.secrets import TokenKey, token_keys

TOKEN_LIFE = timedelta(hours=1)
"""3600 seconds: one client decodes the figure as a signed 16-bit integer."""
VERIFIED_FOR = timedelta(minutes=1)
"""How long a container trusts a password that it has verified; then as long as the account's hash is the same."""
VERIFIED_AT_MOST = 1000
REFUSED_METRIC = "SignInsRefused"
"""Wrong secrets and passwords, of all functions."""


class BadClient(NotAuthenticated):
    """Unknown application or wrong secret: the answer is the same."""


class BadToken(NotAuthenticated):
    """The access token is missing, malformed, tampered with or expired."""


class BadAccount(NotAuthenticated):
    """The technical account is missing, unknown, closed, or its password is wrong or expired."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and its life in seconds."""

    value: str
    expires_in: int


def issue_token(readings: Sequence[tuple[str, str]], now: datetime, address: str = "") -> Token:
    """A token for an application that proves itself.

    ``readings`` are identifier and secret, in each way that the request can be read; ``address`` is whose request it
    is. Raises BadClient, or TooManyFailures before any secret is looked at.
    """
    source = source_of(address)
    first, _ = readings[0]
    failed_before = _wait_your_turn(first, source, now)
    for client_id, client_secret in readings:
        kept = accounts.application_secret_hash(client_id)
        if accounts.is_secret(client_secret, kept):
            if failed_before:
                sign_ins.forgive(first, source)
            if accounts.is_weak(kept):
                accounts.strengthen_application(client_id, kept, client_secret)
            return _token(client_id, now)
    known = accounts.application_secret_hash(first) != accounts.NOBODY
    _note_failure("application", first, known, source, now)
    raise BadClient("Application inconnue ou secret erroné : vérifiez client_id et client_secret.")


def _token(client_id: str, now: datetime) -> Token:
    claims = {"app": client_id, "exp": int((now + TOKEN_LIFE).timestamp())}
    body = _text(json.dumps(claims, separators=(",", ":")).encode())
    key = token_keys()[0]
    return Token(f"{body}.{_signature(body, key)}.{key.id}", int(TOKEN_LIFE.total_seconds()))


def _wait_your_turn(name: str, source: str, now: datetime) -> bool:
    """Raise TooManyFailures when ``source`` gave too many wrong secrets: the hash costs more than the count.

    Whether it gave some for this name.
    """
    standing = sign_ins.standing(name, source, now)
    left = math.ceil(standing.waits.total_seconds())
    if left > 0:
        raise TooManyFailures(f"Trop d'essais infructueux depuis cette adresse. Réessayez dans {left} s.", left)
    return standing.failed


def _note_failure(kind: str, name: str, known: bool, source: str, now: datetime) -> None:
    """Count a wrong secret and say so; what was given for a name may be a secret, so only a known one is said."""
    sign_ins.note_failure(name, source, now)
    logger.warning("sign-in refused", extra={"kind": kind, "who": name if known else "unknown", "source": source})
    metrics.add_metric(name=REFUSED_METRIC, unit="Count", value=1)
    metrics.flush_metrics()


def authenticate(bearer: str, account: str, now: datetime, address: str = "") -> Actor:
    """The actor behind a request: ``bearer`` is the token, ``account`` the raw ``cpro-account`` header.

    ``address`` is whose request it is. Raises BadToken or BadAccount, whose message says which and why, or
    TooManyFailures.
    """
    application = _application_of(bearer, now)
    login, password = _credentials(account)
    verified = _verified_account(login, password, source_of(address), now)
    return Actor(login, application, verified.rights)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _signature(body: str, key: TokenKey) -> str:
    return _text(hmac.digest(key.secret, body.encode(), "sha256"))


def _is_signed(body: str, signature: str, key_id: str) -> bool:
    """Whether a key that is good today signed ``body``; a token of before keys had names may be of any."""
    keys = [key for key in token_keys(key_id) if key_id in ("", key.id)]
    given = signature.encode("utf-8", "replace")
    return any(hmac.compare_digest(given, _signature(body, key).encode()) for key in keys)


def _application_of(bearer: str, now: datetime) -> str:
    body, _, signed = bearer.partition(".")
    signature, _, key_id = signed.partition(".")
    if not body or not signature:
        raise BadToken("Jeton d'accès absent ou mal formé : demandez-en un à /api/oauth/token.")
    if not _is_signed(body, signature, key_id):
        raise BadToken("Jeton d'accès invalide : demandez-en un nouveau à /api/oauth/token.")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    if claims["exp"] <= now.timestamp():
        raise BadToken("Jeton d'accès expiré : demandez-en un nouveau à /api/oauth/token.")
    application: str = claims["app"]
    return application


def _credentials(account: str) -> tuple[str, str]:
    if not account:
        raise BadAccount("En-tête cpro-account absent : envoyez login:motdepasse du compte technique en base64.")
    try:
        login, separator, password = base64.b64decode(account, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        login = separator = password = ""
    if not separator:
        raise BadAccount("En-tête cpro-account illisible : c'est login:motdepasse du compte technique en base64.")
    return login, password


_PROCESS = secrets.token_bytes(32)
"""Of this process alone: a digest of a password says nothing elsewhere."""
_verified: dict[bytes, tuple[datetime, accounts.TechnicalAccount]] = {}


def _verified_account(login: str, password: str, source: str, now: datetime) -> accounts.TechnicalAccount:
    # The cache is keyed by a digest: no password stays in memory.
    key = hashlib.sha256(_PROCESS + f"{login}:{password}".encode()).digest()
    seen = _verified.get(key)
    if seen and timedelta() <= now - seen[0] < VERIFIED_FOR:
        return _open(seen[1], now)
    found = accounts.technical_account(login)
    if found is None or seen is None or found.password_hash != seen[1].password_hash:
        _verified.pop(key, None)
        found = _proved(found, login, password, source, now)
    if len(_verified) >= VERIFIED_AT_MOST:
        _verified.clear()
    _verified[key] = (now, found)
    return _open(found, now)


def _proved(
    found: accounts.TechnicalAccount | None, login: str, password: str, source: str, now: datetime
) -> accounts.TechnicalAccount:
    """The account, once its password is known to be right; raises BadAccount or TooManyFailures."""
    failed_before = _wait_your_turn(login, source, now)
    if not accounts.is_secret(password, found.password_hash if found else accounts.NOBODY) or found is None:
        _note_failure("account", login, found is not None, source, now)
        raise BadAccount("Compte technique inconnu ou mot de passe erroné.")
    if failed_before:
        sign_ins.forgive(login, source)
    return accounts.strengthen_account(found, password) if accounts.is_weak(found.password_hash) else found


def _open(account: accounts.TechnicalAccount, now: datetime) -> accounts.TechnicalAccount:
    if not account.active:
        raise BadAccount("Compte technique désactivé : adressez-vous au gestionnaire de la structure.")
    if account.expires_at and account.expires_at <= now:
        raise BadAccount(
            "Mot de passe du compte technique expiré : le gestionnaire principal de la structure doit le renouveler."
        )
    return account


def forget_verified() -> None:
    """Forget every verified password (tests, rotation)."""
    _verified.clear()
