"""Who calls: an application by its token, a technical account by its login and password."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from chorale.domain.errors import NotAuthenticated
from chorale.domain.rights import Actor
from chorale.stores import accounts
from chorale.stores.secrets import token_key

TOKEN_LIFE = timedelta(hours=1)
"""3600 seconds: one client decodes the figure as a signed 16-bit integer."""
VERIFIED_FOR = timedelta(minutes=1)
"""How long a container trusts a password that it has verified."""
VERIFIED_AT_MOST = 1000


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


def issue_token(client_id: str, client_secret: str, now: datetime) -> Token:
    """A token for an application that proves itself; raises BadClient."""
    if not accounts.is_secret(client_secret, accounts.application_secret_hash(client_id)):
        raise BadClient("Application inconnue ou secret erroné : vérifiez client_id et client_secret.")
    claims = {"app": client_id, "exp": int((now + TOKEN_LIFE).timestamp())}
    body = _text(json.dumps(claims, separators=(",", ":")).encode())
    return Token(f"{body}.{_signature(body)}", int(TOKEN_LIFE.total_seconds()))


def authenticate(bearer: str, account: str, now: datetime) -> Actor:
    """The actor behind a request: ``bearer`` is the token, ``account`` the raw ``cpro-account`` header.

    Raises BadToken or BadAccount, whose message says which and why.
    """
    application = _application_of(bearer, now)
    login, password = _credentials(account)
    verified = _verified_account(login, password, now)
    return Actor(login, application, verified.rights)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _signature(body: str) -> str:
    return _text(hmac.digest(token_key(), body.encode(), "sha256"))


def _application_of(bearer: str, now: datetime) -> str:
    body, _, signature = bearer.partition(".")
    if not body or not signature:
        raise BadToken("Jeton d'accès absent ou mal formé : demandez-en un à /api/oauth/token.")
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), _signature(body).encode()):
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


_verified: dict[bytes, tuple[datetime, accounts.TechnicalAccount]] = {}


def _verified_account(login: str, password: str, now: datetime) -> accounts.TechnicalAccount:
    # The cache is keyed by a digest: no password stays in memory.
    key = hashlib.sha256(token_key() + f"{login}:{password}".encode()).digest()
    seen = _verified.get(key)
    if seen and timedelta() <= now - seen[0] < VERIFIED_FOR:
        return _open(seen[1], now)
    found = accounts.technical_account(login)
    if not accounts.is_secret(password, found.password_hash if found else accounts.NOBODY) or found is None:
        raise BadAccount("Compte technique inconnu ou mot de passe erroné.")
    if len(_verified) >= VERIFIED_AT_MOST:
        _verified.clear()
    _verified[key] = (now, found)
    return _open(found, now)


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
