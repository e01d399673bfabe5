"""Who calls: every way to fail, each with its reason; what is trusted for a minute; who must wait; keys of tokens."""

import base64
import hashlib
import hmac
import json
import re
import time
from datetime import datetime, timedelta

import pytest
from chorale.domain.access.rights import Right
from chorale.domain.access.sign_ins import (
    FORGOTTEN_AFTER,
    FREE_FOR_ACCOUNT,
    FREE_FOR_SOURCE,
    LONGEST_WAIT,
    source_of,
    wait_after,
)
from chorale.domain.errors import NotAuthenticated, TooManyFailures
from chorale.runtime.logging import logger
from chorale.stores import aws, secrets
from chorale.stores.access import accounts
from chorale.stores.access.accounts import TechnicalAccount, hashed
from chorale.usecases.access import authenticate as module
from chorale.usecases.access.authenticate import BadAccount, BadClient, BadToken, authenticate, issue_token

from tests.aws import ENVIRONMENT, TOKEN_KEY, Hub
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
    return issue_token([("demo-client", "demo-secret")], NOW).value


# Tokens


def test_an_application_that_proves_itself_gets_a_token_for_an_hour(token: str) -> None:
    made = issue_token([("demo-client", "demo-secret")], NOW)
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
        issue_token([(client_id, secret)], NOW)
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
    fresh = issue_token([("demo-client", "demo-secret")], tomorrow).value
    assert authenticate(fresh, _header(), tomorrow).login == LOGIN


def test_a_password_is_not_hashed_again_as_long_as_the_account_is_the_same(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    authenticate(token, _header(), NOW)
    hashes: list[str] = []
    monkeypatch.setattr(accounts, "is_secret", lambda given, kept: hashes.append(kept) is None)
    authenticate(token, _header(), later(minutes=10))
    assert hashes == []

    _write_account(password_hash=hashed(PASSWORD))
    authenticate(token, _header(), later(minutes=20))
    assert len(hashes) == 1


# Who gives wrong secrets waits

HERE, THERE = "192.0.2.1", "198.51.100.7"


def _guess(token: str, times: int, address: str = HERE, login: str = LOGIN, now: datetime = NOW) -> None:
    for _ in range(times):
        with pytest.raises(BadAccount):
            authenticate(token, _header(login, "wrong"), now, address)


def _no_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    def hash_nothing(*_: object) -> bool:
        raise AssertionError("the costly hash was worked out")

    monkeypatch.setattr(accounts, "is_secret", hash_nothing)


def test_after_a_few_wrong_passwords_a_source_waits_and_no_hash_is_worked_out_for_it(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _guess(token, FREE_FOR_ACCOUNT)
    _no_hash(monkeypatch)

    with pytest.raises(TooManyFailures) as refused:
        authenticate(token, _header(), NOW, HERE)
    assert refused.value.retry_after == 1


def test_the_wait_grows_and_the_right_password_after_it_is_taken(token: str) -> None:
    _guess(token, FREE_FOR_ACCOUNT)
    _guess(token, 1, now=later(seconds=1))
    with pytest.raises(TooManyFailures) as refused:
        authenticate(token, _header(), later(seconds=1), HERE)
    assert refused.value.retry_after == 2

    assert authenticate(token, _header(), later(seconds=3), HERE).login == LOGIN
    _guess(token, FREE_FOR_ACCOUNT, now=later(seconds=4))


def test_the_owner_of_the_account_is_not_locked_out_elsewhere(token: str) -> None:
    _guess(token, FREE_FOR_ACCOUNT)
    with pytest.raises(TooManyFailures):
        authenticate(token, _header(), NOW, HERE)

    assert authenticate(token, _header(), NOW, THERE).login == LOGIN


def test_a_source_that_tries_many_accounts_waits_too(token: str) -> None:
    for number in range(FREE_FOR_SOURCE):
        _guess(token, 1, login=f"login-{number}")

    with pytest.raises(TooManyFailures):
        authenticate(token, _header("another", "wrong"), NOW, HERE)
    _guess(token, 1, address=THERE)


def test_what_was_wrong_long_ago_is_forgotten(token: str) -> None:
    _guess(token, FREE_FOR_ACCOUNT)
    later_on = NOW + FORGOTTEN_AFTER
    fresh = issue_token([("demo-client", "demo-secret")], later_on, THERE).value

    _guess(fresh, FREE_FOR_ACCOUNT, now=later_on)
    with pytest.raises(TooManyFailures):
        authenticate(fresh, _header(), later_on, HERE)


def test_an_application_that_gives_wrong_secrets_waits(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(FREE_FOR_ACCOUNT):
        with pytest.raises(BadClient):
            issue_token([("demo-client", "wrong"), ("demo-client", "wr ong")], NOW, HERE)
    assert issue_token([("demo-client", "demo-secret")], NOW, THERE).value
    _no_hash(monkeypatch)

    with pytest.raises(TooManyFailures):
        issue_token([("demo-client", "demo-secret")], NOW, HERE)


@pytest.mark.parametrize("free", [FREE_FOR_ACCOUNT, FREE_FOR_SOURCE])
def test_waits_double_up_to_a_longest_one(free: int) -> None:
    waits = [wait_after(failures, free).total_seconds() for failures in (0, free - 1, free, free + 1, free + 4)]
    assert waits == [0, 0, 1, 2, 16]
    assert wait_after(10**6, free) == LONGEST_WAIT


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", ""),
        ("not an address", "not an address"),
    ],
)
def test_a_household_is_one_source(address: str, source: str) -> None:
    assert source_of(address) == source


def test_a_wrong_password_is_logged_and_counted_without_it_nor_a_name_that_may_be_one(
    token: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[object] = []
    monkeypatch.setattr(logger, "warning", lambda *given, **more: said.append((given, more)))
    _guess(token, 1)
    with pytest.raises(BadAccount):
        authenticate(token, _header("S3cret!", "wrong"), NOW, HERE)

    assert LOGIN in str(said)
    assert HERE in str(said)
    assert "wrong" not in str(said)
    assert "S3cret!" not in str(said)
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines() if module.REFUSED_METRIC in line]
    assert [line[module.REFUSED_METRIC] for line in counted] == [[1.0], [1.0]]


# Hashes of older parameters


def test_a_password_kept_under_an_older_hash_is_kept_under_todays_after_its_next_use(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = hashed(PASSWORD)
    _write_account(password_hash=before)
    monkeypatch.setitem(accounts.SCRYPT, "n", 2**5)
    authenticate(token, _header(), NOW)

    found = accounts.technical_account(LOGIN)
    assert found is not None
    assert found.password_hash.startswith("scrypt$32$8$1$")
    assert accounts.is_secret(PASSWORD, found.password_hash)
    assert found.rights == RIGHTS
    assert authenticate(token, _header(), later(minutes=2)).login == LOGIN


def test_a_wrong_password_strengthens_nothing(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = hashed(PASSWORD)
    _write_account(password_hash=before)
    monkeypatch.setitem(accounts.SCRYPT, "n", 2**5)
    _guess(token, 1)

    found = accounts.technical_account(LOGIN)
    assert found is not None
    assert found.password_hash == before


def test_an_applications_secret_is_strengthened_too(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(accounts.SCRYPT, "n", 2**5)
    issue_token([("demo-client", "demo-secret")], NOW)

    assert accounts.application_secret_hash("demo-client").startswith("scrypt$32$8$1$")
    assert issue_token([("demo-client", "demo-secret")], NOW).value


# Keys of tokens


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch):
    """Let seconds pass in this process, which stays warm."""
    passed = [0.0]
    real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + passed[0])

    def wait(seconds: float) -> None:
        passed[0] += seconds

    return wait


def _rotate(*keys: str) -> None:
    text = json.dumps({"keys": keys})
    aws.client("secretsmanager").put_secret_value(SecretId=ENVIRONMENT["TOKEN_KEY_SECRET"], SecretString=text)


def _new_token() -> str:
    return issue_token([("demo-client", "demo-secret")], NOW).value


def test_two_keys_are_good_at_once_and_the_first_signs(token: str, pass_time) -> None:
    _rotate("a new key", TOKEN_KEY)
    pass_time(secrets.FRESH_FOR)
    made = _new_token()

    assert made.rpartition(".")[2] != token.rpartition(".")[2]
    for good in (token, made):
        assert authenticate(good, _header(), NOW).login == LOGIN


def test_a_key_that_is_taken_away_ends_its_tokens_within_a_minute_in_a_warm_process(token: str, pass_time) -> None:
    authenticate(token, _header(), NOW)
    _rotate("a new key")
    pass_time(secrets.FRESH_FOR)

    with pytest.raises(BadToken, match="invalide"):
        authenticate(token, _header(), NOW)
    without_name = token.rpartition(".")[0]
    with pytest.raises(BadToken, match="invalide"):
        authenticate(without_name, _header(), NOW)


def test_a_token_of_a_new_key_is_good_at_once_where_the_key_was_not_yet_read(token: str, pass_time) -> None:
    _rotate("a new key", TOKEN_KEY)
    secrets.forget_keys()
    made = _new_token()
    _rotate(TOKEN_KEY)
    secrets.forget_keys()
    authenticate(token, _header(), NOW)
    _rotate("a new key", TOKEN_KEY)
    pass_time(secrets.UNKNOWN_AGAIN_AFTER)

    assert authenticate(made, _header(), NOW).login == LOGIN


def test_made_up_names_of_keys_do_not_read_the_secret_each_time(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    authenticate(token, _header(), NOW)
    reads: list[object] = []
    monkeypatch.setattr(aws.client("secretsmanager"), "get_secret_value", lambda **asked: reads.append(asked))
    for number in range(10):
        with pytest.raises(BadToken):
            authenticate(f"{token}{number}", _header(), NOW)

    assert reads == []


def test_the_name_of_a_key_says_nothing_of_it(token: str) -> None:
    name = token.rpartition(".")[2]
    assert re.fullmatch("[0-9a-f]{8}", name)
    assert name not in hashlib.sha256(TOKEN_KEY.encode()).hexdigest()
