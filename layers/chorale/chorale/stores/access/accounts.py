"""Applications and technical accounts, with the slow hash of their secrets."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from botocore.exceptions import ClientError

from chorale.domain.access.rights import Right
from chorale.runtime.settings import settings
from chorale.stores import keys
from chorale.stores.aws import client, error_code, from_item, to_item

SCRYPT = {"n": 2**17, "r": 8, "p": 1}
"""What OWASP's Password Storage Cheat Sheet asks of scrypt: 128 MB and about 400 ms of one core per try, once per
container and password as long as the account does not change."""
FIRST_SCRYPT = {"n": 2**14, "r": 8, "p": 1}
"""What a hash was made with that does not say it."""
SALT_BYTES, DIGEST_BYTES = 16, 32
SCRYPT_MEMORY = 2**28
"""Bytes that a hash may take at most: OpenSSL stops at 32 MB unless told."""


@dataclass(frozen=True, slots=True)
class TechnicalAccount:
    """A technical account: whose it is, what it may do, until when its password lives."""

    login: str
    password_hash: str
    rights: dict[int, frozenset[Right]]
    expires_at: datetime | None = None
    active: bool = True


def hashed(secret: str) -> str:
    """``secret`` as it is kept: ``scrypt``, its parameters, then salt and digest in base64, between dollar signs."""
    salt = secrets.token_bytes(SALT_BYTES)
    raw = base64.b64encode(salt + _digest(secret, salt, SCRYPT)).decode()
    return "$".join(("scrypt", *map(str, SCRYPT.values()), raw))


def is_secret(given: str, kept: str) -> bool:
    """Whether ``given`` is the secret that ``kept`` is the hash of; takes the same time either way."""
    raw = base64.b64decode(kept.rpartition("$")[2])
    return hmac.compare_digest(raw[SALT_BYTES:], _digest(given, raw[:SALT_BYTES], _parameters(kept)))


def is_weak(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's: it is made anew when the secret is next given."""
    return _parameters(kept) != SCRYPT


def _parameters(kept: str) -> dict[str, int]:
    if kept == NOBODY:
        return SCRYPT
    if "$" not in kept:
        return FIRST_SCRYPT
    return dict(zip(SCRYPT, map(int, kept.split("$")[1:-1]), strict=True))


def _digest(secret: str, salt: bytes, parameters: Mapping[str, int]) -> bytes:
    return hashlib.scrypt(
        secret.encode(),
        salt=salt,
        n=parameters["n"],
        r=parameters["r"],
        p=parameters["p"],
        dklen=DIGEST_BYTES,
        maxmem=SCRYPT_MEMORY,
    )


NOBODY = base64.b64encode(bytes(SALT_BYTES + DIGEST_BYTES)).decode()
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


def strengthen(key: keys.Key, column: str, before: str, secret: str) -> str:
    """Keep ``secret`` under a hash of today's parameters instead of ``before``; the hash that is kept now.

    One that was changed meanwhile is left alone.
    """
    after = hashed(secret)
    try:
        client("dynamodb").update_item(
            TableName=settings().directory_table,
            Key=to_item(dict(key)),
            UpdateExpression="SET #column = :after",
            ConditionExpression="#column = :before",
            ExpressionAttributeNames={"#column": column},
            ExpressionAttributeValues=to_item({":before": before, ":after": after}),
        )
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        return before
    return after


def strengthen_application(client_id: str, before: str, secret: str) -> None:
    """The same of an application."""
    strengthen(keys.application(client_id), "secret_hash", before, secret)


def strengthen_account(account: TechnicalAccount, password: str) -> TechnicalAccount:
    """The same of a technical account, as it is then."""
    key = keys.technical_account(account.login)
    return replace(account, password_hash=strengthen(key, "password_hash", account.password_hash, password))


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
