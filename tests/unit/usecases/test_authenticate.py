"""Who calls: every way to fail, each with its reason, and the minute during which a verified password is trusted."""

import base64
import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta

import pytest
from chorale.domain.errors import NotAuthenticated
from chorale.domain.rights import Right
from chorale.stores import accounts
from chorale.stores.accounts import TechnicalAccount, hashed
from chorale.usecases import authenticate as module
from chorale.usecases.authenticate import BadAccount, BadClient, BadToken, authenticate, issue_token

from tests.aws import TOKEN_KEY, Hub
from tests.cast import NOW, later

LOGIN, PASSWORD = "TECH_1_99000007700018@cpro.fr", "demo:password é"
RIGHTS = {10007: frozenset({Right.ISSUED})}


def _header(login: str = LOGIN, password: str = PASSWORD) -> str:
    return base64.b64encode(f"{login}:{password}".encode()).decode()


def _write_account(**changes: object) -> None:
    values: dict[str, object] = {"login": LOGIN, "password_hash": hashed(PASSWORD), "rights": RIGHTS} | changes
    accounts.write_technical_account(TechnicalAccount(**values))  # type: ignore[arg-type]


@pytest.fixture
def token(hub: Hub) -> str:
    """A good token; the account exists."""
    accounts.write_application("demo-client", "demo-secret")
    _write_account()
    return issue_token("demo-client", "demo-secret", NOW).value


# Tokens


def test_an_application_that_proves_itself_gets_a_token_for_an_hour(token: str) -> None:
    made = issue_token("demo-client", "demo-secret", NOW)
    assert made.expires_in == 3600
    assert authenticate(made.value, _header(), NOW).application == "demo-client"


@pytest.mark.parametrize(
    ("client_id", "secret"),
    [
        ("demo-client", "wrong"),
        ("demo-client", ""),
        ("unknown", "demo-secret"),
        ("", ""),
        ("x" * 5000, "demo-secret"),
        ("DEMO-CLIENT", "demo-secret"),
    ],
)
def test_an_unknown_application_and_a_wrong_secret_get_the_same_answer(token: str, client_id: str, secret: str) -> None:
    with pytest.raises(BadClient) as refused:
        issue_token(client_id, secret, NOW)
    assert refused.value.message == "Application inconnue ou secret erroné : vérifiez client_id et client_secret."


@pytest.mark.parametrize("bearer", ["", ".", "abc", "abc.", ".abc", "Bearer abc", "é.è", "a.b.c", "\x00.\x00"])
def test_a_token_that_is_missing_or_malformed(token: str, bearer: str) -> None:
    with pytest.raises(BadToken):
        authenticate(bearer, _header(), NOW)


def test_a_token_changed_in_any_one_character_is_refused(token: str) -> None:
    for place, character in enumerate(token):
        other = "A" if character != "A" else "B"
        with pytest.raises(BadToken):
            authenticate(token[:place] + other + token[place + 1 :], _header(), NOW)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: t + "A", lambda t: t + "=", lambda t: " " + t, str.upper]
)
def test_a_token_cut_or_lengthened_is_refused(token: str, change: object) -> None:
    with pytest.raises(BadToken):
        authenticate(change(token), _header(), NOW)  # type: ignore[operator]


def test_a_token_signed_with_another_key_is_refused(token: str) -> None:
    claims = base64.urlsafe_b64encode(json.dumps({"app": "demo-client", "exp": 9999999999}).encode()).rstrip(b"=")

    def signed(key: str) -> str:
        signature = base64.urlsafe_b64encode(hmac.digest(key.encode(), claims, hashlib.sha256)).rstrip(b"=")
        return f"{claims.decode()}.{signature.decode()}"

    assert authenticate(signed(TOKEN_KEY), _header(), NOW).application == "demo-client"
    with pytest.raises(BadToken, match="invalide"):
        authenticate(signed("another key"), _header(), NOW)


@pytest.mark.parametrize(("age", "accepted"), [(0, True), (3599, True), (3600, False), (86_400, False)])
def test_a_token_lives_for_an_hour(token: str, age: int, accepted: bool) -> None:
    if accepted:
        assert authenticate(token, _header(), later(seconds=age)).login == LOGIN
    else:
        with pytest.raises(BadToken, match="expiré"):
            authenticate(token, _header(), later(seconds=age))


def test_a_token_holds_no_secret(token: str) -> None:
    body = token.partition(".")[0]
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert set(claims) == {"app", "exp"}


# Technical accounts


def test_a_good_token_and_a_good_account_are_an_actor_with_its_rights(token: str) -> None:
    actor = authenticate(token, _header(), NOW)
    assert (actor.login, actor.application, actor.rights) == (LOGIN, "demo-client", RIGHTS)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "absent"),
        ("not base64", "illisible"),
        ("aGVsbG8=", "illisible"),  # no colon
        (base64.b64encode(b"\xff\xfe:x").decode(), "illisible"),
        ("é", "illisible"),
        ("Basic " + _header(), "illisible"),
        (_header(password="wrong"), "inconnu ou mot de passe erroné"),
        (_header(password=""), "inconnu ou mot de passe erroné"),
        (_header(login="unknown"), "inconnu ou mot de passe erroné"),
        (_header(login=""), "inconnu ou mot de passe erroné"),
        (_header(login="x" * 5000), "inconnu ou mot de passe erroné"),
        (_header(login=LOGIN.lower()), "inconnu ou mot de passe erroné"),
    ],
)
def test_a_bad_account_is_refused_with_its_reason(token: str, header: str, reason: str) -> None:
    with pytest.raises(BadAccount) as refused:
        authenticate(token, header, NOW)
    assert reason in refused.value.message


def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(token: str) -> None:
    messages = set()
    for header in (_header(login="unknown"), _header(password="wrong")):
        with pytest.raises(BadAccount) as refused:
            authenticate(token, header, NOW)
        messages.add(refused.value.message)
    assert len(messages) == 1


def test_the_token_is_looked_at_before_the_account(token: str) -> None:
    with pytest.raises(BadToken):
        authenticate("", "", NOW)


def test_a_closed_account_is_refused(token: str) -> None:
    _write_account(active=False)
    with pytest.raises(BadAccount, match="désactivé"):
        authenticate(token, _header(), NOW)


@pytest.mark.parametrize(("seconds", "accepted"), [(-1, True), (0, False), (1, False)])
def test_an_expired_password_is_refused_from_its_last_second_on(token: str, seconds: int, accepted: bool) -> None:
    _write_account(expires_at=NOW - timedelta(seconds=seconds))
    if accepted:
        assert authenticate(token, _header(), NOW)
    else:
        with pytest.raises(BadAccount, match="expiré"):
            authenticate(token, _header(), NOW)


def test_a_wrong_password_for_a_closed_account_does_not_say_that_it_is_closed(token: str) -> None:
    _write_account(active=False)
    with pytest.raises(BadAccount, match="inconnu ou mot de passe erroné"):
        authenticate(token, _header(password="wrong"), NOW)


# The minute of trust


def _reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    read: list[str] = []
    real = accounts.technical_account

    def count(login: str) -> TechnicalAccount | None:
        read.append(login)
        return real(login)

    monkeypatch.setattr(accounts, "technical_account", count)
    return read


@pytest.mark.parametrize(("age", "reads"), [(0, 1), (59, 1), (60, 2), (600, 2), (-1, 2)])
def test_a_verified_password_is_trusted_for_a_minute(
    token: str, monkeypatch: pytest.MonkeyPatch, age: int, reads: int
) -> None:
    read = _reads(monkeypatch)
    authenticate(token, _header(), NOW)
    authenticate(token, _header(), later(seconds=age))
    assert len(read) == reads


def test_a_wrong_password_is_never_trusted_nor_does_it_spoil_the_right_one(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = _reads(monkeypatch)
    authenticate(token, _header(), NOW)
    for _ in range(2):
        with pytest.raises(BadAccount):
            authenticate(token, _header(password="wrong"), NOW)
    assert len(read) == 3
    assert authenticate(token, _header(), NOW).login == LOGIN
    assert len(read) == 3


def test_a_password_that_expires_within_the_minute_is_refused(token: str) -> None:
    _write_account(expires_at=later(seconds=30))
    authenticate(token, _header(), NOW)
    with pytest.raises(BadAccount, match="expiré"):
        authenticate(token, _header(), later(seconds=30))


def test_a_changed_password_works_at_once_and_the_old_one_ends_with_the_minute(token: str) -> None:
    authenticate(token, _header(), NOW)
    _write_account(password_hash=hashed("new password"))
    assert authenticate(token, _header(password="new password"), later(seconds=1))
    with pytest.raises(BadAccount):
        authenticate(token, _header(), later(seconds=61))


def test_what_is_remembered_holds_no_password_and_stays_small(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "VERIFIED_AT_MOST", 3)
    for index in range(7):
        _write_account(login=f"login-{index}")
        authenticate(token, _header(login=f"login-{index}"), NOW)
    assert len(module._verified) <= 3
    assert not re.search("password", repr(list(module._verified)))


@pytest.mark.parametrize("kind", [BadClient, BadToken, BadAccount])
def test_every_refusal_is_one_of_authentication(kind: type[NotAuthenticated]) -> None:
    assert issubclass(kind, NotAuthenticated)


def test_the_time_of_the_caller_is_the_time_that_counts(token: str) -> None:
    tomorrow: datetime = later(days=1)
    fresh = issue_token("demo-client", "demo-secret", tomorrow).value
    assert authenticate(fresh, _header(), tomorrow).login == LOGIN
