"""The first callers of a hub: an application, a structure and its technical account.

A secret is made here and returned once: the hub keeps its hash only.
"""

import secrets
from dataclasses import dataclass

from chorale.domain.access.rights import Right
from chorale.domain.directory.structures import IdentifierType, Structure
from chorale.stores import counters
from chorale.stores.access import accounts
from chorale.stores.directory import structures as directory

SECRET_BYTES = 32


class AlreadyRegistered(Exception):
    """It has a secret, which a new one would end."""


class NotRegistered(Exception):
    """There is nothing to give a new secret to."""


class NameMissing(Exception):
    """The structure is not in the directory, and no name was given to register it."""


@dataclass(frozen=True, slots=True)
class LetIn:
    """A technical account with the password that was made for it."""

    login: str
    password: str
    structure: Structure
    structure_is_new: bool


def register_application(client_id: str, *, renew: bool = False) -> str:
    """Register an application, or ``renew`` the secret of one that is known; its secret.

    Raises AlreadyRegistered, NotRegistered.
    """
    _check(accounts.application_secret_hash(client_id) != accounts.NOBODY, renew)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    accounts.write_application(client_id, secret)
    return secret


def register_account(siret: str, login: str, name: str = "", *, public: bool = False, renew: bool = False) -> LetIn:
    """Register a technical account with every right on the structure ``siret``, or ``renew`` the password of one.

    A structure that the directory does not know is written with ``name``, as a ``public`` one or not. Raises
    AlreadyRegistered, NotRegistered, NameMissing.
    """
    account = accounts.technical_account(login)
    _check(account is not None, renew)
    wanted = (IdentifierType.SIRET.value, siret)
    known = directory.by_identifiers([wanted]).get(wanted)
    if known is None and not name:
        raise NameMissing(siret)
    structure = known or Structure(counters.next_number(counters.STRUCTURES), siret, name, public=public)
    if known is None:
        directory.write([structure])
    password = secrets.token_urlsafe(SECRET_BYTES)
    rights = (account.rights if account else {}) | {structure.id: frozenset(Right)}
    accounts.write_technical_account(accounts.TechnicalAccount(login, accounts.hashed(password), rights))
    return LetIn(login, password, structure, known is None)


def _check(known: bool, renew: bool) -> None:
    if known and not renew:
        raise AlreadyRegistered
    if renew and not known:
        raise NotRegistered
