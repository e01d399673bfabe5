"""Secrets are kept as slow hashes; accounts come back with their rights."""

import base64
import hashlib

import pytest
from chorale.domain.access.rights import Right
from chorale.stores.access import accounts
from chorale.stores.access.accounts import NOBODY, SCRYPT, TechnicalAccount, hashed, is_secret

from tests.aws import Hub
from tests.cast import later

ON_THE_PLATFORM = SCRYPT["n"]


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCRYPT, "n", 2**4)


@pytest.mark.parametrize("secret", ["demo-secret", "", "mot de passe é€", "x" * 1000])
def test_a_secret_is_known_by_its_hash_and_no_other_is(secret: str) -> None:
    kept = hashed(secret)
    assert is_secret(secret, kept)
    assert not is_secret(secret + " ", kept)
    assert not is_secret(secret.upper() + "x", kept)


def test_the_same_secret_never_has_the_same_hash_twice() -> None:
    assert hashed("demo-secret") != hashed("demo-secret")


def test_a_kept_hash_holds_nothing_of_the_secret() -> None:
    name, *parameters, raw = hashed("demo-secret").split("$")
    assert (name, parameters) == ("scrypt", ["16", "8", "1"])
    assert b"demo" not in base64.b64decode(raw)
    assert len(base64.b64decode(raw)) == 16 + 32


def test_a_hash_that_does_not_say_how_it_was_made_is_of_the_first_parameters() -> None:
    salt = bytes(range(16))
    digest = hashlib.scrypt(b"demo-secret", salt=salt, n=2**14, r=8, p=1, dklen=32)
    kept = base64.b64encode(salt + digest).decode()

    assert is_secret("demo-secret", kept)
    assert not is_secret("demo-secreT", kept)
    assert accounts.is_weak(kept)
    assert not accounts.is_weak(hashed("demo-secret"))


@pytest.mark.parametrize("secret", ["", "0", "demo-secret"])
def test_nobodys_hash_is_nobodys(secret: str) -> None:
    assert not is_secret(secret, NOBODY)


def test_the_hash_is_as_slow_on_the_platform_as_owasp_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCRYPT, "n", ON_THE_PLATFORM)
    kept = hashed("demo-secret")

    assert kept.startswith("scrypt$131072$8$1$")
    assert is_secret("demo-secret", kept)


def test_an_application_is_registered_and_given_a_new_secret(hub: Hub) -> None:
    assert accounts.application_secret_hash("demo-client") == NOBODY
    accounts.write_application("demo-client", "first")
    assert is_secret("first", accounts.application_secret_hash("demo-client"))
    accounts.write_application("demo-client", "second")
    assert not is_secret("first", accounts.application_secret_hash("demo-client"))
    assert is_secret("second", accounts.application_secret_hash("demo-client"))


@pytest.mark.parametrize(
    "account",
    [
        TechnicalAccount("a", "hash", {}),
        TechnicalAccount("b", "hash", {10001: frozenset()}),
        TechnicalAccount("c", "hash", {10001: frozenset({Right.ISSUED}), 10008: frozenset(Right)}),
        TechnicalAccount("d", "hash", {10001: frozenset(Right)}, expires_at=later(days=424)),
        TechnicalAccount("e", "hash", {10001: frozenset(Right)}, active=False),
    ],
    ids=["no structure", "no right", "two structures", "with an end", "closed"],
)
def test_a_technical_account_is_read_back_as_it_was_written(hub: Hub, account: TechnicalAccount) -> None:
    accounts.write_technical_account(account)
    assert accounts.technical_account(account.login) == account


@pytest.mark.parametrize("login", ["", "inconnu", "x" * 3000])
def test_an_unknown_account_is_nothing(hub: Hub, login: str) -> None:
    assert accounts.technical_account(login) is None
    assert accounts.application_secret_hash(login) == NOBODY
