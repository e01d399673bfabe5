"""Applications and technical accounts, with the slow hash of their secrets."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chorale.domain.rights import Right
from chorale.runtime.settings import settings
from chorale.stores import keys
from chorale.stores.aws import client, from_item, to_item

SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}
"""16 MB and about 50 ms of one core per try: cheap for a call a minute, dear for a dictionary."""
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class TechnicalAccount:
    """A technical account: whose it is, what it may do, until when its password lives."""

    login: str
    password_hash: str
    rights: dict[int, frozenset[Right]]
    expires_at: datetime | None = None
    active: bool = True


def hashed(secret: str) -> str:
    """``secret`` as it is kept: salt and scrypt digest, in base64."""
    salt = secrets.token_bytes(SALT_BYTES)
    return base64.b64encode(salt + _digest(secret, salt)).decode()


def is_secret(given: str, kept: str) -> bool:
    """Whether ``given`` is the secret that ``kept`` is the hash of; takes the same time either way."""
    raw = base64.b64decode(kept)
    return hmac.compare_digest(raw[SALT_BYTES:], _digest(given, raw[:SALT_BYTES]))


def _digest(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, **SCRYPT)


NOBODY = base64.b64encode(bytes(SALT_BYTES + SCRYPT["dklen"])).decode()
"""A hash that no secret has: checked for an unknown name, so that the answer takes as long as for a known one."""


def _get(key: keys.Key) -> dict[str, object] | None:
    if not keys.fits(key):
        return None
    answer = client("dynamodb").get_item(TableName=settings().directory_table, Key=to_item(dict(key)))
    return from_item(answer["Item"]) if "Item" in answer else None


def _put(values: Mapping[str, object]) -> None:
    client("dynamodb").put_item(TableName=settings().directory_table, Item=to_item(dict(values)))


def application_secret_hash(client_id: str) -> str:
    """The hash of an application's secret; that of nobody when there is no such application."""
    row = _get(keys.application(client_id))
    return str(row["secret_hash"]) if row else NOBODY


def write_application(client_id: str, client_secret: str) -> None:
    """Register an application, or give it a new secret."""
    _put(keys.application(client_id) | {"secret_hash": hashed(client_secret)})


def technical_account(login: str) -> TechnicalAccount | None:
    """The technical account with this login."""
    row = _get(keys.technical_account(login))
    if row is None:
        return None
    rights = row["rights"]
    assert isinstance(rights, dict)
    expires_at = row.get("expires_at")
    return TechnicalAccount(
        login,
        str(row["password_hash"]),
        {int(structure): frozenset(Right(right) for right in given) for structure, given in rights.items()},
        datetime.fromisoformat(str(expires_at)) if expires_at else None,
        bool(row.get("active", True)),
    )


def of_structure(structure_id: int) -> list[TechnicalAccount]:
    """The technical accounts attached to a structure, by login."""
    paginator = client("dynamodb").get_paginator("query")
    pages = paginator.paginate(
        TableName=settings().directory_table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :members)",
        ExpressionAttributeValues=to_item({":pk": keys.structure(structure_id)["pk"], ":members": keys.MEMBER_PREFIX}),
    )
    logins = [str(from_item(item)["login"]) for page in pages for item in page["Items"]]
    # The row stays when an account leaves the structure: what it may do today is in the account.
    known = (technical_account(login) for login in logins)
    return [account for account in known if account is not None and structure_id in account.rights]


def write_technical_account(account: TechnicalAccount) -> None:
    """Register a technical account, or replace it."""
    for structure in account.rights:
        _put(keys.structure(structure, keys.member(account.login)) | {"login": account.login})
    _put(
        keys.technical_account(account.login)
        | {
            "password_hash": account.password_hash,
            "rights": {
                str(structure): sorted(right.value for right in given) for structure, given in account.rights.items()
            },
            "expires_at": account.expires_at.isoformat() if account.expires_at else None,
            "active": account.active,
        }
    )
