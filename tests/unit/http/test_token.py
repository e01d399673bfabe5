"""POST /api/oauth/token, as each known client calls it."""

import base64
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from chorale.domain.access.sign_ins import FREE_FOR_ACCOUNT
from chorale.stores.access import accounts

from tests.aws import Hub
from tests.cast import APPLICATION, NOW, SUPPLIER, actor
from tests.unit.http.calling import FLUX, SECRET, TOKEN, Caller, Clock, account, request

FORM = b"grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret"
BASIC = {"Authorization": "Basic " + base64.b64encode(b"demo-client:demo-secret").decode()}


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (FORM + b"&scope=openid", {"Content-Type": "application/x-www-form-urlencoded"}),
        (FORM, {"content-type": "application/x-www-form-urlencoded"}),
        (FORM, {}),
        (b"grant_type=client_credentials", BASIC),
        (FORM, {"Content-Type": "text/plain"}),
    ],
    ids=["in the form with a scope", "without scope", "without content type", "HTTP Basic", "odd content type"],
)
def test_an_application_gets_a_token(world: Hub, body: bytes, headers: dict[str, str]) -> None:
    answer = request("POST", TOKEN, body, headers)

    assert answer.status_code == 200
    assert answer.json_body["token_type"] == "Bearer"
    assert answer.json_body["expires_in"] == 3600
    assert answer.json_body["scope"] == "openid"
    assert answer.json_body["access_token"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("secret", ["a+b", "100%sûr", "un secret", "a=b"])
def test_a_secret_is_found_whether_the_form_is_url_encoded_or_not(world: Hub, secret: str) -> None:
    accounts.write_application("appli", secret)
    encoded = urlencode({"grant_type": "client_credentials", "client_id": "appli", "client_secret": secret})
    plain = f"grant_type=client_credentials&client_id=appli&client_secret={secret}&scope=openid"

    assert request("POST", TOKEN, encoded.encode()).status_code == 200
    assert request("POST", TOKEN, plain.encode()).status_code == 200


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "invalid_request"),
        (b"grant_type=client_credentials", "invalid_request"),
        (b"grant_type=password&username=a&password=b", "unsupported_grant_type"),
        (b"grant_type=client_credentials&client_id=demo-client&client_secret=wrong", "invalid_client"),
        (b"grant_type=client_credentials&client_id=nobody&client_secret=demo-secret", "invalid_client"),
        (b"\xff\xfe", "invalid_request"),
    ],
    ids=["empty", "no client", "another grant", "wrong secret", "unknown client", "not a text"],
)
def test_a_refusal_says_why_as_oauth_does(world: Hub, body: bytes, error: str) -> None:
    answer = request("POST", TOKEN, body)

    assert answer.status_code == 400
    assert answer.json_body["error"] == error
    assert answer.json_body["error_description"]
    assert answer.headers["Content-Type"].startswith("application/json")


def test_a_wrong_secret_and_an_unknown_client_cannot_be_told_apart(world: Hub) -> None:
    wrong = request("POST", TOKEN, FORM.replace(SECRET.encode(), b"wrong"))
    unknown = request("POST", TOKEN, FORM.replace(APPLICATION.encode(), b"nobody"))

    assert wrong.body == unknown.body


def test_an_unreadable_basic_header_is_refused(world: Hub) -> None:
    answer = request("POST", TOKEN, b"grant_type=client_credentials", {"Authorization": "Basic ???"})

    assert (answer.status_code, answer.json_body["error"]) == (400, "invalid_request")


def test_a_token_lives_one_hour(world: Hub, at: Clock) -> None:
    caller = Caller(SUPPLIER)

    at.set(NOW + timedelta(minutes=59))
    assert caller.raw("POST", FLUX).status_code == 200
    at.set(NOW + timedelta(minutes=60))
    expired = caller.raw("POST", FLUX)
    assert expired.status_code == 401
    assert "expiré" in expired.json_body["libelle"]


def test_who_gives_wrong_secrets_is_told_how_long_to_wait(world: Hub) -> None:
    wrong = FORM.replace(SECRET.encode(), b"wrong")
    for _ in range(FREE_FOR_ACCOUNT):
        assert request("POST", TOKEN, wrong).status_code == 400

    answer = request("POST", TOKEN, FORM)
    assert (answer.status_code, answer.json_body["error"], answer.headers["Retry-After"]) == (429, "slow_down", "1")


def test_who_gives_wrong_passwords_is_told_how_long_to_wait(supplier: Caller) -> None:
    supplier.headers["cpro-account"] = account(actor(SUPPLIER).login, "wrong")
    for _ in range(FREE_FOR_ACCOUNT):
        assert supplier.raw("POST", FLUX).status_code == 401

    answer = supplier.raw("POST", FLUX)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert "CHO-ESSAIS" in str(answer.json_body)
